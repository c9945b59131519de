"""Register the kinds of document that there are, and name documents and periods.

A kind is described here and nowhere else; a further one is one more `Kind.register`.
"""

from lth.core.i18n import N_
from lth.core.language import gettext
from lth.models.kind import Figures, Kind, MadeBy, StandardSection
from lth.models.person import Role
from lth.models.programme import PeriodUse, Programme
from lth.workflow import period_codes

_PLAN_SECTIONS = (
    StandardSection(
        "s.purpose",
        "I. Mục đích, yêu cầu",
        N_("Vì sao lập kế hoạch, cần đạt điều gì, theo quyết định và kế hoạch nào của cấp trên."),
        required=True,
    ),
    StandardSection(
        "s.scope",
        "II. Đối tượng, phạm vi, thời gian",
        N_("Ai tham gia, ưu tiên nhóm nào, thực hiện ở đâu, từ khi nào đến khi nào."),
    ),
    StandardSection(
        "s.tasks",
        "III. Nhiệm vụ, giải pháp",
        N_("Thành lập mới, nâng chất lượng, huy động nguồn lực, truyền thông, giám sát."),
        required=True,
    ),
    StandardSection(
        "s.funding",
        "IV. Kinh phí",
        N_("Nguồn nào, bao nhiêu, chi cho việc gì; tách phần ngân sách và phần xã hội hóa."),
        tells_money=True,
    ),
    StandardSection(
        "s.organisation",
        "V. Tổ chức thực hiện",
        N_("Mỗi việc một đơn vị chủ trì; báo cáo gửi ai, mấy lần một năm, trước ngày nào."),
        required=True,
    ),
)
_SYNTHESIS_SECTIONS = (
    StandardSection(
        "s.situation",
        "I. Tình hình chung",
        N_("Bao nhiêu đơn vị đã gửi, còn thiếu đơn vị nào, vì sao; vài nét chung của địa bàn."),
        required=True,
    ),
    StandardSection(
        "s.assessment",
        "II. Đánh giá",
        N_("Số liệu tổng hợp so với chỉ tiêu được giao; đơn vị nào vượt, đơn vị nào chưa đạt."),
    ),
    StandardSection(
        "s.proposals",
        "III. Kiến nghị",
        N_("Đề nghị cấp trên điều gì: chỉ tiêu, kinh phí, hướng dẫn."),
    ),
)

PLAN = Kind.register(
    "plan",
    label=N_("Kế hoạch"),
    name=N_("Kế hoạch %(period)s"),
    within=N_("kế hoạch %(period)s"),
    drafter=Role.CLERK,
    drafter_label=N_("Cán bộ lập kế hoạch"),
    figures_required=True,
    parts=True,
    checked=True,
    hands_down=True,
    starts_from_above=True,
    filed=True,
    numbered_as=("KH", "QĐ"),
    sections=_PLAN_SECTIONS,
)
"""Kế hoạch: a unit's own targets, money and duties."""

SYNTHESIS = Kind.register(
    "synthesis",
    label=N_("Tổng hợp kế hoạch"),
    name=N_("Tổng hợp kế hoạch %(period)s"),
    within=N_("bản tổng hợp kế hoạch %(period)s"),
    drafter=Role.SPECIALIST,
    drafter_label=N_("Chuyên viên tổng hợp"),
    adds_up=PLAN,
    made_by=MadeBy.PARENTS,
    numbered_as=("BC", "TTr", "KH", "QĐ"),
    sections=_SYNTHESIS_SECTIONS,
)
"""Tổng hợp: what the plans of the units below come to."""


_REPORT_SECTIONS = (
    StandardSection(
        "s.situation",
        "I. Tình hình thực hiện",
        N_("Đã chỉ đạo, triển khai những gì trong kỳ; việc nào nổi bật, việc nào còn chậm."),
        required=True,
    ),
    StandardSection(
        "s.results",
        "II. Kết quả thực hiện các chỉ tiêu",
        N_("Nhận xét số liệu: chỉ tiêu nào đạt, vượt, chưa đạt so với được giao; vì sao."),
        required=True,
    ),
    StandardSection(
        "s.causes",
        "III. Tồn tại, hạn chế và nguyên nhân",
        N_("Việc chưa làm được và nguyên nhân; khó khăn ghi thêm ở phần Khó khăn, kiến nghị."),
    ),
    StandardSection(
        "s.next",
        "IV. Nhiệm vụ trọng tâm kỳ tới",
        N_("Kỳ tới làm gì, ai làm, khi nào xong."),
    ),
)
_REVIEW_SECTIONS = (
    StandardSection(
        "s.situation",
        "I. Công tác chỉ đạo, tổ chức thực hiện",
        N_("Văn bản đã ban hành, cách tổ chức, phối hợp giữa các cơ quan trong cả giai đoạn."),
        required=True,
    ),
    StandardSection(
        "s.results",
        "II. Kết quả so với mục tiêu",
        N_("Từng mục tiêu đạt hay chưa đạt; so với đầu kỳ; nguồn lực đã huy động."),
        required=True,
    ),
    StandardSection(
        "s.lessons",
        "III. Hạn chế, nguyên nhân, bài học kinh nghiệm",
        N_("Điều gì làm tốt nên nhân rộng, điều gì chưa được, vì sao."),
        required=True,
    ),
    StandardSection(
        "s.next",
        "IV. Phương hướng giai đoạn tới",
        N_("Mục tiêu, giải pháp và kiến nghị cho giai đoạn sau."),
    ),
)

