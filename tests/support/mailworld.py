"""A small world for mail: a province, two districts, two communes, and who holds which role there.

People are named by unit and role: `tapson.clerk`. Nobody here drafts in earnest; the content
guards, which are not what these tests are about, are told to be content (`drafted_somehow`).
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from unittest import mock

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.blueprints.web.extensions import db
from lth.models import (
    Credential,
    Deadline,
    Document,
    Event,
    OutboxMessage,
    Participation,
    Period,
    Person,
    Programme,
    Reception,
    Revision,
    RoleAssignment,
    Unit,
    UnitSettings,
)
from lth.models.document import Mode, SignForm
from lth.models.kind import Kind
from lth.models.person import Role
from lth.models.unit import Level
from lth.workflow import operations
from lth.workflow.acts import Act
from lth.workflow.context import Inputs
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.registry import guard
from lth.workflow.revisions import note_editor

DOMAIN = "@lth.example"
DECLINED = "Chưa đủ số liệu"
START = datetime(2021, 5, 7, 1, 0, tzinfo=UTC)

UNITS = (
    # key, level, type, name, parent
    ("travinh", Level.PROVINCE, "tỉnh", "Trà Vinh", None),
    ("tracu", Level.DISTRICT, "huyện", "Trà Cú", "travinh"),
    ("canglong", Level.DISTRICT, "huyện", "Càng Long", "travinh"),
    ("tapson", Level.COMMUNE, "xã", "Tập Sơn", "tracu"),
    ("ngaixuyen", Level.COMMUNE, "xã", "Ngãi Xuyên", "tracu"),
)

ABOVE = ("clerk", "leader", "specialist", "specialist2", "finance_appraiser", "format_appraiser")
STAFF = {
    "travinh": (*ABOVE, "observer", "unit_admin"),
    "tracu": (*ABOVE, "observer", "unit_admin"),
    "canglong": (*ABOVE, "unit_admin"),
    "tapson": ("clerk", "clerk2", "leader", "leader2", "observer", "unit_admin"),
    "ngaixuyen": ("clerk", "leader", "unit_admin"),
}


@dataclass
class World:
    """The small world in one test's session."""

    session: Session
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    period_id: int = 0
    now: datetime = START

    def actor(self, key: str) -> Actor:
        """The person in the role that their name says."""
        with system(self.session, Purpose.SIGN_IN):
            assignment = self.session.scalars(
                select(RoleAssignment)
                .where(RoleAssignment.person_id == self.people[key])
                .order_by(RoleAssignment.id)
            ).first()
            return Actor.of(assignment)

    def start(self, key: str, kind: Kind = PLAN) -> int:
        """A new document of the person's unit; returns its id."""
        actor = self._act_as(key)
        period = self.session.get_one(Period, self.period_id)
        document, _ = operations.start(self.session, actor, period, kind, now=self.now)
        document_id = document.id
        self.session.commit()
        return document_id

    def do(self, key: str, document_id: int, act: Act, **inputs: object) -> Event:
        """An act as its page would do it, a minute after the last one, committed."""
        actor = self._act_as(key)
        seen = self.session.get_one(Document, document_id, populate_existing=True).lock_version
        event = operations.do(
            self.session, actor, document_id, act, seen=seen, now=self.now, inputs=Inputs(**inputs)
        )
        self.session.commit()
        return event

    def _act_as(self, key: str) -> Actor:
        self.now += timedelta(minutes=1)
        actor = self.actor(key)
        bind(self.session, Scope.of(actor))
        return actor

    def told(self, event: Event) -> dict[str, bool]:
        """Who got mail of an act, and whether it is their turn."""
        keys = {person_id: key for key, person_id in self.people.items()}
        with system(self.session, Purpose.DELIVER):
            rows = self.session.execute(
                select(OutboxMessage.person_id, OutboxMessage.data).where(
                    OutboxMessage.event_id == event.id
                )
            ).all()
        assert len({person_id for person_id, _ in rows}) == len(rows)
        return {keys[person_id]: data["turn"] for person_id, data in rows}

    def message_id(self, event: Event, key: str) -> int:
        """The one message that an act sent to a person."""
        with system(self.session, Purpose.DELIVER):
            return self.session.scalars(
                select(OutboxMessage.id).where(
                    OutboxMessage.event_id == event.id,
                    OutboxMessage.person_id == self.people[key],
                )
            ).one()

    def scope(self, key: str) -> Scope:
        """The person's scope, the session bound to it."""
        scope = Scope.of(self.actor(key))
        bind(self.session, scope)
        return scope


SIGNED = {
    "document_number": "92/KH-UBND",
    "document_date": date(2021, 5, 6),
    "sign_form": SignForm.TM,
}


CONTENT_GUARDS = ("nothing_missing", "no_errors", "warnings_explained", "takeover_stands")


def drafted_somehow() -> AbstractContextManager[object]:
    """Meanwhile no guard asks what a document holds."""
    return mock.patch.dict(guard._functions, {name: lambda _case: None for name in CONTENT_GUARDS})


