"""Requests in the demo: a commune's report that has been sent, through the rooms' own functions."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from support import reportdocs
from support.visitors import PEOPLE

from lth.access.actor import Actor, assignments
from lth.access.scope import Purpose, Scope, bind, system
from lth.blueprints.web.extensions import db
from lth.core import clock
from lth.models import Credential, Participation, Period, ReportRequest
from lth.models.programme import PeriodUse
from lth.models.request import RequestStep
from lth.models.unit import Level
from lth.reporting import requests
from lth.workflow.acts import Act

TRAINING = "Tập huấn cho Ban chủ nhiệm câu lạc bộ về quản lý quỹ tăng thu nhập: 25 người."
FUNDS = "Bổ sung vốn cho hai câu lạc bộ mới thành lập."
ASKED: dict[str, Any] = {"r1": (TRAINING, Level.PROVINCE), "r2": FUNDS}


def actor_of(session: Session, who: str) -> Actor:
    """Somebody of `PEOPLE`, in their first role."""
    with system(session, Purpose.SIGN_IN):
        person_id = session.scalar(
            select(Credential.person_id).where(Credential.email == PEOPLE.get(who, who))
        )
        held = assignments(session, person_id, clock.today())
        return Actor.of(held[0])


def plan_period_of(session: Session, unit_id: int) -> int:
    """The newest period of plans in which a unit takes part."""
    with system(session, Purpose.LOAD):
        found = session.scalar(
            select(Period.id)
            .join(Participation, Participation.period_id == Period.id)
            .where(Participation.unit_id == unit_id, Period.use == PeriodUse.PLAN)
            .order_by(Period.id)
        )
    assert found is not None
    return found


def send_report(app: Flask, asked: dict[str, Any] | None = None) -> int:
    """Have Tập Sơn send a report that asks for something; the report's id."""
    asked = ASKED if asked is None else asked
    with app.app_context(), Session(db.engine) as session:
        clerk, leader = actor_of(session, "clerk"), actor_of(session, "leader")
        plan_period = plan_period_of(session, clerk.unit_id)
        # A year that no window of the demo is of.
        period_id = reportdocs.open_window(session, plan_period, "2020-6T")
        now = clock.now() - timedelta(days=9)
        report = reportdocs.draft(session, clerk, period_id, asked, now)
        reportdocs.clear(session, report)
        reportdocs.act(session, leader, report, Act.SUBMIT, now + timedelta(minutes=5))
        return report


def amend_report(app: Flask, asked: dict[str, Any]) -> None:
    """Have Tập Sơn take its report back and send it again with other requests."""
    with app.app_context(), Session(db.engine) as session:
        clerk, leader = actor_of(session, "clerk"), actor_of(session, "leader")
        with system(session, Purpose.RECONCILE):
            of_unit = ReportRequest.unit_id == clerk.unit_id
            report = session.scalar(select(ReportRequest.document_id).where(of_unit))
        session.rollback()
        assert report is not None
        now = clock.now()
        reportdocs.act(session, clerk, report, Act.RECALL, now)
        reportdocs.say(session, clerk, report, asked)
        reportdocs.clear(session, report)
        reportdocs.act(session, leader, report, Act.SUBMIT, now)


def take(
    app: Flask,
    who: str,
    report: int,
    step: RequestStep,
    text: str = "",
    *,
    key: str = "r1",
    now: datetime | None = None,
) -> int:
    """Have somebody take a step of a request; its id."""
    with app.app_context(), Session(db.engine) as session:
        actor = actor_of(session, who)
        request = request_of(session, report, key)
        bind(session, Scope.of(actor))
        seen = {"seen": request.version, "text": text, "now": now or clock.now()}
        requests.take(session, actor, request.id, step, **seen)
        session.commit()
        return request.id


def request_of(session: Session, report: int, key: str = "r1") -> ReportRequest:
    """A request as it is stored, detached."""
    with system(session, Purpose.RECONCILE):
        of = (ReportRequest.document_id == report) & (ReportRequest.line_key == key)
        found = session.scalars(select(ReportRequest).where(of)).one()
        session.expunge(found)
    session.rollback()
    return found
