"""The page of outgoing mail: who sees what of it, and what administrators do with it."""

import re
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import Queue, SimpleWorker
from rq.timeouts import TimerDeathPenalty
from sqlalchemy import Engine, event, insert, select, update
from support.pages import check_page
from support.people import let_in
from world import World

from lth.core import clock
from lth.models import AuditEntry, JobRun, OutboxMessage, Person
from lth.models.outbox import Delivery
from lth.notifications import jobs

TOKEN = "a-token-that-nobody-but-its-owner-sees"


@pytest.fixture
def mail(world: World, write, read) -> dict[str, int]:
    """The world's messages, told of its events; the id of each by its recipient.

    A's clerk hears of a return, B's clerk and D's specialist of a submission; A's leader and the
    system administrator have a one-time link.
    """
    events = {name: key[0] for (table, key), name in world.names.items() if table == "event"}
    told = {"clerk@A": "A.returned#5", "clerk@B": "B.submitted#3", "specialist@D": "B.submitted#3"}
    for who, name in told.items():
        kind = "return" if who == "clerk@A" else "submit"
        mine = update(OutboxMessage).where(OutboxMessage.person_id == world.people[who].id)
        write(mine.values(event_id=events[name], kind=kind))
    links = update(OutboxMessage).where(OutboxMessage.kind == "password_reset")
    write(links.values(secret=TOKEN, data={"expires_at": "2021-05-07T06:00:00+00:00"}))
    names = {person.id: who for who, person in world.people.items()}
    found = read(select(OutboxMessage.id, OutboxMessage.person_id))
    return {names[person_id]: message_id for message_id, person_id in found}


@pytest.fixture
def put(write) -> Callable[..., None]:
    """Have a message stand somewhere."""

    def move(message_id: int, delivery: Delivery, **values: Any) -> None:
        if delivery is Delivery.SENT:
            values["sent_at"] = clock.now()
        mine = update(OutboxMessage).where(OutboxMessage.id == message_id)
        write(mine.values(delivery=delivery, **values))

    return move


@pytest.fixture
def stands(read) -> Callable[[int], Delivery]:
    """Where a message stands."""

    def state(message_id: int) -> Delivery:
        return read(select(OutboxMessage.delivery).where(OutboxMessage.id == message_id))[0]

    return state


@pytest.fixture
def with_relay(make_app: Callable[..., Flask], world: World) -> Callable[[str], FlaskClient]:
    """A browser of somebody signed in, at an application that has a mail relay set."""
    app = make_app(LTH_SMTP_URL="smtp://127.0.0.1:9")

    def browser(who: str) -> FlaskClient:
        client = app.test_client()
        let_in(client, world.people[who].id)
        return client

    return browser


def links_in(page: str) -> set[int]:
    """The messages that a page lists."""
    return {int(found) for found in re.findall(r'href="/mail/(\d+)"', page)}


# --- Seeing it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("clerk@A", {"clerk@A"}),
        ("leader@A", {"leader@A"}),
        ("observer@A", set()),
        ("unit_admin@A", {"clerk@A", "leader@A"}),
        ("unit_admin@B", {"clerk@B"}),
        ("unit_admin@D", {"specialist@D"}),
        ("unit_admin@P", set()),
        ("system_admin", {"clerk@A", "leader@A", "clerk@B", "specialist@D", "system_admin"}),
    ],
)
def test_one_sees_ones_own_and_administrators_their_units_mail(
    signed_in, mail: dict[str, int], who: str, whose: set[str]
) -> None:
    """To others the page of outgoing mail is closed: they have their notices."""
    client = signed_in(who)
    if "admin" not in who:
        paths = ["/mail", *(f"/mail/{message_id}" for message_id in mail.values())]
        assert {client.get(path).status_code for path in paths} == {403}
        return
    assert links_in(client.get("/mail").text) == {mail[one] for one in whose}
    for one, message_id in mail.items():
        assert client.get(f"/mail/{message_id}").status_code == (200 if one in whose else 404)


def test_nobody_sees_the_token_of_a_link(signed_in, mail: dict[str, int]) -> None:
    for who in ("unit_admin@A", "system_admin"):
        page = signed_in(who).get(f"/mail/{mail['leader@A']}").text
        assert TOKEN not in page
        assert "/password/••••••••" in page


