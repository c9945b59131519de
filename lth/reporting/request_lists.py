"""Requests as lists: those of the own unit, those that have come from below, what waits on whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import Actor
from lth.access.scope import Scope, requests_seen
from lth.core import clock
from lth.core.i18n import C_
from lth.core.workdays import Calendar
from lth.models import ReportRequest, RequestMove, UnitSettings
from lth.models.kind import Kind
from lth.models.person import Role
from lth.models.request import RequestState, RequestStep
from lth.reporting.request_steps import ANSWERERS
from lth.workflow.tasks import task

_LIVE = (RequestState.OPEN, RequestState.UNCLEAR, RequestState.ANSWERED)
_ENDED = (RequestState.SETTLED, RequestState.WITHDRAWN)


class RequestsShown(StrEnum):
    """Which requests a list shows. OURS: of which the own unit owes the next step."""

    ALL = "all"
    OURS = "ours"
    WAITING = "waiting"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True)
class RequestSearch:
    """What of the requests is asked for.

    `from_below`: those that have come from units below, not the own. `over`: only what is owed for
    more working days than that, as counted up to `today`.
    """

    from_below: bool
    shown: RequestsShown = RequestsShown.ALL
    over: int | None = None


def listed(
    session: Session,
    scope: Scope,
    search: RequestSearch,
    calendar: Calendar,
    today: date,
    *,
    limit: int,
    offset: int = 0,
) -> tuple[Sequence[ReportRequest], int]:
    """List requests, what is owed longest first, and how many there are in all."""
    wanted = [requests_seen(scope), *_conditions(search, scope, calendar, today)]
    total = session.scalar(select(func.count(ReportRequest.id)).where(*wanted)) or 0
    ended = ReportRequest.state.in_(_ENDED)
    statement = (
        select(ReportRequest)
        .where(*wanted)
        .options(
            joinedload(ReportRequest.period),
            joinedload(ReportRequest.programme),
            joinedload(ReportRequest.owed_by),
        )
        .order_by(ended, ReportRequest.owed_since, ReportRequest.id)
        .limit(limit)
        .offset(offset)
    )
    return session.scalars(statement).all(), total


def _conditions(
    search: RequestSearch, scope: Scope, calendar: Calendar, today: date
) -> list[ColumnElement[bool]]:
    own = ReportRequest.unit_id == scope.unit_id
    found = [~own if search.from_below else own]
    state = ReportRequest.state
    if search.shown is RequestsShown.OURS:
        found.append(ReportRequest.owed_by_id == scope.unit_id)
    elif search.shown is RequestsShown.WAITING:
        found.append(state.in_((RequestState.OPEN, RequestState.UNCLEAR)))
    elif search.shown is RequestsShown.ANSWERED:
        found.append(state.in_((RequestState.ANSWERED, RequestState.SETTLED)))
    elif search.shown is RequestsShown.ENDED:
        found.append(state.in_(_ENDED))
    if search.over is not None:
        # With today that many working days and one more lie behind the day it is owed since.
        since = calendar.shift(today + timedelta(days=1), -search.over - 1)
        found += [state.in_(_LIVE), ReportRequest.owed_since < _midnight(since)]
    return found


def _midnight(day: date) -> datetime:
    """Return the moment at which a day begins in Viet Nam."""
    return datetime.combine(day, time(), clock.TIMEZONE)


def days_owed(request: ReportRequest, calendar: Calendar, today: date) -> int:
    """Count the working days since the next step of a request has been owed."""
    return max(0, calendar.between(clock.local(request.owed_since).date(), today))


def of_document(session: Session, scope: Scope, document_id: int) -> dict[str, ReportRequest]:
    """Return the requests of a report by the keys of their lines, each with who owes it."""
    statement = (
        select(ReportRequest)
        .where(ReportRequest.document_id == document_id, requests_seen(scope))
        .options(joinedload(ReportRequest.owed_by))
    )
    return {one.line_key: one for one in session.scalars(statement)}


@dataclass(frozen=True)
class AnsweredRequest:
    """A request with the answer that it got last, as a review quotes it."""

    request: ReportRequest
    answer: str
    answered_by: str
    answered_at: datetime


def answered(
    session: Session,
    scope: Scope,
    programme_id: int,
    first: date,
    last: date,
    unit_id: int | None = None,
) -> list[AnsweredRequest]:
    """List a unit's requests (the own unit's, unless another is named) that were answered on some
    days, each with its last answer; as far as the scope sees them.
    """
    newest = (
        select(func.max(RequestMove.id))
        .where(RequestMove.request_id == ReportRequest.id, RequestMove.step == RequestStep.ANSWER)
        .correlate(ReportRequest)
        .scalar_subquery()
    )
    statement = (
        select(ReportRequest, RequestMove)
        .join(RequestMove, RequestMove.id == newest)
        .where(
            requests_seen(scope),
            ReportRequest.unit_id == (unit_id or scope.unit_id),
            ReportRequest.programme_id == programme_id,
            RequestMove.at >= _midnight(first),
            RequestMove.at < _midnight(last + timedelta(days=1)),
        )
        .options(joinedload(ReportRequest.period))
        .order_by(RequestMove.at, ReportRequest.id)
    )
    return [
        AnsweredRequest(request, move.text, move.unit_name, move.at)
        for request, move in session.execute(statement)
    ]


def unanswered_below(scope: Scope) -> ColumnElement[bool]:
    """Select, as a dashboard counts them, the requests from below that wait for an answer here or
    further up."""
    return (
        requests_seen(scope)
        & (ReportRequest.unit_id != scope.unit_id)
        & (ReportRequest.state == RequestState.OPEN)
    )


# --- What waits ---------------------------------------------------------------------------


@task("requests", C_("%(count)s kiến nghị của cấp dưới chờ trả lời"), page="requests_below")
def _to_answer(actor: Actor, _: UnitSettings | None) -> Select[tuple[int]] | None:
    """Count the requests that the actor's unit has to answer."""
    if actor.unit_id is None or actor.role not in ANSWERERS:
        return None
    return _owed(actor, own=False)


@task("answers", C_("%(count)s kiến nghị của đơn vị chờ làm rõ hoặc xác nhận"), page="requests")
def _to_settle(actor: Actor, _: UnitSettings | None) -> Select[tuple[int]] | None:
    """Count the own requests that are to be made clear or have their answer."""
    if actor.unit_id is None:
        return None
    drafts = [kind for kind in Kind.all() if kind.drafter is actor.role]
    if actor.role is not Role.LEADER and not drafts:
        return None
    counted = _owed(actor, own=True)
    if counted is None or actor.role is Role.LEADER:
        return counted
    return counted.where(ReportRequest.kind.in_(drafts))


def _owed(actor: Actor, *, own: bool) -> Select[tuple[int]] | None:
    lent = actor.on_behalf
    if lent is not None and not lent.lets(own):
        return None
    of_unit = ReportRequest.unit_id == actor.unit_id
    counted = select(func.count(ReportRequest.id)).where(
        requests_seen(Scope.of(actor)),
        ReportRequest.owed_by_id == actor.unit_id,
        of_unit if own else ~of_unit,
    )
    if lent is not None and lent.programme_id is not None:
        counted = counted.where(ReportRequest.programme_id == lent.programme_id)
    return counted
