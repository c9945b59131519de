"""Doing an act: the one way a document changes its state.

Lock the row, compare the version the actor saw, check state, role, place, separation and
guards, append an event, set the status, write the mail rows. The caller commits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from lth.access import delegations
from lth.access import on_behalf as access_on_behalf
from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.core import clock
from lth.core.errors import BlockedError, NotNowError, NotYoursError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Document, Event, Revision, Unit
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.programme import Period
from lth.workflow import audiences, conditions, documents, effects, guards, outbox, revisions, roads
from lth.workflow.acts import ACT_DONE, ACT_LABEL, Act, Row
from lth.workflow.context import Case, Inputs
from lth.workflow.registry import condition, effect, guard
from lth.workflow.states import STATUS_LABEL
from lth.workflow.table import rows

__all__ = [
    "audiences",
    "conditions",
    "do",
    "drafts",
    "effects",
    "guards",
    "offered",
    "refusals",
    "start",
]

LIVE_TWICE = (
    "uq_document_live",
    "document.unit_id, document.period_id, document.kind, document.subperiod",
)
"""How PostgreSQL and SQLite name the index that keeps a unit to one live document."""


def do(
    session: Session,
    actor: Actor,
    document_id: int,
    act: Act,
    *,
    seen: int,
    now: datetime,
    inputs: Inputs | None = None,
) -> Event:
    """Do an act on a document as the actor, who saw its version `seen`; returns the event.

    Raises NotFoundError outside the actor's scope, StaleError where somebody acted since,
    NotNowError and NotYoursError where the table has no row for the state or the actor, and
    BlockedError with every guard's reason.
    """
    document = documents.lock(session, document_id, Scope.of(actor))
    _require_standing(session, actor, now)
    case = Case(session, document, actor, now, inputs or Inputs())
    case.row = _row_for(case, act, seen)
    refused = refusals(case, case.row)
    if refused:
        raise BlockedError(*refused)
    return _carry_out(case)


def _require_standing(session: Session, actor: Actor, now: datetime) -> None:
    """Whoever signs for another does so on the days of the decision, and until it is ended.

    It is read anew and held, so that it is not ended in the middle of the act. A day ends at 24:00
    in Viet Nam. Raises NotYoursError.
    """
    lent = actor.on_behalf
    if lent is None:
        return
    kept, today = delegations.standing(session, lent.delegation_id), clock.local(now).date()
    if kept.in_force(today):
        return
    said: dict[str, Any] = {"decision": access_on_behalf.decision(lent.number, lent.decided_on)}
    if kept.ended_at is not None:
        text, said["at"] = N_("%(decision)s đã được kết thúc lúc %(at)s"), kept.ended_at
    elif today < kept.starts_on:
        text, said["day"] = N_("%(decision)s có hiệu lực từ ngày %(day)s"), kept.starts_on
    else:
        text, said["day"] = N_("%(decision)s chỉ có hiệu lực đến hết ngày %(day)s"), kept.ends_on
    raise NotYoursError(
        Message(
            N_("%(why)s nên anh/chị không thực hiện được việc này thay %(giver)s."),
            {"why": Message(text, said), "giver": lent.giver.name},
        )
    )


def start(
    session: Session,
    actor: Actor,
    period: Period,
    kind: Kind,
    *,
    now: datetime,
    subperiod: str = "",
) -> tuple[Document, Revision]:
    """Create a document of the actor's unit with its road and an empty first revision.

    `subperiod` is the part of the period it is of, for a kind that has several in one. Raises
    BlockedError with every guard's reason, NotYoursError for who does not draft the kind.
    """
    if actor.unit_id is None:
        raise _not_a_drafter()
    unit = session.get_one(Unit, actor.unit_id)
    document = Document(
        unit_id=unit.id,
        unit_path=unit.path,
        programme_id=period.programme_id,
        period_id=period.id,
        kind=kind,
        subperiod="" if kind.once_a_period else subperiod,
        status=Status.DRAFT,
        status_since=now,
        lock_version=1,
        head_number=1,
        created_at=now,
        created_by_id=actor.person_id,
    )
    case = Case(session, document, actor, now)
    case.row = _starting_row(case)
    refused = refusals(case, case.row)
    if refused:
        raise BlockedError(*refused)
    _lay_road(case, unit, period)
    revision = _first_revision(case)
    case.event = _append_event(case, None, Status.DRAFT)
    session.flush()
    return document, revision


def _lay_road(case: Case, unit: Unit, period: Period) -> None:
    document = case.document
    document.feeds_synthesis = document.kind.is_computed or (
        document.kind.is_added_up
        and not documents.has_units_below(case.session, unit.id, period.id)
    )
    document.steps = roads.lay(
        case.session, unit, period.programme_id, document.kind, period.starts_on
    )
    above = document.steps[1] if len(document.steps) > 1 else None
    document.next_unit_id = above.unit_id if above else None
    document.mode = (above or document.steps[0]).mode


def _first_revision(case: Case) -> Revision:
    session, document = case.session, case.document
    session.add(document)
    with _one_live():
        session.flush()
    revision = Revision(
        document_id=document.id,
        number=1,
        unit_id=document.unit_id,
        unit_path=document.unit_path,
        next_unit_id=document.next_unit_id,
        created_at=case.now,
    )
    session.add(revision)
    session.flush()
    revisions.note_editor(session, revision.id, case.actor.person_id)
    return revision


@contextmanager
def _one_live() -> Iterator[None]:
    """Of two who make a unit's one live document at once the unique index keeps one."""
    try:
        yield
    except IntegrityError as error:
        if not any(words in str(error.orig) for words in LIVE_TWICE):
            raise
        raise BlockedError(guards.already_live()) from error


