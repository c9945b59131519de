"""Whom a paper may be sent to by edXML: the lines of Nơi nhận that name an agency, the next unit.

A line that names many ("Các phòng, ban"), persons, or a place within the paper ("Như Điều 3") is
no agency and has no code; whoever has entered a code under its very words has said otherwise. A
code is that of the day, as it was entered, or there is none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.administration import agency_codes
from lth.core.vietnamese import fold_tone_position, one_line
from lth.exchange.papers import letterhead
from lth.models import Document, PartLine, Revision
from lth.models.parts import Part

_GROUP = re.compile(
    r"(?:như|lưu|chủ tịch|phó chủ tịch|lãnh đạo|bí thư|chánh văn phòng|c?pct|ct)\b|.*\bcác\b"
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
LONGEST_NAME = 200
"""Letters of an agency's name, as its code is kept under it."""


@dataclass(frozen=True, slots=True)
class PaperReceiver:
    """An agency that a paper may be sent to; `code` is empty while none was entered."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class PaperReceivers:
    """Those that may be sent to, the next unit (`above`, empty where there is none) first; lines
    that name no single agency.
    """

    above: str = ""
    agencies: tuple[PaperReceiver, ...] = ()
    groups: tuple[str, ...] = ()

    def usual(self) -> tuple[str, ...]:
        """Return whom a package is for unless it is said otherwise: the next unit, and those that
        have a code.
        """
        return tuple(one.name for one in self.agencies if one.code or one.name == self.above)

    def chosen(self, names: Iterable[str]) -> tuple[PaperReceiver, ...]:
        """Return those that were chosen, in the order of the paper."""
        wanted = frozenset(names)
        return tuple(one for one in self.agencies if one.name in wanted)


def find(
    session: Session, document: Document, revision: Revision, today: date, scope: Scope
) -> PaperReceivers:
    """Return who the paper of a revision may be sent to, under the codes of its day.

    Document and revision were read within the scope. In four queries.
    """
    day = revision.issued_on or today
    above = letterhead.committee(document.next_unit.full_name) if document.next_unit else ""
    named = distinct(_lines(session, revision), above)
    wanted = [above] * bool(above) + named
    found = agency_codes.codes_on(session, document.unit_id, wanted, day, scope)
    codes = {name: row.code if row else "" for name, row in found.items()}
    groups = tuple(name for name in named if not codes[name] and is_group(name))
    agencies = (PaperReceiver(name, codes[name]) for name in wanted if name not in groups)
    return PaperReceivers(above, tuple(agencies), groups)


def distinct(lines: Iterable[str], above: str) -> list[str]:
    """Return the names of lines once each, without that of the next unit, which stands by itself.

    What stands in brackets behind a name is no part of it.
    """
    found: dict[str, str] = {}
    for line in lines:
        name = _IN_BRACKETS.sub("", line)[:LONGEST_NAME].strip()
        key = agency_codes.name_key(name)
        if key and not _is_same(key, above):
            found.setdefault(key, name)
    return list(found.values())


def is_group(name: str) -> bool:
    """Tell whether a line of Nơi nhận names many agencies, persons, or a place in the paper."""
    return bool(_GROUP.match(fold_tone_position(one_line(name)).casefold()))


def _lines(session: Session, revision: Revision) -> Sequence[str]:
    """Return the names of Nơi nhận in order, "Lưu" left out."""
    statement = (
        select(PartLine.data)
        .where(PartLine.revision_id == revision.id, PartLine.part == Part.RECIPIENT)
        .order_by(PartLine.ordinal, PartLine.id)
    )
    rows: Sequence[dict[str, str]] = session.scalars(statement).all()
    return letterhead.receivers([_Line(str(row.get("name", ""))) for row in rows])[0]


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    purpose: str = ""


def _is_same(key: str, above: str) -> bool:
    """Tell whether a name is the next unit's, in full or as papers shorten it: "UBND tỉnh"."""
    whole = agency_codes.name_key(above)
    return key == whole or (len(key.split()) > 1 and whole.startswith(f"{key} "))
