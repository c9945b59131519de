"""Roads, modes and dates: three tiers and two, units that have ended, how a unit receives, and
when what is due.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from support.flowworld import (
    ACKNOWLEDGED,
    APPROVED,
    SAID,
    SIGNED,
    TWO_TIERS,
    Flow,
)

from lth.access.scope import Purpose, system
from lth.core.errors import BlockedError, NotFoundError, RoadError
from lth.core.workdays import Calendar
from lth.models import Deadline, Document, DocumentStep, Reception, Unit
from lth.models.document import Mode, Status
from lth.models.kind import Kind
from lth.workflow import deadlines
from lth.workflow.acts import Act
from lth.workflow.kinds import PLAN, SYNTHESIS

IN_2026 = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def road(flow: Flow, document_id: int) -> list[tuple[str, Mode]]:
    """A document's steps, by unit and how each receives."""
    keys = {unit_id: key for key, unit_id in flow.units.items()}
    with system(flow.session, Purpose.RECONCILE):
        statement = (
            select(DocumentStep)
            .where(DocumentStep.document_id == document_id)
            .order_by(DocumentStep.ordinal)
        )
        steps = flow.session.scalars(statement).all()
        assert [step.ordinal for step in steps] == list(range(len(steps)))
        return [(keys[step.unit_id], step.mode) for step in steps]


def receive(flow: Flow, unit: str, mode: Mode, kind: Kind = PLAN) -> None:
    """Have a unit receive a kind of document of programme 1336 in a way."""
    with system(flow.session, Purpose.LOAD):
        place = {"unit_id": flow.units[unit], "programme_id": flow.period("2021").programme_id}
        flow.session.add(Reception(kind=kind, mode=mode, **place))
    flow.session.commit()


# --- Roads --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "kind", "programme", "period", "expected"),
    [
        ("clerk@tapson", PLAN, APPROVED, "2021", "tapson tracu travinh"),
        ("clerk@huyenhoi", PLAN, APPROVED, "2021", "huyenhoi canglong travinh"),
        ("clerk@tracu", PLAN, APPROVED, "2021", "tracu travinh"),
        ("specialist@tracu", SYNTHESIS, APPROVED, "2021", "tracu travinh"),
        ("clerk@travinh", PLAN, APPROVED, "2021", "travinh"),
        ("clerk@tapson2", PLAN, TWO_TIERS, "2026", "tapson2 vinhlong"),
        ("specialist@vinhlong", SYNTHESIS, TWO_TIERS, "2026", "vinhlong"),
    ],
)
def test_a_road_is_the_chain_of_units_above(flow, who, kind, programme, period, expected):
    """Three tiers before the reform and two after: the tree says so, no code asks."""
    flow.now = IN_2026 if programme == TWO_TIERS else flow.now
    document_id = flow.start(who, period, kind, programme)
    modes = [Mode.FINAL, Mode.APPROVE, Mode.APPROVE]
    assert road(flow, document_id) == list(zip(expected.split(), modes, strict=False))


def test_on_two_tiers_the_province_is_the_next_step(flow):
    flow.now = IN_2026
    document_id = flow.start("clerk@tapson2", "2026", programme=TWO_TIERS)
    for who, act in (
        ("clerk@tapson2", Act.SEND_FOR_CLEARANCE),
        ("leader@tapson2", Act.SUBMIT),
        ("specialist@vinhlong", Act.OPEN),
        ("leader@vinhlong", Act.APPROVE),
        ("leader@tapson2", Act.ISSUE),
    ):
        flow.do(who, document_id, act, **SAID | {"document_date": IN_2026.date()})
    assert flow.status(document_id) is Status.ISSUED
    with pytest.raises(NotFoundError):
        flow.do("specialist@tracu", document_id, Act.OPEN)


def test_what_feeds_a_synthesis_is_the_plan_of_a_unit_without_units(flow):
    """A district with communes below is counted by its synthesis, not by its own plan."""
    found = {}
    for who, kind in (
        ("clerk@tapson", PLAN),
        ("clerk@tracu", PLAN),
        ("specialist@tracu", SYNTHESIS),
    ):
        document_id = flow.start(who, kind=kind)
        with system(flow.session, Purpose.RECONCILE):
            found[who] = flow.session.get_one(Document, document_id).feeds_synthesis
    assert found == {"clerk@tapson": True, "clerk@tracu": False, "specialist@tracu": True}


