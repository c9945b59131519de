"""What the drafting pages of a document's parts show, read in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content.line_storage import decode
from lth.content.model import HEADER, BudgetLine, Header
from lth.content.schema import LINE_TYPES, ContentLine
from lth.core.errors import NotFoundError
from lth.drafting import locking
from lth.drafting.locking import Locks
from lth.drafting.sheet import remarks_on
from lth.models import Document, Indicator, PartLine, Person, Remark, Revision
from lth.models.parts import MoneyLevel, MoneySource, Part
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


@dataclass(frozen=True)
class Totals:
    """What the budget's lines come to, in đồng; `gap` is the printed total less their sum."""

    total: int
    lines: int
    unpriced: int
    by_source: Mapping[MoneySource | None, int]
    by_level: Mapping[MoneyLevel | None, int]
    by_year: Mapping[int | None, int]
    printed: int | None = None

    @property
    def gap(self) -> int | None:
        return None if self.printed is None else self.printed - self.total


def totals(lines: Iterable[BudgetLine], printed: int | None) -> Totals:
    """Add a budget up by source, by level and by year; what is not said stands under None, last."""
    listed = list(lines)
    priced = [line for line in listed if line.amount is not None]
    sources: dict[MoneySource | None, int] = dict.fromkeys([*MoneySource, None], 0)
    levels: dict[MoneyLevel | None, int] = dict.fromkeys([*MoneyLevel, None], 0)
    named = sorted({line.year for line in priced if line.year is not None})
    years: dict[int | None, int] = dict.fromkeys([*named, None], 0)
    for line in priced:
        amount = line.amount or 0
        sources[line.source] += amount
        levels[line.level] += amount
        years[line.year] += amount
    return Totals(
        total=sum(sources.values()),
        lines=len(listed),
        unpriced=len(listed) - len(priced),
        by_source={key: value for key, value in sources.items() if value},
        by_level={key: value for key, value in levels.items() if value},
        by_year={key: value for key, value in years.items() if value},
        printed=printed,
    )


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
    locks = locking.read(session, revision.id)
    remarks = remarks_on(session, document, revision, scope)
    return PartsSheet(
        document=document,
        revision=revision,
        rows=_rows(session, revision, remarks, locks),
        indicators=catalogue.indicators(session, document.programme_id),
        locks=locks,
    )


def _rows(
    session: Session, revision: Revision, remarks: Iterable[Remark], locks: Locks
) -> dict[str, list[LineRow]]:
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
