"""Letters of a decision that lets another person sign: to its giver and to its receiver.

They hang on no event: `dedupe` names the decision and the person, and the payload holds in words
what the letter says.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from lth.access import on_behalf
from lth.administration.desk import Desk
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


GIVEN = declare("delegation_given", DelegationMail, page=DelegationMail.page)
"""That it was decided."""

ENDED = declare("delegation_ended", DelegationMail, page=DelegationMail.page)
"""That it was ended before its time."""


def write(
    desk: Desk,
    declaration: Declaration[DelegationMail],
    one: Delegation,
    names: tuple[str, str],
    programme_code: str,
) -> None:
    """Write to giver and receiver (`names`, in this order); also to who recorded it, who learns so
    if somebody else did it in their name. Runs in a system scope."""
    told = DelegationMail(
        to=GIVER,
        giver=names[0],
        receiver=names[1],
        form=one.form,
        subject=one.subject,
        programme=programme_code,
        number=one.number,
        decided_on=one.decided_on,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        unit=desk.unit.full_name if desk.unit else "",
        actor=desk.actor.person_name,
        actor_role=desk.actor.role,
        at=desk.now,
    )
    mails = [
        Mail(
            declaration,
            replace(told, to=to),
            person_id,
            one.unit_id,
            f"{declaration.kind}:{one.id}:{person_id}",
        )
        for person_id, to in ((one.giver_id, GIVER), (one.receiver_id, RECEIVER))
    ]
    outbox.write(desk.session, mails, desk.now)
