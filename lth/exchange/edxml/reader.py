"""Read a package or a status packet, of whichever builder, and note what is odd about it.

Elements are found by their names alone, in any namespace, so that older forms are read too. What is
no day stays as the text that it is. The file is parsed in a process of its own (`lth.core.apart`).
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from lth.core import apart, clock
from lth.core.clean_text import visible
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message, pack, unpack
from lth.core.readers.days import UnreadableDayError, read_day
from lth.core.vietnamese import one_line
from lth.exchange.edxml import names
from lth.exchange.edxml.attached import PAYLOADS, ReadFile, files_of
from lth.exchange.edxml.markup import Element, parse
from lth.exchange.edxml.package import (
    Business,
    Correspondent,
    EarlierDocument,
    EdxmlPackage,
    OtherFacts,
    PackageSigner,
    PackageStaff,
    ReceiverChange,
    ReplacedDocument,
    StatusPacket,
    TraceStep,
)

LONGEST_VALUE = 1000
"""Characters of a field that are read; the longest that is allowed has 500."""

MOST_OF_A_LIST = 1000

NOT_EDXML = Message(N_("Tệp XML này không phải gói tin edXML: không thấy phần MessageHeader."))

_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$")
_MOMENT = re.compile(r"(.{8,10})[T ](\d{1,2}):(\d{2})(?::(\d{2}))?")


@dataclass(frozen=True, slots=True)
class ReadPackage:
    """What a file holds: a package with its files, or a status packet; `notes` say what is odd.

    `day_text` and `due_text` are days as they stand there, also those that no calendar has. The
    package's own `paper` and `attachments` are empty: what came is in `files`.
    """

    package: EdxmlPackage | None
    status: StatusPacket | None = None
    files: tuple[ReadFile, ...] = ()
    notes: tuple[Message, ...] = ()
    day_text: str = ""
    due_text: str = ""


def read(data: bytes) -> ReadPackage:
    """Read a file that a stranger sent, in a process of its own.

    Raises BlockedError, with a sentence, for what is no package or could harm.
    """
    answer = apart.call("lth.exchange.edxml.reader:read_apart", data, seconds=20, megabytes=1024)
    files = tuple(
        ReadFile(**(one | {"data": base64.b64decode(one["data"])})) for one in answer["files"]
    )
    notes = tuple(unpack(note) for note in answer["notes"])
    return replace(_understood(_element(answer["tree"]), notes), files=files)


def read_here(data: bytes) -> ReadPackage:
    """Read a file in this process: for files that were written here, and for tests."""
    tree = parse(data)
    files, notes = files_of(tree)
    return replace(_understood(tree, tuple(notes)), files=files)


def read_apart(data: bytes) -> dict[str, Any]:
    """Return files, notes and the tree without the files, as JSON."""
    tree = parse(data)
    files, notes = files_of(tree)
    return {
        "files": [
            {
                "name": file.name,
                "media_type": file.media_type,
                "data": base64.b64encode(file.data).decode("ascii"),
                "description": file.description,
            }
            for file in files
        ],
        "notes": [pack(note) for note in notes],
        "tree": _listed(tree),
    }


# --- Between the processes ----------------------------------------------------------------

_Listed = list[Any]


def _listed(element: Element) -> _Listed:
    """Return an element as a list: name, the text of a field, children; payloads are left out."""
    text = "" if element.name in PAYLOADS else element.text.strip()
    return [element.name, text[: 4 * LONGEST_VALUE], [_listed(one) for one in element.children]]


def _element(listed: _Listed) -> Element:
    name, text, children = listed
    return Element(name, [text], [_element(child) for child in children])


# --- What it says -------------------------------------------------------------------------


def _understood(root: Element, notes: tuple[Message, ...]) -> ReadPackage:
    header = root.find("messageheader") or root.find("status")
    if header is None:
        raise BlockedError(NOT_EDXML)
    odd = list(notes)
    if header.child("statuscode") is not None:
        return ReadPackage(None, _status(header, odd), notes=tuple(odd))
    made = header.child("promulgationinfo") or Element("")
    day_text, due_text = _value(made, "promulgationdate"), _value(header, "duedate")
    package = _package(root, header, odd)
    package = replace(
        package,
        place=_value(made, "place"),
        day=_day(day_text, N_("Ngày ban hành “%(day)s” không phải ngày có thật."), odd),
        due=_day(due_text, N_("Hạn xử lý “%(day)s” không phải ngày có thật."), odd),
    )
    _notice_gaps(package, odd)
    return ReadPackage(package, None, (), tuple(odd), day_text, due_text)


def _package(root: Element, header: Element, odd: list[Message]) -> EdxmlPackage:
    code, kind = header.child("code") or Element(""), header.child("documenttype") or Element("")
    trace = root.find("traceheaderlist") or Element("")
    business = trace.child("bussiness", "business") or root.find("bussiness", "business")
    business = business or Element("")
    purpose = _purpose(_value(business, "bussinessdoctype", "businessdoctype"), odd)
    places = header.child("toplaces") or Element("")
    return EdxmlPackage(
        sender=_agency(header.child("from")),
        receivers=tuple(_agency(one) for one in header.all("to")[:MOST_OF_A_LIST]),
        number=_value(code, "codenumber"),
        notation=_value(code, "codenotation"),
        type_name=_value(kind, "typename"),
        type_code=_value(kind, "type"),
        subject=_value(header, "subject"),
        content=_value(header, "content"),
        signer=PackageSigner(**_fields(header.child("signerinfo"), names.SIGNER)),
        other=_other(header.child("otherinfo")),
        earlier=tuple(_earlier(one, odd) for one in header.all("responsefor")[:MOST_OF_A_LIST]),
        steering=_value(header, "steeringtype"),
        document_id=_value(header, "documentid"),
        to_places=tuple(
            one_line(one.text)[:LONGEST_VALUE] for one in places.all("place")[:MOST_OF_A_LIST]
        ),
        business=purpose,
        reason=_value(business, "bussinessdocreason", "businessdocreason"),
        staff=PackageStaff(**_fields(business.child("staffinfo"), names.STAFF)),
        update_of=_value(business, "documentid") if purpose is Business.UPDATE else "",
        changes=_changes(business) if purpose is Business.UPDATE else (),
        replaced=_replaced(business) if purpose is Business.REPLACE else (),
        traces=_traces(trace),
    )


def _status(header: Element, odd: list[Message]) -> StatusPacket:
    about = header.child("responsefor")
    return StatusPacket(
        sender=_agency(header.child("from")),
        about=_earlier(about, odd) if about is not None else EarlierDocument(),
        code=_value(header, "statuscode"),
        description=_value(header, "description"),
        staff=PackageStaff(**_fields(header.child("staffinfo"), names.STAFF)),
        moment=_moment(_value(header, "timestamp")),
    )


def _purpose(code: str, odd: list[Message]) -> Business:
    plain = code.lstrip("0") or "0"
    if plain in set(Business):
        return Business(plain)
    said = N_("Loại nghiệp vụ “%(code)s” chưa rõ, gói tin được xem như văn bản mới.")
    odd.append(Message(said, {"code": code[:20]}))
    return Business.NEW


def _notice_gaps(package: EdxmlPackage, odd: list[Message]) -> None:
    wanted = (
        (package.sender.code, N_("Gói tin không ghi mã định danh của nơi gửi.")),
        (package.number, N_("Gói tin không ghi số văn bản.")),
        (package.subject, N_("Gói tin không ghi trích yếu.")),
        (package.receivers, N_("Gói tin không ghi nơi nhận.")),
    )
    odd.extend(Message(said) for value, said in wanted if not value)


def _agency(element: Element | None) -> Correspondent:
    return Correspondent(**_fields(element, names.AGENCY))


def _fields(element: Element | None, fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    held = element or Element("")
    return {attribute: _value(held, name.casefold()) for name, attribute in fields}


def _other(element: Element | None) -> OtherFacts:
    listed = (element.child("appendixes") if element else None) or Element("")
    appendixes = [one_line(one.text)[:LONGEST_VALUE] for one in listed.all("appendix")]
    return OtherFacts(
        **_fields(element, names.OTHER), appendixes=tuple(appendixes[:MOST_OF_A_LIST])
    )


def _earlier(element: Element, odd: list[Message]) -> EarlierDocument:
    day = _value(element, "promulgationdate")
    return EarlierDocument(
        agency=_value(element, "organid"),
        numbered=_value(element, "code"),
        document_id=_value(element, "documentid"),
        day=_day(day, N_("Ngày của văn bản được nhắc đến “%(day)s” không phải ngày có thật."), odd),
    )


def _changes(business: Element) -> tuple[ReceiverChange, ...]:
    listed = business.find("receiverlist") or Element("")
    return tuple(
        ReceiverChange(_value(one, "organid"), _value(one, "receivertype") == "1")
        for one in listed.all("receiver")[:MOST_OF_A_LIST]
    )


def _replaced(business: Element) -> tuple[ReplacedDocument, ...]:
    listed = business.find("replacementinfolist") or Element("")
    return tuple(
        ReplacedDocument(
            _value(one, "documentid"),
            tuple(
                one_line(agency.text)[:LONGEST_VALUE]
                for agency in (one.child("organidlist") or Element("")).all("organid")
            ),
        )
        for one in listed.all("replacementinfo")[:MOST_OF_A_LIST]
    )


def _traces(trace: Element) -> tuple[TraceStep, ...]:
    steps = []
    for one in trace.all("traceheader")[:MOST_OF_A_LIST]:
        moment = _moment(_value(one, "timestamp"))
        if moment is not None:
            steps.append(TraceStep(_value(one, "organid"), moment))
    return tuple(steps)


def _value(element: Element, *known: str) -> str:
    return one_line(visible(element.value(*known)[: 4 * LONGEST_VALUE]))[:LONGEST_VALUE]


def _day(text: str, told: str, odd: list[Message]) -> date | None:
    if not text:
        return None
    try:
        return read_day(_TIME.sub("", text))
    except UnreadableDayError:
        odd.append(Message(told, {"day": text[:40]}))
        return None


def _moment(text: str) -> datetime | None:
    """Return the moment of a timestamp, in Vietnamese time; None for what is none."""
    match = _MOMENT.match(text)
    if match is None:
        return None
    try:
        day = read_day(match[1])
        hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=clock.TIMEZONE)
    except (UnreadableDayError, ValueError):
        return None
