"""Lists by pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

SIZE = 50


@dataclass(frozen=True)
class Page:
    """Which page of a list this is, as `ui.pager` shows it."""

    number: int
    pages: int
    total: int
    url: Callable[[int], str]


def number() -> int:
    """The page asked for; the first where the address says nothing sensible."""
    asked = request.args.get("page", "")
    return int(asked) if asked.isdecimal() and 0 < int(asked) < 1_000_000 else 1


def page(total: int, size: int = SIZE) -> Page:
    """The page asked for of so many rows; links keep the rest of the address."""

    def url(wanted: int) -> str:
        kept: dict[str, Any] = {key: value for key, value in request.args.items() if key != "page"}
        return url_for(str(request.endpoint), **(request.view_args or {}), **kept, page=wanted)

    return Page(number(), max(1, -(-total // size)), total, url)
