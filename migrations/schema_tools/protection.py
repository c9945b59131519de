"""Protect tables: what stands in them on both databases, who reaches which row on PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass

from alembic import op

from schema_tools.policies import Policies, every, grant_sequences, in_revision, secure
from schema_tools.rules import Rule, keep_frozen, refuse


@dataclass(frozen=True)
class Protection:
    """The row-level security of a table, and the rules for what stands in it."""

    policies: Policies
    rules: tuple[Rule, ...] = ()
    in_open_revision: bool = False
    """Whether its rows are content: they change only while their revision is open."""


_LOOKED_UP = in_revision()
_GATHERED = "$table.revision_id IN (SELECT seen FROM public.lth_seen_revisions() AS seen)"
_READ = f"CASE WHEN public.lth_reads_many() THEN {_GATHERED} ELSE {_LOOKED_UP} END"
_WRITTEN = in_revision("r.unit_id = $writing AND r.frozen_at IS NULL")

CONTENT = Protection(
    every(f"$system OR {_WRITTEN}") | {"SELECT": f"$system OR {_READ}"},
    in_open_revision=True,
)
"""What lies in a revision: read with it, written in the own unit's open ones."""


def protect(tables: Mapping[str, Protection]) -> None:
    """Make the triggers of tables, and on PostgreSQL their policies and rights."""
    for table, protection in tables.items():
        for rule in protection.rules:
            refuse(table, rule)
        if protection.in_open_revision:
            keep_frozen(table)
    if op.get_context().dialect.name == "postgresql":
        for table, protection in tables.items():
            secure(table, protection.policies)
        grant_sequences()
