"""Mail and deadlines: ``lth deliver`` and ``lth tick`` at once, or by ``lth worker`` over Redis.

`lth.notifications.jobs` names the functions that RQ's workers call.
"""

import logging

import click
from flask import Flask, current_app, has_app_context

from lth import create_app
from lth.blueprints.web.extensions import db, drain, sessions_of
from lth.commands import with_app
from lth.notifications import delivery, jobs, long_jobs
from lth.notifications import tick as ticking

_NEEDS_REDIS = (
    "LTH_REDIS_URL is not set; expected: redis://HOST:PORT/NUMBER. Without Redis `lth run` sends "
    "mail and keeps the deadlines itself; `lth deliver` and `lth tick` do what is due now."
)


@click.command()
@with_app
def deliver(app: Flask) -> None:
    """Do the long jobs that wait, send the mail that is due now, and end.

    Without LTH_SMTP_URL what waits is held, to be released or discarded by an administrator. Ends
    with 1 when the relay cannot be reached or a mail was given up.
    """
    long_jobs.run_due(app.config["SETTINGS"], sessions_of(app))
    total = delivery.drain(app.config["SETTINGS"], sessions_of(app))
    click.echo(
        f"sent {total.sent}, tried again later {total.deferred}, given up {total.failed}, "
        f"discarded {total.discarded}, held {total.held}"
    )
    if total.unreachable:
        raise click.ClickException(f"the mail relay cannot be reached: {total.unreachable}")
    if total.failed:
        raise click.exceptions.Exit(1)


@click.command()
@with_app
def tick(app: Flask) -> None:
    """Write the reminders and digests that are due now, and end.

    What is there already is not written again; `lth deliver` sends it. Ends with 1 when a part
    could not be written, and says why.
    """
    report = ticking.run(app.config["SETTINGS"], sessions_of(app))
    counted = report.counted
    parts = ("reminders", "vacancies", "digests")
    click.echo(", ".join(f"{part} {counted.get(part, 0)}" for part in parts))
    if report.errors:
        raise click.ClickException(report.error)


@click.command()
@click.option("--burst", is_flag=True, help="End when there is nothing left to do.")
@with_app
def worker(app: Flask, burst: bool) -> None:
    """Send mail and tick when asked over Redis, until told to stop.

    Needs LTH_REDIS_URL. Run one or several, beside the server and one `lth cron`; each also looks
    for mail by itself every half a minute, so that none depends on Redis remembering it. While
    Redis is away it waits for it.
    """
    redis_url = _redis_url(app)
    db.engine.dispose()  # its jobs are forked from here, each with connections of its own
    if burst:
        jobs.worker(redis_url).work(burst=True)
    else:
        jobs.run_worker(redis_url)


@click.command()
@with_app
def cron(app: Flask) -> None:
    """Ask the workers for what is due by the clock, until told to stop.

    Needs LTH_REDIS_URL, and workers (`lth worker`) that do what it asks for: a tick every minute,
    a look at the mail every half a minute. One is enough; two do no harm. While Redis is away it
    waits for it.
    """
    jobs.run_cron(_redis_url(app))


def _redis_url(app: Flask) -> str:
    """Return where Redis is, and log what is done with it. Raises ClickException that says what
    to set, where LTH_REDIS_URL is not.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if (url := app.config["SETTINGS"].redis_url) is None:
        raise click.ClickException(_NEEDS_REDIS)
    return url


# --- What the workers do ------------------------------------------------------------------


def drain_job() -> delivery.DrainReport:
    """Drain, and ask for another drain if there was more than one job should take."""
    app = _app()
    long_jobs.run_due(app.config["SETTINGS"], sessions_of(app))
    report = delivery.drain(app.config["SETTINGS"], sessions_of(app), limit=jobs.LIMIT)
    if report.full:
        drain(app)
    return report


def tick_job() -> ticking.TickReport:
    """Tick, and have what was written sent."""
    app = _app()
    report = ticking.run(app.config["SETTINGS"], sessions_of(app))
    if any(report.counted.values()):
        drain(app)
    return report


def _app() -> Flask:
    """Return the application that the worker made before it forked, or make one."""
    return current_app if has_app_context() else create_app()
