"""Addresses that a browser sends back: only those within this site are followed, and none breaks
the answer that it stands in.
"""

import re
from urllib.parse import SplitResult, quote, urlsplit

from lth.core import clean_text

_ANCHOR = re.compile(r"[\w@#.:-]{1,200}")


def safe_next(wanted: str | None) -> str | None:
    """Return an address within this site that was asked for, else None.

    Only a path: no other site, nothing that a browser would read as one (`//host`, `/\\host`),
    and nothing that nobody sees.
    """
    if not wanted or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return None
    if "\\" in wanted or clean_text.hidden_at(wanted) is not None:
        return None
    found = parts(wanted)
    return wanted if not found.scheme and not found.netloc else None


def parts(address: str | None) -> SplitResult:
    """Part an address that a browser has sent; all is empty of one that cannot be read."""
    try:
        return urlsplit(address or "")
    except ValueError:
        return urlsplit("")


def at(address: str, anchor: str) -> str:
    """Return an address that leads to a place on its page; the page itself for what is no place."""
    return f"{address}#{quote(anchor)}" if _ANCHOR.fullmatch(anchor) else address
