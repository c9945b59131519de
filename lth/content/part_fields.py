"""What a drafter fills in, part by part: the fields of a line, their labels, how each is typed.

The dataclasses of `lth/content/model.py` say what a line is; this says how people write one.
Texts are msgids. `part_values.py` goes between a value and the text of an input.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_type_hints

from lth.content.model import LINE_OF
from lth.core.i18n import N_
from lth.models.document import SignForm
from lth.models.parts import (
    Frequency,
    Issuance,
    IssuerForm,
    MoneyLevel,
    MoneySource,
    PaperRole,
    Part,
    Term,
)

SIGN_FORM_LABEL = {
    SignForm.TM: N_("TM. (thay mặt tập thể)"),
    SignForm.TM_KT: N_("TM. … KT. (thay mặt tập thể, cấp phó ký thay)"),
    SignForm.HEAD: N_("Người đứng đầu ký"),
    SignForm.KT: N_("KT. (cấp phó ký thay người đứng đầu)"),
    SignForm.TL: N_("TL. (thừa lệnh)"),
    SignForm.TUQ: N_("TUQ. (thừa ủy quyền)"),
    SignForm.Q: N_("Q. (quyền)"),
}
ISSUANCE_LABEL = {
    Issuance.PLAN: N_("Kế hoạch ban hành độc lập"),
    Issuance.DECISION_WITH_PLAN: N_("Quyết định ban hành kèm theo kế hoạch"),
    Issuance.DECISION_APPROVING: N_("Quyết định phê duyệt kế hoạch của một cơ quan"),
    Issuance.DIRECTIVE: N_("Công văn chỉ đạo: viện dẫn kế hoạch đã có, chỉ giao nhiệm vụ"),
}
PAPER_ROLE_LABEL = {
    PaperRole.DECISION: N_("Quyết định"),
    PaperRole.PLAN: N_("Kế hoạch"),
    PaperRole.PROPOSAL: N_("Tờ trình"),
    PaperRole.DIRECTIVE: N_("Công văn chỉ đạo"),
    PaperRole.CITED: N_("Kế hoạch được viện dẫn"),
}
ISSUER_FORM_LABEL = {
    IssuerForm.COLLECTIVE: N_("Tập thể (Ủy ban nhân dân)"),
    IssuerForm.HEAD: N_("Người đứng đầu (Chủ tịch)"),
    IssuerForm.OFFICE: N_("Cơ quan chuyên môn (sở, phòng)"),
}
SOURCE_LABEL = {
    MoneySource.STATE: N_("Ngân sách nhà nước"),
    MoneySource.SOCIAL: N_("Xã hội hóa"),
    MoneySource.FUND: N_("Quỹ của địa phương"),
    MoneySource.OTHER: N_("Nguồn khác"),
}
LEVEL_LABEL = {
    MoneyLevel.CENTRAL: N_("Trung ương"),
    MoneyLevel.PROVINCE: N_("Cấp tỉnh"),
    MoneyLevel.DISTRICT: N_("Cấp huyện"),
    MoneyLevel.COMMUNE: N_("Cấp xã"),
}
FREQUENCY_LABEL = {
    Frequency.MONTHLY: N_("Hằng tháng"),
    Frequency.QUARTERLY: N_("Hằng quý"),
    Frequency.HALF_YEAR: N_("6 tháng"),
    Frequency.NINE_MONTHS: N_("9 tháng"),
    Frequency.YEARLY: N_("Hằng năm"),
    Frequency.PHASE: N_("Từng giai đoạn"),
    Frequency.AD_HOC: N_("Kịp thời, khi có vướng mắc"),
}
TERM_LABEL = {
    Term.OLDER: N_("Người cao tuổi"),
    Term.YOUNG: N_("Người trẻ tuổi"),
    Term.STANDARD: N_("Câu lạc bộ đạt chuẩn"),
}
PART_LABEL = {
    Part.HEADER: N_("Hình thức ban hành và tên kế hoạch"),
    Part.PAPER: N_("Văn bản trong hồ sơ"),
    Part.BASIS: N_("Căn cứ"),
    Part.RECIPIENT: N_("Nơi nhận"),
    Part.DEFINITION: N_("Giải thích từ ngữ"),
    Part.BASELINE: N_("Số liệu thực trạng"),
    Part.BUDGET: N_("Các khoản kinh phí"),
    Part.TASK: N_("Nhiệm vụ"),
    Part.DUTY: N_("Phân công trách nhiệm"),
    Part.REPORTING: N_("Chế độ báo cáo"),
}


class Typed(StrEnum):
    """How a field is typed. LIST is one a line; FIGURE is in its indicator's measure."""

    TEXT = "text"
    LONG = "long"
    LIST = "list"
    DAY = "day"
    MONEY = "money"
    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"
    INDICATOR = "indicator"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Field:
    """An input. `most` is characters, or the largest number; `least` the smallest. `rare` is not
    offered while it is empty. `offered` are words of documents, which stay in Vietnamese.
    """

    name: str
    label: str
    typed: Typed = Typed.TEXT
    hint: str = ""
    most: int = 300
    least: int = 0
    labels: Mapping[Any, str] | None = None
    offered: tuple[str, ...] = ()
    rare: bool = False


