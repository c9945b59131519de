"""V13: what a plan means by its terms."""

import pytest
from support.plandocs import changed, codes, found, said, target

from lth.content.model import Content, Definition, Header, SectionText, TargetLine
from lth.models.content import Comparator, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.parts import Issuance, Term

YOUNG = target("young_share_pct", 3000, 4000, scope=TargetScope.PER_CLUB, key="young")
OLDER = target("older_share_pct", 6000, 7000, scope=TargetScope.PER_CLUB, key="older")
STANDARD = target("clubs_standard", 1, comparator=Comparator.GTE, key="standard")


def defining(*definitions: Definition, targets: tuple[TargetLine, ...] = (), text="") -> Content:
    section = SectionText("s.scope", "I. Đối tượng", text)
    return changed(definitions=definitions, targets=targets, sections=(section,))


def older(age: int | None, text: str = "") -> Definition:
    return Definition("older-def", Term.OLDER, text, age)


def young(age: int | None, text: str = "") -> Definition:
    return Definition("young-def", Term.YOUNG, text, age)


def standard(text: str) -> Definition:
    return Definition("standard-def", Term.STANDARD, text)


def counted(old: int, others: int) -> tuple[TargetLine, ...]:
    return (
        target("members_total", 100),
        target("members_older", old),
        target("members_young", others, key="n"),
    )


REST = "60 - 70% là người cao tuổi, còn lại là người trẻ."
CASES = [
    ("as Vĩnh Long: from 55", defining(older(55)), ["older-def"]),
    ("as the law has it", defining(older(60)), []),
    ("later than the law", defining(older(61)), ["older-def"]),
    ("an age in words", defining(older(None, "từ 55 tuổi trở lên")), ["older-def"]),
    ("an age in the text", defining(text="người cao tuổi (từ 55 tuổi trở lên)"), ["s.scope"]),
    ("the law's age in the text", defining(text="người cao tuổi từ đủ 60 tuổi"), []),
    ("the oldest among them", defining(text="người cao tuổi từ 80 tuổi trở lên"), []),
    (
        "the same age twice",
        defining(older(55), text="người cao tuổi (từ 55 tuổi trở lên)"),
        ["older-def"],
    ),
    ("as Trà Cú: who is young?", defining(targets=(OLDER, YOUNG)), ["young"]),
    ("young ones defined", defining(young(59), targets=(OLDER, YOUNG)), []),
    ("defined in words", defining(young(None, "từ 18 đến 35 tuổi"), targets=(OLDER, YOUNG)), []),
    ("an empty definition", defining(young(None), targets=(OLDER, YOUNG)), ["young"]),
    ("a count of the young", defining(targets=(target("members_young", 10, key="n"),)), ["n"]),
    ("all who are not older, by their count", defining(targets=counted(60, 40)), []),
    ("not all who are not older", defining(targets=counted(60, 39)), ["n"]),
    ("all who are not older, in words", defining(targets=(OLDER, YOUNG), text=REST), []),
    ("as Hồng Ngự: first the older share", defining(targets=(YOUNG,)), []),
    ("nothing is said of the young", defining(targets=(OLDER,)), []),
    ("young and old at once", defining(young(60), targets=(OLDER, YOUNG)), ["young-def"]),
    ("below 60", defining(young(60, "dưới 60 tuổi"), targets=(OLDER, YOUNG)), []),
    ("as Tam Tiến: what is standard?", defining(targets=(STANDARD,)), ["standard"]),
    ("standard defined", defining(standard("đủ 8 mảng"), targets=(STANDARD,)), []),
    ("another standard", defining(text="xã đạt chuẩn nông thôn mới"), []),
]


@pytest.mark.parametrize(("content", "places"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_terms_are_defined(content, places):
    findings = found(content, "V13")
    assert [one.place for one in findings] == places
    assert {one.severity for one in findings} <= {Severity.WARNING}


def test_it_says_what_the_law_says():
    assert said(defining(older(55)), "V13") == [
        "Kế hoạch tính người cao tuổi từ 55 tuổi, Luật Người cao tuổi (Điều 2) quy định từ đủ 60"
        " tuổi."
    ]


def test_an_age_is_said_at_once():
    assert "V13" in codes(defining(older(55)), Stage.DRAFT)


def test_a_term_may_be_defined_last():
    content = defining(targets=(STANDARD,))
    assert "V13" not in codes(content, Stage.DRAFT)
    assert "V13" in codes(content, Stage.SUBMIT)


def test_a_letter_counts_nobody():
    content = changed(header=Header("header", Issuance.DIRECTIVE), definitions=(older(55),))
    assert "V13" not in codes(content)
