"""Read the number and symbol of a document (số/ký hiệu) as people type it.

Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 3 (number, symbol), Phụ lục III, mục I (the
abbreviations of the kinds of document).
"""

import re
from dataclasses import dataclass

from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line, search_key

KINDS = {
    "NQ": N_("nghị quyết"),
    "QĐ": N_("quyết định"),
    "CT": N_("chỉ thị"),
    "QC": N_("quy chế"),
    "QyĐ": N_("quy định"),
    "TC": N_("thông cáo"),
    "TB": N_("thông báo"),
    "HD": N_("hướng dẫn"),
    "CTr": N_("chương trình"),
    "KH": N_("kế hoạch"),
    "PA": N_("phương án"),
    "ĐA": N_("đề án"),
    "DA": N_("dự án"),
    "BC": N_("báo cáo"),
    "BB": N_("biên bản"),
    "TTr": N_("tờ trình"),
    "HĐ": N_("hợp đồng"),
    "CĐ": N_("công điện"),
    "BGN": N_("bản ghi nhớ"),
    "BTT": N_("bản thỏa thuận"),
    "GUQ": N_("giấy ủy quyền"),
    "GM": N_("giấy mời"),
    "GGT": N_("giấy giới thiệu"),
    "GNP": N_("giấy nghỉ phép"),
    "PG": N_("phiếu gửi"),
    "PC": N_("phiếu chuyển"),
    "PB": N_("phiếu báo"),
    "NĐ": N_("nghị định"),
    "TT": N_("thông tư"),
}
"""The abbreviations of kinds of document; a letter (công văn) has none: 581/UBND-KGVX."""

_ISSUERS = ("UBND", "HĐND", "CP", "TTg", "TW", "TU", "BCĐ", "VPCP", "UBMTTQ", "HNCT", "NCT")
_KNOWN = {word.casefold(): word for word in (*KINDS, *_ISSUERS)}
_WITHOUT_MARKS = {
    plain: word
    for plain, word in ((search_key(word), word) for word in (*_ISSUERS, *KINDS))
    if [search_key(other) for other in (*_ISSUERS, *KINDS)].count(plain) == 1
}
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212_]+\s*")
_SLASH = re.compile(r"\s*[/\\\u2044\u2215]\s*")
_PREFIX = re.compile(r"^(?:(?:văn bản|quyết định|kế hoạch|công văn)\s+)?số\s*:?\s*", re.IGNORECASE)
_CYRILLIC = str.maketrans("АВЕКМНОРСТХаеорсх", "ABEKMHOPCTXaeopcx")
_NUMBERED = re.compile(r"(?P<number>[0-9]{1,5})(?P<year>/(?:19|20)[0-9]{2})?/(?P<symbol>.+)")
_SYMBOL = re.compile(r"(?:[^\W\d_]|&)+(?:[-.](?:[^\W\d_]|&)+)*")


class DocumentNumberError(ValueError):
    """A text is no number of a document; `message` says what is wanted."""

    def __init__(self, text: str, message: Message):
        super().__init__(f"not the number of a document: {text!r}")
        self.message = message


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A number and a symbol: 12 and KH-UBND; `kind` is the abbreviation of what it is, if any."""

    number: str
    symbol: str

    @property
    def kind(self) -> str:
        """Return KH of 12/KH-UBND; empty for a letter, which has none."""
        first = self.symbol.partition("-")[0]
        return first if first in KINDS else ""

    def __str__(self) -> str:
        return f"{self.number}/{self.symbol}"


def read_document_number(text: str) -> DocumentNumber:
    """Read "12 / kh – ubnd" as 12/KH-UBND. Raises DocumentNumberError."""
    typed = one_line(text)
    match = _NUMBERED.fullmatch(_parted(typed))
    symbol = _written(match["symbol"]) if match else ""
    if match is None or not _SYMBOL.fullmatch(symbol) or set(match["number"]) == {"0"}:
        raise DocumentNumberError(text, _wanted(typed))
    return DocumentNumber(match["number"] + (match["year"] or ""), symbol)


def tidied(text: str) -> str:
    """Write a number as `read_document_number` does where it is one; "/KH-UBND" while it is blank.

    For papers that are cited: anything else stays as it was printed.
    """
    typed = one_line(text)
    if _parted(typed).startswith("/") and _SYMBOL.fullmatch(_parted(typed)[1:]):
        return "/" + _written(_parted(typed)[1:])
    try:
        return str(read_document_number(typed))
    except DocumentNumberError:
        return typed


def fault_of_kind(number: DocumentNumber, kinds: tuple[str, ...]) -> Message | None:
    """Say that a number is another kind's, where a document can only be one of `kinds`.

    A symbol that names no kind is let be: offices have symbols of their own.
    """
    if not number.kind or number.kind in kinds:
        return None
    return Message(
        N_("%(number)s là số của %(kind)s; văn bản này có ký hiệu %(wanted)s."),
        {
            "number": str(number),
            "kind": Message(KINDS[number.kind]),
            "wanted": ", ".join(f"{kind}-…" for kind in kinds),
        },
    )


def _parted(typed: str) -> str:
    """Take away what stands before a number, and the space around its signs."""
    bare = _PREFIX.sub("", typed).translate(_CYRILLIC)
    return _SLASH.sub("/", _DASH.sub("-", bare)).rstrip(".,; ")


def _written(symbol: str) -> str:
    """Write each part of a symbol with its capitals: kh-ubnd → KH-UBND, qd-ttg → QĐ-TTg."""
    return "-".join(_part(part) for part in symbol.split("-"))


def _part(part: str) -> str:
    known = _KNOWN.get(part.casefold()) or _WITHOUT_MARKS.get(part.casefold())
    if known is not None:
        return known
    mixed = part[:1].isupper() and any(letter.islower() for letter in part)
    return part if mixed else part.upper()


def _wanted(typed: str) -> Message:
    if typed and "/" not in _parted(typed):
        return Message(
            N_("Thiếu dấu “/” giữa số và ký hiệu: viết như 793/QĐ-UBND hoặc 92/KH-UBND.")
        )
    if _parted(typed).startswith("/"):
        return Message(N_("Chưa có số trước dấu “/”: viết như 793/QĐ-UBND hoặc 92/KH-UBND."))
    return Message(N_("Số, ký hiệu văn bản viết như 793/QĐ-UBND hoặc 92/KH-UBND."))
