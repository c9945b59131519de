"""Word what stands around the text of any paper: agency, symbol, bases, signature, recipients.

Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II. Everything here is in Vietnamese, as papers are.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from lth.core.readers.document_numbers import tidied
from lth.core.vietnamese import capitalize_first, lower_first
from lth.exchange.papers.text import BLANK, LETTERS, PaperKind, Signature
from lth.models.document import SignForm
from lth.models.parts import IssuerForm
from lth.workflow.signing import COLLECTIVE, HEAD

SHORT_COMMITTEE = "UBND"

_TYPES = (
    *("thành phố", "thị xã", "thị trấn", "đặc khu", "phường"),
    *("huyện", "quận", "tỉnh", "xã"),
)
_PERSONS = frozenset({"Hồ Chí Minh"})
_LAWS = ("luật", "bộ luật", "pháp lệnh", "hiến pháp")
_WHOLE_BASIS = re.compile(r"(?:Căn cứ|Theo|Thực hiện|Xét)\b")
_OF_A_LETTER = re.compile(r"^V/v:?\s*", re.IGNORECASE)
_ARCHIVE = re.compile(r"^Lưu\s*:?\s*", re.IGNORECASE)
_MONTHS_WITH_ZERO = 2


class Cited(Protocol):
    """A document that a paper cites, as a line of bases or of the dossier says it."""

    number: str
    dated_on: date | None
    issuer: str
    title: str


class Addressed(Protocol):
    """A line of Nơi nhận."""

    name: str
    purpose: str


# --- Agency, number, place ----------------------------------------------------------------


def committee(unit: str) -> str:
    """Return the people's committee of a unit ("huyện Trà Cú") as it stands in a sentence."""
    return f"{COLLECTIVE} {unit}"


def agency_block(
    unit: str, parent: str = "", office: str = "", *, above: bool = True
) -> tuple[str, str]:
    """Return the agency above and the one that issues, in capitals (ô 2).

    An office stands under its committee, a committee under that of the unit above, where there is
    one and its custom is to print it (`above`).
    """
    if office:
        return f"{SHORT_COMMITTEE} {unit}".upper(), office.upper()
    higher = f"{SHORT_COMMITTEE} {parent}".upper() if parent and above else ""
    return higher, committee(unit).upper()


def place_of(unit: str) -> str:
    """Return the địa danh of a unit: its name without its type, unless a number or a person's."""
    lowered = unit.casefold()
    kind = next((kind for kind in _TYPES if lowered.startswith(f"{kind} ")), "")
    name = unit[len(kind) :].strip()
    if not kind or name[:1].isdigit() or name in _PERSONS:
        return capitalize_first(unit)
    return name


def parted(number: str) -> tuple[str, str]:
    """Part a printed number, "5/KH-UBND", into "05" and "KH-UBND"; "/KH-UBND" has no number."""
    figure, stroke, symbol = number.partition("/")
    if not stroke:
        return "", ""
    figure = figure.strip()
    return (figure.zfill(2) if figure.isdigit() else figure), symbol.strip()


def symbol_of(kind: PaperKind, office: str = SHORT_COMMITTEE, unit: str = "") -> str:
    """Return a symbol: "KH-UBND"; of a công văn "UBND-VX" with the unit that drafted it."""
    parts = (LETTERS[kind], office) if LETTERS[kind] else (office, unit)
    return "-".join(part for part in parts if part)


def written_day(day: date | None, year: int | None = None) -> str:
    """Write "ngày 07 tháng 5 năm 2021", with room where the day is not known."""
    if day is None:
        return f"ngày {BLANK} tháng {BLANK} năm {year or BLANK}"
    month = f"{day.month:02}" if day.month <= _MONTHS_WITH_ZERO else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def belongs_to(kind: str, number: str, day: date | None, year: int | None, issuer: str) -> str:
    """Say what an annex or an attached document belongs to: "(Kèm theo Quyết định số …)"."""
    return f"(Kèm theo {kind} số {number} {written_day(day, year)} của {issuer})"


