"""What a hurried reader would take for a target of the plan, and is none."""

import pytest

from lth.content.model import TargetLine
from lth.exchange.plan_reading.found import FoundItem, Reading
from lth.exchange.plan_reading.read import read_text

HEAD = """ỦY BAN NHÂN DÂN
XÃ HÒA TÂN
Số: 12/KH-UBND
Hòa Tân, ngày 05 tháng 3 năm 2022
KẾ HOẠCH
Nhân rộng Câu lạc bộ Liên thế hệ tự giúp nhau giai đoạn 2022 - 2025 trên địa bàn xã Hòa Tân
"""
TARGETS = HEAD + "I. MỤC TIÊU\n1. Chỉ tiêu cụ thể\n- {}\n"


def found(text: str) -> list[str]:
    return [_short(item) for item in read_text(text).of("target")]


def _short(item: FoundItem) -> str:
    assert isinstance(item.line, TargetLine)
    return f"{item.line.indicator} {item.line.comparator.value} {item.line.low} {item.line.high}"


def read_target(sentence: str) -> Reading:
    return read_text(TARGETS.format(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Thực hiện Quyết định số 1336/QĐ-TTg ngày 31/8/2020 và Nghị định số 20/2021/NĐ-CP.",
        "Liên hệ số điện thoại 0236 3822 150 hoặc 0905.123.456.",
        "Người cao tuổi từ đủ 60 tuổi trở lên, người từ 80 tuổi được hưởng trợ cấp.",
        "Ít nhất 95% người cao tuổi có thẻ bảo hiểm y tế.",
        "Phấn đấu giảm 1,5% hộ nghèo mỗi năm.",
        "100% người cao tuổi được chúc thọ, mừng thọ theo quy định.",
        "90% hộ gia đình đạt danh hiệu gia đình văn hóa.",
        "Kết nạp 200 hội viên mới vào Hội Người cao tuổi.",
        "Trồng 500 cây xanh do người cao tuổi đảm nhận.",
        "80% cán bộ y tế được tập huấn về lão khoa.",
        "70% người cao tuổi được vay vốn của Ngân hàng Chính sách xã hội.",
        "50% trở lên số hội viên người cao tuổi tham gia câu lạc bộ thơ, dưỡng sinh.",
        "Trợ cấp 360.000 đồng/tháng cho người cao tuổi cô đơn.",
        "Xã đạt chuẩn nông thôn mới kiểu mẫu với 19/19 tiêu chí.",
        "Tỷ lệ xã, phường có câu lạc bộ hoạt động đạt chuẩn đạt 85%.",
    ],
)
def test_what_is_of_something_else_is_no_target(sentence: str) -> None:
    assert found(TARGETS.format(sentence)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Đã thành lập 06 câu lạc bộ với 318 thành viên.",
        "Hiện có 02 câu lạc bộ, 75% thành viên được vay vốn.",
        "Thời gian qua đã xây dựng được 05 câu lạc bộ.",
    ],
)
def test_what_has_been_reached_is_no_target(sentence: str) -> None:
    assert found(TARGETS.format(sentence)) == []


def test_nothing_of_what_stands_under_a_heading_about_the_past_is_a_target() -> None:
    text = "I. THỰC TRẠNG\n- Thành lập 09 câu lạc bộ, đạt 112% chỉ tiêu.\n- 70% thành viên là nữ.\n"

    assert found(HEAD + text) == []


@pytest.mark.parametrize(
    ("sentence", "suggestion"),
    [
        ("Thu hút khoảng 600 thành viên tham gia câu lạc bộ.", "members_total"),
        ("Mỗi thôn thành lập 01 câu lạc bộ mới.", "clubs_new"),
        ("Hai năm đầu thành lập 10 câu lạc bộ.", "clubs_new"),
        ("Mức quỹ bình quân đạt 40 triệu đồng/câu lạc bộ.", ""),
    ],
)
def test_what_is_unclear_is_told_with_a_suggestion(sentence: str, suggestion: str) -> None:
    reading = read_target(sentence)

    assert reading.of("target") == []
    assert [one.suggestion for one in reading.unplaced] == [suggestion]


def test_a_figure_that_nothing_is_known_of_is_listed_with_its_words() -> None:
    (left,) = read_target("Trồng 500 cây xanh do người cao tuổi đảm nhận.").unplaced

    assert left.quote.text == "Trồng 500 cây xanh do người cao tuổi đảm nhận"
    assert left.quote.line == 9


def test_money_of_the_budget_is_no_target_and_of_the_targets_no_budget() -> None:
    text = TARGETS.format("Mỗi câu lạc bộ có quỹ tăng thu nhập tối thiểu 20 triệu đồng.")
    reading = read_text(text + "II. KINH PHÍ\n- Ngân sách xã hỗ trợ quỹ: 30.000.000 đồng.\n")

    assert [_short(item) for item in reading.of("target")] == ["income_fund_min gte 20000000 None"]
    assert len(reading.of("budget")) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "abc", "1.\n2.\n3.\n", "I.\n" * 400, "%" * 5000])
def test_a_text_that_is_no_plan_has_nothing(text: str) -> None:
    reading = read_text(text)

    assert reading.of("target") == []
    assert reading.unit is None


@pytest.mark.parametrize(
    "text",
    [
        "Căn cứ " * 4000,
        "từ 50 đến " * 4000,
        "ít nhất " * 4000 + "50 câu lạc bộ",
        "báo cáo " * 4000,
        "(" * 20000,
        "mỗi câu lạc bộ, " * 3000,
        "1.1.1.1.1.1 " * 3000,
        "- \n" * 10000,
        "các sở, " * 3000 + "báo cáo",
    ],
)
def test_an_odd_text_ends(text: str) -> None:
    """Each of these must come back at once: no expression may go over it again and again."""
    read_text(HEAD + "I. MỤC TIÊU\n1. " + text)
    read_text(text)
