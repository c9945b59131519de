"""``lth programmes``: programmes as files (docs/programme-files.md), and their periods."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from lth.commands import acting_for, day_of, with_app
from lth.commands.plan import FILE, MALFORMED, read_bytes, shown_name


@click.group()
def programmes() -> None:
    """Check a programme's file; bring one in, or write one; open a period."""


def _spoken(command: Callable[..., None]) -> Callable[..., None]:
    languages = click.Choice(["vi", "en"])
    return click.option("--language", type=languages, default="vi", show_default=True)(command)


@programmes.command()
@click.argument("file", type=FILE)
@_spoken
def check(file: Path, language: str) -> None:
    """Say all that is wrong with FILE, line by line; ends with 2 if anything is.

    Needs no database.
    """
    from lth.core.language import speaking

    with speaking(language):
        found = _read(file)
    click.echo(
        f"{found.code}: {len(found.indicators)} indicators, {len(found.areas)} areas,"
        f" {len(found.norms)} norms, {len(found.periods)} periods. Nothing is wrong."
    )


@programmes.command(name="import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@_spoken
@with_app
def import_(app: Any, file: Path, dry_run: bool, language: str) -> None:
    """Bring the programme FILE in: all of it, or nothing."""
    from lth.access.scope import Purpose
    from lth.core import clock
    from lth.core.language import say, speaking
    from lth.programmes import changes
    from lth.programmes.changes import ChangeKind

    with speaking(language):
        found = _read(file)
        with acting_for(app, Purpose.LOAD) as session:
            if dry_run:
                done = changes.compare(session, found)
            else:
                done = changes.bring_in(session, found, None, now=clock.now())
        for row in done.rows:
            if row.kind is not ChangeKind.SAME:
                why = f": {say(row.refused)}" if row.refused else ""
                click.echo(f"  {row.kind.value} {row.thing.value} {row.code}{why}")
    counts = {kind: len(done.of(kind)) for kind in ChangeKind}
    said = ", ".join(f"{count} {kind.value}" for kind, count in counts.items())
    click.echo(f"{found.code}: {said}.")
    if done.refused:
        raise click.exceptions.Exit(1)


@programmes.command()
@click.argument("code")
@with_app
def export(app: Any, code: str) -> None:
    """Write the programme CODE as the file that would bring it in, to standard output."""
    from lth.access.scope import Purpose
    from lth.core import database
    from lth.programmes import catalogue_text

    with database.reading(), acting_for(app, Purpose.EXPORT) as session:
        try:
            text = catalogue_text.write(session, code)
        except LookupError as error:
            raise click.ClickException(f"There is no programme {code}.") from error
    click.echo(text, nl=False)


@programmes.command()
@click.argument("programme")
@click.argument("code")
@click.option("--from", "first", required=True, callback=day_of, help="First day: 01/01/2027.")
@click.option("--to", "last", required=True, callback=day_of, help="Last day: 31/12/2030.")
@click.option(
    "--phase",
    "phases",
    multiple=True,
    help="CODE:LAST DAY, in order; each begins the day after the one before. One, unless given.",
)
@with_app
def open_period(
    app: Any, programme: str, code: str, first: date, last: date, phases: tuple[str, ...]
) -> None:
    """Open the period CODE of PROGRAMME, or extend it.

    For example: lth programmes open-period 1648 2027-2030 --from 01/01/2027 --to 31/12/2030
    --phase 2027-2028:31/12/2028 --phase 2029-2030:31/12/2030
    """
    from lth.access.scope import Purpose
    from lth.core import clock
    from lth.programmes import periods

    with acting_for(app, Purpose.LOAD) as session:
        try:
            found = periods.find_programme(session, programme)
        except LookupError as error:
            raise click.ClickException(f"There is no programme {programme}.") from error
        cut = [_phase(one) for one in phases]
        terms = periods.terms(code, first, last, cut)
        opened = periods.open_period(session, found, terms, None, now=clock.now())
    click.echo(f"Period {code} of {programme} is {'open' if opened else 'as it was'}.")


def _phase(text: str) -> tuple[str, date]:
    from lth.core.readers.days import UnreadableDayError, read_day

    code, _, day = text.partition(":")
    try:
        return code.strip(), read_day(day)
    except UnreadableDayError as error:
        raise click.BadParameter(f"{text!r} is no CODE:LAST DAY.") from error


def _read(file: Path) -> Any:
    from lth.core.language import say
    from lth.exchange import programme_file
    from lth.exchange.programme_file import ProgrammeFileError

    try:
        return programme_file.read(read_bytes(file), shown_name(file))
    except ProgrammeFileError as error:
        for one in error.problems:
            click.echo(f"{error.name}:{one.line}:{one.column}: {say(one.said)}", err=True)
        raise click.exceptions.Exit(MALFORMED) from error
