"""``lth administrator``: the first person, who lets in all others."""

from typing import Any

import click

from lth.commands import acting_for, with_app


@click.command()
@click.argument("email")
@click.argument("name")
@with_app
def administrator(app: Any, email: str, name: str) -> None:
    """Give EMAIL an account of a system administrator, and print the link that sets its password.

    The link is also in the mail that goes out once SMTP is set. It works once, for seven days.
    """
    from lth.access.scope import Purpose
    from lth.administration import people
    from lth.administration.links import PATH
    from lth.application import settings_of
    from lth.core import clock

    with acting_for(app, Purpose.ADMINISTER) as session:
        token = people.appoint_first(session, email, name, now=clock.now())
    click.echo(f"{settings_of(app).base_url}{PATH}{token}")
