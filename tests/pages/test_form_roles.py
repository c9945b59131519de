"""A form acts in the role it was written in; what one that was refused held can be sent again."""

import html
import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import abort
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from support.pages import check_page
from werkzeug.routing.converters import NumberConverter

import lth
from lth.access.scope import Purpose, system
from lth.blueprints.web import kept_form
from lth.blueprints.web.kept_form import AS_ROLE, READING, TO_ROLE
from lth.blueprints.web.permissions import Permission, permission_of
from lth.core import clock
from lth.demo import PASSWORD
from lth.models import Delegation, RoleAssignment, Unit
from lth.models.person import Role

from .conftest import PEOPLE
from .test_every_page import contents

LEADER, CLERK = PEOPLE["leader"], PEOPLE["clerk"]
TEMPLATES = sorted((Path(lth.__file__).parent / "templates").rglob("*.html"))
KEPT_ON_PURPOSE = "macros/kept_form.html"
ANYBODYS = "public/check.html"
"""Its form is for people without account and cookie, and changes nothing."""
HARMLESS = {Permission.PUBLIC, Permission.SIGNED_IN}
INPUT = re.compile(r"<input[^>]*>")

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def second_role(session, read, id_of):
    """Have somebody hold one more role, at another commune; returns the ids of both."""

    def give(email: str, role: Role, unit: str = "Ngọc Biên") -> tuple[int, int]:
        person_id = id_of(email)
        (own,) = read(select(RoleAssignment.id).where(RoleAssignment.person_id == person_id))
        (unit_id,) = read(select(Unit.id).where(Unit.name == unit))
        row = RoleAssignment(
            person_id=person_id, unit_id=unit_id, role=role, valid_from=clock.today()
        )
        with system(session, Purpose.LOAD):
            session.add(row)
            session.flush()
            given = row.id
            session.commit()
        return own, given

    return give


def fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to an address."""
    (form,) = re.findall(rf'<form[^>]* action="{re.escape(action)}".*?</form>', page, re.S)
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in INPUT.findall(form)]
    return {one["name"]: html.unescape(one.get("value", "")) for one in inputs}


def form_of(page: str, address: str) -> dict[str, str]:
    return fields(page, html.escape(address))


@pytest.fixture
def paper(id_of):
    """What the delegation form of xã Tập Sơn is filled with."""
    day = f"{clock.today():%d/%m/%Y}"
    return {
        "receiver": id_of(CLERK),
        "sign_form": "KT",
        "subject": "all",
        "programme_id": "",
        "number": "12/QĐ-UBND",
        "decided_on": day,
        "starts_on": day,
        "ends_on": day,
        "confirmed": "1",
    }


# --- In the role it was written in --------------------------------------------------------


def test_a_leader_of_two_communes_decides_for_the_one_the_form_was_opened_for(
    visitor, second_role, paper, read
):
    first, other = second_role(LEADER, Role.LEADER)
    browser = visitor("leader")
    url = "/commune/delegations/new"
    written = {AS_ROLE: form_role(browser.get(url).text)}
    assert written == {AS_ROLE: str(first)}
    browser.post("/account/role", {"role": other})
    refused = browser.post(url, {**paper, **written})
    assert refused.status_code == 409
    check_page(refused.text)
    assert read(select(Delegation)) == []
    assert "Lãnh đạo, xã Tập Sơn" in refused.text
    assert "Lãnh đạo, xã Ngọc Biên" in refused.text
    assert "12/QĐ-UBND" in refused.text
    again = form_of(refused.text, url)
    assert again[TO_ROLE]
    sent = browser.client.post(url, data=again)
    assert sent.status_code in {302, 422}, sent.text
    (kept,) = read(select(Delegation))
    (role,) = read(select(RoleAssignment).where(RoleAssignment.id == first))
    assert kept.unit_id == role.unit_id
    assert form_role(browser.get("/account").text) == str(first)


def form_role(page: str) -> str:
    return re.search(rf'name="{AS_ROLE}" value="(\d+)"', page)[1]


def value_for(converter) -> int | str:
    """Something that an argument of an address can be."""
    if isinstance(converter, NumberConverter):
        return 1
    return next(iter(getattr(converter, "items", ["approve"])))


def changing(app) -> list[str]:
    """The address of every route that changes something in a role, whatever it is about."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.methods - READING and permission_of(app, rule.endpoint) not in HARMLESS:
            values = {name: value_for(one) for name, one in rule._converters.items()}
            found.append(rule.build(values, append_unknown=False)[1])
    return found


