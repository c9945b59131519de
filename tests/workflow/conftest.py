"""The workflow's world: a document in each state, and whoever acts on it.

The state fixtures give the id of Tập Sơn's plan in that state, the role fixtures the name of who
holds the role at its unit or, for those who appraise, at the next step.
"""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session
from support.flowworld import NOON, Flow

from lth.core import clock
from lth.models.document import Status


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def flow(session: Session) -> Iterator[Flow]:
    """The world and the hands that act in it, in the test's own session; lists are read on its day,
    when none of its units has ended yet."""
    with clock.frozen(NOON):
        yield Flow(session)


def _in_state(status: Status) -> Callable[[Flow], int]:
    @pytest.fixture(name=status.value)
    def document(flow: Flow) -> int:
        return flow.document("tapson", status)

    return document


draft = _in_state(Status.DRAFT)
clearance = _in_state(Status.CLEARANCE)
submitted = _in_state(Status.SUBMITTED)
review = _in_state(Status.REVIEW)
returned = _in_state(Status.RETURNED)
approved = _in_state(Status.APPROVED)
issued = _in_state(Status.ISSUED)
revoked = _in_state(Status.REVOKED)


@pytest.fixture
def clerk() -> str:
    return "clerk@tapson"


@pytest.fixture
def leader() -> str:
    return "leader@tapson"


@pytest.fixture
def observer() -> str:
    return "observer@tapson"


@pytest.fixture
def specialist() -> str:
    return "specialist@tracu"


@pytest.fixture
def finance() -> str:
    return "finance_appraiser@tracu"


@pytest.fixture
def formatter() -> str:
    return "format_appraiser@tracu"


@pytest.fixture
def approver() -> str:
    """The leader of the next step."""
    return "leader@tracu"
