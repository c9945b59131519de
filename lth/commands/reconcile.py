"""``lth reconcile``."""

from typing import Any

import click

from lth.commands import acting_for, with_app


@click.command()
@click.option("--hashes/--no-hashes", default=True, show_default=True, help="Hash every revision.")
@with_app
def reconcile(app: Any, hashes: bool) -> None:
    """Compare what is stored of every plan, and of who takes part, with what its trail says; change
    nothing.

    Ends with 1, and a line for each, when something has drifted.
    """
    from lth.access.scope import Purpose
    from lth.core import database
    from lth.programmes import participants
    from lth.workflow.reconcile import drifts

    with database.reading(), acting_for(app, Purpose.RECONCILE) as session:
        found = list(drifts(session, hashes=hashes))
        lists = participants.drifts(session)
    for drift in found:
        click.echo(
            f"document {drift.document_id}: {drift.what} is {drift.stored!r}, "
            f"its trail says {drift.folded!r}"
        )
    for line in lists:
        click.echo(
            f"unit {line.unit_id}, period {line.period_id}: it leaves on {line.stored},"
            f" its history says {line.folded}"
        )
    if found or lists:
        raise click.exceptions.Exit(1)
    click.echo("Every plan is what its trail says.")
