"""The clock: Vietnamese days, and every way to move it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from lth.core import clock

EVENING = datetime(2021, 5, 6, 17, 30, tzinfo=UTC)  # half past midnight in Vietnam


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    yield
    clock.set_offset(timedelta(0))


def test_the_day_turns_at_midnight_in_vietnam() -> None:
    with time_machine.travel(EVENING, tick=False):
        assert clock.now() == EVENING
        assert clock.today() == date(2021, 5, 7)
        assert clock.local(EVENING).isoformat() == "2021-05-07T00:30:00+07:00"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        clock.local(datetime(2021, 5, 7))  # noqa: DTZ001 - the mistake under test


def test_a_shift_runs_along_with_the_machine() -> None:
    with time_machine.travel(EVENING, tick=False) as machine:
        clock.set_offset(timedelta(days=-3))
        assert clock.is_shifted()
        assert clock.now() == EVENING - timedelta(days=3)
        machine.shift(60)
        assert clock.now() == EVENING - timedelta(days=3) + timedelta(minutes=1)


def test_frozen_blocks_nest_and_end() -> None:
    later = EVENING + timedelta(hours=1)
    with clock.frozen(EVENING):
        with clock.frozen(later):
            assert clock.now() == later
        assert clock.now() == EVENING
    assert not clock.is_shifted()
