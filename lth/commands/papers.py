"""``lth papers``: the table of papers in force, by which bases of plans are judged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from lth.commands.plan import FILE, MALFORMED, read_bytes, shown_name


@click.group()
def papers() -> None:
    """List the papers in force that the checks know; take another table of them into use."""


@papers.command(name="list")
def list_() -> None:
    """List every known paper with the days between which it is in force, and the last review.

    Needs no database.
    """
    from lth.checks import papers_in_force
    from lth.core.vietnamese import format_date

    table = papers_in_force.in_use()
    for paper in table.papers:
        since = format_date(paper.since or paper.dated_on)
        until = format_date(paper.ended) if paper.ended else "…"
        followed = f", then {paper.replaced_by}" if paper.replaced_by else ""
        click.echo(f"{paper.type} {paper.number} [{since}, {until}){followed}: {paper.title}")
    click.echo(f"{len(table.papers)} papers, last reviewed on {format_date(table.reviewed_on)}.")


@papers.command()
@click.argument("file", type=FILE)
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def check(file: Path, language: str) -> None:
    """Say all that is wrong with FILE, a table of papers; ends with 2 if anything is.

    Needs no database.
    """
    from lth.checks import papers_in_force

    _tell(file, language, papers_in_force.read_table, "Nothing is wrong.")


@papers.command()
@click.argument("file", type=FILE)
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def update(file: Path, language: str) -> None:
    """Take FILE, a table of papers, into use: all of it, or nothing while anything is wrong.

    It is kept in LTH_HOME, of each machine; what runs there judges by it from then on. A table
    that was reviewed before the one in use is refused.
    """
    from lth.checks import papers_in_force

    _tell(file, language, papers_in_force.update, "In use now.")


def _tell(file: Path, language: str, act: Callable[[str], Any], done: str) -> None:
    """Do something with a file's text, and say how it went."""
    from lth.core.errors import PaperTableError
    from lth.core.language import say, speaking
    from lth.core.vietnamese import format_date

    name = shown_name(file)
    with speaking(language):
        try:
            table = act(read_bytes(file).decode("utf-8"))
        except UnicodeDecodeError as error:
            raise click.ClickException(f"{name}: not UTF-8.") from error
        except PaperTableError as error:
            for message in error.messages:
                click.echo(f"{name}: {say(message)}", err=True)
            raise click.exceptions.Exit(MALFORMED) from error
    reviewed = format_date(table.reviewed_on)
    click.echo(f"{len(table.papers)} papers, reviewed on {reviewed}. {done}")
