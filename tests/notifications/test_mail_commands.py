"""`lth deliver`, `tick`, `worker`, `cron` and `reconcile`, as an administrator calls them."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, update
from support.databases import SECRET, Databases, dispose
from support.mailworld import START, World
from support.smtp import Post, free_port

from lth import commands
from lth.access.scope import Purpose, system
from lth.administration import accounts
from lth.cli import main
from lth.core import clock
from lth.models import Document, Target
from lth.models.document import Status
from lth.notifications import reminders
from lth.workflow.acts import Act

from .test_delivery import put, states


@pytest.fixture
def lth(
    databases: Databases, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Result]]:
    """Call `lth` on the test's database, at the world's time, under more settings."""
    monkeypatch.setenv("LTH_HOME", str(databases.settings().home))
    monkeypatch.setenv("LTH_SECRET_KEY", SECRET)
    monkeypatch.setenv("LTH_DATABASE_URL", databases.url)

    made: list[Flask] = []
    make = commands.make_app

    def make_and_keep() -> Flask:
        made.append(make())
        return made[-1]

    def call(*arguments: str, **environ: str) -> Result:
        world.session.close()
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        with clock.frozen(START):
            return CliRunner().invoke(main, arguments)

    monkeypatch.setattr(commands, "make_app", make_and_keep)
    yield call
    for app in made:
        dispose(app)


def test_deliver_sends_and_counts(lth: Callable[..., Result], world: World, post: Post) -> None:
    put(world, 2)
    result = lth("deliver", LTH_SMTP_URL=post.url)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("sent 2, ")
    assert len(post.taken) == 2


def test_deliver_without_a_relay_holds(lth: Callable[..., Result], world: World) -> None:
    put(world, 2)
    result = lth("deliver")
    assert (result.exit_code, states(world)) == (0, {"held": 2})
    assert "held 2" in result.output


def test_deliver_ends_badly_where_mail_was_given_up_or_nobody_took_it(
    lth: Callable[..., Result], world: World, post: Post
) -> None:
    put(world, 1)
    away = lth("deliver", LTH_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    assert away.exit_code == 1
    assert "cannot be reached" in away.output
    post.at_rcpt = lambda _address: "550 no such user"
    refused = lth("deliver", LTH_SMTP_URL=post.url)
    assert refused.exit_code == 1
    assert "given up 1" in refused.output


@pytest.mark.parametrize("command", ["worker", "cron"])
def test_worker_and_cron_say_what_they_need(lth: Callable[..., Result], command: str) -> None:
    result = lth(command)
    assert result.exit_code == 1
    assert "LTH_REDIS_URL is not set" in result.output


def test_tick_writes_and_counts(lth: Callable[..., Result], world: World) -> None:
    accounts.choose_mail(world.session, world.people["tapson.clerk"], gathered=True)
    world.session.commit()
    put(world, 1, kind="submit", created_at=START - timedelta(hours=2))
    result = lth("tick")
    assert (result.exit_code, result.output) == (0, "reminders 0, vacancies 0, digests 1\n")
    assert states(world) == {"bundled": 1, "waiting": 1}
    assert lth("tick").output == "reminders 0, vacancies 0, digests 0\n"


def test_tick_ends_badly_where_a_part_could_not_be_written(
    lth: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object) -> int:
        raise RuntimeError("no calendar")

    monkeypatch.setattr(reminders, "write", break_off)
    result = lth("tick")
    assert result.exit_code == 1
    assert "digests 0" in result.output
    assert "reminders: RuntimeError: no calendar" in result.output


def test_worker_works(lth: Callable[..., Result], world: World, post: Post, redis_url: str) -> None:
    put(world, 2)
    result = lth("worker", "--burst", LTH_SMTP_URL=post.url, LTH_REDIS_URL=redis_url)
    assert result.exit_code == 0, result.output
    assert len(post.taken) == 2


@pytest.fixture
def sent_up(world: World) -> int:
    """A plan of Tập Sơn that was sent up."""
    document_id = world.start("tapson.clerk")
    world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    world.do("tapson.leader", document_id, Act.SUBMIT)
    return document_id


def test_reconcile_finds_nothing_to_say(lth: Callable[..., Result], sent_up: int) -> None:
    result = lth("reconcile")
    assert (result.exit_code, result.output) == (0, "Every plan is what its trail says.\n")


def test_reconcile_tells_of_drift(lth: Callable[..., Result], world: World, sent_up: int) -> None:
    with system(world.session, Purpose.LOAD):
        world.session.execute(
            update(Document)
            .where(Document.id == sent_up)
            .values(status=Status.DRAFT, lock_version=9)
        )
        world.session.commit()
        assert world.session.scalars(select(Target)).first() is None
    result = lth("reconcile")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"document {sent_up}: status is 'draft', its trail says 'submitted'",
        f"document {sent_up}: lock_version is 9, its trail says 3",
    ]
