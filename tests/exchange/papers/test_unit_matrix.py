"""Units × indicators on paper: parted by columns, with who is missing, and what all come to."""

from datetime import date

import pypdfium2

from lth.content.targets import Figure
from lth.exchange.papers import pdf, unit_matrix, unit_money
from lth.exchange.papers.text import (
    Align,
    Annex,
    PaperKind,
    PaperText,
    Paragraph,
    Signature,
    Table,
    plain,
)
from lth.models import Indicator, Phase, Target
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.parts import MoneyLevel, MoneySource
from lth.models.programme import Measure
from lth.synthesis.money import Money, MoneyKey
from lth.synthesis.received import ReceivedUnit
from lth.synthesis.totals import Total
from lth.units.names import UnitName

NAMES = ("Đại An", "Tập Sơn", "Ngọc Biên", "Long Hiệp", "Hàm Giang")


def indicator(number: int, measure: Measure = Measure.COUNT) -> Indicator:
    unit = "đồng" if measure is Measure.MONEY else "người"
    return Indicator(
        id=number, code=f"i{number}", label_vi=f"Chỉ tiêu {number}", unit_vi=unit, measure=measure
    )


def phase(number: int, code: str) -> Phase:
    return Phase(
        id=number, code=code, starts_on=date(2026, 1, 1), ends_on=date(2030, 12, 31), ordinal=number
    )


def target(value: int, comparator: Comparator = Comparator.EQ) -> Target:
    return Target(
        comparator=comparator,
        value_min=value,
        scope=TargetScope.UNIT,
        counts_from=CountsFrom.NEW,
        wording="",
    )


def units(indicators, phases, missing=()) -> list[ReceivedUnit]:
    cells = [(one.id, at.id) for one in indicators for at in phases]
    return [
        ReceivedUnit(
            unit=UnitName(number, "xã", name, f"1.{number}."),
            missing=name in missing,
            says={} if name in missing else {cell: [target(10 * number)] for cell in cells},
            money=None,
        )
        for number, name in enumerate(NAMES, 1)
    ]


def totals(indicators, phases) -> dict:
    return {
        (one.id, at.id): Total(Figure(Comparator.EQ, 1_234), counted=5)
        for one in indicators
        for at in phases
    }


def tables(blocks) -> list[Table]:
    return [one for one in blocks if isinstance(one, Table)]


def test_many_indicators_are_parted_into_tables_of_like_width():
    indicators, phases = [indicator(n) for n in range(1, 19)], [phase(1, "2026")]
    made = tables(
        unit_matrix.blocks(
            units(indicators, phases), indicators, phases, totals(indicators, phases)
        )
    )
    widths = [len(one.columns) - 2 for one in made]
    assert widths == [6, 6, 6]
    assert [one.unit for one in made] == ["Bảng 1/3", "Bảng 2/3", "Bảng 3/3"]
    heads = [column.title for one in made for column in one.columns[2:]]
    assert heads == [f"Chỉ tiêu {n} (người)" for n in range(1, 19)]
    for one in made:
        assert [row.cells[1] for row in one.rows] == [*(f"Xã {name}" for name in NAMES), "Cộng"]
        assert one.rows[-1].total
        assert one.rows[-1].cells[2:] == ("1.234",) * 6
        assert all(column.align is Align.RIGHT for column in one.columns[2:])


def test_each_phase_has_its_table_and_only_what_is_said_in_it():
    indicators = [indicator(1), indicator(2, Measure.MONEY)]
    phases = [phase(1, "2026-2030"), phase(2, "2031-2035")]
    first = units(indicators, phases[:1])
    made = tables(unit_matrix.blocks(first, indicators, phases, {}))
    assert [one.unit for one in made] == ["Giai đoạn 2026–2030"]
    assert made[0].columns[3].title == "Chỉ tiêu 2 (đồng)"
    assert made[0].rows[-1].cells[2:] == ("–", "–")


