"""Tell what the demo's reports say beside their figures: narrative, difficulties, requests.

Made up, like the figures; which wording a commune gets hangs on its code alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lth.core.vietnamese import capitalize_first, format_money, format_number
from lth.demo.clubs import Dice
from lth.demo.prose import Era
from lth.models import Unit
from lth.models.report import ReportItemKind
from lth.models.unit import Level

_SITUATIONS = (
    "Ủy ban nhân dân {unit} giao Hội Người cao tuổi chủ trì, phối hợp với {desk} và các đoàn thể"
    " triển khai kế hoạch. Trong kỳ thành lập mới {clubs_new} câu lạc bộ, đến ngày chốt số liệu có"
    " {clubs_total} câu lạc bộ đang sinh hoạt.",
    "Trong kỳ, {unit} đã rà soát từng {village}, vận động thành lập {clubs_new} câu lạc bộ mới và"
    " củng cố câu lạc bộ đã có. Toàn địa bàn có {clubs_total} câu lạc bộ với {members_total} thành"
    " viên.",
    "{Unit} ban hành văn bản phân công từng cơ quan, đoàn thể giúp {village} thành lập câu lạc bộ;"
    " lồng ghép truyền thông trong các buổi họp dân. Có {clubs_total} câu lạc bộ, trong đó"
    " {clubs_new} câu lạc bộ thành lập trong kỳ.",
)

_RESULTS = (
    "Các câu lạc bộ có {members_total} thành viên, trong đó {members_older} người cao tuổi và"
    " {members_women} phụ nữ. Quỹ tăng thu nhập {income_fund_balance}, cho {loans_members} thành"
    " viên vay; giúp {helped_cases} trường hợp khó khăn.",
    "Số thành viên {members_total}, người cao tuổi {members_older}. Quỹ tăng thu nhập đạt"
    " {income_fund_balance}; {loans_members} người đang vay, trả gốc và lãi đúng quy chế. Có"
    " {health_checks} lượt khám, đo sức khỏe và {helped_cases} trường hợp được giúp đỡ.",
)

_CAUSES = (
    "Một số thành viên đi làm xa nên sinh hoạt chưa đều; ghi chép sổ sách ở câu lạc bộ mới còn"
    " lúng túng.",
    "Mức quỹ ban đầu còn thấp so với nhu cầu vay; nơi sinh hoạt của một câu lạc bộ phải mượn nhà"
    " dân.",
    "Dịch bệnh làm vài tháng phải giảm quy mô sinh hoạt; việc khám sức khỏe định kỳ chậm hơn dự"
    " kiến.",
)

_NEXT = (
    "Thành lập các câu lạc bộ còn lại theo chỉ tiêu; tập huấn ghi sổ cho ban chủ nhiệm; thu hồi"
    " các khoản vay quá hạn."
)

_DIFFICULTIES = (
    "Ban chủ nhiệm phần lớn lớn tuổi, chưa quen ghi sổ và nhắn số liệu qua điện thoại.",
    "Nhu cầu vay vốn nhiều hơn quỹ hiện có, thành viên phải chờ lượt.",
    "Chưa có kinh phí mua dụng cụ tập dưỡng sinh cho câu lạc bộ mới.",
)
REQUESTS = {
    "training": "Đề nghị mở lớp tập huấn ghi sổ và quản lý quỹ cho ban chủ nhiệm trước quý III.",
    "funds": "Đề nghị hỗ trợ thêm 20 triệu đồng vốn mồi cho mỗi câu lạc bộ mới thành lập.",
    "rules": "Đề nghị hướng dẫn mẫu quy chế quỹ thống nhất để các câu lạc bộ áp dụng.",
}
FORWARDED = (
    "Huyện đã rà soát, có 28 ban chủ nhiệm mới cần tập huấn; kinh phí vượt dự toán của huyện, đề"
    " nghị tỉnh mở lớp chung."
)
ANSWERED = {
    "training": (
        "Sở Lao động - Thương binh và Xã hội mở hai lớp tại huyện trong tháng 7, mỗi ban chủ nhiệm"
        " cử hai người; tài liệu gửi trước một tuần."
    ),
    "rules": (
        "Phòng Lao động - Thương binh và Xã hội đã gửi mẫu quy chế quỹ kèm công văn; câu lạc bộ sửa"
        " mức vay cho hợp điều kiện rồi thông qua tại buổi sinh hoạt."
    ),
}
SETTLED = "Xã đã nhận lịch lớp, không còn vướng mắc."
"""What is asked, passed up with a remark, and answered."""

CONFIRMED = "Đã đối chiếu với sổ của câu lạc bộ, số liệu đúng như đã ghi."
"""What a clerk says of a figure that is far from the others."""

_COMMENDATION = (
    "Đề nghị khen {club} đã duy trì sinh hoạt đều nhiều năm và chăm sóc tại nhà tốt người già yếu."
)


@dataclass(frozen=True)
class SaidItem:
    """A difficulty, request or proposal; a request may be for a level further up."""

    kind: ReportItemKind
    text: str
    level: Level | None = None


def of_commune(unit: Unit, era: Era, values: Mapping[str, int]) -> dict[str, str]:
    """Return the sections, by key, of a commune's report that says these values."""
    said, dice = _words(unit, era, values), Dice("report", unit.code)
    texts = {
        "s.situation": _pick(_SITUATIONS, dice),
        "s.results": _pick(_RESULTS, dice),
        "s.causes": _pick(_CAUSES, dice),
        "s.next": _NEXT,
    }
    return {key: text.format_map(said) for key, text in texts.items()}


