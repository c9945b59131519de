"""From an empty database to a province that can begin: units, who takes part, who lets in."""

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lth.access.scope import Purpose, system
from lth.cli import main
from lth.models import Participation, Person, RoleAssignment, Unit
from lth.models.person import Role


@pytest.fixture
def run(app, monkeypatch):
    """Run `lth …` on the test's database."""
    monkeypatch.setattr("lth.commands.make_app", lambda: app)

    def call(*arguments: str):
        return CliRunner().invoke(main, list(arguments))

    return call


@pytest.fixture
def read(session):
    def value(statement):
        with system(session, Purpose.LOAD):
            found = session.scalar(statement)
        session.rollback()  # the command is to find no lock of ours
        return found

    return value


def count(model, *conditions):
    return select(func.count()).select_from(model).where(*conditions)


def test_a_province_and_its_communes_take_part(run, read):
    assert run("units", "import", "--province", "24").exit_code == 0
    assert read(count(Unit, Unit.level == "commune", Unit.valid_to.is_(None))) == 99
    first = run("units", "join", "1648", "2026-2035", "24")
    assert first.output == "100 units take part now, 0 did already.\n"
    assert read(count(Participation, Participation.parent_id.is_not(None))) == 99
    again = run("units", "join", "1648", "2026-2035", "24")
    assert again.output == "0 units take part now, 100 did already.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("units", "import", "--province", "00"), "No province"),
        (("units", "join", "1648", "2026-2035", "24"), "no period"),
        (("administrator", "not an address", "Quản trị"), "Error"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(run, arguments, said):
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_the_first_administrator_sets_a_password_and_signs_in(run, read, client):
    result = run("administrator", "admin@tinh.example", "Quản trị hệ thống")
    assert result.exit_code == 0, result.output
    link = result.output.strip()
    assert read(count(Person)) == read(count(RoleAssignment)) == 1
    assert read(select(RoleAssignment.role)) is Role.SYSTEM_ADMIN
    path = link[link.index("/password/") :]
    password = "một mật khẩu đủ dài"
    answer = client.post(path, data={"password": password, "repeated": password})
    assert answer.status_code == 302, answer.text
    signed = client.post("/sign-in", data={"email": "admin@tinh.example", "password": password})
    assert signed.status_code == 302, signed.text
    assert client.get("/admin/units").status_code == 200
