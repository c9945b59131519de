"""The second factor: set up, asked for after the password, lost, required."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from support.pages import check_page
from support.people import PASSWORD, email, let_in
from world import FIRST_DAY, World

from lth.blueprints.web import in_place
from lth.blueprints.web.current import AWAITING_KEY
from lth.blueprints.web.permissions import Permission, permission_of
from lth.cli import main
from lth.models import (
    AuditEntry,
    OutboxMessage,
    RecoveryCode,
    RoleAssignment,
    SecondFactor,
    UnitSettings,
    UserSession,
)
from lth.models.person import Role

from .test_sessions import COOKIE, is_in, private

WHO = "leader@A"
PAGE = "/account/second-factor"
STEP = timedelta(seconds=30)

App = Callable[..., str]


@pytest.fixture
def hands() -> Iterator[time_machine.Traveller]:
    """The machine's clock, which stands still but for what a test moves."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def app_of(hands) -> Callable[[FlaskClient], App]:
    """Begin to set up, and give the secret to an app: it shows its code, of so many steps on."""

    def begin(client: FlaskClient) -> App:
        assert client.post(PAGE).location == PAGE
        page = client.get(PAGE).text
        key = re.search(r'<b class="break">([A-Z2-7 ]+)</b>', page)[1].replace(" ", "")
        assert len(key) == 32
        app = pyotp.TOTP(key)
        return lambda steps=0: app.at(datetime.now(UTC) + steps * STEP)

    return begin


def turn_on(client: FlaskClient, code: str, password: str = PASSWORD):
    return client.post(f"{PAGE}/on", data={"password": password, "code": code})


@pytest.fixture
def phone(signed_in, app_of, hands) -> tuple[App, list[str]]:
    """The leader of A has it on: their app, half a minute later, and the recovery codes."""
    client = signed_in(WHO)
    app = app_of(client)
    shown = turn_on(client, app())
    assert shown.status_code == 200, shown.text
    hands.shift(2 * STEP)
    return app, re.findall(r"<li><b>([\d-]+)</b></li>", shown.text)


def password(client: FlaskClient, who: str = WHO, **headers: str):
    data = {"email": email(who), "password": PASSWORD}
    return client.post("/sign-in", data=data, headers=headers)


def prove(client: FlaskClient, code: str, **more: str):
    return client.post("/sign-in/code", data={"code": code, **more})


# --- Setting it up ------------------------------------------------------------------------


def test_it_is_asked_for_once_its_first_code_is_right(
    signed_in, new_client, app_of, world: World, read, hands
) -> None:
    client, elsewhere = signed_in(WHO), signed_in(WHO)
    before = client.get_cookie(COOKIE).value
    app = app_of(client)
    assert password(new_client()).location == "/"  # not yet
    assert turn_on(client, "000000").status_code == 422
    assert turn_on(client, app(), "không phải").status_code == 422
    shown = turn_on(client, app())
    assert len(re.findall(r"<li><b>\d{4}-\d{4}-\d{4}</b></li>", shown.text)) == 10
    assert is_in(client)
    assert not is_in(elsewhere)
    thief = new_client()
    thief.set_cookie(COOKIE, before)
    assert not is_in(thief)  # a new session at stepping up
    assert password(new_client()).location.startswith("/sign-in/code")
    mine = AuditEntry.person_id == world.people[WHO].id
    assert read(select(AuditEntry.what).where(mine)) == ["second_factor.on"]


def test_neither_secret_nor_codes_are_kept(phone, world: World, read, app: Flask) -> None:
    _app, codes = phone
    person_id = world.people[WHO].id
    [salt] = read(select(SecondFactor.salt).where(SecondFactor.person_id == person_id))
    kept = read(select(RecoveryCode.code_hash).where(RecoveryCode.person_id == person_id))
    assert len(kept) == len(codes) == 10
    assert not {code.replace("-", "") for code in codes} & set(kept)
    assert app.config["SETTINGS"].secret_key not in salt


@pytest.mark.databases("sqlite")
def test_the_secret_is_the_installation_s_own(make_app, phone, new_client) -> None:
    """With the database alone, under another key, no code opens anything."""
    app, codes = phone
    client = make_app(LTH_SECRET_KEY="another key of more than 32 characters").test_client()
    password(client)
    assert prove(client, app()).status_code == 422
    assert prove(client, codes[0]).status_code == 422


