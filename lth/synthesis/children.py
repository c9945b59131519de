"""Read the units below a synthesis: where each stands, what it sent, what is received."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, not_, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope, Sight, documents_seen
from lth.administration import calendar_days
from lth.core.i18n import C_, N_, Message
from lth.core.workdays import Calendar
from lth.models import Document, Participation, Receipt, Revision, Unit
from lth.models.kind import Kind
from lth.models.unit import Level
from lth.units.names import COLUMNS, UnitName
from lth.units.on_day import takes_part
from lth.workflow.deadlines import OF_DOCUMENT, Due, due_dates, of_document
from lth.workflow.documents import LIVE, OF_PARTICIPANT, sent_revision
from lth.workflow.inbox import InboxState
from lth.workflow.kinds import computed

PAGE = 50
NAMED = 20
"""How many missing units are named; the list has them all."""


_BELOW, _INSIDE = aliased(Participation), aliased(Receipt)


class Standing(StrEnum):
    """A unit between the receipt and what it has released now.

    IN: the receipt has just that. CHANGED: it has an earlier revision. GONE: what it has is no
    longer released. LATE: released, and not in the receipt. MISSING: neither.
    """

    CHANGED = "changed"
    GONE = "gone"
    LATE = "late"
    MISSING = "missing"
    IN = "in"


STANDING_LABEL = {
    Standing.IN: N_("đã tổng hợp"),
    Standing.CHANGED: N_("có bản mới hơn"),
    Standing.GONE: N_("đã mở lại, chưa duyệt lại"),
    Standing.LATE: N_("đã duyệt, chưa tổng hợp"),
    Standing.MISSING: N_("chưa có"),
}

COUNT_OF = {
    Level.COMMUNE: C_("%(count)s xã"),
    Level.DISTRICT: C_("%(count)s huyện"),
    Level.PROVINCE: C_("%(count)s tỉnh"),
    None: C_("%(count)s đơn vị"),
}
COUNT_OF_ALL = {
    Level.COMMUNE: N_("%(count)s trên %(all)s xã"),
    Level.DISTRICT: N_("%(count)s trên %(all)s huyện"),
    Level.PROVINCE: N_("%(count)s trên %(all)s tỉnh"),
    None: N_("%(count)s trên %(all)s đơn vị"),
}


@dataclass(frozen=True)
class Child:
    """One unit taking part below, with its document if it has begun one.

    `sent_number` is the revision it sent last, `released_number` the one that counts now,
    `received_number` the one in the receipt; `inside` says how many units are in what a unit
    with units of its own has sent, and of how many.
    """

    unit: UnitName
    kind: Kind
    standing: Standing
    state: InboxState
    document_id: int | None
    since: datetime | None
    sent_number: int | None
    sent_at: datetime | None
    days_late: int | None
    released_number: int | None
    received_number: int | None
    inside: tuple[int, int] | None
    due: Due | None


@dataclass(frozen=True)
class ChildrenPage:
    """One page of the units below, out of `total`; the working days by which theirs are counted,
    where there are any.
    """

    children: list[Child]
    total: int
    calendar: Calendar | None = None


@dataclass(frozen=True)
class StandingCounts:
    """Units counted by where they stand; `level` is theirs, None where they are of several."""

    by_standing: dict[Standing, int]
    level: Level | None

    @property
    def expected(self) -> int:
        """Return all that take part."""
        return sum(self.by_standing.values())

    @property
    def received(self) -> int:
        """Return those whose figures are in the receipt."""
        return self._of(Standing.IN, Standing.CHANGED, Standing.GONE)

    @property
    def released(self) -> int:
        """Return those whose figures count now."""
        return self._of(Standing.IN, Standing.CHANGED, Standing.LATE)

    @property
    def adrift(self) -> int:
        """Return those whose figures now are not the ones in the receipt."""
        return self._of(Standing.CHANGED, Standing.GONE, Standing.LATE)

    def _of(self, *standings: Standing) -> int:
        return sum(self.by_standing.get(standing, 0) for standing in standings)


def of_units(count: int, level: Level | None) -> Message:
    """Say "2 xã"."""
    return Message(COUNT_OF[level], {"count": count}, number=count)


def of_all_units(count: int, all_: int, level: Level | None) -> Message:
    """Say "15 trên 17 xã"."""
    return Message(COUNT_OF_ALL[level], {"count": count, "all": all_})


def sees_below(scope: Scope, document: Document) -> bool:
    """Tell whether what lies below a synthesis's unit is this scope's business at all."""
    if scope.sight in {Sight.SYSTEM, Sight.NONE}:
        return scope.sight is Sight.SYSTEM
    return bool(scope.path) and document.unit_path.startswith(scope.path)


@dataclass(frozen=True)
class Below:
    """Units below a synthesis, each with its document and its line of a receipt."""

    document: Document
    revision: Revision
    scope: Scope

    def joined(self, *columns: Any) -> Select:
        """Join taking part → unit → document → receipt, a row for each unit."""
        return self._joined.with_only_columns(*columns)

    @cached_property
    def _joined(self) -> Select:
        taken = and_(
            Receipt.revision_id == self.revision.id, Receipt.unit_id == Participation.unit_id
        )
        return (
            select(Participation.unit_id)
            .join(Unit, Unit.id == Participation.unit_id)
            .outerjoin(Document, self._document())
            .outerjoin(Receipt, taken)
            .where(
                Participation.parent_id == self.document.unit_id,
                Participation.period_id == self.document.period_id,
                takes_part(),
            )
        )

    def _document(self) -> ColumnElement[bool]:
        return and_(
            OF_PARTICIPANT,
            LIVE,
            Document.next_unit_id == self.document.unit_id,
            Document.kind.in_((self.document.kind, self.document.kind.adds_up)),
            _COUNTS,
            documents_seen(self.scope),
        )


def counts(document: type[Document]) -> ColumnElement[bool]:
    """Tell whether a document is the one that a synthesis counts its unit by.

    A plan is not, once its unit has units of its own: they come in by that unit's synthesis,
    and would count twice.
    """
    has_units = exists().where(*_under(document.unit_id, document.period_id))
    return document.feeds_synthesis & (document.kind.in_(computed()) | ~has_units)


def _under(unit_id: ColumnElement[int], period_id: ColumnElement[int]) -> list[ColumnElement[bool]]:
    return [_BELOW.parent_id == unit_id, _BELOW.period_id == period_id, takes_part(_BELOW)]


_COUNTS = counts(Document)


def _standing() -> ColumnElement[str]:
    received, is_released = Receipt.document_id.is_not(None), Document.released_number.is_not(None)
    same = (Receipt.document_id == Document.id) & (Receipt.number == Document.released_number)
    return case(
        (same, Standing.IN.value),
        (received & is_released, Standing.CHANGED.value),
        (received, Standing.GONE.value),
        (is_released, Standing.LATE.value),
        else_=Standing.MISSING.value,
    )


STANDING = _standing()
"""A unit's `Standing`, over `Below.joined`."""

