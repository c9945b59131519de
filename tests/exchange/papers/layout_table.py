"""The layout of Nghị định 30/2020/NĐ-CP, phụ lục I, cell by cell, and papers to measure it on.

Both writers are measured against it: `CELLS` says how each text of a sample looks, `PAGE`,
`MARGINS`, `BODY` and `RULES` where things stand. Lengths in mm, sizes of letters in points.
"""

from dataclasses import dataclass, replace
from datetime import date

from lth.core.urgency import Urgency
from lth.exchange.papers.text import (
    Align,
    Annex,
    Attached,
    Checked,
    PaperKind,
    PaperText,
    Paragraph,
    ParagraphStyle,
    Run,
    Signature,
    Table,
    TableColumn,
    TableRow,
    closed,
    plain,
)

FONTS = ("LiberationSerif", "Liberation Serif", "Times New Roman", "TimesNewRoman")
"""Names that a font may have: Times New Roman, or the free one that is as wide."""

PAGE = (210.0, 297.0)
LANDSCAPE = (297.0, 210.0)
MARGINS = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}

BODY = {
    "size": (13, 14),
    "indent": (10, 12.7),
    "gap": (6, 12),
    "line": (1.0, 1.5),
}
"""The body, justified: size in pt, first-line indent in mm, the gap between paragraphs at least
6 pt, lines single to 1,5 (of a font whose single line is 1.15 of its size)."""

RULES = {"motto": (0.97, 1.03), "agency": (1 / 3, 1 / 2), "title": (1 / 3, 1 / 2)}
"""Length of the rule under a text, as a share of the text's own (its longest line)."""

