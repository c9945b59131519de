"""``lth db``: Alembic's own commands on the database of the environment, for developers."""

import click
from alembic.config import CommandLine

from lth.core import schema


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def db(arguments: tuple[str, ...]) -> None:
    """Run an Alembic command, such as "revision --autogenerate -m TEXT", "check" or "history"."""
    ini = schema.directory() / "alembic.ini"
    CommandLine(prog="lth db").main(["-c", str(ini), *(arguments or ("--help",))])
