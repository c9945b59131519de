"""Plan files as people write them: what is read, and every slip with its line and column."""

import contextlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import lth
from lth.content.model import BudgetLine, Content, PhaseSpan, PlanUnit, Span, TargetLine
from lth.exchange.plan_file import PlanFileError, form, nodes, read, write
from lth.exchange.plan_file.reader import areas
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Stage
from lth.models.parts import Issuance, MoneyLevel, MoneySource
from lth.models.unit import Level

HEAD = """format: 1
programme: "1648"
unit: {name: xã Tam Tiến, level: commune, parent: tỉnh Bắc Ninh, parent_level: province}
period: {from: 2026, to: 2035}
"""
PHASES = "phases: [{from: 2026, to: 2030}, {from: 2031, to: 2035}]\n"
BODY = HEAD.count("\n") + 1
"""The line of the file where a test's own text begins."""


def content(text: str, *, head: str = HEAD) -> Content:
    return read(head + text, "plan.yaml").content


def targets(*lines: str, head: str = HEAD) -> tuple[TargetLine, ...]:
    return content("targets:\n" + "".join(f"  - {line}\n" for line in lines), head=head).targets


def problems(text: str, *, head: str = HEAD) -> list[tuple[int, int, str]]:
    """Everything wrong with a text, the lines counted from where the test's own begins."""
    with pytest.raises(PlanFileError) as caught:
        read(head + text, "plan.yaml")
    shift = BODY - 1 if head == HEAD else 0
    return [(one.line - shift, one.column, str(one.said)) for one in caught.value.problems]


# --- What is read -------------------------------------------------------------------------


def test_the_least_that_is_a_plan() -> None:
    found = read(HEAD, "plan.yaml", today=date(2026, 3, 1)).content
    assert found.place == PlanUnit("xã Tam Tiến", Level.COMMUNE, "tỉnh Bắc Ninh", Level.PROVINCE)
    assert found.period == Span(2026, 2035)
    assert found.phases == (PhaseSpan("2026-2035", Span(2026, 2035)),)
    assert found.header.issuance is Issuance.PLAN
    assert found.made_on == date(2026, 3, 1)
    assert found.final
    assert found.targets == found.tasks == found.budget == ()


@pytest.mark.parametrize(
    ("period", "key"),
    [
        ("{from: 2026, to: 2030}", "2026-2030"),
        ("{from: 2026, to: 2026}", "2026"),
        ("{to: 2030}", "2030"),
    ],
)
def test_the_period_is_the_one_phase_unless_there_are_others(period: str, key: str) -> None:
    head = HEAD.replace("{from: 2026, to: 2035}", period)
    (target,) = targets("{indicator: clubs_new, value: 3}", head=head)
    assert (target.phase, target.key) == (key, f"clubs_new@{key}")


@pytest.mark.parametrize("text", ["phases: []\n", "phases:\n", "targets: []\nbudget: {}\n"])
def test_an_empty_list_is_no_list(text: str) -> None:
    assert content(text) == content("")


def test_phases_may_overlap_since_a_check_has_to_say_so() -> None:
    found = content("phases: [{from: 2026, to: 2030}, {from: 2030, to: 2035, key: sau}]\n")
    assert [phase.key for phase in found.phases] == ["2026-2030", "sau"]


@pytest.mark.parametrize("written", ["2026-2030", "2026–2030", "2026 - 2030", '"2026-2030"'])
def test_a_phase_is_named_with_any_dash(written: str) -> None:
    (target,) = targets(f"{{indicator: clubs_new, phase: {written}, value: 3}}", head=HEAD + PHASES)
    assert target.phase == "2026-2030"


