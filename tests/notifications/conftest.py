"""Fixtures of the mail's tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from support import mailworld
from support.databases import dispose
from support.datasets import DATASETS
from support.mailworld import START, World
from support.smtp import Post, smtp_server

DATASETS |= {"mail": mailworld.fill, "mail-submitted": mailworld.fill_submitted}


@pytest.fixture
def dataset() -> str:
    return "mail"


@pytest.fixture
def world(session: Session) -> Iterator[World]:
    """The small world; what documents hold is not checked."""
    with mailworld.drafted_somehow():
        yield mailworld.find(session)


@pytest.fixture
def make_app(make_app: Callable[..., Flask]) -> Iterator[Callable[..., Flask]]:
    """Make another application, whose connections are closed when the test ends."""
    made: list[Flask] = []

    def make(**config: object) -> Flask:
        made.append(make_app(**config))
        return made[-1]

    yield make
    for app in made:
        dispose(app)


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