ORDER = (
    case({one.value: place for place, one in enumerate(Standing)}, value=STANDING),
    Unit.sort_key,
    Unit.id,
)
"""Over `Below.joined`: what needs a look first, then by name."""


def count(session: Session, below: Below) -> StandingCounts:
    """Count the units by where they stand, in one query."""
    statement = below.joined(
        STANDING.label("standing"), func.count(), func.min(Unit.level), func.max(Unit.level)
    ).group_by("standing")
    rows = session.execute(statement).all()
    levels = {level for _, _, *both in rows for level in both}
    level = next(iter(levels)) if len(levels) == 1 else None
    return StandingCounts({Standing(word): number for word, number, *_ in rows}, level)


def departed(session: Session, below: Below) -> list[tuple[UnitName, date]]:
    """List the units in the receipt of an open revision that take part no more, and since when."""
    if below.revision.frozen_at is not None:
        return []
    row = and_(
        Participation.unit_id == Receipt.unit_id,
        Participation.period_id == below.document.period_id,
    )
    statement = (
        select(*COLUMNS, Participation.left_on)
        .select_from(Receipt)
        .join(Unit, Unit.id == Receipt.unit_id)
        .join(Participation, row)
        .where(
            Receipt.revision_id == below.revision.id,
            Receipt.document_id.is_not(None),
            Participation.left_on.is_not(None),
            not_(takes_part()),
        )
        .order_by(Unit.sort_key, Unit.id)
    )
    return [(UnitName.of(row), row.left_on) for row in session.execute(statement)]


