"""Sessions end, and no copy of their cookie opens anything then."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update
from sqlalchemy.engine import Engine
from support.people import PASSWORD, email
from world import FIRST_DAY, World

from lth.administration import sessions
from lth.administration.sessions import PAUSE, PAUSES, Origin
from lth.blueprints.web.current import SEEN_KEY, TOKEN_KEY
from lth.blueprints.web.permissions import Permission, permission_of
from lth.core import clock
from lth.models import OutboxMessage, RoleAssignment, UserSession
from lth.models.person import Role, SessionEnd

from .test_in_place import address

COOKIE = "lth_session"
NEW = "bảy cây cầu tre"
WHO = "clerk@A"

Copy = Callable[[FlaskClient], FlaskClient]


@pytest.fixture
def copy(new_client: Callable[[], FlaskClient]) -> Copy:
    """Take a browser's cookie to another browser, as it is now."""

    def taken(client: FlaskClient) -> FlaskClient:
        thief = new_client()
        thief.set_cookie(COOKIE, client.get_cookie(COOKIE).value)
        return thief

    return taken


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    monkeypatch.setattr(clock._Hands, "offset", by)


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


# --- Every way to end a session, every page -----------------------------------------------


@pytest.fixture
def ends(signed_in, new_client, world: World, read, monkeypatch) -> dict[str, Callable]:
    """Each way in which a session ends, done to the browser it is given."""

    def password_elsewhere(_client: FlaskClient) -> None:
        data = {"old": PASSWORD, "password": NEW, "repeated": NEW}
        assert signed_in(WHO).post("/account", data=data).status_code == 302

    def password_here(client: FlaskClient) -> None:
        data = {"old": PASSWORD, "password": NEW, "repeated": NEW}
        assert client.post("/account", data=data).status_code == 302

    def link(_client: FlaskClient) -> None:
        other = new_client()
        other.post("/forgotten", data={"email": email(WHO)})
        [token] = read(
            select(OutboxMessage.secret).where(
                OutboxMessage.person_id == world.people[WHO].id, OutboxMessage.secret.is_not(None)
            )
        )
        data = {"password": NEW, "repeated": NEW}
        assert other.post(f"/password/{token}", data=data).status_code == 302

    def lock(_client: FlaskClient) -> None:
        admin, page = signed_in("unit_admin@A"), f"/admin/people/{world.people[WHO].id}"
        seen = re.search(r'name="seen" value="([^"]+)"', admin.get(page).text)[1]
        assert admin.post(f"{page}/lock", data={"seen": seen}).status_code == 302

    def one(_client: FlaskClient) -> None:
        [id_] = read(select(UserSession.id).where(UserSession.person_id == world.people[WHO].id))
        assert signed_in(WHO).post(f"/account/sessions/{id_}/end").status_code == 302

    def others(_client: FlaskClient) -> None:
        assert signed_in(WHO).post("/account/sessions/end").status_code == 302

    def sign_in_again(client: FlaskClient) -> None:
        data = {"email": email("leader@A"), "password": PASSWORD}
        assert client.post("/sign-in", data=data).status_code == 302

    return {
        "sign-out": lambda client: client.post("/sign-out"),
        "password changed elsewhere": password_elsewhere,
        "password changed here": password_here,
        "password reset": link,
        "lock": lock,
        "this one ended": one,
        "all others ended": others,
        "another signed in here": sign_in_again,
        "a pause": lambda _client: later(monkeypatch, PAUSE + timedelta(minutes=2)),
        "its age": lambda _client: later(monkeypatch, timedelta(hours=12, minutes=1)),
    }


WAYS = (
    "sign-out",
    "password changed elsewhere",
    "password changed here",
    "password reset",
    "lock",
    "this one ended",
    "all others ended",
    "another signed in here",
    "a pause",
    "its age",
)


def private(app: Flask) -> Iterator[tuple[str, str]]:
    """Every route that needs signing in, by each of its methods."""
    for rule in app.url_map.iter_rules():
        if permission_of(app, rule.endpoint) is not Permission.PUBLIC:
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, address(rule)


