"""Kiến nghị: taking the steps of a request, and following the report that it stands in.

A request goes up step by step: the unit directly above sees it first, answers it, or passes it up
with its own remark. The answer comes down directly to the unit that asks, as offices answer the
one who wrote to them; the units between are told at the same moment and read it. A step down that
could only be passed on would cost days and decide nothing.

Every step is one transaction with its move and its mail; the caller commits.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, joinedload

from lth.access.actor import Actor
from lth.access.scope import Scope, requests_seen
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.core.i18n import N_, Message
from lth.models import (
    DocumentStep,
    ReportItem,
    ReportRequest,
    RequestMove,
    Revision,
    Unit,
)
from lth.models.report import ReportItemKind
from lth.models.request import RequestState, RequestStep
from lth.reporting import request_mail
from lth.reporting.request_mail import DOWN, UP, Told
from lth.reporting.request_steps import (
    STEP_DONE,
    STEPS,
    RequestSide,
    offered,
    side_of,
)
from lth.workflow.context import ActContext
from lth.workflow.registry import effect

LONGEST = 4000
"""Characters of what is said in a step."""

_WHOLE = (
    joinedload(ReportRequest.period),
    joinedload(ReportRequest.programme),
    joinedload(ReportRequest.held_by),
    joinedload(ReportRequest.owed_by),
)
_ENDED = {RequestState.SETTLED, RequestState.WITHDRAWN}


def get(session: Session, request_id: int, scope: Scope) -> ReportRequest:
    """Read one request with its period, programme and who has it. Raises NotFoundError."""
    statement = (
        select(ReportRequest)
        .where(ReportRequest.id == request_id, requests_seen(scope))
        .options(*_WHOLE)
    )
    found = session.scalars(statement).first()
    if found is None:
        raise NotFoundError
    return found


def moves(session: Session, request: ReportRequest) -> Sequence[RequestMove]:
    """List the steps of a request that was read, the first one first."""
    statement = select(RequestMove).where(RequestMove.request_id == request.id)
    return session.scalars(statement.order_by(RequestMove.seq)).all()


def unit_above(session: Session, request: ReportRequest) -> Unit | None:
    """Return the unit that a request may be passed up to: the next on its report's road."""
    here, above = aliased(DocumentStep), aliased(DocumentStep)
    statement = (
        select(Unit)
        .join(above, above.unit_id == Unit.id)
        .join(here, here.document_id == above.document_id)
        .where(
            here.document_id == request.document_id,
            here.unit_id == request.held_by_id,
            above.ordinal == here.ordinal + 1,
        )
    )
    return session.scalars(statement).first()


def take(
    session: Session,
    actor: Actor,
    request_id: int,
    step: RequestStep,
    *,
    seen: int,
    text: str = "",
    now: datetime,
) -> RequestMove:
    """Take a step of a request as the actor, who saw its version `seen`.

    Raises NotFoundError outside the scope, StaleError where somebody came first, NotNowError and
    NotYoursError where the step is not one of this state or this actor, BlockedError for words
    that are missing.
    """
    request = get(session, request_id, Scope.of(actor))
    if request.version != seen:
        raise _overtaken(session, request)
    above = unit_above(session, request)
    _require_offered(actor, request, step, ends_here=above is None)
    _require_words(STEPS[step].text_wanted, text)
    if step is RequestStep.FORWARD and above is not None:
        to: Unit | None = above
    else:
        to = _owes(session, request, STEPS[step].target)
    move = _move(request, step, actor, now, text=text, to=to)
    _write(session, move)
    _apply(request, step, STEPS[step].target, to, now)
    session.flush()
    request_mail.tell(session, actor, [(request, move)], _told(session, request, step), now)
    return move


def _require_offered(
    actor: Actor, request: ReportRequest, step: RequestStep, *, ends_here: bool
) -> None:
    rule = STEPS.get(step)
    if rule is None:
        raise NotFoundError
    if side_of(actor, request) is not rule.side:
        raise NotYoursError(
            Message(N_("Việc này không thuộc vai trò của anh/chị ở kiến nghị này."))
        )
    if step in offered(actor, request, ends_here=ends_here):
        return
    if step is RequestStep.ASK_AGAIN and request.asked_again:
        raise NotNowError(Message(N_("Kiến nghị này đã được hỏi lại một lần.")))
    if step is RequestStep.FORWARD and ends_here:
        raise NotNowError(Message(N_("Không còn cấp nào ở trên để chuyển kiến nghị lên.")))
    raise NotNowError(Message(N_("Kiến nghị không ở trạng thái làm được việc này.")))


