"""The strip on every document: its road, where it stands, who holds it, since when, by when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lth.blueprints.layout import LEVEL_LABEL
from lth.language import gettext
from lth.models import Plan, PlanStep
from lth.models.plan import Kind, Mode, Status
from lth.templating import format_date
from lth.workflow import deadlines
from lth.workflow.deadlines import Due

ABOVE = {Status.SUBMITTED, Status.REVIEW}


@dataclass(frozen=True)
class StepView:
    """A step as `ui.road` shows it."""

    unit: str
    level: str
    state: str
    holder: str
    since: str


@dataclass(frozen=True)
class Strip:
    """Where a document stands."""

    steps: list[StepView]
    holder: str
    due: Due | None


def strip_of(session: Session, plan: Plan, day: date) -> Strip:
    """The road, which `plans.get` has read, and the due date, in one query."""
    here = _place(plan)
    holder = _holder(plan)
    since = gettext("từ %(when)s", when=format_date(plan.status_since))
    views = [_view(step, here, holder, since) for step in plan.steps]
    due = deadlines.due_dates(session, [plan.unit], plan.period_id, plan.kind).get(plan.unit_id)
    return Strip(views, holder, due)


def _place(plan: Plan) -> int:
    """The step that holds the document; past the last one when nobody has to act."""
    if plan.status in ABOVE or _to_be_acknowledged(plan):
        return 1
    if plan.status is Status.ISSUED:
        return 2
    return 0


def _to_be_acknowledged(plan: Plan) -> bool:
    return (
        plan.status is Status.ISSUED
        and plan.mode is Mode.ACKNOWLEDGE
        and plan.released_number != plan.in_force_number
    )


def _view(step: PlanStep, here: int, holder: str, since: str) -> StepView:
    state = "done" if step.ordinal < here else "here" if step.ordinal == here else "ahead"
    at = state == "here"
    return StepView(
        unit=step.unit.full_name,
        level=str(LEVEL_LABEL[step.unit.level]),
        state=state,
        holder=holder if at else "",
        since=since if at else "",
    )


def _holder(plan: Plan) -> str:
    """Whose desk the document is on, in words."""
    if _to_be_acknowledged(plan):
        return gettext("Chuyên viên tiếp nhận")
    drafter = (
        gettext("Cán bộ lập kế hoạch")
        if plan.kind is Kind.PLAN
        else gettext("Chuyên viên tổng hợp")
    )
    return {
        Status.DRAFT: gettext("%(who)s đang soạn", who=drafter),
        Status.RETURNED: gettext("%(who)s sửa theo nhận xét", who=drafter),
        Status.CLEARANCE: gettext("Lãnh đạo đơn vị xem xét"),
        Status.SUBMITTED: gettext("Chuyên viên tiếp nhận"),
        Status.REVIEW: gettext("Thẩm định và phê duyệt"),
        Status.APPROVED: gettext("Lãnh đạo đơn vị ban hành"),
        Status.ISSUED: gettext("Đã hoàn tất"),
        Status.REVOKED: gettext("Đã thu hồi"),
    }[plan.status]
