"""Lists and tables as they come out of Word, Excel and LibreOffice when pasted into a text."""

import pytest

from lth.exchange.papers.body import blocks
from lth.exchange.papers.text import Paragraph, ParagraphStyle, Table

LISTS = [
    ("·\tVận động thành viên\n·\tLập quỹ", ParagraphStyle.ITEM, "- Vận động thành viên"),
    ("\uf0b7\tVận động thành viên\n\uf0b7\tLập quỹ", ParagraphStyle.ITEM, "- Vận động thành viên"),
    ("o\tVận động\n§\tLập quỹ", ParagraphStyle.ITEM, "- Vận động"),
    ("-\tVận động\n-\tLập quỹ", ParagraphStyle.ITEM, "- Vận động"),
    ("+\tVận động\n+\tLập quỹ", ParagraphStyle.ITEM, "+ Vận động"),
    ("a)\tVận động\nb)\tLập quỹ", ParagraphStyle.POINT, "a) Vận động"),
    ("đ)\tVận động\ne)\tLập quỹ", ParagraphStyle.POINT, "đ) Vận động"),
    ("1.\tVận động\n2.\tLập quỹ", ParagraphStyle.CLAUSE, "1. Vận động"),
    ("1.1.\tVận động\n1.2.\tLập quỹ", ParagraphStyle.CLAUSE, "1.1. Vận động"),
    ("   1.\tVận động\n   2.\tLập quỹ", ParagraphStyle.CLAUSE, "1. Vận động"),
]


@pytest.mark.parametrize(("pasted", "style", "first"), LISTS)
def test_a_list_stays_a_list(pasted, style, first):
    one, other = blocks(pasted)
    assert isinstance(one, Paragraph)
    assert isinstance(other, Paragraph)
    assert (one.style, one.text) == (style, first)
    assert "Lập quỹ" in other.text
    assert "\t" not in one.text + other.text


TABLES = [
    "TT\tĐơn vị\tSố CLB\n1\tXã Tập Sơn\t03\n2\tXã Đại An\t02",
    "TT\tĐơn vị\tSố CLB\n1.\tXã Tập Sơn\t03\n2.\tXã Đại An\t02",
    "TT\tĐơn vị\n1\tXã Tập Sơn\n2\tXã Đại An",
    "\tNăm 2021\tNăm 2022\nThành viên\t206\t300\nQuỹ\t60.000.000\t",
]


@pytest.mark.parametrize("pasted", TABLES)
def test_a_table_stays_a_table(pasted):
    (table,) = blocks(pasted)
    assert isinstance(table, Table)
    assert len(table.rows) == pasted.count("\n")


def test_text_list_and_table_follow_each_other():
    text = "Nhiệm vụ gồm:\n·\tVận động\n·\tLập quỹ\nTT\tTên\tSố\n1\tA\t2\nHết."
    kinds = [type(one).__name__ for one in blocks(text)]
    assert kinds == ["Paragraph", "Paragraph", "Paragraph", "Table", "Paragraph"]
