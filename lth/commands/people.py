"""``lth people``: people from an Excel or CSV list, and the links of whoever gets no mail;
``lth ready``: what is left to do."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lth.commands import acting_for, with_app

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lth.administration.context import AdminContext
    from lth.exchange.roster.lines import CheckedLine
    from lth.models import Unit


@click.group()
def people() -> None:
    """Invite the people of an Excel or CSV list; print the links of whoever gets no mail."""


@people.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--province", required=True, help="National code of the province.")
@click.option("--by", "email", help="The system administrator who invites; the first one if not.")
@click.option("--dry-run", is_flag=True, help="Check every row and invite nobody.")
@with_app
def import_(app: Any, file: Path, province: str, email: str | None, dry_run: bool) -> None:
    """Check every row of FILE and invite the people of PROVINCE that it lists.

    Nobody is invited while one row has a problem: each is printed with its row, and the command
    ends with 1. Rows that are there twice or were invited before are left out.
    """
    from lth.access.scope import Purpose
    from lth.exchange.roster import keeping
    from lth.exchange.roster.lines import RowState

    with acting_for(app, Purpose.ADMINISTER) as session:
        admin = administrator_for(session, province_of(session, province), email)
        checked = keeping.check_file(admin, file.read_bytes())
        wrong = checked.of(RowState.WRONG)
        for line in [*wrong, *checked.of(RowState.DOUBLE)]:
            click.echo(_problems(line))
        good = checked.of(RowState.GOOD)
        if not wrong and not dry_run:
            keeping.invite(admin, checked, file.name)
    click.echo(f"{len(good)} rows are good, {len(wrong)} have problems.")
    if wrong:
        raise click.exceptions.Exit(1)
    if not dry_run:
        click.echo(f"{len(good)} people are invited.")


@people.command()
@click.argument("address")
@with_app
def link(app: Any, address: str) -> None:
    """Print the one-time links that wait for ADDRESS.

    Those of mail that has not gone out, as it stands. For an invitation whose mail is gone, a new
    link; the one before it no longer works. Whoever has a link is taken for the address's person.
    """
    from lth.access.scope import Purpose
    from lth.administration import one_time_links
    from lth.application import settings_of
    from lth.core import clock

    with acting_for(app, Purpose.ADMINISTER) as session:
        found = one_time_links.waiting(session, address, now=clock.now())
    if not found:
        raise click.ClickException(f"no one-time link waits for {address}")
    for what, path in found:
        click.echo(f"{what}: {settings_of(app).base_url}{path}")


@click.command()
@click.argument("province")
@with_app
def ready(app: Any, province: str) -> None:
    """Say what PROVINCE (national code) still needs before it can begin; end with 1 if anything."""
    from lth.access.scope import Purpose
    from lth.application import settings_of
    from lth.core import clock
    from lth.core.language import gettext, say
    from lth.readiness import checklist

    with acting_for(app, Purpose.ADMINISTER) as session:
        unit = province_of(session, province)
        sends_mail = settings_of(app).smtp_url is not None
        found = checklist.of(session, unit, clock.now(), sends_mail=sends_mail)
        for line in found.lines:
            label = gettext(checklist.MATTER_LABEL[line.matter])
            click.echo(f"{line.state.value:8}{label}: {say(line.said)}")
    if not found.is_ready:
        raise click.exceptions.Exit(1)


def province_of(session: "Session", code: str) -> "Unit":
    """Find the province of a national code that is in force today."""
    from sqlalchemy import or_, select

    from lth.core import clock
    from lth.models import Unit
    from lth.models.unit import Level

    lasts = or_(Unit.valid_to.is_(None), Unit.valid_to > clock.today())
    statement = select(Unit).where(Unit.level == Level.PROVINCE, Unit.code == code, lasts)
    unit = session.scalar(statement)
    if unit is None:
        raise click.ClickException(f"No province has the code {code}; import its units first.")
    return unit


def administrator_for(session: "Session", unit: "Unit", email: str | None) -> "AdminContext":
    """Return the context in which a system administrator invites the people of a unit."""
    from sqlalchemy import select

    from lth.access.actor import LENT, Actor, in_force
    from lth.administration.accounts import normal_email
    from lth.administration.context import AdminContext
    from lth.core import clock
    from lth.models import Credential, Person, RoleAssignment
    from lth.models.person import Role

    statement = (
        select(RoleAssignment)
        .join(Person, Person.id == RoleAssignment.person_id)
        .join(Credential, Credential.person_id == Person.id)
        .options(*LENT)
        .where(RoleAssignment.role == Role.SYSTEM_ADMIN, Person.active, in_force(clock.today()))
        .order_by(RoleAssignment.id)
        .limit(1)
    )
    if email is not None:
        statement = statement.where(Credential.email == normal_email(email))
    held = session.scalar(statement)
    if held is None:
        raise click.ClickException("There is no such administrator; see `lth administrator`.")
    return AdminContext(session, Actor.of(held), unit, clock.now())


def _problems(line: "CheckedLine") -> str:
    from lth.exchange.roster import workbooks

    return f"row {line.typed.number}: {workbooks.told(line)}"
