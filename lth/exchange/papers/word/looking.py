"""Look into a Word file that a stranger made, before anything of it is used (ECMA-376).

Whoever opens a paper trusts the office that sent it. So a template brings in nothing that runs, is
fetched from elsewhere, or tells what was changed by whom; and nothing that unpacks without bound.
"""

import posixpath
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import _Element as Element

from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.exchange.papers.word.package import zipped

FIELD = "file"
"""The field of a form that refusals are about."""

LARGEST = 2_000_000
LARGEST_UNPACKED = 20_000_000
MOST_PARTS = 200

_OLD_WORD = b"\xd0\xcf\x11\xe0"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_TAKEN = {
    "officeDocument",
    "core-properties",
    "styles",
    "settings",
    "theme",
    "fontTable",
    "webSettings",
    "numbering",
    "header",
    "footer",
    "footnotes",
    "endnotes",
    "image",
    "hyperlink",
}
"""What may belong to a template, by the last word of its relationship."""

_LEFT_OUT = {
    "extended-properties",
    "custom-properties",
    "thumbnail",
    "customXml",
    "customXmlProps",
    "stylesWithEffects",
    "printerSettings",
    "people",
    "classificationlabels",
}
"""What Word adds by itself and no paper needs, some of it with names of people."""

_COMMENTS = {"comments", "commentsExtended", "commentsIds", "commentsExtensible"}
_CHANGED = {qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo")}
_RUNNING = {
    qn(f"w:{name}")
    for name in ("object", "control", "altChunk", "subDoc", "mailMerge", "embedRegular")
}
_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "HYPERLINK", "FORMTEXT"}
"""Fields that a template may have; others fetch, ask or run."""

_SAFE_LINKS = ("http://", "https://", "mailto:")


def looked_at(docx: bytes) -> bytes:
    """Return a template without what Word adds for itself.

    Raises:
        RefusedError: it is no .docx, is too large, or holds what no template may.
    """
    parts = _parts(docx)
    kept = {}
    for name, data in parts.items():
        kept[name] = data
        if name.endswith(".rels"):
            kept[name] = _relations(name, _parsed(name, data), parts)
        elif name.endswith(".xml"):
            _look_at(_parsed(name, data))
    if _MAIN.encode() not in parts.get("[Content_Types].xml", b""):
        raise refused(_NOT_WORD)
    return zipped(kept)


_NOT_WORD = N_("Tệp này không phải tệp Word .docx. Hãy mở tệp bằng Word và lưu thành .docx.")
_TOO_LARGE = N_("Tệp lớn quá %(most)s MB. Hãy thu nhỏ hoặc bỏ bớt hình trong mẫu.")


def refused(text: str, **values: object) -> RefusedError:
    """Return the refusal of a template; `text` is a msgid marked by `N_`."""
    return RefusedError(FIELD, text, **values)


def check_size(docx: bytes) -> None:
    """Raise RefusedError for what is too large, or no file of Word by its first bytes."""
    if len(docx) > LARGEST:
        raise refused(_TOO_LARGE, most=LARGEST // 1_000_000)
    if docx.startswith(_OLD_WORD):
        raise refused(
            N_(
                "Tệp là Word kiểu cũ (.doc) hoặc có mật khẩu. Hãy mở tệp, bỏ mật khẩu và lưu"
                " thành .docx."
            )
        )
    if not docx.startswith(b"PK"):
        raise refused(_NOT_WORD)


def _parts(docx: bytes) -> dict[str, bytes]:
    check_size(docx)
    try:
        with ZipFile(BytesIO(docx)) as packed:
            entries = packed.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
                raise refused(N_("Tệp này bung ra quá lớn so với một mẫu văn bản."))
            names = [entry.filename for entry in entries]
            if len(set(names)) != len(names) or any(_is_odd(name) for name in names):
                raise refused(_NOT_WORD)
            return {name: packed.read(name) for name in names if not name.endswith("/")}
    except (BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise refused(_NOT_WORD) from error


def _is_odd(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _parsed(name: str, data: bytes) -> Element:
    """Parse a part; a definition of entities or of a type has no place in Word's files."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        text = N_("Phần %(name)s của tệp bị hỏng. Hãy mở tệp bằng Word, lưu lại rồi thử lại.")
        raise refused(text, name=name) from error
    if root.getroottree().docinfo.doctype:
        raise refused(_NOT_WORD)
    return root


def _relations(name: str, root: Element, parts: dict[str, bytes]) -> bytes:
    """Return relationships without those that are left out. Raises RefusedError for others."""
    for relation in list(root):
        kind = str(relation.get("Type", "")).rsplit("/", 1)[-1]
        if kind in _LEFT_OUT:
            root.remove(relation)
            continue
        if kind in _COMMENTS:
            raise refused(_UNFINISHED)
        target = str(relation.get("Target", ""))
        if relation.get("TargetMode") == "External":
            if kind != "hyperlink" or not target.lower().startswith(_SAFE_LINKS):
                raise refused(_ELSEWHERE, target=target[:80])
        elif kind not in _TAKEN:
            raise refused(_FOREIGN, kind=kind[:40])
        elif kind == "image" and not _is_picture(name, target, parts):
            raise refused(N_("Hình trong mẫu phải là PNG hoặc JPEG. Hãy chèn lại hình đó."))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


_ELSEWHERE = N_(
    "Mẫu lấy nội dung từ nơi khác: %(target)s. Hãy bỏ liên kết đó (hoặc chọn mẫu Normal ở"
    " Developer → Document Template) rồi lưu lại."
)
_FOREIGN = N_(
    "Mẫu có phần không dùng được trong văn bản: %(kind)s (macro, đối tượng nhúng, phông nhúng…)."
    " Hãy bỏ phần đó rồi lưu lại."
)
_UNFINISHED = N_(
    "Mẫu còn chú thích hoặc thay đổi đang theo dõi. Hãy chấp nhận hết thay đổi, xóa chú thích rồi"
    " lưu lại."
)


def _is_picture(relations: str, target: str, parts: dict[str, bytes]) -> bool:
    folder = posixpath.dirname(posixpath.dirname(relations))
    place = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
    return parts.get(place, b"").startswith(_PICTURES)


def _look_at(root: Element) -> None:
    for element in root.iter(etree.Element):
        if element.tag in _CHANGED:
            raise refused(_UNFINISHED)
        if element.tag in _RUNNING:
            raise refused(_FOREIGN, kind=etree.QName(element).localname)
    for instruction in _instructions(root):
        word = (instruction.split() or [""])[0].upper()
        if word not in _FIELDS:
            text = N_("Mẫu có trường %(word)s không dùng được. Hãy thay bằng chữ thường.")
            raise refused(text, word=word[:40] or "?")


def _instructions(root: Element) -> Iterator[str]:
    """Yield what each field does, put together where Word has split it."""
    for element in root.iter(qn("w:fldSimple")):
        yield element.get(qn("w:instr"), "")
    begun: list[str] = []
    for element in root.iter(qn("w:fldChar"), qn("w:instrText")):
        kind = element.get(qn("w:fldCharType"))
        if element.tag == qn("w:instrText"):
            if not begun:
                begun.append("")
            begun[-1] += element.text or ""
        elif kind == "begin":
            begun.append("")
        elif kind == "end" and begun:
            yield begun.pop()
    yield from begun
