"""The trail is chained unit by unit, and whoever goes around the application is found out.

The one who goes around it has the keys of the database: on PostgreSQL the superuser, for whom no
trigger, foreign key or policy stands in the way, on SQLite whoever can write the file.
"""

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from support.databases import Databases, dispose
from world import NOON, World, world_in

from lth import commands
from lth.access import chain
from lth.access.chain_check import ChainCheck, ChainFault, ChainHead, heads
from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import audit
from lth.cli import main
from lth.models import AuditEntry, Base, Event, TrailHead, TrailLink
from lth.models.trail import LinkedRow

NOT_HASHED = {"link_key", "search_key"}
"""The link itself, and what follows from the name: both are held in other ways."""

Tamper = Callable[..., None]


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture
def world(session: Session) -> World:
    return world_in(session)


@pytest.fixture
def keys(databases: Databases, database: str) -> Iterator[Engine]:
    """The database for somebody with all its keys."""
    engine = create_engine(databases.superuser_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def tamper(keys: Engine, session: Session) -> Tamper:
    """Run a statement that nothing stands in the way of; it reaches one row."""

    def run(statement: str, rows: int = 1, **values: Any) -> None:
        session.rollback()
        with keys.connect() as connection:
            _open(connection)
            with connection.begin():
                assert connection.execute(text(statement), values).rowcount == rows

    return run


def _open(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        connection.commit()
        return
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for name in connection.scalars(text(triggers)).all():
        connection.execute(text(f"DROP TRIGGER {name}"))
    connection.commit()


def faults(session: Session, kept: list[ChainHead] | None = None) -> list[ChainFault]:
    session.rollback()
    with system(session, Purpose.CHAIN):
        found = list(ChainCheck(session, kept or []).faults())
    session.rollback()
    return found


def ends(session: Session) -> list[ChainHead]:
    session.rollback()
    with system(session, Purpose.CHAIN):
        found = heads(session)
    session.rollback()
    return found


def chain_of(world: World, unit: str) -> int:
    return world.units[unit].id


# --- Every row is a link -----------------------------------------------------------------------


def test_every_row_of_the_trail_is_a_link_of_its_units_chain(session: Session, world: World):
    assert faults(session) == []
    with system(session, Purpose.CHAIN):
        for kind, model in chain.CHAINED.items():
            rows = session.scalar(select(func.count()).select_from(model))
            linked = (
                select(func.count())
                .select_from(model)
                .join(TrailLink, TrailLink.key == model.link_key)
                .where(
                    TrailLink.chain == func.coalesce(model.unit_id, 0),
                    TrailLink.kind == kind,
                )
            )
            assert rows == session.scalar(linked) > 0
        for head in session.scalars(select(TrailHead)).all():
            numbers = session.scalars(select(TrailLink.seq).where(TrailLink.chain == head.chain))
            assert sorted(numbers) == list(range(1, head.seq + 1))


def test_what_every_column_says_is_hashed():
    for kind, model in chain.CHAINED.items():
        columns = {column.name for column in model.__table__.columns}
        assert set(chain.FORMS[kind, chain.FORM]) == columns - NOT_HASHED


@pytest.mark.parametrize("model", [Event, AuditEntry])
def test_a_row_that_is_no_link_is_refused(session: Session, model: type[Base]):
    """Whoever writes one by statement, and not as all others do, does not get past the commit."""
    with system(session, Purpose.LOAD):
        table = model.__table__
        row = session.execute(select(table)).mappings().first()
        values = {name: value for name, value in row.items() if name != "id"}
        if model is Event:
            values["seq"] = 999
        session.execute(insert(table).values(values | {"link_key": "0" * 32}))
        with pytest.raises(IntegrityError):
            session.commit()
        session.rollback()
        del values["link_key"]
        with pytest.raises(IntegrityError):
            session.execute(text(_without_link(table.name, values)), _bound(values))
        session.rollback()


def _without_link(table: str, values: dict[str, Any]) -> str:
    return (
        f"INSERT INTO {table} ({', '.join(values)})"  # noqa: S608 - own names
        f" VALUES ({', '.join(':' + name for name in values)})"
    )


def _bound(values: dict[str, Any]) -> dict[str, Any]:
    return {name: "{}" if isinstance(value, dict) else value for name, value in values.items()}


def test_what_is_rolled_back_is_no_link(session: Session, world: World):
    before = ends(session)
    unit_id = chain_of(world, "A")
    with system(session, Purpose.LOAD):
        audit.record(session, unit_id, "rolled.back", None, now=NOON)
        session.flush()
        session.rollback()
        audit.record(session, unit_id, "kept.before", None, now=NOON)
        with session.begin_nested():
            audit.record(session, unit_id, "kept.within", None, now=NOON)
        savepoint = session.begin_nested()
        audit.record(session, unit_id, "savepoint", None, now=NOON)
        with session.begin_nested():
            audit.record(session, unit_id, "deeper", None, now=NOON)
        savepoint.rollback()
        session.commit()
    assert faults(session) == []
    grown = {one.chain: one.seq for one in ends(session)}
    assert grown[unit_id] - {one.chain: one.seq for one in before}[unit_id] == 2


def test_a_unit_lengthens_its_own_chain_in_its_own_scope(session: Session, world: World):
    """No system scope is needed for what its administrator changes, and none is left behind."""
    actor = world.actors["unit_admin@D"]
    bind(session, Scope.of(actor))
    audit.record(session, actor.unit_id, "settings.changed", actor.person_id, now=NOON, actor=actor)
    session.commit()
    assert session.info["scope"] == Scope.of(actor)
    session.info.pop("scope")
    assert faults(session) == []


def test_acts_at_once_share_no_number(engine: Engine, session: Session, world: World):
    """Four who write to two chains, in both orders, all come through."""
    units = [chain_of(world, "A"), chain_of(world, "B")]
    before = {one.chain: one.seq for one in ends(session)}

    def work(order: list[int]) -> None:
        with Session(engine) as own:
            for _ in range(5):
                with system(own, Purpose.LOAD):
                    for unit_id in order:
                        audit.record(own, unit_id, "at.once", None, now=NOON)
                    own.commit()

    threads = [Thread(target=work, args=(units[:: 1 if i % 2 else -1],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults(session) == []
    after = {one.chain: one.seq for one in ends(session)}
    assert [after[unit] - before[unit] for unit in units] == [20, 20]


# --- Whoever goes around it --------------------------------------------------------------------


COLUMNS = [
    (kind, column.name)
    for kind, model in chain.CHAINED.items()
    for column in model.__table__.columns
    if column.name != "link_key"
]


@pytest.mark.parametrize(("kind", "column"), COLUMNS)
def test_a_changed_column_is_named(session, world, tamper, kind, column):
    table = chain.CHAINED[kind].__table__
    with system(session, Purpose.CHAIN):
        row = session.execute(
            select(table.c.id, TrailLink.chain, TrailLink.seq)
            .join(TrailLink, TrailLink.key == table.c.link_key)
            .where(table.c.unit_id.is_not(None))
            .order_by(table.c.id.desc())
        ).first()
    value = _other(table.c[column])
    tamper(f"UPDATE {table.name} SET {column} = {value} WHERE id = :key", key=row.id)  # noqa: S608 - own names
    (fault,) = faults(session)
    assert (fault.chain, fault.seq, fault.kind) == (row.chain, row.seq, kind)
    id_ = 999 if column == "id" else row.id
    assert fault.what == f"row {id_} differs in {column}"


def _other(column: Any) -> str:
    """Another value for a column, as SQL."""
    named = {
        "private": "NOT private",
        "at": "'2020-01-01 00:00:00'",
        "data": "'[1]'",
    }
    other = "999" if column.type.python_type is int else "'other'"
    return named.get(column.name, other)


@pytest.fixture
def events(session: Session, world: World) -> list[tuple[int, str, int]]:
    """The events of A's chain in its order: id, key and number."""
    with system(session, Purpose.CHAIN):
        statement = (
            select(Event.id, TrailLink.key, TrailLink.seq)
            .join(TrailLink, TrailLink.key == Event.link_key)
            .where(TrailLink.chain == chain_of(world, "A"))
            .order_by(TrailLink.seq)
        )
        return [tuple(row) for row in session.execute(statement)]


@pytest.mark.parametrize("place", [0, 5, -1], ids=["first", "middle", "last"])
def test_a_row_that_was_taken_out_is_named(session, tamper, events, place):
    id_, _, seq = events[place]
    tamper("DELETE FROM event WHERE id = :id", id=id_)
    (fault,) = faults(session)
    assert (fault.seq, fault.what, fault.kind) == (seq, "the row is gone", LinkedRow.EVENT)
    assert fault.at == NOON


@pytest.mark.parametrize("place", [0, 5, -1], ids=["first", "middle", "last"])
def test_a_row_that_was_taken_out_with_its_link_leaves_a_gap(session, tamper, events, world, place):
    id_, key, seq = events[place]
    tamper("DELETE FROM event WHERE id = :id", id=id_)
    tamper("DELETE FROM trail_link WHERE key = :key", key=key)
    first = faults(session)[0]
    assert (first.chain, first.seq) == (chain_of(world, "A"), seq)
    assert first.what.startswith(f"link {seq} is missing")


def test_a_tail_that_was_cut_off_is_named(session, tamper, world):
    unit_id = chain_of(world, "A")
    end = next(one.seq for one in ends(session) if one.chain == unit_id)
    tamper("DELETE FROM trail_link WHERE chain = :c AND seq > :s", 2, c=unit_id, s=end - 2)
    cut = next(fault for fault in faults(session) if fault.seq)
    assert cut.what == f"links {end - 1} to {end} are missing, by its head"


def test_a_head_that_was_put_back_with_its_tail_shows_by_what_was_kept(session, tamper, world):
    unit_id, kept = chain_of(world, "C"), ends(session)
    end = next(one.seq for one in kept if one.chain == unit_id)
    with system(session, Purpose.CHAIN):
        last = {"c": unit_id, "s": end}
        statement = select(TrailLink).where(TrailLink.chain == unit_id)
        links = {link.seq: (link.key, link.hash) for link in session.scalars(statement)}
    key, before = links[end][0], links[end - 1][1]
    tamper("DELETE FROM event WHERE link_key = :k", k=key)
    tamper("DELETE FROM trail_link WHERE chain = :c AND seq = :s", **last)
    tamper("UPDATE trail_head SET seq = :s - 1, hash = :h WHERE chain = :c", h=before, **last)
    assert faults(session) == []
    (fault,) = faults(session, kept)
    assert (fault.chain, fault.seq) == (unit_id, end)
    assert fault.what == f"was kept elsewhere, and the chain ends at {end - 1}"


def test_a_chain_that_was_written_anew_shows_by_what_was_kept(session, tamper, events, world):
    """Somebody who knows how it is done changes a reason and hashes all that follows."""
    kept, unit_id = ends(session), chain_of(world, "A")
    tamper("UPDATE event SET reason = 'khác' WHERE id = :id", id=events[3][0])
    for statement, values in _hashed_anew(session, unit_id):
        tamper(statement, **values)
    assert faults(session) == []
    (fault,) = faults(session, kept)
    assert (fault.chain, fault.what) == (unit_id, "is not the link that was kept elsewhere")


def _hashed_anew(session: Session, unit_id: int) -> list[tuple[str, dict[str, Any]]]:
    done, before = [], chain.GENESIS
    with system(session, Purpose.CHAIN):
        statement = select(TrailLink).where(TrailLink.chain == unit_id).order_by(TrailLink.seq)
        for link in session.scalars(statement).all():
            model = chain.CHAINED[link.kind]
            row = session.scalars(select(model).where(model.link_key == link.key)).one()
            columns = chain.FORMS[link.kind, link.form]
            written = chain.contents(columns, {name: getattr(row, name) for name in columns})
            made = {column.name: getattr(link, column.name) for column in link.__table__.columns}
            made["digests"] = chain.digests(link.key, written)
            before = chain.link_hash(before, made, written)
            values = {"d": made["digests"], "h": before, "k": link.key}
            done.append(("UPDATE trail_link SET digests = :d, hash = :h WHERE key = :k", values))
    head = {"h": before, "c": unit_id}
    return [*done, ("UPDATE trail_head SET hash = :h WHERE chain = :c", head)]


def test_a_row_that_was_slipped_in_is_named(session, tamper, events, world):
    columns = [c.name for c in Event.__table__.columns if c.name not in {"id", "seq", "link_key"}]
    copied = ", ".join(columns)
    tamper(
        f"INSERT INTO event (id, seq, link_key, {copied})"  # noqa: S608 - own names
        f" SELECT 99999, 999, :key, {copied} FROM event WHERE id = :id",
        id=events[0][0],
        key="f" * 32,
    )
    (fault,) = faults(session)
    assert fault.chain == chain_of(world, "A")
    assert fault.what == "row 99999 is in no chain: it was slipped in"


def test_two_rows_that_changed_places_are_named(session, tamper, events):
    (one, key, seq), (other, other_key, other_seq) = events[1], events[6]
    change = "UPDATE event SET link_key = :key WHERE id = :id"
    tamper(change, id=one, key="x")
    tamper(change, id=other, key=key)
    tamper(change, id=one, key=other_key)
    found = faults(session)
    assert [fault.seq for fault in found] == [seq, other_seq]
    assert found[0].what.startswith(f"row {other} differs in id, ")


def test_two_links_that_changed_places_are_named(session, tamper, events):
    (_, key, seq), (_, other_key, other_seq) = events[1], events[6]
    change = "UPDATE trail_link SET seq = :seq WHERE key = :key"
    tamper(change, key=key, seq=-1)
    tamper(change, key=other_key, seq=seq)
    tamper(change, key=key, seq=other_seq)
    found = {fault.seq for fault in faults(session)}
    assert {seq, other_seq} <= found


LINK = {
    "chain": "999",
    "seq": "999",
    "kind": "'entry'",
    "form": "2",
    "at": "'2020-01-01 00:00:00'",
    "digests": "'0'",
    "hash": "'0'",
    "key": "'0'",
}


@pytest.mark.parametrize("column", [column.name for column in TrailLink.__table__.columns])
def test_a_changed_link_is_named(session, tamper, events, column):
    _, key, seq = events[4]
    tamper(f"UPDATE trail_link SET {column} = {LINK[column]} WHERE key = :key", key=key)  # noqa: S608 - own names
    assert seq in {fault.seq for fault in faults(session)}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE trail_head SET hash = 'x' WHERE chain = :c", "the head has another hash"),
        ("UPDATE trail_head SET seq = seq + 1 WHERE chain = :c", "is missing, by its head"),
        ("UPDATE trail_head SET seq = seq - 1 WHERE chain = :c", "its head says"),
        ("DELETE FROM trail_head WHERE chain = :c", "the head is gone"),
    ],
)
def test_a_changed_head_is_named(session, tamper, world, change, what):
    tamper(change, c=chain_of(world, "A"))
    (fault,) = faults(session)
    assert fault.chain == chain_of(world, "A")
    assert what in fault.what


# --- The command -------------------------------------------------------------------------------


@pytest.fixture
def lth(databases: Databases, session: Session, monkeypatch) -> Iterator[Callable[..., Result]]:
    made: list[Flask] = []
    make = commands.make_app

    def make_and_keep() -> Flask:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(commands, "make_app", make_and_keep)
    monkeypatch.setenv("LTH_HOME", str(databases.settings().home))
    monkeypatch.setenv("LTH_SECRET_KEY", "for-tests-only-" * 3)
    monkeypatch.setenv("LTH_DATABASE_URL", databases.url)

    def call(*arguments: str) -> Result:
        session.rollback()
        return CliRunner().invoke(main, ["audit", *arguments])

    yield call
    for app in made:
        dispose(app)


def test_the_command_says_that_all_stands(lth, tmp_path):
    printed = lth("heads")
    assert printed.exit_code == 0, printed.output
    file = tmp_path / "heads.txt"
    file.write_text(printed.stdout, encoding="utf-8")
    stands = lth("verify", "--heads", str(file))
    assert stands.exit_code == 0, stands.output
    assert "stands as it was written" in stands.stdout
    assert lth("verify", "--unit", "A").stdout.startswith("The trail stands")
    assert (
        "0 events and 1 administrative changes in 1 chains" in lth("verify", "--unit", "-").stdout
    )
    assert lth("verify", "--unit", "nowhere").exit_code == 1


def test_the_command_names_the_unit_the_number_and_what_differs(lth, tamper, events):
    id_, _, seq = events[2]
    tamper("UPDATE event SET person_name = 'khác' WHERE id = :id", id=id_)
    result = lth("verify")
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert f"đơn vị A (A), no. {seq}, 2021-05-07" in line
    assert line.endswith(f"event: row {id_} differs in person_name")
    assert lth("verify", "--unit", "B").exit_code == 0


def test_the_command_refuses_a_file_of_something_else(lth, tmp_path):
    file = tmp_path / "heads.txt"
    file.write_text("no head\n", encoding="utf-8")
    refused = lth("verify", "--heads", str(file))
    assert refused.exit_code == 1
    assert "line 1 is no head" in refused.output
