"""The steps of a request: from which state each leads to which, whose it is, what it asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lth.access.actor import Actor
from lth.core.i18n import N_
from lth.models import ReportRequest
from lth.models.person import Role
from lth.models.request import RequestState, RequestStep

ANSWERERS = frozenset({Role.SPECIALIST, Role.LEADER})
"""Who answers at the unit that has a request in hand."""


class RequestSide(StrEnum):
    """The unit that asks, or the one above that has the request in hand."""

    ASKER = "asker"
    HOLDER = "holder"


@dataclass(frozen=True)
class StepRule:
    """When a step may be taken by hand, by which side, and what it leads to.

    `text_wanted` is said where nothing was written; a step without it may go without words.
    """

    sources: frozenset[RequestState]
    side: RequestSide
    target: RequestState
    text_wanted: str = ""


def _states(*states: RequestState) -> frozenset[RequestState]:
    return frozenset(states)


_OPEN, _UNCLEAR = _states(RequestState.OPEN), _states(RequestState.UNCLEAR)
_ANSWERED = _states(RequestState.ANSWERED)

STEPS: dict[RequestStep, StepRule] = {
    RequestStep.ANSWER: StepRule(
        _OPEN,
        RequestSide.HOLDER,
        RequestState.ANSWERED,
        N_("Ghi nội dung trả lời: giải quyết thế nào, ai làm, khi nào."),
    ),
    RequestStep.FORWARD: StepRule(
        _OPEN,
        RequestSide.HOLDER,
        RequestState.OPEN,
        N_("Ghi ý kiến của đơn vị khi chuyển lên: vì sao vượt thẩm quyền, đề nghị thế nào."),
    ),
    RequestStep.ASK_CLARITY: StepRule(
        _OPEN,
        RequestSide.HOLDER,
        RequestState.UNCLEAR,
        N_("Ghi điều cần đơn vị làm rõ."),
    ),
    RequestStep.CLARIFY: StepRule(
        _UNCLEAR,
        RequestSide.ASKER,
        RequestState.OPEN,
        N_("Ghi phần làm rõ mà cấp trên hỏi."),
    ),
    RequestStep.SETTLE: StepRule(_ANSWERED, RequestSide.ASKER, RequestState.SETTLED),
    RequestStep.ASK_AGAIN: StepRule(
        _ANSWERED,
        RequestSide.ASKER,
        RequestState.OPEN,
        N_("Ghi rõ trả lời còn thiếu điều gì."),
    ),
    RequestStep.WITHDRAW: StepRule(
        _OPEN | _UNCLEAR,
        RequestSide.ASKER,
        RequestState.WITHDRAWN,
        N_("Ghi lý do rút kiến nghị."),
    ),
}
"""What people do by hand; raising and rewording come with the report."""

STATE_LABEL = {
    RequestState.OPEN: N_("Chờ trả lời"),
    RequestState.UNCLEAR: N_("Chờ làm rõ"),
    RequestState.ANSWERED: N_("Đã trả lời, chờ xác nhận"),
    RequestState.SETTLED: N_("Đã xong"),
    RequestState.WITHDRAWN: N_("Đã rút"),
}
STEP_LABEL = {
    RequestStep.ANSWER: N_("Trả lời"),
    RequestStep.FORWARD: N_("Chuyển lên cấp trên, kèm ý kiến"),
    RequestStep.ASK_CLARITY: N_("Đề nghị làm rõ"),
    RequestStep.CLARIFY: N_("Làm rõ"),
    RequestStep.SETTLE: N_("Đã rõ, kết thúc kiến nghị"),
    RequestStep.ASK_AGAIN: N_("Hỏi lại (chỉ một lần)"),
    RequestStep.WITHDRAW: N_("Rút kiến nghị"),
}
STEP_DONE = {
    RequestStep.RAISE: N_("Nêu kiến nghị trong báo cáo"),
    RequestStep.REWORD: N_("Sửa lời theo bản báo cáo mới"),
    RequestStep.FORWARD: N_("Chuyển lên cấp trên"),
    RequestStep.ASK_CLARITY: N_("Đề nghị làm rõ"),
    RequestStep.CLARIFY: N_("Làm rõ"),
    RequestStep.ANSWER: N_("Trả lời"),
    RequestStep.ASK_AGAIN: N_("Hỏi lại"),
    RequestStep.SETTLE: N_("Kết thúc kiến nghị"),
    RequestStep.WITHDRAW: N_("Rút kiến nghị"),
}


def side_of(actor: Actor, request: ReportRequest) -> RequestSide | None:
    """Return the side on which an actor takes steps of a request; None for who only reads."""
    if actor.unit_id == request.unit_id:
        drafts = actor.role in {request.kind.drafter, Role.LEADER}
        mine = drafts and actor.covers(True, request.programme_id)
        return RequestSide.ASKER if mine else None
    if actor.unit_id == request.held_by_id and actor.role in ANSWERERS:
        return RequestSide.HOLDER if actor.covers(False, request.programme_id) else None
    return None


def offered(actor: Actor, request: ReportRequest, *, ends_here: bool) -> list[RequestStep]:
    """List the steps that an actor may take now; `ends_here`: the road goes no further up."""
    side = side_of(actor, request)
    left_out = set(_left_out(request, ends_here))
    return [
        step
        for step, rule in STEPS.items()
        if rule.side is side and request.state in rule.sources and step not in left_out
    ]


def _left_out(request: ReportRequest, ends_here: bool) -> Iterable[RequestStep]:
    if ends_here:
        yield RequestStep.FORWARD
    if request.asked_again:
        yield RequestStep.ASK_AGAIN
