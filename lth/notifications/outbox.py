"""The page of outgoing mail: what went out, what waits, and what a person does by hand.

Which messages are seen is the scope's business (`messages_seen`): one's own, a unit administrator
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
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.core.i18n import N_, Message
from lth.mail.declarations import WITHHELD_LABEL, Withheld, at_once
from lth.models import OutboxMessage, Person
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import digests, facts, messages, validity
from lth.notifications.facts import MailFacts
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
class Queue:
    """Numbers of the messages that the scope sees, by state.

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
    """One page of the list, newest first, each mail with its subject; `total` counts all pages."""

    lines: Sequence[MailFacts]
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True)
class Preview:
    """A message as it went or would go out, its one-time token masked; `digest_id` is the digest
    that it went into, where the scope sees that too."""

    line: MailFacts
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
    """List a page (from 1) of the messages that the scope sees, in one state or in all.

    Each as it was written; what of a digest is left by the time it is sent, its own page says.
    """
    where = [messages_seen(scope)]
    if delivery is not None:
        where.append(OutboxMessage.delivery == delivery)
    total = session.scalar(select(func.count()).select_from(OutboxMessage).where(*where)) or 0
    ids = session.scalars(
        select(OutboxMessage.id)
        .where(*where)
        .order_by(OutboxMessage.id.desc())
        .limit(PAGE_SIZE)
        .offset((max(1, page) - 1) * PAGE_SIZE)
    ).all()
    with system(session, Purpose.DELIVER):
        mails = facts.load(session, ids, due=False)
    shown = [_shown(mails[message_id], scope) for message_id in ids]
    return Listing([_titled(mail, messages.write(settings, mail)) for mail in shown], total)


def why_not(note: str) -> str:
    """Word the note of a message that was not sent: a msgid, or what the relay said."""
    return WITHHELD_LABEL[Withheld(note)] if note in set(Withheld) else note


def queue(session: Session, scope: Scope) -> Queue:
    """Count the messages that the scope sees, in one query."""
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
    rows = {row.delivery: row for row in session.execute(statement)}
    waiting = rows.get(Delivery.WAITING)
    return Queue(
        {state: rows[state].count if state in rows else 0 for state in Delivery},
        waiting.retried if waiting else 0,
        waiting.next_try if waiting else None,
        waiting.for_morning if waiting else 0,
    )


def waits_for_morning(session: Session, scope: Scope, message_id: int) -> bool:
    """Tell whether a message that the scope sees is left for its recipient's next digest."""
    statement = select(OutboxMessage.id).where(
        OutboxMessage.id == message_id,
        messages_seen(scope),
        OutboxMessage.delivery == Delivery.WAITING,
        digests.gathered(),
    )
    return session.scalar(statement) is not None


def preview(
    settings: Settings, session: Session, scope: Scope, message_id: int, now: datetime
) -> Preview:
    """Return one message in full, as it went out or would now. Raises NotFoundError outside the
    scope."""
    _find(session, scope, message_id)
    with system(session, Purpose.DELIVER):
        mails = validity.sending(session, [message_id], now)
    shown = _shown(mails[message_id], scope)
    digest = select(OutboxMessage.id).where(
        OutboxMessage.id == shown.digest_id, messages_seen(scope)
    )
    digest_id = session.scalar(digest) if shown.digest_id is not None else None
    may_handle = _handles(scope, shown.recipient.unit_id)
    text = messages.write(settings, shown)
    return Preview(_titled(shown, text), text, may_handle, digest_id)


def release(
    session: Session,
    actor: Actor,
    message_id: int,
    *,
    now: datetime,
    smtp: bool,
    seen: str | None = None,
) -> None:
    """Let a held message go out; `smtp` says whether there is a relay to take it.

    Raises NotFoundError, NotYoursError, NotNowError when it is not held (any more), and
    BlockedError without a relay, since it would only be held again.
    """
    if not smtp:
        _may_handle(session, actor, message_id)
        raise BlockedError(
            Message(N_("Chưa có máy chủ thư (LTH_SMTP_URL) nên chưa thể gửi thư này."))
        )
    _move(session, actor, message_id, {Delivery.HELD}, Delivery.WAITING, now, seen)


def retry(
    session: Session, actor: Actor, message_id: int, *, now: datetime, seen: str | None = None
) -> None:
    """Have a message that was given up tried again, from the first attempt.

    Raises NotFoundError, NotYoursError, and NotNowError when it was not given up.
    """
    _move(session, actor, message_id, {Delivery.FAILED}, Delivery.WAITING, now, seen)


