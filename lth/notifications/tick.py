"""The tick: what is due by the clock and by nobody's act, every minute.

The thread of the embedded run, an RQ job and `lth tick` run the same. However often it runs, and
in however many places at once, each reminder and digest is written once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lth.access.scope import Purpose, Scope, system
from lth.administration import job_runs
from lth.core import clock, database
from lth.core.config import Settings
from lth.models import JobRun
from lth.models.person import Role
from lth.notifications import digests, reminders, vacancy_mail

logger = logging.getLogger(__name__)

NAME = "tick"
TICK_SECONDS = 60
OVERDUE = timedelta(minutes=10)
"""So long without a tick, and an administrator is told that something is wrong."""

LONGEST_ERROR = 500

Sessions = Callable[[], Session]
Chore = Callable[[Settings, Sessions, datetime], int]

_CHORES: dict[str, Chore] = {}


def chore(name: str) -> Callable[[Chore], Chore]:
    """Register what a tick does after it has written, in transactions of its own; what it returns
    is how many rows it has done something with."""

    def register(function: Chore) -> Chore:
        _CHORES[name] = function
        return function

    return register


@dataclass
class TickReport:
    """Numbers of the rows that each part wrote, and what broke the others off, by their names."""

    counted: dict[str, int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> str:
        """All that went wrong; empty where nothing did."""
        return "\n".join(f"{part}: {why}" for part, why in self.errors.items())


@dataclass(frozen=True)
class LastTick:
    """The last tick as an administrator is told of it; `run` is None before the first."""

    run: JobRun | None
    overdue: bool


def run(
    settings: Settings, sessions: Sessions, *, now: Callable[[], datetime] = clock.now
) -> TickReport:
    """Write what is due: reminders and vacant roles first, then the digests that gather them too;
    then do the chores.

    Each part in a transaction of its own: where one breaks off, that is logged and stands in the
    report and in the job's row, and the other is written all the same. A database that cannot be
    reached at all is an error of SQLAlchemy's.
    """
    report = TickReport()
    _note(sessions, started_at=now(), finished_at=None)
    parts = (
        ("reminders", reminders.write),
        ("vacancies", vacancy_mail.write),
        ("digests", digests.write),
    )
    for part, write in parts:
        try:
            with sessions() as session, database.unit_of_work(session):
                report.counted[part] = write(session, now())
        except Exception as error:  # the other part has its own people waiting
            logger.exception("the tick could not write its %s", part)
            report.errors[part] = _words(error)
    for name, do in _CHORES.items():
        try:
            if count := do(settings, sessions, now()):
                report.counted[name] = count
        except Exception as error:  # the next tick does it
            logger.exception("the tick could not do its chore %s", name)
            report.errors[name] = _words(error)
    _note(sessions, finished_at=now(), counted=report.counted, error=report.error)
    written = {part: count for part, count in report.counted.items() if count}
    if written:
        logger.info("tick: %s", ", ".join(f"{count} {part}" for part, count in written.items()))
    return report


def last(session: Session, scope: Scope, now: datetime) -> LastTick:
    """Return the last tick, and whether the next is overdue; a system administrator's to know."""
    run = session.get(JobRun, NAME) if scope.role == Role.SYSTEM_ADMIN else None
    return LastTick(run, run is None or now - run.started_at > OVERDUE)


class Pace:
    """Says when the next tick is due in a process that has other things to do in between."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Tell whether it is time, also where the clock was moved; the next is a minute later."""
        minute = timedelta(seconds=TICK_SECONDS)
        if self._last is not None and abs(now - self._last) < minute:
            return False
        self._last = now
        return True


def _note(sessions: Sessions, **values: object) -> None:
    """Keep of this run what is known of it by now; there is one row, of the last."""
    with sessions() as session, database.unit_of_work(session), system(session, Purpose.TICK):
        job_runs.note(session, NAME, **values)


def _words(error: Exception) -> str:
    """Return the first line of an error, without the statement and parameters of a database's."""
    first = (str(error).splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}"[:LONGEST_ERROR]
