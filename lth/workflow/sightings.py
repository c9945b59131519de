"""Tell in which of a person's roles a thing is seen that an address names; in one query for all.

A role sees what its own scope sees: the statement carries every scope, and runs for nobody.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, exists, select, true
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, Scope, documents_seen, messages_seen, system
from lth.models import Deadline, Document, Office, OutboxMessage, RoleAssignment, Unit
from lth.models.person import Role


def _document(row_id: int, scope: Scope) -> ColumnElement[bool]:
    return exists().where(Document.id == row_id, documents_seen(scope))


def _message(row_id: int, scope: Scope) -> ColumnElement[bool]:
    return exists().where(OutboxMessage.id == row_id, messages_seen(scope))


def _unit(row_id: int, scope: Scope) -> ColumnElement[bool]:
    managed = true() if scope.role == Role.SYSTEM_ADMIN else Unit.id == scope.unit_id
    return exists().where(Unit.id == row_id, managed)


def _within(column, scope: Scope) -> ColumnElement[bool]:
    """Limit rows of a unit to the scope's; the system administrator's are everybody's."""
    return true() if scope.role == Role.SYSTEM_ADMIN else column == scope.unit_id


def _person(row_id: int, scope: Scope) -> ColumnElement[bool]:
    held = RoleAssignment.person_id == row_id
    return exists().where(held, _within(RoleAssignment.unit_id, scope))


def _role(row_id: int, scope: Scope) -> ColumnElement[bool]:
    own = (RoleAssignment.id == row_id) & RoleAssignment.delegation_id.is_(None)
    return exists().where(own, _within(RoleAssignment.unit_id, scope))


def _office(row_id: int, scope: Scope) -> ColumnElement[bool]:
    return exists().where(Office.id == row_id, _within(Office.unit_id, scope))


def _deadline(row_id: int, scope: Scope) -> ColumnElement[bool]:
    return exists().where(Deadline.id == row_id, _within(Deadline.setter_id, scope))


THINGS: dict[str, Callable[[int, Scope], ColumnElement[bool]]] = {
    "document_id": _document,
    "message_id": _message,
    "unit_id": _unit,
    "person_id": _person,
    "role_id": _role,
    "office_id": _office,
    "deadline_id": _deadline,
}
"""What an address may name by an id of its own, and when a scope sees it."""


def seen(session: Session, named: Mapping[str, int], scopes: Sequence[Scope]) -> list[bool]:
    """Tell of each scope whether it sees all that is named; in one query, none where nothing is."""
    if not named:
        return [True] * len(scopes)
    asked = [
        and_(*(THINGS[name](row_id, scope) for name, row_id in named.items())) for scope in scopes
    ]
    with system(session, Purpose.LINK):
        row = session.execute(select(*asked)).one()
    return [bool(value) for value in row]


def document(session: Session, document_id: int) -> Document:
    """Read a document that one of the scopes sees, detached: no other scope may find it again."""
    with system(session, Purpose.LINK):
        found = session.get_one(Document, document_id, populate_existing=True)
        session.expunge(found)
    return found
