"""Cast the demo's people: one for each role, named after what they do and never after anybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lth.access.actor import Actor
from lth.core import clock
from lth.core.vietnamese import search_key
from lth.demo import places
from lth.demo.places import ADMINISTRATION, ASSOCIATION, FINANCE, HEALTH, SOCIAL, Branch
from lth.models import Credential, Person, RoleAssignment, Unit
from lth.models.person import Role
from lth.models.unit import Level, OfficeFunction

DOMAIN = "lth.example"
SHOWN_AT = {"849", "29467", "07264"}
"""Units with an observer and an administrator of their own: one of each level, by code."""

_TYPE_IN_ADDRESS = {"xã": ""}


@dataclass(frozen=True)
class DemoPost:
    """Work that one person does at a unit: the roles held there, and how they are called."""

    roles: tuple[Role, ...]
    address: str
    name: str
    position: str
    office: OfficeFunction | None = None


_LEADER = DemoPost((Role.LEADER,), "lanh-dao", "Lãnh đạo UBND", "Chủ tịch Ủy ban nhân dân")
_OBSERVER = DemoPost(
    (Role.OBSERVER,), "giam-sat", "Giám sát viên MTTQ", "Ủy viên Ủy ban MTTQ Việt Nam"
)
_UNIT_ADMIN = DemoPost(
    (Role.UNIT_ADMIN,),
    "quan-tri",
    "Quản trị đơn vị",
    "Quản trị hệ thống của đơn vị",
    ADMINISTRATION,
)


def _clerk(name: str, position: str) -> DemoPost:
    return DemoPost((Role.CLERK,), "can-bo", name, position, SOCIAL)


def _specialist(name: str, office: OfficeFunction) -> DemoPost:
    """Appraise what comes from below and draft the unit's own documents, in two roles."""
    roles = (Role.SPECIALIST, Role.CLERK)
    return DemoPost(roles, "chuyen-vien", f"Chuyên viên {name}", f"Chuyên viên {name}", office)


def _finance(office: str) -> DemoPost:
    title = f"Chuyên viên {office}"
    return DemoPost((Role.FINANCE_APPRAISER,), "kinh-phi", title, title, FINANCE)


def _format(office: str) -> DemoPost:
    title = f"Chuyên viên {office}"
    return DemoPost((Role.FORMAT_APPRAISER,), "the-thuc", title, title, ADMINISTRATION)


_POSTS_OF_THREE_TIERS = {
    Level.COMMUNE: (
        _clerk("Cán bộ LĐTBXH", "Công chức Lao động - Thương binh và Xã hội"),
        _LEADER,
    ),
    Level.DISTRICT: (
        _specialist("Phòng LĐTBXH", SOCIAL),
        _finance("Phòng TC-KH"),
        _format("Văn phòng HĐND-UBND"),
        _LEADER,
    ),
    Level.PROVINCE: (
        _specialist("Sở LĐTBXH", SOCIAL),
        _finance("Sở Tài chính"),
        _format("Văn phòng UBND"),
        _LEADER,
    ),
}

_POSTS_OF_TWO_TIERS = {
    Level.COMMUNE: (
        _clerk("Cán bộ VH-XH", "Công chức Văn hóa - Xã hội"),
        _LEADER,
    ),
    Level.PROVINCE: (
        _specialist("Sở Y tế", HEALTH),
        _finance("Sở Tài chính"),
        _format("Văn phòng UBND"),
        _LEADER,
    ),
}


@dataclass
class Register:
    """Writes people down, all with the one password hash."""

    session: Session
    password_hash: str
    now: datetime

    def appoint(self, branch: Branch) -> None:
        """Fill the posts of every unit of a branch."""
        posts = _POSTS_OF_THREE_TIERS if branch.districts else _POSTS_OF_TWO_TIERS
        offices = places.offices(self.session)
        for unit in branch.units:
            for post in (*posts[unit.level], *_shown_at(unit)):
                office_id = offices.get((unit.id, post.office)) if post.office else None
                self._fill(post, unit, office_id)
        self.session.flush()

    def appoint_for_two(self, first: Unit, second: Unit) -> Person:
        """Appoint a person of the association of older people who drafts in two communes."""
        names = f"{first.full_name} và {second.full_name}"
        person = self._person(
            f"hoi-nct.{_slug(first)}-{_slug(second)}",
            f"Cán bộ Hội NCT {names}",
            "Ủy viên Ban Chấp hành Hội Người cao tuổi",
        )
        offices = places.offices(self.session)
        for unit in (first, second):
            self._assign(person, Role.CLERK, unit, offices[unit.id, ASSOCIATION])
        self.session.flush()
        return person

    def appoint_administrator(self) -> None:
        """Appoint the system administrator, who has no unit."""
        person = self._person("quan-tri", "Quản trị hệ thống", "Quản trị hệ thống")
        self._assign(person, Role.SYSTEM_ADMIN, None, None)
        self.session.flush()

    def _fill(self, post: DemoPost, unit: Unit, office_id: int | None) -> None:
        address = f"{post.address}.{_slug(unit)}"
        person = self._person(address, f"{post.name} {unit.full_name}", post.position)
        for role in post.roles:
            self._assign(person, role, unit, office_id)

    def _person(self, address: str, name: str, position: str) -> Person:
        person = Person(name=name, position=position, created_at=self.now)
        person.credential = Credential(
            email=f"{address}@{DOMAIN}", password_hash=self.password_hash
        )
        self.session.add(person)
        return person

    def _assign(self, person: Person, role: Role, unit: Unit | None, office_id: int | None) -> None:
        """Assign roles that are in force from a year ago, so that the story may lie some weeks
        back.
        """
        since = clock.local(self.now).date() - timedelta(days=365)
        assignment = RoleAssignment(
            person=person,
            role=role,
            unit_id=unit.id if unit else None,
            office_id=office_id,
            valid_from=since,
        )
        self.session.add(assignment)


def _shown_at(unit: Unit) -> Iterator[DemoPost]:
    if unit.level is Level.PROVINCE or unit.code in SHOWN_AT:
        yield from (_OBSERVER, _UNIT_ADMIN)


def _slug(unit: Unit) -> str:
    """Return the unit in an e-mail address; a xã goes without its type: tap-son, huyen-tra-cu."""
    kind = _TYPE_IN_ADDRESS.get(unit.type, unit.type)
    return search_key(f"{kind} {unit.name}").replace(" ", "-")


class Cast:
    """Actors of the demo, by unit and role."""

    def __init__(self, session: Session):
        statement = (
            select(RoleAssignment)
            .join(RoleAssignment.person)
            .outerjoin(RoleAssignment.unit)
            .options(
                contains_eager(RoleAssignment.person),
                contains_eager(RoleAssignment.unit),
                joinedload(RoleAssignment.office),
            )
            .join(Credential, Credential.person_id == Person.id)
            .where(Credential.email.endswith(f"@{DOMAIN}"))
            .order_by(RoleAssignment.id)
        )
        self._actors: dict[tuple[int | None, Role], list[Actor]] = {}
        for held in session.scalars(statement):
            self._actors.setdefault((held.unit_id, held.role), []).append(Actor.of(held))

    def of(self, unit: Unit, role: Role) -> Actor:
        """Return who holds a role at a unit in the first place."""
        return self._actors[unit.id, role][0]

    def second(self, unit: Unit, role: Role) -> Actor:
        """Return who holds it beside them."""
        return self._actors[unit.id, role][1]
