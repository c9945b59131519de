"""The sections a document has, and which of them must not stay empty."""

from dataclasses import dataclass

from lth.core.i18n import N_
from lth.models.document import Kind


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard section. Its title is part of the document and stays in Vietnamese."""

    key: str
    title: str
    hint: str
    required: bool = False


_PLAN = (
    Standard(
        "s.purpose",
        "I. Mục đích, yêu cầu",
        N_("Vì sao lập kế hoạch, cần đạt điều gì, theo quyết định và kế hoạch nào của cấp trên."),
        required=True,
    ),
    Standard(
        "s.scope",
        "II. Đối tượng, phạm vi, thời gian",
        N_("Ai tham gia, ưu tiên nhóm nào, thực hiện ở đâu, từ khi nào đến khi nào."),
    ),
    Standard(
        "s.tasks",
        "III. Nhiệm vụ, giải pháp",
        N_("Thành lập mới, nâng chất lượng, huy động nguồn lực, truyền thông, giám sát."),
        required=True,
    ),
    Standard(
        "s.funding",
        "IV. Kinh phí",
        N_("Nguồn nào, bao nhiêu, chi cho việc gì; tách phần ngân sách và phần xã hội hóa."),
    ),
    Standard(
        "s.organisation",
        "V. Tổ chức thực hiện",
        N_("Mỗi việc một đơn vị chủ trì; báo cáo gửi ai, mấy lần một năm, trước ngày nào."),
        required=True,
    ),
)
_SYNTHESIS = (
    Standard(
        "s.situation",
        "I. Tình hình chung",
        N_("Bao nhiêu đơn vị đã gửi, còn thiếu đơn vị nào, vì sao; vài nét chung của địa bàn."),
        required=True,
    ),
    Standard(
        "s.assessment",
        "II. Đánh giá",
        N_("Số liệu tổng hợp so với chỉ tiêu được giao; đơn vị nào vượt, đơn vị nào chưa đạt."),
    ),
    Standard(
        "s.proposals",
        "III. Kiến nghị",
        N_("Đề nghị cấp trên điều gì: chỉ tiêu, kinh phí, hướng dẫn."),
    ),
)
STANDARD = {Kind.PLAN: _PLAN, Kind.SYNTHESIS: _SYNTHESIS}
"""The standard sections of each kind of document, in order."""


def standard(kind: Kind, key: str) -> Standard | None:
    """The standard section under a key, if it is one."""
    return next((one for one in STANDARD[kind] if one.key == key), None)
