"""A backup holds everything, is of one moment, and comes back whole on either database or not."""

import hashlib
import json
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session
from support.catalogues import catalogue
from support.databases import Databases

from lth.access.scope import Purpose, system
from lth.administration import links, sessions
from lth.administration.sessions import Origin
from lth.blueprints.web.extensions import db
from lth.core import clock, database, schema
from lth.core.config import SettingError, Settings
from lth.exchange import backup
from lth.exchange.backup import archive, load
from lth.exchange.backup.manifest import KeptTable
from lth.models import AddressChange, Base, JobRun, PasswordReset, Person, UserSession
from lth.models.person import SessionEnd
from lth.workflow.reconcile import drifts

TABLES = sorted(Base.metadata.tables)


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lth.zip"


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["SETTINGS"]
    return found


@pytest.fixture
def kept(settings: Settings, file: Path) -> backup.Manifest:
    """A backup of the dataset in `file`."""
    return backup.write(settings, file, now=clock.now())


@pytest.fixture
def blank(databases: Databases) -> Iterator[Settings]:
    """A database without any table, of the kind of the test."""
    databases.blank("blank")
    yield databases.settings("blank")
    databases.close()


def tables_in(settings: Settings) -> list[str]:
    engine = database.migration_engine(settings)
    found = sorted(inspect(engine).get_table_names())
    engine.dispose()
    return found


def execute(settings: Settings, *statements: str) -> None:
    """Work as the owner, whom no policy binds meanwhile."""
    engine = database.migration_engine(settings)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def signed_in(session: Session) -> None:
    """Somebody is signed in while the backup is written."""
    with system(session, Purpose.SIGN_IN):
        person_id = session.scalars(select(Person.id).limit(1)).one()
        sessions.begin(session, person_id, Origin(), timedelta(hours=12), clock.now())
    session.commit()


# --- What is in the file ------------------------------------------------------------------


def test_every_table_is_in_it(kept: backup.Manifest, file: Path) -> None:
    assert sorted(one.shape.name for one in kept.tables) == TABLES
    with zipfile.ZipFile(file) as found:
        names = set(found.namelist())
    tables = {f"tables/{name}.jsonl" for name in TABLES}
    assert names == {"manifest.json", "files.jsonl", *tables}


def test_every_row_is_in_it(kept: backup.Manifest, engine: Engine) -> None:
    assert kept.rows > 100
    with Session(engine) as session, system(session, Purpose.RECONCILE):
        for one in kept.tables:
            counted = session.scalar(text(f"SELECT count(*) FROM {one.shape.name}"))  # noqa: S608 - own names
            assert one.rows == counted, one.shape.name


