"""V44 and V45: days that there are, in order and in the period; budgets of tiers that there are."""

from datetime import date

import pytest
from support.plandocs import changed, found, said

from lth.content.model import (
    BUDGET,
    Baseline,
    BudgetLine,
    Content,
    PlanUnit,
    ReportingDuty,
    SectionText,
    Task,
)
from lth.models.finding import Severity
from lth.models.parts import Frequency, MoneyLevel, MoneySource
from lth.models.unit import Level

HALF, YEAR, QUARTER = Frequency.HALF_YEAR, Frequency.YEARLY, Frequency.QUARTERLY


def work(first: date | None, last: date | None) -> Content:
    return changed(tasks=(Task("t", "Tập huấn", (), (), first, last),))


TASKS = [
    ("in the period", date(2021, 6, 1), date(2025, 12, 31), None),
    ("without days", None, None, None),
    ("backwards", date(2023, 6, 1), date(2022, 6, 1), Severity.ERROR),
    ("beyond the period", date(2025, 6, 1), date(2026, 6, 1), Severity.WARNING),
    ("before it", date(2020, 6, 1), date(2022, 6, 1), Severity.WARNING),
    ("all of it after", date(2027, 1, 1), None, Severity.WARNING),
]


@pytest.mark.parametrize(
    ("name", "first", "last", "severity"), TASKS, ids=[one[0] for one in TASKS]
)
def test_work_ends_after_it_begins_and_in_the_period(name, first, last, severity):
    findings = found(work(first, last), "V44")
    assert [one.severity for one in findings] == [severity] * (severity is not None)


def test_work_may_begin_between_the_plans_day_and_its_period():
    content = changed(
        tasks=(Task("t", "Triển khai", (), (), date(2020, 12, 20), date(2021, 1, 31)),),
        papers=(),
        made_on=date(2020, 12, 15),
    )
    assert not found(content, "V44")


@pytest.mark.parametrize(
    ("year", "fires"), [(2021, False), (2025, False), (2020, True), (2026, True)]
)
def test_money_is_of_the_period(year, fires):
    line = BudgetLine("b", "Tập huấn", MoneySource.STATE, MoneyLevel.DISTRICT, year, 1)
    assert bool(found(changed(budget=(line,)), "V44")) is fires


TEXTS = [
    ("31/11", "hoàn thành trước ngày 31/11", 1),
    ("in full", "đến 30/02/2022 sơ kết", 1),
    ("in words", "trước ngày 31 tháng 4 năm 2022", 1),
    ("in words without a year", "ngày 31 tháng 6 hằng năm", 1),
    ("29 February", "trước ngày 29/02", 0),
    ("of a year without it", "ngày 29/02/2023", 1),
    ("of one with it", "ngày 29/02/2024", 0),
    ("a thirteenth month", "trước ngày 15/13", 1),
    ("a share that somebody reaches", "phủ hết 20/25 xã trước 30/6", 0),
    ("a share of communes", "có câu lạc bộ ở 31/40 xã, 21/109 xã", 0),
    ("a decree", "theo Nghị định số 30/2020/NĐ-CP và 31/11/2020/X", 0),
    ("twice in one place", "trước ngày 31/11 và ngày 31/9", 2),
    ("the right weekday", "thứ Sáu, ngày 07/5/2021", 0),
    ("another weekday", "thứ Hai, ngày 07/5/2021", 1),
    ("a Sunday by name", "Chủ nhật, ngày 09 tháng 5 năm 2021", 0),
    ("no Sunday", "chủ nhật 08/5/2021", 1),
]


@pytest.mark.parametrize(("name", "text", "count"), TEXTS, ids=[one[0] for one in TEXTS])
def test_a_text_names_days_that_there_are(name, text, count):
    section = SectionText("s", "I. Mục đích", text)
    assert len(found(changed(sections=(section,)), "V44")) == count


def test_the_right_weekday_is_said():
    section = SectionText("s", "I. Mục đích", "họp thứ 2 ngày 07/5/2021")
    assert "ngày 07/5/2021 là thứ Sáu" in said(changed(sections=(section,)), "V44")[0]


def test_a_baseline_is_of_a_day_that_there_is():
    line = Baseline("b", "clubs_existing", 4, "31/11/2020")
    (finding,) = found(changed(baselines=(line,)), "V44")
    assert (finding.place, finding.severity) == ("b", Severity.ERROR)


