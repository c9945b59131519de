"""The five plans as they were printed: each is found to have the faults it has, and no others.

Beside them plans that are not among the five, as new users would write them: with totals reached,
so many a year, shares of shares, thresholds for lowland and mountain, three phases, or only a
letter; some written with care and some without.
"""

from collections import Counter
from dataclasses import MISSING, fields, replace
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from lth.checks import CHECKS, Finding, run
from lth.content.model import Content
from lth.exchange import plan_file
from lth.models.finding import Severity, Stage

PRINTED = resources.files("lth") / "data" / "plans"
INVENTED = Path(__file__).parent / "plans"

FIVE = ("binh-son", "hong-ngu", "tam-tien", "tra-cu", "vinh-long")
WITH_CARE = ("commune", "commune-counts", "directive", "district", "province")
WITHOUT = ("commune-careless", "province-careless")
ALL = (*FIVE, *WITH_CARE, *WITHOUT)


@cache
def file(name: str) -> plan_file.PlanFile:
    source = (PRINTED if name in FIVE else INVENTED) / f"{name}.yaml"
    return plan_file.read(source.read_bytes(), source.name)


@cache
def findings(name: str, stage: Stage = Stage.ISSUE) -> tuple[Finding, ...]:
    return tuple(run(file(name).content, stage))


def said(name: str, code: str) -> str:
    """Everything that a check says of a plan, in Vietnamese, a line a finding."""
    return "\n".join(str(one.said) for one in findings(name) if one.code == code)


def codes(content: Content, stage: Stage = Stage.ISSUE) -> set[str]:
    return {one.code for one in run(content, stage)}


def test_these_are_all_the_files():
    assert {path.name for path in PRINTED.iterdir()} == {f"{name}.yaml" for name in FIVE}
    invented = {f"{name}.yaml" for name in (*WITH_CARE, *WITHOUT)}
    assert {path.name for path in INVENTED.glob("*.yaml")} == invented


@pytest.mark.parametrize("name", ALL)
def test_the_checks_find_exactly_what_a_file_expects(name):
    expected = file(name).expected
    assert {one.code for one in findings(name, expected.stage)} == expected.findings


@pytest.mark.parametrize("name", WITH_CARE)
def test_a_plan_written_with_care_hears_nothing(name):
    assert file(name).expected.findings == set()


def test_every_check_fires_somewhere_here():
    """V14 on a printed share, V33 and V34 on the province's own, and so on: none is idle."""
    assert {one.code for name in ALL for one in findings(name)} == set(CHECKS)


@pytest.mark.parametrize("name", ALL)
def test_each_finding_has_a_place_in_the_file_and_a_remedy(name):
    """What is about the whole plan or about a part that is not there has no line."""
    one = file(name)
    for found in findings(name):
        assert not found.place or found.place in one.lines or found.place in NOT_WRITTEN, found
        assert str(found.said)
        assert str(found.remedy)


NOT_WRITTEN = {"reporting", "bases", "recipients", "budget", "phases", "targets"}


ADVISED = {
    "vào nơi nhận": "recipients",
    "ở phần thực trạng": "baseline",
    "Ghi rõ người trẻ": "definitions",
    "mới là đạt chuẩn": "definitions",
    "Ghi số tiền": "budget",
    "các chỉ tiêu này": "targets",
}
"""The part of a plan that an advice speaks of, by its words."""


@pytest.mark.parametrize("words", ADVISED)
def test_a_finding_is_mended_where_its_advice_says(words):
    """Its link leads there, not to where the fault shows."""
    advised = [one for name in ALL for one in findings(name) if words in str(one.remedy)]
    places = {(one.place if one.mend is None else one.mend).partition("-")[0] for one in advised}
    assert places == {ADVISED[words]}


@pytest.mark.parametrize("name", FIVE)
def test_a_printed_plan_names_nobody(name):
    """Who signed stands as a position."""
    signed = [paper for paper in file(name).content.papers if paper.sign_form]
    assert signed
    assert all(paper.position.startswith("Phó ") for paper in signed)


@pytest.mark.parametrize("name", FIVE)
def test_a_printed_plan_says_where_each_target_stands(name):
    for target in file(name).content.targets:
        assert target.wording, target.key
        assert target.source_ref, target.key


@pytest.mark.parametrize("name", FIVE)
def test_what_is_still_blank_is_no_fault_before_issuing(name):
    assert "V16" not in {one.code for one in findings(name, Stage.SUBMIT)}
    assert {one.code for one in findings(name, Stage.DRAFT)} <= file(name).expected.findings


# --- What is said -------------------------------------------------------------------------

