"""Say the figures of the demo's plans: communes from the tables, districts and provinces here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lth.content.targets import Figure
from lth.demo.figures import CommuneFigures, Values
from lth.models.content import Comparator
from lth.quotas import apportionment
from lth.quotas.apportionment import Share

PERCENT, TIMES = 100, 100
"""How many stored integers make one percent, or once a month."""


@dataclass(frozen=True, slots=True)
class DemoTarget:
    """One target: an indicator in a phase, its figure, and the words it stands in, if known."""

    code: str
    phase: str
    figure: Figure
    wording: str = ""
    source: str = ""

    @property
    def denominator(self) -> str | None:
        """Say what a share is of, where the catalogue leaves the choice."""
        return _DENOMINATORS.get(self.code)


_DENOMINATORS = {"loan_access_pct": "members_total"}


def exactly(value: int) -> Figure:
    return Figure(Comparator.EQ, value)


def at_least(value: int) -> Figure:
    return Figure(Comparator.GTE, value)


def more_than(value: int) -> Figure:
    return Figure(Comparator.GT, value)


def between(low: int, high: int) -> Figure:
    return Figure(Comparator.BETWEEN, low, high)


def of_commune(figures: CommuneFigures) -> list[DemoTarget]:
    """List a commune's targets: its figures, what it begins with, and two norms of its own."""
    lines = []
    for phase, values in figures.phases.items():
        norms = {"volunteers": 5 * values["clubs_new"], "meetings_month": TIMES}
        exact = {**figures.baseline, **values, **_coverage(figures)}
        floors = {code: exact.pop(code, norm) for code, norm in norms.items()}
        lines += [DemoTarget(code, phase, exactly(value)) for code, value in exact.items()]
        lines += [DemoTarget(code, phase, at_least(value)) for code, value in floors.items()]
    return lines


def _coverage(figures: CommuneFigures) -> Values:
    """Count one commune of one, for the share of communes with a club; asked in three tiers."""
    return {"communes_total": 1, "communes_with_club": 1} if figures.district_code else {}


_NORMS_OF_1336 = (
    ("club_size", between(50, 70)),
    ("older_share_pct", between(60 * PERCENT, 70 * PERCENT)),
    ("women_share_pct", between(60 * PERCENT, 70 * PERCENT)),
    ("young_share_pct", between(30 * PERCENT, 40 * PERCENT)),
    ("clubs_maintained_pct", Figure(Comparator.MAINTAIN, 100 * PERCENT)),
    ("clubs_full8_pct", at_least(70 * PERCENT)),
    ("loan_access_pct", at_least(50 * PERCENT)),
    ("clubs_two_funds_pct", exactly(100 * PERCENT)),
)

_NORMS_OF_1648 = (
    ("club_size", between(50, 70)),
    ("clubs_maintained_pct", Figure(Comparator.MAINTAIN, 100 * PERCENT)),
    ("clubs_full8_pct", at_least(80 * PERCENT)),
    ("income_fund_min", at_least(50_000_000)),
)

_WORDS_OF_TRA_CU = {
    "clubs_new": "có thêm ít nhất 50 câu lạc bộ mới được xây dựng",
    "members_total": "với trên {} thành viên",
    "members_older": "trong đó có hơn {} thành viên là người cao tuổi",
    "commune_coverage_pct": "100% xã, thị trấn trong huyện thành lập Câu lạc bộ",
    "club_size": "mỗi câu lạc bộ có từ 50 - 70 thành viên",
    "older_share_pct": "60% - 70% là người cao tuổi",
    "women_share_pct": "60% - 70% là phụ nữ",
    "young_share_pct": "30 - 40% là người trẻ tuổi",
}
"""The decision's own wording (Quyết định 793/QĐ-UBND), where a target stands in it."""


def of_tra_cu(phase: str, sums: Values) -> list[DemoTarget]:
    """List Trà Cú's own plan: its decision's targets, strict where it says "trên" and "hơn"."""
    lines = _of_unit(phase, sums, _NORMS_OF_1336)
    strict = {"members_total", "members_older"}
    found = [
        DemoTarget(
            line.code,
            phase,
            more_than(sums[line.code]) if line.code in strict else line.figure,
            _WORDS_OF_TRA_CU.get(line.code, "").format(_printed(sums.get(line.code, 0))),
            "Mục I.2" if line.code in _WORDS_OF_TRA_CU else "",
        )
        for line in lines
    ]
    coverage = "commune_coverage_pct"
    full = exactly(100 * PERCENT)
    return [*found, DemoTarget(coverage, phase, full, _WORDS_OF_TRA_CU[coverage], "Mục I.2")]


def _printed(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def of_unit_above(phase: str, clubs: int, *, two_tiers: bool = False) -> list[DemoTarget]:
    """List an assumed plan of a district or province for so many clubs, within the norms."""
    norms = _NORMS_OF_1648 if two_tiers else _NORMS_OF_1336
    return _of_unit(phase, _assumed(clubs), norms)


def _of_unit(phase: str, sums: Values, norms: Iterable[tuple[str, Figure]]) -> list[DemoTarget]:
    figures = [*((code, at_least(value)) for code, value in sums.items()), *norms]
    return [DemoTarget(code, phase, figure) for code, figure in figures]


def _assumed(clubs: int) -> Values:
    """Say what so many clubs of sixty come to, two thirds of them older people and women."""
    members = 60 * clubs
    older = members * 65 // 100
    return {
        "clubs_new": clubs,
        "members_total": members,
        "members_older": older,
        "members_young": members - older,
        "members_women": members * 65 // 100,
        "loans_members": members // 2,
        "income_fund_balance": clubs * 20_000_000,
    }


def split(clubs: int, communes: Iterable[CommuneFigures]) -> dict[str, int]:
    """Share clubs among communes, by code: equally, the rest where more older people are."""
    claims = [
        Share(
            int(commune.code),
            older_population=commune.baseline["older_population"],
            code=commune.code,
        )
        for commune in communes
    ]
    parts = apportionment.split(clubs, claims)
    return {claim.code: parts[claim.key].value for claim in claims}


def planned(code: str, figures: CommuneFigures) -> Iterator[tuple[str, int]]:
    """Yield a commune's figure of one indicator, by phase."""
    for phase, values in figures.phases.items():
        if code in values:
            yield phase, values[code]