@pytest.mark.databases("sqlite")
def test_signed_out_there_is_no_mail(mail: dict[str, int], client: FlaskClient) -> None:
    for path in ("/mail", f"/mail/{mail['clerk@A']}"):
        assert client.get(path).location.startswith("/sign-in")


@pytest.mark.databases("sqlite")
def test_unknown_mail_is_not_there(signed_in) -> None:
    client = signed_in("system_admin")
    for message_id in (9999, 2**31, 10**30):
        assert client.get(f"/mail/{message_id}").status_code == 404
    assert client.post("/mail/9999/discard").status_code == 404
    assert client.post("/mail/9999/burn").status_code == 404


def test_the_states_are_counted_and_pick_what_is_shown(
    signed_in, mail: dict[str, int], put
) -> None:
    put(mail["clerk@A"], Delivery.SENT)
    put(mail["leader@A"], Delivery.FAILED, last_error="550 no such mailbox", attempts=8)
    client = signed_in("unit_admin@A")
    page = client.get("/mail").text
    assert "Tất cả <b>2</b>" in page
    assert "Đã gửi <b>1</b>" in page
    assert "Không gửi được <b>1</b>" in page
    assert "Đang giữ <b>" not in page
    failed = client.get("/mail?state=failed").text
    assert links_in(failed) == {mail["leader@A"]}
    assert "550 no such mailbox" in failed
    assert links_in(client.get("/mail?state=held").text) == set()
    assert len(links_in(client.get("/mail?state=nonsense").text)) == 2


@pytest.mark.databases("sqlite")
def test_without_a_relay_it_is_said_that_mail_is_held(
    signed_in, with_relay, mail: dict[str, int], put
) -> None:
    put(mail["clerk@A"], Delivery.HELD)
    said = "Thư được giữ lại, chưa gửi đi"
    path = f"/mail/{mail['clerk@A']}"
    for page in ("/mail", path):
        assert said in signed_in("unit_admin@A").get(page).text
        assert said not in with_relay("unit_admin@A").get(page).text


@pytest.mark.databases("sqlite")
def test_the_pages_are_sound(guarded: Flask, world: World, mail: dict[str, int], put) -> None:
    client = guarded.test_client()
    let_in(client, world.people["system_admin"].id)
    check_page(client.get("/mail?state=sent").text)
    for delivery in Delivery:
        lease = {"leased_until": clock.now()} if delivery is Delivery.SENDING else {}
        digest = mail["leader@A"] if delivery is Delivery.BUNDLED else None
        put(mail["clerk@A"], delivery, last_error="450 busy", digest_id=digest, **lease)
        check_page(client.get("/mail").text)
        check_page(client.get(f"/mail/{mail['clerk@A']}").text)


