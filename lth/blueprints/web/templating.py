"""What templates can call: Vietnamese formats, the current language, the day."""

from flask import Flask
from flask_babel import get_translations

from lth.core import clock, language
from lth.core.formats import FILTERS


def register(app: Flask) -> None:
    """Give the templates of ``app`` their filters and globals."""
    app.jinja_env.filters.update(FILTERS)
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
