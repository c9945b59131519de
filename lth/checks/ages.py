"""Who is older and who is young, by a plan's own definitions and texts."""

import re

from lth.content.model import Content, Definition
from lth.models.parts import Term

LEGAL_AGE = 60
"""Người cao tuổi là công dân Việt Nam từ đủ 60 tuổi trở lên (Luật Người cao tuổi, Điều 2)."""

_AGE = re.compile(r"(\d{2})\s+tuổi")
_BELOW = re.compile(r"(?:dưới|chưa)\s+(?:đủ\s+|đến\s+|tới\s+)?(\d{2})\s+tuổi", re.IGNORECASE)


def definitions_of(content: Content, term: Term) -> list[Definition]:
    """List a plan's definitions of a term."""
    return [line for line in content.definitions if line.term is term]


def older_from(line: Definition) -> int | None:
    """Return the age from which a definition has people as older."""
    return line.age or _number(_AGE, line.text)


def young_until(line: Definition) -> int | None:
    """Return the greatest age of the young by a definition: 59 of "dưới 60 tuổi"."""
    below = _number(_BELOW, line.text)
    return line.age if below is None else below - 1


def all_are_older_or_young(content: Content) -> bool:
    """Tell whether the young are, by definition, those who are not older yet."""
    older = [older_from(line) for line in definitions_of(content, Term.OLDER)]
    from_age = next((age for age in older if age is not None), LEGAL_AGE)
    return any(young_until(line) == from_age - 1 for line in definitions_of(content, Term.YOUNG))


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match[1]) if match else None
