"""V11, V12 and V14: communes, older persons, and percentages beside their counts."""

from dataclasses import replace

import pytest
from support.plandocs import changed, faultless, found, said, target

from lth.content.model import Baseline, Content, PhaseSpan, SectionText, Span, TargetLine
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage

GTE, GT, EQ = Comparator.GTE, Comparator.GT, Comparator.EQ
CUMULATIVE, YEARLY = CountsFrom.CUMULATIVE, CountsFrom.YEARLY
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def baseline(**values: int) -> tuple[Baseline, ...]:
    return tuple(Baseline(f"baseline.{code}", code, value) for code, value in values.items())


def planned(*targets: TargetLine, communes: int | None = None, **start: int) -> Content:
    """These targets over these figures at the start; `communes` where nobody wrote them down."""
    place = replace(faultless().place, communes=communes)
    return changed(place=place, targets=targets, baselines=baseline(**start))


# --- V11 ----------------------------------------------------------------------------------


def rate(hundredths: int, comparator: Comparator = EQ, **more) -> TargetLine:
    return target("commune_coverage_pct", hundredths, comparator=comparator, **more)


def communes(value: int, **more) -> TargetLine:
    return target("communes_with_club", value, **{"counts_from": CUMULATIVE} | more)


def in_each(value: int) -> TargetLine:
    return target("clubs_new", value, scope=TargetScope.PER_COMMUNE, key="each", comparator=GTE)


HALF = {"communes_total": 109}
COVERED = [
    ("as Vĩnh Long: 54,5 is 55", planned(rate(5000, GTE), communes(55), **HALF), []),
    ("54 are too few", planned(rate(5000, GTE), communes(54), **HALF), [ERROR]),
    ("half of 108 is 54", planned(rate(5000), communes(54), communes_total=108), []),
    (
        "more than half of 108 is 55",
        planned(rate(5000, GT), communes(54), communes_total=108),
        [ERROR],
    ),
    ("more than half of 108", planned(rate(5000, GT), communes(55), communes_total=108), []),
    ("more communes than there are", planned(communes(110), **HALF), [ERROR]),
    ("all of them", planned(communes(109), **HALF), []),
    (
        "all communes, fewer clubs",
        planned(rate(10000), target("clubs_new", 12), communes_total=17, clubs_existing=4),
        [ERROR],
    ),
    (
        "all communes, as many clubs",
        planned(rate(10000), target("clubs_new", 13), communes_total=17, clubs_existing=4),
        [],
    ),
    (
        "no club before",
        planned(rate(10000), target("clubs_new", 16), communes_total=17, clubs_existing=0),
        [ERROR],
    ),
    (
        "at least so many clubs leaves room for more",
        planned(
            rate(10000),
            target("clubs_new", 12, comparator=GTE),
            communes_total=17,
            clubs_existing=4,
        ),
        [WARNING],
    ),
    (
        "clubs that exist may make up for it",
        planned(rate(10000), target("clubs_new", 16), communes_total=17),
        [WARNING],
    ),
    ("as Trà Cú", planned(rate(10000), target("clubs_new", 50, comparator=GTE), communes=17), []),
    (
        "a total instead of new ones",
        planned(rate(10000), target("clubs_total", 16, counts_from=CUMULATIVE), communes=17),
        [ERROR],
    ),
    (
        "two a year for five years",
        planned(
            rate(10000),
            target("clubs_new", 2, counts_from=YEARLY),
            communes_total=14,
            clubs_existing=4,
        ),
        [],
    ),
    (
        "communes of one area are not all",
        planned(rate(10000, area=AreaType.MOUNTAIN), communes(5, area=AreaType.MOUNTAIN), **HALF),
        [],
    ),
    (
        "two clubs in each of 17 communes",
        planned(target("clubs_new", 33), in_each(2), communes_total=17),
        [ERROR],
    ),
    (
        "two clubs in each of 17 communes, which are there",
        planned(target("clubs_new", 34), in_each(2), communes_total=17),
        [],
    ),
    (
        "at least 33 leaves room for one more",
        planned(target("clubs_new", 33, comparator=GTE), in_each(2), communes_total=17),
        [WARNING],
    ),
    ("nobody knows how many communes", planned(rate(10000), communes(5)), []),
    ("no clubs, no communes named", planned(rate(10000), **HALF), []),
]


