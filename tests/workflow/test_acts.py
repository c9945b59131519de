"""State × role × act, really done: what a hand-written table allows moves the document, and all
else is refused with the right error and changes nothing.

The table is the second one beside `lth/workflow/table.py`, with what the first calls conditions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, event, func, literal, select, union_all
from support.flowworld import (
    ACKNOWLEDGED,
    APPROVED,
    DRAFTER,
    LINES,
    SAID,
    UNIT_ROLES,
    UNITS,
    WAYS,
    Flow,
    State,
)

from lth.access.actor import Actor
from lth.access.scope import Purpose, system
from lth.core.errors import BlockedError, LthError, NotFoundError, NotNowError, NotYoursError
from lth.core.i18n import Message
from lth.models import Base, Document, Event
from lth.models.document import Mode, Status
from lth.models.kind import Kind
from lth.models.person import Role
from lth.models.programme import PeriodUse
from lth.workflow import operations
from lth.workflow.acts import ACT_LABEL, Act
from lth.workflow.context import Inputs
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.states import STATUS_LABEL

RULES = """
draft     own  drafter            send_for_clearance clearance where cleared
draft     own  drafter            submit             submitted where uncleared approve
draft     own  leader             issue              issued    where uncleared acknowledge final
returned  own  drafter            send_for_clearance clearance where cleared
returned  own  drafter            submit             submitted where uncleared approve
returned  own  leader             issue              issued    where uncleared acknowledge final
clearance own  leader             decline            draft
clearance own  leader             submit             submitted where approve
clearance own  leader             issue              issued    where acknowledge final
submitted own  drafter            recall             draft
submitted own  leader             recall             draft
submitted next specialist         open               review
review    next specialist         give_opinion       review
review    next finance_appraiser  give_opinion       review
review    next format_appraiser   give_opinion       review
review    next specialist         return             returned
review    next leader             return             returned
review    next leader             approve            approved
approved  next leader             reopen             review
approved  own  leader             issue              issued
issued    own  drafter            amend              draft
issued    own  leader             revoke             revoked
issued    next specialist         acknowledge        issued    where acknowledge
clearance own  drafter            ask_back           clearance
review    own  drafter            ask_back           review
review    own  leader             ask_back           review
approved  own  drafter            ask_back           approved
approved  own  leader             ask_back           approved
draft     own  drafter            ask_extension      draft     where due
draft     own  leader             ask_extension      draft     where due
draft     next specialist         grant_extension    draft     where asked
draft     next specialist         refuse_extension   draft     where asked
draft     next leader             grant_extension    draft     where asked
draft     next leader             refuse_extension   draft     where asked
returned  own  drafter            ask_extension      returned  where due
returned  own  leader             ask_extension      returned  where due
returned  next specialist         grant_extension    returned  where asked
returned  next specialist         refuse_extension   returned  where asked
returned  next leader             grant_extension    returned  where asked
returned  next leader             refuse_extension   returned  where asked
clearance own  drafter            ask_extension      clearance where due
clearance own  leader             ask_extension      clearance where due
clearance next specialist         grant_extension    clearance where asked
clearance next specialist         refuse_extension   clearance where asked
clearance next leader             grant_extension    clearance where asked
clearance next leader             refuse_extension   clearance where asked
"""
"""Nothing is due in this world and so no extension is asked for: `test_extensions.py` has both."""

LAST = """
clearance own  drafter    send_for_clearance draft
submitted own  leader     submit             clearance
review    next specialist open               submitted
returned  next specialist return             review
approved  next leader     approve            review
issued    own  leader     issue              approved  where approve
issued    own  leader     issue              clearance where acknowledge final
revoked   own  leader     revoke             issued
"""
"""Who came last to each state by which act, and where *undo* leads from there."""

TOLD = """
send_for_clearance drafter own.leader
decline            leader  own.drafter
submit             drafter own.leader next.specialist
submit             leader  own.drafter next.specialist
recall             any     own.drafter next.specialist
open               any     own.drafter
give_opinion       any     next.leader
return             any     own.drafter own.leader
approve            any     own.drafter own.leader
reopen             any     own.drafter own.leader next.specialist
issue              any     own.drafter next.specialist below.clerk
acknowledge        any     own.drafter own.leader
amend              any     own.leader next.specialist
revoke             any     own.drafter next.specialist below.clerk
ask_back:clearance any     own.leader
ask_back:review    any     next.specialist next.leader
ask_back:approved  any     next.specialist next.leader
"""
"""Who is told; never whoever acts, and those below only of a plan. One holds each role here."""

ACTING = (Role.CLERK, Role.LEADER, Role.SPECIALIST)
PRIVATE = {"send_for_clearance", "decline", "give_opinion", "ask_back:clearance"}

BEFORE_SENDING = {Status.DRAFT, Status.RETURNED, Status.CLEARANCE}

Line = tuple[str, Kind, str, Mode]
CASES = [
    pytest.param(line, status, clearance, id=f"{line[1]}-{line[3]}-{status}-{clearance}")
    for line in LINES
    for status in WAYS[line[3]]
    for clearance in ("cleared", "uncleared")
    if clearance == "cleared" or status in BEFORE_SENDING
]
"""Whether the leader clears makes a difference only before a document is sent."""


@dataclass(frozen=True)
class Rule:
    """One act that somebody may do in a state, and where it leads."""

    who: str
    act: Act
    to: Status


def rules(line: Line, status: Status, clearance: str, table: str = RULES) -> list[Rule]:
    """The lines of a table that hold for a document; `who` by name."""
    found = []
    for text in table.strip().splitlines():
        rule, _, where = text.partition(" where ")
        state, place, role, act, to = rule.split()
        unit = _place(line, place)
        if state == status.value and unit and _holds(where.split(), clearance, line[3].value):
            found.append(Rule(f"{_role(line, role)}@{unit}", Act(act), Status(to)))
    return found


def _holds(where: list[str], clearance: str, mode: str) -> bool:
    """No word of a sort means any of it; nothing is due here."""
    if {"due", "asked"}.intersection(where):
        return False
    for words, one in (({"cleared", "uncleared"}, clearance), (set(Mode), mode)):
        wanted = words.intersection(where)
        if wanted and one not in wanted:
            return False
    return True


def _role(line: Line, role: str) -> str:
    return DRAFTER[line[1]].value if role == "drafter" else role


def _place(line: Line, place: str) -> str | None:
    return line[0] if place == "own" else UNITS[line[0]][3]


def undoing(line: Line, status: Status) -> list[Rule]:
    return [Rule(one.who, Act.UNDO, one.to) for one in rules(line, status, "", LAST)]


@pytest.fixture
def document(flow: Flow, line: Line, status: Status, clearance: str) -> int:
    """The line's document in the state, in a unit whose leader clears or does not."""
    unit, kind, programme, _ = line
    flow.settle(unit, clearance_needed=clearance == "cleared")
    return flow.document(unit, status, kind, programme)


