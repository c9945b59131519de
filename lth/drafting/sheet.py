"""The drafting page's content, read in a fixed number of queries, and what it still lacks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, remarks_seen
from lth.checks import loading
from lth.content import targets
from lth.content.derived import LineSum, is_derived, sums
from lth.content.line_types import BudgetLine
from lth.content.model import Content
from lth.content.targets import quotient
from lth.core.i18n import Message
from lth.drafting import figure_rooms, reported
from lth.drafting.gaps import Gap, missing, required_sections
from lth.drafting.locking import Locks
from lth.models import (
    Document,
    Indicator,
    Phase,
    Remark,
    Revision,
    Section,
    Target,
    UnitSettings,
)
from lth.models.kind import Kind
from lth.models.parts import Part
from lth.models.programme import Measure, RollUp
from lth.programmes.catalogue_file import TOPIC_LABEL


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One figure, or (`target` None, version 0) the place where one can be typed."""

    key: str
    version: int = 0
    target: Target | None = None
    author: str = ""


@dataclass
class Slot:
    """An indicator in a phase: its lines, and what they are held against.

    `assigned` is the quota from above, `norms` are the targets of the document above that hold
    everywhere, `derived` is the percentage that the drafted counts give, in 1/100 %. `money` is
    what the budget's lines come to, where the figure is computed from them and never typed.
    """

    indicator: Indicator
    phase: Phase
    assigned: loading.Assigned | None = None
    lines: list[SheetLine] = field(default_factory=list)
    norms: list[Target] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    derived: int | None = None
    money: LineSum | None = None
    missing: bool = False

    @property
    def quota(self) -> int | None:
        """Return the figure assigned from above, if there is one."""
        return self.assigned.value if self.assigned else None

    @property
    def next_key(self) -> str:
        """Return the key of one more line."""
        taken = [line.key for line in self.lines]
        return targets.next_key(taken, self.indicator.code, self.phase.code)


@dataclass
class SheetRow:
    """An indicator over the phases."""

    indicator: Indicator
    slots: list[Slot]


@dataclass
class Group:
    """The indicators of one topic."""

    topic: str
    label: Message
    rows: list[SheetRow]

    @property
    def filled(self) -> int:
        """Count the slots that have a figure."""
        return sum(line.target is not None for slot in self.slots for line in slot.lines[:1])

    @property
    def missing(self) -> int:
        return sum(slot.missing for slot in self.slots)

    @property
    def slots(self) -> list[Slot]:
        return [slot for row in self.rows for slot in row.slots]


@dataclass
class SheetSection:
    """A narrative section; `hint` says what belongs into a standard one, `tells_money` whether its
    text can have the budget's sums put in.
    """

    section: Section
    hint: Message | None
    required: bool
    missing: bool
    author: str
    remarks: list[Remark]
    tells_money: bool = False


@dataclass
class Sheet:
    """What the drafting page shows. `above` is the next step's document in force, if it has one.

    `settings` are the unit's, where they were read on the way.
    """

    document: Document
    revision: Revision
    content: Content
    phases: Sequence[Phase]
    groups: list[Group]
    parts: list[SheetSection]
    general: list[Remark]
    gaps: list[Gap]
    above: Revision | None
    settings: UnitSettings | None = None
    locks: Locks = field(default_factory=Locks)

    @property
    def slots(self) -> list[Slot]:
        return [slot for group in self.groups for slot in group.slots]

    @property
    def directive(self) -> bool:
        """Tell whether it is a letter that sets tasks and has no figures of its own."""
        return self.content.is_directive

    @property
    def remarks(self) -> list[Remark]:
        """List those of the level above in page order, what is pinned to nothing on it first."""
        pinned = [remark for place in (*self.slots, *self.parts) for remark in place.remarks]
        return [*self.general, *pinned]

    @property
    def unanswered(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.answered_at is None]


def sheet(session: Session, document: Document, revision: Revision, scope: Scope) -> Sheet:
    """Read everything the drafting page shows, in six queries. The caller has checked the scope.

    Remarks are those of the revision that this one was opened from, and those not yet settled.
    """
    rows = loading.read(session, document, revision, scope)
    content = loading.put_together(rows)
    gaps = missing(content, document.kind)
    room = figure_rooms.room_of(document.kind)
    if room is not None:
        gaps = [*room.look(session, document, revision, scope).gaps, *gaps]
    came_back = not reported.reports(document.kind) or revision.based_on_number is not None
    remarks = remarks_on(session, document, revision, scope) if came_back else []
    slots = [] if reported.reports(document.kind) else _slots(rows, {gap.key for gap in gaps})
    general = _pin(remarks, slots, {section.line_key for section, _ in rows.sections})
    return Sheet(
        document=document,
        revision=revision,
        content=content,
        phases=rows.phases,
        groups=_groups(slots),
        parts=_parts(document.kind, rows, content, remarks),
        general=general,
        gaps=gaps,
        above=rows.above,
    )


