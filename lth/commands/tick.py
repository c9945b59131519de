"""``lth tick``."""

from typing import Any

import click

from lth.commands import with_app


@click.command()
@with_app
def tick(app: Any) -> None:
    """Write the reminders and digests that are due now, and end.

    What is there already is not written again; `lth deliver` sends it. Ends with 1 when a part
    could not be written, and says why.
    """
    from lth.blueprints.web.extensions import sessions_of
    from lth.notifications import tick as ticking

    report = ticking.run(sessions_of(app))
    counted = report.counted
    click.echo(f"reminders {counted.get('reminders', 0)}, digests {counted.get('digests', 0)}")
    if report.errors:
        raise click.ClickException(report.error)