@pytest.fixture
def writes(flow: Flow) -> Iterator[list[str]]:
    """Every statement that writes, whatever comes of it."""
    found: list[str] = []

    def note(_connection: Connection, _cursor, statement: str, *_rest) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            found.append(statement)

    engine = flow.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def attempt(flow: Flow, actor: Actor, document_id: int, act: Act, state: State) -> Event:
    """An act with everything filled in that it may ask, not committed."""
    inputs = Inputs(**SAID)
    seen = state.lock_version
    return operations.do(
        flow.session, actor, document_id, act, seen=seen, now=flow.now, inputs=inputs
    )


def rows(flow: Flow, *tables: str) -> dict[str, int]:
    """How many rows each table has, or each of some."""
    counts = [
        select(literal(table.name), func.count()).select_from(table)
        for table in Base.metadata.sorted_tables
        if not tables or table.name in tables
    ]
    with system(flow.session, Purpose.RECONCILE):
        return dict(flow.session.execute(union_all(*counts)).all())


# --- What is allowed ----------------------------------------------------------------------


@pytest.mark.parametrize(("line", "status", "clearance"), CASES)
def test_what_is_allowed_moves_it(flow, line, status, clearance, document):
    before, counted = flow.state(document), rows(flow)
    for rule in (*rules(line, status, clearance), *undoing(line, status)):
        done = attempt(flow, flow.acting(rule.who), document, rule.act, before)
        _check_event(flow, done, rule, status, document)
        after = flow.state(document)
        assert after.status is rule.to, rule
        assert after.lock_version == before.lock_version + 1, rule
        told = expected_mail(line, status, rule)
        assert flow.told(done) == told, rule
        added = rows(flow, "event", "outbox", "document")
        assert added["event"] == counted["event"] + 1, rule
        assert added["outbox"] == counted["outbox"] + len(told), rule
        assert added["document"] == counted["document"], rule
        flow.session.rollback()
    assert rows(flow) == counted


