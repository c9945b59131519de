"""Write what the demo's plans say beside figures and narrative: papers cited, money, work, reports.

Amounts, dates of reports and the figures of the start are made up, like the communes' shares.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lth.content.model import (
    HEADER,
    Baseline,
    BudgetLine,
    Definition,
    Duty,
    Header,
    LegalBasis,
    Recipient,
    ReportingDuty,
    Task,
)
from lth.content.schema import ContentLine
from lth.models import Unit
from lth.models.parts import Frequency, Issuance, MoneyLevel, MoneySource, Part
from lth.models.parts import Term as TermOf
from lth.models.unit import Level

Parts = Mapping[str, list[ContentLine]]

_PER_CLUB = {
    "Tập huấn ban chủ nhiệm câu lạc bộ": 2_400_000,
    "Ra mắt, sổ sách câu lạc bộ": 1_500_000,
}
"""Đồng of the state budget for each new club, by activity."""

_LEVEL_OF = {
    Level.COMMUNE: MoneyLevel.COMMUNE,
    Level.DISTRICT: MoneyLevel.DISTRICT,
    Level.PROVINCE: MoneyLevel.PROVINCE,
}

COMMITTEE = "Ủy ban nhân dân"


@dataclass(frozen=True)
class Cited:
    """Plan of the level above, as it is cited."""

    number: str
    dated_on: date | None
    unit: str


@dataclass(frozen=True)
class PlanFacts:
    """Facts of a plan's parts: its unit, the clubs and money it plans, what it starts from."""

    unit: Unit
    two_tiers: bool
    years: str
    clubs: int
    fund: int
    existing: int
    above: Cited | None = None

    @property
    def committee(self) -> str:
        return f"{COMMITTEE} {self.unit.full_name}"

    @property
    def words(self) -> "LevelWords":
        return (_TWO_TIERS if self.two_tiers else _THREE_TIERS)[self.unit.level]


@dataclass(frozen=True)
class LevelWords:
    """Names of those who act at a level of an era: the association, the office, the units below."""

    association: str
    office: str
    below: str = ""


_THREE_TIERS = {
    Level.COMMUNE: LevelWords("Hội Người cao tuổi", "Bộ phận Lao động - Thương binh và Xã hội"),
    Level.DISTRICT: LevelWords(
        "Ban Đại diện Hội Người cao tuổi huyện",
        "Phòng Lao động - Thương binh và Xã hội",
        "Ủy ban nhân dân các xã, thị trấn",
    ),
    Level.PROVINCE: LevelWords(
        "Ban Đại diện Hội Người cao tuổi tỉnh",
        "Sở Lao động - Thương binh và Xã hội",
        "Ủy ban nhân dân các huyện",
    ),
}
_TWO_TIERS = {
    Level.COMMUNE: LevelWords("Hội Người cao tuổi", "Phòng Văn hóa - Xã hội"),
    Level.PROVINCE: LevelWords("Hội Người cao tuổi tỉnh", "Sở Y tế", "Ủy ban nhân dân các xã"),
}
_SCHEME = {
    False: ("1336/QĐ-TTg", date(2020, 8, 31)),
    True: ("1648/QĐ-TTg", date(2025, 8, 1)),
}


def of_document(facts: PlanFacts, *, with_money: bool = True) -> Parts:
    """Return every part of a plan of any level; its money may not have been thought of yet."""
    budget = list(_budget(facts)) if with_money else []
    total = sum(line.amount or 0 for line in budget) or None
    title = f"Nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau {facts.years}"
    return {
        Part.HEADER: [Header(HEADER, Issuance.PLAN, title, budget_total=total)],
        Part.BASIS: list(_bases(facts)),
        Part.RECIPIENT: list(_recipients(facts)),
        Part.DEFINITION: _definitions(),
        Part.BASELINE: [
            Baseline("", "clubs_existing", facts.existing, "đầu kỳ", "Câu lạc bộ đang hoạt động")
        ],
        Part.BUDGET: list(budget),
        Part.TASK: list(_tasks(facts)),
        Part.DUTY: list(_duties(facts)),
        Part.REPORTING: list(_reports(facts)),
    }


