"""Guards and effects that ask about a document's content, for the workflow's table."""

from collections.abc import Sequence

from lth.access.scope import Scope
from lth.checks import judgement, loading
from lth.checks.judgement import JudgedFinding, Judgement
from lth.checks.loading import ContentRows
from lth.content.model import Content
from lth.core.i18n import N_, Message
from lth.drafting import figure_rooms
from lth.drafting.figure_rooms import FigureLook
from lth.drafting.gaps import missing
from lth.workflow.context import ActContext
from lth.workflow.registry import effect, guard

NAMED = 2
"""How many findings a refusal names; the page of the checks has them all."""


@guard
def nothing_missing(context: ActContext) -> Message | None:
    """Require that every required indicator has its figures and every required section its text."""
    kind = context.document.kind
    found = missing(_content(context), kind)
    found = [*figures_looked_at(context).gaps, *found]
    gaps = [gap.message for gap in found]
    if not gaps:
        return None
    if len(gaps) == 1:
        return gaps[0]
    return Message(
        N_("%(first)s Ngoài ra còn thiếu %(count)s mục bắt buộc khác."),
        {"first": gaps[0], "count": len(gaps) - 1},
    )


@guard
def no_errors(context: ActContext) -> Message | None:
    """Require that nothing impossible or contradictory leaves the unit."""
    return _refused(
        _report(context).errors,
        N_("Phải sửa lỗi trước khi trình: %(found)s"),
        N_("Phải sửa %(count)s lỗi trước khi trình: %(found)s Còn %(more)s lỗi khác."),
    )


@guard
def warnings_explained(context: ActContext) -> Message | None:
    """Require that a warning goes up with what the drafters say to it."""
    return _refused(
        _report(context).unexplained,
        N_("Cần sửa hoặc giải trình: %(found)s"),
        N_("%(count)s cảnh báo cần sửa hoặc giải trình: %(found)s Còn %(more)s cảnh báo khác."),
    )


@effect
def keep_findings(context: ActContext) -> None:
    """Keep what the checks say with the revision that is about to be frozen, and settle in it what
    follows from figures elsewhere.
    """
    room = figure_rooms.room_of(context.document.kind)
    if room is not None:
        scope = Scope.of(context.actor)
        room.settle(context.session, context.document, context.head, scope, context.now)
    found = [item.finding for item in _report(context).items]
    judgement.keep(context.session, context.head, found, context.now)


def _refused(items: Sequence[JudgedFinding], few: str, many: str) -> Message | None:
    """Put the first findings into words, and how many more there are."""
    if not items:
        return None
    said = [item.finding.said for item in items[:NAMED]]
    found = said[0] if len(said) == 1 else Message("%(one)s %(other)s", _pair(said))
    if len(items) <= NAMED:
        return Message(few, {"found": found})
    more = {"count": len(items), "more": len(items) - NAMED}
    return Message(many, {"found": found, **more})


def _pair(said: Sequence[Message]) -> dict[str, Message]:
    return dict(zip(("one", "other"), said, strict=True))


def _content(context: ActContext) -> Content:
    """Return the content of the newest revision, read once for all guards and effects of an act."""
    if "content" not in context.memo:
        scope = Scope.of(context.actor)
        rows = loading.read(context.session, context.document, context.head, scope)
        context.memo["rows"], context.memo["content"] = rows, loading.put_together(rows)
    return context.memo["content"]


def rows_read(context: ActContext) -> ContentRows | None:
    """Return the rows of the newest revision where a guard has read them."""
    return context.memo.get("rows")


def figures_looked_at(context: ActContext) -> FigureLook:
    """Return what the room of a document's figures says of the newest revision, looked at once."""
    if "figures" not in context.memo:
        room = figure_rooms.room_of(context.document.kind)
        where = context.session, context.document, context.head, Scope.of(context.actor)
        context.memo["figures"] = room.look(*where) if room is not None else FigureLook()
    return context.memo["figures"]


def report_read(context: ActContext) -> Judgement | None:
    """Return what the checks say of it where a guard has asked them."""
    return context.memo.get("report")


def _report(context: ActContext) -> Judgement:
    """Return what the checks say of it; of a synthesis, which is computed, nothing."""
    if not context.document.kind.checked:
        return Judgement()
    if "report" not in context.memo:
        written = judgement.notes(context.session, context.document, context.head)
        stage = judgement.stage_of(context.document)
        context.memo["report"] = judgement.judged(_content(context), written, stage)
    return context.memo["report"]
