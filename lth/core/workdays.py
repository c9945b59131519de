"""Working days in Viet Nam: which days are, counting on from a day, and counting between two.

The public holidays come from the `holidays` package, with the days that the Government swaps each
year as far as it knows them (Bộ luật Lao động 2019, Điều 111-112); on top lie the exceptions that
an administrator enters: a swapped day, a Saturday made up for, a local closure.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

ONE_DAY = timedelta(days=1)


@cache
def _public_holidays() -> Any:
    """The country's holidays, grown year by year as they are asked for."""
    import holidays  # noqa: PLC0415 - a third of a second, which `lth --help` need not wait for

    return holidays.country_holidays("VN", language="vi")


def _year(year: int) -> slice:
    return slice(date(year, 1, 1), date(year + 1, 1, 1))


class Calendar:
    """Working days, given what was decided otherwise: day by day, whether it is worked on."""

    def __init__(self, exceptions: Mapping[date, bool] | None = None):
        self.exceptions = dict(exceptions or {})

    def works(self, day: date) -> bool:
        """Whether offices work on a day."""
        decided = self.exceptions.get(day)
        return bool(_public_holidays().is_working_day(day)) if decided is None else decided

    def shift(self, day: date, workdays: int) -> date:
        """The day so many working days after (before, where negative) a day; 0 is the day itself,
        be it worked on or not.
        """
        step = ONE_DAY if workdays > 0 else -ONE_DAY
        left = abs(workdays)
        while left:
            day += step
            left -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days come after `start` up to and with `end`; negative backwards."""
        if end < start:
            return -self.between(end, start)
        days = (end - start).days
        return sum(self.works(start + ONE_DAY * number) for number in range(1, days + 1))

    @staticmethod
    def public(year: int) -> list[tuple[date, str]]:
        """A year's public holidays by date, each with its name in Vietnamese."""
        return [(day, _public_holidays()[day]) for day in _public_holidays()[_year(year)]]
