"""Digests: the mail of whoever wants one letter a day, gathered in the morning.

Until then their messages wait, and the drain leaves them alone (`gathered`). A digest is a message
of its own, of which the drain makes one mail; those that went into it are BUNDLED.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, String, cast, exists, literal, select, update
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Purpose, system
from lth.core import clock
from lth.mail import outbox
from lth.mail.declarations import Payload, Reach, Withheld, at_once, declare
from lth.mail.outbox import Mail
from lth.models import OutboxMessage, Person
from lth.models.outbox import Delivery
from lth.notifications import notices, send_window


@dataclass(frozen=True, kw_only=True)
class Digest(Payload):
    """A day's letter; what it gathers are rows of their own, which name it."""

    on: date


DIGEST = declare("digest", Digest, at_once=True, still="anything_left", reach=Reach.LETTER)
KIND = DIGEST.kind

Letters = dict[int, list[Row[Any]]]


def gathered() -> ColumnElement[bool]:
    """Select messages, which, waiting, is left for the digest of its recipient."""
    chosen = exists().where(Person.id == OutboxMessage.person_id, Person.digest)
    return OutboxMessage.kind.not_in(at_once()) & chosen


def write(session: Session, now: datetime) -> int:
    """Gather what waits into one message for each person who wants it so; returns how many.

    One a day and person, whoever else tries at the same time, and none that is empty: what is
    written after the morning waits for the next one, but for reminders, which are about their day.
    In the transaction under way, which the caller commits. Nothing before the morning in Viet Nam.
    """
    if not send_window.begun(now):
        return 0
    today = clock.local(now).date()
    with system(session, Purpose.TICK):
        letters = _of_today(_waiting(session, today, now), today)
        written = _insert(session, letters, today, now)
        _bundle(session, letters, written)
    return len(written)


def _waiting(session: Session, today: date, now: datetime) -> Iterable[Row[Any]]:
    """Select what is left for the digests not there yet today, by person, the oldest first.

    Its rows are ours until the commit: those that a drain or another tick has in hand at this
    moment (their recipient has just chosen otherwise) are passed over.
    """
    had = aliased(OutboxMessage)
    key = literal(f"{KIND}:") + cast(OutboxMessage.person_id, String) + literal(f":{today}")
    statement = (
        select(
            OutboxMessage.id,
            OutboxMessage.person_id,
            OutboxMessage.unit_id,
            OutboxMessage.kind,
            OutboxMessage.created_at,
        )
        .where(
            OutboxMessage.delivery == Delivery.WAITING,
            OutboxMessage.created_at <= now,
            gathered(),
            ~exists().where(had.dedupe == key),
        )
        .order_by(OutboxMessage.person_id, OutboxMessage.id)
        .with_for_update(of=OutboxMessage, skip_locked=True)
    )
    return session.execute(statement)


def _of_today(waiting: Iterable[Row[Any]], today: date) -> Letters:
    """Return those whose messages make a digest today, each with all of them."""
    until = send_window.morning_over(today)
    letters: Letters = {}
    for row in waiting:
        letters.setdefault(row.person_id, []).append(row)
    return {
        person_id: rows
        for person_id, rows in letters.items()
        if any(row.created_at < until or row.kind in notices.KINDS for row in rows)
    }


def _insert(session: Session, letters: Letters, today: date, now: datetime) -> dict[int, int]:
    """Write the digests that are not there yet; the id of each by its person.

    In the order of their keys, so that two ticks wait for one another and never each for the other.
    """
    mails = [_mail(person_id, rows, today) for person_id, rows in letters.items()]
    written = outbox.write(session, sorted(mails, key=lambda mail: mail.dedupe), now)
    return {row.person_id: row.id for row in written}


def _mail(person_id: int, rows: list[Row[Any]], today: date) -> Mail:
    """Make a digest. It is of a unit where all that it holds is: the reader of the unit's mail
    sees nothing in it of another's."""
    units = {row.unit_id for row in rows}
    unit_id = units.pop() if len(units) == 1 else None
    return Mail(DIGEST, Digest(on=today), person_id, unit_id, f"{KIND}:{person_id}:{today}")


def _bundle(session: Session, letters: Letters, written: dict[int, int]) -> None:
    """Say which digest each message went into. Of who has had theirs today, they wait on."""
    bundled = [
        {"id": row.id, "delivery": Delivery.BUNDLED, "digest_id": digest_id}
        for person_id, digest_id in written.items()
        for row in letters[person_id]
    ]
    if bundled:
        session.execute(
            update(OutboxMessage), bundled, execution_options={"synchronize_session": None}
        )


class LeftOut(Protocol):
    """A message that a digest did not tell after all."""

    @property
    def id(self) -> int: ...
    @property
    def withheld(self) -> Withheld | None: ...


def leave_out(session: Session, parts: Sequence[LeftOut]) -> None:
    """Take messages out of a digest that went out without them, or not at all; each says why."""
    taken = [
        {
            "id": part.id,
            "delivery": Delivery.DISCARDED,
            "digest_id": None,
            "last_error": part.withheld.value if part.withheld else "",
        }
        for part in parts
    ]
    if taken:
        session.execute(
            update(OutboxMessage), taken, execution_options={"synchronize_session": None}
        )
