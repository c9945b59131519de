"""The world of the workflow's tests: a document in every state, brought there by its acts.

    tỉnh Trà Vinh ─┬─ huyện Trà Cú ───┬─ xã Tập Sơn
                   │                  └─ xã Ngãi Xuyên
                   └─ huyện Càng Long ── xã Huyền Hội              (until 01/7/2025)
    tỉnh Vĩnh Long ─┬─ xã Tập Sơn mới (``tapson2``)                (from 01/7/2025)
                    └─ xã Lưu Nghiệp Anh

In every unit one person holds each role of a unit, called by it: ``clerk@tapson``. What is sent up
is approved in programme 1336 and acknowledged in programme 1533. Each state is also the code of a
period, in which the documents of one line of the tree (Tập Sơn, Trà Cú, Trà Vinh) are in that state
since ten minutes before ``NOON``; the periods 2021 and 2022 (and 2026 of 1648, with the two tiers)
are free. No synthesis of those has anything in it: all were taken over before the plans were sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager
from support import switches

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.blueprints.web.extensions import db
from lth.core.errors import NotFoundError
from lth.core.vietnamese import search_key
from lth.drafting.saving import save_section
from lth.models import (
    Deadline,
    Document,
    Event,
    Indicator,
    OutboxMessage,
    Participation,
    Period,
    Person,
    Phase,
    Programme,
    Reception,
    Revision,
    RoleAssignment,
    Section,
    Target,
    Unit,
    UnitSettings,
)
from lth.models.document import Mode, SignForm, Status
from lth.models.kind import Kind
from lth.models.opinion import Verdict
from lth.models.person import Role
from lth.models.programme import Measure, RollUp
from lth.models.unit import Level
from lth.synthesis import take_over
from lth.workflow import documents, operations, revisions
from lth.workflow.acts import Act
from lth.workflow.context import Inputs
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.table import TABLE

NOON = datetime(2021, 5, 7, 5, 0, tzinfo=UTC)
LAST_ACT = NOON - timedelta(minutes=10)
ONE_MINUTE = timedelta(minutes=1)
FIRST_DAY, REFORM = date(2020, 1, 1), date(2025, 7, 1)

UNITS = {
    "travinh": (Level.PROVINCE, "tỉnh", "Trà Vinh", None),
    "tracu": (Level.DISTRICT, "huyện", "Trà Cú", "travinh"),
    "canglong": (Level.DISTRICT, "huyện", "Càng Long", "travinh"),
    "tapson": (Level.COMMUNE, "xã", "Tập Sơn", "tracu"),
    "ngaixuyen": (Level.COMMUNE, "xã", "Ngãi Xuyên", "tracu"),
    "huyenhoi": (Level.COMMUNE, "xã", "Huyền Hội", "canglong"),
    "vinhlong": (Level.PROVINCE, "tỉnh", "Vĩnh Long", None),
    "tapson2": (Level.COMMUNE, "xã", "Tập Sơn", "vinhlong"),
    "luunghiepanh": (Level.COMMUNE, "xã", "Lưu Nghiệp Anh", "vinhlong"),
}
SINCE_THE_REFORM = {"vinhlong", "tapson2", "luunghiepanh"}
UNIT_ROLES = tuple(role for role in Role if role is not Role.SYSTEM_ADMIN)
DRAFTER = {PLAN: Role.CLERK, SYNTHESIS: Role.SPECIALIST}

APPROVED, ACKNOWLEDGED, TWO_TIERS = "1336", "1533", "1648"
"""The programmes, by what the next step does in them."""

PROGRAMMES = {
    APPROVED: (2021, [*(status.value for status in Status), "2021", "2022"]),
    ACKNOWLEDGED: (2021, [*(status.value for status in Status), "2021", "2022"]),
    TWO_TIERS: (2026, ["2026"]),
}
"""Each programme's year and the periods in it."""

