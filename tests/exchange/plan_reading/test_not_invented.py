"""What a hurried reader would take for a target of the plan, and is none."""

import pytest

from lth.content.line_types import Baseline, Definition, Paper
from lth.content.model import TargetLine
from lth.exchange.plan_reading.found import FoundItem, Reading
from lth.exchange.plan_reading.read import read_text
from lth.models.parts import Frequency, PaperRole

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
        "Thành lập 10 câu lạc bộ dưỡng sinh, 05 câu lạc bộ thơ.",
        "Phấn đấu 80% xã có các loại hình câu lạc bộ chăm sóc và phát huy vai trò người cao tuổi.",
        "100% người cao tuổi được khám sức khỏe định kỳ ít nhất 01 lần/năm.",
        "Phấn đấu 5 xã có 100% thôn có câu lạc bộ.",
        "Có 25% thôn, tổ dân phố có câu lạc bộ.",
        "30% hội viên nông dân dưới 40 tuổi.",
        "Có 05 câu lạc bộ được khen thưởng cấp tỉnh.",
        "Tổ chức hội thi vào năm 2023, có 20 câu lạc bộ tham gia.",
        "Mỗi xã chọn 01 câu lạc bộ làm điểm để rút kinh nghiệm.",
        "Lựa chọn tổ dân phố có từ 100 người cao tuổi trở lên để thành lập câu lạc bộ.",
        "100% câu lạc bộ có nội quy, quy chế quản lý tài chính.",
        "Góp phần hoàn thành mục tiêu 60% xã, phường có câu lạc bộ chăm sóc người cao tuổi.",
        "Phấn đấu 60% xã có câu lạc bộ theo Chương trình hành động quốc gia.",
        "Tập huấn lại cho 30% Ban Chủ nhiệm câu lạc bộ cũ.",
        "Có thêm 04 xã có câu lạc bộ.",
        "Tình nguyện viên của câu lạc bộ giúp đỡ 5 - 10 người cao tuổi có hoàn cảnh khó khăn.",
        "Số câu lạc bộ có quỹ từ 50 triệu đồng trở lên: .......... CLB",
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
        "Toàn xã thành lập mới được 06 câu lạc bộ, đạt 15% chỉ tiêu năm.",
        "Mới có 03 câu lạc bộ hoạt động đủ 8 nội dung.",
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
        ("80% số phường, thị trấn có câu lạc bộ.", "commune_coverage_pct"),
        ("Hai năm đầu thành lập 10 câu lạc bộ.", "clubs_new"),
    ],
)
def test_what_is_unclear_is_told_with_a_suggestion(sentence: str, suggestion: str) -> None:
    reading = read_target(sentence)

    assert reading.of("target") == []
    assert [one.suggestion for one in reading.unplaced] == [suggestion]


def test_words_of_one_figure_are_not_those_of_another() -> None:
    sentence = (
        "70% câu lạc bộ trở lên hoạt động đủ 8 nội dung, lãi suất cho vay không quá 1%/tháng."
    )

    assert found(TARGETS.format(sentence)) == [
        "clubs_full8_pct gte 7000 None",
        "loan_rate_month lte None 100",
    ]


def test_years_go_with_the_figure_they_stand_behind() -> None:
    reading = read_target("Thành lập 05 câu lạc bộ trong năm 2023 và 04 câu lạc bộ trong năm 2024.")
    lines = [item.line for item in reading.of("target") if isinstance(item.line, TargetLine)]

    assert [(line.low, line.phase) for line in lines] == [(5, "2023"), (4, "2024")]


def test_only_years_between_two_figures_carry_the_indicator_over() -> None:
    carried = "Tỷ lệ thành viên được vay vốn: năm 2023 đạt 40%; năm 2025 đạt 50%."
    other = "Tỷ lệ thành viên được vay vốn: năm 2023 đạt 40%; năm 2025 hộ nghèo còn 2%."

    assert len(found(TARGETS.format(carried))) == 2
    assert len(found(TARGETS.format(other))) == 1


