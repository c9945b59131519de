"""Find the revisions that a synthesis adds up, and the grid that they are added up in.

Each source is a sub-select over `Document` with the revisions' ids, kinds and hashes. Released
revisions never change, so what a receipt names can always be added up again, and what is taken
over is exactly what its receipt holds.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased, defer

from lth.access.scope import Scope, revisions_seen
from lth.models import Document, Indicator, Participation, Phase, Receipt, Revision
from lth.synthesis.children import counts
from lth.synthesis.totals import Grid
from lth.units.on_day import takes_part
from lth.workflow.documents import OF_PARTICIPANT

_IN_ORDER = (Indicator.ordinal, Indicator.id, Phase.ordinal)
_OTHER = aliased(Indicator)
_FIRST = (
    select(_OTHER.id)
    .where(_OTHER.programme_id == bindparam("programme_id"))
    .order_by(_OTHER.ordinal, _OTHER.id)
    .limit(1)
    .scalar_subquery()
)
_GRID = (
    select(Indicator, Phase)
    .outerjoin(Phase, and_(Phase.period_id == bindparam("period_id"), Indicator.id == _FIRST))
    .where(Indicator.programme_id == bindparam("programme_id"))
    .options(defer(Indicator.help_vi), defer(Indicator.help_en))
    .order_by(*_IN_ORDER)
)
"""The phases stand beside the first indicator alone: none is read once for each of them."""


def grid(session: Session, document: Document) -> Grid:
    """Read the document's indicators and phases, in one query."""
    values = {"programme_id": document.programme_id, "period_id": document.period_id}
    return _read(session.execute(_GRID, values))


def fingerprinted(session: Session, document: Document) -> tuple[Grid, str | None]:
    """Read the grid of a synthesis, and which revisions `released` has: their ids and hashes, None
    where it has none; in one query.
    """
    values = below(document) | {"programme_id": document.programme_id}
    rows = session.execute(_FINGERPRINTED, values).all()
    return _read(rows), rows[0][2] if rows else None


def _read(rows: Iterable[Row[Any]]) -> Grid:
    grid = Grid({}, {})
    for row, phase, *_ in rows:
        grid.indicators[row.id] = row
        if phase is not None:
            grid.phases[phase.id] = phase
    return grid


def released() -> Subquery:
    """Find what the units below have released: approved, or issued and acknowledged, and standing.

    Takes the parameters of `below`. Whoever sees below a unit at all (`children.sees_below`) sees
    all of it, so the scope is asked once, there, and not of each row.
    """
    return (
        _columns()
        .join(
            Participation,
            OF_PARTICIPANT & (Participation.parent_id == Document.next_unit_id) & takes_part(),
        )
        .join(
            Revision,
            and_(Revision.document_id == Document.id, Revision.number == Document.released_number),
        )
        .where(
            Document.next_unit_id == bindparam("unit_id"),
            Document.period_id == bindparam("period_id"),
            counts(Document),
            Revision.released_at.is_not(None),
            Revision.withdrawn_at.is_(None),
        )
        .subquery("counted")
    )


def below(document: Document) -> dict[str, int]:
    """Return the parameters of `released`."""
    return {"unit_id": document.unit_id, "period_id": document.period_id}


def received() -> Subquery:
    """Return what the receipt of a synthesis revision (parameter `revision_id`) names."""
    return (
        _columns()
        .join(Receipt, Receipt.document_id == Document.id)
        .join(
            Revision, and_(Revision.document_id == Document.id, Revision.number == Receipt.number)
        )
        .where(Receipt.revision_id == bindparam("revision_id"))
        .subquery("counted")
    )


def these(pairs: Sequence[tuple[int, int]], scope: Scope) -> Subquery:
    """Return some revisions, by document and number, as far as the scope sees them."""
    return (
        _columns()
        .join(Revision, Revision.document_id == Document.id)
        .where(tuple_(Revision.document_id, Revision.number).in_(pairs), revisions_seen(scope))
        .subquery("counted")
    )


def _columns() -> Select:
    return select(
        Revision.id.label("revision_id"),
        Document.kind.label("kind"),
        Document.id.label("document_id"),
        Document.unit_id.label("unit_id"),
        Revision.number.label("number"),
        Revision.sha256.label("sha256"),
    ).select_from(Document)


def _fingerprinted() -> Select:
    """Return the grid; beside its first row, which revisions are added up."""
    counted = released().c
    each = cast(counted.revision_id, String) + ":" + func.coalesce(counted.sha256, "")
    all_of_them = select(func.aggregate_strings(each, " ")).scalar_subquery()
    first = func.row_number().over(order_by=_IN_ORDER) == 1
    return _GRID.add_columns(case((first, all_of_them)))


_FINGERPRINTED = _fingerprinted()
