"""A unit's pages about books of clubs: its commune keys them and gives out keys, others read."""

import re

import pytest
import time_machine
from sqlalchemy import select
from support.pages import check_page
from support.queries import counted
from world import NOON

from lth.models import Club, ClubBook, ClubBookChange, ClubKey

MAY = "2021-05"
KEEPING = [("GET", "books/2021-05/correct"), ("POST", "books/2021-05"), ("GET", "key")]
KEEPING += [("POST", "books/2021-05/correct"), ("POST", "key"), ("POST", "key/revoke")]


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def clubs(world, read):
    """The clubs' ids by their communes."""
    units = {unit.id: name for name, unit in world.units.items()}
    return {units[unit_id]: club_id for unit_id, club_id in read(select(Club.unit_id, Club.id))}


@pytest.fixture
def book(read, clubs):
    """The book of A's club for May, as it is kept."""

    def find():
        of_may = (ClubBook.club_id == clubs["A"]) & (ClubBook.month == NOON.date().replace(day=1))
        return next(iter(read(select(ClubBook).where(of_may))), None)

    return find


@pytest.fixture
def clerk(signed_in):
    return signed_in("clerk@A")


def test_a_commune_keys_a_month_and_hands_it_in(clerk, clubs, book):
    at = f"/commune/clubs/{clubs['A']}/books/{MAY}"
    page = clerk.get(at)
    check_page(page.text)
    done = clerk.post(at, data={"seen": "0", "members": "43", "women": "", "do": "save"})
    assert done.status_code == 302
    assert (book().members, book().women, book().saved_by) == (43, None, "clerk@A")
    asked = clerk.post(at, data={"seen": "1", "women": "30", "do": "send"})
    assert asked.status_code == 200
    check_page(asked.text)
    assert "Còn 28 ô để trống" in asked.text
    assert book().sent_at is None
    sent = clerk.post(at, data={"seen": "2", "do": "send", "confirmed": "1"})
    assert sent.status_code == 302
    assert book().sent_at == NOON
    page = clerk.get(at).text
    check_page(page)
    assert 'name="members"' not in page


def test_what_cannot_be_read_comes_back_beside_its_box(clerk, clubs, book):
    at = f"/commune/clubs/{clubs['A']}/books/{MAY}"
    answer = clerk.post(at, data={"seen": "0", "members": "nhiều", "women": "30", "do": "save"})
    assert answer.status_code == 422
    check_page(answer.text)
    assert 'value="nhiều"' in answer.text
    assert 'href="#f-members"' in answer.text
    assert (book().members, book().women) == (None, 30)


def test_the_harmless_button_does_nothing(clerk, clubs, book):
    at = f"/commune/clubs/{clubs['A']}/books/{MAY}"
    answer = clerk.post(at, data={"seen": "0", "members": "43", "look": "1"})
    assert answer.status_code == 200
    assert 'value="43"' in answer.text
    assert book() is None


def test_an_older_page_overwrites_nothing(clerk, clubs, book):
    at = f"/commune/clubs/{clubs['A']}/books/{MAY}"
    clerk.post(at, data={"seen": "0", "members": "43", "do": "save"})
    late = clerk.post(at, data={"seen": "0", "members": "44", "members:was": "", "do": "save"})
    assert late.status_code == 422
    check_page(late.text)
    assert "clerk@A đã ghi ở máy khác: 43 người. Ở đây ghi: 44 người." in late.text
    assert book().members == 43
    assert clerk.post(at, data={"members": "44"}).status_code == 400


def test_a_correction_is_on_record_and_read_from_above(clerk, clubs, book, read, signed_in):
    at = f"/commune/clubs/{clubs['A']}/books/{MAY}"
    clerk.post(at, data={"seen": "0", "members": "43", "do": "send", "confirmed": "1"})
    assert clerk.post(at, data={"seen": "2", "members": "44"}).status_code == 409
    form = clerk.get(f"{at}/correct")
    check_page(form.text)
    stale = clerk.post(f"{at}/correct", data={"seen": "1", "members": "44", "reason": "Sót"})
    assert stale.status_code == 409
    check_page(stale.text)
    done = clerk.post(f"{at}/correct", data={"seen": "2", "members": "44", "reason": "Sót một"})
    assert done.status_code == 302
    assert book().members == 44
    reasons = select(ClubBookChange.reason).where(ClubBookChange.reason != "")
    assert read(reasons) == ["Sót một"]
    above = signed_in("specialist@D").get(at.replace("commune", "district"))
    check_page(above.text)
    assert "Sót một" in above.text
    assert "Sửa sổ đã gửi" not in above.text


