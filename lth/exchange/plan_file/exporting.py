"""A plan of the database as a plan file."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import Scope, plans_seen, revisions_seen
from lth.checks.loading import document_of
from lth.core.i18n import N_, Message
from lth.exchange.plan_file.writer import write
from lth.models import Plan, Revision
from lth.models.document import Kind
from lth.workflow.errors import BlockedError


def take_out(session: Session, plan_id: int, number: int | None, scope: Scope) -> str:
    """The text of a plan's newest revision, or of one by its number.

    Raises BlockedError where the scope sees no such plan or revision, and for a synthesis, which
    is computed from plans.
    """
    plan = session.scalars(
        select(Plan)
        .where(Plan.id == plan_id, plans_seen(scope))
        .options(
            joinedload(Plan.unit),
            joinedload(Plan.next_unit),
            joinedload(Plan.period),
            joinedload(Plan.programme),
        )
    ).first()
    if plan is None:
        raise BlockedError(Message(N_("Không có kế hoạch số %(id)s."), {"id": plan_id}))
    if plan.kind is not Kind.PLAN:
        said = N_("Văn bản số %(id)s là bản tổng hợp: chỉ kế hoạch mới thành tệp kế hoạch.")
        raise BlockedError(Message(said, {"id": plan_id}))
    return write(document_of(session, plan, _revision(session, plan, number, scope), scope))


def _revision(session: Session, plan: Plan, number: int | None, scope: Scope) -> Revision:
    wanted = plan.head_number if number is None else number
    found = session.scalars(
        select(Revision).where(
            Revision.plan_id == plan.id, Revision.number == wanted, revisions_seen(scope)
        )
    ).first()
    if found is None:
        said = N_("Kế hoạch số %(id)s không có bản số %(number)s; bản mới nhất là %(newest)s.")
        filling = {"id": plan.id, "number": wanted, "newest": plan.head_number}
        raise BlockedError(Message(said, filling))
    return found
