"""List the paragraphs and table rows of a Word file's bytes; called in a process of its own."""

import io
import re
import zipfile

from lxml import etree

from lth.core.errors import BlockedError
from lth.core.old_encodings import converted, of_font
from lth.exchange.plan_reading.extract import NO_WORD, TOO_LARGE

_MOST_XML = 60 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def word_lines(data: bytes) -> list[str]:
    """List the paragraphs and the rows of tables (cells by tabs) of a Word file's bytes, with the
    numbers of automatic lists written out, and old fonts' texts in Unicode.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if "word/document.xml" not in names:
                raise BlockedError(NO_WORD)
            parts = {
                name: _part(package, name)
                for name in ("word/document.xml", "word/numbering.xml", "word/styles.xml")
                if name in names
            }
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BlockedError(NO_WORD) from error
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        roots = {name: etree.fromstring(part, parser) for name, part in parts.items()}
    except etree.XMLSyntaxError as error:
        raise BlockedError(NO_WORD) from error
    body = roots["word/document.xml"].find(f"{_W}body")
    if body is None:
        raise BlockedError(NO_WORD)
    lists = _Numbering(roots.get("word/numbering.xml"), roots.get("word/styles.xml"))
    return _blocks(body, lists)


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as stream:
        found = stream.read(_MOST_XML + 1)
    if len(found) > _MOST_XML:
        raise BlockedError(TOO_LARGE)
    return found


def _blocks(parent, lists: "_Numbering") -> list[str]:  # type: ignore[no-untyped-def] # lxml
    lines: list[str] = []
    for one in parent:
        if one.tag == f"{_W}p":
            lines += _paragraph(one, lists).split("\n")
        elif one.tag == f"{_W}tbl":
            lines += _table(one, lists)
        elif one.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}smartTag"}:
            lines += _blocks(one, lists)
    return lines


def _table(table, lists: "_Numbering") -> list[str]:  # type: ignore[no-untyped-def] # lxml
    """Return a table's rows; one of two columns without figures is a head's or a foot's layout."""
    rows = []
    for row in table.iter(f"{_W}tr"):
        cells = [_blocks(cell, lists) for cell in row.findall(f"{_W}tc")]
        rows.append([[line for line in cell if line.strip()] for cell in cells])
    widest = max(map(len, rows), default=0)
    if widest <= 2 or _is_layout(rows):
        return [line for row in rows for cell in row for line in cell]
    return ["\t".join(" ".join(cell) for cell in row) for row in rows]


def _is_layout(rows: list[list[list[str]]]) -> bool:
    text = " ".join(line for row in rows for cell in row for line in cell)
    return len(rows) <= 3 and re.search(r"(?i)nơi nhận|độc lập\s*-|TM\.", text) is not None


def _paragraph(paragraph, lists: "_Numbering") -> str:  # type: ignore[no-untyped-def] # lxml
    found: list[str] = []
    for run in paragraph.iter(f"{_W}r"):
        if run.getparent().tag == f"{_W}del":
            continue
        found.append(_run(run))
    text = "".join(found)
    number = lists.number_of(paragraph) if text.strip() else ""
    return f"{number} {text}" if number else text


def _run(run) -> str:  # type: ignore[no-untyped-def] # lxml
    text = ""
    for one in run:
        if one.tag == f"{_W}t":
            text += one.text or ""
        elif one.tag == f"{_W}tab":
            text += "    "
        elif one.tag in {f"{_W}br", f"{_W}cr"}:
            text += "\n"
        elif one.tag == f"{_W}noBreakHyphen":
            text += "-"
    fonts = run.find(f"{_W}rPr/{_W}rFonts")
    if fonts is not None and text.strip():
        name = fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or ""
        encoding = of_font(name)
        if encoding is not None:
            return converted(text, encoding)
    return text


class _Numbering:
    """Writes out the numbers of automatic lists, counting as Word does."""

    def __init__(self, numbering, styles):  # type: ignore[no-untyped-def] # lxml
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.styles: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            for style in styles.findall(f"{_W}style"):
                given = _num_pr(style.find(f"{_W}pPr"))
                if given is not None:
                    self.styles[style.get(f"{_W}styleId", "")] = given

    def _read(self, numbering) -> None:  # type: ignore[no-untyped-def] # lxml
        abstract: dict[str, dict[int, tuple[str, str, int]]] = {}
        for one in numbering.findall(f"{_W}abstractNum"):
            levels = {}
            for level in one.findall(f"{_W}lvl"):
                start = _value(level, "start") or "1"
                levels[int(level.get(f"{_W}ilvl", "0"))] = (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    int(start) if start.isdigit() else 1,
                )
            abstract[one.get(f"{_W}abstractNumId", "")] = levels
        for one in numbering.findall(f"{_W}num"):
            of = _value(one, "abstractNumId") or ""
            self.levels[one.get(f"{_W}numId", "")] = abstract.get(of, {})

    def number_of(self, paragraph) -> str:  # type: ignore[no-untyped-def] # lxml
        """Return the number that Word would print before a paragraph, or ""."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return ""
        given = _num_pr(properties) or self.styles.get(_value(properties, "pStyle") or "")
        if given is None or given[0] not in self.levels:
            return ""
        of, level = given
        form, text, start = self.levels[of].get(level, ("bullet", "-", 1))
        counts = self.counts.setdefault(of, {})
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if form == "bullet":
            return "-"
        if form == "none":
            return ""

        def said(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            of_level = self.levels[of].get(at, ("decimal", "", 1))[0]
            return _written(counts.get(at, 1), of_level)

        return re.sub(r"%(\d)", said, text).strip()


def _num_pr(properties) -> tuple[str, int] | None:  # type: ignore[no-untyped-def] # lxml
    if properties is None or (given := properties.find(f"{_W}numPr")) is None:
        return None
    number, level = _value(given, "numId"), _value(given, "ilvl") or "0"
    return (number, int(level) if level.isdigit() else 0) if number and number != "0" else None


def _value(parent, name: str) -> str | None:  # type: ignore[no-untyped-def] # lxml
    found = parent.find(f"{_W}{name}")
    return None if found is None else found.get(f"{_W}val")


_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def _written(number: int, form: str) -> str:
    if form in {"upperRoman", "lowerRoman"}:
        text, left = "", number
        for value, sign in _ROMAN:
            while left >= value:
                text, left = text + sign, left - value
        return text if form == "upperRoman" else text.lower()
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (number - 1) % 26)
        return letter if form == "lowerLetter" else letter.upper()
    return str(number)
