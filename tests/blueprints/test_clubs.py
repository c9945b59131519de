"""The pages of the register of clubs: kept by communes, read by all above, by strangers never."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from support.pages import check_page as check_tokens
from support.pages import check_words

from lth.core import clock
from lth.core.vietnamese import format_date
from lth.models import Club, ClubMove, Unit
from lth.models.club import ClubAct, ClubState

TODAY = clock.today()
ENTRY = {
    "name": "Hoa Sen",
    "village": "Ấp 2",
    "founded_on": format_date(TODAY - timedelta(days=30)),
    "founding_number": "12/QĐ-UBND",
    "board_size": "5",
    "note": "",
    "boxes": ["same_name_meant", "areas", "has_income_fund", "has_operating_fund"],
}
OCCASION = {"day": format_date(TODAY), "reason": "Biên bản số 3", "seen": "1"}
WITH_TOKEN = '<input type="hidden" name="csrf_token"></form>'
"""A form's end in an application that asks for tokens, which this one does not."""
KEEPING = ("add", "{A}/edit", "{A}/merge", "{A}/close", "{A}/reopen")


@pytest.fixture
def club_of(world, read):
    """The id of a unit's first club."""

    def find(unit: str) -> int:
        of_unit = select(Club.id).where(Club.unit_id == world.units[unit].id)
        return read(of_unit.order_by(Club.number))[0]

    return find


@pytest.fixture
def second(world, write, read):
    """A second running club of commune A."""
    unit = world.units["A"]
    place = {"unit_id": unit.id, "unit_path": unit.path, "number": 2}
    write(Club(name="Hoa Súng", founded_on=TODAY, created_at=clock.now(), **place))
    return read(select(Club.id).where(Club.name == "Hoa Súng"))[0]


@pytest.fixture
def state_of(read):
    def find(club_id: int) -> tuple[ClubState, int]:
        (row,) = read(select(Club.state, Club.version).where(Club.id == club_id))
        return row

    return find


def check_page(text: str) -> None:
    check_tokens(text.replace("</form>", WITH_TOKEN))


# --- Who reads ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "level", "seen"),
    [
        ("clerk@A", "commune", "A"),
        ("observer@A", "commune", "A"),
        ("clerk@C", "commune", ""),
        ("specialist@D", "district", "AB"),
        ("observer@D", "district", "AB"),
        ("leader@E", "district", ""),
        ("specialist@P", "province", "AB"),
        ("observer@P", "province", "AB"),
    ],
)
def test_each_unit_reads_its_clubs_and_those_below(signed_in, club_of, who, level, seen):
    browser = signed_in(who)
    page = browser.get(f"/{level}/clubs")
    check_page(page.text)
    check_words(page.text)
    for unit in "AB":
        for path in ("", "/history"):
            answer = browser.get(f"/{level}/clubs/{club_of(unit)}{path}")
            assert answer.status_code == (200 if unit in seen else 404), (unit, path)
            check_page(answer.text)
        assert (f"/clubs/{club_of(unit)}" in page.text) is (unit in seen)


@pytest.mark.parametrize("who", ["unit_admin@A", "system_admin"])
def test_administrators_do_not_open_the_register(signed_in, club_of, who):
    browser = signed_in(who)
    assert browser.get("/commune/clubs").status_code in {403, 404}
    assert browser.get(f"/commune/clubs/{club_of('A')}").status_code in {403, 404}


@pytest.mark.parametrize("path", KEEPING)
@pytest.mark.parametrize(
    ("who", "level"), [("observer@A", "commune"), ("specialist@D", "district")]
)
def test_who_reads_only_finds_nothing_to_do(signed_in, club_of, commits, path, who, level):
    browser = signed_in(who)
    url = f"/{level}/clubs/{path.format(A=club_of('A'))}"
    before = commits()
    assert browser.get(url).status_code in {403, 404}
    answer = browser.post(url, data={**ENTRY, **OCCASION, "confirmed": "1"})
    assert answer.status_code in {403, 404, 405}
    assert commits() == before
    page = browser.get(f"/{level}/clubs/{club_of('A')}").text
    assert "/edit" not in page
    assert "/close" not in page


@pytest.fixture
def commits(read):
    """How many acts there are in all histories."""
    return lambda: len(read(select(ClubMove.id)))


@pytest.mark.parametrize("path", KEEPING[1:])
def test_a_neighbours_club_is_not_there(signed_in, club_of, commits, path):
    browser = signed_in("clerk@A")
    url = f"/commune/clubs/{path.format(A=club_of('B'))}"
    before = commits()
    assert browser.get(url).status_code == 404
    assert browser.post(url, data={**ENTRY, **OCCASION, "confirmed": "1"}).status_code == 404
    assert commits() == before


