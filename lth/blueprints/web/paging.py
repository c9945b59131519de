"""Lists by pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

SIZE = 50

PLAIN = "!$'()*,/:;?@"
"""What needs no escape in the arguments of an address, as in those that `url_for` makes."""


@dataclass(frozen=True)
class Page:
    """Which page of a list this is, as `ui.pager` shows it."""

    number: int
    pages: int
    total: int
    url: Callable[[int], str]


def number() -> int:
    """The page asked for; the first where the address says nothing sensible."""
    return whole(request.args.get("page", ""), 1_000_000) or 1


def whole(text: str, below: int) -> int | None:
    """The whole number that a text of the address is, below so much; None for any other text.

    Its length is looked at first: Python refuses to read thousands of digits.
    """
    sensible = text.isdecimal() and len(text) <= len(str(below))
    return int(text) if sensible and int(text) < below else None


def address(endpoint: str, arguments: Mapping[str, Any]) -> str:
    """A page of this request's address with these arguments (None: left out), whatever they are
    called: some names of arguments mean something else to `url_for`.
    """
    return joined(url_for(endpoint, **(request.view_args or {})), arguments)


def joined(path: str, arguments: Mapping[str, Any]) -> str:
    """An address with these arguments (None: left out)."""
    said = {name: value for name, value in arguments.items() if value is not None}
    return f"{path}?{urlencode(said, doseq=True, safe=PLAIN)}" if said else path


def page(total: int, size: int = SIZE) -> Page:
    """The page asked for of so many rows; links keep the rest of the address."""

    def url(wanted: int) -> str:
        return address(str(request.endpoint), {**request.args, "page": wanted})

    return Page(number(), max(1, -(-total // size)), total, url)
