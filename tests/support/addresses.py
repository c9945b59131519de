"""Which addresses are alike: pages of one kind, about other things."""

import re

_NAMED = re.compile(r"\d+|(?:indicators|items|lines)/[^/]+")
"""Numbers, and what is named by a key or a code."""


def pattern_of(url: str) -> str:
    """Fold what an address is about; pages of one pattern come from one view."""
    return _NAMED.sub("N", url.partition("?")[0])
