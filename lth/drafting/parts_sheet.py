"""What the drafting pages of a document's parts show, read in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content.line_storage import decode
from lth.content.model import HEADER, BudgetLine, Header
from lth.content.money import Totals, totals
from lth.content.schema import LINE_TYPES, ContentLine
from lth.core.errors import NotFoundError
from lth.drafting.locking import Locks
from lth.drafting.sheet import remarks_on
from lth.models import Document, Indicator, PartLine, Person, Remark, Revision
from lth.models.parts import Part
from lth.programmes import catalogue
from lth.workflow import documents
from lth.workflow.writing import require_drafter


@dataclass
class LineRow:
    """A line as it stands; `place` counts from 1 within its part."""

    line: ContentLine
    version: int = 0
    place: int = 1
    author: str = ""
    row: PartLine | None = None
    remarks: list[Remark] = field(default_factory=list)
    locked: bool = False

    @property
    def key(self) -> str:
        return self.line.key


@dataclass
class PartsSheet:
    """The lines of every part, of which a page shows its own."""

    document: Document
    revision: Revision
    rows: dict[str, list[LineRow]]
    indicators: Sequence[Indicator]
    locks: Locks

    @property
    def header(self) -> LineRow:
        """Return what is said once; as it starts where nobody has said anything yet."""
        return next(iter(self.rows[Part.HEADER]), LineRow(Header(HEADER)))

    @property
    def budget(self) -> Totals:
        return totals(
            (row.line for row in self.rows[Part.BUDGET] if isinstance(row.line, BudgetLine)),
            getattr(self.header.line, "budget_total", None),
        )


def written(session: Session, actor: Actor, document_id: int) -> PartsSheet:
    """Read the parts of a plan, for its drafters, in five queries.

    Raises NotFoundError (also for a synthesis, which has none) and NotYoursError.
    """
    scope = Scope.of(actor)
    document, revision, _ = documents.with_head(session, document_id, scope)
    if not document.kind.parts or revision is None:
        raise NotFoundError
    require_drafter(actor, document)
    locks = Locks.of(revision)
    remarks = remarks_on(session, document, revision, scope)
    return PartsSheet(
        document=document,
        revision=revision,
        rows=rows_of(session, revision, remarks, locks),
        indicators=catalogue.indicators(session, document.programme_id),
        locks=locks,
    )


def rows_of(
    session: Session, revision: Revision, remarks: Iterable[Remark], locks: Locks
) -> dict[str, list[LineRow]]:
    """List the lines of a revision by part, in one query; the caller has checked the scope."""
    pinned: dict[str, list[Remark]] = {}
    for remark in remarks:
        pinned.setdefault(remark.line_key, []).append(remark)
    statement = (
        select(PartLine, Person.name)
        .outerjoin(Person, Person.id == PartLine.edited_by_id)
        .where(PartLine.revision_id == revision.id)
        .order_by(PartLine.ordinal, PartLine.id)
    )
    found: dict[str, list[LineRow]] = {part: [] for part in LINE_TYPES}
    for one, author in session.execute(statement):
        listed = found[one.part]
        listed.append(
            LineRow(
                line=decode(one.part, one.line_key, one.data),
                version=one.version,
                place=len(listed) + 1,
                author=author or "",
                row=one,
                remarks=pinned.get(one.line_key, []),
                locked=locks.locked(one.line_key, part=one.part),
            )
        )
    return found