@pytest.mark.parametrize("said", ["other", "nobody's", "garbled", None])
def test_no_route_does_anything_in_a_role_that_its_form_was_not_written_in(
    visitor, guarded, second_role, engine_of, said
):
    _, other = second_role(LEADER, Role.LEADER)
    browser = visitor("leader")
    browser.token()
    before = contents(engine_of)
    addresses = changing(guarded)
    assert len(addresses) > 60
    role = {"other": other, "nobody's": 999_999, "garbled": "1; DROP"}.get(said)
    for address in addresses:
        answer = browser.post(address, {AS_ROLE: role, "reason": "Lý do đã viết"})
        assert answer.status_code == 409, address
        assert "chưa có gì được thực hiện" in answer.text
        assert "Lý do đã viết" in answer.text
        assert (TO_ROLE in answer.text) == (said == "other")
    assert contents(engine_of) == before


def test_a_role_that_one_does_not_hold_cannot_be_changed_to(visitor, read, id_of):
    (strange,) = read(select(RoleAssignment.id).where(RoleAssignment.person_id == id_of(LEADER)))
    browser = visitor("clerk")
    answer = browser.post(
        "/commune/documents/new", {AS_ROLE: strange, TO_ROLE: "1", "number": "Số của tôi"}
    )
    assert answer.status_code == 409
    assert "Anh/chị không giữ vai trò của biểu mẫu này" in html.unescape(answer.text)
    assert "Số của tôi" in answer.text
    assert 'enctype="multipart/form-data"' not in answer.text


def test_what_is_nobodys_act_in_a_role_asks_for_none(visitor, second_role):
    _, other = second_role(LEADER, Role.LEADER)
    browser = visitor("leader")
    stale = {AS_ROLE: other}
    assert browser.post("/account/language", {"language": "en", **stale}).status_code == 302
    assert browser.post("/account/mail", {"mail": "now", **stale}).status_code == 302
    assert browser.post("/sign-out", stale).status_code == 302


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_is_posted_says_its_role(path):
    text = path.read_text("utf-8")
    if str(path).endswith((KEPT_ON_PURPOSE, ANYBODYS)):
        return
    for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.S):
        assert re.search(r"\bcsrf\(", form), form[:200]
    if path.name != "forms.html":
        assert "hidden_tag" not in text


# --- Kept ---------------------------------------------------------------------------------

START = "/commune/documents/new"
TYPED = {"body": "Ba ấp của xã.\nMỗi ấp một câu lạc bộ."}


@pytest.fixture
def section(visitor, document_of):
    """The clerk of a returned plan with the form of a section, and its address."""
    document = document_of("xã Ngọc Biên")
    browser = visitor("clerk of a returned plan")
    return browser, f"/commune/documents/{document.id}/remarks"


def sign_in_with(client, page: str, email: str):
    sign_in = fields(page, "/sign-in")
    sign_in |= {"email": email, "password": PASSWORD}
    return client.post("/sign-in", data=sign_in)


def sign_in_form(page: str) -> str:
    """The page with the form alone, without the demo's list of accounts."""
    return re.sub(
        r'<form[^>]*>(?:(?!</form>).)*name="password" value=.*?</form>', "", page, flags=re.S
    )


@pytest.fixture
def ended(visitor):
    """A clerk's form, sent after the session has ended: the browser, the answer, what it held."""
    browser = visitor("clerk")
    role = form_role(browser.get("/account").text)
    sent = {"number": "12", **TYPED, AS_ROLE: role, "csrf_token": browser.token(), "do": "save"}
    browser.client.delete_cookie("lth_session")
    return browser, browser.client.post(START, data=sent), sent


def test_what_is_sent_signed_out_is_kept_and_sent_after_signing_in(ended):
    browser, answer, sent = ended
    assert answer.status_code == 401
    check_page(answer.text)
    page = sign_in_form(answer.text)
    wrong = fields(page, "/sign-in") | {"email": CLERK, "password": "sai mật khẩu"}
    refused = browser.client.post("/sign-in", data=wrong)
    assert refused.status_code == 422
    shown = sign_in_with(browser.client, sign_in_form(refused.text), CLERK)
    assert shown.status_code == 200
    check_page(shown.text)
    assert TYPED["body"] in html.unescape(shown.text)
    again = form_of(shown.text, START)
    assert {name: again[name] for name in ("number", "body", "do", AS_ROLE)} == {
        name: sent[name] for name in ("number", "body", "do", AS_ROLE)
    }
    assert TO_ROLE not in again
    assert browser.client.post(START, data=again).status_code not in {400, 401, 409}


def test_somebody_else_who_signs_in_reads_but_cannot_send_it(ended):
    browser, answer, _ = ended
    shown = sign_in_with(browser.client, sign_in_form(answer.text), LEADER)
    assert TYPED["body"] in html.unescape(shown.text)
    assert f'action="{START}"' not in shown.text


