"""Who takes part: coming late, leaving, coming back, and what each reader makes of it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from synthesis.builders import NOON, Tree

import lth
from lth import synthesis
from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, system
from lth.core.errors import RefusedError, StaleError
from lth.models import (
    AuditEntry,
    Participation,
    ParticipationMove,
    Unit,
)
from lth.models.document import Status
from lth.models.person import Role
from lth.models.unit import Level
from lth.programmes import participants, participation
from lth.programmes.participation import Mover
from lth.quotas import offer
from lth.workflow import agenda, documents, inbox, waiting
from lth.workflow.kinds import PLAN, SYNTHESIS

TODAY = NOON.date()
ON = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon(monkeypatch) -> None:
    """The day is that of the tree's documents."""
    monkeypatch.setattr("lth.core.clock.now", lambda: NOON)


@pytest.fixture
def tree(session) -> Tree:
    return Tree(session)


@pytest.fixture
def district(tree) -> Unit:
    return tree.unit(Level.DISTRICT, "Trà Cú", tree.unit(Level.PROVINCE, "Trà Vinh"))


def freeze(tree: Tree, parent: Unit) -> None:
    """The first document under a unit is sent up."""
    with system(tree.session, Purpose.FREEZE):
        for row in tree.session.scalars(
            select(Participation).where(Participation.parent_id == parent.id)
        ):
            row.frozen_at = NOON
        tree.session.flush()


def move(tree: Tree, act: str, unit: Unit, on: date = ON, reason: str = "Văn bản 12", **more):
    """Have a unit come or leave, as the system does it."""
    with system(tree.session, Purpose.LOAD):
        mover = Mover(tree.session, NOON)
        operation = getattr(participation, act)
        return operation(mover, tree.period, unit, on=on, reason=reason, **more)


def seen(tree: Tree, unit: Unit, document) -> str:
    """How many of how many are in a synthesis."""
    head = tree.head(document)
    found = synthesis.attendance(tree.session, [head.id], tree.looks(unit), TODAY)
    return str(found[head.id].said)


def taken(tree: Tree, unit: Unit):
    document = tree.synthesis(unit)
    synthesis.take_over(tree.session, tree.person(Role.SPECIALIST, unit), document.id, now=NOON)
    return document


# --- Every reader -------------------------------------------------------------------------


def readings(tree: Tree, above: Unit, unit: Unit, people: tuple[Actor, Actor]) -> dict[str, object]:
    """What everybody who asks who takes part makes of a unit and of the one above it."""
    session, (specialist, clerk) = tree.session, people
    tree.acts(specialist)
    scope = Scope.of(specialist)
    plan = session.get_one(type(tree.plan), tree.plan.id)
    found: dict[str, object] = {
        "below": documents.has_units_below(session, unit.id, tree.period.id),
        "rounds": [(one.kind, one.units) for one in inbox.rounds(session, specialist)],
        "inbox": [
            [line.unit.name for line in inbox.listing(session, specialist, period, kind).lines]
            for period, kind in [(tree.period.id, PLAN), (tree.period.id, SYNTHESIS)]
        ],
        "progress": [
            (one.kind, counts.by_progress) for one, counts in inbox.progress(session, specialist)
        ],
        "receivers": [one.unit.name for one in offer.receivers(session, plan, scope)],
        "agenda": len(agenda.of(session, specialist, date(2020, 1, 1), date(2030, 1, 1))),
    }
    tree.acts(clerk)
    found["openings"] = len(waiting.openings(session, clerk))
    found["own agenda"] = len(agenda.of(session, clerk, date(2020, 1, 1), date(2030, 1, 1)))
    return found


@pytest.mark.parametrize("below", [False, True])
def test_whoever_has_left_reads_as_if_never_there(tree, district, below) -> None:
    """Held against the row's absence, for the unit itself and for one with units of its own."""
    gone, _stays = tree.communes(district, 2)
    tree.plan = tree.document(district)
    unit, above = (
        (district, tree.session.get_one(Unit, district.parent_id))
        if below
        else (
            gone,
            district,
        )
    )
    people = tree.person(Role.SPECIALIST, above), tree.person(Role.CLERK, unit)
    before = readings(tree, above, unit, people)
    move(tree, "leave", unit)
    left = readings(tree, above, unit, people)
    with system(tree.session, Purpose.LOAD):
        inside = select(Unit.id).where(Unit.path.startswith(unit.path, autoescape=True))
        tree.session.execute(delete(Participation).where(Participation.unit_id.in_(inside)))
        tree.session.flush()
    assert left == readings(tree, above, unit, people)
    assert left != before