@pytest.mark.parametrize(
    ("line", "low", "high"),
    [
        ("{indicator: older_share_pct, value: 70}", 7000, None),
        ("{indicator: older_share_pct, value: 62.5}", 6250, None),
        ("{indicator: older_share_pct, value: 19.26}", 1926, None),
        ("{indicator: loan_rate_month, from: 0.6, to: 1}", 60, 100),
        ("{indicator: income_fund_min, value: 20_000_000}", 20_000_000, None),
        ("{indicator: income_fund_min, value: 20000000}", 20_000_000, None),
        ("{indicator: members_total, value: 010}", 10, None),
        ('{indicator: members_total, value: "3444"}', 3444, None),
        ("{indicator: clubs_new, comparator: lte, value: 5}", None, 5),
        ("{indicator: clubs_new, comparator: lt, value: 5}", None, 5),
        ("{indicator: clubs_new, comparator: maintain, value: 5}", 5, None),
        ("{indicator: members_poor, comparator: qualitative, wording: ưu tiên}", None, None),
    ],
)
def test_figures_are_exact(line: str, low: int | None, high: int | None) -> None:
    (target,) = targets(line)
    assert (target.low, target.high) == (low, high)


def test_the_comparator_is_between_for_two_bounds_and_otherwise_equal() -> None:
    between, equal = targets(
        "{indicator: club_size, from: 50, to: 70}", "{indicator: clubs_new, value: 3}"
    )
    assert between.comparator is Comparator.BETWEEN
    assert equal.comparator is Comparator.EQ


def test_scope_and_meaning_are_the_indicators_own_unless_given() -> None:
    size, total, yearly, nobody = targets(
        "{indicator: club_size, from: 50, to: 70}",
        "{indicator: clubs_total, value: 40}",
        "{indicator: clubs_new, value: 12, counts_from: yearly, scope: per_commune}",
        "{indicator: loan_access_pct, value: 50}",
    )
    assert (size.scope, total.counts_from) == (TargetScope.PER_CLUB, CountsFrom.CUMULATIVE)
    assert (yearly.scope, yearly.counts_from) == (TargetScope.PER_COMMUNE, CountsFrom.YEARLY)
    assert nobody.denominator is None  # the plan does not name one, whatever the indicator has


def test_nested_shares_by_id_and_by_key() -> None:
    funds, floor, rich, best = targets(
        "{indicator: clubs_two_funds_pct, id: funds, value: 100}",
        "{indicator: income_fund_min, comparator: gte, value: 25000000, share_of: funds}",
        "{indicator: clubs_two_funds_pct, value: 40, share_of: clubs_two_funds_pct@2026-2035}",
        "{indicator: income_fund_min, key: best, value: 35000000, share_of:"
        " clubs_two_funds_pct@2026-2035#2, area: mountain}",
    )
    assert floor.parent_share_key == rich.parent_share_key == funds.key
    assert rich.key == "clubs_two_funds_pct@2026-2035#2"
    assert (best.parent_share_key, best.area) == (rich.key, AreaType.MOUNTAIN)


def test_what_the_level_above_asks_without_a_phase_holds_in_each() -> None:
    found = content(
        PHASES + "inherits:\n  issuer: Thủ tướng Chính phủ\n  targets:\n"
        "    - {indicator: club_size, from: 50, to: 70}\n"
        "    - {indicator: clubs_new, phase: 2031-2035, value: 3}\n"
    )
    assert [floor.key for floor in found.floors] == [
        "club_size@2026-2030",
        "club_size@2031-2035",
        "clubs_new@2031-2035",
    ]
    assert found.parent_issuer == "Thủ tướng Chính phủ"


def test_a_count_that_is_asked_without_a_phase_is_of_all_of_them() -> None:
    """21 new clubs by the end are not 21 in each phase; so many a year are in each year."""
    found = content(
        PHASES + "inherits:\n  targets:\n"
        "    - {indicator: clubs_new, value: 21}\n"
        "    - {indicator: health_checks, value: 9}\n"
    )
    assert [(floor.indicator, floor.phase) for floor in found.floors] == [
        ("clubs_new", ""),
        ("health_checks", "2026-2030"),
        ("health_checks", "2031-2035"),
    ]
    assert read(write(found), "plan.yaml").content.floors == found.floors


