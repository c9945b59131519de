"""The page of outgoing mail: what went out, what waits, and what a person does by hand.

Who sees which message is the scope's business (`messages_seen`): one's own, a unit administrator
the unit's, a system administrator all. Nobody sees a one-time token. What is written in them is
read under `Purpose.DELIVER`, as for the mail itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lth.access import audit
from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, messages_seen, system
from lth.i18n import N_, Message
from lth.models import OutboxMessage
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import facts, messages
from lth.notifications.facts import Facts
from lth.notifications.messages import Text
from lth.workflow.errors import BlockedError, NotFoundError, NotNowError, NotYoursError

PAGE_SIZE = 30

DELIVERY_LABEL = {
    Delivery.HELD: N_("Đang giữ"),
    Delivery.WAITING: N_("Chờ gửi"),
    Delivery.SENDING: N_("Đang gửi"),
    Delivery.SENT: N_("Đã gửi"),
    Delivery.FAILED: N_("Không gửi được"),
    Delivery.DISCARDED: N_("Đã bỏ"),
}


@dataclass(frozen=True)
class Line:
    """A message in the list: who gets it, what it says in a line, and where it stands."""

    id: int
    person_name: str
    email: str
    unit_name: str
    subject: str
    turn: bool
    delivery: Delivery
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str


@dataclass(frozen=True)
class Listing:
    """One page of the list, newest first; `total` counts all pages."""

    lines: Sequence[Line]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True)
class Preview:
    """A message as it went or would go out, its one-time token masked."""

    line: Line
    text: Text
    may_handle: bool


def listing(
    app: Flask, session: Session, scope: Scope, page: int = 1, delivery: Delivery | None = None
) -> Listing:
    """A page (from 1) of the messages that the scope sees, in one state or in all."""
    where = [messages_seen(scope)]
    if delivery is not None:
        where.append(OutboxMessage.delivery == delivery)
    total = session.scalar(select(func.count()).select_from(OutboxMessage).where(*where)) or 0
    number = max(1, page)
    ids = session.scalars(
        select(OutboxMessage.id)
        .where(*where)
        .order_by(OutboxMessage.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    with system(session, Purpose.DELIVER):
        known = facts.load(session, ids, due=False)
    lines = [_line(app, _shown(known[one], scope)) for one in ids]
    return Listing(lines, total, number)


def counts(session: Session, scope: Scope) -> dict[Delivery, int]:
    """How many messages the scope sees in each state."""
    statement = (
        select(OutboxMessage.delivery, func.count().label("count"))
        .where(messages_seen(scope))
        .group_by(OutboxMessage.delivery)
    )
    found = {row.delivery: row.count for row in session.execute(statement)}
    return {delivery: found.get(delivery, 0) for delivery in Delivery}


def preview(app: Flask, session: Session, scope: Scope, message_id: int) -> Preview:
    """One message in full. Raises NotFoundError outside the scope."""
    _find(session, scope, message_id)
    with system(session, Purpose.DELIVER):
        known = facts.load(session, [message_id])
    shown = _shown(known[message_id], scope)
    may_handle = _handles(scope, shown.recipient.unit_id)
    return Preview(_line(app, shown), messages.write(app, shown), may_handle)


def release(session: Session, actor: Actor, message_id: int, *, now: datetime, smtp: bool) -> None:
    """Let a held message go out; `smtp` says whether there is a relay to take it.

    Raises NotFoundError, NotYoursError, NotNowError when it is not held (any more), and
    BlockedError without a relay, since it would only be held again.
    """
    if not smtp:
        _may_handle(session, actor, message_id)
        raise BlockedError(
            Message(N_("Chưa có máy chủ thư (LTH_SMTP_URL) nên chưa thể gửi thư này."))
        )
    _move(session, actor, message_id, {Delivery.HELD}, Delivery.WAITING, now)


def retry(session: Session, actor: Actor, message_id: int, *, now: datetime) -> None:
    """Have a message that was given up tried again, from the first attempt.

    Raises NotFoundError, NotYoursError, and NotNowError when it was not given up.
    """
    _move(session, actor, message_id, {Delivery.FAILED}, Delivery.WAITING, now)


def discard(session: Session, actor: Actor, message_id: int, *, now: datetime) -> None:
    """Never send a message; its one-time token is wiped.

    Raises NotFoundError, NotYoursError, and NotNowError when it went out or was discarded before.
    """
    unsent = {Delivery.HELD, Delivery.WAITING, Delivery.FAILED}
    _move(session, actor, message_id, unsent, Delivery.DISCARDED, now)


def _find(session: Session, scope: Scope, message_id: int) -> Any:
    """The message's unit and kind, if the scope sees it."""
    statement = select(OutboxMessage.unit_id, OutboxMessage.kind, OutboxMessage.delivery).where(
        OutboxMessage.id == message_id, messages_seen(scope)
    )
    found = session.execute(statement).first()
    if found is None:
        raise NotFoundError
    return found


def _handles(scope: Scope, unit_id: int | None) -> bool:
    """Whether messages of a unit are this scope's to release and discard."""
    if scope.role == Role.SYSTEM_ADMIN:
        return True
    return scope.role == Role.UNIT_ADMIN and unit_id is not None and unit_id == scope.unit_id


def _may_handle(session: Session, actor: Actor, message_id: int) -> Any:
    scope = Scope.of(actor)
    found = _find(session, scope, message_id)
    if not _handles(scope, found.unit_id):
        raise NotYoursError(
            Message(N_("Chỉ người quản trị của đơn vị được gửi, gửi lại hoặc bỏ thư."))
        )
    return found


def _move(
    session: Session,
    actor: Actor,
    message_id: int,
    sources: set[Delivery],
    target: Delivery,
    now: datetime,
) -> None:
    """Change where a message stands, if it still stands where it may be changed, and note who."""
    found = _may_handle(session, actor, message_id)
    values: dict[str, Any] = {"delivery": target}
    if target is Delivery.DISCARDED:
        values["secret"] = None
    else:
        values |= {"due_at": now, "attempts": 0, "last_error": ""}
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.delivery.in_(sorted(sources)))
        .values(**values)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(statement) is None:
        raise NotNowError(
            Message(
                N_("Thư này đang ở trạng thái “%(status)s” nên không thực hiện được nữa."),
                {"status": Message(DELIVERY_LABEL[found.delivery])},
            )
        )
    audit.record(
        session,
        found.unit_id,
        f"mail.{target.value}",
        actor.person_id,
        f"{found.kind} #{message_id}",
        {"delivery": (found.delivery, target)},
        now=now,
    )


def _shown(one: Facts, scope: Scope) -> Facts:
    """What the mail page shows: no token, and to those outside the unit not why its own leader sent
    a draft back (a system administrator sees that there was such a mail, and no drafts)."""
    theirs = one.recipient.unit_id == scope.unit_id or one.recipient.person_id == scope.person_id
    private = one.deed is not None and one.deed.private
    return messages.masked(one, reason=theirs or not private)


def _line(app: Flask, one: Facts) -> Line:
    return Line(
        id=one.id,
        person_name=one.recipient.name,
        email=one.recipient.email,
        unit_name=one.recipient.unit_name,
        subject=messages.write(app, one).subject,
        turn=one.turn,
        delivery=one.delivery,
        created_at=one.created_at,
        sent_at=one.sent_at,
        attempts=one.attempts,
        last_error=one.last_error,
    )
