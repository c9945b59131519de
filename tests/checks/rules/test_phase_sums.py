"""V07: the phases and the whole."""

import pytest
from support.plandocs import changed, found, said, target

from lth.content.model import Baseline, Content, PhaseSpan, Span, TargetLine
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage

GTE, GT, EQ, LTE = Comparator.GTE, Comparator.GT, Comparator.EQ, Comparator.LTE
CUMULATIVE, YEARLY = CountsFrom.CUMULATIVE, CountsFrom.YEARLY
ERROR, WARNING = [Severity.ERROR], [Severity.WARNING]
WHOLE, FIRST, SECOND = "2021-2025", "2021-2022", "2023-2025"
PHASES = (
    PhaseSpan(WHOLE, Span(2021, 2025)),
    PhaseSpan(FIRST, Span(2021, 2022)),
    PhaseSpan(SECOND, Span(2023, 2025)),
)


def clubs(
    phase: str, low: int, high: int | None = None, indicator="clubs_new", **more
) -> TargetLine:
    return target(indicator, low, high, phase=phase, key=f"{indicator}@{phase}", **more)


def most(phase: str, high: int) -> TargetLine:
    """ "không quá …"."""
    return clubs(phase, None, high, comparator=LTE)


def divided(*targets: TargetLine, existing: int | None = None, phases=PHASES) -> Content:
    baselines = (
        (Baseline("baseline-1", "clubs_existing", existing),) if existing is not None else ()
    )
    return changed(phases=phases, targets=targets, baselines=baselines)


def three(
    whole: TargetLine, first: TargetLine, second: TargetLine, existing: int | None = None
) -> Content:
    return divided(whole, first, second, existing=existing)


def new(whole, first, second, comparator=EQ) -> Content:
    return three(
        clubs(WHOLE, whole, comparator=comparator),
        clubs(FIRST, first, comparator=comparator),
        clubs(SECOND, second, comparator=comparator),
    )


SUMS = [
    ("as Vĩnh Long: 17 + 17 = 34", new(34, 17, 17), []),
    ("one too few", new(34, 17, 16), ERROR),
    ("one too many", new(34, 17, 18), ERROR),
    ("at least: more than at least the whole", new(3, 2, 2, GTE), []),
    ("at least: exactly the whole", new(3, 2, 1, GTE), []),
    ("at least: less is promised", new(34, 20, 10, GTE), WARNING),
    (
        "as Tam Tiến: at least 2, then 1–2, of at least 3",
        three(
            clubs(WHOLE, 3, comparator=GTE), clubs(FIRST, 2, comparator=GTE), clubs(SECOND, 1, 2)
        ),
        [],
    ),
    ("ranges that meet", three(clubs(WHOLE, 30), clubs(FIRST, 10, 20), clubs(SECOND, 10, 20)), []),
    (
        "ranges that touch",
        three(clubs(WHOLE, 40), clubs(FIRST, 10, 20), clubs(SECOND, 10, 20)),
        [],
    ),
    (
        "ranges that do not meet",
        three(clubs(WHOLE, 41), clubs(FIRST, 10, 20), clubs(SECOND, 10, 20)),
        ERROR,
    ),
    (
        "exact phases, at least as much",
        three(clubs(WHOLE, 45, comparator=GTE), *(clubs(FIRST, 20), clubs(SECOND, 25))),
        [],
    ),
    (
        "exact phases, less than at least",
        three(clubs(WHOLE, 46, comparator=GTE), *(clubs(FIRST, 20), clubs(SECOND, 25))),
        ERROR,
    ),
    (
        "a strict bound that is equalled is V35's",
        three(clubs(WHOLE, 45, comparator=GT), *(clubs(FIRST, 20), clubs(SECOND, 25))),
        [],
    ),
    ("more than at most", three(most(WHOLE, 40), clubs(FIRST, 20), clubs(SECOND, 21)), ERROR),
    ("at most", three(most(WHOLE, 41), clubs(FIRST, 20), clubs(SECOND, 21)), []),
    (
        "one phase says nothing: the rest may be there",
        divided(clubs(WHOLE, 34), clubs(FIRST, 17)),
        [],
    ),
    ("one phase has more than the whole", divided(clubs(WHOLE, 34), clubs(FIRST, 35)), ERROR),
    ("no whole", divided(clubs(FIRST, 17), clubs(SECOND, 17)), []),
    ("no phases", divided(clubs(WHOLE, 34)), []),
    (
        "a whole under a key of its own",
        divided(clubs("", 34), clubs(FIRST, 17), clubs(SECOND, 16), phases=PHASES[1:]),
        ERROR,
    ),
]