def test_texts_are_what_is_written_whatever_yaml_makes_of_them() -> None:
    found = content(
        "title: no\nrecipients: [yes, 2026-01-01, 1e3, {name: 07, purpose: off}]\n"
        "tasks: [{title: 0x1F, leads: on}]\n"
    )
    assert found.header.title == "no"
    assert [one.name for one in found.recipients] == ["yes", "2026-01-01", "1e3", "07"]
    assert found.recipients[3].purpose == "off"
    assert (found.tasks[0].title, found.tasks[0].leads) == ("0x1F", ("on",))


def test_texts_are_kept_in_composed_form_and_over_several_lines() -> None:
    found = content("sections:\n  - title: Mu\u0323c\n    text: |\n      một\n\n      hai\n")
    assert (found.sections[0].title, found.sections[0].body) == ("Mục", "một\n\nhai")


def test_money_with_its_source_and_years() -> None:
    found = content(
        "budget:\n  total: 1_000_000_000\n  lines:\n"
        "    - {activity: A, source: state, level: province, year: 2018, amount: 400000000,"
        " per_year: 100000000, years: 4}\n    - activity: B\n"
    )
    assert found.header.budget_total == 10**9
    assert found.budget == (
        BudgetLine(
            "budget-1",
            "A",
            MoneySource.STATE,
            MoneyLevel.PROVINCE,
            2018,
            400_000_000,
            100_000_000,
            4,
        ),
        BudgetLine("budget-2", "B"),
    )


def test_a_plan_without_a_day_of_its_own_is_of_its_newest_paper() -> None:
    papers = "papers: [{role: plan, date: 2026-03-11}, {role: proposal, date: 2026-03-04}]\n"
    assert content(papers).made_on == date(2026, 3, 11)
    assert content(papers + "made_on: 2026-04-01\n").made_on == date(2026, 4, 1)


def test_what_is_expected_comes_along() -> None:
    found = read(HEAD + "expected: {stage: submit, findings: [V03, V10]}\n", "plan.yaml")
    assert found.expected is not None
    assert found.expected.findings == {"V03", "V10"}
    assert found.expected.stage is Stage.SUBMIT
    assert read(HEAD, "plan.yaml").expected is None


def test_every_place_has_its_line() -> None:
    found = read(
        HEAD + "title: A\ntasks:\n  - title: A\n  - key: riêng\n    title: B\n"
        "targets:\n  - {indicator: clubs_new, value: 3}\nbudget:\n  lines: [{activity: C}]\n",
        "plan.yaml",
    )
    assert {
        "header": 5,
        "tasks": 6,
        "task-1": 7,
        "riêng": 8,
        "targets": 10,
        "clubs_new@2026-2035": 11,
        "budget": 12,
        "budget-1": 13,
    }.items() <= found.lines.items()


def test_which_areas_there_are_is_for_the_programme_to_say() -> None:
    text = "targets:\n  - {indicator: commune_coverage_pct, value: 60, area: town}\n"
    older = HEAD.replace('"1648"', '"1336"')
    assert older != HEAD
    (target,) = read(older + text, "plan.yaml").content.targets
    assert target.area is AreaType.TOWN
    assert AreaType.TOWN not in areas("1648")


# --- What is wrong ------------------------------------------------------------------------

ONE = "targets:\n  - {indicator: clubs_new, "

