"""Read a stranger's text once in a process of its own, before anybody else reads it."""

from lth.exchange.plan_reading.read import read_text


def items_in(data: bytes) -> int:
    """Return how many items a text in UTF-8 has."""
    return len(read_text(data.decode()).items)
