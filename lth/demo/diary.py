"""Dates of the demo, counted from the day it is loaded: working days, in office hours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lth.core import clock

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Diary:
    """Working days (Monday to Friday) around the moment the demo is loaded."""

    now: datetime

    @property
    def today(self) -> date:
        return clock.local(self.now).date()

    def day(self, distance: int) -> date:
        """Return the working day so many working days from today: −1 the last one, +1 the next."""
        step = _ONE_DAY if distance > 0 else -_ONE_DAY
        found, left = self.today, abs(distance)
        while left:
            found += step
            left -= found.weekday() < 5
        return found

    def at(self, distance: int, hour: int, minute: int = 0) -> datetime:
        """Return a time of that working day, Vietnamese time; `distance` is negative: it is past.

        Raises ValueError for today and later, which may not have come yet.
        """
        if distance >= 0:
            raise ValueError("what the story tells lies before today")
        return datetime.combine(self.day(distance), time(hour, minute), clock.TIMEZONE)
