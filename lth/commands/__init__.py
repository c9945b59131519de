"""The commands of ``lth``, one module each, imported only when it is called.

To add one: write ``lth/commands/NAME.py`` with a click command, and a row below. A command that
needs the application takes it by ``@with_app`` and reads the clock, the settings and the database
from there.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from lth.core.errors import LthError

if TYPE_CHECKING:
    from flask import Flask


@dataclass(frozen=True)
class Entry:
    """Where a command is, and its line in ``lth --help``."""

    target: str
    """``module:attribute``."""
    summary: str


COMMANDS: dict[str, Entry] = {
    "run": Entry("lth.commands.run:run", "Migrate, then serve, on this machine alone by default."),
    "migrate": Entry("lth.commands.migrate:migrate", "Bring the database up to date."),
    "units": Entry("lth.commands.units:units", "Import units; say who takes part in a programme."),
    "plan": Entry("lth.commands.plan:plan", "Check a plan file; import one, export a plan."),
    "administrator": Entry(
        "lth.commands.administrator:administrator", "Appoint the first administrator."
    ),
    "walkthrough": Entry(
        "lth.commands.walkthrough:walkthrough", "Play the whole cycle on a temporary database."
    ),
    "deliver": Entry("lth.commands.deliver:deliver", "Send the mail that is due now, and end."),
    "tick": Entry(
        "lth.commands.tick:tick", "Write the reminders and digests that are due, and end."
    ),
    "worker": Entry(
        "lth.commands.worker:worker",
        "Do the jobs that are asked for over Redis, until told to stop.",
    ),
    "cron": Entry("lth.commands.cron:cron", "Ask the workers for what is due by the clock."),
    "reconcile": Entry("lth.commands.reconcile:reconcile", "Hold every plan to its trail."),
    "db": Entry("lth.commands.db:db", "Write and inspect migrations (for developers)."),
    "routes": Entry("flask.cli:routes_command", "List the addresses (for developers)."),
    "shell": Entry("flask.cli:shell_command", "Open Python inside the application."),
}


_NEEDS_REDIS = (
    "LTH_REDIS_URL is not set; expected: redis://HOST:PORT/NUMBER. Without Redis `lth run` sends "
    "mail and keeps the deadlines itself; `lth deliver` and `lth tick` do what is due now."
)


def need_redis(app: "Flask") -> None:
    """End with a message that says what to set, where LTH_REDIS_URL is not."""
    if app.config["SETTINGS"].redis_url is None:
        raise click.ClickException(_NEEDS_REDIS)


def with_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give ``command`` the application as its first argument, inside its context.

    What an operation refuses ends the command with its messages, each on a line.
    """

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        from lth.core import schema

        app = make_app()
        schema.check(app.config["SETTINGS"])
        with app.app_context():
            try:
                return command(app, *args, **kwargs)
            except LthError as error:
                raise click.ClickException(_said(error)) from error

    return wrapper


def _said(error: LthError) -> str:
    from lth.core.language import say

    return "\n".join(map(say, error.messages))


def make_app() -> "Flask":
    """Return the application; the environment says its settings."""
    from lth import create_app

    return create_app()
