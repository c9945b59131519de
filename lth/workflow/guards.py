"""Guards: what must hold for an act, each refusing with what is wrong and what mends it.

Those that ask about a document's content live above, in `lth.drafting.guards`.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, exists, or_, select
from sqlalchemy.orm import aliased

from lth.access.on_behalf import decision
from lth.access.scope import Purpose, system
from lth.core.i18n import N_, Message, listed
from lth.models import (
    Document,
    Event,
    Period,
    Receipt,
    Remark,
    Revision,
    RevisionEditor,
    Unit,
)
from lth.models.document import SignForm, Status
from lth.models.opinion import AnswerKind, Aspect, Verdict
from lth.workflow import documents, register, remarks, revisions, signing
from lth.workflow.acts import Act
from lth.workflow.context import ActContext
from lth.workflow.deadlines import counted, shut_out
from lth.workflow.registry import guard
from lth.workflow.states import SENT

UNDO_WINDOW = timedelta(minutes=15)
SIGN_FORM_ABBREVIATED = {
    SignForm.TM: "TM.",
    SignForm.KT: "KT.",
    SignForm.TM_KT: "TM. … KT.",
    SignForm.TL: "TL.",
    SignForm.TUQ: "TUQ.",
    SignForm.Q: "Q.",
}


ASPECT_LABEL = {
    Aspect.CONTENT: N_("nội dung"),
    Aspect.FINANCE: N_("kinh phí"),
    Aspect.FORMAT: N_("thể thức"),
}


@guard
def reason_given(context: ActContext) -> Message | None:
    if context.inputs.reason.strip():
        return None
    return Message(N_("Cần ghi rõ lý do để người nhận biết phải làm gì."), field="reason")


@guard
def not_editor(context: ActContext) -> Message | None:
    """Refuse those who have written in it, or act in the stead of somebody who has."""
    acting = _acting(context)
    edited = exists().where(
        RevisionEditor.revision_id == context.head.id, RevisionEditor.person_id.in_(acting)
    )
    if not context.session.scalar(select(edited)):
        return None
    if len(acting) == 1:
        text = N_("Anh/chị đã soạn hoặc sửa bản này nên cần người khác duyệt hoặc cho ý kiến.")
        return Message(text)
    return Message(
        N_("Anh/chị hoặc người giao ký đã soạn hoặc sửa bản này nên cần người khác duyệt, ký.")
    )


def _acting(context: ActContext) -> tuple[int, ...]:
    """List who acts, and in whose stead they do."""
    lent = context.actor.on_behalf
    return (context.actor.person_id, *(lent.signed_for if lent is not None else ()))


@guard
def window_open(context: ActContext) -> Message | None:
    """Refuse to send up after the last day, which ends at 24:00 in Viet Nam.

    What is under way then may be finished within `deadlines.FINISHING`.
    """
    due = context.due
    if due is None or not context.schedule.shut(context.document, context.now):
        return None
    return Message(
        N_(
            "Đã hết hạn nhận văn bản từ 24:00 ngày %(date)s. "
            "Xin cấp trên gia hạn rồi trình; nội dung đã soạn vẫn giữ nguyên."
        ),
        {"date": due.last_correction_on},
    )


@guard
def could_be_sent_again(context: ActContext) -> Message | None:
    """Refuse to recall after the last day: it could not be sent up again, a trap."""
    due = context.due
    if not shut_out(context.document, due, context.now):
        return None
    return Message(
        N_(
            "Đã hết hạn nhận văn bản từ 24:00 ngày %(date)s nên rút lại thì không trình lại được. "
            "Muốn sửa, đề nghị nơi nhận tiếp nhận rồi trả lại."
        ),
        {"date": due.last_correction_on},
    )


@guard
def extends_the_time(context: ActContext) -> Message | None:
    """Refuse more time that ends no later than what there is, or in the past.

    Who grants without naming a day grants the day that was asked for.
    """
    until, due = context.inputs.until, context.due
    if until is None and context.row is not None and context.row.act is Act.GRANT_EXTENSION:
        until = context.document.asked_until
    if until is None:
        return Message(N_("Cần ghi ngày gia hạn đến."), field="until")
    last = due.kept_until if due else None
    if last is not None and until <= last:
        return Message(
            N_("Ngày gia hạn phải sau hạn hiện nay, %(date)s."), {"date": last}, field="until"
        )
    if until < context.today:
        return Message(N_("Ngày gia hạn không được ở trong quá khứ."), field="until")
    return None


@guard
def not_asker(context: ActContext) -> Message | None:
    """Refuse those who asked for the time, or act in the stead of somebody who did."""
    asked = (
        select(Event.person_id)
        .where(Event.document_id == context.document.id, Event.action == Act.ASK_EXTENSION.value)
        .order_by(Event.seq.desc())
        .limit(1)
    )
    if context.session.scalar(asked) not in _acting(context):
        return None
    return Message(N_("Người xin gia hạn không tự cho gia hạn: cần người khác trả lời."))


@guard
def not_asked_just_now(context: ActContext) -> Message | None:
    last = context.last_event
    if last is None or last.action != Act.ASK_BACK:
        return None
    return Message(N_("Đơn vị đã đề nghị và đang chờ trả lời."))


@guard
def remarks_answered(context: ActContext) -> Message | None:
    """Require an answer to each published remark; what was answered as changed still differs."""
    published = (Remark.unit_id != context.document.unit_id) & Remark.published_at.is_not(None)
    returned = Revision.number == context.document.sent_number
    claimed = (Remark.answered_as == AnswerKind.CHANGED) & returned
    statement = (
        select(Remark.line_key, Remark.revision_id, Remark.answered_at)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(
            Revision.document_id == context.document.id,
            Revision.released_at.is_(None),
            published & (Remark.answered_at.is_(None) | claimed),
        )
    )
    unanswered = context.session.execute(statement).all()
    left = sum(remark.answered_at is None for remark in unanswered)
    if left:
        text = N_("Còn %(count)s nhận xét của cấp trên chưa được trả lời.")
        return Message(text, {"count": left})
    return _changed_as_answered(context, unanswered) if unanswered else None


def _changed_as_answered(context: ActContext, claimed: Sequence[Row[Any]]) -> Message | None:
    since = remarks.changes(context.session, claimed[0].revision_id, context.head.id)
    unmoved = sum(not since.touch(remark.line_key) for remark in claimed)
    if not unmoved:
        return None
    return Message(
        N_("%(count)s mục trả lời “Đã sửa” nhưng vẫn như bản bị trả lại: hãy sửa hoặc giải trình."),
        {"count": unmoved},
    )


@guard
def disagreement_reasoned(context: ActContext) -> Message | None:
    if context.inputs.verdict is None:
        return Message(N_("Chọn đồng ý hoặc chưa đồng ý."), field="verdict")
    if context.inputs.verdict is Verdict.AGREE or context.inputs.reason.strip():
        return None
    return Message(N_("Ý kiến chưa đồng ý cần nêu rõ lý do."), field="reason")


@guard
def opinions_in(context: ActContext) -> Message | None:
    missing = missing_opinions(context)
    if not missing:
        return None
    names = listed([Message(ASPECT_LABEL[aspect]) for aspect in missing])
    return Message(N_("Còn thiếu ý kiến thẩm định bắt buộc: %(aspects)s."), {"aspects": names})


def missing_opinions(context: ActContext) -> list[Aspect]:
    """List the aspects that the next step requires an opinion on and that nobody has given."""
    required = context.settings(context.document.next_unit_id).required_opinions
    given = {opinion.aspect for opinion in context.opinions}
    return [aspect for aspect in Aspect if aspect.value in required and aspect not in given]


@guard
def disagreement_overruled(context: ActContext) -> Message | None:
    against = sum(opinion.verdict is Verdict.DISAGREE for opinion in context.opinions)
    if not against or context.inputs.reason.strip():
        return None
    return Message(
        N_("Có %(count)s ý kiến chưa đồng ý: muốn phê duyệt, lãnh đạo cần ghi lý do của mình."),
        {"count": against},
        field="reason",
    )


_SYNTHESIS, _FROZEN = aliased(Document), aliased(Revision)

STANDING_SYNTHESES = (
    select(_SYNTHESIS)
    .select_from(_SYNTHESIS)
    .join(_FROZEN, _FROZEN.document_id == _SYNTHESIS.id)
    .join(Receipt, Receipt.revision_id == _FROZEN.id)
    .join(
        Document,
        (Document.id == Receipt.document_id) & (Document.released_number == Receipt.number),
    )
    .where(
        Receipt.number == Document.released_number,
        _SYNTHESIS.unit_id == Document.next_unit_id,
        _SYNTHESIS.status.in_(SENT),
        or_(
            _FROZEN.number == _SYNTHESIS.sent_number,
            _FROZEN.number == _SYNTHESIS.in_force_number,
        ),
    )
)
"""The next step's syntheses that stand with the counted revision of a `Document` in them."""


