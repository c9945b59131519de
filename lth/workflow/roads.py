"""Roads: the chain of units a document climbs, fixed when it is created."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.core.errors import RoadError
from lth.core.i18n import N_, Message
from lth.models import Reception, Unit
from lth.models.document import DocumentStep, Mode
from lth.models.kind import Kind


def lay(
    session: Session, unit: Unit, programme_id: int, kind: Kind, on: date
) -> list[DocumentStep]:
    """The steps from a unit to the top as the tree stood on a date, each with its mode.

    Raises RoadError where a unit of the chain does not exist on that date.
    """
    chain = _chain(session, unit)
    for member in chain:
        if not member.in_force(on):
            raise RoadError(
                Message(
                    N_("%(unit)s không tồn tại vào ngày %(date)s nên chưa có đường trình."),
                    {"unit": member.full_name, "date": on},
                )
            )
    modes = _modes(session, [member.id for member in chain], programme_id, kind)
    return [
        DocumentStep(ordinal=ordinal, unit_id=member.id, mode=_mode(modes, member.id, ordinal))
        for ordinal, member in enumerate(chain)
    ]


def _chain(session: Session, unit: Unit) -> list[Unit]:
    """The unit and those above it, nearest first."""
    above = session.scalars(select(Unit).where(Unit.id.in_(unit.ancestor_ids))).all()
    return [unit, *sorted(above, key=lambda member: -len(member.path))]


def _modes(session: Session, unit_ids: list[int], programme_id: int, kind: Kind) -> dict[int, Mode]:
    statement = select(Reception.unit_id, Reception.mode).where(
        Reception.unit_id.in_(unit_ids),
        Reception.programme_id == programme_id,
        Reception.kind == kind,
    )
    return {unit_id: mode for unit_id, mode in session.execute(statement)}  # noqa: C416 - rows, not pairs


def _mode(modes: dict[int, Mode], unit_id: int, ordinal: int) -> Mode:
    return Mode.FINAL if ordinal == 0 else modes.get(unit_id, Mode.APPROVE)
