"""``lth forget-second-factor``: for who has lost phone and codes, and no administrator to ask."""

from typing import Any

import click

from lth.commands import acting_for, with_app


@click.command("forget-second-factor")
@click.argument("email")
@with_app
def forget(app: Any, email: str) -> None:
    """Have the person of EMAIL sign in with the password alone, until they set up another.

    They are signed out everywhere and told by mail. Administrators do it on the person's page.
    """
    from lth.access.scope import Purpose
    from lth.administration import second_factor
    from lth.core import clock

    with acting_for(app, Purpose.SIGN_IN) as session:
        second_factor.reset_from_command(session, email, clock.now())
    click.echo("The second factor is gone; the person is told by mail.")
