"""Guards and effects that ask about a document's content, for the workflow's table."""

from collections.abc import Sequence

from lth.access.scope import Scope
from lth.checks import judgement
from lth.checks.judgement import JudgedFinding, Judgement
from lth.checks.loading import content_of
from lth.content.model import Content
from lth.core.i18n import N_, Message
from lth.drafting.gaps import missing
from lth.workflow.context import Case
from lth.workflow.registry import effect, guard

NAMED = 2
"""How many findings a refusal names; the page of the checks has them all."""


@guard
def nothing_missing(case: Case) -> Message | None:
    """Require that every required indicator has its figures and every required section its text."""
    gaps = [gap.message for gap in missing(_content(case), case.document.kind)]
    if not gaps:
        return None
    if len(gaps) == 1:
        return gaps[0]
    return Message(
        N_("%(first)s Ngoài ra còn thiếu %(count)s mục bắt buộc khác."),
        {"first": gaps[0], "count": len(gaps) - 1},
    )


@guard
def no_errors(case: Case) -> Message | None:
    """Require that nothing impossible or contradictory leaves the unit."""
    return _refused(
        _report(case).errors,
        N_("Phải sửa lỗi trước khi trình: %(found)s"),
        N_("Phải sửa %(count)s lỗi trước khi trình: %(found)s Còn %(more)s lỗi khác."),
    )


@guard
def warnings_explained(case: Case) -> Message | None:
    """Require that a warning goes up with what the drafters say to it."""
    return _refused(
        _report(case).unexplained,
        N_("Cần sửa hoặc giải trình: %(found)s"),
        N_("%(count)s cảnh báo cần sửa hoặc giải trình: %(found)s Còn %(more)s cảnh báo khác."),
    )


@effect
def keep_findings(case: Case) -> None:
    """Keep what the checks say with the revision that is about to be frozen."""
    found = [item.finding for item in _report(case).items]
    judgement.keep(case.session, case.head, found, case.now)


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


def _content(case: Case) -> Content:
    """Return the content of the newest revision, read once for all guards and effects of an act."""
    if "content" not in case.memo:
        scope = Scope.of(case.actor)
        case.memo["content"] = content_of(case.session, case.document, case.head, scope)
    return case.memo["content"]


def _report(case: Case) -> Judgement:
    """Return what the checks say of it; of a synthesis, which is computed, nothing."""
    if not case.document.kind.checked:
        return Judgement()
    if "report" not in case.memo:
        written = judgement.notes(case.session, case.document, case.head)
        stage = judgement.stage_of(case.document)
        case.memo["report"] = judgement.judged(_content(case), written, stage)
    return case.memo["report"]
