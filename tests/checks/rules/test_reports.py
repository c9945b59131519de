"""V25: who reports how often, to whom, by which day."""

import pytest
from support.plandocs import changed, found, said

from lth.content.model import (
    REPORTING,
    Header,
    ReportingDuty,
)
from lth.models.parts import Frequency, Issuance

BOARD = "Ban Đại diện Hội Người cao tuổi huyện"
LABOUR = "Phòng Lao động - Thương binh và Xã hội"
LETTER = Header("header", Issuance.DIRECTIVE)

COMMUNES, COMMITTEE = "Ủy ban nhân dân các xã", "Ủy ban nhân dân huyện"


def report(key: str = "r", reporter: str = COMMUNES, to=(COMMITTEE,), often=Frequency.YEARLY,
           due: str = "trước ngày 15/12") -> ReportingDuty:  # fmt: skip
    return ReportingDuty(key, reporter, tuple(to), "", often, due)


REPORTS = [
    ("all there", [report()], 0),
    ("nothing", [], 1),
    ("how often is not said", [report(often=None)], 1),
    ("nor to whom", [report(to=())], 1),
    ("nor by when", [report(due="")], 1),
    ("as the rules have it is no day", [report(due="theo quy định")], 1),
    ("by the end of the quarter", [report(due="cuối quý")], 1),
    ("by the end of the year", [report(due="vào cuối năm")], 1),
    ("on the last day of the quarter", [report(due="ngày cuối cùng của quý")], 0),
    ("in a month", [report(due="trong tháng 12")], 0),
    ("every six months is how often", [report(due="6 tháng một lần")], 1),
    ("when it happens", [report(often=Frequency.AD_HOC, due="")], 0),
    ("to the State and to the association", [report(to=(COMMITTEE, BOARD))], 0),
    ("to two of the State", [report(to=(COMMITTEE, LABOUR))], 1),
    ("to two in two lines", [report("a"), report("b", to=(BOARD,), often=Frequency.HALF_YEAR)], 1),
    ("half-yearly and yearly", [
        report("a"), report("b", often=Frequency.HALF_YEAR, due="trước ngày 15/6"),
    ], 0),
    ("twice yearly, by two days", [report("a"), report("b", due="trước ngày 20/12")], 1),
    ("two reporters", [report("a"), report("b", reporter=LABOUR, to=(BOARD,))], 0),
    ("one addressee under two names", [
        report("a"), report("b", to=("UBND huyện",), often=Frequency.HALF_YEAR, due="15/6"),
    ], 0),
    ("trouble goes elsewhere", [report("a"), report("b", to=(BOARD,), often=Frequency.AD_HOC)], 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "lines", "count"), REPORTS, ids=[one[0] for one in REPORTS])
def test_a_report_has_a_time_an_addressee_and_a_day(name, lines, count):
    assert len(found(changed(reporting=tuple(lines)), "V25")) == count


def test_all_that_is_open_is_said_at_once():
    (text,) = said(changed(reporting=(report(often=None, to=(), due=""),)), "V25")
    assert text.endswith("kỳ báo cáo, nơi nhận, thời hạn.")


def test_reports_that_the_source_has_lost_are_not_missed():
    assert not found(changed(reporting=(), unreadable=frozenset({REPORTING})), "V25")


def test_a_letter_asks_for_reports_too():
    assert found(changed(header=LETTER, reporting=()), "V25")