@pytest.mark.parametrize(
    ("content", "severities"), [c[1:] for c in COVERED], ids=[c[0] for c in COVERED]
)
def test_v11_clubs_reach_the_communes_they_should(content, severities):
    assert [one.severity for one in found(content, "V11", Stage.SUBMIT)] == severities


def test_v11_says_the_arithmetic():
    assert said(planned(rate(5000, GTE), communes(54), **HALF), "V11") == [
        "50 % × 109 xã = 54,5, làm tròn lên 55 xã phải có câu lạc bộ, nhưng chỉ ghi 54 xã."
    ]
    content = planned(rate(10000), target("clubs_new", 12), communes_total=17, clubs_existing=4)
    assert said(content, "V11") == [
        "100 % × 17 xã = 17 xã phải có câu lạc bộ, nhưng đến lúc đó mới có 4 + 12 = 16 câu lạc bộ."
    ]


def test_v11_waits_for_the_clubs_that_exist_until_the_plan_is_sent():
    unknown = planned(rate(10000), target("clubs_new", 16), communes_total=17)
    known = planned(rate(10000), target("clubs_new", 16), communes_total=17, clubs_existing=0)
    assert not found(unknown, "V11", Stage.DRAFT)
    assert found(known, "V11", Stage.DRAFT)


def test_v11_counts_the_clubs_up_to_the_phase_of_the_share():
    phases = (PhaseSpan("first", Span(2021, 2022)), PhaseSpan("second", Span(2023, 2025)))
    clubs = [target("clubs_new", 5, phase=one, key=f"clubs@{one}") for one in ("first", "second")]
    early, late = ((rate(10000, phase=one), *clubs) for one in ("first", "second"))
    content = replace(planned(communes_total=10, clubs_existing=0), phases=phases)
    assert found(replace(content, targets=early), "V11")
    assert not found(replace(content, targets=late), "V11")


# --- V12 ----------------------------------------------------------------------------------


def reach(hundredths: int, comparator: Comparator = GT, **more) -> TargetLine:
    return target("older_reach_pct", hundredths, comparator=comparator, **more)


def size(low: int, high: int) -> TargetLine:
    return target("club_size", low, high, scope=TargetScope.PER_CLUB)


VINH_LONG = {"older_population": 114_524, "clubs_existing": 21}
ROOM = [
    (
        "as Vĩnh Long: 3.300 of 114.524",
        planned(reach(7000), target("clubs_new", 34), size(50, 60), **VINH_LONG),
        [ERROR],
    ),
    (
        "2,88 % of them",
        planned(reach(288), target("clubs_new", 34), size(50, 60), **VINH_LONG),
        [],
    ),
    (
        "2,89 % of them",
        planned(reach(289), target("clubs_new", 34), size(50, 60), **VINH_LONG),
        [ERROR],
    ),
    (
        "by the programme's size: 70 in a club",
        planned(reach(3000), target("clubs_new", 1), older_population=700, clubs_existing=2),
        [],
    ),
    (
        "by the programme's size: one too many",
        planned(reach(3001), target("clubs_new", 1), older_population=700, clubs_existing=2),
        [ERROR],
    ),
    (
        "at least so many clubs",
        planned(reach(7000), target("clubs_new", 34, comparator=GTE), size(50, 60), **VINH_LONG),
        [WARNING],
    ),
    (
        "of another population",
        planned(reach(7000, denominator="members_total"), target("clubs_new", 34), **VINH_LONG),
        [],
    ),
    (
        "another indicator of the same population",
        planned(
            target("outreach_pct", 7000, denominator="older_population"),
            target("clubs_new", 34),
            **VINH_LONG,
        ),
        [ERROR],
    ),
    ("no population", planned(reach(7000), target("clubs_new", 34)), []),
    ("no clubs", planned(reach(7000), **VINH_LONG), []),
]


