"""The drafting page's content, read in a fixed number of queries, and what it still lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import Scope, remarks_seen
from lth.content import line_storage, targets
from lth.content.schema import ContentLine
from lth.content.targets import quotient
from lth.core.i18n import N_, Bilingual, Message
from lth.drafting.locking import Locks
from lth.models import (
    Document,
    Indicator,
    Person,
    Phase,
    Remark,
    Revision,
    Section,
    Target,
    UnitSettings,
)
from lth.models.content import Comparator
from lth.models.kind import Kind, StandardSection
from lth.models.parts import Issuance
from lth.models.parts import Part as PlanPart
from lth.models.programme import Measure, RollUp
from lth.models.quota import Move
from lth.programmes.catalogue_file import TOPIC_LABEL
from lth.quotas import parent_plan
from lth.workflow.kinds import standard_section


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is still missing, by the key of the line or section it belongs to."""

    key: str
    message: Message


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, or (`target` None, version 0) the place where one can be typed."""

    key: str
    version: int = 0
    target: Target | None = None
    author: str = ""


@dataclass
class Slot:
    """An indicator in a phase: its lines, and what they are held against.

    `quota` is the figure assigned from above, `move` the last one in the talk over it and `said`
    what that spoke for, `norms` the targets of the document above that hold everywhere, `derived`
    the percentage that the drafted counts give, in 1/100 %.
    """

    indicator: Indicator
    phase: Phase
    lines: list[Line] = field(default_factory=list)
    quota: int | None = None
    move: Move | None = None
    said: int | None = None
    norms: list[Target] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    derived: int | None = None
    missing: bool = False

    @property
    def next_key(self) -> str:
        """The key of one more line."""
        taken = [line.key for line in self.lines]
        return targets.next_key(taken, self.indicator.code, self.phase.code)


@dataclass
class Row:
    """An indicator over the phases."""

    indicator: Indicator
    slots: list[Slot]


@dataclass
class Group:
    """The indicators of one topic."""

    topic: str
    label: Message
    rows: list[Row]

    @property
    def filled(self) -> int:
        """How many slots have a figure."""
        return sum(line.target is not None for slot in self.slots for line in slot.lines[:1])

    @property
    def missing(self) -> int:
        return sum(slot.missing for slot in self.slots)

    @property
    def slots(self) -> list[Slot]:
        return [slot for row in self.rows for slot in row.slots]


@dataclass
class Part:
    """A narrative section; `hint` says what belongs into a standard one."""

    section: Section
    hint: Message | None
    required: bool
    missing: bool
    author: str
    remarks: list[Remark]


PartLines = Mapping[str, Sequence[ContentLine]]


@dataclass
class Sheet:
    """What the drafting page shows. `above` is the next step's document in force, if it has one.

    `settings` are the unit's, where they were read on the way; `lines` are those of the document's
    other parts, which have pages of their own.
    """

    document: Document
    revision: Revision
    phases: list[Phase]
    groups: list[Group]
    parts: list[Part]
    general: list[Remark]
    gaps: list[Gap]
    above: Revision | None
    settings: UnitSettings | None = None
    lines: PartLines = field(default_factory=dict)
    locks: Locks = field(default_factory=Locks)

    @property
    def slots(self) -> list[Slot]:
        return [slot for group in self.groups for slot in group.slots]

    @property
    def directive(self) -> bool:
        """Whether it is a letter that sets tasks and has no figures of its own."""
        return is_directive(self.lines)

    @property
    def remarks(self) -> list[Remark]:
        """Those of the level above in the page's order, what is pinned to nothing on it first."""
        pinned = [remark for place in (*self.slots, *self.parts) for remark in place.remarks]
        return [*self.general, *pinned]

    @property
    def unanswered(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.answered_at is None]