_UP = (
    (Act.SEND_FOR_CLEARANCE, "drafter"),
    (Act.SUBMIT, "leader"),
    (Act.OPEN, "specialist above"),
)
_CLEARED = _UP[:1]
_ISSUE = (Act.ISSUE, "leader")
_REVOKE = (Act.REVOKE, "leader")
_APPROVE = (Act.APPROVE, "leader above")
WAYS = {
    Mode.APPROVE: {
        Status.DRAFT: (),
        Status.CLEARANCE: _CLEARED,
        Status.SUBMITTED: _UP[:2],
        Status.REVIEW: _UP,
        Status.RETURNED: (*_UP, (Act.RETURN, "specialist above")),
        Status.APPROVED: (*_UP, _APPROVE),
        Status.ISSUED: (*_UP, _APPROVE, _ISSUE),
        Status.REVOKED: (*_UP, _APPROVE, _ISSUE, _REVOKE),
    },
    Mode.ACKNOWLEDGE: {
        Status.DRAFT: (),
        Status.CLEARANCE: _CLEARED,
        Status.ISSUED: (*_CLEARED, _ISSUE),
        Status.REVOKED: (*_CLEARED, _ISSUE, _REVOKE),
    },
}
WAYS[Mode.FINAL] = WAYS[Mode.ACKNOWLEDGE]
"""The acts that bring a document to a state after its start."""

LINES = (
    ("travinh", SYNTHESIS, APPROVED, Mode.FINAL),
    ("travinh", PLAN, APPROVED, Mode.FINAL),
    ("tracu", SYNTHESIS, APPROVED, Mode.APPROVE),
    ("tapson", PLAN, APPROVED, Mode.APPROVE),
    ("tracu", SYNTHESIS, ACKNOWLEDGED, Mode.ACKNOWLEDGE),
    ("tapson", PLAN, ACKNOWLEDGED, Mode.ACKNOWLEDGE),
)
"""What there is in every state, from the top down, so that no synthesis holds what is below it."""

SAID = {
    "reason": "Làm rõ nguồn kinh phí",
    "document_number": "92/KH-UBND",
    "document_date": date(2021, 5, 6),
    "sign_form": SignForm.TM,
    "verdict": Verdict.AGREE,
    "until": date(2021, 7, 15),
}
"""Something for everything that an act may ask."""

ASK_WHY_SOME_ARE_ABSENT = {row.act for row in TABLE if "absence" in row.asks}
SOME_ARE_ABSENT = "Các xã còn lại trình sau, sẽ bổ sung"

SIGNED = {name: SAID[name] for name in ("document_number", "document_date", "sign_form")}


@dataclass(frozen=True)
class State:
    """Where a document stands: its own columns, as they are stored."""

    status: Status
    lock_version: int
    head_number: int
    sent_number: int | None
    released_number: int | None
    in_force_number: int | None


