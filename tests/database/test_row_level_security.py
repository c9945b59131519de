"""Each role against every table by raw SQL: PostgreSQL alone keeps the tenants apart."""

from collections.abc import Iterator

import pytest
from database.expected import READS, VIEWERS, WRITES
from database.rows import Book, Key, lines, primary_key, seen_as
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from support.databases import Databases
from world import World

from lth.core.database import migration_engine
from lth.models import Base

pytestmark = pytest.mark.databases("postgres")

TABLES = sorted(Base.metadata.tables)
NO_POLICY_LETS_IT = "42501"
ALREADY_THERE = "23505"
STILL_POINTED_AT = "23503"
REFUSED_BY_TRIGGER = "23001"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """On one connection throughout, which the pool hands back to nobody else meanwhile."""
    with engine.connect() as connection, Session(connection) as session:
        yield session


@pytest.fixture
def probe(databases: Databases, database: str) -> Iterator[None]:
    """Functions in the database, since one question for each row, viewer and verb takes long from
    outside. They run as whoever calls them, who has no right to make any.
    """
    engine = migration_engine(databases.settings())
    with engine.begin() as owner:
        owner.execute(text("CREATE SCHEMA probe"))
        owner.execute(text("GRANT USAGE ON SCHEMA probe TO lth_app"))
        owner.execute(text(_OUTCOME))
        for table in TABLES:
            owner.execute(text(_COPIES.replace("{table}", table)))
    yield
    with engine.begin() as owner:
        owner.execute(text("DROP SCHEMA probe CASCADE"))
    engine.dispose()


def test_every_table_has_its_expectation_and_every_viewer_a_line() -> None:
    assert sorted(READS) == TABLES
    assert sorted(WRITES) == TABLES
    for table, block in READS.items():
        assert sorted(viewer for viewer, _ in lines(block)) == sorted(VIEWERS), table
    for table, block in WRITES.items():
        named = [viewer for viewer, _ in lines(block)]
        assert len(named) == len(set(named)), table
        assert set(named) <= set(VIEWERS), table


def test_every_table_has_forced_row_level_security(session: Session) -> None:
    bare = session.scalars(
        text(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = current_schema() AND relkind IN ('r', 'p')"
            " AND NOT (relrowsecurity AND relforcerowsecurity)"
        )
    )
    assert list(bare) == ["alembic_version"]


def test_the_world_has_rows_in_every_table(world: World) -> None:
    assert {table for table, _ in world.names} == set(TABLES)


def test_who_reads_which_rows(session: Session, world: World) -> None:
    book = Book(world)
    wrong = []
    for table, viewer, (patterns,) in _each(READS):
        with seen_as(session, world, viewer):
            seen = _selected(session, table)
        wrong += _differing(book, f"{viewer} reads {table}", table, seen, patterns)
    assert wrong == []


def test_who_writes_which_rows(session: Session, world: World, probe: None) -> None:
    book = Book(world)
    rows = _rows(session, world)
    wrong = []
    for table in TABLES:
        expected = dict(lines(WRITES[table]))
        for viewer in VIEWERS:
            patterns = expected.get(viewer, ["-", "-", "-"])
            with seen_as(session, world, viewer):
                done = [
                    reach(session, table, rows[table]) for reach in (_inserts, _updates, _deletes)
                ]
            for verb, keys, pattern in zip(
                ("adds", "changes", "removes"), done, patterns, strict=True
            ):
                wrong += _differing(book, f"{viewer} {verb} {table}", table, keys, pattern)
    assert wrong == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("document", "sent_number"),
        ("document", "in_force_number"),
        ("document", "cleared_from"),
        *[
            ("revision", column.name)
            for column in Base.metadata.tables["revision"].columns
            if column.name not in {"id", "released_at"}
        ],
    ],
)
def test_the_next_step_changes_only_what_it_decides(
    session: Session, world: World, table: str, column: str
) -> None:
    """It may update the row that was sent to it, but not what its own unit says there."""
    types = {"integer": "1000", "character varying": "'KT'", "date": "'2021-01-01'", "json": "'{}'"}
    kind = session.scalar(
        text(
            "SELECT data_type FROM information_schema.columns"
            " WHERE table_name = :table AND column_name = :column"
        ),
        {"table": table, "column": column},
    )
    ids = {"document": world.documents["A.review"].id, "revision": world.revisions["A.review/1"].id}
    change = f"UPDATE {table} SET {column} = {types.get(kind, 'now()')} WHERE id = :id"  # noqa: S608 - own names
    with seen_as(session, world, "leader@D"):
        with pytest.raises(DBAPIError) as refused, session.begin_nested():
            session.execute(text(change), {"id": ids[table]})
        assert refused.value.orig.sqlstate == REFUSED_BY_TRIGGER
        release = text("UPDATE revision SET released_at = now() WHERE id = :id")
        assert session.execute(release, {"id": ids["revision"]}).rowcount == 1


def test_a_scope_does_not_outlive_its_transaction(session: Session, world: World) -> None:
    """The next to get the connection from the pool starts with nothing."""
    with seen_as(session, world, "specialist@P"):
        assert _selected(session, "document")
    assert not _selected(session, "document")


def _each(expectations: dict[str, str]) -> Iterator[tuple[str, str, list[str]]]:
    for table, block in expectations.items():
        for viewer, patterns in lines(block):
            yield table, viewer, patterns


