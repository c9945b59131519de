"""What templates can call: Vietnamese formats, the current language, the day."""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask_babel import get_translations

from lth.core import clock, language, vietnamese


def register(app: Flask) -> None:
    """Give the templates of ``app`` their filters and globals."""
    app.jinja_env.filters.update(
        date=format_date,
        time=format_time,
        moment=format_moment,
        number=format_number,
        percent=format_percent,
        money=format_money,
        say=language.say,
    )
    app.jinja_env.globals.update(
        current_language=language.current,
        languages=language.AVAILABLE,
        today=clock.today,
        clock_is_shifted=clock.is_shifted,
        demo=app.config["SETTINGS"].demo,
    )
    app.jinja_env.install_gettext_callables(_text, _count, newstyle=True, pgettext=_text_in)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _text(text: str) -> str:
    """A msgid as it stands in Vietnamese, else its translation; the template fills it."""
    if language.current() == language.DEFAULT:
        return text
    return str(get_translations().ugettext(text))


def _text_in(context: str, text: str) -> str:
    if language.current() == language.DEFAULT:
        return text
    return str(get_translations().upgettext(context, text))


def _count(one: str, many: str, number: int) -> str:
    if language.current() == language.DEFAULT:
        return many
    return str(get_translations().ungettext(one, many, number))


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
