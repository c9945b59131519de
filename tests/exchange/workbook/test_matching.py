"""Names of a unit's own sheet beside those of the programme: told alike only where they are."""

import pytest

from lth.exchange.workbook.matching import MatchedRow, _nearest, _without_rivals, _words

LABELS = {
    "clubs_new": "Câu lạc bộ thành lập mới",
    "members_total": "Số thành viên câu lạc bộ",
    "older_share": "Tỷ lệ thành viên là người cao tuổi",
    "older_women": "Tỷ lệ nữ người cao tuổi",
}
WORDS = {code: _words(label) for code, label in LABELS.items()}


@pytest.mark.parametrize(
    "name, code, sure",
    [
        ("Số CLB thành lập mới", "clubs_new", True),
        ("CÂU LẠC BỘ THÀNH LẬP MỚI", "clubs_new", True),
        ("Tổng số thành viên", "members_total", False),
        ("Tổng số TV CLB", "members_total", True),
        ("Tỷ lệ NCT", "older_women", False),
        ("Chi hội nghị tổng kết", "", False),
        ("Tổng số", "", False),
    ],
)
def test_a_name_is_sure_only_where_it_says_the_same(name, code, sure):
    found, likeness = _nearest(_words(name), WORDS)
    assert (found, likeness == 1.0) == (code, sure)


def test_of_two_rows_taken_for_one_indicator_the_less_like_is_taken_for_none():
    rows = [
        (MatchedRow(3, "Số thành viên", "women_total", sure=False), 0.6),
        (MatchedRow(4, "Thành viên là nữ", "women_total", sure=False), 0.8),
        (MatchedRow(5, "Việc khác", "", sure=False), 0.1),
    ]
    assert [row.code for row in _without_rivals(rows)] == ["", "women_total", ""]
