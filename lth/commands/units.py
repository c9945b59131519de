"""``lth units``: the administrative units, and who of them takes part."""

from typing import Any

import click

from lth.commands import acting_for, with_app


@click.group()
def units() -> None:
    """Import the administrative units; say who takes part in a programme."""


@units.command(name="import")
@click.option("--province", "codes", multiple=True, help="Only this one (national code; repeat).")
@with_app
def import_(app: Any, codes: tuple[str, ...]) -> None:
    """Add the shipped units, of both tiers, and the programmes. What is there stays as it is."""
    from lth.access.scope import Purpose
    from lth.models.unit import Level
    from lth.programmes import catalogue
    from lth.units.importing import import_units, read_units

    rows = read_units()
    chosen = {row.key for row in rows.units if row.level is Level.PROVINCE and row.code in codes}
    if codes and {row.code for row in rows.units if row.key in chosen} != set(codes):
        raise click.ClickException("No province has one of these codes.")
    with acting_for(app, Purpose.LOAD) as session:
        catalogue.install(session)
        report = import_units(session, rows, provinces=chosen or None)
    click.echo(f"{report.units_added} units added, {report.units_present} were there.")
    for problem in report.problems:
        click.echo(f"  {problem}")


@units.command()
@click.argument("programme")
@click.argument("period")
@click.argument("province")
@with_app
def join(app: Any, programme: str, period: str, province: str) -> None:
    """Have PROVINCE (national code) and its units take part in PROGRAMME for PERIOD.

    For example: lth units join 1648 2026-2035 24
    """
    from lth.access.scope import Purpose
    from lth.programmes.participation import NoSuchPlaceError, join_province

    with acting_for(app, Purpose.LOAD) as session:
        try:
            joined = join_province(session, programme, period, province)
        except NoSuchPlaceError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{joined.added} units take part now, {joined.present} did already.")
