"""Chaining the trail: every event and administrative change becomes a link as it is committed.

One place for both kinds, whoever writes them. What a flush has written is noted with what it says;
just before the commit each unit's chain is locked, in the order of their numbers, and the links are
added to its end. A transaction takes no lock after these, so acts at the same moment wait for each
other's commit alone. Should this not be done, the commit fails on the rows' deferred foreign key.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, event, select, update
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from lth.access.scope import Purpose, Scope, system
from lth.core import database
from lth.models import AuditEntry, Event, TrailHead, TrailLink, Unit
from lth.models.person import Role
from lth.models.trail import OF_NO_UNIT, Chained, LinkedRow

FORM = 1
"""What new links are hashed as. A column that joins makes a new form; the old ones stay."""

CHAINED: dict[LinkedRow, type[Event] | type[AuditEntry]] = {
    LinkedRow.EVENT: Event,
    LinkedRow.ENTRY: AuditEntry,
}

_EVENT = (
    *("id", "document_id", "seq", "action", "from_status", "to_status", "revision_number", "at"),
    *("person_id", "person_name", "person_position", "role", "unit_id", "unit_name"),
    *("office_name", "private", "reason", "data"),
)
_ENTRY = (
    *("id", "unit_id", "unit_name", "person_id", "person_name", "person_position", "at"),
    *("what", "note", "data"),
)
FORMS: dict[tuple[LinkedRow, int], tuple[str, ...]] = {
    (LinkedRow.EVENT, 1): _EVENT,
    (LinkedRow.ENTRY, 1): _ENTRY,
}
"""The columns that are hashed, in their order, of each kind of row and each form."""

DIGITS = 8
GENESIS = ""
"""What stands before the first link of a chain."""


def plain(value: Any) -> Any:
    """Return a column's value as JSON writes it, the same before it is stored and afterwards."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dict | list):
        return json.loads(json.dumps(value))
    return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def contents(columns: Sequence[str], values: Mapping[str, Any]) -> list[str]:
    """Write each column of a row by itself, with its name."""
    return [_json([name, plain(values[name])]) for name in columns]


def digests(key: str, written: Iterable[str]) -> str:
    """Return some digits of each column; the key keeps what a row says from being guessed."""
    return "".join(hashlib.sha256((key + one).encode()).hexdigest()[:DIGITS] for one in written)


def link_hash(before: str, link: Mapping[str, Any], written: Iterable[str]) -> str:
    """Return the hash of a link, over the one before it, its place and all that its row says."""
    place = [plain(link[name]) for name in _PLACE]
    return hashlib.sha256(_json([before, *place, *written]).encode()).hexdigest()


_PLACE = ("key", "chain", "seq", "kind", "form", "at", "digests")


@dataclass
class _Unlinked:
    """A row that was written in this transaction, and what it said; `within` which savepoint."""

    within: SessionTransaction | None
    key: str
    chain: int
    kind: LinkedRow
    at: datetime
    written: list[str]

    def goes_with(self, rolled_back: SessionTransaction) -> bool:
        """Tell whether it was written within what is rolled back."""
        within = self.within
        while within is not None and within is not rolled_back:
            within = within.parent
        return within is rolled_back

    @classmethod
    def of(cls, row: Any, within: SessionTransaction | None) -> "_Unlinked":
        kind = LinkedRow.EVENT if isinstance(row, Event) else LinkedRow.ENTRY
        columns = FORMS[kind, FORM]
        written = contents(columns, {name: getattr(row, name) for name in columns})
        return cls(within, row.link_key, row.unit_id or OF_NO_UNIT, kind, row.at, written)

    def link(self, seq: int, before: str) -> dict[str, Any]:
        """Return the row of its link."""
        made: dict[str, Any] = {
            **{"key": self.key, "chain": self.chain, "seq": seq, "kind": self.kind},
            **{"form": FORM, "at": self.at, "digests": digests(self.key, self.written)},
        }
        made["hash"] = link_hash(before, made, self.written)
        return made


_UNLINKED = "rows that are no links yet"


