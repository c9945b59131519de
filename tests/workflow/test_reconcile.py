"""What was changed behind the workflow's back is found, and nothing else.

Triggers refuse most of it, so they are switched off first: by the owner of the tables, as somebody
with the database's keys would.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from support.databases import Databases
from support.flowworld import LINES, Flow

from lth.access.scope import Purpose, system
from lth.core.config import load
from lth.models.document import Status
from lth.workflow.acts import Act
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.reconcile import Deviation, drifts

Tamper = Callable[..., None]


@pytest.fixture
def owner(databases: Databases, database: str) -> Iterator[Engine]:
    """The database under the role that owns it."""
    url = load(databases.environ()).migration_database_url
    engine = create_engine(url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def tamper(owner: Engine, flow: Flow) -> Tamper:
    """Run a statement with every trigger of its table switched off; one row is changed."""

    def run(table: str, statement: str, **values: Any) -> None:
        flow.session.commit()
        with owner.begin() as connection, _unguarded(connection, table):
            assert connection.execute(text(statement), values).rowcount == 1

    return run


@contextmanager
def _unguarded(connection: Connection, table: str) -> Iterator[None]:
    """No trigger and no row-level security on a table, until the end of the block.

    SQLite cannot switch triggers off, so they are dropped; the file is this test's own.
    """
    if connection.dialect.name == "sqlite":
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        for name in connection.scalars(text(triggers), {"table": table}).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield
        return
    connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
    yield
    connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def found(flow: Flow, *, hashes: bool = True) -> list[Deviation]:
    with system(flow.session, Purpose.RECONCILE):
        result = list(drifts(flow.session, hashes=hashes))
    flow.session.rollback()
    return result


def test_the_world_has_not_drifted(flow):
    assert found(flow) == []


@pytest.mark.parametrize("line", LINES[2:4], ids=lambda line: line[1])
def test_neither_has_anything_after_many_acts(flow, line):
    """A document that was declined, recalled, returned and reopened, with much of it undone."""
    unit, kind, *_ = line
    drafter = f"{'clerk' if kind is PLAN else 'specialist'}@{unit}"
    leader, above = f"leader@{unit}", "tracu" if unit == "tapson" else "travinh"
    specialist, approver = f"specialist@{above}", f"leader@{above}"
    document_id = flow.start(drafter, kind=kind)
    for who, act in (
        (drafter, Act.SEND_FOR_CLEARANCE),
        (leader, Act.DECLINE),
        (drafter, Act.SEND_FOR_CLEARANCE),
        (leader, Act.SUBMIT),
        (leader, Act.UNDO),
        (leader, Act.SUBMIT),
        (drafter, Act.RECALL),
        (drafter, Act.UNDO),
        (specialist, Act.OPEN),
        (specialist, Act.RETURN),
        (specialist, Act.UNDO),
        (specialist, Act.RETURN),
        (drafter, Act.SEND_FOR_CLEARANCE),
        (leader, Act.SUBMIT),
        (specialist, Act.OPEN),
        (approver, Act.APPROVE),
        (approver, Act.REOPEN),
        (approver, Act.APPROVE),
    ):
        flow.do(who, document_id, act, reason="Làm rõ")
        assert found(flow, hashes=False) == [], act
    assert found(flow) == []


# --- Changed by hand ----------------------------------------------------------------------


def test_a_status_that_was_set_by_hand(flow, review, tamper):
    tamper("document", "UPDATE document SET status = 'returned' WHERE id = :id", id=review)
    assert found(flow) == [Deviation(review, "status", "returned", "review")]


def test_a_version_that_was_set_by_hand(flow, review, tamper):
    tamper("document", "UPDATE document SET lock_version = 9 WHERE id = :id", id=review)
    assert found(flow) == [Deviation(review, "lock_version", 9, 4)]


@pytest.mark.parametrize(
    ("column", "status", "stored", "given"),
    [
        ("head_number", Status.RETURNED, 1, 2),
        ("sent_number", Status.RETURNED, 2, 1),
        ("released_number", Status.ISSUED, None, 1),
        ("in_force_number", Status.APPROVED, 1, None),
        ("in_force_number", Status.REVOKED, 1, None),
    ],
)
def test_a_number_that_was_set_by_hand(flow, tamper, column, status, stored, given):
    document_id = flow.document("tapson", status)
    statement = f"UPDATE document SET {column} = :value WHERE id = :id"  # noqa: S608 - own names
    tamper("document", statement, value=stored, id=document_id)
    assert found(flow) == [Deviation(document_id, column, stored, given)]


def test_a_last_event_that_is_gone(flow, review, tamper):
    """Its mail goes with it, else a foreign key stands in the way."""
    flow.do("specialist@tracu", review, Act.RETURN, reason="Sửa")
    flow.do("specialist@tracu", review, Act.UNDO)
    with system(flow.session, Purpose.LOAD):
        _forget_mail(flow.session, review, 6)
    tamper("event", "DELETE FROM event WHERE document_id = :id AND seq = 6", id=review)
    assert found(flow) == [
        Deviation(review, "status", "review", "returned"),
        Deviation(review, "lock_version", 6, 5),
    ]


def _forget_mail(session: Session, document_id: int, seq: int) -> None:
    session.execute(
        text(
            "DELETE FROM outbox WHERE event_id ="
            " (SELECT id FROM event WHERE document_id = :id AND seq = :seq)"
        ),
        {"id": document_id, "seq": seq},
    )


def test_an_event_that_is_gone_from_the_middle(flow, review, tamper):
    with system(flow.session, Purpose.LOAD):
        _forget_mail(flow.session, review, 3)
    tamper("event", "DELETE FROM event WHERE document_id = :id AND seq = 3", id=review)
    assert found(flow) == [
        Deviation(review, "lock_version", 4, 3),
        Deviation(review, "event 4", (4, Status.SUBMITTED), (3, Status.CLEARANCE)),
    ]


def test_an_event_that_tells_another_story(flow, review, tamper):
    statement = "UPDATE event SET to_status = 'returned' WHERE document_id = :id AND seq = 3"
    tamper("event", statement, id=review)
    assert found(flow) == [
        Deviation(review, "event 4", (4, Status.SUBMITTED), (4, Status.RETURNED)),
    ]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("section", "UPDATE section SET body = 'Sửa lén' WHERE revision_id = :id AND ordinal = 1"),
        ("section", "DELETE FROM section WHERE revision_id = :id AND ordinal = 1"),
        ("target", "UPDATE target SET value_min = 8 WHERE revision_id = :id"),
        ("target", "DELETE FROM target WHERE revision_id = :id"),
    ],
)
def test_frozen_content_that_was_changed_by_hand(flow, approved, tamper, table, change):
    revision = flow.revision(approved, 1)
    tamper(table, change, id=revision["id"])
    (drift,) = found(flow)
    assert (drift.document_id, drift.what) == (approved, f"sha256 of revision {revision['id']}")
    assert drift.stored == revision["sha256"] != drift.folded
    assert found(flow, hashes=False) == []


def test_a_receipt_that_was_changed_by_hand(flow, tamper):
    synthesis = flow.document("tracu", Status.APPROVED, SYNTHESIS)
    revision = flow.revision(synthesis, 1)
    statement = "DELETE FROM receipt WHERE revision_id = :id AND unit_id = :unit"
    tamper("receipt", statement, id=revision["id"], unit=flow.units["ngaixuyen"])
    assert [drift.document_id for drift in found(flow)] == [synthesis]


def test_an_open_revision_may_change(flow, draft, clerk):
    flow.write(clerk, draft, "Viết tiếp")
    assert found(flow) == []
