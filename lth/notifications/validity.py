"""Whether a message is to be sent, asked when it is sent: to whom, and whether it is still true.

Between the writing of a message and its delivery (a digest's night, a relay that is away) roles
end, accounts are locked, acts are taken back and letters are overtaken. Each kind of message names
the rule by which it is true (`Declaration.still`); the rule of its recipient is the same for all:
they still hold one of the roles for which they are told, at the unit for which they are told.

Runs within a system scope (`Purpose.DELIVER`), in a constant number of queries.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lth.access.actor import in_force
from lth.administration import delegation_mail, invitations, links, own_address
from lth.administration.delegation_mail import DelegationMail
from lth.clubs.visit_mail import FindingMail
from lth.core import clock
from lth.mail.declarations import DECLARED, Declaration, Payload, Reach, Withheld
from lth.models import (
    Delegation,
    Document,
    Event,
    OutboxMessage,
    Quota,
    QuotaMove,
    ReportRequest,
    RoleAssignment,
    VisitFinding,
)
from lth.models.delegation import Subject
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.models.request import RequestState, RequestStep
from lth.models.visit import FindingStage, FindingStep
from lth.notifications import facts, job_mail, overdue_units
from lth.notifications.deeds import Deed, Side
from lth.notifications.facts import MailFacts
from lth.notifications.job_mail import JobEnded, WorkbookSent
from lth.notifications.notices import Notice
from lth.notifications.vacancy_mail import VacancyMail
from lth.quotas.ledger import LAST_MOVE, QuotaState, in_state
from lth.reporting.request_mail import RequestMail
from lth.workflow import vacancies
from lth.workflow.acts import Act
from lth.workflow.moved_deadlines import DeadlineMoved

Rule = Callable[[Session, Sequence[MailFacts], datetime], Iterable[MailFacts]]
"""Gives back the messages it was given, withheld or turned into mere news where they are no longer
true as they were written."""

RULES: dict[str, Rule] = {}

Told = TypeVar("Told")


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a rule by the name that declarations give it."""

    def register(function: Rule) -> Rule:
        if name in RULES:
            raise ValueError(f"the rule {name!r} is registered twice")
        RULES[name] = function
        return function

    return register


def _payload(mail: MailFacts, kind: type[Told]) -> Told:
    """Return what a mail tells, as the kind of message whose declaration asks for the rule."""
    assert isinstance(mail.payload, kind)  # noqa: S101 - what declares this rule
    return mail.payload


def verify() -> None:
    """Raise LookupError naming every rule that a kind of message asks for and nobody registers."""
    unknown = {declared.still for declared in DECLARED.values()} - RULES.keys()
    if unknown:
        raise LookupError("messages are true by rules that are none: " + ", ".join(sorted(unknown)))


def sending(session: Session, ids: Collection[int], now: datetime) -> dict[int, MailFacts]:
    """Read messages by their ids as they would go out now.

    One that must not go out says why (`withheld`). A digest leaves out what must not, and is
    withheld where nothing is left. What went out stays as it was.
    """
    found = facts.load(session, ids)
    parts = [part for mail in found.values() for part in mail.bundled]
    unsent = [mail for mail in found.values() if mail.delivery is not Delivery.SENT]
    open_parts = [part for mail in unsent for part in mail.bundled]
    asked = {mail.id: mail for mail in _asked(session, [*unsent, *open_parts], now)}
    known = {part.id: asked.get(part.id, part) for part in parts}
    return {
        id_: _gathered(asked.get(id_) or _as_sent(mail), [known[part.id] for part in mail.bundled])
        for id_, mail in found.items()
    }


def _as_sent(mail: MailFacts) -> MailFacts:
    """Return a message that went out as its reader got it: one whose document had moved on by then
    called nobody to act."""
    deed = mail.deed
    return news(mail) if deed is not None and deed.turn and deed.moved_on else mail


