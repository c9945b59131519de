"""``lth files``: hold the store of attached files to what the database names."""

from typing import Any

import click

from lth.commands import acting_for, with_app


@click.command()
@click.option("--sweep", is_flag=True, help="Remove what no row has named for 14 days.")
@with_app
def files(app: Any, sweep: bool) -> None:
    """Count the files that people attached, and find those that are lost or that nobody names.

    Run it once a month with --sweep: files of what was taken back, or of an upload that broke off,
    stay in the store until then. Ends with 1, and a line for each, where a file is lost.
    """
    from lth.access.scope import Purpose
    from lth.blueprints.web.extensions import store_of
    from lth.core import clock, database
    from lth.exchange.files import sweeping

    work = sweeping.sweep if sweep else sweeping.look
    with database.reading(), acting_for(app, Purpose.FILES) as session:
        found = work(session, store_of(app), clock.now())
    click.echo(f"{found.files} files, {found.size / 1_000_000:.1f} MB")
    size = sum(one.size for one in found.stale) / 1_000_000
    done = "removed" if sweep else "may be removed by --sweep"
    click.echo(f"named by nothing for 14 days: {len(found.stale)} ({size:.1f} MB), {done}")
    for name in found.lost:
        click.echo(f"lost: {name}")
    if found.lost:
        raise click.exceptions.Exit(1)
