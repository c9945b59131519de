"""``lth cron``."""

from typing import Any

import click

from lth.commands import need_redis, with_app


@click.command()
@with_app
def cron(app: Any) -> None:
    """Ask the workers for what is due by the clock, until told to stop.

    Needs LTH_REDIS_URL, and workers (`lth worker`) that do what it asks for: a tick every minute,
    a look at the mail every half a minute. One is enough; two do no harm. While Redis is away it
    waits for it.
    """
    import logging

    from lth.notifications import jobs

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    need_redis(app)
    jobs.run_cron(app.config["SETTINGS"].redis_url)
