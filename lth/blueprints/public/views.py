"""Tell a load balancer or a supervisor whether the server is well."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from lth.blueprints.web import errors
from lth.blueprints.web.permissions import Permission, needs
from lth.core import database

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@needs(Permission.PUBLIC)
def healthz() -> ResponseReturnValue:
    """Answer 200 when the database answers and the disk has room, else 503 and which of the two.

    Reads nothing about anybody, and waits a few seconds at most.
    """
    answers, has_room = _database_answers(), not errors.disk_is_full()
    said = {
        "status": "ok" if answers and has_room else "unavailable",
        "database": "ok" if answers else "unavailable",
        "disk": "ok" if has_room else "full",
    }
    return jsonify(said), 200 if answers and has_room else 503


def _database_answers() -> bool:
    try:
        database.answers(current_app.config["SETTINGS"].database_url)
    except SQLAlchemyError as error:
        current_app.logger.error("the database does not answer: %s", error)
        return False
    return True