def today(session: Session, ids: Collection[int], now: datetime) -> dict[int, MailFacts]:
    """Read messages of one person's roles as they stand now, sent or not: what still calls to act
    does; what is over does not, and says why where it should not have been told at all."""
    found = facts.load(session, ids, due=False, today=True)
    mails = list(_to_whom(session, list(found.values()), now))
    calls = [mail for mail in mails if mail.turn and mail.withheld is None]
    known = {mail.id: mail for mail in mails}
    return known | {mail.id: mail for mail in _by_rules(session, calls, now)}


def _gathered(mail: MailFacts, parts: Sequence[MailFacts]) -> MailFacts:
    """Put its parts into a digest that are to go out with it."""
    if not parts:
        return mail
    left = tuple(part for part in parts if part.withheld is None)
    left_out = tuple(part for part in parts if part.withheld is not None)
    empty = Withheld.NOTHING_LEFT if not left else None
    return replace(mail, bundled=left, left_out=left_out, withheld=mail.withheld or empty)


def _asked(session: Session, mails: list[MailFacts], now: datetime) -> Iterator[MailFacts]:
    """Ask for each message who may have it, then the rule of its kind."""
    told = list(_to_whom(session, mails, now))
    yield from (mail for mail in told if mail.withheld is not None)
    yield from _by_rules(session, (mail for mail in told if mail.withheld is None), now)


def _by_rules(session: Session, mails: Iterable[MailFacts], now: datetime) -> Iterator[MailFacts]:
    by_rule: dict[str, list[MailFacts]] = {}
    for mail in mails:
        by_rule.setdefault(_declared(mail).still, []).append(mail)
    for name, those in by_rule.items():
        yield from RULES[name](session, those, now)


def _declared(mail: MailFacts) -> Declaration[Any]:
    return DECLARED.get(mail.kind, _UNKNOWN)


_UNKNOWN: Declaration[Any] = Declaration("", Payload, reach=Reach.ACCOUNT)
"""Of a kind that nobody declares (any more); it fails when it is written."""


# --- To whom ------------------------------------------------------------------------------


@dataclass(frozen=True)
class HeldRole:
    """A role that a person holds on a day; of one that is lent, what its decision is about."""

    role: Role
    lent: bool
    subject: Subject | None
    programme_id: int | None

    def reaches(self, mail: MailFacts) -> bool:
        """Tell whether it reaches to the document that a message is about."""
        deed = mail.deed
        if not self.lent or deed is None:
            return True
        own = Subject.OWN if deed.side is Side.OWN else Subject.BELOW
        of_programme = self.programme_id in {None, deed.programme_id}
        return self.subject in {Subject.ALL, own} and of_programme


Held = dict[tuple[int, int | None], list[HeldRole]]
"""Roles by person and unit."""


def _to_whom(session: Session, mails: list[MailFacts], now: datetime) -> Iterator[MailFacts]:
    people = {mail.recipient.person_id for mail in mails} - {None}
    held = _held(session, people, now)
    for mail in mails:
        if not mail.recipient.active:
            yield replace(mail, withheld=Withheld.ACCOUNT_CLOSED)
        elif _declared(mail).reach is not Reach.ROLE:
            yield mail
        else:
            here = held.get((mail.recipient.person_id, mail.recipient.unit_id), [])
            yield _in_roles(mail, {one.role for one in here if one.reaches(mail)})


def _in_roles(mail: MailFacts, roles: set[Role]) -> MailFacts:
    """Return a message as who holds these roles by now is told it."""
    told = mail.payload
    named = {*told.turn_as, *told.news_as}
    if not (roles & named if named else roles):
        return replace(mail, withheld=Withheld.ROLE_ENDED)
    return news(mail) if told.turn_as and not roles.intersection(told.turn_as) else mail


def news(mail: MailFacts) -> MailFacts:
    """Return a message that calls nobody to act any more."""
    return replace(mail, payload=replace(mail.payload, turn=False))


