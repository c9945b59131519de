"""The tick: reminders and digests together, by hand, in the thread and as a job."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from support.chasing import moment
from support.mailworld import World
from support.smtp import Post

from lth.access.scope import Purpose, system
from lth.administration import accounts
from lth.application import settings_of
from lth.blueprints.web.extensions import sessions_of
from lth.core import clock
from lth.models import JobRun, OutboxMessage
from lth.notifications import delivery, digests, leases, reminders, tick, vacancy_mail
from lth.notifications.tick import TickReport

from .conftest import Moved
from .test_delivery import states

MONDAY = date(2021, 5, 10)
"""Plans are due on the Saturday of that week: the first rung of the ladder."""


@pytest.fixture
def gathering(world: World) -> World:
    """The clerk of Tập Sơn has mail gathered."""
    accounts.choose_mail(world.session, world.people["tapson.clerk"], gathered=True)
    world.session.commit()
    return world


@pytest.fixture
def run(app: Flask, moved: Moved) -> Callable[..., TickReport]:
    """Tick at an hour of a day in Viet Nam."""

    def run(day: date = MONDAY, at: time = time(7)) -> TickReport:
        moved.at = moment(day, at)
        return tick.run(settings_of(app), sessions_of(app), now=moved)

    return run


def job(world: World) -> JobRun:
    """What is kept of the last tick."""
    world.session.rollback()
    with system(world.session, Purpose.TICK):
        found = world.session.get_one(JobRun, tick.NAME, populate_existing=True)
        world.session.expunge(found)
        world.session.rollback()
    return found


def kinds(world: World) -> dict[str, int]:
    """How many messages there are of each kind."""
    statement = select(OutboxMessage.kind, func.count().label("many")).group_by(OutboxMessage.kind)
    with system(world.session, Purpose.DELIVER):
        found = world.session.execute(statement).all()
        world.session.rollback()
    return {row.kind: row.many for row in found}


def test_todays_reminder_is_in_todays_letter(
    run: Callable[..., TickReport], gathering: World
) -> None:
    report = run()
    assert report.errors == {}
    assert report.counted["digests"] == 1
    assert kinds(gathering) == {"reminder": report.counted["reminders"], "digest": 1}
    assert states(gathering)["bundled"] == 1


def test_however_often_it_runs_each_is_written_once(
    run: Callable[..., TickReport], gathering: World
) -> None:
    run()
    written = kinds(gathering)
    for at in (time(7, 1), time(12), time(23, 59)):
        assert run(at=at).counted == {"reminders": 0, "vacancies": 0, "digests": 0}
    assert kinds(gathering) == written


def test_nothing_before_the_morning(run: Callable[..., TickReport], gathering: World) -> None:
    assert run(at=time(6, 59)).counted == {"reminders": 0, "vacancies": 0, "digests": 0}
    assert kinds(gathering) == {}


def test_several_at_once_write_what_one_would(app: Flask, gathering: World) -> None:
    sessions, start = sessions_of(app), threading.Barrier(4)

    def run(_number: int) -> TickReport:
        start.wait(10)
        return tick.run(settings_of(app), sessions, now=lambda: moment(MONDAY, time(7)))

    gathering.session.close()
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(run, range(4)))
    assert [report.errors for report in reports] == [{}] * 4
    assert sum(report.counted["digests"] for report in reports) == 1
    written = sum(report.counted["reminders"] for report in reports)
    assert kinds(gathering) == {"reminder": written, "digest": 1}


# --- What is kept of it -------------------------------------------------------------------


def test_it_is_kept_when_it_ran_and_what_it_did(
    run: Callable[..., TickReport], gathering: World
) -> None:
    report = run()
    kept = job(gathering)
    assert kept.started_at == kept.finished_at == moment(MONDAY, time(7))
    assert kept.counted == report.counted
    assert kept.error == ""
    run(at=time(7, 1))
    assert job(gathering).started_at == moment(MONDAY, time(7, 1))


@pytest.mark.parametrize(
    ("part", "module"),
    [("reminders", reminders), ("vacancies", vacancy_mail), ("digests", digests)],
)
def test_one_part_that_breaks_off_keeps_the_other_from_nothing(
    run: Callable[..., TickReport],
    gathering: World,
    part: str,
    module: object,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    run(date(2021, 5, 9))

    def break_off(session: Session, now: datetime) -> int:
        session.execute(select(JobRun))
        raise OperationalError("SELECT secret", {"token": "x"}, Exception("disk full\nmore"))

    whole = module.write
    monkeypatch.setattr(module, "write", break_off)
    report = run()
    assert set(report.errors) == {part}
    assert set(report.counted) == {"reminders", "vacancies", "digests"} - {part}
    kept = job(gathering)
    assert kept.error == report.error == f"{part}: OperationalError: (builtins.Exception) disk full"
    assert kept.finished_at is not None
    assert f"could not write its {part}" in caplog.text

    monkeypatch.setattr(module, "write", whole)
    assert run(at=time(7, 1)).errors == {}
    assert job(gathering).error == ""
    assert kinds(gathering)["digest"] == 1


def test_a_tick_that_died_leaves_word_that_it_began(
    app: Flask, run: Callable[..., TickReport], gathering: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Nothing of the program runs after it."""

    run(date(2021, 5, 9))

    def die(session: Session, now: datetime) -> int:
        raise Killed

    monkeypatch.setattr(digests, "write", die)
    with pytest.raises(Killed):
        run()
    kept = job(gathering)
    assert (kept.started_at, kept.finished_at) == (moment(MONDAY, time(7)), None)