# --- Ended units --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "who", "act"),
    [
        (Status.DRAFT, "clerk@tapson", Act.SEND_FOR_CLEARANCE),
        (Status.CLEARANCE, "leader@tapson", Act.SUBMIT),
        (Status.SUBMITTED, "specialist@tracu", Act.OPEN),
        (Status.REVIEW, "leader@tracu", Act.APPROVE),
        (Status.REVIEW, "specialist@tracu", Act.RETURN),
        (Status.APPROVED, "leader@tapson", Act.ISSUE),
        (Status.ISSUED, "clerk@tapson", Act.AMEND),
        (Status.ISSUED, "leader@tapson", Act.REVOKE),
    ],
)
def test_ended_units_finish_what_is_on_their_roads(flow, status, who, act):
    """In 2026 neither the commune nor the district is there any more; their people are."""
    flow.now = IN_2026
    document_id = flow.document("tapson", status)
    flow.do(who, document_id, act, **SAID)
    assert flow.status(document_id) is not status


def test_ended_units_start_nothing_that_begins_after_their_end(flow):
    flow.now = IN_2026
    with pytest.raises(BlockedError, match="xã Tập Sơn không còn") as refused:
        flow.start("clerk@tapson", "2026", programme=TWO_TIERS)
    assert len(refused.value.messages) == 2  # it does not take part either


def test_ended_units_may_still_start_what_began_before_their_end(flow):
    """A report or plan of an old period is written late."""
    flow.now = IN_2026
    document_id = flow.start("clerk@tapson", "2021")
    assert road(flow, document_id)[1][0] == "tracu"


def test_new_units_start_nothing_that_began_before_them(flow):
    flow.now = IN_2026
    with pytest.raises(BlockedError, match="chưa có"):
        flow.start("clerk@tapson2", "2021")


def test_a_road_needs_every_unit_of_the_chain(flow):
    """The commune was there at the start of the period, the district above it no longer."""
    with system(flow.session, Purpose.LOAD):
        flow.session.get_one(Unit, flow.units["canglong"]).valid_to = date(2020, 12, 31)
    flow.session.commit()
    with pytest.raises(RoadError, match="huyện Càng Long không tồn tại"):
        flow.start("clerk@huyenhoi")


# --- Reception ----------------------------------------------------------------------------


def test_a_unit_receives_each_kind_of_each_programme_in_its_way(flow):
    receive(flow, "travinh", Mode.ACKNOWLEDGE, PLAN)
    document = flow.start("clerk@tracu")
    synthesis = flow.start("specialist@tracu", kind=SYNTHESIS)
    elsewhere = flow.start("clerk@tracu", programme=ACKNOWLEDGED)
    modes = [road(flow, one)[1][1] for one in (document, synthesis, elsewhere)]
    assert modes == [Mode.ACKNOWLEDGE, Mode.APPROVE, Mode.ACKNOWLEDGE]


def test_a_road_keeps_the_modes_it_was_laid_with(flow, clearance, leader):
    """Changing how a unit receives is for what is started later."""
    receive(flow, "tracu", Mode.ACKNOWLEDGE)
    flow.do(leader, clearance, Act.SUBMIT)
    assert flow.status(clearance) is Status.SUBMITTED
    assert road(flow, clearance)[1] == ("tracu", Mode.APPROVE)
    later = flow.start("clerk@tapson")
    assert road(flow, later)[1] == ("tracu", Mode.ACKNOWLEDGE)


@pytest.mark.parametrize("clears", [True, False])
def test_what_is_acknowledged_is_issued_by_the_own_leader(flow, clerk, leader, clears):
    flow.settle("tapson", clearance_needed=clears)
    document_id = flow.start(clerk, programme=ACKNOWLEDGED)
    if clears:
        flow.do(clerk, document_id, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, document_id, Act.ISSUE, **SIGNED)
    state = flow.state(document_id)
    assert (state.status, state.sent_number, state.in_force_number) == (Status.ISSUED, 1, 1)
    assert state.released_number is None
    assert flow.revision(document_id, 1)["sha256"]


