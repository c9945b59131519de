"""Thông báo: what a person was told, by whatever channel, in the roles they hold.

A notice is a row of mail, also one that waits for the morning or is held without a relay. Not among
them: one-time links and digests, which are no news of their own, and what was never to be told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, Scope, messages_seen, system
from lth.core.config import Settings
from lth.core.errors import NotFoundError
from lth.mail.declarations import Withheld, for_nobody_else
from lth.models import OutboxMessage
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import messages, validity
from lth.notifications.facts import MailFacts
from lth.notifications.messages import DigestLine, Text

PAGE_SIZE = 20
CALLS = 60
"""So many of the newest notices that called to act are asked whether they still do."""

LONGEST = 2000
"""Notices that the pages lead back to."""


@dataclass(frozen=True)
class NoticeLine:
    """A notice in a list: what it says, and whether it calls to act now or was undone."""

    id: int
    subject: str
    what: str
    reason: str
    at: datetime
    day: date | None
    turn: bool
    unread: bool
    undone: bool
    unit_id: int | None
    unit_name: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class Noticeboard:
    """A page of notices, newest first, and apart from them those that call to act, most urgent
    first; `total` counts all that call to nothing."""

    to_do: Sequence[NoticeLine]
    lines: Sequence[NoticeLine]
    total: int
    unread: int
    newest: int


@dataclass(frozen=True)
class NoticeText:
    """One notice in full; `path` is where it leads, at the level of its role. `over`: it called to
    act, and there is nothing left to do."""

    line: NoticeLine
    text: Text
    path: str
    link: str
    over: bool


def board(
    settings: Settings,
    session: Session,
    scope: Scope,
    unit_ids: Collection[int | None],
    page: int,
    now: datetime,
) -> Noticeboard:
    """Return a page (from 1) of a person's notices at the units of their roles, in as many queries
    however many there are."""
    rows = session.execute(_rows(scope, unit_ids)).all()
    unread = {row.id for row in rows if row.unread}
    calls = [row.id for row in rows if row.turn][:CALLS]
    with system(session, Purpose.DELIVER):
        known = validity.today(session, calls, now)
        to_do = _to_do(known.values())
        shown = {mail.id for mail in to_do}
        rest = [row.id for row in rows if row.id not in shown]
        start = (max(1, page) - 1) * PAGE_SIZE
        here = rest[start : start + PAGE_SIZE]
        known |= validity.today(session, [id_ for id_ in here if id_ not in known], now)
    listed = (known[id_] for id_ in here)
    told = [mail for mail in listed if mail.withheld is not Withheld.ROLE_ENDED]
    return Noticeboard(
        to_do=_lines(settings, to_do, unread),
        lines=_lines(settings, list(map(validity.news, told)), unread),
        total=len(rest),
        unread=len(unread),
        newest=max((row.id for row in rows), default=0),
    )


def notice(
    settings: Settings,
    session: Session,
    scope: Scope,
    unit_ids: Collection[int | None],
    message_id: int,
    now: datetime,
) -> NoticeText:
    """Return one of a person's notices in full. Raises NotFoundError for any other."""
    found = session.execute(
        _rows(scope, unit_ids).where(OutboxMessage.id == message_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError
    with system(session, Purpose.DELIVER):
        mail = validity.sending(session, [message_id], now)[message_id]
        stands = validity.today(session, [message_id], now)[message_id]
    if stands.withheld is Withheld.ROLE_ENDED:
        raise NotFoundError
    [line] = _lines(settings, [stands], {message_id} if found.unread else set())
    link = messages.link(settings, mail)
    path = link.removeprefix(settings.base_url)
    over = mail.turn and not line.turn
    return NoticeText(line, messages.write(settings, mail), path, link, over)


def mark_read(session: Session, scope: Scope, message_id: int, now: datetime) -> int:
    """Note that a person has read one of their notices; returns how many were unread."""
    return _mark(session, scope, OutboxMessage.id == message_id, now)


def mark_read_up_to(session: Session, scope: Scope, newest: int, now: datetime) -> int:
    """Note that a person has read what they were shown, and nothing that came since."""
    return _mark(session, scope, OutboxMessage.id <= newest, now)


def _mark(session: Session, scope: Scope, which: ColumnElement[bool], now: datetime) -> int:
    own = OutboxMessage.person_id == scope.person_id
    statement = (
        update(OutboxMessage)
        .where(own, which, OutboxMessage.read_at.is_(None))
        .values(read_at=now)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    with system(session, Purpose.DELIVER):
        return len(session.scalars(statement).all())


def _rows(scope: Scope, unit_ids: Collection[int | None]) -> Select[Any]:
    """Select a person's notices, newest first: id, whether it called to act, whether unread."""
    here: ColumnElement[bool] = OutboxMessage.unit_id.in_(
        [unit_id for unit_id in unit_ids if unit_id is not None]
    )
    if None in unit_ids:
        here = or_(here, OutboxMessage.unit_id.is_(None))
    return (
        select(
            OutboxMessage.id,
            func.coalesce(OutboxMessage.data["turn"].as_boolean(), False).label("turn"),
            OutboxMessage.read_at.is_(None).label("unread"),
        )
        .where(
            messages_seen(scope),
            OutboxMessage.person_id == scope.person_id,
            OutboxMessage.kind.not_in(for_nobody_else()),
            OutboxMessage.delivery != Delivery.DISCARDED,
            here,
        )
        .order_by(OutboxMessage.id.desc())
        .limit(LONGEST)
    )


def _to_do(mails: Collection[MailFacts]) -> list[MailFacts]:
    """List what still calls to act, the most urgent first; for each thing to do its newest."""
    newest = {
        mail.payload.task or ("mail", mail.id): mail
        for mail in sorted(mails, key=lambda mail: mail.id)
        if mail.turn and mail.withheld is None
    }
    return sorted(newest.values(), key=lambda mail: (mail.payload.day or date.max, mail.id))


def _lines(
    settings: Settings, mails: Sequence[MailFacts], unread: Collection[int]
) -> list[NoticeLine]:
    written = zip(mails, messages.lines(settings, mails), strict=True)
    return [_line(mail, words, mail.id in unread) for mail, words in written]


def _line(mail: MailFacts, written: DigestLine, unread: bool) -> NoticeLine:
    told = mail.payload
    return NoticeLine(
        id=mail.id,
        subject=written.subject,
        what=written.what,
        reason=written.reason,
        at=mail.created_at,
        day=told.day,
        turn=told.turn and mail.withheld is None,
        unread=unread,
        undone=mail.withheld is Withheld.UNDONE,
        unit_id=mail.recipient.unit_id,
        unit_name=mail.recipient.unit_name,
        roles=frozenset(told.turn_as or told.news_as),
    )
