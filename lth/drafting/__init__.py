"""Drafting a document, front to back: start it, see it, save it, see what it still lacks.

Every function takes the session, the actor or scope, and `now`; the caller commits. Importing the
package registers the guards that the workflow's table asks for by name.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content import targets
from lth.core.errors import NotFoundError
from lth.drafting import guards
from lth.drafting.gaps import Gap, missing
from lth.drafting.locking import Locks
from lth.drafting.replies import answer_remark, open_line
from lth.drafting.saving import (
    Conflict,
    PageResult,
    SaveResult,
    SectionConflict,
    SectionEdit,
    SectionResult,
    save_page,
    save_section,
    save_targets,
    with_money,
)
from lth.drafting.sheet import Sheet, sheet
from lth.drafting.starting import Offer, Source, sources, start
from lth.drafting.target_input import TargetEdit
from lth.models import Document, Indicator, Phase, Revision, Target, UnitSettings
from lth.programmes import catalogue
from lth.workflow import documents
from lth.workflow.writing import require_drafter

__all__ = [
    "Conflict",
    "Gap",
    "Offer",
    "PageResult",
    "SaveResult",
    "SectionConflict",
    "SectionEdit",
    "SectionResult",
    "Sheet",
    "Source",
    "TargetEdit",
    "answer_remark",
    "guards",
    "indicator_of",
    "missing",
    "open_line",
    "save_page",
    "save_section",
    "save_targets",
    "sheet",
    "sources",
    "start",
    "with_money",
    "written",
]


def written(session: Session, actor: Actor, document_id: int) -> Sheet:
    """Read the sheet of a document, for its drafters. Raises NotFoundError and NotYoursError."""
    document, revision, settings = _drafted(session, actor, document_id)
    page = sheet(session, document, revision, Scope.of(actor))
    page.settings = settings
    page.locks = Locks.of(revision)
    return page


def indicator_of(session: Session, actor: Actor, document_id: int, line_key: str) -> Indicator:
    """Find what a line is about that a document has, or can have next, for its drafters.

    Raises NotFoundError, also for any other line, and NotYoursError.
    """
    document, revision, _ = _drafted(session, actor, document_id)
    try:
        code, phase, _ = targets.read_key(line_key)
    except ValueError:
        raise NotFoundError from None
    here = (Target.revision_id == revision.id) & (Target.phase_id == Phase.id)
    statement = (
        select(Indicator, Target.line_key)
        .select_from(Indicator)
        .join(Phase, catalogue.phases_of(document.period_id) & (Phase.code == phase))
        .outerjoin(Target, here & (Target.indicator_id == Indicator.id))
        .where(Indicator.programme_id == document.programme_id, Indicator.code == code)
    )
    rows = session.execute(statement).all()
    keys = [key for _, key in rows if key] or [targets.line_key(code, phase)]
    if not rows or line_key not in {*keys, targets.next_key(keys, code, phase)}:
        raise NotFoundError
    return rows[0][0]


def _drafted(
    session: Session, actor: Actor, document_id: int
) -> tuple[Document, Revision, UnitSettings | None]:
    document, revision, settings = documents.with_head(session, document_id, Scope.of(actor))
    require_drafter(actor, document)
    if revision is None:
        raise NotFoundError
    return document, revision, settings
