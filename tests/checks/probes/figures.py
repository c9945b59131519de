"""Probes of the rules about figures: targets, baseline, budget, and what the text says of them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from checks.probes import (
    COMMUNE,
    DISTRICT,
    PROVINCE,
    Change,
    Probe,
    add,
    also,
    clean,
    drop,
    edit,
    header,
    named,
    probe,
    repeat,
    reword,
)

from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope

EQ, GTE, GT, LTE = Comparator.EQ, Comparator.GTE, Comparator.GT, Comparator.LTE
NEW, YEARLY, CUMULATIVE = CountsFrom.NEW, CountsFrom.YEARLY, CountsFrom.CUMULATIVE
PER_CLUB = TargetScope.PER_CLUB
LOWLAND, MOUNTAIN = AreaType.LOWLAND, AreaType.MOUNTAIN


def there(code: str, value: int, **more):
    """Change what the baseline says of an indicator, and leave its words out."""
    return edit("baselines", code, value=value, wording="", **more)


def to(code: str, low: int | None = None, **more):
    """Change the figure of a target, and leave its words out."""
    return edit("targets", code, low=low, wording="", **more)


MILLION = 10**6

BASELINE = (
    probe("more older members than members", DISTRICT, there("members_older", 271), "V09"),
    probe("more women than members", DISTRICT, there("members_women", 300), "V09"),
    probe(
        "members too few for the clubs",
        DISTRICT,
        also(there("members_total", 245), there("members_older", 160), there("members_women", 160)),
        "V08",
    ),
    probe("members too many for the clubs", PROVINCE, there("clubs_existing", 17), "V07 V08 V31"),
    probe("few of the members are older", DISTRICT, there("members_older", 140), "V09"),
    probe("most of the members are older", DISTRICT, there("members_older", 200), "V09"),
    probe("few of the members are women", DISTRICT, there("members_women", 150), "V09"),
    probe("older and young are not all", COMMUNE, there("members_young", 40), "V10"),
    probe("a group is not whom the law calls older", COMMUNE, there("members_poor", 121), "V09"),
    probe(
        "overlapping groups make up the total",
        PROVINCE,
        also(
            there("members_older", 800),
            there("members_women", 750),
            add("baselines", indicator="members_poor", value=450),
            there("members_total", 2000),
            there("clubs_existing", 32),
            drop("targets", "clubs_total/2026-2030"),
            drop("targets", "clubs_total/2031-2035"),
        ),
        "V09 V09 V33",
    ),
    probe(
        "more communes with a club than communes",
        DISTRICT,
        there("communes_with_club", 11),
        "V11 V39",
    ),
    probe(
        "more communes with a club than clubs", PROVINCE, there("communes_with_club", 23), "V14 V31"
    ),
    probe("more clubs are standard than there are", COMMUNE, there("clubs_standard", 3), "V38"),
    probe("more clubs are standard than do all", COMMUNE, there("clubs_standard", 2), "V32"),
    probe("more clubs do all than there are", COMMUNE, there("clubs_full8", 3), "V38"),
    probe("more clubs have a fund than there are", COMMUNE, there("clubs_income_fund", 3), "V38"),
    probe(
        "more is lent than the fund has", COMMUNE, there("loan_outstanding", 85 * MILLION), "V38"
    ),
    probe("more is overdue than lent", COMMUNE, there("loan_overdue", 71 * MILLION), "V38"),
    probe("more borrowers than members", COMMUNE, there("loans_members", 121), "V09"),
    probe("more borrowers than need a loan", COMMUNE, there("loans_members", 61), "V09"),
    probe("more in need than members", COMMUNE, there("loan_need_members", 121), "V09"),
    probe(
        "more association members than older", COMMUNE, there("older_members_assoc", 1501), "V38"
    ),
    probe(
        "more older members than older persons", PROVINCE, there("older_population", 800), "V38 V38"
    ),
    probe("a share that its counts do not give", COMMUNE, there("clubs_full8_pct", 60_00), "V14"),
    probe("a share of members likewise", COMMUNE, there("older_share_pct", 66_00), "V14"),
    probe("coverage likewise", PROVINCE, there("commune_coverage_pct", 53_90), "V14"),
    probe("coverage rounded to another place", PROVINCE, there("commune_coverage_pct", 52_94)),
)

PARTS = (
    probe("more standard clubs than clubs", COMMUNE, to("clubs_standard", 6), "V38"),
    probe("more standard clubs than do all", COMMUNE, to("clubs_standard", 5), "V32"),
    probe("more clubs do all than clubs", COMMUNE, to("clubs_full8", 6), "V38"),
    probe("too few clubs do all", COMMUNE, to("clubs_full8", 3), "V32 V38"),
    probe("more is lent than the fund has", COMMUNE, to("loan_outstanding", 276 * MILLION), "V38"),
    probe("all of the fund is lent", COMMUNE, to("loan_outstanding", 275 * MILLION), ""),
    probe(
        "more is overdue than lent",
        COMMUNE,
        to("loan_overdue", 201 * MILLION, comparator=EQ, high=None),
        "V38",
    ),
    probe("more borrowers than need a loan", COMMUNE, to("loans_members", 101), "V09"),
    probe(
        "more borrowers than members",
        COMMUNE,
        also(to("loans_members", 181), to("loan_need_members", 179)),
        "V09",
    ),
    probe("too few of those in need", COMMUNE, to("loans_members", 59), "V09"),
    probe("more in need than members", COMMUNE, to("loan_need_members", 181), "V09"),
    probe("more older members than older persons", DISTRICT, there("older_population", 800), "V38"),
    probe(
        "20 clubs of 36",
        DISTRICT,
        add(
            "targets",
            indicator="clubs_full8",
            phase="2024-2025",
            comparator=EQ,
            low=15,
            counts_from=CUMULATIVE,
        ),
        "V38",
    ),
    probe(
        "23 clubs of 26",
        DISTRICT,
        add(
            "targets",
            indicator="clubs_full8",
            phase="2024-2025",
            comparator=EQ,
            low=23,
            counts_from=CUMULATIVE,
        ),
        "",
    ),
)

STANDING = (
    probe("fewer clubs than before", DISTRICT, to("clubs_total/2024-2025", 19), "V07"),
    probe(
        "fewer clubs without a word of new ones",
        PROVINCE,
        also(
            drop("targets", "clubs_new/2026-2030"),
            drop("targets", "clubs_new/2031-2035"),
            to("clubs_total/2031-2035", 71),
        ),
        "V39",
    ),
    probe(
        "fewer clubs than at the start",
        PROVINCE,
        also(
            drop("targets", "clubs_new/2026-2030"),
            drop("targets", "clubs_new/2031-2035"),
            to("clubs_total/2026-2030", 21),
            to("clubs_total/2031-2035", 21),
            *(
                drop("targets", f"{code}/{phase}")
                for code in ("commune_coverage_pct", "older_reach_pct")
                for phase in ("2026-2030", "2031-2035")
            ),
        ),
        "V39",
    ),
    probe(
        "fewer communes than at the start",
        DISTRICT,
        also(
            to("communes_with_club/2021-2023", 3),
            drop("targets", "commune_coverage_pct/2021-2023"),
            drop("targets", "commune_coverage_pct/2024-2025"),
        ),
        "V39",
    ),
    probe(
        "coverage under what stands", PROVINCE, to("commune_coverage_pct/2026-2030", 50_00), "V39"
    ),
    probe("coverage falls", DISTRICT, to("commune_coverage_pct/2024-2025", 70_00), "V39"),
    probe(
        "quality under what stands",
        COMMUNE,
        also(there("clubs_full8_pct", 100_00), there("clubs_full8", 2)),
        "V39",
    ),
    probe(
        "a fund floor that falls",
        DISTRICT,
        also(
            edit("targets", "income_fund_min", phase="2021-2023"),
            add(
                "targets",
                indicator="income_fund_min",
                phase="2024-2025",
                comparator=GTE,
                low=20 * MILLION,
                scope=PER_CLUB,
                counts_from=CUMULATIVE,
            ),
        ),
        "V39",
    ),
    probe(
        "the fund of all clubs under what stands",
        COMMUNE,
        also(
            edit("targets", "income_fund_balance", low=80 * MILLION, wording="tổng quỹ 80 triệu"),
            to("loan_outstanding", 60 * MILLION),
        ),
        "V39",
    ),
    probe(
        "the fund of the new clubs under what stands",
        COMMUNE,
        also(to("income_fund_balance", 80 * MILLION), to("loan_outstanding", 60 * MILLION)),
    ),
    probe("reach falls", PROVINCE, to("older_reach_pct/2031-2035", 3_00), "V39"),
    probe(
        "outreach in the mountains falls",
        PROVINCE,
        edit("targets", "miền núi ít nhất 60%", low=39_00, wording=""),
        "V39",
    ),
    probe(
        "outreach in the lowland falls",
        PROVINCE,
        edit("targets", "đồng bằng ít nhất 80%", low=59_00, wording=""),
        "V39",
    ),
    probe("quality falls", DISTRICT, to("clubs_full8_pct/2024-2025", 60_00), "V27 V32"),
    probe(
        "all members fall under what stands",
        DISTRICT,
        add(
            "targets",
            indicator="members_total",
            phase="2021-2025",
            comparator=EQ,
            low=260,
            counts_from=CUMULATIVE,
        ),
        "V07 V08",
    ),
)

ALL, FIRST, SECOND = "2021-2025", "2021-2023", "2024-2025"


def target(code: str, phase: str, low: int, **more):
    """Add an exact target, or what `more` makes of it."""
    return add("targets", indicator=code, phase=phase, **({"comparator": EQ, "low": low} | more))


def without(*codes: str):
    """Leave out every target of these indicators."""
    return lambda content: replace(
        content, targets=tuple(one for one in content.targets if one.indicator not in codes)
    )


PHASES = (
    probe("a year short of the whole", DISTRICT, to(f"clubs_new/{ALL}", 22), "V07"),
    probe("a year more than the whole", DISTRICT, to(f"clubs_new/{ALL}", 20), "V07"),
    probe("one year's figure is moved", DISTRICT, to(f"clubs_new/{SECOND}", 4), "V07 V07 V08"),
    probe("members of the phases are not all", DISTRICT, to(f"members_total/{ALL}", 1250), "V07"),
    probe(
        "older members of the phases are not all", DISTRICT, to(f"members_older/{ALL}", 820), "V07"
    ),
    probe(
        "at least so many, which the phases miss",
        DISTRICT,
        to(f"clubs_new/{ALL}", 22, comparator=GTE),
        "V07",
    ),
    probe(
        "at least so many, which the phases reach",
        DISTRICT,
        to(f"clubs_new/{ALL}", 21, comparator=GTE),
        "",
    ),
    probe("six a year beside twenty", DISTRICT, also(target("clubs_new", FIRST, 20)), "V07"),
    probe("five a year beside fifteen", DISTRICT, target("clubs_new", FIRST, 15)),
    probe(
        "three a year beside twenty, as the level above asks",
        COMMUNE,
        also(target("clubs_new", "2026-2030", 1, counts_from=YEARLY)),
        "V07",
    ),
    probe(
        "a yearly figure left as a phase's",
        DISTRICT,
        edit("targets", f"clubs_new/{FIRST}", counts_from=NEW),
        "V37",
    ),
    probe(
        "a total of clubs that old and new do not make",
        DISTRICT,
        to(f"clubs_total/{SECOND}", 27),
        "V07",
    ),
    probe(
        "a total of clubs that is wrong from the first",
        DISTRICT,
        also(to(f"clubs_total/{FIRST}", 21), to(f"clubs_total/{SECOND}", 27)),
        "V07",
    ),
    probe("other clubs at the start", COMMUNE, there("clubs_existing", 3), "V07 V08 V14 V34"),
)


def members(first: int, second: int):
    """Add the new members of both phases of the province."""
    return also(
        target("members_total", "2026-2030", first), target("members_total", "2031-2035", second)
    )


SIZES = (
    probe(
        "members too few for the new clubs",
        COMMUNE,
        also(
            to("members_total", 149),
            to("members_older", 97),
            to("members_young", 52),
            to("members_women", 97),
            to("loan_need_members", 90),
            to("loans_members", 60),
        ),
        "V08 V27",
    ),
    probe(
        "members of a phase too few",
        DISTRICT,
        also(
            to(f"members_total/{SECOND}", 290),
            to(f"members_older/{SECOND}", 189),
            to(f"members_total/{ALL}", 1190),
            to(f"members_older/{ALL}", 774),
        ),
        "V08",
    ),
    probe("5,000 new members of 200 clubs in all", PROVINCE, members(5200, 2000), "V08"),
    probe("new members of the clubs that are added", PROVINCE, members(3000, 2000)),
    probe(
        "new members of a total alone",
        PROVINCE,
        also(without("clubs_new"), members(1500, 2000)),
        "V08",
    ),
    probe(
        "new members of a total alone that fit what is added",
        PROVINCE,
        also(without("clubs_new"), members(3000, 2000)),
    ),
    probe(
        "all members of old and new clubs",
        COMMUNE,
        target("members_total", "2026-2030", 300, counts_from=CUMULATIVE),
        "",
    ),
    probe(
        "too many members of old and new clubs",
        COMMUNE,
        target("members_total", "2026-2030", 360, counts_from=CUMULATIVE),
        "V08",
    ),
    probe(
        "a size beyond the programme's",
        PROVINCE,
        edit("targets", "club_size/2026-2030", high=80, wording=""),
        "V08",
    ),
)

ABOVE = (
    probe(
        "fewer than the quota",
        COMMUNE,
        also(
            to("clubs_new", 2),
            to("clubs_total", 4),
            to("members_total", 130),
            to("members_older", 85),
            to("members_young", 45),
            to("members_women", 80),
            to("members_poor", 80),
            to("clubs_full8", 4),
            to("income_fund_balance", 220 * MILLION),
        ),
        "V27 V27",
    ),
    probe(
        "the quota of one phase is missing",
        DISTRICT,
        also(
            drop("targets", f"clubs_new/{SECOND}"),
            drop("targets", f"clubs_new/{ALL}"),
            without("clubs_total"),
        ),
        "V27",
    ),
    probe(
        "the quota of the other phase is missing",
        DISTRICT,
        also(
            drop("targets", f"clubs_new/{FIRST}"),
            drop("targets", f"clubs_new/{ALL}"),
            without("clubs_total"),
        ),
        "V27",
    ),
    probe(
        "a norm of the programme that is not given from above",
        DISTRICT,
        also(
            drop("floors", "clubs_full8_pct/2024-2025"),
            drop("floors", "clubs_full8_pct/2021-2023"),
            to(f"clubs_full8_pct/{FIRST}", 65_00),
            to(f"clubs_full8_pct/{SECOND}", 65_00),
        ),
        "V27",
    ),
    probe(
        "a norm that is neither given nor planned",
        DISTRICT,
        also(drop("floors", "loan_access_pct"), drop("targets", "loan_access_pct")),
        "V27",
    ),
    probe(
        "a quota for all phases together",
        DISTRICT,
        also(
            drop("floors", f"clubs_new/{FIRST}"),
            edit("floors", f"clubs_new/{SECOND}", phase="", low=21),
        ),
        "",
    ),
    probe(
        "more than all phases together",
        DISTRICT,
        also(
            drop("floors", f"clubs_new/{FIRST}"),
            edit("floors", f"clubs_new/{SECOND}", phase="", low=22),
        ),
        "V27",
    ),
    probe(
        "a quota split by area",
        COMMUNE,
        also(to("clubs_new", 2, area=LOWLAND), target("clubs_new", "2026-2030", 1, area=MOUNTAIN)),
        "",
    ),
    probe(
        "a quota split by area that is missed",
        COMMUNE,
        also(to("clubs_new", 1, area=LOWLAND), target("clubs_new", "2026-2030", 1, area=MOUNTAIN)),
        "V27",
    ),
    probe(
        "a range beyond the one above",
        DISTRICT,
        edit("targets", "club_size", low=45, wording=""),
        "V27",
    ),
    probe("a share under the one above", DISTRICT, to("loan_access_pct", 40_00), "V27"),
    probe("not all funds", DISTRICT, to("clubs_two_funds_pct", 90_00), "V27"),
    probe("a share left out", DISTRICT, drop("targets", "women_share_pct"), "V27"),
)

_PRINTED = re.compile(r"(?<![\d/.,])\d[\d.]*")


def _slips(plan: str, taken: frozenset[str] = frozenset()) -> Iterator[Probe]:
    """One figure moved in the words of each target, which alone is not what the line holds."""
    for line in clean(plan).targets:
        found = _PRINTED.search(line.wording)
        if found is None or line.key in taken:
            continue
        moved = str(int(found[0].replace(".", "")) + 7).zfill(
            len(found[0]) if "." not in found[0] else 0
        )
        wording = line.wording.replace(found[0], moved, 1)
        yield probe(
            f"{line.key} in other words", plan, edit("targets", line.key, wording=wording), "V37"
        )


def says(pick: str, wording: str, expected: str = "V37", plan: str = DISTRICT) -> Probe:
    """Another wording of a target."""
    return probe(f"{pick}: {wording}", plan, edit("targets", pick, wording=wording), expected)


WORDING = (
    *_slips(COMMUNE),
    *_slips(DISTRICT),
    *_slips(PROVINCE),
    says(f"clubs_new/{ALL}", "thành lập mới hai mươi mốt câu lạc bộ", ""),
    says(f"clubs_new/{FIRST}", "thành lập 15 câu lạc bộ, mỗi năm 5 câu lạc bộ", ""),
    says(f"clubs_new/{FIRST}", "thành lập 05 câu lạc bộ trong cả giai đoạn"),
    says(f"clubs_new/{ALL}", "mỗi năm 21 câu lạc bộ"),
    says(f"clubs_new/{ALL}", "thành lập 21 câu lạc bộ tại 10 xã", ""),
    says(f"clubs_new/{ALL}", "thành lập 10 câu lạc bộ tại 21 xã"),
    says(f"clubs_new/{ALL}", "nâng tổng số lên 21 câu lạc bộ"),
    says(f"clubs_total/{SECOND}", "thành lập mới 26 câu lạc bộ"),
    says(f"clubs_total/{SECOND}", "đến hết năm 2025 có 26 câu lạc bộ", ""),
    says(f"clubs_total/{SECOND}", "đến hết năm 2024 có 26 câu lạc bộ"),
    says(f"clubs_total/{FIRST}", "giai đoạn 2021 - 2023 có 20 câu lạc bộ", ""),
    says(f"clubs_total/{FIRST}", "giai đoạn 2024 - 2025 có 20 câu lạc bộ"),
    says(f"clubs_total/{FIRST}", "năm 2023 có 20 câu lạc bộ, so với 5 câu lạc bộ năm 2020", ""),
    says(f"clubs_total/{FIRST}", "năm 2025 có 20 câu lạc bộ"),
    says("club_size", "mỗi câu lạc bộ 50 - 60 thành viên"),
    says("club_size", "mỗi câu lạc bộ 50 thành viên"),
    says("club_size", "quy mô theo quy định", ""),
    says("loan_access_pct", "từ 50 - 60% thành viên được vay vốn"),
    says("loan_access_pct", "ít nhất 50 thành viên được vay vốn"),
    says(f"members_total/{ALL}", "1.260% thành viên mới"),
    says(f"members_total/{ALL}", "1260 thành viên mới, trong đó 819 người cao tuổi", ""),
    says("income_fund_min", "quỹ mỗi câu lạc bộ ít nhất 30 triệu đồng, 100% câu lạc bộ", ""),
    says("income_fund_min", "quỹ mỗi câu lạc bộ ít nhất 0,03 tỷ đồng", ""),
    says("income_fund_min", "quỹ mỗi câu lạc bộ ít nhất 30 nghìn đồng"),
    says("income_fund_min", "quỹ mỗi câu lạc bộ ít nhất 30.000.000 đồng", ""),
    says("older_share_pct", "60% - 70% thành viên là người cao tuổi (từ đủ 60 tuổi)", ""),
    says("older_share_pct", "60% thành viên là người cao tuổi"),
)

TRAINING = "Tập huấn ban chủ nhiệm"
"""The line that is so much a year, in all three plans."""


def budget(first: int, second: int) -> Change:
    """Add what the state gives in each phase of the district, in millions."""
    return also(
        target("budget_state", FIRST, first * MILLION),
        target("budget_state", SECOND, second * MILLION),
    )


def spent(activity: str, **values) -> Change:
    return edit("budget", activity, **values)


BUDGET = (
    probe("the total is more than its lines", COMMUNE, header(budget_total=250 * MILLION), "V01"),
    probe(
        "the total is less than its lines", PROVINCE, header(budget_total=18_500 * MILLION), "V01"
    ),
    probe("a total of nought", COMMUNE, header(budget_total=0), "V01"),
    probe("a line is moved", DISTRICT, spent(TRAINING, amount=510 * MILLION), "V01 V02"),
    probe("only a yearly rate and its years", DISTRICT, spent(TRAINING, amount=None)),
    probe("only a yearly rate", DISTRICT, spent(TRAINING, amount=None, years=None)),
    probe(
        "another yearly rate alone",
        DISTRICT,
        spent(TRAINING, amount=None, annual_rate=90 * MILLION),
        "V01",
    ),
    probe("fewer years than the amount", COMMUNE, spent(TRAINING, years=4), "V02"),
    probe(
        "another rate than the amount", COMMUNE, spent(TRAINING, annual_rate=16 * MILLION), "V02"
    ),
    probe("more years than the period", COMMUNE, spent(TRAINING, years=6), "V02"),
    probe(
        "more years than the period, and so much",
        COMMUNE,
        also(
            spent(TRAINING, years=6, amount=90 * MILLION),
            header(budget_total=255 * MILLION),
            to("budget_state", 165 * MILLION),
        ),
        "V02",
    ),
    probe(
        "more years than the period, rate alone",
        DISTRICT,
        also(spent(TRAINING, years=8, amount=None), header(budget_total=1100 * MILLION)),
        "V02",
    ),
    probe(
        "all amounts are nought",
        PROVINCE,
        lambda content: replace(
            content,
            header=replace(content.header, budget_total=0),
            budget=tuple(
                replace(line, amount=0, annual_rate=None, years=None) for line in content.budget
            ),
        ),
        "V03",
    ),
    probe(
        "a line of the state budget is nought",
        DISTRICT,
        also(
            repeat(
                "budget",
                TRAINING,
                activity="Sơ kết, tổng kết",
                amount=0,
                annual_rate=None,
                years=None,
            )
        ),
        "V03",
    ),
    probe(
        "a line without a source", COMMUNE, spent("Quỹ tăng thu nhập ban đầu", source=None), "V03"
    ),
    probe("the state's share is not its lines'", COMMUNE, to("budget_state", 160 * MILLION), "V47"),
    probe(
        "the state's share is at least its lines'",
        COMMUNE,
        to("budget_state", 150 * MILLION, comparator=GTE),
    ),
    probe(
        "the state's share is more than its lines'",
        COMMUNE,
        to("budget_state", 151 * MILLION, comparator=GTE),
        "V47",
    ),
    probe(
        "the state's share is at most more",
        COMMUNE,
        to("budget_state", None, high=160 * MILLION, comparator=LTE),
    ),
    probe(
        "the state's share is at most less",
        COMMUNE,
        to("budget_state", None, high=140 * MILLION, comparator=LTE),
        "V47",
    ),
    probe("what is raised is not its lines'", COMMUNE, to("budget_social", 80 * MILLION), "V47"),
    probe(
        "what is raised with a line still open",
        DISTRICT,
        target("budget_social", ALL, 80 * MILLION),
    ),
    probe("by phase, as the lines' years have it", DISTRICT, budget(600, 200)),
    probe("by phase, otherwise", DISTRICT, budget(610, 190), "V47 V47"),
    probe("in all, by lines of years", DISTRICT, target("budget_state", ALL, 800 * MILLION)),
    probe(
        "in all, less than the lines of years",
        DISTRICT,
        target("budget_state", ALL, 700 * MILLION),
        "V47",
    ),
)

UNITS = (
    probe(
        "equipment of 100,000 đồng",
        COMMUNE,
        also(spent("Mua sắm", amount=100_000, quantity=None, unit_price=None)),
        "V01 V40 V47",
    ),
    probe(
        "a price times a number may be small",
        COMMUNE,
        also(
            spent("Mua sắm", amount=100_000, quantity=10, unit_price=10_000),
            header(budget_total=165_100_000),
            to("budget_state", 75_100_000),
        ),
    ),
    probe(
        "training in thousands",
        DISTRICT,
        also(
            spent(TRAINING, amount=500_000, annual_rate=100_000), header(budget_total=300_500_000)
        ),
        "V40",
    ),
    probe(
        "a plan in thousands of what it costs",
        COMMUNE,
        also(
            spent("Quỹ tăng thu nhập", amount=90_000_000 * MILLION),
            header(budget_total=90_000_150 * MILLION),
            to("budget_social", 90_000_000 * MILLION),
        ),
        "V40",
    ),
    probe("a fund floor of 50", COMMUNE, to("income_fund_min", 50), "V40"),
    probe(
        "a fund floor of 50, in words 50 triệu",
        COMMUNE,
        edit("targets", "income_fund_min", low=50),
        "V40",
    ),
    probe("a fund floor of 50 tỷ", COMMUNE, to("income_fund_min", 50_000 * MILLION), "V40"),
    probe(
        "a fund of 275",
        COMMUNE,
        also(to("income_fund_balance", 275), without("loan_outstanding", "loan_overdue")),
        "V40",
    ),
    probe(
        "6 to 10 % a month",
        COMMUNE,
        edit("targets", "loan_rate_month", low=6_00, high=10_00),
        "V40",
    ),
    probe(
        "0.06 % a month",
        COMMUNE,
        edit("targets", "loan_rate_month", low=6, high=10, wording=""),
        "V40",
    ),
    probe("0.7 for 70 %", DISTRICT, edit("targets", f"clubs_full8_pct/{FIRST}", low=70), "V40"),
    probe("1 for all", DISTRICT, to("clubs_two_funds_pct", 1_00), "V40"),
    probe(
        "0.6 to 0.7 of the members",
        DISTRICT,
        edit("targets", "women_share_pct", low=60, high=70),
        "V40",
    ),
    probe(
        "0.8 of those who need a loan", COMMUNE, edit("targets", "loan_access_pct", low=80), "V40"
    ),
    probe("a small reach is a small reach", PROVINCE, to("older_reach_pct/2026-2030", 80), ""),
    probe("a fee of 2", COMMUNE, edit("targets", "member_fee_month", low=2, high=5), "V40"),
    probe(
        "a fee of 2 triệu",
        COMMUNE,
        edit("targets", "member_fee_month", low=2 * MILLION, high=5 * MILLION, wording=""),
        "V40",
    ),
    probe("twelve meetings a month", COMMUNE, to("meetings_month", 12_00), "V40"),
    probe("24 health checks a year", COMMUNE, to("health_check_year", 24_00), "V40"),
    probe(
        "a fund of 84 at the start",
        COMMUNE,
        also(
            there("income_fund_balance", 84),
            *(drop("baselines", code) for code in ("loan_outstanding", "loan_overdue")),
        ),
        "V40",
    ),
)


def text(words: str) -> Change:
    """Add a section that says so."""
    return add("sections", title="VI. Ghi chú", body=words)


AVERAGES = (
    probe(
        "members a club at the start",
        COMMUNE,
        reword("baselines", "120 thành viên", "bình quân 60", "bình quân 41,7"),
        "V34",
    ),
    probe(
        "members a new club",
        COMMUNE,
        reword("targets", "180 thành viên mới", "bình quân 60", "bình quân 36"),
        "V34",
    ),
    probe(
        "the fund at the start",
        COMMUNE,
        reword("baselines", "84 triệu đồng", "bình quân 42", "bình quân 50"),
        "V34",
    ),
    probe(
        "the fund to be",
        COMMUNE,
        reword("targets", "tổng quỹ", "bình quân 55", "bình quân 65"),
        "V34",
    ),
    probe(
        "the fund of the clubs that have one",
        PROVINCE,
        text("Quỹ bình quân 55 triệu đồng mỗi câu lạc bộ có quỹ."),
    ),
    probe(
        "the fund over all clubs",
        PROVINCE,
        text("Quỹ bình quân 40 triệu đồng mỗi câu lạc bộ."),
        "V34",
    ),
    probe(
        "members in a text", PROVINCE, text("Hiện nay bình quân 56,8 thành viên mỗi câu lạc bộ.")
    ),
    probe(
        "other members in a text",
        PROVINCE,
        text("Hiện nay bình quân 69,4 thành viên mỗi câu lạc bộ."),
        "V34",
    ),
    probe(
        "older members are not all",
        PROVINCE,
        text("Hiện nay bình quân 37,3 người cao tuổi mỗi câu lạc bộ."),
    ),
    probe("a loan is no fund", COMMUNE, text("Dư nợ bình quân 35 triệu đồng mỗi câu lạc bộ.")),
    probe(
        "members of the old and the new clubs",
        COMMUNE,
        text("Bình quân 60 thành viên mỗi câu lạc bộ."),
    ),
)

IN_TEXT = (
    probe("another total", COMMUNE, text("Tổng kinh phí thực hiện là 250 triệu đồng."), "V28"),
    probe("the total", COMMUNE, text("Tổng kinh phí thực hiện là 240 triệu đồng.")),
    probe("the total in full", COMMUNE, text("Tổng kinh phí: 240.000.000 đồng.")),
    probe("what one source gives", COMMUNE, text("Tổng kinh phí từ ngân sách là 150 triệu đồng.")),
    probe(
        "the fund of each club",
        COMMUNE,
        text("Mỗi câu lạc bộ có quỹ ít nhất 40 triệu đồng."),
        "V28",
    ),
    probe(
        "the fund of each club as in the table",
        COMMUNE,
        text("Mỗi câu lạc bộ có quỹ ít nhất 50 triệu đồng."),
    ),
    probe("the fund of all", COMMUNE, text("Tổng quỹ đạt 300 triệu đồng."), "V28"),
    probe("the fee", COMMUNE, text("Phí thành viên 10.000 đồng một tháng."), "V28"),
    probe("a payment", COMMUNE, text("Chi 20 triệu đồng cho hội nghị triển khai.")),
    probe("other new clubs", DISTRICT, text("Thành lập mới 25 câu lạc bộ."), "V28"),
    probe("other clubs in all", DISTRICT, text("Nâng tổng số lên 30 câu lạc bộ."), "V28"),
    probe(
        "new clubs as in the table",
        DISTRICT,
        text("Thành lập mới 21 câu lạc bộ, trong đó giai đoạn đầu 15 câu lạc bộ."),
    ),
    probe("another share of women", DISTRICT, text("Phụ nữ chiếm 75%."), "V28"),
    probe("another share of loans", DISTRICT, text("Bảo đảm 55% thành viên được vay vốn."), "V28"),
    probe("volunteers that the table has not", DISTRICT, text("Có 50 tình nguyện viên."), "V28"),
    probe("other volunteers", COMMUNE, text("Mỗi câu lạc bộ có 10 tình nguyện viên."), "V28"),
)


def mountains(communes: int, reached: int, rate: int) -> Change:
    """Add the communes of the district's mountains, those with a club, and their share."""
    return also(
        target("communes_total", ALL, communes, area=MOUNTAIN, counts_from=CUMULATIVE),
        target("communes_with_club", ALL, reached, area=MOUNTAIN, counts_from=CUMULATIVE),
        target(
            "commune_coverage_pct", ALL, rate * 100, area=MOUNTAIN, counts_from=CUMULATIVE,
            comparator=GTE,
        ),
    )  # fmt: skip


