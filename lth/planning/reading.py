"""What a revision says, to be read: targets by topic with what changed, sections, remarks."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from lth.models import Indicator, Phase, Plan, Quota, Remark, Revision, Section, Target
from lth.workflow.revisions import content_columns


@dataclass
class Cell:
    """One figure in one phase: now, at the last sending, and as assigned from above."""

    phase: Phase
    line_key: str
    target: Target | None = None
    before: Target | None = None
    changed: bool = False
    quota: int | None = None
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class Line:
    """An indicator's figures over the phases."""

    indicator: Indicator
    cells: list[Cell]


@dataclass
class Part:
    """A narrative section, and its text at the last sending where that differs."""

    section: Section
    before: str | None
    changed: bool
    remarks: list[Remark]


@dataclass
class Content:
    """A whole revision."""

    lines: list[Line]
    parts: list[Part]
    general: list[Remark]
    phases: list[Phase]
    compared: bool

    @property
    def changes(self) -> int:
        """How many items differ from the last sending."""
        return sum(cell.changed for line in self.lines for cell in line.cells) + sum(
            part.changed for part in self.parts
        )


def content(
    session: Session,
    plan: Plan,
    revision: Revision,
    before: Revision | None,
    remarks: Iterable[Remark],
) -> Content:
    """Read a revision beside the one sent before it. The caller has checked the scope."""
    ids = [revision.id] + ([before.id] if before else [])
    by_key = _by_key(remarks)
    lines, phases = _lines(session, plan, ids, by_key)
    return Content(
        lines=lines,
        parts=_parts(session, ids, by_key),
        general=by_key.get("", []),
        phases=phases,
        compared=before is not None,
    )


def _by_key(remarks: Iterable[Remark]) -> dict[str, list[Remark]]:
    found: dict[str, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(remark.line_key, []).append(remark)
    return found


def _lines(
    session: Session, plan: Plan, ids: list[int], by_key: dict[str, list[Remark]]
) -> tuple[list[Line], list[Phase]]:
    statement = (
        select(Target)
        .join(Target.indicator)
        .join(Target.phase)
        .options(contains_eager(Target.indicator), contains_eager(Target.phase))
        .where(Target.revision_id.in_(ids))
        .order_by(Indicator.ordinal, Target.line_key)
    )
    targets = session.scalars(statement).all()
    quotas = _quotas(session, plan)
    cells: dict[str, Cell] = {}
    lines: dict[tuple[int, str], Line] = {}
    for target in targets:
        cell = cells.get(target.line_key)
        if cell is None:
            cell = Cell(target.phase, target.line_key, remarks=by_key.get(target.line_key, []))
            cell.quota = quotas.get((target.indicator_id, target.phase_id))
            cells[target.line_key] = cell
            key = (target.indicator_id, target.line_key.partition("#")[2])
            lines.setdefault(key, Line(target.indicator, [])).cells.append(cell)
        if target.revision_id == ids[0]:
            cell.target = target
        else:
            cell.before = target
    names = content_columns(Target)
    for cell in cells.values():
        cell.changed = len(ids) > 1 and not _same(cell.target, cell.before, names)
    phases = {target.phase_id: target.phase for target in targets}
    return list(lines.values()), sorted(phases.values(), key=lambda one: one.ordinal)


def _same(one: Target | None, other: Target | None, names: list[str]) -> bool:
    if one is None or other is None:
        return False
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _quotas(session: Session, plan: Plan) -> dict[tuple[int, int], int]:
    """What was assigned to the plan's unit for its period, by indicator and phase."""
    statement = (
        select(Quota.indicator_id, Quota.phase_id, Quota.value)
        .join(Plan, Plan.id == Quota.plan_id)
        .where(
            Quota.unit_id == plan.unit_id,
            Plan.period_id == plan.period_id,
            Plan.in_force_number.is_not(None),
        )
    )
    return {(indicator, phase): value for indicator, phase, value in session.execute(statement)}


def _parts(session: Session, ids: list[int], by_key: dict[str, list[Remark]]) -> list[Part]:
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
        found.append(Part(section, old.body if old else None, changed, remarks))
    return found
