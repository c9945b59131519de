"""Names in lines of a draft hold nothing that nobody sees; a longer text loses it."""

import pytest

from lth.content.line_paste import several
from lth.content.line_values import Words, read_line
from lth.content.schema import LINE_TYPES, Typed
from lth.models.parts import Part

HIDDEN = ("\u200b", "\u202e", "\u00ad", "\u3164", "\ue000", "\U000e0041")
NAMES = {Typed.TEXT, Typed.LIST}
FIELDS = [(part, one) for part, of in LINE_TYPES.items() for one in of.fields]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_name_of_every_line_is_refused_with_it(hidden):
    named = [(part, one) for part, one in FIELDS if one.typed in NAMES]
    assert len(named) > 10
    for part, field in named:
        _, errors = read_line(part, "k", {field.name: f"Phòng Văn{hidden} hóa"}, None, Words())
        assert "ký tự ẩn" in str(errors[field.name]), (part, field.name)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_longer_text_loses_it(hidden):
    longer = [(part, one) for part, one in FIELDS if one.typed is Typed.LONG]
    assert longer
    for part, field in longer:
        line, errors = read_line(part, "k", {field.name: f"Nội{hidden} dung"}, None, Words())
        assert field.name not in errors, (part, field.name)
        assert line is None or getattr(line, field.name) == "Nội dung"


@pytest.mark.parametrize(
    ("part", "values"),
    [
        (Part.RECIPIENT, {"name": "UBND\u200b tỉnh (để báo cáo)\nPhòng Văn hóa"}),
        (Part.BASIS, {"title": "Căn cứ Quyết định số 13\u200b36/QĐ-TTg của Thủ tướng"}),
        (Part.BUDGET, {"activity": "Mua loa\tbộ\u200b\t3\t2.000\t6.000\n"}),
    ],
)
def test_what_is_pasted_is_refused_line_by_line(part, values):
    rows = several(part, values)
    assert any("\u200b" in text for row in rows for text in row.values())
    found = [read_line(part, "k", row, None, Words())[1] for row in rows]
    assert any("ký tự ẩn" in str(message) for errors in found for message in errors.values())


def test_the_bullets_of_word_processors_are_no_hidden_characters():
    texts = {"title": "Lập câu lạc bộ", "coordinating": "\uf0b7 Phòng Văn hóa\n\uf0d8 Hội Nông dân"}
    line, errors = read_line(Part.TASK, "k", texts, None, Words())
    assert errors == {}
    assert line.coordinating == ("Phòng Văn hóa", "Hội Nông dân")
    pasted = several(Part.RECIPIENT, {"name": "\uf0b7 UBND tỉnh\n\uf0b7 Lưu: VT"})
    assert [row["name"] for row in pasted] == ["UBND tỉnh", "Lưu: VT"]
