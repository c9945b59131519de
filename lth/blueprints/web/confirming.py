"""Acts with consequences are confirmed on a page of their own, which shows what will happen.

The button that Enter presses in a form is its first. Where the form's own button does more than to
keep what was typed, `forms.harmless()` stands before it: the page comes back filled, with nothing
done. The confirmation carries every field that was sent, so that nothing is typed twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, render_template, request

from lth.blueprints.web.kept_form import AS_ROLE, TO_ROLE

LOOK, CONFIRMED = "look", "confirmed"
"""The names of the buttons that give the page back as it was typed, and that confirm."""

_OWN = frozenset({LOOK, CONFIRMED, AS_ROLE, TO_ROLE, "csrf_token"})


@dataclass(frozen=True)
class ConfirmationRow:
    """One thing that the act is about, with a few lines of what it brings."""

    label: str
    lines: Sequence[str] = ()
    url: str = ""
    document_id: int | None = None


def asks_to_look() -> bool:
    """Tell whether the form was sent by its harmless button: nothing is done."""
    return LOOK in request.form


def is_confirmed() -> bool:
    """Tell whether the act was confirmed on its page."""
    return CONFIRMED in request.form and not asks_to_look()


def page(
    title: str,
    lead: str,
    rows: Sequence[ConfirmationRow],
    button: str,
    *,
    instead: Mapping[str, str] | None = None,
    **values: Any,
) -> str:
    """Return the page that asks once more; `values`: kicker, note, back (label and address),
    danger. `instead`: fields to carry whatever was sent under their names, such as a file's text.
    """
    instead = instead or {}
    own = _OWN | instead.keys()
    carried = [pair for pair in request.form.items(multi=True) if pair[0] not in own]
    carried += instead.items()
    return render_template(
        "confirm.html", title=title, lead=lead, rows=rows, button=button, carried=carried, **values
    )


def register(app: Flask) -> None:
    """Tell templates the names of the buttons."""
    app.jinja_env.globals.update(LOOK=LOOK, CONFIRMED=CONFIRMED)
