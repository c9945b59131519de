"""Lists of clubs as people keep them: read whatever their headings, judged row by row."""

import io
from datetime import date

import pytest
import xlsxwriter

from lth.core.errors import RefusedError
from lth.core.i18n import Bilingual
from lth.exchange.club_list import reading, sheets
from lth.exchange.club_list.judging import ClubRowState, JudgedRow, judge, seen_of
from lth.exchange.club_list.words import ClubColumn, read_areas
from lth.exchange.grids.books import open_book
from lth.models import Club
from lth.models.club import ClubState

TODAY = date(2021, 9, 1)
AREAS = {
    "income": Bilingual("Tăng thu nhập", "Income"),
    "health": Bilingual("Chăm sóc sức khỏe", "Health care"),
    "homecare": Bilingual("Tình nguyện viên chăm sóc tại nhà", "Home care by volunteers"),
    "selfhelp": Bilingual("Tự giúp nhau và hỗ trợ cộng đồng", "Self-help and community support"),
    "rights": Bilingual("Quyền và lợi ích", "Rights and entitlements"),
    "awareness": Bilingual("Truyền thông, nâng cao nhận thức", "Outreach and awareness"),
    "culture": Bilingual("Văn hóa, văn nghệ, thể thao", "Culture, arts and sport"),
    "resource": Bilingual("Vận động nguồn lực", "Mobilising resources"),
}


def club(number: int, name: str, village: str = "", **values) -> Club:
    known = {
        "founding_number": "",
        "founded_on": date(2020, 3, 1),
        "board_size": None,
        "areas": [],
        "has_income_fund": False,
        "has_operating_fund": False,
        "note": "",
        "state": ClubState.ACTIVE,
        "version": 1,
        "ended_on": None,
    }
    return Club(id=100 + number, number=number, name=name, village=village, **known | values)


def judged(text: str, *clubs: Club) -> list[JudgedRow]:
    return judge(reading.read(text.encode()).rows, clubs, AREAS, TODAY)


def told(one: JudgedRow) -> list[str]:
    return [problem.column.value for problem in one.problems]


# --- Reading ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "Tên;Thôn, ấp;Ngày thành lập",
        "TÊN CLB;ẤP;THÀNH LẬP",
        "Tên câu lạc bộ (đầy đủ);Địa bàn;Ngày, tháng, năm thành lập",
        "Câu lạc bộ;Khu phố;Ngày quyết định",
    ],
)
def test_headings_are_known_by_many_words_in_any_order(head):
    for line in (head, ";".join(reversed(head.split(";")))):
        cells = {"Hoa Sen": 0, "Ấp 2": 1, "1/3/2021": 2}
        order = list(cells) if line == head else list(reversed(cells))
        (row,) = reading.read(
            f"Danh sách CLB năm 2021\n\n{line}\n{';'.join(order)}\n".encode()
        ).rows
        assert row.number == 4
        assert [row.cell(one) for one in (ClubColumn.NAME, ClubColumn.VILLAGE)] == [
            "Hoa Sen",
            "Ấp 2",
        ]
        assert row.cell(ClubColumn.FOUNDED_ON) == "1/3/2021"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Xin chào\nMột hai ba", "Không thấy dòng tiêu đề"),
        ("Câu lạc bộ\nHoa Sen", "Không thấy dòng tiêu đề"),
        ("Thôn, ấp;Ngày thành lập\nẤp 1;1/3/2021", "Bảng thiếu cột: Tên"),
        ("Tên;Ngày thành lập\n;\nTổng;3", "không có dòng nào ghi tên câu lạc bộ"),
        ("Tên;Tên;Ngày thành lập\na;b;1/3/2021", "hai cột “Tên”"),
        ("", "Tệp trống"),
        ("Tên;Ngày thành lập\n" + "a;1/3/2021\n" * 501, "quá 500 dòng"),
    ],
)
def test_what_is_no_list_of_clubs_is_refused_with_what_to_do(text, said):
    with pytest.raises(RefusedError) as refused:
        reading.read(text.encode())
    assert said in str(refused.value)


def test_totals_and_blank_rows_are_left_out_and_said():
    text = "Số;Tên;Thôn, ấp\n1;Hoa Sen;Ấp 1\n2;;\n;;Ấp 3\nTổng cộng;2;\n"
    read = reading.read(text.encode())
    assert [row.number for row in read.rows] == [2]
    (note,) = read.notes
    assert (note.params, note.number) == ({"rows": "3, 4, 5"}, 3)


