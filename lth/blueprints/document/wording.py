"""How documents, states and dates are put into words on a page."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from lth.blueprints.web import current
from lth.content import targets
from lth.core import vietnamese
from lth.core.formats import format_date
from lth.core.i18n import N_, Message
from lth.core.language import current as language
from lth.core.language import gettext, ngettext, say
from lth.models import Indicator, Target
from lth.models.document import Mode, Status
from lth.models.kind import Kind
from lth.models.opinion import Aspect
from lth.models.programme import Period
from lth.synthesis.children import STANDING_LABEL, Standing
from lth.synthesis.totals import Flag, Total
from lth.workflow import kinds, signing
from lth.workflow.acts import ACT_DONE, ACT_LABEL, Act
from lth.workflow.deadlines import Due
from lth.workflow.guards import ASPECT_LABEL
from lth.workflow.states import SENT, STATUS_LABEL

SOON = 3
"""Calendar days before a deadline from which it is shown as close."""

MODE_LABEL = {
    Mode.APPROVE: N_("phê duyệt"),
    Mode.ACKNOWLEDGE: N_("tiếp nhận"),
    Mode.FINAL: N_("tự ban hành"),
}


def period_name(period: Period) -> str:
    """ "năm 2021" for a year, "giai đoạn 2026–2035" for more."""
    return kinds.period_name(period.code)


def document_name(kind: Kind, period: Period) -> str:
    """ "Kế hoạch năm 2021", "Tổng hợp kế hoạch năm 2021"."""
    return kinds.document_name(kind, period.code)


def status_label(status: Status | str) -> str:
    """A state in words; "missing" is "Chưa trình"."""
    if status == "missing":
        return gettext("Chưa trình")
    return say(Message(STATUS_LABEL[Status(status)]))


def act_label(act: Act | str) -> str:
    return say(Message(ACT_LABEL[Act(act)]))


def act_done(act: Act | str) -> str:
    return say(Message(ACT_DONE[Act(act)]))


"""States of a document that has been sent up: nobody counts its days any more."""


def again(sent_number: int | None) -> str:
    """ "lần 2", of a document that has been sent up more than once."""
    return gettext("lần %(n)s", n=sent_number) if sent_number and sent_number > 1 else ""


def due_words(day: date) -> Callable[[Due | None, Status | str], tuple[str, str]]:
    """Return what words due dates on a day, label and tone: what two rows share is worded once."""

    @cache
    def worded(due: Due | None, status: Status | str) -> tuple[str, str]:
        return due_label(due, day, status), due_tone(due, day, status)

    return worded


def due_label(due: Due | None, day: date, status: Status | str = "missing") -> str:
    """ "Hạn 07/5/2021, còn 3 ngày làm việc"; of what has been sent up, the date alone."""
    if due is None:
        return ""
    last = due.binds(status)
    shown = format_date(last)
    if status in SENT:
        return gettext("Hạn %(date)s", date=shown)
    if last == day:
        return gettext("Hạn hôm nay, %(date)s", date=shown)
    left = workdays_left(current.calendar().between(day, last), past=last < day)
    return gettext("Hạn %(date)s, %(left)s", date=shown, left=left)


def workdays_left(days: int, *, past: bool = False) -> str:
    """ "còn 5 ngày làm việc", "quá 2 ngày làm việc"; of none in between, that it is past or not."""
    if days > 0:
        return ngettext("còn %(num)s ngày làm việc", "còn %(num)s ngày làm việc", days)
    if days < 0:
        return ngettext("quá %(num)s ngày làm việc", "quá %(num)s ngày làm việc", -days)
    return gettext("vừa quá hạn") if past else gettext("không còn ngày làm việc nào")


def due_tone(due: Due | None, day: date, status: Status | str = "missing") -> str:
    """How urgent a due date is; what has been sent up is urgent no more."""
    if due is None or status in SENT:
        return ""
    left = (due.binds(status) - day).days
    return "late" if left < 0 else "soon" if left <= SOON else ""


def aspect_label(aspect: Aspect) -> str:
    """ "nội dung", "kinh phí", "thể thức"."""
    return say(Message(ASPECT_LABEL[aspect]))


def shown_target(target: Target) -> str:
    """A target in words: "ít nhất 50"."""
    return targets.shown(target, language())


def signed_by(signature: dict[str, Any]) -> str:
    """Who signed a document for whom, by which decision."""
    return say(signing.told(signature))


def amount(value: int, indicator: Indicator) -> str:
    """One value in an indicator's measure."""
    return targets.amount(value, indicator, language())


def worded(figure: targets.Figure, indicator: Indicator) -> str:
    """A figure with its comparator's word and its unit."""
    return targets.worded(figure, indicator, language())


def total(found: Total | None, indicator: Indicator) -> Markup:
    """A synthesis's total: its figure, or why there is none, and how many units made it."""
    if found is None:
        return Markup("–\n")
    if found.figure is None:
        return _no_figure(found)
    text = escape(worded(found.figure, indicator))
    if Flag.STRICT in found.flags:
        title = gettext("Có đơn vị ghi “trên” hoặc “dưới”: phải vượt hẳn mức này.")
        text += Markup(' <abbr class="small" title="%s">*</abbr>') % title
    if found.incomparable:
        count = gettext("chưa gồm %(count)s đơn vị ghi cách khác", count=found.incomparable)
        text += Markup('<span class="small muted block">%s</span>') % count
    return text


def _no_figure(found: Total) -> Markup:
    if found.in_range is not None and found.counted:
        kept, every = found.in_range, found.counted
        said = gettext("%(kept)s trên %(all)s đơn vị đạt", kept=kept, all=every)
        return Markup("<span>%s</span>") % said
    why = gettext(found.why) if found.why else gettext("không cộng được")
    if found.units:
        count = found.units
        units = ngettext("%(count)s đơn vị", "%(count)s đơn vị", count, count=count)
        why = f"{why} ({units})"
    return Markup('<span class="small muted">%s</span>') % why


def standing_label(standing: Standing) -> str:
    """How a unit stands between a synthesis's receipt and what it has released."""
    return say(Message(STANDING_LABEL[standing]))


def local_name(thing: object, field: str = "label") -> str:
    """A row's own text in the current language: `label_vi` or `label_en`."""
    return str(getattr(thing, f"{field}_{language()}"))


def register(app: Flask) -> None:
    app.jinja_env.filters["capitalize_first"] = vietnamese.capitalize_first
    app.jinja_env.filters["lower_first"] = vietnamese.lower_first
    app.jinja_env.globals.update(
        act_done=act_done,
        amount=amount,
        shown_target=shown_target,
        signed_by=signed_by,
        standing_label=standing_label,
        total=total,
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
