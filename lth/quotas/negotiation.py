"""The talk over a quota: the unit below accepts or asks for another figure, the giver settles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError
from lth.core.i18n import N_, Message
from lth.models import Document, Quota, QuotaMove
from lth.models.quota import Move
from lth.quotas import mail
from lth.quotas.ledger import OPEN, QuotaStanding, QuotaState, is_past, standings
from lth.quotas.mail import Letter
from lth.quotas.preconditions import LARGEST, one_move, overtaken, own_document, receives
from lth.workflow import documents

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Reply:
    """What the unit below says to one quota: it accepts, or asks for `value` with a reason.

    `seen` is the number of the last move that its page showed.
    """

    quota_id: int
    seen: int
    accept: bool
    value: int | None = None
    reason: str = ""


def assigns_to(document: Document, actor: Actor) -> bool:
    """Tell whether a document is one of the unit directly above that hands down."""
    above = Scope.of(actor).ancestor_ids[-1:]
    return document.kind.hands_down and above == [document.unit_id]


def assigned(
    session: Session, actor: Actor, document_id: int
) -> tuple[Document, list[QuotaStanding]]:
    """List what a document above assigns to the actor's unit, perhaps nothing.

    Raises NotFoundError for a document that is not one of the unit directly above.
    """
    scope = Scope.of(actor)
    document = documents.get(session, document_id, scope)
    if not assigns_to(document, actor):
        raise NotFoundError
    return document, standings(session, document.id, scope, Quota.unit_id == actor.unit_id)


def answer(
    session: Session, actor: Actor, document_id: int, replies: Sequence[Reply], *, now: datetime
) -> int:
    """Answer quotas of one document above together, with one letter to the giver; returns how many.

    An answer after the day that was set still counts, and is shown as late. Until the giver has
    settled it the unit may say something else. Raises NotFoundError, NotYoursError, NotNowError
    (settled already), StaleError, and BlockedError by line.
    """
    document, held = assigned(session, actor, document_id)
    if not receives(actor, document.programme_id):
        raise NotYoursError(
            Message(
                N_("Chỉ cán bộ lập kế hoạch và lãnh đạo của đơn vị trả lời chỉ tiêu được giao.")
            )
        )
    by_id = {one.quota.id: one for one in held}
    if not replies:
        raise BlockedError(Message(N_("Chưa có dòng nào được trả lời.")))
    for reply in replies:
        _require_open(by_id.get(reply.quota_id), reply.seen)
    faults = [fault for one in replies for fault in _faults(one, by_id[one.quota_id])]
    if faults:
        raise BlockedError(*faults)
    said = [
        (by_id[one.quota_id], _reply_move(by_id[one.quota_id], one, actor, now)) for one in replies
    ]
    _write(session, [move for _, move in said])
    told = [_to_giver(actor, document, said, now)]
    mail.send(session, actor, document, mail.ANSWERED, told, now)
    return len(said)


def _require_open(held: QuotaStanding | None, seen: int) -> None:
    if held is None:
        raise NotFoundError
    if held.seq != seen:
        raise overtaken(held)
    if held.state not in OPEN:
        raise NotNowError(
            Message(N_("Cấp trên đã có ý kiến về chỉ tiêu này; nếu cần, hãy trao đổi trực tiếp."))
        )


def _faults(reply: Reply, held: QuotaStanding) -> list[Message]:
    """List what is wrong with a reply; each names its field by the quota's id."""
    if reply.accept:
        return []
    found = []
    at = str(reply.quota_id)
    if reply.value is None or not 0 <= reply.value <= LARGEST:
        found.append(Message(N_("Ghi số mà đơn vị đề nghị."), field=f"{at}:value"))
    elif reply.value == held.quota.value:
        text = N_("Số đề nghị đúng bằng số được giao: hãy chọn nhận chỉ tiêu.")
        found.append(Message(text, field=f"{at}:value"))
    return found + _reason_faults(reply.reason, f"{at}:reason")


