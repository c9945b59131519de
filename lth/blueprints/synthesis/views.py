"""The synthesis: figures taken over beside what the units below say now, and who is in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lth import synthesis
from lth.blueprints.document.wording import (
    amount,
    due_words,
    local_name,
    standing_label,
    status_label,
    total,
    worded,
)
from lth.blueprints.web import current, paging
from lth.blueprints.web.assets import badge_mark, due_mark
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url, desk_urls
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.database import unit_of_work
from lth.core.errors import NotFoundError
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.models import Document, Revision
from lth.synthesis import Child, SynthesisLine, SynthesisSheet
from lth.synthesis.children import PAGE
from lth.workflow import documents, operations, revisions
from lth.workflow.inbox import InboxState
from lth.workflow.states import WRITTEN


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
    lines = [line for line in sheet.lines if not line.empty]
    return render_template(
        "synthesis.html",
        sheet=sheet,
        document=document,
        lines=lines,
        rows=_rows(document_id, sheet, lines),
        children=_children(sheet.page.children) if sheet.page else [],
        many=len(sheet.phases) > 1,
        only=only,
        pager=paging.page(sheet.page.total, PAGE) if sheet.page else None,
        writable=document.status in WRITTEN and operations.drafts(current.actor(), document),
    )


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure in words; `url` leads to what each unit says of it."""

    key: str
    url: str
    name: str
    phase: str
    quota: str
    own: str
    taken: Markup
    live: Markup
    drift: str


def _rows(
    document_id: int, sheet: SynthesisSheet, lines: Iterable[SynthesisLine]
) -> list[FigureRow]:
    pages = {
        phase.id: desk_urls(
            "document_figure", "indicator_id", document_id=document_id, phase_id=phase.id
        )
        for phase in sheet.phases
    }
    return [
        FigureRow(
            line.key,
            pages[line.phase.id](line.indicator.id) if sheet.page else "",
            local_name(line.indicator),
            line.phase.code.replace("-", "–"),
            "–" if line.quota is None else amount(line.quota, line.indicator),
            ", ".join(worded(figure, line.indicator) for figure in line.own) or "–",
            total(line.taken, line.indicator),
            total(line.live, line.indicator),
            _moved(line) if sheet.taken and line.difference else "",
        )
        for line in lines
    ]


def _moved(line: SynthesisLine) -> str:
    change = line.difference or 0
    return f"{'+' if change > 0 else '−'}{amount(abs(change), line.indicator)}"


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A unit below in words."""

    url: str
    unit: str
    inside: str
    standing: str
    badge: Markup
    due: Markup


def _children(found: Iterable[Child]) -> list[ChildRow]:
    url, due = desk_urls("document", "document_id"), due_words(clock.today())
    standings = {one: capitalize_first(standing_label(one)) for one in synthesis.Standing}
    labels = {state: status_label(state.value) for state in InboxState}
    return [
        ChildRow(
            url(child.document_id) if child.document_id else "",
            capitalize_first(child.unit.full_name),
            _inside(*child.inside) if child.inside else "",
            standings[child.standing],
            badge_mark(child.state.value, labels[child.state]),
            due_mark(*due(child.due, child.state.value)) if child.due else Markup("–"),
        )
        for child in found
    ]


def _inside(received: int, every: int) -> str:
    return gettext("%(in_)s trên %(all)s đơn vị bên trong", in_=received, all=every)


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
