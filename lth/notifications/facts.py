"""Facts of messages, read from the database for many messages at once.

Columns are read, and no entities but units: what is read here for a mail, under a system scope,
must not lie in the session afterwards, where a page with a narrower scope would find it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, false, func, select, true
from sqlalchemy.orm import Bundle, Session, aliased

from lth.core.language import DEFAULT
from lth.mail.codec import decode
from lth.mail.declarations import DECLARED, Payload, Withheld, at_once
from lth.models import (
    Credential,
    Document,
    Event,
    OutboxMessage,
    Period,
    Person,
    Remark,
    Revision,
    Unit,
)
from lth.models.outbox import Delivery
from lth.models.unit import Level
from lth.notifications import overdue_units
from lth.notifications.deeds import Deed, Side
from lth.workflow.acts import Act
from lth.workflow.deadlines import Due, due_dates, of_document


@dataclass(frozen=True)
class MailRecipient:
    """A person as mail is written to them; of an address alone, that is all there is."""

    person_id: int | None
    name: str
    email: str
    language: str
    active: bool
    unit_id: int | None
    unit_name: str
    level: Level | None
    digest: bool = False


@dataclass(frozen=True)
class MailFacts:
    """One outbox row with everything its text needs: its payload (of an act, a `Deed`), and of a
    digest the messages that it gathers and those it has left out. `withheld`: why it is not to be
    sent (see `validity`); `subject`: what it says in a line, once it was written.
    """

    id: int
    kind: str
    created_at: datetime
    secret: str | None
    delivery: Delivery
    sent_at: datetime | None
    last_error: str
    attempts: int
    recipient: MailRecipient
    payload: Payload
    dedupe: str | None = None
    withheld: Withheld | None = None
    due_at: datetime | None = None
    digest_id: int | None = None
    bundled: tuple["MailFacts", ...] = ()
    left_out: tuple["MailFacts", ...] = ()
    subject: str = ""

    @property
    def turn(self) -> bool:
        """Tell whether it calls its recipient to act."""
        return self.payload.turn

    @property
    def deed(self) -> Deed | None:
        """The act that it tells of, if it tells of one."""
        return self.payload if isinstance(self.payload, Deed) else None

    @property
    def next_try(self) -> datetime | None:
        """The moment it is tried again by itself, having been refused."""
        waits = self.delivery is Delivery.WAITING and not self.waits_for_morning
        return self.due_at if waits and self.attempts > 0 else None

    @property
    def waits_for_morning(self) -> bool:
        """Tell whether its recipient's next digest gathers it."""
        return (
            self.delivery is Delivery.WAITING
            and self.recipient.digest
            and self.kind not in at_once()
        )


def load(
    session: Session, ids: Collection[int], *, due: bool = True, today: bool = False
) -> dict[int, MailFacts]:
    """Read the facts of messages by their ids, in a constant number of queries.

    Runs within a system scope (`Purpose.DELIVER`), since a mail says what its recipient may know
    of a document that the one who looks at the mail may not open. `due` also looks up due dates;
    `today` says of what went out, too, where its document stands now and not where it stood then.
    What is said here may be over by now: `validity.sending` asks that too.
    """
    if not ids:
        return {}
    asked_for = OutboxMessage.id.in_(ids) | OutboxMessage.digest_id.in_(ids)
    facts = [_facts(row) for row in session.execute(_statement(today).where(asked_for))]
    if due:
        facts = _with_due(session, facts)
    bundled: dict[int | None, list[MailFacts]] = {}
    for mail in sorted(facts, key=lambda mail: mail.id):
        bundled.setdefault(mail.digest_id, []).append(mail)
    wanted = [mail for mail in facts if mail.id in set(ids)]
    return {mail.id: replace(mail, bundled=tuple(bundled.get(mail.id, ()))) for mail in wanted}


_unit, _next_unit, _undone = aliased(Unit), aliased(Unit), aliased(Event)
_digest, _last = aliased(OutboxMessage), aliased(Event)


def _statement(today: bool) -> Select[Any]:
    deed = _DEED_TODAY if today else _DEED
    return (
        select(_MESSAGE, _RECIPIENT, deed, OutboxMessage.data.label("told"), Document.next_unit_id)
        .select_from(OutboxMessage)
        .outerjoin(Person, Person.id == OutboxMessage.person_id)
        .outerjoin(Credential, Credential.person_id == Person.id)
        .outerjoin(Unit, Unit.id == OutboxMessage.unit_id)
        .outerjoin(Event, Event.id == OutboxMessage.event_id)
        .outerjoin(Document, Document.id == Event.document_id)
        .outerjoin(Period, Period.id == Document.period_id)
        .outerjoin(_unit, _unit.id == Document.unit_id)
        .outerjoin(_next_unit, _next_unit.id == Document.next_unit_id)
        .outerjoin(
            _undone,
            (_undone.document_id == Event.document_id)
            & (_undone.seq == Event.data["undoes"].as_integer()),
        )
        .outerjoin(_digest, _digest.id == OutboxMessage.digest_id)
    )