@pytest.mark.parametrize(
    ("text", "codes", "left"),
    [
        ("Tăng thu nhập; Chăm sóc sức khỏe", "income health", ""),
        ("Văn hóa, văn nghệ, thể thao, Quyền và lợi ích", "rights culture", ""),
        ("chăm sóc tại nhà + sức khỏe", "health homecare", ""),
        ("thu nhap va van dong nguon luc", "income resource", ""),
        ("1, 2 và 8", "income health resource", ""),
        ("8/8", " ".join(AREAS), ""),
        ("đủ 8 mảng", " ".join(AREAS), ""),
        ("Outreach and awareness", "awareness", ""),
        ("8", "", "8"),
        ("Tăng thu nhập, khiêu vũ", "income", "khieu vu"),
        ("1, 9", "", "1 9"),
        ("1, 2, 9", "income health", "9"),
    ],
)
def test_areas_are_named_or_numbered_in_many_ways(text, codes, left):
    assert read_areas(text, AREAS) == (codes.split(), left)


# --- Judging ------------------------------------------------------------------------------


def test_a_row_is_matched_by_number_or_by_name_and_village():
    clubs = [club(1, "Hoa Sen", "Ấp 1"), club(2, "Hoa Sen", "Ấp 2"), club(3, "Hoa Lài", "Ấp 1")]
    rows = judged(
        "Số;Tên;Thôn, ấp;Ngày thành lập\n"
        "2;Hoa Sen;Ấp 2;\n;HOA SEN;ấp 1;\n;hoa lai;;\n;Hoa Súng;Ấp 1;1/5/2021\n",
        *clubs,
    )
    assert [one.club and one.club.number for one in rows] == [2, 1, 3, None]
    # the name by which a row has found its club is no change, however it is typed
    assert [one.state.value for one in rows] == ["same", "same", "same", "new"]
    (renamed,) = judged("Số;Tên;Thôn, ấp\n2;HOA SEN;Ấp 2\n", *clubs)
    assert renamed.ids == {"2:name": True}


def test_only_cells_that_say_something_else_change():
    one = club(1, "Hoa Sen", "Ấp 1", board_size=5, areas=["income"], has_income_fund=True)
    (row,) = judged(
        "Số;Tên;Thôn;Ngày thành lập;BCN;Mảng hoạt động;Quỹ tăng thu nhập;Quỹ hoạt động\n"
        "1;Hoa Sen;;01/3/2020;7;Tăng thu nhập;–;x\n",
        one,
    )
    changes = {change.column.value: (change.old, change.new) for change in row.changes}
    assert changes == {"board_size": (5, 7), "has_operating_fund": (False, True)}
    assert row.ids == {"2:board_size": True, "2:has_operating_fund": True}


