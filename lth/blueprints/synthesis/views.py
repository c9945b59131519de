"""The synthesis: figures taken over beside what the units below say now, and who is in it."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lth import synthesis
from lth.blueprints.web import current, paging
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.database import unit_of_work
from lth.core.errors import NotFoundError
from lth.models import Document, Revision
from lth.synthesis.children import PAGE
from lth.workflow import documents, operations, revisions
from lth.workflow.table import WRITTEN


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/synthesis", "document_synthesis", synthesis_page)
    rule(
        "/documents/<int:document_id>/synthesis", "document_take_over", take_over, methods=["POST"]
    )
    rule(
        "/documents/<int:document_id>/synthesis/<int:indicator_id>/<int:phase_id>",
        "document_figure",
        figure_page,
    )


def _read(document_id: int) -> tuple[Document, Revision]:
    """A synthesis and the revision of it that the actor reads; 404 where there is none."""
    session, scope = current.database(), current.scope()
    document = documents.get(session, document_id, scope)
    number = revisions.number_to_read(document, scope)
    if not document.kind.is_computed or number is None:
        raise NotFoundError
    mark_section(document, scope)
    return document, revisions.get(session, document.id, number, scope)


@needs(Permission.READ_DOCUMENTS)
def synthesis_page(document_id: int) -> ResponseReturnValue:
    document, revision = _read(document_id)
    only = request.args.get("only", "")
    if only and only not in set(synthesis.Standing):
        abort(404)
    sheet = synthesis.sheet(
        current.database(),
        document,
        revision,
        current.scope(),
        page=paging.number(),
        only=synthesis.Standing(only) if only else None,
    )
    return render_template(
        "synthesis.html",
        sheet=sheet,
        document=document,
        revision=revision,
        lines=[line for line in sheet.lines if not line.empty],
        many=len(sheet.phases) > 1,
        only=only,
        pager=paging.page(sheet.page.total, PAGE) if sheet.page else None,
        writable=document.status in WRITTEN and operations.drafts(current.actor(), document),
        day=clock.today(),
    )


@needs(Permission.SYNTHESISE)
def take_over(document_id: int) -> ResponseReturnValue:
    """Write the figures and the receipt of what the units below have released now."""
    session = current.database()
    with unit_of_work(session):
        taken = synthesis.take_over(session, current.actor(), document_id, now=current.now())
    flash(
        gettext(
            "Đã tiếp nhận số liệu của %(received)s trên %(expected)s đơn vị.",
            received=taken.received,
            expected=taken.expected,
        ),
        "success",
    )
    return redirect(desk_url("document_synthesis", document_id=document_id))


@needs(Permission.READ_DOCUMENTS)
def figure_page(document_id: int, indicator_id: int, phase_id: int) -> ResponseReturnValue:
    """One figure, unit by unit."""
    document, revision = _read(document_id)
    found = synthesis.drill_down(
        current.database(),
        document,
        revision,
        indicator_id,
        phase_id,
        current.scope(),
        page=paging.number(),
    )
    return render_template(
        "figure.html",
        document=document,
        found=found,
        pager=paging.page(found.total, PAGE),
    )
