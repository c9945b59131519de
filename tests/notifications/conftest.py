"""Fixtures of the mail's tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session
from support.mailworld import START, World, build
from support.smtp import Post, smtp_server

from lth.workflow.registry import guard

CONTENT_GUARDS = ("nothing_missing", "takeover_stands")


@pytest.fixture
def world(session: Session, monkeypatch: pytest.MonkeyPatch) -> World:
    """The small world, in a database of its own; what documents hold is not checked."""
    for name in CONTENT_GUARDS:
        monkeypatch.setitem(guard._functions, name, lambda _case: None)
    return build(session)


@pytest.fixture
def post() -> Iterator[Post]:
    """A real SMTP server."""
    with smtp_server() as post:
        yield post


@dataclass
class Moved:
    """A clock that stands until it is moved."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def move(self, **much: float) -> None:
        self.at += timedelta(**much)


@pytest.fixture
def moved() -> Moved:
    return Moved()
