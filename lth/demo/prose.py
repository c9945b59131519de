"""Tell the narrative of the demo's plans: an office's words, a little different from plan to plan.

What it says beyond the figures is made up, like the figures themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lth.core.vietnamese import format_money, format_number
from lth.demo.figures import CommuneFigures, Values, total
from lth.models import Unit

PURPOSE, SCOPE, ACTIVITIES, FUNDING, DUTIES = "purpose", "scope", "activities", "funding", "duties"
"""The topics that every plan speaks of, in order."""

_MILLION = 1_000_000


@dataclass(frozen=True)
class Era:
    """Words that differ between three tiers and two."""

    villages: dict[str, str]
    """What the parts of a commune are called, by the commune's type."""
    desk: str
    sent_to: str
    scheme: str


THREE_TIERS = Era(
    villages={"xã": "ấp", "thị trấn": "khóm"},
    desk="công chức Lao động - Thương binh và Xã hội",
    sent_to="Ủy ban nhân dân huyện (qua Phòng Lao động - Thương binh và Xã hội)",
    scheme="Quyết định số 1336/QĐ-TTg",
)
TWO_TIERS = Era(
    villages={"xã": "thôn"},
    desk="Phòng Văn hóa - Xã hội",
    sent_to="Ủy ban nhân dân tỉnh (qua Sở Y tế)",
    scheme="Quyết định số 1648/QĐ-TTg",
)

_PURPOSES = (
    "Duy trì và nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau trên địa bàn {unit} để người"
    " cao tuổi được chăm sóc ngay tại cộng đồng, có thêm thu nhập và tiếp tục đóng góp cho"
    " {village}. Việc thành lập câu lạc bộ xuất phát từ nhu cầu của người dân, không chạy theo số"
    " lượng.",
    "Huy động Hội Người cao tuổi, các đoàn thể và gia đình cùng chăm lo cho người cao tuổi {unit},"
    " trước hết là người nghèo, người sống một mình và phụ nữ. Câu lạc bộ nào ra mắt cũng phải có"
    " ban chủ nhiệm, quy chế hoạt động và quỹ do thành viên tự quản lý.",
    "Cụ thể hóa chỉ tiêu cấp trên giao cho {unit} theo {scheme}; nêu rõ từng việc, người phụ trách"
    " và thời gian hoàn thành. Câu lạc bộ mới phải sinh hoạt được đều đặn ngay từ tháng đầu tiên.",
    "Từng bước đưa Câu lạc bộ Liên thế hệ tự giúp nhau trở thành nơi sinh hoạt quen thuộc của"
    " người cao tuổi {unit}, gắn người già với người trẻ, người khá giúp người khó. Lồng ghép việc"
    " này với giảm nghèo và xây dựng nông thôn mới.",
)

_SCOPES = (
    "Thực hiện tại các {village} của {unit}. Thành viên là người cao tuổi, phụ nữ và người trẻ tự"
    " nguyện tham gia; ưu tiên hộ nghèo, cận nghèo, đồng bào dân tộc thiểu số và người có hoàn cảnh"
    " khó khăn.",
    "Địa bàn: toàn {unit}. Mỗi câu lạc bộ có từ 50 đến 70 thành viên, trong đó 60% - 70% là người"
    " cao tuổi, 60% - 70% là phụ nữ, 30% - 40% là người trẻ. {older_population}",
    "Chọn các {village} đã có chi hội Người cao tuổi hoạt động tốt để làm trước, rồi mở rộng ra cả"
    " {unit}. Người thân của người cao tuổi được mời tham gia cùng.",
)

_LIVELIHOODS = (
    "chăn nuôi bò và gia cầm",
    "trồng rau màu luân canh với lúa",
    "buôn bán nhỏ và dịch vụ tại chợ",
    "đan lát, làm nghề thủ công tại nhà",
    "nuôi trồng thủy sản quy mô hộ",
)

_WORK = (
    "Câu lạc bộ sinh hoạt ít nhất mỗi tháng một lần, thực hiện đủ tám mảng hoạt động. Mỗi câu lạc"
    " bộ có tổ tình nguyện viên từ năm người trở lên để chăm sóc tại nhà người già yếu, đau ốm.",
    "Ban chủ nhiệm gồm năm người, được tập huấn trước khi ra mắt. Tập dưỡng sinh hằng tuần; khám"
    " sức khỏe định kỳ và lập sổ theo dõi cho thành viên, mỗi năm ít nhất hai lần.",
    "Mỗi buổi sinh hoạt giúp ít nhất một trường hợp khó khăn. Tổ chức giao lưu giữa các câu lạc bộ"
    " trong dịp Tháng hành động vì người cao tuổi và Ngày hội Đại đoàn kết.",
)

