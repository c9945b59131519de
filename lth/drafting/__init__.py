"""Drafting a document, front to back: start it, see it, save it, see what it still lacks.

Every function takes the session, the actor or scope, and `now`; the caller commits. Importing the
package registers the guards that the workflow's table asks for by name.
"""

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.core.errors import NotFoundError, NotYoursError
from lth.core.i18n import N_, Message
from lth.drafting import guards
from lth.drafting.gaps import Gap, missing
from lth.drafting.locking import Locks
from lth.drafting.replies import answer_remark, open_line
from lth.drafting.saving import (
    Conflict,
    SaveResult,
    SectionConflict,
    SectionResult,
    save_section,
    save_targets,
)
from lth.drafting.sheet import Sheet, sheet
from lth.drafting.starting import Offer, Source, sources, start
from lth.drafting.target_input import TargetEdit
from lth.workflow import documents, operations

__all__ = [
    "Conflict",
    "Gap",
    "Offer",
    "SaveResult",
    "SectionConflict",
    "SectionResult",
    "Sheet",
    "Source",
    "TargetEdit",
    "answer_remark",
    "guards",
    "missing",
    "open_line",
    "save_section",
    "save_targets",
    "sheet",
    "sources",
    "start",
    "written",
]


def written(session: Session, actor: Actor, document_id: int) -> Sheet:
    """The sheet of a document, for its drafters. Raises NotFoundError and NotYoursError."""
    scope = Scope.of(actor)
    document, revision, settings = documents.with_head(session, document_id, scope)
    if not operations.drafts(actor, document):
        raise NotYoursError(
            Message(N_("Chỉ người soạn của đơn vị mới sửa được nội dung văn bản này."))
        )
    if revision is None:
        raise NotFoundError
    page = sheet(session, document, revision, scope)
    page.settings = settings
    page.locks = Locks.of(revision)
    return page
