"""What a document says: its line types, each declared once and known wherever any is asked for."""

from lth.content import line_types

__all__ = ["line_types"]
