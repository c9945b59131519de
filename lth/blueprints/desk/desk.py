"""The desk: what waits on me, what I wait for, what is due."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lth import quotas
from lth.blueprints.web import current
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.models.kind import Kind
from lth.models.unit import Level, Unit
from lth.workflow import deadlines, inbox, waiting

SHOWN = 20


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "desk", desk)


@needs(Permission.READ_DOCUMENTS)
def desk() -> ResponseReturnValue:
    """The first page of a role. At most a screenful; the lists hold the rest."""
    session, actor = current.database(), current.actor()
    found = waiting.desk(session, actor, limit=SHOWN)
    openings = waiting.openings(session, actor)
    unit = session.get_one(Unit, actor.unit_id)
    periods = {(one.period.id, one.kind) for one in openings}
    periods |= {(one.period.id, one.kind) for one in found.mine if one.unit.id == unit.id}
    return render_template(
        "desk.html",
        waiting_on=found.mine,
        waiting_count=found.count,
        waited_for=found.elsewhere,
        openings=openings,
        due=_own_due(unit, periods),
        progress=inbox.progress(session, actor) if actor.level is not Level.COMMUNE else [],
        errands=_errands(),
        day=clock.today(),
    )


def _errands() -> list[quotas.Errand]:
    """Quotas that wait on this role: to be answered, or to be settled."""
    session, actor = current.database(), current.actor()
    if actor.unit_id is None or actor.role not in quotas.GIVERS | {*quotas.RECEIVERS}:
        return []
    answers = actor.role in quotas.RECEIVERS
    found = quotas.errands(session, actor.unit_id, current.scope())
    wanted = [one for one in found if one.mine or answers]
    return [one for one in wanted if actor.covers(True, one.period.programme_id)]


def _own_due(unit: Unit, wanted: set[tuple[int, Kind]]) -> dict[tuple[int, Kind], deadlines.Due]:
    """When the unit's own documents are due, by period and kind; in one query."""
    found = deadlines.own_due_dates(current.database(), unit)
    return {key: due for key, due in found.items() if key in wanted}