def report(key, reporter, to, often, due, through="") -> ReportingDuty:
    return ReportingDuty(key, reporter, (to,), through, often, due)


XA, HUYEN, TINH = "UBND các xã", "Ủy ban nhân dân huyện", "Ủy ban nhân dân tỉnh"
REPORTS = [
    ("twice a year on two days", [report("a", XA, HUYEN, HALF, "trước 15/6 và 15/12")], []),
    ("twice a year on one day", [report("a", XA, HUYEN, HALF, "trước 15/6")], ["a"]),
    ("the other in a yearly line", [report("a", XA, HUYEN, HALF, "trước 15/6"),
     report("b", XA, HUYEN, YEAR, "trước 15/12")], []),
    ("quarterly on one day", [report("a", XA, HUYEN, QUARTER, "trước 20/3")], ["a"]),
    ("quarterly on a day of each", [report("a", XA, HUYEN, QUARTER, "ngày 20 tháng cuối quý")], []),
    ("in the chain's order", [report("a", XA, HUYEN, YEAR, "trước 10/12"),
     report("b", HUYEN, TINH, YEAR, "trước 20/12")], []),
    ("on one day", [report("a", XA, HUYEN, YEAR, "trước 20/12"),
     report("b", HUYEN, TINH, YEAR, "trước 20/12")], []),
    ("after the upper", [report("a", XA, HUYEN, YEAR, "trước 25/12"),
     report("b", HUYEN, TINH, YEAR, "trước 20/12")], ["a"]),
    ("after who sums it up", [report("a", XA, TINH, YEAR, "trước 25/12", "Phòng Y tế"),
     report("b", "Phòng Y tế", TINH, YEAR, "trước 20/12")], ["a"]),
    ("the first half after", [report("a", XA, HUYEN, HALF, "trước 25/6 và 10/12"),
     report("b", HUYEN, TINH, HALF, "trước 20/6 và 20/12")], ["a"]),
    ("the upper next year", [report("a", XA, HUYEN, YEAR, "trước 25/12"),
     report("b", HUYEN, TINH, YEAR, "trước 15/01 năm sau")], []),
    ("of another chain", [report("a", XA, HUYEN, YEAR, "trước 25/12"),
     report("b", "Hội Người cao tuổi huyện", TINH, YEAR, "trước 20/12")], []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "lines", "places"), REPORTS, ids=[one[0] for one in REPORTS])
def test_reports_are_due_in_order_and_as_often_as_they_are_made(name, lines, places):
    assert [one.place for one in found(changed(reporting=tuple(lines)), "V44")] == places


# --- V45 ----------------------------------------------------------------------------------

COMMUNE = PlanUnit("xã Tân Hòa", Level.COMMUNE, "tỉnh Sông Hậu", Level.PROVINCE)
NEW, OLD = date(2026, 1, 15), date(2025, 6, 30)
DISTRICT_LINE = BudgetLine("b", "Tập huấn", MoneySource.STATE, MoneyLevel.DISTRICT, None, 1)
COMMUNE_LINE = BudgetLine("c", "Tập huấn", MoneySource.STATE, MoneyLevel.COMMUNE, None, 1)


def paid(day: date, *lines: BudgetLine, text: str = "") -> Content:
    section = SectionText("s", "IV. Kinh phí", text)
    return changed(place=COMMUNE, made_on=day, budget=lines, sections=(section,))


MONEY = [
    ("a district's line", paid(NEW, DISTRICT_LINE, COMMUNE_LINE), ["b"]),
    ("while there were districts", paid(OLD, DISTRICT_LINE), []),
    ("a commune's", paid(NEW, COMMUNE_LINE), []),
    ("in the text", paid(NEW, COMMUNE_LINE, text="từ ngân sách cấp huyện"), ["s"]),
    (
        "the province's in the text",
        paid(NEW, COMMUNE_LINE, text="ngân sách tỉnh, ngân sách xã"),
        [],
    ),
    ("in several places", paid(NEW, DISTRICT_LINE, text="ngân sách huyện hỗ trợ"), [BUDGET]),
]


@pytest.mark.parametrize(("name", "content", "places"), MONEY, ids=[one[0] for one in MONEY])
def test_no_money_is_of_a_tier_that_has_ended(name, content, places):
    assert [one.place for one in found(content, "V45")] == places
    assert not [one for one in found(content, "V19") if "cấp huyện" in str(one.said)]
