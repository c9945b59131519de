"""V08 to V10: the size of clubs and the groups of their members."""

import pytest
from support.plandocs import changed, codes, found, indicators, said, target

from lth.content.model import Content, Definition, SectionText, TargetLine
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.parts import Term

GTE, GT, EQ, LTE = Comparator.GTE, Comparator.GT, Comparator.EQ, Comparator.LTE
PER_CLUB = TargetScope.PER_CLUB
WARNING, ERROR = Severity.WARNING, Severity.ERROR


def planned(*targets: TargetLine, programme: str = "1336", **changes) -> Content:
    return changed(
        targets=targets, programme=programme, indicators=indicators(programme), **changes
    )


# --- V08 ----------------------------------------------------------------------------------


def sized(clubs: int, members: int, *more: TargetLine, **changes) -> Content:
    return planned(target("clubs_new", clubs), target("members_total", members), *more, **changes)


def size(low: int, high: int | None = None, **more) -> TargetLine:
    key = more.pop("key", "club_size@2021-2025")
    return target("club_size", low, high, scope=PER_CLUB, key=key, **more)


LOWLAND = size(50, 70, area=AreaType.LOWLAND, key="a")
MOUNTAIN = size(30, 50, area=AreaType.MOUNTAIN, key="b")
SIZES = [
    ("as Hồng Ngự: 50,0, the floor", sized(3, 150), False),
    ("one member below", sized(3, 149), True),
    ("as Trà Cú: 68,88", sized(50, 3444), False),
    ("50 × 70, the ceiling", sized(50, 3500), False),
    ("one member above", sized(50, 3501), True),
    ("by the plan's own 50–60", sized(50, 3001, size(50, 60)), True),
    ("within the plan's own", sized(50, 3000, size(50, 60)), False),
    (
        "an end that the plan leaves open is the programme's",
        sized(50, 3501, size(50, comparator=GTE)),
        True,
    ),
    ("lowland or mountain: either will do", sized(10, 310, LOWLAND, MOUNTAIN), False),
    ("too few for either", sized(10, 299, LOWLAND, MOUNTAIN), True),
    ("by the level above", sized(10, 390, floors=(size(40, 70),)), True),
    ("as the level above allows", sized(10, 400, floors=(size(40, 70),)), False),
    ("no members", planned(target("clubs_new", 3)), False),
    ("no clubs", planned(target("members_total", 149)), False),
    ("clubs: none", sized(0, 149), False),
    (
        "another phase",
        planned(target("clubs_new", 3), target("members_total", 149, phase="2026")),
        False,
    ),
    (
        "a range of members that reaches the floor",
        planned(target("clubs_new", 3), target("members_total", 100, 150)),
        False,
    ),
    (
        "a range of clubs, the fewest of which fill",
        planned(target("clubs_new", 3, 5), target("members_total", 150)),
        False,
    ),
    (
        "all members are not those of new clubs",
        planned(
            target("clubs_new", 3), target("members_total", 420, counts_from=CountsFrom.CUMULATIVE)
        ),
        False,
    ),
    (
        "all members are those of all clubs",
        planned(
            target("clubs_total", 10),
            target("members_total", 900, counts_from=CountsFrom.CUMULATIVE),
        ),
        True,
    ),
    ("its own size beyond the programme's", planned(size(45, 70)), True),
    ("its own size within the programme's", planned(size(50, 60)), False),
    ("an exception for the mountains", planned(MOUNTAIN), False),
    ("a size that the level above has set", planned(size(45, 70), floors=(size(45, 70),)), False),
]


@pytest.mark.parametrize(("content", "fires"), [c[1:] for c in SIZES], ids=[c[0] for c in SIZES])
def test_v08_clubs_have_the_size_they_should(content, fires):
    findings = found(content, "V08", Stage.DRAFT)
    assert [one.severity for one in findings] == [WARNING] * fires


def test_v08_says_the_arithmetic_and_what_would_do():
    finding = found(sized(3, 149), "V08")[0]
    assert finding.place == "members_total@2021-2025"
    assert str(finding.said) == (
        "149 thành viên : 3 CLB = 49,67 thành viên mỗi CLB, ngoài khoảng 50–70"
        " (Quyết định số 1336/QĐ-TTg)."
    )
    assert str(finding.remedy) == "Với 3 CLB cần ít nhất 3 × 50 = 150 thành viên."


# --- V09 ----------------------------------------------------------------------------------


def grouped(members: int, *groups: TargetLine, **changes) -> Content:
    return planned(target("members_total", members), *groups, **changes)