@pytest.mark.parametrize("way", WAYS)
def test_a_copied_cookie_opens_nothing_once_the_session_is_over(
    app: Flask, signed_in, copy: Copy, ends: dict[str, Callable], way: str
) -> None:
    assert set(ends) == set(WAYS)
    client = signed_in(WHO)
    thief = copy(client)
    assert is_in(thief)
    ends[way](client)
    found = list(private(app))
    assert len(found) > 150
    for method, url in found:
        answer = thief.open(url, method=method)
        out = answer.status_code == 401 or (
            answer.status_code == 302 and answer.location.startswith("/sign-in")
        )
        assert out, (method, url, answer.status_code)
    assert thief.get("/session").json["person"] is None


@pytest.mark.databases("sqlite")
def test_why_a_session_ended_is_kept(signed_in, ends: dict[str, Callable], world, read) -> None:
    reasons = {
        "sign-out": SessionEnd.SIGNED_OUT,
        "another signed in here": SessionEnd.REPLACED,
        "all others ended": SessionEnd.ENDED_BY_OWNER,
        "password changed elsewhere": SessionEnd.PASSWORD,
    }
    for way, reason in reasons.items():
        ends[way](signed_in(WHO))
        newest = select(UserSession.end_reason).where(
            UserSession.person_id == world.people[WHO].id, UserSession.end_reason.is_not(None)
        )
        assert reason in read(newest)


# --- Age and pauses -----------------------------------------------------------------------


def test_work_goes_on_for_the_session_s_age_and_no_longer(
    signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(WHO)
    for hour in (3, 6, 9, 11, 11.9):
        later(monkeypatch, timedelta(hours=hour))
        assert is_in(client), hour
    later(monkeypatch, timedelta(hours=12, minutes=1))
    assert not is_in(client)


@pytest.mark.databases("sqlite")
def test_the_age_is_a_setting(make_app, world: World, monkeypatch) -> None:
    client = make_app(LTH_SESSION_HOURS="2").test_client()
    client.post("/sign-in", data={"email": email(WHO), "password": PASSWORD})
    later(monkeypatch, timedelta(hours=1, minutes=59))
    assert is_in(client)
    later(monkeypatch, timedelta(hours=2, minutes=1))
    assert not is_in(client)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("clerk@A", timedelta(hours=4)),
        ("specialist@D", timedelta(hours=4)),
        ("leader@A", timedelta(minutes=60)),
        ("unit_admin@D", timedelta(minutes=60)),
        ("system_admin", timedelta(minutes=30)),
    ],
)
def test_a_pause_ends_it_sooner_for_those_who_sign(
    signed_in, monkeypatch: pytest.MonkeyPatch, who: str, allowed: timedelta
) -> None:
    assert allowed <= PAUSE
    client = signed_in(who)
    later(monkeypatch, allowed - timedelta(minutes=2))
    assert is_in(client)
    later(monkeypatch, 2 * allowed - timedelta(minutes=4))
    assert is_in(client)
    later(monkeypatch, 3 * allowed)
    assert not is_in(client)


def test_of_several_roles_the_shortest_pause_counts(
    signed_in, world: World, write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        RoleAssignment(
            person_id=world.people[WHO].id,
            unit_id=world.units["A"].id,
            role=Role.LEADER,
            valid_from=FIRST_DAY,
        )
    )
    client = signed_in(WHO)
    later(monkeypatch, PAUSES[Role.LEADER] + timedelta(minutes=2))
    assert not is_in(client)


@pytest.mark.databases("sqlite")
def test_a_cookie_without_its_last_minute_opens_nothing(signed_in) -> None:
    client = signed_in(WHO)
    with client.session_transaction() as cookie:
        del cookie[SEEN_KEY]
    assert not is_in(client)


