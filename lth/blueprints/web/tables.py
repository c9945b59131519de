"""Lists of pages as files: the same address with `file=xlsx` or `file=csv` gives all rows."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from flask import Response, request

from lth.blueprints.web.downloads import CSV, XLSX, download
from lth.core import clock
from lth.exchange.grids.tables import ListTable, TableValue, as_csv, as_excel

MOST_ROWS = 5_000

Row = TypeVar("Row")

_WRITERS = {"xlsx": (as_excel, XLSX), "csv": (as_csv, CSV)}
_WHOLE = re.compile(r"\d{1,3}(?:\.\d{3})*")


def wanted() -> bool:
    """Tell whether the list is asked for as a file."""
    return request.args.get("file") in _WRITERS


def all_pages(read: Callable[[int], tuple[Sequence[Row], int]]) -> list[Row]:
    """Read every page of a list (from 1, with how many rows there are), up to `MOST_ROWS`."""
    rows: list[Row] = []
    number = 1
    while True:
        page, total = read(number)
        rows += page
        if not page or len(rows) >= min(total, MOST_ROWS):
            return rows[:MOST_ROWS]
        number += 1


def answer(table: ListTable, name: str) -> Response:
    """Return the list as the file that is asked for, named by the list and today."""
    kind = request.args.get("file", "xlsx")
    write, content_type = _WRITERS[kind]
    return download(write(table), content_type, f"{name}-{clock.today().isoformat()}.{kind}")


def value(text: str) -> TableValue:
    """Return a figure as it is shown as a number, where it is a whole one; else its text."""
    if text in {"", "–"}:
        return None
    return int(text.replace(".", "")) if _WHOLE.fullmatch(text) else text


def file_url(kind: str) -> str:
    """Return this page's address for the whole list as a file."""
    asked = [pair for pair in request.args.items(multi=True) if pair[0] not in {"page", "file"}]
    return f"{request.script_root}{request.path}?{urlencode([*asked, ('file', kind)])}"
