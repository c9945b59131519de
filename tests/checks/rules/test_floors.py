"""V27: not weaker than the level above, nothing of it left out."""

from dataclasses import replace

import pytest
from support.plandocs import changed, codes, faultless, found, indicators, said, target

from lth.checks import Finding
from lth.content.model import TARGETS, Content, Header, PhaseSpan, PlanUnit, Span, TargetLine
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.parts import Issuance
from lth.models.unit import Level

GTE, EQ, BETWEEN, LTE = Comparator.GTE, Comparator.EQ, Comparator.BETWEEN, Comparator.LTE
PER_CLUB = TargetScope.PER_CLUB
YEARLY, CUMULATIVE = CountsFrom.YEARLY, CountsFrom.CUMULATIVE
WARNING, INFO = Severity.WARNING, Severity.INFO
FIRST, SECOND = PhaseSpan("2021-2023", Span(2021, 2023)), PhaseSpan("2024-2025", Span(2024, 2025))


def clubs(low: int, comparator: Comparator = EQ, **more) -> TargetLine:
    return target("clubs_new", low, comparator=comparator, **more)


def size(low: int, high: int | None, **more) -> TargetLine:
    return target("club_size", low, high, scope=PER_CLUB, **more)


def women(low: int, high: int | None = None, comparator: Comparator = GTE, **more) -> TargetLine:
    comparator = comparator if high is None else BETWEEN
    return target("women_share_pct", low, high, comparator=comparator, scope=PER_CLUB, **more)


def severities(floor: TargetLine, *own: TargetLine, **changes) -> list[Severity]:
    content: Content = changed(targets=own, floors=(floor,), **changes)
    return [one.severity for one in asked_above(content)]


def asked_above(content: Content) -> list[Finding]:
    """What is said of the level above; norms of the programme that a plan leaves out are aside."""
    return [one for one in found(content, "V27") if (one.place, one.severity) != (TARGETS, INFO)]


JUDGED = [
    ("as many as asked", clubs(50, GTE), [clubs(50)], []),
    ("one fewer", clubs(50, GTE), [clubs(49)], [WARNING]),
    ("more", clubs(50, GTE), [clubs(60, GTE)], []),
    ("the same range", size(50, 70), [size(50, 70)], []),
    ("as Vĩnh Long: narrower", size(50, 70), [size(50, 60)], [INFO]),
    ("it begins lower", size(50, 70), [size(45, 70)], [WARNING]),
    ("it ends higher", size(50, 70), [size(50, 71)], [WARNING]),
    ("one figure within", size(50, 70), [size(60, None)], []),
    ("one figure outside", size(50, 70), [size(71, None)], [WARNING]),
    ("left open above", women(6000, 7000), [women(6000)], []),
    ("no more than", target("club_size", high=70, comparator=LTE),
     [target("club_size", high=80, comparator=LTE)], [WARNING]),
    ("missing", women(6000), [clubs(1)], [WARNING]),
    ("only in words", women(6000),
     [target("women_share_pct", comparator=Comparator.QUALITATIVE, scope=PER_CLUB)], [WARNING]),
    ("for the mountains less", women(6000),
     [women(6000, area=AreaType.LOWLAND), women(4000, area=AreaType.MOUNTAIN, key="b")], [WARNING]),
    ("asked of the mountains, given for all", women(4000, area=AreaType.MOUNTAIN), [women(5000)],
     []),
    ("a share of a share is not held to it", women(6000),
     [women(7000), women(1000, key="b", parent_share_key="a")], []),
    ("12 a year for 5 years, 60 asked", clubs(60, GTE), [clubs(12, GTE, counts_from=YEARLY)], []),
    ("11 a year, 60 asked", clubs(60, GTE), [clubs(11, GTE, counts_from=YEARLY)], [WARNING]),
    ("40 in all with the 4 there are: 36 new", clubs(36, GTE),
     [target("clubs_total", 40, comparator=GTE, counts_from=CUMULATIVE)], []),
    ("37 asked", clubs(37, GTE),
     [target("clubs_total", 40, comparator=GTE, counts_from=CUMULATIVE)], [WARNING]),
    ("of another number", target("loan_access_pct", 5000, comparator=GTE),
     [target("loan_access_pct", 4000, comparator=GTE, denominator="loan_need_members")], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "floor", "own", "expected"), JUDGED, ids=[one[0] for one in JUDGED]
)
def test_a_target_is_held_to_the_one_above(name, floor, own, expected):
    assert severities(floor, *own) == expected


def test_in_all_cannot_be_told_without_the_clubs_there_are():
    total = target("clubs_total", 40, comparator=GTE, counts_from=CUMULATIVE)
    assert severities(clubs(39, GTE), total, baselines=()) == []


PHASED = [
    ("30 and 20 for 50", [30, 20], clubs(50, GTE), []),
    ("30 and 19", [30, 19], clubs(50, GTE), [WARNING]),
    ("in its phase", [30, 20], clubs(30, GTE, phase=FIRST.key), []),
    ("fewer in its phase", [29, 21], clubs(30, GTE, phase=FIRST.key), [WARNING]),
]


@pytest.mark.parametrize(
    ("name", "given", "floor", "expected"), PHASED, ids=[one[0] for one in PHASED]
)
def test_phases_together_answer_a_floor_for_the_whole_plan(name, given, floor, expected):
    own = [clubs(low, phase=one.key) for low, one in zip(given, (FIRST, SECOND), strict=True)]
    assert severities(floor, *own, phases=(FIRST, SECOND)) == expected


