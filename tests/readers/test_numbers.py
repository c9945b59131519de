"""Numbers as people type them: one reading is taken, two are told; hypothesis holds each reader
to its writer.
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.core.readers.numbers import (
    UnreadableNumberError,
    read_count,
    read_money,
    read_percent,
    read_rate,
)
from lth.core.vietnamese import format_money, format_number, format_percent

LANGUAGES = st.sampled_from(["vi", "en"])
NBSP, THIN, NARROW = "\u00a0", "\u2009", "\u202f"

COUNTS = {
    **{"3.444": 3444, "3444": 3444, "3 444": 3444, "3,444": 3444, "1.234.567": 1234567},
    **{f" 3{NBSP}444 ": 3444, f"1{NARROW}234{THIN}567": 1234567, "007": 7, "0": 0},
    **{"1.234,00": 1234, "1,234.00": 1234, "12,0": 12, "1.000": 1000, "1,000": 1000},
    **{"150,000,000": 150_000_000, "150.000.000": 150_000_000},
    **{"207 người": 207, "207người": 207, "15 câu lạc bộ": 15, "3 xã": 3, "207 em.": 207},
    **{"1,2 triệu lượt": 1_200_000, "1 triệu 200 nghìn người": 1_200_000, "5 nghìn": 5000},
    **{"２０７": 207, "１．２３４": 1234, "2\u200b07": 207, "2\ufeff07": 207},
    **{"-12": -12, "\u221212": -12, "–5": -5, "— 5": -5, "\uff0d5": -5},
}
NO_COUNTS = (
    *("", " ", "-", "--5", "năm", "3,4", "3.44", "3.4444", "0.625", "0,625", "1.234 567"),
    *("1 23", ".5", "5.", "٣", "1e3", "12%", "1..000", "1.234,5", "5 triệu 1 tỷ", "1.23.456"),
    *("khoảng 50", "~50", "≈ 50", "hơn 50", "5 chục", "2 trăm", "5k", "50 đồng", "5 USD"),
    *("50-70", "50 đến 70", "207 nam và 3 nữ", "0.123.456", "012.345", "1/2", "½", "5 m"),
)
PERCENTS = {
    **{"19,26": 1926, "19,26 %": 1926, "19.26": 1926, "19.5%": 1950, "60%": 6000, "60": 6000},
    **{f"60{NBSP}%": 6000, "19,260": 1926, "1.234,5": 123450, "1,234.5": 123450, "-0,5": -50},
    **{"62,5 phần trăm": 6250, "６２，５％": 6250, "60 percent": 6000, "0,05": 5, "0.6": 60},
    **{"1.234 %": 123400, "100.00": 10000, "60 %.": 6000},
}
NO_PERCENTS = (
    *("", "%", "19,", ",5", "19,266", "0.625", "0,625", "19.26.1", "19,2,6", "sáu mươi"),
    *("60 %%", "6 0", "60 ‰", "60 người", "khoảng 60%", "60-70%", "1 triệu"),
)
AMOUNTS = {
    **{"50.000.000": 50_000_000, "50000000": 50_000_000, "50 000 000": 50_000_000},
    **{"50,000,000": 50_000_000, "150,000,000": 150_000_000, "1.234,00": 1234, "1.234": 1234},
    **{"1,234": 1234, "50.000.000 đồng": 50_000_000, "50.000.000đ": 50_000_000},
    **{"50.000.000 VNĐ": 50_000_000, "₫50.000.000": 50_000_000, "50 triệu": 50_000_000},
    **{"50 triệu đồng": 50_000_000, "50tr": 50_000_000, "50 TRIỆU": 50_000_000},
    **{"50 trieu": 50_000_000, "500 nghìn": 500_000, "500 ngàn đồng": 500_000},
    **{"150 triệu": 150_000_000, "1.5 tr": 1_500_000, "1,5 tr": 1_500_000, "50 triệu.": 50_000_000},
    **{"1,5 tỷ": 1_500_000_000, "1.5 tỷ": 1_500_000_000, "1,5 tỉ đồng": 1_500_000_000},
    **{"1,2345 tỷ": 1_234_500_000, "1,235 tỷ": 1_235_000_000, "1.2345 tỷ": 1_234_500_000},
    **{"1.235 triệu đồng": 1_235_000_000, "1 tỷ 235 triệu": 1_235_000_000},
    **{"1.500 tỷ": 1_500_000_000_000, "2 tỷ rưỡi": 2_500_000_000, "2 triệu rưỡi": 2_500_000},
    **{"1 tỷ 235 triệu 500 nghìn đồng": 1_235_500_000, "-50 triệu": -50_000_000},
    unicodedata.normalize("NFD", "50 triệu đồng"): 50_000_000,
    unicodedata.normalize("NFD", "5 \u0110ồng").replace("\u0110", "\u00d0"): 5,
}
NO_AMOUNTS = (
    *("", "đồng", "1,5", "1.5", "1,5 đồng", "0,0000000001 tỷ", "5 USD", "triệu", "1 tỷ 5"),
    *("500 triệu 1 tỷ", "1 triệu 2 triệu", "1 tỷ, 2 triệu", "khoảng 5 triệu", "5 triệu USD"),
    *("1.235 tỷ", "1.235 tỷ đồng", "50%", "5 người", "0.625", "5-7 triệu", "50 triệu/xã"),
)


@pytest.mark.parametrize(("text", "value"), COUNTS.items())
def test_counts(text, value):
    assert read_count(text) == value
    assert read_count(unicodedata.normalize("NFD", text)) == value


@pytest.mark.parametrize("text", NO_COUNTS)
def test_what_is_no_count(text):
    with pytest.raises(UnreadableNumberError, match="not a number"):
        read_count(text)


@pytest.mark.parametrize(("text", "hundredths"), PERCENTS.items())
def test_percentages(text, hundredths):
    assert read_percent(text) == hundredths


@pytest.mark.parametrize("text", NO_PERCENTS)
def test_what_is_no_percentage(text):
    for most in (None, 100_00):
        with pytest.raises(UnreadableNumberError, match="not a number"):
            read_percent(text, most=most)


@pytest.mark.parametrize(("text", "dong"), AMOUNTS.items())
def test_amounts(text, dong):
    assert read_money(text) == dong


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_amount(text):
    with pytest.raises(UnreadableNumberError, match="not a number"):
        read_money(text)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (read_count, "3,444", 3444),
        (read_count, "3.444", 3444),
        (read_percent, "19.26%", 1926),
        (read_percent, "19,26", 1926),
        (read_percent, "1,234.5%", 123450),
        (read_money, "VND 1,000,000,000", 1_000_000_000),
        (read_money, "1.5 billion", 1_500_000_000),
        (read_money, "1.235 billion", 1_235_000_000),
        (read_money, "50 million VND", 50_000_000),
    ],
)
def test_in_english_the_signs_change_places(read, text, value):
    assert read(text, "en") == value


def test_in_english_two_readings_are_the_other_way_round():
    with pytest.raises(UnreadableNumberError, match="not a number"):
        read_money("1,235 billion", "en")


@pytest.mark.parametrize(
    ("read", "text", "readings"),
    [
        (read_money, "1.235 tỷ", ("1.235.000.000.000 đồng", "1.235.000.000 đồng")),
        (read_count, "1.235 tỷ", ("1.235.000.000.000", "1.235.000.000")),
        (lambda text: read_percent(text, most=100_00), "62.555", ("62.555", "62,555")),
        (lambda text: read_percent(text, most=100_00), "1.234", ("1.234", "1,234")),
        (read_money, "1,5", ("1,5 triệu", "1,5 tỷ")),
        (read_count, "0.625", ("0,625",)),
        (read_percent, "0.625", ("0,625",)),
        (read_count, "khoảng 50", ("khoảng",)),
    ],
)
def test_what_is_refused_is_told(read, text, readings):
    with pytest.raises(UnreadableNumberError) as refused:
        read(text)

    said = str(refused.value.message)
    assert all(reading in said for reading in readings), said


def test_what_may_be_decides_between_two_readings():
    assert read_percent("12.500", most=100_00) == 1250
    assert read_percent("12.500") == 1_250_000


@pytest.mark.parametrize("text", ["0,6 %/tháng", "0,6%/tháng", "0.6 % mỗi tháng", "0,6"])
def test_a_rate_may_name_its_time(text):
    assert read_rate(text) == 60


def test_too_much_comes_back_for_the_field_to_refuse():
    assert read_percent("150", most=100_00) == 15000


def test_an_unknown_language_is_refused():
    for read in (read_count, read_percent, read_money):
        with pytest.raises(ValueError, match="language"):
            read("1", "fr")


@given(st.integers(), LANGUAGES)
def test_a_count_reads_back(value, language):
    assert read_count(format_number(value, language), language) == value


@given(st.integers(), LANGUAGES)
def test_a_percentage_reads_back(value, language):
    assert read_percent(format_percent(value, language), language) == value


@given(st.integers(min_value=0, max_value=100_000), LANGUAGES)
def test_a_percentage_reads_back_within_what_may_be(value, language):
    for most in (100_00, 1000_00):
        if value <= most:
            assert read_percent(format_percent(value, language), language, most) == value


@given(st.integers(min_value=-(10**40), max_value=10**40), LANGUAGES)
def test_an_amount_reads_back(value, language):
    assert read_money(format_money(value, language), language) == value


@given(st.text(alphabet="0123456789., -%đtrỷkhoảng", max_size=14), LANGUAGES)
def test_no_text_does_more_than_be_refused(text, language):
    for read in (read_count, read_percent, read_rate, read_money):
        try:
            read(text, language)
        except UnreadableNumberError:
            continue


@pytest.mark.parametrize("read", [read_count, read_percent, read_money, read_rate])
@pytest.mark.parametrize("text", ["9" * 5_000, "1." + "9" * 5_000, "1" + ".000" * 2_000, "٣" * 50])
def test_what_no_figure_is_as_long_as_is_refused_and_not_read(read, text):
    """Python reads no more than some thousands of digits, and says so by another error."""
    with pytest.raises(UnreadableNumberError):
        read(text)
