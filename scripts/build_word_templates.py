"""Make the Word templates that papers are written on: `lth/data/word/named.docx`, `letter.docx`.

Run after a change here: `python scripts/build_word_templates.py`. A test holds the files to this
script, byte for byte. The layout is that of Nghị định 30/2020/NĐ-CP, phụ lục I.
"""

from datetime import datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor, Twips
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from lth.exchange.papers.word.package import packed
from lth.exchange.papers.word.styles import WordStyle

FOLDER = Path(__file__).parent.parent / "lth" / "data" / "word"

FONT = "Times New Roman"
LEFT, CENTRE, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
TEXT_WIDTH = 165
HEAD_COLUMNS = (65, 100)
FOOT_COLUMNS = (82, 83)
INDENT = 12.7
_KEPT = {
    "Normal",
    "DefaultParagraphFont",
    "TableNormal",
    "NoList",
    "Header",
    "Heading1",
    "Heading2",
}

_UNUSED = {
    "customXml",
    "extended-properties",
    "fontTable",
    "numbering",
    "stylesWithEffects",
    "thumbnail",
    "webSettings",
}
_WORD_2013 = "15"


def millimetres(length: float) -> Twips:
    """Return a length in twentieths of a point, never less than it was asked for."""
    return Twips(-(-length * 1440 // 25.4))


# --- Styles -------------------------------------------------------------------------------


def clear(document: WordDocument) -> None:
    """Take out of the empty document what is not wanted: styles, theme fonts, its example data."""
    styles = document.styles.element
    for style in list(styles.style_lst):
        if style.styleId not in _KEPT:
            styles.remove(style)
        else:
            for name in ("w:link", "w:rsid", "w:semiHidden", "w:unhideWhenUsed"):
                for found in style.findall(qn(name)):
                    style.remove(found)
    drop_parts(document)
    latent = styles.find(qn("w:latentStyles"))
    styles.remove(latent)
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for found in list(defaults):
        defaults.remove(found)
    fonts = OxmlElement("w:rFonts")
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    size, complex_size = OxmlElement("w:sz"), OxmlElement("w:szCs")
    size.set(qn("w:val"), "28")
    complex_size.set(qn("w:val"), "28")
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    language.set(qn("w:eastAsia"), "vi-VN")
    defaults.extend([fonts, size, complex_size, language])


def drop_parts(document: WordDocument) -> None:
    """Leave out the parts that the empty document of python-docx brings and nothing here uses."""
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.rsplit("/", 1)[-1] in _UNUSED:
                relations.pop(key)


def style(
    document: WordDocument,
    name: WordStyle,
    *,
    size: float = 14,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    line: float = 1.0,
    keep: bool = False,
    level: int | None = None,
) -> ParagraphStyle:
    """Set a style: sizes and gaps in points, the indent of the first line in mm, lines in times."""
    built_in = {WordStyle.PART: "Heading 1", WordStyle.CLAUSE: "Heading 2"}
    if name in built_in:
        made = document.styles[built_in[name]]
        for part in ("w:rPr", "w:pPr"):
            for found in made.element.findall(qn(part)):
                made.element.remove(found)
    else:
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.element.set(qn("w:styleId"), f"VB{name.name.title().replace('_', '')}")
    made.base_style = document.styles["Normal"]
    made.quick_style = True
    made.font.size, made.font.bold, made.font.italic = Pt(size), bold or None, italic or None
    shape = made.paragraph_format
    shape.alignment, shape.space_before, shape.space_after = align, Pt(before), Pt(after)
    shape.first_line_indent = millimetres(indent) if indent else None
    shape.line_spacing = line
    shape.widow_control = True
    shape.keep_with_next = keep or None
    if level is not None:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level))
        made.element.get_or_add_pPr().append(outline)
    return made


