"""List the demo's accounts for the sign-in page. Only a demo has such a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import in_force
from lth.access.scope import Purpose, system
from lth.core import clock
from lth.demo.people import DOMAIN
from lth.models import Credential, Person, RoleAssignment, Unit
from lth.models.person import Role

_LED_BY = {"84", "849", "29506", "24", "07264"}
"""National codes of the units that the demo's story is best followed from."""


@dataclass(frozen=True)
class DemoAccount:
    """One person of a unit: `name` says what they do; `roles` those held at this unit."""

    email: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class UnitAccounts:
    """A unit's people. `unit_name` is empty for the system administrator, who has no unit.

    `first`: one of the few units to begin with; `depth` is how far below its province it lies.
    """

    unit_name: str
    depth: int
    first: bool
    accounts: tuple[DemoAccount, ...]


def accounts(session: Session) -> list[UnitAccounts]:
    """List every account of the demo that may sign in today, unit by unit down the tree.

    With the roles of their own; what a decision lends is found once one is in. One query, within
    the scope of signing in.
    """
    statement = (
        select(
            Unit.path,
            Unit.type,
            Unit.name.label("unit"),
            Unit.code,
            Credential.email,
            Person.name,
            RoleAssignment.role,
        )
        .select_from(RoleAssignment)
        .join(Person, Person.id == RoleAssignment.person_id)
        .join(Credential, Credential.person_id == Person.id)
        .outerjoin(Unit, Unit.id == RoleAssignment.unit_id)
        .where(
            Credential.email.endswith(f"@{DOMAIN}"),
            Person.active,
            RoleAssignment.delegation_id.is_(None),
            in_force(clock.today()),
        )
        .order_by(RoleAssignment.id)
    )
    with system(session, Purpose.SIGN_IN):
        rows = session.execute(statement).all()
    by_unit: dict[tuple[int, ...], list] = {}
    for row in rows:
        by_unit.setdefault(_place(row.path), []).append(row)
    return [
        _unit(place, by_unit[place])
        for place in sorted(by_unit, key=lambda place: (not place, place))
    ]


def _place(path: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in (path or "").split(".") if part)


def _unit(place: tuple[int, ...], rows: list) -> UnitAccounts:
    first = rows[0]
    return UnitAccounts(
        unit_name=f"{first.type} {first.unit}" if place else "",
        depth=max(len(place) - 1, 0),
        first=bool(place) and first.code in _LED_BY,
        accounts=tuple(_people(rows)),
    )


def _people(rows: Iterable) -> Iterable[DemoAccount]:
    """Yield one line for each person, whatever the number of roles they hold there."""
    held: dict[tuple[str, str], list[Role]] = {}
    for row in rows:
        held.setdefault((row.email, row.name), []).append(row.role)
    for (email, name), roles in held.items():
        yield DemoAccount(email, name, tuple(roles))
