"""What no text has a use for, and what nobody sees in one."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.core.clean_text import MOST_MARKS, cleaned, hidden_at, visible
from lth.core.readers.plain_names import HiddenCharacterError, read_name

LETTERS = "ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
CLOSED = {"Cf", "Cs", "Co", "Cn"}
"""The categories of which no name may have a character."""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("một\r\nhai\rba\x0bbốn\u2028năm", "một\nhai\nba\nbốn\nnăm"),
        ("a\x00b\x1b[31m\x7f\x9f", "ab[31m"),
        ("\ufeffđầu", "đầu"),
        ("nửa\ud800 chữ", "nửa chữ"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Ưỡng"), "Nguyễn Thị Ưỡng"),
        ("cột\tcột\n", "cột\tcột\n"),
    ],
)
def test_what_no_text_has_a_use_for_goes(typed: str, kept: str) -> None:
    assert cleaned(typed) == kept
    assert visible(typed) == kept


def test_vietnamese_is_left_as_it_is() -> None:
    letters = LETTERS + LETTERS.upper()
    assert cleaned(letters) == visible(letters) == letters
    assert hidden_at(letters + " 0123456789 – — “” ‘’ … ₫ ½ ² ³ % ‰ § № «»") is None
    assert read_name("Đồng chí Kim Thị Sa-rây (ខ្មែរ)") == "Đồng chí Kim Thị Sa-rây (ខ្មែរ)"


def test_a_name_has_no_character_that_nobody_sees() -> None:
    let_through = [
        f"U+{ord(char):04X}"
        for char in EVERY
        if unicodedata.category(char) in CLOSED and hidden_at(f"a{char}b") != 1
    ]
    assert let_through == []


@given(st.text(st.characters(), max_size=40))
def test_both_are_done_once_for_all(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert visible(visible(text)) == visible(text)
    visible(text).encode()


def test_a_letter_carries_few_marks() -> None:
    heap = "n" + "\u0335" * 9
    assert visible(heap) == "n" + "\u0335" * MOST_MARKS
    with pytest.raises(HiddenCharacterError):
        read_name(heap)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("\u202eTrần Thị A", "(U+202E) ở đầu ô"),
        ("Trần Thị\u200b A", "(U+200B) ngay sau “Trần Thị”"),
        ("Ủy ban nhân dân xã Tập Sơn\u2060", "(U+2060) ngay sau “ban nhân dân xã Tập Sơn”"),
        ("Hỏng \ufffd", "(U+FFFD) ngay sau “Hỏng”"),
    ],
)
def test_it_is_said_which_place_to_type_again(typed: str, said: str) -> None:
    with pytest.raises(HiddenCharacterError) as refused:
        read_name(typed)
    assert said in str(refused.value.message)
