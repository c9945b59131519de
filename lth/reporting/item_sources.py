"""What the reports of the units below say in words: difficulties, requests, commendations.

Who writes the report that adds them up takes into it what is to go further up.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.core.errors import NotFoundError
from lth.models import Document, ReportItem, Revision, Unit
from lth.models.report import ReportItemKind
from lth.models.unit import Level
from lth.reporting import items
from lth.reporting.items import ItemResult, ItemText, levels_above
from lth.synthesis import children, sources
from lth.units.names import ALPHABETICAL, COLUMNS, UnitName
from lth.workflow import documents

MOST = 300
"""How many are listed at the most."""


@dataclass(frozen=True)
class ItemBelow:
    """An item of a unit's report: what kind it is, what it says, to which level, and of whom.

    `taken`: the report that adds up says it already.
    """

    id: int
    unit: UnitName
    document_id: int
    kind: ReportItemKind
    text: str
    level: Level | None
    taken: bool = False

    @property
    def cited(self) -> str:
        """Return what it says with where it comes from, as a report says it further."""
        return f"{self.text.rstrip()} ({self.unit.full_name})"


def below(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> list[ItemBelow]:
    """List the items of the reports that are in a revision, by kind and unit; of those that could
    be, before anything was taken over. Two queries.

    The caller has read document and revision within the scope. Raises NotFoundError for a scope
    that does not see below the document's unit.
    """
    if not children.sees_below(scope, document):
        raise NotFoundError
    mine = select(ReportItem.text).where(ReportItem.revision_id == revision.id)
    said = set(session.scalars(mine))
    return [_item(row, said) for row in _rows(session, document, revision)]


def _rows(session: Session, document: Document, revision: Revision):
    statement, values = _statement(document, revision)
    return session.execute(statement, values)


def _item(row, said: set[str]) -> ItemBelow:
    one = ItemBelow(row.id, UnitName.of(row), row.document_id, row.kind, row.text, row.level)
    taken = one.cited in said
    return ItemBelow(one.id, one.unit, one.document_id, one.kind, one.text, one.level, taken)


def _statement(document: Document, revision: Revision) -> tuple[Select, dict[str, int]]:
    taken = revision.taken_over_at is not None
    source = sources.received() if taken else sources.released()
    values = {"revision_id": revision.id} if taken else sources.below(document)
    place = {kind.value: at for at, kind in enumerate(ReportItemKind)}
    statement = (
        select(
            *COLUMNS,
            source.c.document_id,
            *(ReportItem.id, ReportItem.kind, ReportItem.text, ReportItem.level),
        )
        .select_from(source)
        .join(ReportItem, ReportItem.revision_id == source.c.revision_id)
        .join(Unit, Unit.id == source.c.unit_id)
        .where(ReportItem.text != "")
        .order_by(case(place, value=ReportItem.kind), *ALPHABETICAL, ReportItem.ordinal)
        .limit(MOST)
    )
    return statement, values


def take(
    session: Session,
    actor: Actor,
    document_id: int,
    item_id: int,
    *,
    seen: int,
    now: datetime,
) -> ItemResult:
    """Take an item of a report below into the actor's own, with where it comes from.

    `seen` is the count of edits that the page showed. The caller commits. Raises NotFoundError
    outside the scope and for an item of no report that is added up here, and what `items.add`
    raises.
    """
    scope = Scope.of(actor)
    document, revision, _ = documents.with_head(session, document_id, scope)
    if revision is None or not document.kind.is_computed:
        raise NotFoundError
    if not children.sees_below(scope, document):
        raise NotFoundError
    statement, values = _statement(document, revision)
    row = session.execute(statement.where(ReportItem.id == item_id), values).first()
    if row is None:
        raise NotFoundError
    one = _item(row, set())
    level = one.level if one.level in levels_above(document) else None
    typed = ItemText(one.kind, one.cited, level or "")
    return items.add(session, actor, document_id, typed, seen=seen, now=now)
