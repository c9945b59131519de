"""Jobs as Redis tells of them, for the page on which an administrator sees whether they run.

Only read, and never waited for: a Redis that is gone or hangs is told of, and costs two seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, cron_scheduler_registry, worker_registration
from rq.defaults import DEFAULT_CRON_SCHEDULER_TTL
from rq.job import Job
from rq.registry import FailedJobRegistry, StartedJobRegistry

from lth.notifications.jobs import Nudge

SHOWN = 5
"""So many of the jobs that failed last are shown with what broke them off."""


@dataclass(frozen=True)
class Failure:
    """A job that broke off: which, when, and the last line of why."""

    name: str
    at: datetime | None
    why: str


@dataclass(frozen=True)
class Jobs:
    """The queue in Redis, and who works on it. `error` says why nothing is known of them."""

    error: str = ""
    waiting: int = 0
    running: int = 0
    failed: int = 0
    failures: tuple[Failure, ...] = ()
    workers: int = 0
    schedulers: int = 0

    @property
    def answers(self) -> bool:
        """Tell whether Redis does."""
        return not self.error


def state(nudge: Nudge | None) -> Jobs | None:
    """Read how the jobs stand; None where LTH_REDIS_URL is not set and a thread does them."""
    if nudge is None:
        return None
    try:
        return _read(nudge.queue)
    except RedisError as error:
        return Jobs(error=f"{type(error).__name__}: {error}")


def _read(queue: Queue) -> Jobs:
    redis = queue.connection
    now, _microseconds = redis.time()
    failed = FailedJobRegistry(queue=queue)
    newest = failed.get_job_ids(0, SHOWN - 1, desc=True, cleanup=False)
    return Jobs(
        waiting=queue.count,
        running=StartedJobRegistry(queue=queue).get_job_count(cleanup=False),
        failed=redis.zcount(failed.key, now, "+inf"),
        failures=tuple(_failures(newest, redis)),
        workers=_living(worker_registration.get_keys(queue=queue), redis),
        schedulers=redis.zcount(
            cron_scheduler_registry.get_registry_key(), now - DEFAULT_CRON_SCHEDULER_TTL, "+inf"
        ),
    )


def _failures(ids: list[str], redis: Redis) -> Iterable[Failure]:
    for job in Job.fetch_many(ids, connection=redis):
        if job is not None:
            result = job.latest_result()
            words = (result.exc_string if result is not None else None) or ""
            name = job.func_name.rpartition(".")[2]
            yield Failure(name, job.ended_at, (words.strip().splitlines() or [""])[-1])


def _living(keys: Iterable[str], redis: Redis) -> int:
    """Count the workers that have said something of late; a killed one's key runs out."""
    pipeline = redis.pipeline()
    for key in keys:
        pipeline.exists(key)
    return sum(pipeline.execute())