def _held(session: Session, person_ids: set[int], now: datetime) -> Held:
    if not person_ids:
        return {}
    statement = (
        select(
            *(RoleAssignment.person_id, RoleAssignment.unit_id, RoleAssignment.role),
            *(RoleAssignment.delegation_id, Delegation.subject, Delegation.programme_id),
        )
        .outerjoin(RoleAssignment.delegation)
        .where(RoleAssignment.person_id.in_(person_ids), in_force(clock.local(now).date()))
    )
    held: Held = {}
    for person_id, unit_id, role, delegation_id, subject, programme_id in session.execute(
        statement
    ):
        one = HeldRole(role, delegation_id is not None, subject, programme_id)
        held.setdefault((person_id, unit_id), []).append(one)
    return held


# --- Whether it is still true -------------------------------------------------------------


@rule("as_written")
def _as_written(
    _session: Session, mails: Sequence[MailFacts], _now: datetime
) -> Iterable[MailFacts]:
    """Take what cannot become untrue."""
    return mails


@rule("anything_left")
def _anything_left(
    _session: Session, mails: Sequence[MailFacts], _now: datetime
) -> Iterable[MailFacts]:
    """Leave a digest to what is left in it (see `sending`)."""
    return mails


@rule("link_open")
def _link_open(session: Session, mails: Sequence[MailFacts], now: datetime) -> Iterator[MailFacts]:
    """Withhold a link that cannot be used any more."""
    usable = links.still_open(session, {mail.secret for mail in mails if mail.secret}, now)
    for mail in mails:
        ends = mail.payload.expires_at
        over = mail.secret not in usable or (ends is not None and ends <= now)
        yield replace(mail, withheld=Withheld.LINK_OVER) if over else mail


@rule("invitation_open")
def _invitation_open(
    session: Session, mails: Sequence[MailFacts], now: datetime
) -> Iterator[MailFacts]:
    """Withhold an invitation that was answered, is over, or went out anew since."""
    usable = invitations.still_open(session, {mail.secret for mail in mails if mail.secret}, now)
    for mail in mails:
        over = mail.secret not in usable
        yield replace(mail, withheld=Withheld.INVITATION_OVER) if over else mail


@rule("change_open")
def _change_open(
    session: Session, mails: Sequence[MailFacts], now: datetime
) -> Iterator[MailFacts]:
    """Withhold the link of a change of address that is done or stopped, or whose time is over."""
    usable = own_address.still_open(session, {mail.secret for mail in mails if mail.secret}, now)
    for mail in mails:
        over = mail.secret not in usable
        yield replace(mail, withheld=Withheld.CHANGE_OVER) if over else mail


@rule("owed")
def _owed(session: Session, mails: Sequence[MailFacts], _now: datetime) -> Iterator[MailFacts]:
    """Withhold a reminder of what is no longer owed, or not by that day; in three queries."""
    debts = {debt for mail in mails for debt in _payload(mail, Notice).debts}
    standings = overdue_units.standings(session, debts)
    for mail in mails:
        yield replace(mail, withheld=_payload(mail, Notice).withheld(standings))


@rule("moved_day_stands")
def _moved_day_stands(
    session: Session, mails: Sequence[MailFacts], _now: datetime
) -> Iterator[MailFacts]:
    """Withhold that a day has moved once it has moved again, or the unit has done its part."""
    standings = overdue_units.standings(
        session, {_payload(mail, DeadlineMoved).debt for mail in mails}
    )
    for mail in mails:
        told = _payload(mail, DeadlineMoved)
        now = standings[told.debt]
        day = (now.due.own_on if told.own_day else now.due.day) if now.due is not None else None
        moved_again = Withheld.DAY_MOVED if day != told.after else None
        yield replace(mail, withheld=moved_again if now.owed else Withheld.DONE)