@pytest.mark.databases("sqlite")
def test_the_pages_are_sound(guarded: Flask, world: World, hands) -> None:
    client = guarded.test_client()
    let_in(client, world.people[WHO].id)

    def post(path: str, **data: str):
        token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/account").text)[1]
        role = re.search(r'name="as_role" value="(\d+)"', client.get("/account").text)[1]
        return client.post(path, data={"csrf_token": token, "as_role": role, **data})

    check_page(client.get(PAGE).text)
    post(PAGE)
    page = client.get(PAGE).text
    check_page(page)
    assert "<svg" in page
    assert "style=" not in page
    key = re.search(r'<b class="break">([A-Z2-7 ]+)</b>', page)[1].replace(" ", "")
    wrong = post(f"{PAGE}/on", code="1", password=PASSWORD)
    check_page(wrong.text)
    check_page(post(f"{PAGE}/on", code=pyotp.TOTP(key).now(), password=PASSWORD).text)
    check_page(client.get(PAGE).text)
    check_page(post(f"{PAGE}/codes", code="1").text)
    check_page(post(f"{PAGE}/off", code="1", password="x").text)
    other = guarded.test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', other.get("/forgotten").text)[1]
    other.post("/sign-in", data={"email": email(WHO), "password": PASSWORD, "csrf_token": token})
    check_page(other.get("/sign-in/code").text)


# --- Signing in ---------------------------------------------------------------------------


def test_between_password_and_code_nothing_opens(app: Flask, phone, new_client) -> None:
    client = new_client()
    password(client)
    assert client.get("/sign-in/code").status_code == 200
    for method, url in private(app):
        answer = client.open(url, method=method)
        out = answer.status_code == 401 or (
            answer.status_code == 302 and answer.location.startswith("/sign-in")
        )
        assert out, (method, url, answer.status_code)
    assert client.get("/session").json["person"] is None


def test_password_and_code_sign_in_by_a_new_session(phone, new_client, world, read) -> None:
    app, _codes = phone
    client, copied = new_client(), new_client()
    password(client)
    copied.set_cookie(COOKIE, client.get_cookie(COOKIE).value)
    answer = prove(client, app(), next="/account")
    assert answer.location == "/account"
    assert is_in(client)
    assert not is_in(copied)
    assert prove(copied, app(1)).status_code == 401  # that one is over
    newest = select(UserSession.second_factor_at).order_by(UserSession.id.desc()).limit(1)
    assert read(newest)[0] is not None


def test_a_code_is_taken_once(phone, new_client) -> None:
    app, _codes = phone
    first, second = new_client(), new_client()
    password(first)
    password(second)
    assert prove(first, app()).status_code == 302
    assert prove(second, app()).status_code == 422
    assert prove(second, app(-1)).status_code == 422  # nor one before it


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_code_is_good_half_a_minute_early_or_late(
    phone, new_client, hands, steps: int, taken: bool
) -> None:
    app, _codes = phone
    hands.shift(4 * STEP)
    client = new_client()
    password(client)
    assert (prove(client, app(steps)).status_code == 302) is taken


@pytest.mark.databases("sqlite")
def test_a_code_is_taken_with_spaces(phone, new_client) -> None:
    app, codes = phone
    client = new_client()
    password(client)
    assert prove(client, f" {app()[:3]} {app()[3:]} ").status_code == 302
    other = new_client()
    password(other)
    assert prove(other, codes[0].replace("-", " ")).status_code == 302


def test_a_recovery_code_stands_in_once(phone, new_client, signed_in) -> None:
    _app, codes = phone
    for code, expected in ((codes[3], 302), (codes[3], 422), (codes[4], 302)):
        client = new_client()
        password(client)
        assert prove(client, code).status_code == expected
    assert "<dd>8</dd>" in re.sub(r"\s", "", client.get(PAGE).text)


def test_guessing_a_code_is_slowed(phone, new_client, hands) -> None:
    app, _codes = phone
    client = new_client()
    password(client)
    for _ in range(3):
        assert prove(client, "000000").status_code == 422
    slowed = prove(client, app())
    assert slowed.status_code == 429
    assert "Hãy đợi 5 giây rồi thử lại" in slowed.text
    hands.shift(timedelta(seconds=6))
    assert prove(client, app()).status_code == 302


def test_after_ten_minutes_the_password_is_asked_again(phone, new_client, hands) -> None:
    app, _codes = phone
    client = new_client()
    password(client)
    hands.shift(timedelta(minutes=11))
    assert client.get("/sign-in/code").location.startswith("/sign-in")
    answer = prove(client, app())
    assert answer.status_code == 401
    assert 'name="password"' in answer.text


