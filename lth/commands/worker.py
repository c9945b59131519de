"""``lth worker``."""

from typing import Any

import click

from lth.commands import with_app


@click.command()
@click.option("--burst", is_flag=True, help="End when there is nothing left to do.")
@with_app
def worker(app: Any, burst: bool) -> None:
    """Send mail when the application asks for it over Redis, until told to stop.

    Needs LTH_REDIS_URL. Run one or several, beside the server; each also looks by itself every
    half a minute, so that no mail depends on Redis remembering it.
    """
    import logging

    from lth.notifications import jobs

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if app.config["SETTINGS"].redis_url is None:
        raise click.ClickException(
            "LTH_REDIS_URL is not set; expected: redis://HOST:PORT/NUMBER. "
            "Without Redis `lth run` sends mail itself, and `lth deliver` sends what is due now."
        )
    jobs.worker(app).work(burst=burst)
