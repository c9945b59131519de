"""What a synthesis took over, unit by unit, in every phase: as its papers print it.

It is read from the receipt alone, which is frozen with the revision: whoever prints the same
revision later prints the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, reading_many
from lth.core.errors import NotFoundError
from lth.models import Document, Receipt, Revision, Target, Unit
from lth.synthesis import children, sources
from lth.synthesis.money import Money, received_by_document
from lth.synthesis.totals import Cell
from lth.units.names import ALPHABETICAL, COLUMNS, UnitName


@dataclass(frozen=True)
class ReceivedUnit:
    """A unit of the receipt: what it says by cell, and its money, None without a budget line.

    `missing` where the synthesis went without it.
    """

    unit: UnitName
    missing: bool
    says: Mapping[Cell, Sequence[Target]]
    money: Money | None


def received(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> list[ReceivedUnit]:
    """List the units of a revision's receipt, in the order of the Vietnamese alphabet; 3 queries.

    The caller has read document and revision within the scope. Raises NotFoundError for a scope
    that does not see below the document's unit.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    statement = (
        select(*COLUMNS, Receipt.document_id)
        .select_from(Receipt)
        .join(Unit, Unit.id == Receipt.unit_id)
        .where(Receipt.revision_id == revision.id)
        .order_by(*ALPHABETICAL)
    )
    rows = session.execute(statement).all()
    if not rows:
        return []
    with reading_many(session):
        says = _says(session, revision)
        money = received_by_document(session, revision.id)
    return [
        ReceivedUnit(
            unit=UnitName.of(row),
            missing=row.document_id is None,
            says=says.get(row.unit_id, {}),
            money=money.get(row.document_id),
        )
        for row in rows
    ]


def matrix_size(session: Session, document: Document, revision: Revision, scope: Scope) -> int:
    """Count the cells of units × indicators × phases that a revision's papers print; one query.

    Raises NotFoundError as `received` does.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    source = sources.received()
    spoken = (
        select(Target.indicator_id, Target.phase_id)
        .join(source, Target.revision_id == source.c.revision_id)
        .distinct()
        .subquery()
    )
    units = select(func.count()).where(Receipt.revision_id == bindparam("revision_id"))
    columns = select(func.count()).select_from(spoken)
    statement = select(units.scalar_subquery() * columns.scalar_subquery())
    return session.scalar(statement, {"revision_id": revision.id}) or 0


def _says(session: Session, revision: Revision) -> dict[int, dict[Cell, list[Target]]]:
    """Read what each document that was added up says, by unit and cell; one query."""
    source = sources.received()
    statement = (
        select(source.c.unit_id, Target)
        .join(Target, Target.revision_id == source.c.revision_id)
        .order_by(Target.line_key)
    )
    found: dict[int, dict[Cell, list[Target]]] = {}
    for unit_id, target in session.execute(statement, {"revision_id": revision.id}):
        cell = (target.indicator_id, target.phase_id)
        found.setdefault(unit_id, {}).setdefault(cell, []).append(target)
    return found
