"""Holding the trail to its chains: what was changed, taken out or slipped in, and where.

One chain at a time is read as a stream, so that memory does not grow with the trail. A row is read
as it lies there: whoever goes around the application need not write what it could read.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ColumnElement, Select, Table, exists, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from lth.access import chain as chains
from lth.models import TrailHead, TrailLink, Unit
from lth.models.base import Instant, kept_search_key
from lth.models.trail import OF_NO_UNIT, LinkedRow

AT_ONCE = 500
"""How many links are held in memory."""


@dataclass(frozen=True)
class ChainHead:
    """The end of a chain as it was at some time: its length and last hash."""

    chain: int
    seq: int
    hash: str


@dataclass(frozen=True)
class ChainFault:
    """One thing that is not as it was written; `seq` and `at` as far as they are known."""

    chain: int
    what: str
    seq: int | None = None
    at: datetime | None = None
    kind: LinkedRow | None = None


@dataclass
class ChainCheck:
    """A check under way, and what it has counted so far.

    `heads` are ends that were kept elsewhere: they give away even a chain that was rewritten as a
    whole, or cut, together with its own end.
    """

    session: Session
    heads: Iterable[ChainHead] = ()
    units: int = 0
    rows: dict[LinkedRow, int] = field(default_factory=lambda: dict.fromkeys(LinkedRow, 0))

    def faults(self, only: Collection[int] | None = None) -> Iterator[ChainFault]:
        """Find what is wrong in all chains, or in some; within a system scope."""
        kept: dict[int, dict[int, str]] = {}
        for head in self.heads:
            kept.setdefault(head.chain, {})[head.seq] = head.hash
        for chain in sorted(_known(self.session) | kept.keys() if only is None else only):
            self.units += 1
            yield from self._of_chain(chain, kept.get(chain, {}))
        for kind in LinkedRow:
            yield from _slipped_in(self.session, kind, only)

    def _of_chain(self, chain: int, kept: dict[int, str]) -> Iterator[ChainFault]:
        end, before, waiting = 0, chains.GENESIS, dict(kept)
        head = _head(self.session, chain)
        for row in _links(self.session, chain):
            link = row["link"]
            if link["seq"] != end + 1:
                yield ChainFault(chain, _gap(end + 1, link["seq"] - 1), end + 1)
            end = link["seq"]
            self.rows[LinkedRow(link["kind"])] += 1
            for what in _wrong(row, before):
                yield ChainFault(chain, what, end, _moment(link["at"]), LinkedRow(link["kind"]))
            before = link["hash"]
            if waiting.pop(end, before) != before:
                yield ChainFault(chain, "is not the link that was kept elsewhere", end)
            head = row["head"]
        yield from _at_the_end(chain, end, before, head)
        for seq in sorted(waiting):
            yield ChainFault(chain, f"was kept elsewhere, and the chain ends at {end}", seq)


def _at_the_end(chain: int, end: int, last: str, head: ChainHead | None) -> Iterator[ChainFault]:
    if head is None:
        if end:
            yield ChainFault(chain, f"the head is gone; the chain ends at {end}")
    elif head.seq > end:
        yield ChainFault(chain, f"{_gap(end + 1, head.seq)}, by its head", end + 1)
    elif head.seq < end:
        yield ChainFault(chain, f"the chain ends at {end}, its head says {head.seq}", head.seq)
    elif head.hash != last:
        yield ChainFault(chain, "the head has another hash than the last link", end)


def _gap(first: int, last: int) -> str:
    return f"link {first} is missing" if first >= last else f"links {first} to {last} are missing"


def _wrong(row: Mapping[str, Any], before: str) -> Iterator[str]:
    """Say what is wrong with a link and its row."""
    link, kind = row["link"], LinkedRow(row["link"]["kind"])
    columns, values = chains.FORMS.get((kind, link["form"])), row[kind.value]
    if values["link_key"] is None:
        yield "the row is gone"
        return
    if columns is None:
        yield f"form {link['form']} is not known"
        return
    written = chains.contents(columns, values)
    digests = chains.digests(link["key"], written)
    differing = [
        name
        for name, (at, end) in zip(columns, _cuts(len(columns)), strict=True)
        if digests[at:end] != link["digests"][at:end]
    ]
    name = f"row {values['id']}"
    found_by = kept_search_key(str(values["person_name"]))
    if values["search_key"] != found_by and "person_name" not in differing:
        differing.append("search_key")
    if differing:
        yield f"{name} differs in {', '.join(differing)}"
    elif chains.link_hash(before, link, written) != link["hash"]:
        yield f"{name} or its link was rewritten: the hash is another"


def _cuts(columns: int) -> list[tuple[int, int]]:
    size = chains.DIGITS
    return [(number * size, (number + 1) * size) for number in range(columns)]


def _known(session: Session) -> set[int]:
    """Return all chains there are, by their heads and by their links."""
    heads = session.scalars(select(TrailHead.chain))
    return {*heads, *session.scalars(select(TrailLink.chain).distinct())}


def _head(session: Session, chain: int) -> ChainHead | None:
    row = session.execute(select(*_HEAD.c).where(_HEAD.c.chain == chain)).first()
    return None if row is None else ChainHead(*row)


def heads(session: Session) -> list[ChainHead]:
    """List the ends of all chains; within a system scope."""
    return [ChainHead(*row) for row in session.execute(select(*_HEAD.c).order_by(_HEAD.c.chain))]


def unit_names(session: Session) -> dict[int, str]:
    """Return what each chain's unit is called, with its code."""
    statement = select(Unit.id, Unit.type, Unit.name, Unit.code)
    found = {
        key: f"{type_} {name} ({code})" for key, type_, name, code in session.execute(statement)
    }
    return {OF_NO_UNIT: "of no unit", **found}