@event.listens_for(Session, "after_flush")
def _note(session: Session, _flush: UOWTransaction) -> None:
    """Note what this flush has written of the trail, by its key."""
    rows = [row for row in session.new if isinstance(row, Chained)]
    if rows:
        within = session.get_nested_transaction() or session.get_transaction()
        unlinked = session.info.setdefault(_UNLINKED, {})
        unlinked.update({row.link_key: _Unlinked.of(row, within) for row in rows})


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """Forget what is rolled back, with the transaction or with a savepoint."""
    unlinked = session.info.get(_UNLINKED, {})
    for key in [key for key, one in unlinked.items() if one.goes_with(rolled_back)]:
        del unlinked[key]


@event.listens_for(Session, "before_commit")
def _link(session: Session) -> None:
    """Make links of what was written; a savepoint that is released is no commit."""
    if session.in_nested_transaction():
        return
    session.flush()
    rows = sorted(session.info.pop(_UNLINKED, {}).values(), key=lambda one: one.chain)
    if not rows:
        return
    if _writes(session.info.get("scope"), {one.chain for one in rows}):
        _append(session, rows)
        return
    with system(session, Purpose.CHAIN):
        _append(session, rows)


def _writes(scope: Scope | None, chains: set[int]) -> bool:
    """Tell whether row-level security lets a scope write to these chains."""
    if scope is None:
        return False
    if scope.purpose is not None or scope.role == Role.SYSTEM_ADMIN:
        return True
    return chains == {scope.unit_id}


def _append(session: Session, rows: Iterable[_Unlinked]) -> None:
    """Add rows, sorted by their chains, to the ends of these."""
    connection = session.connection()
    links: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    for chain, of_chain in groupby(rows, lambda one: one.chain):
        waiting = list(of_chain)
        seq, before = connection.execute(_lock(session, chain, len(waiting))).one()
        for number, one in enumerate(waiting, start=seq - len(waiting) + 1):
            links.append(one.link(number, before))
            before = links[-1]["hash"]
        heads.append({"of": chain, "to": before})
    connection.execute(TrailLink.__table__.insert(), links)
    connection.execute(_SET_HEAD, heads)


def _lock(session: Session, chain: int, more: int) -> Any:
    """Lock the end of a chain and lengthen it; return its new length and its last hash so far."""
    first = database.insert(session, TrailHead).values(chain=chain, seq=more, hash=GENESIS)
    return first.on_conflict_do_update(
        index_elements=["chain"], set_={"seq": TrailHead.__table__.c.seq + more}
    ).returning(TrailHead.__table__.c.seq, TrailHead.__table__.c.hash)


_SET_HEAD = (
    update(TrailHead.__table__)
    .where(TrailHead.__table__.c.chain == bindparam("of"))
    .values(hash=bindparam("to"))
)


@dataclass(frozen=True)
class ChainPlace:
    """Where a row stands in the chain of its unit, and its hash."""

    chain: int
    seq: int
    hash: str


def places(session: Session, keys: Sequence[str]) -> dict[str, ChainPlace]:
    """Return where rows stand that the caller has found within its own scope, by their keys."""
    found: dict[str, ChainPlace] = {}
    with system(session, Purpose.CHAIN):
        for at in range(0, len(keys), _AT_ONCE):
            statement = select(TrailLink.key, TrailLink.chain, TrailLink.seq, TrailLink.hash).where(
                TrailLink.key.in_(keys[at : at + _AT_ONCE])
            )
            found |= {key: ChainPlace(*place) for key, *place in session.execute(statement)}
    return found


def ends_of(session: Session, chains: Iterable[int]) -> list[tuple[str, ChainPlace]]:
    """Return the last links of the chains of rows that the caller has found, by their units."""
    statement = (
        select(Unit.type, Unit.name, TrailHead.chain, TrailHead.seq, TrailHead.hash)
        .select_from(TrailHead)
        .outerjoin(Unit, Unit.id == TrailHead.chain)
        .where(TrailHead.chain.in_(sorted(chains)))
        .order_by(TrailHead.chain)
    )
    with system(session, Purpose.CHAIN):
        return [
            (f"{type_} {name}" if name else "", ChainPlace(*place))
            for type_, name, *place in session.execute(statement)
        ]


_AT_ONCE = 500
