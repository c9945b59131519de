"""Follow a figure of a report down to the clubs that make it, with the month of each one's book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.core.errors import NotFoundError
from lth.models import Document, Indicator, Unit
from lth.reporting import from_books
from lth.reporting.asked import terms_of
from lth.reporting.from_books import BookFigure
from lth.reporting.sums import Pair, Quotient, quotients
from lth.synthesis import children, sources
from lth.units.names import ALPHABETICAL, COLUMNS, UnitName


@dataclass(frozen=True)
class ClubLine:
    """A club's part in a figure: its number, of a quotient both counts and what they come to."""

    unit: UnitName
    club_id: int
    name: str
    value: int | None
    over: int | None
    under: int | None
    month: date | None


@dataclass(frozen=True)
class ClubFigures:
    """What the clubs at and below a unit come to in an indicator; `quotient` where it is one.

    `value` is None where no book and no register knows of it.
    """

    indicator: Indicator
    quotient: Quotient | None
    value: int | None
    over: int | None
    under: int | None
    lines: Sequence[ClubLine]


def of_clubs(
    session: Session, document: Document, indicator_id: int, phase_id: int, scope: Scope
) -> ClubFigures:
    """List the clubs that make a figure of what a document reports on, by unit; in six queries.

    The caller has read the document within the scope. Raises NotFoundError for a scope that does
    not see below the document's unit, and for an indicator or a phase that there is not.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    grid = sources.grid(session, document)
    indicator = grid.indicators.get(indicator_id)
    if indicator is None or phase_id not in grid.phases:
        raise NotFoundError
    quotient = next((one for one in quotients(grid) if one.indicator.id == indicator_id), None)
    asked = [quotient.over, quotient.under] if quotient else [indicator]
    terms = terms_of(session, document, scope)
    found = from_books.figures(
        session,
        scope,
        unit_path=document.unit_path,
        span=terms.span,
        plan_starts_on=terms.plan_starts_on,
        indicators=asked,
    )
    if quotient is None:
        return _plain(session, indicator, found.get(indicator.code))
    return _divided(session, quotient, found)


def _plain(session: Session, indicator: Indicator, found: BookFigure | None) -> ClubFigures:
    clubs = found.clubs if found else ()
    units = _units(session, {club.unit_id for club in clubs})
    lines = [
        ClubLine(units[club.unit_id], club.club_id, club.name, club.value, None, None, club.month)
        for club in clubs
        if club.unit_id in units
    ]
    value = found.value if found else None
    return ClubFigures(indicator, None, value, None, None, _in_order(lines, units))


def _divided(session: Session, quotient: Quotient, found: Mapping[str, BookFigure]) -> ClubFigures:
    """List the clubs with both counts: of one that is not in the numerator, that is nought."""
    above, beneath = found.get(quotient.over.code), found.get(quotient.under.code)
    over = {club.club_id: club for club in (above.clubs if above else ())}
    under = {club.club_id: club for club in (beneath.clubs if beneath else ())}
    units = _units(session, {club.unit_id for club in (*over.values(), *under.values())})
    lines = []
    for id_, club in (over | under).items():
        if club.unit_id not in units:
            continue
        top, bottom = over.get(id_), under.get(id_)
        share = None
        if bottom is not None:
            share = quotient.of(Pair(top.value if top else 0, bottom.value))
        values = (top.value if top else None, bottom.value if bottom else None)
        lines.append(ClubLine(units[club.unit_id], id_, club.name, share, *values, club.month))
    total = None
    if above is not None and beneath is not None:
        total = quotient.of(Pair(above.value, beneath.value))
    return ClubFigures(
        quotient.indicator,
        quotient,
        total,
        above.value if above else None,
        beneath.value if beneath else None,
        _in_order(lines, units),
    )


def _in_order(lines: Sequence[ClubLine], units: Mapping[int, UnitName]) -> list[ClubLine]:
    """Put the lines in the order of their units, as these were read."""
    place = {id_: at for at, id_ in enumerate(units)}
    return sorted(lines, key=lambda one: place[one.unit.id])


def _units(session: Session, ids: set[int]) -> dict[int, UnitName]:
    """Read units by id, in the order of the Vietnamese alphabet."""
    statement = select(*COLUMNS).where(Unit.id.in_(ids)).order_by(*ALPHABETICAL)
    rows = session.execute(statement) if ids else ()
    return {unit.id: unit for unit in map(UnitName.of, rows)}