@rule("vacant")
def _vacant(session: Session, mails: Sequence[MailFacts], now: datetime) -> Iterator[MailFacts]:
    """Withhold that a role is vacant once somebody holds it, or nothing waits on it."""
    vacant = vacancies.find(
        session,
        clock.local(now).date(),
        unit_ids={_payload(mail, VacancyMail).unit_id for mail in mails},
    )
    places = {(vacancy.unit_id, vacancy.role) for vacancy in vacant}
    for mail in mails:
        told = _payload(mail, VacancyMail)
        filled = (told.unit_id, told.role) not in places
        yield replace(mail, withheld=Withheld.ROLE_FILLED) if filled else mail


@rule("job_kept")
def _job_kept(session: Session, mails: Sequence[MailFacts], now: datetime) -> Iterator[MailFacts]:
    """Withhold that a job is over once nothing is left of it."""
    kept = job_mail.kept_jobs(session, {_payload(mail, JobEnded).job_id for mail in mails}, now)
    for mail in mails:
        gone = _payload(mail, JobEnded).kept not in kept
        yield replace(mail, withheld=Withheld.RESULT_OVER) if gone else mail


@rule("workbook_waits")
def _workbook_waits(
    session: Session, mails: Sequence[MailFacts], now: datetime
) -> Iterator[MailFacts]:
    """Withhold that a workbook waits once it was decided on, sent anew or is gone."""
    ids = {_payload(mail, WorkbookSent).upload_id for mail in mails}
    waiting = job_mail.waiting_workbooks(session, ids, now)
    for mail in mails:
        gone = _payload(mail, WorkbookSent).kept not in waiting
        yield replace(mail, withheld=Withheld.WORKBOOK_OVER) if gone else mail


# --- Decisions ----------------------------------------------------------------------------


@rule("decision_stands")
def _decision_stands(
    session: Session, mails: Sequence[MailFacts], now: datetime
) -> Iterator[MailFacts]:
    """Withhold the letter of a decision that was ended, or is over, before it went out."""
    ids = {_payload(mail, DelegationMail).delegation_id for mail in mails}
    standing = select(Delegation.id).where(
        Delegation.id.in_(ids),
        Delegation.ended_at.is_(None),
        Delegation.ends_on >= clock.local(now).date(),
    )
    stands = set(session.scalars(standing))
    for mail in mails:
        over = _payload(mail, DelegationMail).delegation_id not in stands
        yield replace(mail, withheld=Withheld.DECISION_OVER) if over else mail


@rule("decision_was_told")
def _decision_was_told(
    session: Session, mails: Sequence[MailFacts], _now: datetime
) -> Iterator[MailFacts]:
    """Withhold the end of a decision from whoever never heard of it."""
    keys = {mail.id: _given_key(mail) for mail in mails}
    told = select(OutboxMessage.dedupe).where(OutboxMessage.dedupe.in_(keys.values()), _WENT_OUT)
    known = set(session.scalars(told))
    for mail in mails:
        heard = keys[mail.id] in known
        yield mail if heard else replace(mail, withheld=Withheld.NEVER_TOLD)


def _given_key(mail: MailFacts) -> str:
    decision, given = _payload(mail, DelegationMail), delegation_mail.GIVEN.kind
    return delegation_mail.key(given, decision.delegation_id, mail.recipient.person_id)


_letter = aliased(OutboxMessage)
_WENT_OUT = or_(
    OutboxMessage.delivery.in_([Delivery.SENT, Delivery.SENDING]),
    exists().where(_letter.id == OutboxMessage.digest_id, _letter.delivery == Delivery.SENT),
)
"""Select what its recipient has, or may have in a moment: another drain is sending it."""


# --- Figures ------------------------------------------------------------------------------


@rule("quotas_in_force")
def _quotas_in_force(
    session: Session, mails: Sequence[MailFacts], now: datetime
) -> Iterator[MailFacts]:
    """Withhold figures of a document that is not in force any more."""
    yield from _of_figures(session, mails, None)


