"""Answers to pages that stay open: whatever the code, a notice beside the form and never a page."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from world import World

from lth.administration import accounts
from lth.blueprints.web import in_place
from lth.blueprints.web.permissions import Permission, permission_of
from lth.blueprints.web.refusals import CODES
from lth.core.errors import LthError, NotFoundError, ThrottledError
from lth.core.i18n import Message

pytestmark = pytest.mark.databases("sqlite")

ABORTED = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)
KINDS = {"a part": {"HX-Request": "true"}, "a whole form": {"LTH-Form": "page"}}
WHOLE = re.compile(r"<(!doctype|html|head|body)\b", re.I)


def whole(text: str) -> bool:
    return WHOLE.search(text) is not None


def is_notice(answer, code: int) -> bool:
    return (
        answer.status_code == code
        and not whole(answer.text)
        and answer.headers.get("LTH-Notice") == str(code)
        and answer.headers.get("HX-Reswap") == "none"
        and "<strong>" in answer.text
        and "Location" not in answer.headers
    )


def made(kind: type[LthError]) -> LthError:
    if kind is NotFoundError:
        return NotFoundError()
    if kind is ThrottledError:
        return ThrottledError(timedelta(minutes=2), accounts.TOO_MANY_TRIES)
    return kind(Message("Chưa làm được."))


def address(rule) -> str:
    """An address of a rule, with a number, a word or one of several for each of its parts."""

    def part(found: re.Match) -> str:
        one_of = re.search(r"\w+", found[2] or "")
        return one_of[0] if one_of else "1" if found[1] == "int" else "x"

    return re.sub(r"<(?:(\w+)(\(.*?\))?:)?\w+>", part, rule.rule)


@pytest.fixture
def addresses(app: Flask) -> list[tuple[str, str]]:
    """Every route with each of its methods, but files."""
    return [
        (method, address(rule))
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
        if rule.endpoint != "static"
    ]


@pytest.fixture
def have_all_views(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable], None]:
    """Have every route answer as one view does, to anybody."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def stand_in_for_all(view: Callable) -> None:
        def stand_in(**_: object):
            return view()

        stand_in.permission = Permission.PUBLIC
        for endpoint in app.view_functions.keys() - {"static"}:
            monkeypatch.setitem(app.view_functions, endpoint, stand_in)

    return stand_in_for_all


def test_each_code_of_each_route_is_a_notice(
    have_all_views: Callable, client: FlaskClient, addresses: list
) -> None:
    """In turn to a part and to a whole form; the next code asks the other of the two."""
    code = 0
    have_all_views(lambda: abort(code))
    kinds = cycle(KINDS.values())
    for code in ABORTED:
        wrong = [
            (method, url, code)
            for method, url in addresses
            if not is_notice(client.open(url, method=method, headers=next(kinds)), code)
        ]
        assert wrong == []
        if len(addresses) % 2 == 0:
            next(kinds)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("error", CODES, ids=lambda kind: kind.__name__)
def test_each_error_of_an_operation_is_a_notice(
    have_all_views: Callable, client: FlaskClient, error: type[LthError], kind: str
) -> None:
    def fail() -> None:
        raise made(error)

    have_all_views(fail)
    answer = client.post("/account/role", headers=KINDS[kind])
    assert is_notice(answer, CODES[error])


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_is_away_is_a_notice(
    have_all_views: Callable, client: FlaskClient, kind: str
) -> None:
    def fail() -> None:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    have_all_views(fail)
    answer = client.post("/account/role", headers=KINDS[kind])
    assert is_notice(answer, 503)
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.parametrize("kind", KINDS)
def test_signed_out_every_route_asks_to_sign_in_there(
    app: Flask, client: FlaskClient, addresses: list, kind: str
) -> None:
    """Also of a page that says whose it is, whatever it asks for."""
    closed = [
        (method, url)
        for method, url in addresses
        for rule, _ in [app.url_map.bind("localhost").match(url, method, return_rule=True)]
        if permission_of(app, rule.endpoint) is not Permission.PUBLIC
    ]
    assert len(closed) > 100
    for method, url in closed:
        for person in ({}, {in_place.PERSON: "7"}):
            answer = client.open(url, method=method, headers=KINDS[kind] | person)
            assert is_notice(answer, 401), (method, url)
            assert answer.headers[in_place.PERSON] == ""


def test_a_redirect_is_said_and_not_followed_unseen(world: World, client: FlaskClient) -> None:
    sent = client.post("/sign-out", headers={"LTH-Form": "page"})
    assert (sent.status_code, sent.headers["LTH-Location"]) == (204, "/sign-in")
    part = client.post("/sign-out", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, "/sign-in")
    assert client.post("/sign-out").location == "/sign-in"


# --- Whose page it is ---------------------------------------------------------------------


def try_to_sign_in(client: FlaskClient):
    data = {"email": "nobody@example.vn", "password": "sai mật khẩu này"}
    return client.post("/sign-in", data=data, headers={"LTH-Form": "page"})


def test_a_wrong_password_is_said_in_the_dialog(world: World, client: FlaskClient) -> None:
    answer = try_to_sign_in(client)
    assert is_notice(answer, 422)
    assert "Địa chỉ thư điện tử hoặc mật khẩu chưa đúng." in answer.text


def test_too_many_tries_are_said_in_the_dialog(world: World, client: FlaskClient) -> None:
    codes = {}
    for _ in range(30):
        answer = try_to_sign_in(client)
        codes[answer.status_code] = answer
        if answer.status_code == 429:
            break
    assert is_notice(codes[429], 429)
    assert "Đã nhập sai nhiều lần" in codes[429].text


def test_nobody_signed_in_has_a_token_to_sign_in_with(client: FlaskClient) -> None:
    said = client.get("/session").json
    assert said["person"] is None
    assert said["role"] is None
    assert said["token"]


def test_who_is_signed_in_is_said_to_an_open_page(
    world: World, signed_in: Callable[[str], FlaskClient]
) -> None:
    client = signed_in("clerk@A")
    said = client.get("/session").json
    answer = client.get("/account", headers={"HX-Request": "true"})
    assert answer.headers[in_place.PERSON] == str(said["person"])
    assert answer.headers[in_place.ROLE] == str(said["role"])
    assert f'data-person="{said["person"]}"' in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_done_as_somebody_else(
    world: World, signed_in: Callable[[str], FlaskClient], kind: str
) -> None:
    client = signed_in("clerk@A")
    mine = client.get("/session").json["person"]
    answer = client.post(
        "/account/mail",
        data={"mail": "morning"},
        headers=KINDS[kind] | {in_place.PERSON: str(mine + 1)},
    )
    assert is_notice(answer, 409)
    assert answer.headers[in_place.PERSON] == str(mine)
    assert "Nay đăng nhập trên trình duyệt này là" in answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_of_another_role_that_is_held_says_so(
    world: World, signed_in: Callable[[str], FlaskClient], kind: str
) -> None:
    client = signed_in("unit_admin@D")
    answer = client.post(
        "/admin/settings", data={"as_role": str(2**30)}, headers=KINDS[kind], follow_redirects=False
    )
    assert is_notice(answer, 409)


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_without_its_token_is_a_notice(guarded: Flask, kind: str) -> None:
    client = guarded.test_client()
    assert is_notice(client.post("/account/mail", headers=KINDS[kind]), 401)
    assert is_notice(client.post("/forgotten", headers=KINDS[kind]), 401)
