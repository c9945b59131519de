"""What a giver knows of the units below before any document of theirs says so."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, system
from lth.administration import audit
from lth.core.errors import BlockedError, NotFoundError
from lth.core.i18n import N_, Message
from lth.models import Participation, Unit
from lth.quotas.preconditions import LARGEST, own_document
from lth.units.on_day import takes_part


def note_older(
    session: Session,
    actor: Actor,
    document_id: int,
    figures: Mapping[int, int | None],
    *,
    now: datetime,
) -> int:
    """Keep how many older people live in the units below, by unit id; returns how many changed.

    Who hands the document's quotas down may, since it is by these figures that they are split; the
    unit's trail keeps who changed what. Raises NotFoundError for a unit that takes no part.
    """
    document = own_document(session, actor, document_id)
    if any(value is not None and not 0 <= value <= LARGEST for value in figures.values()):
        raise BlockedError(Message(N_("Số người cao tuổi không thể âm hoặc quá lớn.")))
    with system(session, Purpose.ADMINISTER):
        statement = (
            select(Participation, Unit)
            .join(Unit, Unit.id == Participation.unit_id)
            .where(
                Participation.period_id == document.period_id,
                Participation.parent_id == document.unit_id,
                Participation.unit_id.in_(figures),
                takes_part(),
            )
        )
        rows = session.execute(statement).all()
        if len(rows) != len(figures):
            raise NotFoundError
        changes = {}
        for row, unit in rows:
            value = figures[unit.id]
            if row.older_population != value:
                changes[unit.full_name] = (row.older_population, value)
                row.older_population = value
        if changes:
            subject = document.period.code
            audit.record(
                *(session, document.unit_id, "older.noted", actor.person_id, subject, changes),
                now=now,
                actor=actor,
            )
    return len(changes)