def _require_words(wanted: str, text: str) -> None:
    """Raises BlockedError where words are wanted and none are there, or far too many."""
    if wanted and not text.strip():
        raise BlockedError(Message(wanted, field="text"))
    if len(text) > LONGEST:
        long = N_("Dài quá %(most)s ký tự, hãy rút gọn.")
        raise BlockedError(Message(long, {"most": LONGEST}, "text"))


def _owes(session: Session, request: ReportRequest, target: RequestState) -> Unit | None:
    """Return the unit that owes the next step of a request in a state."""
    if target in _ENDED:
        return None
    owner = request.held_by_id if target is RequestState.OPEN else request.unit_id
    return session.get_one(Unit, owner)


def _move(
    request: ReportRequest,
    step: RequestStep,
    actor: Actor,
    now: datetime,
    *,
    text: str = "",
    to: Unit | None,
    revision: int | None = None,
    seq: int | None = None,
) -> RequestMove:
    return RequestMove(
        request_id=request.id,
        seq=seq or request.version + 1,
        step=step,
        text=text.strip(),
        unit_id=actor.unit_id,
        unit_name=actor.unit_name,
        to_unit_id=to.id if to else None,
        to_unit_name=to.full_name if to else "",
        revision_number=revision,
        person_id=actor.person_id,
        person_name=actor.person_name,
        person_position=actor.position,
        at=now,
    )


def _write(session: Session, *steps: RequestMove) -> None:
    """Write moves while the old state stands, by which the database knows whose turn it is."""
    with _one_step():
        session.add_all(steps)
        session.flush()


def _apply(
    request: ReportRequest, step: RequestStep, target: RequestState, to: Unit | None, now: datetime
) -> None:
    """Set a request to what a step leads to. Who goes on owing it has owed it since before."""
    owed_before = request.owed_by_id
    request.version += 1
    request.state = target
    request.owed_by_id = to.id if to else None
    if request.owed_by_id != owed_before:
        request.owed_since = now
    if step is RequestStep.FORWARD and to is not None:
        request.held_by_id, request.top_path = to.id, to.path
    if step is RequestStep.ASK_AGAIN:
        request.asked_again = True


def _told(session: Session, request: ReportRequest, step: RequestStep) -> list[Told]:
    """Say who is told of a step: whose turn it is, and for whom it is news."""
    if STEPS[step].side is RequestSide.ASKER:
        calls = step in {RequestStep.CLARIFY, RequestStep.ASK_AGAIN}
        return [Told(request.held_by_id, UP, calls)]
    if step is RequestStep.FORWARD:
        return [Told(request.held_by_id, UP, True), Told(request.unit_id, DOWN, False)]
    asker = Told(request.unit_id, DOWN, True)
    if step is not RequestStep.ANSWER:
        return [asker]
    return [asker, *(Told(unit_id, UP, False) for unit_id in _between(request))]


def _between(request: ReportRequest) -> list[int]:
    """List the units between the one that asks and the highest that a request has reached."""
    return [
        int(part)
        for part in request.unit_path.removeprefix(request.top_path).rstrip(".").split(".")[:-1]
        if part
    ]


def _overtaken(session: Session, request: ReportRequest) -> StaleError:
    last = moves(session, request)[-1]
    return StaleError(
        Message(
            N_(
                "%(person)s (%(unit)s) vừa cập nhật kiến nghị này (%(step)s) sau khi anh/chị mở "
                "trang. Hãy xem lại trước khi thực hiện."
            ),
            {
                "person": last.person_name,
                "unit": last.unit_name,
                "step": Message(STEP_DONE[last.step]),
            },
        )
    )


_TWICE = (
    "uq_request_move_request_id_seq",
    "request_move.request_id, request_move.seq",
    "uq_report_request_document_id_line_key",
    "report_request.document_id, report_request.line_key",
)
"""How PostgreSQL and SQLite name the keys that two at once run into."""


@contextmanager
def _one_step() -> Iterator[None]:
    """Let the unique key keep one of two who take a step at once. Raises StaleError."""
    try:
        yield
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in _TWICE):
            raise
        raise StaleError(
            Message(N_("Kiến nghị vừa có thay đổi. Hãy xem lại trước khi thực hiện."))
        ) from error


# --- With the report ----------------------------------------------------------------------


@effect
def follow_requests(context: ActContext) -> None:
    """Bring a document's requests in line with what is sent of it now, perhaps nothing.

    A line that is new is raised, one that reads otherwise is reworded and goes on, one that is gone
    is withdrawn; the key of the line says which is which. What has its answer stays as it is,
    unless its words are others: then it is asked anew. Where nobody is above, nothing is asked.
    """
    if context.document.next_unit_id is not None:
        number = context.pending("sent_number")
        _follow(context, number, _asked(context, number))


