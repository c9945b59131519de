"""The trail: what was changed about people, roles, settings and deadlines, and what chains it all.

Each event and each administrative change is a link in the chain of its unit. Its hash is made of
what the row says and of the hash before it, so that none of them is changed, taken out or slipped
in without all that follow giving it away.
"""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import SEARCH_KEY, Base, Keyed, Word, kept_search_key, one_of
from lth.models.frozen import NamedDoer

OF_NO_UNIT = 0
"""The chain of what is done at no unit."""


class LinkedRow(StrEnum):
    """What a link of a chain is about: an event of a document, or an administrative change."""

    EVENT = "event"
    ENTRY = "entry"


class TrailLink(Base):
    """A row's place in the chain of its unit, from 1, and its hash.

    `key` is the row's own, drawn by lot; `digests` has eight digits of each of its columns, in the
    order of its `form`, and points at what differs.
    """

    __tablename__ = "trail_link"
    __table_args__ = (UniqueConstraint("chain", "seq"), one_of("kind", LinkedRow))

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    chain: Mapped[int]
    seq: Mapped[int]
    kind: Mapped[LinkedRow] = mapped_column(Word(LinkedRow))
    form: Mapped[int]
    at: Mapped[datetime]
    digests: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class TrailHead(Base):
    """The end of a unit's chain: how many links it has, and the hash of the last."""

    __tablename__ = "trail_head"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


def _found_by(context: Any) -> str:
    return kept_search_key(context.get_current_parameters()["person_name"])


class Chained(NamedDoer):
    """A row that is a link of its unit's chain: no transaction ends with one that is not.

    `search_key` finds it by the name of who did it.
    """

    search_key: Mapped[str] = mapped_column(SEARCH_KEY, default=_found_by, sort_order=4)
    link_key: Mapped[str] = mapped_column(
        String(32),
        ForeignKey("trail_link.key", deferrable=True, initially="DEFERRED"),
        unique=True,
        default=lambda: secrets.token_hex(16),
        sort_order=5,
    )


class AuditEntry(Keyed, Chained, Base):
    """A change of people, roles, settings or deadlines, when, from what to what.

    `unit_name` is the unit that was changed; nobody's name where the system did it by itself.
    """

    __tablename__ = "audit_entry"

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
