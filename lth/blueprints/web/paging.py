"""Lists by pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

SIZE = 50

LARGEST_ID = 2**31 - 1
"""The largest number that a row's id or a version can be."""

PLAIN = "!$'()*,/:;?@"
"""What needs no escape in the arguments of an address, as in those that `url_for` makes."""


@dataclass(frozen=True)
class ListPage:
    """A page of a list, as `ui.pager` shows it."""

    number: int
    pages: int
    total: int
    url: Callable[[int], str]


def number() -> int:
    """Return the page asked for; the first where the address says nothing sensible."""
    return whole(request.args.get("page", ""), 1_000_000) or 1


def whole(text: str, below: int) -> int | None:
    """Read a text of the address as a whole number below so much; None for any other text.

    Its length is looked at first: Python refuses to read thousands of digits.
    """
    sensible = text.isascii() and text.isdecimal() and len(text) <= len(str(below))
    return int(text) if sensible and int(text) < below else None


def whole_in(values: Mapping[str, str], name: str) -> int:
    """Read the id or version that a field or an argument says; 0 for what can be neither."""
    return whole(values.get(name, ""), LARGEST_ID + 1) or 0


def address(endpoint: str, arguments: Mapping[str, Any]) -> str:
    """Return this page's address with these arguments (None: left out), whatever they are
    called: some names of arguments mean something else to `url_for`.
    """
    return joined(url_for(endpoint, **(request.view_args or {})), arguments)


def joined(path: str, arguments: Mapping[str, Any]) -> str:
    """Return an address with these arguments (None: left out)."""
    given = {name: value for name, value in arguments.items() if value is not None}
    return f"{path}?{urlencode(given, doseq=True, safe=PLAIN)}" if given else path


def page(total: int, size: int = SIZE) -> ListPage:
    """Return the page asked for of so many rows; links keep the rest of the address."""

    def url(wanted: int) -> str:
        return address(str(request.endpoint), {**request.args, "page": wanted})

    return ListPage(number(), max(1, -(-total // size)), total, url)
