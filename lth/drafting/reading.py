"""What a revision says, to be read: targets by topic with what changed, sections, remarks."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session, contains_eager, defer

from lth.access.scope import Scope
from lth.content import line_diff
from lth.content.line_diff import PartDiff
from lth.models import Document, Indicator, Phase, Remark, Revision, Section, Target
from lth.quotas import parent_plan
from lth.workflow.revisions import same_line


@dataclass
class TargetReading:
    """One figure in one phase: now, at the last sending, and as assigned from above."""

    phase: Phase
    line_key: str
    target: Target | None = None
    before: Target | None = None
    changed: bool = False
    quota: int | None = None
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class IndicatorReading:
    """An indicator's figures over the phases."""

    indicator: Indicator
    cells: list[TargetReading]


@dataclass
class SectionReading:
    """A narrative section, and its text at the last sending where that differs."""

    section: Section
    before: str | None
    changed: bool
    remarks: list[Remark]


@dataclass
class RevisionReading:
    """A whole revision; `line_parts` are those of a document beside targets and sections, whose
    lines name `named_indicators`.
    """

    lines: list[IndicatorReading]
    parts: list[SectionReading]
    general: list[Remark]
    phases: list[Phase]
    compared: bool
    line_parts: list[PartDiff] = field(default_factory=list)
    named_indicators: dict[str, Indicator] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """Count the items that differ from the last sending."""
        cells = sum(cell.changed for line in self.lines for cell in line.cells)
        sections = sum(part.changed for part in self.parts)
        return cells + sections + sum(part.changes for part in self.line_parts)


def content(
    session: Session,
    document: Document,
    revision: Revision,
    before: Revision | None,
    remarks: Iterable[Remark],
    scope: Scope,
) -> RevisionReading:
    """Read a revision beside the one sent before it; both come from a read within the scope."""
    ids = [revision.id] + ([before.id] if before else [])
    by_key = _by_key(remarks)
    lines, phases = _lines(session, ids, by_key, parent_plan.assigned(document, scope).subquery())
    line_parts, named = line_diff.read(session, document, ids, by_key)
    return RevisionReading(
        lines=lines,
        parts=_parts(session, ids, by_key),
        general=by_key.get("", []),
        phases=phases,
        compared=before is not None,
        line_parts=line_parts,
        named_indicators=named,
    )


def _by_key(remarks: Iterable[Remark]) -> dict[str, list[Remark]]:
    found: dict[str, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(remark.line_key, []).append(remark)
    return found


LONG = (Indicator.help_vi, Indicator.help_en, Indicator.extra)
"""What no reader of a document sees, and what takes longer to read than all the rest."""


def _lines(
    session: Session,
    ids: list[int],
    by_key: dict[str, list[Remark]],
    assigned: Subquery,
) -> tuple[list[IndicatorReading], list[Phase]]:
    place = (assigned.c.indicator_id == Target.indicator_id) & (
        assigned.c.phase_id == Target.phase_id
    )
    statement = (
        select(Target, assigned.c.value)
        .join(Target.indicator)
        .join(Target.phase)
        .outerjoin(assigned, place)
        .options(
            contains_eager(Target.indicator).options(*map(defer, LONG)),
            contains_eager(Target.phase),
        )
        .where(Target.revision_id.in_(ids))
        .order_by(Indicator.ordinal, Target.line_key)
    )
    targets = session.execute(statement).all()
    cells: dict[str, TargetReading] = {}
    lines: dict[tuple[int, str], IndicatorReading] = {}
    for target, quota in targets:
        cell = cells.get(target.line_key)
        if cell is None:
            remarks = by_key.get(target.line_key, [])
            cell = TargetReading(target.phase, target.line_key, quota=quota, remarks=remarks)
            cells[target.line_key] = cell
            key = (target.indicator_id, target.line_key.partition("#")[2])
            lines.setdefault(key, IndicatorReading(target.indicator, [])).cells.append(cell)
        if target.revision_id == ids[0]:
            cell.target = target
        else:
            cell.before = target
    for cell in cells.values():
        cell.changed = len(ids) > 1 and not same_line(cell.target, cell.before)
    phases = {target.phase_id: target.phase for target, _ in targets}
    return list(lines.values()), sorted(phases.values(), key=lambda one: one.ordinal)


def _parts(
    session: Session, ids: list[int], by_key: dict[str, list[Remark]]
) -> list[SectionReading]:
    statement = select(Section).where(Section.revision_id.in_(ids)).order_by(Section.ordinal)
    rows = session.scalars(statement).all()
    before = {row.line_key: row for row in rows if row.revision_id != ids[0]}
    found = []
    for section in rows:
        if section.revision_id != ids[0]:
            continue
        old = before.get(section.line_key)
        changed = len(ids) > 1 and (
            old is None or (old.body, old.title) != (section.body, section.title)
        )
        remarks = by_key.get(section.line_key, [])
        found.append(SectionReading(section, old.body if old else None, changed, remarks))
    return found
