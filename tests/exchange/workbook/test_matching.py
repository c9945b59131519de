"""Names of a unit's own sheet beside those of the programme: told alike only where they are."""

import pytest

from lth.exchange.workbook.matching import _nearest, _words

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