def offered(case: Case, act: Act | None = None, *, undo: bool = True) -> list[Row]:
    """The rows this actor may take on this document now, guards aside: the page's buttons.

    Of one act, or of all; without *undo* the last event need not be read.
    """
    places = case.places
    found = [
        row
        for row in rows(case.document.status, act)
        if (undo or row.act is not Act.UNDO)
        and places.intersection(row.by)
        and all(condition[name](case) for name in row.when)
    ]
    return [row for row in found if row.act is not Act.UNDO or not refusals(case, row)]


def drafts(actor: Actor, document: Document) -> bool:
    """Tell whether the actor drafts this document: at its own unit, in the drafting role."""
    return actor.unit_id == document.unit_id and actor.role is document.kind.drafter


def refusals(case: Case, row: Row) -> list[Message]:
    """What the row's guards have against the act, each with its remedy."""
    before, case.row = case.row, row
    found = [guard[name](case) for name in row.guards]
    case.row = before
    return [message for message in found if message is not None]


def _starting_row(case: Case) -> Row:
    for row in rows(None, Act.START):
        if case.places.intersection(row.by):
            return row
    raise _not_a_drafter()


def _not_a_drafter() -> NotYoursError:
    return NotYoursError(Message(N_("Vai trò hiện tại của anh/chị không lập được văn bản này.")))


def _row_for(case: Case, act: Act, seen: int) -> Row:
    """The row that applies; otherwise the error that explains best why there is none."""
    of_state = rows(case.document.status, act)
    if case.document.lock_version != seen and not _only_the_like_since(case, of_state, seen):
        raise _stale(case)
    if not of_state:
        raise NotNowError(
            Message(
                N_("Không thể “%(act)s” khi văn bản ở trạng thái “%(status)s”."),
                {
                    "act": Message(ACT_LABEL[act]),
                    "status": Message(STATUS_LABEL[case.document.status]),
                },
            )
        )
    mine = [row for row in of_state if case.places.intersection(row.by)]
    if not mine:
        raise NotYoursError(
            Message(
                N_("“%(act)s” không thuộc quyền của vai trò hiện tại. Anh/chị thử đổi vai trò."),
                {"act": Message(ACT_LABEL[act])},
            )
        )
    for row in mine:
        if all(condition[name](case) for name in row.when):
            return row
    raise NotNowError(
        Message(
            N_("“%(act)s” không áp dụng cho văn bản này lúc này."), {"act": Message(ACT_LABEL[act])}
        )
    )


def _only_the_like_since(case: Case, of_state: list[Row], seen: int) -> bool:
    """Whether nothing but the same act came between, where that does no harm.

    An opinion, say, does not wait for another's; but it must not fall on a revision that its
    giver has not seen.
    """
    if not of_state or not of_state[0].any_version:
        return False
    others = exists().where(
        Event.document_id == case.document.id,
        Event.seq > seen,
        Event.action != of_state[0].act.value,
    )
    return not case.session.scalar(select(others))


def _stale(case: Case) -> StaleError:
    last = documents.last_event(case.session, case.document.id, Scope.of(case.actor))
    if last is None:
        return _changed()
    return StaleError(
        Message(
            N_(
                "%(person)s vừa cập nhật văn bản này (%(act)s) sau khi anh/chị mở trang. "
                "Hãy xem lại trước khi thực hiện."
            ),
            {
                "act": Message(ACT_DONE[Act(last.action)]),
                "person": access_on_behalf.who(last.data.get("on_behalf"), last.person.name),
            },
        ),
        last,
    )


def _changed() -> StaleError:
    return StaleError(Message(N_("Văn bản vừa có thay đổi. Hãy xem lại trước khi thực hiện.")))


def _carry_out(case: Case) -> Event:
    document, row = case.document, case.row
    source = document.status
    with case.session.no_autoflush:
        target = _undo(case) if row.act is Act.UNDO else _run(case)
    for name, value in case.outcome.items():
        setattr(document, name, value)
    document.status = target
    document.lock_version += 1
    if target is not source:
        document.status_since = case.now
    case.event = _append_event(case, source, target)
    try:
        with _one_live():
            case.session.flush()
    except StaleDataError as error:  # no lock held it; the transaction is over
        raise _changed() from error
    outbox.write(case)
    return case.event


def _run(case: Case) -> Status:
    for name in case.row.effects:
        effect[name](case)
    return case.row.target or case.document.status


def _undo(case: Case) -> Status:
    """Take the last act back: its reverts, then the state it came from."""
    last = case.last_event
    for name in last.data["reverts"]:
        effect[name](case)
    return last.from_status


def _append_event(case: Case, source: Status | None, target: Status) -> Event:
    """Acts and versions are counted alike, so the new version is the event's number: no need
    to look for the last one, which may be private to another unit.
    """
    row, actor = case.row, case.actor
    data: dict = {**case.inputs.recorded(), **case.noted}
    data["reverts"] = None if row.reverts is None else list(row.reverts)
    if (on_behalf := access_on_behalf.recorded(actor)) is not None:
        data["on_behalf"] = on_behalf
    if row.act is Act.UNDO:
        data["undoes"] = case.last_event.seq
    event = Event(
        document_id=case.document.id,
        seq=case.document.lock_version,
        action=row.act.value,
        from_status=source,
        to_status=target,
        revision_number=case.document.head_number,
        at=case.now,
        person_id=actor.person_id,
        role=actor.role,
        unit_id=actor.unit_id,
        private=row.private or (row.act is Act.UNDO and case.last_event.private),
        reason=case.inputs.reason.strip(),
        data=data,
    )
    case.session.add(event)
    return event
