"""The trail only grows, and what is frozen, issued or published stays, on both databases.

All of it under a system scope: no policy is in the way, only the triggers. Raw SQL: no code either.
"""

from datetime import UTC, datetime
from threading import Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session
from world import World

from lth.access.scope import Purpose, Scope, bind
from lth.models import Base, Revision
from lth.workflow import revisions

LATER = datetime(2021, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _unbound_by_policies(session: Session) -> None:
    bind(session, Scope.system(Purpose.RECONCILE))


FROZEN, OPEN = "A.submitted/1", "A.draft/1"


def revision(world: World, name: str) -> dict[str, int]:
    return {"revision": world.revisions[name].id}


@pytest.mark.parametrize("table", ["event", "audit_entry", "document_step", "quota_move"])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET unit_id = unit_id", "DELETE FROM {0}"])
def test_what_only_grows_is_never_changed(
    session: Session, world: World, table: str, verb: str
) -> None:
    """On PostgreSQL the application has not even the right to try."""
    with pytest.raises((IntegrityError, ProgrammingError)) as refused:
        session.execute(text(verb.format(table)))
    assert "never changed" in str(refused.value) or "permission denied" in str(refused.value)


CONTENT = {
    "target": "edited_by_id = NULL",
    "section": "body = 'khác'",
    "receipt": "number = 9",
    "revision_editor": "person_id = 1",
    "part_line": "edited_by_id = NULL",
    "report_value": "edited_by_id = NULL",
    "report_item": "edited_by_id = NULL",
    "finding": "place = 'khác'",
    "explanation": "text = 'khác'",
    "unlocked_line": "reason = 'khác'",
}


BESIDE_CONTENT = {"official_paper", "opinion", "remark"}
"""What is written about a frozen revision, by those who read it."""


def test_every_table_of_a_revision_is_guarded() -> None:
    tables = Base.metadata.tables.items()
    assert {name for name, table in tables if "revision_id" in table.c} == {
        *CONTENT,
        *BESIDE_CONTENT,
    }


@pytest.mark.parametrize("table", sorted(CONTENT))
def test_content_of_a_frozen_revision_stays(session: Session, world: World, table: str) -> None:
    frozen = revision(world, "D.synthesis/1" if table == "receipt" else FROZEN)
    opened = revision(world, OPEN) | {"frozen": frozen["revision"]}
    change = f"UPDATE {table} SET {CONTENT[table]} WHERE revision_id = :revision"  # noqa: S608 - own names
    remove = f"DELETE FROM {table} WHERE revision_id = :revision"  # noqa: S608 - own names
    take_out = f"UPDATE {table} SET revision_id = :other WHERE revision_id = :revision"  # noqa: S608 - own names
    slip_in = f"UPDATE {table} SET revision_id = :frozen WHERE revision_id = :revision"  # noqa: S608 - own names
    refuses(session, change, frozen)
    refuses(session, remove, frozen)
    refuses(session, take_out, frozen | {"other": opened["revision"]})
    if table != "receipt":
        refuses(session, slip_in, opened)
        session.execute(text(change), opened)
        session.execute(text(remove), opened)


def test_nothing_is_added_to_a_frozen_revision(session: Session, world: World) -> None:
    person = {"person": world.people["leader@A"].id}
    statement = "INSERT INTO revision_editor (revision_id, person_id) VALUES (:revision, :person)"
    refuses(session, statement, revision(world, FROZEN) | person)
    session.execute(text(statement), revision(world, OPEN) | person)


@pytest.mark.parametrize(
    "change",
    [
        "frozen_at = NULL, sha256 = NULL",
        "sha256 = 'another'",
        "frozen_at = created_at, sha256 = 'another'",
        "number = 7",
        "document_id = 1",
        "unit_id = next_unit_id",
        "unit_path = '9.'",
        "next_unit_id = NULL",
    ],
)
def test_a_frozen_revision_keeps_its_hash_and_place(
    session: Session, world: World, change: str
) -> None:
    statement = f"UPDATE revision SET {change} WHERE id = :revision"  # noqa: S608 - own text
    refuses(session, statement, revision(world, FROZEN), "revision:")


def test_a_frozen_revision_is_not_deleted(session: Session, world: World) -> None:
    statement = "DELETE FROM revision WHERE id = :revision"
    refuses(session, statement, revision(world, FROZEN), "stays")


def test_a_revision_is_frozen_once_and_goes_on_its_way(session: Session, world: World) -> None:
    """Freezing, sending, releasing, withdrawing are no changes of what it says."""
    values = revision(world, OPEN) | {"now": LATER}
    for change in (
        "frozen_at = :now, sha256 = 'abc'",
        "submitted_at = :now",
        "released_at = :now",
        "withdrawn_at = :now",
        "released_at = NULL",
        "frozen_at = frozen_at, sha256 = sha256",
    ):
        statement = f"UPDATE revision SET {change} WHERE id = :revision"  # noqa: S608 - own text
        assert session.execute(text(statement), values).rowcount == 1


def test_an_issued_revision_keeps_its_signature_unless_it_is_undone(
    session: Session, world: World
) -> None:
    issued = revision(world, "A.issued/1")
    for change in ("document_number = '1/KH'", "issued_on = '2021-05-08'", "sign_form = 'KT'"):
        refuses(session, f"UPDATE revision SET {change} WHERE id = :revision", issued)  # noqa: S608 - own text
    undo = (
        "UPDATE revision SET issued_at = NULL, document_number = NULL, issued_on = NULL,"
        " sign_form = NULL WHERE id = :revision"
    )
    assert session.execute(text(undo), issued).rowcount == 1


@pytest.mark.parametrize(
    "column",
    ["unit_id", "unit_path", "programme_id", "period_id", "kind", "mode", "next_unit_id"],
)
def test_a_plan_keeps_its_unit_period_and_road(session: Session, world: World, column: str) -> None:
    others = {"kind": "'synthesis'", "mode": "'acknowledge'", "unit_path": "'9.'"}
    statement = f"UPDATE document SET {column} = {others.get(column, '1000')} WHERE id = :document"  # noqa: S608 - own text
    refuses(session, statement, {"document": world.documents["A.draft"].id}, "fixed")


def test_a_published_remark_keeps_its_words_and_may_be_answered(
    session: Session, world: World
) -> None:
    published, kept_back = revision(world, "A.returned/1"), revision(world, "A.review/1")
    reword = "UPDATE remark SET text = 'khác' WHERE revision_id = :revision"
    remove = "DELETE FROM remark WHERE revision_id = :revision"
    answer = "UPDATE remark SET answer = 'Đã sửa' WHERE revision_id = :revision"
    refuses(session, reword, published, "keeps its words")
    refuses(session, remove, published, "stays")
    assert session.execute(text(answer), published).rowcount == 1
    assert session.execute(text(reword), kept_back).rowcount == 1
    assert session.execute(text(remove), kept_back).rowcount == 1


def refuses(session: Session, statement: str, values: dict[str, object], why: str = ":") -> None:
    """A trigger refuses the statement, and nothing else of the transaction is lost."""
    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        session.execute(text(statement), values)
    told = str(refused.value.orig)
    assert why in told
    assert "constraint" not in told.lower()


def test_what_is_being_written_while_it_is_frozen_is_in_the_hash(
    engine: Engine, session: Session, world: World
) -> None:
    """The hash waits for a writer who has not committed, even one that locked nothing itself."""
    written = text("UPDATE section SET body = 'vừa viết' WHERE revision_id = :revision")
    session.execute(written, revision(world, OPEN))
    freezer = Thread(target=_freeze, args=(engine, world.revisions[OPEN].id))
    freezer.start()
    freezer.join(0.2)
    assert freezer.is_alive()
    session.commit()
    freezer.join(10)
    frozen = session.get_one(Revision, world.revisions[OPEN].id)
    assert frozen.sha256 == revisions.digest(session, frozen.id)
    refuses(session, str(written), revision(world, OPEN))


def _freeze(engine: Engine, revision_id: int) -> None:
    with Session(engine) as session:
        bind(session, Scope.system(Purpose.RECONCILE))
        revisions.freeze(session, session.get_one(Revision, revision_id), LATER)
        session.commit()