def test_units_lead_down_to_clubs_and_strangers_nowhere(signed_in, world, club_of):
    browser = signed_in("specialist@P")
    top = browser.get("/province/clubs/units")
    check_page(top.text)
    district = f"/province/clubs/units?unit={world.units['D'].id}"
    assert district in top.text
    commune = f"/province/clubs?unit={world.units['A'].id}"
    assert commune in browser.get(district).text
    listed = browser.get(commune).text
    check_page(listed)
    assert f"/clubs/{club_of('A')}" in listed
    assert f"/clubs/{club_of('B')}" not in listed
    other = signed_in("specialist@D")
    for unit in ("E", "C", "P"):
        for page in ("clubs", "clubs/units"):
            answer = other.get(f"/district/{page}?unit={world.units[unit].id}")
            assert answer.status_code == 404
    assert other.get("/district/clubs?unit=abc").status_code == 404


def test_a_commune_without_clubs_is_told_what_to_do_first(signed_in):
    page = signed_in("clerk@C").get("/commune/clubs").text
    assert "Thêm câu lạc bộ đầu tiên" in page
    assert "Thêm câu lạc bộ đầu tiên" not in signed_in("observer@C").get("/commune/clubs").text


def test_a_list_is_searched_and_filtered(signed_in, second, club_of):
    browser = signed_in("clerk@A")
    for asked, found in (("q=sung", {second}), ("q=liên", {club_of("A")}), ("state=closed", set())):
        page = browser.get(f"/commune/clubs?{asked}").text
        check_page(page)
        assert {int(one) for one in re.findall(r"/clubs/(\d+)\"", page)} == found
    assert "Không thấy câu lạc bộ nào" in page


# --- Keeping ------------------------------------------------------------------------------


def test_a_club_is_founded_shown_and_changed(signed_in, read):
    browser = signed_in("clerk@C")
    check_page(browser.get("/commune/clubs/add").text)
    answer = browser.post("/commune/clubs/add", data=ENTRY)
    assert answer.status_code == 302, answer.text
    page = browser.get(answer.headers["Location"])
    check_page(page.text)
    assert "12/QĐ-UBND" in page.text
    edit = f"{answer.headers['Location']}/edit"
    check_page(browser.get(edit).text)
    changed = browser.post(edit, data={**ENTRY, "board_size": "7", "reason": "Bầu", "seen": "1"})
    assert changed.status_code == 302, changed.text
    assert read(select(Club.board_size).where(Club.name == "Hoa Sen")) == [7]
    history = browser.get(f"{answer.headers['Location']}/history").text
    assert "Số người trong Ban chủ nhiệm" in history
    nothing = browser.post(edit, data={**ENTRY, "board_size": "7", "reason": "", "seen": "2"})
    assert nothing.status_code == 302
    assert "không có gì thay đổi" in browser.get(answer.headers["Location"]).text


