"""Draining the outbox, on both databases, against a real SMTP server and against none."""

import hashlib
import itertools
import logging
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from support.databases import SECRET, Databases
from support.mailworld import START, World
from support.smtp import DROP, Post, free_port

from lth.access.scope import Purpose, system
from lth.application import settings_of
from lth.blueprints.web.extensions import db, sessions_of
from lth.core import database
from lth.models import OutboxMessage, PasswordReset, Person
from lth.models.outbox import Delivery
from lth.notifications import delivery, leases, messages
from lth.notifications.delivery import DrainReport, drain
from lth.notifications.smtp import DelayedError, RejectedError, UnreachableError

from .conftest import Moved

CLERK = "tapson.clerk"


def put(world: World, count: int, key: str = CLERK, **values: object) -> list[int]:
    """So many mails with one-time links, waiting; returns their ids."""
    row = {
        "person_id": world.people[key],
        "unit_id": world.units["tapson"].id,
        "kind": "first_password",
        "data": {"expires_at": (START + timedelta(days=30)).isoformat()},
        "delivery": Delivery.WAITING,
        "created_at": START,
        "due_at": START,
        "attempts": 0,
        "last_error": "",
        **values,
    }
    with system(world.session, Purpose.LOAD):
        rows = [row | {"secret": f"token-{number}"} for number in range(count)]
        links_of(world, rows)
        ids = world.session.scalars(insert(OutboxMessage).returning(OutboxMessage.id), rows).all()
        world.session.commit()
    return sorted(ids)


def links_of(world: World, rows: list[dict[str, Any]]) -> None:
    """The one-time links of such mails, as long as they say they last."""
    statement = database.insert(world.session, PasswordReset).on_conflict_do_nothing()
    made = [
        {
            "person_id": row["person_id"],
            "token_hash": hashlib.sha256(row["secret"].encode()).hexdigest(),
            "created_at": START,
            "expires_at": datetime.fromisoformat(
                row["data"].get("expires_at", "2100-01-01T00:00Z")
            ),
        }
        for row in rows
    ]
    world.session.execute(statement, made)


def rows(world: World) -> list[OutboxMessage]:
    """Every outbox row as it stands now, the oldest first, apart from the session."""
    world.session.rollback()
    with system(world.session, Purpose.DELIVER):
        found = list(world.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
        for row in found:
            world.session.expunge(row)
        world.session.rollback()
    return found


def states(world: World) -> Counter[str]:
    with system(world.session, Purpose.DELIVER):
        found = Counter(world.session.scalars(select(OutboxMessage.delivery)).all())
        world.session.rollback()
    return Counter({state.value: count for state, count in found.items()})


class Stub:
    """A relay that does as it is told: a function that takes each mail, or raises."""

    def __init__(self, take: Callable[[EmailMessage], object] = lambda _mail: None) -> None:
        self.take = take
        self.taken: list[str] = []
        self.connections = 0

    def __enter__(self) -> "Stub":
        self.connections += 1
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def send(self, message: EmailMessage) -> None:
        self.take(message)
        self.taken.append(str(message["Message-ID"]))


def refuse_with(error: Exception) -> Stub:
    def take(_mail: EmailMessage) -> None:
        raise error

    return Stub(take)


@pytest.fixture
def run(app: Flask, moved: Moved) -> Callable[..., DrainReport]:
    """Drain by the test's clock."""
    return lambda relay=None, **more: drain(
        settings_of(app), sessions_of(app), now=moved, relay=relay, **more
    )


# --- Against a real server ----------------------------------------------------------------


def test_five_hundred_mails_and_a_bad_line(
    world: World, make_app: Callable[..., Flask], post: Post, moved: Moved
) -> None:
    """Two drains at once; one mail in seven is refused for now, some connections break: in the end
    all are delivered, none of them twice."""
    ids = put(world, 500)
    app = make_app(LTH_SMTP_URL=post.url)
    number = itertools.count(1)
    post.at_rcpt = lambda _address: "451 later" if next(number) % 7 == 0 else "250 OK"
    breaks = itertools.count(1)
    post.at_data = lambda _address: DROP if next(breaks) % 41 == 0 else "250 OK"
    first = None
    while states(world)["sent"] < len(ids):
        with ThreadPoolExecutor(2) as pool:
            reports = list(
                pool.map(lambda _: drain(settings_of(app), sessions_of(app), now=moved), range(2))
            )
        first = first or reports
        moved.move(hours=7)
        assert moved.at < START + timedelta(days=5), states(world)
    assert len(post.taken) == len(set(post.ids)) == 500
    assert all(report.sent > 20 and report.deferred for report in first), first
    assert {row.secret for row in rows(world)} == {None}
    assert sum("token-" in message.get_content() for message in post.taken) == 500


def test_killed_in_mid_delivery(
    world: World, databases: Databases, make_app: Callable[..., Flask], post: Post, moved: Moved
) -> None:
    """The process dies while the third of five mails is being given to the relay."""
    put(world, 5)
    post.hold_at = 3
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LTH_")}
    settings = {
        "LTH_HOME": str(databases.settings().home),
        "LTH_SECRET_KEY": SECRET,
        "LTH_DATABASE_URL": databases.url,
        "LTH_SMTP_URL": post.url,
        "LTH_CLOCK": START.isoformat(),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "lth", "deliver"], env=environ | settings, stderr=subprocess.PIPE
    )
    with process:
        assert post.held.wait(60)
        process.kill()
    post.hold_at = 0
    post.hold.set()
    assert states(world) == {"sent": 2, "sending": 3}

    app = make_app(LTH_SMTP_URL=post.url)
    moved.move(seconds=60)  # longer than the process lived, shorter than its lease
    assert drain(settings_of(app), sessions_of(app), now=moved) == DrainReport()
    moved.move(minutes=5)
    assert drain(settings_of(app), sessions_of(app), now=moved).sent == 3
    assert len(set(post.ids)) == 5
    assert [row.attempts for row in rows(world)] == [1, 1, 2, 2, 2]