_FUNDINGS = (
    "Quỹ tăng thu nhập ban đầu: {fund}, vận động từ Quỹ Chăm sóc và phát huy vai trò người cao"
    " tuổi, nguồn xã hội hóa và đóng góp của thành viên. Ngân sách địa phương bảo đảm chi tập huấn,"
    " sổ sách và sơ kết theo phân cấp.",
    "Tổng quỹ tăng thu nhập dự kiến {fund}, chia cho các câu lạc bộ thành lập mới và do câu lạc bộ"
    " tự quản lý theo quy chế. Phần còn lại lồng ghép với các chương trình đang thực hiện trên địa"
    " bàn.",
    "Nguồn quỹ {fund} gồm hỗ trợ của cấp trên, vận động doanh nghiệp, mạnh thường quân và thành"
    " viên góp. Mọi khoản thu, chi được công khai trong buổi sinh hoạt hằng tháng.",
)

_DUTIES = (
    "Hội Người cao tuổi chủ trì vận động, thành lập và theo dõi câu lạc bộ; {desk} tham mưu và tổng"
    " hợp số liệu; Trạm Y tế khám sức khỏe và tập huấn tình nguyện viên. {report}",
    "{desk_first} chủ trì, phối hợp với Hội Người cao tuổi hướng dẫn hồ sơ thành lập, quy chế hoạt"
    " động và quy chế quỹ. Mặt trận Tổ quốc và các đoàn thể vận động nguồn lực, giám sát. {report}",
    "Trưởng các {village} chọn địa điểm sinh hoạt và cùng chi hội Người cao tuổi lập danh sách"
    " thành viên. Hội Người cao tuổi tập hợp khó khăn, vướng mắc để Ủy ban nhân dân giải quyết."
    " {report}",
)

_REPORT = (
    "Báo cáo sáu tháng gửi trước ngày 16/6, báo cáo năm gửi trước ngày 16/12 hằng năm về {sent_to}."
)


def of_commune(unit: Unit, figures: CommuneFigures, era: Era) -> dict[str, str]:
    """Return a commune's sections by topic. Which wording it gets hangs on its code alone."""
    said = _words(unit, figures, era)
    turn = int(figures.code)
    chosen = {
        PURPOSE: _pick(_PURPOSES, turn),
        SCOPE: _pick(_SCOPES, turn // 3),
        ACTIVITIES: "\n\n".join([*_goals(figures, turn), _pick(_WORK, turn // 2)]),
        FUNDING: _pick(_FUNDINGS, turn // 3 + 1),
        DUTIES: _pick(_DUTIES, turn // 5),
    }
    return {topic: text.format_map(said) for topic, text in chosen.items()}


def _pick(texts: Sequence[str], turn: int) -> str:
    return texts[turn % len(texts)]


def _words(unit: Unit, figures: CommuneFigures, era: Era) -> dict[str, str]:
    """Map what fills the gaps of a text."""
    sums = total([figures])
    fund = sums["income_fund_balance"]
    older = figures.baseline.get("older_population")
    report = _REPORT.format(sent_to=era.sent_to)
    return {
        "unit": unit.full_name,
        "village": era.villages[unit.type],
        "scheme": era.scheme,
        "desk": era.desk,
        "desk_first": era.desk[0].upper() + era.desk[1:],
        "fund": format_money(fund),
        "older_population": (
            f"Toàn địa bàn hiện có {format_number(older)} người cao tuổi." if older else ""
        ),
        "report": report,
    }


def _goals(figures: CommuneFigures, turn: int) -> Iterator[str]:
    """Yield what is to be reached, phase by phase where there are several."""
    several = len(figures.phases) > 1
    for phase, values in figures.phases.items():
        begin = f"Giai đoạn {phase}: thành" if several else "Thành"
        yield f"{begin} {_goal(values, _pick(_LIVELIHOODS, turn))}"


def _goal(values: Values, livelihood: str) -> str:
    clubs = f"{values['clubs_new']:02d}"
    members, older, women, loans = (
        format_number(values[code])
        for code in ("members_total", "members_older", "members_women", "loans_members")
    )
    return (
        f"lập mới {clubs} câu lạc bộ với {members} thành viên, trong đó {older} người cao tuổi"
        f" và {women} phụ nữ. Quỹ tăng thu nhập cho {loans} thành viên vay để {livelihood}."
    )
