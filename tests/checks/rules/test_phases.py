"""V04 to V06: the phases and their years."""

from dataclasses import replace
from datetime import date

import pytest
from support.plandocs import changed, codes, faultless, found, said

from lth.content.model import HEADER, PHASES, Content, Header, PhaseSpan, SectionText, Span
from lth.models.finding import Severity, Stage
from lth.models.parts import Issuance, PaperRole


def phased(*spans: tuple[int | None, int], period=(2026, 2035), text="", **changes) -> Content:
    """A plan of these phases; it is issued in the year it begins."""
    phases = tuple(PhaseSpan(f"{start}-{end}", Span(start, end)) for start, end in spans)
    changes = {"targets": (), "papers": ()} | changes
    body = (SectionText("s.tasks", "I. Nhiệm vụ", text),)
    return changed(period=Span(*period), phases=phases, sections=body, **changes)


OVERLAPS = [
    ("as Tam Tiến: 2030 in both", phased((2026, 2030), (2030, 2035)), True),
    ("one after the other", phased((2026, 2030), (2031, 2035)), False),
    ("the later one named first", phased((2030, 2035), (2026, 2030)), True),
    ("the whole beside its parts", phased((2026, 2035), (2026, 2030), (2031, 2035)), False),
    (
        "a whole that is less than the period",
        phased((2017, 2020), (2017, 2018), (2019, 2020), period=(2016, 2020)),
        False,
    ),
    ("one phase in another", phased((2026, 2033), (2028, 2029), (2034, 2035)), True),
    ("the same years twice", phased((2026, 2035), (2026, 2035)), True),
    ("an open start", phased((None, 2028), (2028, 2035), period=(None, 2035)), True),
    (
        "an open start and no overlap",
        phased((None, 2028), (2029, 2035), period=(None, 2035)),
        False,
    ),
    ("one phase", phased((2026, 2035)), False),
]


@pytest.mark.parametrize(
    ("content", "fires"), [c[1:] for c in OVERLAPS], ids=[c[0] for c in OVERLAPS]
)
def test_v04_no_year_lies_in_two_phases(content, fires):
    findings = found(content, "V04", Stage.DRAFT)
    assert [(one.severity, one.place) for one in findings] == (
        [(Severity.ERROR, PHASES)] if fires else []
    )


def test_v04_names_the_year():
    assert said(phased((2026, 2030), (2030, 2035)), "V04") == [
        "Giai đoạn 2026–2030 và giai đoạn 2030–2035 cùng có năm 2030."
    ]


TAM_TIEN = ((2026, 2030), (2030, 2035))
LABELS = [
    ("a year later than the phase", TAM_TIEN, "giai đoạn 2031 - 2035", True),
    ("in words", TAM_TIEN, "từ năm 2031 đến hết năm 2035", True),
    ("the phase itself", TAM_TIEN, "giai đoạn 2030 – 2035", False),
    ("both phases together", TAM_TIEN, "giai đoạn 2026-2035", False),
    ("an earlier programme", TAM_TIEN, "giai đoạn 2021-2025", False),
    ("another programme that ends with it", TAM_TIEN, "chiến lược 2021-2030", False),
    ("a date", TAM_TIEN, "ngày 31/12/2029-2030", False),
    ("phases together, of three", ((2016, 2016), (2017, 2018), (2019, 2020)), "2017-2020", False),
    ("the year before a phase of one year", ((2021, 2021),), "2020-2021", False),
    ("two years for one", ((2016, 2016), (2017, 2018), (2019, 2020)), "2018-2020", True),
]


@pytest.mark.parametrize(
    ("spans", "text", "fires"), [c[1:] for c in LABELS], ids=[c[0] for c in LABELS]
)
def test_v05_a_phase_has_one_name(spans, text, fires):
    content = phased(*spans, period=(spans[0][0], spans[-1][1]), text=text)
    assert [one.place for one in found(content, "V05", Stage.DRAFT)] == ["s.tasks"] * fires


def test_v05_says_a_name_once_however_often_it_stands():
    content = phased(*TAM_TIEN, text="2031-2035; 2031-2035")
    assert said(content, "V05") == [
        "Chỗ này ghi giai đoạn 2031–2035, nơi khác trong kế hoạch là 2030–2035."
    ]


VINH_LONG = ((2017, 2018), (2019, 2020))
COVERS = [
    ("as Vĩnh Long: 2016 in no phase", phased(*VINH_LONG, period=(2016, 2020)), [PHASES]),
    ("every year in one", phased(*VINH_LONG, period=(2017, 2020)), []),
    ("a year between", phased((2026, 2029), (2031, 2035)), [PHASES]),
    ("a year beyond", phased((2026, 2036)), [PHASES]),
    ("a year before", phased((2025, 2035)), [PHASES]),
    ("a period that says only its end", phased((None, 2025), period=(None, 2025)), []),
    ("a start that only the phase says", phased((2021, 2025), period=(None, 2025)), []),
    ("no phases at all", phased(), []),
]


@pytest.mark.parametrize(("content", "places"), [c[1:] for c in COVERS], ids=[c[0] for c in COVERS])
def test_v06_the_phases_are_the_period(content, places):
    assert [one.place for one in found(content, "V06", Stage.DRAFT)] == places


def test_v06_names_the_years():
    assert said(phased(*VINH_LONG, period=(2015, 2020)), "V06") == [
        "Kế hoạch cho thời gian 2015–2020, nhưng các giai đoạn chỉ là 2017–2018, 2019–2020: không"
        " có năm 2015–2016."
    ]


def issued(on: date | None) -> Content:
    papers = (replace(faultless().papers[0], dated_on=on), *faultless().papers[1:])
    return changed(papers=papers)


@pytest.mark.parametrize(
    ("on", "places"),
    [
        (date(2022, 1, 4), [HEADER]),
        (date(2021, 12, 31), []),
        (date(2020, 12, 31), []),
        (None, []),
    ],
)
def test_v06_a_period_does_not_begin_the_year_before_it_is_issued(on, places):
    assert [one.place for one in found(issued(on), "V06")] == places


def test_v06_a_letter_has_no_period_of_its_own():
    letter = replace(faultless().papers[0], role=PaperRole.DIRECTIVE, dated_on=date(2024, 1, 31))
    content = changed(header=Header("header", Issuance.DIRECTIVE), papers=(letter,), targets=())
    assert "V06" not in codes(content)
