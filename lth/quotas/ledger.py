"""Where the talk over each quota stands, and the ledger of who asked and who conceded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, documents_seen, quotas_seen
from lth.core import clock
from lth.core.i18n import N_
from lth.models import Allotment, Document, Indicator, Period, Phase, Quota, QuotaMove, Unit
from lth.models.quota import Move
from lth.workflow.kinds import handing_down


class QuotaState(StrEnum):
    """Where the talk over a quota stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    GRANTED = "granted"
    KEPT = "kept"
    ADJUSTED = "adjusted"


STATE_LABEL = {
    QuotaState.WAITING: N_("Chờ đơn vị trả lời"),
    QuotaState.ACCEPTED: N_("Đã nhận"),
    QuotaState.PROPOSED: N_("Có đề nghị khác"),
    QuotaState.GRANTED: N_("Đã chấp nhận đề nghị"),
    QuotaState.KEPT: N_("Giữ nguyên số giao"),
    QuotaState.ADJUSTED: N_("Đã giao số khác"),
}
MOVE_LABEL = {
    Move.HAND_DOWN: N_("Giao chỉ tiêu"),
    Move.ACCEPT: N_("Nhận chỉ tiêu"),
    Move.COUNTER: N_("Đề nghị số khác"),
    Move.GRANT: N_("Chấp nhận đề nghị"),
    Move.KEEP: N_("Giữ nguyên số giao"),
    Move.ADJUST: N_("Giao số khác"),
}
STATE_OF = {
    None: QuotaState.WAITING,
    Move.HAND_DOWN: QuotaState.WAITING,
    Move.ACCEPT: QuotaState.ACCEPTED,
    Move.COUNTER: QuotaState.PROPOSED,
    Move.GRANT: QuotaState.GRANTED,
    Move.KEEP: QuotaState.KEPT,
    Move.ADJUST: QuotaState.ADJUSTED,
}
MOVES_OF = {
    state: [move for move, stands in STATE_OF.items() if stands is state and move is not None]
    for state in QuotaState
}
OPEN = frozenset({QuotaState.WAITING, QuotaState.ACCEPTED, QuotaState.PROPOSED})
"""States in which the unit below may still answer."""


@dataclass(frozen=True)
class QuotaStanding:
    """A quota and the last move over it (None: it was written before there was a ledger)."""

    quota: Quota
    unit: Unit
    indicator: Indicator
    phase: Phase
    last: QuotaMove | None
    reply_by: date | None

    @property
    def state(self) -> QuotaState:
        return state_after(self.last.move if self.last else None)

    @property
    def seq(self) -> int:
        """Return the number of the last move: what a page that shows this has seen."""
        return self.last.seq if self.last else 0

    @property
    def proposed(self) -> int:
        """Return the unit's figure while it asks for another one, else what is assigned."""
        if self.state is QuotaState.PROPOSED and self.last is not None:
            return self.last.value
        return self.quota.value

    @property
    def gap(self) -> int:
        return self.proposed - self.quota.value

    def late(self, move: QuotaMove) -> bool:
        """Tell whether an answer came after the day that was set for it."""
        answers = move.move in {Move.ACCEPT, Move.COUNTER}
        return answers and is_past(self.reply_by, move.at)


def state_after(move: Move | None) -> QuotaState:
    """Tell where the talk stands after its last move; None before there was any."""
    return STATE_OF[move]


def is_past(reply_by: date | None, now: datetime) -> bool:
    """Tell whether the day to answer by is over, in Viet Nam."""
    return reply_by is not None and clock.local(now).date() > reply_by


_LAST = (
    select(func.max(QuotaMove.seq))
    .where(QuotaMove.quota_id == Quota.id)
    .correlate(Quota)
    .scalar_subquery()
)
LAST_MOVE = and_(QuotaMove.quota_id == Quota.id, QuotaMove.seq == _LAST)
"""Joins a quota with its last move."""

ALLOTTED = and_(
    Allotment.document_id == Quota.document_id,
    Allotment.indicator_id == Quota.indicator_id,
    Allotment.phase_id == Quota.phase_id,
)
"""Joins a quota with how its target was split."""


def in_state(state: QuotaState) -> ColumnElement[bool]:
    """Return the condition on a quota joined with its last move."""
    moves = QuotaMove.move.in_(MOVES_OF[state])
    return moves | QuotaMove.id.is_(None) if state is QuotaState.WAITING else moves


