"""Drafting a document, front to back: start it, see it, save it, see what it still lacks.

Every function takes the session, the actor or scope, and `now`; the caller commits.
"""

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.i18n import N_, Message
from lth.planning.answering import answer_remark, open_line
from lth.planning.editing import (
    Conflict,
    SaveResult,
    SectionConflict,
    SectionResult,
    save_section,
    save_targets,
)
from lth.planning.locking import Locks
from lth.planning.outline import STANDARD
from lth.planning.record import TargetEdit
from lth.planning.sheet import Gap, Sheet, missing, sheet
from lth.planning.starting import Offer, Source, sources, start
from lth.workflow import operations, plans
from lth.workflow.errors import NotFoundError, NotYoursError

__all__ = [
    "STANDARD",
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
    "missing",
    "open_line",
    "save_section",
    "save_targets",
    "sheet",
    "sources",
    "start",
    "written",
]


def written(session: Session, actor: Actor, plan_id: int) -> Sheet:
    """The sheet of a document, for its drafters. Raises NotFoundError and NotYoursError."""
    scope = Scope.of(actor)
    plan, revision, settings = plans.with_head(session, plan_id, scope)
    if not operations.drafts(actor, plan):
        raise NotYoursError(
            Message(N_("Chỉ người soạn của đơn vị mới sửa được nội dung văn bản này."))
        )
    if revision is None:
        raise NotFoundError
    page = sheet(session, plan, revision, scope)
    page.settings = settings
    page.locks = Locks.of(revision)
    return page