def test_a_column_of_what_is_there_already_is_no_target() -> None:
    table = (
        "I. CHỈ TIÊU\nTT | Chỉ tiêu | ĐVT | Hiện trạng 2021 | Năm 2025\n"
        "1 | Số câu lạc bộ thành lập mới | CLB | 3 | 5\n"
    )
    reading = read_text(HEAD + table)

    assert [_short(item) for item in reading.of("target")] == ["clubs_new eq 5 None"]
    assert [_stated(item) for item in reading.of("baseline")] == ["clubs_new 3 2021"]


def test_a_row_without_a_unit_counts_what_its_name_begins_with() -> None:
    table = (
        "I. CHỈ TIÊU\nTT | Chỉ tiêu | 2023 | 2024\n"
        "1 | Câu lạc bộ thành lập mới (CLB) | 1 | 2\n"
        "2 | Số hội viên Hội Người cao tuổi | 500 | 550\n"
        "3 | Số hộ gia đình văn hóa | 900 | 950\n"
    )

    assert found(HEAD + table) == ["clubs_new eq 1 None", "clubs_new eq 2 None"]


def test_once_a_month_is_not_said_twice() -> None:
    sentence = "100% câu lạc bộ sinh hoạt mỗi tháng ít nhất 01 lần."

    assert found(TARGETS.format(sentence)) == ["meetings_month gte 100 None"]


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("Ngân sách nhà nước theo phân cấp; năm 2023 bố trí 65 triệu đồng.", "state"),
        ("Ngân sách xã; nhân dân đóng góp; năm 2023 bố trí 65 triệu đồng.", None),
    ],
)
def test_an_amount_has_the_source_before_it_only_where_there_is_one(
    words: str, source: str | None
) -> None:
    text = TARGETS.format("Thành lập 02 câu lạc bộ.") + f"II. KINH PHÍ\n1. {words}\n"
    lines = [item.line for item in read_text(text).of("budget")]

    assert [getattr(line, "source", "") for line in lines if getattr(line, "amount", 0)] == [source]


def test_a_blank_form_behind_the_plan_has_nothing() -> None:
    form = (
        "Nơi nhận:\n- UBND huyện;\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n(Đã ký)\nMẫu số 02\n"
        "1. Thành lập mới 05 câu lạc bộ (ví dụ)\n"
    )

    assert found(TARGETS.format("Thành lập 02 câu lạc bộ.") + form) == ["clubs_new eq 2 None"]


PAST = HEAD + "I. THỰC TRẠNG\n{}\nII. MỤC TIÊU\n1. Thành lập 02 câu lạc bộ.\n"


def _stated(item: FoundItem) -> str:
    assert isinstance(item.line, Baseline)
    return f"{item.line.indicator} {item.line.value} {item.line.as_of}".strip()


def test_the_state_of_things_is_read_with_its_day() -> None:
    text = PAST.format(
        "Tính đến 31/12/2021, xã có 806 người cao tuổi. Hiện có 02 câu lạc bộ với 109 thành viên."
    )

    assert [_stated(item) for item in read_text(text).of("baseline")] == [
        "older_population 806 31/12/2021",
        "clubs_existing 2 31/12/2021",
        "members_total 109 31/12/2021",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Huyện có 16 xã, 02 thị trấn.",
        "Đã giúp 456 người cao tuổi nghèo.",
        "Trong đó 214 người cao tuổi cô đơn.",
        "Năm 2021 thành lập mới 05 câu lạc bộ.",
        "Theo Chương trình hành động quốc gia phải có 55 câu lạc bộ.",
        "Bình quân mỗi câu lạc bộ có 55 thành viên.",
        "Có khoảng 900 người cao tuổi.",
    ],
)
def test_what_is_of_a_part_or_an_aim_is_no_state_of_things(sentence: str) -> None:
    assert [_stated(item) for item in read_text(PAST.format(sentence)).of("baseline")] == []