def _stands(today: bool) -> Any:
    """Select where the document stands; unless `today`, where it stood when the mail or its digest
    went out."""
    sent_at = func.coalesce(_digest.sent_at, OutboxMessage.sent_at)
    by_then = true() if today else sent_at.is_(None) | (_last.at <= sent_at)
    return (
        select(_last.to_status)
        .where(_last.document_id == Event.document_id, by_then)
        .order_by(_last.seq.desc())
        .limit(1)
        .correlate(Event, OutboxMessage, _digest)
        .scalar_subquery()
        .label("stands")
    )


def _published_with() -> Any:
    """Count the remarks that the act made readable to the document's unit."""
    return (
        select(func.count())
        .select_from(Remark)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(Revision.document_id == Event.document_id, Remark.published_at == Event.at)
        .correlate(Event)
        .scalar_subquery()
        .label("remarks")
    )


def _full_name(unit: Any, label: str) -> Any:
    return func.coalesce(unit.type + " " + unit.name, "").label(label)


_MESSAGE = Bundle(
    "message",
    *(OutboxMessage.id, OutboxMessage.kind, OutboxMessage.created_at, OutboxMessage.secret),
    *(OutboxMessage.delivery, OutboxMessage.sent_at, OutboxMessage.last_error),
    *(OutboxMessage.attempts, OutboxMessage.due_at, OutboxMessage.digest_id),
    OutboxMessage.dedupe,
)
_RECIPIENT = Bundle(
    "recipient",
    *(OutboxMessage.person_id, OutboxMessage.unit_id, _full_name(Unit, "unit_name"), Unit.level),
    func.coalesce(Person.name, "").label("name"),
    func.coalesce(Person.language, DEFAULT).label("language"),
    func.coalesce(Person.active, true()).label("active"),
    func.coalesce(Person.digest, false()).label("digest"),
    func.coalesce(OutboxMessage.address, Credential.email, "").label("email"),
)
_OF_DEED = (
    *(Event.id.label("event_id"), Event.seq, Document.programme_id),
    *(Event.action.label("act"), Event.at, Event.private, Event.to_status.label("status")),
    *(
        Event.reason,
        Event.data,
        Event.role.label("actor_role"),
        Event.person_name.label("actor_name"),
    ),
    *(
        Event.unit_name.label("actor_unit"),
        Document.id.label("document_id"),
        Document.kind,
        Document.mode,
    ),
    *(Document.unit_id, _full_name(_unit, "unit_name"), _full_name(_next_unit, "next_unit_name")),
    *(Document.period_id, Period.code.label("period_code"), Document.extended_until),
    *(Document.cleared_from, Document.in_force_number),
    *(_undone.action.label("undone"), _undone.at.label("undone_at")),
    _published_with(),
)
_DEED = Bundle("deed", *_OF_DEED, _stands(today=False))
_DEED_TODAY = Bundle("deed", *_OF_DEED, _stands(today=True))
"""Each column named as the field that it fills."""


def _facts(row: Row[Any]) -> MailFacts:
    recipient = MailRecipient(**row.recipient._mapping)
    payload = _payload(row.message.kind, row.told or {})
    if row.deed.document_id is not None:
        payload = _deed(row, payload)
    return MailFacts(**row.message._mapping, recipient=recipient, payload=payload)


def _payload(kind: str, data: Mapping[str, Any]) -> Payload:
    """Read what a row tells; of a kind that nobody declares (any more), whether it calls to act."""
    return decode(DECLARED[kind].payload if kind in DECLARED else Payload, data)


def _deed(row: Row[Any], told: Payload) -> Deed:
    fields = dict(row.deed._mapping)
    fields["act"] = Act(fields["act"])
    fields["undone"] = Act(fields["undone"]) if fields["undone"] else None
    roles = {"turn": told.turn, "turn_as": told.turn_as, "news_as": told.news_as}
    return Deed(side=_side(row), **roles, **fields)


def _side(row: Row[Any]) -> Side:
    recipient_unit_id = row.recipient.unit_id
    if recipient_unit_id == row.deed.unit_id:
        return Side.OWN
    return Side.ABOVE if recipient_unit_id == row.next_unit_id else Side.BELOW


def _with_due(session: Session, facts: list[MailFacts]) -> list[MailFacts]:
    """Add due dates: one query for the units, one for each period and kind."""
    debts = {mail.id: debt for mail in facts if (debt := _debt(mail)) is not None}
    if not debts:
        return facts
    units = session.scalars(
        select(Unit).where(Unit.id.in_({unit_id for unit_id, _, _ in debts.values()}))
    ).all()
    dues: dict[overdue_units.Debt, Due] = {}
    for period_id, kind in {(period_id, kind) for _, period_id, kind in debts.values()}:
        for unit_id, due in due_dates(session, units, period_id, kind).items():
            dues[unit_id, period_id, kind] = due
    return [_given(mail, dues.get(debts[mail.id])) if mail.id in debts else mail for mail in facts]


def _debt(facts: MailFacts) -> overdue_units.Debt | None:
    """Find which document the recipient has to think of."""
    deed, recipient = facts.deed, facts.recipient
    if deed is None or recipient.unit_id is None or deed.side is Side.ABOVE:
        return None
    return recipient.unit_id, deed.period_id, deed.kind


def _given(facts: MailFacts, due: Due | None) -> MailFacts:
    deed = facts.deed
    if deed is None or due is None:
        return facts
    if deed.side is Side.OWN:
        due = of_document(due, deed, bound=True)
    return replace(facts, payload=replace(deed, due=due))