def subject_of_letter(title: str) -> str:
    """Return the subject of a công văn without "V/v"."""
    return _OF_A_LETTER.sub("", title)


# --- What is cited ------------------------------------------------------------------------


def reference(kind: str, cited: Cited) -> str:
    """Name a document in full: kind, number, day, issuer and what it is about."""
    title = " ".join(cited.title.split())
    if kind.casefold() in _LAWS:
        head = title if title.casefold().startswith(kind.casefold()) else f"{kind} {title}"
        about = ""
    else:
        head, about = kind, lower_first(title)
    said = [
        head,
        f"số {tidied(cited.number)}" if cited.number else "",
        written_day(cited.dated_on) if cited.dated_on else "",
        f"của {cited.issuer}" if cited.issuer else "",
        _about(kind, about),
    ]
    return " ".join(part for part in said if part)


def _about(kind: str, title: str) -> str:
    if kind.casefold() in {"công văn", "tờ trình"} and title and not title.startswith("về "):
        return f"về việc {title}"
    return title


def basis(kind: str, cited: Cited) -> str:
    """Word one basis without its end: "Căn cứ …", of a tờ trình "Theo đề nghị của …"."""
    if _WHOLE_BASIS.match(cited.title) and not cited.number:
        return cited.title.rstrip(" ;.,")
    if kind.casefold() == "tờ trình" and cited.issuer:
        number = f" số {tidied(cited.number)}" if cited.number else ""
        day = f" {written_day(cited.dated_on)}" if cited.dated_on else ""
        return f"Theo đề nghị của {cited.issuer} tại Tờ trình{number}{day}"
    return f"Căn cứ {reference(kind, cited)}".rstrip(" ;.,")


def ended(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts that end in ";" and the last in "."; what they ended in is taken off."""
    bare = [text.rstrip(" ;.,") for text in texts]
    return tuple(f"{text}{'.' if at == len(bare) else ';'}" for at, text in enumerate(bare, 1))


# --- Who signs, who gets it ---------------------------------------------------------------


def signature(
    form: SignForm | None,
    position: str = "",
    *,
    name: str = "",
    issuer: IssuerForm = IssuerForm.COLLECTIVE,
) -> Signature:
    """Return the block of who signs, line by line in capitals (ô 7a), from the form of signature.

    Without one a collective's head signs for it (TM.), and any other head alone.
    """
    if form is None:
        form = SignForm.TM if issuer is IssuerForm.COLLECTIVE else SignForm.HEAD
    position = " ".join(position.split())
    head = _head_of(position, issuer)
    own = position or f"Phó {head}"
    lines = {
        SignForm.TM: (f"TM. {COLLECTIVE}", position or head),
        SignForm.TM_KT: (f"TM. {COLLECTIVE}", f"KT. {head}", own),
        SignForm.HEAD: (position or head,),
        SignForm.KT: (f"KT. {head}", own),
        SignForm.TL: (f"TL. {head}", position),
        SignForm.TUQ: (f"TUQ. {head}", position),
        SignForm.Q: (f"Q. {head}",),
    }[form]
    return Signature(tuple(line.upper() for line in lines if line), name)


def _head_of(position: str, issuer: IssuerForm) -> str:
    """Return whose deputy a position is: of "Phó Trưởng phòng" Trưởng phòng; else the chairman."""
    if position.startswith("Phó "):
        return capitalize_first(position.removeprefix("Phó "))
    return "Thủ trưởng cơ quan" if issuer is IssuerForm.OFFICE else HEAD


def receivers(lines: Iterable[Addressed]) -> tuple[tuple[str, ...], str]:
    """Part Nơi nhận into those it is sent to and what stands after "Lưu:" ("VT" unless said)."""
    sent, archive = [], "VT"
    for line in lines:
        name = line.name.strip().lstrip("-–").strip().rstrip(" ;.")
        if _ARCHIVE.match(name):
            archive = _ARCHIVE.sub("", name) or archive
        elif name:
            sent.append(f"{name} ({line.purpose})" if line.purpose else name)
    return tuple(sent), archive
