"""What was taken over must stand when a synthesis goes up: the guard, and two acts at once."""

import threading

import pytest
from sqlalchemy.orm import Session
from synthesis.builders import NOON

from lth import synthesis
from lth.access.scope import Scope, bind
from lth.core.errors import BlockedError
from lth.models import Document
from lth.models.document import Status
from lth.models.person import Role
from lth.models.unit import Level
from lth.synthesis.takeover import takeover_stands
from lth.workflow import operations
from lth.workflow.acts import Act
from lth.workflow.context import ActContext, Inputs
from lth.workflow.table import TABLE


@pytest.fixture
def district(tree):
    return tree.unit(Level.DISTRICT, "Trà Cú", tree.unit(Level.PROVINCE, "Trà Vinh"))


@pytest.fixture
def released(tree, district):
    return [tree.released(one, {"members_total": 100}) for one in tree.communes(district, 5)]


@pytest.fixture
def taken_over(session, tree, district, released):
    document = tree.synthesis(district)
    synthesis.take_over(session, tree.person(Role.SPECIALIST, district), document.id, now=NOON)
    return document


def judged(session, tree, district, document):
    """What the guard says to the district's leader."""
    return takeover_stands(ActContext(session, document, tree.person(Role.LEADER, district), NOON))


def test_a_plan_takes_nothing_over(session, tree, district):
    document = tree.document(district, feeds=False)
    assert judged(session, tree, district, document) is None


def test_figures_must_have_been_taken_over(session, tree, district, released):
    message = judged(session, tree, district, tree.synthesis(district))
    assert "Tiếp nhận số liệu" in str(message)


def test_what_still_stands_passes(session, tree, district, taken_over):
    assert judged(session, tree, district, taken_over) is None


def test_a_unit_that_was_mended_blocks_and_is_named(session, tree, district, released, taken_over):
    tree.mend(released[0], {"members_total": 120})
    message = str(judged(session, tree, district, taken_over))
    assert released[0].unit.full_name in message
    assert "Bấm Tiếp nhận số liệu để cập nhật" in message


def test_a_unit_that_was_reopened_blocks(session, tree, district, released, taken_over):
    tree.reopen(released[1])
    assert released[1].unit.full_name in str(judged(session, tree, district, taken_over))


def test_many_units_are_not_all_named(session, tree, district, released, taken_over):
    for document in released:
        tree.reopen(document)
    message = str(judged(session, tree, district, taken_over))
    assert "và 2 đơn vị khác" in message
    assert sum(document.unit.full_name in message for document in released) == 3


def test_a_late_unit_does_not_block(session, tree, district, taken_over):
    tree.released(tree.communes(district, 1)[0], {"members_total": 90})
    assert judged(session, tree, district, taken_over) is None


def test_taking_over_again_mends_it(session, tree, district, released, taken_over):
    tree.mend(released[0], {"members_total": 120})
    specialist = tree.person(Role.SPECIALIST, district)
    synthesis.take_over(session, specialist, taken_over.id, now=NOON)
    assert judged(session, tree, district, taken_over) is None


def test_a_page_that_only_asks_locks_nothing(session, tree, district, taken_over, engine):
    """A GET's transaction may not lock a row; the guard is asked there too."""
    from lth.core.database import reading  # noqa: PLC0415 - the one test that needs it

    leader = tree.person(Role.LEADER, district)
    document_id = taken_over.id
    session.commit()
    with reading(), Session(engine) as page:
        bind(page, Scope.of(leader))
        document = page.get_one(Document, document_id)
        context = ActContext(page, document, leader, NOON)
        context.row = next(row for row in TABLE if "freeze_head" in row.effects)
        assert takeover_stands(context) is None


def test_a_unit_cannot_be_reopened_while_its_synthesis_is_being_sent(
    session, tree, district, released, taken_over, engine
):
    """The reopening has not been committed when the synthesis is submitted: one of them gives."""
    leader = tree.person(Role.LEADER, district)
    taken_over.status = Status.CLEARANCE
    session.flush()
    ids = taken_over.id, taken_over.lock_version, released[0].id, released[0].lock_version
    session.commit()
    synthesis_id, synthesis_seen, child_id, child_seen = ids
    refused: list[BlockedError] = []
    begun = threading.Event()

    def submit():
        with Session(engine) as other:
            bind(other, Scope.of(leader))
            begun.set()
            try:
                operations.do(
                    other, leader, synthesis_id, Act.SUBMIT, seen=synthesis_seen, now=NOON
                )
                other.commit()
            except BlockedError as error:
                refused.append(error)

    with Session(engine) as one:
        bind(one, Scope.of(leader))
        inputs = Inputs(reason="Số liệu chưa đúng")
        operations.do(one, leader, child_id, Act.REOPEN, seen=child_seen, now=NOON, inputs=inputs)
        thread = threading.Thread(target=submit)
        thread.start()
        assert begun.wait(10)
        thread.join(0.5)
        assert thread.is_alive(), "it waits for the reopening to end"
        one.commit()
    thread.join(20)
    assert not thread.is_alive()
    assert [str(error) for error in refused], "the synthesis may not go up without the unit"
    session.expire_all()
    assert session.get_one(Document, synthesis_id).status is Status.CLEARANCE
