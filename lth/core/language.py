"""Speak a language: Vietnamese unless somebody chose English.

No Flask here: a request, a mail and a command each say in whose language they are, and whatever is
called from there words its messages in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from babel.support import LazyProxy, NullTranslations, Translations

from lth.core import clock, vietnamese
from lth.core.i18n import Bilingual, Message

DEFAULT = "vi"
AVAILABLE = {"vi": "Tiếng Việt", "en": "English"}

_current: ContextVar[str] = ContextVar("lth_language", default=DEFAULT)


def current() -> str:
    """Return ``"vi"`` or ``"en"``: the language of what is being written now."""
    return _current.get()


def speak(language: str | None) -> None:
    """Write in a language from now on, in this thread's context; in Vietnamese if it is unknown."""
    _current.set(language if language in AVAILABLE else DEFAULT)


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Write in a language within the block; in Vietnamese if it is unknown."""
    token = _current.set(language if language in AVAILABLE else DEFAULT)
    try:
        yield
    finally:
        _current.reset(token)


@cache
def _catalogue(language: str) -> NullTranslations:
    """Read a language's messages; the msgids are Vietnamese, so that Vietnamese needs none."""
    return Translations.load(str(files("lth") / "translations"), [language])


def gettext(text: str, /, **params: Any) -> str:
    """Return a msgid in the current language, filled."""
    language = _current.get()
    if language != DEFAULT:
        text = _catalogue(language).gettext(text)
    return text % params if params else text


def pgettext(context: str, text: str, /, **params: Any) -> str:
    """Return a msgid as it is meant in a context, in the current language, filled."""
    language = _current.get()
    if language != DEFAULT:
        text = str(_catalogue(language).pgettext(context, text))
    return text % params if params else text


def plural(one: str, many: str, number: int, /) -> str:
    """Return the form of a msgid that fits a number, unfilled; Vietnamese has one for all."""
    language = _current.get()
    return many if language == DEFAULT else _catalogue(language).ngettext(one, many, number)


def ngettext(one: str, many: str, number: int, /, **params: Any) -> str:
    """Return the form of a msgid that fits a number, filled with it as `num` and with the rest."""
    return plural(one, many, number) % {"num": number, **params}


def lazy_gettext(text: str, /, **params: Any) -> Any:
    """Return a text that is looked up whenever it is written, in the language current then."""
    return LazyProxy(gettext, text, enable_cache=False, **params)


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
    """Return what fills a message: nested messages said, days and moments as pages write them."""
    if isinstance(value, (Message, Bilingual)):
        return say(value)
    if isinstance(value, datetime):
        local = clock.local(value)
        return f"{local:%H:%M} {vietnamese.format_date(local.date(), current())}"
    if isinstance(value, date):
        return vietnamese.format_date(value, current())
    return value