@pytest.mark.parametrize(("content", "severities"), [c[1:] for c in SUMS], ids=[c[0] for c in SUMS])
def test_what_is_new_adds_up(content, severities):
    assert [one.severity for one in found(content, "V07", Stage.DRAFT)] == severities


def total(phase: str, value: int, **more) -> TargetLine:
    return clubs(phase, value, indicator="clubs_total", counts_from=CUMULATIVE, **more)


KINDS = [
    (
        "a total reached is not added up",
        three(total(WHOLE, 40), total(FIRST, 25), total(SECOND, 40)),
        [],
    ),
    (
        "a last total that is not the whole's",
        three(total(WHOLE, 40), total(FIRST, 25), total(SECOND, 39)),
        ERROR,
    ),
    (
        "raised to 40 from 6 by 34",
        three(clubs(WHOLE, 40, counts_from=CUMULATIVE), clubs(FIRST, 17), clubs(SECOND, 17), 6),
        [],
    ),
    (
        "raised to 40 from 7 by 34",
        three(clubs(WHOLE, 40, counts_from=CUMULATIVE), clubs(FIRST, 17), clubs(SECOND, 17), 7),
        ERROR,
    ),
    (
        "raised to 40 from nobody knows",
        three(clubs(WHOLE, 40, counts_from=CUMULATIVE), clubs(FIRST, 17), clubs(SECOND, 17)),
        [],
    ),
    (
        "from nothing at all",
        three(clubs(WHOLE, 40, counts_from=CUMULATIVE), clubs(FIRST, 17), clubs(SECOND, 17), 0),
        ERROR,
    ),
    (
        "34 more than 6 is 40",
        three(
            clubs(WHOLE, 34),
            clubs(FIRST, 20, counts_from=CUMULATIVE),
            clubs(SECOND, 40, counts_from=CUMULATIVE),
            6,
        ),
        [],
    ),
    (
        "34 more than 6 is not 41",
        three(
            clubs(WHOLE, 34),
            clubs(FIRST, 20, counts_from=CUMULATIVE),
            clubs(SECOND, 41, counts_from=CUMULATIVE),
            6,
        ),
        ERROR,
    ),
    (
        "twelve a year for five years",
        three(clubs(WHOLE, 60), *(clubs(one, 12, counts_from=YEARLY) for one in (FIRST, SECOND))),
        [],
    ),
    (
        "twelve a year, counted once a phase",
        three(clubs(WHOLE, 24), *(clubs(one, 12, counts_from=YEARLY) for one in (FIRST, SECOND))),
        ERROR,
    ),
    (
        "a yearly whole",
        three(clubs(WHOLE, 12, counts_from=YEARLY), clubs(FIRST, 24), clubs(SECOND, 36)),
        [],
    ),
    (
        "each area by itself",
        divided(
            clubs(WHOLE, 10, area=AreaType.MOUNTAIN),
            clubs(FIRST, 20, area=AreaType.LOWLAND),
            clubs(SECOND, 20, area=AreaType.LOWLAND),
        ),
        [],
    ),
    (
        "a percentage is not added up",
        divided(*(clubs(one, 7000, indicator="clubs_full8_pct") for one in (WHOLE, FIRST, SECOND))),
        [],
    ),
    (
        "what each club has is not added up",
        divided(
            *(
                clubs(one, 5, indicator="volunteers", scope=TargetScope.PER_CLUB)
                for one in (WHOLE, FIRST, SECOND)
            )
        ),
        [],
    ),
    (
        "clubs kept are not clubs added",
        three(
            clubs(WHOLE, 17),
            clubs(FIRST, 21, comparator=Comparator.MAINTAIN),
            clubs(SECOND, 17),
        ),
        [],
    ),
    (
        "a part of another figure",
        divided(
            clubs(WHOLE, 34),
            clubs(FIRST, 17),
            clubs(SECOND, 17),
            clubs(SECOND, 9, parent_share_key="clubs_new@2023-2025"),
        ),
        [],
    ),
]


