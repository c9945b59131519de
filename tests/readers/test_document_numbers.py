"""Numbers of documents as people type them, and what they have to be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.core.readers.document_numbers import (
    KINDS,
    DocumentNumberError,
    fault_of_kind,
    read_document_number,
    tidied,
)

NUMBERS = {
    **dict.fromkeys(
        (
            *(
                "12/KH-UBND",
                "12/kh-ubnd",
                "12 / KH - UBND",
                "12/Kh-Ubnd",
                "12/KH–UBND",
                "12\\kh-ubnd",
            ),
            *(
                "12/KH — UBND",
                "12/KH\u2011UBND",
                "Số: 12/KH-UBND",
                "số 12/kh-ubnd",
                "12/KH-UBND.",
                "12/KH--UBND",
            ),
            *("１２／ＫＨ－ＵＢＮＤ", "12\u2044KH-UBND", "12/К\u041d-UBND", "12/KH\u200b-UBND"),
        ),
        "12/KH-UBND",
    ),
    **dict.fromkeys(
        ("793/QĐ-UBND", "793/Q\u00d0-UBND", "793/qđ-ubnd", "793/QD-UBND"), "793/QĐ-UBND"
    ),
    **{
        "1336/qđ-ttg": "1336/QĐ-TTg",
        "1336/QĐ-TTG": "1336/QĐ-TTg",
        "30/2020/nđ-cp": "30/2020/NĐ-CP",
    },
    **{
        "581/ubnd-kgvx": "581/UBND-KGVX",
        "60/TTR-PLĐTBXH": "60/TTr-PLĐTBXH",
        "05/guq-ubnd": "05/GUQ-UBND",
    },
    **{"12/SNgV-VP": "12/SNgV-VP", "7/ctr-ubnd": "7/CTr-UBND", "99999/bc-bcđ": "99999/BC-BCĐ"},
    **{"12/KH-UBND-NC": "12/KH-UBND-NC", "3/hdnd": "3/HĐND"},
    unicodedata.normalize("NFD", "793/QĐ-UBND"): "793/QĐ-UBND",
}
NONE = (
    *("", "12", "KH-UBND", "/KH-UBND", "12/", "12/12", "12-KH/UBND", "12/KH UBND", "0/KH-UBND"),
    *("123456/KH-UBND", "12/-UBND", "12/KH-UBND/", "mười hai/KH-UBND", "12/KH_1"),
)


@pytest.mark.parametrize(("typed", "written"), NUMBERS.items())
def test_a_number_is_written_one_way(typed, written):
    assert str(read_document_number(typed)) == written
    assert tidied(typed) == written


@pytest.mark.parametrize("typed", NONE)
def test_what_is_no_number_says_what_is_wanted(typed):
    with pytest.raises(DocumentNumberError) as refused:
        read_document_number(typed)

    assert "92/KH-UBND" in str(refused.value.message)


@pytest.mark.parametrize("printed", ["59/2020/QH14", "Luật số 5", "", "12-NQ/TW"])
def test_what_is_cited_otherwise_stays_as_printed(printed):
    assert tidied(printed) == printed


def test_a_blank_number_keeps_its_symbol():
    assert tidied("/kh-ubnd") == "/KH-UBND"
    assert tidied(" / KH – UBND") == "/KH-UBND"


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_of_another_kind_is_told(kind):
    number = read_document_number(f"12/{kind.lower()}-ubnd")

    assert number.kind == kind
    assert fault_of_kind(number, (kind,)) is None
    assert kind in str(fault_of_kind(number, ("X",)))


def test_a_letter_has_no_kind():
    assert fault_of_kind(read_document_number("581/UBND-KGVX"), ("KH",)) is None


@given(st.text(max_size=24))
def test_tidying_twice_changes_nothing(text):
    assert tidied(tidied(text)) == tidied(text)
