"""Units by name: found as people type it, and in the order of the Vietnamese alphabet."""

from sqlalchemy import ColumnElement, false

from lth.models import Unit
from lth.vietnamese import search_key


def like(text: str) -> ColumnElement[bool]:
    """That a unit's type and name hold what was typed: "dinh an", "xã Định An".

    A text in which nothing can be part of a name (`%`) finds nothing.
    """
    key = search_key(text)
    return Unit.search_key.contains(key, autoescape=True) if key else false()


ALPHABETICAL = (Unit.sort_key, Unit.id)
"""The order of units by name; `vietnamese.collation_key` made their keys."""
