"""The page of outgoing mail: what went out, what waits, and what a person does by hand.

Who sees which message is the scope's business (`messages_seen`): one's own, a unit administrator
the unit's, a system administrator all. Nobody sees a one-time token. What is written in them is
read under `Purpose.DELIVER`, as for the mail itself.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, true, update
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, messages_seen, system
from lth.administration import audit
from lth.core.config import Settings
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError
from lth.core.i18n import N_, Message
from lth.mail.declarations import at_once
from lth.models import OutboxMessage, Person
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import digests, facts, messages
from lth.notifications.facts import Facts
from lth.notifications.messages import Text

PAGE_SIZE = 30

DELIVERY_LABEL = {
    Delivery.HELD: N_("Đang giữ"),
    Delivery.WAITING: N_("Chờ gửi"),
    Delivery.SENDING: N_("Đang gửi"),
    Delivery.SENT: N_("Đã gửi"),
    Delivery.FAILED: N_("Không gửi được"),
    Delivery.DISCARDED: N_("Đã bỏ"),
    Delivery.BUNDLED: N_("Đã gộp"),
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
    next_try: datetime | None
    for_morning: bool


@dataclass(frozen=True)
class Queue:
    """How many messages the scope sees in each state.

    Of those that wait, `retried` were refused before (the first is tried again at `next_try`), and
    `for_morning` are left for their recipients' next digests.
    """

    counts: Mapping[Delivery, int]
    retried: int
    next_try: datetime | None
    for_morning: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


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
    """A message as it went or would go out, its one-time token masked; `digest_id` is the digest
    that it went into, where the scope sees that too."""

    line: Line
    text: Text
    may_handle: bool
    digest_id: int | None


def listing(
    settings: Settings,
    session: Session,
    scope: Scope,
    page: int = 1,
    delivery: Delivery | None = None,
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
    lines = [_line(settings, _shown(known[one], scope)) for one in ids]
    return Listing(lines, total, number)


def queue(session: Session, scope: Scope) -> Queue:
    """The messages that the scope sees, counted, in one query."""
    for_morning = Person.digest.is_(True) & OutboxMessage.kind.not_in(at_once())
    retried = (OutboxMessage.attempts > 0) & ~for_morning
    statement = (
        select(
            OutboxMessage.delivery,
            func.count().label("count"),
            func.count().filter(retried).label("retried"),
            func.min(OutboxMessage.due_at).filter(retried).label("next_try"),
            func.count().filter(for_morning).label("for_morning"),
        )
        .outerjoin(Person, Person.id == OutboxMessage.person_id)
        .where(messages_seen(scope))
        .group_by(OutboxMessage.delivery)
    )
    found = {row.delivery: row for row in session.execute(statement)}
    waiting = found.get(Delivery.WAITING)
    return Queue(
        {state: found[state].count if state in found else 0 for state in Delivery},
        waiting.retried if waiting else 0,
        waiting.next_try if waiting else None,
        waiting.for_morning if waiting else 0,
    )


def waits_for_morning(session: Session, scope: Scope, message_id: int) -> bool:
    """Whether a message that the scope sees is left for its recipient's next digest."""
    statement = select(OutboxMessage.id).where(
        OutboxMessage.id == message_id,
        messages_seen(scope),
        OutboxMessage.delivery == Delivery.WAITING,
        digests.gathered(),
    )
    return session.scalar(statement) is not None


def preview(settings: Settings, session: Session, scope: Scope, message_id: int) -> Preview:
    """One message in full. Raises NotFoundError outside the scope."""
    _find(session, scope, message_id)
    with system(session, Purpose.DELIVER):
        known = facts.load(session, [message_id])
    shown = _shown(known[message_id], scope)
    digest = select(OutboxMessage.id).where(
        OutboxMessage.id == shown.digest_id, messages_seen(scope)
    )
    digest_id = session.scalar(digest) if shown.digest_id is not None else None
    may_handle = _handles(scope, shown.recipient.unit_id)
    text = messages.write(settings, shown)
    return Preview(_line(settings, shown), text, may_handle, digest_id)


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


def retry_all(session: Session, actor: Actor, *, now: datetime) -> int:
    """Have everything that was given up and is the actor's to handle tried again; how many.

    Noted for each unit whose mail it is. Raises NotYoursError for whoever handles no mail.
    """
    scope = Scope.of(actor)
    if not _handles(scope, scope.unit_id):
        raise _not_yours()
    mine = true() if scope.role == Role.SYSTEM_ADMIN else OutboxMessage.unit_id == scope.unit_id
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.delivery == Delivery.FAILED, mine)
        .values(_again(now))
        .returning(OutboxMessage.unit_id)
        .execution_options(synchronize_session=False)
    )
    units = Counter(session.scalars(statement))
    for unit_id, count in units.items():
        mails = {"mails": (None, count)}
        audit.record(session, unit_id, "mail.retried", actor.person_id, changes=mails, now=now)
    return units.total()


def discard(session: Session, actor: Actor, message_id: int, *, now: datetime) -> None:
    """Never send a message; its one-time token is wiped.

    Raises NotFoundError, NotYoursError, and NotNowError when it went out or was discarded before.
    """
    unsent = {Delivery.HELD, Delivery.WAITING, Delivery.FAILED}
    _move(session, actor, message_id, unsent, Delivery.DISCARDED, now)


def _find(session: Session, scope: Scope, message_id: int) -> Any:
    """The message's unit, kind and state, if the scope sees it."""
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
        raise _not_yours()
    return found


def _not_yours() -> NotYoursError:
    return NotYoursError(
        Message(N_("Chỉ người quản trị của đơn vị được gửi, gửi lại hoặc bỏ thư."))
    )


def _again(now: datetime) -> dict[str, Any]:
    """A message that is tried from the first attempt."""
    return {"delivery": Delivery.WAITING, "due_at": now, "attempts": 0, "last_error": ""}


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
    wiped = {"delivery": Delivery.DISCARDED, "secret": None}
    values = wiped if target is Delivery.DISCARDED else _again(now)
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
    a draft back (a system administrator sees that there was such a mail, and no drafts); so too of
    each message in a digest."""
    theirs = one.recipient.unit_id == scope.unit_id or one.recipient.person_id == scope.person_id
    private = one.deed is not None and one.deed.private
    masked = messages.masked(one, reason=theirs or not private)
    return replace(masked, bundled=tuple(_shown(each, scope) for each in one.bundled))


def _line(settings: Settings, one: Facts) -> Line:
    return Line(
        id=one.id,
        person_name=one.recipient.name,
        email=one.recipient.email,
        unit_name=one.recipient.unit_name,
        subject=messages.write(settings, one).subject,
        turn=one.turn,
        delivery=one.delivery,
        created_at=one.created_at,
        sent_at=one.sent_at,
        attempts=one.attempts,
        last_error=one.last_error,
        next_try=one.due_at if _is_retried(one) else None,
        for_morning=one.waits_for_morning,
    )


def _is_retried(one: Facts) -> bool:
    """Whether it was refused and is tried again by itself."""
    waits = one.delivery is Delivery.WAITING and not one.waits_for_morning
    return waits and one.attempts > 0
