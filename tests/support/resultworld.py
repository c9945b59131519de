"""The world of the dashboards: plans, quotas, reports and clubs whose figures are made by hand.

    tỉnh Trà Vinh ─┬─ huyện Trà Cú ───┬─ xã Tập Sơn     (its report is approved)
                   │                  ├─ xã Ngãi Xuyên  (its report lies with the district)
                   │                  └─ xã Kim Sơn     (neither plan nor report)
                   └─ huyện Càng Long ── xã Huyền Hội   (the district's sum is approved)

All in 2021; the window is its first six months, due on 16/6/2021. The province's plan says 10 new
clubs and hands 6 and 4 to its districts; Trà Cú hands 3, 2 and 1 to its communes. By the clubs'
books Tập Sơn has two new clubs of 60 and 52 members (its report says 110), Ngãi Xuyên one new one
of 60, Kim Sơn an old one of 45, of whom 40 are older: outside two norms.
"""

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from support import clubworld
from synthesis.builders import NOON, Said, Tree, at_least, between, exactly

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.models import (
    Credential,
    Deadline,
    Document,
    Participation,
    Period,
    Person,
    Phase,
    Quota,
    ReportRegime,
    ReportValue,
    ReportWindow,
    RoleAssignment,
    Unit,
)
from lth.models.content import CountsFrom, TargetScope
from lth.models.kind import Kind
from lth.models.parts import Frequency
from lth.models.person import Role
from lth.models.programme import PeriodUse
from lth.models.report import Reported
from lth.models.unit import Level

FIRST, LAST = date(2020, 12, 15), date(2021, 6, 14)
DUE = date(2021, 6, 16)
ROLES = (Role.CLERK, Role.SPECIALIST, Role.LEADER, Role.OBSERVER)
REPORT, REPORT_SYNTHESIS = "report", "report_synthesis"

PLANNED = {
    "travinh": {
        "clubs_new": at_least(10),
        "members_total": exactly(600),
        "loan_access_pct": Said(at_least(5000), denominator="members_total"),
        "club_size": Said(between(50, 70), scope=TargetScope.PER_CLUB),
        "income_fund_balance": Said(exactly(500_000_000), counts_from=CountsFrom.CUMULATIVE),
    },
    "tracu": {"clubs_new": exactly(6), "members_total": exactly(360)},
    "tapson": {"clubs_new": exactly(3), "members_total": exactly(180)},
    "ngaixuyen": {"clubs_new": exactly(2), "members_total": exactly(100)},
}
ASSIGNED = {
    "travinh": {"tracu": {"clubs_new": 6, "members_total": 360}, "canglong": {"clubs_new": 4}},
    "tracu": {
        "tapson": {"clubs_new": 3},
        "ngaixuyen": {"clubs_new": 2},
        "kimson": {"clubs_new": 1},
    },
}
REPORTED: dict[str, dict[str, Any]] = {
    "tapson": {"clubs_new": 2, "members_total": 110, "loans_members": 66, "helped_cases": "nil"},
    "ngaixuyen": {"clubs_new": 9, "members_total": 999},
    "canglong": {"clubs_new": 4, "members_total": 240},
}


class ResultWorld:
    """The units and people by name, and the period and window that they report in."""

    def __init__(self, session: Session) -> None:
        self.session = session
        with system(session, Purpose.LOAD):
            units = session.scalars(select(Unit)).all()
            self.units = {NAMES[unit.name]: unit for unit in units}
            self.period = session.scalars(
                select(Period).where(Period.code == "2021", Period.use == PeriodUse.PLAN)
            ).one()
            self.window = session.scalars(select(Period).where(Period.code == "2021-6T")).one()
            people = session.execute(select(Person.name, Person.id)).all()
            self.people = dict(people)
        session.expunge_all()
        session.commit()


NAMES = {
    "Trà Vinh": "travinh",
    "Trà Cú": "tracu",
    "Càng Long": "canglong",
    "Tập Sơn": "tapson",
    "Ngãi Xuyên": "ngaixuyen",
    "Kim Sơn": "kimson",
    "Huyền Hội": "huyenhoi",
}
PLACES = {
    "travinh": (Level.PROVINCE, ""),
    "tracu": (Level.DISTRICT, "travinh"),
    "canglong": (Level.DISTRICT, "travinh"),
    "tapson": (Level.COMMUNE, "tracu"),
    "ngaixuyen": (Level.COMMUNE, "tracu"),
    "kimson": (Level.COMMUNE, "tracu"),
    "huyenhoi": (Level.COMMUNE, "canglong"),
}


def fill(app: Flask) -> None:
    """The dataset: everything above, committed."""
    with app.app_context(), Session(db.engine) as session:
        with system(session, Purpose.LOAD):
            _World(session).build()
        session.commit()


