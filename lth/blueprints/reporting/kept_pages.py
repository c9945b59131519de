"""What a page of results came to, kept while nothing of what it is made of changes."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import request
from markupsafe import Markup

from lth.blueprints.reporting.result_pages import ResultPage
from lth.blueprints.web import current
from lth.core.language import current as language

KEPT = 64
"""How many pages a process remembers."""

_kept: dict[Any, Markup] = {}
_keeping = Lock()


def body(page: ResultPage, make: Callable[[], str]) -> Markup:
    """Return the body of a page, made anew where anything in it has changed.

    It is the same for all who look with the same scope: it may hold nothing of a person and no
    form that is posted.
    """
    if page.choice is None:
        return Markup(make())  # noqa: S704 - a template made it
    session, scope = current.database(), current.scope()
    asked = (language(), request.script_root, request.full_path)
    of_unit = (tuple(page.periods), page.unit.full_name, page.choice)
    key = (session.get_bind(), scope, *asked, *of_unit, tuple(page.mark))
    found = _kept.get(key)
    if found is None:
        found = Markup(make())  # noqa: S704 - a template made it
        with _keeping:
            while len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[key] = found
    return found


def forget() -> None:
    """Drop what is kept, as a process that has just begun."""
    with _keeping:
        _kept.clear()