@pytest.mark.parametrize(("content", "severities"), [c[1:] for c in ROOM], ids=[c[0] for c in ROOM])
def test_v12_clubs_hold_those_they_should_reach(content, severities):
    assert [one.severity for one in found(content, "V12", Stage.DRAFT)] == severities


def test_v12_says_the_arithmetic():
    content = planned(reach(7000), target("clubs_new", 34), size(50, 60), **VINH_LONG)
    assert said(content, "V12") == [
        "70 % × 114.524 người cao tuổi = 80.167 người, nhưng 55 câu lạc bộ × 60 thành viên ="
        " 3.300 người, bằng 2,88 %."
    ]


# --- V14 ----------------------------------------------------------------------------------


def stated(hundredths: int, wording: str = "", part: int = 21, whole: int = 109) -> Content:
    lines = (
        *baseline(communes_with_club=part, communes_total=whole),
        Baseline("stated", "commune_coverage_pct", hundredths, wording=wording),
    )
    return changed(baselines=lines, targets=())


def written(text: str) -> Content:
    return changed(sections=(SectionText("s", "I. Thực trạng", text),))


ROUNDED = [
    ("as Vĩnh Long: 19,26 for 19,266", stated(1926), True),
    ("rounded", stated(1927), False),
    ("to one place", stated(1930), False),
    ("to one place, badly", stated(1920), True),
    ("to a whole number", stated(1900), False),
    ("to a whole number, badly", stated(2000), True),
    ("a half goes up", stated(1250, part=1, whole=8), False),
    ("a half of the last place", stated(13, part=1, whole=800), False),
    ("printed with two places", stated(1930, "19,30%"), True),
    ("a whole of nothing", stated(1926, whole=0), False),
    ("a text, as Vĩnh Long's", written("Có 21/109 xã, phường (19,26%)."), True),
    ("a text that is right", written("Có 21/109 xã, phường (19,27%)."), False),
    ("a text with a whole number", written("Có 21/109 xã (19%)."), False),
    ("a text with points", written("Có 110.855/114.524 người (96,8%)."), False),
    ("a text with points, badly", written("Có 110.855/114.524 người (96,7%)."), True),
    ("a month", written("Đến tháng 12/2020 toàn tỉnh đạt 50%."), False),
    ("a day", written("Ngày 21/11/2016 toàn tỉnh đạt 50%."), False),
    ("a number of a paper", written("Quyết định số 12/2020 đạt 50%."), False),
    (
        "exact targets",
        planned(
            target("members_total", 1200),
            target("members_older", 780),
            target("older_share_pct", 6400),
        ),
        True,
    ),
    (
        "exact targets that agree",
        planned(
            target("members_total", 1200),
            target("members_older", 780),
            target("older_share_pct", 6500),
        ),
        False,
    ),
    (
        "at least is no statement",
        planned(
            target("members_total", 1200, comparator=GTE),
            target("members_older", 780),
            target("older_share_pct", 6400),
        ),
        False,
    ),
    (
        "another denominator",
        planned(
            target("members_total", 1200),
            target("members_older", 780),
            target("older_share_pct", 6400, denominator="older_population"),
        ),
        False,
    ),
]


@pytest.mark.parametrize(
    ("content", "fires"), [c[1:] for c in ROUNDED], ids=[c[0] for c in ROUNDED]
)
def test_v14_a_percentage_is_what_its_counts_give(content, fires):
    assert [one.severity for one in found(content, "V14", Stage.DRAFT)] == [INFO] * fires


def test_v14_says_what_it_should_be():
    assert said(stated(1926), "V14") == [
        "Ghi 19,26 %, nhưng 21 : 109 = 19,266 %, làm tròn là 19,27 %."
    ]


def test_v14_takes_the_clubs_where_only_they_are_counted():
    lines = (
        *baseline(clubs_existing=21, communes_total=109),
        Baseline("stated", "commune_coverage_pct", 1926),
    )
    assert [one.place for one in found(changed(baselines=lines), "V14")] == ["stated"]
