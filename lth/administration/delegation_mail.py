"""Letters of a decision that lets another person sign: to its giver and to its receiver.

They hang on no event: `dedupe` names the decision and the person, and the payload holds in words
what the letter says.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from lth.access import on_behalf
from lth.administration.context import AdminContext
from lth.core.i18n import Message
from lth.mail import outbox
from lth.mail.declarations import Declaration, Payload, declare
from lth.mail.outbox import Mail
from lth.models import Delegation
from lth.models.delegation import Subject
from lth.models.document import SignForm
from lth.models.person import Role

GIVER, RECEIVER = "giver", "receiver"


@dataclass(frozen=True, kw_only=True)
class DelegationMail(Payload):
    """A decision as its letter tells of it; `to` says which of the two reads it."""

    delegation_id: int
    to: str
    giver: str
    receiver: str
    form: SignForm
    subject: Subject
    programme: str
    number: str
    decided_on: date
    starts_on: date
    ends_on: date
    unit: str
    actor: str
    actor_role: Role
    at: datetime

    @property
    def to_receiver(self) -> bool:
        return self.to == RECEIVER

    @property
    def by_decision(self) -> Message:
        """ "A ký thay B theo QĐ số 12/QĐ-UBND ngày 01/6/2021"."""
        people = self.receiver, self.form, self.giver
        return on_behalf.by_decision(*people, self.number, self.decided_on)

    @property
    def stands_in(self) -> Message:
        """ "ký thay B"."""
        return on_behalf.stands_in(self.form, self.giver)

    @property
    def subject_words(self) -> Message:
        return Message(on_behalf.SUBJECT_LABEL[self.subject])

    def page(self) -> str | None:
        """Lead the giver to where the decision can be ended."""
        return None if self.to_receiver else "delegations"


GIVEN = declare(
    "delegation_given", DelegationMail, page=DelegationMail.page, still="decision_stands"
)
"""That it was decided."""

ENDED = declare(
    "delegation_ended", DelegationMail, page=DelegationMail.page, still="decision_was_told"
)
"""That it was ended before its time."""


def key(kind: str, delegation_id: int, person_id: int) -> str:
    """Return what the row of a letter is known by."""
    return f"{kind}:{delegation_id}:{person_id}"


def write(
    admin: AdminContext,
    declaration: Declaration[DelegationMail],
    delegation: Delegation,
    names: tuple[str, str],
    programme_code: str,
) -> None:
    """Write to giver and receiver (`names`, in this order); also to who recorded it, who learns so
    if somebody else did it in their name. Runs in a system scope."""
    letter = DelegationMail(
        delegation_id=delegation.id,
        to=GIVER,
        giver=names[0],
        receiver=names[1],
        form=delegation.form,
        subject=delegation.subject,
        programme=programme_code,
        number=delegation.number,
        decided_on=delegation.decided_on,
        starts_on=delegation.starts_on,
        ends_on=delegation.ends_on,
        unit=admin.unit.full_name if admin.unit else "",
        actor=admin.actor.person_name,
        actor_role=admin.actor.role,
        at=admin.now,
    )
    mails = [
        Mail(
            declaration,
            replace(letter, to=to),
            person_id,
            delegation.unit_id,
            key(declaration.kind, delegation.id, person_id),
        )
        for person_id, to in ((delegation.giver_id, GIVER), (delegation.receiver_id, RECEIVER))
    ]
    outbox.write(admin.session, mails, admin.now)