def sheet(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    *,
    with_remarks: bool = True,
) -> Sheet:
    """Everything the drafting page shows, in six queries. The caller has checked the scope.

    Remarks are those of the revision that this one was opened from, and those not yet settled.
    """
    slots = _slots(session, document, scope)
    theirs, norms = _norms_above(session, document, scope)
    remarks = remarks_on(session, document, revision, scope) if with_remarks else []
    _put_lines(session, revision, slots)
    lines = line_storage.of_revision(session, revision.id)
    for place, slot in slots.items():
        slot.norms = norms.get(place, [])
        slot.missing = _lacks_figure(document.kind, slot, lines)
    _derive(slots.values())
    sections = _sections(session, revision)
    general = _pin(remarks, slots.values(), {section.line_key for section, _ in sections})
    return Sheet(
        document=document,
        revision=revision,
        phases=list({slot.phase.id: slot.phase for slot in slots.values()}.values()),
        groups=_groups(slots.values()),
        parts=[
            _part(document.kind, section, author, remarks, lines) for section, author in sections
        ],
        general=general,
        gaps=_gaps(document.kind, slots.values(), [section for section, _ in sections], lines),
        above=theirs,
        lines=lines,
    )


def missing(session: Session, document: Document, revision: Revision) -> list[Message]:
    """What must still be written before the document may be sent, in the page's order."""
    slots = _slots(session, document, None)
    _put_lines(session, revision, slots)
    sections = [section for section, _ in _sections(session, revision)]
    lines = line_storage.of_revision(session, revision.id)
    return [gap.message for gap in _gaps(document.kind, slots.values(), sections, lines)]


# --- What is missing ----------------------------------------------------------------------


SAID_BY_LINES = {
    "s.tasks": (PlanPart.TASK,),
    "s.organisation": (PlanPart.DUTY, PlanPart.REPORTING),
}
"""Sections that need no text where the lines of a part say what belongs into them."""


def is_directive(lines: PartLines) -> bool:
    """Whether a document is a letter that sets tasks under a document issued before."""
    header = next(iter(lines.get(PlanPart.HEADER, ())), None)
    return getattr(header, "issuance", None) is Issuance.DIRECTIVE


def _required_sections(kind: Kind, lines: PartLines) -> list[StandardSection]:
    """What must not stay empty: of a directive its tasks alone."""
    return [
        one
        for one in kind.sections
        if one.required
        and (one.key == "s.tasks" or not is_directive(lines))
        and not any(lines.get(part) for part in SAID_BY_LINES.get(one.key, ()))
    ]


def _lacks_figure(kind: Kind, slot: Slot, lines: PartLines) -> bool:
    """A plan has a figure for every required indicator; a synthesis gets its own by taking over,
    and a directive has none.
    """
    figures = [
        line.target
        for line in slot.lines
        if line.target is not None and line.target.comparator is not Comparator.QUALITATIVE
    ]
    needed = kind.figures_required and slot.indicator.required and not is_directive(lines)
    return needed and not figures


def _gaps(
    kind: Kind, slots: Iterable[Slot], sections: Sequence[Section], lines: PartLines
) -> list[Gap]:
    listed = list(slots)
    phased = len({slot.phase.id for slot in listed}) > 1
    found = [
        Gap(slot.lines[0].key, _no_figure(slot, phased))
        for slot in listed
        if _lacks_figure(kind, slot, lines)
    ]
    written = {section.line_key for section in sections if section.body.strip()}
    titles = {section.line_key: section.title for section in sections}
    for one in _required_sections(kind, lines):
        if one.key not in written:
            title = {"title": titles.get(one.key, one.title)}
            found.append(Gap(one.key, Message(N_("Phần “%(title)s” chưa có nội dung."), title)))
    return found


def _no_figure(slot: Slot, phased: bool) -> Message:
    label = Bilingual(slot.indicator.label_vi, slot.indicator.label_en)
    if not phased:
        return Message(N_("Chưa nhập “%(indicator)s”."), {"indicator": label})
    return Message(
        N_("Chưa nhập “%(indicator)s” giai đoạn %(phase)s."),
        {"indicator": label, "phase": slot.phase.code.replace("-", "–")},
    )


# --- Reading ------------------------------------------------------------------------------


def _slots(
    session: Session, document: Document, scope: Scope | None
) -> dict[parent_plan.Place, Slot]:
    """Every indicator of the programme in every phase of the period, in the page's order.

    With the quotas of the next step's document in force, where a scope is given.
    """
    statement = (
        select(Indicator, Phase)
        .select_from(Indicator)
        .join(Phase, Phase.period_id == document.period_id)
        .where(Indicator.programme_id == document.programme_id)
        .order_by(Indicator.ordinal, Indicator.id, Phase.ordinal)
    )
    if scope is None:
        rows = [(*row, None, None, None) for row in session.execute(statement)]
    else:
        given = parent_plan.assigned(document, scope).subquery()
        here = (given.c.indicator_id == Indicator.id) & (given.c.phase_id == Phase.id)
        told = (given.c.value, given.c.move, given.c.said)
        rows = session.execute(statement.outerjoin(given, here).add_columns(*told)).all()
    return {
        (indicator.id, phase.id): Slot(indicator, phase, quota=quota, move=move, said=said)
        for indicator, phase, quota, move, said in rows
    }


