"""Declare the register of clubs, their boards' keys, and their monthly books."""

from schema_tools.columns import (
    MOMENT,
    PATH,
    SORT_KEY,
    WORD,
    column,
    identity,
    may_refer,
    one_of,
    optional,
    refers,
)
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from baseline.metadata import table

table(
    "club",
    identity(),
    refers("unit"),
    column("unit_path", PATH),
    column("number", Integer()),
    column("name", String(160)),
    column("village", String(160)),
    column("founding_number", String(40)),
    column("founded_on", Date()),
    optional("board_size", Integer()),
    column("areas", JSON()),
    column("has_income_fund", Boolean()),
    column("has_operating_fund", Boolean()),
    column("state", WORD),
    optional("ended_on", Date()),
    may_refer("club", "merged_into_id"),
    column("note", Text()),
    column("version", Integer()),
    column("created_at", MOMENT),
    column("sort_key", SORT_KEY),
    column("search_key", String(160)),
    UniqueConstraint("unit_id", "number"),
    one_of("state", "active", "merged", "closed"),
    CheckConstraint("(state = 'active') = (ended_on IS NULL)", name="ended_has_day"),
    CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
    Index(None, "unit_path"),
)

table(
    "club_move",
    identity(),
    refers("club"),
    refers("unit"),
    column("unit_path", PATH),
    column("act", WORD),
    column("moved_on", Date()),
    column("reason", Text()),
    may_refer("club", "other_club_id"),
    column("data", JSON()),
    column("at", MOMENT),
    may_refer("person"),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    one_of("act", "found", "change", "merge", "close", "reopen", "move"),
    Index(None, "club_id"),
)

table(
    "club_list",
    identity(),
    refers("unit"),
    refers("person", "created_by_id", index=True),
    column("created_at", MOMENT),
    column("expires_at", MOMENT),
    column("file_name", String(160)),
    column("version", Integer()),
    column("notes", JSON()),
    column("lines", JSON()),
)

table(
    "club_key",
    identity(),
    refers("club"),
    refers("unit"),
    column("token_hash", String(64), unique=True),
    column("code_hash", String(200)),
    column("created_at", MOMENT),
    may_refer("person"),
    column("failures", Integer()),
    optional("tried_at", MOMENT),
    optional("used_at", MOMENT),
    optional("revoked_at", MOMENT),
    column("person_name", String(160)),
    column("person_position", String(160)),
    column("unit_name", String(160)),
    Index(None, "club_id"),
)

_COUNTS = (
    *("meetings", "attended", "members", "women", "older", "older_women", "young", "poor"),
    *("ethnic", "joined", "left"),
)
_MONEY = (
    *("income_in", "income_out", "income_balance"),
    *("operating_in", "operating_out", "operating_balance"),
)
_LOANS = ("lent", "repaid", "outstanding", "overdue", "interest")
_CARE = (
    *("exercise", "health_checks", "volunteers", "homecare_persons", "homecare_visits", "helped"),
)

table(
    "club_book",
    identity(),
    refers("club"),
    refers("unit"),
    column("unit_path", PATH),
    column("month", Date()),
    *(optional(name, Integer()) for name in _COUNTS),
    *(optional(name, BigInteger()) for name in _MONEY),
    *(optional(name, Integer()) for name in ("loans_given", "borrowers")),
    *(optional(name, BigInteger()) for name in _LOANS),
    *(optional(name, Integer()) for name in _CARE),
    column("areas", JSON()),
    column("difficulties", Text()),
    column("version", Integer()),
    column("saved_at", MOMENT),
    optional("sent_at", MOMENT),
    may_refer("person"),
    column("saved_by", String(160)),
    UniqueConstraint("club_id", "month"),
    Index("ix_club_book_place", "unit_path", "month", "version"),
    CheckConstraint("older IS NULL OR older >= 0", name="older_not_negative"),
)

table(
    "score_card",
    identity(),
    refers("programme"),
    refers("unit", index=True),
    column("data", JSON()),
    column("version", Integer()),
    column("changed_at", MOMENT),
    UniqueConstraint("programme_id", "unit_id"),
)

table(
    "club_book_change",
    identity(),
    refers("club_book", "book_id"),
    refers("unit"),
    column("unit_path", PATH),
    column("data", JSON()),
    column("reason", Text()),
    column("at", MOMENT),
    may_refer("person"),
    column("saved_by", String(160)),
    Index(None, "book_id"),
)
