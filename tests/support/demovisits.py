"""Clubs of Tập Sơn in the demo, and a visit of the district to them, through the rooms."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.demorequests import actor_of

from lth.access.actor import Actor
from lth.access.scope import Scope, bind
from lth.blueprints.web.extensions import db
from lth.clubs import moves, visits
from lth.clubs.visits import VisitPlan
from lth.core import clock
from lth.models import Club
from lth.models.visit import Mender

WRONG = "Sổ quỹ tăng thu nhập chưa ghi từ tháng 8."


def clubs_of(session: Session, clerk: Actor) -> list[int]:
    """The clubs of a clerk's commune; two are founded where it has none."""
    bind(session, Scope.of(clerk))
    there = select(Club.id).where(Club.unit_id == clerk.unit_id, Club.state == "active")
    found = list(session.scalars(there.order_by(Club.number)))
    founded_on = clock.today() - timedelta(days=400)
    for village in ("Ấp Chợ", "Ấp Bến Trị")[len(found) :]:
        given = {"name": f"Liên thế hệ {village}", "village": village, "founded_on": founded_on}
        found.append(moves.found(session, clerk, given, now=clock.now()).id)
    session.commit()
    return found[:2]


def plan_visit(app: Flask, *, made: bool = False) -> int:
    """Have the district plan a visit to two clubs, and perhaps make it; the visit's id."""
    with app.app_context(), Session(db.engine) as session:
        clubs = clubs_of(session, actor_of(session, "clerk"))
        actor, now, today = actor_of(session, "district specialist"), clock.now(), clock.today()
        bind(session, Scope.of(actor))
        wanted = VisitPlan(clubs, today + timedelta(days=3), "Phòng LĐ-TB&XH", "Sổ sách, quỹ")
        visit = visits.plan(session, actor, wanted, now=now)
        if made:
            seen = {"seen": visit.version, "now": now}
            day = today - timedelta(days=9)
            visits.note_done(session, actor, visit.id, day, {clubs[0]: "Sinh hoạt đều"}, **seen)
        session.commit()
        return visit.id


def pin_finding(app: Flask, visit_id: int) -> int:
    """Have the district pin a finding of a visit that was made to its first club; its id."""
    with app.app_context(), Session(db.engine) as session:
        clubs = clubs_of(session, actor_of(session, "clerk"))
        actor, due_on = actor_of(session, "district specialist"), clock.today() - timedelta(days=2)
        bind(session, Scope.of(actor))
        said = {"text": WRONG, "mender": Mender.CLUB, "due_on": due_on, "now": clock.now()}
        found = visits.find(session, actor, visit_id, clubs[0], **said)
        session.commit()
        return found.id
