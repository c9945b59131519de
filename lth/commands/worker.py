"""``lth worker``."""

from typing import Any

import click

from lth.commands import need_redis, with_app


@click.command()
@click.option("--burst", is_flag=True, help="End when there is nothing left to do.")
@with_app
def worker(app: Any, burst: bool) -> None:
    """Send mail and tick when asked over Redis, until told to stop.

    Needs LTH_REDIS_URL. Run one or several, beside the server and one `lth cron`; each also looks
    for mail by itself every half a minute, so that none depends on Redis remembering it. While
    Redis is away it waits for it.
    """
    import logging

    from lth.blueprints.web.extensions import db
    from lth.notifications import jobs

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    need_redis(app)
    db.engine.dispose()  # its jobs are forked from here, each with connections of its own
    redis_url = app.config["SETTINGS"].redis_url
    if burst:
        jobs.worker(redis_url).work(burst=True)
    else:
        jobs.run_worker(redis_url)