def test_an_address_the_relay_will_never_take_fails_at_once(
    world: World,
    make_app: Callable[..., Flask],
    post: Post,
    moved: Moved,
    caplog: pytest.LogCaptureFixture,
) -> None:
    put(world, 1, "tapson.leader")
    put(world, 1)
    post.at_rcpt = lambda address: "550 no such user" if "leader" in address else "250 OK"
    app = make_app(LTH_SMTP_URL=post.url)
    report = drain(settings_of(app), sessions_of(app), now=moved)
    assert report == DrainReport(sent=1, failed=1)
    assert post.recipients == ["tapson.clerk@lth.example"]
    failed, _ = rows(world)
    assert (failed.delivery, failed.last_error) == (Delivery.FAILED, "550 no such user")
    assert failed.secret == "token-0"  # a person may have it tried again
    assert [record.levelname for record in caplog.records if "550" in record.message] == ["ERROR"]


def test_a_connection_that_breaks_is_made_anew_for_the_next_mail(
    world: World, make_app: Callable[..., Flask], post: Post, moved: Moved
) -> None:
    put(world, 3)
    answers = iter(["250 OK", DROP, "250 OK"])
    post.at_rcpt = lambda _address: next(answers)
    app = make_app(LTH_SMTP_URL=post.url)
    assert drain(settings_of(app), sessions_of(app), now=moved) == DrainReport(sent=2, deferred=1)
    assert [row.delivery.value for row in rows(world)] == ["sent", "waiting", "sent"]


