"""Declare the tables with their columns, constraints and indexes, by what they are about."""

from baseline.metadata import METADATA
from baseline.tables import (
    attachments,
    clubs,
    content,
    documents,
    exchange,
    mail,
    official_papers,
    papers,
    people,
    programmes,
    readings,
    reports,
    requests,
    trail,
    units,
    visits,
    workbooks,
)

__all__ = [
    "METADATA",
    "attachments",
    "clubs",
    "content",
    "documents",
    "exchange",
    "mail",
    "official_papers",
    "papers",
    "people",
    "programmes",
    "readings",
    "reports",
    "requests",
    "trail",
    "units",
    "visits",
    "workbooks",
]
