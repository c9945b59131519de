"""Count afterwards: what is lost, what is doubled, and whether plans are what their trails say."""

import re
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from faults.office import Office
from faults.work import GIVE_BACK, SEND, Deed
from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.models import Event, OutboxMessage
from lth.models.outbox import Delivery

UNSETTLED = (Delivery.WAITING, Delivery.SENDING, Delivery.FAILED)
_NAMED = re.compile(r"mail\.(\d+)")
LATER = 10
"""Hours after which every lease has run out and every try is due again."""


@dataclass(frozen=True)
class Before:
    """Where a case begins: what the demo has brought along."""

    event_id: int
    mail_id: int


@dataclass
class Tally:
    """What is left of a case; `wrong` is empty when nothing is lost or doubled."""

    acts: int = 0
    unanswered: int = 0
    of_these_there: int = 0
    mails: int = 0
    sent_again: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def begin(office: Office) -> Before:
    """Note where it begins."""
    with _looking(office) as session, system(session, Purpose.DELIVER):
        return Before(
            session.scalar(select(func.max(Event.id))) or 0,
            session.scalar(select(func.max(OutboxMessage.id))) or 0,
        )


def take(office: Office, before: Before) -> Tally:
    """Settle the mail, then count. The people have stopped."""
    tally = Tally(slowest=max(desk.slowest for desk in office.desks))
    _settle(office, before, tally)
    _count_events(office, before, tally)
    _count_mails(office, before, tally)
    said = office.lth("reconcile")
    if said.returncode != 0:
        tally.wrong.append(f"lth reconcile: {said.stdout}{said.stderr}")
    if "Exception on" in office.server.said():
        tally.wrong.append("a page failed: see the server's log")
    return tally


def _looking(office: Office) -> Session:
    app = office.app()
    with app.app_context():
        return Session(db.engine)


def _settle(office: Office, before: Before, tally: Tally) -> None:
    """Have all that waits sent: first by the server, then as if hours had passed."""
    for hours in range(LATER, 6 * LATER, LATER):
        if not _unsettled(office, before):
            return
        office.lth("deliver", LTH_CLOCK=f"+{hours}h")
    tally.wrong += [f"{count} mails {state}" for state, count in _unsettled(office, before).items()]


def _unsettled(office: Office, before: Before) -> Counter[str]:
    states = Counter(_states(office, before).values())
    return Counter({one.value: states[one] for one in UNSETTLED if states[one]})


def _states(office: Office, before: Before) -> dict[int, Delivery]:
    with _looking(office) as session, system(session, Purpose.DELIVER):
        rows = session.execute(
            select(OutboxMessage.id, OutboxMessage.delivery).where(
                OutboxMessage.id > before.mail_id
            )
        )
        return {row.id: row.delivery for row in rows}


def _count_events(office: Office, before: Before, tally: Tally) -> None:
    with _looking(office) as session, system(session, Purpose.RECONCILE):
        rows = session.execute(
            select(Event.document_id, Event.action, Event.reason).where(Event.id > before.event_id)
        ).all()
    reasons = Counter((row.document_id, row.reason) for row in rows if row.action == GIVE_BACK)
    sends = Counter(row.document_id for row in rows if row.action == SEND)
    for desk in office.desks:
        tally.acts += desk.done
        tally.unanswered += len(desk.deeds) - desk.done
        for deed in desk.deeds:
            if deed.act == GIVE_BACK:
                _judge(deed, reasons[deed.document_id, deed.reason], tally)
        done = sum(deed.done for deed in desk.deeds if deed.act == SEND)
        tried = sum(deed.act == SEND for deed in desk.deeds)
        there = sends[desk.document_id]
        tally.of_these_there += max(there - done, 0)
        if not done <= there <= tried:
            tally.wrong.append(f"document {desk.document_id}: {there} sends of {done} to {tried}")


def _judge(deed: Deed, there: int, tally: Tally) -> None:
    if there > 1:
        tally.wrong.append(f"document {deed.document_id}: {deed.reason!r} is doubled")
    elif deed.done and not there:
        tally.wrong.append(f"document {deed.document_id}: {deed.reason!r} is lost")
    elif there and not deed.done:
        tally.of_these_there += 1


def _count_mails(office: Office, before: Before, tally: Tally) -> None:
    """Every row that says sent has arrived, whatever has arrived twice under one Message-ID."""
    states = _states(office, before)
    arrived = Counter(_row_of(one) for one in office.post.ids)
    sent = {row for row, state in states.items() if state is Delivery.SENT}
    tally.mails = len(sent)
    tally.sent_again = sum(count - 1 for count in arrived.values())
    if missing := sent - arrived.keys():
        tally.wrong.append(f"{len(missing)} mails are said to be sent and have not arrived")
    if len(set(office.post.ids)) != len(arrived):
        tally.wrong.append("one mail has gone out under two Message-IDs")


def _row_of(message_id: str) -> int:
    """Return the row that a Message-ID names."""
    named = _NAMED.search(message_id)
    assert named is not None, message_id
    return int(named[1])
