"""V20: one word before a figure, and the same one wherever it stands."""

import pytest
from support.plandocs import PHASE, changed, found, said, target

from lth.content.model import Content, PhaseSpan, Span, TargetLine
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity

GTE, GT, EQ, LTE, LT = (
    Comparator.GTE, Comparator.GT, Comparator.EQ, Comparator.LTE, Comparator.LT,
)  # fmt: skip
PER_CLUB = TargetScope.PER_CLUB
MILLION = 10**6
FIRST, SECOND = PhaseSpan("2021-2023", Span(2021, 2023)), PhaseSpan("2024-2025", Span(2024, 2025))
WHOLE = PhaseSpan(PHASE, Span(2021, 2025))


def planned(*targets: TargetLine, **changes) -> Content:
    return changed(targets=targets, **changes)


def fund(wording: str, low: int = 50 * MILLION, high: int | None = None, **more) -> TargetLine:
    return target("income_fund_min", low, high, scope=PER_CLUB, wording=wording, **more)


def clubs(wording: str, low: int, comparator: Comparator = GTE) -> TargetLine:
    return target("clubs_new", low, comparator=comparator, wording=wording)


STACKED = [
    ("ít nhất … trở lên", fund("ít nhất từ 50.000.000 đồng trở lên", comparator=GTE), True),
    ("từ … trở lên", fund("từ 50 triệu đồng trở lên", comparator=GTE), False),
    ("a range that goes on", fund("đạt từ 50 - 80 triệu đồng trở lên", 50 * MILLION, 80 * MILLION),
     True),
    ("a plain range", fund("từ 50 - 80 triệu đồng", 50 * MILLION, 80 * MILLION), False),
    ("thin spaces and dashes", fund("từ 50\u2009–\u200980 triệu đồng trở lên", comparator=GTE),
     True),
    ("at least from", clubs("ít nhất từ 01 Câu lạc bộ", 1), True),
    ("at least", clubs("ít nhất 01 Câu lạc bộ", 1), False),
    ("at least a range", target("clubs_new", 1, 2, wording="ít nhất 1- 2 CLB"), True),
    ("of another figure in the sentence", clubs("20 CLB, quỹ ít nhất từ 30 triệu trở lên", 20, EQ),
     False),
    ("in two clauses", clubs("ít nhất 20 CLB với trên 900 thành viên", 20), False),
    ("no comparison: on the territory", clubs("20 CLB trên 20 xã", 20, EQ), False),
    ("no wording", clubs("", 20), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "fires"), STACKED, ids=[one[0] for one in STACKED])
def test_no_comparators_are_stacked(name, line, fires):
    assert bool(found(planned(line), "V20")) is fires


WORDED = [
    ("at least, said and meant", clubs("ít nhất 20 CLB", 20, GTE), False),
    ("at least, but exactly", clubs("ít nhất 20 CLB", 20, EQ), True),
    ("more than, but at least", clubs("trên 20 CLB", 20, GTE), True),
    ("more than, said and meant", clubs("hơn 20 câu lạc bộ", 20, GT), False),
    ("a plain number may be a floor", clubs("20 CLB", 20, GTE), False),
    ("the word is about another number", clubs("20 CLB với trên 900 người", 20, EQ), False),
    ("per cent", target("clubs_full8_pct", 7000, comparator=EQ, wording="ít nhất 70 % CLB"), True),
    ("no more than", target("club_size", high=70, comparator=LTE, scope=PER_CLUB,
                            wording="không quá 70 người"), False),
    ("not under", clubs("không dưới 20 CLB", 20, GTE), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "fires"), WORDED, ids=[one[0] for one in WORDED])
def test_the_wording_and_the_figure_compare_alike(name, line, fires):
    assert bool(found(planned(line), "V20")) is fires


def share(low: int, comparator: Comparator = GTE, high: int | None = None, **more) -> TargetLine:
    more.setdefault("scope", PER_CLUB)
    return target("older_share_pct", low, high, comparator=comparator, **more)


TWICE = [
    ("as Vĩnh Long: at least 70 %, and 70 %", share(7000), share(7000, EQ, key="b"), True),
    ("the same line twice", share(7000), share(7000, key="b"), False),
    ("two floors", share(6000), share(7000, key="b"), True),
    ("two exact figures", share(6000, EQ), share(7000, EQ, key="b"), True),
    ("a range and what is outside it", share(6000, Comparator.BETWEEN, 7000),
     share(7500, key="b"), True),
    ("lowland and mountain", share(7000, area=AreaType.LOWLAND),
     share(5000, area=AreaType.MOUNTAIN, key="b"), False),
    ("a share of a share", share(10000, EQ), share(4000, EQ, key="b", parent_share_key="a"), False),
    ("so many a year, and in all", target("clubs_new", 60, comparator=GTE),
     target("clubs_new", 12, comparator=GTE, counts_from=CountsFrom.YEARLY, key="b"), False),
    ("a total reached", target("clubs_total", 40, counts_from=CountsFrom.CUMULATIVE),
     target("clubs_new", 12, key="b"), False),
    ("of another number", share(5000, denominator="members_total"),
     share(6000, EQ, denominator="members_older", key="b"), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "one", "other", "fires"), TWICE, ids=[one[0] for one in TWICE])
def test_a_target_given_twice_is_given_alike(name, one, other, fires):
    assert bool(found(planned(one, other), "V20")) is fires


def test_what_no_figure_can_keep_to_is_said_to_be_so():
    both = planned(share(6000, EQ), share(7000, EQ, key="b"))
    assert "không thể cùng đạt: 60 % và 70 %" in said(both, "V20")[0]


PHASED = [
    ("a norm repeated otherwise in a phase", share(7000), share(7000, EQ, phase=SECOND.key), True),
    ("a share that grows", share(3000), share(5000, EQ, phase=SECOND.key), False),
    ("a part of a sum", target("clubs_new", 17, comparator=GTE),
     target("clubs_new", 17, phase=SECOND.key), False),
    ("one in each phase", share(7000, phase=FIRST.key), share(7000, EQ, phase=SECOND.key), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "one", "other", "fires"), PHASED, ids=[one[0] for one in PHASED])
def test_phases_may_differ_but_not_say_one_norm_in_two_ways(name, one, other, fires):
    content = planned(one, other, phases=(FIRST, SECOND, WHOLE))
    assert bool(found(content, "V20")) is fires


def test_the_place_is_the_line_and_the_phrase_is_quoted():
    (finding,) = found(planned(clubs("ít nhất từ 1 - 2 câu lạc bộ trở lên", 1)), "V20")
    assert finding.place == f"clubs_new@{PHASE}"
    assert finding.severity is Severity.WARNING
    assert "“ít nhất từ 1 - 2 CLB trở lên”" in str(finding.said)
