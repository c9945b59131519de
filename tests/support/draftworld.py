"""The world of the drafting tests: a district with its issued plan, and two communes below it.

    tỉnh Trà Vinh ── huyện Trà Cú ─┬─ xã Tập Sơn   (clerk, clerk2, leader)
                                   └─ xã Ngãi Xuyên (clerk)

Trà Cú's plan of 2021 is in force and assigns quotas to both. Its figures are those of its
decision 793/QĐ-UBND. People are called by role and unit: ``clerk@tapson``.
"""

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lth import drafting
from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.blueprints.web.extensions import db
from lth.drafting import Source, TargetEdit
from lth.models import (
    Document,
    Indicator,
    Participation,
    Period,
    Person,
    Phase,
    Quota,
    Remark,
    Revision,
    RoleAssignment,
    Unit,
)
from lth.models.document import SignForm, Status
from lth.models.kind import Kind
from lth.models.person import Role
from lth.models.unit import Level
from lth.programmes import catalogue
from lth.workflow import revisions
from lth.workflow.kinds import PLAN
from lth.workflow.remarks import unlock_pointed

NOON = datetime(2021, 5, 10, 5, 0, tzinfo=UTC)
FIRST_DAY = date(2020, 1, 1)

UNITS = {
    "travinh": (Level.PROVINCE, "tỉnh", "Trà Vinh", None),
    "tracu": (Level.DISTRICT, "huyện", "Trà Cú", "travinh"),
    "tapson": (Level.COMMUNE, "xã", "Tập Sơn", "tracu"),
    "ngaixuyen": (Level.COMMUNE, "xã", "Ngãi Xuyên", "tracu"),
}
PEOPLE = (
    "clerk@travinh",
    "clerk@tracu",
    "leader@tracu",
    "specialist@tracu",
    "clerk@tapson",
    "clerk2@tapson",
    "leader@tapson",
    "observer@tapson",
    "clerk@ngaixuyen",
)

DISTRICT_TARGETS: dict[str, dict[str, Any]] = {
    "clubs_new": {"comparator": "gte", "value": "50", "wording": "thêm ít nhất 50 CLB mới"},
    "members_total": {"comparator": "gt", "value": "3.444"},
    "members_older": {"comparator": "gt", "value": "2.240"},
    "members_young": {"value": "1.204"},
    "members_women": {"value": "2.230"},
    "loans_members": {"value": "1.727"},
    "income_fund_balance": {"value": "1.235 triệu"},
    "club_size": {
        "value": "50-70",
        "wording": "mỗi CLB 50 - 70 thành viên",
        "source_ref": "mục I.2",
    },
    "older_share_pct": {"value": "60-70", "wording": "60% - 70% là NCT"},
    "clubs_full8_pct": {"comparator": "gte", "value": "70"},
    "loan_access_pct": {
        "comparator": "gte",
        "value": "50",
        "parent_share_key": "clubs_full8_pct@2021",
    },
}
QUOTAS = {
    "tapson": {"clubs_new": 3, "members_total": 206, "income_fund_balance": 60_000_000},
    "ngaixuyen": {"clubs_new": 4},
}


def fill(app: Flask) -> None:
    """The dataset: everything above, committed."""
    with app.app_context(), Session(db.engine) as session:
        build(session)
        session.commit()


def build(session: Session) -> None:
    catalogue.install(session)
    with system(session, Purpose.LOAD):
        units = _units(session)
        for who in PEOPLE:
            _person(session, who, units)
        for period in session.scalars(select(Period)):
            for key, (_, _, _, parent) in UNITS.items():
                if parent:
                    join = {"unit_id": units[key].id, "parent_id": units[parent].id}
                    session.add(Participation(period_id=period.id, **join))
        session.flush()
    document = draft_district_plan(session)
    issue(session, document, "793/QĐ-UBND", date(2021, 5, 7))
    with system(session, Purpose.LOAD):
        _assign(session, document, units)


def _units(session: Session) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for key, (level, kind, name, parent) in UNITS.items():
        above = units.get(parent or "")
        unit = Unit(
            level=level,
            type=kind,
            name=name,
            code=key[:8],
            valid_from=FIRST_DAY,
            parent_id=above.id if above else None,
            path="",
        )
        session.add(unit)
        session.flush()
        unit.path = f"{above.path if above else ''}{unit.id}."
        units[key] = unit
    return units


def _person(session: Session, who: str, units: dict[str, Unit]) -> None:
    role, _, unit = who.partition("@")
    person = Person(name=who, created_at=NOON)
    session.add(person)
    session.add(
        RoleAssignment(
            person=person,
            unit=units[unit],
            role=Role(role.rstrip("2")),
            valid_from=FIRST_DAY,
        )
    )