SLIPS = [
    # the whole
    ("titel: A\n", 1, 1, "“title”"),
    ("pictures: A\n", 1, 1, "format, programme, unit"),
    ("title: A\ntitle: B\n", 2, 1, "đã có ở dòng 5"),
    ("format: 1\n", 1, 1, "đã có ở dòng 1"),
    ("[a]: b\n", 1, 1, "Tên mục"),
    ("title: [A]\n", 1, 8, "“title” cần một giá trị"),
    ("issuance: letter\n", 1, 11, "decision_with_plan, decision_approving, plan, directive"),
    ("made_on: 07/5/2021\n", 1, 10, "2021-05-07"),
    ("made_on: 2021-02-30\n", 1, 10, "lịch không có ngày này"),
    ("final: perhaps\n", 1, 8, "true, false"),
    ("unreadable: [pictures]\n", 1, 14, "papers, bases, recipients"),
    ("expected: {findings: [V99]}\n", 1, 23, "V47"),
    ("expected: {findings: V03, stage: end}\n", 1, 34, "draft, submit, issue"),
    # lists and lines
    ("tasks: A\n", 1, 8, "“tasks” cần một danh sách"),
    ("tasks:\n  - A\n", 2, 5, "title, leads, with, from, to"),
    ("tasks:\n  - leads: [A]\n", 2, 5, "Thiếu mục “title”"),
    ("tasks:\n  - title:\n", 2, 5, "Thiếu mục “title”"),
    ("tasks:\n  - title: A\n    lead: [B]\n", 3, 5, "“leads”"),
    ("tasks:\n  - {title: A, leads: [{B: C}]}\n", 2, 24, "ngoặc kép"),
    ("recipients:\n  - Lưu: VT\n", 2, 5, "ngoặc kép"),
    ("recipients:\n  - {name: A, purpos: B}\n", 2, 15, "“purpose”"),
    ("duties:\n  - {key: x, agency: A}\n  - {key: x, agency: B}\n", 3, 11, "ở dòng 6"),
    ("duties:\n  - {key: duty-2, agency: A}\n  - {agency: B}\n", 3, 5, "“duty-2”"),
    (f"duties:\n  - {{key: {'x' * 81}, agency: A}}\n", 2, 11, "80"),
    ("budget: {total: 1.000.000}\n", 1, 17, "“1.000.000”"),
    ("budget: {total: 1000000000000000000000000}\n", 1, 17, "số tiền ghi bằng đồng"),
    ("budget:\n  lines: [{activity: A, source: nước}]\n", 2, 33, "state, social, fund, other"),
    ("budget:\n  lines: [{activity: A, year: 21}]\n", 2, 31, "bốn chữ số"),
    # years
    ("phases: [{from: 2030, to: 2026}]\n", 1, 17, "2030"),
    ("phases: 2026-2030\n", 1, 9, "“phases” cần một danh sách"),
    ("phases: [{from: 2026}]\n", 1, 10, "Thiếu mục “to”"),
    ("phases: [{to: 2030}, {from: 2030, to: 2030}]\n", 1, 22, "ghi hai lần"),
    # targets
    ("targets:\n  - {value: 3}\n", 2, 5, "Thiếu mục “indicator”"),
    ("targets:\n  - {indicator: club_new, value: 3}\n", 2, 17, "“clubs_new”"),
    ("targets:\n  - {indicator: xyz, value: 3}\n", 2, 17, "communes_total, clubs_existing"),
    (ONE + "value: 3, denominator: clubs}\n", 2, 51, "denominator"),
    (ONE + "phase: 2026-2030, value: 3}\n", 2, 35, "2026-2035"),
    (ONE + "phase: [2026], value: 3}\n", 2, 35, "“phase” cần một giá trị"),
    (ONE + "value: 3.444}\n", 2, 35, "3444"),
    (ONE + "value: 3,5}\n", 2, 37, "“3,5” viết là value: 3.5"),
    (ONE + "value: 14,000,000}\n", 2, 38, "“14,000,000” viết là value: 14_000_000"),
    ("recipients:\n  - {name: Sở A, B, C, purpose: D}\n", 2, 18, 'name: "Sở A, B, C".'),
    ("tasks:\n  - {leads: [A], B, title: C}\n", 2, 18, "“B” ra khỏi câu: đặt cả câu trong ngoặc"),
    (ONE + "value: -3}\n", 2, 35, "“-3”"),
    (ONE + "value: ba}\n", 2, 35, "“ba”"),
    (ONE + "value: 1e3}\n", 2, 35, "“1e3”"),
    (ONE + "value: 10000000000}\n", 2, 35, "quá lớn, nhiều nhất là 1000000000"),
    (ONE + "comparator: at_least, value: 3}\n", 2, 40, "eq, gte, gt, lte, lt, between"),
    (ONE + "comparator: between, from: 3}\n", 2, 40, "thiếu “to”"),
    (ONE + "from: 3}\n", 2, 5, "thiếu “to”"),
    (ONE + "comparator: between, value: 3, from: 1, to: 2}\n", 2, 56, "không dùng “value”"),
    (ONE + "comparator: gte}\n", 2, 40, "thiếu “value”"),
    (ONE + "wording: A}\n", 2, 5, "thiếu “value”"),
    (ONE + "comparator: gte, from: 3, value: 3}\n", 2, 51, "không dùng “from”"),
    (ONE + "from: 3, to: 2}\n", 2, 34, "không thể lớn hơn"),
    (ONE + "comparator: qualitative, value: 3, wording: A}\n", 2, 60, "không ghi số"),
    (ONE + "comparator: qualitative}\n", 2, 40, "“wording”"),
    (ONE + "value: 3, scope: club}\n", 2, 45, "per_district"),
    (ONE + "value: 3, area: town}\n", 2, 44, "all, lowland, mountain, ethnic_minority"),
    (ONE + "value: 3, area: sea}\n", 2, 44, "all, lowland, mountain"),
    ("baseline: [{indicator: communes_total, value: 7, area: town}]\n", 1, 56, "lowland"),
    (ONE + "value: 3, share_of: x}\n", 2, 48, "“x”"),
    (ONE + "value: 3, id: x, share_of: x}\n", 2, 55, "“x”"),
    (ONE + "value: 3, id: x}\n  - {indicator: clubs_total, id: x, value: 3}\n", 3, 34, "“x”"),
    (ONE + "value: 3, key: x}\n  - {indicator: clubs_total, key: x, value: 3}\n", 3, 35, "“x”"),
    ("targets:\n  - {indicator: older_share_pct, value: 62.555}\n", 2, 41, "62.5"),
    ("targets:\n  - {indicator: older_share_pct, value: 70%}\n", 2, 41, "“70%”"),
    ("targets:\n  - {indicator: older_share_pct, value: 101}\n", 2, 41, "cao nhất là 100"),
    ("targets:\n  - {indicator: income_fund_min, value: 20.000}\n", 2, 41, "20000000"),
    ("baseline: [{indicator: older_share_pct, value: 70 %}]\n", 1, 48, "“70 %”"),
    ("baseline: [{indicator: clubs, value: 7}]\n", 1, 24, "clubs"),
    ("inherits: {targets: [{indicator: clubs_new}]}\n", 1, 22, "thiếu “value”"),
    # YAML
    ("title: A: B\n", 1, 9, "ngoặc kép"),
    ("tasks:\n\t- title: A\n", 2, 1, "Tab"),
    ("tasks:\n  - title: A\n   leads: [B]\n", 3, 4, "thụt"),
    ("tasks: [A\n", 1, 8, "thêm dấu ] ở cuối"),
    ("unit: {name: A, b: C\ntasks: []\n", 1, 7, "thêm dấu } ở cuối"),
    ("tasks:\n  - {title: A, leads: [B, C}\n", 2, 23, "thêm dấu ] ở cuối"),
    ("tasks:\n  - {title: A [B]}\n", 2, 15, "dấu ngoặc [ hoặc { giữa"),
    ("tasks:\n  - {title: A: B}\n", 2, 14, "dấu hai chấm giữa { và }"),
    ('tasks:\n  - {title: "A" B}\n', 2, 17, "dấu phẩy giữa các phần"),
    ('title: "A\n', 1, 8, 'thêm dấu " ở cuối câu'),
    ("title: 'A\n", 1, 8, "trong câu thì viết ''"),
    ('title: "A\nperiod: "B"\n', 1, 8, 'thêm dấu " ở cuối câu'),
    ('tasks:\n  - {title: "A}\n  - {title: "B"}\n', 2, 13, 'thêm dấu " ở cuối câu'),
    ("title: @A\n", 1, 8, "ngoặc kép"),
    ("title: *A\n", 1, 8, "dấu *"),
    ("tasks:\n  - {title: A, leads: &who [B]}\n  - {title: C, leads: *who}\n", 3, 23, "dấu *"),
    ("title: &a [*a]\n", 1, 12, "dấu *"),
    ("sections: [{<<: *a}]\n", 1, 17, "dấu *"),
    ("title: [" + "A," * 2_000 + "A]\n", 1, 4_009, "2.000 dòng"),
    ("title: {" + ", ".join(f"k{n}" for n in range(1_001)) + "}\n", 1, 5_899, "2.000 dòng"),
    ("---\ntitle: A\n", 1, 1, "Mỗi tệp chỉ có một kế hoạch"),
    ("title: \x07\n", 1, 8, "ký tự điều khiển"),
    ("title: " + "[" * 30 + "]" * 30 + "\n", 1, 27, "quá sâu"),
]


