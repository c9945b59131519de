"""Scopes: what a read may see. A scope is a required argument of every read, never optional.

Own unit: everything. Units directly below: status always, content of submitted revisions.
Further below: status always, content once the unit between has approved or acknowledged it.
Units above: what they have issued. Siblings and other branches: nothing.

The same rules stand below as PostgreSQL's row-level security (`migrations/`), which reads the
settings that `bind` makes for each transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    event,
    exists,
    false,
    func,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, SessionTransaction

from lth.access.actor import Actor
from lth.models import (
    Attachment,
    Document,
    Event,
    OfficialPaper,
    Opinion,
    OutboxMessage,
    Quota,
    Remark,
    ReportRequest,
    Revision,
)
from lth.models.person import Role


class Sight(StrEnum):
    """The part of the documents that a scope sees."""

    ALL = "all"
    SUBMITTED = "submitted"
    NONE = "none"
    SYSTEM = "system"


class Purpose(StrEnum):
    """Why something runs for nobody. There are few reasons, and each has a name."""

    SIGN_IN = "sign_in"
    TELL = "tell"
    FREEZE = "freeze"
    OPEN_REVISION = "open_revision"
    DELIVER = "deliver"
    TICK = "tick"
    RECONCILE = "reconcile"
    LOAD = "load"
    EXPORT = "export"
    ADMINISTER = "administer"
    LABEL = "label"
    DELEGATE = "delegate"
    FEED = "feed"
    DESK = "desk"
    LINK = "link"
    CHAIN = "chain"
    BACKUP = "backup"
    VERIFY = "verify"
    FILES = "files"
    BOOK = "book"
    WINDOW = "window"
    COMPARE = "compare"
    PUNCTUALITY = "punctuality"


SIGHT = {
    Role.CLERK: Sight.ALL,
    Role.LEADER: Sight.ALL,
    Role.SPECIALIST: Sight.ALL,
    Role.FINANCE_APPRAISER: Sight.ALL,
    Role.FORMAT_APPRAISER: Sight.ALL,
    Role.OBSERVER: Sight.SUBMITTED,
    Role.UNIT_ADMIN: Sight.ALL,
    Role.SYSTEM_ADMIN: Sight.NONE,
}
"""How much of its unit's documents each role sees; one that is not listed sees none."""


@dataclass(frozen=True)
class Scope:
    """A tenant's view of the tree, or the named view of something that runs for nobody."""

    unit_id: int
    path: str
    sight: Sight
    person_id: int = 0
    role: str = ""
    purpose: Purpose | None = None

    @classmethod
    def of(cls, actor: Actor) -> "Scope":
        sight = SIGHT.get(actor.role, Sight.NONE)
        return cls(actor.unit_id or 0, actor.unit_path, sight, actor.person_id, actor.role)

    @classmethod
    def system(cls, purpose: Purpose) -> "Scope":
        return cls(0, "", Sight.SYSTEM, purpose=purpose)

    @property
    def writes(self) -> bool:
        """Tell whether it lets one act on documents; observers and administrators never do."""
        return self.sight is Sight.ALL and self.role != Role.UNIT_ADMIN

    @property
    def ancestor_ids(self) -> list[int]:
        return [int(part) for part in self.path.rstrip(".").split(".") if part][:-1]


def below(column, path: str) -> ColumnElement[bool]:
    """Select strictly below a path, as a range that an index serves (never LIKE)."""
    return and_(column > path, column < path[:-1] + "/")


@lru_cache(maxsize=512)
def documents_seen(scope: Scope) -> ColumnElement[bool]:
    """Select the documents whose existence and status the scope sees."""
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    own = _own_documents(scope)
    above = Document.unit_id.in_(scope.ancestor_ids) & Document.in_force_number.is_not(None)
    return or_(own, below(Document.unit_path, scope.path), above)


def _own_documents(scope: Scope) -> ColumnElement[bool]:
    """Select the unit's own documents; an observer's, what has left the unit."""
    own = Document.unit_id == scope.unit_id
    if scope.sight is Sight.SUBMITTED:
        return own & or_(Document.sent_number.is_not(None), Document.in_force_number.is_not(None))
    return own


