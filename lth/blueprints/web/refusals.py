"""The workflow's errors as answers, for the views that do not handle them nearer by."""

from flask import Flask, Response

from lth.blueprints.web.errors import error_response
from lth.core.language import say
from lth.workflow.errors import (
    BlockedError,
    LthError,
    NotFoundError,
    NotNowError,
    NotYoursError,
    StaleError,
)

CODES: dict[type[LthError], int] = {
    NotFoundError: 404,
    NotYoursError: 403,
    NotNowError: 409,
    StaleError: 409,
    BlockedError: 422,
}


def register(app: Flask) -> None:
    app.register_error_handler(LthError, _answer)


def _answer(error: LthError) -> Response:
    if isinstance(error, NotFoundError):
        return error_response(404)  # the same page as for an address that never was
    text = " ".join(say(message) for message in error.messages)
    return error_response(CODES.get(type(error), 400), text=text)
