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
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, TypeVar

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker, utils
from rq.cron import CronJob, CronScheduler
from rq.exceptions import SchedulerNotFound

from lth.core import clock
from lth.notifications.tick import TICK_SECONDS

logger = logging.getLogger(__name__)

QUEUE = "lth-mail"
DRAIN, TICK = "lth.commands.jobs.drain_job", "lth.commands.jobs.tick_job"
"""What a worker runs. By name: they make the application, which knows every layer."""

LIMIT = 500
JOB_SECONDS = 900
BEAT_SECONDS = 30
RETRY_SECONDS = 5
_JOB: dict[str, Any] = {"job_timeout": JOB_SECONDS, "result_ttl": 0, "failure_ttl": 86_400}

PAUSE_WITHOUT_REDIS = timedelta(seconds=30)


class Nudge:
    """The queue of one application, left alone for a while when Redis does not answer."""

    def __init__(self, redis_url: str) -> None:
        """Open a connection that waits for nobody long."""
        connection = Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=2)
        self.queue = Queue(QUEUE, connection=connection)
        self._silent_until: datetime | None = None

    def drain(self) -> bool:
        """Ask a worker to drain the outbox; returns whether one will (a job that waits already is
        enough).

        Not a job of a fixed id: one that runs now may have looked for the last time before this
        request committed, and one that was killed would bar the way until it expires.
        """
        now = clock.now()
        if self._silent_until is not None and now < self._silent_until:
            return False
        try:
            _enqueue_once(self.queue, DRAIN)
        except RedisError as error:
            self._silent_until = now + PAUSE_WITHOUT_REDIS
            logger.warning("Redis does not answer, mail waits for a worker's next look: %s", error)
            return False
        self._silent_until = None
        return True


class MailWorker(Worker):
    """An RQ worker that nudges itself every half a minute."""

    def run_maintenance_tasks(self) -> None:
        super().run_maintenance_tasks()
        for queue in self.queues:
            _enqueue_once(queue, DRAIN)

    @property
    def told_to_stop(self) -> bool:
        """Tell whether a signal ended its work; else its Redis went away."""
        return self._stop_requested or self._shutdown_requested_date is not None


class Cron(CronScheduler):
    """RQ's cron, which asks for nothing that waits already: while no worker is there, jobs do not
    pile up."""

    told_to_stop = False
    """Tell whether a signal ended its work; else its Redis went away."""

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


def cron(redis_url: str) -> Cron:
    """Make the scheduler of the jobs; `run_cron` runs it."""
    scheduler = Cron(Redis.from_url(redis_url))
    for name, seconds in ((TICK, TICK_SECONDS), (DRAIN, BEAT_SECONDS)):
        scheduler.register(utils.import_attribute(name), QUEUE, interval=seconds, **_JOB)
    return scheduler


def run_cron(redis_url: str) -> None:
    """Schedule the jobs until told to stop, however often Redis goes away and comes back."""
    _persist(lambda: cron(redis_url), Cron.start)


def run_worker(redis_url: str) -> None:
    """Do the jobs until told to stop, however often Redis goes away and comes back."""
    _persist(lambda: worker(redis_url), MailWorker.work)


def _persist(make: Callable[[], T], run: Callable[[T], object]) -> None:
    """Run a thing of RQ's, anew each time that it loses its Redis, until a signal ends it.

    A signal that comes while Redis is away counts too, though RQ cannot take its leave then.
    """
    while True:
        process: T | None = None
        try:
            process = make()
            run(process)
        except (RedisError, SchedulerNotFound) as error:
            logger.warning("Redis does not answer, asked again in a moment: %s", error)
        if (process is not None and process.told_to_stop) or _told_to_stop():
            return


def _told_to_stop() -> bool:
    """Wait a moment before another try; tell whether a signal came meanwhile."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        time.sleep(RETRY_SECONDS)
    except KeyboardInterrupt:
        return True
    return False


def worker(redis_url: str) -> MailWorker:
    """Make a worker for the jobs; `work()` runs it until it is told to stop.

    Its jobs run in children that are forked from this process and find the application made. The
    caller has no connection to the database open, over which they would all speak.
    """
    connection = Redis.from_url(redis_url)
    return MailWorker(
        [Queue(QUEUE, connection=connection)],
        connection=connection,
        maintenance_interval=BEAT_SECONDS,
        worker_ttl=BEAT_SECONDS + 15,  # it wakes 15 seconds before
        log_job_description=False,
    )


def _enqueue_once(queue: Queue, name: str) -> None:
    if not _waits(queue, name):
        queue.enqueue(name, **_JOB)


def _waits(queue: Queue, name: str) -> bool:
    """Tell whether such a job is in the queue, which holds no more than one of each."""
    return any(job.func_name == name for job in queue.get_jobs())
