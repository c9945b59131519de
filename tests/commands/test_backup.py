"""`lth backup` notes that it was made, by which the checklist tells how old the last one is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from support.databases import Databases

from lth.access.scope import Purpose, system
from lth.cli import main
from lth.core import clock
from lth.core import database as core_database
from lth.core.language import say
from lth.exchange import backup
from lth.models import JobRun, Unit
from lth.readiness import checklist
from lth.readiness.checklist import Matter, ReadyLine, ReadyState


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def call(app, databases: Databases, tmp_path: Path, monkeypatch) -> Callable[[str], Result]:
    """Call the command on the database, as its cron would; the file is new each time."""
    for name, value in databases.environ().items():
        monkeypatch.setenv(name, value)

    def run(name: str, *options: str) -> Result:
        return CliRunner().invoke(main, ["backup", str(tmp_path / name), *options])

    return run


@pytest.fixture
def noted(session: Session) -> Callable[[], JobRun | None]:
    def read() -> JobRun | None:
        with system(session, Purpose.BACKUP):
            found = session.get(JobRun, backup.BACKUP, populate_existing=True)
            if found is not None:
                session.expunge(found)
            session.rollback()  # nobody waits for a test that has read
        return found

    return read


def test_a_backup_is_noted_with_the_moment_it_is_of(call, noted, tmp_path: Path) -> None:
    assert noted() is None
    before = clock.now()
    result = call("one.zip")
    assert result.exit_code == 0, result.output
    assert "could not be noted" not in result.output
    first = noted()
    assert before <= first.started_at <= first.finished_at <= clock.now()
    with backup.opened(tmp_path / "one.zip") as reader:
        assert datetime.fromisoformat(reader.manifest.origin.made_at) == (
            first.started_at.astimezone(UTC).replace(microsecond=0)
        )
        assert first.counted == {
            "tables": len(reader.manifest.tables),
            "rows": reader.manifest.rows,
        }
    began = first.started_at
    assert call("two.zip").exit_code == 0
    assert noted().started_at > began


def test_what_is_read_or_refused_is_not_noted(call, noted) -> None:
    assert call("one.zip").exit_code == 0
    began = noted().started_at
    assert call("one.zip", "--verify").exit_code == 0
    assert call("one.zip").exit_code == 1  # it overwrites nothing
    assert noted().started_at == began


@contextmanager
def kept_from_writing(databases: Databases) -> Iterator[None]:
    """Hold what a note is written to; a backup only reads it, and goes on."""
    engine = core_database.migration_engine(databases.settings())
    lock = {
        "sqlite": "UPDATE job_run SET error = error",
        "postgresql": "LOCK TABLE job_run IN EXCLUSIVE MODE",
    }
    with engine.connect() as connection:
        connection.execute(text(lock[engine.dialect.name]))
        yield
    engine.dispose()


def test_a_backup_that_cannot_be_noted_is_one_all_the_same(
    call, noted, databases: Databases, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(core_database, "SQLITE_BUSY_MS", 200)
    monkeypatch.setattr(
        core_database, "_SQLITE_PRAGMAS", ("PRAGMA busy_timeout = 200", "PRAGMA journal_mode = WAL")
    )
    monkeypatch.setitem(core_database._POSTGRESQL_LIMITS_MS, "lock_timeout", 200)
    with kept_from_writing(databases):
        result = call("one.zip")
    assert result.exit_code == 0, result.output
    (line,) = [one for one in result.stderr.splitlines() if "could not be noted" in one]
    assert line.startswith("The file is whole")
    assert "Traceback" not in result.output
    assert noted() is None
    with backup.opened(tmp_path / "one.zip") as reader:
        reader.check()


# --- On the checklist ---------------------------------------------------------------------


def line_of(session: Session, now: datetime) -> ReadyLine:
    with system(session, Purpose.LOAD):
        unit = session.scalars(select(Unit).where(Unit.parent_id.is_(None))).first()
        found = checklist.of(session, unit, now, sends_mail=False)
        session.rollback()
    (line,) = (one for one in found.lines if one.matter is Matter.BACKUP)
    return line


@pytest.mark.parametrize(
    ("age", "state", "said"),
    [
        (timedelta(hours=1), ReadyState.DONE, "Lần gần nhất: {moment}."),
        (timedelta(days=3), ReadyState.DONE, "Lần gần nhất: {moment}, 3 ngày trước."),
        (timedelta(days=7), ReadyState.DONE, "Lần gần nhất: {moment}, 7 ngày trước."),
        (
            timedelta(days=7, seconds=1),
            ReadyState.TO_DO,
            "Lần gần nhất: {moment}, 7 ngày trước. Hãy sao lưu lại.",
        ),
    ],
)
def test_the_checklist_says_how_old_the_last_one_is(
    call, noted, session: Session, age: timedelta, state: ReadyState, said: str
) -> None:
    assert line_of(session, clock.now()).state is ReadyState.UNKNOWN
    assert call("one.zip").exit_code == 0
    began = noted().started_at
    line = line_of(session, began + age)
    local = clock.local(began)
    day = f"{local.day:02}/{local.month if local.month > 2 else f'0{local.month}'}/{local.year}"
    assert line.state is state
    assert say(line.said) == said.format(moment=f"{local:%H:%M} {day}")
