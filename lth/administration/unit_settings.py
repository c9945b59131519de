"""What a unit decides for itself: who leads, which opinions it asks for, how it receives."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from lth.administration import audit, versions
from lth.administration.desk import Desk
from lth.core.errors import RefusedError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Office, Programme, Reception, Unit, UnitSettings
from lth.models.document import Mode
from lth.models.kind import Kind
from lth.models.opinion import Aspect

RECEIVING_MODES = (Mode.APPROVE, Mode.ACKNOWLEDGE)


@dataclass(frozen=True)
class Choices:
    """A unit's settings; `reception` by programme and kind, *approve* where it says nothing."""

    clearance_needed: bool = True
    leading_office_id: int | None = None
    required_opinions: tuple[Aspect, ...] = ()
    reception: dict[tuple[int, Kind], Mode] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Changes whenever one of them does."""
        modes = sorted((*key, mode) for key, mode in self.reception.items())
        opinions = sorted(self.required_opinions)
        return versions.fingerprint(self.clearance_needed, self.leading_office_id, opinions, modes)


def read(session: Session, unit: Unit) -> Choices:
    """A unit's settings as they stand, the common ones where it has decided nothing."""
    return _choices(session, unit, session.get(UnitSettings, unit.id))


def programmes(session: Session) -> list[Programme]:
    """All programmes, the oldest first."""
    return list(session.scalars(select(Programme).order_by(Programme.starts_on, Programme.id)))


def kinds_received(session: Session, unit: Unit) -> list[Kind]:
    """List what comes to a unit from below: what is computed only where those have units too."""
    child, grandchild = aliased(Unit), aliased(Unit)
    below = exists().where(child.parent_id == unit.id)
    further = exists().where(child.parent_id == unit.id, grandchild.parent_id == child.id)
    has_below, has_further = session.execute(select(below, further)).one()
    return [kind for kind in Kind.all() if (has_further if kind.is_computed else has_below)]


def save(desk: Desk, choices: Choices, seen: str) -> bool:
    """Keep a unit's settings; returns whether any changed.

    Documents under way keep the road they began on: a mode holds for those started later.

    Raises:
        StaleError: they are no longer those of the version seen.
        RefusedError: naming the form's field.
    """
    if desk.unit is None:
        raise ValueError("settings belong to a unit")
    row = lock(desk.session, desk.unit)
    before = _choices(desk.session, desk.unit, row)
    versions.check(desk.session, seen, before.version, desk.unit_id, "settings.")
    _check_office(desk, choices.leading_office_id)
    changes = _changes(desk.session, before, choices)
    if not changes:
        return False
    row.clearance_needed = choices.clearance_needed
    row.leading_office_id = choices.leading_office_id
    row.required_opinions = sorted(aspect.value for aspect in choices.required_opinions)
    _keep_reception(desk.session, desk.unit, choices.reception)
    desk.note("settings.changed", "", changes)
    return True


def lock(session: Session, unit: Unit) -> UnitSettings:
    """A unit's row, held until the transaction ends: one administrator at a time.

    Raises StaleError where somebody else is making the row at this very moment.
    """
    statement = (
        select(UnitSettings)
        .where(UnitSettings.unit_id == unit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalar(statement)
    if row is not None:
        return row
    row = UnitSettings(unit_id=unit.id, clearance_needed=True, required_opinions=[])
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise StaleError(
            Message(N_("Có người khác vừa lưu cùng lúc. Hãy xem lại rồi lưu."))
        ) from error
    return row


def _choices(session: Session, unit: Unit, row: UnitSettings | None) -> Choices:
    statement = select(Reception.programme_id, Reception.kind, Reception.mode).where(
        Reception.unit_id == unit.id
    )
    modes = {(programme, kind): mode for programme, kind, mode in session.execute(statement)}
    if row is None:
        return Choices(reception=modes)
    opinions = tuple(Aspect(word) for word in row.required_opinions)
    return Choices(row.clearance_needed, row.leading_office_id, opinions, modes)


def _check_office(desk: Desk, office_id: int | None) -> None:
    if office_id is None:
        return
    office = desk.session.get(Office, office_id)
    if office is None or office.unit_id != desk.unit_id:
        raise RefusedError("leading_office_id", Message(N_("Hãy chọn một phòng, ban của đơn vị.")))


def _changes(session: Session, before: Choices, after: Choices) -> audit.Changes:
    led = {before.leading_office_id, after.leading_office_id}
    statement = select(Office.id, Office.name).where(Office.id.in_(led - {None}))
    names = dict(session.execute(statement).all())
    codes = {one.id: one.code for one in programmes(session)}
    return audit.differing(_told(before, names, codes), _told(after, names, codes))


def _told(choices: Choices, offices: dict[int, str], codes: dict[int, str]) -> dict[str, Any]:
    """Settings as the trail tells them."""
    told: dict[str, Any] = {
        "clearance_needed": choices.clearance_needed,
        "leading_office": offices.get(choices.leading_office_id or 0),
        "required_opinions": sorted(aspect.value for aspect in choices.required_opinions),
    }
    for programme_id, code in codes.items():
        for kind in Kind.all():
            mode = choices.reception.get((programme_id, kind), Mode.APPROVE)
            told[f"reception.{code}.{kind}"] = mode.value
    return told


def _keep_reception(session: Session, unit: Unit, modes: dict[tuple[int, Kind], Mode]) -> None:
    kept = {
        (row.programme_id, row.kind): row
        for row in session.scalars(select(Reception).where(Reception.unit_id == unit.id))
    }
    for key, mode in modes.items():
        if key in kept:
            kept[key].mode = mode
        else:
            programme_id, kind = key
            session.add(Reception(unit_id=unit.id, programme_id=programme_id, kind=kind, mode=mode))