def _assign(session: Session, document: Document, units: dict[str, Unit]) -> None:
    phase = session.scalars(select(Phase).where(Phase.period_id == document.period_id)).one()
    rows = catalogue.indicators(session, document.programme_id)
    ids = {row.code: row.id for row in rows}
    for key, figures in QUOTAS.items():
        for code, value in figures.items():
            place = {"indicator_id": ids[code], "phase_id": phase.id, "unit_id": units[key].id}
            session.add(Quota(document_id=document.id, value=value, **place))


# --- What tests do in it ------------------------------------------------------------------


def actor(session: Session, who: str) -> Actor:
    """The person, in the one role that their name says."""
    with system(session, Purpose.SIGN_IN):
        statement = (
            select(RoleAssignment)
            .join(RoleAssignment.person)
            .options(joinedload(RoleAssignment.unit), joinedload(RoleAssignment.office))
            .where(Person.name == who)
        )
        return Actor.of(session.scalars(statement).one())


def acting(session: Session, who: str) -> Actor:
    """The same, and the session acts within their scope from now on."""
    one = actor(session, who)
    bind(session, Scope.of(one))
    return one


def period(session: Session, code: str) -> Period:
    return session.scalars(select(Period).where(Period.code == code)).one()


def start(
    session: Session,
    who: str = "clerk@tapson",
    *,
    source: Source = Source.EMPTY,
    code: str = "2021",
    kind: Kind = PLAN,
) -> Document:
    """A document started by a person, whose scope the session then has."""
    one = acting(session, who)
    return drafting.start(session, one, period(session, code), kind, source=source, now=NOON)


def save(session: Session, who: str, document: Document, *edits: TargetEdit, now: datetime = NOON):
    """Save some cells as a person."""
    return drafting.save_targets(session, acting(session, who), document.id, edits, now=now)


def head(session: Session, document: Document) -> Revision:
    statement = select(Revision).where(
        Revision.document_id == document.id, Revision.number == document.head_number
    )
    return session.scalars(statement).one()


def draft_district_plan(session: Session) -> Document:
    """Trà Cú's own plan, complete."""
    document = start(session, "clerk@tracu")
    edits = [TargetEdit(f"{code}@2021", 0, **typed) for code, typed in DISTRICT_TARGETS.items()]
    result = save(session, "clerk@tracu", document, *edits)
    assert result.complete, result
    write_sections(session, "clerk@tracu", document)
    return document


def write_sections(session: Session, who: str, document: Document) -> None:
    """A line in each standard section."""
    one = acting(session, who)
    for standard in document.kind.sections:
        body = f"Nội dung phần {standard.title}"
        saved = drafting.save_section(
            session, one, document.id, standard.key, body, seen=1, now=NOON
        )
        assert saved.saved


def issue(session: Session, document: Document, number: str, day: date) -> None:
    """Freeze and issue a plan's newest revision, as the leader's act does."""
    with system(session, Purpose.LOAD):
        revision = head(session, document)
        revisions.freeze(session, revision, NOON)
        revision.document_number, revision.issued_on = number, day
        revision.sign_form, revision.issued_at = SignForm.TM_KT, NOON
        session.flush()
        document.in_force_number = revision.number
        document.status = Status.ISSUED


def give_back(session: Session, document: Document, remarks: dict[str, str]) -> Revision:
    """Send a plan up and have it returned, with a remark on each key; its new revision."""
    specialist = actor(session, "specialist@tracu")
    with system(session, Purpose.LOAD):
        sent = head(session, document)
        revisions.freeze(session, sent, NOON)
        sent.submitted_at = NOON
        session.flush()
        for line_key, text in remarks.items():
            session.add(
                Remark(
                    revision_id=sent.id,
                    unit_id=specialist.unit_id,
                    person_id=specialist.person_id,
                    line_key=line_key,
                    text=text,
                    created_at=NOON,
                    published_at=NOON,
                )
            )
        number = revisions.open_copy(session, document, NOON)
        document.sent_number, document.head_number, document.status = (
            sent.number,
            number,
            Status.RETURNED,
        )
        session.flush()
        unlock_pointed(session, sent.id, head(session, document).id, NOON)
    return head(session, document)


def of_remark(session: Session, remark_id: int) -> int:
    """The document that a remark is on; one that there is not where there is no such remark."""
    statement = select(Revision.document_id).join(Remark, Remark.revision_id == Revision.id)
    return session.scalar(statement.where(Remark.id == remark_id)) or 99_999


def indicator(session: Session, document: Document, code: str) -> Indicator:
    statement = select(Indicator).where(
        Indicator.programme_id == document.programme_id, Indicator.code == code
    )
    return session.scalars(statement).one()