@pytest.mark.parametrize("who", ["specialist@D", "leader@P", "observer@A"])
def test_others_read_and_keep_nothing(signed_in, clubs, book, who):
    client, level = signed_in(who), {"A": "commune", "D": "district", "P": "province"}[who[-1]]
    for address in (
        "/clubs/books",
        f"/clubs/{clubs['A']}/books",
        f"/clubs/{clubs['A']}/books/{MAY}",
    ):
        page = client.get(f"/{level}{address}")
        assert page.status_code == 200, address
        check_page(page.text)
        assert 'name="members"' not in page.text
    for method, address in KEEPING:
        answer = client.open(f"/{level}/clubs/{clubs['A']}/{address}", method=method)
        assert answer.status_code in {403, 404, 405}, address
    assert book() is None


@pytest.mark.parametrize("who", ["clerk@B", "specialist@E", "leader@C"])
def test_to_those_beside_there_is_no_such_club(signed_in, clubs, who):
    client, level = signed_in(who), "district" if who[-1] == "E" else "commune"
    reading = [("GET", one) for one in ("books", f"books/{MAY}", f"books/{MAY}/paper")]
    sent = {"seen": "0", "members": "1", "reason": "x"}
    for method, address in [*reading, *(KEEPING if level == "commune" else [])]:
        url = f"/{level}/clubs/{clubs['A']}/{address}"
        answer = client.open(url, method=method, data=sent if method == "POST" else None)
        assert answer.status_code == 404, (method, address)
    assert "Đã gửi 0/0" in signed_in("specialist@E").get("/district/clubs/books").text


@pytest.mark.parametrize("month", ["2021-06", "2020-12", "2021-13", "x"])
def test_months_that_there_are_not(clerk, clubs, month):
    at = f"/commune/clubs/{clubs['A']}/books/{month}"
    assert clerk.get(at).status_code == 404
    assert clerk.post(at, data={"seen": "0", "members": "1"}).status_code == 404


def test_a_unit_sees_who_has_handed_in_a_month(clerk, clubs, signed_in):
    at = f"/commune/clubs/{clubs['A']}/books/{MAY}"
    clerk.post(at, data={"seen": "0", "members": "43", "do": "send", "confirmed": "1"})
    page = signed_in("specialist@D").get("/district/clubs/books").text
    assert "Đã gửi 1/2 câu lạc bộ; 0 đang ghi" in page
    january = signed_in("specialist@D").get("/district/clubs/books?month=2021-01").text
    assert "Đã gửi 0/2 câu lạc bộ; 2 đang ghi" in january
    nonsense = signed_in("specialist@D").get("/district/clubs/books?month=nonsense")
    assert nonsense.status_code == 200


def test_pages_ask_little_and_write_nothing(clerk, clubs, session):
    at = f"/commune/clubs/{clubs['A']}"
    pages = (f"{at}/books", f"{at}/books/{MAY}", f"{at}/books/2021-01", f"{at}/key")
    for address in (*pages, "/commune/clubs/books", f"{at}/books/{MAY}/paper"):
        with counted(session) as asked:
            assert clerk.get(address).status_code == 200
        asked = [one for one in asked if not one.startswith(("PRAGMA", "BEGIN"))]
        assert len(asked) <= 12, (address, asked)
        assert all(one.lstrip().startswith("SELECT") for one in asked)


# --- Keys ---------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_opens_the_club(clerk, clubs, new_client, read):
    at = f"/commune/clubs/{clubs['A']}/key"
    before = read(select(ClubKey.id).where(ClubKey.club_id == clubs["A"]))[0]
    check_page(clerk.get(at).text)
    card = clerk.post(at, data={"seen": str(before)})
    assert card.status_code == 200
    assert card.headers["Cache-Control"] == "no-store"
    check_page(card.text)
    link = re.search(r"(/book/in/[\w-]+)<", card.text)[1]
    code = re.search(r'book-card-code">([\d ]+)<', card.text)[1]
    assert "<svg" in card.text
    door = new_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', door.get(link).text)[1]
    assert door.post(link, data={"csrf_token": token, "code": code}).status_code == 302
    shown = clerk.get(at).text
    check_page(shown)
    assert link not in shown
    assert code not in shown
    twice = clerk.post(at, data={"seen": str(before)})
    assert twice.status_code == 409
    check_page(twice.text)
    assert door.get("/book/").status_code == 200, "pressed twice, the one that was shown stays"
    after = read(select(ClubKey.id).where(ClubKey.revoked_at.is_(None)))
    ended = clerk.post(f"{at}/revoke", data={"seen": str(max(after))})
    assert ended.status_code == 302
    assert door.get("/book/").status_code == 401
