"""A document's events as its timeline tells them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lth.access import on_behalf
from lth.blueprints.document.wording import act_done, act_label, days_late
from lth.blueprints.web.layout import role_name
from lth.core.formats import format_date, format_moment
from lth.core.i18n import unpack
from lth.core.language import gettext, say
from lth.core.vietnamese import lower_first
from lth.models import Event
from lth.workflow.acts import Act

TONE = {
    Act.APPROVE: "good",
    Act.ISSUE: "seal",
    Act.ACKNOWLEDGE: "good",
    Act.RETURN: "bad",
    Act.DECLINE: "warn",
    Act.RECALL: "warn",
    Act.REOPEN: "warn",
    Act.REVOKE: "bad",
    Act.ASK_BACK: "warn",
    Act.ASK_EXTENSION: "warn",
    Act.GRANT_EXTENSION: "good",
    Act.REFUSE_EXTENSION: "bad",
    Act.UNDO: "warn",
}


@dataclass(frozen=True)
class TimelineEntry:
    """An event as `ui.timeline` shows it."""

    when: str
    who: str
    what: str
    reason: str
    tone: str


def timeline(events: Iterable[Event]) -> list[TimelineEntry]:
    """Word the events, the newest first."""
    by_seq = {event.seq: event for event in events}
    return [_entry(event, by_seq) for _, event in sorted(by_seq.items(), reverse=True)]


def last_words(events: Iterable[Event], wanted: Act | None = None) -> str:
    """Say what has happened to a document, to somebody who comes to do an act that is done or
    no longer to be done: that act where it was done, and what was done last.
    """
    by_seq = {event.seq: event for event in events}
    if not by_seq:
        return gettext("Chưa có việc nào được thực hiện với văn bản này.")
    last = by_seq[max(by_seq)]
    told = gettext(
        "%(what)s lúc %(at)s, %(who)s.",
        what=_entry(last, by_seq).what,
        at=format_moment(last.at),
        who=_entry(last, by_seq).who,
    )
    if wanted is None or last.action == wanted:
        return told
    return gettext(
        "Hiện không có việc “%(act)s” ở văn bản này. Việc gần nhất: %(told)s",
        act=act_label(wanted),
        told=lower_first(told),
    )


def _entry(event: Event, by_seq: dict[int, Event]) -> TimelineEntry:
    act = Act(event.action)
    # of an event signed for another: both names and the decision as they were then
    name = say(on_behalf.who(event.data.get("on_behalf"), event.person_name))
    return TimelineEntry(
        when=format_moment(event.at),
        who=f"{name} ({role_name(event.role, event.unit_name)})",
        what=_what(event, act, by_seq) + _lateness(event) + _units_in(event),
        reason=event.reason,
        tone=TONE.get(act, ""),
    )


def _what(event: Event, act: Act, by_seq: dict[int, Event]) -> str:
    if act is Act.UNDO and event.data.get("undoes") in by_seq:
        undone = by_seq[event.data["undoes"]]
        return gettext("Đã hoàn tác “%(act)s”", act=act_done(undone.action).lower())
    if event.data.get("document_number"):
        return gettext(
            "%(act)s theo văn bản số %(number)s ngày %(date)s",
            act=act_done(act),
            number=event.data["document_number"],
            date=_stored_date(event, "document_date"),
        )
    if event.data.get("until"):
        until = _stored_date(event, "until")
        return gettext("%(act)s đến hết ngày %(date)s", act=act_done(act), date=until)
    if act in {Act.SUBMIT, Act.AMEND}:
        return gettext("%(act)s (lần %(n)s)", act=act_done(act), n=event.revision_number)
    return act_done(act)


def _lateness(event: Event) -> str:
    """Word how late a document was sent: ", sau hạn 1 ngày làm việc"."""
    late = event.data.get("late")
    return f", {days_late(late['workdays'])}" if late else ""


def _units_in(event: Event) -> str:
    """Word how many units were in a synthesis that went on without some of them."""
    packed = event.data.get("units_in")
    return gettext(" – có %(units)s", units=say(unpack(packed))) if packed else ""


def _stored_date(event: Event, name: str) -> str:
    stored = event.data.get(name, "")
    return format_date(date.fromisoformat(stored)) if stored else ""
