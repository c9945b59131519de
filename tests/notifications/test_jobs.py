"""RQ on a real Redis: a nudge sends the mail, and nothing depends on the nudge."""

from collections.abc import Callable

import pytest
from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker
from rq.timeouts import TimerDeathPenalty
from support.mailworld import World
from support.smtp import Post

from lth import clock
from lth.models.outbox import Delivery
from lth.notifications import jobs
from lth.workflow.table import Act

from .conftest import Moved
from .test_delivery import put, states


@pytest.fixture
def redis(redis_url: str) -> Redis:
    """An empty Redis."""
    connection = Redis.from_url(redis_url)
    connection.flushall()
    return connection


@pytest.fixture
def queued(make_app: Callable[..., Flask], redis_url: str, redis: Redis, post: Post) -> Flask:
    """The application with Redis and a relay."""
    return make_app(LTH_REDIS_URL=redis_url, LTH_SMTP_URL=post.url)


class HereWorker(SimpleWorker):
    """A worker in the test's own process."""

    death_penalty_class = TimerDeathPenalty


def test_one_job_waits_however_often_it_is_asked_for(queued: Flask, redis: Redis) -> None:
    assert all(jobs.enqueue_drain(queued) for _ in range(5))
    assert Queue(jobs.QUEUE, connection=redis).count == 1


def test_a_job_that_runs_does_not_keep_the_next_from_waiting(queued: Flask, redis: Redis) -> None:
    """It may have looked for the last time before the next request commits."""
    jobs.enqueue_drain(queued)
    queue = Queue(jobs.QUEUE, connection=redis)
    running = queue.dequeue_any([queue], None, connection=redis)
    assert running is not None
    assert jobs.enqueue_drain(queued)
    assert queue.count == 1


def test_a_worker_sends_what_an_act_has_written(
    queued: Flask, redis: Redis, world: World, post: Post
) -> None:
    with clock.frozen(world.now):
        plan_id = world.start("tapson.clerk")
        world.do("tapson.clerk", plan_id, Act.SEND_FOR_CLEARANCE)
    with clock.frozen(world.now), queued.app_context():
        jobs.enqueue_drain(queued)
        HereWorker([jobs.QUEUE], connection=redis).work(burst=True)
    assert sorted(post.recipients) == ["tapson.leader2@lth.example", "tapson.leader@lth.example"]
    assert states(world) == {"sent": 2}


def test_a_forking_worker_looks_by_itself(
    queued: Flask, world: World, post: Post, moved: Moved
) -> None:
    """As `lth worker` runs it, with nobody having asked: the nudge was lost with its Redis."""
    put(world, 3)
    world.session.close()
    with clock.frozen(moved()), queued.app_context():
        jobs.worker(queued).work(burst=True)
    assert len(set(post.ids)) == 3
    assert states(world) == {"sent": 3}


def test_a_job_that_took_its_share_asks_for_another(
    queued: Flask,
    redis: Redis,
    world: World,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    moved: Moved,
) -> None:
    put(world, 5)
    monkeypatch.setattr(jobs, "LIMIT", 2)
    with clock.frozen(moved()), queued.app_context():
        jobs.enqueue_drain(queued)
        HereWorker([jobs.QUEUE], connection=redis).work(burst=True)
    assert len(post.taken) == 5


# --- After a request ----------------------------------------------------------------------


def _add_view(app: Flask, answer: int) -> None:
    """A page that may be posted to and answers so; not one of ours."""

    def view() -> tuple[str, int]:
        return "", answer

    app.add_url_rule("/try", view_func=view, methods=["GET", "POST"], endpoint="try")
    app.before_request_funcs.clear()


@pytest.mark.parametrize(
    ("method", "answer", "jobs_after"),
    [("post", 200, 1), ("post", 303, 1), ("post", 409, 0), ("get", 200, 0)],
)
def test_a_request_that_may_have_changed_something_nudges(
    queued: Flask, redis: Redis, method: str, answer: int, jobs_after: int
) -> None:
    _add_view(queued, answer)
    getattr(queued.test_client(), method)("/try")
    assert Queue(jobs.QUEUE, connection=redis).count == jobs_after


def test_with_redis_gone_the_page_answers_and_nothing_is_lost(
    make_app: Callable[..., Flask],
    world: World,
    caplog: pytest.LogCaptureFixture,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    socket = tmp_path_factory.mktemp("gone") / "redis.sock"
    app = make_app(LTH_REDIS_URL=f"unix://{socket}")
    put(world, 1)
    _add_view(app, 200)
    client = app.test_client()
    assert [client.post("/try").status_code for _ in range(3)] == [200] * 3
    warnings = [record for record in caplog.records if "Redis does not answer" in record.message]
    assert [record.levelname for record in warnings] == ["WARNING"]  # once, then left alone a while
    assert states(world) == {Delivery.WAITING.value: 1}


def test_without_redis_nobody_is_nudged(app: Flask) -> None:
    assert jobs.enqueue_drain(app) is False
    assert all("jobs" not in function.__module__ for function in app.after_request_funcs[None])