def test_an_administrator_is_told_when_the_next_is_overdue(
    run: Callable[..., TickReport], gathering: World
) -> None:
    scope = gathering.scope("root")
    never = tick.last(gathering.session, scope, moment(MONDAY))
    assert (never.run, never.overdue) == (None, True)
    gathering.session.rollback()
    run()
    scope = gathering.scope("root")
    ten = tick.last(gathering.session, scope, moment(MONDAY, time(7, 10)))
    assert ten.run is not None
    assert not ten.overdue
    assert tick.last(gathering.session, scope, moment(MONDAY, time(7, 11))).overdue
    others = gathering.scope("tapson.unit_admin")
    assert tick.last(gathering.session, others, moment(MONDAY)).run is None


# --- In the thread of the embedded run ----------------------------------------------------


def test_the_pace_is_a_minute_by_the_clock_wherever_that_is_moved_to() -> None:
    pace, begin = tick.Pace(), moment(MONDAY)
    seconds = [0, 1, 59, 60, 61, 119, 120, 86_400, 86_401, -5]
    assert [pace.due(begin + timedelta(seconds=one)) for one in seconds] == [
        *(True, False, False, True, False, False, True),
        *(True, False, True),
    ]


class Background(threading.Thread):
    """The thread of the embedded run."""

    def __init__(self, app: Flask) -> None:
        self.told = threading.Event()
        settings = settings_of(app)
        super().__init__(target=delivery.run_forever, args=(settings, sessions_of(app), self.told))

    def stop(self) -> None:
        self.told.set()
        if self.ident is not None:
            self.join(20)
        assert not self.is_alive()


@pytest.fixture
def thread(
    make_app: Callable[..., Flask], post: Post, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Background]:
    """With hardly a pause between two looks, against a real SMTP server; to be started."""
    monkeypatch.setattr(delivery, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(delivery, "LONGEST_REST_SECONDS", 0.02)
    thread = Background(make_app(LTH_SMTP_URL=post.url))
    yield thread
    thread.stop()


def test_the_thread_writes_and_sends_what_the_morning_brings(
    gathering: World, thread: Background, post: Post
) -> None:
    comes = threading.Event()

    def note(address: str) -> str:
        if "tapson.clerk@" in address:
            comes.set()
        return "250 OK"

    post.at_data = note
    gathering.session.close()
    with clock.frozen(moment(MONDAY, time(7, 5))):
        thread.start()
        assert comes.wait(20)
        thread.stop()
    assert len([mail for mail in post.taken if "ngày 10/5/2021" in str(mail["Subject"])]) == 1


def test_the_thread_outlives_a_tick_that_cannot_run(
    gathering: World,
    thread: Background,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = threading.Event()
    ask = leases.any_due

    def any_due(session: Session, now: datetime) -> bool:
        asked.set()
        return ask(session, now)

    def away(*_: object, **__: object) -> TickReport:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(leases, "any_due", any_due)
    monkeypatch.setattr(tick, "run", away)
    gathering.session.close()
    thread.start()
    assert asked.wait(20)
    assert "the tick could not run" in caplog.text