@rule("quotas_to_answer")
def _quotas_to_answer(
    session: Session, mails: Sequence[MailFacts], now: datetime
) -> Iterator[MailFacts]:
    """As above; call nobody to answer what was answered."""
    yield from _of_figures(session, mails, QuotaState.WAITING)


@rule("quotas_to_settle")
def _quotas_to_settle(
    session: Session, mails: Sequence[MailFacts], now: datetime
) -> Iterator[MailFacts]:
    """As above; call nobody to settle what was settled."""
    yield from _of_figures(session, mails, QuotaState.PROPOSED)


def _of_figures(
    session: Session, mails: Sequence[MailFacts], state: QuotaState | None
) -> Iterator[MailFacts]:
    standing = _quotas(session, {mail.payload.thread for mail in mails}, state)
    for mail in mails:
        of_document = standing.get(mail.payload.thread)
        place = mail.recipient.unit_id if state is QuotaState.WAITING else None
        if of_document is None:
            yield replace(mail, withheld=Withheld.UNDONE)
        else:
            yield mail if state is None or of_document[place] else news(mail)


def _quotas(
    session: Session, document_ids: Collection[int | None], state: QuotaState | None
) -> dict[int | None, Counter[int | None]]:
    """Count the quotas in a state of each document in force, by unit and (None) in all."""
    counted = func.count() if state is None else func.count().filter(in_state(state))
    statement = (
        select(Quota.document_id, Quota.unit_id, counted)
        .select_from(Quota)
        .join(Document, Document.id == Quota.document_id)
        .outerjoin(QuotaMove, LAST_MOVE)
        .where(Document.id.in_(document_ids), Document.in_force_number.is_not(None))
        .group_by(Quota.document_id, Quota.unit_id)
    )
    found: dict[int | None, Counter[int | None]] = {}
    for document_id, unit_id, count in session.execute(statement):
        of_document = found.setdefault(document_id, Counter())
        of_document[unit_id] += count
        of_document[None] += count
    return found


# --- Requests of reports ------------------------------------------------------------------


@rule("request_stands")
def _request_stands(
    session: Session, mails: Sequence[MailFacts], _now: datetime
) -> Iterator[MailFacts]:
    """Withhold a step of requests that were withdrawn since; call nobody whose turn is over."""
    ids = {one.request_id for mail in mails for one in _payload(mail, RequestMail).requests}
    owed = dict(
        session.execute(
            select(ReportRequest.id, ReportRequest.owed_by_id).where(
                ReportRequest.id.in_(ids), ReportRequest.state != RequestState.WITHDRAWN
            )
        ).all()
    )
    for mail in mails:
        told = _payload(mail, RequestMail)
        left = [one.request_id for one in told.requests if one.request_id in owed]
        if not left and told.step is not RequestStep.WITHDRAW:
            yield replace(mail, withheld=Withheld.REQUEST_OVER)
        else:
            yield mail if told.unit_id in {owed[one] for one in left} else news(mail)


# --- Visits to clubs ----------------------------------------------------------------------


@rule("finding_stands")
def _finding_stands(
    session: Session, mails: Sequence[MailFacts], _now: datetime
) -> Iterator[MailFacts]:
    """Withhold that something is to be mended once that is over; call nobody whose turn is over."""
    ids = {_payload(mail, FindingMail).finding_id for mail in mails}
    statement = select(VisitFinding.id, VisitFinding.stage).where(VisitFinding.id.in_(ids))
    stages = {finding_id: stage for finding_id, stage in session.execute(statement)}  # noqa: C416 - rows, not pairs
    for mail in mails:
        told = _payload(mail, FindingMail)
        stage = stages.get(told.finding_id)
        if stage is FindingStage.CLOSED and told.step is not FindingStep.CLOSE:
            yield replace(mail, withheld=Withheld.FINDING_OVER)
        else:
            yield mail if stage is told.awaits else news(mail)


# --- Acts ---------------------------------------------------------------------------------

