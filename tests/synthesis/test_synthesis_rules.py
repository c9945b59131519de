"""How figures become one: each rule, on both databases, by the statement that adds them up."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthesis.builders import (
    IN_WORDS,
    Said,
    Tree,
    at_least,
    at_most,
    between,
    exactly,
    more_than,
)

from lth import synthesis
from lth.content.targets import Figure
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.unit import Level
from lth.synthesis import Flag


@pytest.fixture
def totals(session, tree):
    """Make a district with a commune for each set of figures; its totals by indicator code."""

    def make(*communes, programme=tree):
        province = programme.unit(Level.PROVINCE, "Trà Vinh")
        district = programme.unit(Level.DISTRICT, "Trà Cú", province)
        for number, figures in enumerate(communes):
            unit = programme.unit(Level.COMMUNE, f"Xã {number}", district)
            programme.released(unit, figures)
        document = programme.synthesis(district)
        found = synthesis.live(session, document, programme.looks(district))
        codes = {row.id: code for code, row in programme.indicators.items()}
        return {codes[indicator_id]: total for (indicator_id, _), total in found.items()}

    return make


# --- Sums ---------------------------------------------------------------------------------


def test_plain_numbers_are_added(totals):
    total = totals({"clubs_new": 3}, {"clubs_new": 2}, {"members_total": 100})["clubs_new"]
    assert (total.figure, total.counted, total.incomparable) == (exactly(5), 2, 0)


def test_lower_bounds_are_added_as_lower_bounds(totals):
    total = totals({"clubs_new": at_least(3)}, {"clubs_new": 2})["clubs_new"]
    assert total.figure == at_least(5)
    assert total.flags == ()


def test_a_strict_bound_makes_the_sum_strict_and_is_noted(totals):
    total = totals({"clubs_new": at_least(3)}, {"clubs_new": more_than(3)})["clubs_new"]
    assert total.figure == more_than(6)
    assert total.flags == (Flag.STRICT,)


def test_a_strict_upper_bound_is_noted_too(totals):
    below = Figure(Comparator.LT, high=5)
    total = totals({"loan_overdue": at_most(4)}, {"loan_overdue": below})["loan_overdue"]
    assert (total.figure, total.flags) == (Figure(Comparator.LT, high=9), (Flag.STRICT,))


def test_upper_bounds_are_added_as_upper_bounds(totals):
    total = totals({"loan_overdue": at_most(4)}, {"loan_overdue": at_most(5)})["loan_overdue"]
    assert total.figure == at_most(9)


def test_ranges_are_added_end_by_end(totals):
    total = totals({"clubs_new": between(2, 3)}, {"clubs_new": between(4, 6)})["clubs_new"]
    assert total.figure == between(6, 9)


def test_what_is_maintained_is_added(totals):
    kept = Figure(Comparator.MAINTAIN, low=4)
    total = totals({"clubs_total": kept}, {"clubs_total": kept})["clubs_total"]
    assert total.figure == Figure(Comparator.MAINTAIN, low=8)


@pytest.mark.parametrize(
    "other", [at_most(3), Figure(Comparator.LT, high=3), between(2, 3)], ids=["lte", "lt", "range"]
)
def test_mixed_kinds_are_a_count_of_units_and_never_a_number(totals, other):
    total = totals({"clubs_new": at_least(3)}, {"clubs_new": at_least(2)}, {"clubs_new": other})
    found = total["clubs_new"]
    assert (found.figure, found.value) == (None, None)
    assert (found.counted, found.incomparable, found.units) == (0, 3, 3)
    assert found.flags == (Flag.MIXED,)
    assert found.why.startswith("không cộng được")


def test_words_are_counted_beside_the_number_of_the_others(totals):
    total = totals({"clubs_new": 3}, {"clubs_new": IN_WORDS}, {"clubs_new": 2})["clubs_new"]
    assert (total.figure, total.counted, total.incomparable) == (exactly(5), 2, 1)


def test_nothing_but_words_is_no_number(totals):
    total = totals({"clubs_new": IN_WORDS}, {"clubs_new": IN_WORDS})["clubs_new"]
    assert (total.figure, total.counted, total.incomparable) == (None, 0, 2)
    assert total.flags == (Flag.NO_NUMBER,)


def test_a_figure_per_club_is_not_added(totals):
    per_club = Said(exactly(60), scope=TargetScope.PER_CLUB)
    total = totals({"members_total": 100}, {"members_total": per_club})["members_total"]
    assert (total.figure, total.counted, total.incomparable) == (exactly(100), 1, 1)


def test_new_ones_are_not_added_to_a_running_total(totals):
    so_far = Said(exactly(7), counts_from=CountsFrom.CUMULATIVE)
    total = totals({"clubs_new": 3}, {"clubs_new": so_far})["clubs_new"]
    assert (total.figure, total.flags) == (None, (Flag.MIXED,))


def test_the_parts_that_one_unit_writes_are_added(totals):
    parts = [Said(exactly(2)), Said(exactly(1))]
    assert totals({"clubs_new": parts}, {"clubs_new": 3})["clubs_new"].figure == exactly(6)


def test_phases_are_added_each_by_itself(session):
    tree = Tree(session, "1648", "2026-2035")
    province = tree.unit(Level.PROVINCE, "Bắc Ninh")
    for number in range(2):
        document = tree.document(tree.unit(Level.COMMUNE, f"Xã {number}", province))
        for factor, phase in enumerate(tree.phases, 1):
            tree.write(document, {"clubs_new": factor * 10 + number}, phase)
        tree.release(document)
    found = synthesis.live(session, tree.synthesis(province), tree.looks(province))
    sums = [found[tree.cell("clubs_new", phase)].value for phase in tree.phases]
    assert sums == [21, 41]


number = st.integers(0, 10**14)
figure = st.one_of(
    number.map(exactly),
    number.map(at_least),
    number.map(more_than),
    st.tuples(number, number).map(lambda two: between(*sorted(two))),
    number.map(at_most),
    st.just(IN_WORDS),
)


@pytest.mark.databases("sqlite")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.lists(figure, min_size=1, max_size=8))
def test_the_sum_is_pythons_sum(tree, totals, session, said):
    with session.begin_nested() as savepoint:
        total = totals(*({"income_fund_balance": one} for one in said))["income_fund_balance"]
        savepoint.rollback()
    lows = [one.low for one in said if one.low is not None]
    highs = [one.high for one in said if one.high is not None]
    kinds = {(one.low is not None, one.high is not None) for one in said} - {(False, False)}
    assert total.units == len(said)
    if len(kinds) != 1:
        assert total.figure is None
        return
    assert total.counted == len(said) - said.count(IN_WORDS)
    assert total.figure.low == (sum(lows) if lows else None)
    assert total.figure.high == (sum(highs) if highs else None)


# --- Ratios -------------------------------------------------------------------------------


def test_a_ratio_is_a_sum_over_a_sum_and_no_mean_of_percentages(totals):
    found = totals(
        {"members_total": 50, "loans_members": 50, "loan_access_pct": 10_000},
        {"members_total": 700, "loans_members": 350, "loan_access_pct": 5_000},
    )["loan_access_pct"]
    assert found.figure == exactly(5_333), "400 of 750, not the mean 75 %"
    assert found.denominator_code == "members_total"


def test_a_half_is_rounded_up(totals):
    found = totals({"members_total": 20_000, "loans_members": 1})["loan_access_pct"]
    assert found.value == 1, "half of a hundredth of a per cent"


def test_bounds_give_a_ratio_too(totals):
    found = totals({"members_total": more_than(200), "members_older": at_least(130)})
    assert found["older_share_pct"].figure == exactly(6_500)


def test_a_ratio_without_its_counts_cannot_be_added(totals):
    found = totals({"women_share_pct": 6_500}, {"women_share_pct": 6_000})["women_share_pct"]
    assert (found.figure, found.units, found.flags) == (None, 2, (Flag.NO_COUNTS,))
    assert found.why.startswith("không cộng được")


def test_a_ratio_of_counts_by_other_units_cannot_be_added(totals):
    found = totals({"members_total": 200, "members_women": 130}, {"members_total": 200})
    assert found["women_share_pct"].flags == (Flag.NO_COUNTS,)


def test_as_many_units_are_not_the_same_units(totals):
    found = totals(
        {"members_total": 200, "members_women": 130},
        {"members_total": 200},
        {"members_women": 130},
    )["women_share_pct"]
    assert found.figure is None


def test_a_ratio_of_some_units_that_have_both_counts(totals):
    both = {"boards_trained": 2, "clubs_total": 4}
    found = totals(both, both, {"clubs_new": 3})["boards_trained_pct"]
    assert (found.figure, found.counted) == (exactly(5_000), 2)


def test_a_ratio_of_a_range_cannot_be_added(totals):
    found = totals({"members_total": between(180, 200), "members_women": 130})
    assert found["women_share_pct"].figure is None


def test_a_ratio_over_nothing_cannot_be_added(totals):
    assert totals({"members_total": 0, "members_women": 0})["women_share_pct"].figure is None


def test_the_denominator_that_was_left_open_is_the_one_all_chose(totals):
    counts = {"members_total": 200, "members_older": 100, "members_older_women": 60}
    of_older = Said(at_least(5_000), TargetScope.PER_CLUB, denominator="members_older")
    of_all = Said(at_least(5_000), TargetScope.PER_CLUB, denominator="members_total")
    chosen = {**counts, "older_women_share_pct": of_older}
    assert totals(chosen, counts)["older_women_share_pct"].figure == exactly(6_000)
    other = {**counts, "older_women_share_pct": of_all}
    mixed = totals(chosen, other)["older_women_share_pct"]
    assert (mixed.figure, mixed.flags) == (None, (Flag.MIXED,))
    assert totals(counts)["older_women_share_pct"].flags == (Flag.NO_COUNTS,)


def test_a_rate_is_counted_in_hundredths_of_a_time(totals):
    found = totals({"health_checks": 500, "members_total": 200})["health_check_year"]
    assert found.figure == exactly(250), "two and a half checks a member"


# --- What is never added ------------------------------------------------------------------


def test_a_minimum_is_the_least_with_the_units_that_reach_the_floor(session, totals):
    floor = {"income_fund_min": Said(at_least(50_000_000), TargetScope.PER_CLUB)}
    under = {"income_fund_min": Said(exactly(20_000_000), TargetScope.PER_CLUB)}
    whole = {"income_fund_min": exactly(1)}
    found = totals(floor, floor, under, whole, programme=Tree(session, "1648", "2026"))
    total = found["income_fund_min"]
    assert total.figure == at_least(20_000_000)
    assert (total.counted, total.in_range, total.incomparable) == (3, 2, 1)
    assert total.scope is TargetScope.PER_CLUB


def test_a_range_counts_the_units_within_the_threshold_by_their_counts(totals):
    norm = Said(between(50, 70), TargetScope.PER_CLUB)
    found = totals(
        {"clubs_new": 3, "members_total": 210, "club_size": norm},
        {"clubs_new": 3, "members_total": 149},
        {"clubs_new": 1, "members_total": 71, "club_size": norm},
        {"clubs_new": 0, "members_total": 10, "club_size": norm},
    )["club_size"]
    assert found.figure is None
    assert (found.in_range, found.counted) == (1, 3)


def test_a_range_without_counts_is_judged_as_stated(totals):
    five, four = (Said(exactly(n), TargetScope.PER_CLUB) for n in (5, 4))
    words = Said(IN_WORDS, TargetScope.PER_CLUB)
    found = totals({"board_size": five}, {"board_size": four}, {"board_size": words})
    total = found["board_size"]
    assert (total.in_range, total.counted, total.incomparable) == (1, 2, 1)
    assert total.value is None


def test_what_is_not_additive_is_a_count_of_units(totals):
    once = Said(at_least(100), TargetScope.PER_CLUB, CountsFrom.YEARLY)
    words = Said(IN_WORDS, TargetScope.PER_CLUB, CountsFrom.YEARLY)
    found = totals({"meetings_month": once}, {"meetings_month": once}, {"meetings_month": words})
    total = found["meetings_month"]
    assert (total.figure, total.counted, total.incomparable) == (None, 2, 1)
    assert total.flags == (Flag.NOT_ADDITIVE,)
