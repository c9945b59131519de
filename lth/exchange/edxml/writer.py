"""Write a package or a status packet, in the order and with the prefixes of the sample packages.

The tree is written by hand: in the samples one namespace is bound twice, and which element has the
prefix matters to a receiver (one on .NET refuses children of the envelope without it), while a
library would choose for itself. The same value gives the same bytes. No Signature is written: there
is no key here, and a made-up one would say what is not so.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lth.core import clock
from lth.core.errors import BlockedError
from lth.core.vietnamese import one_line
from lth.exchange.edxml import names
from lth.exchange.edxml.gaps import missing, missing_of_status
from lth.exchange.edxml.package import (
    Business,
    Correspondent,
    EarlierDocument,
    EdxmlPackage,
    PackageFile,
    PackageStaff,
    StatusPacket,
)

Content = str | Sequence["Node"]
Node = tuple[str, Content]
"""The name of an element, and its text or its children."""

REASON_OF_NEW = "Văn bản điện tử mới"


def write(package: EdxmlPackage, today: date | None = None) -> bytes:
    """Return the package as a file. `today` is what its day may not be after.

    Raises BlockedError with what `missing` lists.
    """
    if blocked := missing(package, today):
        raise BlockedError(*blocked)
    header = [("MessageHeader", _header(package)), ("TraceHeaderList", _trace(package))]
    references = [("Reference", _reference(file, at)) for at, file in enumerate(package.files)]
    envelope = [("edXMLHeader", header), ("edXMLBody", [("edXMLManifest", references)])]
    attachments = [("Attachment", _attachment(file, at)) for at, file in enumerate(package.files)]
    return _document(envelope, ("AttachmentEncoded", attachments))


def write_status(packet: StatusPacket) -> bytes:
    """Return a status packet as a file. Raises BlockedError with what it lacks."""
    if blocked := missing_of_status(packet):
        raise BlockedError(*blocked)
    moment = _moment(packet.moment or clock.now())
    header = [
        ("From", _agency(packet.sender)),
        ("ResponseFor", _earlier(packet.about)),
        ("StaffInfo", _staff(packet.staff)),
        ("StatusCode", packet.code),
        ("Description", packet.description),
        ("Timestamp", moment),
    ]
    return _document([("edXMLHeader", [("MessageHeader", header)])])


# --- The header ---------------------------------------------------------------------------


def _header(package: EdxmlPackage) -> list[Node]:
    code = [("CodeNumber", package.number), ("CodeNotation", package.notation)]
    made = [("Place", package.place), ("PromulgationDate", _day(package.day))]
    kind = [("Type", package.type_code), ("TypeDetail", "0"), ("TypeName", package.type_name)]
    return [
        ("From", _agency(package.sender)),
        *(("To", _agency(receiver)) for receiver in package.receivers),
        ("DocumentId", package.identifier),
        ("Code", code),
        ("PromulgationInfo", made),
        ("DocumentType", [part for part in kind if part[1]]),
        ("Subject", package.subject),
        *_given("Content", package.content),
        ("SignerInfo", _of(package.signer, names.SIGNER)),
        *_given("DueDate", _day(package.due)),
        ("OtherInfo", _other(package)),
        *(("ResponseFor", _earlier(one)) for one in package.earlier),
        *_given("SteeringType", package.steering),
        *_places(package.to_places),
    ]


def _agency(agency: Correspondent) -> list[Node]:
    return _of(agency, names.AGENCY)


def _staff(staff: PackageStaff) -> list[Node]:
    return _of(staff, names.STAFF)


def _of(value: Any, fields: Iterable[tuple[str, str]]) -> list[Node]:
    return [(name, getattr(value, attribute)) for name, attribute in fields]


def _other(package: EdxmlPackage) -> list[Node]:
    other = package.other
    facts = [node for node in _of(other, names.OTHER) if node[1]]
    appendixes: list[Node] = [("Appendix", text) for text in other.appendixes]
    return [*facts, *([("Appendixes", appendixes)] if appendixes else [])]


def _earlier(earlier: EarlierDocument) -> list[Node]:
    return [
        ("OrganId", earlier.agency),
        ("Code", earlier.numbered),
        ("PromulgationDate", _day(earlier.day)),
        ("DocumentId", earlier.document_id),
    ]


def _places(places: tuple[str, ...]) -> Iterator[Node]:
    if places:
        yield "ToPlaces", [("Place", place) for place in places]


def _given(name: str, text: str) -> Iterator[Node]:
    if text:
        yield name, text


# --- The trace ----------------------------------------------------------------------------


def _trace(package: EdxmlPackage) -> list[Node]:
    steps: list[Node] = [
        ("TraceHeader", [("OrganId", step.agency), ("Timestamp", _moment(step.moment))])
        for step in package.traces
    ]
    reason = package.reason or (REASON_OF_NEW if package.business is Business.NEW else "")
    business: list[Node] = [
        *_given("DocumentId", package.update_of),
        ("BussinessDocType", package.business.value),
        ("BussinessDocReason", reason),
        *_changes(package),
        ("Paper", "0"),
        ("StaffInfo", _staff(package.staff)),
        *_replaced(package),
    ]
    return [*steps, ("Bussiness", business)]


def _changes(package: EdxmlPackage) -> Iterator[Node]:
    if package.business is not Business.UPDATE:
        return
    receivers: list[Node] = [
        ("Receiver", [("OrganId", one.agency), ("ReceiverType", "1" if one.added else "0")])
        for one in package.changes
    ]
    info: list[Node] = [("DocumentInfo", "1"), ("DocumentReceiver", "1" if receivers else "0")]
    listed: list[Node] = [("ReceiverList", receivers)] if receivers else []
    yield "BussinessDocumentInfo", [*info, *listed]


def _replaced(package: EdxmlPackage) -> Iterator[Node]:
    if package.business is Business.REPLACE:
        yield (
            "ReplacementInfoList",
            [
                (
                    "ReplacementInfo",
                    [
                        ("DocumentId", one.document_id),
                        ("OrganIdList", [("OrganId", agency) for agency in one.agencies]),
                    ],
                )
                for one in package.replaced
            ],
        )


# --- Files --------------------------------------------------------------------------------


def _content_id(file: PackageFile, at: int) -> str:
    """Return the name that pairs a file with its reference: its place and what is in it."""
    return f"cid:{at + 1}-{hashlib.sha256(file.data).hexdigest()[:16]}"


def _reference(file: PackageFile, at: int) -> list[Node]:
    return [
        ("ContentId", _content_id(file, at)),
        ("ContentType", file.media_type),
        ("Description", file.description or file.name),
        ("AttachmentName", file.name),
    ]


def _attachment(file: PackageFile, at: int) -> list[Node]:
    return [
        ("ContentId", _content_id(file, at)),
        ("AttachmentName", file.name),
        ("Description", file.description or file.name),
        ("ContentType", file.media_type),
        (_PAYLOAD, base64.b64encode(file.data).decode("ascii")),
    ]


# --- As text ------------------------------------------------------------------------------

_PAYLOAD = f"{names.PREFIX}:ContentTransferEncoded"
_ATTRIBUTES = {"edXMLManifest": ' version="1.0"'}
_BOUND = f" xmlns:{names.PREFIX}={quoteattr(names.NAMESPACE)}"


def _document(envelope: list[Node], attached: Node | None = None) -> bytes:
    prefix = f"{names.PREFIX}:"
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f"<edXML xmlns={quoteattr(names.NAMESPACE)}>")
    lines.extend(_lines((f"{prefix}edXMLEnvelope", envelope), prefix, _BOUND))
    if attached is not None:
        lines.extend(_lines(attached, "", ""))
    lines.append("</edXML>\n")
    return "\n".join(lines).encode("utf-8")


def _lines(node: Node, prefix: str, bound: str = "", depth: int = 1) -> Iterator[str]:
    """Yield an element line by line; `prefix` is that of its children, `bound` its attributes."""
    name, content = node
    local = name.removeprefix(f"{names.PREFIX}:")
    attributes = bound + _ATTRIBUTES.get(local, "")
    if name == _PAYLOAD:
        attributes += _BOUND
    space = "  " * depth
    if isinstance(content, str):
        text = content if name == _PAYLOAD else escape(one_line(content))
        yield f"{space}<{name}{attributes}>{text}</{name}>"
        return
    yield f"{space}<{name}{attributes}>"
    for child, inner in content:
        yield from _lines((_prefixed(child, prefix), inner), prefix, "", depth + 1)
    yield f"{space}</{name}>"


def _prefixed(name: str, prefix: str) -> str:
    return name if ":" in name else prefix + name


def _day(day: date | None) -> str:
    return day.strftime("%Y/%m/%d") if day else ""


def _moment(moment: datetime) -> str:
    return clock.local(moment).strftime("%Y/%m/%d %H:%M:%S")
