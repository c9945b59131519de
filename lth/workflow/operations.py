"""Doing an act: the one way a document changes its state.

Lock the row, compare the version the actor saw, check state, role, place, separation and
guards, append an event, set the status, write the mail rows. The caller commits.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
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
from lth.core.errors import BlockedError, NotNowError, NotYoursError, RoadError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Document, DocumentStep, Event, Reception, Revision, Unit
from lth.models.document import Mode, Status
from lth.models.kind import Kind
from lth.models.opinion import Verdict
from lth.models.programme import Period
from lth.workflow import audiences, documents, guards, revisions
from lth.workflow.acts import ACT_DONE, ACT_LABEL, Act, Row
from lth.workflow.conditions import condition
from lth.workflow.context import ActContext, Inputs
from lth.workflow.effects import effect
from lth.workflow.guards import guard
from lth.workflow.states import STATUS_LABEL
from lth.workflow.table import rows

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
    context = ActContext(session, document, actor, now, inputs or Inputs())
    _take(context, _row_for(context, act, seen))
    return _carry_out(context)


def _require_standing(session: Session, actor: Actor, now: datetime) -> None:
    """Refuse signing for another but on the days of the decision, and until it is ended.

    It is read anew and held, so that it is not ended in the middle of the act. A day ends at 24:00
    in Viet Nam. Raises NotYoursError.
    """
    lent = actor.on_behalf
    if lent is None:
        return
    delegation, today = delegations.standing(session, lent.delegation_id), clock.local(now).date()
    if delegation.in_force(today):
        return
    named: dict[str, Any] = {"decision": access_on_behalf.decision(lent.number, lent.decided_on)}
    if delegation.ended_at is not None:
        text, named["at"] = N_("%(decision)s đã được kết thúc lúc %(at)s"), delegation.ended_at
    elif today < delegation.starts_on:
        text, named["day"] = N_("%(decision)s có hiệu lực từ ngày %(day)s"), delegation.starts_on
    else:
        text = N_("%(decision)s chỉ có hiệu lực đến hết ngày %(day)s")
        named["day"] = delegation.ends_on
    raise NotYoursError(
        Message(
            N_("%(why)s nên anh/chị không thực hiện được việc này thay %(giver)s."),
            {"why": Message(text, named), "giver": lent.giver.name},
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
    context = ActContext(session, document, actor, now)
    _take(context, _starting_row(context))
    _lay_road(context, unit, period)
    revision = _first_revision(context)
    context.event = _append_event(context, None, Status.DRAFT)
    session.flush()
    return document, revision


def _lay_road(context: ActContext, unit: Unit, period: Period) -> None:
    document = context.document
    document.feeds_synthesis = document.kind.is_computed or (
        document.kind.is_added_up
        and not documents.has_units_below(context.session, unit.id, period.id)
    )
    document.steps = _steps(
        context.session, unit, period.programme_id, document.kind, period.tree_day
    )
    above = document.steps[1] if len(document.steps) > 1 else None
    document.next_unit_id = above.unit_id if above else None
    document.mode = (above or document.steps[0]).mode


def _steps(
    session: Session, unit: Unit, programme_id: int, kind: Kind, on: date
) -> list[DocumentStep]:
    """Lay the steps from a unit to the top as the tree stood on a date, each with its mode.

    Raises RoadError where a unit of the chain does not exist on that date.
    """
    chain = _chain(session, unit)
    for member in chain:
        if not member.in_force(on):
            raise RoadError(
                Message(
                    N_("%(unit)s không tồn tại vào ngày %(date)s nên chưa có đường trình."),
                    {"unit": member.full_name, "date": on},
                )
            )
    modes = _modes(session, [member.id for member in chain], programme_id, kind)
    return [
        DocumentStep(ordinal=ordinal, unit_id=member.id, mode=_mode(modes, member.id, ordinal))
        for ordinal, member in enumerate(chain)
    ]


def _chain(session: Session, unit: Unit) -> list[Unit]:
    """Return the unit and those above it, nearest first."""
    above = session.scalars(select(Unit).where(Unit.id.in_(unit.ancestor_ids))).all()
    return [unit, *sorted(above, key=lambda member: -len(member.path))]


def _modes(session: Session, unit_ids: list[int], programme_id: int, kind: Kind) -> dict[int, Mode]:
    statement = select(Reception.unit_id, Reception.mode).where(
        Reception.unit_id.in_(unit_ids),
        Reception.programme_id == programme_id,
        Reception.kind == kind,
    )
    return {unit_id: mode for unit_id, mode in session.execute(statement)}  # noqa: C416 - rows, not pairs


def _mode(modes: dict[int, Mode], unit_id: int, ordinal: int) -> Mode:
    return Mode.FINAL if ordinal == 0 else modes.get(unit_id, Mode.APPROVE)


def _first_revision(context: ActContext) -> Revision:
    session, document = context.session, context.document
    session.add(document)
    with _one_live():
        session.flush()
    revision = Revision(
        document_id=document.id,
        number=1,
        unit_id=document.unit_id,
        unit_path=document.unit_path,
        next_unit_id=document.next_unit_id,
        created_at=context.now,
    )
    session.add(revision)
    session.flush()
    revisions.note_editor(session, revision.id, context.actor.person_id)
    return revision


@contextmanager
def _one_live() -> Iterator[None]:
    """Refuse the second of two who make a unit's one live document at once: an index keeps one."""
    try:
        yield
    except IntegrityError as error:
        if not any(words in str(error.orig) for words in LIVE_TWICE):
            raise
        raise BlockedError(guards.already_live()) from error


