"""A whole plan with nothing wrong in it, and the same with one thing changed, for the checks."""

from dataclasses import replace
from datetime import date
from functools import cache

from lth.checks import Finding, run
from lth.content.model import (
    Baseline,
    BudgetLine,
    Content,
    Definition,
    Duty,
    Header,
    LegalBasis,
    Paper,
    PhaseSpan,
    PlanUnit,
    Recipient,
    ReportingDuty,
    SectionText,
    Span,
    TargetLine,
    Task,
)
from lth.models import Indicator
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.document import SignForm
from lth.models.finding import Stage
from lth.models.parts import Frequency, Issuance, IssuerForm, MoneyLevel, MoneySource, PaperRole
from lth.models.parts import Term as TermOf
from lth.models.unit import Level
from lth.programmes import catalogue, catalogue_file

PHASE = "2021-2025"
TITLE = (
    "Thực hiện Đề án nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau giai đoạn đến năm 2025"
)


@cache
def indicators(programme: str = "1336") -> dict[str, Indicator]:
    """A programme's indicators as its files have them, without a database."""
    return catalogue.offline(catalogue_file.read(programme))


def target(indicator: str, low: int | None = None, high: int | None = None, **more) -> TargetLine:
    """A target of the one phase; a second bound makes it a range, `key` and the rest as given."""
    comparator = more.pop("comparator", Comparator.EQ if high is None else Comparator.BETWEEN)
    phase = more.pop("phase", PHASE)
    key = more.pop("key", f"{indicator}@{phase}")
    return TargetLine(key, indicator, phase, comparator, low, high, **more)


def codes(content: Content, stage: Stage = Stage.ISSUE) -> set[str]:
    """The codes of everything found."""
    return {finding.code for finding in run(content, stage)}


def said(content: Content, code: str, stage: Stage = Stage.ISSUE) -> list[str]:
    """What a check says, in Vietnamese, one text a finding."""
    return [str(finding.said) for finding in run(content, stage) if finding.code == code]


def found(content: Content, code: str, stage: Stage = Stage.ISSUE) -> list[Finding]:
    """What one check finds."""
    return [finding for finding in run(content, stage) if finding.code == code]


def changed(**changes) -> Content:
    """The faultless plan with some of its fields replaced."""
    return replace(faultless(), **changes)


@cache
def faultless() -> Content:
    """A district's plan at which no check has anything to find at the stage of issuing."""
    return Content(
        programme="1336",
        place=PlanUnit("huyện Phú Hòa", Level.DISTRICT, "tỉnh Sông Hậu", Level.PROVINCE, 10),
        period=Span(2021, 2025),
        phases=(PhaseSpan(PHASE, Span(2021, 2025)),),
        indicators=indicators(),
        header=Header("header", Issuance.DECISION_WITH_PLAN, TITLE, TITLE, 500_000_000),
        papers=_papers(),
        bases=_bases(),
        recipients=tuple(
            Recipient(f"recipient-{n}", name)
            for n, name in enumerate(
                (
                    "Ủy ban nhân dân tỉnh Sông Hậu",
                    "Ban Đại diện Hội Người cao tuổi tỉnh",
                    "Ủy ban nhân dân các xã",
                    "Lưu: VT, LĐTBXH",
                ),
                1,
            )
        ),
        definitions=(
            Definition("definition-1", TermOf.OLDER, "Công dân từ đủ 60 tuổi trở lên", 60),
            Definition("definition-2", TermOf.YOUNG, "Thành viên dưới 60 tuổi", 59),
            Definition("definition-3", TermOf.STANDARD, "Đủ 8 mảng, sinh hoạt hằng tháng"),
        ),
        baselines=(
            Baseline("baseline-1", "communes_total", 10, "2020"),
            Baseline("baseline-2", "clubs_existing", 4, "2020"),
        ),
        targets=_targets(),
        budget=(
            BudgetLine(
                "budget-1",
                "Tập huấn ban chủ nhiệm",
                MoneySource.STATE,
                MoneyLevel.DISTRICT,
                None,
                500_000_000,
                100_000_000,
                5,
            ),
        ),
        tasks=(
            Task(
                "task-1",
                "Thành lập câu lạc bộ mới",
                ("Ban Đại diện Hội Người cao tuổi huyện",),
                ("Phòng Lao động - Thương binh và Xã hội",),
            ),
        ),
        duties=(
            Duty(
                "duty-1",
                "Ban Đại diện Hội Người cao tuổi huyện",
                "Chủ trì triển khai, giám sát thực hiện kế hoạch.",
            ),
            Duty(
                "duty-2",
                "Phòng Lao động - Thương binh và Xã hội",
                "Phối hợp hướng dẫn các xã thực hiện.",
            ),
        ),
        reporting=(
            ReportingDuty(
                "reporting-1",
                "Ủy ban nhân dân các xã",
                ("Ủy ban nhân dân huyện",),
                "",
                Frequency.YEARLY,
                "trước ngày 20/12",
            ),
        ),
        sections=(
            SectionText("s.purpose", "I. Mục đích, yêu cầu", "Nhân rộng mô hình trên toàn huyện."),
            SectionText("s.tasks", "II. Nhiệm vụ, giải pháp", "Thành lập mới, nâng chất lượng."),
            SectionText("s.organisation", "III. Tổ chức thực hiện", "Phân công như kế hoạch."),
        ),
        floors=(target("clubs_new", 20, comparator=Comparator.GTE, key="floor-1"),),
        parent_issuer="Ủy ban nhân dân tỉnh Sông Hậu",
        parent_paper="304/QĐ-UBND ngày 09/02/2021",
        made_on=date(2021, 5, 7),
    )


