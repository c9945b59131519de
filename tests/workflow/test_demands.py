"""What an act wants filled in, it says before: over every act, state, kind and role."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support.flowworld import LINES, SAID, SOME_ARE_ABSENT, UNIT_ROLES, UNITS, WAYS, Flow

from lth.access.scope import Scope
from lth.blueprints.document.forms import FIELDS, reason_hint, reason_note
from lth.core.errors import BlockedError, NotFoundError
from lth.models.document import Status
from lth.models.opinion import Verdict
from lth.workflow import documents, operations
from lth.workflow.acts import Act, Row
from lth.workflow.context import ActContext, Inputs
from lth.workflow.kinds import SYNTHESIS
from lth.workflow.operations import Demands

AGAINST = {"verdict": Verdict.DISAGREE, "reason": "Kinh phí vượt dự toán được giao"}
NOT_HERE = {Act.START, Act.UNDO}
"""Acts without a form: a start has no page of its own, and to take back asks for nothing."""


def offered(flow: Flow) -> Iterator[tuple[str, ActContext, Row, Demands]]:
    """Every act that anybody may take on any document of the world, with what it demands."""
    for unit, kind, programme, mode in LINES:
        for status in WAYS[mode]:
            document_id = flow.document(unit, status, kind, programme)
            for who in _who(unit):
                yield from _offered(flow, who, document_id)


def _who(unit: str) -> list[str]:
    return [f"{role}@{place}" for place in (unit, UNITS[unit][3]) if place for role in UNIT_ROLES]


def _offered(
    flow: Flow, who: str, document_id: int
) -> Iterator[tuple[str, ActContext, Row, Demands]]:
    actor = flow.acting(who)
    try:
        document = documents.get(flow.session, document_id, Scope.of(actor))
    except NotFoundError:
        return
    context = ActContext(flow.session, document, actor, flow.now)
    for row in operations.offered(context, undo=False):
        context.inputs = Inputs()
        refused = operations.refusals(context, row)
        yield who, context, row, operations.demands(context, row, refused)


def inputs(row: Row, demands: Demands, verdict: Verdict) -> Inputs:
    """All that an act asks, its reason only where the form says that one is wanted."""
    asked = {name for thing in row.asks for name in FIELDS[thing]}
    filled = SAID.keys() & asked - {"reason", "verdict"}
    given: dict[str, Any] = {name: SAID[name] for name in filled}
    if "verdict" in asked:
        given["verdict"] = verdict
    against = verdict is Verdict.DISAGREE and "reason" in demands.disagreeing
    if demands.of("reason") or against:
        given["reason"] = SAID["reason"]
    return Inputs(**given)


@pytest.mark.parametrize("dissent", [False, True])
@pytest.mark.parametrize("verdict", Verdict)
def test_no_act_is_refused_for_want_of_what_its_form_calls_optional(flow, verdict, dissent):
    if dissent:
        for unit in ("tapson", "tracu"):
            kind = next(kind for one, kind, *_ in LINES if one == unit)
            document_id = flow.document(unit, Status.REVIEW, kind)
            flow.do(f"finance_appraiser@{UNITS[unit][3]}", document_id, Act.GIVE_OPINION, **AGAINST)
    for status in (Status.DRAFT, Status.RETURNED):
        flow.set_due(flow.document("tapson", status), date(2021, 6, 1))
    asking = {"until": date(2021, 6, 8), "reason": "Lũ lụt"}
    returned = flow.document("tapson", Status.RETURNED)
    flow.do("clerk@tapson", returned, Act.ASK_EXTENSION, **asking)
    met = set()
    for who, context, row, demands in offered(flow):
        context.inputs = inputs(row, demands, verdict)
        refused = operations.refusals(context, row)
        wanting = [str(message) for message in refused if message.field == "reason"]
        assert not wanting, (who, row.act, wanting)
        met.add((row.act, reason_note(demands)))
    assert {act for act, _ in met} == set(Act) - NOT_HERE
    overruling = (Act.APPROVE, "(không bắt buộc)")
    assert (overruling in met) is not dissent


def test_what_is_called_required_is_required(flow):
    """The other way round: an act without it is refused, and the form says why."""
    for _, context, row, demands in offered(flow):
        if demands.of("reason") is None:
            assert reason_note(demands) != "(bắt buộc)"
            continue
        context.inputs = Inputs()
        assert "reason" in {message.field for message in operations.refusals(context, row)}
        assert reason_note(demands) == "(bắt buộc)"
        assert reason_hint(demands)


# --- Units that are missing ---------------------------------------------------------------


@pytest.fixture
def synthesis(flow: Flow) -> int:
    """A draft of Trà Cú's synthesis, with none of its two communes in it."""
    return flow.start("specialist@tracu", "2021", SYNTHESIS)


def test_the_reason_for_missing_units_travels_up(flow, synthesis):
    with pytest.raises(BlockedError, match="0 trên 2 xã: cần ghi lý do"):
        flow.do("specialist@tracu", synthesis, Act.SEND_FOR_CLEARANCE, reason="")
    flow.do("specialist@tracu", synthesis, Act.SEND_FOR_CLEARANCE, reason="Lũ lụt")
    assert flow.revision(synthesis, 1)["absence_reason"] == "Lũ lụt"
    with pytest.raises(BlockedError, match="cần ghi lý do"):
        flow.do("leader@tracu", synthesis, Act.SUBMIT, reason=" ")
    sent = flow.do("leader@tracu", synthesis, Act.SUBMIT, reason="Lũ lụt ở hai xã")
    assert flow.revision(synthesis, 1)["absence_reason"] == "Lũ lụt ở hai xã"
    assert sent.reason == "Lũ lụt ở hai xã"
    assert sent.data["units_in"]["params"] == {"count": 0, "all": 2}
    flow.do("specialist@travinh", synthesis, Act.OPEN)
    with pytest.raises(BlockedError, match="cần ghi lý do"):
        flow.do("leader@travinh", synthesis, Act.APPROVE, reason="")
    approved = flow.do("leader@travinh", synthesis, Act.APPROVE, reason="Đồng ý trình sau")
    assert approved.data["units_in"] == sent.data["units_in"]
    assert flow.revision(synthesis, 1)["absence_reason"] == "Lũ lụt ở hai xã"
    above = flow.start("specialist@travinh", "2021", SYNTHESIS)
    with pytest.raises(BlockedError, match="1 trên 2 huyện, 0 trên 3 xã: cần ghi lý do"):
        flow.do("specialist@travinh", above, Act.SEND_FOR_CLEARANCE, reason="")


def test_a_recalled_synthesis_keeps_what_was_said(flow, synthesis):
    flow.do("specialist@tracu", synthesis, Act.SEND_FOR_CLEARANCE)
    flow.do("leader@tracu", synthesis, Act.SUBMIT)
    flow.do("leader@tracu", synthesis, Act.RECALL)
    assert flow.revision(synthesis, 2)["absence_reason"] == SOME_ARE_ABSENT
