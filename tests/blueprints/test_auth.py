"""Signing in and out, guessing, and setting a password by a link."""

import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any
from urllib.parse import unquote

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from support.pages import check_page
from support.people import PASSWORD, email
from world import World

from lth.access.scope import Purpose, system
from lth.administration import links, passwords
from lth.administration.throttle import account_key
from lth.blueprints.web.addresses import safe_next
from lth.core import clock
from lth.models import AuditEntry, Credential, LoginAttempt, OutboxMessage, PasswordReset, Person

WRONG = "Địa chỉ thư điện tử hoặc mật khẩu chưa đúng."
NEW = "bảy cây cầu tre"


def sign_in(client: FlaskClient, who: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/sign-in", data={"email": email(who), "password": password, **more})


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Move the clock."""
    monkeypatch.setattr(clock._Hands, "offset", by)


# --- In and out ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("clerk@A", "/commune/"),
        ("specialist@D", "/district/"),
        ("leader@P", "/province/"),
        ("observer@A", "/commune/"),
        ("unit_admin@D", "/admin/people"),
        ("system_admin", "/admin/people"),
    ],
)
def test_home_is_the_desk_of_ones_role(signed_in, who: str, place: str) -> None:
    assert signed_in(who).get("/").location == place


def test_signed_out_home_is_the_sign_in_page(world: World, client: FlaskClient) -> None:
    assert client.get("/").location == "/sign-in"


def test_an_address_is_taken_in_any_case_and_with_spaces(world: World, client: FlaskClient) -> None:
    data = {"email": "  Clerk.A@Example.TEST ", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 302
    assert client.get("/account").status_code == 200


@pytest.mark.databases("sqlite")
def test_signed_in_the_sign_in_page_leads_home(signed_in) -> None:
    assert signed_in("clerk@A").get("/sign-in").location == "/commune/"


def test_signing_out_ends_the_session_and_keeps_the_language(signed_in) -> None:
    client = signed_in("clerk@A")
    client.post("/account/language", data={"language": "en"})
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/account").status_code == 302
    assert '<html lang="en">' in client.get("/sign-in").text


def test_signing_out_is_no_get(signed_in) -> None:
    client = signed_in("clerk@A")
    assert client.get("/sign-out").location == "/"
    assert client.get("/account").status_code == 200


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("missing", ["email", "password"])
def test_what_is_missing_is_said_beside_its_field(
    world: World, client: FlaskClient, missing: str
) -> None:
    data = {"email": email("clerk@A"), "password": PASSWORD} | {missing: ""}
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text
    assert f'href="#{missing}"' in answer.text
    check_page(answer.text.replace("</form>", '<input type="hidden" name="csrf_token"></form>'))


@pytest.mark.databases("sqlite")
def test_the_address_comes_back_and_the_password_does_not(
    world: World, client: FlaskClient
) -> None:
    answer = sign_in(client, "clerk@A", "sai mật khẩu này")
    assert email("clerk@A") in answer.text
    assert "sai mật khẩu này" not in answer.text


@pytest.mark.databases("sqlite")
def test_a_page_asked_for_is_opened_after_signing_in(world: World, client: FlaskClient) -> None:
    asked = client.get("/mail?state=held")
    assert unquote(asked.location) == "/sign-in?next=/mail?state=held"
    assert "Hãy đăng nhập để mở trang này." in client.get(asked.location).text
    assert sign_in(client, "clerk@A", next="/mail?state=held").location == "/mail?state=held"


@pytest.mark.databases("sqlite")
def test_a_form_sent_signed_out_leads_back_to_its_page(world: World, client: FlaskClient) -> None:
    answer = client.post("/account/role", headers={"Referer": "http://localhost/account"})
    assert answer.location == "/sign-in?next=/account"


@pytest.mark.databases("sqlite")
def test_a_page_that_stays_open_asks_there(world: World, client: FlaskClient) -> None:
    for header in ("HX-Request", "LTH-Form"):
        answer = client.get("/account", headers={header: "true"})
        assert answer.status_code == 401
        assert answer.headers["LTH-Notice"] == "401"
        assert "Location" not in answer.headers
        assert "HX-Redirect" not in answer.headers
        assert "Hãy đăng nhập ngay tại đây" in answer.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.test/",
        "//example.test/",
        "/\\example.test",
        "/mail\\..\\x",
        "javascript:alert(1)",
        "mail",
        "/mail\nSet-Cookie: x",
        "",
        None,
    ],
)
def test_no_other_site_is_led_to(wanted: str | None) -> None:
    assert safe_next(wanted) is None


@pytest.mark.databases("sqlite")
def test_another_site_asked_for_gives_ones_desk(world: World, client: FlaskClient) -> None:
    assert sign_in(client, "clerk@A", next="//example.test/").location == "/"


def test_whoever_is_locked_cannot_sign_in_nor_go_on(
    signed_in, client: FlaskClient, world: World, write
) -> None:
    inside = signed_in("clerk@A")
    write(update(Person).where(Person.id == world.people["clerk@A"].id).values(active=False))
    assert WRONG in sign_in(client, "clerk@A").text
    assert inside.get("/account").status_code == 302


def test_nothing_set_before_signing_in_goes_on_after_it(world: World, client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["role"], cookie["planted"] = world.actors["clerk@A"].assignment_id, "x"
    sign_in(client, "unit_admin@D")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert "role" not in cookie
    assert client.get("/session").json["person"] == world.people["unit_admin@D"].id


def test_the_token_of_forms_changes_at_sign_in(guarded: Flask) -> None:
    client = guarded.test_client()
    before = token(client.get("/sign-in").text)
    sign_in(client, "clerk@A", csrf_token=before)
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400
    after = token(client.get("/account").text)
    assert client.post("/sign-out", data={"csrf_token": after}).status_code == 302


def test_a_form_without_its_token_is_refused(guarded: Flask) -> None:
    client = guarded.test_client()
    assert sign_in(client, "clerk@A").status_code == 400


def said(answer: Any, who: str) -> str:
    """A page without what differs from one request to the next anyway."""
    without_tokens = re.sub(r'(csrf[-_]token"[^>]*?(?:value|content))="[^"]*"', r"\1", answer.text)
    return without_tokens.replace(email(who), "x")


def token(html: str) -> str:
    found = re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', html)
    found = found or re.search(r'name="csrf-token" content="([^"]+)"', html)
    assert found
    return found[1]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("path", ["/sign-in", "/forgotten", "/password/none"])
def test_the_pages_are_sound(guarded: Flask, path: str) -> None:
    check_page(guarded.test_client().get(path).text)


# --- Guessing -----------------------------------------------------------------------------


def test_five_failures_lock_the_account_even_for_the_right_password(
    world: World, client: FlaskClient, new_client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        assert sign_in(client, "clerk@A", "đoán mò thôi").status_code == 422
    locked = sign_in(new_client(), "clerk@A")
    assert locked.status_code == 429
    assert "thử lại sau 15 phút" in locked.text
    later(monkeypatch, timedelta(minutes=9, seconds=30))
    assert "thử lại sau 6 phút" in sign_in(client, "clerk@A").text
    assert sign_in(new_client(), "leader@A").status_code == 302
    later(monkeypatch, timedelta(minutes=15, seconds=1))
    assert sign_in(client, "clerk@A").status_code == 302


def test_attempts_during_the_lock_do_not_lengthen_it(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        sign_in(client, "clerk@A", "đoán mò thôi")
    for minute in range(1, 15):
        later(monkeypatch, timedelta(minutes=minute))
        assert sign_in(client, "clerk@A").status_code == 429
    later(monkeypatch, timedelta(minutes=15, seconds=1))
    assert sign_in(client, "clerk@A").status_code == 302


def test_a_success_forgets_the_failures(world: World, new_client, read) -> None:
    for _ in range(3):
        for _ in range(4):
            assert sign_in(new_client(), "clerk@A", "đoán mò thôi").status_code == 422
        assert sign_in(new_client(), "clerk@A").status_code == 302
    assert not read(
        select(LoginAttempt.id).where(LoginAttempt.key == account_key(email("clerk@A")))
    )


def test_one_address_that_tries_many_accounts_is_stopped(world: World, client: FlaskClient) -> None:
    tries = [sign_in(client, f"nobody{number}").status_code for number in range(31)]
    assert tries == [422] * 30 + [429]
    assert sign_in(client, "clerk@A").status_code == 429


def test_unknown_accounts_are_told_and_locked_in_the_same_words(
    world: World, client: FlaskClient, new_client
) -> None:
    for _ in range(5):
        known, unknown = sign_in(client, "clerk@A", "đoán"), sign_in(client, "nobody@A", "đoán")
        assert (known.status_code, unknown.status_code) == (422, 422)
        assert said(known, "clerk@A") == said(unknown, "nobody@A")
    assert sign_in(client, "nobody@A").status_code == sign_in(client, "clerk@A").status_code == 429


@pytest.mark.databases("sqlite")
def test_an_unknown_account_costs_a_comparison_too() -> None:
    kept = passwords.hash_password(PASSWORD)
    compared: list[str] = []
    hasher = passwords._Hashing.hasher

    class Counting:
        def verify(self, against: str, password: str) -> bool:
            compared.append(against)
            return hasher.verify(against, password)

        def hash(self, password: str) -> str:
            return hasher.hash(password)

    counting = Counting()
    passwords._Hashing.hasher = counting  # type: ignore[assignment] # stands in for the real one
    try:
        assert passwords.verify(kept, PASSWORD)
        assert not passwords.verify(kept, "khác")
        assert not passwords.verify(None, PASSWORD)
        assert not passwords.verify(None, "một mật khẩu không ai dùng")
    finally:
        passwords._Hashing.hasher = hasher
    assert len(compared) == 4


def test_outside_the_tests_hashing_is_dear(production_hasher: PasswordHasher) -> None:
    """As RFC 9106 has it for machines with little memory: three passes over 64 MiB."""
    kept = production_hasher.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.databases("sqlite")
def test_in_earnest_known_and_unknown_take_alike_long(
    world: World, client: FlaskClient, write
) -> None:
    hasher = passwords._Hashing.hasher
    passwords.set_cost(3, 16384, 1)
    try:
        write(update(Credential).values(password_hash=passwords.hash_password(PASSWORD)))
        sign_in(client, "nobody@B", "đoán")  # the hash that nothing fits is made once
        known = timed(lambda: sign_in(client, "clerk@A", "đoán"))
        unknown = timed(lambda: sign_in(client, "nobody@A", "đoán"))
    finally:
        passwords._Hashing.hasher = hasher
    assert 0.4 < known / unknown < 2.5


def timed(work: Callable[[], Any]) -> float:
    """The shortest of three."""
    spans = []
    for _ in range(3):
        begun = perf_counter()
        work()
        spans.append(perf_counter() - begun)
    return min(spans)


def test_no_address_and_no_password_is_kept_in_the_count(
    world: World, client: FlaskClient, read
) -> None:
    sign_in(client, "clerk@A", "đoán mò thôi")
    assert not [key for key in read(select(LoginAttempt.key)) if "clerk.a" in key or "đoán" in key]


def test_an_old_hash_is_renewed_at_sign_in(world: World, client: FlaskClient, read, write) -> None:
    mine = Credential.person_id == world.people["clerk@A"].id
    hasher = passwords._Hashing.hasher
    passwords.set_cost(2, 16, 1)
    old = passwords.hash_password(PASSWORD)
    passwords._Hashing.hasher = hasher
    write(update(Credential).where(mine).values(password_hash=old))
    assert sign_in(client, "clerk@A").status_code == 302
    [renewed] = read(select(Credential.password_hash).where(mine))
    assert renewed != old
    assert passwords.verify(renewed, PASSWORD)
    assert client.get("/account").status_code == 200


# --- Forgotten passwords ------------------------------------------------------------------


def ask(client: FlaskClient, who: str) -> Any:
    return client.post("/forgotten", data={"email": email(who)})


def secrets_of(read, world: World, who: str) -> list[str]:
    """The tokens in a person's mail, the oldest first."""
    statement = select(OutboxMessage.secret).where(
        OutboxMessage.person_id == world.people[who].id, OutboxMessage.secret.is_not(None)
    )
    return read(statement.order_by(OutboxMessage.id))


def set_to(client: FlaskClient, link: str, password: str, repeated: str | None = None) -> Any:
    again = password if repeated is None else repeated
    return client.post(f"/password/{link}", data={"password": password, "repeated": again})


def test_a_link_sets_the_password_once_and_ends_other_sessions(
    world: World, client: FlaskClient, signed_in, new_client, read
) -> None:
    elsewhere = signed_in("clerk@A")
    assert ask(client, "clerk@A").status_code == 200
    [link] = secrets_of(read, world, "clerk@A")
    assert client.get(f"/password/{link}").status_code == 200
    assert client.get(f"/password/{link}").status_code == 200  # a mail scanner uses nothing up
    assert set_to(client, link, NEW).location == "/sign-in"
    assert elsewhere.get("/account").status_code == 302
    assert set_to(client, link, "chín cây cầu tre").status_code == 410
    assert client.get(f"/password/{link}").status_code == 410
    assert sign_in(new_client(), "clerk@A").status_code == 422
    assert sign_in(new_client(), "clerk@A", NEW).status_code == 302
    mine = AuditEntry.person_id == world.people["clerk@A"].id
    assert read(select(AuditEntry.what).where(mine)) == ["password.link"]


def test_only_the_hash_of_a_token_is_kept(world: World, client: FlaskClient, read) -> None:
    ask(client, "clerk@A")
    [link] = secrets_of(read, world, "clerk@A")
    mine = PasswordReset.person_id == world.people["clerk@A"].id
    [kept] = read(select(PasswordReset.token_hash).where(mine))
    assert link not in kept
    assert len(kept) == 64
    [(kind, unit_id)] = read(
        select(OutboxMessage.kind, OutboxMessage.unit_id).where(OutboxMessage.secret == link)
    )
    assert (kind, unit_id) == ("password_reset", None)


def test_a_link_lasts_an_hour(
    world: World, client: FlaskClient, read, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client, "clerk@A")
    [link] = secrets_of(read, world, "clerk@A")
    later(monkeypatch, timedelta(minutes=59))
    assert client.get(f"/password/{link}").status_code == 200
    later(monkeypatch, timedelta(minutes=61))
    assert client.get(f"/password/{link}").status_code == 410
    assert set_to(client, link, NEW).status_code == 410
    assert sign_in(client, "clerk@A").status_code == 302


def test_using_one_link_voids_the_others(world: World, client: FlaskClient, read) -> None:
    ask(client, "clerk@A")
    ask(client, "clerk@A")
    first, second = secrets_of(read, world, "clerk@A")
    assert set_to(client, second, NEW).status_code == 302
    assert client.get(f"/password/{first}").status_code == 410


def test_the_answer_does_not_tell_whether_there_is_an_account(
    world: World, client: FlaskClient, read, write
) -> None:
    write(update(Person).where(Person.id == world.people["leader@B"].id).values(active=False))
    answers = [ask(client, who) for who in ("clerk@A", "nobody@A", "leader@B")]
    texts = [
        said(answer, who)
        for answer, who in zip(answers, ("clerk@A", "nobody@A", "leader@B"), strict=True)
    ]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert texts[0] == texts[1] == texts[2]
    assert len(read(select(OutboxMessage.id).where(OutboxMessage.secret.is_not(None)))) == 1


def test_links_are_throttled_quietly_by_account_and_openly_by_address(
    world: World, client: FlaskClient, read
) -> None:
    answers = [ask(client, "clerk@A").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert len(secrets_of(read, world, "clerk@A")) == 3


def test_a_link_lifts_the_lock(world: World, client: FlaskClient, new_client, read) -> None:
    for _ in range(5):
        sign_in(client, "clerk@A", "đoán mò thôi")
    ask(client, "clerk@A")
    [link] = secrets_of(read, world, "clerk@A")
    set_to(client, link, NEW)
    assert sign_in(new_client(), "clerk@A", NEW).status_code == 302


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("password", "repeated", "field", "said"),
    [
        ("", "", "password", "Hãy nhập mật khẩu mới."),
        ("ngắn quá", None, "password", "ít nhất 10 ký tự"),
        ("x" * 201, None, "password", "dài quá 200 ký tự"),
        ("1234567890", None, "password", "quá dễ đoán"),
        ("MatKhau123", None, "password", "quá dễ đoán"),
        ("aaaaaaaaaaab", None, "password", "quá dễ đoán"),
        ("clerk.a@example.test", None, "password", "không được là địa chỉ"),
        ("đủ dài và lạ", "đủ dài và khác", "repeated", "chưa giống nhau"),
    ],
)
def test_an_unfit_password_is_refused_and_the_link_stays_good(
    world: World,
    client: FlaskClient,
    read,
    password: str,
    repeated: str | None,
    field: str,
    said: str,
) -> None:
    ask(client, "clerk@A")
    [link] = secrets_of(read, world, "clerk@A")
    answer = set_to(client, link, password, repeated)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert said in answer.text
    assert set_to(client, link, NEW).status_code == 302


@pytest.mark.databases("sqlite")
def test_composed_and_decomposed_letters_are_one_password() -> None:
    kept = passwords.hash_password("đường về nhà")
    assert passwords.verify(kept, "đường về nhà".encode().decode())
    assert passwords.verify(kept, unicodedata.normalize("NFD", "đường về nhà"))


def test_two_uses_of_a_link_at_once_count_as_one(
    world: World, client: FlaskClient, read, session: Session
) -> None:
    ask(client, "clerk@A")
    [link] = secrets_of(read, world, "clerk@A")
    with system(session, Purpose.SIGN_IN):
        now = clock.now()
        assert links.use(session, link, now) == world.people["clerk@A"].id
        assert links.use(session, link, now) is None
        session.rollback()


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("typed", ["", "   "])
def test_a_link_without_an_address_is_asked_for_again(
    world: World, client: FlaskClient, typed: str
) -> None:
    answer = client.post("/forgotten", data={"email": typed})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
