"""``lth deliver``."""

from typing import Any

import click

from lth.commands import with_app


@click.command()
@with_app
def deliver(app: Any) -> None:
    """Send the mail that is due now, and end.

    Without LTH_SMTP_URL what waits is held, to be released or discarded by an administrator. Ends
    with 1 when the relay cannot be reached or a mail was given up.
    """
    from lth.blueprints.web.extensions import sessions_of
    from lth.notifications import delivery

    total = delivery.drain(app.config["SETTINGS"], sessions_of(app))
    click.echo(
        f"sent {total.sent}, tried again later {total.deferred}, given up {total.failed}, "
        f"discarded {total.discarded}, held {total.held}"
    )
    if total.unreachable:
        raise click.ClickException(f"the mail relay cannot be reached: {total.unreachable}")
    if total.failed:
        raise click.exceptions.Exit(1)