def test_nobody_reads_who_takes_part_without_asking_whether() -> None:
    """Each room that reads the list asks by `takes_part`; whoever lists the rows has a reason."""

    writes = {"models", "programmes", "demo"}
    rooms = Path(lth.__file__).parent
    for file in rooms.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if "Participation" not in text or writes & set(file.relative_to(rooms).parts):
            continue
        names = text.count("Participation.parent_id") + text.count("aliased(Participation)")
        assert "takes_part" in text or not names, file


# --- Denominators -------------------------------------------------------------------------


def test_the_denominator_of_any_day_can_be_read(tree, district) -> None:
    one, *_ = tree.communes(district, 3)
    freeze(tree, district)
    late = tree.unit(Level.COMMUNE, "Đến sau", district)
    with system(tree.session, Purpose.LOAD):
        tree.session.execute(delete(Participation).where(Participation.unit_id == late.id))
    start = tree.period.starts_on
    move(tree, "join", late, start + timedelta(days=30))
    move(tree, "leave", one, start + timedelta(days=60))
    move(tree, "join", one, start + timedelta(days=90))
    with system(tree.session, Purpose.LOAD):
        steps = participants.denominators(tree.session, tree.period, district.id)
        days = [(step.since - start).days for step in steps]
        assert list(zip(days, [step.units for step in steps], strict=True)) == [
            (0, 3),
            (30, 4),
            (60, 3),
            (90, 4),
        ]
        for days, count in [(0, 3), (29, 3), (30, 4), (59, 4), (60, 3), (89, 3), (90, 4)]:
            day = start + timedelta(days=days)
            assert participants.took_part(tree.session, tree.period, district.id, day) == count


def test_what_is_frozen_keeps_its_denominator_and_an_open_one_follows(tree, district) -> None:
    one, other = tree.communes(district, 2)
    tree.released(one, {"clubs_new": 2})
    frozen = taken(tree, district)
    tree.release(frozen)
    assert seen(tree, district, frozen) == "1 trên 2 xã"
    move(tree, "leave", other)
    assert seen(tree, district, frozen) == "1 trên 2 xã"
    move(tree, "join", other)
    with system(tree.session, Purpose.LOAD):
        frozen.status = Status.REVOKED
        tree.session.flush()
    opened = taken(tree, district)
    assert seen(tree, district, opened) == "1 trên 2 xã"
    move(tree, "leave", other, TODAY)
    assert seen(tree, district, opened) == "1 trên 1 xã"


def test_what_was_sent_leaves_the_sums_with_its_unit_and_is_said(tree, district) -> None:
    one, other = tree.communes(district, 2)
    for unit in (one, other):
        tree.released(unit, {"clubs_new": 2})
    document = taken(tree, district)
    move(tree, "leave", one)
    scope = tree.looks(district)
    sheet = synthesis.sheet(tree.session, document, tree.head(document), scope)
    assert [unit.name for unit, _ in sheet.departed] == [one.name]
    assert sheet.counts.expected == 1
    synthesis.take_over(tree.session, tree.person(Role.SPECIALIST, district), document.id, now=NOON)
    sheet = synthesis.sheet(tree.session, document, tree.head(document), tree.looks(district))
    assert not sheet.departed
    assert (sheet.counts.received, sheet.counts.expected) == (1, 1)


# --- Coming and leaving -------------------------------------------------------------------


def test_before_the_list_is_fixed_one_takes_part_from_the_start(tree, district) -> None:
    unit = tree.communes(district, 1)[0]
    with system(tree.session, Purpose.LOAD):
        tree.session.execute(delete(Participation).where(Participation.unit_id == unit.id))
    assert move(tree, "join", unit, reason="").late == 0
    with system(tree.session, Purpose.LOAD):
        row = tree.session.get_one(Participation, (tree.period.id, unit.id))
        assert (row.joined_on, row.left_on) == (None, None)


def test_a_late_comer_has_a_day_a_reason_and_a_trace(tree, district) -> None:
    tree.communes(district, 1)
    freeze(tree, district)
    unit = tree.communes(district, 1)[0]
    with system(tree.session, Purpose.LOAD):
        tree.session.execute(delete(Participation).where(Participation.unit_id == unit.id))
    with pytest.raises(RefusedError) as refused:
        move(tree, "join", unit, reason=" ")
    assert refused.value.messages[0].field == "reason"
    assert move(tree, "join", unit).late == 1
    document = taken(tree, district)
    head = tree.head(document)
    found = synthesis.attendance(tree.session, [head.id], tree.looks(district), TODAY)[head.id]
    assert {one.unit.id: one.joined_on for one in found.absent}[unit.id] == ON
    with system(tree.session, Purpose.LOAD):
        [entry] = tree.session.scalars(
            select(AuditEntry).where(AuditEntry.what == "participation.joined")
        )
        assert entry.data["changes"]["reason"] == [None, "Văn bản 12"]


