"""Work that takes longer than a page may: asked for by a person, done in the background.

The embedded thread and RQ's workers do it, as they send mail: whoever comes first claims the job
that waits longest. One that was broken off is begun anew once its lease is over. What came of it is
kept for some days, for the person who asked and nobody else.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import LENT, Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.core import clock, database
from lth.core.config import Settings
from lth.core.errors import LthError, NotNowError
from lth.core.i18n import N_, Message, pack
from lth.models import LongJob, RoleAssignment
from lth.models.long_job import LongJobState
from lth.notifications import job_mail

logger = logging.getLogger(__name__)

LIFETIME = timedelta(days=3)
LEASE = timedelta(minutes=15)
MOST_KEPT = 20
MOST_TRIES = 3
"""How often a job is begun that takes whoever does it down with it."""

MOST_UNFINISHED = 3
"""How many jobs a person may have waiting: they are done one after the other, everybody's."""

UNFINISHED = frozenset({LongJobState.WAITING, LongJobState.RUNNING})

Sessions = Callable[[], Session]

BROKEN_OFF = Message(N_("Việc này bị dừng giữa chừng vì lỗi. Hãy thử lại."))
TOO_MANY = Message(
    N_("Anh/chị đang có nhiều việc chưa xong. Hãy chờ những việc đó xong rồi yêu cầu tiếp.")
)
NO_ROLE = Message(N_("Anh/chị không còn giữ vai trò đã dùng khi yêu cầu việc này."))


@dataclass(frozen=True)
class JobWork:
    """What a kind of job works with: its session acts within the scope of who asked.

    It works in steps, each a transaction of its own, and tells how far it is between two: a job
    that holds a transaction all the time would have every writer of an SQLite wait for it. One that
    is begun anew meets what its finished steps have left.
    """

    session: Session
    settings: Settings
    actor: Actor
    request: Mapping[str, Any]
    sent_digest: str | None
    tell: Callable[[int, int], None]
    now: datetime

    @contextmanager
    def step(self) -> Iterator[Session]:
        """Run the block as one transaction."""
        with database.unit_of_work(self.session):
            yield self.session


@dataclass(frozen=True)
class JobResult:
    """What came of a job: what its page tells, and the file that it made, if any."""

    answer: Mapping[str, Any] = field(default_factory=dict)
    digest: str | None = None
    name: str = ""


Worker = Callable[[JobWork], JobResult]


@dataclass(frozen=True)
class JobKind:
    """What is done for a kind of job, and how its end is told: what it is called (a msgid), and its
    page below the person's level, with its number for "{}". Of one without a name nothing is told.
    """

    worker: Worker
    label: str = ""
    page: str = ""


_KINDS: dict[str, JobKind] = {}


def long_job(kind: str, label: str = "", page: str = "") -> Callable[[Worker], Worker]:
    """Register the function that does a kind of job (see `JobKind`)."""

    def register(worker: Worker) -> Worker:
        _KINDS[kind] = JobKind(worker, label, page)
        return worker

    return register


# --- Asking -------------------------------------------------------------------------------


def begin(
    session: Session,
    actor: Actor,
    kind: str,
    request: Mapping[str, Any],
    now: datetime,
    *,
    sent_digest: str | None = None,
) -> LongJob:
    """Ask for a job, on the file of the store that is named, if any. The caller commits.

    Those of the person that are over their time go.

    Raises NotNowError while the person has as many unfinished as one may have.
    """
    mine = LongJob.person_id == actor.person_id
    session.execute(delete(LongJob).where(mine, LongJob.expires_at <= now))
    unfinished = select(func.count()).where(mine, LongJob.state.in_(UNFINISHED))
    if (session.scalar(unfinished) or 0) >= MOST_UNFINISHED:
        raise NotNowError(TOO_MANY)
    job = LongJob(
        kind=kind,
        person_id=actor.person_id,
        unit_id=actor.unit_id,
        created_at=now,
        expires_at=now + LIFETIME,
        state=LongJobState.WAITING,
        request={**request, "assignment_id": actor.assignment_id},
        sent_digest=sent_digest,
    )
    session.add(job)
    session.flush()
    return job


def mine(session: Session, actor: Actor, kinds: tuple[str, ...], now: datetime) -> list[LongJob]:
    """List the jobs of some kinds that a person asked for in a unit, the newest first."""
    statement = (
        select(LongJob)
        .where(*_own(actor, now), LongJob.kind.in_(kinds))
        .order_by(LongJob.id.desc())
        .limit(MOST_KEPT)
    )
    return list(session.scalars(statement))


