"""What each row of a list comes to: a new club, cells that differ from the register, or a fault.

A row is matched by its number in the register; without one, by the name, and by the village where
it gives one. A cell that is empty says nothing: what the register has stays.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from lth.clubs import terms
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Bilingual, Message
from lth.core.likely_days import DayKind, doubt
from lth.core.readers.days import UnreadableDayError, read_day
from lth.core.readers.numbers import UnreadableNumberError, read_count
from lth.core.vietnamese import search_key
from lth.exchange.club_list.reading import ClubRow
from lth.exchange.club_list.words import FIELD_COLUMNS, NO, YES, ClubColumn, read_areas
from lth.models import Club
from lth.models.club import ClubState


class ClubRowState(StrEnum):
    """The state of a row: it founds a club, changes one, changes nothing, or is wrong."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in one column of a row, and what to do about it."""

    column: ClubColumn
    said: Message


@dataclass(frozen=True)
class CellChange:
    """A cell that says something else than the register."""

    column: ClubColumn
    old: Any
    new: Any
    doubt: Message | None = None


@dataclass(frozen=True)
class JudgedRow:
    """A row with the club that it is about, if any, and what it would change."""

    row: ClubRow
    club: Club | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[CellChange, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    doubts: tuple[Message, ...] = ()
    """Against a new club as a whole: it is founded only where somebody ticks it."""

    @property
    def state(self) -> ClubRowState:
        if self.problems:
            return ClubRowState.WRONG
        if self.club is None:
            return ClubRowState.NEW
        return ClubRowState.CHANGED if self.changes else ClubRowState.SAME

    @property
    def id(self) -> str:
        """Name what a tick on a new club takes."""
        return str(self.row.number)

    def id_of(self, change: CellChange) -> str:
        """Name what a tick on a cell takes."""
        return f"{self.row.number}:{change.column.value}"

    @property
    def ids(self) -> dict[str, bool]:
        """All that can be ticked, and whether it is unless somebody leaves it out."""
        if self.state is ClubRowState.NEW:
            return {self.id: not self.doubts}
        if self.state is ClubRowState.CHANGED:
            return {self.id_of(one): one.doubt is None for one in self.changes}
        return {}

    @property
    def mark(self) -> str:
        """Return what a decision about it is taken on: another mark, and it is asked anew."""
        version = self.club.version if self.club is not None else 0
        told = [f"{one.column}={one.old!r}>{one.new!r}" for one in self.changes]
        return f"{self.row.number}|{self.state}|{version}|{told}|{sorted(self.values.items())!r}"


def judge(
    rows: Sequence[ClubRow],
    clubs: Sequence[Club],
    areas: Mapping[str, Bilingual],
    today: date,
) -> list[JudgedRow]:
    """Judge every row against the register as it is now, and against the rows before it."""
    known = _Register(clubs)
    taken: dict[Any, int] = {}
    judged = []
    for row in rows:
        one = _judge(row, known, areas, today)
        key = one.club.id if one.club is not None else _key(row)
        first = taken.setdefault(key, row.number) if one.club or key[0] else row.number
        if first != row.number:
            text = N_("Cùng câu lạc bộ với dòng %(row)s. Hãy bỏ một dòng, hoặc ghi rõ thôn, ấp.")
            twice = CellProblem(ClubColumn.NAME, Message(text, {"row": first}))
            one = JudgedRow(row, one.club, problems=(*one.problems, twice))
        judged.append(one)
    return judged


def seen_of(judged: Sequence[JudgedRow]) -> str:
    """Return a digest of all that decisions are taken on; another one, and they are asked anew."""
    told = "\n".join(one.mark for one in judged)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _judge(
    row: ClubRow, known: "_Register", areas: Mapping[str, Bilingual], today: date
) -> JudgedRow:
    problems: list[CellProblem] = []
    club = known.club_of(row, problems)
    values = _values(row, areas, today, problems)
    if problems:
        return JudgedRow(row, club, values, problems=tuple(problems))
    if club is None:
        return _new(row, values, today)
    changes = tuple(
        CellChange(column, old, values[column.value], _doubt(column, values, club, known, today))
        for column in _compared(row)
        if column.value in values and (old := getattr(club, column.value)) != values[column.value]
    )
    if changes and club.state is not ClubState.ACTIVE:
        text = N_("Câu lạc bộ số %(number)s đã kết thúc: cho hoạt động lại rồi mới sửa từ tệp.")
        ended = CellProblem(ClubColumn.NAME, Message(text, {"number": club.number}))
        return JudgedRow(row, club, values, problems=(ended,))
    return JudgedRow(row, club, values, changes)


def _compared(row: ClubRow) -> tuple[ClubColumn, ...]:
    """List the columns that a row may change: not the name by which it has found its club."""
    if row.cell(ClubColumn.NUMBER):
        return FIELD_COLUMNS
    found_by = {ClubColumn.NAME, ClubColumn.VILLAGE}
    return tuple(column for column in FIELD_COLUMNS if column not in found_by)


def _new(row: ClubRow, values: Mapping[str, Any], today: date) -> JudgedRow:
    for column, text in _NEEDED:
        if not values.get(column.value):
            return JudgedRow(row, values=values, problems=(CellProblem(column, Message(text)),))
    unlikely = doubt(DayKind.CLUB_FOUNDED, values["founded_on"], today)
    return JudgedRow(row, values=values, doubts=(unlikely.message,) if unlikely else ())


_NEEDED = (
    (ClubColumn.NAME, N_("Hãy ghi tên câu lạc bộ.")),
    (ClubColumn.FOUNDED_ON, N_("Câu lạc bộ mới cần có ngày thành lập.")),
)


def _doubt(
    column: ClubColumn, values: Mapping[str, Any], club: Club, known: "_Register", today: date
) -> Message | None:
    """Say what makes a change unlikely; it is then written only where somebody ticks it."""
    if column is ClubColumn.FOUNDED_ON:
        unlikely = doubt(DayKind.CLUB_FOUNDED, values["founded_on"], today)
        return unlikely.message if unlikely else None
    if column is ClubColumn.NAME:
        village = values.get("village", club.village)
        twins = [one for one in known.called(values["name"], village) if one.id != club.id]
        if twins:
            text = N_("Tên này là của câu lạc bộ số %(number)s. Hãy xem lại số ở đầu dòng.")
            return Message(text, {"number": twins[0].number})
    return None


# --- Which club ---------------------------------------------------------------------------


class _Register:
    """Finds clubs of a register by number, and by name and village."""

    def __init__(self, clubs: Sequence[Club]):
        self._by_number = {club.number: club for club in clubs}
        # those that run come first: a name of one that has ended may have been given again
        self._clubs = sorted(clubs, key=lambda club: club.state is not ClubState.ACTIVE)

    def called(self, name: str, village: str = "") -> list[Club]:
        """List the clubs of a name, in a village if one is given; those that run, if any do."""
        wanted, place = search_key(name), search_key(village)
        found = [
            one
            for one in self._clubs
            if search_key(one.name) == wanted and place in {"", search_key(one.village)}
        ]
        running = [one for one in found if one.state is ClubState.ACTIVE]
        return running or found

    def club_of(self, row: ClubRow, problems: list[CellProblem]) -> Club | None:
        """Find the club that a row is about; None for a new one, or where that is not clear."""
        typed = row.cell(ClubColumn.NUMBER)
        if typed:
            return self._numbered(typed, problems)
        name, village = row.cell(ClubColumn.NAME), row.cell(ClubColumn.VILLAGE)
        found = self.called(name, village)
        if len(found) > 1:
            text = N_("Sổ có %(count)s câu lạc bộ tên này. Hãy ghi thôn, ấp hoặc số trong sổ.")
            column = ClubColumn.NUMBER if village else ClubColumn.VILLAGE
            problems.append(CellProblem(column, Message(text, {"count": len(found)})))
        return found[0] if len(found) == 1 else None

    def _numbered(self, typed: str, problems: list[CellProblem]) -> Club | None:
        try:
            club = self._by_number.get(read_count(typed))
        except UnreadableNumberError:
            club = None
        if club is None:
            text = N_("Sổ không có câu lạc bộ số %(number)s. Câu lạc bộ mới thì để trống ô này.")
            problems.append(CellProblem(ClubColumn.NUMBER, Message(text, {"number": typed})))
        return club


def _key(row: ClubRow) -> tuple[str, str]:
    return search_key(row.cell(ClubColumn.NAME)), search_key(row.cell(ClubColumn.VILLAGE))


# --- Each cell ----------------------------------------------------------------------------


class _UnreadableCellError(ValueError):
    """A cell cannot be read; `message` says what is wanted there."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


def _values(
    row: ClubRow, areas: Mapping[str, Bilingual], today: date, problems: list[CellProblem]
) -> dict[str, Any]:
    """Read the cells that say something, each as the register keeps it."""
    found: dict[str, Any] = {}
    readers = _READERS | {ClubColumn.AREAS: partial(_areas, areas=areas)}
    for column in FIELD_COLUMNS:
        typed = row.cell(column)
        if not search_key(typed):
            continue  # empty, or a dash
        try:
            value = readers.get(column, str)(typed)
            if column is ClubColumn.FOUNDED_ON:
                _check_day(value, today)
            found |= terms.checked({column.value: value}, today, areas)
        except (_UnreadableCellError, UnreadableDayError) as error:
            problems.append(CellProblem(column, error.message))
        except BlockedError as error:
            problems += [CellProblem(column, message) for message in error.messages]
    return found


def _check_day(day: date, today: date) -> None:
    unlikely = doubt(DayKind.CLUB_FOUNDED, day, today)
    if unlikely is not None and unlikely.impossible:
        raise _UnreadableCellError(unlikely.message)


def _count(typed: str) -> int:
    try:
        return read_count(typed)
    except UnreadableNumberError as error:
        raise _UnreadableCellError(
            error.message or Message(N_("Hãy nhập một số nguyên."))
        ) from error


def _yes_or_no(typed: str) -> bool:
    key = search_key(typed)
    if key in YES or key in NO:
        return key in YES
    raise _UnreadableCellError(Message(N_("Ghi “có” hoặc “không”.")))


def _areas(typed: str, areas: Mapping[str, Bilingual]) -> list[str]:
    found, left = read_areas(typed, areas)
    if left:
        text = N_(
            "Không có mảng nào tên “%(words)s”. Ghi tên mảng như trong mẫu, cách nhau dấu “;”."
        )
        unknown = [word for word in _WORD.findall(typed) if search_key(word) in left.split()]
        raise _UnreadableCellError(Message(text, {"words": " ".join(unknown) or left}))
    return found


_WORD = re.compile(r"\w+")
_READERS: dict[ClubColumn, Callable[[str], Any]] = {
    ClubColumn.FOUNDED_ON: read_day,
    ClubColumn.BOARD_SIZE: _count,
    ClubColumn.INCOME_FUND: _yes_or_no,
    ClubColumn.OPERATING_FUND: _yes_or_no,
}