class Flow:
    """The world in one test's session, and the hands that act in it.

    Whoever acts has the session bound to their scope; a minute passes before each act.
    """

    def __init__(self, session: Session, now: datetime = NOON) -> None:
        self.session = session
        self.now = now
        with system(session, Purpose.SIGN_IN):
            ids = dict(session.execute(select(Unit.code, Unit.id)).all())
        self.units = {key: ids[key[:8]] for key in UNITS}
        self._actors: dict[str, Actor] = {}

    def actor(self, who: str) -> Actor:
        """A person in the role that their name says."""
        if not self._actors:
            self._actors = dict(self._load())
        return self._actors[who]

    def _load(self) -> Iterator[tuple[str, Actor]]:
        with system(self.session, Purpose.SIGN_IN):
            statement = (
                select(RoleAssignment)
                .join(RoleAssignment.person)
                .outerjoin(RoleAssignment.unit)
                .options(contains_eager(RoleAssignment.person), contains_eager(RoleAssignment.unit))
                .order_by(RoleAssignment.id)
            )
            for assignment in self.session.scalars(statement):
                yield assignment.person.name, Actor.of(assignment)

    def acting(self, who: str) -> Actor:
        """The same, and the session acts within their scope from now on."""
        actor = self.actor(who)
        bind(self.session, Scope.of(actor))
        return actor

    def do(
        self, who: str, document_id: int, act: Act, *, seen: int | None = None, **inputs: Any
    ) -> Event:
        """An act as its page would do it, committed; by somebody who has just looked, or who saw
        an older version. A synthesis goes on without the units below it for a reason.
        """
        self.now += ONE_MINUTE
        if act in ASK_WHY_SOME_ARE_ABSENT and self._is_synthesis(document_id):
            inputs = {"reason": SOME_ARE_ABSENT} | inputs
        actor = self.acting(who)
        event = operations.do(
            self.session,
            actor,
            document_id,
            act,
            seen=seen or self.state(document_id).lock_version,
            now=self.now,
            inputs=Inputs(**inputs),
        )
        self.session.commit()
        return event

    def _is_synthesis(self, document_id: int) -> bool:
        with system(self.session, Purpose.RECONCILE):
            return self.session.get_one(Document, document_id).kind.is_computed

    def start(
        self,
        who: str,
        period: str = "2021",
        kind: Kind = PLAN,
        programme: str = APPROVED,
        *,
        complete: bool = True,
    ) -> int:
        """A new document, with all that it must contain unless told otherwise; its id."""
        self.now += ONE_MINUTE
        actor = self.acting(who)
        document, revision = operations.start(
            self.session, actor, self.period(period, programme), kind, now=self.now
        )
        document_id = document.id
        if complete:
            self._fill(actor, document, revision)
        self.session.commit()
        return document_id

    def _fill(self, actor: Actor, document: Document, revision: Revision) -> None:
        for ordinal, one in enumerate(document.kind.sections, start=1):
            row = {"line_key": one.key, "ordinal": ordinal, "title": one.title, "body": "Đã viết"}
            self.session.add(Section(revision_id=revision.id, edited_at=self.now, **row))
        if document.kind is SYNTHESIS:
            take_over(self.session, actor, document.id, now=self.now)
            return
        indicator = self.session.scalars(
            select(Indicator).where(Indicator.programme_id == document.programme_id)
        ).one()
        phase = self.session.scalars(
            select(Phase).where(Phase.period_id == document.period_id)
        ).one()
        place = {"indicator_id": indicator.id, "phase_id": phase.id}
        row = {"line_key": f"{indicator.code}@{phase.code}", "value_min": 7, **place}
        self.session.add(Target(revision_id=revision.id, edited_at=self.now, **row))

    def write(self, who: str, document_id: int, body: str, key: str = "s.purpose") -> None:
        """Write a section of a document's newest revision, as a drafter's page does."""
        self.now += ONE_MINUTE
        actor = self.acting(who)
        with system(self.session, Purpose.RECONCILE):
            seen = self.session.scalars(
                select(Section.version)
                .join(Revision, Revision.id == Section.revision_id)
                .join(Document, Document.id == Revision.document_id)
                .where(Document.id == document_id, Revision.number == Document.head_number)
                .where(Section.line_key == key)
            ).one()
        save_section(self.session, actor, document_id, key, body, seen=seen, now=self.now)
        self.session.commit()

    # --- What there is --------------------------------------------------------------------

    def period(self, code: str, programme: str = APPROVED) -> Period:
        statement = (
            select(Period)
            .join(Period.programme)
            .where(Period.code == code, Programme.code == programme)
        )
        return self.session.scalars(statement).one()

    def document(
        self,
        unit: str,
        status: Status,
        kind: Kind = PLAN,
        programme: str = APPROVED,
    ) -> int:
        """The id of a unit's document that the world has in a state."""
        with system(self.session, Purpose.RECONCILE):
            found = self.session.scalar(
                select(Document.id).where(
                    Document.unit_id == self.units[unit],
                    Document.kind == kind,
                    Document.period_id == self.period(status.value, programme).id,
                )
            )
        assert found is not None
        return found

    def state(self, document_id: int) -> State:
        """Where a document stands, whoever is asking."""
        names = [one.name for one in fields(State)]
        with system(self.session, Purpose.RECONCILE):
            row = self.session.execute(
                select(*[getattr(Document, name) for name in names]).where(
                    Document.id == document_id
                )
            ).one()
        return State(*row)

    def status(self, document_id: int) -> Status:
        return self.state(document_id).status

    def revision(self, document_id: int, number: int) -> dict[str, Any]:
        """The stored columns of a revision, whoever is asking."""
        with system(self.session, Purpose.RECONCILE):
            table = Revision.__table__
            row = self.session.execute(
                select(table).where(table.c.document_id == document_id, table.c.number == number)
            ).one()
        return dict(row._mapping)

    def text(self, document_id: int, number: int) -> dict[str, str]:
        """The sections of a revision, by key."""
        with system(self.session, Purpose.RECONCILE):
            statement = (
                select(Section.line_key, Section.body)
                .join(Revision, Revision.id == Section.revision_id)
                .where(Revision.document_id == document_id, Revision.number == number)
            )
            return dict(self.session.execute(statement).all())

    def reads(self, who: str, document_id: int) -> dict[str, str] | None:
        """What somebody reads of a document: the sections of the revision that is theirs to see,
        or None where they see none."""
        scope = Scope.of(self.acting(who))
        try:
            document = documents.get(self.session, document_id, scope)
            number = revisions.number_to_read(document, scope)
            revision = revisions.get(self.session, document_id, number, scope)
        except NotFoundError:
            return None
        statement = select(Section.line_key, Section.body).where(Section.revision_id == revision.id)
        return dict(self.session.execute(statement).all())

    def told(self, event: Event) -> set[str]:
        """Who got mail of an act, by name."""
        event_id = event.id
        with system(self.session, Purpose.DELIVER):
            statement = (
                select(Person.name)
                .join(OutboxMessage, OutboxMessage.person_id == Person.id)
                .where(OutboxMessage.event_id == event_id)
            )
            names = self.session.scalars(statement).all()
        assert len(set(names)) == len(names)
        return set(names)

    # --- What may be arranged -------------------------------------------------------------

    def settle(self, unit: str, **settings: Any) -> None:
        """Change a unit's settings."""
        with system(self.session, Purpose.LOAD):
            row = self.session.get_one(UnitSettings, self.units[unit])
            for name, value in settings.items():
                setattr(row, name, value)
        self.session.commit()

    def set_due(self, document_id: int, on: date, setter: str = "tracu", **more: Any) -> None:
        """A deadline for all units below the setter, for a document's period and kind."""
        with system(self.session, Purpose.LOAD):
            document = self.session.get_one(Document, document_id)
            what = {"period_id": document.period_id, "kind": document.kind, "due_on": on}
            self.session.add(Deadline(setter_id=self.units[setter], **what, **more))
        self.session.commit()

    def appoint(self, name: str, *posts: str) -> None:
        """One more person with some posts; in each an actor: "hai vai as clerk@tapson"."""
        self.actor("system_admin")
        with system(self.session, Purpose.LOAD):
            person = Person(name=name, created_at=self.now)
            for post in posts:
                role, _, unit = post.partition("@")
                held = RoleAssignment(
                    person=person,
                    unit=self.session.get_one(Unit, self.units[unit]),
                    role=Role(role),
                    valid_from=FIRST_DAY,
                )
                self.session.add(held)
                self.session.flush()
                self._actors[f"{name} as {post}"] = Actor.of(held)
        self.session.commit()


