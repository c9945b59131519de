"""The window in which the day's mail is written and gathered: the morning, in Viet Nam."""

from datetime import date, datetime, time

from lth.core import clock

MORNING = time(7, 0)
"""Asia/Ho_Chi_Minh. Before it nobody is reminded of anything, and no digest is made."""

MORNING_OVER = time(8, 0)
"""What is written from then on is for the digest of the next morning."""


def morning(day: date) -> datetime:
    """Return the morning of a day, as an instant."""
    return datetime.combine(day, MORNING, clock.TIMEZONE)


def morning_over(day: date) -> datetime:
    """Return the end of the morning of a day, as an instant."""
    return datetime.combine(day, MORNING_OVER, clock.TIMEZONE)


def begun(now: datetime) -> bool:
    """Tell whether the morning of the day that it is in Viet Nam has come."""
    return clock.local(now).time() >= MORNING
