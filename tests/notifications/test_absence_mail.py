"""The mail of a synthesis that goes on without some units says how many are in it, and why."""

import pytest
from flask import Flask
from sqlalchemy import select
from support.flowworld import Flow

from lth.access.scope import Purpose, system
from lth.application import settings_of
from lth.models import Event, OutboxMessage
from lth.notifications import facts, messages
from lth.workflow.acts import Act
from lth.workflow.kinds import SYNTHESIS

WHY = "Lũ lụt ở hai xã, trình bổ sung sau"


@pytest.fixture
def dataset() -> str:
    return "workflow"


def bodies(app: Flask, flow: Flow, event: Event) -> list[str]:
    """What everybody who is told of an act is written."""
    event_id = event.id
    with system(flow.session, Purpose.DELIVER):
        statement = select(OutboxMessage.id).where(OutboxMessage.event_id == event_id)
        known = facts.load(flow.session, flow.session.scalars(statement).all())
    return [messages.write(settings_of(app), mail).body for mail in known.values()]


def test_each_level_reads_why_units_are_missing(app, session):
    flow = Flow(session)
    synthesis = flow.start("specialist@tracu", "2021", SYNTHESIS)
    road = (
        ("specialist@tracu", Act.SEND_FOR_CLEARANCE),
        ("leader@tracu", Act.SUBMIT),
        ("specialist@travinh", Act.OPEN),
        ("leader@travinh", Act.APPROVE),
    )
    for who, act in road:
        event = flow.do(who, synthesis, act, reason=WHY)
        if act is Act.OPEN:
            continue
        written = bodies(app, flow, event)
        assert written, act
        for body in written:
            assert WHY in body, act
            assert "Bản tổng hợp có 0 trên 2 xã." in body, act


def test_a_plan_says_nothing_of_units(app, session):
    flow = Flow(session)
    plan = flow.start("clerk@tapson", "2021")
    for body in bodies(app, flow, flow.do("clerk@tapson", plan, Act.SEND_FOR_CLEARANCE)):
        assert "tổng hợp" not in body
