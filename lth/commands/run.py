"""``lth run``: everything in one process tree, with no other server."""

import functools
import logging
import os

import click

from lth.commands import make_app


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
    from lth import schema, server
    from lth.extensions import sessions_of
    from lth.notifications import delivery

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)
    address = f"http://{host}:{port}"
    os.environ.setdefault("LTH_BASE_URL", address)  # the workers read these too
    if demo:
        os.environ["LTH_DEMO"] = "1"
    _check_port(host, port)
    app = make_app()
    if migrate:
        schema.upgrade(app)
    if app.config["SETTINGS"].demo:
        from lth import demo as demo_data

        demo_data.load_if_empty(app)
    click.secho(f"lth is at {address} (Ctrl+C ends it)", fg="green", bold=True)
    settings = app.config["SETTINGS"]
    work = functools.partial(delivery.run_forever, settings, sessions_of(app))
    server.serve(settings, host, port, workers, work=work)


def _check_port(host: str, port: int) -> None:
    from lth import server

    try:
        server.check_port(host, port)
    except server.PortTakenError as error:
        message = f"{error}. Another program listens there; try --port."
        raise click.ClickException(message) from error
