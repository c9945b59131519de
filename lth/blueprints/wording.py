"""How documents, states and dates are put into words on a page."""

from datetime import date

from flask import Flask

from lth import wording
from lth.i18n import N_, Message
from lth.language import current as language
from lth.language import gettext, ngettext, say
from lth.models import Indicator, Target
from lth.models.opinion import Aspect
from lth.models.plan import Kind, Mode, Status
from lth.models.programme import Period
from lth.planning import targets
from lth.planning.synthesis.children import STANDING_LABEL, Standing
from lth.templating import format_date
from lth.workflow.deadlines import Due
from lth.workflow.guards import ASPECT_LABEL
from lth.workflow.table import ACT_DONE, ACT_LABEL, STATUS_LABEL, Act

SOON = 3
"""Days before a deadline from which it is shown as close."""

MODE_LABEL = {
    Mode.APPROVE: N_("phê duyệt"),
    Mode.ACKNOWLEDGE: N_("tiếp nhận"),
    Mode.FINAL: N_("tự ban hành"),
}


def period_name(period: Period) -> str:
    """ "năm 2021" for a year, "giai đoạn 2026–2035" for more."""
    return wording.period_name(period.code)


def document_name(kind: Kind, period: Period) -> str:
    """ "Kế hoạch năm 2021", "Tổng hợp kế hoạch năm 2021"."""
    return wording.document_name(kind, period.code)


def status_label(status: Status | str) -> str:
    """A state in words; "missing" is "Chưa trình"."""
    if status == "missing":
        return gettext("Chưa trình")
    return say(Message(STATUS_LABEL[Status(status)]))


def act_label(act: Act | str) -> str:
    return say(Message(ACT_LABEL[Act(act)]))


def act_done(act: Act | str) -> str:
    return say(Message(ACT_DONE[Act(act)]))


SENT = frozenset({Status.SUBMITTED, Status.REVIEW, Status.APPROVED, Status.ISSUED})
"""States of a document that has been sent up: nobody counts its days any more."""


def due_label(due: Due | None, day: date, status: Status | str = "missing") -> str:
    """ "Hạn 07/5/2021, còn 3 ngày"; of what has been sent up, the date alone."""
    if due is None:
        return ""
    last = _last_day(due, status)
    left, shown = (last - day).days, format_date(last)
    if status in SENT:
        return gettext("Hạn %(date)s", date=shown)
    if left > 0:
        return ngettext(
            "Hạn %(date)s, còn %(num)s ngày", "Hạn %(date)s, còn %(num)s ngày", left, date=shown
        )
    if left == 0:
        return gettext("Hạn hôm nay, %(date)s", date=shown)
    return ngettext(
        "Hạn %(date)s, quá %(num)s ngày", "Hạn %(date)s, quá %(num)s ngày", -left, date=shown
    )


def _last_day(due: Due, status: Status | str) -> date:
    """The day that counts: of what came back, the last one for corrections."""
    if status == Status.RETURNED and due.last_correction_on is not None:
        return due.last_correction_on
    return due.on


def due_tone(due: Due | None, day: date, status: Status | str = "missing") -> str:
    """How urgent a due date is; what has been sent up is urgent no more."""
    if due is None or status in SENT:
        return ""
    left = (_last_day(due, status) - day).days
    return "late" if left < 0 else "soon" if left <= SOON else ""


def aspect_label(aspect: Aspect) -> str:
    """ "nội dung", "kinh phí", "thể thức"."""
    return say(Message(ASPECT_LABEL[aspect]))


def shown_target(target: Target) -> str:
    """A target in words: "ít nhất 50"."""
    return targets.shown(target, language())


def amount(value: int, indicator: Indicator) -> str:
    """One value in an indicator's measure."""
    return targets.amount(value, indicator, language())


def worded(figure: targets.Figure, indicator: Indicator) -> str:
    """A figure with its comparator's word and its unit."""
    return targets.worded(figure, indicator, language())


def standing_label(standing: Standing) -> str:
    """How a unit stands between a synthesis's receipt and what it has released."""
    return say(Message(STANDING_LABEL[standing]))


def local_name(thing: object, field: str = "label") -> str:
    """A row's own text in the current language: `label_vi` or `label_en`."""
    return str(getattr(thing, f"{field}_{language()}"))


def register(app: Flask) -> None:
    app.jinja_env.filters["capitalize_first"] = wording.capitalize_first
    app.jinja_env.filters["lower_first"] = wording.lower_first
    app.jinja_env.globals.update(
        act_done=act_done,
        amount=amount,
        shown_target=shown_target,
        standing_label=standing_label,
        act_label=act_label,
        aspect_label=aspect_label,
        document_name=document_name,
        due_label=due_label,
        due_tone=due_tone,
        local_name=local_name,
        period_name=period_name,
        status_label=status_label,
        worded=worded,
    )
