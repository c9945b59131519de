"""Mail of what visits find: to the commune that has to mend it, and back to who visited."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, system
from lth.core import clock
from lth.mail import outbox
from lth.mail.declarations import Declaration, Payload, declare
from lth.mail.outbox import Mail
from lth.mail.recipients import holders
from lth.models import Club, FindingMove, Visit, VisitFinding
from lth.models.person import Role
from lth.models.visit import FindingStage, FindingStep, Mender

OF_NO_PROGRAMME = 0
"""Visits are of no programme: who signs for another in one alone is not told of them."""


@dataclass(frozen=True, kw_only=True)
class FindingMail(Payload):
    """What was found at a club, or what became of it; `awaits`: in which stage it calls to act."""

    finding_id: int
    club: str
    commune: str
    found: str
    said: str
    step: FindingStep | None
    awaits: FindingStage
    due_on: date
    actor: str
    actor_role: Role
    actor_unit: str
    at: datetime

    @property
    def task(self) -> tuple[Any, ...]:
        return "finding", self.finding_id

    @property
    def day(self) -> date | None:
        return self.due_on if self.awaits is FindingStage.OPEN else None


def _page(mail: FindingMail) -> str:
    return f"clubs/findings/{mail.finding_id}"


FOUND = declare(
    "visit_found",
    FindingMail,
    audience=frozenset({Role.CLERK, Role.LEADER}),
    page=_page,
    still="finding_stands",
)
"""What was found, or is still wrong, to the club's commune."""

FOLLOWED = declare(
    "visit_followed",
    FindingMail,
    audience=frozenset({Role.CLERK, Role.SPECIALIST}),
    page=_page,
    still="finding_stands",
)
"""What was done about it, to the unit that visited; and to the commune, that it is closed."""


def tell_found(
    session: Session, actor: Actor, visit: Visit, found: VisitFinding, club: Club, now: datetime
) -> int:
    """Tell the club's commune what a visit found there (`unit` of the club loaded)."""
    if club.unit_id == visit.unit_id:
        return 0
    mail = _mail(actor, found, club, now, awaits=FindingStage.OPEN)
    calls = found.mender is not Mender.VISITOR
    return _send(session, actor, FOUND, mail, club.unit_id, calls, f"found:{found.id}")


def tell_followed(
    session: Session, actor: Actor, found: VisitFinding, move: FindingMove, now: datetime
) -> int:
    """Tell the other side of a finding what was done; nobody where both are one unit."""
    club = found.club
    if club.unit_id == found.unit_id:
        return 0
    step, key = move.step, f"move:{move.id}"
    said: dict[str, Any] = {"step": step, "said": move.text}
    if step is FindingStep.MEND and actor.unit_id == club.unit_id:
        mail = _mail(actor, found, club, now, awaits=FindingStage.MENDED, **said)
        return _send(session, actor, FOLLOWED, mail, found.unit_id, True, key)
    again = step is FindingStep.REOPEN
    mail = _mail(actor, found, club, now, awaits=FindingStage.OPEN, **said)
    calls = again and found.mender is not Mender.VISITOR
    declaration = FOUND if again else FOLLOWED
    return _send(session, actor, declaration, mail, club.unit_id, calls, key)


def _mail(
    actor: Actor,
    found: VisitFinding,
    club: Club,
    now: datetime,
    *,
    awaits: FindingStage,
    step: FindingStep | None = None,
    said: str = "",
) -> FindingMail:
    return FindingMail(
        finding_id=found.id,
        club=club.name,
        commune=club.unit.full_name,
        found=found.text,
        said=said,
        step=step,
        awaits=awaits,
        due_on=found.due_on,
        actor=actor.person_name,
        actor_role=actor.role,
        actor_unit=actor.unit_name,
        at=now,
    )


def _send(
    session: Session,
    actor: Actor,
    declaration: Declaration[FindingMail],
    mail: FindingMail,
    unit_id: int,
    calls: bool,
    key: str,
) -> int:
    with system(session, Purpose.TELL):
        held = _people(session, actor, declaration.audience, unit_id, mail.at)
        letters = []
        for person_id, roles in held.items():
            as_roles = {"turn_as" if calls else "news_as": tuple(sorted(roles))}
            payload = replace(mail, turn=calls, **as_roles)
            dedupe = f"{declaration.kind}:{key}:{person_id}"
            letters.append(Mail(declaration, payload, person_id, unit_id, dedupe))
        return len(outbox.write(session, letters, mail.at))


def _people(
    session: Session, actor: Actor, roles: Collection[Role], unit_id: int, at: datetime
) -> dict[int, set[Role]]:
    """Find who holds one of the roles at a unit, but for who acts."""
    found = holders(
        session,
        roles,
        clock.local(at).date(),
        programme_id=OF_NO_PROGRAMME,
        unit_ids={unit_id},
    )
    held: dict[int, set[Role]] = {}
    for holder in found:
        if holder.person_id != actor.person_id:
            held.setdefault(holder.person_id, set()).add(holder.role)
    return held
