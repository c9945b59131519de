"""Run the ``lth`` command. Nothing heavy is imported before a command is known."""

from importlib import import_module
from typing import Any

import click

from lth.commands import COMMANDS, make_app_without_database
from lth.core.config import SettingError

_FLASK_COMMANDS = {"routes", "shell"}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if cmd_name in _FLASK_COMMANDS:
            _give_app(ctx)
        module, _, attribute = entry.target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, or end with a sentence that says what to mend."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            said = _fault_of_the_place(error)
            if said is None:
                raise
            raise click.ClickException(said) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, so that help imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


def _fault_of_the_place(error: Exception) -> str | None:
    """Say what is wrong with the settings, the database or a file; None on a fault of ours."""
    if isinstance(error, SettingError):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}."
    from lth.core import database

    return database.fault_of(error)


def _give_app(ctx: click.Context) -> None:
    """Let commands that come from Flask find the application where they look for it."""
    from flask.cli import ScriptInfo

    ctx.obj = ScriptInfo(create_app=make_app_without_database)


def _version(ctx: click.Context, _parameter: Any, value: bool) -> None:
    if value:
        from importlib.metadata import version

        click.echo(f"lth {version('lth')}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Settings come from LTH_* variables; docs/settings.md lists them.",
)
@click.option("--version", is_flag=True, callback=_version, is_eager=True, expose_value=False)
def main() -> None:
    """Plans of the intergenerational self-help clubs, from commune to province.

    To look around:  lth run --demo
    """
