"""Packets that came in as files: kept as they came, found again, told what they say.

Nothing of a packet is applied by itself: a recall, an update or a replacement is a notice that
somebody accepts or refuses, and both versions stay. What came is found again by the id of the
document, and by whose number of which day it is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope, Sight
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message, pack, unpack
from lth.core.readers.days import UnreadableDayError, read_day
from lth.exchange.edxml import reader
from lth.exchange.edxml.attached import ReadFile, safe_name
from lth.exchange.edxml.package import (
    Business,
    DuplicateKeys,
    EarlierDocument,
    StatusPacket,
    keys_of,
)
from lth.exchange.edxml.reader import ReadPackage
from lth.exchange.files.store import FileStore
from lth.exchange.files.virus_check import VirusScanner
from lth.models import ExchangePacket
from lth.models.packet import PacketKind

_KIND = {
    Business.NEW: PacketKind.NEW,
    Business.RECALL: PacketKind.RECALL,
    Business.UPDATE: PacketKind.UPDATE,
    Business.REPLACE: PacketKind.REPLACE,
}
LARGEST_FILE = 15 * 1024 * 1024
LONGEST_KEY = 200


# --- Kept ---------------------------------------------------------------------------------


def receive(
    session: Session,
    actor: Actor,
    store: FileStore,
    data: bytes,
    file_name: str,
    *,
    now: datetime,
    scanner: VirusScanner | None = None,
) -> ExchangePacket:
    """Read a file and keep it as a packet of the actor's unit, whether it came before or not.

    Its files are checked one by one: a scanner sees nothing in what is packed in base64. The
    database is asked only after that. Raises BlockedError for what is no packet, or is infected.
    """
    if not data:
        raise RefusedError("file", N_("Hãy chọn tệp gói tin (.edxml)."))
    if len(data) > LARGEST_FILE:
        raise RefusedError("file", N_("Tệp lớn quá %(most)s MB."), most=LARGEST_FILE // 1024**2)
    found = reader.read(data)
    if scanner is not None:
        for file in found.files:
            scanner.check(file.data)
    packet = _packet(found)
    packet.unit_id = unit_of(actor)
    packet.at, packet.person_id, packet.person_name = now, actor.person_id, actor.person_name
    packet.file_name = safe_name(file_name, "goi-tin.edxml")
    packet.sha256, packet.size = store.put(data), len(data)
    session.add(packet)
    session.flush()
    return packet


def unit_of(actor: Actor) -> int:
    """Return the unit of an actor. Raises ValueError where there is none."""
    if actor.unit_id is None:
        raise ValueError("packets are those of a unit")
    return actor.unit_id


def _packet(found: ReadPackage) -> ExchangePacket:
    if found.status is not None:
        return _status_packet(found, found.status)
    package = found.package
    if package is None:
        raise ValueError("a file that was read is a package or a status")
    keys = keys_of(package)
    return ExchangePacket(
        kind=_KIND[package.business],
        document_id=keys.document_id[:LONGEST_KEY],
        numbered=keys.numbered[:LONGEST_KEY],
        sender_name=package.sender.name[:200],
        number=_number(package.number, package.notation),
        day=package.day,
        subject=package.subject[:500],
        facts=_facts(found),
    )


def _number(number: str, notation: str) -> str:
    return "/".join(part for part in (number, notation) if part)[:80]


def _status_packet(found: ReadPackage, status: StatusPacket) -> ExchangePacket:
    about = _completed(status.about)
    return ExchangePacket(
        kind=PacketKind.STATUS,
        document_id=about.document_id.casefold()[:LONGEST_KEY],
        numbered=_key_of(about),
        sender_name=status.sender.name[:200],
        number=about.numbered[:80],
        day=about.day,
        subject=status.description[:500],
        status_code=status.code[:8],
        facts=_facts(found),
    )


def _completed(about: EarlierDocument) -> EarlierDocument:
    """Take from an id of code, day and number what is not said beside it."""
    parts = about.document_id.split(",")
    if len(parts) != 3:
        return about
    try:
        day: date | None = read_day(parts[1])
    except UnreadableDayError:
        day = None
    return EarlierDocument(
        about.agency or parts[0],
        about.numbered or parts[2],
        about.document_id,
        about.day or day,
    )


def _key_of(about: EarlierDocument) -> str:
    """Return the key of a document that is told of, as `keys_of` makes it."""
    day = about.day.isoformat() if about.day else ""
    enough = about.agency and about.numbered and day
    return "|".join((about.agency, about.numbered, day)).casefold()[:LONGEST_KEY] if enough else ""


def _facts(found: ReadPackage) -> dict[str, Any]:
    """Return what a packet says as JSON: days as text, files by name, type and size."""
    said = found.package or found.status
    if said is None:
        raise ValueError("a file that was read is a package or a status")
    facts: dict[str, Any] = _plain(asdict(said))
    facts["files"] = [
        {"name": file.name, "media_type": file.media_type, "size": len(file.data)}
        for file in found.files
    ]
    facts["notes"] = [pack(note) for note in found.notes]
    return facts | {"day_text": found.day_text, "due_text": found.due_text}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


# --- Found again --------------------------------------------------------------------------


def seen(scope: Scope) -> ColumnElement[bool]:
    """Limit packets to those of the scope's own unit; observers see none."""
    if scope.sight is Sight.SYSTEM:
        return true()
    return ExchangePacket.unit_id == scope.unit_id if scope.sight is Sight.ALL else false()


