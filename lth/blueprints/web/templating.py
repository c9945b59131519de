"""All that templates can call: Vietnamese formats, the current language, the day."""

from typing import Any

from flask import Flask
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from lth.blueprints.web.tables import file_url
from lth.core import clock, language
from lth.core.formats import FILTERS


def register(app: Flask) -> None:
    """Give the templates of ``app`` their filters and globals."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        _=_text,
        ngettext=_count,
        pgettext=_text_in,
        current_language=language.current,
        languages=language.AVAILABLE,
        today=clock.today,
        clock_is_shifted=clock.is_shifted,
        demo=app.config["SETTINGS"].demo,
        file_url=file_url,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


@pass_eval_context
def _text(context: EvalContext, text: str, /, **params: Any) -> str:
    """Return a msgid in the current language, filled; a per cent sign is written twice."""
    return _filled(context, language.gettext(text), params)


@pass_eval_context
def _text_in(context: EvalContext, meant: str, text: str, /, **params: Any) -> str:
    return _filled(context, language.pgettext(meant, text), params)


@pass_eval_context
def _count(context: EvalContext, one: str, many: str, number: int, /, **params: Any) -> str:
    return _filled(context, language.plural(one, many, number), {"num": number, **params})


def _filled(context: EvalContext, text: str, params: dict[str, Any]) -> str:
    words = Markup(text) if context.autoescape else text  # noqa: S704 - the translators' own words
    return words % params if params or "%" in text else words
