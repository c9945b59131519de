"""Mail of requests, written in the transaction of the step that it tells of.

What goes up calls those who answer; what comes down calls the unit that asks, and is news to the
units between. The letter holds in words what was said, since more may be said before it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, system
from lth.core import clock
from lth.mail import outbox
from lth.mail.declarations import Declaration, Payload, declare
from lth.mail.outbox import Mail
from lth.mail.recipients import holders
from lth.models import ReportRequest, RequestMove
from lth.models.kind import Kind
from lth.models.person import Role
from lth.models.request import RequestStep
from lth.reporting.request_steps import ANSWERERS
from lth.workflow.kinds import document_within


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """One request in a letter: what is asked, and what was said in the step."""

    request_id: int
    text: str
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class RequestMail(Payload):
    """One step of some requests of a report, as it is told at one unit."""

    unit_id: int
    document_id: int
    kind: Kind
    period: str
    asker: str
    step: RequestStep
    to_unit: str
    actor: str
    actor_role: Role
    actor_unit: str
    at: datetime
    requests: tuple[RequestLine, ...]

    @property
    def thread(self) -> int:
        return self.document_id

    @property
    def task(self) -> tuple[Any, ...]:
        return "requests", *sorted(one.request_id for one in self.requests)

    def words(self) -> dict[str, Any]:
        """Return the report as it is called within a sentence, and how many requests there are."""
        return {
            "document": document_within(self.kind, self.period),
            "count": len(self.requests),
        }


def _page_above(mail: RequestMail) -> str:
    return _page(mail, "requests/below")


def _page_below(mail: RequestMail) -> str:
    return _page(mail, "requests")


def _page(mail: RequestMail, listing: str) -> str:
    one = len(mail.requests) == 1
    return f"requests/{mail.requests[0].request_id}" if one else listing


UP = declare(
    "request_up", RequestMail, audience=ANSWERERS, page=_page_above, still="request_stands"
)
"""What comes from below, to those who answer."""

DOWN = declare(
    "request_down",
    RequestMail,
    audience=frozenset({Role.CLERK, Role.SPECIALIST, Role.LEADER}),
    page=_page_below,
    still="request_stands",
)
"""What comes from above, to those who drew the report up and their leader."""


class Told(NamedTuple):
    """A unit that is told of a step of a request; `turn`: the next step is its own."""

    unit_id: int
    declaration: Declaration[RequestMail]
    turn: bool


def tell(
    session: Session,
    actor: Actor,
    steps: Sequence[tuple[ReportRequest, RequestMove]],
    told: Sequence[Told],
    now: datetime,
) -> int:
    """Write one letter to each person of the audience at each unit; returns how many.

    All steps are of one report and alike. Nobody is told of what they did themselves.
    """
    if not steps:
        return 0
    first, move = steps[0]
    mail = RequestMail(
        unit_id=0,
        document_id=first.document_id,
        kind=first.kind,
        period=first.period.code,
        asker=first.unit_name,
        step=move.step,
        to_unit=move.to_unit_name,
        actor=actor.person_name,
        actor_role=actor.role,
        actor_unit=actor.unit_name,
        at=now,
        requests=tuple(
            RequestLine(request_id=one.id, text=one.text, said=said.text) for one, said in steps
        ),
    )
    with system(session, Purpose.TELL):
        letters = [
            letter for one in told for letter in _letters(session, actor, first, mail, one, move.id)
        ]
        return len(outbox.write(session, letters, now))


def _letters(
    session: Session,
    actor: Actor,
    request: ReportRequest,
    mail: RequestMail,
    told: Told,
    move_id: int,
) -> list[Mail]:
    """Write to those at one unit; in the unit that asks, to who draws its reports up."""
    roles = told.declaration.audience
    asks = told.unit_id == request.unit_id
    if asks:
        roles = roles & {request.kind.drafter, Role.LEADER}
    found = holders(
        session,
        roles,
        clock.local(mail.at).date(),
        programme_id=request.programme_id,
        unit_ids={told.unit_id},
        own=asks,
    )
    held: dict[int, set[Role]] = {}
    for holder in found:
        if holder.person_id != actor.person_id:
            held.setdefault(holder.person_id, set()).add(holder.role)
    letters = []
    for person_id, theirs in held.items():
        as_roles = {"turn_as" if told.turn else "news_as": tuple(sorted(theirs))}
        payload = replace(mail, unit_id=told.unit_id, turn=told.turn, **as_roles)
        dedupe = f"{told.declaration.kind}:{move_id}:{told.unit_id}:{person_id}"
        letters.append(Mail(told.declaration, payload, person_id, told.unit_id, dedupe))
    return letters
