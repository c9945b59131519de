"""``lth plan``: plan files (docs/plan-files.md) checked, brought in and written."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from lth.commands import acting_for, with_app

STDIN = "-"
MALFORMED = 2
"""How a command ends on a text that is no plan file; 1 is for what the checks call errors."""

FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
PERHAPS_FILE = click.Path(allow_dash=True, path_type=Path)
"""One that may not be there: a program that asks for JSON is told that in JSON too."""


@click.group()
def plan() -> None:
    """Check a plan file, write its paper; bring one into the database, write one of a plan.

    The codes of indicators are listed by "lth plan indicators".
    """


@plan.command()
@click.argument("file", type=PERHAPS_FILE)
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
    from lth.checks import run
    from lth.commands import plan_text
    from lth.core import clock
    from lth.core.language import speaking
    from lth.exchange.plan_file import PlanFileError, read
    from lth.models.finding import Severity, Stage

    with speaking(language):
        text = _content(file, as_json=as_json)
        try:
            found = read(text, shown_name(file), today=clock.today())
        except PlanFileError as error:
            if as_json:
                click.echo(plan_text.problems_as_json(error))
            else:
                click.echo(plan_text.problems(error), err=True)
            raise click.exceptions.Exit(MALFORMED) from error
        findings = run(found.content, Stage(stage))
        report = plan_text.FileReport(shown_name(file), Stage(stage), found, findings)
        click.echo(plan_text.as_json(report) if as_json else plan_text.as_text(report))
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise click.exceptions.Exit(1)


@plan.command()
@click.option(
    "--programme",
    "codes",
    multiple=True,
    help="Of this programme alone; of every one unless given.",
)
@click.option("--json", "as_json", is_flag=True, help="Print data and nothing else.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def indicators(codes: tuple[str, ...], as_json: bool, language: str) -> None:
    """List the codes of indicators that a plan file may name, with what they mean.

    Needs no database. For example: lth plan indicators --programme 1648
    """
    from lth.commands import indicator_text
    from lth.core.language import speaking
    from lth.programmes.catalogue_file import CODES

    for code in codes:
        if code not in CODES:
            text = f"{code} is none of {', '.join(CODES)}."
            raise click.BadParameter(text, param_hint="--programme")
    with speaking(language):
        shown = indicator_text.as_json if as_json else indicator_text.as_text
        click.echo(shown(codes or CODES))


@plan.command()
@click.argument("file", type=FILE)
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write: OUT.docx for Word, OUT.pdf for PDF.",
)
@click.option("--draft", is_flag=True, help="Mark it as DỰ THẢO, without number and day.")
def write(file: Path, output: Path, draft: bool) -> None:
    """Write the plan file FILE ("-" reads standard input) as the paper that an office signs.

    Needs no database. Ends with 2 when FILE is no plan file. For example:
    lth plan write tra-cu.yaml -o tra-cu.pdf
    """
    from lth.commands import plan_text
    from lth.core import clock
    from lth.exchange.papers import writing
    from lth.exchange.plan_file import PlanFileError, read

    written = paper_writer(output)
    try:
        found = read(read_bytes(file), shown_name(file), today=clock.today())
    except PlanFileError as error:
        click.echo(plan_text.problems(error), err=True)
        raise click.exceptions.Exit(MALFORMED) from error
    made = written(writing.of_plan(found.content, draft=True if draft else None))
    try:
        output.write_bytes(made)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error


@plan.command(name="read")
@click.argument("file", type=PERHAPS_FILE)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Plan file to write."
)
@click.option("--json", "as_json", is_flag=True, help="Print data and nothing else.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def read_(file: Path, output: Path | None, as_json: bool, language: str) -> None:
    """Say what is found in the existing plan FILE: Word, PDF with text, or plain text.

    Needs no database. Each item is told with the words it came from and how sure it is; what could
    not be placed is listed. With -o a plan file is written, which "lth plan check" reads. Ends
    with 2 when FILE cannot be read, or no plan file can be made of it.
    """
    from lth.commands import reading_text
    from lth.core.errors import BlockedError
    from lth.core.language import speaking
    from lth.exchange.plan_reading import draft, extract
    from lth.exchange.plan_reading.read import read_text

    with speaking(language):
        given = _content(file, as_json=as_json)
        try:
            reading = read_text(extract.text_of(given))
            text = draft.plan_file(reading) if output is not None else ""
        except BlockedError as error:
            _refuse(file, error.messages, as_json=as_json)
            raise click.exceptions.Exit(MALFORMED) from error
        say_it = reading_text.as_json if as_json else reading_text.as_text
        click.echo(say_it(shown_name(file), reading))
        if output is not None:
            output.write_text(text, encoding="utf-8")
            click.echo(reading_text.written(output), err=True)


@plan.command(name="import")
@click.argument("file", type=FILE)
@click.option(
    "--unit", required=True, help="National code or name: 849, “xã Định An, huyện Trà Cú”."
)
@click.option("--period", "code", help="Code of the period, unless it is the file's years.")
@click.option("--by", "email", help="Address of the drafter, where the unit has several.")
@with_app
def import_(app: Any, file: Path, unit: str, code: str | None, email: str | None) -> None:
    """Make the plan file FILE the draft of a unit that has no plan for the period yet.

    It is begun and written in the name of the unit's drafter, who goes on from there. All of it
    gets in, or nothing. For example: lth plan import tra-cu.yaml --unit 849
    """
    from lth.access.scope import Purpose, Scope, bind, system
    from lth.administration import audit
    from lth.blueprints.web.extensions import sessions_of
    from lth.commands import plan_text
    from lth.core import clock, database
    from lth.exchange.plan_file import PlanFileError, owner, read, transfer

    try:
        found = read(read_bytes(file), shown_name(file), today=clock.today())
    except PlanFileError as error:
        click.echo(plan_text.problems(error), err=True)
        raise click.exceptions.Exit(MALFORMED) from error
    content = found.content
    with sessions_of(app)() as session, database.unit_of_work(session):
        with system(session, Purpose.LOAD):
            period = owner.find_period(session, content, code)
            place = owner.find_unit(session, unit, content.place.level, period.starts_on)
            actor = owner.find_drafter(session, place, email, clock.today())
        bind(session, Scope.of(actor))
        done = transfer.bring_in(session, actor, period, found, now=clock.now())
        with system(session, Purpose.LOAD):  # nobody is signed in here: the trail says so
            subject = f"{shown_name(file)} ({actor.person_name})"
            audit.record(session, place.id, "plans.imported", None, subject, now=clock.now())
        said = plan_text.imported(done, place.full_name, period.code)
    if place.full_name != content.place.name:
        click.echo(plan_text.another_unit(content.place.name), err=True)
    click.echo(said)


@plan.command()
@click.argument("document_id", metavar="ID", type=int)
@click.option(
    "--revision", "number", type=int, help="Number of the revision; the newest unless given."
)
@with_app
def export(app: Any, document_id: int, number: int | None) -> None:
    """Write the plan ID (the number in its address) as a plan file to standard output."""
    from lth.access.scope import Purpose, Scope
    from lth.core import database
    from lth.exchange.plan_file import transfer

    scope = Scope.system(Purpose.EXPORT)
    with database.reading(), acting_for(app, Purpose.EXPORT) as session:
        text = transfer.take_out(session, document_id, number, scope)
    click.echo(text, nl=False)


def paper_writer(output: Path) -> Callable[[Any], bytes]:
    """Return what writes a paper as the kind of file that a name ends in."""
    if output.suffix.lower() == ".pdf":
        from lth.exchange.papers import pdf

        return pdf.write
    if output.suffix.lower() == ".docx":
        from lth.exchange.papers import word

        return word.write
    raise click.BadParameter(f"{output} must end in .docx or .pdf.", param_hint="--output")


def _content(file: Path, *, as_json: bool) -> bytes:
    """Return the file's bytes, or end with why there are none, as JSON where that is asked for."""
    from lth.commands import plan_text

    try:
        return sys.stdin.buffer.read() if str(file) == STDIN else file.read_bytes()
    except OSError as error:
        _refuse(file, [plan_text.no_file(error)], as_json=as_json)
        raise click.exceptions.Exit(MALFORMED) from error


def _refuse(file: Path, messages: Iterable[Any], *, as_json: bool) -> None:
    """Say why nothing can be made of a file, as JSON where that is asked for."""
    from lth.commands import plan_text

    if as_json:
        click.echo(plan_text.refused_as_json(shown_name(file), messages))
    else:
        click.echo(plan_text.refused(shown_name(file), messages), err=True)


def read_bytes(file: Path) -> bytes:
    """Return the file's bytes: what they say is for the reader to judge."""
    if str(file) == STDIN:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise click.BadParameter(f"{file}: {error.strerror}") from error


def shown_name(file: Path) -> str:
    return "<stdin>" if str(file) == STDIN else str(file)
