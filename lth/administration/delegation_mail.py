"""Letters of a decision that lets another person sign: to its giver and to its receiver.

They hang on no event: `dedupe` names the decision and the person, and `data` holds in words what
the letter says.
"""

from sqlalchemy import insert

from lth.administration.desk import Desk
from lth.models import Delegation, OutboxMessage
from lth.models.outbox import Delivery

GIVEN, ENDED = "delegation_given", "delegation_ended"
"""The kinds of letters: that it was decided, and that it was ended before its time."""


def write(
    desk: Desk, kind: str, one: Delegation, names: tuple[str, str], programme_code: str
) -> None:
    """One row each for giver and receiver (`names`, in this order); also for whoever recorded it,
    who learns so if somebody else did it in their name. Runs in a system scope."""
    giver, receiver = names
    words = {
        "giver": giver,
        "receiver": receiver,
        "form": one.form.value,
        "subject": one.subject.value,
        "programme": programme_code,
        "number": one.number,
        "decided_on": one.decided_on.isoformat(),
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "unit": desk.unit.full_name if desk.unit else "",
        "actor": desk.actor.person_name,
        "actor_role": desk.actor.role.value,
        "at": desk.now.isoformat(),
        "turn": False,
    }
    told = ((one.giver_id, "giver"), (one.receiver_id, "receiver"))
    rows = [_row(desk, kind, one, person_id, {**words, "to": to}) for person_id, to in told]
    desk.session.execute(insert(OutboxMessage), rows)


def _row(desk: Desk, kind: str, one: Delegation, person_id: int, data: dict) -> dict:
    return {
        "person_id": person_id,
        "unit_id": one.unit_id,
        "kind": kind,
        "dedupe": f"{kind}:{one.id}:{person_id}",
        "data": data,
        "delivery": Delivery.WAITING,
        "created_at": desk.now,
        "due_at": desk.now,
        "attempts": 0,
        "last_error": "",
    }