@effect
def drop_requests(context: ActContext) -> None:
    """Withdraw what is still open when its document is revoked: a new one will ask anew."""
    if context.document.next_unit_id is not None:
        _follow(context, context.pending("sent_number"), [])


def _asked(context: ActContext, number: int | None) -> Sequence[ReportItem]:
    """List the requests in the revision that is sent."""
    statement = (
        select(ReportItem)
        .join(Revision, Revision.id == ReportItem.revision_id)
        .where(
            Revision.document_id == context.document.id,
            Revision.number == number,
            ReportItem.kind == ReportItemKind.REQUEST,
        )
        .order_by(ReportItem.ordinal, ReportItem.id)
    )
    found = context.session.scalars(statement).all() if number is not None else []
    return [item for item in found if item.text.strip()]


def _follow(context: ActContext, number: int | None, asked: Sequence[ReportItem]) -> None:
    session, document = context.session, context.document
    of_document = ReportRequest.document_id == document.id
    statement = select(ReportRequest).where(of_document).options(joinedload(ReportRequest.period))
    there = {one.line_key: one for one in session.scalars(statement)}
    if not asked and not there:
        return
    above = session.get_one(Unit, document.next_unit_id)
    done: list[tuple[ReportRequest, RequestMove]] = []
    for item in asked:
        request = there.pop(item.line_key, None)
        if request is None:
            done.append(_raise(context, item, above, number))
        elif (step := _renewed(session, request, item)) is not None:
            done.append(_reopen(context, request, item, step, number))
    done += [
        _drop(context, request, number)
        for request in there.values()
        if request.state in {RequestState.OPEN, RequestState.UNCLEAR}
    ]
    session.flush()
    _tell_above(context, done)


def _raise(
    context: ActContext, item: ReportItem, above: Unit, number: int | None
) -> tuple[ReportRequest, RequestMove]:
    document, actor = context.document, context.actor
    request = ReportRequest(
        unit_id=document.unit_id,
        unit_path=document.unit_path,
        unit_name=actor.unit_name,
        document_id=document.id,
        programme_id=document.programme_id,
        period_id=document.period_id,
        period=document.period,
        kind=document.kind,
        line_key=item.line_key,
        text=item.text.strip(),
        level=item.level,
        held_by_id=above.id,
        top_path=above.path,
        owed_by_id=above.id,
        owed_since=context.now,
        version=1,
        raised_at=context.now,
    )
    with _one_step():
        context.session.add(request)
        context.session.flush()
    said = {"text": request.text, "to": above, "revision": number, "seq": request.version}
    move = _move(request, RequestStep.RAISE, actor, context.now, **said)
    _write(context.session, move)
    return request, move


def _renewed(session: Session, request: ReportRequest, item: ReportItem) -> RequestStep | None:
    """Tell what a line that is sent again does to its request; None where it says the same.

    What was withdrawn by hand stays withdrawn until its words are others.
    """
    changed = (request.text, request.level) != (item.text.strip(), item.level)
    if request.state is not RequestState.WITHDRAWN:
        return RequestStep.REWORD if changed else None
    with_report = moves(session, request)[-1].revision_number is not None
    return RequestStep.RAISE if changed or with_report else None


def _reopen(
    context: ActContext,
    request: ReportRequest,
    item: ReportItem,
    step: RequestStep,
    number: int | None,
) -> tuple[ReportRequest, RequestMove]:
    to = context.session.get_one(Unit, request.held_by_id)
    text = item.text.strip()
    move = _move(request, step, context.actor, context.now, text=text, to=to, revision=number)
    _write(context.session, move)
    if request.state in {RequestState.ANSWERED, *_ENDED}:
        request.asked_again = False
    request.text, request.level = text, item.level
    _apply(request, step, RequestState.OPEN, to, context.now)
    return request, move


def _drop(
    context: ActContext, request: ReportRequest, number: int | None
) -> tuple[ReportRequest, RequestMove]:
    # The number of the revision in which it stood, where nothing is sent any more.
    number = number or context.document.sent_number or context.document.head_number
    step = RequestStep.WITHDRAW
    move = _move(request, step, context.actor, context.now, to=None, revision=number)
    _write(context.session, move)
    _apply(request, step, RequestState.WITHDRAWN, None, context.now)
    return request, move


def _tell_above(context: ActContext, done: Sequence[tuple[ReportRequest, RequestMove]]) -> None:
    """Write to whoever has the requests in hand, one letter for what is alike."""

    def alike(one: tuple[ReportRequest, RequestMove]) -> tuple[int, str]:
        return one[0].held_by_id, one[1].step

    for (holder, step), steps in groupby(sorted(done, key=alike), key=alike):
        calls = step != RequestStep.WITHDRAW
        told = [Told(holder, UP, calls)]
        request_mail.tell(context.session, context.actor, list(steps), told, context.now)
