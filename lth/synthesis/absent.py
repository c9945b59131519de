"""Say which units below a synthesis are not in it, through every level, and ask why it goes up so.

Counted from receipts: those of a synthesis, and of the syntheses that they name. What has no
receipt yet is counted from those who take part.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Date,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Scope, documents_seen
from lth.core.i18n import C_, N_, Message, pack
from lth.models import Document, Participation, Period, Receipt, Revision, Unit
from lth.models.unit import Level
from lth.synthesis.children import of_all_units
from lth.units.names import COLUMNS, UnitName
from lth.units.on_day import TODAY, takes_part
from lth.workflow.context import ActContext
from lth.workflow.documents import LIVE
from lth.workflow.inbox import PROGRESS, Progress
from lth.workflow.kinds import computed
from lth.workflow.registry import effect, guard


class AbsentState(StrEnum):
    """Where the document of a unit stands that is not in a synthesis."""

    NEVER_BEGUN = "never_begun"
    WITH_THEM = "with_them"
    RETURNED = "returned"
    SENT = "sent"
    RELEASED = "released"


ABSENT_COUNT = {
    AbsentState.NEVER_BEGUN: C_("%(count)s chưa bắt đầu"),
    AbsentState.WITH_THEM: C_("%(count)s đang soạn"),
    AbsentState.RETURNED: C_("%(count)s bị trả lại"),
    AbsentState.SENT: C_("%(count)s đã gửi, chưa duyệt"),
    AbsentState.RELEASED: C_("%(count)s đã duyệt, chưa đưa vào bảng"),
}
_WITH_THE_UNIT = {
    Progress.DRAFT: AbsentState.WITH_THEM,
    Progress.CLEARANCE: AbsentState.WITH_THEM,
    Progress.RETURNED: AbsentState.RETURNED,
}


@dataclass(frozen=True)
class AbsentUnit:
    """A unit that is not in a synthesis; `within` is the unit below whose own synthesis lacks it,
    None where it comes under the synthesis itself. `document_id` is what it has begun, if it has;
    `joined_on` the day from which a late comer takes part.
    """

    unit: UnitName
    within: UnitName | None
    state: AbsentState
    document_id: int | None
    joined_on: date | None = None


@dataclass(frozen=True)
class Headcount:
    """So many of so many units; `level` is theirs, None where they are of several."""

    present: int
    expected: int
    level: Level | None

    @property
    def lacking(self) -> int:
        return self.expected - self.present

    @property
    def said(self) -> Message:
        """Say "15 trên 17 xã"."""
        return of_all_units(self.present, self.expected, self.level)


@dataclass(frozen=True)
class Attendance:
    """Who is in a synthesis.

    `direct` counts the units right below, `lowest` those without units of their own however far
    below: the same where no unit below has any. `absent` are the units right below that are not in
    it, then those that the syntheses in it lack; of a unit that is absent itself, none below it.
    """

    direct: Headcount
    lowest: Headcount
    absent: tuple[AbsentUnit, ...]

    @property
    def complete(self) -> bool:
        return not self.absent

    @property
    def said(self) -> Message:
        """Say "15 trên 17 xã", of several levels "2 trên 3 huyện, 44 trên 50 xã"."""
        if self.direct == self.lowest:
            return self.direct.said
        return Message("%(one)s, %(other)s", {"one": self.direct.said, "other": self.lowest.said})

    @property
    def by_state(self) -> Mapping[AbsentState, int]:
        """Count the absent units apart, by where their documents stand."""
        counted = Counter(one.state for one in self.absent)
        return {state: counted[state] for state in AbsentState if counted[state]}


def attendance(
    session: Session, revision_ids: Collection[int], scope: Scope, today: date
) -> dict[int, Attendance]:
    """Say of some revisions of syntheses who is in each, by revision id; in one query.

    A unit that ended before the period is nobody to wait for, nor one that ended in it and has
    begun nothing. The caller has read the revisions within the scope; `today` is the day in Viet
    Nam.
    """
    if not revision_ids:
        return {}
    found: dict[int, list[Row[Any]]] = {id_: [] for id_ in revision_ids}
    for row in session.execute(_tree(revision_ids, scope), {TODAY: today}):
        found[row.root].append(row)
    return {id_: _attendance(rows, today) for id_, rows in found.items()}


def _tree(revision_ids: Collection[int], scope: Scope) -> Select[Any]:
    """Walk down from each revision: a row for each unit below, with its line of the receipt.

    Of a revision that is frozen, those of its receipt alone: who came to take part later was not
    expected then, and who has left since was. Of an open one, those who take part now.
    """
    node = (
        select(
            Revision.id.label("root"),
            literal(0).label("depth"),
            Revision.unit_id.label("unit_id"),
            Revision.unit_id.label("above_id"),
            Document.period_id.label("period_id"),
            type_coerce(Document.kind, String).label("kind"),
            Revision.id.label("revision_id"),
            Revision.frozen_at.label("frozen_at"),
            literal(True).label("received"),
            cast(null(), Date).label("joined_on"),
        )
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id.in_(revision_ids))
        .cte("node", recursive=True)
    )
    child = aliased(Revision)
    line = and_(Receipt.revision_id == node.c.revision_id, Receipt.unit_id == Participation.unit_id)
    inside = and_(child.document_id == Receipt.document_id, child.number == Receipt.number)
    node = node.union_all(
        select(
            node.c.root,
            node.c.depth + 1,
            Participation.unit_id,
            node.c.unit_id,
            node.c.period_id,
            node.c.kind,
            child.id,
            child.frozen_at,
            Receipt.document_id.is_not(None),
            Participation.joined_on,
        )
        .select_from(node)
        .join(
            Participation,
            and_(
                Participation.parent_id == node.c.unit_id,
                Participation.period_id == node.c.period_id,
            ),
        )
        .outerjoin(Receipt, line)
        .outerjoin(child, inside)
        .where(case((node.c.frozen_at.is_(None), takes_part()), else_=Receipt.unit_id.is_not(None)))
    )
    one, inside_it = aliased(Participation), aliased(Receipt)
    has_units = or_(
        exists().where(
            one.parent_id == node.c.unit_id, one.period_id == node.c.period_id, takes_part(one)
        ),
        exists().where(inside_it.revision_id == node.c.revision_id),
    )
    owed = case(
        (has_units, node.c.kind),
        else_=case({str(kind): str(kind.adds_up) for kind in computed()}, value=node.c.kind),
    )
    begun = and_(
        Document.unit_id == node.c.unit_id,
        Document.period_id == node.c.period_id,
        type_coerce(Document.kind, String) == owed,
        LIVE,
        documents_seen(scope),
    )
    return (
        select(node.c.root, node.c.depth, node.c.above_id, node.c.received, node.c.joined_on)
        .add_columns(*COLUMNS, Unit.level, Unit.valid_to, has_units.label("has_units"))
        .add_columns(Period.starts_on, Period.ends_on)
        .add_columns(Document.id.label("begun_id"), Document.status, Document.released_number)
        .join(Unit, Unit.id == node.c.unit_id)
        .join(Period, Period.id == node.c.period_id)
        .outerjoin(Document, begun)
        .where(node.c.depth > 0)
        .order_by(node.c.depth, Unit.sort_key, Unit.id)
    )


def _state(row: Row[Any]) -> AbsentState:
    """Tell where a unit's document stands that is not in."""
    if row.begun_id is None:
        return AbsentState.NEVER_BEGUN
    if row.released_number is not None:
        return AbsentState.RELEASED
    return _WITH_THE_UNIT.get(PROGRESS.get(row.status, Progress.SENT), AbsentState.SENT)


