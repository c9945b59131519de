"""The strip on every document: its road, who holds it since when, by when, why it is locked, what
would unlock it, and who will be reminded when.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from lth.blueprints.document.wording import sent_late, workdays_left
from lth.blueprints.web import current
from lth.blueprints.web.layout import LEVEL_LABEL
from lth.core import clock
from lth.core.formats import format_date, format_moment
from lth.core.i18n import Message
from lth.core.language import gettext, ngettext, say
from lth.core.workdays import Calendar
from lth.models import Document, DocumentStep, Revision
from lth.models.document import ExtensionAnswer, Mode, Status
from lth.notifications import send_window
from lth.workflow import deadlines, reminder_schedule
from lth.workflow.acts import Act, Row
from lth.workflow.deadlines import FINISHING, Schedule, owed_as, owes
from lth.workflow.reminder_schedule import TOLD_LABEL
from lth.workflow.states import ABOVE, CORRECTED, OWED, STATES

REMEDIES = {
    Status.CLEARANCE: (Act.ASK_BACK,),
    Status.SUBMITTED: (Act.RECALL,),
    Status.REVIEW: (Act.ASK_BACK,),
    Status.APPROVED: (Act.ASK_BACK, Act.REOPEN),
    Status.ISSUED: (Act.AMEND,),
}
"""Which acts ask for or bring what would unlock a locked document, by its state."""


class Strip:
    """A document's strip for an actor and the acts that are offered to them.

    `own`: the actor is of the document's unit, whose own earlier day concerns nobody else. `sent`
    is the revision it sent last, where the actor sees it.
    """

    def __init__(
        self,
        document: Document,
        schedule: Schedule,
        now: datetime,
        offered: Iterable[Row] = (),
        *,
        own: bool = True,
        sent: Revision | None = None,
    ) -> None:
        current.know_calendar(schedule.calendar)
        self.document, self.schedule, self.now = document, schedule, now
        self.offered, self.own, self.sent = offered, own, sent
        self.due, self.calendar = schedule.due, schedule.calendar
        self.today = clock.local(now).date()
        self.owed = owes(document)
        self.shut = self.owed and schedule.shut(document, now)

    # --- Who holds it -------------------------------------------------------------------------

    @property
    def steps(self) -> list[dict[str, str]]:
        """List the steps of the road for `ui.road`."""
        here, passed = self._place()
        return [self._step(step, here, passed) for step in self.document.steps]

    def _step(self, step: DocumentStep, here: int | None, passed: set[int]) -> dict[str, str]:
        shown = {"unit": step.unit.full_name, "level": str(LEVEL_LABEL[step.unit.level])}
        if step.ordinal == here:
            return {**shown, "state": "here", "holder": self._holder(), "since": self._since()}
        if step.ordinal in passed:
            return {**shown, "state": "done"}
        return {**shown, "state": "ahead", "holder": self._ahead(step)}

    def _place(self) -> tuple[int | None, set[int]]:
        """Return the step that holds the document, none when nobody has to act; and those that have
        done their part. What the next step has approved is its unit's to issue.
        """
        status = self.document.status
        if status in ABOVE or self._to_be_acknowledged():
            return 1, {0}
        if status is Status.ISSUED:
            return None, {0, 1}
        return 0, {1} if status is Status.APPROVED else set()

    def _ahead(self, step: DocumentStep) -> str:
        """Word why a step is still to come: it sent the document back, or reads its figures in the
        sums of the step before it.
        """
        if step.ordinal > 1:
            return gettext("Nhận qua bản tổng hợp của cấp dưới")
        came_back = owed_as(self.document.status, self.document.cleared_from) in CORRECTED
        return gettext("Đã trả lại, chờ trình lại") if came_back else ""

    def _to_be_acknowledged(self) -> bool:
        document = self.document
        return (
            document.status is Status.ISSUED
            and document.mode is Mode.ACKNOWLEDGE
            and document.released_number != document.in_force_number
        )

    def _since(self) -> str:
        """Word since when it has lain there, in working days too."""
        moment = self.document.status_since
        days = self.calendar.between(clock.local(moment).date(), self.today)
        when = format_date(moment)
        if days <= 0:
            return gettext("từ %(when)s", when=when)
        return ngettext(
            "từ %(when)s, %(num)s ngày làm việc",
            "từ %(when)s, %(num)s ngày làm việc",
            days,
            when=when,
        )

    def _holder(self) -> str:
        """Word whose desk the document is on."""
        if self._to_be_acknowledged():
            return gettext("Chuyên viên tiếp nhận")
        drafter = gettext(self.document.kind.drafter_label)
        return gettext(STATES[self.document.status].holder, drafter=drafter)

    # --- By when ------------------------------------------------------------------------------

    @property
    def binds(self) -> bool:
        """Tell whether there is a day to speak of: not of an amendment, nor of a unit that takes
        part no more.
        """
        return self.due is not None and self.due.binding

    @cached_property
    def late(self) -> str:
        """Word how late it was sent, for as long as it has been: "trình 29/11, sau hạn …"."""
        sent = self.sent
        return sent_late(sent.submitted_at, sent.days_late) if sent is not None else ""

    @property
    def day(self) -> date | None:
        """Return the day that counts."""
        return self.due.day if self.due else None

    @cached_property
    def left(self) -> str:
        """Word the working days to the day that binds."""
        return days_left(self.calendar, self.today, self.day) if self.day and self.owed else ""

    @cached_property
    def closing(self) -> str:
        """Word when nothing is taken any more; said more plainly the nearer it comes."""
        due = self.due
        if due is None or due.shuts_at is None or not self.owed or not due.binding:
            return ""
        if due.finishing(self.now):
            return gettext(
                "Hạn nhận đã hết lúc 24:00. Việc đang làm dở còn hoàn tất được đến %(end)s.",
                end=format_moment(due.shuts_at + FINISHING),
            )
        if due.shut(self.now):
            return ""
        return gettext(
            "Nhận đến 24:00 ngày %(date)s; ai đang làm dở lúc đó được hoàn tất trong "
            "%(minutes)s phút.",
            date=format_date(due.last_correction_on),
            minutes=int(FINISHING.total_seconds() // 60),
        )

    @property
    def last_hours(self) -> bool:
        """Tell whether today is the last day on which it is taken."""
        due = self.due
        if due is None or due.last_correction_on is None or not self.owed or not due.binding:
            return False
        return due.finishing(self.now) or self.today == due.last_correction_on

    @cached_property
    def asked(self) -> str:
        """Word how a request for more time stands."""
        document = self.document
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

    @cached_property
    def locked(self) -> str:
        """Word the rule that keeps the document as it is."""
        if self.due is not None and self.shut:
            return gettext(
                "Đã hết hạn nhận văn bản từ 24:00 ngày %(date)s: vẫn soạn được, nhưng chưa trình "
                "được cho đến khi được gia hạn.",
                date=format_date(self.due.last_correction_on),
            )
        above = self.document.next_unit.full_name if self.document.next_unit else ""
        lock = STATES[self.document.status].lock
        return gettext(lock, above=above) if lock else ""

    @cached_property
    def remedy(self) -> Act | None:
        """Find the act offered that would unlock it; none while a request waits for its answer."""
        waits = self.document.asked_until is not None and self.document.asked_answer is None
        wanted = REMEDIES.get(self.document.status, ())
        if self.shut:
            wanted = () if waits else (Act.ASK_EXTENSION,)
        acts = {row.act for row in self.offered}
        return next((act for act in wanted if act in acts), None)

    @property
    def ended(self) -> str:
        """Word since when the document's unit is no more: nobody of it is reminded of anything."""
        end = self.document.unit.valid_to
        if end is None or end > self.today or not self.owed or not self.binds:
            return ""
        return gettext(
            "Đơn vị đã kết thúc từ ngày %(date)s nên hệ thống không gửi thư nhắc.",
            date=format_date(end),
        )

    # --- The reminders ahead ------------------------------------------------------------------

    @cached_property
    def reminders(self) -> list[dict[str, Any]]:
        """List who is told when; `state`: past, next or ahead."""
        if self.due is None or not self.owed or not self.binds:
            return []
        owed = owed_as(self.document.status, self.document.cleared_from)
        steps = reminder_schedule.steps(self.due, owed, self.calendar)
        shown = [step for step in steps if self._concerns(step)]
        coming = next((step for step in shown if not self._told(step)), None)
        return [
            {
                "on": step.on,
                "told": _recipients(step),
                "what": self._distance(step),
                "state": "past" if self._told(step) else "next" if step is coming else "ahead",
            }
            for step in shown
        ]

    def _concerns(self, step: reminder_schedule.Step) -> bool:
        """Tell whether a reminder is this reader's to know of, and not of a day on which the unit
        is no more; nor before the document came back: nobody was reminded then of a day for
        corrections.
        """
        end = self.document.unit.valid_to
        if (step.own_day and not self.own) or (end is not None and step.on >= end):
            return False
        returned_at = self.schedule.returned_at if self.due and self.due.returned else None
        return returned_at is None or step.on >= clock.local(returned_at).date()

    def _told(self, step: reminder_schedule.Step) -> bool:
        """Tell whether a reminder's morning has come."""
        return step.on < self.today or (step.on == self.today and send_window.begun(self.now))

    def _distance(self, step: reminder_schedule.Step) -> str:
        """Word how far the day that a reminder is about will be then."""
        words = days_left(self.calendar, step.on, step.about)
        return gettext("hạn nội bộ %(words)s", words=words) if step.own_day else words


def strip_here(session: Session, document: Document, now: datetime) -> Strip:
    """Make the strip for a page on which the unit works at its own document; in one query."""
    return Strip(document, deadlines.schedule(session, document), now)


def days_left(calendar: Calendar, today: date, day: date) -> str:
    """Word the working days to a day."""
    if today == day:
        return gettext("hôm nay là ngày cuối")
    return workdays_left(calendar.between(today, day), past=day < today)


def _recipients(step: reminder_schedule.Step) -> str:
    words = ", ".join(say(Message(TOLD_LABEL[recipient])) for recipient in step.rung.told)
    return words[:1].upper() + words[1:]
