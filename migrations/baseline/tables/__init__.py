"""Declare the tables with their columns, constraints and indexes, by what they are about."""

from baseline.metadata import METADATA
from baseline.tables import (
    content,
    documents,
    exchange,
    mail,
    official_papers,
    papers,
    people,
    programmes,
    trail,
    units,
)

__all__ = [
    "METADATA",
    "content",
    "documents",
    "exchange",
    "mail",
    "official_papers",
    "papers",
    "people",
    "programmes",
    "trail",
    "units",
]
