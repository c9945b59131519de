"""Carry a paper to another process, as JSON that says of what type each value is."""

import dataclasses
import json
from datetime import date
from enum import Enum
from typing import Any

from lth.exchange.papers import text

_TYPES: dict[str, Any] = {
    one.__name__: one
    for one in vars(text).values()
    if isinstance(one, type) and (dataclasses.is_dataclass(one) or issubclass(one, Enum))
}
_TYPE = "is"


def packed_paper(paper: text.PaperText) -> str:
    """Return a paper as JSON."""
    return json.dumps(_pack(paper), ensure_ascii=False)


def unpacked_paper(packed: str) -> text.PaperText:
    """Return the paper that `packed_paper` was given."""
    found = _unpack(json.loads(packed))
    if not isinstance(found, text.PaperText):
        raise TypeError("this is no paper")
    return found


def _pack(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        fields = {one.name: _pack(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return {_TYPE: type(value).__name__, **fields}
    if isinstance(value, Enum):
        return {_TYPE: type(value).__name__, "value": value.value}
    if isinstance(value, date):
        return {_TYPE: "date", "value": value.isoformat()}
    return [_pack(one) for one in value] if isinstance(value, tuple) else value


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unpack(one) for one in value)
    if not isinstance(value, dict):
        return value
    fields = {name: _unpack(one) for name, one in value.items() if name != _TYPE}
    if value[_TYPE] == "date":
        return date.fromisoformat(fields["value"])
    return _TYPES[value[_TYPE]](**fields)
