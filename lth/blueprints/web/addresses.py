"""Addresses that a browser sends back: only those within this site are followed."""

from urllib.parse import urlsplit


def safe_next(wanted: str | None) -> str | None:
    """Return an address within this site that was asked for, else None.

    Only a path: no other site, nothing that a browser would read as one (`//host`, `/\\host`).
    """
    if not wanted or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return None
    if any(ord(char) < 32 or char == "\\" for char in wanted):
        return None
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc else None
