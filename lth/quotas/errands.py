"""What waits on a role of the talk over quotas: to be answered below, to be settled above."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.core.i18n import C_
from lth.models import Document, Period, UnitSettings
from lth.quotas.ledger import Errand, errands, errands_asked
from lth.quotas.preconditions import GIVERS, RECEIVERS
from lth.workflow.tasks import task


def _has_some(actor: Actor) -> bool:
    return actor.unit_id is not None and actor.role in GIVERS | {*RECEIVERS}


def errands_of(session: Session, actor: Actor) -> list[Errand]:
    """List the quotas that wait on an actor's role: to be answered, or to be settled."""
    if actor.unit_id is None or not _has_some(actor):
        return []
    answers = actor.role in RECEIVERS
    found = errands(session, actor.unit_id, Scope.of(actor))
    wanted = (errand for errand in found if errand.mine or answers)
    return [errand for errand in wanted if actor.covers(True, errand.period.programme_id)]


@task("quotas", C_("%(count)s lần giao chỉ tiêu chờ trả lời hoặc giải quyết"))
def _waiting(actor: Actor, _: UnitSettings | None) -> Select[tuple[int]] | None:
    """Count what `errands_of` lists."""
    lent = actor.on_behalf
    if actor.unit_id is None or not _has_some(actor) or (lent and not lent.lets(True)):
        return None
    rows = errands_asked(actor.unit_id, Scope.of(actor)).order_by(None)
    found = rows.with_only_columns(Document.id, Document.unit_id, Period.programme_id).subquery().c
    counted = select(func.count(found.id))
    if actor.role not in RECEIVERS:
        counted = counted.where(found.unit_id == actor.unit_id)
    if lent is not None and lent.programme_id is not None:
        counted = counted.where(found.programme_id == lent.programme_id)
    return counted
