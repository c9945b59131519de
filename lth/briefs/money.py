"""Add a document's money up by where it comes from."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.content.line_storage import decode
from lth.content.model import BudgetLine
from lth.content.schema import ContentLine
from lth.drafting.parts_sheet import Totals, totals
from lth.models import PartLine
from lth.models.parts import Part


def of_lines(lines: Iterable[ContentLine]) -> Totals | None:
    """Add up the lines of a budget; None where there is none."""
    budget = [line for line in lines if isinstance(line, BudgetLine)]
    return totals(budget, None) if budget else None


def by_revision(session: Session, revision_ids: Collection[int]) -> dict[int, Totals]:
    """Add up the budgets of some revisions, by revision id, in one query.

    The caller has read the revisions within the scope.
    """
    statement = select(PartLine).where(
        PartLine.revision_id.in_(revision_ids), PartLine.part == Part.BUDGET
    )
    lines: dict[int, list[ContentLine]] = {}
    for row in session.scalars(statement):
        line = decode(row.part, row.line_key, row.data)
        lines.setdefault(row.revision_id, []).append(line)
    found = {id_: of_lines(listed) for id_, listed in lines.items()}
    return {id_: money for id_, money in found.items() if money is not None}