def _put_lines(
    session: Session, revision: Revision, slots: Mapping[parent_plan.Place, Slot]
) -> None:
    """Each slot's lines in order; a slot without any gets an empty one."""
    statement = (
        select(Target, Person.name)
        .outerjoin(Person, Person.id == Target.edited_by_id)
        .where(Target.revision_id == revision.id)
        .order_by(Target.line_key)
    )
    for target, author in session.execute(statement):
        line = Line(target.line_key, target.version, target, author or "")
        slots[target.indicator_id, target.phase_id].lines.append(line)
    for slot in slots.values():
        if not slot.lines:
            slot.lines.append(Line(targets.line_key(slot.indicator.code, slot.phase.code)))


def _norms_above(
    session: Session, document: Document, scope: Scope
) -> tuple[Revision | None, dict[parent_plan.Place, list[Target]]]:
    """The next step's document in force, and those of its targets that hold everywhere."""
    statement = (
        parent_plan.in_force(document.next_unit_id, document.period_id, scope)
        .outerjoin(Target, Target.revision_id == Revision.id)
        .add_columns(Target)
        .options(joinedload(Target.indicator))
        .order_by(Target.line_key)
    )
    found: dict[parent_plan.Place, list[Target]] = {}
    theirs = None
    for theirs, target in session.execute(statement):  # noqa: B007 - the same one in every row
        if target is not None and targets.is_norm(target):
            found.setdefault((target.indicator_id, target.phase_id), []).append(target)
    return theirs, found


def remarks_on(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> Sequence[Remark]:
    """The published remarks that the drafters of a revision have to answer, or have answered."""
    statement = (
        select(Remark)
        .join(Revision, Revision.id == Remark.revision_id)
        .options(joinedload(Remark.person))
        .where(
            Revision.document_id == document.id,
            remarks_seen(scope),
            Remark.published_at.is_not(None),
            or_(Revision.released_at.is_(None), Revision.number == revision.based_on_number),
        )
        .order_by(Remark.created_at, Remark.id)
    )
    return session.scalars(statement).all()


def _sections(session: Session, revision: Revision) -> list[tuple[Section, str]]:
    statement = (
        select(Section, Person.name)
        .outerjoin(Person, Person.id == Section.edited_by_id)
        .where(Section.revision_id == revision.id)
        .order_by(Section.ordinal, Section.line_key)
    )
    return [(section, author or "") for section, author in session.execute(statement)]


# --- Putting together ---------------------------------------------------------------------


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
    rows: dict[int, Row] = {}
    for slot in slots:
        rows.setdefault(slot.indicator.id, Row(slot.indicator, [])).slots.append(slot)
    topics: dict[str, list[Row]] = {topic: [] for topic in TOPIC_LABEL}
    for row in rows.values():
        topics.setdefault(row.indicator.topic, []).append(row)
    return [
        Group(topic, Message(TOPIC_LABEL.get(topic, topic)), listed)
        for topic, listed in topics.items()
        if listed
    ]


def _part(
    kind: Kind, section: Section, author: str, remarks: Iterable[Remark], lines: PartLines
) -> Part:
    known = standard_section(kind, section.line_key)
    required = section.line_key in {one.key for one in _required_sections(kind, lines)}
    return Part(
        section=section,
        hint=Message(known.hint) if known else None,
        required=required,
        missing=required and not section.body.strip(),
        author=author,
        remarks=[remark for remark in remarks if remark.line_key == section.line_key],
    )


def _derive(slots: Iterable[Slot]) -> None:
    """The percentages that the drafted counts give: one count over the other, never a mean."""
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
    """The one value of a slot's one line; a range or several lines give no quotient."""
    drafted = [line.target for line in slot.lines if line.target is not None]
    return drafted[0].value_min if len(drafted) == 1 and drafted[0].value_max is None else None