def find(session: Session) -> World:
    """The small world of a database that holds it."""
    world = World(session)
    with system(session, Purpose.LOAD):
        keys = {name: key for key, _, _, name, _ in UNITS}
        world.units = {keys[unit.name]: unit for unit in session.scalars(select(Unit))}
        emails = session.execute(select(Credential.email, Credential.person_id))
        world.people = {email.removesuffix(DOMAIN): person_id for email, person_id in emails}
        world.period_id = session.scalars(select(Period.id)).one()
        world.now = session.scalar(select(func.max(Event.at))) or START
        session.commit()
    return world


def fill(app: Flask) -> None:
    """The dataset "mail": the small world, before anything was done."""
    with app.app_context(), Session(db.engine) as session:
        build(session)


def fill_submitted(app: Flask) -> None:
    """The dataset "mail-submitted": Tập Sơn's plan declined once, then sent up."""
    with app.app_context(), Session(db.engine) as session, drafted_somehow():
        world = build(session)
        document_id = world.start("tapson.clerk")
        world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
        world.do("tapson.leader", document_id, Act.DECLINE, reason=DECLINED)
        world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
        world.do("tapson.leader", document_id, Act.SUBMIT)


def build(session: Session) -> World:
    """Fill an empty database and commit."""
    world = World(session)
    with system(session, Purpose.LOAD):
        for row in UNITS:
            _unit(world, *row)
        for unit_key, roles in STAFF.items():
            for role in roles:
                add_person(world, f"{unit_key}.{role}", unit_key, Role(role.rstrip("2")))
        add_person(world, "root", None, Role.SYSTEM_ADMIN)
        _gone(world)
        _programme(world)
        session.commit()
    return world


def _unit(
    world: World, key: str, level: Level, kind: str, name: str, parent_key: str | None
) -> None:
    parent = world.units.get(parent_key or "")
    unit = Unit(
        level=level,
        type=kind,
        name=name,
        code=f"{len(world.units):05d}",
        valid_from=date(2000, 1, 1),
        parent_id=parent.id if parent else None,
        path="",
        sort_key=name,
        search_key=name,
    )
    world.session.add(unit)
    world.session.flush()
    unit.path = f"{parent.path if parent else ''}{unit.id}."
    world.units[key] = unit


def add_person(
    world: World,
    key: str,
    unit_key: str | None,
    role: Role,
    *,
    active: bool = True,
    valid_to: date | None = None,
) -> None:
    """One more person, with one role; called by it and the unit."""
    person = Person(name=f"{role.value} {key}", active=active, created_at=START)
    person.credential = Credential(email=f"{key}{DOMAIN}")
    world.session.add(person)
    world.session.flush()
    world.people[key] = person.id
    add_role(world, key, unit_key, role, valid_to=valid_to)


def add_role(
    world: World, key: str, unit_key: str | None, role: Role, *, valid_to: date | None = None
) -> None:
    """One more role for a person."""
    with system(world.session, Purpose.LOAD):
        world.session.add(
            RoleAssignment(
                person_id=world.people[key],
                unit_id=world.units[unit_key].id if unit_key else None,
                role=role,
                valid_from=date(2020, 1, 1),
                valid_to=valid_to,
            )
        )


def edit(world: World, key: str, document_id: int) -> None:
    """Have a person count as one who wrote in the newest revision of a document."""
    with system(world.session, Purpose.LOAD):
        revision_id = world.session.scalars(
            select(Revision.id)
            .where(Revision.document_id == document_id)
            .order_by(Revision.id.desc())
        ).first()
        note_editor(world.session, revision_id, world.people[key])


def _gone(world: World) -> None:
    """People who must get nothing: their account is closed, or their role has ended."""
    for unit_key, role in (("tapson", Role.LEADER), ("tracu", Role.SPECIALIST)):
        add_person(world, f"{unit_key}.{role}.closed", unit_key, role, active=False)
        ended = date(2021, 5, 1)
        add_person(world, f"{unit_key}.{role}.ended", unit_key, role, valid_to=ended)


def _programme(world: World) -> None:
    """The year 2021: all take part, opinions on money and form are asked for, dates are set."""
    session, units = world.session, world.units
    programme = Programme(
        code="1336",
        name_vi="Nhân rộng mô hình",
        name_en="Replication",
        decision="1336/QĐ-TTg",
        starts_on=date(2021, 1, 1),
        ends_on=date(2025, 12, 31),
    )
    period = Period(
        programme=programme, code="2021", starts_on=date(2021, 1, 1), ends_on=date(2021, 12, 31)
    )
    session.add(period)
    session.flush()
    world.period_id = period.id
    for unit in units.values():
        session.add(Participation(period_id=period.id, unit_id=unit.id, parent_id=unit.parent_id))
    for key in ("travinh", "tracu"):
        session.add(UnitSettings(unit_id=units[key].id, required_opinions=["finance", "format"]))
    session.add(
        Reception(
            unit_id=units["travinh"].id,
            programme_id=programme.id,
            kind=PLAN,
            mode=Mode.ACKNOWLEDGE,
        )
    )
    session.add(
        Deadline(
            setter_id=units["tracu"].id,
            period_id=period.id,
            kind=PLAN,
            due_on=date(2021, 5, 15),
            last_correction_on=date(2021, 5, 25),
        )
    )
    session.add(
        Deadline(
            setter_id=units["travinh"].id,
            period_id=period.id,
            kind=SYNTHESIS,
            due_on=date(2021, 5, 28),
        )
    )
