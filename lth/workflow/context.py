"""Hold what conditions, guards, effects and audiences look at: one act under way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.core import clock
from lth.core.readers.document_numbers import tidied
from lth.mail.codec import encode
from lth.models import Document, Event, Opinion, Revision, UnitSettings
from lth.models.document import SignForm, Status
from lth.models.opinion import Verdict
from lth.workflow import deadlines
from lth.workflow.acts import By, Place, Row, ways_of_naming
from lth.workflow.deadlines import Due, Schedule


@dataclass(frozen=True)
class Inputs:
    """The actor's entries; a row's `asks` says which of them an act wants.

    The number is written as numbers are; `day_confirmed` where a day that is not likely is right,
    `number_confirmed` where one is that leaves others empty;
    `reason_kept` where nothing was said of the reason, not even that there is none: what was said
    before stays.
    """

    reason: str = ""
    document_number: str = ""
    document_date: date | None = None
    sign_form: SignForm | None = None
    verdict: Verdict | None = None
    until: date | None = None
    day_confirmed: bool = False
    reason_kept: bool = False
    number_confirmed: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "document_number", tidied(self.document_number))

    def recorded(self) -> dict[str, str]:
        """Return the filled ones beside the reason, as the event keeps them."""
        values = {name: value for name, value in encode(self).items() if value}
        values.pop("reason", None)
        values.pop("day_confirmed", None)
        values.pop("reason_kept", None)
        values.pop("number_confirmed", None)
        return values


@dataclass
class ActContext:
    """One act under way on one document."""

    session: Session
    document: Document
    actor: Actor
    now: datetime
    inputs: Inputs = field(default_factory=Inputs)
    row: Row | None = None
    event: Event | None = None
    outcome: dict[str, Any] = field(default_factory=dict)
    event_data: dict[str, Any] = field(default_factory=dict)
    """What the event keeps beside the inputs, for *undo*."""
    memo: dict[str, Any] = field(default_factory=dict)
    """What a layer above has read for more than one of its guards."""
    _settings: dict[int | None, UnitSettings] = field(default_factory=dict)

    def pending(self, name: str) -> Any:
        """Return a column of the document as the effects have left it so far."""
        return self.outcome.get(name, getattr(self.document, name))

    def set(self, name: str, value: Any) -> None:
        """Set a column of the document when the act is carried out.

        Not at once: state and revision numbers are held together by CHECKs, so they change in
        one UPDATE.
        """
        self.outcome[name] = value

    @property
    def today(self) -> date:
        """Return the day in Viet Nam."""
        return clock.local(self.now).date()

    @property
    def owed_as(self) -> Status:
        """Return the state by which the day that binds is chosen."""
        return deadlines.owed_as(self.document.status, self.document.cleared_from)

    @property
    def places(self) -> frozenset[By]:
        """Return the table's ways of naming this actor on this document."""
        actor, document = self.actor, self.document
        own: frozenset[By] = frozenset()
        if actor.unit_id == document.unit_id and actor.covers(True, document.programme_id):
            own = frozenset(ways_of_naming(document.kind, actor.role, Place.OWN))
        at_next = actor.unit_id is not None and actor.unit_id == document.next_unit_id
        if at_next and actor.covers(False, document.programme_id):
            return own | {By(actor.role, Place.NEXT)}
        return own

    @cached_property
    def head(self) -> Revision:
        """Return the newest revision."""
        return self.revision(self.pending("head_number"))

    def forget_head(self) -> None:
        """Read the newest revision anew: it is another one from now on."""
        self.__dict__.pop("head", None)
        self.forget_opinions()

    @cached_property
    def opinions(self) -> Sequence[Opinion]:
        """Return every opinion on the newest revision, in the order they came in; read once."""
        statement = (
            select(Opinion)
            .where(Opinion.revision_id == self.head.id)
            .order_by(Opinion.given_at, Opinion.id)
        )
        return self.session.scalars(statement).all()

    def forget_opinions(self) -> None:
        """Read the opinions anew: there is another one from now on."""
        self.__dict__.pop("opinions", None)

    def revision(self, number: int) -> Revision:
        statement = select(Revision).where(
            Revision.document_id == self.document.id, Revision.number == number
        )
        return self.session.scalars(statement).one()

    @cached_property
    def last_event(self) -> Event | None:
        statement = (
            select(Event)
            .where(Event.document_id == self.document.id)
            .order_by(Event.seq.desc())
            .limit(1)
        )
        return self.session.scalars(statement).first()

    @cached_property
    def schedule(self) -> Schedule:
        """Read when the document is due, and the working days around it; once."""
        return deadlines.schedule(self.session, self.document)

    @property
    def due(self) -> Due | None:
        return self.schedule.due

    def settings(self, unit_id: int | None) -> UnitSettings:
        """Return a unit's settings, or the defaults it has not changed; read once."""
        if unit_id not in self._settings:
            stored = self.session.get(UnitSettings, unit_id) if unit_id else None
            self._settings[unit_id] = stored or UnitSettings(
                unit_id=unit_id, clearance_needed=True, leading_office_id=None, required_opinions=[]
            )
        return self._settings[unit_id]
