"""The last run of each job, one row by its name, for administrators to see what is alive."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lth.core import database
from lth.models import JobRun


def note(session: Session, name: str, **values: Any) -> None:
    """Keep what is known by now of a job's run, in a system scope; the run before it is gone."""
    changed = update(JobRun).where(JobRun.name == name).values(**values).returning(JobRun.name)
    if session.scalar(changed) is None:
        first = {"name": name, "counted": {}, "error": "", **values}
        session.execute(database.insert(session, JobRun).values(first).on_conflict_do_nothing())
