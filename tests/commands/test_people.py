"""`lth people import` and `lth ready`, on the shipped units of one province."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, update
from support.lists import workbook
from support.provinces import HEADINGS, of_communes, people_of, with_mistakes

from lth import commands
from lth.access.scope import Purpose, system
from lth.administration import people
from lth.cli import main
from lth.core import clock
from lth.models import Deadline, Invitation, Participation, Period, Programme, RoleAssignment, Unit
from lth.models.person import Role
from lth.programmes import catalogue
from lth.programmes.participation import join_province
from lth.readiness import checklist
from lth.readiness.checklist import Matter, ReadyState
from lth.units.importing import import_units, read_units
from lth.workflow.kinds import PLAN

PROVINCE, COMMUNES = of_communes(124)
FEW = COMMUNES[:4]

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def call(app, session, monkeypatch) -> Callable[..., Result]:
    """Call a command on an installation with one province and a system administrator."""
    monkeypatch.setattr(commands, "make_app", lambda: app)
    with system(session, Purpose.LOAD):
        catalogue.install(session)
        import_units(session, read_units(), provinces={PROVINCE.key})
        people.appoint_first(session, "quan-tri@tinh.test", "Quản trị", now=clock.now())
    session.commit()

    def run(*arguments: str) -> Result:
        session.commit()
        return CliRunner().invoke(main, list(arguments))

    return run


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., str]:
    def write(rows: Any) -> str:
        file = tmp_path / "people.xlsx"
        file.write_bytes(workbook(rows))
        return str(file)

    return write


def invited(session) -> int:
    session.rollback()
    with system(session, Purpose.LOAD):
        return session.scalar(select(func.count()).select_from(Invitation))


def test_a_list_without_mistakes_is_invited_once(call, listed, session):
    file = listed([HEADINGS, *people_of(FEW)])
    first = call("people", "import", file, "--province", PROVINCE.code)
    assert (first.exit_code, invited(session)) == (0, 12), first.output
    again = call("people", "import", file, "--province", PROVINCE.code)
    assert "0 rows are good" in again.output
    assert invited(session) == 12


def test_nobody_is_invited_while_a_row_is_wrong(call, listed, session):
    file = listed(with_mistakes(people_of(COMMUNES)))
    result = call("people", "import", file, "--province", PROVINCE.code)
    assert result.exit_code == 1
    assert "358 rows are good, 14 have problems." in result.output
    assert "row 116: Vai trò: Không có vai trò “Lãnh đạp”." in result.output
    assert invited(session) == 0


def test_a_dry_run_writes_nothing(call, listed, session):
    file = listed([HEADINGS, *people_of(FEW)])
    result = call("people", "import", file, "--province", PROVINCE.code, "--dry-run")
    assert (result.exit_code, invited(session)) == (0, 0)


@pytest.mark.parametrize(
    "options", [("--province", "99"), ("--province", PROVINCE.code, "--by", "nobody@tinh.test")]
)
def test_an_unknown_province_or_administrator_is_one_sentence(call, listed, options):
    result = call("people", "import", listed([HEADINGS, *people_of(FEW)]), *options)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output


# --- What is left to do -------------------------------------------------------------------


def states(session) -> dict[Matter, ReadyState]:
    session.rollback()
    with system(session, Purpose.LOAD):
        unit = session.scalar(select(Unit).where(Unit.parent_id.is_(None)))
        found = checklist.of(session, unit, clock.now(), sends_mail=False)
    return {line.matter: line.state for line in found.lines}


def write(session, *rows: Any) -> None:
    with system(session, Purpose.LOAD):
        for row in rows:
            session.add(row) if hasattr(row, "__table__") else session.execute(row)
        session.commit()


def units(session) -> list[Unit]:
    with system(session, Purpose.LOAD):
        return list(session.scalars(select(Unit).order_by(Unit.path)))


def staff(session, unit: Unit, *roles: Role) -> None:
    with system(session, Purpose.LOAD):
        person_id = session.scalar(select(RoleAssignment.person_id).limit(1))
        for role in roles:
            session.add(
                RoleAssignment(
                    **{"unit_id": unit.id, "role": role, "person_id": person_id},
                    valid_from=clock.today(),
                )
            )
        session.commit()


def test_each_line_is_done_when_its_matter_is_and_not_before(call, session):
    before = states(session)
    assert {matter for matter, state in before.items() if state is ReadyState.DONE} == {
        Matter.UNITS,
        Matter.ANSWERS,
    }
    with system(session, Purpose.LOAD):
        join_province(session, "1648", "2026-2035", PROVINCE.code)
        session.commit()
    assert states(session)[Matter.PERIOD] is ReadyState.DONE
    assert states(session)[Matter.PARTICIPATION] is ReadyState.DONE
    root, *communes = sorted(units(session), key=lambda unit: unit.path.count("."))
    staff(session, root, Role.LEADER, Role.SPECIALIST)
    assert states(session)[Matter.OWN_PEOPLE] is ReadyState.TO_DO
    staff(session, root, Role.UNIT_ADMIN)
    assert states(session)[Matter.OWN_PEOPLE] is ReadyState.DONE
    for unit in communes[1:]:
        staff(session, unit, Role.LEADER, Role.CLERK)
    staff(session, communes[0], Role.LEADER)
    assert states(session)[Matter.PEOPLE] is ReadyState.TO_DO
    staff(session, communes[0], Role.CLERK)
    assert states(session)[Matter.PEOPLE] is ReadyState.DONE
    period = _period(session)
    day = clock.today()
    one = Deadline(
        setter_id=root.id, unit_id=communes[0].id, period_id=period, kind=PLAN, due_on=day
    )
    write(session, one)
    assert states(session)[Matter.DEADLINES] is ReadyState.TO_DO
    write(session, Deadline(setter_id=root.id, period_id=period, kind=PLAN, due_on=day))
    assert states(session)[Matter.DEADLINES] is ReadyState.DONE
    assert states(session)[Matter.MAIL] is ReadyState.TO_DO


def _period(session) -> int:
    with system(session, Purpose.LOAD):
        statement = select(Period.id).join(Programme).where(Programme.code == "1648")
        return session.scalar(statement.where(Period.code == "2026-2035"))


def test_a_unit_that_has_left_is_waited_for_no_more(call, session):
    with system(session, Purpose.LOAD):
        join_province(session, "1648", "2026-2035", PROVINCE.code)
        session.commit()
    _root, first, *others = sorted(units(session), key=lambda unit: unit.path.count("."))
    for unit in others:
        staff(session, unit, Role.LEADER, Role.CLERK)
    assert states(session)[Matter.PEOPLE] is ReadyState.TO_DO
    left = update(Participation).where(Participation.unit_id == first.id)
    write(session, left.values(left_on=clock.today()))
    assert states(session)[Matter.PEOPLE] is ReadyState.DONE


def test_the_command_ends_with_1_while_something_is_left(call):
    result = call("ready", PROVINCE.code)
    assert result.exit_code == 1
    assert "to_do" in result.output
    assert "124 đơn vị" in result.output
