"""The notice that a long job is over, to the person who asked for it: its page tells the rest."""

from dataclasses import dataclass
from typing import Any

from lth.core.language import gettext
from lth.mail.declarations import Payload, declare
from lth.mail.outbox import Mail
from lth.models import LongJob
from lth.models.long_job import LongJobState


@dataclass(frozen=True, kw_only=True)
class JobMail(Payload):
    """A long job that was done, or could not be; `name` is the msgid of what it is called.

    `address` is that of its page, below the level of whoever asked.
    """

    name: str
    address: str
    failed: bool

    def words(self) -> dict[str, Any]:
        return {"job": gettext(self.name)}

    def page(self) -> str:
        """Lead to the job's page."""
        return self.address


OVER = declare("job_over", JobMail, page=JobMail.page)


def of_job(job: LongJob, name: str, address: str) -> Mail:
    """Return the notice that a job is over."""
    told = JobMail(name=name, address=address, failed=job.state is LongJobState.FAILED)
    return Mail(OVER, told, job.person_id, job.unit_id, f"{OVER.kind}:{job.id}")
