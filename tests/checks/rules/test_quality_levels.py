"""V32 to V34: quality in steps, groups that overlap, averages over the right number."""

import pytest
from support.plandocs import PHASE, changed, found, said, target

from lth.content.model import (
    Baseline,
    Content,
    Definition,
    PhaseSpan,
    SectionText,
    Span,
    TargetLine,
)
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.parts import Term

GTE, BETWEEN = Comparator.GTE, Comparator.BETWEEN
PER_CLUB = TargetScope.PER_CLUB
CUMULATIVE = CountsFrom.CUMULATIVE
FIRST, SECOND = PhaseSpan("2021-2023", Span(2021, 2023)), PhaseSpan("2024-2025", Span(2024, 2025))


def share(code: str, low: int, **more) -> TargetLine:
    return target(code, low, comparator=more.pop("comparator", GTE), **more)


# --- V32 ----------------------------------------------------------------------------------

FULL, KEPT = "clubs_full8_pct", "clubs_maintained_pct"

STEPS = [
    ("100 % kept, 80 % full", [share(KEPT, 10000), share(FULL, 8000)], False),
    ("as many full as kept", [share(KEPT, 8000), share(FULL, 8000)], False),
    ("more full than kept", [share(KEPT, 8000), share(FULL, 8001)], True),
    ("more standard than full", [target("clubs_full8", 10), target("clubs_standard", 11)], True),
    ("as many", [target("clubs_full8", 10), target("clubs_standard", 10)], False),
    ("more standard than kept", [target("clubs_maintained", 10), target("clubs_standard", 11)],
     True),
    ("kept in all of the plan, full in a phase",
     [share(KEPT, 7000), share(FULL, 8000, phase=FIRST.key)], True),
    ("only one step", [share(FULL, 8000)], False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "targets", "fires"), STEPS, ids=[one[0] for one in STEPS])
def test_no_step_is_larger_than_the_one_below(name, targets, fires):
    content = changed(targets=tuple(targets), phases=(FIRST, SECOND))
    assert bool(found(content, "V32")) is fires


@pytest.mark.parametrize(("later", "fires"), [(7999, True), (8000, False), (9000, False)])
def test_a_step_does_not_sink_from_phase_to_phase(later, fires):
    targets = (share(FULL, 8000, phase=FIRST.key), share(FULL, later, phase=SECOND.key))
    content = changed(targets=targets, phases=(FIRST, SECOND))
    assert bool(found(content, "V32")) is fires


def asked(standard: TargetLine, **without) -> Content:
    """Two new clubs, 80 % of them full, each meeting monthly with a fund: as Tam Tiến."""
    targets = {
        "clubs": share("clubs_new", 2),
        "full": share(FULL, 8000),
        "meetings": target("meetings_month", 100, scope=PER_CLUB),
        "funds": target("clubs_income_fund_pct", 10000),
    } | without
    lines = tuple(one for one in targets.values() if one is not None)
    return changed(targets=(*lines, standard), baselines=(), definitions=())


ONE = share("clubs_standard", 1)
IMPLIED = [
    ("80 % of 2 are 2, not 1", asked(ONE), True),
    ("2 of 2", asked(share("clubs_standard", 2)), False),
    ("1 to 2", asked(target("clubs_standard", 1, 2)), False),
    ("50 % of 2 are 1", asked(ONE, full=share(FULL, 5000)), False),
    ("51 % of 2 are 2", asked(ONE, full=share(FULL, 5100)), True),
    ("not every club has a fund", asked(ONE, funds=share("clubs_income_fund_pct", 9000)), False),
    ("each club has a fund of so much",
     asked(ONE, funds=target("income_fund_min", 50_000_000, scope=PER_CLUB)), True),
    ("nothing of funds", asked(ONE, funds=None), False),
    ("nothing of meetings", asked(ONE, meetings=None), False),
    ("how many clubs is not known", asked(ONE, clubs=None), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "fires"), IMPLIED, ids=[one[0] for one in IMPLIED])
def test_as_many_meet_the_standard_as_its_conditions_ask(name, content, fires):
    assert bool(found(content, "V32")) is fires


def test_a_plan_that_defines_the_standard_is_not_held_to_the_programmes():
    standard = Definition("d", Term.STANDARD, "Đạt 90 điểm trở lên")
    targets = asked(ONE).targets
    assert not found(changed(targets=targets, baselines=(), definitions=(standard,)), "V32")


def test_the_arithmetic_of_the_standard_is_said():
    (text,) = said(asked(ONE), "V32")
    assert "80 % của 2 CLB" in text
    assert "ít nhất 2 CLB" in text


MILLION = 1_000_000
SHARE, FLOOR = "clubs_income_fund_pct", "income_fund_min"


def floor(millions: int, key: str, of: str | None = None, **more) -> TargetLine:
    return share(FLOOR, millions * MILLION, key=key, parent_share_key=of, scope=PER_CLUB, **more)


def nested(all_have: TargetLine, of_them: TargetLine) -> Content:
    """ "100 % có quỹ từ …, trong đó 40 % từ …"."""
    whole = share(SHARE, 10000, key="funds")
    part = share(SHARE, 4000, key="more", parent_share_key="funds")
    return changed(targets=(whole, all_have, part, of_them))


