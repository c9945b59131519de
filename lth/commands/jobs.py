"""What RQ's workers do when they are asked to: `lth.notifications.jobs` names these functions."""

from flask import Flask, current_app, has_app_context

from lth import create_app
from lth.blueprints.web.extensions import drain, sessions_of
from lth.notifications import delivery, jobs, tick


def drain_job() -> delivery.Report:
    """Drain, and ask for another drain if there was more than one job should take."""
    app = _app()
    report = delivery.drain(app.config["SETTINGS"], sessions_of(app), limit=jobs.LIMIT)
    if report.full:
        drain(app)
    return report


def tick_job() -> tick.Report:
    """Tick, and have what was written sent."""
    app = _app()
    report = tick.run(sessions_of(app))
    if any(report.counted.values()):
        drain(app)
    return report


def _app() -> Flask:
    """Return the application that the worker made before it forked, or make one."""
    return current_app if has_app_context() else create_app()