def test_reading_writes_nothing_and_sends_the_cookie_once_a_minute(
    signed_in, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(WHO)
    written: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if re.match(r"INSERT|UPDATE|DELETE", statement):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        sent = ["Set-Cookie" in client.get("/account").headers for _ in range(4)]
    with clock.frozen(clock.now() + timedelta(minutes=4)):
        sent.append("Set-Cookie" in client.get("/account").headers)
        with client.get("/static/lth.css") as file:
            assert "Set-Cookie" not in file.headers
    event.remove(engine, "before_cursor_execute", note)
    assert sent == [True, False, False, False, True]
    assert written == []


# --- A new one at sign-in -----------------------------------------------------------------


def test_a_session_set_before_signing_in_is_not_gone_on_with(
    signed_in, new_client, world: World, read
) -> None:
    planted = signed_in("observer@A")
    victim = new_client()
    victim.set_cookie(COOKIE, planted.get_cookie(COOKIE).value)
    victim.post("/sign-in", data={"email": email(WHO), "password": PASSWORD})
    assert victim.get("/session").json["person"] == world.people[WHO].id
    assert planted.get("/session").json["person"] is None


def test_only_the_hash_of_the_token_is_kept(signed_in, world: World, read) -> None:
    client = signed_in(WHO)
    with client.session_transaction() as cookie:
        token = cookie[TOKEN_KEY]
    own = UserSession.person_id == world.people[WHO].id
    [kept] = read(select(UserSession.token_hash).where(own))
    assert kept == sessions.hashed(token)
    assert token not in kept


def test_what_is_long_over_is_forgotten(signed_in, world: World, read, write) -> None:
    signed_in(WHO)
    own = UserSession.person_id == world.people[WHO].id
    long_ago = clock.now() - timedelta(days=31)
    write(
        update(UserSession)
        .where(own)
        .values(created_at=long_ago - timedelta(hours=1), ends_at=long_ago)
    )
    signed_in("leader@A")
    assert read(select(func.count()).select_from(UserSession).where(own)) == [0]


def test_nothing_else_keeps_one_signed_in(world: World, client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": email(WHO), "password": PASSWORD})
    names = {one.partition("=")[0] for one in answer.headers.getlist("Set-Cookie")}
    assert names == {COOKIE}
    client.delete_cookie(COOKIE)
    assert not is_in(client)


# --- The list of one's own ----------------------------------------------------------------

PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/118.0 Mobile Safari/537.36"


def test_one_sees_where_one_is_signed_in_and_ends_it(signed_in, new_client, world, read) -> None:
    here, phone = signed_in(WHO), new_client()
    data = {"email": email(WHO), "password": PASSWORD}
    phone.post(
        "/sign-in",
        data=data,
        headers={"User-Agent": PHONE},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    page = here.get("/account").text
    assert "Chrome, Android" in page
    assert "203.0.113.9" in page
    [ending] = re.findall(r'action="(/account/sessions/\d+/end)"', page)
    assert here.post(ending).status_code == 302
    assert is_in(here)
    assert not is_in(phone)
    assert here.post(ending).status_code == 404
    assert "Chrome, Android" not in here.get("/account").text


def test_nobody_ends_a_session_of_somebody_else(signed_in, world: World, read) -> None:
    theirs = signed_in("leader@A")
    person_id = world.people["leader@A"].id
    [id_] = read(select(UserSession.id).where(UserSession.person_id == person_id, is_open()))
    assert signed_in(WHO).post(f"/account/sessions/{id_}/end").status_code == 404
    assert is_in(theirs)
    signed_in(WHO).post("/account/sessions/end")
    assert is_in(theirs)


def is_open():
    return UserSession.ended_at.is_(None) & (UserSession.ends_at > clock.now())


def test_ending_all_others_leaves_this_one(signed_in) -> None:
    here, others = signed_in(WHO), [signed_in(WHO) for _ in range(3)]
    here.post("/account/sessions/end")
    assert "Đã đăng xuất 3 nơi khác." in here.get("/account").text
    assert not any(map(is_in, others))


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Chrome, Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/120.0",
            "Firefox, Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/118.0 Safari/537.36 Edg/118.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>Chrome</script>", "Chrome"),
    ],
)
def test_a_browser_is_known_by_coarse_words(agent: str, name: str) -> None:
    assert Origin("", agent).browser == name
