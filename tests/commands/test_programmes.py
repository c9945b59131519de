"""`lth programmes`: a file checked, brought in, written out again, and a period opened."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.programmes import OWN, without_one

from lth import commands
from lth.access.scope import Purpose, system
from lth.cli import main
from lth.models import Area, AuditEntry, Indicator, Period, Phase, Programme, Section, Target

TABLES = (Programme, Period, Phase, Area, Indicator, Section, Target, AuditEntry)
FAULTY = OWN.replace('measure = "percent"', 'measure = "weight"').replace(
    'code = "in_need"', 'code = "visited"'
)


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def call(app, monkeypatch, tmp_path: Path) -> Callable[..., Result]:
    """Call a command; a text among its arguments stands in a file."""
    monkeypatch.setattr(commands, "make_app", lambda: app)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, text: str = "") -> Result:
        Path("mine.toml").write_text(text, "utf-8")
        result = CliRunner().invoke(main, ["programmes", *arguments])
        assert "Traceback" not in result.output
        assert not isinstance(result.exception, Exception), result.exception
        return result

    return run


@pytest.fixture
def stands(session: Session) -> Callable[[], str]:
    """A hash over all that a programme owns, what plans say of it, and the trail."""

    def read() -> str:
        with system(session, Purpose.LOAD):
            rows = [
                sorted(repr(tuple(row)) for row in session.execute(select(table.__table__)))
                for table in TABLES
            ]
            session.rollback()
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    return read


def faults_in(result: Result) -> list[str]:
    return [line for line in result.stderr.splitlines() if line.startswith("mine.toml:")]


def line_of(text: str, words: str) -> int:
    return text[: text.rindex(words)].count("\n") + 1


def test_a_good_file_is_checked_without_a_database(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("LTH_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(OWN, "utf-8")
    result = CliRunner().invoke(main, ["programmes", "check", "mine.toml"])
    assert (result.exit_code, result.stderr) == (0, "")
    said = "HOME-27: 3 indicators, 1 areas, 1 norms, 1 periods. Nothing is wrong.\n"
    assert result.stdout == said
    assert [one.name for one in tmp_path.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize("command", [("check",), ("import",), ("import", "--dry-run")])
def test_each_fault_is_said_with_its_line_and_nothing_is_written(call, stands, command) -> None:
    before = stands()
    result = call(*command, "mine.toml", text=FAULTY)
    assert (result.exit_code, result.stdout) == (2, "")
    lines = faults_in(result)
    assert len(lines) == len(result.stderr.splitlines()) >= 2
    places = {int(line.split(":")[1]) for line in lines}
    assert {line_of(FAULTY, '"weight"'), line_of(FAULTY, 'code = "visited"\ntopic')} <= places
    english = call(*command, "mine.toml", "--language", "en", text=FAULTY)
    assert english.exit_code == 2
    assert len(faults_in(english)) == len(lines)
    assert faults_in(english) != lines
    assert stands() == before


def test_a_dry_run_says_what_the_import_then_does(call, stands) -> None:
    before = stands()
    dry = call("import", "--dry-run", "mine.toml", text=OWN)
    assert (dry.exit_code, dry.stderr) == (0, "")
    assert stands() == before
    done = call("import", "mine.toml", text=OWN)
    assert (done.exit_code, done.stdout) == (0, dry.stdout)
    assert "  new indicator visited\n" in done.stdout
    assert done.stdout.endswith("HOME-27: 6 new, 0 changed, 0 gone, 0 same.\n")
    after = stands()
    assert after != before
    again = call("import", "mine.toml", text=OWN)
    assert (again.exit_code, again.stdout) == (0, "HOME-27: 0 new, 0 changed, 0 gone, 6 same.\n")
    assert stands() == after


def test_what_is_written_out_brings_in_the_same(call, stands) -> None:
    assert call("import", "mine.toml", text=OWN).exit_code == 0
    before = stands()
    out = call("export", "HOME-27")
    assert (out.exit_code, out.stderr) == (0, "")
    assert call("check", "mine.toml", text=out.stdout).exit_code == 0
    same = call("import", "mine.toml", text=out.stdout)
    assert same.stdout == "HOME-27: 0 new, 0 changed, 0 gone, 6 same.\n"
    assert stands() == before
    none = call("export", "HOME-28")
    assert (none.exit_code, none.stdout) == (1, "")
    assert none.stderr == "Error: There is no programme HOME-28.\n"


@pytest.mark.parametrize("dataset", ["demo"])
def test_what_plans_stand_on_stays_and_is_said(call, stands, session: Session) -> None:
    with system(session, Purpose.LOAD):
        used = select(Indicator.code).join(Programme, Programme.id == Indicator.programme_id)
        codes = set(session.scalars(used.join(Target).where(Programme.code == "1648")))
        session.rollback()
    exported = call("export", "1648")
    assert exported.exit_code == 0, exported.output
    without, code = without_one(exported.stdout, codes)
    before = stands()
    dry = call("import", "--dry-run", "mine.toml", text=without)
    assert dry.exit_code == 1, dry.output
    (line,) = [one for one in dry.stdout.splitlines() if f" indicator {code}: " in one]
    assert line.startswith("  gone ")
    assert line.endswith("không bỏ được.")
    result = call("import", "mine.toml", text=without)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert stands() == before


# --- Periods ------------------------------------------------------------------------------

OPEN = ("open-period", "HOME-27", "2024-2025", "--from", "01/01/2024", "--to", "31/12/2025")


def test_a_period_is_opened_once_with_its_phases(call, stands, session: Session) -> None:
    assert call("import", "mine.toml", text=OWN).exit_code == 0
    phases = ("--phase", "2024:31/12/2024", "--phase", "2025:31/12/2025")
    opened = call(*OPEN, *phases)
    assert (opened.exit_code, opened.stdout) == (0, "Period 2024-2025 of HOME-27 is open.\n")
    with system(session, Purpose.LOAD):
        of_it = select(Phase.code, Phase.starts_on, Phase.ends_on).join(Phase.period)
        found = session.execute(of_it.where(Period.code == "2024-2025").order_by(Phase.ordinal))
        rows = [(code, f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}") for code, first, last in found]
        session.rollback()
    assert rows == [
        ("2024", "01/01/2024", "31/12/2024"),
        ("2025", "01/01/2025", "31/12/2025"),
    ]
    after = stands()
    again = call(*OPEN, *phases)
    assert (again.exit_code, again.stdout) == (0, "Period 2024-2025 of HOME-27 is as it was.\n")
    assert stands() == after


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("open-period", "HOME-28", *OPEN[2:]), 1, "There is no programme HOME-28."),
        ((*OPEN[:4], "31/2/2024", *OPEN[5:]), 2, "'31/2/2024' is no day"),
        ((*OPEN, "--phase", "2024"), 2, "'2024' is no CODE:LAST DAY."),
        ((*OPEN, "--phase", "2024:31/12/2024"), 1, "Error: "),
        ((*OPEN[:6], "01/01/2023"), 1, "Error: "),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_a_sentence(
    call, stands, arguments, code, said
) -> None:
    assert call("import", "mine.toml", text=OWN).exit_code == 0
    before = stands()
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert stands() == before
