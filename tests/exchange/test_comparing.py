"""A signed PDF's text beside the paper's: what a stamp explains, and what it does not."""

import unicodedata
from datetime import date

import pytest
import typst
from support.signing import LEADER

from lth.core.errors import BlockedError
from lth.exchange.handover import comparing
from lth.exchange.handover.comparing import PdfText, TextStanding
from lth.models import OfficialPaper

PAPER = OfficialPaper(
    number=5,
    symbol="KH-UBND",
    written="05/KH-UBND",
    letters="KH",
    year=2026,
    issued_on=date(2026, 11, 20),
    signer=f"TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n{LEADER}",
)
BODY = "Thành lập mới 12 câu lạc bộ, mỗi câu lạc bộ 50 thành viên; kinh phí 15.000.000 đồng."
BLANK = f"Số:      /KH-UBND Tập Sơn, ngày      tháng      năm 2026 {BODY} Nơi nhận: - Như trên;"


def compared(before: str, now: str):
    return comparing.compare(PdfText(1, [before]), PdfText(1, [now]), PAPER)


@pytest.mark.parametrize(
    "now",
    [
        BLANK.replace("Số:      /", "Số: 05/").replace(
            "ngày      tháng      năm", "ngày 20 tháng 11 năm"
        ),
        BLANK + "\n05\n20 11",
        BLANK + f"\nKý bởi: {LEADER}\nThời gian ký: 20/11/2026 09:30:12 +07:00\nEmail: a@b.gov.vn",
        BLANK + "\nDigitally signed by: UBND xã Tập Sơn\nDate: 2026-11-20T09:30:12+07:00",
    ],
)
def test_number_day_and_stamps_are_expected(now):
    found = compared(BLANK, now)
    assert found.standing is TextStanding.STAMPED, found.changes
    assert found.stamps
    assert found.changes == ()


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("12 câu lạc bộ", "21 câu lạc bộ"),
        ("50 thành viên", "30 thành viên"),
        ("15.000.000 đồng", "75.000.000 đồng"),
        ("Thành lập mới", "Không thành lập mới"),
        ("mỗi câu lạc bộ 50 thành viên; ", ""),
        ("Như trên", "Như trên; Ký bởi: kinh phí do xã chi 900.000.000 đồng " * 20),
    ],
)
def test_a_changed_word_or_figure_is_never_a_stamp(was, now):
    found = compared(BLANK, BLANK.replace(was, now))
    assert found.standing is TextStanding.DIFFERENT
    assert found.changes


def test_the_same_text_is_the_same_however_its_lines_break():
    found = compared(BLANK, BLANK.replace(" ", "\n"))
    assert found.standing is TextStanding.SAME


def test_decomposed_letters_are_the_same():
    assert compared(BLANK, unicodedata.normalize("NFD", BLANK)).standing is TextStanding.SAME


def test_a_scan_has_no_text_to_compare():
    assert compared(BLANK, "\n \n").standing is TextStanding.NO_TEXT


def test_what_was_found_is_kept_as_it_was():
    found = compared(BLANK, BLANK.replace("12", "21"))
    assert comparing.TextComparison.from_json(found.as_json()) == found


def test_very_many_changes_are_cut_short():
    before = "".join(f"Xã {number} lập. Ba câu lạc bộ {number}. " for number in range(500))
    found = compared(before, before.replace("lập", "bỏ"))
    assert len(found.changes) == comparing.MOST_CHANGES
    assert found.more == 500 - comparing.MOST_CHANGES


def test_a_pdf_is_read_page_by_page():
    source = f'#set text(font: "Libertinus Serif")\n{BODY}\n#pagebreak()\nTrang hai'
    data = typst.compile(source.encode(), format="pdf")
    found = comparing.read(data)
    assert found.pages == 2
    assert "50 thành viên" in found.words
    assert "Trang hai" in found.texts[1]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"\x00" * 5000, b"PK\x03\x04"])
def test_what_is_no_pdf_is_refused(data):
    with pytest.raises(BlockedError):
        comparing.read(data)


def test_a_figure_alone_on_its_line_counts():
    """As the cells of a table come out of a PDF, and pages' numbers too."""
    rows = "Chỉ tiêu\nCâu lạc bộ mới\n12\nThành viên\n600\n2\n"
    found = compared(rows, rows.replace("600", "900"))
    assert found.standing is TextStanding.DIFFERENT
    assert [(one.before, one.now) for one in found.changes] == [("600", "900")]


def test_one_changed_word_of_a_long_paper_is_found_alone():
    sentence = "Ủy ban nhân dân xã thành lập câu lạc bộ liên thế hệ tự giúp nhau số {}; "
    paper = "".join(sentence.format(number) for number in range(1500))
    found = compared(paper, paper.replace("số 700;", "số 701;"))
    assert [(one.before, one.now) for one in found.changes] == [("700;", "701;")]


def test_a_stamp_of_a_million_letters_is_left_to_people():
    found = compared(BLANK, f"{BLANK}\nKý bởi: {'a' * 1_000_000}")
    assert found.standing is TextStanding.DIFFERENT
