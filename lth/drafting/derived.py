"""Keep the targets that derive from budget lines equal to them, with every change of a line."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.content import derived, targets
from lth.content.line_storage import decode
from lth.content.line_types import BudgetLine
from lth.drafting.target_input import first_values
from lth.models import Document, Indicator, PartLine, Period, Phase, Revision, Target
from lth.models.content import Comparator
from lth.models.parts import Part
from lth.models.programme import Measure, RollUp


def settle(
    session: Session,
    revision: Revision,
    *,
    number: int = 1,
    person_id: int | None = None,
    now: datetime | None = None,
) -> None:
    """Write a draft's derived targets anew where its lines come to something else.

    `number` is the edit that changed the lines; who and when are none for what a draft starts with.
    """
    session.flush()
    indicators, phases = _places(session, revision)
    if not indicators:
        return
    there = _there(session, revision, indicators)
    lines = budget_lines(session, revision.id)
    for indicator in indicators:
        found = derived.sums(indicator, lines, phases)
        for phase in phases:
            key = targets.line_key(indicator.code, phase.code)
            target = there.pop(key, None)
            come_to = found[phase.id]
            if not come_to.lines:
                _remove(session, target)
            elif not _says(target, come_to.value):
                row = target or Target(revision_id=revision.id, line_key=key, version=0)
                _fill(row, indicator, phase, come_to.value)
                row.version = max(number, row.version + 1)
                row.edited_at, row.edited_by_id = now, person_id
                session.add(row)
    for target in there.values():
        _remove(session, target)
    session.flush()


def budget_lines(session: Session, revision_id: int) -> list[BudgetLine]:
    """List a revision's budget lines; the caller has checked the scope."""
    statement = select(PartLine).where(
        PartLine.revision_id == revision_id, PartLine.part == Part.BUDGET
    )
    found = (decode(row.part, row.line_key, row.data) for row in session.scalars(statement))
    return [line for line in found if isinstance(line, BudgetLine)]


def _places(session: Session, revision: Revision) -> tuple[list[Indicator], Sequence[Phase]]:
    """Read the derived indicators of a revision's programme, and its period's phases in order."""
    period_id = (
        select(Document.period_id).where(Document.id == revision.document_id).scalar_subquery()
    )
    summed = (Indicator.measure == Measure.MONEY) & (Indicator.roll_up == RollUp.SUM)
    statement = (
        select(Indicator, Phase)
        .join(Period, Period.programme_id == Indicator.programme_id)
        .join(Phase, Phase.period_id == Period.id)
        .where(Period.id == period_id, summed)
        .order_by(Indicator.ordinal, Phase.ordinal)
    )
    rows = session.execute(statement).all()
    indicators = {row.id: row for row, _ in rows if derived.is_derived(row)}
    phases = {phase.id: phase for _, phase in rows}
    return list(indicators.values()), list(phases.values())


def _there(
    session: Session, revision: Revision, indicators: Iterable[Indicator]
) -> dict[str, Target]:
    statement = select(Target).where(
        Target.revision_id == revision.id,
        Target.indicator_id.in_([indicator.id for indicator in indicators]),
    )
    return {target.line_key: target for target in session.scalars(statement)}


def _says(target: Target | None, value: int) -> bool:
    return target is not None and target.comparator is Comparator.EQ and target.value_min == value


def _remove(session: Session, target: Target | None) -> None:
    if target is not None:
        session.delete(target)


def _fill(target: Target, indicator: Indicator, phase: Phase, value: int) -> None:
    for name, start in first_values(indicator).items():
        setattr(target, name, start)
    target.indicator_id, target.phase_id = indicator.id, phase.id
    target.comparator, target.value_min, target.value_max = Comparator.EQ, value, None
