"""The unit's own documents, and those that the units above have issued."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lth.blueprints.web import current, paging
from lth.blueprints.web.permissions import Permission, needs
from lth.models import Document
from lth.workflow import documents, waiting

PAGE = 30


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/documents", "documents", listing)


@needs(Permission.READ_DOCUMENTS)
def listing() -> ResponseReturnValue:
    session, actor, scope = current.database(), current.actor(), current.scope()
    page = paging.page(documents.count(session, scope, Document.unit_id == scope.unit_id), PAGE)
    return render_template(
        "documents.html",
        own=documents.own(session, scope, limit=PAGE, offset=(page.number - 1) * PAGE),
        above=documents.issued_above(session, scope, limit=PAGE),
        openings=waiting.openings(session, actor),
        pager=page,
    )
