"""What vacant roles say on pages: to whom they fell, and to whoever is about to make one."""

from collections.abc import Collection
from dataclasses import dataclass

from lth.access.roles import role_label
from lth.access.scope import Purpose, system
from lth.blueprints.web import current
from lth.core import clock
from lth.core.language import gettext, ngettext
from lth.models import RoleAssignment
from lth.workflow import vacancies
from lth.workflow.vacancies import Heir, Vacancy


@dataclass(frozen=True)
class VacancyWarning:
    """A vacancy that an act would make: what waits on it, and who is asked instead."""

    waits: str
    asks: str


def fallen() -> list[str]:
    """Word the vacancies that the actor is asked to see to."""
    found = vacancies.fallen_to(current.database(), current.actor(), clock.today())
    return [_waits(vacancy) for vacancy in found]


def ending(held: RoleAssignment) -> list[VacancyWarning]:
    """Warn of what ending a role leaves to nobody."""
    session = current.database()
    with system(session, Purpose.ADMINISTER):
        ids = vacancies.ended_with(session, held)
        return _warnings({held.unit_id} if held.unit_id else set(), ids)


def locking(person_id: int, held: Collection[RoleAssignment]) -> list[VacancyWarning]:
    """Warn of what locking somebody's account leaves to nobody, at the units of their roles."""
    session = current.database()
    with system(session, Purpose.ADMINISTER):
        ids = vacancies.of_person(session, person_id, None)
        return _warnings({one.unit_id for one in held if one.unit_id}, ids)


def taking_back(unit_id: int) -> list[VacancyWarning]:
    """Warn of what waits on those alone who sign for others at a unit: on nobody, were they not."""
    session = current.database()
    with system(session, Purpose.ADMINISTER):
        return _warnings({unit_id}, vacancies.lent_at(session, unit_id, clock.today()))


def _warnings(unit_ids: set[int], assignment_ids: Collection[int]) -> list[VacancyWarning]:
    left = vacancies.left_by(current.database(), unit_ids, assignment_ids, clock.today())
    return [VacancyWarning(_waits(vacancy), _asks(heirs)) for vacancy, heirs in left.items()]


def _waits(vacancy: Vacancy) -> str:
    return ngettext(
        "Không có ai giữ vai trò “%(role)s” ở %(unit)s: %(num)s việc đang chờ",
        "Không có ai giữ vai trò “%(role)s” ở %(unit)s: %(num)s việc đang chờ",
        vacancy.count,
        role=role_label(vacancy.role),
        unit=vacancy.unit_name,
    )


def _asks(heirs: list[Heir]) -> str:
    if not heirs:
        return gettext("Không còn ai để hệ thống nhắc. Hãy giao vai trò này cho người khác trước.")
    named = [
        gettext("%(name)s (%(role)s)", name=heir.name, role=role_label(heir.role)) for heir in heirs
    ]
    return gettext("Hệ thống sẽ nhắc: %(people)s.", people=", ".join(named))