def test_the_list_is_paged_and_costs_the_same_however_long(
    signed_in, engine: Engine, world: World, mail: dict[str, int], write
) -> None:
    client = signed_in("unit_admin@A")
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "set_config" not in statement and not statement.startswith(("PRAGMA", "BEGIN")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get("/mail")
    few = len(found)
    row = {
        "person_id": world.people["leader@A"].id,
        "unit_id": world.units["A"].id,
        "kind": "password_reset",
        "data": {"expires_at": "2021-05-07T06:00:00+00:00"},
        "delivery": "waiting",
        "created_at": clock.now(),
        "due_at": clock.now(),
        "attempts": 0,
        "last_error": "",
    }
    write(insert(OutboxMessage).values([row] * 70))
    found.clear()
    first = client.get("/mail").text
    many = len(found)
    event.remove(engine, "before_cursor_execute", note)
    assert few == many <= 12
    last = client.get("/mail?page=3").text
    assert (len(links_in(first)), len(links_in(last))) == (30, 12)


# --- Handling it --------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["release", "retry", "discard"])
def test_mail_is_handled_by_its_units_and_the_systems_administrators_only(
    signed_in, mail: dict[str, int], put, stands, act: str
) -> None:
    put(mail["clerk@A"], Delivery.HELD)
    path = f"/mail/{mail['clerk@A']}/{act}"
    for who, code in (("clerk@A", 403), ("leader@A", 403), ("unit_admin@B", 404)):
        assert signed_in(who).post(path).status_code == code
    assert signed_in("unit_admin@D").post(path).status_code == 404
    assert stands(mail["clerk@A"]) is Delivery.HELD
    assert signed_in("clerk@A").get(f"/mail/{mail['clerk@A']}").status_code == 403


def press(client, path: str, act: str, seen: Delivery):
    """Press a button of a message's page, which showed where it stood."""
    return client.post(f"{path}/{act}", data={"seen": seen.value})


@pytest.mark.parametrize("who", ["unit_admin@A", "system_admin"])
def test_held_mail_is_released_where_there_is_a_relay(
    with_relay, world: World, mail: dict[str, int], put, stands, read, who: str
) -> None:
    put(mail["clerk@A"], Delivery.HELD)
    client, path = with_relay(who), f"/mail/{mail['clerk@A']}"
    assert "Cho phép gửi" in client.get(path).text
    assert press(client, path, "release", Delivery.HELD).location == path
    assert stands(mail["clerk@A"]) is Delivery.WAITING
    assert "Thư đã vào hàng chờ" in client.get(path).text
    noted = select(AuditEntry.what).where(AuditEntry.what.startswith("mail."))
    assert read(noted) == ["mail.waiting"]
    assert "Cho phép gửi thư" in client.get(f"/admin/units/{world.units['A'].id}/trail").text
    press(client, path, "release", Delivery.WAITING)
    assert "Chờ gửi" in client.get(path).text
    assert read(noted) == ["mail.waiting"]


def test_without_a_relay_nothing_is_released(signed_in, mail: dict[str, int], put, stands) -> None:
    put(mail["clerk@A"], Delivery.HELD)
    client, path = signed_in("unit_admin@A"), f"/mail/{mail['clerk@A']}"
    assert "Cho phép gửi" not in client.get(path).text
    press(client, path, "release", Delivery.HELD)
    assert "LTH_SMTP_URL" in client.get(path).text
    assert stands(mail["clerk@A"]) is Delivery.HELD


def test_failed_mail_is_tried_again(signed_in, mail: dict[str, int], put, stands, read) -> None:
    message_id = mail["clerk@A"]
    put(message_id, Delivery.FAILED, attempts=8, last_error="450 busy")
    client, path = signed_in("unit_admin@A"), f"/mail/{message_id}"
    assert "Gửi lại" in client.get(path).text
    press(client, path, "retry", Delivery.FAILED)
    assert stands(message_id) is Delivery.WAITING
    assert read(select(OutboxMessage.attempts).where(OutboxMessage.id == message_id)) == [0]


def test_discarded_mail_loses_its_link_and_stays_discarded(
    signed_in, mail: dict[str, int], put, stands, read
) -> None:
    message_id = mail["leader@A"]
    put(message_id, Delivery.HELD)
    client, path = signed_in("unit_admin@A"), f"/mail/{message_id}"
    press(client, path, "discard", Delivery.WAITING)
    assert stands(message_id) is Delivery.HELD
    assert "vừa chuyển sang trạng thái" in client.get(path).text
    press(client, path, "discard", Delivery.HELD)
    assert stands(message_id) is Delivery.DISCARDED
    assert read(select(OutboxMessage.secret).where(OutboxMessage.id == message_id)) == [None]
    assert "Đã bỏ thư" in client.get(path).text
    for act in ("retry", "discard"):
        press(client, path, act, Delivery.DISCARDED)
        assert "không thực hiện được nữa" in client.get(path).text
    assert stands(message_id) is Delivery.DISCARDED


def test_what_was_sent_cannot_be_taken_back(signed_in, mail: dict[str, int], put, stands) -> None:
    put(mail["clerk@A"], Delivery.SENT)
    client, path = signed_in("unit_admin@A"), f"/mail/{mail['clerk@A']}"
    assert "Bỏ thư này" not in client.get(path).text
    press(client, path, "discard", Delivery.SENT)
    assert stands(mail["clerk@A"]) is Delivery.SENT


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("unit_admin@A", {"clerk@A", "leader@A"}),
        ("system_admin", {"clerk@A", "leader@A", "clerk@B"}),
    ],
)
def test_all_that_failed_is_tried_again_at_once_each_by_their_own(
    signed_in, mail: dict[str, int], put, stands, read, world: World, who: str, whose: set[str]
) -> None:
    for one in ("clerk@A", "leader@A", "clerk@B"):
        put(mail[one], Delivery.FAILED, attempts=15, last_error="550 no such mailbox")
    put(mail["specialist@D"], Delivery.DISCARDED)
    client = signed_in(who)
    assert "Thử gửi lại tất cả thư lỗi" in client.get("/mail").text
    assert client.post("/mail/retry").location == "/mail"
    page = client.get("/mail").text
    assert f"{len(whose)} thư lỗi đã trở lại hàng chờ" in page
    assert "Thử gửi lại tất cả thư lỗi" not in page
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.delivery == Delivery.WAITING, OutboxMessage.attempts == 0
    )
    assert {mail[one] for one in whose} <= set(read(waiting))
    left = {"clerk@A", "leader@A", "clerk@B"} - whose
    assert {stands(mail[one]) for one in left} <= {Delivery.FAILED}
    noted = select(AuditEntry.unit_id, AuditEntry.data).where(AuditEntry.what == "mail.retried")
    found = {unit_id: data["changes"] for unit_id, data in read(noted)}
    assert found[world.units["A"].id] == {"mails": [None, 2]}
    assert len(found) == len({one[-1] for one in whose})
    assert "Gửi lại tất cả thư lỗi" in client.get(f"/admin/units/{world.units['A'].id}/trail").text


