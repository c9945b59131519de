"""Theo dõi giao chỉ tiêu: what was assigned, what is asked for, and the gap to the target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, documents_seen, quotas_seen
from lth.models import Allotment, Document, Indicator, Phase, Quota, QuotaMove
from lth.models.quota import Move
from lth.quotas.ledger import ALLOTTED, LAST_MOVE, STATE_OF, QuotaState
from lth.quotas.offer import Place, Splittable


@dataclass
class QuotaSums:
    """One target over the units below. Gaps are what is missing to the target (negative) or over;
    None where the document in force has no such target any more.
    """

    indicator: Indicator
    phase: Phase
    target: Splittable | None
    allotment: Allotment | None
    assigned: int = 0
    proposed: int = 0
    states: dict[QuotaState, int] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return self.indicator.id, self.phase.id

    @property
    def units(self) -> int:
        return sum(self.states.values())

    @property
    def gap_assigned(self) -> int | None:
        return self.assigned - self.target.total if self.target else None

    @property
    def gap_proposed(self) -> int | None:
        return self.proposed - self.target.total if self.target else None


def sums(
    session: Session, document: Document, scope: Scope, targets: Mapping[Place, Splittable]
) -> list[QuotaSums]:
    """Add up each target that was handed down, in SQL, in the order of the drafting page."""
    proposed = case((QuotaMove.move == Move.COUNTER, QuotaMove.value), else_=Quota.value)
    statement = (
        select(
            Indicator,
            Phase,
            Allotment,
            QuotaMove.move,
            func.count(),
            func.sum(Quota.value),
            func.sum(proposed),
        )
        .select_from(Quota)
        .join(Document, Document.id == Quota.document_id)
        .join(Indicator, Indicator.id == Quota.indicator_id)
        .join(Phase, Phase.id == Quota.phase_id)
        .outerjoin(QuotaMove, LAST_MOVE)
        .outerjoin(Allotment, ALLOTTED)
        .where(Quota.document_id == document.id, documents_seen(scope), quotas_seen(scope))
        .group_by(
            Indicator.id,
            Phase.id,
            Allotment.document_id,
            Allotment.indicator_id,
            Allotment.phase_id,
            QuotaMove.move,
        )
        .order_by(Indicator.ordinal, Phase.ordinal)
    )
    found: dict[Place, QuotaSums] = {}
    for indicator, phase, allotment, move, count, value, asked in session.execute(statement):
        place = (indicator.id, phase.id)
        line = found.setdefault(place, QuotaSums(indicator, phase, targets.get(place), allotment))
        line.assigned += int(value)
        line.proposed += int(asked)
        state = STATE_OF[move]
        line.states[state] = line.states.get(state, 0) + count
    return list(found.values())


def chosen(lines: Sequence[QuotaSums], place: Place | None) -> QuotaSums | None:
    """Find the target that an address names; else the first in which something is asked for."""
    for one in lines:
        if one.place == place:
            return one
    return next((one for one in lines if one.states.get(QuotaState.PROPOSED)), None) or (
        lines[0] if lines else None
    )
