"""The drain as an RQ job, for an installation with Redis.

A job is only a nudge: what is to be sent stands in the outbox, so that a job that is lost, or a
Redis that is gone, loses no mail. A worker nudges itself from time to time, for mails whose next
try has come and for those whose nudge was lost.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, Response, current_app, has_app_context, request
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker

from lth import clock
from lth.extensions import db
from lth.notifications import delivery
from lth.notifications.delivery import Report

logger = logging.getLogger(__name__)

QUEUE = "lth-mail"
LIMIT = 500
JOB_SECONDS = 900
BEAT_SECONDS = 30
PAUSE_WITHOUT_REDIS = timedelta(seconds=30)

_EXTENSION = "lth_mail_queue"


@dataclass
class _Nudging:
    """The queue of one application, and until when it is left alone since Redis did not answer."""

    queue: Queue
    silent_until: datetime | None = None


def register(app: Flask) -> None:
    """Where LTH_REDIS_URL is set, nudge the workers after every request that may have changed
    something; it has committed by then."""
    if app.config["SETTINGS"].redis_url is not None:
        app.after_request(_nudge)


def enqueue_drain(app: Flask) -> bool:
    """Ask a worker to drain the outbox; whether one will (a job that waits already is enough).

    Not a job of a fixed id: one that runs now may have looked for the last time before this
    request committed, and one that was killed would bar the way until it expires.
    """
    nudging = _nudging(app)
    now = clock.now()
    if nudging is None or (nudging.silent_until is not None and now < nudging.silent_until):
        return False
    try:
        _enqueue_once(nudging.queue)
    except RedisError as error:
        nudging.silent_until = now + PAUSE_WITHOUT_REDIS
        logger.warning("Redis does not answer, mail waits for a worker's next look: %s", error)
        return False
    nudging.silent_until = None
    return True


def drain_job() -> Report:
    """What a worker runs: drain, and come again if there was more than one job should take."""
    app = _app()
    report = delivery.drain(app, delivery.sessions_of(app), limit=LIMIT)
    if report.full:
        enqueue_drain(app)
    return report


class MailWorker(Worker):
    """An RQ worker that nudges itself every half a minute."""

    def run_maintenance_tasks(self) -> None:
        super().run_maintenance_tasks()
        for queue in self.queues:
            _enqueue_once(queue)


def worker(app: Flask) -> MailWorker:
    """A worker for the application's mail; `work()` runs it until it is told to stop.

    Its jobs run in children that are forked from this process and find the application made, and no
    connection to the database open that they would all speak over.
    """
    with app.app_context():
        db.engine.dispose()
    connection = Redis.from_url(app.config["SETTINGS"].redis_url)
    return MailWorker(
        [Queue(QUEUE, connection=connection)],
        connection=connection,
        maintenance_interval=BEAT_SECONDS,
        worker_ttl=BEAT_SECONDS + 15,  # it wakes 15 seconds before
        log_job_description=False,
    )


def _nudge(response: Response) -> Response:
    if request.method not in {"GET", "HEAD", "OPTIONS"} and response.status_code < 400:
        enqueue_drain(current_app._get_current_object())  # type: ignore[attr-defined] # a proxy
    return response


def _nudging(app: Flask) -> _Nudging | None:
    url = app.config["SETTINGS"].redis_url
    if url is None:
        return None
    if _EXTENSION not in app.extensions:
        connection = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
        app.extensions[_EXTENSION] = _Nudging(Queue(QUEUE, connection=connection))
    found: _Nudging = app.extensions[_EXTENSION]
    return found


def _enqueue_once(queue: Queue) -> None:
    if queue.count == 0:
        queue.enqueue(drain_job, job_timeout=JOB_SECONDS, result_ttl=0, failure_ttl=86_400)


def _app() -> Flask:
    """The application that the worker made before it forked, or one of this process's own."""
    if not has_app_context():
        from lth import create_app  # noqa: PLC0415 - the application imports this module

        return create_app()
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return] # a proxy