def test_only_administrators_try_everything_again_and_nothing_is_noted_of_nothing(
    signed_in, mail: dict[str, int], put, stands, read
) -> None:
    put(mail["clerk@A"], Delivery.FAILED)
    client = signed_in("clerk@A")
    assert "Thử gửi lại tất cả" not in client.get("/mail").text
    assert client.post("/mail/retry").status_code == 403
    assert stands(mail["clerk@A"]) is Delivery.FAILED
    other = signed_in("unit_admin@D")
    other.post("/mail/retry")
    assert "Không có thư lỗi nào" in other.get("/mail").text
    assert read(select(AuditEntry.what).where(AuditEntry.what == "mail.retried")) == []


def test_what_is_tried_again_by_itself_says_when_and_why(
    signed_in, mail: dict[str, int], put
) -> None:
    due = clock.now() + timedelta(minutes=30)
    put(mail["clerk@A"], Delivery.WAITING, attempts=3, last_error="451 busy", due_at=due)
    at = f"{clock.local(due):%H:%M}"
    client = signed_in("unit_admin@A")
    page = client.get("/mail").text
    assert re.search(rf"1 thư bị từ chối tạm thời đang chờ gửi lại, sớm nhất lúc {at}", page)
    assert re.search(rf"Đã thử 3 lần, thử lại lúc {at}[^<]*: 451 busy", page)
    assert at in client.get(f"/mail/{mail['clerk@A']}").text


def test_mail_left_for_the_morning_says_so(
    with_relay, world: World, mail: dict[str, int], put, write
) -> None:
    write(update(Person).where(Person.id == world.people["clerk@A"].id).values(digest=True))
    put(mail["clerk@A"], Delivery.HELD)
    client, path = with_relay("unit_admin@A"), f"/mail/{mail['clerk@A']}"
    press(client, path, "release", Delivery.HELD)
    page = client.get(path).text
    assert "sẽ đi trong thư gộp sáng tới" in page
    assert "Người nhận chọn gộp thư" in page
    assert "1 thư chờ thư gộp buổi sáng" in client.get("/mail").text


# --- The jobs -----------------------------------------------------------------------------


@pytest.fixture
def ticked(write) -> Callable[..., None]:
    """Have the last tick begun so long ago."""

    def tick(ago: timedelta, **values: Any) -> None:
        begun = clock.now() - ago
        usual = {"counted": {"reminders": 12, "digests": 3}, "finished_at": begun, "error": ""}
        write(update(JobRun).values(started_at=begun, **(usual | values)))

    return tick


def test_the_jobs_are_for_the_system_administrator(signed_in, mail: dict[str, int]) -> None:
    for who in ("unit_admin@A", "clerk@A"):
        assert signed_in(who).get("/mail/jobs").status_code == 403
        assert "/mail/jobs" not in signed_in(who).get("/mail").text
    assert 'href="/mail/jobs"' in signed_in("system_admin").get("/mail").text


def test_the_last_tick_says_when_and_what(signed_in, ticked) -> None:
    ticked(timedelta(minutes=4))
    page = signed_in("system_admin").get("/mail/jobs").text
    assert "4 phút" in page
    assert "12 thư nhắc hạn, 0 thư về vai trò trống, 3 thư gộp" in page
    assert "đang không chạy" not in page
    assert "“lth run” tự nhắc hạn và gửi thư" in page