def receipt_counts(session: Session, revision: Revision) -> StandingCounts:
    """Return what the receipt alone says, for who sees a synthesis and not what lies below it."""
    statement = (
        select(
            func.count(Receipt.document_id),
            func.count(),
            func.min(Unit.level),
            func.max(Unit.level),
        )
        .join(Unit, Unit.id == Receipt.unit_id)
        .where(Receipt.revision_id == revision.id)
    )
    received, expected, low, high = session.execute(statement).one()
    by_standing = {Standing.IN: received, Standing.MISSING: expected - received}
    return StandingCounts(by_standing, low if low is high else None)


def names(session: Session, below: Below, standings: Iterable[Standing]) -> Sequence[Unit]:
    """Return the first units that stand so, by name."""
    statement = (
        below.joined(Unit)
        .where(STANDING.in_([standing.value for standing in standings]))
        .order_by(Unit.sort_key, Unit.id)
        .limit(NAMED)
    )
    return session.scalars(statement).all()


def page(
    session: Session, below: Below, total: int, number: int = 1, only: Standing | None = None
) -> ChildrenPage:
    """List one page of the units below, those that need a look first; two queries.

    One more where some have units of their own: these have another deadline. `total` is how many
    there are, of the one standing that is asked for or of all.
    """
    statement = _listed(below)
    if only is not None:
        statement = statement.where(only.value == STANDING)
    offset = (max(1, number) - 1) * PAGE
    rows = {UnitName.of(row): row for row in session.execute(statement.limit(PAGE).offset(offset))}
    kinds = {unit: _kind(row, below.document.kind) for unit, row in rows.items()}
    due = _due(session, below.document.period_id, kinds)
    children = [_child(row, unit, kinds[unit], due.get(unit.id)) for unit, row in rows.items()]
    first = next(iter(rows.values()), None)
    calendar = calendar_days.read(first.exceptions) if first is not None else None
    return ChildrenPage(children, total, calendar)


_IN_IT = select(func.count(_INSIDE.document_id)).where(_INSIDE.revision_id == Revision.id)
_OF_ALL = select(func.count(_INSIDE.unit_id)).where(_INSIDE.revision_id == Revision.id)
_LISTED = (
    *COLUMNS,
    Document.id.label("document_id"),
    Document.status_since,
    Document.sent_number,
    Document.released_number,
    *OF_DOCUMENT,
    STANDING.label("standing"),
    calendar_days.EXCEPTIONS.label("exceptions"),
    Receipt.number.label("received"),
    Revision.submitted_at,
    Revision.days_late,
    exists().where(*_under(Participation.unit_id, Participation.period_id)).label("has_units"),
    _IN_IT.scalar_subquery().label("in_it"),
    _OF_ALL.scalar_subquery().label("of_all"),
)


def _listed(below: Below) -> Select:
    sent = sent_revision(below.scope)
    return below.joined(*_LISTED).outerjoin(Revision, sent).order_by(*ORDER)


def _kind(row, kind: Kind) -> Kind:
    """Return the kind that a unit comes in by: the synthesis's where it has units of its own."""
    return kind if row.has_units else kind.adds_up


def _due(session: Session, period_id: int, kinds: dict[UnitName, Kind]) -> dict[int, Due]:
    found: dict[int, Due] = {}
    for kind in Kind.all():
        units = [unit for unit, its in kinds.items() if its is kind]
        if units:
            found |= due_dates(session, units, period_id, kind)
    return found


def _child(row, unit: UnitName, kind: Kind, due: Due | None) -> Child:
    sent_below = row.has_units and row.of_all
    return Child(
        unit=unit,
        kind=kind,
        standing=Standing(row.standing),
        state=InboxState(row.status) if row.status else InboxState.MISSING,
        document_id=row.document_id,
        since=row.status_since,
        sent_number=row.sent_number,
        sent_at=row.submitted_at,
        days_late=row.days_late,
        released_number=row.released_number,
        received_number=row.received,
        inside=(row.in_it, row.of_all) if sent_below else None,
        due=of_document(due, row if row.document_id else None, bound=True),
    )