def test_whoever_was_in_their_second_role_is_led_back_to_it(visitor, second_role):
    _, other = second_role(CLERK, Role.CLERK)
    browser = visitor("clerk")
    browser.client.delete_cookie("lth_session")
    answer = browser.client.post(START, data={**TYPED, AS_ROLE: other})
    shown = sign_in_with(browser.client, sign_in_form(answer.text), CLERK)
    assert "Chuyển sang “Chuyên viên" in html.unescape(shown.text) or "xã Ngọc Biên" in shown.text
    again = form_of(shown.text, START)
    assert again[TO_ROLE]
    browser.client.post(START, data=again)
    assert form_role(browser.get("/account").text) == str(other)


def test_a_form_whose_token_is_over_is_sent_again_by_one_press(visitor):
    browser = visitor("clerk")
    role = form_role(browser.get("/account").text)
    answer = browser.client.post(START, data={**TYPED, AS_ROLE: role, "csrf_token": "x"})
    assert answer.status_code == 400
    check_page(answer.text)
    again = form_of(answer.text, START)
    assert again["body"] == TYPED["body"]
    assert browser.client.post(START, data=again).status_code != 400


def fail_busy(**_):
    raise OperationalError("SELECT 1", {}, Exception("database is locked"))


def fail(**_):
    raise ValueError("hush")


@pytest.mark.parametrize(
    ("code", "view"),
    [(code, lambda code=code, **_: abort(code)) for code in (400, 403, 404, 409, 422, 429)]
    + [(500, fail), (503, fail_busy)],
)
def test_whatever_the_answer_what_was_typed_stands_in_it(visitor, guarded, monkeypatch, code, view):
    browser = visitor("clerk")
    browser.token()
    view.permission = Permission.DRAFT
    monkeypatch.setitem(guarded.view_functions, "commune.document_start", view)
    monkeypatch.setitem(guarded.config, "PROPAGATE_EXCEPTIONS", False)
    answer = browser.post(START, {**TYPED, "pupils": "1"})
    assert answer.status_code == code
    check_page(answer.text)
    assert TYPED["body"] in html.unescape(answer.text)
    assert (f'action="{START}"' in answer.text) == (code != 404)


def test_with_the_database_away_the_plain_page_holds_it_too(visitor, guarded, monkeypatch):
    browser = visitor("clerk")
    browser.token()
    fail_busy.permission = Permission.DRAFT
    monkeypatch.setitem(guarded.view_functions, "commune.document_start", fail_busy)
    monkeypatch.setattr(kept_form, "sending_again", fail)
    answer = browser.post(START, TYPED)
    assert answer.status_code == 503
    assert "oops" not in answer.text
    assert form_of(answer.text, START)["body"] == TYPED["body"]


def test_no_password_is_kept(visitor):
    browser = visitor("clerk")
    secret = {"old": "mật khẩu cũ", "password": "mật khẩu mới", "repeated": "mật khẩu mới"}
    answer = browser.client.post("/account", data={**secret, "csrf_token": "x"})
    assert answer.status_code == 400
    assert "mật khẩu mới" not in answer.text
    browser.client.delete_cookie("lth_session")
    assert browser.client.post("/account", data=secret).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://evil.example/x"},
    ],
)
def test_what_another_site_has_filled_does_not_come_back_as_ones_own(visitor, headers):
    browser = visitor("clerk")
    sent = {**TYPED, AS_ROLE: form_role(browser.get("/account").text)}
    answer = browser.client.post(START, data=sent, headers=headers)
    assert answer.status_code == 400
    assert "Ba ấp của xã" not in answer.text
    browser.client.delete_cookie("lth_session")
    assert browser.client.post(START, data=sent, headers=headers).status_code == 302


def test_what_is_too_large_is_not_kept(visitor, monkeypatch):
    monkeypatch.setattr(kept_form, "LARGEST", 100)
    browser = visitor("clerk")
    answer = browser.client.post(START, data={"body": "Ba ấp " * 40, AS_ROLE: "1"})
    assert answer.status_code == 400
    assert "Ba ấp" not in answer.text


def test_a_file_is_said_to_be_lost(visitor):
    browser = visitor("clerk")
    file = (BytesIO(b"x"), "ke-hoach.yaml")
    answer = browser.client.post(START, data={**TYPED, "file": file, AS_ROLE: "1"})
    assert "Tệp đính kèm không giữ được" in answer.text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{}",
        "[1, [], false]",
        '["//evil.example", [["a", "b"]], false]',
        '["/x", [["a"]], 0]',
    ],
)
def test_what_no_page_of_ours_wrote_is_no_kept_form(guarded, text):
    with guarded.app_context():
        assert kept_form.loaded(text) is None
