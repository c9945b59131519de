"""Each rule of arithmetic on plans made up of any numbers: consistent ones hear nothing, and one
figure moved is found by exactly the rule that reckons with it.
"""

from dataclasses import replace

from checks.probes import DISTRICT, clean
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plandocs import target

from lth.checks import run
from lth.content.model import Baseline, BudgetLine, Content, TargetLine
from lth.core.vietnamese import format_number
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.finding import Stage
from lth.models.parts import MoneyLevel, MoneySource

WHOLE, FIRST, SECOND = "2021-2025", "2021-2023", "2024-2025"
YEARS = {FIRST: 3, SECOND: 2}
NEW, YEARLY, CUMULATIVE = CountsFrom.NEW, CountsFrom.YEARLY, CountsFrom.CUMULATIVE
GTE = Comparator.GTE
MILLION = 10**6

few = st.integers(1, 30)
size = st.integers(50, 70)
moved = st.integers(1, 9)


def norms(content: Content) -> tuple[TargetLine, ...]:
    """What the programme asks of every plan: shares and floors, no counts."""
    counted = {"clubs_new", "clubs_total", "members_total", "members_older", "communes_with_club"}
    return tuple(
        one for one in content.targets if one.indicator not in {*counted, "commune_coverage_pct"}
    )


def plan(*targets: TargetLine, start: dict[str, int], **changes) -> Content:
    """The clean district with these figures for its own."""
    base = clean(DISTRICT)
    baselines = tuple(Baseline(f"start-{code}", code, value) for code, value in start.items())
    floors = tuple(one for one in base.floors if one.indicator != "clubs_new")
    made = {"targets": (*norms(base), *targets), "baselines": baselines, "floors": floors}
    return replace(base, **(made | changes))


def heard(content: Content) -> set[str]:
    return {one.code for one in run(content, Stage.ISSUE)}


def put(content: Content, key: str, low: int) -> Content:
    """Move one target's figure."""
    lines = [replace(one, low=low) if one.key == key else one for one in content.targets]
    assert lines != list(content.targets)
    return replace(content, targets=tuple(lines))


def begun(content: Content, code: str, value: int) -> Content:
    """Move one figure of the baseline."""
    lines = [
        replace(one, value=value) if one.indicator == code else one for one in content.baselines
    ]
    assert lines != list(content.baselines)
    return replace(content, baselines=tuple(lines))


def of(code: str, phase: str, low: int, counts: CountsFrom = NEW, **more) -> TargetLine:
    return target(code, low, phase=phase, counts_from=counts, **more)


def phased(existing: int, first: int, second: int) -> Content:
    """So many clubs a year, in all of each phase, and in the whole period."""
    new = first * YEARS[FIRST], second * YEARS[SECOND]
    return plan(
        of("clubs_new", FIRST, first, YEARLY),
        of("clubs_new", SECOND, second, YEARLY),
        of("clubs_new", WHOLE, sum(new)),
        of("clubs_total", FIRST, existing + new[0], CUMULATIVE),
        of("clubs_total", SECOND, existing + sum(new), CUMULATIVE),
        start={"clubs_existing": existing},
    )


@given(few, few, few, moved, st.sampled_from([-1, 1]))
@settings(max_examples=15, deadline=None)
def test_v07_phases_come_to_the_whole(existing, first, second, by, sign):
    content = phased(existing, first, second)
    total = first * 3 + second * 2
    assert heard(content) == set()
    off = total + by * sign if total > by else total + by
    assert heard(put(content, f"clubs_new@{WHOLE}", off)) == {"V07"}
    assert heard(put(content, f"clubs_total@{SECOND}", existing + total + by)) == {"V07"}
    assert heard(begun(content, "clubs_existing", existing + by)) == {"V07"}


@given(few, size, st.integers(62, 70), moved)
@settings(max_examples=15, deadline=None)
def test_v08_to_v10_members_fit_their_clubs_and_groups(clubs, each, share, by):
    people = clubs * each
    older = people * share // 100
    content = plan(
        of("clubs_new", WHOLE, clubs),
        of("members_total", WHOLE, people),
        of("members_older", WHOLE, older),
        of("members_young", WHOLE, people - older),
        start={"clubs_existing": 4},
    )
    assert heard(content) == set()
    assert heard(put(content, f"members_older@{WHOLE}", people + by)) == {"V09", "V10"}
    assert heard(put(content, f"members_young@{WHOLE}", people - older + by)) >= {"V10"}
    alone = plan(
        of("clubs_new", WHOLE, clubs),
        of("members_total", WHOLE, people),
        start={"clubs_existing": 4},
    )
    assert heard(alone) == set()
    assert heard(put(alone, f"members_total@{WHOLE}", clubs * 50 - by)) == {"V08"}
    assert heard(put(alone, f"members_total@{WHOLE}", clubs * 70 + by)) == {"V08"}


