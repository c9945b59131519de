"""A paper as one value: every text that stands on it, in its place (Nghị định 30/2020/NĐ-CP, PL I).

The writers (`word`, `pdf`) read nothing else, so that both say the same, and a paper can be made of
a plan file as of a revision. All texts are those of the paper, in Vietnamese and in NFC, complete
with their punctuation; how they look is the writers' part. The numbers in brackets are the cells
(ô) of the decree's layout.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lth.core.urgency import STAMP_WIDTH, URGENCY_NAME, Urgency


class PaperKind(StrEnum):
    """A kind of paper that is written; its letters in a symbol stand in `LETTERS`."""

    DECISION = "decision"
    PLAN = "plan"
    PROPOSAL = "proposal"
    LETTER = "letter"
    APPRAISAL = "appraisal"
    REPORT = "report"


KIND_NAME = {
    PaperKind.DECISION: "Quyết định",
    PaperKind.PLAN: "Kế hoạch",
    PaperKind.PROPOSAL: "Tờ trình",
    PaperKind.LETTER: "Công văn",
    PaperKind.APPRAISAL: "Báo cáo thẩm định",
    PaperKind.REPORT: "Báo cáo",
}
"""Names of kinds, as documents say them; the printed one (ô 5a) is in capitals."""

LETTERS = {
    PaperKind.DECISION: "QĐ",
    PaperKind.PLAN: "KH",
    PaperKind.PROPOSAL: "TTr",
    PaperKind.LETTER: "",
    PaperKind.APPRAISAL: "BC",
    PaperKind.REPORT: "BC",
}
"""Abbreviations in a symbol (Phụ lục III); a công văn has none."""


# --- What a body is made of ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Runs = tuple[Run, ...]


class ParagraphStyle(StrEnum):
    """How a paragraph is set: PART "I. TIÊU ĐỀ" and CLAUSE "1. Khoản" have titles and are bold;
    ARTICLE begins with "Điều 1." in bold; POINT is "a) …", ITEM "- …", both regular; CENTRED stands
    alone, such as "QUYẾT ĐỊNH:" (bold by its runs); BASIS is a căn cứ, in italics.
    """

    PLAIN = "plain"
    PART = "part"
    CLAUSE = "clause"
    ARTICLE = "article"
    POINT = "point"
    ITEM = "item"
    CENTRED = "centred"
    BASIS = "basis"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, its numeral within its text."""

    runs: Runs
    style: ParagraphStyle = ParagraphStyle.PLAIN

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


class Align(StrEnum):
    """Where the text of a column stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table; `share` is its part of the width, in proportion to the others'."""

    title: str
    share: int = 1
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: a text a column; a `total` is bold, a `heading` spans its first text."""

    cells: tuple[str, ...]
    total: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head that is repeated on every page; `unit` stands above it on the right.

    One that is `apart` begins a new page.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    unit: str = ""
    apart: bool = False


Block = Paragraph | Table


# --- What stands around it ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signature:
    """The block of who signs (ô 7a, 7b): TM., KT., TL., TUQ. and the position, line by line."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """A phụ lục with page numbers of its own: "Phụ lục I", its title, where it belongs to."""

    label: str
    title: str
    belongs: str
    body: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """What a decision issues with it: its kind and subject, "(Kèm theo Quyết định số …)", body."""

    kind: PaperKind
    subject: str
    belongs: str
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """Where anybody may see whether the paper is as it was issued: a short code, its address."""

    code: str
    url: str


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper. `parent` is the agency above (ô 2), empty where none is printed; `number` the
    number alone ("05", empty while it has none), `symbol` what follows the stroke ("KH-UBND").

    `authority` is the line over the bases of a decision ("CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN …").
    `addressees` are those of "Kính gửi" (ô 9a), `recipients` those of "Nơi nhận" (ô 9b) but for
    the last, `archive` ("VT, LĐTBXH"). A `draft` says DỰ THẢO and has no number. `day` None leaves
    room for the day and the month; `year` is printed even then.

    Bases end in ";" and "." and a body in "./." (`closed`) as they are given. What addressees and
    recipients end in, their dashes, "V/v" and "Lưu:" are put by the properties below, which
    writers print; the subject, the addressees and the recipients are bare names.
    """

    kind: PaperKind
    agency: str
    symbol: str
    place: str
    subject: str
    body: tuple[Block, ...]
    signature: Signature
    parent: str = ""
    number: str = ""
    day: date | None = None
    year: int | None = None
    authority: str = ""
    addressees: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    archive: str = "VT"
    attached: Attached | None = None
    annexes: tuple[Annex, ...] = ()
    draft: bool = False
    checked: Checked | None = None
    urgency: Urgency = Urgency.NORMAL

    @property
    def stamp(self) -> str:
        """Return the stamp of its urgency (ô 10b), empty where there is none."""
        return URGENCY_NAME[self.urgency].upper() if self.urgency in STAMP_WIDTH else ""

    @property
    def numbered(self) -> str:
        """Return number and symbol as printed after "Số:"; room for the number while blank."""
        return f"{self.number or BLANK}/{self.symbol}"

    @property
    def dated(self) -> str:
        """Return place and day as printed (ô 4): days below 10, January and February with 0."""
        if self.day is None:
            return f"{self.place}, ngày {BLANK} tháng {BLANK} năm {self.year or BLANK}"
        day, month = self.day.day, self.day.month
        months = f"{month:02}" if month < _MONTHS_WITHOUT_ZERO else str(month)
        return f"{self.place}, ngày {day:02} tháng {months} năm {self.day.year}"

    @property
    def heading(self) -> str:
        """Return what stands over the body: the subject, in a công văn "V/v …" (ô 5a, 5b)."""
        return f"V/v {self.subject}" if self.kind is PaperKind.LETTER else self.subject

    @property
    def addressee_lines(self) -> tuple[str, ...]:
        """Return what follows "Kính gửi:": one name bare, several as a list (ô 9a)."""
        if len(self.addressees) < 2:
            return self.addressees
        *others, last = self.addressees
        return (*(f"- {name};" for name in others), f"- {last}.")

    @property
    def recipient_lines(self) -> tuple[str, ...]:
        """Return what stands under "Nơi nhận:", with "- Lưu: …." at the end (ô 9b)."""
        return (*(f"- {name};" for name in self.recipients), f"- Lưu: {self.archive}.")

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the paragraphs of its body, of what is attached and of the annexes, in order."""
        parts = (self.attached.body if self.attached else ()), *(a.body for a in self.annexes)
        for block in (*self.body, *(block for part in parts for block in part)):
            if isinstance(block, Paragraph):
                yield block


BLANK = " " * 6
"""Room to write a number or a day by hand."""

_MONTHS_WITHOUT_ZERO = 3


def plain(
    text: str, style: ParagraphStyle = ParagraphStyle.PLAIN, *, bold: bool = False
) -> Paragraph:
    """Return a paragraph in one style of letters."""
    return Paragraph((Run(text, bold),), style)


END = "./."
"""How the text of a paper ends."""


def closed(body: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return a body that ends in "./."; one that ends with a table gets it below."""
    if not body or not isinstance(body[-1], Paragraph) or not body[-1].runs:
        return (*body, plain(END))
    *before, last = body
    text = last.runs[-1].text.rstrip()
    ended = text if text.endswith(END) else text.rstrip(".;,:") + END
    return (*before, replace(last, runs=(*last.runs[:-1], replace(last.runs[-1], text=ended))))
