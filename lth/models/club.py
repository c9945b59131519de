"""Clubs of a commune, what became of them, and how their boards come in."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import TREE_PATH, Base, FoundByName, Keyed, Word, one_of
from lth.models.frozen import NAME, NamedDoer
from lth.models.unit import Unit


class ClubState(StrEnum):
    """A club runs, has gone into another one, or has closed."""

    ACTIVE = "active"
    MERGED = "merged"
    CLOSED = "closed"


class Club(FoundByName, Keyed, Base):
    """Câu lạc bộ Liên thế hệ tự giúp nhau of a commune.

    `number` counts within the commune; numbers are not used again. `founding_number` and
    `founded_on` are those of the decision that founded it. `areas` are the codes of the areas that
    it carries out; `board_size` counts its board (Ban chủ nhiệm). `ended_on` is the day from which
    it runs no more, `merged_into_id` the club it has gone into. `version` counts changes.
    """

    __tablename__ = "club"
    __table_args__ = (
        UniqueConstraint("unit_id", "number"),
        one_of("state", ClubState),
        CheckConstraint("(state = 'active') = (ended_on IS NULL)", name="ended_has_day"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        Index(None, "unit_path"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_path: Mapped[str] = mapped_column(TREE_PATH)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME))
    village: Mapped[str] = mapped_column(String(NAME), default="")
    founding_number: Mapped[str] = mapped_column(String(40), default="")
    founded_on: Mapped[date]
    board_size: Mapped[int | None]
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    has_income_fund: Mapped[bool] = mapped_column(default=False)
    has_operating_fund: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ClubState] = mapped_column(Word(ClubState), default=ClubState.ACTIVE)
    ended_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("club.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship(lazy="raise")


class ClubAct(StrEnum):
    """What becomes of a club. MOVE: to another commune."""

    FOUND = "found"
    CHANGE = "change"
    MERGE = "merge"
    CLOSE = "close"
    REOPEN = "reopen"
    MOVE = "move"


class ClubMove(Keyed, NamedDoer, Base):
    """One act on a club, with its day and reason; never changed, never deleted.

    `data` has what was changed, by field: ``{"name": [old, new]}``.
    """

    __tablename__ = "club_move"
    __table_args__ = (one_of("act", ClubAct), Index(None, "club_id"))

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_path: Mapped[str] = mapped_column(TREE_PATH)
    act: Mapped[ClubAct] = mapped_column(Word(ClubAct))
    moved_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    other_club_id: Mapped[int | None] = mapped_column(ForeignKey("club.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ClubKey(Keyed, NamedDoer, Base):
    """How a club's board comes in without an account: a secret link and a code, given out once.

    Only their hashes are kept. `failures` counts wrong codes since the last right one.
    """

    __tablename__ = "club_key"
    __table_args__ = (Index(None, "club_id"),)

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    failures: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
