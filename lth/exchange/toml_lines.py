"""Find the line of each key of a TOML text, which `tomllib` does not keep."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]
"""A place in the text: ("period", 0, "phase", 1, "code")."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*="""
)
_PART = re.compile(r""""[^"]*"|'[^']*'|[\w-]+""")
_AT = re.compile(r"line (\d+), column (\d+)")


@dataclass
class TomlLines:
    """Where each table and key of a text begins."""

    found: dict[Path, int] = field(default_factory=dict)

    def of(self, path: Path) -> int:
        """Return the line of a place, or of the nearest that holds it."""
        while path and path not in self.found:
            path = path[:-1]
        return self.found.get(path, 1)


def lines(text: str) -> TomlLines:
    """Return the lines of a text that `tomllib` can read."""
    found, here, counts = TomlLines(), (), {}
    inside, depth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if not inside and not depth:
            if header := _HEADER.match(line):
                here = _table(header[2], header[1] == "[[", counts)
                found.found.setdefault(here, number)
                continue
            if key := _KEY.match(line):
                found.found.setdefault((*here, *_parts(key[1])), number)
        inside, depth = _after(line, inside, depth)
    return found


def fault(error: tomllib.TOMLDecodeError) -> tuple[int, int, str]:
    """Return line, column and technical text of what cannot be read."""
    at = _AT.search(str(error))
    said = str(error).partition(" (at ")[0]
    return (int(at[1]), int(at[2]), said) if at else (1, 1, said)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(name))


def _table(name: str, is_array: bool, counts: dict[Path, int]) -> Path:
    """Return the path of a header, with the number of the table in each array on the way."""
    path: Path = ()
    parts = _parts(name)
    for at, part in enumerate(parts, 1):
        path = (*path, part)
        if at == len(parts) and is_array:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _after(line: str, inside: str, depth: int) -> tuple[str, int]:
    """Tell what is open after a line: a string of several lines, or brackets of an array."""
    at = 0
    while at < len(line):
        rest = line[at:]
        if inside:
            end = rest.find(inside)
            if end < 0:
                return inside, depth
            at, inside = at + end + 3, ""
        elif rest.startswith(('"""', "'''")):
            inside, at = rest[:3], at + 3
        elif rest[0] in "\"'":
            at += 1 + _end_of(rest)
        elif rest[0] == "#":
            break
        else:
            depth += {"[": 1, "]": -1}.get(rest[0], 0)
            at += 1
    return inside, max(0, depth)


def _end_of(text: str) -> int:
    """Return where a string of one line ends."""
    quote, escaped = text[0], False
    for at, letter in enumerate(text[1:], 1):
        if escaped:
            escaped = False
        elif letter == "\\" and quote == '"':
            escaped = True
        elif letter == quote:
            return at
    return len(text) - 1


def known(table: Mapping[str, Any], name: str) -> list[Any]:
    """Return the rows of an array of tables, whatever else may stand there."""
    rows = table.get(name)
    return rows if isinstance(rows, list) else []
