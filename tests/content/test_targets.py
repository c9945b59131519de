"""Targets between the keyboard, the database and the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.content import targets
from lth.content.targets import Figure, FigureError
from lth.models import Indicator, Target
from lth.models.content import Comparator, TargetScope
from lth.models.programme import Measure, RollUp

EQ, GTE, GT = Comparator.EQ, Comparator.GTE, Comparator.GT
LTE, LT, BETWEEN = Comparator.LTE, Comparator.LT, Comparator.BETWEEN
COUNT, PERCENT, MONEY, RATE = Measure.COUNT, Measure.PERCENT, Measure.MONEY, Measure.RATE


def indicator(measure=COUNT, low=None, high=None, roll_up=RollUp.SUM, **extra):
    units = {
        COUNT: ("người", "people"),
        PERCENT: ("%", "%"),
        MONEY: ("đồng", "VND"),
        RATE: ("lần/tháng", "times a month"),
    }
    vi, en = units[measure]
    return Indicator(
        measure=measure,
        roll_up=roll_up,
        unit_vi=vi,
        unit_en=en,
        threshold_min=low,
        threshold_max=high,
        extra=extra,
    )


@pytest.mark.parametrize(
    ("measure", "comparator", "value", "second", "expected"),
    [
        (COUNT, "eq", "3.444", "", Figure(EQ, 3444)),
        (COUNT, "eq", "03", "", Figure(EQ, 3)),
        (COUNT, "eq", "0", "", Figure(EQ, 0)),
        (COUNT, "gt", " 3 444 ", "", Figure(GT, 3444)),
        (COUNT, "lte", "5", "", Figure(LTE, None, 5)),
        (COUNT, "lt", "5", "", Figure(LT, None, 5)),
        (COUNT, "between", "50", "70", Figure(BETWEEN, 50, 70)),
        (COUNT, "between", "50-70", "", Figure(BETWEEN, 50, 70)),
        (COUNT, "between", "từ 50 đến 70", "", Figure(BETWEEN, 50, 70)),
        (COUNT, "between", "50", "50", Figure(BETWEEN, 50, 50)),
        (PERCENT, "eq", "64,75", "", Figure(EQ, 64_75)),
        (PERCENT, "eq", "100 %", "", Figure(EQ, 100_00)),
        (PERCENT, "between", "60 – 70%", "", Figure(BETWEEN, 60_00, 70_00)),
        (PERCENT, "maintain", "100", "", Figure(Comparator.MAINTAIN, 100_00)),
        (MONEY, "eq", "1.235.000.000", "", Figure(EQ, 1_235_000_000)),
        (MONEY, "gte", "20 triệu", "", Figure(GTE, 20_000_000)),
        (MONEY, "between", "50 - 80 triệu đồng", "", Figure(BETWEEN, 50_000_000, 80_000_000)),
        (MONEY, "between", "800 nghìn - 1 triệu", "", Figure(BETWEEN, 800_000, 1_000_000)),
        (RATE, "between", "0,6", "1,0", Figure(BETWEEN, 60, 100)),
        (RATE, "gte", "2", "", Figure(GTE, 200)),
        (RATE, "gte", "0.6 %/tháng", "", Figure(GTE, 60)),
        (COUNT, "eq", "207 người", "", Figure(EQ, 207)),
        (COUNT, "gte", "≥ 50", "", Figure(GTE, 50)),
        (COUNT, "gte", "50 người trở lên", "", Figure(GTE, 50)),
        (COUNT, "lte", "không quá 5", "", Figure(LTE, None, 5)),
        (PERCENT, "between", "60%−70%", "", Figure(BETWEEN, 60_00, 70_00)),
        (MONEY, "eq", "150,000,000", "", Figure(EQ, 150_000_000)),
        (COUNT, "qualitative", "", "", Figure(Comparator.QUALITATIVE)),
        (COUNT, "eq", "  ", "", None),
        (COUNT, "eq", "", "12", None),
        (PERCENT, "between", "", " ", None),
    ],
)
def test_what_a_clerk_types(measure, comparator, value, second, expected):
    assert targets.parse(measure, comparator, value, second) == expected


@pytest.mark.parametrize(
    ("measure", "comparator", "value", "second", "field", "said"),
    [
        (COUNT, "eq", "nhiều", "", "value", "Nhập số nguyên, ví dụ 3.444."),
        (COUNT, "eq", "3,5", "", "value", "“3,5” là 3,5, không phải số nguyên."),
        (COUNT, "eq", "34.44", "", "value", "“34.44” là 34,44, không phải số nguyên."),
        (COUNT, "eq", "≥ 50", "", "value", "“≥ 50” là “ít nhất”, ô này đang là “bằng”"),
        (COUNT, "gte", "không quá 5", "", "value", "“không quá 5” là “không quá”"),
        (COUNT, "eq", "khoảng 50", "", "value", "Ghi một con số cụ thể, không ghi “khoảng”."),
        (COUNT, "eq", "-3", "", "value", "Chỉ tiêu không thể là số âm."),
        (COUNT, "eq", "9" * 12, "", "value", "Số này quá lớn, hãy kiểm tra lại."),
        (COUNT, "eq", "50-70", "", "value", "Muốn ghi một khoảng, hãy chọn “từ … đến”."),
        (COUNT, "between", "70", "50", "second", "Mức cao nhất không thể thấp hơn mức thấp nhất."),
        (COUNT, "between", "", "70", "value", "Ghi đủ cả hai mức"),
        (COUNT, "between", "50", "", "second", "Ghi đủ cả hai mức"),
        (PERCENT, "eq", "101", "", "value", "Tỷ lệ cao nhất là 100 phần trăm."),
        (PERCENT, "eq", "1,234", "", "value", "“1,234” là 1,234: ô này nhận nhiều nhất"),
        (MONEY, "eq", "1,5", "", "value", "“1,5” là 1,5 đồng? Hãy ghi rõ: 1,5 triệu hay"),
        (MONEY, "eq", "sáu triệu", "", "value", "Nhập số tiền bằng đồng"),
        (RATE, "eq", "hai", "", "value", "Nhập một số, nhiều nhất hai chữ số thập phân"),
        (COUNT, "about", "3", "", "comparator", "Chọn một cách so sánh."),
        (COUNT, "", "3", "", "comparator", "Chọn một cách so sánh."),
        (COUNT, "qualitative", "3", "", "value", "Chỉ tiêu định tính không ghi số."),
    ],
)
def test_what_is_no_figure_says_what_was_expected(measure, comparator, value, second, field, said):
    with pytest.raises(FigureError) as caught:
        targets.parse(measure, comparator, value, second)
    assert list(caught.value.errors) == [field]
    assert str(caught.value.errors[field]).startswith(said)


def test_both_bounds_are_judged_at_once():
    with pytest.raises(FigureError) as caught:
        targets.parse(COUNT, "between", "một", "hai")
    assert set(caught.value.errors) == {"value", "second"}


def test_a_page_in_english_reads_english_figures():
    assert targets.parse(COUNT, "eq", "3,444", language="en") == Figure(EQ, 3444)
    assert targets.parse(PERCENT, "eq", "64.75%", language="en") == Figure(EQ, 64_75)
    assert targets.parse(COUNT, "between", "50 to 70", language="en") == Figure(BETWEEN, 50, 70)
    with pytest.raises(FigureError):
        targets.parse(COUNT, "eq", "3.44", language="en")


@pytest.mark.parametrize(
    ("measure", "figure", "vi", "en"),
    [
        (COUNT, Figure(EQ, 3444), "3.444", "3,444"),
        (COUNT, Figure(GTE, 50), "ít nhất 50", "at least 50"),
        (COUNT, Figure(GT, 3444), "trên 3.444", "more than 3,444"),
        (COUNT, Figure(LTE, None, 5), "không quá 5", "at most 5"),
        (COUNT, Figure(LT, None, 5), "dưới 5", "less than 5"),
        (COUNT, Figure(BETWEEN, 50, 70), "50–70", "50–70"),
        (PERCENT, Figure(BETWEEN, 60_00, 70_00), "60–70 %", "60–70%"),
        (PERCENT, Figure(Comparator.MAINTAIN, 100_00), "duy trì 100 %", "maintain 100%"),
        (PERCENT, Figure(EQ, 64_75), "64,75 %", "64.75%"),
        (MONEY, Figure(EQ, 1_235_000_000), "1.235.000.000 đồng", "VND 1,235,000,000"),
        (MONEY, Figure(BETWEEN, 2000, 5000), "2.000–5.000 đồng", "VND 2,000–5,000"),
        (RATE, Figure(GTE, 1_00), "ít nhất 1 lần/tháng", "at least 1 times a month"),
        (RATE, Figure(BETWEEN, 60, 1_00), "0,6–1 lần/tháng", "0.6–1 times a month"),
        (COUNT, Figure(Comparator.QUALITATIVE), "định tính", "in words"),
    ],
)
def test_what_people_read(measure, figure, vi, en):
    one = indicator(measure)
    target = Target(
        indicator=one, comparator=figure.comparator, value_min=figure.low, value_max=figure.high
    )
    assert targets.shown(target, "vi") == vi
    assert targets.shown(target, "en") == en


def test_a_qualitative_target_is_its_own_words():
    target = Target(
        indicator=indicator(),
        comparator=Comparator.QUALITATIVE,
        wording="ưu tiên người có hoàn cảnh khó khăn",
    )
    assert targets.shown(target) == "ưu tiên người có hoàn cảnh khó khăn"


@st.composite
def figures(draw):
    measure = draw(st.sampled_from(Measure))
    largest = {COUNT: 10**9, PERCENT: 100_00, MONEY: 10**14, RATE: 1000_00}[measure]
    values = st.integers(0, largest)
    comparator = draw(st.sampled_from([one for one in Comparator if one != "qualitative"]))
    if comparator is BETWEEN:
        low, high = sorted((draw(values), draw(values)))
        return measure, Figure(BETWEEN, low, high)
    if comparator in targets.UPPER:
        return measure, Figure(comparator, None, draw(values))
    return measure, Figure(comparator, draw(values))


@given(figures(), st.sampled_from(["vi", "en"]))
def test_what_an_input_shows_is_read_back_the_same(case, language):
    measure, figure = case
    value, second = targets.typed(figure, measure, language)
    assert targets.parse(measure, figure.comparator, value, second, language) == figure


@given(st.sampled_from(Measure), st.sampled_from(Comparator), st.text(), st.text())
def test_any_text_is_a_figure_or_an_error_with_a_field(measure, comparator, value, second):
    try:
        figure = targets.parse(measure, comparator, value, second)
    except FigureError as error:
        assert error.errors.keys() <= {"value", "second"}
    else:
        assert figure is None or figure.comparator is comparator


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (None, None, None),
        (50, 70, Figure(BETWEEN, 50, 70)),
        (50, None, Figure(GTE, 50)),
        (None, 5, Figure(LTE, None, 5)),
        (5, 5, Figure(EQ, 5)),
    ],
)
def test_a_norm_as_a_figure(low, high, expected):
    assert targets.norm(indicator(low=low, high=high)) == expected


def test_a_new_line_starts_plain_where_it_is_added_up():
    ratio = indicator(PERCENT, 60_00, 70_00, RollUp.RATIO)
    assert targets.first_comparator(ratio) is BETWEEN
    assert targets.first_comparator(indicator(low=5)) is EQ
    assert targets.first_comparator(indicator(roll_up=RollUp.NOT_ADDITIVE)) is EQ


@pytest.mark.parametrize(
    ("roll_up", "scope", "handed_down"),
    [
        (RollUp.SUM, TargetScope.UNIT, False),
        (RollUp.SUM, TargetScope.PER_CLUB, True),
        (RollUp.RATIO, TargetScope.UNIT, True),
        (RollUp.COUNT_IN_RANGE, TargetScope.PER_CLUB, True),
    ],
)
def test_norms_are_handed_down_and_sums_are_not(roll_up, scope, handed_down):
    target = Target(indicator=indicator(roll_up=roll_up), scope=scope)
    assert targets.is_norm(target) is handed_down


def test_keys_of_lines():
    assert targets.line_key("clubs_new", "2021") == "clubs_new@2021"
    assert targets.read_key("clubs_new@2026-2030#2") == ("clubs_new", "2026-2030", 2)
    assert targets.next_key([], "clubs_new", "2021") == "clubs_new@2021"
    taken = ["clubs_new@2021", "clubs_new@2021#2", "clubs_total@2021"]
    assert targets.next_key(taken, "clubs_new", "2021") == "clubs_new@2021#3"


@pytest.mark.parametrize(
    "key", ["", "clubs_new", "clubs_new@", "@2021", "a@2021#1", "a@2021#0", "a@x", "s.purpose"]
)
def test_other_texts_are_no_keys(key):
    with pytest.raises(ValueError, match="not the key of a target"):
        targets.read_key(key)


def test_denominators_a_target_may_name():
    chosen = indicator(denominators=["members_total", "members_older"])
    assert targets.denominators(chosen) == ["members_total", "members_older"]
    fixed = indicator(denominators=[])
    fixed.denominator_code = "clubs_total"
    assert targets.denominators(fixed) == ["clubs_total"]
    assert targets.denominators(indicator()) == []
