"""A review against its targets: what was to be reached, the series of reports, đạt or chưa đạt."""

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.blueprints.document.remarks import value_id
from lth.blueprints.document.reported import said_of, window_name
from lth.blueprints.document.wording import amount, document_name, local_name, worded
from lth.blueprints.web import current, tables
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.core.errors import NotFoundError
from lth.core.formats import format_percent
from lth.core.i18n import Message
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable
from lth.models import Document, Revision
from lth.reporting import request_lists, series, sheet
from lth.reporting.goals import TRACK_LABEL, UNCLEAR_LABEL, Track
from lth.reporting.series import ReportSeries
from lth.reporting.verdicts import TargetVerdict
from lth.workflow import documents, revisions
from lth.workflow.kinds import period_name
from lth.workflow.states import WRITTEN

BADGE = {
    Track.REACHED: ("approved", "check"),
    Track.IN_TIME: ("submitted", "clock"),
    Track.BEHIND: ("returned", "warning"),
    Track.UNKNOWN: ("draft", "missing"),
}
"""Class and icon of each verdict."""


@dataclass(frozen=True)
class VerdictRow:
    """A target in words."""

    label: str
    goal: str
    said: list[str]
    done: str
    share: str
    verdict: str
    badge: tuple[str, str]
    reason: str
    wants_reason: bool
    at: str


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/documents/<int:document_id>/review", "document_review", page)


@opens_for("document_review")
def _opens(document: Document, actor: Actor) -> bool:
    scope = Scope.of(actor)
    return series.is_review(document) and revisions.number_to_read(document, scope) is not None


@needs(Permission.READ_DOCUMENTS)
def page(document_id: int) -> ResponseReturnValue:
    """Show each target of a review's plan: the series, what it came to, đạt or chưa đạt, why."""
    document, revision = _read(document_id)
    session, scope = current.database(), current.scope()
    found = sheet.sheet(session, document, revision, scope)
    years = series.of_review(session, document, scope)
    rows = [_row(one, years) for one in found.verdicts]
    if tables.wanted():
        return tables.answer(_table(document, years, rows), "ket-qua-so-voi-muc-tieu")
    answers = request_lists.answered(
        *(session, scope, document.programme_id, document.period.starts_on),
        *(document.period.ends_on, document.unit_id),
    )
    own = document.unit_id == scope.unit_id and document.status in WRITTEN
    return render_template(
        "review.html",
        document=document,
        window=window_name(found.terms.span),
        windows=[capitalize_first(period_name(one.code)) for one in years.windows],
        lacking=[period_name(one.code) for one in years.windows if not one.values],
        rows=rows,
        answers=[(period_name(one.request.period.code), one) for one in answers],
        counts=Counter(one.judged.track for one in found.verdicts),
        may_write=own and current.actor().role is document.kind.drafter,
        plan=period_name(found.terms.plan_period.code) if found.terms.plan_period else "",
    )


def _read(document_id: int) -> tuple[Document, Revision]:
    """Read a review and the revision of it that the actor reads; 404 for anything else."""
    session, scope = current.database(), current.scope()
    document, head, _ = documents.with_head(session, document_id, scope)
    number = revisions.number_to_read(document, scope)
    if not series.is_review(document) or number is None:
        raise NotFoundError
    mark_section(document, scope)
    if head is not None and head.number == number:
        return document, head
    return document, revisions.get(session, document.id, number, scope)


def _row(one: TargetVerdict, years: ReportSeries) -> VerdictRow:
    indicator, judged = one.indicator, one.judged
    why = say(Message(UNCLEAR_LABEL[judged.why])) if judged.why is not None else ""
    label = say(Message(TRACK_LABEL[judged.track]))
    if judged.track is Track.BEHIND:
        label = gettext("chưa đạt")
    counted = one.reason_key == indicator.code
    return VerdictRow(
        label=local_name(indicator),
        goal=worded(one.goal, indicator),
        said=[said_of(each, indicator) for each in years.said(indicator)]
        if counted
        else ["–"] * len(years.windows),
        done="–" if one.done is None else amount(one.done, indicator),
        share="" if judged.share is None else format_percent(judged.share),
        verdict=capitalize_first(label) + (f": {why}" if why else ""),
        badge=BADGE[judged.track],
        reason=one.reason,
        wants_reason=one.wanting is not None,
        at=value_id(one.reason_key),
    )


def _table(document: Document, years: ReportSeries, rows: list[VerdictRow]) -> ListTable:
    head = [
        *(gettext("Chỉ tiêu"), gettext("Mục tiêu")),
        *(capitalize_first(period_name(one.code)) for one in years.windows),
        *(gettext("Cả giai đoạn"), gettext("So với mục tiêu"), gettext("Kết quả")),
        gettext("Lý do"),
    ]
    found = [
        [
            *(row.label, row.goal),
            *(tables.value(text) for text in row.said),
            *(tables.value(row.done), row.share or None, row.verdict, row.reason),
        ]
        for row in rows
    ]
    name = document_name(document.kind, document.period)
    return ListTable(f"{name} – {document.unit.full_name}", head, found)