AREAS = (
    probe("half of the communes in the mountains", DISTRICT, mountains(4, 2, 50)),
    probe("fewer than half of them", DISTRICT, mountains(4, 1, 50), "V11"),
    probe("more than there are", DISTRICT, mountains(4, 5, 50), "V11"),
    probe("all of them", DISTRICT, mountains(4, 4, 100)),
    probe("all but one", DISTRICT, mountains(4, 3, 100), "V11"),
    probe("more communes than there are", DISTRICT, to(f"communes_with_club/{SECOND}", 11), "V11"),
    probe("fewer than the share asks for", DISTRICT, to(f"communes_with_club/{FIRST}", 7), "V11"),
    probe(
        "a larger share than the communes",
        PROVINCE,
        to("commune_coverage_pct/2026-2030", 80_00),
        "V11",
    ),
    probe(
        "one club in each commune",
        DISTRICT,
        target("clubs_new", ALL, 2, scope=TargetScope.PER_COMMUNE),
    ),
    probe(
        "three in each commune",
        DISTRICT,
        target("clubs_new", ALL, 3, scope=TargetScope.PER_COMMUNE),
        "V11",
    ),
    probe("more older persons than fit", PROVINCE, to("older_reach_pct/2031-2035", 12_00), "V12"),
)


def at(code: str, value: int, **more) -> Change:
    """Add a figure to what there is at the start."""
    return add("baselines", indicator=code, value=value, **more)