LONGEST_TEXT = 8000
LARGEST_SUM = 10**15

_AGENCY = N_("Ghi đúng tên cơ quan, ví dụ: Phòng Văn hóa - Xã hội.")
_ONE_A_LINE = N_("Mỗi dòng một cơ quan.")

FIELDS: dict[Part, tuple[Field, ...]] = {
    Part.HEADER: (
        Field("issuance", N_("Hình thức ban hành"), Typed.CHOICE, labels=ISSUANCE_LABEL),
        Field(
            "title",
            N_("Tên kế hoạch"),
            Typed.LONG,
            N_("Như in dưới chữ “KẾ HOẠCH”, không gồm chữ “Kế hoạch”."),
            most=500,
        ),
        Field(
            "decided_title",
            N_("Tên kế hoạch ghi tại Điều 1 của quyết định"),
            Typed.LONG,
            N_("Chỉ khi ban hành bằng quyết định. Phải trùng từng chữ với tên ở trên."),
            most=500,
        ),
        Field(
            "budget_total",
            N_("Tổng kinh phí ghi trong kế hoạch"),
            Typed.MONEY,
            N_("Ví dụ: 500 triệu. Để trống nếu kế hoạch không ghi tổng."),
            most=LARGEST_SUM,
        ),
    ),
    Part.PAPER: (
        Field("role", N_("Loại văn bản"), Typed.CHOICE, labels=PAPER_ROLE_LABEL),
        Field(
            "number",
            N_("Số, ký hiệu"),
            hint=N_("Ví dụ 793/QĐ-UBND; chưa cấp số thì ghi /KH-UBND."),
            most=60,
        ),
        Field("dated_on", N_("Ngày ban hành"), Typed.DAY),
        Field("issuer", N_("Cơ quan ban hành"), most=200),
        Field("issuer_form", N_("Thẩm quyền"), Typed.CHOICE, labels=ISSUER_FORM_LABEL),
        Field("title", N_("Trích yếu"), Typed.LONG, most=500),
        Field(
            "verb",
            N_("Văn bản này làm gì với kế hoạch"),
            most=60,
            offered=("ban hành", "phê duyệt"),
        ),
        Field("sign_form", N_("Cách ký"), Typed.CHOICE, labels=SIGN_FORM_LABEL),
        Field("position", N_("Chức vụ người ký"), most=100),
        Field("signed", N_("Đã có tên người ký"), Typed.FLAG),
    ),
    Part.BASIS: (
        Field(
            "type",
            N_("Loại văn bản"),
            most=60,
            offered=(
                "Luật",
                "Nghị định",
                "Quyết định",
                "Kế hoạch",
                "Công văn",
                "Tờ trình",
            ),
        ),
        Field("number", N_("Số, ký hiệu"), hint=N_("Luật thì để trống."), most=60),
        Field("dated_on", N_("Ngày ban hành"), Typed.DAY),
        Field("issuer", N_("Cơ quan ban hành"), most=200),
        Field("title", N_("Tên gọi, trích yếu"), Typed.LONG, most=500),
        Field(
            "ending",
            N_("Dấu cuối dòng như bản in"),
            hint=N_("Xóa trống để phần mềm tự đặt dấu theo quy định."),
            most=3,
            rare=True,
        ),
    ),
    Part.RECIPIENT: (
        Field("name", N_("Nơi nhận"), most=200),
        Field("purpose", N_("Ghi trong ngoặc"), hint=N_("Ví dụ: để báo cáo."), most=100),
    ),
    Part.DEFINITION: (
        Field("term", N_("Từ ngữ"), Typed.CHOICE, labels=TERM_LABEL),
        Field("age", N_("Mốc tuổi"), Typed.NUMBER, N_("Nếu có."), most=120, least=1),
        Field(
            "text",
            N_("Được hiểu là"),
            Typed.LONG,
            N_("Ví dụ: công dân từ đủ 60 tuổi trở lên."),
            most=LONGEST_TEXT,
        ),
    ),
    Part.BASELINE: (
        Field("indicator", N_("Chỉ tiêu"), Typed.INDICATOR),
        Field("value", N_("Số liệu"), Typed.FIGURE),
        Field("as_of", N_("Thời điểm"), hint=N_("Như trong kế hoạch, ví dụ: 31/12/2020."), most=60),
        Field("wording", N_("Lời văn trong kế hoạch"), Typed.LONG, most=2000),
    ),
    Part.BUDGET: (
        Field("activity", N_("Nội dung chi"), Typed.LONG, most=500),
        Field("source", N_("Nguồn"), Typed.CHOICE, labels=SOURCE_LABEL),
        Field("level", N_("Cấp ngân sách"), Typed.CHOICE, labels=LEVEL_LABEL),
        Field(
            "year",
            N_("Năm"),
            Typed.NUMBER,
            N_("Để trống nếu chi cho cả giai đoạn."),
            most=2100,
            least=1990,
        ),
        Field(
            "amount",
            N_("Số tiền"),
            Typed.MONEY,
            N_("Ví dụ: 100 triệu. Để trống thì lấy mức mỗi năm nhân số năm."),
            most=LARGEST_SUM,
        ),
        Field("annual_rate", N_("Mức mỗi năm"), Typed.MONEY, most=LARGEST_SUM),
        Field("years", N_("Số năm"), Typed.NUMBER, most=50, least=1),
    ),
    Part.TASK: (
        Field("title", N_("Nhiệm vụ"), Typed.LONG, most=2000),
        Field(
            "leads", N_("Chủ trì"), Typed.LIST, N_("Mỗi nhiệm vụ một cơ quan chủ trì."), most=200
        ),
        Field("coordinating", N_("Phối hợp"), Typed.LIST, _ONE_A_LINE, most=200),
        Field("starts_on", N_("Từ ngày"), Typed.DAY),
        Field("ends_on", N_("Đến ngày"), Typed.DAY),
    ),
    Part.DUTY: (
        Field("agency", N_("Cơ quan"), hint=_AGENCY, most=200),
        Field("text", N_("Trách nhiệm"), Typed.LONG, most=LONGEST_TEXT),
    ),
    Part.REPORTING: (
        Field("reporter", N_("Ai báo cáo"), hint=N_("Ví dụ: Ủy ban nhân dân các xã."), most=200),
        Field("addressees", N_("Báo cáo ai"), Typed.LIST, _ONE_A_LINE, most=200),
        Field("through", N_("Gửi qua"), hint=N_("Cơ quan tổng hợp, nếu có."), most=200),
        Field("frequency", N_("Bao lâu một lần"), Typed.CHOICE, labels=FREQUENCY_LABEL),
        Field("due", N_("Thời hạn"), hint=N_("Ví dụ: trước ngày 15/12."), most=120),
        Field("content", N_("Nội dung báo cáo"), Typed.LONG, most=2000),
    ),
}
"""The fields of each part in the order of its form."""


@cache
def field(part: Part, name: str) -> Field:
    """One field of a part. Raises KeyError."""
    return {one.name: one for one in FIELDS[part]}[name]


@cache
def empty_values(part: Part) -> dict[str, Any]:
    """What each field of a part is while nobody has filled it in; what must be filled in is not
    among them.
    """
    hints = get_type_hints(LINE_OF[part])
    found = {}
    for one in fields(LINE_OF[part]):
        if one.default is not MISSING:
            found[one.name] = one.default
        elif types.NoneType in get_args(hints[one.name]):
            found[one.name] = None
    return found


def is_required(part: Part, name: str) -> bool:
    """Whether a line cannot be without the field."""
    return name not in empty_values(part)
