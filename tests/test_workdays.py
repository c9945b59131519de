"""Working days: weekends, Tết, swapped days, month ends, both directions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.core.workdays import Calendar

PLAIN = Calendar()
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 11, 24), False),  # Ngày Văn hóa Việt Nam, new in 2026
        (date(2026, 2, 17), False),  # Mùng một Tết
        (date(2026, 8, 22), True),  # the Saturday that is worked on for 31 August
        (date(2026, 8, 31), False),
        (date(2021, 5, 3), False),  # Monday in lieu of Saturday 1 May
    ],
)
def test_which_days_are_worked_on(day: date, worked: bool) -> None:
    assert PLAIN.works(day) is worked


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # over Tết: Friday to Monday a week later
        (date(2026, 2, 23), -1, date(2026, 2, 13)),
        (date(2026, 1, 30), 1, date(2026, 2, 2)),  # over a month's end and a weekend
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over the new year
        (date(2026, 6, 14), 2, date(2026, 6, 16)),  # from a Sunday: T+2
        (date(2026, 6, 14), 5, date(2026, 6, 19)),
        (date(2026, 6, 14), 8, date(2026, 6, 24)),
        (date(2026, 6, 14), 0, date(2026, 6, 14)),
        (date(2021, 6, 14), 2, date(2021, 6, 16)),
        (date(2021, 6, 14), 5, date(2021, 6, 21)),
        (date(2021, 6, 14), 8, date(2021, 6, 24)),
    ],
)
def test_so_many_working_days_on(start: date, count: int, end: date) -> None:
    assert PLAIN.shift(start, count) == end


def test_an_exception_goes_before_the_calendar() -> None:
    closed = Calendar({date(2026, 6, 15): False, date(2026, 6, 20): True})
    assert closed.shift(date(2026, 6, 14), 1) == date(2026, 6, 16)
    assert closed.between(date(2026, 6, 14), date(2026, 6, 21)) == 5
    assert PLAIN.shift(date(2026, 6, 14), 1) == date(2026, 6, 15)


def test_a_years_public_holidays_have_their_names() -> None:
    days = dict(PLAIN.public(2026))
    assert "Tết" in days[date(2026, 2, 17)]
    assert min(days) == date(2026, 1, 1)
    assert max(days) == date(2026, 11, 24)


@given(DAYS, st.integers(1, 60))
def test_there_and_back(day: date, count: int) -> None:
    """From a working day so many on and as many back is the day again."""
    start = PLAIN.shift(day, 1)
    there = PLAIN.shift(start, count)
    assert PLAIN.works(there)
    assert PLAIN.shift(there, -count) == start
    assert PLAIN.between(start, there) == count


@given(DAYS, st.integers(-90, 90))
def test_between_counts_each_day_once(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    assert PLAIN.between(start, end) == -PLAIN.between(end, start)
    assert PLAIN.between(start, end) + PLAIN.between(end, end + timedelta(days=7)) == PLAIN.between(
        start, end + timedelta(days=7)
    )


@given(DAYS, DAYS, st.dictionaries(DAYS, st.booleans(), max_size=20))
def test_between_counts_each_day_that_is_worked_on(
    start: date, end: date, decided: dict[date, bool]
) -> None:
    calendar, (first, last) = Calendar(decided), sorted((start, end))
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    counted = sum(map(calendar.works, days))
    assert calendar.between(first, last) == counted
    assert calendar.between(last, first) == -counted


@pytest.mark.parametrize("works", [True, False])
def test_what_is_decided_of_the_first_day_itself_does_not_count(works: bool) -> None:
    """A stretch is counted from the day after its first: also where the first is an exception."""
    monday, saturday = date(2026, 6, 15), date(2026, 6, 20)
    decided = Calendar({monday: works, saturday: works})
    assert decided.between(monday, date(2026, 6, 19)) == 4
    assert decided.between(saturday, date(2026, 6, 22)) == 1
    assert decided.between(monday, saturday) == 4 + works
