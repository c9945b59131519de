"""The person acting, in one of the roles they hold."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lth.models import Delegation, Person, RoleAssignment, Unit
from lth.models.delegation import Subject
from lth.models.document import SignForm
from lth.models.person import Role
from lth.models.unit import Level


@dataclass(frozen=True)
class Giver:
    """A person who lets somebody else sign, and the form in which they do."""

    person_id: int
    name: str
    position: str
    form: SignForm


@dataclass(frozen=True)
class OnBehalf:
    """The decision that lends an actor their role: who for whom, of what, from when to when.

    `under`, of a power that was passed on, is the decision under which its giver holds it.
    """

    delegation_id: int
    giver: Giver
    subject: Subject
    programme_id: int | None
    number: str
    decided_on: date
    starts_on: date
    ends_on: date
    under: Giver | None = None

    @classmethod
    def of(cls, delegation: Delegation) -> "OnBehalf":
        """Return what a decision lends (its giver and what it was passed on from loaded)."""
        above = delegation.passed_on_from if delegation.passed_on_from_id is not None else None
        return cls(
            delegation_id=delegation.id,
            giver=_giver(delegation),
            subject=delegation.subject,
            programme_id=delegation.programme_id,
            number=delegation.number,
            decided_on=delegation.decided_on,
            starts_on=delegation.starts_on,
            ends_on=delegation.ends_on,
            under=_giver(above) if above is not None else None,
        )

    @property
    def form(self) -> SignForm:
        return self.giver.form

    @property
    def signed_for(self) -> tuple[int, ...]:
        """The ids of those in whose stead the receiver signs."""
        above = (self.under.person_id,) if self.under else ()
        return (self.giver.person_id, *above)

    def lets(self, own: bool) -> bool:
        """Tell whether it is about the unit's own documents, or (not `own`) those from below."""
        return self.subject in {Subject.ALL, Subject.OWN if own else Subject.BELOW}


def _giver(delegation: Delegation) -> Giver:
    person = delegation.giver
    return Giver(person.id, person.name, person.position, delegation.form)


@dataclass(frozen=True)
class Actor:
    """A person in one role at one unit; a system administrator has no unit."""

    person_id: int
    person_name: str
    assignment_id: int
    role: Role
    unit_id: int | None
    unit_path: str
    unit_name: str
    level: Level | None
    office_id: int | None = None
    office_name: str = ""
    language: str = "vi"
    position: str = ""
    on_behalf: OnBehalf | None = None

    @classmethod
    def of(cls, assignment: RoleAssignment) -> "Actor":
        """Return the actor an assignment makes of its person (all that `LENT` names is loaded)."""
        unit, office, person = assignment.unit, assignment.office, assignment.person
        lent = assignment.delegation if assignment.delegation_id is not None else None
        return cls(
            person_id=person.id,
            person_name=person.name,
            assignment_id=assignment.id,
            role=assignment.role,
            unit_id=unit.id if unit else None,
            unit_path=unit.path if unit else "",
            unit_name=unit.full_name if unit else "",
            level=unit.level if unit else None,
            office_id=office.id if office else None,
            office_name=office.name if office else "",
            language=person.language,
            position=person.position,
            on_behalf=OnBehalf.of(lent) if lent is not None else None,
        )

    def covers(self, own: bool, programme_id: int) -> bool:
        """Tell whether the role reaches to documents of a programme: the unit's own, or (not
        `own`) those from below. Only a role that is lent for some of them does not."""
        lent = self.on_behalf
        return lent is None or (lent.lets(own) and lent.programme_id in {None, programme_id})


LENT = (
    joinedload(RoleAssignment.delegation).joinedload(Delegation.giver),
    joinedload(RoleAssignment.delegation)
    .joinedload(Delegation.passed_on_from)
    .joinedload(Delegation.giver),
)
"""What an actor in a lent role is made of, loaded with the role in the same query."""


def lent_rows(assignment: RoleAssignment) -> list[object]:
    """List the rows that `LENT` has loaded beside a role."""
    rows: list[object] = []
    lent = assignment.delegation if assignment.delegation_id is not None else None
    while lent is not None:
        rows += [lent, lent.giver]
        lent = lent.passed_on_from if lent.passed_on_from_id is not None else None
    return rows


def assignments(session: Session, person_id: int, on: date) -> list[RoleAssignment]:
    """List a person's roles in force on a day, with all that makes an actor, in one query."""
    statement = (
        select(RoleAssignment)
        .join(RoleAssignment.person)
        .outerjoin(RoleAssignment.unit)
        .outerjoin(RoleAssignment.office)
        .options(
            contains_eager(RoleAssignment.person),
            contains_eager(RoleAssignment.unit),
            contains_eager(RoleAssignment.office),
            *LENT,
        )
        .where(RoleAssignment.person_id == person_id, Person.active, in_force(on))
        .order_by(Unit.path, RoleAssignment.id)
    )
    return list(session.scalars(statement))


def in_force(on: date):
    """Select role assignments in force on a day."""
    open_ended = RoleAssignment.valid_to.is_(None) | (RoleAssignment.valid_to > on)
    return (RoleAssignment.valid_from <= on) & open_ended