def rule_style(document: WordDocument, name: WordStyle) -> None:
    """Set the style of a rule: an empty line, 4 points high, with a border above it."""
    made = style(document, name, size=2, align=CENTRE, before=2)
    made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    made.paragraph_format.line_spacing = Pt(4)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    made.element.pPr.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def styles(document: WordDocument) -> None:
    """Set every style that papers use."""
    document.styles["Normal"].font.size = Pt(14)
    body = {"align": BOTH, "after": 6, "indent": INDENT, "line": 1.1}
    style(document, WordStyle.PARENT, size=13, align=CENTRE)
    style(document, WordStyle.AGENCY, size=13, bold=True, align=CENTRE)
    style(document, WordStyle.STATE, size=13, bold=True, align=CENTRE)
    style(document, WordStyle.MOTTO, size=14, bold=True, align=CENTRE)
    rule_style(document, WordStyle.FULL_RULE)
    rule_style(document, WordStyle.SHORT_RULE)
    style(document, WordStyle.NUMBER, size=13, align=CENTRE, before=6)
    style(document, WordStyle.PLACE, size=13, italic=True, align=CENTRE, before=6)
    style(document, WordStyle.LETTER_SUBJECT, size=12, align=CENTRE, before=6)
    style(document, WordStyle.DRAFT, size=13, bold=True, align=CENTRE, before=6)
    stamp = style(document, WordStyle.STAMP, size=13, bold=True, align=CENTRE)
    stamp.font.color.rgb = RGBColor(0xFF, 0, 0)
    style(document, WordStyle.KIND, bold=True, align=CENTRE, before=18, keep=True)
    style(document, WordStyle.SUBJECT, bold=True, align=CENTRE, keep=True)
    style(document, WordStyle.AUTHORITY, bold=True, align=CENTRE, before=12, after=12)
    style(document, WordStyle.ADDRESSED, align=CENTRE, before=12, after=12)
    style(document, WordStyle.ADDRESSEES, before=12, after=6, indent=30)
    style(document, WordStyle.ADDRESSEE, after=6).paragraph_format.left_indent = millimetres(45)
    style(document, WordStyle.BASIS, italic=True, **body)
    style(document, WordStyle.BODY, **body)
    style(document, WordStyle.PART, bold=True, keep=True, level=0, **body)
    style(document, WordStyle.CLAUSE, bold=True, keep=True, level=1, **body)
    for name in (WordStyle.ARTICLE, WordStyle.POINT, WordStyle.ITEM):
        style(document, name, **body)
    style(document, WordStyle.CENTRED, align=CENTRE, before=6, after=6, keep=True)
    style(document, WordStyle.CELL, size=13, before=2, after=2)
    style(
        document,
        WordStyle.HEAD_CELL,
        size=13,
        bold=True,
        align=CENTRE,
        before=2,
        after=2,
        keep=True,
    )
    style(document, WordStyle.TABLE_UNIT, size=13, italic=True, align=RIGHT, before=6, keep=True)
    style(document, WordStyle.RECIPIENTS, size=12, bold=True, italic=True)
    style(document, WordStyle.RECIPIENT, size=11)
    style(document, WordStyle.POSITION, bold=True, align=CENTRE, keep=True)
    style(document, WordStyle.SIGNING_ROOM, align=CENTRE, before=70, keep=True)
    style(document, WordStyle.SIGNER, bold=True, align=CENTRE)
    style(document, WordStyle.CHECKED, size=9, before=3)
    style(document, WordStyle.ATTACHED_KIND, bold=True, align=CENTRE, keep=True, level=0)
    style(document, WordStyle.ANNEX, bold=True, align=CENTRE, keep=True, level=0)
    style(document, WordStyle.ANNEX_TITLE, bold=True, align=CENTRE, keep=True)
    style(document, WordStyle.BELONGS, italic=True, align=CENTRE, after=6, keep=True)
    style(document, WordStyle.PAGE_NUMBER, align=CENTRE)
    style(document, WordStyle.TABLE_END, size=3, after=6)
    end = style(document, WordStyle.END, size=1)
    end.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    end.paragraph_format.line_spacing = Pt(1)
    table_style(document)