# --- Building it --------------------------------------------------------------------------


def fill(app: Flask) -> None:
    """The dataset: everything above, committed."""
    with app.app_context(), Session(db.engine) as session:
        with system(session, Purpose.LOAD):
            units = _units(session)
            _people(session, units)
            administrator = session.scalars(select(Person.id)).first()
            switches.all_off(session, [unit.id for unit in units.values()], administrator, NOON)
            for code, (year, periods) in PROGRAMMES.items():
                _programme(session, units, code, year, periods)
        session.commit()
        flow = Flow(session)
        for unit, kind, programme, mode in LINES:
            for status, way in WAYS[mode].items():
                _bring(flow, unit, kind, programme, status, way)


def _units(session: Session) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for key, (level, kind, name, parent) in UNITS.items():
        above = units.get(parent or "")
        new = key in SINCE_THE_REFORM
        unit = Unit(
            level=level,
            type=kind,
            name=name,
            code=key[:8],
            valid_from=REFORM if new else FIRST_DAY,
            valid_to=None if new else REFORM,
            parent_id=above.id if above else None,
            path="",
            sort_key=name,
            search_key=search_key(name),
        )
        session.add(unit)
        session.flush()
        unit.path = f"{above.path if above else ''}{unit.id}."
        session.add(UnitSettings(unit_id=unit.id))
        units[key] = unit
    return units


