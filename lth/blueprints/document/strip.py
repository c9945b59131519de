"""The strip on every document: its road, who holds it, since when, by when, why it is locked, what
would unlock it, and who will be reminded when.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from lth.blueprints.document.wording import workdays_left
from lth.blueprints.web import current
from lth.blueprints.web.layout import LEVEL_LABEL
from lth.core import clock
from lth.core.formats import format_date, format_moment
from lth.core.i18n import Message
from lth.core.language import gettext, ngettext, say
from lth.core.workdays import Calendar
from lth.models import Document, DocumentStep
from lth.models.document import ExtensionAnswer, Mode, Status
from lth.workflow import deadlines, reminder_schedule
from lth.workflow.acts import Act, Row
from lth.workflow.deadlines import FINISHING, Due, Schedule, owed_as
from lth.workflow.reminder_schedule import TOLD_LABEL
from lth.workflow.states import ABOVE, OWED, STATES

REMEDIES = {
    Status.CLEARANCE: (Act.ASK_BACK,),
    Status.SUBMITTED: (Act.RECALL,),
    Status.REVIEW: (Act.ASK_BACK,),
    Status.APPROVED: (Act.ASK_BACK, Act.REOPEN),
    Status.ISSUED: (Act.AMEND,),
}
"""Of a locked document, by its state, what asks for or brings what would unlock it."""


@dataclass(frozen=True)
class StepView:
    """A step as `ui.road` shows it."""

    unit: str
    level: str
    state: str
    holder: str
    since: str


@dataclass(frozen=True)
class Reminder:
    """A rung of the ladder as the strip lists it; `state`: past, next or ahead."""

    on: date
    told: str
    what: str
    state: str


@dataclass(frozen=True)
class Strip:
    """Where a document stands.

    `left` counts the working days to `day`, the one that binds; `closing` says when nothing is
    taken any more, `last_hours` that this is today; `asked` how a request for more time stands,
    `locked` which rule keeps the document as it is, and `remedy` is the act that would change that,
    if the actor may take it.
    """

    steps: list[StepView]
    holder: str
    since: str
    due: Due | None
    day: date | None = None
    left: str = ""
    closing: str = ""
    last_hours: bool = False
    asked: str = ""
    locked: str = ""
    remedy: Act | None = None
    reminders: list[Reminder] = field(default_factory=list)


def strip_of(
    document: Document,
    schedule: Schedule,
    now: datetime,
    offered: Iterable[Row] = (),
    *,
    own: bool = True,
) -> Strip:
    """Make the strip of a document for an actor and the acts that are offered to them.

    `own`: the actor is of the document's unit, whose own earlier day concerns nobody else.
    """
    current.know_calendar(schedule.calendar)
    today, due = clock.local(now).date(), schedule.due
    holder, here = _holder(document), _place(document)
    days = schedule.calendar.between(clock.local(document.status_since).date(), today)
    since = _since(document, days)
    acts = {row.act for row in offered}
    shut = _owed(document) and schedule.shut(document, now)
    return Strip(
        steps=[_view(step, here, holder, since) for step in document.steps],
        holder=holder,
        since=since,
        due=due,
        day=due.binds(owed_as(document.status, document.cleared_from)) if due else None,
        left=_left(document, due, schedule.calendar, today),
        closing=_closing(document, due, now),
        last_hours=_last_hours(document, due, now),
        asked=_asked(document),
        locked=_locked(document, due, shut),
        remedy=_remedy(document, shut, acts),
        reminders=_reminders(document, schedule, today, own=own) if due else [],
    )


def strip_here(session: Session, document: Document, now: datetime) -> Strip:
    """The strip for a page on which the unit works at its own document; in one query."""
    return strip_of(document, deadlines.schedule(session, document), now)


# --- Who holds it -------------------------------------------------------------------------


def _place(document: Document) -> int:
    """The step that holds the document; past the last one when nobody has to act."""
    if document.status in ABOVE or _to_be_acknowledged(document):
        return 1
    if document.status is Status.ISSUED:
        return 2
    return 0


def _to_be_acknowledged(document: Document) -> bool:
    return (
        document.status is Status.ISSUED
        and document.mode is Mode.ACKNOWLEDGE
        and document.released_number != document.in_force_number
    )


def _view(step: DocumentStep, here: int, holder: str, since: str) -> StepView:
    state = "done" if step.ordinal < here else "here" if step.ordinal == here else "ahead"
    at = state == "here"
    return StepView(
        unit=step.unit.full_name,
        level=str(LEVEL_LABEL[step.unit.level]),
        state=state,
        holder=holder if at else "",
        since=since if at else "",
    )


def _since(document: Document, days: int) -> str:
    when = format_date(document.status_since)
    if days <= 0:
        return gettext("từ %(when)s", when=when)
    return ngettext(
        "từ %(when)s, %(num)s ngày làm việc", "từ %(when)s, %(num)s ngày làm việc", days, when=when
    )


def _holder(document: Document) -> str:
    """Whose desk the document is on, in words."""
    if _to_be_acknowledged(document):
        return gettext("Chuyên viên tiếp nhận")
    drafter = gettext(document.kind.drafter_label)
    return gettext(STATES[document.status].holder, drafter=drafter)


# --- By when ------------------------------------------------------------------------------


def days_left(calendar: Calendar, today: date, day: date) -> str:
    """The working days to a day, in words."""
    if today == day:
        return gettext("hôm nay là ngày cuối")
    return workdays_left(calendar.between(today, day), past=day < today)


def _owed(document: Document) -> bool:
    """Whether the unit still has to send it up; an amendment has no day."""
    return document.status in OWED and document.in_force_number is None


def _left(document: Document, due: Due | None, calendar: Calendar, today: date) -> str:
    if due is None or not _owed(document):
        return ""
    return days_left(calendar, today, due.binds(owed_as(document.status, document.cleared_from)))


def _closing(document: Document, due: Due | None, now: datetime) -> str:
    """When nothing is taken any more; said more plainly the nearer it comes."""
    if due is None or due.shuts_at is None or not _owed(document):
        return ""
    end = due.shuts_at + FINISHING
    if due.finishing(now):
        return gettext(
            "Hạn nhận đã hết lúc 24:00. Việc đang làm dở còn hoàn tất được đến %(end)s.",
            end=format_moment(end),
        )
    if due.shut(now):
        return ""
    return gettext(
        "Nhận đến 24:00 ngày %(date)s; ai đang làm dở lúc đó được hoàn tất trong %(minutes)s phút.",
        date=format_date(due.last_correction_on),
        minutes=int(FINISHING.total_seconds() // 60),
    )


def _last_hours(document: Document, due: Due | None, now: datetime) -> bool:
    if due is None or due.last_correction_on is None or not _owed(document):
        return False
    return due.finishing(now) or clock.local(now).date() == due.last_correction_on


def _asked(document: Document) -> str:
    if document.asked_until is None or document.status not in OWED:
        return ""
    until = format_date(document.asked_until)
    if document.asked_answer is None:
        return gettext("Đã xin gia hạn đến hết ngày %(date)s, đang chờ trả lời.", date=until)
    if document.asked_answer is ExtensionAnswer.REFUSED:
        return gettext("Đề nghị gia hạn đến %(date)s không được đồng ý.", date=until)
    return gettext(
        "Đã được gia hạn đến hết ngày %(date)s.", date=format_date(document.extended_until)
    )


# --- Why it is locked ---------------------------------------------------------------------


def _locked(document: Document, due: Due | None, shut: bool) -> str:
    if due is not None and shut:
        return gettext(
            "Đã hết hạn nhận văn bản từ 24:00 ngày %(date)s: vẫn soạn được, nhưng chưa trình được "
            "cho đến khi được gia hạn.",
            date=format_date(due.last_correction_on),
        )
    above = document.next_unit.full_name if document.next_unit else ""
    lock = STATES[document.status].lock
    return gettext(lock, above=above) if lock else ""


def _remedy(document: Document, shut: bool, acts: set[Act]) -> Act | None:
    """The one act that the strip offers; none where a request waits for its answer."""
    if shut:
        waits = document.asked_until is not None and document.asked_answer is None
        wanted: tuple[Act, ...] = () if waits else (Act.ASK_EXTENSION,)
    else:
        wanted = REMEDIES.get(document.status, ())
    return next((act for act in wanted if act in acts), None)


# --- The ladder ahead ---------------------------------------------------------------------


def _reminders(document: Document, schedule: Schedule, today: date, *, own: bool) -> list[Reminder]:
    due = schedule.due
    if due is None or not _owed(document):
        return []
    found = reminder_schedule.steps(
        due, owed_as(document.status, document.cleared_from), schedule.calendar
    )
    shown = [step for step in found if own or not step.own_day]
    coming = next((step for step in shown if step.on > today), None)
    return [
        Reminder(
            on=step.on,
            told=_told(step),
            what=_what(step, schedule.calendar),
            state="past" if step.on <= today else "next" if step is coming else "ahead",
        )
        for step in shown
    ]


def _told(step: reminder_schedule.Step) -> str:
    words = ", ".join(say(Message(TOLD_LABEL[one])) for one in step.rung.told)
    return words[:1].upper() + words[1:]


def _what(step: reminder_schedule.Step, calendar: Calendar) -> str:
    """How far the day that it is about will be then."""
    words = days_left(calendar, step.on, step.about)
    return gettext("hạn nội bộ %(words)s", words=words) if step.own_day else words
