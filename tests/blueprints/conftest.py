"""The small world with its people able to sign in, and browsers for them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, update
from sqlalchemy.orm import Session
from support.people import PASSWORD, email
from world import World, world_in

from lth.access.scope import Purpose, system
from lth.administration import passwords
from lth.models import Credential


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture
def world(session: Session) -> World:
    """The world, in which everybody has the one password."""
    with system(session, Purpose.LOAD):
        session.execute(update(Credential).values(password_hash=passwords.hash_password(PASSWORD)))
        session.commit()
    return world_in(session)


@pytest.fixture
def read(session: Session) -> Callable[[Select[Any]], list[Any]]:
    """What the database holds now, whoever it is for: rows, or the values of a single column."""

    def rows(statement: Select[Any]) -> list[Any]:
        session.rollback()
        with system(session, Purpose.LOAD):
            found = session.execute(statement).all()
        session.expunge_all()  # what was read keeps its values,
        session.rollback()  # and no lock is left for a request to wait for
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    return rows


@pytest.fixture
def write(session: Session) -> Callable[..., None]:
    """Change the database behind everybody's back: statements to execute, rows to add."""

    def change(*things: Any) -> None:
        with system(session, Purpose.LOAD):
            for thing in things:
                if hasattr(thing, "__table__"):
                    session.add(thing)
                else:
                    session.execute(thing)
            session.commit()

    return change


@pytest.fixture
def signed_in(world: World, new_client: Callable[[], FlaskClient]) -> Callable[[str], FlaskClient]:
    """A browser in which one of the world's people has signed in."""

    def browser(who: str) -> FlaskClient:
        client = new_client()
        answer = client.post("/sign-in", data={"email": email(who), "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return browser


@pytest.fixture
def guarded(guarded: Flask, world: World) -> Flask:
    """The application with its forms' tokens asked for, and the world to sign in to."""
    return guarded