def items_of_commune(unit: Unit, club: str, request: str = "") -> list[SaidItem]:
    """Return what a commune adds to its report; `club` is its oldest one, `request` one of
    `REQUESTS` that it makes.
    """
    dice = Dice("report", unit.code)
    found = [SaidItem(ReportItemKind.DIFFICULTY, _pick(_DIFFICULTIES, dice))]
    if request:
        found.append(SaidItem(ReportItemKind.REQUEST, REQUESTS[request]))
    if dice.one_in("commendation", 4):
        text = _COMMENDATION.format(club=club)
        found.append(SaidItem(ReportItemKind.COMMENDATION, text))
    return found


_SUM = {
    "s.situation": (
        "Đến ngày lập báo cáo có {counted} trên {total} đơn vị đã gửi báo cáo được duyệt; số liệu"
        " dưới đây cộng từ các báo cáo đó và theo được đến từng câu lạc bộ."
    ),
    "s.results": (
        "Toàn địa bàn có {clubs_total} câu lạc bộ với {members_total} thành viên, trong đó"
        " {members_older} người cao tuổi; thành lập mới {clubs_new} câu lạc bộ. Quỹ tăng thu nhập"
        " {income_fund_balance}, {loans_members} thành viên đang vay."
    ),
    "s.causes": (
        "Các đơn vị nêu chung hai khó khăn: ban chủ nhiệm chưa quen ghi sổ và nhu cầu vay nhiều"
        " hơn quỹ hiện có."
    ),
    "s.next": "Đôn đốc đơn vị chưa báo cáo; mở lớp tập huấn ghi sổ; kiểm tra các khoản quá hạn.",
}


def of_sum(counted: int, total: int, values: Mapping[str, int]) -> dict[str, str]:
    """Return the sections, by key, of a report that adds up so many of so many units."""
    said = {**_said(values), "counted": counted, "total": total}
    return {key: text.format_map(said) for key, text in _SUM.items()}


def _pick(texts: Sequence[str], dice: Dice) -> str:
    return texts[dice.roll(texts[0], 0, len(texts) - 1)]


def _words(unit: Unit, era: Era, values: Mapping[str, int]) -> dict[str, str]:
    return {
        **_said(values),
        "unit": unit.full_name,
        "Unit": capitalize_first(unit.full_name),
        "village": era.villages[unit.type],
        "desk": era.desk,
    }


_MONEY = {"income_fund_balance"}
_SAID = (
    *("clubs_new", "clubs_total", "members_total", "members_older", "members_women"),
    *("loans_members", "helped_cases", "health_checks", "income_fund_balance"),
)
"""What the texts name; nothing reported counts as nought there."""


def _said(values: Mapping[str, int]) -> dict[str, str]:
    named = {code: values.get(code, 0) for code in _SAID}
    return {
        code: format_money(value) if code in _MONEY else format_number(value)
        for code, value in named.items()
    }
