"""The matrix of units × indicators: who says what, in order, against what was assigned."""

import pytest
from support.queries import counted
from synthesis.builders import NOON, at_least

from lth import synthesis
from lth.access.scope import Purpose, Scope, Sight, system
from lth.core.errors import NotFoundError
from lth.models import Quota
from lth.models.person import Role
from lth.models.unit import Level
from lth.synthesis import Standing
from lth.synthesis.matrix import MAIN
from lth.workflow.kinds import PLAN


@pytest.fixture
def district(tree, province):
    return tree.unit(Level.DISTRICT, "Trà Cú", province)


def assign(tree, session, unit, below, code, value):
    """Figures of a unit's plan in force for a unit below."""
    with system(session, Purpose.LOAD):
        plan = tree.document(unit, PLAN)
        tree.issue(plan)
        for one in below:
            session.add(
                Quota(
                    document_id=plan.id,
                    unit_id=one.id,
                    indicator_id=tree.indicators[code].id,
                    phase_id=tree.phase.id,
                    value=value,
                )
            )
        session.flush()


def read(session, tree, document, scope, **asked):
    return synthesis.matrix(session, document, tree.head(document), scope, **asked)


def shown(found, code):
    column = next(one for one in found.columns if one.indicator.code == code)
    rows = [
        (row.unit.name, [said.value_min for said in row.says.get(column.indicator.id, ())],
         row.gap(column.indicator))
        for row in found.rows
    ]  # fmt: skip
    return rows, column


def test_every_unit_is_in_it_in_order_with_its_gap(session, tree, province, district):
    units = [tree.unit(Level.COMMUNE, name, district) for name in ("C", "A", "B")]
    assign(tree, session, province, [district], "clubs_new", 7)
    assign(tree, session, district, units, "clubs_new", 3)
    tree.released(units[0], {"clubs_new": 3})
    tree.released(units[1], {"clubs_new": 1})
    document, scope = tree.synthesis(district), tree.looks(district)
    found = read(session, tree, document, scope)
    rows, column = shown(found, "clubs_new")
    assert rows == [("A", [1], -2), ("B", [], None), ("C", [3], 0)]
    assert (column.total.value, column.assigned, column.gap) == (4, 7, -3)
    assert [row.silent for row in found.rows] == [False, True, False]
    assert (found.topic, found.taken, found.can_be_taken) == (MAIN, False, False)


def test_what_was_taken_over_stays_and_now_is_a_link_away(session, tree, district):
    unit = tree.unit(Level.COMMUNE, "A", district)
    plan = tree.released(unit, {"clubs_new": 3})
    document = tree.synthesis(district)
    specialist = tree.person(Role.SPECIALIST, district)
    synthesis.take_over(session, specialist, document.id, now=NOON)
    tree.mend(plan, {"clubs_new": 5})
    scope = Scope.of(specialist)
    for now, value in ((False, 3), (True, 5)):
        found = read(session, tree, document, scope, now=now)
        rows, column = shown(found, "clubs_new")
        assert (rows[0][1], column.total.value, found.taken) == ([value], value, not now)
        assert found.rows[0].standing is Standing.CHANGED


def test_topics_are_those_that_somebody_speaks_of(session, tree, district):
    unit = tree.unit(Level.COMMUNE, "A", district)
    tree.released(unit, {"clubs_new": 3, "clubs_full8_pct": at_least(70_00)})
    document, scope = tree.synthesis(district), tree.looks(district)
    found = read(session, tree, document, scope, topic="quality")
    assert [column.indicator.code for column in found.columns] == ["clubs_full8_pct"]
    assert found.topics == [MAIN, "clubs", "quality"]
    for asked in ({"topic": "budget"}, {"phase": "1999"}):
        with pytest.raises(NotFoundError):
            read(session, tree, document, scope, **asked)


@pytest.mark.parametrize("sight", [Sight.NONE])
def test_who_does_not_see_below_sees_no_matrix(session, tree, district, sight):
    document = tree.synthesis(district)
    with pytest.raises(NotFoundError):
        read(session, tree, document, tree.looks(district, sight))


def test_a_province_sees_its_districts(session, tree, province, district):
    for name in ("A", "B"):
        tree.released(tree.unit(Level.COMMUNE, name, district), {"clubs_new": 3})
    below = tree.synthesis(district)
    synthesis.take_over(session, tree.person(Role.SPECIALIST, district), below.id, now=NOON)
    tree.release(below)
    document, scope = tree.synthesis(province), tree.looks(province)
    found = read(session, tree, document, scope)
    rows, column = shown(found, "clubs_new")
    assert rows == [("Trà Cú", [6], None)]
    assert (found.rows[0].computed, column.total.value, found.heard) == (True, 6, 2)


def test_124_units_cost_no_more_queries_than_one(session, tree, province):
    document = tree.synthesis(province)

    def ask():
        scope = tree.looks(province)
        with counted(session) as statements:
            found = read(session, tree, document, scope)
        return len(statements), len(found.rows)

    def add(number):
        for unit in tree.communes(province, number):
            tree.released(unit, {"members_total": 200, "members_women": 130, "clubs_new": 3})

    add(1)
    first = ask()
    add(123)
    assert ask() == (first[0], 124)
    assert first[0] <= 8
