"""``lth run``: everything in one process tree, with no other server."""

import functools
import logging
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--demo", is_flag=True, help="Load the demo if the database is new, and say so.")
@click.option("--migrate/--no-migrate", default=True, show_default=True, help="Migrate first.")
def run(host: str, port: int, workers: int, demo: bool, migrate: bool) -> None:
    """Migrate, then serve, on this machine alone by default.

    Keeps its database and secret key in LTH_HOME (./instance unless set), listens on loopback only
    unless told otherwise, and sends mail from a thread of its own. Ends with Ctrl+C.
    """
    from lth import create_app
    from lth.core import config, home, schema, server

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)
    address = f"http://{host}:{port}"
    os.environ.setdefault("LTH_BASE_URL", address)  # the workers read these too
    if demo:
        os.environ["LTH_DEMO"] = "1"
    _check_port(host, port)
    with home.founding(config.load()) as settings:
        if migrate:
            schema.upgrade(settings)
        else:
            schema.require_current(settings)
        app = create_app(settings)
        if settings.demo:
            from lth import demo as demo_data

            demo_data.load_if_empty(app)
    click.secho(f"lth is at {address} (Ctrl+C ends it)", fg="green", bold=True)
    server.serve(
        host,
        port,
        workers=workers,
        clock_offset=settings.clock_offset,
        background=_background(app) if settings.redis_url is None else None,
    )


def _background(app: "Flask") -> "Callable[[threading.Event], None]":
    """Send the mail and keep the deadlines beside the server, with no other process."""
    from lth.blueprints.web.extensions import sessions_of
    from lth.notifications import delivery

    return functools.partial(delivery.run_forever, app.config["SETTINGS"], sessions_of(app))


def _check_port(host: str, port: int) -> None:
    from lth.core import server

    try:
        server.check_port(host, port)
    except server.PortTakenError as error:
        message = f"{error}. Another program listens there; try --port."
        raise click.ClickException(message) from error
