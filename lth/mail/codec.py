"""Payloads as JSON: a dataclass becomes an object with its fields' names, and comes back.

Fields may be words, numbers, days, moments, enumerations, tuples, and dataclasses of these. A key
that a row lacks takes the field's default; one that no field has is passed over, so that rows of an
earlier release can still be read.
"""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

_PLAIN = frozenset({str, int, bool, type(None)})


def encode(value: Any) -> Any:
    """Return a payload, or a part of one, as JSON can hold it."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, str):  # an enumeration's word, or a kind's key
        return str.__str__(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [encode(part) for part in value]
    return {name: encode(getattr(value, name)) for name in _hints(type(value))}


def decode(form: Any, value: Any) -> Any:
    """Return what was encoded, of a type; raises TypeError where a field without a default lacks
    its key, and ValueError for a word, day or moment that is none."""
    if value is None:
        return None
    origin = get_origin(form)
    if origin is UnionType:
        return decode(next(part for part in get_args(form) if part is not type(None)), value)
    if origin is tuple:
        return _tuple(get_args(form), value)
    if is_dataclass(form):
        held = _hints(form).items()
        return form(**{name: decode(hint, value[name]) for name, hint in held if name in value})
    if issubclass(form, date):
        return form.fromisoformat(value)
    return form(value) if issubclass(form, Enum | str) else value


def _tuple(forms: tuple[Any, ...], values: list[Any]) -> tuple[Any, ...]:
    if forms[-1] is Ellipsis:
        return tuple(decode(forms[0], value) for value in values)
    return tuple(map(decode, forms, values))


@cache
def _hints(form: type) -> dict[str, Any]:
    hints = get_type_hints(form)
    return {field.name: hints[field.name] for field in fields(form)}
