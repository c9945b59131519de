"""Mail rows, written in the transaction of the act they tell of; sent by a layer above."""

from sqlalchemy import insert

from lth.access.scope import Purpose, system
from lth.models import OutboxMessage
from lth.models.outbox import Delivery
from lth.workflow.context import Case
from lth.workflow.registry import audience


def write(case: Case) -> int:
    """One row per person the act's row of the table tells; returns how many.

    Whoever acts is not told of it. Who is in two audiences gets one message, and the one
    that calls for an act goes before mere news.
    """
    with system(case.session, Purpose.TELL):
        told = _recipients(case)
        if told:
            case.session.execute(insert(OutboxMessage), [_row(case, *one) for one in told])
    return len(told)


def _recipients(case: Case) -> list[tuple[int, int, bool]]:
    chosen: dict[int, tuple[int, int, bool]] = {}
    for tell in sorted(case.row.tells, key=lambda tell: not tell.turn):
        for person_id, unit_id in audience[tell.audience](case):
            if person_id != case.actor.person_id:
                chosen.setdefault(person_id, (person_id, unit_id, tell.turn))
    return list(chosen.values())


def _row(case: Case, person_id: int, unit_id: int, turn: bool) -> dict:
    return {
        "event_id": case.event.id,
        "person_id": person_id,
        "unit_id": unit_id,
        "kind": case.row.act.value,
        "data": {"turn": turn},
        "delivery": Delivery.WAITING,
        "created_at": case.now,
        "due_at": case.now,
        "attempts": 0,
        "last_error": "",
    }