def _check_event(flow: Flow, done: Event, rule: Rule, status: Status, document_id: int) -> None:
    actor = flow.actor(rule.who)
    with system(flow.session, Purpose.RECONCILE):
        flow.session.refresh(done)
    undone = [one for one in LAST.splitlines() if one.startswith(status.value)]
    private = not PRIVATE.isdisjoint({rule.act.value, f"{rule.act.value}:{status.value}"}) or (
        rule.act is Act.UNDO and undone[0].split()[3] in PRIVATE
    )
    assert (done.document_id, done.seq, done.action, done.from_status, done.to_status) == (
        document_id,
        flow.state(document_id).lock_version,
        rule.act.value,
        status,
        rule.to,
    )
    assert (done.person_id, done.role, done.unit_id, done.at, done.reason, done.private) == (
        actor.person_id,
        actor.role,
        actor.unit_id,
        flow.now,
        SAID["reason"],
        private,
    )


def expected_mail(line: Line, status: Status, rule: Rule) -> set[str]:
    """Who is told by hand; of an undone act, those who were told of it."""
    if rule.act is Act.UNDO:
        last = next(one for one in LAST.strip().splitlines() if one.startswith(status.value))
        _, place, role, act, _ = last.partition(" where ")[0].split()
        done = Rule(f"{_role(line, role)}@{_place(line, place)}", Act(act), status)
        return expected_mail(line, status, done)
    drafts = rule.who == f"{DRAFTER[line[1]]}@{line[0]}"
    for text in TOLD.strip().splitlines():
        act, by, *audience = text.split()
        named = act in {rule.act.value, f"{rule.act.value}:{status.value}"}
        if named and by in {"any", "drafter" if drafts else "leader"}:
            told = {name for one in audience for name in _names(line, *one.split("."))}
            return told - {rule.who}
    raise AssertionError(f"nothing says who is told of {rule}")


def _names(line: Line, place: str, role: str) -> list[str]:
    unit, kind = line[:2]
    if place == "below":
        below = [key for key, row in UNITS.items() if row[3] == unit]
        return [f"{role}@{key}" for key in below] if kind is PLAN else []
    at = _place(line, place)
    return [f"{_role(line, role)}@{at}"] if at else []


# --- What is not --------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "status", "clearance"), CASES)
def test_what_is_not_allowed_is_refused_and_changes_nothing(
    flow, line, status, clearance, document, writes
):
    state, counted = flow.state(document), rows(flow)
    may = {(rule.who, rule.act) for rule in rules(line, status, clearance)}
    may |= {(rule.who, Act.UNDO) for rule in undoing(line, status)}
    writes.clear()
    wrong = []
    for who in everybody(line, thorough=(line[3], clearance) == (Mode.APPROVE, "cleared")):
        actor = flow.acting(who)
        for act in [act for act in Act if (who, act) not in may]:
            expected = refusal(line, status, who, act)
            found = refused(flow, actor, document, act, state)
            if found is not expected:
                wrong.append(f"{who} {act}: {found} and not {expected}")
    assert wrong == []
    flow.session.flush()
    assert writes == []
    assert flow.state(document) == state
    assert rows(flow) == counted


def refused(flow: Flow, actor: Actor, document_id: int, act: Act, state: State) -> type | None:
    """The error of an act, or None if it was done."""
    try:
        attempt(flow, actor, document_id, act, state)
    except LthError as error:
        for message in error.messages:
            assert_translatable(message)
        return type(error)
    flow.session.rollback()
    return None


def assert_translatable(message: Message) -> None:
    """Labels within a message are messages too, else an English page says them in Vietnamese."""
    labels = {*ACT_LABEL.values(), *STATUS_LABEL.values()}
    for value in message.params.values():
        assert not isinstance(value, str) or value not in labels


def everybody(line: Line, *, thorough: bool) -> Iterator[str]:
    """Each role on the road and beside it, and a clerk of each unit elsewhere; or, where all is
    the same for the rest, those at the unit and the next step who act.
    """
    above = _above(line[0])
    for unit in UNITS if thorough else [line[0], *above[:1]]:
        near = unit == line[0] or unit in above or UNITS[unit][3] == UNITS[line[0]][3]
        roles = (UNIT_ROLES if near else [Role.CLERK]) if thorough else ACTING
        yield from (f"{role}@{unit}" for role in roles)
    yield "system_admin"


