"""Clubs from a list, page by page: shown first, written once accepted, for its sender alone."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from support.pages import check_page as check_tokens

from lth.core import clock
from lth.exchange.grids.books import open_book
from lth.models import Club, ClubList, ClubMove
from lth.models.club import ClubAct

TODAY = clock.today()
URL = "/commune/clubs/list"
DAY = f"{TODAY - timedelta(days=40):%d/%m/%Y}"
GOOD = f"""Danh sách câu lạc bộ

Số;Tên câu lạc bộ;Ấp;Thành lập;BCN;Mảng hoạt động;Quỹ tăng thu nhập
1;Liên thế hệ;Ấp 1;;5;;có
;Hoa Súng;Ấp 2;{DAY};5;;không
;Hoa Lài;Ấp 3;{DAY};;;x
Tổng cộng;3;;;;;
"""
WRONG = (
    GOOD
    + f""";Hoa Cúc;Ấp 4;;;;
;Hoa Mai;Ấp 4;45/13/2021;;;
9;Hoa Đào;Ấp 4;{DAY};;;
;Hoa Huệ;Ấp 4;{DAY};năm;khiêu vũ;có lẽ
"""
)


def check_page(text: str) -> None:
    """As every page; without the token, which this application does not ask for."""
    check_tokens(text.replace("</form>", '<input type="hidden" name="csrf_token"></form>'))


@pytest.fixture
def clerk(signed_in):
    return signed_in("clerk@A")


@pytest.fixture
def sent(clerk):
    """Send a list; returns where it is looked over."""

    def send(text: str | bytes, name: str = "clb.csv") -> str:
        data = text.encode() if isinstance(text, str) else text
        answer = clerk.post(URL, data={"file": (io.BytesIO(data), name)})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    return send


@pytest.fixture
def register(read, world):
    """The register of commune A: number, name, village, board, income fund of each."""

    def rows() -> list[tuple]:
        columns = (Club.number, Club.name, Club.village, Club.board_size, Club.has_income_fund)
        own = Club.unit_id == world.units["A"].id
        return read(select(*columns).where(own).order_by(Club.number))

    return rows


def boxes(page: str) -> dict[str, bool]:
    """The boxes of a preview, and whether each is ticked."""
    found = re.findall(r'name="take" value="([^"]+)"( checked)?', page)
    return {name: bool(checked) for name, checked in found}


def seen(page: str) -> str:
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


def test_a_list_is_shown_first_and_written_once_it_is_accepted(clerk, sent, register, read):
    check_page(clerk.get(URL).text)
    before = register()
    address = sent(GOOD)
    page = clerk.get(address).text
    check_page(page)
    assert register() == before == [(1, "Liên thế hệ", "", None, False)]
    assert boxes(page) == {
        **dict.fromkeys(("5", "6"), True),
        **dict.fromkeys(("4:village", "4:board_size", "4:has_income_fund"), True),
    }
    looked = clerk.post(address, data={"seen": seen(page), "take": list(boxes(page)), "look": "1"})
    assert looked.status_code == 200
    assert register() == before
    done = clerk.post(address, data={"seen": seen(page), "take": list(boxes(page))})
    assert done.status_code == 302, done.text
    assert register() == [
        (1, "Liên thế hệ", "Ấp 1", 5, True),
        (2, "Hoa Súng", "Ấp 2", 5, False),
        (3, "Hoa Lài", "Ấp 3", None, True),
    ]
    assert read(select(ClubList.id).where(ClubList.file_name == "clb.csv")) == []
    reasons = read(select(ClubMove.reason).where(ClubMove.act == ClubAct.FOUND, ClubMove.id > 2))
    assert reasons == ["Nhập từ tệp clb.csv"] * 2
    page = clerk.get(done.headers["Location"]).text
    assert "Đã thêm 2 câu lạc bộ, sửa 1 câu lạc bộ." in page


def test_sent_again_it_changes_nothing(clerk, sent, register):
    address = sent(GOOD)
    page = clerk.get(address).text
    clerk.post(address, data={"seen": seen(page), "take": list(boxes(page))})
    before = register()
    page = clerk.get(sent(GOOD)).text
    check_page(page)
    assert boxes(page) == {}
    assert "Không có gì để ghi" in page
    assert register() == before


def test_mistakes_are_named_by_row_and_column_and_the_rest_can_be_written(clerk, sent, register):
    address = sent(WRONG)
    page = clerk.get(address).text
    check_page(page)
    panel = re.search(r'<section class="panel" id="wrong".*?</section>', page, re.S)[0]
    words = " ".join(re.sub(r"<[^>]+>", " ", panel).split())
    for row, said in (
        (8, "Ngày thành lập: Câu lạc bộ mới cần có ngày thành lập."),
        (9, "Ngày thành lập:"),
        (10, "Số: Sổ không có câu lạc bộ số 9."),
        (11, "Số người trong Ban chủ nhiệm:"),
    ):
        assert re.search(rf"Dòng {row} .*?{re.escape(said)}", words), (row, words)
    assert "Mảng hoạt động:" in words
    assert "Quỹ tăng thu nhập:" in words
    done = clerk.post(address, data={"seen": seen(page), "take": ["6", "4:village"]})
    assert done.headers["Location"].endswith(address)
    assert [row[:3] for row in register()] == [(1, "Liên thế hệ", "Ấp 1"), (2, "Hoa Lài", "Ấp 3")]
    page = clerk.get(address).text
    check_page(page)
    assert boxes(page) == dict.fromkeys(("5", "4:board_size", "4:has_income_fund"), True)
    (sheet,) = open_book(clerk.get(f"{address}/rows").data, "a.xlsx").sheets
    assert len(sheet.rows) == 5
    assert "Câu lạc bộ mới cần có ngày thành lập" in sheet.text(2, 10)


def test_what_was_changed_meanwhile_is_asked_anew(clerk, sent, register, write):
    address = sent(GOOD)
    page = clerk.get(address).text
    write(update(Club).where(Club.number == 1).values(board_size=4, version=2))
    before = register()
    answer = clerk.post(address, data={"seen": seen(page), "take": list(boxes(page))})
    assert answer.status_code == 409
    check_page(answer.text)
    assert register() == before
    page = answer.text
    assert ">4</td>" in page
    assert clerk.post(address, data={"seen": seen(page), "take": ["5"]}).status_code == 302
    stale = clerk.post(address, data={"seen": "", "take": ["6"]})
    assert stale.status_code == 409
    assert [row[1] for row in register()] == ["Liên thế hệ", "Hoa Súng"]


def test_nothing_is_written_where_nothing_or_something_else_is_ticked(clerk, sent, register):
    address = sent(WRONG)
    page, before = clerk.get(address).text, register()
    for ticked in ([], ["8"], ["4:name"], ["999"], ["5:board_size"]):
        answer = clerk.post(address, data={"seen": seen(page), "take": ticked})
        assert answer.status_code == 422
        check_page(answer.text)
    assert register() == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Hãy chọn tệp danh sách."),
        (b"   ", "Tệp trống"),
        (b"Xin chao\n1;2", "Không thấy dòng tiêu đề"),
        (b"PK\x03\x04broken", "Tệp Excel bị hỏng"),
        (b"\xd0\xcf\x11\xe0", "Excel kiểu cũ"),
    ],
)
def test_what_is_no_list_is_refused_beside_the_field(clerk, read, data, said):
    name = "" if not data else "clb.csv"
    answer = clerk.post(URL, data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 422
    check_page(answer.text)
    assert said in answer.text
    assert len(read(select(ClubList.id))) == 1, "that of the world"


def test_the_template_comes_back_unchanged(clerk, sent, register):
    data = clerk.get(f"{URL}/template").data
    page = clerk.get(sent(data, "mau.xlsx")).text
    check_page(page)
    assert "Không có gì để ghi" in page


def test_the_list_of_the_register_can_be_brought_in_again(clerk, sent):
    for kind in ("xlsx", "csv"):
        page = clerk.get(sent(clerk.get(f"/commune/clubs?file={kind}").data, f"a.{kind}")).text
        assert "Không có gì để ghi" in page


def test_nobody_else_opens_a_list(signed_in, sent, register):
    address, before = sent(GOOD), register()
    for who in ("leader@A", "clerk@B"):
        other = signed_in(who)
        assert other.get(address).status_code == 404
        assert other.get(f"{address}/rows").status_code == 404
        assert other.post(address, data={"seen": "x", "take": ["5"]}).status_code == 404
        assert other.post(f"{address}/drop", data={"seen": "1"}).status_code == 404
        assert "clb.csv" not in other.get(URL).text
    observer = signed_in("observer@A")
    assert observer.get(URL).status_code == 403
    assert observer.post(address, data={"seen": "x"}).status_code == 403
    district = signed_in("leader@D")
    assert district.get("/district/clubs/list").status_code == 404
    assert register() == before


def test_a_list_is_dropped_and_goes_by_itself(clerk, sent, read, write):
    address = sent(GOOD)
    assert "clb.csv" in clerk.get(URL).text
    stale = clerk.post(f"{address}/drop", data={"seen": "9"})
    assert stale.headers["Location"].endswith(address)
    assert clerk.get(address).status_code == 200
    clerk.post(f"{address}/drop", data={"seen": "1"})
    assert clerk.get(address).status_code == 404
    address = sent(GOOD)
    write(update(ClubList).values(expires_at=clock.now() - timedelta(minutes=1)))
    assert clerk.get(address).status_code == 404


def test_the_oldest_list_goes_for_the_next(clerk, sent, read):
    addresses = [sent(GOOD, f"clb-{number}.csv") for number in range(6)]
    assert clerk.get(addresses[0]).status_code == 404
    assert clerk.get(addresses[1]).status_code == 200