def test_without_the_relay_nothing_is_claimed(
    world: World,
    make_app: Callable[..., Flask],
    moved: Moved,
    caplog: pytest.LogCaptureFixture,
) -> None:
    put(world, 3)
    app = make_app(LTH_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    report = drain(settings_of(app), sessions_of(app), now=moved)
    assert report.taken == 0
    assert "ConnectionRefusedError" in report.unreachable
    assert [(row.delivery, row.attempts) for row in rows(world)] == [(Delivery.WAITING, 0)] * 3
    assert "relay cannot be reached" in caplog.text


# --- Held ---------------------------------------------------------------------------------


def test_without_smtp_mail_is_held_and_never_sent_by_surprise(
    world: World, run: Callable[..., DrainReport]
) -> None:
    put(world, 2)
    put(world, 1, due_at=START + timedelta(days=1))
    assert run() == DrainReport(held=3)
    assert run() == DrainReport()
    relay = Stub()
    assert run(relay) == DrainReport()
    assert relay.taken == []
    assert states(world) == {"held": 3}


# --- Trying again -------------------------------------------------------------------------


def test_pauses_grow_and_then_it_is_given_up_loudly(
    world: World, run: Callable[..., DrainReport], moved: Moved, caplog: pytest.LogCaptureFixture
) -> None:
    put(world, 1)
    relay = refuse_with(DelayedError("451 busy"))
    pauses = []
    for attempt in range(1, leases.MAX_ATTEMPTS):
        assert run(relay) == DrainReport(deferred=1), attempt
        (row,) = rows(world)
        pauses.append(row.due_at - moved.at)
        moved.at = row.due_at - timedelta(seconds=1)
        assert run(relay) == DrainReport()
        moved.at = row.due_at
    assert [pause.total_seconds() for pause in pauses[:4]] == [30, 60, 120, 240]
    assert max(pauses) == pauses[-1] == leases.LONGEST_PAUSE
    assert timedelta(days=1) < moved.at - START < timedelta(days=3)
    caplog.clear()
    assert run(relay) == DrainReport(failed=1)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    (row,) = rows(world)
    assert (row.delivery, row.attempts) == (Delivery.FAILED, leases.MAX_ATTEMPTS)
    assert row.last_error == "451 busy"


def test_a_mail_that_kills_every_drain_is_given_up_too(
    world: World, run: Callable[..., DrainReport], moved: Moved
) -> None:
    class Killed(BaseException):
        """Nothing of the program runs after it."""

    def die(_mail: EmailMessage) -> None:
        raise Killed

    put(world, 1)
    for _ in range(leases.MAX_ATTEMPTS):
        with pytest.raises(Killed):
            run(Stub(die))
        moved.at += leases.LEASE
    assert run(Stub(die)) == DrainReport(failed=1)


def test_when_the_relay_goes_away_the_rest_waits_and_loses_no_attempt(
    world: World, run: Callable[..., DrainReport]
) -> None:
    put(world, 4)
    count = itertools.count(1)

    def go_away(_mail: EmailMessage) -> None:
        if next(count) == 3:
            raise UnreachableError("gone")

    report = run(Stub(go_away))
    assert report == DrainReport(sent=2, unreachable="gone")
    assert [(row.delivery.value, row.attempts) for row in rows(world)] == [
        ("sent", 1),
        ("sent", 1),
        ("waiting", 0),
        ("waiting", 0),
    ]


def test_one_bad_text_stops_nobody_elses_mail(
    world: World,
    run: Callable[..., DrainReport],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    put(world, 1, kind="no_such_kind")
    put(world, 1)
    relay = Stub()
    assert run(relay) == DrainReport(sent=1, deferred=1)
    assert "UnknownKindError" in rows(world)[0].last_error
    assert "cannot be written" in caplog.text


def test_a_name_that_would_write_headers_is_refused(
    world: World, run: Callable[..., DrainReport]
) -> None:
    with system(world.session, Purpose.LOAD):
        wrong = update(Person).where(Person.id == world.people[CLERK])  # no form lets it through
        world.session.execute(wrong.values(name="Cán bộ\r\nBcc: x@lth.example"))
    put(world, 1)
    relay = Stub()
    assert run(relay) == DrainReport(failed=1)
    assert relay.taken == []


# --- What is not worth sending ------------------------------------------------------------


def test_a_closed_account_and_an_expired_link_get_nothing(
    world: World, run: Callable[..., DrainReport]
) -> None:
    put(world, 1, "tapson.leader.closed")
    put(world, 1, data={"expires_at": START.isoformat()})
    relay = Stub()
    assert run(relay) == DrainReport(discarded=2)
    assert relay.taken == []
    assert [(row.secret, row.last_error) for row in rows(world)] == [
        (None, "account_closed"),
        (None, "link_over"),
    ]


# --- Leases -------------------------------------------------------------------------------


def test_a_slow_relay_keeps_its_leases(
    world: World, app: Flask, run: Callable[..., DrainReport], moved: Moved
) -> None:
    """Each mail takes a minute; meanwhile another drain finds nothing to take over."""
    put(world, 6)
    others: list[DrainReport] = []

    def slowly(_mail: EmailMessage) -> None:
        moved.move(seconds=60)
        others.append(run(Stub()))

    assert run(Stub(slowly)) == DrainReport(sent=6)
    assert others == [DrainReport()] * 6


def test_who_lost_the_lease_says_nothing_more(world: World, app: Flask, moved: Moved) -> None:
    put(world, 2)
    with sessions_of(app)() as session, system(session, Purpose.DELIVER):
        slow = leases.claim(session, moved(), 10)
        session.commit()
        moved.at += leases.LEASE
        quick = leases.claim(session, moved(), 1)
        session.commit()
        assert [one.id for one in quick] == [slow[0].id]
        assert not leases.settle(session, slow[0], Delivery.SENT, moved(), "")
        assert [one.id for one in leases.renew(session, slow, moved())] == [slow[1].id]
        assert leases.settle(session, quick[0], Delivery.SENT, moved(), "")
        session.commit()
    assert [row.delivery.value for row in rows(world)] == ["sent", "sending"]


def test_two_drains_claim_different_rows(world: World, app: Flask, moved: Moved) -> None:
    """On PostgreSQL while the other's claim is not yet committed: no waiting, no row twice."""
    put(world, 10)
    sessions = sessions_of(app)
    with sessions() as one, system(one, Purpose.DELIVER):
        first = leases.claim(one, moved(), 5)
        if one.get_bind().dialect.name == "sqlite":
            one.commit()  # there is one writer
        with sessions() as two, system(two, Purpose.DELIVER):
            second = leases.claim(two, moved(), 10)
            two.commit()
        one.commit()
    assert len(first) == len(second) == 5
    assert not {claim.id for claim in first} & {claim.id for claim in second}


def test_no_more_than_asked_for(world: World, run: Callable[..., DrainReport]) -> None:
    put(world, 45)
    relay = Stub()
    assert run(relay, limit=25) == DrainReport(sent=25, full=True)
    assert run(relay, limit=25) == DrainReport(sent=20)
    assert relay.connections == 2
    assert len(set(relay.taken)) == 45


def test_the_oldest_go_first(world: World, run: Callable[..., DrainReport]) -> None:
    young = put(world, 1, due_at=START - timedelta(minutes=1))
    old = put(world, 1, "tapson.leader", due_at=START - timedelta(minutes=2))
    seen: list[str] = []
    run(Stub(lambda mail: seen.append(mail["To"].addresses[0].addr_spec)))
    assert old > young
    assert seen == ["tapson.leader@lth.example", "tapson.clerk@lth.example"]


# --- The thread of the embedded run -------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(delivery, "LONGEST_REST_SECONDS", 0.02)


@pytest.mark.usefixtures("quick")
def test_the_thread_outlives_what_goes_wrong(
    world: World,
    make_app: Callable[..., Flask],
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The database is away twice, then comes back: the mail goes out, and the thread ends when
    told to."""
    put(world, 1, due_at=START, data={})
    failures = iter([OperationalError("SELECT 1", {}, Exception("away"))] * 2)
    ask = leases.any_due

    def any_due(session: Session, now: object) -> bool:
        for failure in failures:
            raise failure
        return ask(session, now)

    monkeypatch.setattr(leases, "any_due", any_due)
    taken = threading.Event()
    post.at_data = lambda _address: taken.set() or "250 OK"
    stop = threading.Event()
    app = make_app(LTH_SMTP_URL=post.url)
    settings = settings_of(app)
    thread = threading.Thread(target=delivery.run_forever, args=(settings, sessions_of(app), stop))
    thread.start()
    try:
        assert taken.wait(20)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert caplog.text.count("the outbox could not be drained") == 2
    assert states(world) == {"sent": 1}


def test_told_to_stop_it_finishes_the_mail_under_way_and_gives_the_rest_back(
    world: World, run: Callable[..., DrainReport]
) -> None:
    put(world, 3)
    stop = threading.Event()
    relay = Stub(lambda _mail: stop.set())
    assert run(relay, stop=stop).sent == 1
    assert [(row.delivery.value, row.attempts) for row in rows(world)] == [
        ("sent", 1),
        ("waiting", 0),
        ("waiting", 0),
    ]


def test_asking_costs_one_small_query(
    world: World, app: Flask, run: Callable[..., DrainReport]
) -> None:
    """What the thread does every second, with a thousand mails sent long ago."""
    put(world, 1000)
    with system(world.session, Purpose.LOAD):
        world.session.execute(update(OutboxMessage).values(delivery=Delivery.SENT, sent_at=START))
        world.session.commit()
    asked: list[str] = []
    from sqlalchemy import event  # noqa: PLC0415 - for this test only

    with app.app_context():
        engine = db.engine

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    assert run(Stub()) == DrainReport()
    event.remove(engine, "before_cursor_execute", note)
    assert len([one for one in asked if "outbox" in one]) == 1


def test_a_refusal_by_the_relay_says_nothing_of_the_secret(
    world: World, run: Callable[..., DrainReport], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    put(world, 1)
    run(refuse_with(RejectedError("550 spam")))
    assert "token-0" not in caplog.text
    assert messages.MASK not in caplog.text
