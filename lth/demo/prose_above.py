"""Tell the narrative of the demo's districts and provinces: plans that hand figures down,
syntheses.
"""

from dataclasses import dataclass

from lth.demo.prose import ACTIVITIES, DUTIES, FUNDING, PURPOSE, SCOPE
from lth.models import Unit
from lth.models.unit import Level


@dataclass(frozen=True)
class Offices:
    """Names of those who lead, pay and write at a level, in one era."""

    leads: str
    pays: str
    below: str
    scheme: str


_THREE_TIERS = {
    Level.PROVINCE: Offices(
        leads="Sở Lao động - Thương binh và Xã hội",
        pays="Sở Tài chính",
        below="các huyện tham gia",
        scheme="Quyết định số 1336/QĐ-TTg ngày 31/8/2020 của Thủ tướng Chính phủ",
    ),
    Level.DISTRICT: Offices(
        leads="Phòng Lao động - Thương binh và Xã hội cùng Ban Đại diện Hội Người cao tuổi huyện",
        pays="Phòng Tài chính - Kế hoạch",
        below="các xã, thị trấn",
        scheme="Quyết định số 1336/QĐ-TTg và kế hoạch của Ủy ban nhân dân tỉnh",
    ),
}
_TWO_TIERS = Offices(
    leads="Sở Y tế",
    pays="Sở Tài chính",
    below="các xã tham gia",
    scheme="Quyết định số 1648/QĐ-TTg ngày 01/8/2025 của Thủ tướng Chính phủ",
)

_PLAN = {
    PURPOSE: (
        "Triển khai {scheme} trên địa bàn {unit}; giao chỉ tiêu cho {below} và phân công trách"
        " nhiệm từng cơ quan. Câu lạc bộ mới phải đạt cả số lượng và chất lượng, ưu tiên địa bàn"
        " khó khăn và địa bàn chưa có câu lạc bộ."
    ),
    SCOPE: (
        "Áp dụng cho {below} trên địa bàn {unit}. Đối tượng là người cao tuổi và gia đình, phụ nữ,"
        " người trẻ tự nguyện tham gia; chú trọng người nghèo, cận nghèo, đồng bào dân tộc thiểu"
        " số và người sống một mình."
    ),
    ACTIVITIES: (
        "1. Thành lập mới {clubs} câu lạc bộ theo chỉ tiêu giao kèm theo kế hoạch này.\n"
        "2. Tập huấn cho cán bộ Hội và ban chủ nhiệm trước khi ra mắt, nhắc lại hằng năm.\n"
        "3. Củng cố câu lạc bộ đã có để thực hiện đủ tám mảng hoạt động.\n"
        "4. Truyền thông, huy động doanh nghiệp và cộng đồng góp quỹ.\n"
        "5. Kiểm tra, hỗ trợ kỹ thuật mỗi quý; sơ kết sáu tháng, tổng kết năm."
    ),
    FUNDING: (
        "Ngân sách nhà nước bảo đảm theo phân cấp cho tập huấn, truyền thông, kiểm tra và sơ kết."
        " Quỹ tăng thu nhập của câu lạc bộ hình thành từ xã hội hóa, các quỹ hợp pháp và đóng góp"
        " của thành viên."
    ),
    DUTIES: (
        "{leads} chủ trì hướng dẫn, thẩm định nội dung và tổng hợp; {pays} cân đối và thẩm định"
        " kinh phí; Văn phòng thẩm định thể thức. Ủy ban nhân dân {below} lập kế hoạch theo chỉ"
        " tiêu được giao và trình đúng hạn."
    ),
}

_SYNTHESIS = {
    "s.situation": (
        "{unit} giao {clubs} câu lạc bộ thành lập mới cho {total} đơn vị. Đến nay {counted} đơn vị"
        " đã có kế hoạch được duyệt; số liệu dưới đây tổng hợp từ các kế hoạch đó."
    ),
    "s.assessment": (
        "Các kế hoạch được duyệt bảo đảm cơ cấu thành viên theo {scheme}. Quỹ tăng thu nhập chủ yếu"
        " dựa vào vận động tại chỗ nên cần theo dõi sát trong quá trình thực hiện."
    ),
    "s.proposals": (
        "Đề nghị cấp trên sớm bố trí kinh phí tập huấn ban chủ nhiệm và hướng dẫn thống nhất mẫu"
        " quy chế quỹ để các câu lạc bộ ra mắt đúng kế hoạch."
    ),
}

WITHOUT_ONE_DISTRICT = (
    "Huyện Cầu Kè chưa hoàn thành thẩm định kế hoạch của các xã; tỉnh ban hành trước để kịp bố trí"
    " kinh phí, bổ sung huyện Cầu Kè khi điều chỉnh."
)
"""Why the province issues its synthesis with two of its three districts."""


def of_document(unit: Unit, clubs: int, *, two_tiers: bool = False) -> dict[str, str]:
    """Return the sections, by topic, of a plan that hands so many clubs down."""
    said = _words(unit, two_tiers)
    return {topic: text.format_map({**said, "clubs": clubs}) for topic, text in _PLAN.items()}


def of_synthesis(
    unit: Unit, clubs: int, counted: int, total: int, *, two_tiers: bool = False
) -> dict[str, str]:
    """Return the sections, by key, of a synthesis over so many of so many units."""
    said = {**_words(unit, two_tiers), "clubs": clubs, "counted": counted, "total": total}
    said["unit"] = unit.full_name[0].upper() + unit.full_name[1:]
    return {key: text.format_map(said) for key, text in _SYNTHESIS.items()}


def _words(unit: Unit, two_tiers: bool) -> dict[str, str]:
    offices = _TWO_TIERS if two_tiers else _THREE_TIERS[unit.level]
    return {**vars(offices), "unit": unit.full_name}
