"""Guards that ask about a document's content, for the workflow's table."""

from lth.i18n import N_, Message
from lth.planning.sheet import missing
from lth.workflow.case import Case
from lth.workflow.registry import guard


@guard
def nothing_missing(case: Case) -> Message | None:
    """Every required indicator has its figures and every required section its text."""
    gaps = missing(case.session, case.plan, case.head)
    if not gaps:
        return None
    if len(gaps) == 1:
        return gaps[0]
    return Message(
        N_("%(first)s Ngoài ra còn thiếu %(count)s mục bắt buộc khác."),
        {"first": gaps[0], "count": len(gaps) - 1},
    )