def test_who_is_missing_stands_in_its_place_and_is_named_below():
    indicators, phases = [indicator(1)], [phase(1, "2026")]
    found = unit_matrix.blocks(
        units(indicators, phases, missing={"Ngọc Biên", "Hàm Giang"}), indicators, phases, {}
    )
    (table,) = tables(found)
    assert table.rows[2].cells == ("3", "Xã Ngọc Biên (chưa có)", "–")
    assert isinstance(found[-1], Paragraph)
    assert found[-1].text == "Ghi chú: 2 đơn vị chưa có số liệu: xã Ngọc Biên, xã Hàm Giang."


def test_of_many_units_each_table_begins_a_page():
    indicators, phases = [indicator(n) for n in range(1, 10)], [phase(1, "2026")]
    few = units(indicators, phases)
    many = few * 4
    assert [one.apart for one in tables(unit_matrix.blocks(few, indicators, phases, {}))] == [
        False,
        False,
    ]
    assert [one.apart for one in tables(unit_matrix.blocks(many, indicators, phases, {}))] == [
        False,
        True,
    ]


def test_nothing_said_is_no_table():
    assert unit_matrix.blocks([], [indicator(1)], [phase(1, "2026")], {}) == ()
    assert unit_money.blocks(units([indicator(1)], [phase(1, "2026")])) == ()


def test_comparators_are_signs_and_words_are_cut():
    one, at = indicator(1), phase(1, "2026")
    long = Target(comparator=Comparator.QUALITATIVE, wording="Duy trì " * 20, said=None)
    said = {(1, 1): [target(50, Comparator.GTE)]}
    words = {(1, 1): [long]}
    listed = [
        ReceivedUnit(UnitName(1, "xã", "Đại An", "1.1."), False, said, None),
        ReceivedUnit(UnitName(2, "xã", "Tập Sơn", "1.2."), False, words, None),
    ]
    (table,) = tables(unit_matrix.blocks(listed, [one], [at], {}))
    assert table.rows[0].cells[2] == "≥ 50"
    assert table.rows[1].cells[2].endswith("…")
    assert len(table.rows[1].cells[2]) <= 61


def test_money_has_a_column_for_each_source_and_adds_up():
    state = MoneyKey(MoneySource.STATE, MoneyLevel.COMMUNE, 2026)
    social = MoneyKey(MoneySource.SOCIAL, None, None)
    listed = [
        ReceivedUnit(
            UnitName(1, "xã", "Đại An", "1.1."), False, {}, Money({state: 1_000, social: 500})
        ),
        ReceivedUnit(UnitName(2, "xã", "Tập Sơn", "1.2."), False, {}, Money({state: 10}, 3)),
        ReceivedUnit(UnitName(3, "xã", "Ngọc Biên", "1.3."), True, {}, None),
    ]
    table, note = unit_money.blocks(listed)
    assert table.unit == "Đơn vị tính: đồng"
    assert [column.title for column in table.columns[2:]] == [
        "Ngân sách nhà nước, cấp xã",
        "Xã hội hóa",
        "Cộng",
    ]
    assert [row.cells[1:] for row in table.rows] == [
        ("Xã Đại An", "1.000", "500", "1.500"),
        ("Xã Tập Sơn", "10", "–", "10"),
        ("Cộng", "1.010", "500", "1.510"),
    ]
    assert note.text == "Ghi chú: 3 khoản chưa có số tiền nên chưa cộng."


def test_pages_of_each_annex_are_counted_through_forced_breaks():
    indicators, phases = [indicator(n) for n in range(1, 18)], [phase(1, "2026")]
    body = unit_matrix.blocks(units(indicators, phases) * 2, indicators, phases, {})
    paper = PaperText(
        kind=PaperKind.REPORT,
        agency="ỦY BAN NHÂN DÂN HUYỆN TRÀ CÚ",
        symbol="BC-UBND",
        place="Trà Cú",
        subject="Tổng hợp kế hoạch",
        body=(plain("Số liệu kèm theo."),),
        signature=Signature(("CHỦ TỊCH",)),
        annexes=tuple(
            Annex(f"Phụ lục {numeral}", "Chỉ tiêu", "(Kèm theo)", body, landscape=True)
            for numeral in ("I", "II")
        ),
    )
    document = pypdfium2.PdfDocument(pdf.write(paper))
    firsts = [page.get_textpage().get_text_range().split()[0] for page in document]
    document.close()
    assert firsts == ["ỦY", "Phụ", "2", "3", "Phụ", "2", "3"]