def test_another_password_ends_a_half_sign_in_too(phone, new_client, read, world) -> None:
    app, _codes = phone
    client, other = new_client(), new_client()
    password(client)
    other.post("/forgotten", data={"email": email(WHO)})
    mine = OutboxMessage.person_id == world.people[WHO].id, OutboxMessage.secret.is_not(None)
    [token] = read(select(OutboxMessage.secret).where(*mine))
    new = {"password": "bảy cây cầu tre", "repeated": "bảy cây cầu tre"}
    assert other.post(f"/password/{token}", data=new).status_code == 302
    assert prove(client, app()).status_code == 401


def test_what_was_sent_before_signing_in_is_kept_through_both_steps(phone, new_client) -> None:
    app, _codes = phone
    client = new_client()
    sent = {"text": "Nội dung đã gõ rất lâu"}
    kept = html_field(client.post("/notices/read", data=sent).text, "kept")
    assert "rất lâu" in kept
    data = {"email": email(WHO), "password": PASSWORD, "kept": kept}
    asked = client.post("/sign-in", data=data)
    assert asked.status_code == 200
    again = html_field(asked.text, "kept")
    done = prove(client, app(), kept=again)
    assert done.status_code == 200
    assert "rất lâu" in done.text


def html_field(page: str, name: str) -> str:

    return html.unescape(re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1])


def test_an_open_page_asks_for_the_code_in_place(phone, new_client) -> None:
    app, _codes = phone
    client = new_client()
    asked = password(client, **{"LTH-Form": "page"})
    assert (asked.status_code, asked.headers[in_place.NOTICE]) == (401, in_place.CODE)
    wrong = client.post("/sign-in/code", data={"code": "1"}, headers={"LTH-Form": "page"})
    assert (wrong.status_code, wrong.headers[in_place.NOTICE]) == (422, in_place.CODE)
    assert "Mã chưa đúng" in wrong.text
    right = client.post("/sign-in/code", data={"code": app()}, headers={"LTH-Form": "page"})
    assert right.headers[in_place.LOCATION] == "/"
    assert is_in(client)


@pytest.mark.databases("sqlite")
def test_a_cookie_that_says_what_it_likes_awaits_nothing(client: FlaskClient, world) -> None:
    for made_up in ("x", 7, None, ["x"]):
        with client.session_transaction() as cookie:
            cookie[AWAITING_KEY] = made_up
        assert client.get("/sign-in/code").status_code == 302


# --- Turning it off, losing it ------------------------------------------------------------


def test_turning_it_off_needs_password_and_code(phone, new_client) -> None:
    app, codes = phone
    client = new_client()
    password(client)
    prove(client, codes[0])
    off = f"{PAGE}/off"
    assert client.post(off, data={"password": "x", "code": app()}).status_code == 422
    assert client.post(off, data={"password": PASSWORD, "code": "000000"}).status_code == 422
    looked = client.post(off, data={"password": PASSWORD, "code": app(), "look": "1"})
    assert looked.status_code == 200
    assert password(new_client()).location.startswith("/sign-in/code")
    assert client.post(off, data={"password": PASSWORD, "code": app()}).status_code == 302
    assert password(new_client()).location == "/"


def test_new_recovery_codes_void_those_before(phone, new_client) -> None:
    app, codes = phone
    client = new_client()
    password(client)
    prove(client, codes[0])
    assert client.post(f"{PAGE}/codes", data={"code": "000000"}).status_code == 422
    shown = client.post(f"{PAGE}/codes", data={"code": app()})
    new = re.findall(r"<li><b>([\d-]+)</b></li>", shown.text)
    assert len(new) == 10
    for code, expected in ((codes[1], 422), (new[1], 302)):
        other = new_client()
        password(other)
        assert prove(other, code).status_code == expected


def test_the_system_s_administrator_takes_it_away(
    phone, signed_in, new_client, world: World, read
) -> None:
    _app, codes = phone
    inside = new_client()
    password(inside)
    prove(inside, codes[0])
    person_id = world.people[WHO].id
    path = f"/admin/people/{person_id}/second-factor/reset"
    assert signed_in("unit_admin@A").post(path).status_code == 403
    root = signed_in("system_admin")
    page = root.get(f"/admin/people/{person_id}").text
    root.post(path, data={"seen": "2026-01-01T00:00:00+00:00"})
    assert is_in(inside)  # it is another than the one that was seen
    seen = re.search(rf'action="{path}".*?name="seen" value="([^"]+)"', page, re.S)[1]
    assert root.post(path, data={"seen": seen}).status_code == 302
    assert not is_in(inside)
    assert password(new_client()).location == "/"
    told = select(OutboxMessage.kind).where(OutboxMessage.person_id == person_id)
    assert "second_factor_reset" in read(told)
    noted = select(AuditEntry.person_id).where(AuditEntry.what == "second_factor.reset")
    assert read(noted) == [world.people["system_admin"].id]
    assert path not in root.get(f"/admin/people/{person_id}").text
    root.post(path)
    assert "chưa bật xác nhận hai bước" in root.get(f"/admin/people/{person_id}").text


