"""Try a template on examples: a paper must not lose anything by it that makes it valid."""

from dataclasses import replace
from datetime import date

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from lth.core.i18n import N_
from lth.exchange.papers.text import (
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
    plain,
)
from lth.exchange.papers.word.blocks import WordLine
from lth.exchange.papers.word.looking import refused
from lth.exchange.papers.word.slots import SLOTS, PaperSlot, of_layout

_HIDDEN = qn("w:vanish")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

_TABLE = Table(
    (TableColumn("TT", 1), TableColumn("Nội dung bảng mẫu", 4)),
    (TableRow(("1", "Dòng của bảng mẫu")),),
)
_FULL = PaperText(
    kind=PaperKind.DECISION,
    parent="UBND TỈNH MẪU",
    agency="ỦY BAN NHÂN DÂN XÃ MẪU",
    number="05",
    symbol="QĐ-UBND",
    place="Xã Mẫu",
    day=date(2026, 2, 7),
    subject="Ban hành Kế hoạch nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau",
    authority="CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ MẪU",
    addressees=("Ủy ban nhân dân tỉnh Mẫu", "Các cơ quan, đơn vị của xã"),
    bases=("Căn cứ Luật Tổ chức chính quyền địa phương;", "Theo đề nghị của Trưởng phòng."),
    body=(
        plain("I. PHẦN MẪU", ParagraphStyle.PART, bold=True),
        Paragraph((Run("Điều 1.", bold=True), Run(" Nội dung mẫu.")), ParagraphStyle.ARTICLE),
        _TABLE,
        plain("Đoạn cuối của văn bản mẫu./."),
    ),
    signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Họ Tên Mẫu"),
    recipients=("Như trên", "Các thôn của xã"),
    archive="VT, VHXH",
    checked=Checked("MAU1-MAU2", "https://vi-du.example/k/MAU1-MAU2"),
    attached=Attached(
        PaperKind.PLAN,
        "Nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau",
        "(Kèm theo Quyết định số 05/QĐ-UBND của Chủ tịch Ủy ban nhân dân xã Mẫu)",
        (plain("Nội dung kèm theo mẫu./."),),
    ),
    annexes=(
        Annex("Phụ lục I", "Biểu mẫu", "(Kèm theo Kế hoạch mẫu)", (_TABLE,)),
        Annex("Phụ lục II", "Biểu ngang mẫu", "(Kèm theo Kế hoạch mẫu)", (_TABLE,), landscape=True),
    ),
)


def samples(layout: str) -> list[PaperText]:
    """Return the papers that a template of a layout is tried on.

    One has everything, one is a draft, one has little. The last two have nothing attached, whose
    words ("DỰ THẢO", the number) might stand for what the template has lost.
    """
    full = _FULL
    if layout == "letter":
        full = replace(full, kind=PaperKind.LETTER, symbol="UBND-VHXH", authority="")
    alone = replace(full, attached=None, annexes=())
    draft = replace(alone, draft=True, number="", day=None, year=2026)
    little = replace(alone, parent="", authority="", addressees=(), bases=(), checked=None)
    return [full, draft, little]


def check_whole(document: WordDocument, paper: PaperText, layout: str) -> None:
    """Raise RefusedError with the placeholders whose text a paper lost."""
    seen = _visible(document)
    needed = (slot for slot in SLOTS.values() if slot.needed and of_layout(slot, layout))
    lost = [slot.name for slot in needed if any(text not in seen for text in _texts(slot, paper))]
    if lost:
        listed = ", ".join(lost)
        text = N_("Mẫu thiếu ô: %(names)s. Văn bản viết theo mẫu này sẽ mất phần đó.")
        raise refused(text, names=listed)
    if any(seen.count(text) > 1 for text in _texts(SLOTS["noi_dung"], paper)):
        raise refused(N_("Mẫu có hơn một ô noi_dung. Nội dung văn bản chỉ được in một lần."))


def _texts(slot: PaperSlot, paper: PaperText) -> list[str]:
    content = slot.content(paper)
    if content is None:
        return [block.text for block in paper.body if isinstance(block, Paragraph)]
    if isinstance(content, str):
        return [line for line in content.split("\n") if line]
    return [
        "".join(run.text for run in line.runs) for line in content if isinstance(line, WordLine)
    ]


def _visible(document: WordDocument) -> str:
    """Return the text that is printed between the margins, a line for each paragraph."""
    lines = []
    for paragraph in document.element.body.iter(qn("w:p")):
        if next(paragraph.iterancestors(_FALLBACK), None) is not None:
            continue
        runs = paragraph.iter(qn("w:r"))
        shown = (run for run in runs if run.rPr is None or run.rPr.find(_HIDDEN) is None)
        lines.append("".join(run.text for run in shown))
    return "\n".join(lines)
