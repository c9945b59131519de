"""``lth migrate``, and for developers ``lth db``: the schema of the environment's database."""

import click
from alembic.config import CommandLine

from lth.core import config, home, schema


@click.command()
def migrate() -> None:
    """Bring the database up to date. Does nothing when it is already.

    On PostgreSQL it signs in with LTH_MIGRATION_DATABASE_URL, the role that owns the tables.
    """
    with home.founding(config.load()) as settings:
        schema.upgrade(settings)
    click.echo("The database is up to date.")


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def db(arguments: tuple[str, ...]) -> None:
    """Run an Alembic command, such as "revision --autogenerate -m TEXT", "check" or "history"."""
    ini = schema.directory() / "alembic.ini"
    CommandLine(prog="lth db").main(["-c", str(ini), *(arguments or ("--help",))])