def _attendance(rows: Iterable[Row[Any]], today: date) -> Attendance:
    """Count the rows of one synthesis, the nearest first."""
    counted = [row for row in rows if row.received or not _gone(row, today)]
    names = {row.unit_id: UnitName.of(row) for row in counted}
    place = {row.unit_id: at for at, row in enumerate(counted)}
    out = {row.unit_id for row in counted if not row.received}
    nearest = [row for row in counted if not row.received and row.above_id not in out]
    nearest.sort(key=lambda row: (row.depth, place.get(row.above_id, 0)))
    return Attendance(
        direct=_headcount([row for row in counted if row.depth == 1]),
        lowest=_headcount([row for row in counted if not row.has_units]),
        absent=tuple(_absent(row, names) for row in nearest),
    )


def _gone(row: Row[Any], today: date) -> bool:
    """Tell whether there is nobody left to wait for."""
    ended = row.valid_to
    if ended is None:
        return False
    return ended <= row.starts_on or (ended <= min(row.ends_on, today) and row.begun_id is None)


def _absent(row: Row[Any], names: Mapping[int, UnitName]) -> AbsentUnit:
    within = names.get(row.above_id) if row.depth > 1 else None
    return AbsentUnit(UnitName.of(row), within, _state(row), row.begun_id, row.joined_on)


def _headcount(rows: Sequence[Row[Any]]) -> Headcount:
    levels = {row.level for row in rows}
    level = next(iter(levels)) if len(levels) == 1 else None
    return Headcount(sum(bool(row.received) for row in rows), len(rows), level)


# --- What an act asks ---------------------------------------------------------------------


def present(context: ActContext) -> Attendance | None:
    """Say who is in the newest revision of a synthesis, read once for an act; None of another
    document, and before anything was taken over.
    """
    if not context.document.kind.is_computed or context.head.taken_over_at is None:
        return None
    if "attendance" not in context.memo:
        scope = Scope.of(context.actor)
        found = attendance(context.session, [context.head.id], scope, context.today)
        context.memo["attendance"] = found[context.head.id]
    return context.memo["attendance"]


@guard
def absence_reasoned(context: ActContext) -> Message | None:
    """Require a reason for a synthesis that goes on without some of the units below it."""
    found = present(context)
    if found is None or found.complete or context.inputs.reason.strip():
        return None
    return Message(
        N_("Bản tổng hợp mới có %(units)s: cần ghi lý do còn thiếu đơn vị."),
        {"units": found.said},
        field="reason",
    )


@effect
def keep_absence(context: ActContext) -> None:
    """Keep with the revision why its unit sends it without some of the units below."""
    found = present(context)
    if found is None:
        return
    context.head.absence_reason = "" if found.complete else context.inputs.reason.strip()
    note_absence(context)


@effect
def note_absence(context: ActContext) -> None:
    """Note in the event how many were in it, for its trail and its mail."""
    found = present(context)
    if found is not None and not found.complete:
        context.event_data["units_in"] = pack(found.said)
