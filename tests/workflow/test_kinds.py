"""What a kind's description decides: who drafts it, and how many there may be."""

import pytest
from support.flowworld import APPROVED
from support.memos import memos

from lth.core.errors import BlockedError
from lth.models import Document
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.person import Role
from lth.workflow import operations
from lth.workflow.kinds import PLAN, SYNTHESIS


def test_each_key_has_one_kind():
    assert Kind("plan") is PLAN
    assert (PLAN.drafter, SYNTHESIS.drafter) == (Role.CLERK, Role.SPECIALIST)
    assert (PLAN.is_added_up, SYNTHESIS.is_added_up) == (True, False)


def test_an_unknown_key_and_a_second_one_are_refused():
    with pytest.raises(ValueError, match="'memo'"):
        Kind("memo")
    with memos(), pytest.raises(ValueError, match="registered twice"), memos():
        pass


def test_what_is_no_part_of_a_description_is_no_attribute():
    with pytest.raises(AttributeError):
        PLAN.colour  # noqa: B018 - to read it is the test


def _start(flow, kind: Kind, subperiod: str) -> Document:
    actor, period = flow.acting("clerk@tapson"), flow.period("2021", APPROVED)
    document, _ = operations.start(
        flow.session, actor, period, kind, now=flow.now, subperiod=subperiod
    )
    return document


def test_a_period_has_as_many_as_it_has_subperiods(flow):
    with memos() as memo:
        first, second = (_start(flow, memo, subperiod) for subperiod in ("6 tháng", "cả năm"))
        assert {first.status, second.status} == {Status.DRAFT}
        with pytest.raises(BlockedError, match="đã có một văn bản cùng loại"):
            _start(flow, memo, "cả năm")
        flow.session.rollback()


def test_of_a_kind_that_is_made_once_a_period_there_is_one(flow):
    _start(flow, PLAN, "6 tháng")
    with pytest.raises(BlockedError, match="đã có một văn bản cùng loại"):
        _start(flow, PLAN, "cả năm")
    flow.session.rollback()