@pytest.mark.parametrize(
    ("content", "severities"), [c[1:] for c in KINDS], ids=[c[0] for c in KINDS]
)
def test_each_figure_is_reckoned_as_what_it_counts(content, severities):
    assert [one.severity for one in found(content, "V07", Stage.DRAFT)] == severities


def test_it_says_the_arithmetic_beside_the_whole():
    finding = found(new(34, 17, 16), "V07")[0]
    assert finding.place == "clubs_new@2021-2025"
    assert str(finding.said) == (
        "Câu lạc bộ thành lập mới: các giai đoạn tính ra 17 + 16 = 33, nhưng cả kỳ ghi 34."
    )


@pytest.mark.parametrize(
    ("content", "terms"),
    [
        (
            three(clubs(WHOLE, 40, counts_from=CUMULATIVE), clubs(FIRST, 17), clubs(SECOND, 17), 7),
            "7 + 17 + 17 = 41",
        ),
        (
            three(clubs(WHOLE, 24), *(clubs(p, 12, counts_from=YEARLY) for p in (FIRST, SECOND))),
            "12 × 2 + 12 × 3 = 60",
        ),
        (
            three(
                clubs(WHOLE, 34),
                *(clubs(p, 41, counts_from=CUMULATIVE) for p in (FIRST, SECOND)),
                6,
            ),
            "41 − 6 = 35",
        ),
        (three(clubs(WHOLE, 41), clubs(FIRST, 10, 20), clubs(SECOND, 5)), "10–20 + 5 = 15–25"),
    ],
)
def test_it_says_how_it_reckoned(content, terms):
    assert terms in said(content, "V07")[0]


# --- All clubs ----------------------------------------------------------------------------


def total(phase: str, low: int, comparator=EQ) -> TargetLine:
    return clubs(phase, low, indicator="clubs_total", comparator=comparator, counts_from=CUMULATIVE)


REACHED = [
    ("old and new", divided(clubs(FIRST, 18), total(FIRST, 40), existing=22), []),
    ("one is missing", divided(clubs(FIRST, 17), total(FIRST, 40), existing=22), ERROR),
    (
        "twelve a year for two years: 22 + 24",
        divided(clubs(FIRST, 12, counts_from=YEARLY), total(FIRST, 46), existing=22),
        [],
    ),
    (
        "the phases before count too",
        divided(clubs(FIRST, 10), clubs(SECOND, 8), total(SECOND, 40), existing=22),
        [],
    ),
    (
        "at least so many a year, fewer than at least the total",
        divided(clubs(FIRST, 17, comparator=GTE), total(FIRST, 40, GTE), existing=22),
        WARNING,
    ),
    (
        "at least so many, and just the total",
        divided(clubs(FIRST, 18, comparator=GTE), total(FIRST, 40, GTE), existing=22),
        [],
    ),
    (
        "nobody says how many there were",
        divided(clubs(FIRST, 17), total(FIRST, 40)),
        [],
    ),
    (
        "the phase before says nothing of new ones",
        divided(clubs(SECOND, 8), total(SECOND, 40), existing=22),
        [],
    ),
    (
        "some are closed",
        divided(
            clubs(FIRST, 20),
            total(FIRST, 40),
            clubs(FIRST, 2, indicator="clubs_closed"),
            existing=22,
        ),
        [],
    ),
]


@pytest.mark.parametrize(
    ("content", "severities"), [c[1:] for c in REACHED], ids=[c[0] for c in REACHED]
)
def test_a_total_is_the_old_clubs_and_the_new(content, severities):
    assert [one.severity for one in found(content, "V07", Stage.DRAFT)] == severities


def test_it_says_what_the_total_is_made_of():
    content = divided(clubs(FIRST, 12, counts_from=YEARLY), total(FIRST, 50), existing=22)
    assert said(content, "V07") == [
        "Tổng số câu lạc bộ đang hoạt động: đã có và thành lập mới tính ra 22 + 12 × 2 = 46,"
        " nhưng chỉ tiêu ghi 50."
    ]
