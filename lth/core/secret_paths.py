"""Paths whose last part is a secret: a one-time link, a calendar. No log says it."""

import re

_SECRET = re.compile(r"[\w-]{32,}", re.ASCII)


def told(path: str) -> str:
    """Return a path as a log may say it: in one line, without what nobody could guess."""
    line = "".join(one if one.isprintable() else "?" for one in path)
    return _SECRET.sub("…", line)