def _papers() -> tuple[Paper, ...]:
    return (
        Paper(
            "paper-1",
            PaperRole.DECISION,
            "793/QĐ-UBND",
            date(2021, 5, 7),
            "Ủy ban nhân dân huyện Phú Hòa",
            IssuerForm.COLLECTIVE,
            "Về việc ban hành Kế hoạch " + TITLE,
            "ban hành",
            SignForm.TM_KT,
            "Phó Chủ tịch",
            signed=True,
        ),
        Paper("paper-2", PaperRole.PLAN, title=TITLE, verb="ban hành"),
        Paper(
            "paper-3",
            PaperRole.PROPOSAL,
            "60/TTr-PLĐTBXH",
            date(2021, 5, 4),
            "Phòng Lao động - Thương binh và Xã hội",
            IssuerForm.OFFICE,
            sign_form=SignForm.KT,
            position="Phó Trưởng phòng",
            signed=True,
        ),
    )


def _bases() -> tuple[LegalBasis, ...]:
    return (
        LegalBasis("basis-1", "Luật", title="Luật Người cao tuổi", ending=";"),
        LegalBasis(
            "basis-2",
            "Quyết định",
            "1336/QĐ-TTg",
            date(2020, 8, 31),
            "Thủ tướng Chính phủ",
            "Phê duyệt Đề án nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau",
            ";",
        ),
        LegalBasis(
            "basis-3",
            "Quyết định",
            "304/QĐ-UBND",
            date(2021, 2, 9),
            "Ủy ban nhân dân tỉnh Sông Hậu",
            "Ban hành Kế hoạch thực hiện Đề án",
            ".",
        ),
    )


def _targets() -> tuple[TargetLine, ...]:
    per_club, reached = TargetScope.PER_CLUB, CountsFrom.CUMULATIVE
    return (
        target("clubs_new", 20, comparator=Comparator.GTE, wording="thành lập ít nhất 20 CLB mới"),
        target("members_total", 1200),
        target("members_older", 780),
        target("members_women", 780),
        target("members_young", 420),
        target("club_size", 50, 70, scope=per_club),
        target("clubs_maintained_pct", 100_00, comparator=Comparator.MAINTAIN, counts_from=reached),
        target("clubs_full8_pct", 70_00, comparator=Comparator.GTE, counts_from=reached),
        target("clubs_two_funds_pct", 100_00, counts_from=reached),
        target("loan_access_pct", 50_00, comparator=Comparator.GTE, denominator="members_total"),
    )
