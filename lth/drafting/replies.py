"""What drafters do with a document that came back: answer its remarks, open what hangs together."""

from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope, remarks_seen
from lth.content import targets
from lth.content.schema import LINE_TYPES
from lth.core.errors import BlockedError, NotFoundError, StaleError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import plain_text
from lth.drafting import locking, reported
from lth.models import Document, Indicator, Phase, Remark, Revision, UnlockedLine
from lth.models.opinion import CHANGED, AnswerKind
from lth.programmes import catalogue
from lth.workflow import remarks
from lth.workflow.revisions import PARTS
from lth.workflow.writing import open_for_writing

LONGEST_ANSWER = 4000
LONGEST_REASON = 1000


def answer_remark(
    session: Session,
    actor: Actor,
    document_id: int,
    remark_id: int,
    answer: str,
    now: datetime,
    *,
    kind: AnswerKind = AnswerKind.EXPLAINED,
    seen: datetime | None = None,
) -> Remark:
    """Answer a published remark; `seen` is when the answer on the page was given, if any.

    That an item was changed needs no text, but counts only where it differs from what was
    returned. Raises what `open_for_writing` raises, NotFoundError where the document has no such
    remark to answer, BlockedError for an empty answer or an item that was not changed, and
    StaleError where somebody answered meanwhile.
    """
    _require_remark(session, actor, document_id, remark_id)
    _, revision = open_for_writing(session, actor, document_id)
    remark = session.get_one(Remark, remark_id, populate_existing=True)
    said = _said(answer, kind)
    if (remark.answer, remark.answered_as) == (said, kind):
        return remark
    if remark.answered_at != seen:
        raise _answered_meanwhile(remark)
    if kind is AnswerKind.CHANGED:
        _require_changed(session, remark, revision)
    remark.answer, remark.answered_as = said, kind
    remark.answered_by_id, remark.answered_by_name = actor.person_id, actor.person_name
    remark.answered_at = now
    revision.edited_at = now
    session.flush()
    return remark


def _said(answer: str, kind: AnswerKind) -> str:
    said = plain_text(answer).strip()
    if len(said) > LONGEST_ANSWER:
        message = N_("Câu trả lời dài quá %(most)s ký tự, hãy rút gọn.")
        raise BlockedError(Message(message, {"most": LONGEST_ANSWER}, field="answer"))
    if not said and kind is AnswerKind.EXPLAINED:
        raise BlockedError(Message(N_("Câu trả lời chưa có nội dung."), field="answer"))
    return said or CHANGED


def _require_changed(session: Session, remark: Remark, revision: Revision) -> None:
    if not remarks.changes(session, remark.revision_id, revision.id).touch(remark.line_key):
        text = N_("Mục này vẫn như bản bị trả lại. Sửa và lưu trước, hoặc giải trình vì sao giữ.")
        raise BlockedError(Message(text, field="answer"))


def _require_remark(session: Session, actor: Actor, document_id: int, remark_id: int) -> None:
    statement = (
        select(Remark.id)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(
            Remark.id == remark_id,
            Revision.document_id == document_id,
            remarks_seen(Scope.of(actor)),
            Revision.unit_id == actor.unit_id,
            Remark.published_at.is_not(None),
        )
    )
    if session.scalar(statement) is None:
        raise NotFoundError
    return document_id


def _answered_meanwhile(remark: Remark) -> StaleError:
    return StaleError(
        Message(
            N_("%(person)s đã trả lời nhận xét này trong lúc trang đang mở: “%(answer)s”"),
            {"person": remark.answered_by_name, "answer": remark.answer},
            field="answer",
        )
    )


def open_line(
    session: Session, actor: Actor, document_id: int, line_key: str, reason: str, now: datetime
) -> None:
    """Unlock one more item of a returned document, for a reason that the reviewer will read.

    What is open already stays as it is. `line_key` is that of a line, of an empty cell, or a part's
    name for all of its lines and new ones. Raises what `open_for_writing` raises, NotFoundError
    where there is no such item, and BlockedError without a reason.
    """
    document, revision = open_for_writing(session, actor, document_id)
    locks = locking.read(session, revision.id)
    if not locks.locked(line_key):
        return
    if not _is_item(session, document, revision, line_key):
        raise NotFoundError
    why = " ".join(plain_text(reason).split())
    if not why:
        raise BlockedError(Message(N_("Cần ghi lý do mở thêm mục này."), field="reason"))
    if len(why) > LONGEST_REASON:
        message = N_("Lý do dài quá %(most)s ký tự, hãy rút gọn.")
        raise BlockedError(Message(message, {"most": LONGEST_REASON}, field="reason"))
    session.add(
        UnlockedLine(
            revision_id=revision.id,
            line_key=line_key,
            reason=why,
            person_id=actor.person_id,
            person_name=actor.person_name,
            unlocked_at=now,
        )
    )
    revision.edited_at = now
    session.flush()


def _is_item(session: Session, document: Document, revision: Revision, line_key: str) -> bool:
    if line_key in LINE_TYPES or (reported.reports(document.kind) and line_key == reported.ITEMS):
        return True
    written = [
        exists().where(part.revision_id == revision.id, part.line_key == line_key) for part in PARTS
    ]
    return bool(session.scalar(select(or_(*written)))) or _is_cell(session, document, line_key)


def _is_cell(session: Session, document: Document, line_key: str) -> bool:
    """Tell whether a key is an indicator in a phase of the period, with or without a figure; of a
    report, an indicator.
    """
    if reported.reports(document.kind):
        of_programme = Indicator.programme_id == document.programme_id
        named = exists().where(of_programme, Indicator.code == line_key)
        return bool(session.scalar(select(named)))
    try:
        indicator, phase, _ = targets.read_key(line_key)
    except ValueError:
        return False
    known = and_(
        exists().where(
            Indicator.programme_id == document.programme_id, Indicator.code == indicator
        ),
        exists().where(catalogue.phases_of(document.period_id), Phase.code == phase),
    )
    return bool(session.scalar(select(known)))
