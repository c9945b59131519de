"""What a giver knows of the units below before any document of theirs says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, system
from lth.administration import audit
from lth.core.errors import BlockedError, NotFoundError, StaleError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import format_number
from lth.models import Participation, Unit
from lth.quotas.preconditions import LARGEST, own_document
from lth.units.on_day import takes_part


def note_older(
    session: Session,
    actor: Actor,
    document_id: int,
    figures: Mapping[int, int | None],
    *,
    seen: Mapping[int, int | None],
    now: datetime,
) -> int:
    """Keep how many older people live in some units below, by unit id; returns how many changed.

    Units that are not named keep theirs. `seen` is the figure of each that the page showed: one
    that stays as it was shown is not written. Who hands the document's quotas down may, since it
    is by these figures that they are split; the unit's trail keeps who changed what. Raises
    NotFoundError for a unit that takes no part, and StaleError with a message for each unit whose
    figure is no longer the one that was shown; its field is the unit's id.
    """
    document = own_document(session, actor, document_id)
    nothing = object()
    figures = {
        unit_id: value for unit_id, value in figures.items() if seen.get(unit_id, nothing) != value
    }
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
            .with_for_update(of=Participation)
            .execution_options(populate_existing=True)
        )
        rows = session.execute(statement).all()
        if len(rows) != len(figures):
            raise NotFoundError
        _require_seen(rows, figures, seen)
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


def _require_seen(
    rows: Sequence[Row[tuple[Participation, Unit]]],
    figures: Mapping[int, int | None],
    seen: Mapping[int, int | None],
) -> None:
    """Raise StaleError for figures that another has changed, or that were written unseen."""
    overtaken = [
        _overtaken(row, unit)
        for row, unit in rows
        if row.older_population != figures[unit.id]
        and (unit.id not in seen or row.older_population != seen[unit.id])
    ]
    if overtaken:
        raise StaleError(*overtaken)


def _overtaken(row: Participation, unit: Unit) -> Message:
    field = str(unit.id)
    if row.older_population is None:
        text = N_("Số của %(unit)s vừa được bỏ trống trong lúc trang đang mở.")
        return Message(text, {"unit": unit.full_name}, field=field)
    text = N_("Số của %(unit)s vừa được ghi là %(now)s trong lúc trang đang mở.")
    now = format_number(row.older_population)
    return Message(text, {"unit": unit.full_name, "now": now}, field=field)