REPORT = Kind.register(
    "report",
    label=N_("Báo cáo"),
    name=N_("Báo cáo %(period)s"),
    within=N_("báo cáo %(period)s"),
    drafter=Role.CLERK,
    drafter_label=N_("Cán bộ lập báo cáo"),
    use=PeriodUse.REPORT,
    made_by=MadeBy.LOWEST,
    figures=Figures.DONE,
    numbered_as=("BC",),
    sections=_REPORT_SECTIONS,
)
"""Báo cáo định kỳ: what a unit has done in a window, from its clubs' books."""

REPORT_SYNTHESIS = Kind.register(
    "report_synthesis",
    label=N_("Báo cáo tổng hợp"),
    name=N_("Báo cáo tổng hợp %(period)s"),
    within=N_("báo cáo tổng hợp %(period)s"),
    drafter=Role.SPECIALIST,
    drafter_label=N_("Chuyên viên tổng hợp báo cáo"),
    adds_up=REPORT,
    use=PeriodUse.REPORT,
    made_by=MadeBy.PARENTS,
    figures=Figures.DONE,
    numbered_as=("BC",),
    sections=_REPORT_SECTIONS,
)
"""Báo cáo tổng hợp: what the reports of the units below come to."""

REVIEW = Kind.register(
    "review",
    label=N_("Báo cáo sơ kết, tổng kết"),
    name=N_("Báo cáo %(period)s"),
    within=N_("báo cáo %(period)s"),
    drafter=Role.CLERK,
    drafter_label=N_("Cán bộ lập báo cáo"),
    use=PeriodUse.REVIEW,
    figures=Figures.DONE,
    numbered_as=("BC",),
    sections=_REVIEW_SECTIONS,
)
"""Báo cáo sơ kết, tổng kết: what was reached over several windows, against what was to be."""


def sections_of(kind: Kind, programme: Programme | None) -> tuple[StandardSection, ...]:
    """Return the sections that a document of a kind begins with: the programme's own, if it has
    any for the kind, else the kind's.
    """
    own = (programme.sections or {}).get(str(kind)) if programme is not None else None
    return tuple(StandardSection(**one) for one in own) if own else kind.sections


def standard_section(kind: Kind, key: str) -> StandardSection | None:
    """Find the standard section of a kind under a key, if it is one."""
    return next((section for section in kind.sections if section.key == key), None)


def filed() -> Kind:
    """Return the kind of document that an existing paper is read into."""
    return next(kind for kind in Kind.all() if kind.filed)


def handing_down() -> list[Kind]:
    """List the kinds that hand down quotas."""
    return [kind for kind in Kind.all() if kind.hands_down]


def computed() -> list[Kind]:
    """List the kinds whose figures are added up from the units below."""
    return [kind for kind in Kind.all() if kind.is_computed]


def period_name(code: str) -> str:
    """Say "năm 2021" for a year, "giai đoạn 2026–2035" for more, "6 tháng đầu năm 2021" for what is
    reported in a window of a year; see `period_codes`.
    """
    said = period_codes.read(code)
    return gettext(said.text, **said.values)


def document_name(kind: Kind, period_code: str) -> str:
    """Say "Kế hoạch năm 2021", "Tổng hợp kế hoạch năm 2021"."""
    return gettext(kind.name, period=period_name(period_code))


def in_vietnamese(kind: Kind, period_code: str) -> str:
    """Name a document as its paper does, which is in Vietnamese whoever asks."""
    said = period_codes.read(period_code)
    return kind.name % {"period": said.text % said.values}


def document_within(kind: Kind, period_code: str) -> str:
    """Return a document as it is called within a sentence: "kế hoạch năm 2021"."""
    return gettext(kind.within, period=period_name(period_code))
