"""RQ on a real Redis: a nudge sends the mail, and nothing depends on the nudge."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker
from rq.timeouts import TimerDeathPenalty
from support.chasing import moment
from support.databases import SECRET, Databases
from support.mailworld import START, World
from support.services import redis_server
from support.smtp import Post

from lth.administration import accounts
from lth.application import settings_of
from lth.blueprints.web.extensions import db, drain
from lth.core import clock
from lth.models.outbox import Delivery
from lth.notifications import jobs, leases
from lth.workflow.acts import Act

from .conftest import Moved
from .test_delivery import put, rows, states
from .test_tick import job


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


def worker(app: Flask) -> jobs.MailWorker:
    """A worker as `lth worker` makes it."""
    with app.app_context():
        db.engine.dispose()
    return jobs.worker(settings_of(app).redis_url)


def cron(app: Flask) -> jobs.Cron:
    return jobs.cron(settings_of(app).redis_url)


class HereWorker(SimpleWorker):
    """A worker in the test's own process."""

    death_penalty_class = TimerDeathPenalty


def test_one_job_waits_however_often_it_is_asked_for(queued: Flask, redis: Redis) -> None:
    assert all(drain(queued) for _ in range(5))
    assert Queue(jobs.QUEUE, connection=redis).count == 1


def test_a_job_that_runs_does_not_keep_the_next_from_waiting(queued: Flask, redis: Redis) -> None:
    """It may have looked for the last time before the next request commits."""
    drain(queued)
    queue = Queue(jobs.QUEUE, connection=redis)
    running = queue.dequeue_any([queue], None, connection=redis)
    assert running is not None
    assert drain(queued)
    assert queue.count == 1


def test_a_worker_sends_what_an_act_has_written(
    queued: Flask, redis: Redis, world: World, post: Post
) -> None:
    with clock.frozen(world.now):
        document_id = world.start("tapson.clerk")
        world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    with clock.frozen(world.now), queued.app_context():
        drain(queued)
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
        worker(queued).work(burst=True)
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
        drain(queued)
        HereWorker([jobs.QUEUE], connection=redis).work(burst=True)
    assert len(post.taken) == 5


# --- By the clock -------------------------------------------------------------------------

MONDAY = date(2021, 5, 10)


def waiting(redis: Redis) -> list[str]:
    """The jobs in the queue, the first to be done first."""
    queue = Queue(jobs.QUEUE, connection=redis)
    return [one.func_name.rpartition(".")[2] for one in queue.get_jobs()]


def come_due(cron: jobs.Cron) -> None:
    """Its jobs' time has come again."""
    for one in cron.get_jobs():
        assert one.latest_enqueue_time is not None
        one.set_enqueue_time(one.latest_enqueue_time - timedelta(minutes=1))


def test_cron_asks_for_both_and_for_neither_twice(queued: Flask, redis: Redis) -> None:
    """With no worker there all night, one job of each waits in the morning."""
    scheduler = cron(queued)
    scheduler.enqueue_jobs()
    assert waiting(redis) == ["tick_job", "drain_job"]
    for _ in range(3):
        assert scheduler.enqueue_jobs() == []
        come_due(scheduler)
    assert waiting(redis) == ["tick_job", "drain_job"]
    cron(queued).enqueue_jobs()  # another machine's
    assert waiting(redis) == ["tick_job", "drain_job"]


def test_how_often_cron_asks(queued: Flask) -> None:
    intervals = {one.func_name.rpartition(".")[2]: one.interval for one in cron(queued).get_jobs()}
    assert intervals == {"tick_job": 60, "drain_job": 30}


def test_a_tick_that_waits_keeps_nobody_from_asking_for_a_drain(
    queued: Flask, redis: Redis
) -> None:
    scheduler = cron(queued)
    scheduler.get_jobs()[0].enqueue(redis)
    drain(queued)
    assert waiting(redis) == ["tick_job", "drain_job"]


