"""States that came about our own papers: found by number and day, which a DocumentId also says.

A packet that names no day tells of a paper only where the unit has one alone under that number; one
that names another agency's code is about that agency's paper.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, papers_seen
from lth.exchange.edxml import arrivals
from lth.models import AgencyCode, ExchangePacket, OfficialPaper
from lth.models.packet import PacketKind

MOST_STATES = 200
"""How many states of a paper are read, the newest."""


@dataclass(frozen=True, slots=True)
class ToldState:
    """What a receiver has told of a paper: who, in which state it is, when, what was said to it."""

    packet_id: int
    receiver: str
    code: str
    moment: datetime
    note: str


def states_of(session: Session, paper: OfficialPaper, scope: Scope) -> list[ToldState]:
    """List what receivers have told of a paper read within the scope, by receiver, oldest first.

    In three queries; none for a paper without a number.
    """
    if paper.number is None:
        return []
    statement = (
        select(ExchangePacket)
        .where(
            arrivals.seen(scope),
            ExchangePacket.unit_id == paper.unit_id,
            ExchangePacket.kind == PacketKind.STATUS,
            ExchangePacket.number.in_(_written(paper)),
        )
        .order_by(ExchangePacket.id.desc())
        .limit(MOST_STATES)
    )
    packets = session.scalars(statement).all()
    if not packets:
        return []
    alike, codes = _alike(session, paper.written, scope), _own_codes(session, paper.unit_id)
    told = [_state(one) for one in packets if _about(one, alike, codes) == paper.id]
    return sorted(told, key=lambda one: (one.receiver, one.moment, one.packet_id))


def paper_of(session: Session, packet: ExchangePacket, scope: Scope) -> OfficialPaper | None:
    """Return our own paper that a state is told of; None where it is not known which."""
    if packet.kind is not PacketKind.STATUS or not packet.number:
        return None
    alike = _alike(session, packet.number, scope)
    found = _about(packet, alike, _own_codes(session, packet.unit_id))
    return next((paper for paper in alike if paper.id == found), None)


def _alike(session: Session, written: str | None, scope: Scope) -> Sequence[OfficialPaper]:
    """List the own papers under a number, of whatever year; "5/KH-UBND" is 05/KH-UBND."""
    figure, _, symbol = (written or "").partition("/")
    padded = f"{figure.zfill(2)}/{symbol}"
    statement = select(OfficialPaper).where(
        papers_seen(scope),
        OfficialPaper.unit_id == scope.unit_id,
        OfficialPaper.registered_at.is_not(None),
        OfficialPaper.written.in_({written, padded}),
    )
    return session.scalars(statement).all()


def _own_codes(session: Session, unit_id: int) -> frozenset[str]:
    statement = select(AgencyCode.code).where(AgencyCode.unit_id == unit_id, AgencyCode.name == "")
    return frozenset(code.casefold() for code in session.scalars(statement))


def _about(
    packet: ExchangePacket, alike: Iterable[OfficialPaper], own_codes: frozenset[str]
) -> int | None:
    """Return the id of the one of some papers under a number that a state is told of."""
    agency, day = _agency_and_day(packet)
    if agency and own_codes and agency.casefold() not in own_codes:
        return None
    fit = [one.id for one in alike if day is None or one.issued_on == day]
    return fit[0] if len(fit) == 1 else None


def _agency_and_day(packet: ExchangePacket) -> tuple[str, date | None]:
    """Return whose document a state says that it is about, and of which day."""
    about = packet.facts.get("about", {})
    parts = str(about.get("document_id", "")).split(",")
    agency = str(about.get("agency", "")) or (parts[0] if len(parts) > 1 else "")
    return agency.strip(), packet.day


def _written(paper: OfficialPaper) -> set[str]:
    """Return how a paper's number may be written: with and without the nought before it."""
    written = paper.written or ""
    return {written, written.lstrip("0")}


def _state(packet: ExchangePacket) -> ToldState:
    moment = packet.facts.get("moment")
    sender = packet.facts.get("sender", {})
    return ToldState(
        packet_id=packet.id,
        receiver=packet.sender_name or str(sender.get("code", "")),
        code=packet.status_code,
        moment=datetime.fromisoformat(moment) if moment else packet.at,
        note=packet.subject,
    )
