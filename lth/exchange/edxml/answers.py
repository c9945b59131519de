"""Answer a packet that came in: a file to send back, and nothing else changes.

A new document is taken (03) or sent back (02); a recall, an update or a replacement is agreed to
(15) or not (16). Each is answered once.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.administration import agency_codes
from lth.core import clock
from lth.core.errors import BlockedError, NotNowError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line
from lth.exchange.edxml.arrivals import answered, unit_of
from lth.exchange.edxml.gaps import missing_of_status
from lth.exchange.edxml.package import (
    Correspondent,
    EarlierDocument,
    PackageStaff,
    StatusPacket,
)
from lth.exchange.edxml.statuses import ACCEPTED, AGREED, DISAGREED, REFUSED
from lth.exchange.edxml.writer import write_status
from lth.exchange.files.store import FileStore
from lth.models import ExchangePacket
from lth.models.packet import AnswerTo, PacketKind

CHANGES = (PacketKind.RECALL, PacketKind.UPDATE, PacketKind.REPLACE)
"""Kinds that ask to change what came before."""

ANSWERS = {
    ACCEPTED: AnswerTo.RECEIPT,
    REFUSED: AnswerTo.RECEIPT,
    AGREED: AnswerTo.CHANGE,
    DISAGREED: AnswerTo.CHANGE,
}
"""By code, what each answer answers."""

ANSWER_LABEL = {
    ACCEPTED: N_("tiếp nhận, vào sổ văn bản đến"),
    REFUSED: N_("từ chối, trả lại nơi gửi (cần ghi lý do)"),
    AGREED: N_("đồng ý"),
    DISAGREED: N_("không đồng ý (cần ghi lý do)"),
}
"""By code, what somebody chooses who answers."""


def offered(packet: ExchangePacket, answers: Sequence[ExchangePacket]) -> tuple[str, ...]:
    """Return the codes by which a packet may still be answered."""
    if packet.kind in {PacketKind.STATUS, PacketKind.ANSWER}:
        return ()
    given = {answer.answer for answer in answers}
    wanted = AnswerTo.CHANGE if packet.kind in CHANGES else AnswerTo.RECEIPT
    return tuple(code for code, of in ANSWERS.items() if of is wanted and of not in given)


def answer(
    session: Session,
    actor: Actor,
    scope: Scope,
    store: FileStore,
    packet: ExchangePacket,
    code: str,
    reason: str,
    *,
    now: datetime,
) -> ExchangePacket:
    """Write the answer to a packet as a file, and keep it; nothing else changes.

    Raises NotNowError where it is answered already, BlockedError for what an answer lacks.
    """
    answers = answered(session, scope, [packet]).get(packet.id, [])
    if code not in offered(packet, answers):
        raise NotNowError(Message(N_("Gói tin này đã được trả lời, hoặc không trả lời như vậy.")))
    today = clock.local(now).date()
    own = agency_codes.code_on(session, unit_of(actor), today, scope)
    if own is None:
        said = N_("Đơn vị chưa có mã định danh nên chưa lập được gói tin trả lời.")
        raise BlockedError(Message(said))
    status = StatusPacket(
        Correspondent(f"Ủy ban nhân dân {actor.unit_name}", own.code),
        _about(packet),
        code,
        one_line(reason),
        PackageStaff(name=actor.person_name),
        now,
    )
    if lacking := missing_of_status(status):
        raise BlockedError(*(replace(one, field=_FIELDS.get(one.field, "")) for one in lacking))
    data = write_status(status)
    row = ExchangePacket(
        unit_id=packet.unit_id,
        kind=PacketKind.ANSWER,
        at=now,
        person_id=actor.person_id,
        person_name=actor.person_name,
        file_name=f"tra-loi-{code}-{packet.id}.edxml",
        sha256=store.put(data),
        size=len(data),
        document_id=packet.document_id,
        numbered=packet.numbered,
        sender_name=status.sender.name[:200],
        number=packet.number,
        day=packet.day,
        subject=status.description[:500],
        status_code=code,
        answers_id=packet.id,
        answer=ANSWERS[code],
    )
    session.add(row)
    session.flush()
    return row


_FIELDS = {"description": "reason", "code": "code"}
"""What a form calls the values of an answer that people type."""


def _about(packet: ExchangePacket) -> EarlierDocument:
    """Return the document of a packet as an answer names it."""
    facts = packet.facts
    sender = facts.get("sender", {})
    return EarlierDocument(
        str(sender.get("code", "")), packet.number, str(facts.get("document_id", "")), packet.day
    )
