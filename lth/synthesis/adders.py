"""Which room adds up the figures of which kinds: this one targets, another what was done.

A kind says what its `figures` are; the room that knows how those add up registers itself here, and
nobody asks which kind a document is of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from lth.models import Document, Revision
from lth.models.base import Base
from lth.models.kind import Figures, Kind


@dataclass(frozen=True)
class Writing:
    """A take-over under way: its receipt is written, its figures are not.

    `number` is the version of what it writes, `person_id` who does it.
    """

    document: Document
    revision: Revision
    number: int
    person_id: int

    def replace(self, session: Session, model: type[Base], rows: list[Mapping[str, Any]]) -> None:
        """Write rows of content in place of those that were taken over before."""
        table = model.__table__
        session.execute(delete(model).where(table.c.revision_id == self.revision.id))
        written = {
            "revision_id": self.revision.id,
            "version": self.number,
            "edited_at": self.revision.edited_at,
            "edited_by_id": self.person_id,
        }
        if rows:
            session.execute(insert(model), [{**row, **written} for row in rows])


Adder = Callable[[Session, Writing], int]
"""Adds up what a receipt names and writes it; returns how many figures there are."""

_ADDERS: dict[Figures, Adder] = {}


def adds_up(figures: Figures) -> Callable[[Adder], Adder]:
    """Register what adds up the kinds with such figures."""

    def register(adder: Adder) -> Adder:
        if figures in _ADDERS:
            raise ValueError(f"two functions add up {figures.value}")
        _ADDERS[figures] = adder
        return adder

    return register


def adder(kind: Kind) -> Adder:
    """Return what adds up a kind."""
    return _ADDERS[kind.figures]


def verify() -> None:
    """Raise LookupError for a kind that is added up and that nobody has registered for."""
    lacking = [str(kind) for kind in Kind.all() if kind.is_computed and kind.figures not in _ADDERS]
    if lacking:
        raise LookupError("nobody adds up these kinds: " + ", ".join(lacking))
