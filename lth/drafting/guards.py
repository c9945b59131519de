"""Guards and effects that ask about a document's content, for the workflow's table."""

from collections.abc import Sequence

from lth.access.scope import Scope
from lth.checks import judgement
from lth.checks.judgement import JudgedFinding, Judgement
from lth.core.i18n import N_, Message
from lth.drafting import sheet_content
from lth.drafting.sheet import Sheet, missing, sheet
from lth.workflow.context import Case
from lth.workflow.registry import effect, guard

NAMED = 2
"""How many findings a refusal names; the page of the checks has them all."""


@guard
def nothing_missing(case: Case) -> Message | None:
    """Every required indicator has its figures and every required section its text."""
    if case.document.kind.checked:
        gaps = [gap.message for gap in _sheet(case).gaps]
    else:
        gaps = missing(case.session, case.document, case.head)
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
    """What is impossible or contradicts itself does not leave the unit."""
    return _refused(
        _report(case).errors,
        N_("Phải sửa lỗi trước khi trình: %(found)s"),
        N_("Phải sửa %(count)s lỗi trước khi trình: %(found)s Còn %(more)s lỗi khác."),
    )


@guard
def warnings_explained(case: Case) -> Message | None:
    """A warning goes up with what the drafters say to it."""
    return _refused(
        _report(case).unexplained,
        N_("Cần sửa hoặc giải trình: %(found)s"),
        N_("%(count)s cảnh báo cần sửa hoặc giải trình: %(found)s Còn %(more)s cảnh báo khác."),
    )


@effect
def keep_findings(case: Case) -> None:
    """What the checks say stays with the revision that is about to be frozen."""
    if case.document.kind.checked:
        scope = Scope.of(case.actor)
        judgement.keep(case.session, case.document, case.head, scope, case.now)


def _refused(items: Sequence[JudgedFinding], few: str, many: str) -> Message | None:
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


def _sheet(case: Case) -> Sheet:
    """The content of the newest revision, read once for all guards of an act."""
    if "sheet" not in case.memo:
        scope = Scope.of(case.actor)
        case.memo["sheet"] = sheet(
            case.session, case.document, case.head, scope, with_remarks=False
        )
    return case.memo["sheet"]


def _report(case: Case) -> Judgement:
    """What the checks say of it; of a synthesis, which is computed, nothing."""
    if not case.document.kind.checked:
        return Judgement()
    if "report" not in case.memo:
        written = judgement.notes(case.session, case.document, case.head)
        content = sheet_content.content_of(case.session, _sheet(case), communes=written.communes)
        stage = judgement.stage_of(case.document)
        case.memo["report"] = judgement.judged(content, written, stage)
    return case.memo["report"]