def table_style(document: WordDocument) -> None:
    """Set the style of a table in a body: thin black lines all around each cell."""
    made = document.styles.add_style(WordStyle.TABLE, WD_STYLE_TYPE.TABLE)
    made.element.set(qn("w:styleId"), "VBTable")
    made.base_style = document.styles["Normal Table"]
    properties, borders = OxmlElement("w:tblPr"), OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties.append(borders)
    made.element.append(properties)


# --- The page -----------------------------------------------------------------------------


def page(document: WordDocument) -> None:
    """Set the paper, its margins, and the page number in the top margin from the second page."""
    section = document.sections[0]
    section.page_width, section.page_height = Twips(11906), Twips(16838)
    section.top_margin = section.bottom_margin = millimetres(20)
    section.left_margin, section.right_margin = millimetres(30), millimetres(15)
    section.header_distance = section.footer_distance = millimetres(10)
    section.gutter = Twips(0)
    section.different_first_page_header_footer = True
    first = section.first_page_header.paragraphs[0]
    first.style = document.styles[WordStyle.PAGE_NUMBER]
    draft = section.header.paragraphs[0].insert_paragraph_before(
        "{{ du_thao }}", document.styles[WordStyle.DRAFT]
    )
    frame(draft)
    number = section.header.paragraphs[1]
    number.style = document.styles[WordStyle.PAGE_NUMBER]
    field(number, "PAGE")
    counted = OxmlElement("w:pgNumType")
    counted.set(qn("w:start"), "1")
    section._sectPr.insert_element_before(counted, "w:cols", "w:titlePg", "w:docGrid")


def frame(paragraph: Paragraph) -> None:
    """Set a line apart at the right margin, level with the page number; it moves nothing."""
    made = OxmlElement("w:framePr")
    for key, value in (
        *(("wrap", "around"), ("vAnchor", "page"), ("hAnchor", "margin")),
        *(("xAlign", "right"), ("y", "567")),
    ):
        made.set(qn(f"w:{key}"), value)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        made, "w:widowControl", "w:numPr", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def field(paragraph: Paragraph, instruction: str) -> None:
    """Put a field into a paragraph, such as the number of the page."""
    made = OxmlElement("w:fldSimple")
    made.set(qn("w:instr"), instruction)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "2"
    run.append(text)
    made.append(run)
    paragraph._p.append(made)


