"""What stands on the paper of a report: its opening, its items, and its tables."""

from datetime import date

import pytest

from lth.exchange.papers import report
from lth.exchange.papers.issuing import Issuing
from lth.exchange.papers.report import DoneLine, ReportTold, UnitLine
from lth.exchange.papers.text import Paragraph, Table
from lth.models import Document, Indicator, Period, ReportItem, ReportValue, Section, Unit
from lth.models.programme import Measure, PeriodUse, RollUp
from lth.models.report import Reported, ReportItemKind
from lth.models.unit import Level
from lth.reporting.sums import Sum
from lth.workflow.kinds import REPORT, REPORT_SYNTHESIS

DAYS = {"starts_on": date(2020, 12, 15), "ends_on": date(2021, 6, 14)}


def indicator(number: int, label: str, measure: Measure = Measure.COUNT, topic: str = "clubs"):
    return Indicator(
        id=number,
        code=f"i{number}",
        topic=topic,
        label_vi=label,
        unit_vi="người",
        measure=measure,
        roll_up=RollUp.SUM,
    )


MEMBERS = indicator(1, "Số thành viên")
FUND = indicator(2, "Quỹ tăng thu nhập", Measure.MONEY, topic="funds")


def document(kind=REPORT, unit: str = "Tập Sơn", type_: str = "xã") -> Document:
    above = Unit(type="huyện", name="Trà Cú", level=Level.DISTRICT)
    return Document(
        kind=kind,
        unit=Unit(type=type_, name=unit, level=Level.COMMUNE),
        next_unit=above,
        period=Period(code="2021-6T", use=PeriodUse.REPORT, **DAYS),
        created_at=date(2021, 6, 15),
    )


def told(**more) -> ReportTold:
    usual = {
        "document": document(),
        "sections": [
            Section(title="I. Tình hình thực hiện", body="Đã thành lập 1 câu lạc bộ."),
            Section(title="II. Kết quả", body=" "),
        ],
        "items": [
            ReportItem(kind=ReportItemKind.REQUEST, text="Đề nghị tập huấn"),
            ReportItem(kind=ReportItemKind.DIFFICULTY, text="Thiếu dụng cụ."),
        ],
        "lines": [
            DoneLine(MEMBERS, "206", "124", "124", "60,19", "Tháng 5 nghỉ dịch"),
            DoneLine(FUND, "", "41.599.000", "41.599.000", ""),
        ],
    }
    return ReportTold(**usual | more)


def paper(read: ReportTold):
    return report.of_report(read, Issuing())


def texts(body) -> list[str]:
    return [block.text for block in body if isinstance(block, Paragraph)]


def test_it_says_of_which_days_and_ends_as_a_paper_does():
    made = paper(told())
    assert made.subject.endswith("tự giúp nhau 6 tháng đầu năm 2021")
    first, *_, last = texts(made.body)
    assert first == (
        "Ủy ban nhân dân xã Tập Sơn báo cáo kết quả 6 tháng đầu năm 2021"
        " (số liệu từ ngày 15/12/2020 đến ngày 14/6/2021) như sau:"
    )
    assert last == "- Đề nghị tập huấn./."
    assert made.addressees == ("Ủy ban nhân dân huyện Trà Cú",)


def test_items_follow_the_sections_that_say_something_each_kind_under_its_title():
    said = texts(paper(told()).body)
    assert [one for one in said if one.startswith(("I", "V"))] == [
        "I. TÌNH HÌNH THỰC HIỆN",
        "II. KHÓ KHĂN, VƯỚNG MẮC",
        "III. KIẾN NGHỊ, ĐỀ XUẤT",
    ]


def test_its_figures_are_an_annex_by_topic():
    (annex,) = paper(told()).annexes
    (table,) = annex.body
    assert isinstance(table, Table)
    assert (annex.label, annex.title, annex.landscape) == ("Phụ lục", "Biểu số liệu", True)
    assert [row.cells for row in table.rows if not row.heading] == [
        ("1", "Số thành viên", "người", "206", "124", "124", "60,19", "Tháng 5 nghỉ dịch"),
        ("2", "Quỹ tăng thu nhập", "đồng", "", "41.599.000", "41.599.000", "", ""),
    ]
    assert sum(row.heading for row in table.rows) == 2


def test_one_that_adds_up_names_the_units_and_who_is_not_in_it():
    units = [
        UnitLine("xã Tập Sơn", {1: Sum(value=124, counted=1)}),
        UnitLine("xã Kim Sơn", {1: Sum(nils=1)}),
        UnitLine("xã Thanh Sơn", None),
    ]
    made = paper(
        told(
            document=document(REPORT_SYNTHESIS, "Trà Cú", "huyện"),
            units=units,
            sums={1: Sum(value=124, counted=1, nils=1, missing=1)},
        )
    )
    assert "tổng hợp từ 02 trên 03 đơn vị cấp dưới, như sau:" in texts(made.body)[0]
    figures, by_unit = made.annexes
    assert (figures.label, by_unit.label) == ("Phụ lục I", "Phụ lục II")
    (table,) = [one for one in by_unit.body if isinstance(one, Table)]
    assert [row.cells for row in table.rows] == [
        ("1", "Xã Tập Sơn", "124"),
        ("2", "Xã Kim Sơn", "Không phát sinh"),
        ("3", "Xã Thanh Sơn (chưa có)", "–"),
        ("", "Cộng", "124"),
    ]
    assert "1 đơn vị chưa có số liệu: xã Thanh Sơn." in texts(by_unit.body)[-1]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ReportValue(reported=Reported.VALUE, value=3444), "3.444"),
        (ReportValue(reported=Reported.VALUE, value=0), "0"),
        (ReportValue(reported=Reported.NIL), "Không phát sinh"),
        (ReportValue(reported=Reported.NOT_APPLICABLE), "Không áp dụng"),
        (None, "Chưa có số liệu"),
    ],
)
def test_four_states_are_four_things_on_paper_too(row, said):
    assert report.state(row, MEMBERS) == said