@pytest.mark.parametrize(
    ("content", "times"),
    [
        (nested(floor(25, "low", "funds"), floor(35, "high", "more")), 0),
        (nested(floor(35, "low", "funds"), floor(35, "high", "more")), 1),
        (nested(floor(45, "low", "funds"), floor(35, "high", "more")), 1),
        (nested(floor(25, "low"), floor(20, "high", "more")), 1),
        (nested(floor(25, "low", "more"), floor(35, "high", "more")), 0),
        (
            nested(
                floor(25, "low", "funds", area=AreaType.LOWLAND),
                floor(15, "high", "more", area=AreaType.MOUNTAIN),
            ),
            0,
        ),
        (nested(floor(25, "low", "nowhere"), floor(35, "high", "high")), 0),
    ],
)
def test_a_part_that_is_singled_out_has_more(content, times):
    assert [one.place for one in found(content, "V32")] == ["high"] * times


# --- V33 ----------------------------------------------------------------------------------


def groups(total: int, older: int, women: int, poor: int | None = None, wording: str = "", **more):
    lines = [
        target("members_total", total, wording=wording),
        target("members_older", older),
        target("members_women", women, **more),
    ]
    if poor is not None:
        lines.append(target("members_poor", poor))
    return changed(targets=tuple(lines))


SUMS = [
    ("older, women and poor make up the total", groups(1200, 500, 400, 300), True),
    ("one more", groups(1200, 500, 400, 301), False),
    ("half older, half women: it happens", groups(100, 50, 50), False),
    ("half and half, and said to be all", groups(100, 50, 50, wording="100 người, gồm 50 NCT"),
     True),
    ("said to be all, but overlapping rightly", groups(100, 60, 60, wording="gồm 60 NCT, 60 nữ"),
     False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "fires"), SUMS, ids=[one[0] for one in SUMS])
def test_groups_that_overlap_do_not_make_up_the_total(name, content, fires):
    assert bool(found(content, "V33")) is fires


def test_older_and_young_members_do_make_up_the_total():
    targets = tuple(
        target(code, low)
        for code, low in (("members_total", 100), ("members_older", 65), ("members_young", 35))
    )
    assert not found(changed(targets=targets), "V33")


@pytest.mark.parametrize(("poor", "fires"), [(2000, True), (2001, False)])
def test_shares_that_overlap_do_not_make_up_all(poor, fires):
    targets = (
        target("older_share_pct", 5000),
        target("women_share_pct", 3000),
        target("poor_share_pct", poor),
    )
    assert bool(found(changed(targets=targets), "V33")) is fires


def test_the_sum_is_written_out():
    (text,) = said(groups(1200, 500, 400, 300), "V33")
    assert "500 + 400 + 300" in text


# --- V34 ----------------------------------------------------------------------------------

MILLION = 10**6
FUND = target("income_fund_balance", 600 * MILLION)
TWENTY = target("clubs_total", 20, counts_from=CUMULATIVE)
FUNDED = target("clubs_income_fund", 12, counts_from=CUMULATIVE)


def averaging(text: str, *targets: TargetLine, **more) -> Content:
    return changed(targets=targets, sections=(SectionText("s", "II. Quỹ", text),), **more)


AVERAGES = [
    ("over the 12 that have one: 50",
     averaging("bình quân 50 triệu đồng/CLB", FUND, TWENTY, FUNDED), False),
    ("over all 20: 30", averaging("bình quân 30 triệu đồng/CLB", FUND, TWENTY, FUNDED), True),
    ("over neither", averaging("trung bình mỗi câu lạc bộ 45 triệu đồng", FUND, TWENTY, FUNDED),
     True),
    ("all have one: 30", averaging("bình quân 30 triệu đồng/CLB", FUND, TWENTY), False),
    ("60 % have one: 50", averaging("bình quân mỗi CLB 50 triệu", FUND, TWENTY,
                                    target("clubs_income_fund_pct", 6000)), False),
    ("an average of something else", averaging("bình quân 30 triệu đồng/hộ", FUND, TWENTY, FUNDED),
     False),
    ("the total is not known", averaging("bình quân 30 triệu đồng/CLB", TWENTY, FUNDED), False),
    ("in the table, over all",
     changed(targets=(FUND, TWENTY, FUNDED,
                      target("income_fund_balance", 30 * MILLION, scope=PER_CLUB, key="b"))), True),
    ("in the table, over those that have one",
     changed(targets=(FUND, TWENTY, FUNDED,
                      target("income_fund_balance", 50 * MILLION, scope=PER_CLUB, key="b"))),
     False),
    ("rounded as printed: 50,4 of 605", averaging(
        "bình quân 50,4 triệu đồng/CLB", target("income_fund_balance", 605 * MILLION), TWENTY,
        FUNDED), False),
    ("beyond the rounding: 50,3", averaging(
        "bình quân 50,3 triệu đồng/CLB", target("income_fund_balance", 605 * MILLION), TWENTY,
        FUNDED), True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "fires"), AVERAGES, ids=[one[0] for one in AVERAGES])
def test_an_average_fund_is_of_the_clubs_that_have_one(name, content, fires):
    assert bool(found(content, "V34")) is fires


def test_figures_of_the_start_are_averaged_over_the_clubs_of_then():
    start = (
        Baseline("a", "income_fund_balance", 600 * MILLION, wording="bình quân 30 triệu đồng/CLB"),
        Baseline("b", "clubs_existing", 20),
        Baseline("c", "clubs_income_fund", 12),
    )
    (finding,) = found(changed(baselines=start), "V34")
    assert finding.place == "a"
    assert "600.000.000 đồng : 12 = 50.000.000 đồng" in str(finding.said)
    assert PHASE not in str(finding.said)
