"""Killed in the middle of an act: all of it happened, mail rows included, or none."""

import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import select
from support import dying
from support.databases import Databases
from support.flowworld import ONE_MINUTE, Flow

from lth.access.scope import Purpose, system
from lth.models import Base
from lth.models.document import Status
from lth.workflow.acts import Act
from lth.workflow.reconcile import drifts

TESTS = Path(__file__).parents[1]

SUBMIT = ("clearance", "leader@tapson", Act.SUBMIT, Status.SUBMITTED)
RETURN = ("review", "specialist@tracu", Act.RETURN, Status.RETURNED)


READY = multiprocessing.get_context("forkserver")
"""Processes forked off one that has imported what they need and has no connection open."""
READY.set_forkserver_preload(["support.dying"])


def killed(
    databases: Databases, flow: Flow, who: str, document_id: int, act: Act, point: str
) -> int | None:
    """Have another process do the act and die at a point; what it ended with."""
    actor = flow.actor(who)
    flow.session.commit()
    words = [
        actor.assignment_id,
        document_id,
        act.value,
        (flow.now + ONE_MINUTE).isoformat(),
        point,
    ]
    arguments = (databases.settings().database_url, *map(str, words))
    process = READY.Process(target=dying.main, args=arguments, daemon=True)
    with mock.patch.dict(os.environ, PYTHONPATH=str(TESTS)):  # for what READY makes ready
        process.start()
    process.join(120)
    return process.exitcode


def everything(flow: Flow) -> dict[str, list[str]]:
    """Every row of every table."""
    with system(flow.session, Purpose.RECONCILE):
        found: dict[str, list[Any]] = {
            table.name: sorted(repr(row) for row in flow.session.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }
    flow.session.commit()
    return found


@pytest.mark.parametrize(
    ("case", "point"),
    [
        (SUBMIT, "UPDATE revision"),
        (SUBMIT, "INSERT INTO event"),
        (SUBMIT, "INSERT INTO outbox"),
        (SUBMIT, "commit"),
        (RETURN, "INSERT INTO section"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[2].value,
)
def test_killed_before_the_commit_nothing_has_happened(databases, flow, case, point):
    state, who, act, to = case
    document_id = flow.document("tapson", Status(state))
    before = everything(flow)
    assert killed(databases, flow, who, document_id, act, point) == -signal.SIGKILL
    assert everything(flow) == before
    done = flow.do(who, document_id, act, reason="Làm rõ")
    assert flow.status(document_id) is to
    assert flow.told(done)


@pytest.mark.parametrize("case", [SUBMIT, RETURN], ids=lambda case: case[2].value)
def test_after_the_commit_all_of_it_has(databases, flow, case):
    state, who, act, to = case
    document_id = flow.document("tapson", Status(state))
    before = everything(flow)
    assert killed(databases, flow, who, document_id, act, "never") == 0
    after = everything(flow)
    assert flow.status(document_id) is to
    assert len(after["event"]) == len(before["event"]) + 1
    assert len(after["outbox"]) == len(before["outbox"]) + 2
    with system(flow.session, Purpose.RECONCILE):
        assert list(drifts(flow.session)) == []