def listing(
    session: Session, scope: Scope, *, limit: int, offset: int
) -> tuple[list[ExchangePacket], int]:
    """List the packets that came, the newest first, and how many there are."""
    where = (seen(scope), ExchangePacket.kind != PacketKind.ANSWER)
    statement = select(ExchangePacket).where(*where).order_by(ExchangePacket.id.desc())
    total = session.scalar(select(func.count()).select_from(ExchangePacket).where(*where)) or 0
    return list(session.scalars(statement.limit(limit).offset(offset))), total


def answered(
    session: Session, scope: Scope, packets: Sequence[ExchangePacket]
) -> dict[int, list[ExchangePacket]]:
    """Return the answers to some packets, by the id of what they answer."""
    ids = [packet.id for packet in packets]
    where = (seen(scope), ExchangePacket.answers_id.in_(ids))
    found: dict[int, list[ExchangePacket]] = {}
    for answer in session.scalars(select(ExchangePacket).where(*where).order_by(ExchangePacket.id)):
        if answer.answers_id is not None:
            found.setdefault(answer.answers_id, []).append(answer)
    return found


def find(session: Session, packet_id: int, scope: Scope) -> ExchangePacket | None:
    """Find a packet within the scope."""
    statement = select(ExchangePacket).where(ExchangePacket.id == packet_id, seen(scope))
    return session.scalar(statement)


@dataclass(frozen=True)
class Related:
    """Other packets about the same document: the same again, what it is about, states told."""

    same: tuple[ExchangePacket, ...]
    earlier: tuple[ExchangePacket, ...]
    states: tuple[ExchangePacket, ...]


def related(session: Session, packet: ExchangePacket, scope: Scope) -> Related:
    """Find what else came about the document of a packet, or about those that it would change."""
    about = [DuplicateKeys(packet.document_id, packet.numbered), *_named(packet)]
    ids = {one.document_id for one in about if one.document_id}
    numbers = {one.numbered for one in about if one.numbered}
    matches = or_(ExchangePacket.document_id.in_(ids), ExchangePacket.numbered.in_(numbers))
    others = (
        select(ExchangePacket)
        .where(
            seen(scope),
            matches,
            ExchangePacket.id != packet.id,
            ExchangePacket.kind != PacketKind.ANSWER,
        )
        .order_by(ExchangePacket.id)
        .limit(50)
    )
    same, earlier, states = [], [], []
    for other in session.scalars(others):
        if other.kind is PacketKind.STATUS:
            states.append(other)
        elif other.kind is packet.kind and _same(other, packet):
            same.append(other)
        else:
            earlier.append(other)
    return Related(tuple(same), tuple(earlier), tuple(states))


def _same(other: ExchangePacket, packet: ExchangePacket) -> bool:
    by_id = bool(packet.document_id) and other.document_id == packet.document_id
    return by_id or (bool(packet.numbered) and other.numbered == packet.numbered)


def _named(packet: ExchangePacket) -> list[DuplicateKeys]:
    """Return the keys of the documents that a packet answers, recalls, changes or replaces."""
    facts = packet.facts
    found = [
        DuplicateKeys(str(one["document_id"]).casefold(), _key_of(_earlier(one)))
        for one in facts.get("earlier", [])
    ]
    ids = [facts.get("update_of", ""), *(one["document_id"] for one in facts.get("replaced", []))]
    return [*found, *(DuplicateKeys(str(one).casefold(), "") for one in ids if one)]


def _earlier(facts: dict[str, Any]) -> EarlierDocument:
    day = facts.get("day")
    return EarlierDocument(
        facts.get("agency", ""),
        facts.get("numbered", ""),
        facts.get("document_id", ""),
        date.fromisoformat(day) if day else None,
    )


def notes_of(packet: ExchangePacket) -> list[Message]:
    """Return what was odd about a packet when it was read."""
    return [unpack(note) for note in packet.facts.get("notes", [])]


def file_of(store: FileStore, packet: ExchangePacket, number: int) -> ReadFile | None:
    """Return a file that is in a packet, counted from 1. Raises KeyError where it is kept no more.

    Read anew from the packet, in a process of its own.
    """
    files = reader.read(store.get(packet.sha256)).files
    return files[number - 1] if 0 < number <= len(files) else None