def _differing(book: Book, what: str, table: str, found: set[Key], patterns: str) -> list[str]:
    expected = book.keys(table, patterns)
    problems = (("not", expected - found), ("also", found - expected))
    return [f"{what}: {how} {book.tell(table, keys)}" for how, keys in problems if keys]


def _key(table: str) -> str:
    return ", ".join(f"{name}::text" for name in primary_key(table))


def _selected(session: Session, table: str) -> set[Key]:
    found = session.execute(text(f"SELECT {_key(table)} FROM {table}"))  # noqa: S608 - own names
    return {tuple(row) for row in found}


def _rows(session: Session, world: World) -> dict[str, dict[Key, str]]:
    """Every row of every table as JSON, by its key."""
    found = {}
    with seen_as(session, world, "system"):
        for table in TABLES:
            statement = f"SELECT to_jsonb(t)::text, {_key(table)} FROM {table} AS t"  # noqa: S608 - own names
            found[table] = {tuple(key): row for row, *key in session.execute(text(statement))}
    return found


def _inserts(session: Session, table: str, rows: dict[Key, str]) -> set[Key]:
    """The rows of which a copy would go in, if only its key did not stand in the way."""
    statement = text(f"SELECT unnest(probe.copies_of_{table}(cast(:rows AS jsonb[])))")
    outcomes = session.scalars(statement, {"rows": list(rows.values())})
    return _told_apart(
        dict(zip(rows, outcomes, strict=True)),
        yes={ALREADY_THERE},
        no={NO_POLICY_LETS_IT, REFUSED_BY_TRIGGER},
    )


def _updates(session: Session, table: str, rows: dict[Key, str]) -> set[Key]:
    """The rows that an UPDATE of a harmless column reaches."""
    column = _harmless_column(table)
    verb = f"UPDATE {table} SET {column} = {column}"  # noqa: S608 - own names
    reached = _at_once(session, table, verb)
    return _one_by_one(session, table, verb, rows) if reached is None else reached


def _harmless_column(table: str) -> str:
    """One that no trigger keeps from the level above, or from changing at all."""
    watched = {"document": "status_since", "revision": "released_at", "remark": "answer"}
    columns = [column.name for column in Base.metadata.tables[table].columns]
    return watched.get(table, columns[-1])


def _deletes(session: Session, table: str, rows: dict[Key, str]) -> set[Key]:
    """The rows that a DELETE reaches, though something else may still point at them."""
    verb = f"DELETE FROM {table}"  # noqa: S608 - own names
    reached = _at_once(session, table, verb)
    return _one_by_one(session, table, verb, rows) if reached is None else reached


def _at_once(session: Session, table: str, verb: str) -> set[Key] | None:
    """The rows that a statement on the whole table reaches; None where one of them stops it."""
    savepoint = session.begin_nested()
    try:
        found = session.execute(text(f"{verb} RETURNING {_key(table)}"))
        return {tuple(row) for row in found}
    except DBAPIError:
        return None
    finally:
        savepoint.rollback()


def _one_by_one(session: Session, table: str, verb: str, rows: dict[Key, str]) -> set[Key]:
    statements = [f"{verb} WHERE {_is(table, key)}" for key in rows]
    outcomes = session.scalars(
        text("SELECT probe.outcome(s) FROM unnest(cast(:all AS text[])) AS s"),
        {"all": statements},
    )
    return _told_apart(
        dict(zip(rows, outcomes, strict=True)),
        yes={"1", STILL_POINTED_AT},
        no={"0", NO_POLICY_LETS_IT, REFUSED_BY_TRIGGER},
    )


def _told_apart(outcomes: dict[Key, str], yes: set[str], no: set[str]) -> set[Key]:
    """The rows whose statement ended in one of `yes`; every other has to end in one of `no`."""
    surprising = {key: outcome for key, outcome in outcomes.items() if outcome not in yes | no}
    assert not surprising
    return {key for key, outcome in outcomes.items() if outcome in yes}


def _is(table: str, key: Key) -> str:
    named = zip(primary_key(table), key, strict=True)
    return " AND ".join(f"{name}::text = {_quoted(value)}" for name, value in named)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


# How many rows a statement reached, or the SQLSTATE it failed with; nothing of it stays.
_OUTCOME = """
CREATE FUNCTION probe.outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reached bigint;
BEGIN
    EXECUTE statement;
    GET DIAGNOSTICS reached = ROW_COUNT;
    RAISE EXCEPTION 'taken back' USING ERRCODE = 'LTHOK';
EXCEPTION
    WHEN SQLSTATE 'LTHOK' THEN RETURN reached::text;
    WHEN OTHERS THEN RETURN SQLSTATE;
END
$$
"""

# The SQLSTATE that a copy of each row fails with; its document is made once for all of them.
_COPIES = """
CREATE FUNCTION probe.copies_of_{table}(copies jsonb[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    one jsonb;
    outcomes text[] = '{}';
BEGIN
    FOREACH one IN ARRAY copies LOOP
        BEGIN
            INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, one);
            RAISE EXCEPTION 'taken back' USING ERRCODE = 'LTHOK';
        EXCEPTION WHEN OTHERS THEN
            outcomes := outcomes || SQLSTATE::text;
        END;
    END LOOP;
    RETURN outcomes;
END
$$
"""
