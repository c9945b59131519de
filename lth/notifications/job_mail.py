"""What a long job tells: to who asked for it that it is over, and to the drafters of a unit that
the unit above has put a workbook before them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.core import clock
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.mail import outbox, recipients
from lth.mail.declarations import Payload, declare
from lth.mail.outbox import Mail
from lth.models import Document, LongJob, WorkbookUpload
from lth.models.kind import Kind
from lth.models.long_job import LongJobState
from lth.models.person import Role
from lth.workflow.kinds import document_within

Kept = tuple[int, datetime]
"""A row that goes after a while: its id, which a later row may have, and its moment."""


@dataclass(frozen=True, kw_only=True)
class JobEnded(Payload):
    """A job that was done, or could not be (`failed`); `what` is a msgid that names it."""

    job_id: int
    asked_at: datetime
    kept_until: datetime
    what: str
    path: str
    failed: bool

    @property
    def kept(self) -> Kept:
        return self.job_id, self.asked_at

    def words(self) -> dict[str, Any]:
        return {"what": gettext(self.what)}

    def page(self) -> str:
        return self.path


@dataclass(frozen=True, kw_only=True)
class WorkbookSent(Payload):
    """A workbook that the unit above has put before the drafters of a document."""

    upload_id: int
    sent_at: datetime
    kept_until: datetime
    sender: str
    document_id: int
    document_kind: Kind
    period: str

    @property
    def thread(self) -> int | None:
        return self.document_id

    @property
    def task(self) -> tuple[Any, ...]:
        return "workbook", self.document_id, self.sender

    @property
    def kept(self) -> Kept:
        return self.upload_id, self.sent_at

    def words(self) -> dict[str, Any]:
        document = document_within(self.document_kind, self.period)
        return {"document": document, "Sender": capitalize_first(self.sender)}

    def page(self) -> str:
        return f"documents/{self.document_id}/draft/workbook/{self.upload_id}"


JOB_ENDED = declare("job_ended", JobEnded, page=JobEnded.page, still="job_kept")
WORKBOOK_SENT = declare(
    "workbook_sent", WorkbookSent, page=WorkbookSent.page, still="workbook_waits"
)


def tell_end(session: Session, job: LongJob, what: str, page: str, now: datetime) -> None:
    """Tell who asked for a job that it is over. In a system scope; the caller commits."""
    told = JobEnded(
        job_id=job.id,
        asked_at=job.created_at,
        kept_until=job.expires_at,
        what=what,
        path=page.format(job.id),
        failed=job.state is LongJobState.FAILED,
    )
    key = f"{JOB_ENDED.kind}:{job.id}:{job.created_at.timestamp()}"
    outbox.write(session, [Mail(JOB_ENDED, told, job.person_id, job.unit_id, key)], now)


def tell_sent(
    session: Session, upload: WorkbookUpload, document: Document, role: Role, now: datetime
) -> None:
    """Tell the drafters of a document, who hold a role, that a workbook waits for them.

    In a system scope; the caller commits.
    """
    told = WorkbookSent(
        turn=True,
        turn_as=(role,),
        upload_id=upload.id,
        sent_at=upload.created_at,
        kept_until=upload.expires_at,
        sender=upload.offered_by,
        document_id=document.id,
        document_kind=document.kind,
        period=document.period.code,
    )
    found = recipients.holders(
        session,
        [role],
        clock.local(now).date(),
        programme_id=document.programme_id,
        unit_ids=[document.unit_id],
    )
    key = f"{WORKBOOK_SENT.kind}:{upload.id}:{upload.created_at.timestamp()}"
    mails = [
        Mail(WORKBOOK_SENT, told, one.person_id, one.unit_id, f"{key}:{one.person_id}")
        for one in found
    ]
    outbox.write(session, mails, now)


def kept_jobs(session: Session, ids: Collection[int], now: datetime) -> set[Kept]:
    """Find which of some jobs can still be looked at."""
    stands = (LongJob.id.in_(ids), LongJob.expires_at > now)
    return {(row.id, row.created_at) for row in session.execute(_moments(LongJob).where(*stands))}


def waiting_workbooks(session: Session, ids: Collection[int], now: datetime) -> set[Kept]:
    """Find which of some workbooks still wait to be decided on."""
    stands = (WorkbookUpload.id.in_(ids), WorkbookUpload.expires_at > now)
    rows = session.execute(_moments(WorkbookUpload).where(*stands))
    return {(row.id, row.created_at) for row in rows}


def _moments(model: Any) -> Any:
    return select(model.id, model.created_at)