class _World:
    def __init__(self, session: Session) -> None:
        self.session, self.tree = session, Tree(session)
        self.units: dict[str, Unit] = {}
        self.documents: dict[str, Document] = {}

    def build(self) -> None:
        titles = {key: name for name, key in NAMES.items()}
        for key, (level, parent) in PLACES.items():
            self.units[key] = self.tree.unit(level, titles[key], self.units.get(parent))
            for role in ROLES:
                self._person(key, role)
        for key, figures in PLANNED.items():
            self._plan(key, figures)
        self._quotas()
        self._window()
        for key, values in REPORTED.items():
            self._report(key, values)
        self._clubs()
        self.session.flush()

    def _person(self, key: str, role: Role) -> None:
        person = Person(name=f"{role.value}@{key}", created_at=NOON)
        held = RoleAssignment(
            person=person, unit=self.units[key], role=role, valid_from=date(2020, 1, 1)
        )
        self.session.add_all([person, held])
        self.session.flush()
        self.session.add(Credential(person_id=person.id, email=f"{role.value}.{key}@example.test"))

    def _plan(self, key: str, figures: dict[str, Any]) -> None:
        document = self.tree.document(self.units[key])
        self.tree.write(document, figures)
        if key in ASSIGNED:
            self.tree.issue(document, f"{len(self.documents) + 300}/KH-UBND")
        else:
            self.tree.release(document)
        self.documents[key] = document

    def _quotas(self) -> None:
        for giver, units in ASSIGNED.items():
            for key, values in units.items():
                for code, value in values.items():
                    indicator_id, phase_id = self.tree.cell(code)
                    place = {"indicator_id": indicator_id, "phase_id": phase_id}
                    of = {"document_id": self.documents[giver].id, "unit_id": self.units[key].id}
                    self.session.add(Quota(**of, **place, value=value))
        self.session.flush()

    def _window(self) -> None:
        tree, days = self.tree, {"starts_on": FIRST, "ends_on": LAST}
        of_programme = {"programme_id": tree.period.programme_id}
        self.period = Period(**of_programme, code="2021-6T", use=PeriodUse.REPORT, **days)
        self.session.add(self.period)
        self.session.flush()
        self.session.add(Phase(period_id=self.period.id, ordinal=1, code="2021-6T", **days))
        regime = ReportRegime(
            unit_id=self.units["travinh"].id,
            **of_programme,
            name="Báo cáo 6 tháng",
            frequency=Frequency.HALF_YEAR,
            created_at=NOON,
        )
        self.session.add(regime)
        self.session.flush()
        window = ReportWindow(
            regime_id=regime.id,
            unit_id=regime.unit_id,
            period_id=self.period.id,
            plan_period_id=tree.period.id,
            own_due_on=DUE,
            opened_at=NOON,
        )
        self.session.add(window)
        for unit in self.units.values():
            row = Participation(period_id=self.period.id, unit_id=unit.id, frozen_at=NOON)
            row.parent_id = unit.parent_id
            self.session.add(row)
        for kind in (REPORT, REPORT_SYNTHESIS):
            due = {"due_on": DUE, "latest_on": DUE, "period_id": self.period.id}
            self.session.add(Deadline(setter_id=regime.unit_id, kind=Kind(kind), **due))
        self.session.flush()

    def _report(self, key: str, values: dict[str, Any]) -> None:
        unit, tree = self.units[key], self.tree
        plan_period, tree.period = tree.period, self.period
        kind = Kind(REPORT if unit.level is Level.COMMUNE else REPORT_SYNTHESIS)
        document = tree.document(unit, kind)
        tree.period = plan_period
        head = tree.head(document)
        for code, value in values.items():
            indicator = tree.indicators[code]
            nil = value == "nil"
            row = ReportValue(
                revision_id=head.id,
                line_key=code,
                indicator_id=indicator.id,
                reported=Reported.NIL if nil else Reported.VALUE,
                value=None if nil else value,
                cumulative=None if nil or code == "members_total" else value,
            )
            self.session.add(row)
        self.session.flush()
        if key == "ngaixuyen":
            tree.send(document)
        else:
            tree.release(document)

    def _clubs(self) -> None:
        new, month = {"founded_on": date(2021, 3, 1)}, date(2021, 5, 1)
        funds = {"has_income_fund": True, "has_operating_fund": True, "board_size": 5}
        for key, number, founded, figures in (
            ("tapson", 1, new, {"members": 60, "older": 39, "women": 38, "helped": 3}),
            ("tapson", 2, new, {"members": 52, "older": 34, "women": 33, "helped": 2}),
            ("ngaixuyen", 1, new, {"members": 60, "older": 39, "women": 39, "borrowers": 31}),
            ("kimson", 1, {}, {"members": 45, "older": 40, "women": 30, "borrowers": 9}),
        ):
            unit_id = self.units[key].id
            club = clubworld.found(self.session, unit_id, number, **founded, **funds)
            clubworld.keep(self.session, club, month, **figures)
