"""Writing into a document's newest revision: opened by its drafters alone, each save numbered."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.core.errors import NotNowError, NotYoursError
from lth.core.i18n import N_, Message
from lth.models import Document, Revision
from lth.workflow import documents, operations, revisions
from lth.workflow.states import STATUS_LABEL, WRITTEN


def open_for_writing(session: Session, actor: Actor, document_id: int) -> tuple[Document, Revision]:
    """Lock a document and its newest revision until the transaction ends, for their drafter.

    Raises NotFoundError outside the scope, NotYoursError for anybody but the unit's drafters and
    NotNowError while the document is not being written.
    """
    document = documents.lock(session, document_id, Scope.of(actor))
    require_drafter(actor, document)
    if document.status not in WRITTEN:
        raise NotNowError(
            Message(
                N_("Không sửa được nội dung khi văn bản ở trạng thái “%(status)s”."),
                {"status": Message(STATUS_LABEL[document.status])},
            )
        )
    statement = (
        select(Revision)
        .where(Revision.document_id == document.id, Revision.number == document.head_number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return document, session.scalars(statement).one()


def require_drafter(actor: Actor, document: Document) -> None:
    """Raise NotYoursError for anybody but the drafters of a document."""
    if not operations.drafts(actor, document):
        raise NotYoursError(
            Message(N_("Chỉ người soạn của đơn vị mới sửa được nội dung văn bản này."))
        )


def count_edit(session: Session, actor: Actor, revision: Revision, now: datetime) -> int:
    """Number a save of a revision and remember who made it; the version of what it writes."""
    revision.edit_count += 1
    revision.edited_at = now
    revisions.note_editor(session, revision.id, actor.person_id)
    return revision.edit_count
