"""The one answer to who holds a role on a day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from lth.access.actor import in_force
from lth.access.delegations import lends
from lth.models import Person, RoleAssignment
from lth.models.person import Role


def holders(
    session: Session,
    roles: Collection[Role],
    on: date,
    *,
    programme_id: int,
    unit_ids: Collection[int] | Select[tuple[int]] | None = None,
    own: bool | ColumnElement[bool] = True,
) -> Sequence[Row[Any]]:
    """Return the active people who hold a role on a day, at some units or at all, by their ids.

    A role that is lent counts where its decision reaches to the documents in question: those of the
    programme, the units' `own` or those from below (see `delegations.lends`). In a system scope;
    rows of `person_id, unit_id, role`.
    """
    statement = (
        select(RoleAssignment.person_id, RoleAssignment.unit_id, RoleAssignment.role)
        .join(Person, Person.id == RoleAssignment.person_id)
        .outerjoin(RoleAssignment.delegation)
        .where(
            RoleAssignment.role.in_(roles), Person.active, in_force(on), lends(own, programme_id)
        )
        .distinct()
        .order_by(RoleAssignment.person_id, RoleAssignment.unit_id)
    )
    if unit_ids is not None:
        statement = statement.where(RoleAssignment.unit_id.in_(unit_ids))
    return session.execute(statement).all()


def told_as(
    turns: Mapping[int, Collection[Role]], news: Mapping[int, Collection[Role]], person_id: int
) -> dict[str, Any]:
    """Return the fields of a payload that say in which roles a person is told."""
    turn_as = tuple(sorted(turns.get(person_id, ())))
    return {
        "turn": bool(turn_as),
        "turn_as": turn_as,
        "news_as": tuple(sorted(news.get(person_id, ()))),
    }


def writers(drafters: Collection[int], wrote: Collection[int]) -> list[int]:
    """Return those of a unit's drafters who wrote in a document; if none is left, all of them."""
    return [person_id for person_id in drafters if person_id in wrote] or list(drafters)