def test_what_ends_at_the_top_is_issued_there(flow):
    document_id = flow.document("travinh", Status.CLEARANCE)
    flow.do("leader@travinh", document_id, Act.ISSUE, **SIGNED)
    assert flow.status(document_id) is Status.ISSUED


# --- Deadlines ----------------------------------------------------------------------------

DAYS = {
    ("travinh", None): date(2021, 6, 30),
    ("travinh", "tapson"): date(2021, 6, 25),
    ("tracu", None): date(2021, 6, 10),
    ("tracu", "tapson"): date(2021, 6, 20),
}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], None),
        ([("travinh", None)], ("travinh", None)),
        ([("travinh", None), ("travinh", "tapson")], ("travinh", "tapson")),
        ([("travinh", "tapson"), ("tracu", None)], ("tracu", None)),
        ([("tracu", None), ("tracu", "tapson")], ("tracu", "tapson")),
        (list(DAYS), ("tracu", "tapson")),
    ],
)
def test_the_nearest_override_wins(flow, rows, expected):
    """The nearest setter before the further one, and one unit's before all's."""
    with system(flow.session, Purpose.LOAD):
        for setter, unit in rows:
            set_deadline(flow, setter, unit, DAYS[setter, unit])
        set_deadline(flow, "canglong", None, date(2021, 1, 1))
        unit = flow.session.get_one(Unit, flow.units["tapson"])
        period_id = flow.period("2021").id
        listed = deadlines.due_dates(flow.session, [unit], period_id, PLAN)
        own = deadlines.own_due_dates(flow.session, unit)
    due = listed.get(unit.id)
    assert own.get((period_id, PLAN)) == due
    if expected is None:
        assert due is None
    else:
        assert (due.on, due.setter_id) == (DAYS[expected], flow.units[expected[0]])


def set_deadline(flow: Flow, setter: str, unit: str | None, day: date, **more) -> None:
    flow.session.add(
        Deadline(
            setter_id=flow.units[setter],
            unit_id=flow.units[unit] if unit else None,
            period_id=flow.period("2021").id,
            kind=PLAN,
            due_on=day,
            **more,
        )
    )
    flow.session.flush()


def test_a_due_date_is_of_one_kind_and_period(flow):
    with system(flow.session, Purpose.LOAD):
        set_deadline(flow, "tracu", None, date(2021, 6, 10))
        unit = flow.session.get_one(Unit, flow.units["tapson"])
        period, other = flow.period("2021").id, flow.period("2022").id
        for period_id, kind in ((period, SYNTHESIS), (other, PLAN)):
            assert deadlines.due_dates(flow.session, [unit], period_id, kind) == {}
        assert set(deadlines.own_due_dates(flow.session, unit)) == {(period, PLAN)}


def test_a_unit_that_has_not_begun_has_one_too(flow):
    """Each of several units has its own, in one query."""
    with system(flow.session, Purpose.LOAD):
        set_deadline(flow, "tracu", None, date(2021, 6, 10))
        set_deadline(flow, "tracu", "tapson", date(2021, 6, 20))
        ids = [flow.units[key] for key in ("tapson", "ngaixuyen", "huyenhoi")]
        units = [flow.session.get_one(Unit, one) for one in ids]
        found = deadlines.due_dates(flow.session, units, flow.period("2021").id, PLAN)
    days = {unit_id: due.on for unit_id, due in found.items()}
    assert days == {ids[0]: date(2021, 6, 20), ids[1]: date(2021, 6, 10)}


def test_the_day_itself_is_in_time_and_so_is_its_grace(flow):
    with system(flow.session, Purpose.LOAD):
        last = date(2021, 6, 30)
        day = date(2021, 6, 10)
        set_deadline(flow, "tracu", None, day, grace_days=3, last_correction_on=last)
        unit = flow.session.get_one(Unit, flow.units["tapson"])
        period_id = flow.period("2021").id
        due = deadlines.due_dates(flow.session, [unit], period_id, PLAN)[unit.id]
    assert (due.on, due.latest, due.last_correction_on) == (day, date(2021, 6, 15), last)
    assert [due.late(day + timedelta(days=one)) for one in (0, 1, 5)] == [False, True, True]
    late = [due.days_late(day + timedelta(days=one), Calendar()) for one in (0, 1, 2, 4, 5)]
    assert late == [None, 1, 1, 2, 3]  # Friday, then a weekend
