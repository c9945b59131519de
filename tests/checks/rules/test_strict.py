"""V35: "trên 3.444" is not 3.444."""

import pytest
from support.plandocs import PHASE, changed, found, target

from lth.content.model import Content, PhaseSpan, Span, TargetLine
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity

GTE, GT, EQ, LT = Comparator.GTE, Comparator.GT, Comparator.EQ, Comparator.LT
NEW, YEARLY, CUMULATIVE = CountsFrom.NEW, CountsFrom.YEARLY, CountsFrom.CUMULATIVE
INFO, WARNING = Severity.INFO, Severity.WARNING
FIRST, SECOND = PhaseSpan("2021-2023", Span(2021, 2023)), PhaseSpan("2024-2025", Span(2024, 2025))
WHOLE = PhaseSpan(PHASE, Span(2021, 2025))


def severities(
    *targets: TargetLine, floors: tuple[TargetLine, ...] = (), **changes
) -> list[Severity]:
    content: Content = changed(targets=targets, floors=floors, **changes)
    return [one.severity for one in found(content, "V35")]


def members(low: int, comparator: Comparator = EQ, **more) -> TargetLine:
    return target("members_total", low, comparator=comparator, **more)


def grouped(older: int, young: int) -> tuple[TargetLine, ...]:
    return target("members_older", older), target("members_young", young)


OVER_3444 = members(3444, GT)

ITSELF = [
    ("over 3.444, nothing to add up", [OVER_3444], [INFO]),
    ("its groups come to 3.444", [OVER_3444, *grouped(2240, 1204)], [WARNING]),
    ("its groups come to 3.445", [OVER_3444, *grouped(2241, 1204)], [INFO]),
    ("at least 3.444", [members(3444, GTE), *grouped(2240, 1204)], []),
    ("one group is not known", [OVER_3444, target("members_older", 3444)], [INFO]),
    ("a group is over its figure too", [
        OVER_3444, target("members_older", 2240, comparator=GT), target("members_young", 1204),
    ], [INFO, INFO]),
    ("under 70 members", [target("club_size", high=70, comparator=LT)], [INFO]),
    ("money", [target("income_fund_min", 20_000_000, comparator=GT)], [INFO]),
    ("a share has no next figure", [target("older_reach_pct", 7000, comparator=GT)], []),
    ("so many a year", [
        target("clubs_new", 60, comparator=GT),
        target("clubs_new", 12, counts_from=YEARLY, key="b"),
    ], [WARNING]),
    ("one more a year", [
        target("clubs_new", 60, comparator=GT),
        target("clubs_new", 13, counts_from=YEARLY, key="b"),
    ], [INFO]),
    ("two kinds of area", [
        target("clubs_new", 60, comparator=GT),
        target("clubs_new", 40, area=AreaType.LOWLAND, key="b"),
        target("clubs_new", 20, area=AreaType.MOUNTAIN, key="c"),
    ], [WARNING]),
    ("4 there are and 36 new ones: over 40 clubs", [
        target("clubs_total", 40, comparator=GT, counts_from=CUMULATIVE), target("clubs_new", 36),
    ], [WARNING]),
    ("37 new ones", [
        target("clubs_total", 40, comparator=GT, counts_from=CUMULATIVE), target("clubs_new", 37),
    ], [INFO]),
    ("so many a commune, of ten", [
        target("clubs_new", 20, comparator=GT),
        target("clubs_new", 2, scope=TargetScope.PER_COMMUNE, key="b"),
    ], [WARNING]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "targets", "expected"), ITSELF, ids=[one[0] for one in ITSELF])
def test_a_strict_bound_is_pointed_out_and_what_meets_it_is_warned_of(name, targets, expected):
    assert severities(*targets) == expected


@pytest.mark.parametrize(("second", "expected"), [(20, WARNING), (21, INFO)])
def test_phases_are_added_up(second, expected):
    targets = (
        target("clubs_new", 50, comparator=GT),
        target("clubs_new", 30, phase=FIRST.key),
        target("clubs_new", second, phase=SECOND.key),
    )
    assert severities(*targets, phases=(FIRST, SECOND, WHOLE)) == [expected]
    assert severities(*targets[1:], targets[0], phases=(FIRST, SECOND, WHOLE)) == [expected]


ASKED = (members(3444, GT, key="floor"),)
BELOW = [
    ("3.444 where over 3.444 is asked", [members(3444)], [WARNING]),
    ("3.445", [members(3445)], []),
    ("at least 3.444", [members(3444, GTE)], [WARNING]),
    ("over 3.444 itself", [members(3444, GT)], [INFO]),
    ("far below is another check's", [members(3000)], []),
    ("another scope", [members(3444, scope=TargetScope.PER_CLUB)], []),
    ("nothing", [], []),
]


@pytest.mark.parametrize(("name", "targets", "expected"), BELOW, ids=[one[0] for one in BELOW])
def test_a_figure_that_is_the_strict_bound_from_above_is_warned_of(name, targets, expected):
    assert severities(*targets, floors=ASKED) == expected


def test_a_share_that_is_the_strict_bound_from_above_is_warned_of():
    asked = (target("older_reach_pct", 7000, comparator=GT, key="floor"),)
    assert severities(target("older_reach_pct", 7000), floors=asked) == [WARNING]
    assert severities(target("older_reach_pct", 7001), floors=asked) == []


def test_phases_that_come_to_the_strict_bound_from_above_are_warned_of():
    asked = (target("clubs_new", 50, comparator=GT, key="floor"),)
    parts = target("clubs_new", 30, phase=FIRST.key), target("clubs_new", 20, phase=SECOND.key)
    assert severities(*parts, floors=asked, phases=(FIRST, SECOND)) == [WARNING]


def test_the_next_figure_and_the_sum_are_said():
    (pointed,) = found(changed(targets=(OVER_3444,), floors=()), "V35")
    assert "phải từ 3.445 trở lên" in str(pointed.said)
    (warned,) = found(changed(targets=(OVER_3444, *grouped(2240, 1204)), floors=()), "V35")
    assert "2.240 + 1.204 = 3.444" in str(warned.said)
    assert warned.place == f"members_total@{PHASE}"
