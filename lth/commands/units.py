"""``lth units``: the administrative units, and who of them takes part."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from lth.commands import acting_for, day_of, with_app


@click.group()
def units() -> None:
    """Import the administrative units; say who takes part in a programme."""


@units.command(name="import")
@click.option("--province", "codes", multiple=True, help="Only this one (national code; repeat).")
@with_app
def import_(app: Any, codes: tuple[str, ...]) -> None:
    """Add the shipped units, of both tiers, and the programmes. What is there stays as it is."""
    from lth.access.scope import Purpose
    from lth.core import clock
    from lth.models.unit import Level
    from lth.programmes import onboarding
    from lth.units.importing import read_units

    rows = read_units()
    chosen = {row.key for row in rows.units if row.level is Level.PROVINCE and row.code in codes}
    if codes and {row.code for row in rows.units if row.key in chosen} != set(codes):
        raise click.ClickException("No province has one of these codes.")
    with acting_for(app, Purpose.LOAD) as session:
        report = onboarding.bring_units(session, rows, chosen or None, None, now=clock.now())
    click.echo(f"{report.units_added} units added, {report.units_present} were there.")
    for problem in report.problems:
        click.echo(f"  {problem}")


_PLACE = (
    click.argument("programme"),
    click.argument("period"),
    click.argument("province"),
)
_MOVE = (
    click.option("--unit", default="", help="Only this one (national code, or type and name)."),
    click.option("--on", callback=day_of, help="The first day it holds: 01/12/2026 (today)."),
    click.option("--reason", default="", help="Why; asked for once the list is fixed."),
)


def _of_a_place(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its place, and the terms of a change."""
    for decorate in reversed((*_PLACE, *_MOVE)):
        command = decorate(command)
    return command


@units.command()
@_of_a_place
@with_app
def join(app: Any, programme: str, period: str, province: str, **terms: Any) -> None:
    """Have PROVINCE (national code) and its units take part in PROGRAMME for PERIOD.

    For example: lth units join 1648 2026-2035 24
    """
    from lth.programmes import participation

    with _moving(app, programme, period, province, terms.pop("unit")) as (mover, when, place, one):
        if one is None:
            joined = participation.join_all(mover, when, place, **terms)
        else:
            joined = participation.join(mover, when, one, **terms)
    late = f", {joined.late} of them late" if joined.late else ""
    click.echo(f"{joined.added} units take part now{late}, {joined.present} did already.")


@units.command()
@_of_a_place
@with_app
def leave(app: Any, programme: str, period: str, province: str, **terms: Any) -> None:
    """Have PROVINCE, or one unit of it, with all below, leave PROGRAMME for PERIOD.

    For example: lth units leave 1648 2026-2035 24 --unit 08593 --reason "merged by decision 12"
    """
    from lth.programmes import participation

    with _moving(app, programme, period, province, terms.pop("unit")) as (mover, when, place, one):
        left = participation.leave(mover, when, one or place, **terms)
    click.echo(f"{len(left)} units leave.")


@contextmanager
def _moving(
    app: Any, programme: str, period: str, province: str, name: str
) -> Iterator[tuple[Any, ...]]:
    """Find the place of a change, and make it as one unit of work."""
    from lth.access.scope import Purpose
    from lth.core import clock
    from lth.programmes import participation
    from lth.programmes.participation import Mover, NoSuchPlaceError

    with acting_for(app, Purpose.LOAD) as session:
        try:
            when = participation.find_period(session, programme, period)
            place = participation.find_province(session, when, province)
            one = participation.find_unit(session, when, place, name) if name else None
        except NoSuchPlaceError as error:
            raise click.ClickException(str(error)) from error
        yield Mover(session, clock.now()), when, place, one


@units.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "wanted", required=True, help="National code, or type and name.")
@click.option("--by", "email", help="The system administrator who does it; the first one if not.")
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@with_app
def codes(app: Any, file: Path, wanted: str, email: str | None, dry_run: bool) -> None:
    """Check every row of FILE, a list of agencies' codes, and add them to what --unit knows.

    A row that names the unit itself is its own code. While one row has a problem nothing is
    written: each is printed with its row, and the command ends with 1.
    """
    from lth.access.scope import Purpose
    from lth.administration import agency_codes
    from lth.commands.people import administrator_for
    from lth.core import clock
    from lth.core.language import say
    from lth.exchange.edxml import code_list

    with acting_for(app, Purpose.ADMINISTER) as session:
        unit = _unit_named(session, wanted)
        lines = code_list.read(file.read_bytes(), clock.today(), unit.full_name)
        wrong = [line for line in lines if line.faults]
        for line in lines:
            for told in (*line.faults, *line.doubts):
                click.echo(f"row {line.number}: {say(told)}")
        if not wrong:
            admin = administrator_for(session, unit, email)
            agency_codes.add_all(admin, code_list.terms_of(lines))
        if dry_run:
            session.rollback()
    click.echo(f"{len(lines) - len(wrong)} codes are good, {len(wrong)} have problems.")
    if wrong:
        raise click.exceptions.Exit(1)
    if not dry_run:
        click.echo(f"{len(lines)} codes are added.")


def _unit_named(session: Any, wanted: str) -> Any:
    """Find the one unit in force today of a national code, or of a type and name."""
    from sqlalchemy import or_, select

    from lth.core import clock
    from lth.core.vietnamese import search_key
    from lth.models import Unit

    lasts = or_(Unit.valid_to.is_(None), Unit.valid_to > clock.today())
    full_name = Unit.type + " " + Unit.name
    by_name = or_(full_name == wanted, Unit.search_key == search_key(wanted))
    called = or_(Unit.code == wanted, by_name)
    found = list(session.scalars(select(Unit).where(called, lasts).limit(2)))
    if len(found) != 1:
        many = "Several units are" if found else "No unit is"
        raise click.ClickException(f"{many} called {wanted!r}; give the national code.")
    return found[0]
