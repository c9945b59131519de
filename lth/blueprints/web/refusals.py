"""Refusals of operations as answers: one code for each error, one way to run an operation.

A view runs its one operation under `attempt`, and asks the `Outcome` whether it was done:

    with attempt(form=form) as outcome:
        offices.add(desk, form.name.data)
    if outcome.blocked:
        return page(form), outcome.code

What no view holds ends in the handler that `register` gives the application.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, Response, flash

from lth.blueprints.web import committing
from lth.blueprints.web.current import database
from lth.blueprints.web.errors import error_response
from lth.blueprints.web.forms import Form
from lth.core.database import unit_of_work
from lth.core.errors import (
    BlockedError,
    LthError,
    NotFoundError,
    NotNowError,
    NotYoursError,
    RoadError,
    StaleError,
    ThrottledError,
)
from lth.core.i18n import Message
from lth.core.language import say

CODES: dict[type[LthError], int] = {
    RoadError: 400,
    NotYoursError: 403,
    NotFoundError: 404,
    NotNowError: 409,
    StaleError: 409,
    BlockedError: 422,
    ThrottledError: 429,
}
"""The HTTP code of each error; a kind of one of them has the nearest."""

_HELD = tuple(CODES.keys() - {NotFoundError})


@dataclass
class Outcome:
    """The outcome of an operation: done, or refused without leaving a trace."""

    error: LthError | None = None

    @property
    def done(self) -> bool:
        return self.error is None

    @property
    def blocked(self) -> bool:
        """Tell whether rules refused what was typed, so that the form comes back."""
        return isinstance(self.error, BlockedError)

    @property
    def stale(self) -> bool:
        """Tell whether somebody else came first."""
        return isinstance(self.error, StaleError)

    @property
    def messages(self) -> Sequence[Message]:
        return self.error.messages if self.error else ()

    @property
    def text(self) -> str:
        """Say every message in the page's language."""
        return " ".join(say(message) for message in self.messages)

    @property
    def code(self) -> int:
        """Return the HTTP code of the answer that shows the refusal."""
        return code_of(self.error) if self.error else 200

    def flash(self, done: str = "") -> None:
        """Say on the next page what was done, or each thing that stood against it."""
        if self.done:
            flash(done, "success")
        for message in self.messages:
            flash(say(message), "error")

    def flash_overtaken(self) -> int:
        """Say on the thing's own page, as it is now, what stood against the act.

        Returns that page's code: 403 where its buttons, as they are now, do not offer the act.
        """
        self.flash()
        return self.code if self.stale or self.blocked else 403


@contextmanager
def attempt(
    *held: type[LthError], form: Form | None = None, at_once: bool = False
) -> Iterator[Outcome]:
    """Run the block as one unit of work: committed with the answer, rolled back by any error.

    What must be kept whatever becomes of the answer is committed `at_once`.

    The errors named are held in the outcome, by default all but NotFoundError; others go on to
    their handler. What rules refuse is put beside the fields of `form`.
    """
    outcome = Outcome()
    try:
        with unit_of_work(database()) if at_once else committing.with_answer():
            yield outcome
    except LthError as error:
        if not isinstance(error, held or _HELD):
            raise
        outcome.error = error
        if form is not None and outcome.blocked:
            form.blame(error.messages)


@contextmanager
def rehearse(*held: type[LthError], form: Form | None = None) -> Iterator[Outcome]:
    """Run the block as `attempt` does and take all of it back: only what it would have met is kept.

    So a confirmation is not asked for what would then be refused.
    """
    outcome = Outcome()
    try:
        yield outcome
    except LthError as error:
        if not isinstance(error, held or _HELD):
            raise
        outcome.error = error
        if form is not None and outcome.blocked:
            form.blame(error.messages)
    finally:
        database().rollback()


def code_of(error: LthError) -> int:
    """Return the code of an error's nearest kind."""
    return next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), 400)


def register(app: Flask) -> None:
    """Have ``app`` answer what no view holds with the page of its code."""
    app.register_error_handler(LthError, _answer)


def _answer(error: LthError) -> Response:
    if isinstance(error, NotFoundError):
        return error_response(404)  # the same page as for an address that never was
    return error_response(code_of(error), text=Outcome(error).text)
