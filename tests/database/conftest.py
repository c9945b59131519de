"""The world of `world.py`, in the database and at hand."""

import pytest
from sqlalchemy.orm import Session
from world import World, world_in


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture
def world(session: Session) -> World:
    return world_in(session)