@lru_cache(maxsize=512)
def revisions_seen(scope: Scope) -> ColumnElement[bool]:
    """Select the revisions whose content the scope sees."""
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    own = Revision.unit_id == scope.unit_id
    if scope.sight is Sight.SUBMITTED:
        own = own & or_(Revision.submitted_at.is_not(None), Revision.issued_at.is_not(None))
    standing = Revision.withdrawn_at.is_(None)
    next_below = and_(
        Revision.next_unit_id == scope.unit_id, Revision.submitted_at.is_not(None), standing
    )
    further = and_(
        below(Revision.unit_path, scope.path), Revision.released_at.is_not(None), standing
    )
    above = Revision.unit_id.in_(scope.ancestor_ids) & Revision.issued_at.is_not(None)
    return or_(own, next_below, further, above)


def papers_seen(scope: Scope) -> ColumnElement[bool]:
    """Limit papers: the unit's own (an observer's once in the register), and those in a register
    whose revision the scope sees.
    """
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    in_register = OfficialPaper.registered_at.is_not(None)
    own = OfficialPaper.unit_id == scope.unit_id
    if scope.sight is Sight.SUBMITTED:
        own = own & in_register
    read = (
        select(Revision.id)
        .where(Revision.id == OfficialPaper.revision_id, revisions_seen(scope))
        .correlate(OfficialPaper)
    )
    elsewhere = (OfficialPaper.unit_id != scope.unit_id) & in_register & read.exists()
    return or_(own, elsewhere)


def events_seen(scope: Scope) -> ColumnElement[bool]:
    """Limit events, joined to `Document`, to those the scope sees: private acts stay inside."""
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    road = or_(
        _own_documents(scope),
        Document.next_unit_id == scope.unit_id,
        below(Document.unit_path, scope.path) & Document.released_number.is_not(None),
    )
    done_here = Event.unit_id == scope.unit_id
    if scope.sight is Sight.SUBMITTED:
        done_here = done_here & (Document.unit_id != scope.unit_id)
    return or_(road & ~Event.private, done_here & Event.private)


def quotas_seen(scope: Scope) -> ColumnElement[bool]:
    """Limit quotas, joined to the giver's `Document`: the giver's, the receiver's once it is in
    force, and those above the giver that see the document's content.
    """
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    received = (Quota.unit_id == scope.unit_id) & Document.in_force_number.is_not(None)
    next_below = (Document.next_unit_id == scope.unit_id) & Document.sent_number.is_not(None)
    further = below(Document.unit_path, scope.path) & Document.released_number.is_not(None)
    return or_(_own_documents(scope), received, next_below, further)


@lru_cache(maxsize=512)
def requests_seen(scope: Scope) -> ColumnElement[bool]:
    """Limit requests of reports: the unit's own, and those from below that have reached it."""
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    parts = scope.path.rstrip(".").split(".")
    line = [".".join(parts[: end + 1]) + "." for end in range(len(parts))]
    own = ReportRequest.unit_id == scope.unit_id
    reached = below(ReportRequest.unit_path, scope.path) & ReportRequest.top_path.in_(line)
    return or_(own, reached)


def _published_or_own(row: type[Opinion] | type[Remark], scope: Scope):
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    own_side = (Revision.unit_id == scope.unit_id) & row.published_at.is_not(None)
    return or_(row.unit_id == scope.unit_id, own_side)


def opinions_seen(scope: Scope) -> ColumnElement[bool]:
    """Limit opinions, joined to `Revision`: the reviewer's own, the unit's once published."""
    return _published_or_own(Opinion, scope)


def remarks_seen(scope: Scope) -> ColumnElement[bool]:
    """Limit remarks, joined to `Revision`: the reviewer's own, the unit's once published."""
    return _published_or_own(Remark, scope)


