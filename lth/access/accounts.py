"""Accounts: who may sign in, found by e-mail or by the id in a session."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from lth.access.actor import assignments
from lth.models import Person, RoleAssignment


@dataclass(frozen=True)
class Account:
    """A person who may sign in, with the roles they hold on a day."""

    person_id: int
    name: str
    language: str
    session_serial: int
    assignments: list[RoleAssignment] = field(default_factory=list)


def load(session: Session, person_id: int, on: date) -> Account | None:
    """An active person's account; None for anybody else. Runs in a system scope."""
    held = assignments(session, person_id, on)
    person = held[0].person if held else session.get(Person, person_id)
    if person is None or not person.active:
        return None
    return Account(person.id, person.name, person.language, person.session_serial, held)
