"""Shares of some sorts of communes, totals, averages and standard clubs, as plans word them."""

import pytest

from lth.exchange.plan_reading.read import read_text

HEAD = (
    "ỦY BAN NHÂN DÂN\n{unit}\nKẾ HOẠCH\nNhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau trên"
    " địa bàn {place} giai đoạn 2021 - 2025\nII. Mục tiêu, chỉ tiêu\n- {sentence}\n"
)
SAID = [
    ("Ít nhất 70% số xã nông thôn có câu lạc bộ.", "commune_coverage_pct rural 7000"),
    (
        "Ít nhất 75% số xã vùng đồng bào dân tộc thiểu số có câu lạc bộ.",
        "commune_coverage_pct ethnic_minority 7500",
    ),
    (
        "Ít nhất 60% số xã đặc biệt khó khăn có câu lạc bộ.",
        "commune_coverage_pct disadvantaged 6000",
    ),
    ("Ít nhất 65% số xã miền núi có câu lạc bộ.", "commune_coverage_pct mountain 6500"),
    ("Ít nhất 80% số phường có câu lạc bộ.", "commune_coverage_pct ward 8000"),
    ("Ít nhất 90% số thị trấn có câu lạc bộ.", "commune_coverage_pct town 9000"),
    ("Ít nhất 80% số phường, xã, thị trấn có câu lạc bộ.", "commune_coverage_pct all 8000"),
    ("Ít nhất 80% số phường, thị trấn có câu lạc bộ.", ""),
    ("Nâng tổng số lên 50 câu lạc bộ.", "clubs_total all 50"),
    (
        "Quỹ tăng thu nhập bình quân mỗi câu lạc bộ 48 triệu đồng.",
        "income_fund_avg all 48000000",
    ),
    ("Bình quân mỗi câu lạc bộ có 55 thành viên.", "club_size_avg all 5500"),
    ("Mỗi câu lạc bộ có 55 thành viên.", "club_size all 55"),
    ("Ít nhất 60% câu lạc bộ đạt chuẩn.", "clubs_standard_pct all 6000"),
]


def found(sentence: str, unit: str = "TỈNH THẠNH KHÊ", place: str = "tỉnh Thạnh Khê") -> str:
    reading = read_text(HEAD.format(unit=unit, place=place, sentence=sentence))
    lines = [item.line for item in reading.of("target")]
    return ", ".join(f"{line.indicator} {line.area} {line.low}" for line in lines)


@pytest.mark.parametrize(("sentence", "expected"), SAID)
def test_it_is_known_what_a_figure_is_of(sentence, expected):
    assert found(sentence) == expected


def test_in_a_quan_the_wards_are_all_there_is():
    said = found("Ít nhất 80% số phường có câu lạc bộ.", "QUẬN BÌNH AN", "quận Bình An")
    assert said == "commune_coverage_pct all 8000"