@guard
def not_in_standing_synthesis(context: ActContext) -> Message | None:
    statement = STANDING_SYNTHESES.where(Document.id == context.document.id).limit(1)
    holder = context.session.scalars(statement).first()
    if holder is None:
        return None
    return Message(
        N_(
            "Bản này đang nằm trong bản tổng hợp đã trình của %(unit)s. "
            "Rút lại hoặc trả lại bản tổng hợp đó trước."
        ),
        {"unit": holder.unit.full_name},
    )


@guard
def undo_leaves_syntheses_true(context: ActContext) -> Message | None:
    last = context.last_event
    if last is None or "unrelease" not in (last.data.get("reverts") or []):
        return None
    return not_in_standing_synthesis(context)


@guard
def document_signed(context: ActContext) -> Message | None:
    issues = context.row is not None and "issue_head" in context.row.effects
    kinds = context.document.kind.numbered_as if issues else ()
    against = signing.fault_of_number(context.inputs.document_number, kinds)
    against = against or _fault_of_day(context)
    if against is not None:
        return against
    if issues and context.inputs.sign_form is None:
        return Message(N_("Chọn hình thức ký (TM., KT., …)."), field="sign_form")
    return _signed_by_decision(context)


def _fault_of_day(context: ActContext) -> Message | None:
    return signing.fault_of_day(
        context.inputs.document_date,
        today=context.today,
        period=context.session.get_one(Period, context.document.period_id),
        confirmed=context.inputs.day_confirmed,
    )


