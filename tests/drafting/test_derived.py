"""Budget targets are what the budget's lines come to: after every way in which lines change."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from support import draftworld as world
from support.draftworld import NOON

from lth import drafting
from lth.access.scope import Purpose, system
from lth.content import derived
from lth.content.line_types import BudgetLine
from lth.content.line_values import typed_line
from lth.core.errors import BlockedError
from lth.drafting import Source, TargetEdit, parts
from lth.drafting.derived import budget_lines
from lth.models import Indicator, Phase, Target
from lth.models.parts import MoneyLevel, MoneySource, Part

MILLION = 1_000_000


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def document(session):
    return world.start(session)


def add(session, document, amount="100 triệu", source="state", **more):
    actor = world.acting(session, "clerk@tapson")
    values = {"activity": "Tập huấn", "source": source, "amount": amount, **more}
    found = parts.add(session, actor, document.id, Part.BUDGET, values, seen=0, now=NOON)
    return found.keys[0]


def version(session, document, key):
    rows = parts._rows(session, world.head(session, document), Part.BUDGET)
    return next(row.version for row in rows if row.line_key == key)


def save(session, document, key, **values):
    actor, seen = world.acting(session, "clerk@tapson"), version(session, document, key)
    later = NOON + timedelta(minutes=5)
    place = (document.id, Part.BUDGET, key)
    return parts.save_line(session, actor, *place, values, seen=seen, now=later)


def figures(session, document):
    """Every derived target of the newest revision, by key."""
    session.expire_all()
    statement = (
        select(Target)
        .join(Target.indicator)
        .where(Target.revision_id == world.head(session, document).id)
    )
    return {
        row.line_key: row.value_min
        for row in session.scalars(statement)
        if derived.is_derived(row.indicator)
    }


def computed(session, document):
    """What the lines come to, by the rule alone."""
    with system(session, Purpose.EXPORT):
        phases = session.scalars(
            select(Phase).where(Phase.period_id == document.period_id).order_by(Phase.ordinal)
        ).all()
        rows = session.scalars(
            select(Indicator).where(Indicator.programme_id == document.programme_id)
        ).all()
    lines = budget_lines(session, world.head(session, document).id)
    return {
        f"{row.code}@{phase.code}": derived.sums(row, lines, phases)[phase.id].value
        for row in rows
        if derived.is_derived(row)
        for phase in phases
        if derived.sums(row, lines, phases)[phase.id].lines
    }


def test_every_change_of_a_line_changes_the_figure(session, document):
    key = add(session, document)
    assert figures(session, document) == {"budget_state@2021": 100 * MILLION}
    add(session, document, "20 triệu", "social")
    add(session, document, "5 triệu")
    assert figures(session, document) == {
        "budget_state@2021": 105 * MILLION,
        "budget_social@2021": 20 * MILLION,
    }
    save(session, document, key, amount="1 triệu")
    assert figures(session, document)["budget_state@2021"] == 6 * MILLION
    save(session, document, key, source="social")
    assert figures(session, document) == {
        "budget_state@2021": 5 * MILLION,
        "budget_social@2021": 21 * MILLION,
    }
    actor = world.acting(session, "clerk@tapson")
    seen = version(session, document, key)
    parts.remove(session, actor, document.id, Part.BUDGET, key, seen=seen, now=NOON)
    assert figures(session, document) == computed(session, document)
    assert figures(session, document)["budget_social@2021"] == 20 * MILLION


def test_a_line_without_an_amount_makes_no_figure(session, document):
    add(session, document, "")
    assert figures(session, document) == {}


def test_a_derived_figure_is_not_typed(session, document):
    add(session, document)
    actor = world.acting(session, "clerk@tapson")
    for key in ("budget_state@2021", "budget_state@2021#2", "budget_social@2021"):
        edit = TargetEdit(key, 1, "7 triệu")
        result = drafting.save_targets(session, actor, document.id, [edit], now=NOON)
        assert set(result.errors) == {key}
    assert figures(session, document) == {"budget_state@2021": 100 * MILLION}


def test_the_page_says_of_how_many_lines_it_is_the_sum(session, document):
    add(session, document)
    add(session, document, "20 triệu")
    sheet = drafting.written(session, world.acting(session, "clerk@tapson"), document.id)
    said = {slot.indicator.code: slot.money for slot in sheet.slots if slot.money is not None}
    assert said["budget_state"] == derived.LineSum(120 * MILLION, 2)
    assert said["budget_social"] == derived.LineSum()


def test_last_times_money_is_money_of_the_new_years(session):
    first = world.start(session)
    add(session, first, year="2021")
    with system(session, Purpose.LOAD):
        first.period.starts_on = date(2020, 1, 1)
        session.flush()
    document = world.start(session, source=Source.LAST, code="2021-2025")
    assert [line.year for line in budget_lines(session, world.head(session, document).id)] == [2022]
    assert figures(session, document) == {"budget_state@2021-2025": 100 * MILLION}


def test_a_plan_from_above_starts_without_money(session):
    document = world.start(session, source=Source.ABOVE)
    assert figures(session, document) == {}


def test_a_returned_plan_keeps_its_figures_and_goes_on(session, document):
    key = add(session, document)
    world.give_back(session, document, {})
    assert figures(session, document) == {"budget_state@2021": 100 * MILLION}
    save(session, document, key, amount="3 triệu")
    assert figures(session, document) == {"budget_state@2021": 3 * MILLION}


@pytest.mark.parametrize("pointed", ["budget_state@2021", "budget_social@2021"])
def test_a_remark_on_a_derived_figure_opens_the_lines(session, document, pointed):
    key = add(session, document)
    world.give_back(session, document, {pointed: "Xem lại kinh phí."})
    assert save(session, document, key, amount="3 triệu").saved
    add(session, document, "4 triệu", "social")
    assert figures(session, document) == computed(session, document)


def test_a_remark_on_any_other_figure_does_not(session, document):
    key = add(session, document)
    world.give_back(session, document, {"income_fund_balance@2021": "Xem lại."})
    with pytest.raises(BlockedError):
        save(session, document, key, amount="3 triệu")
    with pytest.raises(BlockedError):
        add(session, document, "4 triệu")


def line(**values):
    return BudgetLine("", "Tập huấn", MoneySource.STATE, **values)


STAGES = [
    Phase(id=1, code="a", starts_on=date(2026, 1, 1), ends_on=date(2030, 12, 31)),
    Phase(id=2, code="b", starts_on=date(2031, 1, 1), ends_on=date(2035, 12, 31)),
]


@pytest.mark.parametrize(
    ("values", "shares"),
    [
        ({"amount": 10, "year": 2026}, {1: 10}),
        ({"amount": 10, "year": 2031}, {2: 10}),
        ({"amount": 10, "year": 2036}, {}),
        ({"amount": 10}, {}),
        ({"amount": 10, "annual_rate": 1, "years": 10}, {1: 5, 2: 5}),
        ({"amount": 11, "annual_rate": 1, "years": 10}, {}),
        ({"amount": 5, "annual_rate": 1, "years": 5}, {}),
    ],
)
def test_a_line_counts_in_the_phase_of_its_year(values, shares):
    assert derived.by_phase(line(**values), STAGES) == shares


def test_what_counts_in_no_phase_is_told():
    row = Indicator(code="x", extra={"budget": {"sources": ["state"], "levels": []}})
    lines = [line(amount=10), line(amount=3, year=2030)]
    assert derived.sums(row, lines, STAGES) == {
        1: derived.LineSum(3, 1, 10),
        2: derived.LineSum(0, 0, 10),
    }


def test_a_tier_may_be_asked_for():
    row = Indicator(code="x", extra={"budget": {"sources": ["state"], "levels": ["commune"]}})
    lines = [line(amount=10, level=MoneyLevel.COMMUNE), line(amount=3, level=MoneyLevel.PROVINCE)]
    assert derived.sums(row, lines, STAGES[:1])[1].value == 10


def test_typed_lines_read_back(session, document):
    """What the form shows of a line is read back to the same line and the same figure."""
    key = add(session, document, "", annual_rate="10 triệu", years="1")
    before = figures(session, document)
    (kept,) = budget_lines(session, world.head(session, document).id)
    texts = typed_line(kept, parts.Words("vi"))
    save(session, document, key, **texts)
    assert figures(session, document) == before == {"budget_state@2021": 10 * MILLION}