@lru_cache(maxsize=512)
def attachments_seen(scope: Scope) -> ColumnElement[bool]:
    """Limit files to those of what the scope sees: a remark, a request, one of the revisions."""
    if scope.sight is Sight.SYSTEM:
        return true()
    if scope.sight is Sight.NONE:
        return false()
    of_remark = exists().where(
        Remark.id == Attachment.remark_id,
        Revision.id == Remark.revision_id,
        Revision.document_id == Attachment.document_id,
        remarks_seen(scope),
    )
    of_request = exists().where(
        Event.id == Attachment.event_id,
        Event.document_id == Attachment.document_id,
        Document.id == Event.document_id,
        events_seen(scope),
    )
    of_revision = exists().where(
        Revision.document_id == Attachment.document_id,
        Revision.number >= Attachment.from_number,
        Revision.number < func.coalesce(Attachment.removed_number, Revision.number + 1),
        revisions_seen(scope),
    )
    return case(
        (Attachment.remark_id.is_not(None), of_remark.correlate(Attachment)),
        (Attachment.event_id.is_not(None), of_request.correlate(Attachment)),
        else_=of_revision.correlate(Attachment),
    )


def messages_seen(scope: Scope) -> ColumnElement[bool]:
    """Limit mail: one's own; a unit administrator the unit's; a system administrator all."""
    if scope.sight is Sight.SYSTEM or scope.role == Role.SYSTEM_ADMIN:
        return true()
    own = OutboxMessage.person_id == scope.person_id
    if scope.role == Role.UNIT_ADMIN:
        return or_(own, OutboxMessage.unit_id == scope.unit_id)
    return own


def bind(session: Session, scope: Scope) -> None:
    """Make a session act within a scope, in the transaction under way and in later ones."""
    session.info["scope"] = scope
    if session.in_transaction():
        _tell_database(session.connection(), scope)


@contextmanager
def system(session: Session, purpose: Purpose) -> Iterator[Scope]:
    """Run a part of a transaction for nobody, under a named purpose, then step back down.

    What the session has pending is flushed at each change of scope, so that every row is
    written under the scope of the code that made it.
    """
    before: Scope | None = session.info.get("scope")
    scope = Scope.system(purpose)
    session.flush()
    bind(session, scope)
    try:
        yield scope
        session.flush()
    except (OperationalError, InterfaceError, PoolTimeoutError):
        _remember(session, before)  # a database that is busy or away is not asked a second time
        raise
    except BaseException:
        # A transaction that the database has broken off can only be rolled back, which takes
        # the settings with it; the error that broke it must not be hidden by a second one.
        with suppress(DBAPIError, InvalidRequestError):
            _return_to(session, before)
        raise
    _return_to(session, before)


def _return_to(session: Session, before: Scope | None) -> None:
    if before is not None:
        bind(session, before)
        return
    _remember(session, None)
    if session.in_transaction():
        _tell_database(session.connection(), None)


def _remember(session: Session, scope: Scope | None) -> None:
    if scope is None:
        session.info.pop("scope", None)
    else:
        session.info["scope"] = scope


@contextmanager
def reading_many(session: Session) -> Iterator[None]:
    """Say that queries within read the content of very many revisions, as a synthesis does.

    They see the same rows. PostgreSQL then gathers the revisions that the scope sees once,
    instead of looking one up for each line: seconds less for a million lines, but some
    milliseconds lost for a few.
    """
    postgresql = session.get_bind().dialect.name == "postgresql"
    if postgresql:
        session.execute(_MANY, {"many": "on"})
    yield
    if postgresql:
        session.execute(_MANY, {"many": "off"})


_MANY = text("SELECT set_config('lth.many', :many, true)")

_SETTINGS = text(
    "SELECT set_config('lth.sight', :sight, true), set_config('lth.unit_id', :unit, true),"
    " set_config('lth.path', :path, true), set_config('lth.person_id', :person, true),"
    " set_config('lth.role', :role, true)"
)


def _tell_database(connection: Connection, scope: Scope | None) -> None:
    if connection.dialect.name != "postgresql":
        return
    connection.execute(
        _SETTINGS,
        {
            "sight": scope.sight.value if scope else "none",
            "unit": str(scope.unit_id) if scope else "0",
            "path": scope.path if scope else "",
            "person": str(scope.person_id) if scope else "0",
            "role": str(scope.role) if scope else "",
        },
    )


@event.listens_for(Session, "after_begin")
def _scope_each_transaction(
    session: Session, transaction: SessionTransaction, connection: Connection
) -> None:
    """Tell the database the scope; without it row-level security shows nothing."""
    scope = session.info.get("scope")
    if scope is not None:
        _tell_database(connection, scope)
