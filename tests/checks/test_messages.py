"""What findings about figures say: the plan's own words, enough places, and no senseless advice."""

import pytest
from checks.probes import COMMUNE, DISTRICT, PROVINCE, Change, add, also, clean, edit, header
from support.plandocs import changed, target

from lth.checks import Finding, run
from lth.checks.wording import quotient_beside, share_beside
from lth.content.model import Baseline, Content
from lth.models.content import Comparator
from lth.models.finding import Severity, Stage

MILLION = 10**6


def found(content: Content, code: str) -> Finding:
    """The one thing that a check finds."""
    (finding,) = [one for one in run(content, Stage.ISSUE) if one.code == code]
    return finding


def after(plan: str, code: str, *changes: Change) -> Finding:
    return found(also(*changes)(clean(plan)), code)


@pytest.mark.parametrize("word", ["hơn", "trên", "vượt"])
def test_a_strict_bound_is_quoted_in_the_plans_own_word(word):
    line = target("clubs_new", 5, comparator=Comparator.GT, wording=f"lập {word} 05 câu lạc bộ")
    finding = found(changed(targets=(line,), floors=()), "V35")
    assert f"“{word} 05”" in str(finding.said)
    assert "ít nhất" in str(finding.remedy)
    assert "không quá" not in str(finding.remedy)


@pytest.mark.parametrize(
    ("part", "whole", "beside", "shown"),
    [
        (2240, 3444, 60_00, "65,04 %"),
        (59_996, 100_000, 60_00, "59,996 %"),
        (5_999_999, 10_000_000, 60_00, "59,99999 %"),
        (3, 5, 60_00, "60 %"),
    ],
)
def test_a_share_is_told_from_the_bound_beside_it(part, whole, beside, shown):
    assert str(share_beside(part, whole, beside)) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(149, 3, "49,67"), (49_998, 1000, "49,998"), (100, 2, "50")]
)
def test_a_quotient_is_told_from_the_bound_beside_it(part, whole, shown):
    assert str(quotient_beside(part, whole, 50)) == shown


@pytest.mark.parametrize(
    ("part", "whole", "stated", "shown"),
    [
        (14, 190, 7_36, "= 7,368 %, làm tròn là 7,37 %"),
        (1_234_499, 10_000_000, 12_35, "= 12,34499 %, làm tròn là 12,34 %"),
    ],
)
def test_a_rounding_is_shown_in_the_places_that_it_takes(part, whole, stated, shown):
    start = (
        Baseline("part", "older_reached", part),
        Baseline("whole", "older_population", whole),
        Baseline("share", "older_reach_pct", stated),
    )
    assert shown in str(found(changed(baselines=start), "V14").said)


def test_no_share_above_all_is_advised():
    """Five of four are 125 %, which no plan should say."""
    start = (Baseline("b1", "communes_total", 4), Baseline("b2", "communes_with_club", 5))
    content = changed(baselines=(*start, Baseline("b3", "commune_coverage_pct", 100_00)))
    assert "125" not in "\n".join(str(one.remedy) for one in run(content, Stage.ISSUE))
    assert found(content, "V11").place == "b2"


def test_a_total_is_not_mended_where_its_lines_are():
    """V02 has two lines mended; with them the total is right as it stands."""
    wrong = edit("budget", "Tập huấn ban chủ nhiệm", amount=400 * MILLION)
    finding = after(DISTRICT, "V01", wrong)
    assert "mức mỗi năm nhân số năm" in str(finding.remedy)
    assert "bớt" in str(after(DISTRICT, "V01", header(budget_total=700 * MILLION)).remedy)
    assert "bổ sung" in str(after(DISTRICT, "V01", header(budget_total=900 * MILLION)).remedy)


def test_a_text_is_put_beside_what_the_table_has():
    section = add("sections", title="VI. Ghi chú", body="Nâng tổng số lên 30 câu lạc bộ.")
    text = str(after(DISTRICT, "V28", section).said)
    assert "Tổng số câu lạc bộ đang hoạt động: 20" in text
    section = add("sections", title="VI. Ghi chú", body="Mỗi câu lạc bộ có quỹ 40 triệu đồng.")
    assert "ít nhất 50.000.000 đồng" in str(after(COMMUNE, "V28", section).said)
    section = add("sections", title="VI. Ghi chú", body="Tổng kinh phí là 250 triệu đồng.")
    assert "240.000.000 đồng" in str(after(COMMUNE, "V28", section).said)


def test_what_there_is_is_only_pointed_out():
    """A baseline beside the programme's range is a fact; a part above its whole cannot be."""
    few = edit("baselines", "members_total", value=1080, wording="")
    less = edit("baselines", "members_older", value=700, wording="")
    women = edit("baselines", "members_women", value=700, wording="")
    assert after(PROVINCE, "V08", few, less, women).severity is Severity.INFO
    more = edit("baselines", "members_older", value=1251, wording="")
    assert after(PROVINCE, "V09", more).severity is Severity.ERROR


def test_what_leaves_room_is_a_warning():
    """The plan may have more clubs than it names; a fund it names exactly is what it is."""
    lent = edit("targets", "loan_outstanding", low=276 * MILLION, wording="")
    assert after(COMMUNE, "V38", lent).severity is Severity.ERROR
    open_above = edit("targets", "income_fund_balance", comparator=Comparator.GTE)
    assert after(COMMUNE, "V38", lent, open_above).severity is Severity.WARNING


def test_a_fault_that_is_carried_on_is_told_once():
    first = edit("targets", "clubs_total/2021-2023", low=21, wording="")
    second = edit("targets", "clubs_total/2024-2025", low=27, wording="")
    assert after(DISTRICT, "V07", first, second).place == "clubs_total@2021-2023"
