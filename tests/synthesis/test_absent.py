"""Who is not in a synthesis, through the levels, and the reason that it goes on without them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from synthesis.builders import NOON

from lth import synthesis
from lth.access.scope import Purpose, system
from lth.models import Document, Participation, Unit
from lth.models.document import Status
from lth.models.person import Role
from lth.models.unit import Level
from lth.synthesis import AbsentState
from lth.synthesis.absent import absence_reasoned
from lth.workflow.context import ActContext, Inputs

TODAY = NOON.date()


@pytest.fixture
def district(tree, province):
    return tree.unit(Level.DISTRICT, "Trà Cú", province)


def taken(tree, unit) -> Document:
    """A synthesis of a unit that has taken over what there is."""
    document = tree.synthesis(unit)
    synthesis.take_over(tree.session, tree.person(Role.SPECIALIST, unit), document.id, now=NOON)
    return document


def seen(tree, unit, document, today=TODAY):
    """Who is in a synthesis, as its unit sees it."""
    head = tree.head(document)
    return synthesis.attendance(tree.session, [head.id], tree.looks(unit), today)[head.id]


def ended(tree, unit: Unit, on: date) -> None:
    with system(tree.session, Purpose.LOAD):
        unit.valid_to = on
        tree.session.flush()


def test_those_who_are_missing_are_counted_apart(tree, district):
    communes = tree.communes(district, 7)
    for one in communes[:2]:
        tree.released(one, {"clubs_new": 3})
    document = taken(tree, district)
    tree.released(communes[2], {"clubs_new": 3})
    tree.send(tree.document(communes[3]))
    tree.document(communes[4])
    back = tree.document(communes[5])
    with system(tree.session, Purpose.LOAD):
        back.status = Status.RETURNED
        tree.session.flush()
    found = seen(tree, district, document)
    assert str(found.said) == "2 trên 7 xã"
    assert found.direct.lacking == 5
    assert [one.unit.id for one in found.absent] == [unit.id for unit in communes[2:]]
    assert found.by_state == dict.fromkeys(AbsentState, 1)
    assert {one.within for one in found.absent} == {None}


def test_nobody_is_missing_where_all_are_in(tree, district):
    for one in tree.communes(district, 3):
        tree.released(one, {"clubs_new": 3})
    found = seen(tree, district, taken(tree, district))
    assert found.complete
    assert str(found.said) == "3 trên 3 xã"


def test_those_who_are_missing_below_are_counted_at_the_top(tree, province, district):
    """Two of three districts are in; of fifty communes, those whose district has them."""
    for below, there in ((district, 15), (tree.unit(Level.DISTRICT, "Càng Long", province), 10)):
        communes = tree.communes(below, there + 2)
        for one in communes[:there]:
            tree.released(one, {"clubs_new": 2}, feeds=True)
        tree.release(taken(tree, below))
    left_out = tree.unit(Level.DISTRICT, "Cầu Kè", province)
    tree.communes(left_out, 4)
    found = seen(tree, province, taken(tree, province))
    assert str(found.said) == "2 trên 3 huyện, 25 trên 33 xã"
    assert found.absent[0].unit.id == left_out.id
    assert [one.within.name for one in found.absent[1:]] == ["Càng Long"] * 2 + ["Trà Cú"] * 2
    assert len(found.absent) == 5  # none of the district that is absent itself


def test_all_districts_in_do_not_hide_a_commune_that_is_not(tree, province, district):
    communes = tree.communes(district, 2)
    tree.released(communes[0], {"clubs_new": 2})
    tree.release(taken(tree, district))
    found = seen(tree, province, taken(tree, province))
    assert str(found.said) == "1 trên 1 huyện, 1 trên 2 xã"
    assert not found.complete


@pytest.mark.parametrize(
    ("on", "missing"),
    [
        (date(2021, 1, 1), False),  # gone before the period
        (date(2021, 4, 1), False),  # gone within it, nothing begun
        (date(2021, 6, 1), True),  # not yet gone
        (date(2025, 7, 1), True),  # gone after it: it had the whole of it
    ],
)
def test_a_unit_that_has_ended_is_not_missed(tree, district, on, missing):
    kept, gone = tree.communes(district, 2)
    tree.released(kept, {"clubs_new": 2})
    document = taken(tree, district)
    ended(tree, gone, on)
    assert seen(tree, district, document).complete is not missing


def test_what_an_ended_unit_had_begun_is_waited_for(tree, district):
    kept, gone = tree.communes(district, 2)
    tree.released(kept, {"clubs_new": 2})
    document = taken(tree, district)
    tree.send(tree.document(gone))
    ended(tree, gone, date(2021, 4, 1))
    (absent,) = seen(tree, district, document).absent
    assert absent.state is AbsentState.SENT


def test_who_takes_part_later_is_missed_until_the_synthesis_is_frozen(tree, district):
    tree.released(tree.communes(district, 1)[0], {"clubs_new": 2})
    document = taken(tree, district)
    tree.communes(district, 1)
    assert str(seen(tree, district, document).said) == "1 trên 2 xã"
    tree.release(document)
    assert seen(tree, district, document).complete


def test_who_takes_no_part_is_not_missed(tree, district):
    one, other = tree.communes(district, 2)
    tree.released(one, {"clubs_new": 2})
    with system(tree.session, Purpose.LOAD):
        tree.session.delete(tree.session.get_one(Participation, (tree.period.id, other.id)))
        tree.session.flush()
    assert seen(tree, district, taken(tree, district)).complete


def test_many_syntheses_cost_as_many_queries_as_one(tree, province):
    documents = []
    for number in range(6):
        district = tree.unit(Level.DISTRICT, f"Huyện {number}", province)
        tree.released(tree.communes(district, 3)[0], {"clubs_new": 2})
        documents.append(taken(tree, district))
        tree.release(documents[-1])
    heads = [tree.head(document).id for document in documents]
    scope = tree.looks(province)
    assert _queries(tree, heads[:1], scope) == _queries(tree, heads, scope) == 1


def _queries(tree, heads, scope) -> int:
    tree.session.flush()
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    engine = tree.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        synthesis.attendance(tree.session, heads, scope, TODAY)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


# --- The guard ----------------------------------------------------------------------------


def judged(tree, district, document, reason=""):
    leader = tree.person(Role.LEADER, district)
    now = NOON + timedelta(hours=1)
    return absence_reasoned(ActContext(tree.session, document, leader, now, Inputs(reason)))


def test_a_synthesis_without_some_units_wants_a_reason(tree, district):
    communes = tree.communes(district, 17)
    for one in communes[:15]:
        tree.released(one, {"clubs_new": 2})
    document = taken(tree, district)
    message = judged(tree, district, document)
    assert message.field == "reason"
    assert "15 trên 17 xã" in str(message)
    assert judged(tree, district, document, "  ") is not None
    assert judged(tree, district, document, "Hai xã đang sáp nhập") is None


def test_a_synthesis_of_all_wants_none_nor_does_a_plan(tree, district):
    (one,) = tree.communes(district, 1)
    plan = tree.released(one, {"clubs_new": 2})
    assert judged(tree, district, taken(tree, district)) is None
    assert judged(tree, one, plan) is None
