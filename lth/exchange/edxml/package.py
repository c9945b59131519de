"""What an edXML package says, as values; `writer` writes them, `reader` reads them back.

Texts are those of the package, one line each. A code is never made up here: it is what the office
entered, or empty.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Business(StrEnum):
    """What a package is sent for (BussinessDocType)."""

    NEW = "0"
    RECALL = "1"
    UPDATE = "2"
    REPLACE = "3"


class Priority(StrEnum):
    """Độ khẩn of a package."""

    NORMAL = "0"
    URGENT = "1"
    VERY_URGENT = "2"
    EXPRESS = "3"
    EXPRESS_BY_HOUR = "4"


@dataclass(frozen=True, slots=True)
class Correspondent:
    """An agency that sends or receives; `code` is its mã định danh, empty while it has none."""

    name: str
    code: str = ""
    in_charge: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class PackageSigner:
    """Who signed: TM., KT., TL. or TUQ. (`competence`), position and name."""

    competence: str = ""
    position: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class PackageStaff:
    """Who to ask about a package."""

    department: str = ""
    name: str = ""
    email: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class OtherFacts:
    """Độ khẩn, lĩnh vực, ký hiệu người soạn, số bản, số trang and the names of the annexes."""

    priority: str = Priority.NORMAL.value
    field: str = ""
    typer: str = ""
    copies: str = ""
    pages: str = ""
    appendixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierDocument:
    """A document that a package answers, recalls or tells the state of (ResponseFor).

    `agency` is the code of who issued it, `numbered` its number and symbol ("267/VPCP-TTĐT").
    """

    agency: str = ""
    numbered: str = ""
    document_id: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ReplacedDocument:
    """A document that a package takes the place of, and at which agencies."""

    document_id: str
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverChange:
    """An agency that an update adds to the receivers, or takes from them."""

    agency: str
    added: bool


@dataclass(frozen=True, slots=True)
class TraceStep:
    """A system that a package went through, and when."""

    agency: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file of a package."""

    name: str
    data: bytes
    media_type: str = "application/pdf"
    description: str = ""


@dataclass(frozen=True, slots=True)
class EdxmlPackage:
    """A package. `paper` is the signed PDF, `attachments` what goes with it.

    `document_id` is empty where it is made of the sender's code, the day and the number (see
    `identifier`). `earlier` are the documents that it answers or recalls, `replaced` those it takes
    the place of, `update_of` the id of the one it changes, with `changes` of the receivers.
    `moment` is when it was made; `traces` are the systems it went through, the sender's first.
    """

    sender: Correspondent
    receivers: tuple[Correspondent, ...]
    number: str = ""
    notation: str = ""
    place: str = ""
    day: date | None = None
    type_name: str = ""
    type_code: str = ""
    subject: str = ""
    content: str = ""
    signer: PackageSigner = field(default_factory=PackageSigner)
    due: date | None = None
    other: OtherFacts = field(default_factory=OtherFacts)
    earlier: tuple[EarlierDocument, ...] = ()
    steering: str = ""
    document_id: str = ""
    to_places: tuple[str, ...] = ()
    business: Business = Business.NEW
    reason: str = ""
    staff: PackageStaff = field(default_factory=PackageStaff)
    update_of: str = ""
    changes: tuple[ReceiverChange, ...] = ()
    replaced: tuple[ReplacedDocument, ...] = ()
    traces: tuple[TraceStep, ...] = ()
    paper: PackageFile | None = None
    attachments: tuple[PackageFile, ...] = ()

    @property
    def numbered(self) -> str:
        """Return number and symbol: "12/KH-UBND"."""
        return f"{self.number}/{self.notation}"

    @property
    def identifier(self) -> str:
        """Return its id: the one given, or code, day and number with commas between.

        Empty while one of them is missing.
        """
        if self.document_id:
            return self.document_id
        if not (self.sender.code and self.number and self.notation and self.day):
            return ""
        return f"{self.sender.code},{self.day:%Y/%m/%d},{self.numbered}"

    @property
    def files(self) -> tuple[PackageFile, ...]:
        """Return the signed paper first, then what goes with it."""
        return (*((self.paper,) if self.paper else ()), *self.attachments)


@dataclass(frozen=True, slots=True)
class StatusPacket:
    """What a receiver tells about a document; `code` is one of `statuses.STATUSES`, or unknown."""

    sender: Correspondent
    about: EarlierDocument
    code: str
    description: str = ""
    staff: PackageStaff = field(default_factory=PackageStaff)
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class DuplicateKeys:
    """By what the same document is found again: its id, and whose number of which day it is."""

    document_id: str
    numbered: str


def keys_of(package: EdxmlPackage) -> DuplicateKeys:
    """Return the keys of a package, in small letters; empty where it says too little."""
    day = package.day.isoformat() if package.day else ""
    parts = (package.sender.code, package.numbered, day)
    enough = package.sender.code and package.number and day
    return DuplicateKeys(
        package.identifier.casefold(), "|".join(parts).casefold() if enough else ""
    )