def test_nobody_takes_away_their_own_without_password_and_code(
    signed_in, app_of, hands, new_client, world: World, read
) -> None:
    """Whoever finds the system's administrator signed in would need no more than the password."""
    root, person_id = signed_in("system_admin"), world.people["system_admin"].id
    app = app_of(root)
    turn_on(root, app())
    path = f"/admin/people/{person_id}/second-factor/reset"
    assert path not in root.get(f"/admin/people/{person_id}").text
    assert root.post(path).status_code == 302
    assert is_in(root)
    assert password(new_client(), "system_admin").location.startswith("/sign-in/code")
    assert not read(select(AuditEntry.id).where(AuditEntry.what == "second_factor.reset"))


# --- Required of those who sign -----------------------------------------------------------


@pytest.fixture
def required(world: World, write) -> None:
    """Unit A asks it of those who sign."""
    own = UnitSettings.unit_id == world.units["A"].id
    write(update(UnitSettings).where(own).values(second_factor_required=True))


def of_roles(app: Flask) -> Iterator[tuple[str, str]]:
    """Every route that belongs to a role."""
    for method, url in private(app):
        adapter = app.url_map.bind("localhost")
        endpoint, _values = adapter.match(url, method=method)
        if permission_of(app, endpoint) is not Permission.SIGNED_IN:
            yield method, url


def test_a_role_that_needs_it_opens_nothing_before(app: Flask, required, signed_in, app_of) -> None:
    client = signed_in(WHO)
    found = list(of_roles(app))
    assert len(found) > 100
    for method, url in found:
        answer = client.open(url, method=method)
        led = answer.status_code == 302 and answer.location == PAGE
        assert led or (answer.status_code == 403 and PAGE in answer.text), (method, url)
    assert "Đơn vị yêu cầu vai trò" in client.get(PAGE).text
    assert is_in(client)
    turn_on(client, app_of(client)())
    assert client.get("/commune/").status_code == 200


@pytest.mark.databases("sqlite")
def test_only_the_role_that_signs_waits(required, signed_in, world: World, write) -> None:
    assert signed_in("clerk@A").get("/commune/").status_code == 200
    assert signed_in("leader@B").get("/commune/").status_code == 200
    write(
        RoleAssignment(
            person_id=world.people[WHO].id,
            unit_id=world.units["A"].id,
            role=Role.OBSERVER,
            valid_from=FIRST_DAY,
        )
    )
    client = signed_in(WHO)
    assert client.get("/commune/").location == PAGE
    roles = re.findall(r'name="role" value="(\d+)"', client.get("/account").text)
    other = next(one for one in roles if int(one) != world.actors[WHO].assignment_id)
    client.post("/account/role", data={"role": other})
    assert client.get("/commune/").status_code == 200
    assert client.post("/sign-out").status_code == 302


@pytest.mark.databases("sqlite")
def test_an_administrator_asks_it_of_those_who_sign(signed_in, world: World, read) -> None:
    admin = signed_in("unit_admin@A")
    page = admin.get("/admin/settings").text
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', page)[1]
    boxes = ["clearance_needed", "required_opinions", "second_factor_required"]
    data = {"seen": seen, "clearance_needed": "y", "second_factor_required": "y"}
    data |= {"boxes": boxes, "leading_office_id": ""}
    assert admin.post("/admin/settings", data=data).status_code == 302
    own = UnitSettings.unit_id == world.units["A"].id
    assert read(select(UnitSettings.second_factor_required).where(own)) == [True]
    assert "Xác nhận hai bước của người ký" in admin.get("/admin/trail").text


@pytest.mark.databases("sqlite")
def test_a_command_takes_it_away_where_no_administrator_can(
    databases, phone, new_client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in databases.environ().items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke
    refused = run(main, ["forget-second-factor", "nobody@example.test"])
    assert refused.exit_code == 1
    assert "Không có tài khoản nào" in refused.output
    assert run(main, ["forget-second-factor", email(WHO)]).exit_code == 0
    assert password(new_client()).location == "/"
    assert "chưa bật" in run(main, ["forget-second-factor", email(WHO)]).output
