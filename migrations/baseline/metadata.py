"""Gather the tables of the baseline."""

from typing import Any

from sqlalchemy import MetaData, Table

from lth.models.base import NAMING

METADATA = MetaData(naming_convention=NAMING)
"""Constraints and indexes without a name of their own get one by the models' convention."""


def table(name: str, *items: Any) -> Table:
    """Add a table with its columns, constraints and indexes."""
    return Table(name, METADATA, *items)