def offered(context: ActContext, act: Act | None = None, *, undo: bool = True) -> list[Row]:
    """List the rows this actor may take on this document now, guards aside: the page's buttons.

    Of one act, or of all; without *undo* the last event need not be read.
    """
    places = context.places
    found = [
        row
        for row in rows(context.document.status, act)
        if (undo or row.act is not Act.UNDO)
        and places.intersection(row.by)
        and all(condition[name](context) for name in row.when)
    ]
    return [row for row in found if row.act is not Act.UNDO or not refusals(context, row)]


def drafts(actor: Actor, document: Document) -> bool:
    """Tell whether the actor drafts this document: at its own unit, in the drafting role."""
    return actor.unit_id == document.unit_id and actor.role is document.kind.drafter


def refusals(context: ActContext, row: Row) -> list[Message]:
    """List what the row's guards have against the act, each with its remedy."""
    before, context.row = context.row, row
    found = [guard[name](context) for name in row.guards]
    context.row = before
    return [message for message in found if message is not None]


@dataclass(frozen=True)
class Demands:
    """What an act asks of who takes it, in this case: each field with why it must be filled in.

    `disagreeing` are those that only an opinion against wants.
    """

    always: Mapping[str, Message]
    disagreeing: Mapping[str, Message]

    def of(self, field: str) -> Message | None:
        """Return why a field must be filled in, whatever is said in the others."""
        return self.always.get(field)


def demands(context: ActContext, row: Row, refused: Iterable[Message]) -> Demands:
    """Ask the guards which fields they refuse to do without; `refused` is what they said to an act
    with nothing filled in.
    """
    always = {message.field: message for message in refused if message.field}
    return Demands(always, _if_against(context, row) if "verdict" in row.asks else {})


def _if_against(context: ActContext, row: Row) -> dict[str, Message]:
    before, context.inputs = context.inputs, Inputs(verdict=Verdict.DISAGREE)
    found = {message.field: message for message in refusals(context, row) if message.field}
    context.inputs = before
    return found


def _take(context: ActContext, row: Row) -> None:
    """Choose a row for the act. Raises BlockedError with every guard's reason."""
    context.row = row
    if refused := refusals(context, row):
        raise BlockedError(*refused)


def _starting_row(context: ActContext) -> Row:
    for row in rows(None, Act.START):
        if context.places.intersection(row.by):
            return row
    raise _not_a_drafter()


def _not_a_drafter() -> NotYoursError:
    return NotYoursError(Message(N_("Vai trò hiện tại của anh/chị không lập được văn bản này.")))