def test_it_is_its_owners_alone(kept: backup.Manifest, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_it_overwrites_nothing(kept: backup.Manifest, settings: Settings, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(backup.BackupError, match="overwrites nothing"):
        backup.write(settings, file, now=clock.now())
    assert file.read_bytes() == before


def test_what_cannot_be_finished_is_not_there(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lth.exchange.backup.shapes.TableShape.count", lambda *_: 7)
    with pytest.raises(backup.BackupError, match="has 7 rows"):
        backup.write(settings, file, now=clock.now())
    assert list(file.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(backup.BackupError, match="cannot be written"):
        backup.write(settings, tmp_path / "none" / "lth.zip", now=clock.now())


def test_it_is_of_one_moment(
    settings: Settings, engine: Engine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written after it began is not in it, in no table, and no writer waits for it."""
    counted = archive.BackupWriter.add

    def add_while_somebody_writes(self: Any, shape: Any, *rest: Any) -> KeptTable:
        if shape.name == TABLES[0]:
            writer = threading.Thread(target=add_a_person, args=(engine,))
            writer.start()
            writer.join(20)
            assert not writer.is_alive()
        return counted(self, shape, *rest)

    monkeypatch.setattr(archive.BackupWriter, "add", add_while_somebody_writes)
    before = rows_of(engine, "person")
    found = backup.write(settings, file, now=clock.now())
    assert rows_of(engine, "person") == before + 1
    assert next(one.rows for one in found.tables if one.shape.name == "person") == before


def add_a_person(engine: Engine) -> int:
    with Session(engine) as session, system(session, Purpose.ADMINISTER):
        person = Person(name="Người mới", created_at=clock.now())
        session.add(person)
        session.commit()
        return person.id


def rows_of(engine: Engine, table: str) -> int:
    with Session(engine) as session, system(session, Purpose.RECONCILE):
        found = session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - own names
    return int(found or 0)


@pytest.mark.databases("postgres")
@pytest.mark.parametrize("role", ["lth_owner", "lth_app"])
def test_a_role_that_does_not_see_every_row_makes_none(
    databases: Databases, app: Flask, file: Path, role: str
) -> None:
    url = databases.store.backup_url(databases.WORKING).replace("lth_backup@", f"{role}@")
    with pytest.raises(backup.BackupError, match=f"{role} does not see every row.*lth_backup"):
        backup.write(databases.settings(LTH_BACKUP_DATABASE_URL=url), file, now=clock.now())
    assert not file.exists()


def test_tables_that_are_not_ours_are_not_left_out_in_silence(
    databases: Databases, settings: Settings, file: Path
) -> None:
    databases.copy("empty", "other")
    other = databases.settings("other")
    execute(other, "CREATE TABLE notes (id INTEGER PRIMARY KEY)")
    with pytest.raises(backup.BackupError, match="notes"):
        backup.write(other, file, now=clock.now())


# --- Back ---------------------------------------------------------------------------------


@pytest.fixture
def on(
    database_kind: str,
    _open_databases: Callable[[str], Databases],
    pytestconfig: pytest.Config,
) -> Iterator[Callable[[str], Settings]]:
    """Give a blank database of another kind, or of this one."""
    opened = []

    def give(kind: str) -> Settings:
        if pytestconfig.getoption("--database") not in {None, kind}:
            pytest.skip(f"not on {kind} in this run")
        databases = _open_databases(kind)
        databases.blank("target")
        opened.append(databases)
        return databases.settings("target")

    yield give
    for databases in opened:
        databases.close()


@pytest.mark.parametrize("target", ["sqlite", "postgres"])
@pytest.mark.parametrize("dataset", ["workflow", "empty"])
def test_it_comes_back_on_either_database(
    kept: backup.Manifest,
    file: Path,
    on: Callable[[str], Settings],
    target: str,
    make_app: Callable[..., Flask],
    databases: Databases,
) -> None:
    there = on(target)
    backup.restore(there, file)
    again = backup.write(there, file.with_name("again.zip"), now=clock.now())
    assert again.contents == kept.contents
    assert again.tables == kept.tables
    assert again.origin.database == {"sqlite": "sqlite", "postgres": "postgresql"}[target]


def test_what_is_back_goes_on_as_if_nothing_had_been(
    kept: backup.Manifest, file: Path, databases: Databases, blank: Settings
) -> None:
    """The plans are what their trail says, and new rows are numbered after the old."""
    backup.restore(blank, file)
    app = databases.make_app("blank")
    with app.app_context():
        engine = db.engine
    with Session(engine) as session, system(session, Purpose.RECONCILE):
        assert list(drifts(session)) == []
        last = session.scalar(text("SELECT max(id) FROM person"))
    assert add_a_person(engine) == last + 1


def test_the_schema_is_as_the_migrations_make_it(
    kept: backup.Manifest, file: Path, databases: Databases, blank: Settings
) -> None:
    """Triggers, and on PostgreSQL policies, rights, functions: what was opened is shut again."""
    backup.restore(blank, file)
    restored = catalogue(blank)
    databases.blank("other")
    migrated = databases.settings("other")
    schema.upgrade(migrated)
    assert len(restored) > 100
    assert restored == catalogue(migrated)


def test_it_may_be_put_into_a_schema_without_rows(
    kept: backup.Manifest, file: Path, blank: Settings
) -> None:
    schema.upgrade(blank)
    backup.restore(blank, file)


def test_it_is_put_into_an_empty_place_only(
    kept: backup.Manifest, file: Path, databases: Databases, settings: Settings
) -> None:
    with pytest.raises(backup.BackupError, match="holds rows already"):
        backup.restore(settings, file)
    after = backup.write(settings, file.with_name("after.zip"), now=clock.now())
    assert after.tables == kept.tables


def test_one_row_anywhere_is_not_empty(kept: backup.Manifest, file: Path, blank: Settings) -> None:
    schema.upgrade(blank)
    engine = database.migration_engine(blank)
    with Session(engine) as session, system(session, Purpose.TICK):
        session.add(JobRun(name="tick", started_at=clock.now()))
        session.commit()
    engine.dispose()
    before = backup.write(blank, file.with_name("before.zip"), now=clock.now())
    with pytest.raises(backup.BackupError, match="holds rows already"):
        backup.restore(blank, file)
    after = backup.write(blank, file.with_name("after.zip"), now=clock.now())
    assert after.tables == before.tables


# --- Refused ------------------------------------------------------------------------------

Change = Callable[[dict[str, bytes]], None]


def rewritten(file: Path, change: Change) -> None:
    """Let somebody change the parts of a backup."""
    with zipfile.ZipFile(file) as found:
        parts = {name: found.read(name) for name in found.namelist()}
    change(parts)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)


def _without_a_row(parts: dict[str, bytes]) -> None:
    lines = parts["tables/event.jsonl"].splitlines(keepends=True)
    parts["tables/event.jsonl"] = b"".join(lines[1:])


def _with_a_row_twice(parts: dict[str, bytes]) -> None:
    lines = parts["tables/event.jsonl"].splitlines(keepends=True)
    parts["tables/event.jsonl"] = b"".join([lines[0], *lines])


def _with_a_letter_changed(parts: dict[str, bytes]) -> None:
    parts["tables/person.jsonl"] = parts["tables/person.jsonl"].replace(b'"', b"'", 1)


def _with_a_name_changed(parts: dict[str, bytes]) -> None:
    parts["tables/unit.jsonl"] = parts["tables/unit.jsonl"].replace("xã".encode(), b"X")


def _without_a_table(parts: dict[str, bytes]) -> None:
    del parts["tables/outbox.jsonl"]


def _with_another_part(parts: dict[str, bytes]) -> None:
    parts["tables/notes.jsonl"] = b""


def _without_manifest(parts: dict[str, bytes]) -> None:
    del parts["manifest.json"]


def _with_another_manifest(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = parts["manifest.json"].replace(b'"rows": ', b'"rows": 1')


def _with_a_manifest_of_nothing(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = b"[]"


def _of_a_later_format(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = parts["manifest.json"].replace(b'"format": 2', b'"format": 3')


@pytest.mark.parametrize(
    "change",
    [
        _without_a_row,
        _with_a_row_twice,
        _with_a_letter_changed,
        _with_a_name_changed,
        _without_a_table,
        _with_another_part,
        _without_manifest,
        _with_another_manifest,
        _with_a_manifest_of_nothing,
        _of_a_later_format,
    ],
)
def test_a_changed_file_is_refused_before_anything_is_touched(
    kept: backup.Manifest, file: Path, blank: Settings, change: Change
) -> None:
    rewritten(file, change)
    with pytest.raises(backup.BackupError):
        backup.restore(blank, file)
    assert tables_in(blank) == []


@pytest.mark.parametrize("keeps", [0, 0.3, 0.999])
def test_half_a_file_is_refused(
    kept: backup.Manifest, file: Path, blank: Settings, keeps: float
) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * keeps)])
    with pytest.raises(backup.BackupError, match="no backup of lth"):
        backup.restore(blank, file)
    assert tables_in(blank) == []


@pytest.mark.parametrize("part", ["manifest.json", "tables/unit.jsonl", "tables/event.jsonl"])
def test_a_flipped_bit_is_refused(
    kept: backup.Manifest, file: Path, blank: Settings, part: str
) -> None:
    with zipfile.ZipFile(file) as found:
        place = found.getinfo(part)
    spoilt = bytearray(file.read_bytes())
    spoilt[place.header_offset + 30 + len(part) + place.compress_size // 2] ^= 4
    file.write_bytes(spoilt)
    with pytest.raises(backup.BackupError, match="damaged"):
        backup.restore(blank, file)
    assert tables_in(blank) == []


def vouched_for(parts: dict[str, bytes], change: Callable[[dict[str, Any]], None]) -> None:
    """Change a manifest and have it vouch for itself again."""
    data = json.loads(parts["manifest.json"])
    change(data)
    for table in data["tables"]:
        lines = parts.get(f"tables/{table['name']}.jsonl", b"")
        table["sha256"] = hashlib.sha256(lines).hexdigest()
        table["rows"] = lines.count(b"\n")
    data.pop("sha256")
    said = json.dumps(data, sort_keys=True, separators=(",", ":"))
    parts["manifest.json"] = json.dumps(
        data | {"sha256": hashlib.sha256(said.encode()).hexdigest()}
    ).encode()


def _of_another_revision(parts: dict[str, bytes]) -> None:
    vouched_for(parts, lambda data: data.update(revision="5a8c0e3b71d2"))


def _with_an_event_gone(parts: dict[str, bytes]) -> None:
    lines = parts["tables/event.jsonl"].splitlines(keepends=True)
    parts["tables/event.jsonl"] = b"".join(lines[1:])
    vouched_for(parts, lambda data: None)


def _with_a_unit_gone(parts: dict[str, bytes]) -> None:
    lines = parts["tables/unit.jsonl"].splitlines(keepends=True)
    parts["tables/unit.jsonl"] = b"".join(lines[1:])
    vouched_for(parts, lambda data: None)


def _with_an_entry_rewritten(parts: dict[str, bytes]) -> None:
    name = "tables/event.jsonl"
    earlier = parts[name].replace(b":00.000000Z", b":01.000000Z", 1)
    assert earlier != parts[name]
    parts[name] = earlier
    vouched_for(parts, lambda data: None)


def _with_a_word_for_a_number(parts: dict[str, bytes]) -> None:
    parts["tables/unit.jsonl"] = parts["tables/unit.jsonl"].replace(b"[1,", b'["1",')
    vouched_for(parts, lambda data: None)


def _with_a_table_named_by_a_rogue(parts: dict[str, bytes]) -> None:
    parts['tables/unit"; DROP TABLE person; --.jsonl'] = parts.pop("tables/unit.jsonl")

    def rename(data: dict[str, Any]) -> None:
        for table in data["tables"]:
            if table["name"] == "unit":
                table["name"] = 'unit"; DROP TABLE person; --'

    vouched_for(parts, rename)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_of_another_revision, "another version of lth"),
        (_with_an_event_gone, "not what their trail says|refuses|points to none"),
        (_with_a_unit_gone, "refuses a row|points to none"),
        (_with_an_entry_rewritten, "not as it was written"),
        (_with_a_word_for_a_number, "cannot be read"),
        (_with_a_table_named_by_a_rogue, "cannot be read"),
    ],
)
def test_what_does_not_fit_leaves_nothing(
    kept: backup.Manifest, file: Path, blank: Settings, change: Change, says: str
) -> None:
    """A file that vouches for itself, and yet is none that a whole database could have given."""
    rewritten(file, change)
    with pytest.raises(backup.BackupError, match=says):
        backup.restore(blank, file)
    assert tables_in(blank) == []


def test_rows_that_the_database_keeps_otherwise_are_noticed(
    kept: backup.Manifest, file: Path, blank: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = load._load

    def load_and_spoil(connection: Any, one: KeptTable, rows: Any) -> None:
        loads(connection, one, rows)
        if one.shape.name == "person":
            connection.execute(text("UPDATE person SET name = 'Ai đó'"))

    monkeypatch.setattr(load, "_load", load_and_spoil)
    with pytest.raises(backup.BackupError, match=r"other rows than the backup has \(person\)"):
        backup.restore(blank, file)
    assert tables_in(blank) == []


def test_a_database_of_another_version_makes_no_backup(blank: Settings, file: Path) -> None:
    with pytest.raises(SettingError, match="lth migrate"):
        backup.write(blank, file, now=clock.now())
    assert not file.exists()


def test_nobody_is_signed_in_in_what_was_restored(
    signed_in: None, kept: backup.Manifest, file: Path, blank: Settings
) -> None:
    """A session may have ended since, and its cookie may be in somebody's hands."""
    load.restore(blank, file)
    engine = database.migration_engine(blank)
    with Session(engine) as session, system(session, Purpose.SIGN_IN):
        ends = session.execute(select(UserSession.ended_at, UserSession.end_reason)).all()
    engine.dispose()
    assert ends
    assert all(ended_at is not None for ended_at, _ in ends)
    assert SessionEnd.RESTORED in {why for _, why in ends}


@pytest.fixture
def links_under_way(session: Session) -> None:
    """Somebody has asked for a link to their password, and for another address."""
    with system(session, Purpose.SIGN_IN):
        person_id = session.scalars(select(Person.id).where(Person.active).limit(1)).one()
        links.send(session, links.LinkKind.PASSWORD_RESET, person_id, clock.now())
        ends = clock.now() + timedelta(days=3)
        session.add(
            AddressChange(
                person_id=person_id,
                old_email="cu@xa.gov.vn",
                new_email="moi@xa.gov.vn",
                old_token_hash="0" * 64,
                new_token_hash="1" * 64,
                created_at=clock.now(),
                expires_at=ends,
            )
        )
    session.commit()


def test_no_link_of_the_backup_s_moment_opens_an_account_afterwards(
    links_under_way: None, kept: backup.Manifest, file: Path, blank: Settings
) -> None:
    """It may have been used or stopped since."""
    load.restore(blank, file)
    engine = database.migration_engine(blank)
    with Session(engine) as session, system(session, Purpose.SIGN_IN):
        used = session.scalars(select(PasswordReset.used_at)).all()
        stopped = session.scalars(select(AddressChange.stopped_at)).all()
    engine.dispose()
    assert used
    assert stopped
    assert None not in {*used, *stopped}
