"""The units below a synthesis as its page shows them, whatever it adds up."""

from collections.abc import Iterable
from typing import Any

from flask import abort, request

from lth import synthesis
from lth.blueprints.document import brief
from lth.blueprints.document.wording import DocumentRow, row_words, standing_label
from lth.blueprints.web import current, paging
from lth.briefs import Brief
from lth.core import clock
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.models import Document
from lth.synthesis import Attendance, Child, Standing
from lth.synthesis.children import PAGE, ChildrenPage
from lth.synthesis.roll import RollCall
from lth.workflow import inbox, operations
from lth.workflow.inbox import ProgressCounts
from lth.workflow.states import WRITTEN


def asked() -> Standing | None:
    """Read which units the address asks for; 404 for a word that there is not."""
    only = request.args.get("only", "")
    if only and only not in set(Standing):
        abort(404)
    return Standing(only) if only else None


def shown(sheet: RollCall, there: Attendance | None, only: Standing | None) -> dict[str, Any]:
    """Return what the page of a synthesis shows of who is in it."""
    document, revision = sheet.document, sheet.revision
    if sheet.page is not None and sheet.page.calendar is not None:
        current.know_calendar(sheet.page.calendar)
    return {
        "progress": _progress(document, None if only else sheet.page),
        "sheet": sheet,
        "absence": brief.absence(
            Brief(document, attendance=there, absence_reason=revision.absence_reason)
        ),
        "document": document,
        "seen": synthesis.version(revision),
        "children": _children(sheet.page.children) if sheet.page else [],
        "only": only or "",
        "pager": paging.page(sheet.page.total, PAGE) if sheet.page else None,
        "writable": document.status in WRITTEN and operations.drafts(current.actor(), document),
    }


def _progress(document: Document, page: ChildrenPage | None) -> ProgressCounts | None:
    """Count how far the units below are: from the rows of the page where it has them all."""
    if page is None:
        return None
    if len(page.children) == page.total:
        return inbox.progress_among(page.children, clock.today())
    sums, plans = kinds = document.kind, document.kind.adds_up
    counted = inbox.progress_of(
        current.database(), current.scope(), document.unit, document.period_id, kinds
    )
    return counted[sums] if counted[sums].units else counted[plans]


def _children(listed: Iterable[Child]) -> list[DocumentRow]:
    row = row_words(clock.today())
    standings = {each: capitalize_first(standing_label(each)) for each in synthesis.Standing}
    return [
        row(
            child,
            child.state.value,
            standing=standings[child.standing],
            inside=_inside(*child.inside) if child.inside else "",
        )
        for child in listed
    ]


def _inside(received: int, every: int) -> str:
    return gettext("%(in_)s trên %(all)s đơn vị bên trong", in_=received, all=every)
