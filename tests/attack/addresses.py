"""Every address of the URL map, with foreign ids in it: a new route is attacked by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from flask import Flask
from sqlalchemy import Connection
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter

from .holdings import Holdings

WORDS = {
    "act": ["approve", "submit", "open"],
    "code": ["V03", "clubs_new"],
    "part": ["budget", "duties"],
    "paper": ["main", "appraisal", "in-force", "proposal", "return"],
    "form": ["pdf", "docx"],
    "group": ["budget"],
    "month": ["2021-01", "2026-11"],
    "token": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "../../etc/passwd"],
    "filename": ["../wsgi.py", "house.css"],
}
ANY = ["x", "1", "main"]
MADE_UP = [1, 2, 3, 999_999]
BODY_METHODS = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Target:
    """One request to make."""

    endpoint: str
    method: str
    address: str


def targets(app: Flask, connection: Connection, theirs: Holdings, own: Holdings | None, most: int):
    """Yield requests for every route: with the other unit's ids, and, in routes of several ids,
    with one's own parent and the other's child. `most`: how many of each route and method.
    """
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for address in islice(_addresses(rule, connection, theirs, own), most):
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield Target(rule.endpoint, method, address)


def _addresses(
    rule: Rule, connection: Connection, theirs: Holdings, own: Holdings | None
) -> Iterator[str]:
    seen = set()
    for values in _values(rule, connection, theirs, own):
        address = rule.build(values, append_unknown=False)
        if address is not None and address[1] not in seen:
            seen.add(address[1])
            yield address[1]


def _values(
    rule: Rule, connection: Connection, theirs: Holdings, own: Holdings | None
) -> Iterator[dict[str, int | str]]:
    names = sorted(rule.arguments - set(rule.defaults or {}))
    fixed = dict(rule.defaults or {})
    foreign = {name: _choices(rule, name, connection, theirs) for name in names}
    numbered = [name for name in names if isinstance(rule._converters[name], NumberConverter)]
    if own is not None and len(numbered) > 1:
        for mixed in numbered:
            mine = {**foreign, mixed: own.ids(connection, mixed) or MADE_UP}
            yield fixed | {name: mine[name][0] for name in names}
    longest = max((len(values) for values in foreign.values()), default=1)
    for turn in range(longest):
        yield fixed | {name: values[turn % len(values)] for name, values in foreign.items()}


def _choices(rule: Rule, name: str, connection: Connection, theirs: Holdings) -> list[int | str]:
    converter = rule._converters[name]
    items = getattr(converter, "items", None)
    if items:
        return sorted(items)
    if isinstance(converter, NumberConverter):
        return [*(theirs.ids(connection, name) or MADE_UP)]
    if "key" in name:
        return [*(theirs.line_keys(connection) or ANY)]
    return [*WORDS.get(name, ANY)]