def _standings(scope: Scope) -> Select:
    return (
        select(Quota, Unit, Indicator, Phase, QuotaMove, Allotment.reply_by)
        .join(Document, Document.id == Quota.document_id)
        .join(Unit, Unit.id == Quota.unit_id)
        .join(Indicator, Indicator.id == Quota.indicator_id)
        .join(Phase, Phase.id == Quota.phase_id)
        .outerjoin(QuotaMove, LAST_MOVE)
        .outerjoin(Allotment, ALLOTTED)
        .where(documents_seen(scope), quotas_seen(scope))
        .order_by(Indicator.ordinal, Phase.ordinal, Unit.sort_key, Unit.id)
    )


def standings(
    session: Session,
    document_id: int,
    scope: Scope,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
    offset: int = 0,
) -> list[QuotaStanding]:
    """Read the quotas of a document that meet conditions on `Quota`, each with its last move."""
    statement = _standings(scope).where(Quota.document_id == document_id, *conditions)
    statement = statement.limit(limit).offset(offset)
    return [QuotaStanding(*row) for row in session.execute(statement)]


def moves(session: Session, quota_ids: Sequence[int]) -> dict[int, list[QuotaMove]]:
    """Read the ledger of quotas that the caller has read in its scope, the oldest move first."""
    statement = (
        select(QuotaMove)
        .where(QuotaMove.quota_id.in_(quota_ids))
        .order_by(QuotaMove.quota_id, QuotaMove.seq)
    )
    found: dict[int, list[QuotaMove]] = {}
    for move in session.scalars(statement):
        found.setdefault(move.quota_id, []).append(move)
    return found


@dataclass(frozen=True)
class Errand:
    """Quotas of one document that wait on a unit: to answer them, or to settle what was asked."""

    document_id: int
    period: Period
    giver: Unit
    mine: bool
    count: int
    reply_by: date | None


def errands(session: Session, unit_id: int, scope: Scope) -> list[Errand]:
    """List what waits on a unit: quotas not answered, proposals not settled."""
    return [
        Errand(document_id, period, giver, giver.id == unit_id, count, reply_by)
        for document_id, period, giver, count, reply_by in session.execute(
            errands_asked(unit_id, scope)
        )
    ]


@lru_cache(maxsize=512)
def errands_asked(unit_id: int, scope: Scope) -> Select[Any]:
    """Kept: every desk asks it, and to make it takes longer than to run it."""
    given = Document.unit_id == unit_id
    waiting = (
        (Quota.unit_id == unit_id)
        & in_state(QuotaState.WAITING)
        & Document.in_force_number.is_not(None)
    )
    return (
        select(Document.id, Period, Unit, func.count(), func.min(Allotment.reply_by))
        .select_from(Quota)
        .join(Document, Document.id == Quota.document_id)
        .join(Period, Period.id == Document.period_id)
        .join(Unit, Unit.id == Document.unit_id)
        .outerjoin(QuotaMove, LAST_MOVE)
        .outerjoin(Allotment, ALLOTTED)
        .where(
            Document.kind.in_(handing_down()),
            documents_seen(scope),
            quotas_seen(scope),
            waiting | given & in_state(QuotaState.PROPOSED),
        )
        .group_by(Document.id, Period.id, Unit.id)
        .order_by(Period.starts_on.desc(), Document.id)
    )


@dataclass(frozen=True)
class QuotaRound:
    """One hand-down: when, by whom, to how many units."""

    at: datetime
    person: str
    units: int


def rounds(session: Session, document_id: int, scope: Scope) -> list[QuotaRound]:
    """List the hand-downs of a document, the oldest first, as far as the scope sees them."""
    statement = (
        select(QuotaMove.at, QuotaMove.person_name, func.count(Quota.unit_id.distinct()))
        .join(Quota, Quota.id == QuotaMove.quota_id)
        .join(Document, Document.id == Quota.document_id)
        .where(
            Quota.document_id == document_id,
            QuotaMove.move == Move.HAND_DOWN,
            documents_seen(scope),
            quotas_seen(scope),
        )
        .group_by(QuotaMove.at, QuotaMove.person_id, QuotaMove.person_name)
        .order_by(QuotaMove.at)
    )
    return [QuotaRound(at, name, units) for at, name, units in session.execute(statement)]