@pytest.mark.parametrize("ago", [timedelta(minutes=11), timedelta(hours=5), None])
def test_a_tick_that_does_not_come_is_a_warning_with_what_to_do(
    signed_in, ticked, write, ago
) -> None:
    if ago is not None:
        ticked(ago)
    else:
        write(update(JobRun).values(name="another"))
    page = signed_in("system_admin").get("/mail/jobs").text
    assert "Việc nhắc hạn đang không chạy" in page
    assert "khởi động lại “lth run”" in page
    assert "“lth tick”" in page
    assert ("Chưa có lần chạy nào" in page) == (ago is None)


def test_a_tick_that_broke_off_says_why(signed_in, ticked) -> None:
    ticked(timedelta(0), error="reminders: OperationalError: disk full", finished_at=None)
    page = signed_in("system_admin").get("/mail/jobs").text
    assert "Lần chạy gần nhất có lỗi" in page
    assert "reminders: OperationalError: disk full" in page
    assert "chưa xong" in page


@pytest.fixture
def with_redis(make_app: Callable[..., Flask], world: World) -> Callable[[str], FlaskClient]:
    """The system administrator's browser, at an application with a Redis at an address."""

    def browser(url: str) -> FlaskClient:
        client = make_app(LTH_REDIS_URL=url).test_client()
        let_in(client, world.people["system_admin"].id)
        return client

    return browser


def break_off() -> None:
    """A job that does so."""
    raise RuntimeError("the relay's name is wrong")


class HereWorker(SimpleWorker):
    """A worker in the test's own process."""

    death_penalty_class = TimerDeathPenalty


@pytest.mark.databases("sqlite")
def test_redis_says_how_many_jobs_wait_and_which_failed_why(
    with_redis, redis_url: str, ticked
) -> None:
    redis = Redis.from_url(redis_url)
    redis.flushall()
    queue = Queue(jobs.QUEUE, connection=redis)
    queue.enqueue(break_off)
    HereWorker([queue], connection=redis).work(burst=True)
    for _ in range(2):
        queue.enqueue(jobs.DRAIN)
    ticked(timedelta(0))
    client = with_redis(redis_url)
    page = client.get("/mail/jobs").text
    check_page(page)
    facts = dict(re.findall(r"<dt>([^<]*)</dt>\s*<dd>([^<]*)</dd>", page))
    assert facts["Việc đang chờ"] == "2"
    assert facts["Việc bị hỏng"] == "1"
    assert facts["“lth worker” đang chạy"] == facts["“lth cron” đang chạy"] == "0"
    assert "Không có “lth worker” nào đang chạy" in page
    assert "RuntimeError: the relay&#39;s name is wrong" in page

    worker = HereWorker([queue], connection=redis)
    worker.register_birth()
    cron = jobs.Cron(redis)
    cron.register_birth()
    page = client.get("/mail/jobs").text
    facts = dict(re.findall(r"<dt>([^<]*)</dt>\s*<dd>([^<]*)</dd>", page))
    assert facts["“lth worker” đang chạy"] == facts["“lth cron” đang chạy"] == "1"
    assert "Không có" not in page
    redis.delete(worker.key)  # it was killed, and its time ran out
    assert "Không có “lth worker” nào" in client.get("/mail/jobs").text


@pytest.mark.databases("sqlite")
def test_a_redis_that_is_gone_is_said_and_costs_nothing(with_redis, tmp_path) -> None:
    client = with_redis(f"unix://{tmp_path / 'gone.sock'}")
    answer = client.get("/mail/jobs")
    assert answer.status_code == 200
    check_page(answer.text)
    assert "Redis không trả lời" in answer.text
    assert "Không thư nào bị mất" in answer.text
    assert "khởi động lại “lth cron” và “lth worker”" in answer.text


@pytest.mark.databases("sqlite")
def test_a_redis_that_hangs_holds_the_page_up_for_two_seconds(with_redis) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = with_redis(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        begun = time.monotonic()
        page = client.get("/mail/jobs").text
        assert time.monotonic() - begun < 6
    assert "Redis không trả lời" in page


@pytest.mark.databases("sqlite")
def test_the_page_of_the_jobs_is_sound(guarded: Flask, world: World, ticked) -> None:
    client = guarded.test_client()
    let_in(client, world.people["system_admin"].id)
    check_page(client.get("/mail/jobs").text)
    ticked(timedelta(minutes=30), error="reminders: no\ndigests: no", finished_at=None)
    check_page(client.get("/mail/jobs").text)
