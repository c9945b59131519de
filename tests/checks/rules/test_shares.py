"""V21 to V23: what a percentage is of, what "maintain" starts from, what a later phase drops."""

import pytest
from support.plandocs import PHASE, changed, codes, found, indicators, said, target

from lth.content.model import BASELINE, Baseline, PhaseSpan, Span, TargetLine
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.finding import Stage

GTE, MAINTAIN = Comparator.GTE, Comparator.MAINTAIN
PER_CLUB = TargetScope.PER_CLUB
FIRST, SECOND = PhaseSpan("2021-2023", Span(2021, 2023)), PhaseSpan("2024-2025", Span(2024, 2025))
WHOLE = PhaseSpan(PHASE, Span(2021, 2025))


def reached(wording: str) -> TargetLine:
    return target("outreach_pct", 3000, comparator=GTE, wording=wording)


# --- V21 ----------------------------------------------------------------------------------

OF_WHAT = [
    ("one choice only", target("women_share_pct", 6000, scope=PER_CLUB), False),
    ("two choices, none named", target("loan_access_pct", 5000, comparator=GTE), True),
    ("two choices, one named",
     target("loan_access_pct", 5000, comparator=GTE, denominator="loan_need_members"), False),
    ("no usual one", target("older_women_share_pct", 5000, 6000, scope=PER_CLUB), True),
    ("in words", target("loan_access_pct", comparator=Comparator.QUALITATIVE, wording="ưu tiên"),
     False),
    ("a count", target("loans_members", 500), False),
    ("three groups in one", reached("30% hội viên, người cao tuổi và cộng đồng"), True),
    ("two groups in one", reached("30 % cán bộ và hội viên"), True),
    ("one group", reached("30% hội viên được tuyên truyền"), False),
    ("one group of one kind", reached("30% người cao tuổi nghèo và cận nghèo"), False),
    ("a share of a line that is not there", target("clubs_new", 5, parent_share_key="gone"), True),
    ("an indicator of another programme", target("unheard_of_pct", 5000), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "fires"), OF_WHAT, ids=[one[0] for one in OF_WHAT])
def test_a_percentage_is_of_one_number(name, line, fires):
    assert bool(found(changed(targets=(line,)), "V21")) is fires


def test_nested_shares_name_the_share_they_are_of():
    """100 % of clubs have a fund of 25 million, 40 % of them one of 35."""
    funds = target("clubs_income_fund_pct", 10000, key="a")
    some = target("clubs_income_fund_pct", 4000, key="b", parent_share_key="a")
    floors = [
        target("income_fund_min", low, comparator=GTE, scope=PER_CLUB, key=key, parent_share_key=of)
        for low, key, of in ((25_000_000, "c", "a"), (35_000_000, "d", "b"))
    ]
    assert codes(changed(targets=(funds, some, *floors))) & {"V20", "V21", "V27", "V32"} == {"V27"}
    assert "Câu lạc bộ thành lập mới" in said(changed(targets=(funds, some, *floors)), "V27")[0]


def test_the_choices_are_named():
    content = changed(targets=(target("loan_access_pct", 5000, comparator=GTE),))
    (finding,) = found(content, "V21")
    assert "Thành viên có nhu cầu vay vốn" in str(finding.remedy)


# --- V22 ----------------------------------------------------------------------------------

KEPT = target("clubs_maintained_pct", 10000, wording="duy trì 100 % CLB")
CLUBS = Baseline("b", "clubs_existing", 21)

STARTS = [
    ("no figure at the start", (KEPT,), (), True),
    ("so many clubs there are", (KEPT,), (CLUBS,), False),
    ("there are none", (KEPT,), (Baseline("b", "clubs_existing", 0),), False),
    ("the line is there, its figure is not", (KEPT,), (Baseline("b", "clubs_existing", None),),
     True),
    ("something else is known", (KEPT,), (Baseline("b", "communes_total", 10),), True),
    ("40 in all with 12 new ones: 28 there are",
     (KEPT, target("clubs_total", 40, counts_from=CountsFrom.CUMULATIVE), target("clubs_new", 12)),
     (), False),
    ("maintain 21 clubs says it itself", (target("clubs_maintained", 21, comparator=MAINTAIN),), (),
     False),
    ("maintain a share of staff", (target("staff_trained_pct", 10000, comparator=MAINTAIN),), (),
     True),
    ("maintain a share of known staff", (target("staff_trained_pct", 10000, comparator=MAINTAIN),),
     (Baseline("b", "staff_total", 30),), False),
    ("a share to be reached", (target("clubs_full8_pct", 7000, comparator=GTE),), (), False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "targets", "start", "fires"), STARTS, ids=[one[0] for one in STARTS]
)
def test_maintaining_a_share_starts_from_a_number(name, targets, start, fires):
    assert bool(found(changed(targets=targets, baselines=start), "V22")) is fires


def test_a_start_that_the_source_has_lost_is_not_missed():
    content = changed(targets=(KEPT,), baselines=(), unreadable=frozenset({BASELINE}))
    assert not found(content, "V22")


def test_a_phase_may_keep_up_what_the_one_before_reached():
    kept = target("staff_trained_pct", 10000, comparator=MAINTAIN, phase=SECOND.key)
    before = target("staff_trained_pct", 10000, phase=FIRST.key)
    phases = (FIRST, SECOND)
    assert not found(changed(targets=(before, kept), phases=phases), "V22")
    assert found(changed(targets=(kept,), phases=phases), "V22")


# --- V23 ----------------------------------------------------------------------------------

START = target("clubs_new", 10, phase=FIRST.key)
ON = target("clubs_new", 10, phase=SECOND.key)
FULL = target("clubs_full8_pct", 8000, comparator=GTE, phase=FIRST.key)

GAPS = [
    ("goes on", (START, ON), False),
    ("does not", (START, ON, FULL), True),
    ("ends, and says so",
     (START, ON, target("clubs_full8_pct", 8000, phase=FIRST.key, wording="80 %, kết thúc 2023")),
     False),
    ("goes on in the whole plan's",
     (START, ON, FULL, target("clubs_full8_pct", 8000, comparator=GTE)), False),
    ("begins later", (START, ON, target("clubs_full8_pct", 8000, phase=SECOND.key)), False),
    ("a phase with nothing in it", (START,), True),
    ("all for the whole plan", (target("clubs_new", 20),), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "targets", "fires"), GAPS, ids=[one[0] for one in GAPS])
def test_an_indicator_goes_on_in_the_next_phase(name, targets, fires):
    content = changed(targets=targets, phases=(FIRST, SECOND, WHOLE))
    assert bool(found(content, "V23")) is fires


def test_each_gap_is_said_once_at_its_line():
    twice = target("clubs_full8_pct", 9000, phase=FIRST.key, key="b")
    content = changed(targets=(START, ON, FULL, twice), phases=(FIRST, SECOND))
    (finding,) = found(content, "V23")
    assert finding.place == FULL.key
    assert "2021–2023" in str(finding.said)
    assert "2024–2025" in str(finding.said)


@pytest.mark.parametrize("code", ["V21", "V22", "V23"])
def test_what_is_missing_is_asked_for_when_the_plan_is_sent(code):
    lines = (KEPT, target("loan_access_pct", 5000), START, ON, FULL)
    content = changed(targets=lines, baselines=(), phases=(FIRST, SECOND))
    assert code not in codes(content, Stage.DRAFT)
    assert code in codes(content, Stage.SUBMIT)


def test_the_choice_is_not_asked_for_where_a_programme_has_one():
    assert indicators("1648")["loan_access_pct"].denominator_code == "loan_need_members"
