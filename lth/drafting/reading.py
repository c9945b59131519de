"""What a revision says, to be read: targets by topic with what changed, sections, remarks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Subquery, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, defer

from lth.access.scope import Scope
from lth.content import line_diff
from lth.content.line_diff import PartDiff
from lth.drafting import reported
from lth.drafting.reported import ReportReading
from lth.models import (
    Document,
    Indicator,
    Phase,
    Remark,
    ReportItem,
    Revision,
    Section,
    Target,
)
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
    lines name `named_indicators`; `report` is what a document says that reports what was done.
    """

    lines: list[IndicatorReading]
    parts: list[SectionReading]
    general: list[Remark]
    phases: list[Phase]
    compared: bool
    line_parts: list[PartDiff] = field(default_factory=list)
    named_indicators: dict[str, Indicator] = field(default_factory=dict)
    report: ReportReading = field(default_factory=ReportReading)

    @property
    def changes(self) -> int:
        """Count the items that differ from the last sending."""
        cells = sum(cell.changed for line in self.lines for cell in line.cells)
        sections = sum(part.changed for part in self.parts)
        lines = sum(part.changes for part in self.line_parts)
        return cells + sections + lines + self.report.changes


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
    if reported.reports(document.kind):
        return _report(session, document, ids, by_key)
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


def _report(
    session: Session, document: Document, ids: list[int], by_key: dict[str, list[Remark]]
) -> RevisionReading:
    """Read a report, which has neither targets nor parts: its text and items in one query, its
    figures in another.
    """
    one = aliased(Section)
    first = select(func.min(one.id)).where(one.revision_id == Revision.id).correlate(Revision)
    once = or_(Section.id.is_(None), Section.id == first.scalar_subquery())
    statement = (
        select(Section, ReportItem)
        .select_from(Revision)
        .outerjoin(Section, Section.revision_id == Revision.id)
        .outerjoin(ReportItem, and_(ReportItem.revision_id == Revision.id, once))
        .where(Revision.id.in_(ids))
        .order_by(Section.ordinal)
    )
    rows = session.execute(statement).all()
    sections = list(dict.fromkeys(row.Section for row in rows if row.Section is not None))
    items = [row.ReportItem for row in rows if row.ReportItem is not None]
    return RevisionReading(
        lines=[],
        parts=_compared(sections, ids, by_key),
        general=by_key.get("", []),
        phases=[],
        compared=len(ids) > 1,
        report=ReportReading(
            reported.values(session, document, ids, by_key),
            reported.compared_items(items, ids, by_key),
        ),
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
    return _compared(session.scalars(statement).all(), ids, by_key)


def _compared(
    rows: Sequence[Section], ids: list[int], by_key: dict[str, list[Remark]]
) -> list[SectionReading]:
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