@pytest.mark.parametrize(
    ("act", "terms", "field"),
    [
        ("leave", {"reason": ""}, "reason"),
        ("leave", {"on": date(1999, 1, 1)}, "on"),
        ("leave", {"on": date(2099, 1, 1)}, "on"),
        ("join", {}, ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(tree, district, act, terms, field) -> None:
    unit = tree.communes(district, 1)[0]
    with pytest.raises(RefusedError) as refused:
        move(tree, act, unit, **terms)
    assert refused.value.messages[0].field == field
    with system(tree.session, Purpose.LOAD):
        assert not tree.session.scalar(select(func.count()).select_from(ParticipationMove))


def test_a_unit_leaves_with_all_below_it_and_comes_back_by_itself(tree, district) -> None:
    communes = tree.communes(district, 2)
    assert [one.id for one in move(tree, "leave", district)] == [
        district.id,
        *(one.id for one in communes),
    ]
    with pytest.raises(RefusedError):
        move(tree, "join", communes[0])
    move(tree, "join", district)
    assert move(tree, "join", communes[0]).added == 1
    province = tree.session.get_one(Unit, district.parent_id)
    joined = move(tree, "join_all", province)
    assert joined.added == 0  # whoever has left comes back by a decision of its own


def test_a_day_ahead_is_kept_to(tree, district, monkeypatch) -> None:
    unit = tree.communes(district, 1)[0]
    ahead = TODAY + timedelta(days=10)
    move(tree, "leave", unit, ahead)

    def below(day: date) -> int:
        with system(tree.session, Purpose.LOAD):
            found = participants.counted_below(tree.session, tree.period, [district.id], day)
        return found.get(district.id, 0)

    assert (below(ahead - timedelta(days=1)), below(ahead)) == (1, 0)
    with pytest.raises(RefusedError):
        move(tree, "join", unit, ahead + timedelta(days=1))
    move(tree, "join", unit, ahead)  # it stays after all
    assert (below(TODAY), below(ahead)) == (1, 1)


def test_a_page_that_is_no_longer_so_changes_nothing(tree, district) -> None:
    one, _ = tree.communes(district, 2)
    with system(tree.session, Purpose.LOAD):
        version = participation.version(tree.session, tree.period.id, one)
    move(tree, "leave", one, seen=version)
    with pytest.raises(StaleError):
        move(tree, "join", one, seen=version)


def test_a_row_that_its_history_does_not_bear_out_is_found(tree, district) -> None:
    one, _ = tree.communes(district, 2)
    move(tree, "leave", one)
    with system(tree.session, Purpose.RECONCILE):
        assert not participants.drifts(tree.session)
        tree.session.get_one(Participation, (tree.period.id, one.id)).left_on = None
        tree.session.flush()
        [found] = participants.drifts(tree.session)
        assert (found.unit_id, found.stored, found.folded) == (one.id, None, ON)
        tree.session.execute(delete(Participation).where(Participation.unit_id == one.id))
        assert [drift.unit_id for drift in participants.drifts(tree.session)] == [one.id]


@pytest.mark.databases("postgres")
@pytest.mark.parametrize("at", ["province", "district", "other"])
def test_an_administrator_moves_those_below_however_far(tree, district, at) -> None:
    """Held by row-level security: whoever administers another line of the tree finds nobody."""
    unit = tree.communes(district, 1)[0]
    province = tree.session.get_one(Unit, district.parent_id)
    other = tree.unit(Level.DISTRICT, "Càng Long", province)
    place = {"province": province, "district": district, "other": other}[at]
    actor = tree.person(Role.UNIT_ADMIN, place)
    mover = Mover(tree.session, NOON, actor.person_id, actor.person_name, place)
    terms = {"on": ON, "reason": "Văn bản 12"}
    if at == "other":
        with pytest.raises(RefusedError):
            participation.leave(mover, tree.period, unit, **terms)
        return
    assert participation.leave(mover, tree.period, unit, **terms) == [unit]
    assert participation.join(mover, tree.period, unit, **terms).added == 1
