"""The drain and the tick as RQ jobs, for an installation with Redis.

A job is only a nudge: what is to be sent stands in the outbox, and what is to be written follows
from the deadlines and the clock, so that a job that is lost, or a Redis that is gone, loses
nothing. A worker nudges itself from time to time, for mails whose next try has come and for those
whose nudge was lost; RQ's cron asks for the tick every minute.
"""

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, TypeVar

from flask import Flask, Response, current_app, has_app_context, request
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker, utils
from rq.cron import CronJob, CronScheduler
from rq.exceptions import SchedulerNotFound

from lth.blueprints.web.extensions import db
from lth.core import clock
from lth.notifications import delivery, tick
from lth.notifications.delivery import Report

logger = logging.getLogger(__name__)

QUEUE = "lth-mail"
LIMIT = 500
JOB_SECONDS = 900
BEAT_SECONDS = 30
RETRY_SECONDS = 5
_JOB: dict[str, Any] = {"job_timeout": JOB_SECONDS, "result_ttl": 0, "failure_ttl": 86_400}

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
        _enqueue_once(nudging.queue, drain_job)
    except RedisError as error:
        nudging.silent_until = now + PAUSE_WITHOUT_REDIS
        logger.warning("Redis does not answer, mail waits for a worker's next look: %s", error)
        return False
    nudging.silent_until = None
    return True


def queue_of(app: Flask) -> Queue | None:
    """The application's queue, over a connection that waits for nobody long; None without Redis."""
    nudging = _nudging(app)
    return nudging.queue if nudging is not None else None


def drain_job() -> Report:
    """What a worker runs: drain, and come again if there was more than one job should take."""
    app = _app()
    report = delivery.drain(app, delivery.sessions_of(app), limit=LIMIT)
    if report.full:
        enqueue_drain(app)
    return report


def tick_job() -> tick.Report:
    """What a worker runs every minute: tick, and have what was written sent."""
    app = _app()
    report = tick.run(delivery.sessions_of(app))
    if any(report.counted.values()):
        enqueue_drain(app)
    return report


class MailWorker(Worker):
    """An RQ worker that nudges itself every half a minute."""

    def run_maintenance_tasks(self) -> None:
        super().run_maintenance_tasks()
        for queue in self.queues:
            _enqueue_once(queue, drain_job)

    @property
    def told_to_stop(self) -> bool:
        """Whether a signal ended its work; else its Redis went away."""
        return self._stop_requested or self._shutdown_requested_date is not None


class Cron(CronScheduler):
    """RQ's cron, which asks for nothing that waits already: while no worker is there, jobs do not
    pile up."""

    told_to_stop = False
    """Whether a signal ended its work; else its Redis went away."""

    def _request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.told_to_stop = True
        super()._request_stop(signum, frame)

    def enqueue_jobs(self) -> list[CronJob]:
        """Ask for the jobs whose time has come; returns those that were asked for now."""
        asked_for = []
        for job in self.get_jobs():
            if not job.should_run():
                continue
            if not _waits(Queue(job.queue_name, connection=self.connection), job.func_name):
                job.enqueue(self.connection)
                asked_for.append(job)
            job.set_enqueue_time(utils.now())
        return asked_for


T = TypeVar("T", Cron, MailWorker)


def cron(app: Flask) -> Cron:
    """The scheduler of the application's jobs; `run_cron` runs it."""
    found = Cron(Redis.from_url(app.config["SETTINGS"].redis_url))
    found.register(tick_job, QUEUE, interval=tick.TICK_SECONDS, **_JOB)
    found.register(drain_job, QUEUE, interval=BEAT_SECONDS, **_JOB)
    return found


def run_cron(app: Flask) -> None:
    """Schedule the jobs until told to stop, however often Redis goes away and comes back."""
    _persist(lambda: cron(app), Cron.start)


def run_worker(app: Flask) -> None:
    """Do the jobs until told to stop, however often Redis goes away and comes back."""
    _persist(lambda: worker(app), MailWorker.work)


def _persist(make: Callable[[], T], run: Callable[[T], object]) -> None:
    """Run a thing of RQ's, anew each time that it loses its Redis, until a signal ends it.

    A signal that comes while Redis is away counts too, though RQ cannot take its leave then.
    """
    while True:
        one: T | None = None
        try:
            one = make()
            run(one)
        except (RedisError, SchedulerNotFound) as error:
            logger.warning("Redis does not answer, asked again in a moment: %s", error)
        if (one is not None and one.told_to_stop) or _told_to_stop():
            return


def _told_to_stop() -> bool:
    """Wait a moment before another try; whether a signal came meanwhile."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        time.sleep(RETRY_SECONDS)
    except KeyboardInterrupt:
        return True
    return False


def worker(app: Flask) -> MailWorker:
    """A worker for the application's jobs; `work()` runs it until it is told to stop.

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


def _enqueue_once(queue: Queue, function: Callable[[], object]) -> None:
    if not _waits(queue, f"{function.__module__}.{function.__name__}"):
        queue.enqueue(function, **_JOB)


def _waits(queue: Queue, name: str) -> bool:
    """Whether such a job is in the queue, which holds no more than one of each."""
    return any(job.func_name == name for job in queue.get_jobs())


def _app() -> Flask:
    """The application that the worker made before it forked, or one of this process's own."""
    if not has_app_context():
        from lth import create_app  # noqa: PLC0415 - the application imports this module

        return create_app()
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return] # a proxy
