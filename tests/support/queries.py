"""Counting the statements that a piece of work sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements of the block, with the session's objects forgotten before it begins.

    Telling PostgreSQL the scope of a new transaction is not counted.
    """
    session.flush()
    session.expire_all()
    statements: list[str] = []
    engine = session.get_bind()

    def note(_connection, _cursor, statement, *_rest):
        if "set_config" not in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
