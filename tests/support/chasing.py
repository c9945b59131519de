"""What the tests of reminders share: moments in Viet Nam, and more communes in the mail's world."""

from datetime import date, datetime, time

from sqlalchemy import delete
from support.mailworld import World, add_person

from lth.access.scope import Purpose, system
from lth.core import clock
from lth.models import Deadline, Participation, Unit
from lth.models.person import Role
from lth.models.unit import Level
from lth.workflow.kinds import SYNTHESIS


def moment(day: date, at: time = time(8)) -> datetime:
    """An hour of a day in Viet Nam."""
    return datetime.combine(day, at, clock.TIMEZONE)


def only_documents(world: World) -> None:
    """Take the day for syntheses back, so that plans alone are reminded of."""
    with system(world.session, Purpose.LOAD):
        world.session.execute(delete(Deadline).where(Deadline.kind == SYNTHESIS))
    world.session.commit()


def more_communes(world: World, *keys: str) -> None:
    """Communes of huyện Trà Cú that take part, each called by its key, with a clerk and a leader:
    `new.clerk`, `new.leader`."""
    above = world.units["tracu"]
    with system(world.session, Purpose.LOAD):
        for key in keys:
            unit = Unit(
                level=Level.COMMUNE,
                type="xã",
                name=key,
                code=key,
                valid_from=date(2000, 1, 1),
                parent_id=above.id,
                path="",
                sort_key=key,
                search_key=key,
            )
            world.session.add(unit)
            world.session.flush()
            unit.path = f"{above.path}{unit.id}."
            world.units[key] = unit
            joins = {"period_id": world.period_id, "unit_id": unit.id, "parent_id": above.id}
            world.session.add(Participation(**joins))
            for role in (Role.CLERK, Role.LEADER):
                add_person(world, f"{key}.{role}", key, role)
    world.session.commit()
