"""Do one act, in a process of its own that is killed at a point of it.

The point is the beginning of a statement, after the first of which the process dies; ``commit``,
just before the commit; or ``never``.
"""

import os
import signal
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from lth import drafting, reporting  # noqa: F401 - they register what the table names
from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.core.database import engine_options, prepare
from lth.models import Document, RoleAssignment
from lth.reporting import room  # noqa: F401 - it knows the figures of reports
from lth.workflow import operations
from lth.workflow.acts import Act
from lth.workflow.context import Inputs


def main(url: str, assignment: str, document: str, act: str, now: str, point: str) -> None:
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    with Session(engine) as session:
        with system(session, Purpose.SIGN_IN):
            actor = Actor.of(session.get_one(RoleAssignment, int(assignment)))
        bind(session, Scope.of(actor))
        seen = session.get_one(Document, int(document)).lock_version
        _die_at(engine, point)
        operations.do(
            session,
            actor,
            int(document),
            Act(act),
            seen=seen,
            now=datetime.fromisoformat(now),
            inputs=Inputs(reason="Làm rõ"),
        )
        session.commit()
    engine.dispose()


def _die_at(engine: Engine, point: str) -> None:
    if point == "commit":
        event.listen(engine, "commit", _die)
    elif point != "never":
        event.listen(engine, "after_cursor_execute", _after(point))


def _after(point: str) -> Callable[..., None]:
    def notice(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(point):
            _die()

    return notice


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
