"""List the commands of ``lth``, in modules that are imported only when one of theirs is called.

To add one: write a click command in a module here, and a row below. A command that
needs the application takes it by ``@with_app`` and reads the clock, the settings and the database
from there.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lth.core.errors import LthError

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask
    from sqlalchemy.orm import Session

    from lth.access.scope import Purpose


@dataclass(frozen=True)
class Command:
    """A command's place, and its line in ``lth --help``."""

    target: str
    """``module:attribute``."""
    summary: str


COMMANDS: dict[str, Command] = {
    "run": Command(
        "lth.commands.run:run", "Migrate, then serve, on this machine alone by default."
    ),
    "migrate": Command("lth.commands.database:migrate", "Bring the database up to date."),
    "units": Command(
        "lth.commands.units:units", "Import units and agencies' codes; say who takes part."
    ),
    "people": Command(
        "lth.commands.people:people", "Invite the people of a list; print unsent links."
    ),
    "ready": Command("lth.commands.people:ready", "Say what a province needs before it begins."),
    "programmes": Command(
        "lth.commands.programmes:programmes", "Programmes as files; open their periods."
    ),
    "plan": Command("lth.commands.plan:plan", "Check a plan file; import one, export a plan."),
    "papers": Command(
        "lth.commands.papers:papers", "Papers in force that the checks know; take a table into use."
    ),
    "administrator": Command(
        "lth.commands.administrator:administrator", "Appoint the first administrator."
    ),
    "forget-second-factor": Command(
        "lth.commands.second_factor:forget", "Take away a second factor that was lost."
    ),
    "walkthrough": Command(
        "lth.commands.walkthrough:walkthrough", "Play the whole cycle on a temporary database."
    ),
    "deliver": Command("lth.commands.jobs:deliver", "Send the mail that is due now, and end."),
    "tick": Command(
        "lth.commands.jobs:tick", "Write the reminders and digests that are due, and end."
    ),
    "worker": Command(
        "lth.commands.jobs:worker",
        "Do the jobs that are asked for over Redis, until told to stop.",
    ),
    "cron": Command("lth.commands.jobs:cron", "Ask the workers for what is due by the clock."),
    "reconcile": Command("lth.commands.reconcile:reconcile", "Hold every plan to its trail."),
    "backup": Command(
        "lth.commands.backup:backup", "Write all rows and attached files into one file."
    ),
    "restore": Command("lth.commands.backup:restore", "Put a backup into an empty database."),
    "files": Command(
        "lth.commands.files:files", "Count attached files; remove what nothing names any more."
    ),
    "audit": Command(
        "lth.commands.audit:audit", "Hold the trail to its chains; print their heads."
    ),
    "db": Command("lth.commands.database:db", "Write and inspect migrations (for developers)."),
    "routes": Command("flask.cli:routes_command", "List the addresses (for developers)."),
    "shell": Command("flask.cli:shell_command", "Open Python inside the application."),
}


def with_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give ``command`` the application as its first argument, inside its context.

    What an operation refuses ends the command with its messages, each on a line.
    """

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        from lth.core.language import say

        app = make_app()
        with app.app_context():
            try:
                return command(app, *args, **kwargs)
            except LthError as error:
                text = "\n".join(map(say, error.messages))
                raise click.ClickException(text) from error

    return wrapper


@contextmanager
def acting_for(app: "Flask", purpose: "Purpose") -> "Iterator[Session]":
    """Open a session that sees what a purpose needs; what is done in it is one unit of work."""
    from lth.access.scope import system
    from lth.blueprints.web.extensions import sessions_of
    from lth.core import database

    with (
        sessions_of(app)() as session,
        system(session, purpose),
        database.unit_of_work(session),
    ):
        yield session


def day_of(_context: click.Context, _option: click.Parameter, text: str | None) -> "date | None":
    """Read the day that an option gives, as it is written anywhere else."""
    from lth.core.readers.days import UnreadableDayError, read_day

    try:
        return read_day(text) if text else None
    except UnreadableDayError as error:
        raise click.BadParameter(f"{text!r} is no day; write 07/5/2021.") from error


def make_app() -> "Flask":
    """Return the application on a database that is there already; the environment says which."""
    from lth import create_app
    from lth.core import config, home, schema

    settings = config.load()
    schema.require_current(settings)
    return create_app(home.settle(settings))


def make_app_without_database() -> "Flask":
    """Return the application for what only looks at it."""
    from lth import create_app
    from lth.core import config

    return create_app(config.load())
