"""Documents, states and dates in the words of a page; the rows of every list of documents."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from lth.blueprints.web import current
from lth.blueprints.web.assets import badge_mark, due_mark
from lth.blueprints.web.levels import desk_urls
from lth.content import targets
from lth.core import vietnamese
from lth.core.formats import format_date
from lth.core.i18n import N_, Message
from lth.core.language import current as language
from lth.core.language import gettext, ngettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.papers.body import blocks
from lth.models import Indicator, Target
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.opinion import Aspect
from lth.models.programme import Period
from lth.synthesis.children import STANDING_LABEL, Child, Standing
from lth.synthesis.totals import Flag, Total
from lth.workflow import inbox, kinds, signing, worklist
from lth.workflow.acts import ACT_DONE, ACT_LABEL, Act
from lth.workflow.deadlines import Due
from lth.workflow.guards import ASPECT_LABEL
from lth.workflow.inbox import Progress, ProgressCounts
from lth.workflow.states import SENT, STATUS_LABEL

PROGRESS_LABEL = {
    Progress.RETURNED: N_("%(count)s bị trả lại"),
    Progress.CLEARANCE: N_("%(count)s chờ lãnh đạo đơn vị"),
    Progress.DRAFT: N_("%(count)s đang soạn"),
    Progress.MISSING: N_("%(count)s chưa lập"),
}
"""How units are counted that have not sent theirs."""

SOON = 3
"""Calendar days before a deadline from which it is shown as close."""


def period_name(period: Period) -> str:
    """Word a period: "năm 2021" for a year, "giai đoạn 2026–2035" for more."""
    return kinds.period_name(period.code)


def document_name(kind: Kind, period: Period) -> str:
    """Name a kind of document of a period: "Tổng hợp kế hoạch năm 2021"."""
    return kinds.document_name(kind, period.code)


def status_label(status: Status | str) -> str:
    """Word a state; "missing" is "Chưa trình"."""
    if status == "missing":
        return gettext("Chưa trình")
    return say(Message(STATUS_LABEL[Status(status)]))


def act_label(act: Act | str) -> str:
    return say(Message(ACT_LABEL[Act(act)]))


def act_done(act: Act | str) -> str:
    return say(Message(ACT_DONE[Act(act)]))


def again(sent_number: int | None) -> str:
    """Word how often a document has been sent up, from the second time on: "lần 2"."""
    return gettext("lần %(n)s", n=sent_number) if sent_number and sent_number > 1 else ""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A unit's document in a list, in words; without `url` where there is none to be read.

    `reference` names its state in a form that ticks it; the fields from `tick` on are a list's own.
    """

    document_id: int | None
    reference: str
    url: str
    unit: str
    badge: Markup
    again: str
    since: str
    due: Markup
    late: str = ""
    tick: str = ""
    document: str = ""
    task: str = ""
    asked: str = ""
    waited: str = ""
    standing: str = ""
    inside: str = ""


def row_words(day: date) -> Callable[..., DocumentRow]:
    """Return what words the rows of a list on a day: what two rows share is worded once."""
    url = desk_urls("document", "document_id")
    badges = {state: badge_mark(state, status_label(state)) for state in ("missing", *Status)}

    @cache
    def due_words(due: Due, state: str) -> Markup:
        return due_mark(due_label(due, day, state), due_tone(due, day, state))

    def row(
        listed: inbox.InboxLine | worklist.WorkListItem | Child,
        state: str,
        version: int | None = None,
        sent_number: int | None = None,
        since: datetime | None = None,
        **own: str,
    ) -> DocumentRow:
        return DocumentRow(
            listed.document_id,
            f"{listed.document_id}:{version}",
            url(listed.document_id) if listed.document_id else "",
            capitalize_first(listed.unit.full_name),
            badges[state],
            again(sent_number),
            format_date(since),
            due_words(listed.due, state) if listed.due else Markup(),
            sent_late(listed.sent_at, listed.days_late),
            **own,
        )

    return row


def due_label(due: Due | None, day: date, status: Status | str = "missing") -> str:
    """Word a due date: "Hạn 07/5/2021, còn 3 ngày làm việc"; of what was sent up, without days.

    Nothing where no day binds.
    """
    if due is None or not due.binding:
        return ""
    last = due.day
    if last is None:
        return gettext("Không đặt hạn sửa")
    shown = format_date(last)
    if status in SENT:
        return gettext("Hạn %(date)s", date=shown)
    if last == day:
        return gettext("Hạn hôm nay, %(date)s", date=shown)
    left = workdays_left(current.calendar().between(day, last), past=last < day)
    return gettext("Hạn %(date)s, %(left)s", date=shown, left=left)


def days_late(workdays: int) -> str:
    """Word how late something was sent: "sau hạn 1 ngày làm việc"."""
    if workdays:
        return ngettext("sau hạn %(num)s ngày làm việc", "sau hạn %(num)s ngày làm việc", workdays)
    return gettext("sau hạn, chưa hết một ngày làm việc")


def sent_late(sent_at: datetime | None, workdays: int | None) -> str:
    """Word that what was sent came late: "trình 29/11/2021, sau hạn 1 ngày làm việc"."""
    if sent_at is None or workdays is None:
        return ""
    return gettext("trình %(date)s, %(late)s", date=format_date(sent_at), late=days_late(workdays))