def test_a_growing_share_answers_with_its_last_phase():
    own = [
        target("commune_coverage_pct", low, comparator=GTE, phase=phase.key)
        for low, phase in ((5000, FIRST), (9000, SECOND))
    ]
    asked = target("commune_coverage_pct", 9000, comparator=GTE)
    assert severities(asked, *own, phases=(FIRST, SECOND)) == []


def test_missing_targets_are_one_finding_when_the_plan_is_sent():
    asked = (women(6000), target("clubs_full8_pct", 7000, comparator=GTE))
    content = changed(targets=(clubs(20),), floors=asked)
    (finding,) = asked_above(content)
    assert finding.place == TARGETS
    assert "Tỷ lệ thành viên nữ (ít nhất 60 %)" in str(finding.said)
    assert "304/QĐ-UBND" in str(finding.said)
    assert "V27" not in codes(content, Stage.DRAFT)


def test_what_the_programme_asks_besides_is_pointed_out():
    """One target from above does not do away with the norms of the Decision."""
    own = (clubs(20), target("clubs_full8_pct", 6500, comparator=GTE))
    weaker, aside = found(changed(targets=own, floors=(clubs(20, GTE),)), "V27")
    assert (weaker.place, weaker.severity) == (own[1].key, WARNING)
    assert (aside.place, aside.severity) == (TARGETS, INFO)
    assert "Tỷ lệ câu lạc bộ có đủ hai quỹ (100 %)" in str(aside.said)


def test_what_is_weaker_is_said_from_the_first():
    assert "V27" in codes(changed(targets=(clubs(19),)), Stage.DRAFT)
    assert "V27" not in codes(changed(targets=(clubs(20),)), Stage.DRAFT)


def test_the_programmes_norms_are_inherited_where_nothing_is_given():
    (text,) = said(changed(floors=(), targets=(clubs(20),)), "V27")
    assert "Tỷ lệ thành viên được vay vốn (ít nhất 50 %)" in text
    assert "Sinh hoạt định kỳ" not in text


def test_thresholds_are_the_programmes():
    lines = (target("clubs_full8_pct", 7500, comparator=GTE),)
    newer = changed(targets=lines, floors=(), programme="1648", indicators=indicators("1648"))
    (finding,) = [one for one in found(newer, "V27") if one.place != TARGETS]
    assert "ít nhất 80 %" in str(finding.said)
    older = found(changed(targets=lines, floors=()), "V27")
    assert all(one.place == TARGETS for one in older)


def test_a_commune_is_not_asked_how_many_communes_it_covers():
    asked = (target("commune_coverage_pct", 10000, key="floor"),)
    commune = PlanUnit("xã Hòa An", Level.COMMUNE, "huyện Phú Hòa", Level.DISTRICT, 1)
    assert asked_above(changed(floors=asked))
    assert not asked_above(changed(floors=asked, place=commune))


def test_a_directive_has_no_targets_to_be_missed():
    header = Header("header", Issuance.DIRECTIVE)
    assert not found(changed(header=header, targets=(), floors=(women(6000),)), "V27")
    assert faultless().floors


def test_targets_that_the_source_has_lost_are_not_missed():
    lost = frozenset({TARGETS})
    assert not found(changed(targets=(), floors=(women(6000),), unreadable=lost), "V27")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("60 - 70% là người cao tuổi", [WARNING]), ("còn lại là người trẻ", [])],
)
def test_one_share_says_the_other_where_the_plan_says_that_they_are_all(text, expected):
    floor = target("young_share_pct", 3000, 4000, scope=PER_CLUB)
    own = target("older_share_pct", 6000, 7000, scope=PER_CLUB, wording=text)
    assert severities(floor, own) == expected


@pytest.mark.parametrize(("outer", "expected"), [(10000, [WARNING]), (5000, [])])
def test_what_every_club_with_a_fund_has_answers_for_all_if_all_have_one(outer, expected):
    """ "100 % có quỹ, mỗi quỹ từ 20 triệu" is said of every club, "50 % …" of some of them."""
    floor = target("income_fund_min", 50_000_000, comparator=GTE, scope=PER_CLUB)
    share = target("clubs_income_fund_pct", outer, key="funds")
    own = replace(floor, key="own", low=20_000_000, parent_share_key="funds")
    findings = asked_above(changed(targets=(share, own), floors=(floor,)))
    assert [one.severity for one in findings if one.place == "own"] == expected


def test_what_one_province_asked_binds_no_other():
    """Under Decision 1648 the 80 % of clubs in all areas are Bắc Ninh's, not the programme's."""
    own = target("clubs_full8_pct", 7500, comparator=GTE)
    content = changed(targets=(own,), floors=(), programme="1648", indicators=indicators("1648"))
    assert [one.severity for one in found(content, "V27") if one.place == own.key] == [INFO]


def test_a_share_that_follows_from_counts_is_not_missing():
    floor = target("loan_access_pct", 5000, comparator=GTE)
    borrowers, members = target("loans_members", 104), target("members_total", 207)
    assert severities(floor, borrowers, members) == []
    assert severities(floor, borrowers) == [WARNING]
    assert severities(floor, members) == [WARNING]
