"""Visits and findings in the words of a page."""

from datetime import date

from lth.core.formats import format_date
from lth.core.i18n import N_, Message
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.models import Visit, VisitFinding
from lth.models.visit import FindingStage, FindingStep, Mender

MENDER_LABEL = {
    Mender.CLUB: N_("Ban chủ nhiệm câu lạc bộ"),
    Mender.COMMUNE: N_("Ủy ban nhân dân xã"),
    Mender.VISITOR: N_("Đơn vị kiểm tra"),
}
STAGE_LABEL = {
    FindingStage.OPEN: N_("Chưa khắc phục"),
    FindingStage.MENDED: N_("Đã khắc phục, chờ xem lại"),
    FindingStage.CLOSED: N_("Đã xong"),
}
STEP_LABEL = {
    FindingStep.MEND: N_("Đã khắc phục"),
    FindingStep.CLOSE: N_("Xác nhận xong"),
    FindingStep.REOPEN: N_("Chưa đạt, khắc phục tiếp"),
}
STEP_TONE = {FindingStep.CLOSE: "good", FindingStep.REOPEN: "warn"}


def visit_state(visit: Visit, today: date) -> str:
    """Say where a visit stands: made, called off, to come, or not made on its day."""
    if visit.called_off_at is not None:
        return gettext("Đã hủy")
    if visit.done_on is not None:
        return gettext("Đã đi ngày %(day)s", day=format_date(visit.done_on))
    return gettext("Sắp đi") if visit.planned_on >= today else gettext("Quá ngày, chưa ghi đã đi")


def visit_name(visit: Visit) -> str:
    """Name a visit by its unit and day."""
    day = format_date(visit.done_on or visit.planned_on)
    unit = capitalize_first(visit.unit_name)
    return gettext("%(unit)s, ngày %(day)s", unit=unit, day=day)


def stage(found: VisitFinding) -> str:
    """Say where a finding stands."""
    return say(Message(STAGE_LABEL[found.stage]))


def mender(found: VisitFinding) -> str:
    """Name whose a finding is to mend (its club's unit loaded)."""
    if found.mender is Mender.VISITOR:
        return capitalize_first(found.unit_name)
    if found.mender is Mender.COMMUNE:
        return capitalize_first(found.club.unit.full_name)
    return say(Message(MENDER_LABEL[found.mender]))