@pytest.mark.parametrize(("text", "line", "column", "said"), SLIPS)
def test_a_slip_is_shown_where_it_is(text: str, line: int, column: int, said: str) -> None:
    (found,) = problems(text)
    assert found[:2] == (line, column)
    assert said in found[2]


def test_a_target_names_its_phase_where_there_are_several() -> None:
    ((line, column, said),) = problems(PHASES + ONE + "value: 3}\n")
    assert (line, column) == (3, 5)
    assert "2026-2030, 2031-2035" in said


def test_all_problems_are_told_at_once_in_their_order() -> None:
    found = problems(
        "format: 1\nprogramme: '99'\nunit: {name: A, level: ward}\nperiod: {from: 2026, to: 20}\n"
        "titel: B\ntargets:\n  - {indicator: club_new, value: 3, phase: x}\n"
        "  - {indicator: clubs_new}\ntasks: [{lead: C}]\n",
        head="",
    )
    assert [one[:2] for one in found] == [
        (2, 12),
        (3, 24),
        (4, 26),
        (5, 1),
        (7, 17),
        (8, 5),
        (9, 9),
        (9, 10),
    ]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "null\n"])
def test_a_file_without_content(text: str) -> None:
    ((line, column, said),) = problems(text, head="")
    assert (line, column) == (1, 1)
    assert "không có nội dung" in said