def find(session: Session, actor: Actor, job_id: int, now: datetime) -> LongJob | None:
    """Find one of a person's jobs."""
    return session.scalar(select(LongJob).where(LongJob.id == job_id, *_own(actor, now)))


def _own(actor: Actor, now: datetime) -> tuple[Any, ...]:
    return (
        LongJob.person_id == actor.person_id,
        LongJob.unit_id == actor.unit_id,
        LongJob.expires_at > now,
    )


# --- Doing --------------------------------------------------------------------------------


def run_due(
    settings: Settings, sessions: Sessions, *, now: Callable[[], datetime] = clock.now
) -> int:
    """Do the jobs that wait, one after the other; how many were done or failed."""
    count = 0
    while (job_id := _claim(sessions, now())) is not None:
        _do(settings, sessions, job_id, now)
        count += 1
    return count


def _claim(sessions: Sessions, now: datetime) -> int | None:
    """Take the job that waits longest; None where none does."""
    left_behind = and_(LongJob.state == LongJobState.RUNNING, LongJob.started_at < now - LEASE)
    waits = or_(LongJob.state == LongJobState.WAITING, left_behind)
    statement = select(LongJob).where(waits, LongJob.expires_at > now).order_by(LongJob.id)
    with sessions() as session, system(session, Purpose.TICK):
        with database.reading(), database.unit_of_work(session):
            if session.scalar(statement.limit(1)) is None:
                return None
        with database.unit_of_work(session):
            locked = statement.limit(1).with_for_update(skip_locked=True)
            job = session.scalar(locked.execution_options(populate_existing=True))
            if job is None:
                return None
            job.state, job.started_at, job.done = LongJobState.RUNNING, now, 0
            job.tries += 1
            return job.id


def _do(settings: Settings, sessions: Sessions, job_id: int, now: Callable[[], datetime]) -> None:
    """Do a job; what goes wrong is kept for whoever asked."""

    def tell(done: int, total: int) -> None:
        _note(sessions, job_id, done=done, total=total)

    try:
        with sessions() as session:
            with database.reading(), database.unit_of_work(session):
                job, actor = _asked(session, job_id, now())
                kind, request, sent = job.kind, dict(job.request), job.sent_digest
                if job.tries > MOST_TRIES:
                    raise LthError(BROKEN_OFF)
            bind(session, Scope.of(actor))
            result = _KINDS[kind].worker(
                JobWork(session, settings, actor, request, sent, tell, now())
            )
    except LthError as error:
        told = [pack(message) for message in error.messages]
        _end(sessions, job_id, LongJobState.FAILED, now(), answer={"told": told})
    except Exception:  # whatever it was, the next job must still be done
        logger.exception("the long job %s was broken off", job_id)
        answer = {"told": [pack(BROKEN_OFF)]}
        _end(sessions, job_id, LongJobState.FAILED, now(), answer=answer)
    else:
        _end(
            sessions,
            job_id,
            LongJobState.DONE,
            now(),
            answer=dict(result.answer),
            result_digest=result.digest,
            result_name=result.name,
        )


def _asked(session: Session, job_id: int, now: datetime) -> tuple[LongJob, Actor]:
    """Read what is asked for, and by whom in which role. Raises LthError where that is over."""
    with system(session, Purpose.TICK):
        job = session.get_one(LongJob, job_id)
        role = session.scalar(
            select(RoleAssignment)
            .where(RoleAssignment.id == job.request["assignment_id"])
            .options(joinedload(RoleAssignment.person), joinedload(RoleAssignment.unit))
            .options(joinedload(RoleAssignment.office), *LENT)
        )
        today = clock.local(now).date()
        ended = role is None or (role.valid_to is not None and role.valid_to <= today)
        if role is None or ended or not role.person.active:
            raise LthError(NO_ROLE)
        return job, Actor.of(role)


def _note(sessions: Sessions, job_id: int, **values: Any) -> None:
    with sessions() as session, database.unit_of_work(session), system(session, Purpose.TICK):
        _set(session, job_id, values)


def _end(
    sessions: Sessions, job_id: int, state: LongJobState, now: datetime, **values: Any
) -> None:
    """Keep what came of a job, and tell its person in the same transaction."""
    with sessions() as session, database.unit_of_work(session), system(session, Purpose.TICK):
        job = _set(session, job_id, {"state": state, "finished_at": now, **values})
        kind = _KINDS[job.kind] if job is not None else None
        if job is not None and kind is not None and kind.label:
            job_mail.tell_end(session, job, kind.label, kind.page, now)


def _set(session: Session, job_id: int, values: Mapping[str, Any]) -> LongJob | None:
    job = session.get(LongJob, job_id)
    for name, value in values.items() if job is not None else ():
        setattr(job, name, value)
    return job
