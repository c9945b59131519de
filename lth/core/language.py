"""Which language a page is in: Vietnamese unless somebody chose English."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from babel.support import NullTranslations, Translations
from flask import has_request_context, session
from flask_babel import get_locale
from flask_login import current_user

from lth.core import clock, vietnamese
from lth.core.i18n import Bilingual, Message

DEFAULT = "vi"
AVAILABLE = {"vi": "Tiếng Việt", "en": "English"}
SESSION_KEY = "language"

_chosen: ContextVar[str | None] = ContextVar("lth_language", default=None)


def select() -> str:
    """Return the signed-in person's language, else the one chosen in this browser, else Vietnamese.

    Outside of a request (a mail, the command line) it is Vietnamese; ``using`` says another.
    """
    if not has_request_context():
        return DEFAULT
    chosen = getattr(current_user, "language", None) or session.get(SESSION_KEY)
    return chosen if chosen in AVAILABLE else DEFAULT


@contextmanager
def using(code: str) -> Iterator[None]:
    """Write in ``"vi"`` or ``"en"`` for a while, whatever the page around it is in, if any."""
    token = _chosen.set(code)
    try:
        yield
    finally:
        _chosen.reset(token)


def current() -> str:
    """Return ``"vi"`` or ``"en"``: the language of what is being written now."""
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    locale = get_locale()
    return locale.language if locale is not None else DEFAULT


def gettext(text: str, /, **params: Any) -> str:
    """Return a msgid in the current language, filled.

    The msgids are Vietnamese, so that in Vietnamese there is nothing to look up.
    """
    if current() != DEFAULT:
        text = _catalogue(current()).gettext(text)
    return text % params if params else text


def ngettext(one: str, many: str, number: int, /, **params: Any) -> str:
    """Return the form of a msgid that fits a number; Vietnamese has one for all."""
    if current() != DEFAULT:
        many = _catalogue(current()).ngettext(one, many, number)
    return many % {"num": number, **params}


@cache
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(str(files("lth") / "translations"), [code])


def say(message: Message | Bilingual | str) -> str:
    """Return a lower layer's message in the current language; nested messages are said too."""
    if isinstance(message, Bilingual):
        return message.in_language(current())
    if not isinstance(message, Message):
        return str(message)
    params = {name: _filling(value) for name, value in message.params.items()}
    if message.number is not None:
        return ngettext(message.text, message.text, message.number, **params)
    return gettext(message.text, **params)


def _filling(value: Any) -> Any:
    """What fills a message: nested messages said, days and moments written as pages write them."""
    if isinstance(value, (Message, Bilingual)):
        return say(value)
    if isinstance(value, datetime):
        local = clock.local(value)
        return f"{local:%H:%M} {vietnamese.format_date(local.date(), current())}"
    if isinstance(value, date):
        return vietnamese.format_date(value, current())
    return value