@pytest.mark.parametrize("text", ["- a\n", "a\n"])
def test_a_file_that_is_no_mapping(text: str) -> None:
    ((line, column, said),) = problems(text, head="")
    assert (line, column) == (1, 1)
    assert "format, programme" in said


def test_a_file_that_is_not_utf_8_says_where() -> None:
    with pytest.raises(PlanFileError) as caught:
        read(HEAD.encode() + b"title: K\xe9 ho\xe1ch\n", "plan.yaml")
    ((line, column),) = [(one.line, one.column) for one in caught.value.problems]
    assert (line, column) == (BODY, 9)
    assert "UTF-8" in str(caught.value)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read(b"\xef\xbb\xbf" + HEAD.encode(), "plan.yaml").content.programme == "1648"


def test_a_file_that_is_too_large_is_not_read() -> None:
    ((_, _, said),) = problems("# " + "x" * nodes.LONGEST + "\n", head="")
    assert "500.000 ký tự" in said
    assert f"{nodes.LONGEST:,}" == "500,000"


def test_a_file_of_too_many_parts_is_not_read() -> None:
    lists = "tasks:\n" + "  - [a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a]\n" * 1_900
    ((line, _, said),) = problems(lists)
    assert "30.000 mục" in said
    assert line < 1_900
    assert (nodes.MOST_ITEMS, nodes.MOST_NODES) == (2_000, 30_000)