def columns(
    document: WordDocument, widths: tuple[int, int], rows: int, *, above: int = 0
) -> list[list[_Cell]]:
    """Add a table without lines, its rows never broken across pages; return its cells.

    `above` is the room over each row, in points.
    """
    table = document.add_table(rows, len(widths))
    table.style, table.autofit = document.styles["Normal Table"], False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    margins = OxmlElement("w:tblCellMar")
    for side, points in (("top", above), ("left", 0), ("right", 0)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(points * 20))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tblPr.insert_element_before(margins, "w:tblLook")
    for row in table.rows:
        unbroken = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(unbroken)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = millimetres(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = millimetres(width)
    return [list(row.cells) for row in table.rows]


def lines(cell: _Cell, *texts: tuple[str, WordStyle]) -> None:
    """Write lines into a cell, each in its style."""
    sheet = cell.part.document.styles
    for place, (text, name) in enumerate(texts):
        paragraph = cell.paragraphs[0] if not place else cell.add_paragraph()
        paragraph.style = sheet[name]
        if text:
            paragraph.add_run(text)


def line(document: WordDocument, text: str, name: WordStyle) -> Paragraph:
    """Write a line into the paper, and return it."""
    return document.add_paragraph(text, document.styles[name])


def letterhead(document: WordDocument, *under_number: tuple[str, WordStyle]) -> None:
    """Write the agency and the motto side by side, number and place and date on one line."""
    (agency, state), (number, place) = columns(document, HEAD_COLUMNS, 2)
    lines(
        agency,
        ("{{ co_quan_cap_tren }}", WordStyle.PARENT),
        ("{{ co_quan }}", WordStyle.AGENCY),
        ("", WordStyle.SHORT_RULE),
    )
    lines(
        state,
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", WordStyle.STATE),
        ("Độc lập - Tự do - Hạnh phúc", WordStyle.MOTTO),
        ("", WordStyle.FULL_RULE),
    )
    drafted = ("{{ du_thao }}", WordStyle.DRAFT)
    under = (*under_number, ("{{ do_khan }}", WordStyle.STAMP), drafted)
    lines(number, ("Số: {{ so_ky_hieu }}", WordStyle.NUMBER), *under)
    lines(place, ("{{ dia_danh_ngay_thang }}", WordStyle.PLACE))


def closing(document: WordDocument) -> None:
    """Write recipients and signature side by side."""
    ((recipients, signature),) = columns(document, FOOT_COLUMNS, 1, above=6)
    lines(
        recipients,
        ("Nơi nhận:", WordStyle.RECIPIENTS),
        ("{{ noi_nhan }}", WordStyle.RECIPIENT),
        ("{{ ma_kiem_tra }}", WordStyle.CHECKED),
    )
    lines(
        signature,
        ("{{ chuc_vu_ky }}", WordStyle.POSITION),
        ("", WordStyle.SIGNING_ROOM),
        ("{{ nguoi_ky }}", WordStyle.SIGNER),
    )
    line(document, "", WordStyle.END)


def started() -> WordDocument:
    """Return an empty document with the page and the styles."""
    document = Document()
    clear(document)
    styles(document)
    page(document)
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.title = about.keywords = ""
    about.language, about.revision = "vi-VN", 1
    about.created = about.modified = datetime(2020, 3, 5)  # noqa: DTZ001 - the decree's day
    settle(document)
    return document


def settle(document: WordDocument) -> None:
    """Set what holds for the whole file: language, no old layout, no marks of who typed when."""
    settings = document.settings.element
    for name in ("w:rsids", "w:zoom", "w:savePreviewPicture", "w:compat/w:useFELayout"):
        for found in settings.findall("/".join(qn(one) for one in name.split("/"))):
            found.getparent().remove(found)
    language = settings.find(qn("w:themeFontLang"))
    language.attrib.clear()
    language.set(qn("w:val"), "vi-VN")
    mode = settings.find(f"{qn('w:compat')}/{qn('w:compatSetting')}")
    mode.set(qn("w:val"), _WORD_2013)


def named() -> WordDocument:
    """Return the template of papers with the name of their kind: QĐ, KH, TTr, BC."""
    document = started()
    letterhead(document)
    line(document, "{{ ten_loai }}", WordStyle.KIND)
    line(document, "{{ trich_yeu }}", WordStyle.SUBJECT)
    line(document, "", WordStyle.SHORT_RULE).paragraph_format.space_after = Pt(10)
    for text, name in (
        ("{{ tham_quyen }}", WordStyle.AUTHORITY),
        ("{{ kinh_gui }}", WordStyle.ADDRESSED),
        ("{{ can_cu }}", WordStyle.BASIS),
        ("{{ noi_dung }}", WordStyle.BODY),
    ):
        line(document, text, name)
    closing(document)
    return document


def letter() -> WordDocument:
    """Return the template of a công văn, whose subject stands under its number."""
    document = started()
    letterhead(document, ("{{ trich_yeu }}", WordStyle.LETTER_SUBJECT))
    for text, name in (
        ("{{ kinh_gui }}", WordStyle.ADDRESSED),
        ("{{ can_cu }}", WordStyle.BASIS),
        ("{{ noi_dung }}", WordStyle.BODY),
    ):
        line(document, text, name)
    closing(document)
    return document


TEMPLATES = {"named": named, "letter": letter}


def written(document: WordDocument) -> bytes:
    """Return the bytes of a template, the same each time."""
    made = BytesIO()
    document.save(made)
    return packed(made.getvalue())


def main() -> None:
    """Write the templates into the package."""
    FOLDER.mkdir(exist_ok=True)
    for name, build in TEMPLATES.items():
        (FOLDER / f"{name}.docx").write_bytes(written(build()))


if __name__ == "__main__":
    main()