def test_enter_founds_nothing(signed_in, read):
    browser = signed_in("clerk@C")
    answer = browser.post("/commune/clubs/add", data={**ENTRY, "look": "1"})
    assert answer.status_code == 200
    assert 'value="Hoa Sen"' in answer.text
    assert read(select(Club).where(Club.name == "Hoa Sen")) == []


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", " ", "Hãy ghi tên câu lạc bộ."),
        ("founded_on", format_date(TODAY + timedelta(days=2)), "không được sau hôm nay"),
        ("founded_on", "31/02/2021", "31/02/2021"),
        ("founding_number", "12", "Thiếu dấu “/”"),
        ("board_size", "năm", "số nguyên"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(signed_in, read, field, typed, told):
    browser = signed_in("clerk@C")
    answer = browser.post("/commune/clubs/add", data={**ENTRY, field: typed})
    assert answer.status_code == 422
    check_page(answer.text)
    error = re.search(rf'id="{field}-error".*?</div>', answer.text, re.S)
    assert error, answer.text
    assert told in error[0]
    assert read(select(Club).where(Club.name == "Hoa Sen")) == []


def test_an_old_founding_day_is_asked_back_with_a_box(signed_in, read):
    browser = signed_in("clerk@C")
    entry = ENTRY | {"founded_on": f"01/06/{TODAY.year - 15}"}
    asked = browser.post("/commune/clubs/add", data=entry)
    assert asked.status_code == 422
    assert 'name="founded_on-sure"' in asked.text
    sure = browser.post(
        "/commune/clubs/add", data={**entry, "founded_on-sure": entry["founded_on"]}
    )
    assert sure.status_code == 302
    assert len(read(select(Club).where(Club.name == "Hoa Sen"))) == 1


def test_a_name_twice_is_asked_back_with_a_box(signed_in, read):
    browser = signed_in("clerk@C")
    browser.post("/commune/clubs/add", data=ENTRY)
    asked = browser.post("/commune/clubs/add", data={**ENTRY, "name": "hoa sen"})
    assert asked.status_code == 422
    check_page(asked.text)
    assert 'name="same_name_meant" type="checkbox"' in asked.text
    meant = browser.post("/commune/clubs/add", data={**ENTRY, "same_name_meant": "y"})
    assert meant.status_code == 302
    assert len(read(select(Club).where(Club.name == "Hoa Sen"))) == 2


def test_an_older_page_changes_nothing(signed_in, club_of, state_of, second, commits):
    browser = signed_in("clerk@A")
    url, before = f"/commune/clubs/{club_of('A')}", commits()
    stale = {**OCCASION, "seen": "9", "into": str(second), "confirmed": "1"}
    for path, data in (
        ("edit", {**ENTRY, "reason": "", "seen": "9"}),
        ("merge", stale),
        ("close", stale),
    ):
        answer = browser.post(f"{url}/{path}", data=data)
        assert answer.status_code == 409, path
        check_page(answer.text)
    moved = {**OCCASION, "seen": "9", "to_unit": "1", "confirmed": "1"}
    other = signed_in("specialist@D")
    for unit in other.get(f"/district/clubs/{club_of('A')}/move").text, "":
        choice = re.search(r'<option value="(\d+)"', unit)
        if choice:
            moved["to_unit"] = choice[1]
    answer = other.post(f"/district/clubs/{club_of('A')}/move", data=moved)
    assert answer.status_code == 409
    assert (state_of(club_of("A")), commits()) == ((ClubState.ACTIVE, 1), before)


@pytest.mark.parametrize("act", ["merge", "close"])
def test_an_act_is_confirmed_before_it_is_done(signed_in, club_of, state_of, second, act):
    browser = signed_in("leader@A")
    url = f"/commune/clubs/{club_of('A')}/{act}"
    check_page(browser.get(url).text)
    sent = {**OCCASION, **({"into": str(second)} if act == "merge" else {})}
    asked = browser.post(url, data=sent)
    assert asked.status_code == 200
    check_page(asked.text)
    assert 'name="confirmed"' in asked.text
    assert state_of(club_of("A")) == (ClubState.ACTIVE, 1)
    done = browser.post(url, data={**sent, "confirmed": "1"})
    assert done.status_code == 302
    page = browser.get(done.headers["Location"]).text
    check_page(page)
    state = ClubState.MERGED if act == "merge" else ClubState.CLOSED
    assert state_of(club_of("A")) == (state, 2)
    again = browser.get(url)
    assert again.status_code == 302, "an act that is no longer one of its state leads back"
    reopen = browser.post(
        f"/commune/clubs/{club_of('A')}/reopen", data={**OCCASION, "seen": "2", "confirmed": "1"}
    )
    assert reopen.status_code == 302
    assert state_of(club_of("A")) == (ClubState.ACTIVE, 3)


def test_what_would_be_refused_is_not_asked_to_be_confirmed(signed_in, club_of, state_of):
    browser = signed_in("clerk@A")
    url = f"/commune/clubs/{club_of('A')}/close"
    for wrong in ({"day": "01/01/2020"}, {"reason": " "}, {"day": ""}):
        answer = browser.post(url, data={**OCCASION, **wrong})
        assert answer.status_code == 422, wrong
        check_page(answer.text)
    assert state_of(club_of("A")) == (ClubState.ACTIVE, 1)


def test_a_district_moves_a_club_to_another_commune(signed_in, world, write, club_of, read):
    write(update(Club).where(Club.id == club_of("A")).values(name="Hoa Lài"))
    club_id, browser = club_of("A"), signed_in("leader@D")
    url = f"/district/clubs/{club_id}/move"
    check_page(browser.get(url).text)
    sent = {**OCCASION, "to_unit": str(world.units["B"].id)}
    asked = browser.post(url, data=sent)
    assert asked.status_code == 200
    check_page(asked.text)
    assert browser.post(url, data={**sent, "confirmed": "1"}).status_code == 302
    unit = select(Unit.name).join(Club, Club.unit_id == Unit.id).where(Club.id == club_id)
    assert read(unit) == ["B"]
    assert len(read(select(ClubMove.id).where(ClubMove.act == ClubAct.MOVE))) == 2
    assert signed_in("clerk@A").get(f"/commune/clubs/{club_id}").status_code == 404
    there = signed_in("clerk@B").get(f"/commune/clubs/{club_id}/history")
    check_page(there.text)
    assert "Đã chuyển sang xã khác" in there.text
    out = {**sent, "to_unit": str(world.units["C"].id), "seen": "2", "confirmed": "1"}
    assert browser.post(url, data=out).status_code == 422
