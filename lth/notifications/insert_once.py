"""Mail rows that hang on no event, each written once however often somebody tries."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lth.models import OutboxMessage

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def write(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write the rows whose `dedupe` key is not there yet, in one statement; returns how many.

    In the order of their keys, so that two who write the same rows wait for one another and never
    each for the other. Runs in a system scope; the caller commits.
    """
    if not rows:
        return 0
    insert = _INSERT[session.get_bind().dialect.name]
    statement = insert(OutboxMessage.__table__).on_conflict_do_nothing(index_elements=["dedupe"])
    ordered = [dict(row) for row in sorted(rows, key=lambda row: row["dedupe"])]
    result = session.execute(statement, ordered, execution_options={"preserve_rowcount": True})
    assert isinstance(result, CursorResult)  # noqa: S101 - what an INSERT without RETURNING gives
    return result.rowcount
