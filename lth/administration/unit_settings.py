"""Settings that units make: who leads, which opinions it asks for, how it receives."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import below
from lth.administration import audit
from lth.administration.context import AdminContext, fingerprint, insert_only
from lth.core.errors import RefusedError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Office, Programme, Reception, Unit, UnitSettings
from lth.models.document import Mode
from lth.models.kind import Kind, MadeBy
from lth.models.opinion import Aspect

RECEIVING_MODES = (Mode.APPROVE, Mode.ACKNOWLEDGE)


@dataclass(frozen=True)
class Choices:
    """A unit's settings; `reception` by programme and kind, *approve* where it says nothing."""

    clearance_needed: bool = True
    leading_office_id: int | None = None
    required_opinions: tuple[Aspect, ...] = ()
    reception: dict[tuple[int, Kind], Mode] = field(default_factory=dict)
    second_factor_required: bool = False

    @property
    def version(self) -> str:
        """A digest that changes whenever one of them does."""
        modes = sorted((*key, mode) for key, mode in self.reception.items())
        opinions = sorted(self.required_opinions)
        plain = self.clearance_needed, self.leading_office_id, self.second_factor_required
        return fingerprint(*plain, opinions, modes)


def read(session: Session, unit: Unit) -> Choices:
    """Return a unit's settings as they stand, the common ones where it has decided nothing."""
    return _choices(session, unit, session.get(UnitSettings, unit.id))


def programmes(session: Session) -> list[Programme]:
    """List all programmes, the oldest first."""
    return list(session.scalars(select(Programme).order_by(Programme.starts_on, Programme.id)))


def kinds_received(session: Session, unit: Unit) -> list[Kind]:
    """List what comes to a unit from below: what is computed only where those have units too."""
    child, grandchild = aliased(Unit), aliased(Unit)
    anybody = exists().where(child.parent_id == unit.id)
    of_child = exists().where(grandchild.parent_id == child.id)
    further = exists().where(child.parent_id == unit.id, of_child)
    lowest = exists().where(child.parent_id == unit.id, ~of_child)
    row = session.execute(select(anybody, lowest, further)).one()
    comes = dict(zip(MadeBy, row, strict=True))
    return [kind for kind in Kind.all() if comes[kind.made_by]]


def kinds_below(session: Session, unit: Unit) -> list[Kind]:
    """List what is made anywhere below a unit: also what comes to one between first."""
    lower, under = aliased(Unit), aliased(Unit)
    of_lower = exists().where(under.parent_id == lower.id)
    inside = below(lower.path, unit.path)
    any_of, lowest, parents = (
        exists().where(inside, *more) for more in ((), (~of_lower,), (of_lower,))
    )
    row = session.execute(select(any_of, lowest, parents)).one()
    made = dict(zip(MadeBy, row, strict=True))
    return [kind for kind in Kind.all() if made[kind.made_by]]


def save(admin: AdminContext, choices: Choices, seen: str) -> bool:
    """Write a unit's settings; returns whether any changed.

    Documents under way keep the road they began on: a mode holds for those started later.

    Raises:
        StaleError: they are no longer those of the version seen.
        RefusedError: naming the form's field.
    """
    unit = admin.own_unit
    row = lock(admin.session, unit)
    before = _choices(admin.session, unit, row)
    admin.check_seen(seen, before.version, "settings.")
    _check_office(admin, choices.leading_office_id)
    changes = _changes(admin.session, before, choices)
    if not changes:
        return False
    if changes.keys() & {"clearance_needed", "required_opinions"}:
        row.own, row.from_unit_id = True, None
    row.clearance_needed = choices.clearance_needed
    row.leading_office_id = choices.leading_office_id
    row.required_opinions = sorted(aspect.value for aspect in choices.required_opinions)
    row.second_factor_required = choices.second_factor_required
    _write_reception(admin.session, unit, choices.reception)
    admin.note("settings.changed", "", changes)
    return True


def lock(session: Session, unit: Unit) -> UnitSettings:
    """Return a unit's row, held until the transaction ends: one administrator at a time.

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
    text = N_("Có người khác vừa lưu cùng lúc. Hãy xem lại rồi lưu.")
    insert_only(session, row, StaleError(Message(text)))
    return row


def _choices(session: Session, unit: Unit, row: UnitSettings | None) -> Choices:
    statement = select(Reception.programme_id, Reception.kind, Reception.mode).where(
        Reception.unit_id == unit.id
    )
    modes = {(programme, kind): mode for programme, kind, mode in session.execute(statement)}
    if row is None:
        return Choices(reception=modes)
    opinions = tuple(Aspect(word) for word in row.required_opinions)
    plain = row.clearance_needed, row.leading_office_id
    return Choices(*plain, opinions, modes, row.second_factor_required)


def _check_office(admin: AdminContext, office_id: int | None) -> None:
    if office_id is None:
        return
    office = admin.session.get(Office, office_id)
    if office is None or office.unit_id != admin.unit_id:
        raise RefusedError("leading_office_id", N_("Hãy chọn một phòng, ban của đơn vị."))


def _changes(session: Session, before: Choices, after: Choices) -> audit.Changes:
    led = {before.leading_office_id, after.leading_office_id}
    statement = select(Office.id, Office.name).where(Office.id.in_(led - {None}))
    names = dict(session.execute(statement).all())
    codes = {programme.id: programme.code for programme in programmes(session)}
    return audit.differing(_values(before, names, codes), _values(after, names, codes))


def _values(choices: Choices, offices: dict[int, str], codes: dict[int, str]) -> dict[str, Any]:
    """Return settings as the trail tells them."""
    values: dict[str, Any] = {
        "clearance_needed": choices.clearance_needed,
        "leading_office": offices.get(choices.leading_office_id or 0),
        "required_opinions": sorted(aspect.value for aspect in choices.required_opinions),
        "second_factor_required": choices.second_factor_required,
    }
    for programme_id, code in codes.items():
        for kind in Kind.all():
            mode = choices.reception.get((programme_id, kind), Mode.APPROVE)
            values[f"reception.{code}.{kind}"] = mode.value
    return values


def _write_reception(session: Session, unit: Unit, modes: dict[tuple[int, Kind], Mode]) -> None:
    rows = {
        (row.programme_id, row.kind): row
        for row in session.scalars(select(Reception).where(Reception.unit_id == unit.id))
    }
    for key, mode in modes.items():
        if key in rows:
            rows[key].mode = mode
        else:
            programme_id, kind = key
            session.add(Reception(unit_id=unit.id, programme_id=programme_id, kind=kind, mode=mode))
