"""What a request does is committed once its answer has been built, and not before.

A view does its work `with_answer`, or under `refusals.attempt`, which stands on it. If the answer
cannot be built after that, nothing has been done: a retry does not do it twice. What must be kept
whatever becomes of the answer says so: `core.database.unit_of_work`, or `attempt(at_once=True)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, g, request
from flask import session as cookie

from lth.blueprints.web.current import database
from lth.blueprints.web.input import CleanRequest
from lth.core import secret_paths
from lth.core.database import unit_of_work


class Application(Flask):
    """Flask, with what is sent cleaned and what is done committed together with its answer."""

    request_class = CleanRequest

    def log_exception(self, exc_info: Any) -> None:
        """Log an error that nothing has answered, and no secret that its address may have."""
        where = secret_paths.told(request.path)
        self.logger.error("Exception on %s [%s]", where, request.method, exc_info=exc_info)

    def dispatch_request(self) -> Response:  # type: ignore[override] # the answer itself
        """Build the answer, then commit; of what cannot be answered nothing is kept."""
        before = _copied()
        try:
            response = self.make_response(super().dispatch_request())
            keep()
        except BaseException:
            database().rollback()
            cookie.clear()
            cookie.update(before)
            raise
        return response


@contextmanager
def with_answer() -> Iterator[None]:
    """Run the block as one unit of work that is committed with the answer.

    An error in it takes back this unit alone, and goes on. What follows reads everything anew, as
    it would after a commit.
    """
    session = database()
    if g.get("waits_for_answer", False):
        with session.begin_nested():
            yield
    else:
        try:
            yield
            session.flush()
        except BaseException:
            session.rollback()
            raise
        g.waits_for_answer = True
    session.expire_all()


def keep() -> None:
    """Commit what waits for the answer; called by a view, only before it ends in an error."""
    if g.pop("waits_for_answer", False):
        with unit_of_work(database()):
            pass


def _copied() -> dict[str, Any]:
    """Copy what the browser's cookie holds; lists in it grow in place."""
    return {
        name: list(value) if isinstance(value, list) else value for name, value in cookie.items()
    }
