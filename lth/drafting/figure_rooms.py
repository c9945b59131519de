"""What an upper room does for the figures of kinds of document that are no targets.

Drafting knows targets itself. A room above that knows other figures (`Figures`) registers itself
here by them; who begins, sends or briefs a document asks for its room and never for its kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.drafting.gaps import Gap
from lth.models import Document, Indicator, ReportValue, Revision
from lth.models.kind import Figures, Kind


@dataclass(frozen=True)
class FigureFacts:
    """A figure that was done, for who signs: beside what was assigned, with what speaks against.

    `row` is None where nothing is said; `books` is what the clubs' books come to, where that is
    something else.
    """

    indicator: Indicator
    row: ReportValue | None
    assigned: int | None = None
    books: int | None = None


@dataclass(frozen=True)
class FigureLook:
    """What must still be said before a document may be sent, and all it says for who signs."""

    gaps: Sequence[Gap] = ()
    facts: Sequence[FigureFacts] = ()


class FigureRoom(Protocol):
    """What is asked of a room that knows some figures; the caller has checked the scope."""

    def begin(
        self, session: Session, actor: Actor, document: Document, revision: Revision, now: datetime
    ) -> None:
        """Put the first figures into a draft that was just started."""

    def look(
        self, session: Session, document: Document, revision: Revision, scope: Scope
    ) -> FigureLook:
        """Look at every figure that is asked for: what it says, and what it lacks."""

    def settle(
        self,
        session: Session,
        document: Document,
        revision: Revision,
        scope: Scope,
        now: datetime,
    ) -> None:
        """Bring in line what follows from other figures, before the revision is frozen."""


_ROOMS: dict[Figures, FigureRoom] = {}


def register(figures: Figures, room: FigureRoom) -> None:
    """Have a room asked for documents with these figures."""
    _ROOMS[figures] = room


def room_of(kind: Kind) -> FigureRoom | None:
    """Return the room that knows the figures of a kind; none for targets, which drafting knows."""
    return _ROOMS.get(kind.figures)


def verify() -> None:
    """Raise LookupError where a kind has figures that no room knows."""
    unknown = {kind.figures for kind in Kind.all()} - {Figures.TARGETS, *_ROOMS}
    if unknown:
        raise LookupError(f"no room knows the figures {', '.join(sorted(unknown))}")
