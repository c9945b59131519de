"""``lth plan``: plan files (docs/plan-files.md) checked, brought in and written."""

import sys
from pathlib import Path

import click

STDIN = "-"
MALFORMED = 2
"""How a command ends on a text that is no plan file; 1 is for what the checks call errors."""

FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group()
def plan() -> None:
    """Check a plan file; bring one into the database, or write one of a plan there."""


@plan.command()
@click.argument("file", type=FILE)
@click.option(
    "--stage",
    type=click.Choice(["draft", "submit", "issue"]),
    default="issue",
    show_default=True,
    help="A later stage includes the earlier ones.",
)
@click.option("--json", "as_json", is_flag=True, help="Print data and nothing else.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def check(file: Path, stage: str, as_json: bool, language: str) -> None:
    """Say what an expert would find in the plan file FILE ("-" reads standard input).

    Needs no database. Ends with 1 when an error is found, with 2 when FILE is no plan file.
    """
    from lth import clock
    from lth.commands import plan_text
    from lth.models.finding import Severity, Stage
    from lth.planning.checks import run
    from lth.planning.plan_file import PlanFileError, read

    with plan_text.speaking(language):
        try:
            found = read(_bytes(file), _name(file), today=clock.today())
        except PlanFileError as error:
            if as_json:
                click.echo(plan_text.problems_as_json(error))
            else:
                click.echo(plan_text.problems(error), err=True)
            raise click.exceptions.Exit(MALFORMED) from error
        findings = run(found.document, Stage(stage))
        report = plan_text.Report(_name(file), Stage(stage), found, findings)
        click.echo(plan_text.as_json(report) if as_json else plan_text.as_text(report))
    if any(one.severity is Severity.ERROR for one in findings):
        raise click.exceptions.Exit(1)


def _bytes(file: Path) -> bytes:
    """The file's bytes: what they say is for the reader to judge."""
    if str(file) == STDIN:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise click.BadParameter(f"{file}: {error.strerror}") from error


def _name(file: Path) -> str:
    return "<stdin>" if str(file) == STDIN else str(file)