def _signed_by_decision(context: ActContext) -> Message | None:
    """Refuse a form that does not fit signing for another, and what either of them wrote."""
    lent, inputs, row = context.actor.on_behalf, context.inputs, context.row
    if lent is None or row is None or "issue_head" not in row.effects:
        return None
    if inputs.sign_form not in signing.forms(lent):
        text = N_("Theo %(decision)s, hình thức ký phải là %(forms)s.")
        fitting = listed([Message(SIGN_FORM_ABBREVIATED[form]) for form in signing.forms(lent)])
        by = {"decision": decision(lent.number, lent.decided_on), "forms": fitting}
        return Message(text, by, field="sign_form")
    return None if "not_editor" in row.guards else not_editor(context)


@guard
def revocation_signed(context: ActContext) -> Message | None:
    """Require that the document that revokes has its own number."""
    return document_signed(context) or number_unused(context) or number_follows(context)


@guard
def number_unused(context: ActContext) -> Message | None:
    """Refuse a number that the unit gave this year; 7/KH-UBND and 07/KH-UBND are the same one."""
    wanted = register.read(context.inputs.document_number, context.inputs.document_date)
    return wanted and register.fault(context.session, context.document.unit_id, wanted)


@guard
def number_follows(context: ActContext) -> Message | None:
    """Ask back where a number leaves others of the unit's register empty."""
    wanted = register.read(context.inputs.document_number, context.inputs.document_date)
    if wanted is None or context.inputs.number_confirmed:
        return None
    return register.gap(context.session, context.document.unit_id, wanted)


@guard
def paper_not_signed(context: ActContext) -> Message | None:
    """Refuse to take a number back of which there is a signed copy."""
    last = context.last_event
    if last is None or last.action != Act.ISSUE or not register.has_signed_copy(context):
        return None
    return Message(
        N_(
            "Không hoàn tác được vì văn bản này đã có bản PDF đã ký. "
            "Muốn sửa thì điều chỉnh hoặc thu hồi."
        )
    )


@guard
def within_undo_window(context: ActContext) -> Message | None:
    last = context.last_event
    if last is not None and context.now - last.at <= UNDO_WINDOW:
        return None
    return Message(N_("Chỉ hoàn tác được trong vòng 15 phút sau khi thực hiện."))


@guard
def nothing_written_since(context: ActContext) -> Message | None:
    """Refuse once the other side has begun to work on the revision that the act opened or sent."""
    last: Event | None = context.last_event
    with system(context.session, Purpose.OPEN_REVISION):
        head = revisions.id_of(context.document, context.pending("head_number"))
        written = last is not None and revisions.edited_since(context.session, head, last.at)
    if not written:
        return None
    return Message(N_("Không hoàn tác được vì sau đó văn bản đã có nội dung hoặc nhận xét mới."))


@guard
def undo_leaves_one_live(context: ActContext) -> Message | None:
    """Refuse to bring a revoked document back beside the one that was started in its place."""
    return no_live_document(context) if context.document.status is Status.REVOKED else None


@guard
def unit_in_force(context: ActContext) -> Message | None:
    """Refuse an ended unit what is dated after its end; it goes on with the documents it has."""
    unit = context.session.get_one(Unit, context.document.unit_id)
    period = context.session.get_one(Period, context.document.period_id)
    if unit.in_force(period.starts_on):
        return None
    return Message(
        N_("%(unit)s không còn (hoặc chưa có) vào đầu kỳ %(period)s nên không lập văn bản mới."),
        {"unit": unit.full_name, "period": period.code},
    )


@guard
def takes_part(context: ActContext) -> Message | None:
    """Refuse a unit that does not take part, or has left: whoever counts does not count it."""
    document = context.document
    is_new = document.id is None
    if context.session.scalar(select(counted(document))) if is_new else context.schedule.is_counted:
        return None
    return Message(
        N_(
            "Đơn vị không có trong danh sách tham gia chương trình ở kỳ này. "
            "Hãy đề nghị người quản trị của cấp trên cho đơn vị tham gia, rồi làm lại bước này."
        )
    )


@guard
def no_live_document(context: ActContext) -> Message | None:
    document = context.document
    live = documents.live(document.unit_id, document.period_id, document.kind, document.subperiod)
    if not context.session.scalar(select(exists().where(live))):
        return None
    return already_live()


def already_live() -> Message:
    return Message(N_("Kỳ này đơn vị đã có một văn bản cùng loại, hãy mở văn bản đó."))