PAGE_NUMBER = {"size": (13, 14), "first_page": False, "where": "centred in the top margin"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a paper (the beginning of it where it is long), and how it must look.

    `at` is where it stands: a side of the page for the blocks, else how its lines are set.
    """

    number: str
    words: str
    size: tuple[float, float]
    bold: bool = False
    italic: bool = False
    at: str = "left"


# --- Samples ------------------------------------------------------------------------------

_TITLE = "Thực hiện Đề án nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau"
_LONG = (
    "Huy động các cấp, các ngành và cộng đồng cùng chăm lo đời sống, sức khỏe, giảm nghèo và bảo "
    "vệ quyền lợi của người cao tuổi, để người cao tuổi sống vui, sống khỏe, sống có ích và được "
    "giúp đỡ ngay tại nơi mình ở."
)
_TABLE = Table(
    columns=(
        TableColumn("TT", 1, Align.CENTRE),
        TableColumn("Nội dung chi", 5),
        TableColumn("Số tiền", 3, Align.RIGHT),
    ),
    rows=(
        TableRow(("I. Ngân sách nhà nước", "", ""), heading=True),
        TableRow(("1", "Tập huấn báo cáo viên", "400.000.000")),
        TableRow(("2", "Quỹ ban đầu của câu lạc bộ", "100.000.000")),
        TableRow(("", "Tổng cộng", "500.000.000"), total=True),
    ),
    unit="Đơn vị tính: đồng",
)
_SIGNATURE = Signature(("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Họ Và Tên")
_BODY = (
    plain("I. MỤC TIÊU", ParagraphStyle.PART, bold=True),
    plain(_LONG),
    plain("1. Mục tiêu chung", ParagraphStyle.CLAUSE, bold=True),
    plain("a) Thành lập mới ít nhất 03 câu lạc bộ;", ParagraphStyle.POINT),
    plain("- Duy trì 100 % câu lạc bộ hiện có.", ParagraphStyle.ITEM),
    Paragraph((Run("Ghi chú: ", bold=True), Run("số liệu đến hết năm 2020", italic=True))),
    _TABLE,
    plain("Trên đây là Kế hoạch thực hiện Đề án, các cơ quan nghiêm túc thực hiện./."),
)

PLAN = PaperText(
    kind=PaperKind.PLAN,
    parent="UBND TỈNH TRÀ VINH",
    agency="ỦY BAN NHÂN DÂN HUYỆN TRÀ CÚ",
    number="05",
    symbol="KH-UBND",
    place="Trà Cú",
    day=date(2021, 2, 7),
    subject=_TITLE,
    bases=(
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
        "Căn cứ Quyết định số 1336/QĐ-TTg ngày 31 tháng 8 năm 2020 của Thủ tướng Chính phủ.",
    ),
    body=_BODY,
    signature=_SIGNATURE,
    recipients=("UBND tỉnh (để báo cáo)", "Các phòng, ban huyện", "UBND các xã, thị trấn"),
    archive="VT, LĐTBXH",
    annexes=(
        Annex(
            "Phụ lục I",
            "Biểu chỉ tiêu",
            "(Kèm theo Kế hoạch số 05/KH-UBND ngày 07/02/2021 của Ủy ban nhân dân huyện Trà Cú)",
            (plain("Biểu ghi theo từng giai đoạn."), _TABLE),
        ),
        Annex(
            "Phụ lục II",
            "Biểu kinh phí",
            "(Kèm theo Kế hoạch số 05/KH-UBND ngày 07/02/2021 của Ủy ban nhân dân huyện Trà Cú)",
            (_TABLE,),
            landscape=True,
        ),
    ),
)
DECISION = replace(
    PLAN,
    kind=PaperKind.DECISION,
    number="793",
    symbol="QĐ-UBND",
    day=date(2021, 5, 7),
    subject=f"Ban hành Kế hoạch {_TITLE[0].lower()}{_TITLE[1:]}",
    authority="ỦY BAN NHÂN DÂN HUYỆN TRÀ CÚ",
    bases=(*PLAN.bases[:1], "Theo đề nghị của Trưởng phòng Lao động - Thương binh và Xã hội."),
    body=(
        plain("QUYẾT ĐỊNH:", ParagraphStyle.CENTRED, bold=True),
        Paragraph(
            (Run("Điều 1.", bold=True), Run(" Ban hành kèm theo Quyết định này Kế hoạch.")),
            ParagraphStyle.ARTICLE,
        ),
        Paragraph(
            (Run("Điều 2.", bold=True), Run(" Quyết định này có hiệu lực kể từ ngày ký./.")),
            ParagraphStyle.ARTICLE,
        ),
    ),
    attached=Attached(
        PaperKind.PLAN,
        _TITLE,
        "(Kèm theo Quyết định số 793/QĐ-UBND ngày 07 tháng 5 năm 2021 của Ủy ban nhân dân huyện)",
        _BODY,
    ),
    annexes=(),
)
LETTER = replace(
    PLAN,
    kind=PaperKind.LETTER,
    number="581",
    symbol="UBND-VX",
    day=date(2024, 1, 31),
    subject="tiếp tục thực hiện Đề án",
    addressees=("Các phòng, ban, ngành huyện", "Ủy ban nhân dân các xã, thị trấn"),
    bases=(),
    body=closed((plain(_LONG), *_BODY[3:5])),
    annexes=(),
)
LETTER_TO_ONE = replace(LETTER, addressees=("Ủy ban nhân dân tỉnh Trà Vinh",))
DRAFT = replace(PLAN, draft=True, number="", day=None, year=2021, annexes=())
CHECKED = replace(PLAN, annexes=(), checked=Checked("7K2M-9QXD", "https://lth.example/c/7K2M-9QXD"))
URGENT = replace(PLAN, urgency=Urgency.URGENT, annexes=())
VERY_URGENT = replace(LETTER, urgency=Urgency.VERY_URGENT)
EXPRESS = replace(PLAN, urgency=Urgency.EXPRESS, annexes=())

SAMPLES = {
    "plan": PLAN,
    "decision": DECISION,
    "letter": LETTER,
    "letter_to_one": LETTER_TO_ONE,
    "draft": DRAFT,
    "checked": CHECKED,
    "urgent": URGENT,
    "very_urgent": VERY_URGENT,
    "express": EXPRESS,
}

STAMPS = {
    "urgent": ("KHẨN", 20, 8),
    "very_urgent": ("THƯỢNG KHẨN", 40, 8),
    "express": ("HỎA TỐC", 30, 8),
}
"""Ô 10b: its words, and the width and height of its red box."""

# --- The table ----------------------------------------------------------------------------

_HEAD = (
    Cell("1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), bold=True, at="right half"),
    Cell("1", "Độc lập - Tự do - Hạnh phúc", (13, 14), bold=True, at="right half"),
    Cell("2", "UBND TỈNH TRÀ VINH", (12, 13), at="left half"),
    Cell("2", "ỦY BAN NHÂN DÂN", (12, 13), bold=True, at="left half"),
)
_FOOT = (
    Cell("7a", "TM. ỦY BAN NHÂN DÂN", (13, 14), bold=True, at="right half"),
    Cell("7a", "KT. CHỦ TỊCH", (13, 14), bold=True, at="right half"),
    Cell("7a", "PHÓ CHỦ TỊCH", (13, 14), bold=True, at="right half"),
    Cell("7b", "Họ Và Tên", (13, 14), bold=True, at="right half"),
    Cell("9b", "Nơi nhận:", (12, 12), bold=True, italic=True, at="left half"),
    Cell("9b", "- UBND tỉnh (để báo cáo);", (11, 11), at="left half"),
    Cell("9b", "- UBND các xã, thị trấn;", (11, 11), at="left half"),
    Cell("9b", "- Lưu: VT, LĐTBXH.", (11, 11), at="left half"),
)
_PARTS = (
    Cell("6", "I. MỤC TIÊU", (13, 14), bold=True, at="body"),
    Cell("6", "Huy động các cấp, các ngành", (13, 14), at="justified"),
    Cell("6", "1. Mục tiêu chung", (13, 14), bold=True, at="body"),
    Cell("6", "a) Thành lập mới ít nhất 03 câu lạc bộ;", (13, 14), at="body"),
    Cell("6", "- Duy trì 100 % câu lạc bộ hiện có.", (13, 14), at="body"),
    Cell("6", "Ghi chú:", (13, 14), bold=True, at="body"),
    Cell("6", "số liệu đến hết năm 2020", (13, 14), italic=True, at="body"),
    Cell("6", "Đơn vị tính: đồng", (12, 14), italic=True, at="right edge"),
    Cell("6", "500.000.000", (11, 14), bold=True, at="right"),
)

CELLS: dict[str, tuple[Cell, ...]] = {
    "plan": (
        *_HEAD,
        Cell("3", "Số: 05/KH-UBND", (13, 13), at="left half"),
        Cell("4", "Trà Cú, ngày 07 tháng 02 năm 2021", (13, 14), italic=True, at="right half"),
        Cell("5a", "KẾ HOẠCH", (13, 14), bold=True, at="centre"),
        Cell("5a", "Thực hiện Đề án nhân rộng", (13, 14), bold=True, at="centre"),
        Cell("6", "Căn cứ Luật Tổ chức chính quyền", (13, 14), italic=True, at="body"),
        Cell("6", "Căn cứ Quyết định số 1336/QĐ-TTg", (13, 14), italic=True, at="justified"),
        *_PARTS,
        Cell("6", "nghiêm túc thực hiện./.", (13, 14), at="body"),
        *_FOOT,
        Cell("phụ lục", "Phụ lục I", (14, 14), bold=True, at="centre"),
        Cell("phụ lục", "BIỂU CHỈ TIÊU", (13, 14), bold=True, at="centre"),
        Cell("phụ lục", "(Kèm theo Kế hoạch số 05/KH-UBND", (13, 14), italic=True, at="centre"),
        Cell("phụ lục", "Phụ lục II", (14, 14), bold=True, at="centre"),
        Cell("phụ lục", "BIỂU KINH PHÍ", (13, 14), bold=True, at="centre"),
    ),
    "decision": (
        *_HEAD,
        Cell("3", "Số: 793/QĐ-UBND", (13, 13), at="left half"),
        Cell("4", "Trà Cú, ngày 07 tháng 5 năm 2021", (13, 14), italic=True, at="right half"),
        Cell("5a", "QUYẾT ĐỊNH", (13, 14), bold=True, at="centre"),
        Cell("5a", "Ban hành Kế hoạch thực hiện", (13, 14), bold=True, at="centre"),
        Cell("5a", "ỦY BAN NHÂN DÂN HUYỆN TRÀ CÚ", (12, 14), bold=True, at="centre"),
        Cell("6", "Theo đề nghị của Trưởng phòng", (13, 14), italic=True, at="body"),
        Cell("6", "QUYẾT ĐỊNH:", (13, 14), bold=True, at="centre"),
        Cell("6", "Điều 1.", (13, 14), bold=True, at="body"),
        Cell("6", "có hiệu lực kể từ ngày ký./.", (13, 14), at="body"),
        *_FOOT,
        Cell("5a", "KẾ HOẠCH", (13, 14), bold=True, at="centre"),
        Cell("kèm theo", "(Kèm theo Quyết định số 793/QĐ-UBND", (13, 14), italic=True, at="centre"),
        *_PARTS,
    ),
    "letter": (
        *_HEAD,
        Cell("3", "Số: 581/UBND-VX", (13, 13), at="left half"),
        Cell("4", "Trà Cú, ngày 31 tháng 01 năm 2024", (13, 14), italic=True, at="right half"),
        Cell("5b", "V/v tiếp tục thực hiện Đề án", (12, 13), at="left half"),
        Cell("9a", "Kính gửi:", (13, 14), at="body"),
        Cell("9a", "- Các phòng, ban, ngành huyện;", (13, 14), at="body"),
        Cell("9a", "- Ủy ban nhân dân các xã, thị trấn.", (13, 14), at="body"),
        *_FOOT,
    ),
    "letter_to_one": (
        *_HEAD,
        Cell("9a", "Kính gửi: Ủy ban nhân dân tỉnh Trà Vinh", (13, 14), at="centre"),
        *_FOOT,
    ),
    "draft": (
        *_HEAD,
        Cell("–", "DỰ THẢO", (11, 14), bold=True, at="left half"),
        Cell("5a", "KẾ HOẠCH", (13, 14), bold=True, at="centre"),
        *_FOOT,
    ),
    "checked": (*_HEAD, *_FOOT, Cell("–", "7K2M-9QXD", (7, 11), at="anywhere")),
    **{
        name: (*_HEAD, *_FOOT, Cell("10b", words, (13, 14), bold=True, at="left half"))
        for name, (words, _, _) in STAMPS.items()
    },
}
