"""Taking over: the live figures and their receipt become the synthesis revision's own.

Đã tổng hợp is a label derived from receipts, no state and no event.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, system
from lth.content import targets
from lth.core.errors import NotNowError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Document, Participation, PartLine, Receipt, Revision, Target, Unit
from lth.models.content import AreaType, Comparator
from lth.models.kind import Figures
from lth.synthesis import money, sources, sums
from lth.synthesis.adders import Writing, adder, adds_up
from lth.synthesis.totals import Cell, Grid, Total
from lth.units.on_day import takes_part
from lth.workflow import writing
from lth.workflow.context import ActContext
from lth.workflow.guards import STANDING_SYNTHESES
from lth.workflow.registry import guard

NAMED = 3


@dataclass(frozen=True)
class Taken:
    """A take-over's outcome: how many units are in it, of how many, and how many figures."""

    received: int
    expected: int
    figures: int


def take_over(
    session: Session, actor: Actor, document_id: int, *, now: datetime, seen: str | None = None
) -> Taken:
    """Write what the units below have released into the synthesis's open revision.

    The receipt is written first and the figures are summed from it, so that they agree even
    where a unit is approved in between. `seen` is the `version` that a page showed; None for who
    has none before them. The caller commits. Raises NotFoundError outside the scope, NotYoursError
    for anybody but the own unit's specialist, NotNowError where the document is not being written
    or is no synthesis, and StaleError where somebody has taken over since it was seen.
    """
    document, revision = writing.open_for_writing(session, actor, document_id)
    if not document.kind.is_computed:
        raise NotNowError(Message(N_("Chỉ bản tổng hợp mới tiếp nhận số liệu của cấp dưới.")))
    if seen is not None and seen != version(revision):
        text = N_("Số liệu vừa được tiếp nhận sau khi anh/chị mở trang. Hãy xem lại trước khi làm.")
        raise StaleError(Message(text))
    session.flush()
    expected, received = _write_receipt(session, document, revision)
    number = writing.count_edit(session, actor, revision, now)
    written = Writing(document, revision, number, actor.person_id)
    figures = adder(document.kind)(session, written)
    revision.taken_over_at = now
    session.flush()
    return Taken(received, expected, figures)


def version(revision: Revision) -> str:
    """Return the version of what was taken over: when it was."""
    return revision.taken_over_at.isoformat() if revision.taken_over_at else ""


def _write_receipt(session: Session, document: Document, revision: Revision) -> tuple[int, int]:
    """Write a line for every unit taking part, in one statement; count them, and those in it."""
    counted = sources.released()
    session.execute(delete(Receipt).where(Receipt.revision_id == revision.id))
    lines = (
        select(
            literal(revision.id),
            Participation.unit_id,
            counted.c.document_id,
            counted.c.number,
            counted.c.sha256,
        )
        .outerjoin(counted, counted.c.unit_id == Participation.unit_id)
        .where(
            Participation.period_id == document.period_id,
            Participation.parent_id == document.unit_id,
            takes_part(),
        )
    )
    columns = ["revision_id", "unit_id", "document_id", "number", "sha256"]
    below = lines.params(sources.below(document))
    session.execute(insert(Receipt).from_select(columns, below))
    expected, received = session.execute(
        select(func.count(), func.count(Receipt.document_id)).where(
            Receipt.revision_id == revision.id
        )
    ).one()
    return expected, received


@adds_up(Figures.TARGETS)
def _targets(session: Session, written: Writing) -> int:
    """Write the targets and the money that the plans in a receipt come to."""
    grid = sources.grid(session, written.document)
    found = sums.received(session, grid, written.revision.id)
    written.replace(session, Target, _rows(grid, found.cells))
    written.replace(session, PartLine, money.rows(found.money))
    return len(found.cells)


def _rows(grid: Grid, totals: dict[Cell, Total]) -> list[dict[str, Any]]:
    return [
        _row(grid, cell, totals[cell])
        for cell in ((indicator.id, phase.id) for indicator, phase in grid.cells())
        if cell in totals
    ]


