"""Vietnamese formats in the current language, as the filters of pages and of mail."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lth.core import clock, language, vietnamese


def format_date(value: date | datetime | None) -> str:
    """Write a day; a moment is written as its day in Vietnam, nothing as nothing."""
    if value is None:
        return ""
    day = clock.local(value).date() if isinstance(value, datetime) else value
    return vietnamese.format_date(day, language.current())


def format_time(value: datetime) -> str:
    """Write a moment's time of day in Vietnam, ``14:05``."""
    return clock.local(value).strftime("%H:%M")


def format_moment(value: datetime | None) -> str:
    """Write time and day in Vietnam, ``14:05 07/5/2021``."""
    return "" if value is None else f"{format_time(value)} {format_date(value)}"


def format_number(value: int | Decimal | None) -> str:
    """Write a count; nothing as nothing."""
    return "" if value is None else vietnamese.format_number(value, language.current())


def format_percent(value: int | None) -> str:
    """Write hundredths of a per cent: 1926 as ``19,26 %``."""
    return "" if value is None else vietnamese.format_percent(value, language.current())


def format_money(value: int | None) -> str:
    """Write đồng."""
    return "" if value is None else vietnamese.format_money(value, language.current())


FILTERS: dict[str, Callable[..., Any]] = {
    "date": format_date,
    "time": format_time,
    "moment": format_moment,
    "number": format_number,
    "percent": format_percent,
    "money": format_money,
    "say": language.say,
}
"""By the names that templates know them by."""
