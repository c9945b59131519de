"""Let go of what is kept for some days only, once its time is over: rows, and the bytes they name.

The tick does it every minute. What is to go by itself is one table more in `SHORT_LIVED`.
"""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.core import database
from lth.core.config import Settings
from lth.core.errors import StoreAwayError
from lth.exchange.files import sweeping
from lth.exchange.files.stores import store_at
from lth.models import ClubList, LongJob, ReadingUpload, Roster, WorkbookUpload
from lth.notifications.tick import Sessions, chore

logger = logging.getLogger(__name__)

SHORT_LIVED = (Roster, WorkbookUpload, ReadingUpload, ClubList, LongJob)
"""Models of what goes at its `expires_at`, and of which nothing else tells."""

Expiring = Roster | WorkbookUpload | ReadingUpload | ClubList | LongJob


@chore("expired")
def purge(settings: Settings, sessions: Sessions, now: datetime) -> int:
    """Remove rows that are over and, after them, the files that no other row names; how many rows.

    A place of the files that is away keeps them until `lth files --sweep`.
    """
    with sessions() as session, system(session, Purpose.TICK):
        with database.reading(), database.unit_of_work(session):
            over = [exists().where(model.expires_at <= now) for model in SHORT_LIVED]
            if not session.scalar(select(or_(*over))):
                return 0
        with database.unit_of_work(session):
            files = _files(session, now)
            count = sum(len(session.scalars(_gone(model, now)).all()) for model in SHORT_LIVED)
    _let_go(settings, sessions, files, now)
    return count


def _gone(model: type[Expiring], now: datetime) -> Any:
    return delete(model).where(model.expires_at <= now).returning(model.id)


def _files(session: Session, now: datetime) -> set[str]:
    """Find what jobs that are over worked on and made."""
    named = select(LongJob.sent_digest, LongJob.result_digest).where(LongJob.expires_at <= now)
    return {name for row in session.execute(named) for name in row if name}


def _let_go(settings: Settings, sessions: Sessions, files: Collection[str], now: datetime) -> None:
    if not files:
        return
    with sessions() as session, database.reading(), database.unit_of_work(session):
        free = sweeping.unnamed(session, files)
    store = store_at(settings.files)
    try:
        for name in sorted(free):
            sweeping.let_go(store, name, now)
    except StoreAwayError:
        logger.exception("files of long jobs that are over stay until they are swept")
