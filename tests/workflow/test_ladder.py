"""The ladder of reminders: its days and whom they reach, in each state, over Tết and weekends."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.core.workdays import Calendar
from lth.models.document import Status
from lth.workflow import reminder_schedule
from lth.workflow.deadlines import Due
from lth.workflow.reminder_schedule import Told
from lth.workflow.states import OWED

PLAIN = Calendar()
DAYS = st.dates(date(2021, 1, 1), date(2028, 12, 31))
FRIDAY = Due(date(2026, 5, 15), date(2026, 5, 15), None, setter_id=1)
CODES = [rung.code for rung in reminder_schedule.LADDER]


def days(due: Due, status: Status | None = None, calendar: Calendar = PLAIN) -> list[date]:
    return [step.on for step in reminder_schedule.steps(due, status, calendar)]


def due_on(day: date, **more: date) -> Due:
    return replace(FRIDAY, **{"on": day, "latest": day, **more})


@pytest.mark.parametrize(
    ("due", "on"),
    [
        # a Friday: a week before, the day before, the day; then Monday, Wednesday, Monday
        (FRIDAY, ["8/5", "14/5", "15/5", "18/5", "20/5", "25/5"]),
        # Thursday before Tết 2026 (16 to 20 February off): what follows comes after the holidays
        (due_on(date(2026, 2, 12)), ["5/2", "11/2", "12/2", "13/2", "24/2", "27/2"]),
        # the first Tuesday after Tết: what goes before comes before the holidays
        (due_on(date(2026, 2, 24)), ["10/2", "23/2", "24/2", "25/2", "27/2", "4/3"]),
        # in the middle of Tết: the day itself is told, worked on or not
        (due_on(date(2026, 2, 18)), ["9/2", "13/2", "18/2", "23/2", "25/2", "2/3"]),
        # a month's end on a Saturday
        (due_on(date(2026, 1, 31)), ["26/1", "30/1", "31/1", "2/2", "4/2", "9/2"]),
        # Saturday 22 August 2026 is worked on for Monday 31 August
        (due_on(date(2026, 8, 21)), ["14/8", "20/8", "21/8", "22/8", "25/8", "28/8"]),
        # two working days of grace, over a weekend: late counts from their end
        (
            due_on(date(2026, 5, 15), latest=date(2026, 5, 19)),
            ["8/5", "14/5", "15/5", "20/5", "22/5", "27/5"],
        ),
    ],
)
def test_the_days_of_a_document_that_was_not_begun(due: Due, on: list[str]) -> None:
    found = reminder_schedule.steps(due, None, PLAIN)
    assert [f"{step.on.day}/{step.on.month}" for step in found] == on
    assert [step.rung.code for step in found] == CODES
    assert {(step.about, step.own_day) for step in found} == {(due.on, False)}


def test_whom_each_rung_reaches() -> None:
    holder, leaders, above = Told.HOLDER, Told.LEADERS, Told.ABOVE
    assert {rung.code: rung.told for rung in reminder_schedule.LADDER} == {
        "week": (holder,),
        "eve": (holder,),
        "day": (holder, leaders),
        "late": (holder, leaders),
        "escalated": (holder, leaders, above),
        "overdue": (leaders, above),
    }


def test_a_day_decided_otherwise_moves_the_rungs_around_it() -> None:
    swapped = Calendar({date(2026, 5, 14): False, date(2026, 5, 16): True})
    assert days(FRIDAY, calendar=swapped) == [
        date(2026, 5, 7),
        date(2026, 5, 13),
        date(2026, 5, 15),
        date(2026, 5, 16),
        date(2026, 5, 19),
        date(2026, 5, 22),
    ]


@pytest.mark.parametrize("status", Status)
def test_nothing_to_a_unit_that_has_done_its_part(status: Status) -> None:
    due = replace(FRIDAY, last_correction_on=date(2026, 5, 29))
    assert bool(reminder_schedule.steps(due, status, PLAIN)) is (status in OWED)


def test_of_what_came_back_the_last_day_for_corrections_counts_and_has_no_grace() -> None:
    due = Due(date(2026, 5, 15), date(2026, 5, 19), date(2026, 5, 29), 1, date(2026, 5, 8))
    found = reminder_schedule.steps(due, Status.RETURNED, PLAIN)
    assert [step.on for step in found] == days(due_on(date(2026, 5, 29)))
    assert {(step.about, step.own_day) for step in found} == {(date(2026, 5, 29), False)}


def test_nobody_is_reminded_of_a_day_that_was_kept_the_first_time() -> None:
    assert days(FRIDAY, Status.RETURNED) == []


def test_an_own_earlier_day_goes_before_and_the_due_day_is_told_as_well() -> None:
    own, day = date(2026, 5, 8), date(2026, 5, 15)
    found = reminder_schedule.steps(replace(FRIDAY, own_on=own), None, PLAIN)
    assert [(step.rung.code, step.on, step.about, step.own_day) for step in found] == [
        ("week", date(2026, 4, 29), own, True),  # over 30 April and 1 May
        ("eve", date(2026, 5, 7), own, True),
        ("day", own, own, True),
        ("day", day, day, False),
        ("late", date(2026, 5, 18), day, False),
        ("escalated", date(2026, 5, 20), day, False),
        ("overdue", date(2026, 5, 25), day, False),
    ]


def test_more_time_moves_every_rung_and_overtakes_an_own_day() -> None:
    until = date(2026, 5, 29)
    extended = replace(FRIDAY, own_on=date(2026, 5, 8)).extended(until)
    assert days(extended) == days(due_on(until))
    assert {step.own_day for step in reminder_schedule.steps(extended, None, PLAIN)} == {False}


def test_more_time_moves_the_last_day_for_corrections_only_if_it_is_later() -> None:
    due = replace(FRIDAY, last_correction_on=date(2026, 5, 29))
    earlier, later = due.extended(date(2026, 5, 20)), due.extended(date(2026, 6, 5))
    assert days(earlier, Status.RETURNED) == days(due, Status.RETURNED)
    assert days(later, Status.RETURNED) == days(due_on(date(2026, 6, 5)))


def test_which_rung_was_reached() -> None:
    found = reminder_schedule.steps(FRIDAY, None, PLAIN)
    assert [reminder_schedule.reached(found, step.on) for step in found] == found
    assert reminder_schedule.reached(found, date(2026, 5, 7)) is None
    assert reminder_schedule.reached(found, date(2026, 5, 17)) == found[2]
    assert reminder_schedule.reached(found, date(2027, 5, 17)) == found[-1]
    assert reminder_schedule.reached([], date(2026, 5, 17)) is None


@given(DAYS, st.integers(0, 30), st.none() | st.integers(1, 40), st.none() | st.integers(1, 40))
def test_the_earliest_comes_first_and_each_announced_rung_is_known_again(
    day: date, grace: int, own: int | None, more: int | None
) -> None:
    due = Due(
        on=day,
        latest=PLAIN.shift(day, grace),
        last_correction_on=None,
        setter_id=1,
        own_on=day - timedelta(days=own) if own else None,
    ).extended(day + timedelta(days=more) if more else None)
    found = reminder_schedule.steps(due, None, PLAIN)
    assert [step.on for step in found] == sorted(step.on for step in found)
    assert len({(step.rung.code, step.on) for step in found}) == len(found)
    for step in found:
        code, about, own_day = step.rung.code, step.about, step.own_day
        assert reminder_schedule.announces(due, None, code, about, own_day=own_day)
        assert not reminder_schedule.announces(due, Status.SUBMITTED, code, about, own_day=own_day)
        later = due.extended(due.on + timedelta(days=1))
        assert not reminder_schedule.announces(later, None, code, about, own_day=own_day)
    assert not reminder_schedule.announces(None, None, "day", day, own_day=False)