def remarks_on(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> Sequence[Remark]:
    """List the published remarks that a revision's drafters have to answer, or have answered."""
    statement = (
        select(Remark)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(
            Revision.document_id == document.id,
            remarks_seen(scope),
            Remark.published_at.is_not(None),
            or_(Revision.released_at.is_(None), Revision.number == revision.based_on_number),
        )
        .order_by(Remark.created_at, Remark.id)
    )
    return session.scalars(statement).all()


# --- Putting together ---------------------------------------------------------------------


def _slots(rows: loading.ContentRows, missing_keys: Collection[str]) -> list[Slot]:
    """List every indicator in every phase, in page order; one without a line has an empty one.

    Money that budget lines come to is told by phase, not once more for the whole period.
    """
    slots = {
        (indicator.id, phase.id): Slot(
            indicator, phase, rows.assigned.get((indicator.id, phase.id))
        )
        for indicator in rows.indicators.values()
        for phase in rows.phases
        if phase.whole_of_id is None or not is_derived(indicator)
    }
    for target, author in rows.targets:
        line = SheetLine(target.line_key, target.version, target, author)
        slots[target.indicator_id, target.phase_id].lines.append(line)
    for phase, norm in loading.held_in(rows.phases, rows.norms):
        slots[norm.indicator_id, phase.id].norms.append(norm)
    for slot in slots.values():
        if not slot.lines:
            slot.lines.append(SheetLine(targets.line_key(slot.indicator.code, slot.phase.code)))
        slot.missing = slot.lines[0].key in missing_keys
    _derive(slots.values())
    _add_money(rows, slots)
    return list(slots.values())


def _add_money(rows: loading.ContentRows, slots: Mapping[tuple[int, int], Slot]) -> None:
    """Say of each derived figure what its lines come to."""
    lines = [line for line in rows.parts[Part.BUDGET] if isinstance(line, BudgetLine)]
    parts = [phase for phase in rows.phases if phase.whole_of_id is None]
    for indicator in filter(is_derived, rows.indicators.values()):
        for phase_id, found in sums(indicator, lines, parts).items():
            slots[indicator.id, phase_id].money = found


def _pin(remarks: Iterable[Remark], slots: Iterable[Slot], sections: set[str]) -> list[Remark]:
    """Remarks to their slots; what is pinned to nothing on the page is returned."""
    by_key = {}
    for slot in slots:
        by_key[targets.line_key(slot.indicator.code, slot.phase.code)] = slot
        by_key.update(dict.fromkeys((line.key for line in slot.lines), slot))
    general = []
    for remark in remarks:
        slot = by_key.get(remark.line_key) or by_key.get(remark.line_key.partition("#")[0])
        if slot is not None:
            slot.remarks.append(remark)
        elif remark.line_key not in sections:
            general.append(remark)
    return general


def _groups(slots: Iterable[Slot]) -> list[Group]:
    rows: dict[int, SheetRow] = {}
    for slot in slots:
        rows.setdefault(slot.indicator.id, SheetRow(slot.indicator, [])).slots.append(slot)
    topics: dict[str, list[SheetRow]] = {topic: [] for topic in TOPIC_LABEL}
    for row in rows.values():
        topics.setdefault(row.indicator.topic, []).append(row)
    return [
        Group(topic, Message(TOPIC_LABEL.get(topic, topic)), listed)
        for topic, listed in topics.items()
        if listed
    ]


def _parts(
    kind: Kind, rows: loading.ContentRows, content: Content, remarks: Iterable[Remark]
) -> list[SheetSection]:
    required = {section.key for section in required_sections(content, kind)}
    standard = content.standard or kind.sections
    hints = {section.key: Message(section.hint) for section in standard if section.hint}
    money = {section.key for section in standard if section.tells_money and kind.parts}
    return [
        SheetSection(
            section=section,
            hint=hints.get(section.line_key),
            required=section.line_key in required,
            missing=section.line_key in required and not section.body.strip(),
            author=author,
            remarks=[remark for remark in remarks if remark.line_key == section.line_key],
            tells_money=section.line_key in money,
        )
        for section, author in rows.sections
    ]


def _derive(slots: Iterable[Slot]) -> None:
    """Set the percentages that the drafted counts give: one count over the other, never a mean."""
    listed = list(slots)
    counts = {(slot.indicator.code, slot.phase.id): _count(slot) for slot in listed}
    for slot in listed:
        row = slot.indicator
        if row.roll_up is not RollUp.RATIO or row.measure is not Measure.PERCENT:
            continue
        drafted = slot.lines[0].target
        named = (drafted.denominator_code if drafted else None) or row.denominator_code
        part = counts.get((row.numerator_code or "", slot.phase.id))
        whole = counts.get((named or "", slot.phase.id))
        if part is not None and whole is not None and part <= whole:
            slot.derived = quotient(part, whole)


def _count(slot: Slot) -> int | None:
    """Return the one value of a slot's one line; a range or several lines give no quotient."""
    drafted = [line.target for line in slot.lines if line.target is not None]
    return drafted[0].value_min if len(drafted) == 1 and drafted[0].value_max is None else None