ANSWERS = {
    Act.ASK_EXTENSION: {Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION},
    Act.ISSUE: {Act.ACKNOWLEDGE},
}
"""Acts after which nobody is called any more by an earlier one that left the state as it was."""


@rule("act")
def _act(session: Session, mails: Sequence[MailFacts], _now: datetime) -> Iterator[MailFacts]:
    """Collapse what was done and undone to what is true now, or to nothing; in two queries."""
    history = _History.of(session, [_deed(mail) for mail in mails])
    told = _told(session, mails) if any(_deed(mail).act is Act.UNDO for mail in mails) else {}
    for mail in mails:
        withheld = _withheld(mail, history, told)
        if withheld is not None:
            yield replace(mail, withheld=withheld)
        else:
            yield news(mail) if history.answered(mail) else mail


def _deed(mail: MailFacts) -> Deed:
    assert mail.deed is not None  # noqa: S101 - what declares this rule hangs on an event
    return mail.deed


def _withheld(mail: MailFacts, history: "_History", told: "Told") -> Withheld | None:
    deed, person_id = _deed(mail), mail.recipient.person_id
    if history.undone(deed.document_id, deed.seq):
        return Withheld.UNDONE
    if deed.act is not Act.UNDO:
        return None
    if (person_id, deed.document_id, deed.data["undoes"]) not in told.get(True, set()):
        return Withheld.NEVER_TOLD
    later = {event.seq for event in history.standing_after(deed)}
    of_theirs = {
        seq
        for person, document, seq in told.get(None, set())
        if (person, document) == (person_id, deed.document_id)
    }
    return Withheld.OVERTAKEN if later & of_theirs else None


Told = dict[bool | None, set[tuple[int, int, int]]]
"""Person, document and number of each event that people have a message of: under True those that
went out, under None all."""


def _told(session: Session, mails: Sequence[MailFacts]) -> Told:
    statement = (
        select(OutboxMessage.person_id, Event.document_id, Event.seq, _WENT_OUT.label("out"))
        .join(Event, Event.id == OutboxMessage.event_id)
        .where(
            OutboxMessage.person_id.in_({mail.recipient.person_id for mail in mails}),
            Event.document_id.in_({_deed(mail).document_id for mail in mails}),
        )
    )
    told: Told = {True: set(), None: set()}
    for person_id, document_id, seq, out in session.execute(statement):
        told[None].add((person_id, document_id, seq))
        if out:
            told[True].add((person_id, document_id, seq))
    return told


@dataclass(frozen=True)
class _History:
    """Events of some documents, by document."""

    events: dict[int, list[Row[Any]]]

    @classmethod
    def of(cls, session: Session, deeds: Iterable[Deed]) -> "_History":
        statement = (
            select(
                *(Event.document_id, Event.seq, Event.action, Event.person_id),
                Event.data["undoes"].as_integer().label("undoes"),
            )
            .where(Event.document_id.in_({deed.document_id for deed in deeds}))
            .order_by(Event.seq)
        )
        events: dict[int, list[Row[Any]]] = {}
        for row in session.execute(statement):
            events.setdefault(row.document_id, []).append(row)
        return cls(events)

    def undone(self, document_id: int, seq: int) -> bool:
        return any(event.undoes == seq for event in self.events[document_id])

    def standing_after(self, deed: Deed) -> list[Row[Any]]:
        """List what was done to the document since and was not taken back."""
        return [
            event
            for event in self.events[deed.document_id]
            if event.seq > deed.seq
            and event.action != Act.UNDO
            and not self.undone(deed.document_id, event.seq)
        ]

    def answered(self, mail: MailFacts) -> bool:
        """Tell whether what a message calls for was done: the document has moved on, or its reader
        has acted on it since."""
        deed = _deed(mail)
        answers = ANSWERS.get(deed.act, set())
        return deed.turn and (
            deed.moved_on
            or any(
                event.person_id == mail.recipient.person_id or event.action in answers
                for event in self.standing_after(deed)
            )
        )
