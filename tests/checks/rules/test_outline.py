"""V18: the numerals of the sections."""

import pytest
from support.plandocs import changed, codes, found, said

from lth.content.model import Content, SectionText
from lth.models.finding import Severity, Stage


def titled(*titles: str) -> Content:
    return changed(sections=tuple(SectionText(f"s{n}", one) for n, one in enumerate(titles, 1)))


CASES = [
    ("as Tam Tiến: no III", ["I. Mục đích", "II. Mục tiêu", "IV. Đối tượng"], ["s3"]),
    ("one after the other", ["I. Mục đích", "II. Mục tiêu", "III. Đối tượng"], []),
    ("a number twice", ["I. Mục đích", "II. Mục tiêu", "II. Đối tượng"], ["s3"]),
    ("it begins with II", ["II. Mục tiêu", "III. Đối tượng"], ["s1"]),
    ("one fault, not one for each that follows", ["I. A", "III. B", "IV. C"], ["s2"]),
    ("titles without numerals", ["Mở đầu", "I. Mục đích", "Ghi chú", "II. Mục tiêu"], []),
    ("none at all", ["Mục đích", "Mục tiêu"], []),
    ("no sections", [], []),
    ("digits", ["1. Mục đích", "2. Mục tiêu", "4. Đối tượng"], ["s3"]),
    ("digits to ten", [f"{n}. Mục" for n in range(1, 11)], []),
    ("letters", ["A. Mục đích", "B. Mục tiêu", "C. Đối tượng", "D. Kinh phí"], []),
    ("letters with a gap", ["A. Mục đích", "B. Mục tiêu", "D. Kinh phí"], ["s3"]),
    (
        "to the ninth and beyond",
        [f"{n}. Mục" for n in ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"]],
        [],
    ),
    (
        "anew under each part",
        ["Phần thứ nhất", "I. Căn cứ", "II. Thực trạng", "Phần thứ hai", "I. Mục tiêu"],
        [],
    ),
    ("anew without a part", ["I. Căn cứ", "II. Thực trạng", "I. Mục tiêu"], ["s3"]),
    (
        "a word that looks like a numeral",
        ["I. Mục đích", "Vì sao lập kế hoạch", "II. Mục tiêu"],
        [],
    ),
]


@pytest.mark.parametrize(("titles", "places"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_sections_follow_one_another(titles, places):
    findings = found(titled(*titles), "V18", Stage.SUBMIT)
    assert [(one.place, one.severity) for one in findings] == [
        (one, Severity.WARNING) for one in places
    ]


def test_it_says_which_is_missing():
    assert said(titled("I. Mục đích", "II. Mục tiêu", "IV. Đối tượng"), "V18") == [
        "Sau mục II là “IV. Đối tượng”: không có mục III."
    ]


def test_a_draft_may_still_have_gaps():
    assert "V18" not in codes(titled("I. Mục đích", "III. Đối tượng"), Stage.DRAFT)
