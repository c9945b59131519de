"""Guards and effects that ask about a document's content, for the workflow's table."""

from collections.abc import Sequence

from lth.access.scope import Scope
from lth.checks import judgement
from lth.checks.judgement import Item, Report
from lth.core.i18n import N_, Message
from lth.drafting import sheet_content
from lth.drafting.sheet import Sheet, missing, sheet
from lth.workflow.context import ActContext
from lth.workflow.registry import effect, guard

NAMED = 2
"""How many findings a refusal names; the page of the checks has them all."""


@guard
def nothing_missing(context: ActContext) -> Message | None:
    """Every required indicator has its figures and every required section its text."""
    if context.document.kind.checked:
        gaps = [gap.message for gap in _sheet(context).gaps]
    else:
        gaps = missing(context.session, context.document, context.head)
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
    """What is impossible or contradicts itself does not leave the unit."""
    return _refused(
        _report(context).errors,
        N_("Phải sửa lỗi trước khi trình: %(found)s"),
        N_("Phải sửa %(count)s lỗi trước khi trình: %(found)s Còn %(more)s lỗi khác."),
    )


@guard
def warnings_explained(context: ActContext) -> Message | None:
    """A warning goes up with what the drafters say to it."""
    return _refused(
        _report(context).unexplained,
        N_("Cần sửa hoặc giải trình: %(found)s"),
        N_("%(count)s cảnh báo cần sửa hoặc giải trình: %(found)s Còn %(more)s cảnh báo khác."),
    )


@effect
def keep_findings(context: ActContext) -> None:
    """What the checks say stays with the revision that is about to be frozen."""
    if context.document.kind.checked:
        scope = Scope.of(context.actor)
        judgement.keep(context.session, context.document, context.head, scope, context.now)


def _refused(items: Sequence[Item], few: str, many: str) -> Message | None:
    """The first findings in words, and how many more there are."""
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


def _sheet(context: ActContext) -> Sheet:
    """The content of the newest revision, read once for all guards of an act."""
    if "sheet" not in context.memo:
        scope = Scope.of(context.actor)
        context.memo["sheet"] = sheet(
            context.session, context.document, context.head, scope, with_remarks=False
        )
    return context.memo["sheet"]


def _report(context: ActContext) -> Report:
    """What the checks say of it; of a synthesis, which is computed, nothing."""
    if not context.document.kind.checked:
        return Report()
    if "report" not in context.memo:
        written = judgement.notes(context.session, context.document, context.head)
        content = sheet_content.content_of(
            context.session, _sheet(context), communes=written.communes
        )
        stage = judgement.stage_of(context.document)
        context.memo["report"] = judgement.judged(content, written, stage)
    return context.memo["report"]