AS_FIGURES = (
    probe("members a club at the start", PROVINCE, at("club_size_avg", 56_80)),
    probe("members a club at the start, otherwise", PROVINCE, at("club_size_avg", 41_70), "V34"),
    probe("the fund a club that has one", PROVINCE, at("income_fund_avg", 55 * MILLION)),
    probe("the fund over all clubs", PROVINCE, at("income_fund_avg", 40 * MILLION), "V34"),
    probe("members a new club", COMMUNE, target("club_size_avg", "2026-2030", 60_00)),
    probe(
        "members a new club, otherwise", COMMUNE, target("club_size_avg", "2026-2030", 36_00), "V34"
    ),
    probe(
        "an average in other words",
        COMMUNE,
        target("club_size_avg", "2026-2030", 60_00, wording="60 người/CLB"),
    ),
    probe(
        "an average in wrong words",
        COMMUNE,
        target("club_size_avg", "2026-2030", 60_00, wording="50 người/CLB"),
        "V37",
    ),
    probe(
        "standard clubs, and their share",
        COMMUNE,
        target("clubs_standard_pct", "2026-2030", 80_00, denominator="clubs_total"),
    ),
    probe(
        "standard clubs, and another share",
        COMMUNE,
        target("clubs_standard_pct", "2026-2030", 90_00, denominator="clubs_total"),
        "V38",
    ),
    probe(
        "a share of the mountains' communes",
        DISTRICT,
        also(
            at("communes_total", 4, area=MOUNTAIN),
            target("commune_coverage_pct", ALL, 50_00, area=MOUNTAIN),
            target("communes_with_club", ALL, 2, area=MOUNTAIN, counts_from=CUMULATIVE),
        ),
    ),
    probe(
        "a larger share of them",
        DISTRICT,
        also(
            at("communes_total", 4, area=MOUNTAIN),
            target("commune_coverage_pct", ALL, 75_00, area=MOUNTAIN),
            target("communes_with_club", ALL, 2, area=MOUNTAIN, counts_from=CUMULATIVE),
        ),
        "V11",
    ),
    probe(
        "members of the mountains are not all members",
        DISTRICT,
        at("members_older", 400, area=MOUNTAIN),
    ),
)

PROBES: tuple[Probe, ...] = (
    *named("start", BASELINE),
    *named("parts", PARTS),
    *named("standing", STANDING),
    *named("phases", PHASES),
    *named("sizes", SIZES),
    *named("above", ABOVE),
    *named("wording", WORDING),
    *named("budget", BUDGET),
    *named("units", UNITS),
    *named("averages", AVERAGES),
    *named("text", IN_TEXT),
    *named("areas", AREAS),
    *named("figures of their own", AS_FIGURES),
)