ARITHMETIC = [
    ("vinh-long", "V01", ["1.000.000.000 đồng", "800.000.000 đồng", "lệch 200.000.000 đồng"]),
    ("vinh-long", "V02", ["100.000.000 đồng mỗi năm trong 5 năm là 500.000.000 đồng"]),
    ("vinh-long", "V06", ["2017–2018, 2019–2020", "không có năm 2016", "năm 2017 mới ban hành"]),
    (
        "vinh-long",
        "V12",
        ["114.524 người cao tuổi = 80.167", "55 câu lạc bộ × 60 thành viên = 3.300", "2,88 %"],
    ),
    ("vinh-long", "V13", ["từ 55 tuổi", "từ đủ 60 tuổi"]),
    ("vinh-long", "V14", ["19,26 %", "21 : 109", "19,27 %"]),
    ("vinh-long", "V15", ["06/3/2017", "13/3/2017", "16/6/2013, là Chủ nhật"]),
    ("vinh-long", "V20", ["ít nhất 70 %", "chỗ kia ghi 70 %"]),
    ("vinh-long", "V27", ["50–60", "50–70"]),
    ("vinh-long", "V28", ["5 tình nguyện viên", "2.000 đồng - 5.000 đồng", "0,6% đến 1%"]),
    ("vinh-long", "V29", ["“phê duyệt”", "“ban hành”"]),
    ("vinh-long", "V31", ["109 xã trừ 21 + 17 xã", "còn 71"]),
    ("tra-cu", "V10", ["từ 90 % đến 110 %"]),
    ("tra-cu", "V35", ["đúng 3.444 là chưa đạt, phải từ 3.445", "phải từ 2.241"]),
    ("tra-cu", "V36", ["“,”", "“.”"]),
    ("hong-ngu", "V20", ["ít nhất từ 20.000.000 đồng trở lên"]),
    ("hong-ngu", "V27", ["ít nhất 50 %", "100 %", "296/KH-UBND"]),
    ("hong-ngu", "V28", ["8 nhiệm vụ", "ít nhất 70 %", "mỗi tháng một lần"]),
    ("binh-son", "V17", ["“/UBND”"]),
    ("tam-tien", "V04", ["2026–2030", "2030–2035", "năm 2030"]),
    ("tam-tien", "V05", ["2031–2035", "2030–2035"]),
    ("tam-tien", "V18", ["mục III"]),
    ("tam-tien", "V32", ["80 % của 2 CLB", "ít nhất 2 CLB"]),
    ("province-careless", "V07", ["22 + 12 × 3 = 58", "60"]),
    ("province-careless", "V11", ["70 % × 34 xã = 23,8", "24 xã"]),
    ("province-careless", "V31", ["34 xã trừ 18 xã", "còn 16"]),
    ("province-careless", "V33", ["1.800 + 1.200 + 600"]),
    ("province-careless", "V34", ["cả 22 CLB", "16 CLB", "55.000.000 đồng"]),
    ("commune-careless", "V07", ["2 + 2 + 1 = 5", "cả kỳ ghi 4"]),
    ("commune-careless", "V08", ["80 thành viên : 2 CLB = 40"]),
    ("commune-careless", "V12", ["80 % × 900", "720", "280", "31,11 %"]),
]


@pytest.mark.parametrize(
    ("name", "code", "parts"), ARITHMETIC, ids=[f"{name}-{code}" for name, code, _ in ARITHMETIC]
)
def test_a_finding_shows_its_arithmetic(name, code, parts):
    text = said(name, code)
    assert [part for part in parts if part not in text] == [], text


def test_what_is_filled_in_is_in_both_languages():
    """The catalogue has the words, a finding its figures."""
    found = next(one for one in findings("vinh-long") if one.code == "V01")
    assert found.said.params["gap"].en == "VND 200,000,000"


def test_the_worst_comes_first():
    weights = [list(Severity).index(one.severity) for one in findings("tam-tien")]
    assert weights == sorted(weights)
    assert Counter(one.severity for one in findings("tam-tien"))[Severity.ERROR] == 2


# --- Mending ------------------------------------------------------------------------------


def test_to_mend_the_budget_is_to_silence_it():
    """Two lines of 100 million a year for five years come to the billion that is printed."""
    content = file("vinh-long").content
    lines = tuple(
        replace(line, amount=500_000_000) if line.amount else line for line in content.budget
    )
    assert {"V01", "V02"} <= codes(content)
    assert not {"V01", "V02"} & codes(replace(content, budget=lines))


def test_one_member_more_keeps_to_a_strict_bound():
    """Trà Cú's communes come to just 3,444 members: a warning; one more is none."""
    content = file("tra-cu").content
    parts = {"members_older": 2240, "members_young": 1204}
    exact = [
        replace(target, comparator="eq", key=f"{code}-x", indicator=code, low=low)
        for target in content.targets
        if target.indicator == "members_total"
        for code, low in parts.items()
    ]
    others = [one for one in content.targets if one.indicator != "members_older"]
    assert ("V35", Severity.WARNING) in _levels(replace(content, targets=(*others, *exact)))
    more = [replace(exact[0], low=2241), exact[1]]
    assert ("V35", Severity.WARNING) not in _levels(replace(content, targets=(*others, *more)))


def _levels(content: Content) -> set[tuple[str, Severity]]:
    return {(one.code, one.severity) for one in run(content, Stage.ISSUE)}


def test_phases_that_follow_each_other_do_not_overlap():
    content = file("tam-tien").content
    later = [
        replace(one, span=replace(one.span, start=2031)) if one.span.start == 2030 else one
        for one in content.phases
    ]
    assert "V04" not in codes(replace(content, phases=tuple(later)))


# --- Half written -------------------------------------------------------------------------

PARTS = [one.name for one in fields(Content) if one.default == () or one.name == "phases"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", ["tam-tien", "vinh-long", "province-careless"])
def test_no_check_stumbles_over_what_is_not_written_yet(name, part):
    """A part that is not there, and each thing left out of all lines of it in turn."""
    content = file(name).content
    lines = getattr(content, part)
    wanting = [()] if part != "phases" else []
    for one in fields(lines[0]) if lines else ():
        if one.default is not MISSING:
            wanting.append(tuple(replace(line, **{one.name: one.default}) for line in lines))
    for some in wanting:
        for found in run(replace(content, **{part: some}), Stage.ISSUE):
            assert str(found.said)


def test_a_plan_of_four_lines_hears_what_it_lacks():
    text = """
        format: 1
        programme: "1648"
        unit: {name: xã An Lạc, level: commune}
        period: {from: 2026, to: 2030}
    """
    content = plan_file.read(text, "new.yaml").content
    assert codes(content, Stage.DRAFT) == set()
    assert {"V03", "V16", "V25", "V26", "V36"} <= codes(content)
