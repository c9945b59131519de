"""Text as people type and paste it into a section, as paragraphs and tables."""

import unicodedata

import pytest

from lth.exchange.papers.body import blocks, runs
from lth.exchange.papers.text import Align, Block, Paragraph, ParagraphStyle, Run, Table


def texts(text: str) -> list[tuple[str, str]]:
    """Each paragraph's style and words; tables are left out."""
    return [(one.style.value, one.text) for one in blocks(text) if isinstance(one, Paragraph)]


def table_of(text: str) -> Table:
    (found,) = [one for one in blocks(text) if isinstance(one, Table)]
    return found


@pytest.mark.parametrize(
    ("line", "style", "words"),
    [
        ("I. Mục tiêu", "part", "I. MỤC TIÊU"),
        ("IV. **Kinh phí**", "part", "IV. KINH PHÍ"),
        ("Phần thứ nhất. Căn cứ", "part", "PHẦN THỨ NHẤT. CĂN CỨ"),
        ("1. Mục tiêu chung", "clause", "1. Mục tiêu chung"),
        ("2.1. Giai đoạn 2026 - 2030", "clause", "2.1. Giai đoạn 2026 - 2030"),
        ("2. Phòng Y tế chủ trì khám sức khỏe.", "plain", "2. Phòng Y tế chủ trì khám sức khỏe."),
        ("a) Thành lập mới;", "point", "a) Thành lập mới;"),
        ("đ) Duy trì;", "point", "đ) Duy trì;"),
        ("- Duy trì;", "item", "- Duy trì;"),
        ("-Duy trì;", "item", "- Duy trì;"),
        ("– Duy trì;", "item", "- Duy trì;"),
        ("\uf0b7 Duy trì;", "item", "- Duy trì;"),
        ("• Duy trì;", "item", "- Duy trì;"),
        ("+ Tập huấn;", "item", "+ Tập huấn;"),
        ("* Tập huấn;", "item", "- Tập huấn;"),
        ("Điều 2. Hiệu lực", "article", "Điều 2. Hiệu lực"),
        ("50 - 70 thành viên", "plain", "50 - 70 thành viên"),
        ("1.000.000 đồng", "plain", "1.000.000 đồng"),
        ("2021. Một năm", "plain", "2021. Một năm"),
        ("Đến năm   2025", "plain", "Đến năm 2025"),
    ],
)
def test_a_line_is_what_its_numeral_says(line: str, style: str, words: str) -> None:
    assert texts(line) == [(style, words)]


def test_titles_are_bold_and_sentences_are_not() -> None:
    part, clause, sentence = blocks("I. Mục tiêu\n1. Mục tiêu chung\n2. Làm tốt công tác này.")
    assert [all(run.bold for run in one.runs) for one in (part, clause)] == [True, True]
    assert not any(run.bold for run in sentence.runs)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Làm **tốt** việc", (Run("Làm "), Run("tốt", bold=True), Run(" việc"))),
        ("*nghiêng* thôi", (Run("nghiêng", italic=True), Run(" thôi"))),
        ("5 * 3 * 2", (Run("5 * 3 * 2"),)),
        ("hai ** sao", (Run("hai ** sao"),)),
        ("**mở không đóng", (Run("**mở không đóng"),)),
        ("a*b*c", (Run("a*b*c"),)),
        ("*", (Run("*"),)),
        ("", ()),
    ],
)
def test_bold_and_italic(text: str, found: tuple[Run, ...]) -> None:
    assert runs(text) == found


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("Duy trì và nhân rộng câu lạc bộ ở các\nxã, thị trấn.", 1),
        ("Phối hợp với Ban Đại diện Hội Người cao tuổi huyện và các phòng\nTài chính.", 1),
        ("Gồm Hội,\nĐoàn.", 1),
        ("Trong giai đoạn 2021\n- 2025 làm tốt.", 1),
        ("Câu một.\nCâu hai.", 2),
        ("Gồm:\n- một;\n- hai.", 3),
        ("- một, và còn\nnữa;\n- hai.", 2),
        ("Câu một\n\nCâu hai", 2),
        ("Tiêu đề ngắn\nCâu khác", 2),
        ("1. Mục tiêu chung\nNhân rộng câu lạc bộ.", 2),
        ("\n\n  \n", 0),
    ],
)
def test_a_line_that_was_cut_is_joined(typed: str, lines: int) -> None:
    assert len(texts(typed)) == lines


def test_joined_lines_have_one_space_between() -> None:
    assert texts("ở các  \n  xã") == [("plain", "ở các xã")]


def test_nothing_is_lost() -> None:
    text = "I. A\nb\n- c\n1\t2\n3\t4\nmột\tô\n#let x = 1\n\\* ]"
    found: list[str] = []
    for block in blocks(text):
        if isinstance(block, Table):
            found += [column.title for column in block.columns]
            found += [cell for row in block.rows for cell in row.cells]
        else:
            found.append(block.text)
    assert sorted("".join(found).replace(" ", "")) == sorted("".join(text.split()))


def test_text_is_composed() -> None:
    (block,) = blocks(unicodedata.normalize("NFD", "Đẩy mạnh ở cơ sở"))
    assert isinstance(block, Paragraph)
    assert block.text == "Đẩy mạnh ở cơ sở"
    assert unicodedata.is_normalized("NFC", block.text)


PASTED = (
    "Kinh phí:\n"
    "TT\tNội dung\tSố tiền (đồng)\n"
    "I\tNgân sách\t\n"
    "1\tTập huấn\t400.000.000\n"
    "2\tTuyên truyền\t1.000.000\n"
    "\tTổng cộng\t401.000.000\n"
    "Sau bảng."
)


def test_a_table_pasted_from_word() -> None:
    found = blocks(PASTED)
    assert [type(one).__name__ for one in found] == ["Paragraph", "Table", "Paragraph"]
    table = table_of(PASTED)
    assert [column.title for column in table.columns] == ["TT", "Nội dung", "Số tiền (đồng)"]
    assert [column.align for column in table.columns][1:] == [Align.LEFT, Align.RIGHT]
    assert [row.cells[1] for row in table.rows] == [
        "Ngân sách", "Tập huấn", "Tuyên truyền", "Tổng cộng",
    ]  # fmt: skip
    assert [row.total for row in table.rows] == [False, False, False, True]


def test_rows_of_a_pasted_table_are_filled_up_and_empty_columns_left_out() -> None:
    table = table_of("A\t\tB\tC\n1\t\t2\nMột nhóm\n3\t\t4\t5".replace("Một nhóm\n", "Một nhóm\t\n"))
    assert [column.title for column in table.columns] == ["A", "B", "C"]
    assert {len(row.cells) for row in table.rows} == {3}
    assert [row.heading for row in table.rows] == [False, True, False]


def test_one_line_with_a_tab_is_a_line() -> None:
    assert texts("Tên\tgọi") == [("plain", "Tên gọi")]


def test_a_block_is_known_by_its_type() -> None:
    kinds: set[type[Block]] = {type(one) for one in blocks(PASTED)}
    assert kinds == {Paragraph, Table}
    assert ParagraphStyle.PLAIN.value == "plain"