def refusal(line: Line, status: Status, who: str, act: Act) -> type[LthError]:
    """Outside the scope it is not there; who may only read is told so; the rest asks the table."""
    role, _, unit = who.partition("@")
    own, above = line[0], UNITS[line[0]][3]
    if not _sees(line, status, role, unit):
        return NotFoundError
    if unit not in {own, above} or role in {Role.OBSERVER, Role.UNIT_ADMIN}:
        return NotYoursError
    here = [text.split()[:4] for text in RULES.strip().splitlines()]
    here = [one[1:] for one in here if one[0] == status.value]
    if act is Act.UNDO or act.value not in {one[2] for one in here}:
        return NotNowError
    mine = [f"{_role(line, role_)}@{_place(line, place)}" for place, role_, a in here if a == act]
    return NotNowError if who in mine else NotYoursError


def _sees(line: Line, status: Status, role: str, unit: str) -> bool:
    own = line[0]
    if unit == own:
        return role != Role.OBSERVER or status not in {Status.DRAFT, Status.CLEARANCE}
    if unit in _above(own):
        return True
    return own in _above(unit) and status is Status.ISSUED


def _above(unit: str) -> list[str]:
    above = UNITS.get(unit, (None,) * 4)[3]
    return [above, *_above(above)] if above else []


# --- The start ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind.of(PeriodUse.PLAN))
@pytest.mark.parametrize("programme", [APPROVED, ACKNOWLEDGED])
def test_who_may_start(flow, kind, programme, writes):
    """The drafter of a unit that takes part; a synthesis only where there are units below."""
    counted = rows(flow)
    period = flow.period("2021", programme)
    for who in [*(f"{role}@{unit}" for unit in UNITS for role in UNIT_ROLES), "system_admin"]:
        role, _, unit = who.partition("@")
        actor = flow.acting(who)
        if role != DRAFTER[kind]:
            writes.clear()
            with pytest.raises(NotYoursError):
                operations.start(flow.session, actor, period, kind, now=flow.now)
            assert writes == []
        elif starts(unit, kind):
            document, revision = operations.start(flow.session, actor, period, kind, now=flow.now)
            _check_start(flow, who, document)
            assert (revision.number, revision.frozen_at) == (1, None)
            flow.session.rollback()
        else:
            with pytest.raises(BlockedError):
                operations.start(flow.session, actor, period, kind, now=flow.now)
        flow.session.flush()
    assert rows(flow) == counted


def starts(unit: str, kind: Kind) -> bool:
    """In 2021: not the units of the reform to come."""
    if kind is SYNTHESIS:
        return unit in {"travinh", "tracu", "canglong"}
    return unit in {"travinh", "tracu", "canglong", "tapson", "ngaixuyen", "huyenhoi"}


def _check_start(flow: Flow, who: str, document: Document) -> None:
    actor = flow.actor(who)
    assert flow.state(document.id) == State(Status.DRAFT, 1, 1, None, None, None)
    with system(flow.session, Purpose.RECONCILE):
        done = flow.session.scalars(select(Event).where(Event.document_id == document.id)).one()
    assert (done.seq, done.action, done.from_status, done.to_status) == (
        1,
        "start",
        None,
        Status.DRAFT,
    )
    assert (done.person_id, done.role, done.unit_id) == (
        actor.person_id,
        actor.role,
        actor.unit_id,
    )
    assert done.private
    assert flow.told(done) == set()


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.REVOKED])
@pytest.mark.parametrize("kind", Kind.of(PeriodUse.PLAN))
def test_a_live_document_is_the_only_one(flow, status, kind):
    """One unit, programme, period and kind: only a revoked document makes room."""
    unit = "tapson" if kind is PLAN else "tracu"
    counted = rows(flow)
    with pytest.raises(BlockedError, match="đã có một văn bản cùng loại"):
        flow.start(f"{DRAFTER[kind]}@{unit}", status.value, kind)
    assert rows(flow) == counted


@pytest.mark.parametrize("kind", Kind.of(PeriodUse.PLAN))
def test_a_revoked_document_makes_room_for_another(flow, kind):
    unit = "tapson" if kind is PLAN else "tracu"
    document_id = flow.start(f"{DRAFTER[kind]}@{unit}", Status.REVOKED.value, kind)
    assert flow.status(document_id) is Status.DRAFT