@given(few, size, st.integers(62, 70), moved)
@settings(max_examples=15, deadline=None)
def test_v08_and_v09_read_the_baseline(clubs, each, share, by):
    people = clubs * each
    older = people * share // 100
    start = {"clubs_existing": clubs, "members_total": people, "members_older": older}
    content = plan(of("clubs_new", WHOLE, 3), start=start)
    assert heard(content) == set()
    assert heard(begun(content, "members_older", people + by)) == {"V09"}
    alone = plan(
        of("clubs_new", WHOLE, 3), start={"clubs_existing": clubs, "members_total": people}
    )
    assert heard(begun(alone, "members_total", clubs * 50 - by)) == {"V08"}
    assert heard(begun(alone, "members_total", clubs * 70 + by)) == {"V08"}


@given(st.integers(2, 10), few, st.data())
@settings(max_examples=15, deadline=None)
def test_v11_coverage_is_of_the_communes(communes, more, data):
    covered = data.draw(st.integers(1, communes))
    rate = covered * 100_00 // communes
    content = plan(
        of("clubs_total", WHOLE, communes + more, CUMULATIVE),
        of("communes_with_club", WHOLE, covered, CUMULATIVE),
        of("commune_coverage_pct", WHOLE, rate, CUMULATIVE, comparator=GTE),
        start={"communes_total": communes, "clubs_existing": 1},
    )
    assert heard(content) == set()
    assert heard(put(content, f"communes_with_club@{WHOLE}", communes + 1)) == {"V11"}
    if covered > 1:
        assert heard(put(content, f"communes_with_club@{WHOLE}", covered - 1)) == {"V11"}


@given(st.integers(1, 300), st.data())
@settings(max_examples=15, deadline=None)
def test_v14_a_share_at_the_start_is_its_counts(communes, data):
    covered = data.draw(st.integers(1, communes))
    rate = (2 * covered * 100_00 + communes) // (2 * communes)
    start = {"communes_total": communes, "communes_with_club": covered}
    content = plan(
        of("clubs_new", WHOLE, 3),
        start={**start, "commune_coverage_pct": rate, "clubs_existing": covered},
    )
    assert heard(content) == set()
    off = rate + 1_07 if rate < 98_00 else rate - 1_07
    assert heard(begun(content, "commune_coverage_pct", off)) == {"V14"}


@given(few, few, moved)
@settings(max_examples=15, deadline=None)
def test_v27_a_quota_is_reached(first, second, by):
    quota = (
        of("clubs_new", FIRST, first, comparator=GTE),
        of("clubs_new", SECOND, second, comparator=GTE),
    )
    own = of("clubs_new", FIRST, first), of("clubs_new", SECOND, second)
    content = plan(*own, start={"clubs_existing": 4})
    content = replace(content, floors=(*content.floors, *quota))
    assert heard(content) == set()
    raised = replace(quota[0], low=first + by)
    assert heard(replace(content, floors=(*content.floors[:-2], raised, quota[1]))) == {"V27"}
    gone = replace(content, targets=content.targets[:-1])
    assert heard(gone) == {"V27"}
    whole = replace(quota[0], phase="", low=first + second)
    assert heard(replace(content, floors=(*content.floors[:-2], whole))) == set()
    more = replace(whole, low=first + second + by)
    assert heard(replace(content, floors=(*content.floors[:-2], more))) == {"V27"}