def progress_sent(counts: ProgressCounts) -> str:
    """Word how many units have sent theirs: "15 trên 17 đơn vị đã trình"."""
    return gettext("%(sent)s trên %(units)s đơn vị đã trình", sent=counts.sent, units=counts.units)


def progress_notes(counts: ProgressCounts) -> list[str]:
    """Word the rest of them apart: sent late, returned, with their own leader, begun, not begun;
    and how many of these are past their day.
    """
    late = _units_sent_late(counts.sent_late) if counts.sent_late else ""
    words = [gettext(PROGRESS_LABEL[one], count=count) for one, count in _behind(counts)]
    overdue = gettext("%(count)s quá hạn", count=counts.overdue) if counts.overdue else ""
    return [text for text in (late, *words, overdue) if text]


def _units_sent_late(count: int) -> str:
    return gettext("trong đó %(count)s trình sau hạn", count=count)


def _behind(counts: ProgressCounts) -> list[tuple[Progress, int]]:
    found = counts.by_progress
    return [(one, found[one]) for one in PROGRESS_LABEL if found.get(one)]


def workdays_left(days: int, *, past: bool = False) -> str:
    """Word working days: "còn 5 ngày làm việc", "quá 2 …"; of none, that it is past or not."""
    if days > 0:
        return ngettext("còn %(num)s ngày làm việc", "còn %(num)s ngày làm việc", days)
    if days < 0:
        return ngettext("quá %(num)s ngày làm việc", "quá %(num)s ngày làm việc", -days)
    return gettext("vừa quá hạn") if past else gettext("không còn ngày làm việc nào")


def due_tone(due: Due | None, day: date, status: Status | str = "missing") -> str:
    """Tell how urgent a due date is; what has been sent up is urgent no more."""
    if due is None or due.day is None or status in SENT:
        return ""
    left = (due.day - day).days
    return "late" if left < 0 else "soon" if left <= SOON else ""


def aspect_label(aspect: Aspect) -> str:
    """Word an aspect: "nội dung", "kinh phí", "thể thức"."""
    return say(Message(ASPECT_LABEL[aspect]))


def shown_target(target: Target) -> str:
    """Word a target: "ít nhất 50"."""
    return targets.shown(target, language())


def signed_by(signature: dict[str, Any]) -> str:
    """Word a signature: who signed for whom, by which decision."""
    return say(signing.told(signature))


def amount(value: int, indicator: Indicator) -> str:
    """Word a value in an indicator's measure."""
    return targets.amount(value, indicator, language())


def worded(figure: targets.Figure, indicator: Indicator) -> str:
    """Word a figure with its comparator and its unit."""
    return targets.worded(figure, indicator, language())


def total(found: Total | None, indicator: Indicator, heard: int | None = None) -> Markup:
    """Word a synthesis's total: its figure, or what the units say, or why there is neither.

    `heard` is how many units there are to say something; those that do, unless it is given.
    """
    if found is None:
        return Markup("–\n")
    if found.figure is None:
        return _no_figure(found, indicator, heard or found.units)
    text = escape(worded(found.figure, indicator))
    if Flag.STRICT in found.flags:
        title = gettext("Có đơn vị ghi “trên” hoặc “dưới”: phải vượt hẳn mức này.")
        text += Markup(' <abbr class="small" title="%s">*</abbr>') % title
    if found.incomparable:
        count = gettext("chưa gồm %(count)s đơn vị ghi cách khác", count=found.incomparable)
        text += _SMALL % count
    if found.sayings:
        text += _SMALL % targets.said_each(found.sayings, indicator, language())
    return text


_SMALL = Markup('<span class="small muted block">%s</span>')


def _no_figure(found: Total, indicator: Indicator, heard: int) -> Markup:
    kept = found.in_range is not None and found.counted
    reached = gettext("%(kept)s trên %(all)s đơn vị đạt", kept=found.in_range, all=found.counted)
    if found.sayings:
        text = escape(targets.said(found.sayings, heard, indicator, language()))
        if len(found.sayings) > 1:
            text += _SMALL % targets.said_each(found.sayings, indicator, language())
        return text + _SMALL % reached if kept else text
    if kept:
        return Markup("<span>%s</span>") % reached
    why = gettext(found.why) if found.why else gettext("không cộng được")
    if found.units:
        count = found.units
        units = ngettext("%(count)s đơn vị", "%(count)s đơn vị", count, count=count)
        why = f"{why} ({units})"
    return Markup('<span class="small muted">%s</span>') % why


def standing_label(standing: Standing) -> str:
    """Word how a unit stands between a synthesis's receipt and what it has released."""
    return say(Message(STANDING_LABEL[standing]))


def local_name(thing: object, field: str = "label") -> str:
    """Return a record's own text in the current language: `label_vi` or `label_en`."""
    return str(getattr(thing, f"{field}_{language()}"))


def register(app: Flask) -> None:
    """Let templates word what they show."""
    app.jinja_env.filters.update(
        capitalize_first=capitalize_first, lower_first=vietnamese.lower_first
    )
    app.jinja_env.globals["text_blocks"] = blocks
    for words in (
        *(act_done, act_label, amount, aspect_label, document_name, due_label, due_tone),
        *(local_name, period_name, shown_target, signed_by, standing_label, status_label),
        *(progress_notes, progress_sent, sent_late, total, worded),
    ):
        app.jinja_env.globals[words.__name__] = words
