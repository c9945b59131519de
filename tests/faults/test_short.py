"""A few breakdowns, briefly: `make faults` has all of them."""

from collections.abc import Callable
from pathlib import Path

from support.databases import Databases

from faults import cases, tally
from faults.office import Town
from faults.work import at_work


def test_killed_and_overtaken_by_a_later_version(
    _open_databases: Callable[[str], Databases], tmp_path: Path
) -> None:
    """Whatever was answered with success is there, once, and so is its mail."""
    town = Town("sqlite", tmp_path, _open_databases("sqlite"))
    with town.office("short") as office:
        before = tally.begin(office)
        with at_work(office.desks):
            wrong = [*cases.kill(office, 2), *cases.upgrade(office, 1)]
        counted = tally.take(office, before)
    assert [*wrong, *counted.wrong] == []
    assert counted.acts >= 8
    assert counted.mails > 0


def test_a_worker_is_no_copy_of_the_server(
    _open_databases: Callable[[str], Databases], tmp_path: Path
) -> None:
    """A copy would have SQLite's notes of the locks that the server held when it was made."""
    town = Town("sqlite", tmp_path, _open_databases("sqlite"))
    with town.office("spawned") as office:
        command = Path(f"/proc/{office.server.worker()}/cmdline").read_text()
    assert "spawn_main" in command