def retry_all(session: Session, actor: Actor, *, now: datetime) -> int:
    """Have everything that was given up and is the actor's to handle tried again; return how many.

    Noted for each unit whose mail it is. Raises NotYoursError for who handles no mail.
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
        what = "mail.retried"
        audit.record(session, unit_id, what, actor.person_id, changes=mails, now=now, actor=actor)
    return units.total()


def discard(
    session: Session, actor: Actor, message_id: int, *, now: datetime, seen: str | None = None
) -> None:
    """Never send a message; its one-time token is wiped.

    Raises NotFoundError, NotYoursError, and NotNowError when it went out or was discarded before.
    """
    unsent = {Delivery.HELD, Delivery.WAITING, Delivery.FAILED}
    _move(session, actor, message_id, unsent, Delivery.DISCARDED, now, seen)


def _find(session: Session, scope: Scope, message_id: int) -> Any:
    """Find the message's unit, kind and state, if the scope sees it. Raises NotFoundError."""
    statement = select(OutboxMessage.unit_id, OutboxMessage.kind, OutboxMessage.delivery).where(
        OutboxMessage.id == message_id, messages_seen(scope)
    )
    message = session.execute(statement).first()
    if message is None:
        raise NotFoundError
    return message


def _handles(scope: Scope, unit_id: int | None) -> bool:
    """Tell whether messages of a unit are this scope's to release and discard."""
    if scope.role == Role.SYSTEM_ADMIN:
        return True
    return scope.role == Role.UNIT_ADMIN and unit_id is not None and unit_id == scope.unit_id


def _may_handle(session: Session, actor: Actor, message_id: int) -> Any:
    scope = Scope.of(actor)
    message = _find(session, scope, message_id)
    if not _handles(scope, message.unit_id):
        raise _not_yours()
    return message


def _not_yours() -> NotYoursError:
    return NotYoursError(
        Message(N_("Chỉ người quản trị của đơn vị được gửi, gửi lại hoặc bỏ thư."))
    )


def _again(now: datetime) -> dict[str, Any]:
    """Return what makes a message be tried from the first attempt."""
    return {"delivery": Delivery.WAITING, "due_at": now, "attempts": 0, "last_error": ""}


def _move(
    session: Session,
    actor: Actor,
    message_id: int,
    sources: set[Delivery],
    target: Delivery,
    now: datetime,
    seen: str | None,
) -> None:
    """Change where a message stands, if it still stands where it may be changed, and note who.

    `seen` is where a page showed it to stand. Raises StaleError where it does no more.
    """
    message = _may_handle(session, actor, message_id)
    if seen is not None and seen != message.delivery.value:
        text = N_("Thư này vừa chuyển sang trạng thái “%(status)s”. Hãy xem lại trước khi làm.")
        raise StaleError(Message(text, {"status": Message(DELIVERY_LABEL[message.delivery])}))
    wiped = {"delivery": Delivery.DISCARDED, "secret": None}
    values = wiped if target is Delivery.DISCARDED else _again(now)
    statement = (
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.delivery.in_(sorted(sources)),
            true() if seen is None else OutboxMessage.delivery == message.delivery,
        )
        .values(**values)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(statement) is None:
        raise NotNowError(
            Message(
                N_("Thư này đang ở trạng thái “%(status)s” nên không thực hiện được nữa."),
                {"status": Message(DELIVERY_LABEL[message.delivery])},
            )
        )
    audit.record(
        session,
        message.unit_id,
        f"mail.{target.value}",
        actor.person_id,
        f"{message.kind} #{message_id}",
        {"delivery": (message.delivery, target)},
        now=now,
        actor=actor,
    )


def _shown(mail: MailFacts, scope: Scope) -> MailFacts:
    """Return what the mail page shows: no token, and to those outside the unit not why its own
    leader sent a draft back (a system administrator sees that there was such a mail, and no
    drafts); so too of each message in a digest."""
    theirs = mail.recipient.unit_id == scope.unit_id or mail.recipient.person_id == scope.person_id
    private = mail.deed is not None and mail.deed.private
    masked = messages.masked(mail, reason=theirs or not private)
    return replace(masked, bundled=tuple(_shown(part, scope) for part in mail.bundled))


def _titled(mail: MailFacts, text: Text) -> MailFacts:
    return replace(mail, subject=text.subject)
