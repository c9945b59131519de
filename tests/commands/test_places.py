"""Where there is nothing, something else, or no way in, every command says so in one sentence.

The walk takes the commands from their table: a new one is in it by itself.
"""

import os
import socket
import sqlite3
import stat
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from lth.cli import main
from lth.commands import COMMANDS
from lth.core import config, home, schema

NEEDS_NO_DATABASE = {
    "papers check",
    "papers list",
    "papers update",
    "plan check",
    "plan indicators",
    "plan read",
    "plan write",
    "walkthrough",
    "routes",
    "backup --verify",
}
MAKES_ONE = {"run", "migrate", "restore"}
OPENS_WITHOUT = {"shell"}
WAITS = {"run --no-migrate"}
"""For a server that does not answer: pages say so until it does."""


def leaves(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The command, or the commands in its group."""
    if not isinstance(command, click.Group):
        yield words
        return
    for name, inner in command.commands.items():
        yield from leaves(inner, (*words, name))


def found(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name].target.partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    return command


def every_command() -> list[str]:
    named = [" ".join(words) for name in COMMANDS for words in leaves(found(name), (name,))]
    given = {
        "db": ["db current", "db check", "db upgrade head"],
        "run": ["run", "run --no-migrate"],
    }
    return [one for name in named for one in given.get(name, [name])] + ["backup --verify"]


def arguments(line: str, folder: Path) -> list[str]:
    """Something of the right kind for each argument, and each option that must be there."""
    words = line.split()
    command = found(words[0])
    while isinstance(command, click.Group):
        command = command.commands[words[len(words) - 1]]
    given = []
    for parameter in command.params:
        if words[0] == "db" or not parameter.required:
            continue
        if isinstance(parameter, click.Option):
            given.append(parameter.opts[0])
        if isinstance(parameter.type, click.Path):
            given.append(str(folder / ("new" if line == "backup" else "given")))
        elif isinstance(parameter.type, click.Choice):
            given.append(parameter.type.choices[0])
        else:
            given.append("1")
    return [*words, *given]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Call a command with nothing set but a home; its own files lie beside."""
    for name in [name for name in os.environ if name.startswith("LTH_")]:
        monkeypatch.delenv(name)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "given").write_text("title: [\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    monkeypatch.setattr("lth.core.server.serve", lambda *_, **__: None)

    def run(line: str, **environ: str) -> Result:
        monkeypatch.setenv("LTH_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("LTH_BASE_URL", "http://127.0.0.1")
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        words = arguments(line, tmp_path / "files")
        return CliRunner().invoke(main, [*words, *(["--port", port] if words[0] == "run" else [])])

    return run


def picture(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def is_one_sentence(result: Result) -> bool:
    """Whether the last line says what is wrong, and nothing like a traceback stands before it."""
    lines = result.output.splitlines()
    return (
        isinstance(result.exception, SystemExit)
        and result.exit_code in {1, 2}
        and "Traceback" not in result.output
        and sum(line.startswith(("Error: ", "Lỗi: ")) for line in lines) <= 1
        and len(lines) <= 4
    )


LINES = every_command()
ON_A_DATABASE = [line for line in LINES if line not in NEEDS_NO_DATABASE]
AND_FINDS_IT = [line for line in ON_A_DATABASE if line not in {"run", "migrate", *OPENS_WITHOUT}]


def test_the_walk_knows_its_exceptions() -> None:
    assert set(LINES) >= {*NEEDS_NO_DATABASE, *MAKES_ONE, *OPENS_WITHOUT, *WAITS}
    assert {"units import", "plan export", "administrator", "reconcile", "tick"} <= set(LINES)


@pytest.mark.parametrize("line", AND_FINDS_IT)
def test_where_there_is_nothing_nothing_is_made(
    call: Callable[..., Result], tmp_path: Path, line: str
) -> None:
    before = picture(tmp_path)
    result = call(line)
    assert is_one_sentence(result), result.output
    assert picture(tmp_path) == before


@pytest.mark.parametrize("line", [*sorted(NEEDS_NO_DATABASE - {"walkthrough"}), *OPENS_WITHOUT])
def test_what_needs_no_database_makes_none(
    call: Callable[..., Result], tmp_path: Path, line: str
) -> None:
    before = picture(tmp_path)
    result = call(line)
    assert not result.exception or is_one_sentence(result), result.output
    assert picture(tmp_path) == before


@pytest.mark.parametrize("line", ["run", "migrate"])
def test_an_installation_begins_with_files_of_its_owners_alone(
    call: Callable[..., Result], tmp_path: Path, line: str
) -> None:
    before = os.umask(0o022)
    try:
        result = call(line, LTH_DATABASE_URL=f"sqlite:///{tmp_path}/files/elsewhere.db")
    finally:
        os.umask(before)
    assert result.exit_code == 0, result.output
    database, key = tmp_path / "files" / "elsewhere.db", tmp_path / "home" / "secret_key"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (database, key)} == {0o600}
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def _home_is_a_file(folder: Path) -> dict[str, str]:
    (folder / "home").write_text("a letter")
    return {}


def _home_cannot_be_made(folder: Path) -> dict[str, str]:
    """Nobody makes a folder there, root neither."""
    return {"LTH_HOME": "/proc/lth/home"}


def _database_is_a_folder(folder: Path) -> dict[str, str]:
    return {"LTH_DATABASE_URL": f"sqlite:///{folder}/files"}


def _folder_of_the_database_is_missing(folder: Path) -> dict[str, str]:
    return {"LTH_DATABASE_URL": f"sqlite:///{folder}/none/lth.db"}


def _database_is_garbage(folder: Path) -> dict[str, str]:
    (folder / "home").mkdir()
    (folder / "home" / "lth.db").write_bytes(b"not a database at all" * 400)
    return {}


def _database_is_another_programs(folder: Path) -> dict[str, str]:
    (folder / "home").mkdir()
    with sqlite3.connect(folder / "home" / "lth.db") as connection:
        connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)")
    connection.close()
    return {}


def _database_is_of_a_newer_version(folder: Path) -> dict[str, str]:
    (folder / "home").mkdir()
    with sqlite3.connect(folder / "home" / "lth.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.execute("INSERT INTO alembic_version VALUES ('5a8c0e3b71d2')")
    connection.close()
    return {}


def _key_is_damaged(folder: Path) -> dict[str, str]:
    (folder / "home").mkdir()
    (folder / "home" / "secret_key").write_text("short")
    return {}


def _clock_is_absurd(folder: Path) -> dict[str, str]:
    return {"LTH_CLOCK": "+99999999999d"}


def _server_is_not_there(folder: Path) -> dict[str, str]:
    return {
        "LTH_DATABASE_URL": f"postgresql://lth_app@/lth?host={folder}/nowhere",
        "LTH_SECRET_KEY": "k" * 40,
    }


PLACES = [
    _home_is_a_file,
    _home_cannot_be_made,
    _database_is_a_folder,
    _folder_of_the_database_is_missing,
    _database_is_garbage,
    _database_is_another_programs,
    _database_is_of_a_newer_version,
    _key_is_damaged,
    _clock_is_absurd,
    _server_is_not_there,
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("line", ON_A_DATABASE)
def test_a_place_that_does_not_do_is_said_and_left_alone(
    call: Callable[..., Result], tmp_path: Path, line: str, place: Callable[[Path], dict[str, str]]
) -> None:
    environ = place(tmp_path)
    before = picture(tmp_path)
    result = call(line, **environ)
    opens = line in OPENS_WITHOUT or (line in WAITS and place is _server_is_not_there)
    assert is_one_sentence(result) or (opens and result.exit_code == 0), result.output
    assert picture(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("line", ON_A_DATABASE)
def test_a_folder_that_may_not_be_written_is_said(
    call: Callable[..., Result], tmp_path: Path, line: str
) -> None:
    (tmp_path / "home").mkdir(mode=0o500)
    result = call(line)
    assert is_one_sentence(result) or line in OPENS_WITHOUT, result.output
    assert list((tmp_path / "home").iterdir()) == []


def test_what_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    """An installation from before, and a log that is still there; wherever the database is."""
    settings = config.load(
        {"LTH_HOME": str(tmp_path), "LTH_DATABASE_URL": f"sqlite:///{tmp_path}/data/my.db"}
    )
    (tmp_path / "data").mkdir()
    settings = home.settle(settings)
    schema.upgrade(settings)
    files = [*home.database_files(settings)[:3], settings.key_file]
    for path in files:
        path.touch()
        path.chmod(0o644)
    home.settle(settings)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in files} == {
        path.name: 0o600 for path in files
    }


def test_the_log_is_its_owners_alone_from_the_first(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        settings = home.settle(config.load({"LTH_HOME": str(tmp_path)}))
        schema.upgrade(settings)
        with sqlite3.connect(tmp_path / "lth.db") as connection:
            connection.execute("CREATE TABLE more (id INTEGER)")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        connection.close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(["lth.db", "lth.db-wal", "lth.db-shm", "secret_key"], 0o600)
