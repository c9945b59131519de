"""A level's desk is a composition of pages, each of which is written once.

Addresses tell the level (`/commune/…`, `/district/…`, `/province/…`), and a level's pages are
for people who act at that level: for anybody else they do not exist.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from flask import Blueprint, Flask, abort, url_for

from lth.blueprints import LARGEST_ID
from lth.blueprints.web import current
from lth.models.unit import Level


def level_blueprint(level: Level, *acts: ModuleType) -> Blueprint:
    """Make the blueprint of a level, with the routes of each module of pages added to it."""
    blueprint = Blueprint(level.value, __name__, url_prefix=f"/{level.value}")

    @blueprint.before_request
    def only_at_this_level() -> None:
        actor = current.actor_or_none()
        if actor is not None and actor.level is not level:
            abort(404)

    for act in acts:
        act.add_to(blueprint)
    return blueprint


def desk_url(page: str, **values: Any) -> str:
    """Return a page's address at the actor's own level: `desk_url("document", document_id=7)`."""
    actor = current.actor()
    if actor.level is None:
        abort(404)
    return url_for(f"{actor.level.value}.{page}", **values)


def desk_urls(page: str, name: str, **values: Any) -> Callable[[int], str]:
    """Return what makes the addresses of many pages alike but for one number, looked up once:
    `desk_urls("document", "document_id")(7)`.
    """
    before, after = desk_url(page, **{name: LARGEST_ID}, **values).split(str(LARGEST_ID))
    return lambda number: f"{before}{number}{after}"


def register(app: Flask) -> None:
    """Let templates point to pages of the actor's own level."""
    app.jinja_env.globals.update(
        desk_url=desk_url,
        me=lambda: current.actor().person_id,
        own_path=lambda: current.actor().unit_path,
        own_unit_id=lambda: current.actor().unit_id,
    )