def older(value: int, **more) -> TargetLine:
    return target("members_older", value, **more)


def share(code: str, low: int | None, high: int | None = None, **more) -> TargetLine:
    """A share of a club's members, in 1/100 %."""
    return target(code, low, high, scope=PER_CLUB, **more)


GROUPS = [
    ("as Hồng Ngự: 60,0 % of 150", grouped(150, older(90)), []),
    ("of 151: 59,6 %", grouped(151, older(90)), [WARNING]),
    ("70 %, the ceiling", grouped(150, older(105)), []),
    ("above it", grouped(150, older(106)), [WARNING]),
    ("as many as there are", grouped(150, older(150), programme="1648"), [WARNING]),
    ("more than there are", grouped(150, older(151)), [ERROR]),
    ("as returned to Ngọc Biên: 153 of 207", grouped(207, older(153)), [WARNING]),
    (
        "by the plan's own range",
        grouped(150, older(106), share("older_share_pct", 6000, 8000)),
        [],
    ),
    (
        "outside the plan's own range",
        grouped(150, older(104), share("older_share_pct", 7000, 8000)),
        [WARNING],
    ),
    (
        "by the level above",
        grouped(150, older(90), floors=(share("older_share_pct", 6500, 7000),)),
        [WARNING],
    ),
    ("women too", grouped(150, target("members_women", 89)), [WARNING]),
    ("borrowers: half of them", grouped(150, target("loans_members", 75)), []),
    ("borrowers: one less", grouped(150, target("loans_members", 74)), [WARNING]),
    (
        "borrowers of those who need, as 1648 has it",
        grouped(
            150,
            target("loan_need_members", 100),
            target("loans_members", 60),
            programme="1648",
        ),
        [],
    ),
    (
        "borrowers of those who need, fewer than one province asks",
        grouped(
            150,
            target("loan_need_members", 100),
            target("loans_members", 59),
            programme="1648",
        ),
        [Severity.INFO],
    ),
    ("a group without a norm", grouped(150, target("members_ethnic", 1)), []),
    ("more of it than members", grouped(150, target("members_ethnic", 151)), [ERROR]),
    (
        "older women among older members",
        grouped(150, older(90), target("members_older_women", 91)),
        [ERROR],
    ),
    ("another area", grouped(150, older(151, area=AreaType.MOUNTAIN)), []),
    ("another scope", grouped(150, older(151, scope=PER_CLUB)), []),
    ("nobody", grouped(0, older(0)), []),
    ("no members said", planned(older(90)), []),
]


@pytest.mark.parametrize(
    ("content", "severities"), [c[1:] for c in GROUPS], ids=[c[0] for c in GROUPS]
)
def test_v09_a_group_is_a_part_of_its_size(content, severities):
    assert [one.severity for one in found(content, "V09", Stage.DRAFT)] == severities


def test_v09_says_the_share_and_how_many_it_takes():
    finding = found(grouped(151, older(90)), "V09")[0]
    assert finding.place == "members_older@2021-2025"
    assert str(finding.said) == (
        "Tỷ lệ thành viên là người cao tuổi: 90 : 151 = 59,6 %, ngoài khoảng 60–70 %"
        " (Quyết định số 1336/QĐ-TTg)."
    )
    assert str(finding.remedy) == "Với 151 người thì 60 % là ít nhất 91 người."


# --- V10 ----------------------------------------------------------------------------------


def split(
    old: TargetLine | None, young: TargetLine | None, *more: TargetLine, text="", **changes
) -> Content:
    """A plan that does not say who is young, and so not that all are one or the other."""
    sections = (SectionText("s.purpose", "I. Mục đích", text),)
    shares = (one for one in (old, young) if one is not None)
    return planned(*shares, *more, **{"sections": sections, "definitions": ()} | changes)


OLD, YOUNG = share("older_share_pct", 6000, 7000), share("young_share_pct", 3000, 4000)


BY_AGE = (
    Definition("older", Term.OLDER, "người từ đủ 60 tuổi trở lên"),
    Definition("young", Term.YOUNG, "thành viên chưa đủ 60 tuổi"),
)
UP_TO_35 = (Definition("young", Term.YOUNG, "thành viên đến 35 tuổi", 35),)


def exact(members: int, old: int, young: int) -> tuple[TargetLine, ...]:
    return (
        target("members_total", members),
        target("members_older", old),
        target("members_young", young),
    )


