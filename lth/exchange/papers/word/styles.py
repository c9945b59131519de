"""The named styles that a paper in Word is set in, which an office changes in its template."""

from copy import deepcopy
from enum import StrEnum

from docx.document import Document as WordDocument
from docx.oxml import CT_Style
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from lth.exchange.papers.text import ParagraphStyle

FONT = "Times New Roman"


class WordStyle(StrEnum):
    """A style by the name that Word shows. "VB" (văn bản) keeps them together in its list.

    Word and LibreOffice give styles other ids as they save, so they are found by name.
    """

    PART = "heading 1"
    CLAUSE = "heading 2"
    PARENT = "VB Cơ quan chủ quản"
    AGENCY = "VB Cơ quan"
    STATE = "VB Quốc hiệu"
    MOTTO = "VB Tiêu ngữ"
    FULL_RULE = "VB Kẻ bằng chữ"
    SHORT_RULE = "VB Kẻ ngắn"
    NUMBER = "VB Số ký hiệu"
    PLACE = "VB Địa danh ngày tháng"
    DRAFT = "VB Dự thảo"
    STAMP = "VB Độ khẩn"
    KIND = "VB Tên loại"
    SUBJECT = "VB Trích yếu"
    LETTER_SUBJECT = "VB Trích yếu công văn"
    AUTHORITY = "VB Thẩm quyền"
    ADDRESSED = "VB Kính gửi"
    ADDRESSEES = "VB Kính gửi nhiều nơi"
    ADDRESSEE = "VB Nơi được gửi"
    BASIS = "VB Căn cứ"
    BODY = "VB Nội dung"
    ARTICLE = "VB Điều"
    POINT = "VB Điểm"
    ITEM = "VB Gạch đầu dòng"
    CENTRED = "VB Giữa dòng"
    TABLE = "VB Bảng"
    CELL = "VB Ô bảng"
    HEAD_CELL = "VB Đầu bảng"
    TABLE_END = "VB Hết bảng"
    TABLE_UNIT = "VB Đơn vị tính"
    RECIPIENTS = "VB Nơi nhận"
    RECIPIENT = "VB Từng nơi nhận"
    POSITION = "VB Chức vụ ký"
    SIGNING_ROOM = "VB Chỗ ký"
    SIGNER = "VB Người ký"
    CHECKED = "VB Mã kiểm tra"
    ATTACHED_KIND = "VB Tên văn bản kèm theo"
    ANNEX = "VB Phụ lục"
    ANNEX_TITLE = "VB Tên phụ lục"
    BELONGS = "VB Kèm theo"
    PAGE_NUMBER = "VB Số trang"
    END = "VB Hết phần"


OF_PARAGRAPH = {
    ParagraphStyle.PLAIN: WordStyle.BODY,
    ParagraphStyle.PART: WordStyle.PART,
    ParagraphStyle.CLAUSE: WordStyle.CLAUSE,
    ParagraphStyle.ARTICLE: WordStyle.ARTICLE,
    ParagraphStyle.POINT: WordStyle.POINT,
    ParagraphStyle.ITEM: WordStyle.ITEM,
    ParagraphStyle.CENTRED: WordStyle.CENTRED,
    ParagraphStyle.BASIS: WordStyle.BASIS,
}
"""The style of each way that a paragraph of a body is set."""

_TWENTIETHS = 20


class StyleSheet:
    """The styles of one Word file, by name, and how the letters of a paragraph come out."""

    def __init__(self, document: WordDocument) -> None:
        self._root = document.styles.element
        self._by_name = {_name(one): one for one in self._root.style_lst}
        self._by_id = {one.styleId: one for one in self._root.style_lst}

    def id(self, style: WordStyle) -> str:
        """Return the id that the file gives a style. Raises KeyError without it."""
        return self._by_name[style.lower()].styleId

    def complete(self, other: "StyleSheet") -> None:
        """Take from another file the styles of papers that this one has not."""
        normal = self._by_name.get("normal")
        for name in WordStyle:
            if name.lower() in self._by_name:
                continue
            made = deepcopy(other._by_name[name.lower()])
            base = made.find(qn("w:basedOn"))
            if base is not None and normal is not None and name is not WordStyle.TABLE:
                base.set(qn("w:val"), normal.styleId)
            elif base is not None:
                made.remove(base)
            if name is not WordStyle.TABLE:
                _set_font(made)
            self._root.append(made)
            self._by_name[name.lower()] = self._by_id[made.styleId] = made

    def style_of(self, paragraph: WordParagraph) -> CT_Style | None:
        """Return the style of a paragraph, None where it has none of its own."""
        properties = paragraph._p.pPr
        return self._by_id.get(properties.style) if properties is not None else None

    def letters(self, paragraph: WordParagraph) -> tuple[float, bool]:
        """Return the size in points and whether bold, of the first letters of a paragraph."""
        for run in paragraph.runs:
            if run.text.strip():
                own_size, own_bold = run.font.size, run.font.bold
                style = self.style_of(paragraph)
                size = own_size.pt if own_size else self._size(style)
                return size, own_bold if own_bold is not None else self._bold(style)
        return self._size(None), False

    def _size(self, style: CT_Style | None) -> float:
        for one in self._line(style):
            size = one.find(f"{qn('w:rPr')}/{qn('w:sz')}")
            if size is not None:
                return float(size.get(qn("w:val"))) / 2
        size = self._root.find(f".//{qn('w:rPrDefault')}//{qn('w:sz')}")
        return float(size.get(qn("w:val"))) / 2 if size is not None else 10.0

    def _bold(self, style: CT_Style | None) -> bool:
        for one in self._line(style):
            bold = one.find(f"{qn('w:rPr')}/{qn('w:b')}")
            if bold is not None:
                return bold.get(qn("w:val"), "1") not in {"0", "false", "off"}
        return False

    def _line(self, style: CT_Style | None) -> list[CT_Style]:
        """List a style and those that it stands on, nearest first; no circle is followed."""
        found: list[CT_Style] = []
        while style is not None and style not in found:
            found.append(style)
            base = style.find(qn("w:basedOn"))
            style = self._by_id.get(base.get(qn("w:val"))) if base is not None else None
        return found


def _set_font(style: CT_Style) -> None:
    """Name the font, since the file that the style goes to may have another by default."""
    fonts = style.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _name(style: CT_Style) -> str:
    name = style.find(qn("w:name"))
    return name.get(qn("w:val"), "").lower() if name is not None else ""
