"""V01 to V03: what a plan costs."""

from dataclasses import replace

import pytest
from support.plandocs import changed, codes, faultless, found, said

from lth.content.model import BUDGET, BudgetLine, Content, Header, SectionText
from lth.content.money import put_into
from lth.models.finding import Severity, Stage
from lth.models.parts import Issuance, MoneySource

MILLION = 1_000_000


def line(key: str = "budget-1", **fields) -> BudgetLine:
    return BudgetLine(key, "Tập huấn", **{"source": MoneySource.STATE} | fields)


def costing(total: int | None, *lines: BudgetLine, **changes) -> Content:
    """The faultless plan with other money in it."""
    return changed(header=replace(faultless().header, budget_total=total), budget=lines, **changes)


SUMS = [
    ("as Vĩnh Long: 1.000 against 800", costing(1000, line(amount=400), line(amount=400)), True),
    ("one đồng too few", costing(801, line(amount=400), line(amount=400)), True),
    ("exactly", costing(800, line(amount=400), line(amount=400)), False),
    ("no total", costing(None, line(amount=400)), False),
    ("no amounts", costing(800, line()), False),
    ("an amount of nought", costing(0, line(amount=0)), False),
]


@pytest.mark.parametrize(("content", "fires"), [one[1:] for one in SUMS], ids=[c[0] for c in SUMS])
def test_v01_the_total_is_the_sum_of_its_lines(content, fires):
    findings = found(content, "V01", Stage.DRAFT)
    assert [one.severity for one in findings] == ([Severity.ERROR] if fires else [])


def test_v01_shows_the_arithmetic():
    content = costing(1000 * MILLION, line(amount=400 * MILLION), line(amount=400 * MILLION))
    assert said(content, "V01") == [
        "Tổng kinh phí ghi 1.000.000.000 đồng, nhưng 2 khoản cộng lại bằng 800.000.000 đồng: lệch"
        " 200.000.000 đồng."
    ]


RATES = [
    ("four years' money in five", line(amount=400, annual_rate=100), True),
    ("five years' money in five", line(amount=500, annual_rate=100), False),
    ("the line's own years", line(amount=400, annual_rate=100, years=4), False),
    ("no amount", line(annual_rate=100), False),
]


@pytest.mark.parametrize(("one", "fires"), [c[1:] for c in RATES], ids=[c[0] for c in RATES])
def test_v02_a_rate_times_its_years_is_the_amount(one, fires):
    assert ("V02" in codes(costing(one.amount, one), Stage.DRAFT)) is fires


SOCIAL = line("budget-2", source=MoneySource.SOCIAL)
EMPTY = [
    ("no line", costing(None), [BUDGET]),
    ("a total and no line", costing(500), [BUDGET]),
    ("lines and no amount", costing(None, line(), SOCIAL), [BUDGET]),
    ("no source", costing(500, line(amount=500, source=None)), ["budget-1"]),
    ("no source and no amount", costing(None, line(source=None)), [BUDGET, "budget-1"]),
    (
        "state money without an amount beside some that has one",
        costing(500, line(amount=500), line("budget-2")),
        ["budget-2"],
    ),
    ("money to be raised may stay open", costing(500, line(amount=500), SOCIAL), []),
    ("a rate is an amount", costing(None, line(annual_rate=100)), []),
    (
        "a letter has no budget",
        changed(header=Header("header", Issuance.DIRECTIVE), budget=()),
        [],
    ),
    ("a part that is lost", costing(None, unreadable=frozenset({"budget"})), []),
]


@pytest.mark.parametrize(("content", "places"), [c[1:] for c in EMPTY], ids=[c[0] for c in EMPTY])
def test_v03_a_plan_says_what_it_costs_and_who_pays(content, places):
    findings = found(content, "V03")
    assert [one.place for one in findings] == places
    assert {one.severity for one in findings} <= {Severity.WARNING}


def test_v03_waits_until_the_plan_is_sent():
    assert "V03" not in codes(costing(None), Stage.DRAFT)
    assert "V03" in codes(costing(None), Stage.SUBMIT)


def test_v01_sums_put_into_a_text_are_those_of_the_lines():
    lines = (line(amount=400 * MILLION), line("budget-2", amount=2 * MILLION, year=2021))
    section = SectionText("s.funding", "IV. Kinh phí", put_into("Như sau.", lines))
    assert "V01" not in codes(costing(402 * MILLION, *lines, sections=(section,)), Stage.DRAFT)
    later = costing(400 * MILLION, lines[0], sections=(section,))
    (fault,) = found(later, "V01", Stage.DRAFT)
    assert fault.place == "s.funding"
