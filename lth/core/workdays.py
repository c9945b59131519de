"""Working days in Viet Nam: which days are, counting on from a day, and counting between two.

The public holidays come from the `holidays` package, with the days that the Government swaps each
year as far as it knows them (Bộ luật Lao động 2019, Điều 111-112); on top lie the exceptions that
an administrator enters: a swapped day, a Saturday made up for, a local closure.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

ONE_DAY = timedelta(days=1)


@cache
def _public_holidays() -> Any:
    """Return the country's holidays, grown year by year as they are asked for."""
    import holidays  # noqa: PLC0415 - a third of a second, which `lth --help` need not wait for

    return holidays.country_holidays("VN", language="vi")


def _year(year: int) -> slice:
    return slice(date(year, 1, 1), date(year + 1, 1, 1))


@cache
def _worked(year: int) -> tuple[int, ...]:
    """Count a year's public working days up to each of its days, none at index 0."""
    first = date(year, 1, 1)
    days = (first + ONE_DAY * number for number in range(date(year, 12, 31).timetuple().tm_yday))
    return tuple(accumulate(map(_public_holidays().is_working_day, days), initial=0))


def _number(day: date) -> int:
    """Return a day's place in its year, 1 for the first of January."""
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _works(day: date) -> int:
    """Return 1 for a public working day, 0 for another."""
    worked, number = _worked(day.year), _number(day)
    return worked[number] - worked[number - 1]


class Calendar:
    """Working days, given what was decided otherwise: day by day, whether it is worked on."""

    def __init__(self, exceptions: Mapping[date, bool] | None = None):
        self.exceptions = dict(exceptions or {})

    def works(self, day: date) -> bool:
        """Tell whether offices work on a day."""
        return self.exceptions.get(day, bool(_works(day)))

    def shift(self, day: date, workdays: int) -> date:
        """Go so many working days on (back, where negative); 0 is the day itself, worked or not."""
        step = ONE_DAY if workdays > 0 else -ONE_DAY
        left = abs(workdays)
        while left:
            day += step
            left -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and with `end`; negative backwards."""
        if end < start:
            return -self.between(end, start)
        whole = sum(_worked(year)[-1] for year in range(start.year, end.year))
        public = whole + _worked(end.year)[_number(end)] - _worked(start.year)[_number(start)]
        decided = self.exceptions.items()
        return public + sum(works - _works(day) for day, works in decided if start < day <= end)

    @staticmethod
    def public(year: int) -> list[tuple[date, str]]:
        """Return a year's public holidays by date, each with its name in Vietnamese."""
        return [(day, _public_holidays()[day]) for day in _public_holidays()[_year(year)]]
