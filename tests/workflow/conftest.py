"""The workflow's world: a document in each state, and whoever acts on it."""

import pytest
from sqlalchemy.orm import Session
from support.flowworld import Flow


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def flow(session: Session) -> Flow:
    """The world and the hands that act in it, in the test's own session."""
    return Flow(session)