def test_more_communes_than_clubs_are_not_those_with_a_club() -> None:
    text = PAST.format("Đã thành lập 21 câu lạc bộ tại 109 xã, phường, thị trấn.")

    assert [_stated(item) for item in read_text(text).of("baseline")] == ["clubs_existing 21"]


@pytest.mark.parametrize(
    ("sentence", "ages"),
    [
        ("70% là người cao tuổi (từ 55 tuổi trở lên).", [55]),
        ("Người cao tuổi từ đủ 80 tuổi trở lên được hưởng trợ cấp.", []),
        ("Trong đó 214 người từ 60 tuổi trở lên.", []),
        ("Người cận cao tuổi (từ 55 đến dưới 60 tuổi).", []),
    ],
)
def test_a_group_by_age_is_no_definition(sentence: str, ages: list[int]) -> None:
    lines = [item.line for item in read_target(sentence).of("definition")]

    assert [line.age for line in lines if isinstance(line, Definition)] == ages


LETTER = """ỦY BAN NHÂN DÂN
HUYỆN BẮC LA
Số: 70/UBND-LĐTBXH
V/v đẩy mạnh nhân rộng Câu lạc bộ Liên thế hệ tự giúp nhau
Bắc La, ngày 12 tháng 5 năm 2023
Kính gửi: UBND các xã, thị trấn.
Thực hiện {}, UBND huyện yêu cầu:
1. UBND các xã, thị trấn: Thành lập câu lạc bộ.
"""


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        ("Kế hoạch số 45/KH-UBND ngày 17/3/2021 của UBND huyện về nhân rộng", ["45/KH-UBND"]),
        ("Kế hoạch số 45/KH-UBND ngày 17/3/2021 của UBND tỉnh về nhân rộng", []),
        ("Kế hoạch số 45/KH-UBND của UBND huyện", []),
        ("Quyết định số 45/QĐ-UBND ngày 17/3/2021 của UBND huyện", []),
    ],
)
def test_only_the_units_own_plan_with_its_day_is_the_one_cited(
    words: str, cited: list[str]
) -> None:
    lines = [item.line for item in read_text(LETTER.format(words)).of("paper")]
    papers = [line for line in lines if isinstance(line, Paper)]

    assert [one.number for one in papers if one.role is PaperRole.CITED] == cited


def test_a_plan_cites_bases_only() -> None:
    text = TARGETS.format("Theo Kế hoạch số 9/KH-UBND ngày 02/3/2021 của UBND xã.")

    assert len(read_text(text).of("paper")) == 1


def test_the_sum_of_a_year_is_not_that_of_the_plan() -> None:
    text = TARGETS.format("Thành lập 02 câu lạc bộ.") + (
        "II. KINH PHÍ\n- Năm 2023: 90.000.000 đồng (ngân sách xã 40.000.000 đồng, "
        "xã hội hóa 50.000.000 đồng).\n"
    )
    reading = read_text(text)

    assert reading.header.budget_total is None
    assert len(reading.of("budget")) == 2


def test_tones_do_not_make_a_quarter_a_year() -> None:
    text = TARGETS.format("Thành lập 02 câu lạc bộ.") + (
        "II. TỔ CHỨC THỰC HIỆN\n"
        "1. Hội Người cao tuổi xã: hằng quý nắm tình hình, báo cáo UBND xã.\n"
    )
    lines = [item.line for item in read_text(text).of("reporting")]

    assert [getattr(line, "frequency", None) for line in lines] == [Frequency.QUARTERLY]


def test_a_title_in_capitals_is_no_heading() -> None:
    head = HEAD.replace("Nhân rộng Câu lạc bộ", "TỔ CHỨC THỰC HIỆN ĐỀ ÁN NHÂN RỘNG CÂU LẠC BỘ")

    assert "giai đoạn 2022 - 2025" in read_text(head).header.title


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
