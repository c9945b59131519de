"""A range from a spreadsheet as lines of a budget."""

import pytest

from lth.content import line_table
from lth.content.line_table import ORDER

HEADED = """STT\tNội dung\tĐVT\tSố lượng\tĐơn giá\tThành tiền\tNguồn kinh phí\tCấp ngân sách\tNăm
I\tTruyền thông
1\tTập huấn ban chủ nhiệm\tbuổi\t2\t5.000.000\t10.000.000\tNSNN\tCấp xã\t2021
2\tMua loa\tbộ\t3\t2.000.000\t6.000.000\tXã hội hóa\t\t2021
\tTổng cộng\t\t\t\t16.000.000"""


def test_heads_tell_the_columns_and_sums_and_headings_are_no_lines():
    table = line_table.read(HEADED)
    first, second = table.rows
    assert first == {
        "activity": "Tập huấn ban chủ nhiệm",
        "unit": "buổi",
        "quantity": "2",
        "unit_price": "5.000.000",
        "amount": "10.000.000",
        "source": "state",
        "level": "commune",
        "year": "2021",
    }
    assert second["source"] == "social" and "level" not in second
    assert table.skipped == ["I Truyền thông", "Tổng cộng 16.000.000"]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Tập huấn\tbuổi\t2\t5.000.000", "activity unit quantity unit_price"),
        ("1\tTập huấn\t100 triệu\tNgân sách\n2\tLoa\t50 triệu\tXHH", "activity amount source"),
        ("Tập huấn\t100.000.000\t2021\nLoa\t5.000.000\t2022", "activity amount year"),
        ("Loa\tbộ\t3\t2.000\t6.000\tNSNN\txã\t2021", " ".join(ORDER)),
        ("Hạng mục\tDự toán\tNguồn\nLoa\t5.000\tQuỹ", "activity amount source"),
        ("Nội dung chi\tMức chi\tSL\nLoa\t5.000\t2", "activity unit_price quantity"),
    ],
)
def test_columns_are_told_by_what_stands_in_them(text, fields):
    assert set(line_table.read(text).rows[0]) == set(fields.split())


def test_what_is_no_choice_stays_to_be_marked():
    table = line_table.read("Nội dung\tSố tiền\tNguồn\nLoa\t5.000\tbà con")
    assert table.rows[0]["source"] == "bà con"


@pytest.mark.parametrize("text", ["", "\t\t", "\n\n", "chỉ một ô"])
def test_nothing_is_read_out_of_nothing(text):
    assert line_table.read(text).rows == []


def test_a_column_that_nothing_is_made_of_is_said():
    table = line_table.read("Loa\tbộ\t3\t2.000\tbà con\txã\nXe\tchuyến\t1\t5.000\ttự lo\txã")
    assert table.unread == ["bà con"]
    assert line_table.read(HEADED).unread == []