def _bases(facts: PlanFacts) -> Iterable[LegalBasis]:
    yield LegalBasis("", "Luật", title="Luật Người cao tuổi")
    number, day = _SCHEME[facts.two_tiers]
    title = "Phê duyệt Đề án nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau"
    yield LegalBasis("", "Quyết định", number, day, "Thủ tướng Chính phủ", title)
    if facts.above is not None:
        yield LegalBasis(
            "",
            "Quyết định" if "QĐ" in facts.above.number else "Kế hoạch",
            facts.above.number,
            facts.above.dated_on,
            facts.above.unit,
            "Thực hiện mô hình Câu lạc bộ Liên thế hệ tự giúp nhau",
        )


def _recipients(facts: PlanFacts) -> Iterable[Recipient]:
    if facts.above is not None:
        yield Recipient("", facts.above.unit, "để báo cáo")
    yield Recipient("", "Các phòng, ban, đoàn thể")
    if facts.unit.level is not Level.COMMUNE:
        yield Recipient("", facts.words.below)
    yield Recipient("", "Lưu: VT")


def _definitions() -> list[ContentLine]:
    return [
        Definition("", TermOf.OLDER, "Công dân Việt Nam từ đủ 60 tuổi trở lên", 60),
        Definition("", TermOf.YOUNG, "Thành viên dưới 60 tuổi", 59),
        Definition("", TermOf.STANDARD, "Đủ tám mảng hoạt động, sinh hoạt hằng tháng, có quỹ"),
    ]


def _budget(facts: PlanFacts) -> Iterable[BudgetLine]:
    level = _LEVEL_OF[facts.unit.level]
    for activity, each in _PER_CLUB.items():
        yield BudgetLine("", activity, MoneySource.STATE, level, amount=each * facts.clubs)
    yield BudgetLine("", "Quỹ tăng thu nhập ban đầu", MoneySource.SOCIAL, amount=facts.fund)


def _tasks(facts: PlanFacts) -> Iterable[Task]:
    association, office = facts.words.association, facts.words.office
    yield Task("", "Thành lập, củng cố câu lạc bộ", (association,), (office,))
    yield Task("", "Tập huấn ban chủ nhiệm, theo dõi số liệu", (office,), (association,))


def _duties(facts: PlanFacts) -> Iterable[Duty]:
    association, office = facts.words.association, facts.words.office
    yield Duty("", association, "Chủ trì thành lập, củng cố và theo dõi sinh hoạt câu lạc bộ.")
    yield Duty("", office, "Chủ trì tập huấn, theo dõi số liệu; phối hợp hướng dẫn thành lập.")


def _reports(facts: PlanFacts) -> Iterable[ReportingDuty]:
    if facts.unit.level is not Level.COMMUNE:
        below = facts.words.below
        yield ReportingDuty(
            "", below, (facts.committee,), "", Frequency.YEARLY, "trước ngày 10/12 hằng năm"
        )
    if facts.above is not None:
        yield ReportingDuty(
            "",
            facts.committee,
            (facts.above.unit,),
            "",
            Frequency.YEARLY,
            "trước ngày 16/12 hằng năm",
        )


EXPLAINED = {
    "V08": "Số liệu theo danh sách đăng ký; xã sẽ rà soát, tách câu lạc bộ nếu cần.",
    "V09": "Ấp có nhiều người cao tuổi đăng ký, xã vận động thêm người trẻ trong quý tới.",
    "V10": "Quyết định số 1336/QĐ-TTg ghi hai khoảng; khi thực hiện hai tỷ lệ cộng lại bằng 100 %.",
}
"""What a drafter answers to a warning that stays, by the check's code."""