def _row(grid: Grid, cell: Cell, total: Total) -> dict[str, Any]:
    indicator, phase = grid.indicators[cell[0]], grid.phases[cell[1]]
    figure = total.figure or targets.Figure(Comparator.QUALITATIVE)
    return {
        "line_key": targets.line_key(indicator.code, phase.code),
        "indicator_id": indicator.id,
        "phase_id": phase.id,
        "comparator": figure.comparator,
        "value_min": figure.low,
        "value_max": figure.high,
        "scope": total.scope,
        "counts_from": total.counts_from,
        "numerator_code": indicator.numerator_code if total.denominator_code else None,
        "denominator_code": total.denominator_code,
        "area_type": AreaType.ALL,
        "wording": "",
        "source_ref": "",
        "flags": [flag.value for flag in total.flags],
        "counted": total.counted,
        "incomparable": total.incomparable,
        "in_range": total.in_range,
        "said": targets.stored_sayings(total.sayings) or None,
    }


# --- The guard ----------------------------------------------------------------------------


@guard
def takeover_stands(context: ActContext) -> Message | None:
    """Require that what a synthesis took over is still what the units below have released.

    A unit that is not in the receipt does not block: that it came late is told on the page.
    """
    if not context.document.kind.is_computed:
        return None
    if context.head.taken_over_at is None:
        return Message(
            N_("Bản này chưa tiếp nhận số liệu của cấp dưới. Bấm Tiếp nhận số liệu trước.")
        )
    if context.row is not None and "freeze_head" in context.row.effects:
        _hold(context.session, context.head.id)
    names, more = _moved(context.session, context.document, context.head.id)
    if not names:
        return None
    return Message(
        N_("Số liệu của %(units)s đã đổi sau khi tiếp nhận. Bấm Tiếp nhận số liệu để cập nhật."),
        {"units": _listed(names, more)},
    )


def _hold(session: Session, revision_id: int) -> None:
    """Keep the plans in the receipt as they are until the transaction ends.

    Else a unit could be reopened while its synthesis is being submitted, each act seeing the
    other as not yet done. SQLite has one writer at a time; a transaction that only reads (a
    page that shows what is in the way) locks nothing.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql" or connection.connection.dbapi_connection.read_only:
        return
    session.execute(
        select(Document.id)
        .join(Receipt, Receipt.document_id == Document.id)
        .where(Receipt.revision_id == revision_id)
        .order_by(Document.id)
        .with_for_update(read=True, of=Document)
    )


def _moved(session: Session, document: Document, revision_id: int) -> tuple[list[str], int]:
    """Return the units whose line of the receipt is no longer what they have released.

    The first few by name, and how many more.
    """
    still = (
        (Document.released_number == Receipt.number)
        & (Document.next_unit_id == document.unit_id)
        & (Document.period_id == document.period_id)
    )
    statement = (
        select(Unit.type, Unit.name, func.count().over())
        .join(Receipt, Receipt.unit_id == Unit.id)
        .outerjoin(Document, (Document.id == Receipt.document_id) & still)
        .where(
            Receipt.revision_id == revision_id,
            Receipt.document_id.is_not(None),
            Document.id.is_(None),
        )
        .order_by(Unit.sort_key, Unit.id)
        .limit(NAMED)
    )
    rows = session.execute(statement).all()
    return [f"{type_} {name}" for type_, name, _ in rows], (rows[0][2] - len(rows) if rows else 0)


def _listed(names: list[str], more: int) -> Message | str:
    joined = ", ".join(names)
    if not more:
        return joined
    return Message(N_("%(names)s và %(count)s đơn vị khác"), {"names": joined, "count": more})


# --- The label ----------------------------------------------------------------------------

# Made once: that costs more than to run it.
_CONSOLIDATED = STANDING_SYNTHESES.with_only_columns(Document.id).where(
    Document.id.in_(bindparam("ids", expanding=True))
)


def consolidated(session: Session, document_ids: Iterable[int]) -> set[int]:
    """Find those of the plans whose counted revision is in a standing synthesis of their next step.

    Standing: submitted, under review, approved or issued, with the revision that was sent or is
    in force. The ids come from a read within a scope; that one fact about each the label tells,
    even to those who do not see the synthesis.
    """
    ids = list(document_ids)
    if not ids:
        return set()
    with system(session, Purpose.LABEL):
        return set(session.scalars(_CONSOLIDATED, {"ids": ids}))
