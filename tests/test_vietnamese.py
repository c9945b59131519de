"""Vietnamese order, search and formats."""

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
    search_key,
)

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
        ("\u00d0ồng Kỳ", "dong ky"),
        ("\u0111\u00f0\u0256 \u0110\u00d0\u0189", "ddd ddd"),
        ("Ｔập\u200b Sơn\u00ad", "tap son"),
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