def _reason_faults(reason: str, field: str, *, needed: bool = True) -> list[Message]:
    if needed and not reason.strip():
        return [Message(N_("Ghi rõ lý do để bên kia biết vì sao."), field=field)]
    if len(reason) > LONGEST_REASON:
        text = N_("Dài quá %(most)s ký tự, hãy rút gọn.")
        return [Message(text, {"most": LONGEST_REASON}, field)]
    return []


def _reply_move(held: QuotaStanding, reply: Reply, actor: Actor, now: datetime) -> QuotaMove:
    move = Move.ACCEPT if reply.accept else Move.COUNTER
    value = held.quota.value if reply.accept else reply.value or 0
    return _move(held, move, value, reply.reason, actor, now)


def _move(
    held: QuotaStanding, move: Move, value: int, reason: str, actor: Actor, now: datetime
) -> QuotaMove:
    return QuotaMove(
        quota_id=held.quota.id,
        seq=held.seq + 1,
        move=move,
        value=value,
        reason=reason.strip(),
        unit_id=actor.unit_id,
        unit_name=actor.unit_name,
        person_id=actor.person_id,
        person_name=actor.person_name,
        at=now,
    )


def _write(session: Session, moves: Sequence[QuotaMove]) -> None:
    with one_move():
        session.add_all(moves)
        session.flush()


def _to_giver(
    actor: Actor, document: Document, said: Sequence[tuple[QuotaStanding, QuotaMove]], now: datetime
) -> Letter:
    """Write to those who deal with the units below: their turn, where something is asked."""
    figures = [
        mail.figure(held.indicator, held.phase, move, held.quota.value) for held, move in said
    ]
    turn = any(move.move is Move.COUNTER for _, move in said)
    late = any(is_past(held.reply_by, move.at) for held, move in said)
    told = mail.compose(actor, document, now, figures, turn=turn, late=late)
    return Letter(document.unit_id, said[0][1].id, told)


def settle(
    session: Session,
    actor: Actor,
    document_id: int,
    quota_id: int,
    move: Move,
    *,
    seen: int,
    now: datetime,
    value: int | None = None,
    reason: str = "",
) -> QuotaMove:
    """Decide on what a unit below asked for: grant it, keep the quota, or give another figure.

    Keeping it needs a reason. Raises NotFoundError, NotYoursError, NotNowError (nothing is
    asked), StaleError and BlockedError.
    """
    document = own_document(session, actor, document_id)
    found = standings(session, document.id, Scope.of(actor), Quota.id == quota_id)
    if not found:
        raise NotFoundError
    held = found[0]
    if held.seq != seen:
        raise overtaken(held)
    if held.state is not QuotaState.PROPOSED:
        raise NotNowError(Message(N_("Đơn vị không có đề nghị nào đang chờ ý kiến.")))
    decided = _decided(held, move, value)
    faults = _settling_faults(held, move, decided, reason)
    if faults:
        raise BlockedError(*faults)
    before = held.quota.value
    row = _move(held, move, decided or 0, reason, actor, now)
    held.quota.value = row.value
    _write(session, [row])
    figures = [mail.figure(held.indicator, held.phase, row, before)]
    told = Letter(held.unit.id, row.id, mail.compose(actor, document, now, figures))
    mail.send(session, actor, document, mail.SETTLED, [told], now)
    return row


def _decided(held: QuotaStanding, move: Move, value: int | None) -> int | None:
    """Return the figure that a decision ends in."""
    if move is Move.GRANT:
        return held.proposed
    return held.quota.value if move is Move.KEEP else value


def _settling_faults(
    held: QuotaStanding, move: Move, decided: int | None, reason: str
) -> list[Message]:
    at = str(held.quota.id)
    if move not in {Move.GRANT, Move.KEEP, Move.ADJUST}:
        raise NotFoundError
    found = _reason_faults(reason, f"{at}:reason", needed=move is Move.KEEP)
    if move is not Move.ADJUST:
        return found
    if decided is None or not 0 <= decided <= LARGEST:
        return [*found, Message(N_("Ghi số sẽ giao."), field=f"{at}:value")]
    if decided in {held.quota.value, held.proposed}:
        text = N_("Số này đã có: hãy chọn giữ số đã giao hoặc chấp nhận đề nghị.")
        return [*found, Message(text, field=f"{at}:value")]
    return found