def _row_for(context: ActContext, act: Act, seen: int) -> Row:
    """Find the row that applies, or raise the error that explains best why there is none."""
    of_state = rows(context.document.status, act)
    if context.document.lock_version != seen and not _only_the_like_since(context, of_state, seen):
        raise _stale(context)
    named = {
        "act": Message(ACT_LABEL[act]),
        "status": Message(STATUS_LABEL[context.document.status]),
    }
    if not of_state:
        text = N_("Không thể “%(act)s” khi văn bản ở trạng thái “%(status)s”.")
        raise NotNowError(Message(text, named))
    mine = [row for row in of_state if context.places.intersection(row.by)]
    if not mine:
        text = N_("“%(act)s” không thuộc quyền của vai trò hiện tại. Anh/chị thử đổi vai trò.")
        raise NotYoursError(Message(text, named))
    for row in mine:
        if all(condition[name](context) for name in row.when):
            return row
    raise NotNowError(Message(N_("“%(act)s” không áp dụng cho văn bản này lúc này."), named))


def _only_the_like_since(context: ActContext, of_state: list[Row], seen: int) -> bool:
    """Tell whether nothing but the same act came between, where that does no harm.

    An opinion, say, does not wait for another's; but it must not fall on a revision that its
    giver has not seen.
    """
    if not of_state or not of_state[0].any_version:
        return False
    others = exists().where(
        Event.document_id == context.document.id,
        Event.seq > seen,
        Event.action != of_state[0].act.value,
    )
    return not context.session.scalar(select(others))


def _stale(context: ActContext) -> StaleError:
    last = documents.last_event(context.session, context.document.id, Scope.of(context.actor))
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
                "person": access_on_behalf.who(last.data.get("on_behalf"), last.person_name),
            },
        ),
        event=last,
    )


def _changed() -> StaleError:
    return StaleError(Message(N_("Văn bản vừa có thay đổi. Hãy xem lại trước khi thực hiện.")))


def _carry_out(context: ActContext) -> Event:
    document, row = context.document, context.row
    source = document.status
    with context.session.no_autoflush:
        target = _undo(context) if row.act is Act.UNDO else _run(context)
    for name, value in context.outcome.items():
        setattr(document, name, value)
    document.status = target
    document.lock_version += 1
    if target is not source:
        document.status_since = context.now
    context.event = _append_event(context, source, target)
    try:
        with _one_live():
            context.session.flush()
    except StaleDataError as error:  # no lock held it; the transaction is over
        raise _changed() from error
    audiences.tell(context)
    return context.event


def _run(context: ActContext) -> Status:
    for name in context.row.effects:
        effect[name](context)
    return context.row.target or context.document.status


def _undo(context: ActContext) -> Status:
    """Take the last act back: its reverts, then the state it came from."""
    last = context.last_event
    for name in last.data["reverts"]:
        effect[name](context)
    return last.from_status


def _append_event(context: ActContext, source: Status | None, target: Status) -> Event:
    """Append the event, numbered as the new version: acts and versions are counted alike, and the
    last event may be private to another unit.
    """
    row, actor = context.row, context.actor
    data: dict = {**context.inputs.recorded(), **context.event_data}
    data["reverts"] = None if row.reverts is None else list(row.reverts)
    if (on_behalf := access_on_behalf.recorded(actor)) is not None:
        data["on_behalf"] = on_behalf
    if row.act is Act.UNDO:
        data["undoes"] = context.last_event.seq
    event = Event(
        document_id=context.document.id,
        seq=context.document.lock_version,
        action=row.act.value,
        from_status=source,
        to_status=target,
        revision_number=context.document.head_number,
        at=context.now,
        person_id=actor.person_id,
        person_name=actor.person_name,
        person_position=actor.position,
        role=actor.role,
        unit_id=actor.unit_id,
        unit_name=actor.unit_name,
        office_name=actor.office_name,
        private=row.private or (row.act is Act.UNDO and context.last_event.private),
        reason=context.inputs.reason.strip(),
        data=data,
    )
    context.session.add(event)
    return event
