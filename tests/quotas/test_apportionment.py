"""Splitting a total exactly: what must hold for any total, weights, floors and ceilings."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.demo import figures
from lth.quotas.apportionment import InfeasibleError, Share, gap, split

TOTALS = st.integers(0, 10**6)
WEIGHTS = st.lists(st.integers(0, 10**5), min_size=1, max_size=40)


def shares(weights, floors=None, ceilings=None, older=None):
    return [
        Share(
            key=place,
            weight=weight,
            older_population=older[place] if older else None,
            code=f"{place:05}",
            floor=floors[place] if floors else 0,
            ceiling=ceilings[place] if ceilings else None,
        )
        for place, weight in enumerate(weights)
    ]


def values(total, listed, **options):
    return {key: part.value for key, part in split(total, listed, **options).items()}


@st.composite
def bounded(draw):
    """A total with floors and ceilings that can be kept."""
    weights = draw(WEIGHTS)
    floors = [draw(st.integers(0, 50)) for _ in weights]
    room = [draw(st.integers(0, 80)) for _ in weights]
    ceilings = [floor + more for floor, more in zip(floors, room, strict=True)]
    return draw(st.integers(sum(floors), sum(ceilings))), weights, floors, ceilings


def test_fifty_clubs_over_tra_cu_as_the_demo_has_it():
    communes = [one for one in figures.three_tier("2021").values() if one.district_code == "849"]
    listed = [
        Share(key=int(one.code), older_population=one.baseline["older_population"], code=one.code)
        for one in communes
    ]
    found = values(50, listed)
    assert len(found) == 17
    assert found.pop(29462) == 2
    assert set(found.values()) == {3}


@given(TOTALS, WEIGHTS)
def test_the_sum_is_exact_and_each_within_one_of_its_exact_share(total, weights):
    found = split(total, shares(weights))
    assert sum(part.value for part in found.values()) == total
    for part in found.values():
        assert abs(part.value * part.denominator - part.numerator) < part.denominator


@given(bounded())
def test_floors_and_ceilings_are_kept_and_the_sum_is_exact(case):
    total, weights, floors, ceilings = case
    found = values(total, shares(weights, floors, ceilings))
    assert sum(found.values()) == total
    for place, value in found.items():
        assert floors[place] <= value <= ceilings[place]


@given(TOTALS, WEIGHTS, st.integers(0, 20))
def test_a_larger_weight_never_gets_less(total, weights, floor):
    total += floor * len(weights)
    found = values(total, shares(weights, floors=[floor] * len(weights)))
    for one, first in enumerate(weights):
        for other, second in enumerate(weights):
            if first > second:
                assert found[one] >= found[other]


@given(TOTALS, WEIGHTS, st.data())
def test_more_weight_for_one_gives_it_no_less(total, weights, data):
    place = data.draw(st.integers(0, len(weights) - 1))
    more = list(weights)
    more[place] += data.draw(st.integers(1, 10**5))
    if any(weights):
        assert values(total, shares(more))[place] >= values(total, shares(weights))[place]


@given(bounded(), st.randoms(use_true_random=False))
def test_the_order_of_the_units_does_not_matter(case, random):
    total, weights, floors, ceilings = case
    listed = shares(weights, floors, ceilings)
    mixed = list(listed)
    random.shuffle(mixed)
    assert values(total, mixed) == values(total, listed)


@given(st.integers(0, 10**4), st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_floors_above_the_total_say_by_how_much(total, floors):
    needed = sum(floors)
    listed = shares([1] * len(floors), floors=floors)
    if needed <= total:
        assert sum(values(total, listed).values()) == total
        return
    with pytest.raises(InfeasibleError) as caught:
        split(total, listed)
    assert caught.value.floors_too_high
    assert caught.value.by == needed - total


def test_ceilings_below_the_total_say_by_how_much():
    with pytest.raises(InfeasibleError) as caught:
        split(10, shares([1, 1], ceilings=[4, 4]))
    assert (caught.value.floors_too_high, caught.value.by) == (False, 2)


def test_ties_go_to_the_larger_older_population_and_then_to_the_smaller_code():
    assert values(2, shares([1, 1, 1], older=[500, 900, 700])) == {0: 0, 1: 1, 2: 1}
    assert values(1, shares([1, 1, 1], older=[500, 500, None])) == {0: 1, 1: 0, 2: 0}
    assert values(1, shares([1, 1, 1])) == {0: 1, 1: 0, 2: 0}


def test_a_floor_takes_from_the_others_by_their_weights():
    assert values(100, shares([1, 49, 50], floors=[10, 0, 0])) == {0: 10, 1: 45, 2: 45}


def test_nothing_to_weigh_by_counts_all_alike():
    assert values(5, shares([0, 0])) == {0: 3, 1: 2}


def test_money_is_split_in_whole_steps_where_it_can_be():
    listed = shares([1, 1, 1])
    assert values(10_000_000, listed, step=1_000_000) == {0: 4_000_000, 1: 3_000_000, 2: 3_000_000}
    odd = values(10_000_001, listed, step=1_000_000)
    assert sum(odd.values()) == 10_000_001


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: split(-1, shares([1])),
        lambda: split(1, shares([-1])),
        lambda: split(1, shares([1], floors=[-1])),
        lambda: split(1, shares([1], floors=[2], ceilings=[1])),
        lambda: split(1, shares([1]), step=0),
    ],
)
def test_figures_without_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"no less than nothing|no lower than its floor"):
        wrong()


def test_nobody_to_split_among():
    assert split(0, []) == {}
    with pytest.raises(InfeasibleError):
        split(1, [])


def test_by_hand_says_by_how_much_it_does_not_add_up():
    assert gap(50, {1: 20, 2: 27}) == -3
    assert gap(50, {1: 30, 2: 27}) == 7
    assert gap(50, {1: 30, 2: 20}) == 0


def test_124_communes_at_once():
    listed = shares([1 + place * 37 % 911 for place in range(124)], floors=[1] * 124)
    started = time.perf_counter()
    for _ in range(10):
        found = values(1_000, listed)
    assert time.perf_counter() - started < 0.1
    assert sum(found.values()) == 1_000
