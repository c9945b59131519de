"""Mail of the talk over quotas, written in the transaction of the move that it tells of.

A move is no act of the workflow's table, so its mail hangs on no event: `dedupe` names the move
and the person, and `data` holds in words what the letter says, since figures may change again
before it is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor, in_force
from lth.access.delegations import lends
from lth.access.scope import Purpose, system
from lth.content import targets
from lth.core import clock
from lth.models import Document, Indicator, OutboxMessage, Person, Phase, QuotaMove, RoleAssignment
from lth.models.outbox import Delivery
from lth.models.person import Role

HANDED, ANSWERED, SETTLED = "quota_handed", "quota_answered", "quota_settled"
"""The kinds of letters: down to who receives, up with the answer, down with the decision."""

Figures = list[dict[str, str]]


@dataclass(frozen=True)
class Letter:
    """What is told to the people of one unit; `move_id` names the move that it is about."""

    kind: str
    unit_id: int
    roles: tuple[Role, ...]
    turn: bool
    move_id: int
    figures: Figures
    reason: str = ""
    reply_by: date | None = None
    late: bool = False


def figure(
    indicator: Indicator, phase: Phase, move: QuotaMove, before: int | None = None
) -> dict[str, str]:
    """One figure in both languages: what it is of, what it is now, and what it was before."""
    years = phase.code.replace("-", "–")
    said = {"move": move.move.value, "reason": move.reason}
    for language, label in (("vi", indicator.label_vi), ("en", indicator.label_en)):
        said[f"label_{language}"] = f"{label} ({years})"
        said[f"value_{language}"] = targets.amount(move.value, indicator, language)
        if before is not None:
            said[f"before_{language}"] = targets.amount(before, indicator, language)
    return said


def send(
    session: Session, actor: Actor, document: Document, letters: Sequence[Letter], now: datetime
) -> int:
    """One row for each person of the roles at the letter's unit, but for who acts; how many."""
    if not letters:
        return 0
    words = {
        "document_id": document.id,
        "period": document.period.code,
        "giver": document.unit.full_name,
        "actor": actor.person_name,
        "actor_role": actor.role.value,
        "actor_unit": actor.unit_name,
        "at": now.isoformat(),
    }
    with system(session, Purpose.TELL):
        people = _people(session, letters, document.programme_id, now)
        rows = [
            _row(letter, person_id, words, now)
            for letter in letters
            for person_id, role in people.get(letter.unit_id, ())
            if role in letter.roles and person_id != actor.person_id
        ]
        unique = {row["dedupe"]: row for row in rows}
        if unique:
            session.execute(insert(OutboxMessage), list(unique.values()))
    return len(unique)


def _people(
    session: Session, letters: Iterable[Letter], programme_id: int, now: datetime
) -> dict[int, list[tuple[int, Role]]]:
    """Who holds a role today, by unit."""
    statement = (
        select(RoleAssignment.unit_id, RoleAssignment.person_id, RoleAssignment.role)
        .join(Person, Person.id == RoleAssignment.person_id)
        .outerjoin(RoleAssignment.delegation)
        .where(
            RoleAssignment.unit_id.in_({letter.unit_id for letter in letters}),
            Person.active,
            in_force(clock.local(now).date()),
            lends(True, programme_id),
        )
        .order_by(RoleAssignment.person_id)
    )
    found: dict[int, list[tuple[int, Role]]] = {}
    for unit_id, person_id, role in session.execute(statement):
        found.setdefault(unit_id, []).append((person_id, role))
    return found


def _row(letter: Letter, person_id: int, words: Mapping[str, object], now: datetime) -> dict:
    data = {
        **words,
        "turn": letter.turn,
        "figures": letter.figures,
        "reason": letter.reason,
        "reply_by": letter.reply_by.isoformat() if letter.reply_by else None,
        "late": letter.late,
    }
    return {
        "person_id": person_id,
        "unit_id": letter.unit_id,
        "kind": letter.kind,
        "dedupe": f"{letter.kind}:{letter.move_id}:{now.isoformat()}:{person_id}",
        "data": data,
        "delivery": Delivery.WAITING,
        "created_at": now,
        "due_at": now,
        "attempts": 0,
        "last_error": "",
    }
