"""Hold what a document says: its line types, known wherever any is asked for."""

from lth.content import line_types

__all__ = ["line_types"]