def chains_of(session: Session, code: str) -> list[int]:
    """Return the chains of the units that have or had a code."""
    return list(session.scalars(select(Unit.id).where(Unit.code == code)))


_HEAD: Table = TrailHead.__table__  # type: ignore[assignment] # a Table, as all of ours are
_LINK: Table = TrailLink.__table__  # type: ignore[assignment] # likewise
_ROWS: dict[LinkedRow, Table] = {
    kind: model.__table__  # type: ignore[misc] # likewise
    for kind, model in chains.CHAINED.items()
}


def _raw(table: Table, prefix: str) -> list[ColumnElement[Any]]:
    return [
        type_coerce(column, NullType).label(f"{prefix}.{column.name}") for column in table.columns
    ]


def _statement() -> Select[Any]:
    event, entry = _ROWS[LinkedRow.EVENT], _ROWS[LinkedRow.ENTRY]
    return (
        select(
            *_raw(_LINK, "link"),
            *_raw(_HEAD, "head"),
            *_raw(event, LinkedRow.EVENT.value),
            *_raw(entry, LinkedRow.ENTRY.value),
        )
        .select_from(_LINK)
        .outerjoin(_HEAD, _HEAD.c.chain == _LINK.c.chain)
        .outerjoin(event, event.c.link_key == _LINK.c.key)
        .outerjoin(entry, entry.c.link_key == _LINK.c.key)
        .order_by(_LINK.c.seq)
    )


def _links(session: Session, chain: int) -> Iterator[dict[str, Any]]:
    """Read a chain, each link with its row and the chain's end as of the same moment."""
    statement = _statement().where(_LINK.c.chain == chain).execution_options(yield_per=AT_ONCE)
    for row in session.execute(statement):
        parts: dict[str, Any] = {}
        for label, value in row._mapping.items():
            table, _, name = label.partition(".")
            parts.setdefault(table, {})[name] = _stored(_COLUMNS[label], value)
        head = parts["head"]
        parts["head"] = None if head["chain"] is None else ChainHead(**head)
        yield parts


_COLUMNS = {
    f"{prefix}.{column.name}": column
    for prefix, table in {"link": _LINK, "head": _HEAD, **_ROWS}.items()
    for column in table.columns
}


def _stored(column: Any, value: Any) -> Any:
    """Read a value as its column has it; what cannot be read stays as it lies there."""
    if isinstance(column.type, Instant):
        return _moment(value)
    if isinstance(column.type, JSON) and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    if isinstance(column.type, Boolean) and value in {0, 1}:
        return bool(value)
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def _slipped_in(
    session: Session, kind: LinkedRow, only: Collection[int] | None
) -> Iterator[ChainFault]:
    """Find the rows that are no link of any chain."""
    table = _ROWS[kind]
    raw = {column.name: type_coerce(column, NullType) for column in table.columns}
    statement = select(raw["id"], raw["unit_id"], raw["at"]).where(
        ~exists().where(_LINK.c.key == table.c.link_key)
    )
    if only is not None:
        own = table.c.unit_id.in_([chain for chain in only if chain != OF_NO_UNIT])
        statement = statement.where(own | table.c.unit_id.is_(None) if OF_NO_UNIT in only else own)
    for id_, unit_id, at in session.execute(statement.execution_options(yield_per=AT_ONCE)):
        what = f"row {id_} is in no chain: it was slipped in"
        yield ChainFault(unit_id or OF_NO_UNIT, what, None, _moment(at), kind)
