"""Make columns in the types of `lth.models.base`; only an optional one takes NULL."""

from typing import Any

import sqlalchemy as sa

PATH = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
SORT_KEY = sa.String(240).with_variant(sa.String(240, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(24)


def identity() -> sa.Column[Any]:
    """Number the rows of a table."""
    return sa.Column("id", sa.Integer(), primary_key=True)


def column(name: str, type_: Any, **options: Any) -> sa.Column[Any]:
    """Hold a value in each row."""
    return sa.Column(name, type_, nullable=False, **options)


def optional(name: str, type_: Any, **options: Any) -> sa.Column[Any]:
    """Hold a value, or NULL."""
    return sa.Column(name, type_, **options)


def refers(table: str, name: str = "", **options: Any) -> sa.Column[Any]:
    """Point at a row of another table, in the column `TABLE_id` unless it has a name."""
    return may_refer(table, name, nullable=False, **options)


def may_refer(
    table: str, name: str = "", *, goes_with: bool = False, **options: Any
) -> sa.Column[Any]:
    """Point at a row of another table, or at none; `goes_with`: and go when that goes."""
    key = sa.ForeignKey(f"{table}.id", ondelete="CASCADE" if goes_with else None)
    return sa.Column(name or f"{table}_id", sa.Integer(), key, **options)


def is_link() -> sa.Column[Any]:
    """Point at the row's own link in a chain, which must be there when a transaction ends."""
    key = sa.ForeignKey("trail_link.key", deferrable=True, initially="DEFERRED")
    return sa.Column("link_key", sa.String(32), key, nullable=False, unique=True)


def one_of(name: str, *words: str) -> sa.CheckConstraint:
    """Hold a column to some words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=f"{name}_known")


def content_line() -> tuple[sa.Column[Any] | sa.UniqueConstraint, ...]:
    """Give what each line of a revision has: its key, and who last edited it."""
    return (
        identity(),
        refers("revision"),
        column("line_key", sa.String(80)),
        column("version", sa.Integer()),
        optional("edited_at", MOMENT),
        may_refer("person", "edited_by_id"),
        sa.UniqueConstraint("revision_id", "line_key"),
    )