def _people(session: Session, units: dict[str, Unit]) -> None:
    """Those of the ended units stay in their roles: they finish what is on the road."""
    for key, unit in units.items():
        for role in UNIT_ROLES:
            _person(session, f"{role}@{key}", role, unit)
    _person(session, "system_admin", Role.SYSTEM_ADMIN, None)


def _person(session: Session, name: str, role: Role, unit: Unit | None) -> None:
    person = Person(name=name, created_at=NOON)
    session.add(RoleAssignment(person=person, unit=unit, role=role, valid_from=FIRST_DAY))


def _programme(
    session: Session, units: dict[str, Unit], code: str, year: int, periods: list[str]
) -> None:
    programme = Programme(
        code=code,
        name_vi="Chương trình",
        name_en="Programme",
        decision=f"{code}/QĐ-TTg",
        starts_on=date(year, 1, 1),
        ends_on=date(year + 4, 12, 31),
    )
    session.add(programme)
    session.flush()
    session.add(
        Indicator(
            programme_id=programme.id,
            code="clubs_new",
            ordinal=1,
            topic="clubs",
            label_vi="Câu lạc bộ mới",
            label_en="New clubs",
            unit_vi="câu lạc bộ",
            unit_en="clubs",
            measure=Measure.COUNT,
            roll_up=RollUp.SUM,
            required=True,
        )
    )
    for period in periods:
        _period(session, units, programme, year, period)
    if code == ACKNOWLEDGED:
        for key in ("travinh", "tracu"):
            row = {"unit_id": units[key].id, "programme_id": programme.id}
            session.add_all(
                Reception(kind=kind, mode=Mode.ACKNOWLEDGE, **row) for kind in Kind.all()
            )


def _period(
    session: Session, units: dict[str, Unit], programme: Programme, year: int, code: str
) -> None:
    begins = int(code) if code.isdigit() else year
    days = {"starts_on": date(begins, 1, 1), "ends_on": date(begins, 12, 31)}
    period = Period(programme_id=programme.id, code=code, **days)
    session.add(period)
    session.flush()
    session.add(Phase(period_id=period.id, ordinal=1, code=str(begins), **days))
    for key, unit in units.items():
        if (key in SINCE_THE_REFORM) == (programme.code == TWO_TIERS):
            joined = {"unit_id": unit.id, "parent_id": unit.parent_id}
            session.add(Participation(period_id=period.id, **joined))


def _bring(
    flow: Flow,
    unit: str,
    kind: Kind,
    programme: str,
    status: Status,
    way: tuple[tuple[Act, str], ...],
) -> None:
    """A document brought to a state, its last act at `LAST_ACT`."""
    flow.now = LAST_ACT - (len(way) + 1) * ONE_MINUTE
    document_id = flow.start(f"{DRAFTER[kind]}@{unit}", status.value, kind, programme)
    for act, who in way:
        role, _, above = who.partition(" ")
        role = DRAFTER[kind] if role == "drafter" else role
        letters = "QĐ" if act is Act.REVOKE else "KH"
        said = SAID | {"document_number": f"{100 + document_id}/{letters}-UBND"}
        flow.do(f"{role}@{UNITS[unit][3] if above else unit}", document_id, act, **said)
    assert flow.now == LAST_ACT
    assert flow.status(document_id) is status
