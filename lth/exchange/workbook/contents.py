"""A plan as its workbook has it: each cell with its version, its writer and what it is held to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content import derived, targets
from lth.content.line_values import Words, typed_line
from lth.content.schema import ContentLine
from lth.content.targets import Figure
from lth.core.errors import NotFoundError
from lth.core.i18n import Message
from lth.drafting import parts_sheet
from lth.drafting.locking import Locks
from lth.drafting.sheet import Sheet, SheetLine, Slot, sheet
from lth.exchange.workbook.layout import PART_SHEETS
from lth.exchange.workbook.sealing import WorkbookSeal
from lth.models import Document, Indicator, Phase, Revision
from lth.models.content import Comparator
from lth.workflow import documents
from lth.workflow.states import WRITTEN
from lth.workflow.writing import require_drafter

VIETNAMESE = Words("vi")
"""Workbooks are in Vietnamese, as plans are, whatever the page's language."""


@dataclass(frozen=True)
class TargetEntry:
    """A line of an indicator in a phase, or the place of one (version 0), with its writer."""

    key: str
    slot: Slot
    line: SheetLine
    locked: bool

    @property
    def indicator(self) -> Indicator:
        return self.slot.indicator

    @property
    def figure(self) -> Figure | None:
        """Return what it says now; None where there is no line."""
        return None if self.line.target is None else targets.figure_of(self.line.target)

    @property
    def wording(self) -> str:
        return self.line.target.wording if self.line.target else ""

    @property
    def computed(self) -> bool:
        """Tell whether it follows from the budget and is never typed."""
        return derived.is_derived(self.indicator)

    @property
    def edited_at(self) -> datetime | None:
        return self.line.target.edited_at if self.line.target else None


@dataclass(frozen=True)
class PartEntry:
    """A line of a part, with the texts of its fields and its writer."""

    part: str
    key: str
    line: ContentLine
    texts: Mapping[str, str]
    version: int
    by: str
    at: datetime | None
    locked: bool


@dataclass(frozen=True)
class PlanState:
    """A revision of a plan as it is now."""

    document: Document
    revision: Revision
    sheet: Sheet
    locks: Locks
    targets: Mapping[str, TargetEntry]
    parts: Mapping[str, Sequence[PartEntry]]

    @property
    def indicators(self) -> dict[str, Indicator]:
        return {entry.indicator.code: entry.indicator for entry in self.targets.values()}

    @property
    def phases(self) -> Sequence[Phase]:
        return self.sheet.phases

    @property
    def writable(self) -> bool:
        """Tell whether the plan is being written at all."""
        return self.document.status in WRITTEN

    def line(self, key: str) -> PartEntry | None:
        """Find a line of any part."""
        return next(
            (one for listed in self.parts.values() for one in listed if one.key == key), None
        )


def seen(session: Session, document_id: int, scope: Scope) -> PlanState:
    """Read the newest revision of a plan that the scope sees. Raises NotFoundError.

    Also for a document of a kind that has no parts: a synthesis is computed.
    """
    document, revision, _ = documents.with_head(session, document_id, scope)
    if revision is None:
        revision = _sent(session, document, scope)
    if revision is None or not document.kind.parts:
        raise NotFoundError
    return _state(session, document, revision, scope)


def _sent(session: Session, document: Document, scope: Scope) -> Revision | None:
    """Return the revision that was sent last, where the scope sees no newer one."""
    statement = (
        select(Revision)
        .join(Document, documents.sent_revision(scope))
        .where(Document.id == document.id)
        .options(joinedload(Revision.unlocked))
    )
    return session.scalars(statement).unique().first()


def drafted(session: Session, actor: Actor, document_id: int) -> PlanState:
    """Read the draft of a plan for its drafters. Raises NotFoundError and NotYoursError."""
    document, revision, _ = documents.with_head(session, document_id, Scope.of(actor))
    require_drafter(actor, document)
    if revision is None or not document.kind.parts:
        raise NotFoundError
    return _state(session, document, revision, Scope.of(actor))


def _state(session: Session, document: Document, revision: Revision, scope: Scope) -> PlanState:
    page = sheet(session, document, revision, scope)
    locks = Locks.of(revision)
    entries = (
        TargetEntry(line.key, slot, line, locks.locked(line.key, new=line.target is None))
        for slot in page.slots
        for line in slot.lines
    )
    return PlanState(
        document=document,
        revision=revision,
        sheet=page,
        locks=locks,
        targets={entry.key: entry for entry in entries},
        parts=_parts(session, revision, locks),
    )


def _parts(session: Session, revision: Revision, locks: Locks) -> dict[str, list[PartEntry]]:
    rows = parts_sheet.rows_of(session, revision, (), locks)
    return {
        part: [
            PartEntry(
                part=part,
                key=row.key,
                line=row.line,
                texts=typed_line(row.line, VIETNAMESE),
                version=row.version,
                by=row.author,
                at=row.row.edited_at if row.row else None,
                locked=row.locked,
            )
            for row in rows[part]
        ]
        for part in PART_SHEETS
    }


def seal_of(state: PlanState, now: datetime) -> WorkbookSeal:
    """Return what a workbook written now says of its making."""
    return WorkbookSeal(
        document_id=state.document.id,
        revision=state.revision.number,
        exported_at=now,
        figures={
            key: kept_figure(entry.figure)
            for key, entry in state.targets.items()
            if entry.figure is not None
        },
        wordings={key: entry.wording for key, entry in state.targets.items() if entry.wording},
        lines={entry.key: dict(entry.texts) for listed in state.parts.values() for entry in listed},
    )


def kept_figure(figure: Figure) -> list[object]:
    """Return a figure as JSON has it."""
    return [figure.comparator.value, figure.low, figure.high]


def read_figure(kept: Sequence[object] | None) -> Figure | None:
    """Return the figure that was kept; None for nothing. Raises ValueError."""
    if kept is None:
        return None
    comparator, low, high = kept
    return Figure(Comparator(str(comparator)), low, high)  # type: ignore[arg-type] # our own JSON


def group_labels(state: PlanState) -> dict[str, Message]:
    """Return the topics' names by the keys of the lines under them."""
    return {
        line.key: group.label
        for group in state.sheet.groups
        for slot in group.slots
        for line in slot.lines
    }
