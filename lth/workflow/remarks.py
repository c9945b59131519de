"""Remarks that a reviewer pins to the items of a submitted revision."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import Actor
from lth.access.scope import Scope, opinions_seen, remarks_seen
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError
from lth.core.i18n import N_, Message
from lth.models import Document, Opinion, Remark, Revision
from lth.models.document import Status
from lth.workflow import documents, revisions
from lth.workflow.acts import Act, By, Place
from lth.workflow.table import rows

LONGEST = 4000
LONGEST_KEY = 80


def of_document(session: Session, document_id: int, scope: Scope) -> Sequence[Remark]:
    """Every remark on a document that the scope sees, the newest revision's first."""
    return session.scalars(_of_plan(scope), {"document_id": document_id}).all()


@lru_cache(maxsize=512)
def _of_plan(scope: Scope) -> Select[tuple[Remark]]:
    """Kept, as are the opinions': every page of a document asks for both."""
    return (
        select(Remark)
        .join(Revision, Revision.id == Remark.revision_id)
        .where(Revision.document_id == bindparam("document_id"), remarks_seen(scope))
        .options(joinedload(Remark.person))
        .order_by(Revision.number.desc(), Remark.line_key, Remark.id)
    )


def opinions_on(session: Session, revision_id: int, scope: Scope) -> Sequence[Opinion]:
    """The opinions on one revision that the scope sees, in the order they came in."""
    return session.scalars(_opinions_on(scope), {"revision_id": revision_id}).all()


@lru_cache(maxsize=512)
def _opinions_on(scope: Scope) -> Select[tuple[Opinion]]:
    return (
        select(Opinion)
        .join(Revision, Revision.id == Opinion.revision_id)
        .where(Opinion.revision_id == bindparam("revision_id"), opinions_seen(scope))
        .options(joinedload(Opinion.person))
        .order_by(Opinion.given_at)
    )


def may_pin(document: Document, actor: Actor) -> bool:
    """Whoever may appraise a document may pin remarks while it is under review."""
    return (
        document.status is Status.REVIEW
        and actor.unit_id == document.next_unit_id
        and actor.covers(False, document.programme_id)
        and _appraises(document, actor)
    )


def _appraises(document: Document, actor: Actor) -> bool:
    mine = By(actor.role, Place.NEXT)
    acts = {Act.GIVE_OPINION, Act.RETURN, Act.APPROVE}
    return any(mine in row.by for row in rows(Status.REVIEW) if row.act in acts)


def pin(
    session: Session, actor: Actor, document_id: int, line_key: str, text: str, *, now: datetime
) -> Remark:
    """Pin a remark to an item (or, with no key, to the whole) of the revision under review.

    It stays with the reviewing unit until a return or an approval publishes it. Raises what
    `documents.lock` raises, NotNowError, NotYoursError, BlockedError for a text that is empty or
    too long, and NotFoundError for a key that no item can have.
    """
    document = documents.lock(session, document_id, Scope.of(actor))
    _check(document, actor)
    said = _text(text)
    if len(line_key) > LONGEST_KEY:
        raise NotFoundError
    revision = revisions.get(session, document.id, document.sent_number, Scope.of(actor))
    remark = Remark(
        revision_id=revision.id,
        unit_id=actor.unit_id,
        person_id=actor.person_id,
        line_key=line_key,
        text=said,
        created_at=now,
    )
    session.add(remark)
    session.flush()
    return remark


def reword(session: Session, actor: Actor, document_id: int, remark_id: int, text: str) -> None:
    """Say one's own remark otherwise before it is published; raises what `pin` raises."""
    remark = _own(session, actor, document_id, remark_id)
    remark.text = _text(text)
    session.flush()


def unpin(session: Session, actor: Actor, document_id: int, remark_id: int) -> None:
    """Take back one's own remark before it is published."""
    session.delete(_own(session, actor, document_id, remark_id))


def _own(session: Session, actor: Actor, document_id: int, remark_id: int) -> Remark:
    """The actor's own remark on a document under review, unpublished. Raises NotFoundError."""
    document = documents.lock(session, document_id, Scope.of(actor))
    _check(document, actor)
    remark = session.get(Remark, remark_id)
    if remark is None or remark.person_id != actor.person_id or remark.published_at is not None:
        raise NotFoundError
    revision = session.get(Revision, remark.revision_id)
    if revision is None or revision.document_id != document.id:
        raise NotFoundError
    return remark


def _text(text: str) -> str:
    said = text.strip()
    if not said:
        raise BlockedError(Message(N_("Nhận xét chưa có nội dung."), field="text"))
    if len(said) > LONGEST:
        message = N_("Nhận xét dài quá %(most)s ký tự, hãy rút gọn.")
        raise BlockedError(Message(message, {"most": LONGEST}, field="text"))
    return said


def _check(document: Document, actor: Actor) -> None:
    if document.status is not Status.REVIEW:
        raise NotNowError(Message(N_("Chỉ ghi nhận xét khi văn bản đang được thẩm định.")))
    if not may_pin(document, actor):
        raise NotYoursError(Message(N_("Vai trò hiện tại không ghi nhận xét ở văn bản này.")))