def test_what_a_tick_writes_is_sent_without_anybody_asking(
    queued: Flask, redis: Redis, world: World, post: Post
) -> None:
    accounts.choose_mail(world.session, world.people["tapson.clerk"], gathered=True)
    world.session.commit()
    with clock.frozen(moment(MONDAY)), queued.app_context():
        cron(queued).get_jobs()[0].enqueue(redis)
        HereWorker([jobs.QUEUE], connection=redis).work(burst=True)
    assert job(world).finished_at == moment(MONDAY)
    subjects = [str(mail["Subject"]) for mail in post.taken if "tapson.clerk@" in str(mail["To"])]
    assert len(subjects) == 1
    assert "Thư ngày 10/5/2021" in subjects[0]
    assert states(world)["waiting"] == 0


# --- Redis comes and goes, and so do workers ----------------------------------------------


OFTEN = """
from lth.cli import main
from lth.notifications import jobs
jobs.BEAT_SECONDS, jobs.RETRY_SECONDS = 2, 1
main()
"""
"""As `python -m lth`, but one that looks by itself every other second."""


@contextmanager
def lth(command: str, databases: Databases, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """A command of ours in a process of its own, at the world's time, ended by SIGTERM."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LTH_")}
    settings = {
        "LTH_HOME": str(databases.settings().home),
        "LTH_SECRET_KEY": SECRET,
        "LTH_DATABASE_URL": databases.url,
        "LTH_CLOCK": START.isoformat(),
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", OFTEN, command],
        env=environ | settings,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.terminate()


@pytest.mark.databases("postgres")  # as in production
def test_redis_goes_and_comes_back_and_nothing_is_lost_or_sent_twice(
    world: World,
    databases: Databases,
    make_app: Callable[..., Flask],
    post: Post,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Worker and cron live through it; nobody asks for the mail that was written meanwhile."""
    folder = tmp_path_factory.mktemp("redis")
    settings = {"LTH_SMTP_URL": post.url, "LTH_REDIS_URL": f"unix://{folder / 'redis.sock'}"}
    arrived = threading.Semaphore(0)
    post.at_data = lambda _address: arrived.release() or "250 OK"
    put(world, 2)
    world.session.commit()
    with ExitStack() as stack:
        with redis_server(folder):
            processes = [
                stack.enter_context(lth(command, databases, **settings))
                for command in ("worker", "cron")
            ]
            for _ in range(2):
                assert arrived.acquire(timeout=60)
        app = make_app(**settings)
        put(world, 3)
        world.session.commit()
        assert not drain(app)
        with redis_server(folder):
            for _ in range(3):
                assert arrived.acquire(timeout=60)
            for process in processes:
                process.terminate()
                _, said = process.communicate(timeout=30)
                assert process.returncode == 0, said
    assert len(post.ids) == len(set(post.ids)) == 5
    assert states(world) == {"sent": 5}


def test_a_worker_is_killed_while_it_sends_and_another_takes_over(
    world: World,
    databases: Databases,
    queued: Flask,
    redis_url: str,
    post: Post,
    moved: Moved,
) -> None:
    """Once the lease has run out; the mail that may have gone out has the same Message-ID."""
    put(world, 4)
    world.session.close()
    post.hold_at = 2
    with lth("worker", databases, LTH_SMTP_URL=post.url, LTH_REDIS_URL=redis_url) as process:
        assert post.held.wait(60)
        kill_with_children(process.pid)
    post.hold_at = 0
    post.hold.set()
    assert states(world) == {"sent": 1, "sending": 3}
    world.session.close()

    moved.move(seconds=60)
    with clock.frozen(moved()), queued.app_context():
        worker(queued).work(burst=True)
    assert states(world) == {"sent": 1, "sending": 3}
    world.session.close()
    moved.at += leases.LEASE
    with clock.frozen(moved()), queued.app_context():
        worker(queued).work(burst=True)
    assert [row.delivery for row in rows(world)] == [Delivery.SENT] * 4
    assert len(set(post.ids)) == 4


def kill_with_children(pid: int) -> None:
    """Kill a worker, so that it starts no other, then the process that does its job."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in (pid, *map(int, children)):
        os.kill(one, signal.SIGKILL)


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
    assert drain(app) is False
    assert all(function.__name__ != "_nudge_after" for function in app.after_request_funcs[None])
