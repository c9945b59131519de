"""What people change about themselves: their name and position, and the role they begin in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lth.access.actor import in_force
from lth.access.scope import Purpose, system
from lth.administration import audit, people
from lth.administration.context import fingerprint
from lth.core import clock
from lth.core.errors import StaleError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line
from lth.models import Person, RoleAssignment


@dataclass(frozen=True)
class OwnDetails:
    """A person's name and position, as their own page shows them."""

    name: str
    position: str

    @property
    def version(self) -> str:
        """A digest that changes whenever one of them does."""
        return fingerprint(self.name, self.position)


def details(session: Session, person_id: int) -> OwnDetails:
    """Read a person's own name and position."""
    with system(session, Purpose.SIGN_IN):
        statement = select(Person.name, Person.position).where(Person.id == person_id)
        return OwnDetails(*session.execute(statement).one())


def rename(session: Session, person_id: int, wanted: OwnDetails, seen: str, now: datetime) -> bool:
    """Write another name or position of one's own; returns whether anything changed.

    It is noted at each unit where they hold or will hold a role. Raises StaleError where they are
    no longer as they were seen, and RefusedError.
    """
    after = {"name": people.checked_name(wanted.name), "position": one_line(wanted.position)}
    with system(session, Purpose.SIGN_IN):
        held = select(Person).where(Person.id == person_id).with_for_update()
        person = session.scalars(held.execution_options(populate_existing=True)).one()
        before = {"name": person.name, "position": person.position}
        if seen != OwnDetails(**before).version:
            text = N_("Tên, chức vụ đã thay đổi trong lúc trang này đang mở. Hãy xem lại rồi lưu.")
            raise StaleError(Message(text))
        changes = audit.differing(before, after)
        if not changes:
            return False
        person.name, person.position = after["name"], after["position"]
        for unit_id in _places(session, person_id, now):
            told = (unit_id, "people.renamed", person_id, before["name"], changes)
            audit.record(session, *told, now=now)
    return True


def begin_in(session: Session, person_id: int, assignment_id: int, now: datetime) -> bool:
    """Have a person begin in one of their own roles from now on; False where it is none."""
    mine = RoleAssignment.person_id == person_id
    with system(session, Purpose.SIGN_IN):
        wanted = session.scalar(
            select(RoleAssignment.id).where(
                mine,
                RoleAssignment.id == assignment_id,
                RoleAssignment.delegation_id.is_(None),
                in_force(clock.local(now).date()),
            )
        )
        if wanted is None:
            return False
        session.execute(
            update(RoleAssignment)
            .where(mine, or_(RoleAssignment.preferred, RoleAssignment.id == wanted))
            .values(preferred=RoleAssignment.id == wanted)
            .execution_options(synchronize_session=False)
        )
    return True


def _places(session: Session, person_id: int, now: datetime) -> list[int | None]:
    """List the units where a person holds or will hold a role; [None] where there is none."""
    today = clock.local(now).date()
    statement = (
        select(RoleAssignment.unit_id)
        .where(
            RoleAssignment.person_id == person_id,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to > today),
        )
        .distinct()
        .order_by(RoleAssignment.unit_id)
    )
    return list(session.scalars(statement)) or [None]