@given(st.integers(2, 60), st.data(), moved)
@settings(max_examples=15, deadline=None)
def test_v38_no_part_is_more_than_its_whole(clubs, data, by):
    full = data.draw(st.integers(-(-clubs * 85 // 100), clubs))
    fund = data.draw(st.integers(30, 90)) * MILLION * clubs
    lent = data.draw(st.integers(1, fund // MILLION)) * MILLION
    overdue = data.draw(st.integers(1, lent // MILLION)) * MILLION
    content = plan(
        of("clubs_total", WHOLE, clubs, CUMULATIVE),
        of("clubs_full8", WHOLE, full, CUMULATIVE),
        of("income_fund_balance", WHOLE, fund, CUMULATIVE),
        of("loan_outstanding", WHOLE, lent, CUMULATIVE),
        of("loan_overdue", WHOLE, overdue, CUMULATIVE),
        start={"clubs_existing": 1},
    )
    assert heard(content) == set()
    assert heard(put(content, f"clubs_full8@{WHOLE}", clubs + by)) == {"V38"}
    assert heard(put(content, f"loan_outstanding@{WHOLE}", fund + by)) == {"V38"}
    assert heard(put(content, f"loan_overdue@{WHOLE}", lent + by)) == {"V38"}
    few_of_them = replace(
        content,
        targets=(*content.targets, of("clubs_two_funds", WHOLE, clubs - 1, CUMULATIVE)),
    )
    assert heard(few_of_them) == ({"V14"} if clubs < 200 else {"V38"})


@given(few, moved, moved)
@settings(max_examples=15, deadline=None)
def test_v39_what_stands_is_not_lost(existing, more, by):
    content = plan(
        of("clubs_total", FIRST, existing + more, CUMULATIVE, comparator=GTE),
        of("clubs_total", SECOND, existing + more, CUMULATIVE, comparator=GTE),
        start={"clubs_existing": existing},
    )
    assert heard(content) == set()
    assert heard(put(content, f"clubs_total@{SECOND}", existing + more - 1)) == {"V39"}
    assert heard(begun(content, "clubs_existing", existing + more + by)) == {"V39"}


@given(st.lists(st.integers(1, 900), min_size=1, max_size=5), st.integers(1, 400), moved)
@settings(max_examples=15, deadline=None)
def test_v01_v02_and_v47_the_budget_adds_up(amounts, rate, by):
    lines = [
        BudgetLine(
            f"b{n}", "Truyền thông", MoneySource.STATE, MoneyLevel.DISTRICT, None, one * MILLION
        )
        for n, one in enumerate(amounts)
    ]
    yearly = BudgetLine(
        "rate", "Tập huấn", MoneySource.STATE, MoneyLevel.DISTRICT, None,
        5 * rate * MILLION, rate * MILLION, 5,
    )  # fmt: skip
    total = (sum(amounts) + 5 * rate) * MILLION
    base = plan(
        of("clubs_new", WHOLE, 3),
        of("budget_state", WHOLE, total),
        start={"clubs_existing": 4},
        budget=(*lines, yearly),
    )
    content = replace(base, header=replace(base.header, budget_total=total))
    assert heard(content) == set()
    more = total + by * MILLION
    assert heard(replace(content, header=replace(content.header, budget_total=more))) == {"V01"}
    assert heard(replace(content, budget=(*lines, replace(yearly, amount=None)))) == set()
    assert heard(replace(content, budget=(*lines, replace(yearly, years=4)))) == {"V02"}
    assert heard(replace(content, budget=(*lines, replace(yearly, years=6)))) == {"V02"}
    assert heard(put(content, f"budget_state@{WHOLE}", more)) == {"V47"}


@given(few, size, st.integers(30, 90), st.integers(2, 9))
@settings(max_examples=15, deadline=None)
def test_v34_an_average_is_its_total_over_its_clubs(clubs, each, fund, by):
    start = {"clubs_existing": clubs, "members_total": clubs * each}
    content = plan(
        of("clubs_new", WHOLE, 3),
        start={**start, "income_fund_balance": clubs * fund * MILLION},
    )
    assert heard(averaging(content, each, fund)) == set()
    assert heard(averaging(content, each + by, fund)) == {"V34"}
    assert heard(averaging(content, each, fund + by)) == {"V34"}


def averaging(content: Content, members: int, millions: int) -> Content:
    """The baseline with averages in its words."""
    words = {
        "members_total": f"bình quân {members} thành viên mỗi câu lạc bộ",
        "income_fund_balance": f"bình quân {millions} triệu đồng mỗi câu lạc bộ",
    }
    lines = [replace(one, wording=words.get(one.indicator, "")) for one in content.baselines]
    return replace(content, baselines=tuple(lines))


WORDED = {
    "clubs_new": ("thành lập {} câu lạc bộ", 1),
    "members_total": ("{} thành viên mới", 1),
    "income_fund_min": ("quỹ mỗi câu lạc bộ {} triệu đồng", MILLION),
    "loan_access_pct": ("{}% thành viên được vay vốn", 100),
}


@given(st.sampled_from(sorted(WORDED)), st.integers(50, 99), moved)
@settings(max_examples=25, deadline=None)
def test_v37_a_wording_says_what_its_line_holds(code, figure, by):
    words, unit = WORDED[code]
    scope = TargetScope.PER_CLUB if code == "income_fund_min" else TargetScope.UNIT
    base = plan(start={"clubs_existing": 4})
    others = tuple(one for one in base.targets if one.indicator != code)
    of_members = "members_total" if code == "loan_access_pct" else None
    line = of(code, WHOLE, figure * unit, scope=scope, comparator=GTE, denominator=of_members)
    right = replace(line, wording=words.format(format_number(figure)))
    wrong = replace(line, wording=words.format(format_number(figure + by)))
    assert heard(replace(base, targets=(*others, right))) <= {"V27"}
    assert heard(replace(base, targets=(*others, wrong))) - {"V27"} == {"V37"}
