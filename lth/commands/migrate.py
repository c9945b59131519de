"""``lth migrate``."""

import click

from lth.commands import make_app
from lth.core import schema


@click.command()
def migrate() -> None:
    """Bring the database up to date. Does nothing when it is already.

    On PostgreSQL it signs in with LTH_MIGRATION_DATABASE_URL, the role that owns the tables.
    """
    schema.upgrade(make_app().config["SETTINGS"])
    click.echo("The database is up to date.")