MISTAKES = {
    "9;Hoa Sen;Ấp 1;1/5/2021;5;;có": ["number"],
    "một;Hoa Sen;Ấp 1;1/5/2021;5;;có": ["number"],
    ";Hoa Súng;Ấp 1;;5;;có": ["founded_on"],
    ";Hoa Súng;Ấp 1;31/2/2021;5;;có": ["founded_on"],
    ";Hoa Súng;Ấp 1;1/5/2031;5;;có": ["founded_on"],
    ";Hoa Súng;Ấp 1;1/5/1951;5;;có": ["founded_on"],
    ";Hoa Súng;Ấp 1;1/5/2021;năm;;có": ["board_size"],
    ";Hoa Súng;Ấp 1;1/5/2021;500;;có": ["board_size"],
    ";Hoa Súng;Ấp 1;1/5/2021;5;khiêu vũ;có": ["areas"],
    ";Hoa Súng;Ấp 1;1/5/2021;5;;50.000.000": ["has_income_fund"],
    ";Hoa\u200bSúng;Ấp 1;1/5/2021;5;;có": ["name"],
    ";Hoa Trùng;;1/5/2021;5;;có": ["village"],
    ";Hoa Súng;Ấp 1;32/5/2021;0;khiêu vũ;có lẽ": [
        "founded_on",
        "board_size",
        "areas",
        "has_income_fund",
    ],
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_named_by_its_column_and_says_what_to_do(line):
    clubs = [club(1, "Hoa Sen", "Ấp 1"), club(2, "Hoa Trùng", "Ấp 1"), club(3, "Hoa Trùng", "Ấp 2")]
    head = "Số;Tên;Thôn;Thành lập;BCN;Mảng;Quỹ tăng thu nhập"
    (row,) = judged(f"{head}\n{line}\n", *clubs)
    assert told(row) == MISTAKES[line]
    assert row.state is ClubRowState.WRONG
    assert row.ids == {}
    assert all(str(problem.said) for problem in row.problems)
    assert "\n" not in sheets.told(row)


def test_an_area_that_there_is_not_is_told_as_it_was_typed():
    (row,) = judged("Tên;Ngày thành lập;Mảng\nHoa Súng;1/5/2021;Khiêu vũ, sức khỏe\n")
    assert "“Khiêu vũ”" in sheets.told(row)


def test_a_wrong_decision_number_is_refused():
    (row,) = judged("Tên;Ngày thành lập;Số quyết định\nHoa Súng;1/5/2021;12\n")
    assert told(row) == ["founding_number"]
    (row,) = judged("Tên;Ngày thành lập;Số quyết định\nHoa Súng;1/5/2021;12 / qđ-ubnd\n")
    assert row.values["founding_number"] == "12/QĐ-UBND"


def test_a_club_twice_in_a_list_is_taken_once():
    rows = judged(
        "Số;Tên;Thôn, ấp;Ngày thành lập\n"
        ";Hoa Súng;Ấp 1;1/5/2021\n;HOA SÚNG;Ấp 1;1/5/2021\n"
        "1;Hoa Sen;Ấp 3;\n;Hoa Sen;Ấp 1;2/3/2020\n",
        club(1, "Hoa Sen", "Ấp 1"),
    )
    assert [one.state.value for one in rows] == ["new", "wrong", "changed", "wrong"]
    assert "dòng 2" in sheets.told(rows[1])
    assert "dòng 4" in sheets.told(rows[3])


def test_one_that_has_ended_is_not_changed_by_a_list():
    ended = club(1, "Hoa Sen", "Ấp 1", state=ClubState.CLOSED, ended_on=date(2021, 1, 1))
    head = "Số;Tên;Thôn, ấp;Ngày thành lập"
    rows = judged(f"{head}\n1;Hoa Sen;Ấp 1;01/3/2020\n", ended)
    assert rows[0].state is ClubRowState.SAME
    rows = judged(f"{head}\n1;Hoa Sen;Ấp 2;01/3/2020\n", ended)
    assert told(rows[0]) == ["name"]
    running = club(2, "Hoa Sen", "Ấp 1")
    rows = judged(f"{head}\n;Hoa Sen;Ấp 1;01/4/2020\n", ended, running)
    assert rows[0].club is running


def test_what_is_unlikely_is_not_ticked_by_itself():
    rows = judged(
        "Số;Tên;Thôn, ấp;Ngày thành lập\n;Hoa Súng;Ấp 1;1/5/2007\n1;Hoa Lài;Ấp 2;\n2;;;1/5/2007\n",
        club(1, "Hoa Sen", "Ấp 1"),
        club(2, "Hoa Lài", "Ấp 2"),
    )
    assert rows[0].ids == {"2": False}
    assert rows[0].doubts
    assert rows[1].ids == {"3:name": False, "3:village": True}
    assert rows[2].ids == {"4:founded_on": False}


def test_what_is_decided_on_has_a_digest_of_its_own():
    text = "Số;Tên;Thôn, ấp\n1;Hoa Sen;Ấp 2\n"
    first = seen_of(judged(text, club(1, "Hoa Sen", "Ấp 1")))
    assert first == seen_of(judged(text, club(1, "Hoa Sen", "Ấp 1")))
    assert first != seen_of(judged(text, club(1, "Hoa Sen", "Ấp 1", version=2)))
    assert first != seen_of(judged(text, club(1, "Hoa Sen", "Ấp 3")))


# --- Files --------------------------------------------------------------------------------


def test_the_template_is_read_back_and_changes_nothing():
    clubs = [
        club(1, "Hoa Sen", "Ấp 1", founding_number="12/QĐ-UBND", board_size=5, areas=list(AREAS)),
        club(2, "=HYPERLINK", "Ấp 2", has_income_fund=True, note="Sinh hoạt ngày 15"),
    ]
    data = sheets.template(clubs, AREAS)
    rows = judge(reading.read(data).rows, clubs, AREAS, TODAY)
    assert [one.state.value for one in rows] == ["same", "same"]
    names = [sheet.name for sheet in open_book(data, "a.xlsx").sheets]
    assert names == ["Danh sách", "Hướng dẫn"]


def test_rows_to_mend_come_back_with_what_is_wrong():
    rows = judged("Tên;Ngày thành lập\nHoa Súng;32/5/2021\n")
    data = sheets.rows_to_mend(rows)
    (sheet,) = open_book(data, "a.xlsx").sheets
    assert "Ngày thành lập:" in sheet.text(2, 10)
    (again,) = reading.read(data).rows
    assert again.cell(ClubColumn.NAME) == "Hoa Súng"


def test_days_and_numbers_of_excel_are_read_as_they_are():
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        page = book.add_worksheet("CLB")
        page.write_row(0, 0, ["Số", "Tên", "Ngày thành lập", "Ban chủ nhiệm"])
        page.write(1, 1, "Hoa Súng")
        page.write_datetime(1, 2, date(2021, 5, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
        page.write_number(1, 3, 5)
    (row,) = judge(reading.read(kept.getvalue()).rows, [], AREAS, TODAY)
    assert row.state is ClubRowState.NEW
    assert (row.values["founded_on"], row.values["board_size"]) == (date(2021, 5, 1), 5)
