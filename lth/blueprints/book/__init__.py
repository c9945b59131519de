"""The monthly book as a club's board keeps it, on a telephone, without an account."""

from lth.blueprints.book.views import blueprint

__all__ = ["blueprint"]
