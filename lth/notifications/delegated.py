"""What a letter about a decision that lets another sign tells; its row says it in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lth.access.on_behalf import SUBJECT_LABEL, by_decision
from lth.administration.delegation_mail import ENDED, GIVEN
from lth.core.i18n import Message
from lth.models.delegation import Subject
from lth.models.document import SignForm
from lth.models.person import Role

KINDS = (GIVEN, ENDED)
"""That it was decided, and that it was ended before its time."""


@dataclass(frozen=True)
class Lent:
    """A decision as its letter tells of it, and whether its receiver (else its giver) reads it."""

    to_receiver: bool
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
    actor_name: str
    actor_role: Role
    at: datetime

    def by_decision(self) -> Message:
        """ "A ký thay B theo QĐ số 12/QĐ-UBND ngày 01/6/2021"."""
        return by_decision(self.receiver, self.form, self.giver, self.number, self.decided_on)

    def subject_words(self) -> Message:
        return Message(SUBJECT_LABEL[self.subject])


def read(kind: str, data: Mapping[str, Any]) -> Lent | None:
    """The decision that a message's row holds; None for every other kind of message."""
    if kind not in KINDS:
        return None
    return Lent(
        to_receiver=data["to"] == "receiver",
        giver=data["giver"],
        receiver=data["receiver"],
        form=SignForm(data["form"]),
        subject=Subject(data["subject"]),
        programme=data["programme"],
        number=data["number"],
        decided_on=date.fromisoformat(data["decided_on"]),
        starts_on=date.fromisoformat(data["starts_on"]),
        ends_on=date.fromisoformat(data["ends_on"]),
        unit=data["unit"],
        actor_name=data["actor"],
        actor_role=Role(data["actor_role"]),
        at=datetime.fromisoformat(data["at"]),
    )
