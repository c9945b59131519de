"""Signing in and out, guessing, and setting a password by a link."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import perf_counter
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
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


@pytest.fixture
def standing(world: World) -> Iterator[None]:
    """Have the time stand still, but for what a test moves."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


OFFICE, ELSEWHERE = "203.0.113.9", "198.51.100.7"
GUESS = "đoán mò thôi"


def at(client: FlaskClient, address: str, who: str, password: str = PASSWORD) -> Any:
    """Try to sign in from a network address."""
    data = {"email": email(who), "password": password}
    return client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": address})


def wait_told(answer: Any) -> timedelta:
    """How long one is told to wait before the next try."""
    assert answer.status_code == 429
    told = re.search(r"Hãy đợi (\d+) (giây|phút) rồi thử lại", answer.text)
    return timedelta(**{{"giây": "seconds", "phút": "minutes"}[told[2]]: int(told[1])})


@pytest.mark.usefixtures("standing")
def test_failures_slow_an_account_more_and_more(
    world: World, client: FlaskClient, new_client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert sign_in(client, "clerk@A", GUESS).status_code == 422
    waits = []
    for _ in range(10):
        waits.append(wait_told(sign_in(new_client(), "clerk@A")))
        later(monkeypatch, clock._Hands.offset + waits[-1])
        assert sign_in(client, "clerk@A", GUESS).status_code == 422
    assert waits[0] == timedelta(seconds=5)
    assert all(one < other for one, other in pairwise(waits[:8]))
    assert max(waits) == timedelta(minutes=15)
    later(monkeypatch, clock._Hands.offset + timedelta(minutes=15))
    assert sign_in(client, "clerk@A").status_code == 302


@pytest.mark.usefixtures("standing")
def test_tries_during_a_wait_do_not_lengthen_it(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        sign_in(client, "clerk@A", GUESS)
    for second in range(4):
        later(monkeypatch, timedelta(seconds=second))
        assert sign_in(client, "clerk@A", GUESS).status_code == 429
    later(monkeypatch, timedelta(seconds=6))
    assert sign_in(client, "clerk@A").status_code == 302


@pytest.mark.usefixtures("standing")
def test_a_success_forgets_the_failures(world: World, new_client) -> None:
    for _ in range(3):
        for _ in range(2):
            assert sign_in(new_client(), "clerk@A", GUESS).status_code == 422
        assert sign_in(new_client(), "clerk@A").status_code == 302


@pytest.mark.usefixtures("standing")
def test_no_account_waits_for_the_failures_of_others(world: World, new_client) -> None:
    """A whole office behind one address, on the last day: many fail, all others come in."""
    for who in ("clerk@A", "clerk@B", "leader@A", "leader@B", "unit_admin@A"):
        for _ in range(6):
            at(new_client(), OFFICE, who, GUESS)
    for number in range(40):
        at(new_client(), OFFICE, f"nobody{number}", GUESS)
    for who in ("observer@A", "observer@B", "unit_admin@B", "specialist@D"):
        assert at(new_client(), OFFICE, who).status_code == 302
    wait_told(at(new_client(), OFFICE, "clerk@A"))


@pytest.mark.usefixtures("standing")
def test_a_stranger_elsewhere_does_not_keep_one_out_of_ones_office(
    world: World, new_client
) -> None:
    assert at(new_client(), OFFICE, "clerk@A").status_code == 302
    for _ in range(12):
        at(new_client(), ELSEWHERE, "clerk@A", GUESS)
    wait_told(at(new_client(), ELSEWHERE, "clerk@A"))
    assert at(new_client(), OFFICE, "clerk@A").status_code == 302
    assert at(new_client(), "192.0.2.1", "clerk@A").status_code == 302  # from a third place too


@pytest.mark.usefixtures("standing")
def test_failures_from_very_many_addresses_slow_strangers_alone(world: World, new_client) -> None:
    assert at(new_client(), OFFICE, "clerk@A").status_code == 302
    for number in range(30):
        assert at(new_client(), f"198.51.100.{number}", "clerk@A", GUESS).status_code == 422
    assert wait_told(at(new_client(), "192.0.2.1", "clerk@A")) == timedelta(seconds=5)
    assert at(new_client(), OFFICE, "clerk@A").status_code == 302


@pytest.mark.usefixtures("standing")
def test_an_address_that_tries_everybody_waits_from_the_second_try(
    world: World, new_client
) -> None:
    assert at(new_client(), ELSEWHERE, "leader@A").status_code == 302
    for number in range(20):
        assert at(new_client(), ELSEWHERE, f"nobody{number}", GUESS).status_code == 422
    assert at(new_client(), ELSEWHERE, "clerk@A", GUESS).status_code == 422
    assert wait_told(at(new_client(), ELSEWHERE, "clerk@A")) == timedelta(minutes=1)
    assert wait_told(at(new_client(), ELSEWHERE, "nobody0")) == timedelta(minutes=1)
    assert at(new_client(), OFFICE, "clerk@A").status_code == 302
    # Who has signed in from there before, and who has not failed there, is let in.
    assert at(new_client(), ELSEWHERE, "leader@A", GUESS).status_code == 422
    assert at(new_client(), ELSEWHERE, "leader@A").status_code == 302
    assert at(new_client(), ELSEWHERE, "observer@A").status_code == 302


@pytest.mark.usefixtures("standing")
def test_an_office_s_typing_mistakes_make_it_no_sprayer(world: World, new_client) -> None:
    for number in range(19):
        for _ in range(2):
            at(new_client(), OFFICE, f"nobody{number}", GUESS)
    assert at(new_client(), OFFICE, "clerk@A", GUESS).status_code == 422
    assert at(new_client(), OFFICE, "clerk@A").status_code == 302


@pytest.mark.usefixtures("standing")
def test_unknown_accounts_are_told_and_slowed_in_the_same_words(world: World, new_client) -> None:
    for _ in range(3):
        known = at(new_client(), OFFICE, "clerk@A", GUESS)
        unknown = at(new_client(), OFFICE, "nobody@A", GUESS)
        assert (known.status_code, unknown.status_code) == (422, 422)
        assert said(known, "clerk@A") == said(unknown, "nobody@A")
    known, unknown = at(new_client(), OFFICE, "clerk@A"), at(new_client(), OFFICE, "nobody@A")
    assert wait_told(known) == wait_told(unknown)
    assert said(known, "clerk@A") == said(unknown, "nobody@A")


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
    assert sign_in(client, "clerk@A").status_code == 429
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
