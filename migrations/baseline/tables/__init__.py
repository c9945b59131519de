"""Declare the tables with their columns, constraints and indexes, by what they are about."""

from baseline.metadata import METADATA
from baseline.tables import (
    attachments,
    content,
    documents,
    exchange,
    mail,
    official_papers,
    papers,
    people,
    programmes,
    readings,
    trail,
    units,
    workbooks,
)

__all__ = [
    "METADATA",
    "attachments",
    "content",
    "documents",
    "exchange",
    "mail",
    "official_papers",
    "papers",
    "people",
    "programmes",
    "readings",
    "trail",
    "units",
    "workbooks",
]
