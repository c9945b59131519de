"""The small world, in which the communes A and B each have a club, and hands that keep them."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from world import World, world_in

from lth.access.scope import Purpose, Scope, bind, system
from lth.clubs import moves
from lth.models import Club

NOW = datetime(2021, 9, 1, 2, 0, tzinfo=UTC)
TODAY = date(2021, 9, 1)


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture
def world(session: Session) -> World:
    return world_in(session)


@pytest.fixture
def acting(session: Session, world: World):
    """Work as somebody: the session is bound to what they see."""

    @contextmanager
    def as_one(who: str):
        actor = world.actors[who]
        session.flush()
        bind(session, Scope.of(actor))
        yield actor

    return as_one


@pytest.fixture
def founded(session: Session, acting) -> Callable[..., Club]:
    """Found a club as a clerk does."""

    def found(name: str = "Liên thế hệ ấp 1", who: str = "clerk@A", **values: Any) -> Club:
        given = {"village": "Ấp 1", "founded_on": date(2021, 3, 1)} | values
        with acting(who) as actor:
            return moves.found(session, actor, {"name": name} | given, now=NOW)

    return found


@pytest.fixture
def club_of(session: Session, world: World) -> Callable[[str], int]:
    """The id of a commune's club."""

    def find(commune: str) -> int:
        with system(session, Purpose.LOAD):
            of_commune = select(Club.id).where(Club.unit_id == world.units[commune].id)
            return session.scalars(of_commune).one()

    return find


@pytest.fixture
def rows(session: Session) -> Callable[[Select[Any]], list[Any]]:
    """What the database holds, whoever it is for."""

    def read(statement: Select[Any]) -> list[Any]:
        with system(session, Purpose.LOAD):
            return list(session.scalars(statement))

    return read
