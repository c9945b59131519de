"""A plan of the database as a plan file."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import Scope, documents_seen, revisions_seen
from lth.checks.loading import content_of
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.exchange.plan_file.writer import write
from lth.models import Document, Revision


def take_out(session: Session, document_id: int, number: int | None, scope: Scope) -> str:
    """Return the text of a plan's newest revision, or of one by its number.

    Raises BlockedError where the scope sees no such plan or revision, and for a synthesis, which
    is computed from plans.
    """
    document = session.scalars(
        select(Document)
        .where(Document.id == document_id, documents_seen(scope))
        .options(
            joinedload(Document.unit),
            joinedload(Document.next_unit),
            joinedload(Document.period),
            joinedload(Document.programme),
        )
    ).first()
    if document is None:
        raise BlockedError(Message(N_("Không có kế hoạch số %(id)s."), {"id": document_id}))
    if not document.kind.filed:
        said = N_("Văn bản số %(id)s là bản tổng hợp: chỉ kế hoạch mới thành tệp kế hoạch.")
        raise BlockedError(Message(said, {"id": document_id}))
    return write(content_of(session, document, _revision(session, document, number, scope), scope))


def _revision(session: Session, document: Document, number: int | None, scope: Scope) -> Revision:
    wanted = document.head_number if number is None else number
    found = session.scalars(
        select(Revision).where(
            Revision.document_id == document.id, Revision.number == wanted, revisions_seen(scope)
        )
    ).first()
    if found is None:
        said = N_("Kế hoạch số %(id)s không có bản số %(number)s; bản mới nhất là %(newest)s.")
        filling = {"id": document.id, "number": wanted, "newest": document.head_number}
        raise BlockedError(Message(said, filling))
    return found
