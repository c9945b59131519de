"""A board's pages: come in by link and code to one club and nothing else; saved, sent once."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select
from support.pages import check_page
from support.queries import counted
from world import NOON

from lth.access.scope import bind
from lth.clubs import keys
from lth.models import Club, ClubBook, ClubBookChange, ClubKey, LoginAttempt

MAY, FIRST = "/book/2021-05", date(2021, 5, 1)
SCRIPT = {"LTH-Book": "1"}


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def give(session, world, read):
    """Give out a key of a commune's club."""

    def key(commune="A"):
        (club_id,) = read(select(Club.id).where(Club.unit_id == world.units[commune].id))
        who = f"clerk@{commune}"
        bind(session, world.scope(who))
        before = keys.in_force(session, club_id, world.scope(who))
        seen = before.id if before else 0
        given = keys.give(session, world.actors[who], club_id, seen, now=NOON)
        session.commit()
        return given

    return key


def come_in(client, given, code=None):
    door = f"/book/in/{given.token}"
    page = client.get(door).text
    return client.post(door, data={"csrf_token": token(page), "code": code or given.code})


@pytest.fixture
def board(give, new_client):
    """A telephone of the board of A's club."""
    client = new_client()
    assert come_in(client, give()).status_code == 302
    return client


def token(page: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def send(client, address=MAY, *, script=False, **typed):
    form = {"csrf_token": token(client.get("/book/").text), "seen": "0", **typed}
    return client.post(address, data=form, headers=SCRIPT if script else {})


@pytest.fixture
def book(read):
    """The book of A's club for May, as it is kept."""

    def find():
        return next(iter(read(select(ClubBook).where(ClubBook.month == FIRST))), None)

    return find


# --- Coming in ----------------------------------------------------------------------------


def test_a_board_comes_in_by_link_and_code(give, new_client):
    client, given = new_client(), give()
    door = client.get(f"/book/in/{given.token}")
    check_page(door.text)
    assert "Liên thế hệ" in door.text
    assert come_in(client, given).headers["Location"].endswith("/book/")
    page = client.get("/book/")
    check_page(page.text)
    assert "Tháng 5/2021" in page.text
    assert client.get(f"/book/in/{given.token}").status_code == 302


def test_a_wrong_code_stays_outside_and_is_slowed_down(give, new_client, read, in_may):
    client, given = new_client(), give()
    wrong = f"{(int(given.code) + 1) % 10**6:06}"
    for _ in range(3):
        answer = come_in(client, given, wrong)
        assert answer.status_code == 422
        check_page(answer.text)
    assert come_in(client, given).status_code == 429, "the right one waits as well"
    assert client.get("/book/").status_code == 401
    assert len(read(select(LoginAttempt.id).where(LoginAttempt.key.startswith("club-key:")))) == 3
    in_may.shift(timedelta(minutes=1))
    assert come_in(client, given).status_code == 302


def test_an_unknown_link_says_nothing(client):
    for address in ("/book/in/x", f"/book/in/{'A' * 43}"):
        answer = client.get(address)
        assert answer.status_code == 404
        check_page(answer.text)
        assert client.post(address, data={"code": "1"}).status_code == 400


@pytest.mark.parametrize("address", ["/book/", MAY, f"{MAY}/paper", f"{MAY}/correct"])
def test_nobody_reads_a_book_without_a_key(client, address):
    answer = client.get(address)
    assert answer.status_code == 401
    assert answer.headers["LTH-Book"] == "out"
    check_page(answer.text)


def test_a_clerk_who_has_signed_in_is_no_board(signed_in):
    assert signed_in("clerk@A").get("/book/").status_code == 401


def test_a_board_opens_nothing_else(board):
    for address in ("/commune/", "/account", "/notices", "/admin/people"):
        assert "/sign-in" in board.get(address).headers["Location"]


def test_whoever_has_signed_in_in_the_same_browser_stays_so(signed_in, give):
    client = signed_in("clerk@A")
    come_in(client, give())
    assert client.get("/commune/").status_code == 200
    assert client.get("/book/").status_code == 200
    client.post("/book/out", data={"csrf_token": token(client.get("/book/").text)})
    assert client.get("/book/").status_code == 401
    assert client.get("/commune/").status_code == 200
    client.post("/sign-out")
    come_in(client, give())
    assert client.get("/book/").status_code == 200


def test_a_new_key_ends_the_telephone_that_came_in_by_the_old(board, give):
    give()
    assert board.get(MAY).status_code == 401
    answer = board.post(MAY, data={"members": "52"}, headers=SCRIPT)
    assert (answer.status_code, answer.json["state"]) == (401, "out")
    assert "vẫn giữ trên máy" in answer.json["said"]


def test_a_cookie_that_was_made_up_opens_nothing(board, give):
    board.set_cookie("lth_book", "WzEsIngiXQ.x.y", path="/book")
    assert board.get("/book/").status_code == 401


# --- Saving -------------------------------------------------------------------------------


def test_a_month_is_a_page_of_two_screens(board):
    page = board.get(MAY)
    check_page(page.text)
    assert page.text.count('class="book-screen"') == 2
    assert page.text.count('inputmode="numeric"') == 30
    assert "Chưa ghi gì" in page.text


def test_without_scripts_a_form_saves_and_comes_back_with_what_is_unlikely(board, book):
    answer = send(board, members="43", women="50", do="save")
    assert answer.headers["Location"].endswith(f"{MAY}?done=saved")
    page = board.get(MAY).text
    check_page(page)
    assert "Đã lưu lúc 12:00" in page
    assert "50 người, nhiều hơn" in page
    kept = book()
    assert (kept.members, kept.women, kept.older, kept.saved_by) == (43, 50, None, "Ban chủ nhiệm")


def test_what_cannot_be_read_comes_back_as_it_was_typed_and_the_rest_is_kept(board, book):
    answer = send(board, members="52", women="ba mươi", do="save")
    assert answer.status_code == 422
    check_page(answer.text)
    assert 'value="ba mươi"' in answer.text
    assert (book().members, book().women) == (52, None)


def test_a_field_that_is_not_sent_is_not_changed(board, book):
    send(board, members="52", women="30")
    send(board, seen="1", women="31")
    assert (book().members, book().women) == (52, 31)


def test_a_script_is_told_what_is_kept(board, book):
    answer = send(board, script=True, members="52", **{"members:was": ""})
    told = answer.json
    assert (answer.status_code, told["state"], told["version"]) == (200, "saved", 1)
    assert told["said"] == "Đã lưu lúc 12:00 07/5/2021"
    assert (told["values"]["members"], told["marks"]["members"]) == ("52", "52")
    assert (told["errors"], told["conflicts"], told["sent"]) == ({}, {}, False)
    again = send(board, script=True, members="52", **{"members:was": ""}).json
    assert again["version"] == 1, "the same save sent twice is one"
    assert book().version == 1


def test_a_script_that_comes_late_is_shown_both(board, book):
    send(board, members="52")
    told = send(
        board, script=True, members="53", women="30", **{"members:was": "", "women:was": ""}
    )
    conflict = told.json["conflicts"]["members"]
    assert conflict["there"] == "52"
    assert "52 người" in conflict["text"]
    assert "53 người" in conflict["text"]
    assert (book().members, book().women) == (52, 30)


def test_without_scripts_both_are_shown_too(board, book):
    send(board, members="52")
    answer = send(board, members="53", **{"members:was": ""})
    assert answer.status_code == 422
    check_page(answer.text)
    assert "Ban chủ nhiệm đã ghi ở máy khác: 52 người. Ở đây ghi: 53 người." in answer.text
    assert 'name="members" value="53"' in answer.text
    again = send(board, seen="1", members="53", **{"members:was": "52"})
    assert again.status_code == 302
    assert book().members == 53


def test_areas_are_changed_only_by_a_form_that_shows_them(board, book):
    send(board, boxes="areas", areas="income")
    assert book().areas == ["income"]
    send(board, seen="1", members="52")
    assert book().areas == ["income"]
    send(board, seen="2", boxes="areas")
    assert book().areas == []


@pytest.mark.parametrize("month", ["2021-06", "2020-12", "2021-13", "2021-5", "9999-01", "x"])
def test_other_months_do_not_exist(board, month):
    assert board.get(f"/book/{month}").status_code == 404
    assert send(board, f"/book/{month}", members="1").status_code == 404


def test_a_form_of_another_site_does_nothing(board, book):
    for wrong in ("", "x", "é"):
        answer = board.post(MAY, data={"csrf_token": wrong, "seen": "0", "members": "52"})
        assert answer.status_code == 400
    assert book() is None


# --- Handed in ----------------------------------------------------------------------------


def test_a_month_with_gaps_is_asked_about_once_and_then_sent(board, book):
    asked = send(board, members="52", do="send")
    assert asked.status_code == 200
    check_page(asked.text)
    assert "Còn 29 ô để trống" in asked.text
    assert book().sent_at is None
    sent = send(board, seen="1", do="send", confirmed="1")
    assert sent.headers["Location"].endswith("done=sent")
    assert book().sent_at is not None
    page = board.get(MAY).text
    check_page(page)
    assert "Đã gửi lúc 12:00 07/5/2021" in page
    assert "Đã gửi" in board.get("/book/").text


def test_a_month_is_sent_once_however_often_the_telephone_asks(board, book):
    for _ in range(3):
        told = send(
            board, script=True, members="52", do="send", confirmed="1", **{"members:was": ""}
        )
        assert (told.json["state"], told.json["sent"]) == ("saved", True)
    assert book().version == 2


def test_what_cannot_be_read_is_not_sent(board, book):
    told = send(board, script=True, members="52", women="x", do="send", confirmed="1").json
    assert list(told["errors"]) == ["women"]
    assert book().sent_at is None


def test_an_empty_month_is_not_sent(board, book):
    told = send(board, script=True, do="send", confirmed="1")
    assert (told.status_code, told.json["state"]) == (422, "refused")
    assert book() is None


def test_a_telephone_that_comes_after_it_was_sent_changes_nothing(board, book):
    send(board, members="52", do="send", confirmed="1")
    told = send(board, script=True, members="53", **{"members:was": ""})
    assert told.status_code in {200, 409}
    assert told.json["sent"]
    assert book().members == 52
    late = send(board, script=True, seen="2", members="53")
    assert (late.status_code, late.json["state"]) == (409, "refused")


def test_a_month_that_was_sent_is_corrected_with_a_reason(board, book, read):
    send(board, members="52", women="30", do="send", confirmed="1")
    form = board.get(f"{MAY}/correct").text
    check_page(form)
    bare = send(board, f"{MAY}/correct", seen="2", members="53", reason=" ")
    assert bare.status_code == 422
    assert 'value="53"' in bare.text
    check_page(bare.text)
    stale = send(board, f"{MAY}/correct", seen="1", members="53", reason="Đếm thiếu")
    assert stale.status_code == 409
    done = send(board, f"{MAY}/correct", seen="2", members="53", reason="Đếm thiếu")
    assert done.headers["Location"].endswith("done=corrected")
    assert book().members == 53
    (reason,) = read(select(ClubBookChange.reason).where(ClubBookChange.reason != ""))
    assert reason == "Đếm thiếu"
    page = board.get(MAY).text
    check_page(page)
    assert "Đếm thiếu" in page


def test_what_was_not_sent_is_not_corrected(board):
    assert board.get(f"{MAY}/correct").headers["Location"].endswith(MAY)
    answer = send(board, f"{MAY}/correct", members="53", reason="Đếm thiếu")
    assert answer.status_code == 409


def test_each_key_writes_its_own_clubs_book(board, give, new_client, read):
    other = new_client()
    come_in(other, give("B"))
    send(board, members="52")
    send(other, members="61")
    rows = select(Club.unit_id, ClubBook.members).join(ClubBook, ClubBook.club_id == Club.id)
    found = read(rows.where(ClubBook.month == FIRST))
    assert sorted(members for _unit, members in found) == [52, 61]
    assert 'value="61"' not in board.get(MAY).text


# --- Paper, worker ------------------------------------------------------------------------


def test_a_month_is_a_sheet_of_paper_empty_or_filled(board):
    send(board, members="52", difficulties="Thiếu sân")
    for address, filled in ((f"{MAY}/paper", True), (f"{MAY}/paper?empty=1", False)):
        page = board.get(address)
        check_page(page.text)
        assert ('<td class="sheet-box">52</td>' in page.text) is filled
        assert ("Thiếu sân" in page.text) is filled


def test_the_worker_sees_the_books_pages_alone(client):
    answer = client.get("/book/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer.headers
    assert b"addEventListener" in answer.data


def test_reading_writes_nothing_and_asks_little(board, session):
    send(board, members="52", do="send", confirmed="1")
    for address in ("/book/", MAY, f"{MAY}/correct", f"{MAY}/paper"):
        with counted(session) as asked:
            board.get(address)
        asked = [one for one in asked if not one.startswith(("PRAGMA", "BEGIN"))]
        assert len(asked) <= 12, asked
        assert all(one.lstrip().startswith("SELECT") for one in asked), asked


def test_a_key_says_when_it_was_used(give, new_client, read):
    given = give()
    come_in(new_client(), given)
    assert read(select(ClubKey.used_at).where(ClubKey.id == given.key_id)) == [NOON]