HALVES = [
    ("as Trà Cú: ranges side by side", split(OLD, YOUNG), 1),
    ("as Hồng Ngự: the older share is missing", split(None, YOUNG), 1),
    ("the young share is missing", split(OLD, None), 1),
    ("a programme that has no norm for the young", split(OLD, None, programme="1533"), 0),
    ("one share, and who the rest are", split(OLD, None, text="còn lại là người trẻ tuổi"), 0),
    ("the other, and who the rest are", split(None, YOUNG, text="còn lại là người cao tuổi"), 0),
    ("neither", split(None, None), 0),
    ("65 and 35", split(share("older_share_pct", 6500), share("young_share_pct", 3500)), 0),
    ("65 and 36", split(share("older_share_pct", 6500), share("young_share_pct", 3600)), 1),
    ("65 and 34", split(share("older_share_pct", 6500), share("young_share_pct", 3400)), 1),
    (
        "at least 60, at most 40",
        split(
            share("older_share_pct", 6000, comparator=GTE),
            share("young_share_pct", None, 4000, comparator=LTE),
        ),
        0,
    ),
    (
        "at least 60, at least 41",
        split(
            share("older_share_pct", 6000, comparator=GTE),
            share("young_share_pct", 4100, comparator=GTE),
        ),
        1,
    ),
    (
        "at most 60, at most 39",
        split(
            share("older_share_pct", None, 6000, comparator=LTE),
            share("young_share_pct", None, 3900, comparator=LTE),
        ),
        1,
    ),
    ("everyone is older or young by definition", split(OLD, YOUNG, definitions=BY_AGE), 0),
    ("some are neither by definition", split(OLD, YOUNG, definitions=UP_TO_35), 1),
    ("a text says that they are all", split(OLD, YOUNG, text="hai tỷ lệ cộng lại bằng 100%"), 0),
    ("a text says who the rest are", split(OLD, YOUNG, text="còn lại là người trẻ tuổi"), 0),
    ("a text speaks of another 100 %", split(OLD, YOUNG, text="100% câu lạc bộ có quỹ."), 1),
    ("counts fix it", split(OLD, YOUNG, *exact(1200, 780, 420)), 0),
    ("two counts fix the third", split(OLD, YOUNG, *exact(1200, 780, 420)[:2]), 0),
    (
        "open counts do not",
        split(
            OLD,
            YOUNG,
            target("members_total", 3444, comparator=GT),
            target("members_older", 2240, comparator=GT),
        ),
        1,
    ),
    ("counts fix the missing half", split(None, YOUNG, *exact(150, 90, 60)[:2]), 0),
    ("counts that do not add up", planned(*exact(1200, 780, 400)), 1),
    ("counts that do", planned(*exact(1200, 780, 420)), 0),
    (
        "lowland and mountain are not compared",
        split(
            share("older_share_pct", 6500, area=AreaType.LOWLAND),
            share("young_share_pct", 4500, area=AreaType.MOUNTAIN),
        ),
        0,
    ),
]


@pytest.mark.parametrize(("content", "times"), [c[1:] for c in HALVES], ids=[c[0] for c in HALVES])
def test_v10_older_and_young_are_all_members(content, times):
    findings = found(content, "V10", Stage.SUBMIT)
    assert [one.severity for one in findings] == [WARNING] * times


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            split(OLD, YOUNG),
            "Người cao tuổi 60–70 % và người trẻ 30–40 % cộng lại được từ 90 % đến 110 %, trong khi"
            " hai nhóm phải bằng 100 %.",
        ),
        (
            split(None, YOUNG),
            "Có “Tỷ lệ thành viên trẻ tuổi” (30–40 %) mà không có “Tỷ lệ thành viên là người cao"
            " tuổi” (chương trình: 60–70 %).",
        ),
        (
            planned(*exact(1200, 780, 400)),
            "780 người cao tuổi + 400 người trẻ = 1.180, không phải 1.200 thành viên.",
        ),
        (
            split(share("older_share_pct", 6500), share("young_share_pct", 3600)),
            "Người cao tuổi 65 % và người trẻ 36 % cộng lại ít nhất 101 %: không thể bằng 100 %.",
        ),
    ],
)
def test_v10_says_the_arithmetic(content, text):
    assert said(content, "V10") == [text]


def test_v10_waits_for_the_other_half_until_the_plan_is_sent():
    assert "V10" not in codes(split(None, YOUNG), Stage.DRAFT)
    assert "V10" in codes(split(OLD, YOUNG), Stage.DRAFT)


def test_a_plan_of_nothing_but_words_has_no_shares():
    words = target("members_total", comparator=Comparator.QUALITATIVE, wording="đông đảo")
    assert not {"V08", "V09", "V10"} & codes(planned(words, older(90)))
