"""Vietnamese order, search and formats; hypothesis holds each reader to its writer."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.core.vietnamese import (
    collation_key,
    fold_tone_position,
    format_date,
    format_money,
    format_number,
    format_percent,
    nfc,
    parse_money,
    parse_number,
    parse_percent,
    search_key,
)

LANGUAGES = st.sampled_from(["vi", "en"])

IN_ORDER = [
    pytest.param(["Da", "Dy", "Đa", "Đu", "E"], id="đ after every d-"),
    pytest.param(["An", "Ay", "Ăn", "Ân", "Ba"], id="a ă â"),
    pytest.param(["Em", "Ê", "Êm", "Ga"], id="e ê"),
    pytest.param(["Oi", "Ôi", "Ơi", "Pa"], id="o ô ơ"),
    pytest.param(["Uy", "Ưa", "Va"], id="u ư"),
    pytest.param(["ma", "mà", "mả", "mã", "má", "mạ"], id="tones"),
    pytest.param(["Hòa An", "Hoa Bình", "Hòa Bình"], id="letters before tones"),
    pytest.param(["Quận 1", "Quận 2", "Quận 10", "Quận 012", "Quận Ba Đình"], id="numbers"),
    pytest.param(["9", "10", "999999999", "1000000000", "1" + "0" * 18], id="long numbers"),
    pytest.param(["An", "An Bình", "An Bình A", "An Bình B", "An Yên", "Anh"], id="words"),
    pytest.param(["", "1", "A", "Z", "Ω"], id="empty first, other scripts last"),
    pytest.param(["Đại An", "Đạm", "Đan"], id="a tone never outweighs a letter"),
    pytest.param(
        [
            "Bà Rịa",
            "Bạc Liêu",
            "Bắc Giang",
            "Bắc Ninh",
            "Bến Tre",
            "Bình Định",
            "Cà Mau",
            "Cần Thơ",
            "Đà Nẵng",
            "Đắk Lắk",
            "Đồng Nai",
            "Gia Lai",
            "Hà Nội",
            "Hồ Chí Minh",
            "Kon Tum",
            "Quảng Bình",
            "Quảng Ngãi",
            "Sơn La",
            "Thanh Hoá",
            "Vĩnh Long",
        ],
        id="provinces",
    ),
]


@pytest.mark.parametrize("names", IN_ORDER)
def test_collation_key_puts_names_in_dictionary_order(names):
    assert sorted(sorted(names), key=collation_key) == names
    assert sorted(names, key=collation_key) == names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình", "Hòa Bình"),
        ("TRÀ CÚ", "Trà Cú"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa Vũng Tàu"),
        ("Đạ M'ri", "Đạ Mri"),
        ("Quận 07", "Quận 7"),
    ],
)
def test_spelling_variants_differ_only_in_the_last_part_of_the_key(one, other):
    key, other_key = collation_key(one), collation_key(other)

    assert key != other_key
    assert key.split(" ")[:2] == other_key.split(" ")[:2]


def test_collation_key_ignores_spacing_and_unicode_form():
    key = collation_key("Trà Cú")

    assert collation_key("  Trà \u00a0 Cú ") == key
    assert collation_key(unicodedata.normalize("NFD", "Trà Cú")) == key


def test_digits_of_another_script_sort_by_value():
    assert collation_key("Quận 9") < collation_key("Quận ١٠") < collation_key("Quận 11")


@given(st.lists(st.integers(min_value=0, max_value=10**30)))
def test_numbers_sort_by_value(numbers):
    assert sorted(map(str, numbers), key=collation_key) == [str(n) for n in sorted(numbers)]


@given(st.text())
def test_keys_of_any_text_are_stable(text):
    assert collation_key(nfc(text)) == collation_key(text)
    assert search_key(search_key(text)) == search_key(text)
    assert fold_tone_position(fold_tone_position(text)) == fold_tone_position(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Đắk Lắk", "dak lak"),
        ("  TRÀ   CÚ ", "tra cu"),
        ("Bà Rịa - Vũng Tàu", "ba ria vung tau"),
        ("P'Rao", "prao"),
        ("12/KH-UBND", "12 kh ubnd"),
        ("Hoà", "hoa"),
        ("ĐƯỜNG Ưởng", "duong uong"),
        (unicodedata.normalize("NFD", "Tập Sơn"), "tap son"),
        ("%_", ""),
        ("", ""),
    ],
)
def test_search_key(text, key):
    assert search_key(text) == key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hoà", "Hòa"),
        ("Thuỷ", "Thủy"),
        ("Uỷ", "Ủy"),
        ("LUỸ", "LŨY"),
        ("khoẻ", "khỏe"),
        ("Xã Hoà Bình", "Xã Hòa Bình"),
        ("qúy", "quý"),
        ("hòan", "hoàn"),
        ("gìa", "già"),
        (unicodedata.normalize("NFD", "Hoà"), "Hòa"),
    ],
)
def test_fold_tone_position_moves_the_mark(text, folded):
    assert fold_tone_position(text) == folded


@pytest.mark.parametrize(
    "text",
    [
        "Hòa",
        "quý",
        "Quỳnh",
        "Hoàn",
        "Huế",
        "của",
        "rượu",
        "khuỷu",
        "giờ",
        "gì",
        "giếng",
        "ngoéo",
        "mía",
        "thuở",
        "tuyết",
        "khuyến",
        "Đoàn",
        "oán",
        "Krông",
        "M'Drắk",
        "Chư Prông",
        "",
        "Cuôr Đăng",
        "café-crème",
        "naïve",
        "1.000 đồng",
    ],
)
def test_fold_tone_position_leaves_the_rest_alone(text):
    assert fold_tone_position(text) == text


def test_nfc_leaves_out_what_no_database_takes():
    assert nfc("nghỉ\0 thai sản") == "nghỉ thai sản"


def test_nfc_composes():
    assert nfc(unicodedata.normalize("NFD", "Ộ")) == "Ộ"


@pytest.mark.parametrize(
    ("day", "vietnamese", "english"),
    [
        (date(2021, 5, 7), "07/5/2021", "7 May 2021"),
        (date(2021, 2, 9), "09/02/2021", "9 February 2021"),
        (date(2021, 1, 31), "31/01/2021", "31 January 2021"),
        (date(2020, 12, 24), "24/12/2020", "24 December 2020"),
        (date(2026, 10, 1), "01/10/2026", "1 October 2026"),
    ],
)
def test_format_date(day, vietnamese, english):
    assert format_date(day) == vietnamese
    assert format_date(day, "en") == english


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (3444, "3.444", "3,444"),
        (-1234567, "-1.234.567", "-1,234,567"),
        (Decimal("1234.50"), "1.234,50", "1,234.50"),
        (Decimal("1E+3"), "1.000", "1,000"),
    ],
)
def test_format_number(value, vietnamese, english):
    assert format_number(value) == vietnamese
    assert format_number(value, "en") == english


@pytest.mark.parametrize(
    ("hundredths", "vietnamese", "english"),
    [
        (1926, "19,26 %", "19.26%"),
        (1950, "19,5 %", "19.5%"),
        (6000, "60 %", "60%"),
        (0, "0 %", "0%"),
        (5, "0,05 %", "0.05%"),
        (-1250, "-12,5 %", "-12.5%"),
        (123450, "1.234,5 %", "1,234.5%"),
    ],
)
def test_format_percent(hundredths, vietnamese, english):
    assert format_percent(hundredths) == vietnamese
    assert format_percent(hundredths, "en") == english


def test_format_money():
    assert format_money(1_000_000_000) == "1.000.000.000 đồng"
    assert format_money(1_000_000_000, "en") == "VND 1,000,000,000"


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_not_written(value):
    with pytest.raises(ValueError, match="cannot be written"):
        format_number(Decimal(value))


def test_an_unknown_language_is_refused():
    for write, value in [(format_number, 1), (format_percent, 1), (format_money, 1)]:
        with pytest.raises(ValueError, match="language"):
            write(value, "fr")
    with pytest.raises(ValueError, match="language"):
        format_date(date(2021, 5, 7), "fr")
    for read in (parse_number, parse_percent, parse_money):
        with pytest.raises(ValueError, match="language"):
            read("1", "fr")


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("3.444", "vi", 3444),
        ("3444", "vi", 3444),
        ("3 444", "vi", 3444),
        (" 3\u00a0444 ", "vi", 3444),
        ("1\u202f234\u202f567", "vi", 1234567),
        ("007", "vi", 7),
        ("-12", "vi", -12),
        ("\u221212", "vi", -12),
        ("3,444", "en", 3444),
    ],
)
def test_parse_number(text, language, value):
    assert parse_number(text, language) == value


@pytest.mark.parametrize(
    ("text", "language"),
    [(text, "vi") for text in ["3,4", "3,444", "3.44", "3.4444", "1.234 567", "1 23", ".5", "5."]]
    + [(text, "vi") for text in ["", " ", "-", "--5", "năm", "3 xã", "٣", "1e3", "12%", "1..000"]]
    + [("3.444", "en"), ("3.4", "en")],
)
def test_parse_number_refuses(text, language):
    with pytest.raises(ValueError, match="whole number"):
        parse_number(text, language)


@pytest.mark.parametrize(
    ("text", "language", "hundredths"),
    [
        ("19,26", "vi", 1926),
        ("19,26 %", "vi", 1926),
        ("19.26", "vi", 1926),
        ("19.5%", "vi", 1950),
        ("60%", "vi", 6000),
        ("60", "vi", 6000),
        ("60\u00a0%", "vi", 6000),
        ("19,260", "vi", 1926),
        ("1.234 %", "vi", 123400),
        ("1.234,5", "vi", 123450),
        ("-0,5", "vi", -50),
        ("19.26%", "en", 1926),
        ("19,26", "en", 1926),
        ("1,234.5%", "en", 123450),
    ],
)
def test_parse_percent(text, language, hundredths):
    assert parse_percent(text, language) == hundredths


@pytest.mark.parametrize(
    "text",
    ["", "%", "19,", ",5", "19,266", "1,234.5", "19.26.1", "19,2,6", "sáu mươi", "60 %%", "6 0"],
)
def test_parse_percent_refuses(text):
    with pytest.raises(ValueError, match=r"whole number|too many places"):
        parse_percent(text)


@pytest.mark.parametrize(
    ("text", "language", "dong"),
    [
        ("50.000.000", "vi", 50_000_000),
        ("50000000", "vi", 50_000_000),
        ("50 000 000", "vi", 50_000_000),
        ("50.000.000 đồng", "vi", 50_000_000),
        ("50.000.000đ", "vi", 50_000_000),
        ("50.000.000 VNĐ", "vi", 50_000_000),
        ("₫50.000.000", "vi", 50_000_000),
        ("50 triệu", "vi", 50_000_000),
        ("50 triệu đồng", "vi", 50_000_000),
        ("50tr", "vi", 50_000_000),
        ("50 TRIỆU", "vi", 50_000_000),
        ("50 trieu", "vi", 50_000_000),
        ("500 nghìn", "vi", 500_000),
        ("500 ngàn đồng", "vi", 500_000),
        ("1,5 tỷ", "vi", 1_500_000_000),
        ("1.5 tỷ", "vi", 1_500_000_000),
        ("1,5 tỉ đồng", "vi", 1_500_000_000),
        ("1,2345 tỷ", "vi", 1_234_500_000),
        ("1.235 triệu đồng", "vi", 1_235_000_000),
        ("1 tỷ 235 triệu", "vi", 1_235_000_000),
        ("1 tỷ 235 triệu 500 nghìn đồng", "vi", 1_235_500_000),
        (unicodedata.normalize("NFD", "50 triệu đồng"), "vi", 50_000_000),
        ("-50 triệu", "vi", -50_000_000),
        ("VND 1,000,000,000", "en", 1_000_000_000),
        ("1.5 billion", "en", 1_500_000_000),
        ("50 million VND", "en", 50_000_000),
    ],
)
def test_parse_money(text, language, dong):
    assert parse_money(text, language) == dong


@pytest.mark.parametrize(
    "text",
    [
        "",
        "đồng",
        "1,5",
        "1.5",
        "1,5 đồng",
        "50,000,000",
        "0,0000000001 tỷ",
        "5 USD",
        "triệu",
        "1 tỷ 5",
        "500 triệu 1 tỷ",
        "1 triệu 2 triệu",
        "1 tỷ, 2 triệu",
        "khoảng 5 triệu",
        "5 triệu.",
    ],
)
def test_parse_money_refuses(text):
    with pytest.raises(ValueError, match=r"whole number|too many places|amount of money"):
        parse_money(text)


@given(st.integers(), LANGUAGES)
def test_a_number_reads_back(value, language):
    assert parse_number(format_number(value, language), language) == value


@given(st.integers(), LANGUAGES)
def test_a_percentage_reads_back(value, language):
    assert parse_percent(format_percent(value, language), language) == value


@given(st.integers(min_value=-(10**40), max_value=10**40), LANGUAGES)
def test_an_amount_reads_back(value, language):
    assert parse_money(format_money(value, language), language) == value
