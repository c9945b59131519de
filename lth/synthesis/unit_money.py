"""The money of a synthesis, unit by unit, down to the lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, revisions_seen
from lth.content.line_storage import decode
from lth.content.line_types import BudgetLine
from lth.core.errors import NotFoundError
from lth.models import Document, PartLine, Receipt, Revision, Unit
from lth.models.parts import MoneyLevel, MoneySource, Part
from lth.synthesis import children, money
from lth.synthesis.children import PAGE, Below, Standing
from lth.synthesis.money import Money

Pair = tuple[MoneySource | None, MoneyLevel | None]
"""A source and a tier."""


@dataclass(frozen=True)
class UnitMoney:
    """One unit's part in the money: what it has released, what was taken over, and its lines now.

    None for a unit without a budget line; `computed` where its document is a synthesis itself.
    """

    unit: Unit
    standing: Standing
    document_id: int | None
    computed: bool
    now: Money | None
    taken: Money | None
    lines: tuple[BudgetLine, ...]


@dataclass(frozen=True)
class MoneyOfUnits:
    """One page of the units below, out of `total`, with what all of them come to."""

    units: list[UnitMoney]
    total: int
    now: Money
    taken: Money


def money_of_units(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    *,
    only: Pair | None = None,
    page: int = 1,
) -> MoneyOfUnits:
    """List what each unit below has in its budget, of one source and tier or of all; six queries.

    The caller has read document and revision within the scope. Raises NotFoundError for a scope
    that does not see below the document's unit.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    below = Below(document, revision, scope)
    now = _narrowed(money.by_document(session, document), only)
    taken = _narrowed(money.received_by_document(session, revision.id), only)
    statement = below.joined(
        Unit, Document, children.STANDING.label("standing"), Receipt.document_id.label("received")
    ).order_by(*children.ORDER)
    rows = session.execute(statement.limit(PAGE).offset((max(1, page) - 1) * PAGE)).all()
    lines = _lines(session, [row.Document.id for row in rows if row.Document], scope, only)
    return MoneyOfUnits(
        units=[_unit(row, now, taken, lines) for row in rows],
        total=children.count(session, below).expected,
        now=money.together(now.values()),
        taken=money.together(taken.values()),
    )


def _narrowed(each: dict[int, Money], only: Pair | None) -> dict[int, Money]:
    if only is None:
        return each
    kept = {
        document_id: Money({key: sum_ for key, sum_ in one.sums.items() if key[:2] == only})
        for document_id, one in each.items()
    }
    return {document_id: one for document_id, one in kept.items() if one.sums}


def _lines(
    session: Session, document_ids: Sequence[int], scope: Scope, only: Pair | None
) -> dict[int, list[BudgetLine]]:
    """Read the budget lines that some documents have released, by document, in order."""
    statement = (
        select(Document.id, PartLine)
        .join(Revision, Revision.document_id == Document.id)
        .join(PartLine, PartLine.revision_id == Revision.id)
        .where(
            Document.id.in_(document_ids),
            Revision.number == Document.released_number,
            revisions_seen(scope),
            PartLine.part == Part.BUDGET,
        )
        .order_by(PartLine.ordinal, PartLine.id)
    )
    found: dict[int, list[BudgetLine]] = {one: [] for one in document_ids}
    for document_id, row in session.execute(statement):
        line = decode(row.part, row.line_key, row.data)
        if isinstance(line, BudgetLine) and only in {None, (line.source, line.level)}:
            found[document_id].append(line)
    return found


def _unit(
    row, now: dict[int, Money], taken: dict[int, Money], lines: dict[int, list[BudgetLine]]
) -> UnitMoney:
    document = row.Document
    return UnitMoney(
        unit=row.Unit,
        standing=Standing(row.standing),
        document_id=document.id if document else None,
        computed=bool(document and document.kind.is_computed),
        now=now.get(document.id) if document else None,
        taken=taken.get(row.received) if row.received else None,
        lines=tuple(lines[document.id]) if document else (),
    )