def test_a_short_text_that_stands_for_a_long_one_is_refused_at_its_first_alias() -> None:
    """Each of ten levels is ten of the one before: 10,000,000,000 words in 500 characters."""
    levels = ["l0: &l0 [w, w, w, w, w, w, w, w, w, w]"]
    for level in range(1, 10):
        again = ", ".join([f"*l{level - 1}"] * 10)
        levels.append(f"l{level}: &l{level} [{again}]")
    with pytest.raises(PlanFileError) as caught:
        nodes.compose("\n".join(levels) + "\n", "plan.yaml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, 10)


def test_an_unknown_key_as_long_as_a_file_is_not_compared() -> None:
    ((_, _, said),) = problems("? " + "titel" * 20_000 + "\n: A\n")
    assert "có phải là" not in said


def test_a_plan_that_is_written_uses_no_alias() -> None:
    """Of the same list twice YAML makes an alias; the writer writes it twice."""
    found = content("tasks:\n  - {title: A, leads: [B, C]}\n  - {title: D, leads: [B, C]}\n")
    same = found.tasks[0].leads
    again = replace(found, tasks=tuple(replace(task, leads=same) for task in found.tasks))
    assert "*" not in write(again)


def test_an_error_says_the_name_of_the_file() -> None:
    with pytest.raises(PlanFileError) as caught:
        read("titel: A\n", "ke-hoach.yaml")
    assert str(caught.value).startswith("ke-hoach.yaml:1:1: ")


# --- Whatever is written ------------------------------------------------------------------

SHIPPED = (Path(__file__).parents[3] / "lth" / "data" / "plans" / "tra-cu.yaml").read_text("utf-8")
PIECES = st.sampled_from(
    ["- ", ": ", "{", "}", "[", "]", '"', "'", "#", "|", ">", "&a ", "*a", "!x ", "? ", "<<: ",
     "\n", "  ", "\t", "%", "@", "~", "null", "---\n", "...\n", "\x00", "\u2028", "ạ", "-1", "1e9",
     "targets", "from", "key"]
)  # fmt: skip


BUDGET = form.PLAN.by_name["budget"].holds
KEYS = [key.name for of in (form.PLAN, form.TARGET, form.UNIT, form.PHASE, BUDGET) for key in of]


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_slip_is_a_crash(data: st.DataObject) -> None:
    text = SHIPPED[:2500]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(PIECES) + text[at + gone :]
    lines = text.count("\n") + 2
    try:
        read(text, "plan.yaml")
    except PlanFileError as error:
        assert error.problems
        for problem in error.problems:
            assert 1 <= problem.line <= lines
            assert problem.column >= 1
            assert str(problem.said)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_no_shape_is_a_crash(value: object) -> None:
    with contextlib.suppress(PlanFileError):
        read(json.dumps(value), "plan.json")


# --- What nobody sees ---------------------------------------------------------------------


def plain_scalars(node, of: form.KeyForm, name: str = ""):
    """Every text of a file that stands in one line, by the name of its key."""
    if isinstance(node, yaml.ScalarNode):
        yield name, node
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from plain_scalars(one, of, name)
    else:
        for key_node, value in node.value:
            key = of.by_name[key_node.value]
            if key.holds is not form.Holds.PROSE:
                yield from plain_scalars(value, getattr(key, "holds", of), key.name)


def test_a_hidden_character_is_refused_in_every_text_of_one_line():
    text = (Path(lth.__file__).parent / "data" / "plans" / "tra-cu.yaml").read_text("utf-8")
    found = dict(plain_scalars(nodes.compose(text, "plan.yaml"), form.PLAN))
    assert len(found) > 12
    for name, node in found.items():
        at = node.start_mark.index + (2 if node.style else 1)
        with pytest.raises(PlanFileError) as caught:
            read(f"{text[:at]}\u200b{text[at:]}", "plan.yaml")
        told = [(one.line, str(one.said)) for one in caught.value.problems]
        line = node.start_mark.line + 1
        assert any(at == line and "ký tự ẩn" in said for at, said in told), (name, told)


def test_prose_loses_what_nobody_sees():
    made = content("sections:\n  - {title: I, text: Nội\u200b dung}\n")
    assert made.sections[0].body == "Nội dung"
