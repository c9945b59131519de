"""A unit's own sheet: which column is what, and which indicator a row is; guessed, then confirmed.

What was confirmed is remembered by the sheet's headings for the unit's next sheet of that form.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.core.errors import RefusedError
from lth.core.i18n import C_, N_, Message
from lth.core.vietnamese import search_key
from lth.exchange.grids.cells import FileBook, FileSheet
from lth.exchange.workbook.contents import PlanState
from lth.exchange.workbook.layout import TargetColumn
from lth.exchange.workbook.reading import TypedBook, TypedRow
from lth.models import Phase, SheetMatch

MOST_MATCHED = 400
"""Rows of a sheet of one's own that are matched; a plan has far fewer lines."""

_HEAD_ROWS = 15
_SAMPLES = 3
_MOST_COLUMNS = 30
_LIKELY = 0.4
_COMMON = frozenset({"so", "tong", "luong", "cac"})
"""Words that tell no indicator from another."""

_SHORT = {"clb": ("cau", "lac", "bo"), "nct": ("nguoi", "cao", "tuoi"), "tv": ("thanh", "vien")}

COLUMNS, ROWS, SHEET = "columns", "rows", "sheet"


class ColumnRole(StrEnum):
    """What a column holds; that of a figure of one phase is "value:" and the phase's code."""

    SKIP = ""
    NAME = "name"
    PHASE = "phase"
    COMPARATOR = "comparator"
    VALUE = "value"
    SECOND = "second"
    WORDING = "wording"


ROLE_LABEL = {
    ColumnRole.SKIP: N_("Không dùng"),
    ColumnRole.NAME: N_("Tên chỉ tiêu"),
    ColumnRole.PHASE: N_("Giai đoạn, năm"),
    ColumnRole.COMPARATOR: N_("Cách so sánh"),
    ColumnRole.VALUE: N_("Giá trị"),
    ColumnRole.SECOND: N_("Mức cao (đến)"),
    ColumnRole.WORDING: N_("Lời văn"),
}
OF_PHASE = "value:"

_HEADS = {
    ColumnRole.COMPARATOR: r"so sanh|cach so",
    ColumnRole.PHASE: r"giai doan|nam( thuc hien)?$|thoi (gian|ky)",
    ColumnRole.SECOND: r"den( muc)?$|muc (cao|tren)",
    ColumnRole.WORDING: r"loi van|dien giai|mo ta",
    ColumnRole.VALUE: r"gia tri|ke hoach|dang ky|muc( tieu|$)|chi tieu( nam| giao)?$|so luong",
}


@dataclass(frozen=True)
class MatchedColumn:
    """A column of the sheet: its heading, what stands under it, and what it is taken for."""

    at: int
    head: str
    samples: Sequence[str]
    role: str


@dataclass(frozen=True)
class MatchedRow:
    """A row with a name: the indicator that it is taken for; `sure` where the names agree."""

    number: int
    name: str
    code: str
    sure: bool
    values: Sequence[str] = ()


@dataclass(frozen=True)
class Matching:
    """A sheet as it is read: its columns and rows, confirmed by a person or only guessed."""

    state: PlanState
    sheet: FileSheet
    names: Sequence[str]
    head: int
    columns: Sequence[MatchedColumn]
    rows: Sequence[MatchedRow]
    confirmed: bool = False
    remembered: bool = False
    notes: Sequence[Message] = field(default_factory=tuple)

    @property
    def fingerprint(self) -> str:
        """Return what a sheet of this form is known by: its headings."""
        heads = "|".join(f"{column.at}:{search_key(column.head)}" for column in self.columns)
        return hashlib.sha256(heads.encode()).hexdigest()

    @property
    def roles(self) -> list[tuple[str, Message]]:
        """List what a column may be: figures of each phase where there are several."""
        fixed = [(role.value, Message(label)) for role, label in ROLE_LABEL.items()]
        if len(self.state.phases) == 1:
            return fixed
        text = N_("Giá trị của %(phase)s")
        of_phases = [
            (f"{OF_PHASE}{one.code}", Message(text, {"phase": one.code.replace("-", "–")}))
            for one in self.state.phases
        ]
        return [*fixed, *of_phases]

    def at(self, role: str) -> int | None:
        """Find the column of a role."""
        return next((one.at for one in self.columns if one.role == role), None)

    def typed(self) -> TypedBook:
        """Return the figures of the rows that are an indicator's; an empty cell says nothing."""
        return TypedBook(list(self._typed()), notes=self.notes)

    def _typed(self) -> Iterator[TypedRow]:
        codes = {row.number: row.code for row in self.rows if row.code}
        for number, code in codes.items():
            for phase, column in self._figures(number):
                key = f"{code}@{phase.code}"
                if key not in self.state.targets or not self.sheet.text(number, column):
                    continue
                places = self._places(column)
                cells = {
                    name: self.sheet.rows[number][at]
                    for name, at in places.items()
                    if at in self.sheet.rows[number]
                }
                yield TypedRow(self.sheet.name, number, key, cells, places)

    def _places(self, column: int) -> dict[str, int]:
        others = {
            TargetColumn.COMPARATOR: self.at(ColumnRole.COMPARATOR),
            TargetColumn.SECOND: self.at(ColumnRole.SECOND),
            TargetColumn.WORDING: self.at(ColumnRole.WORDING),
        }
        found = {name: at for name, at in others.items() if at is not None}
        return {TargetColumn.VALUE: column, **found}

    def _figures(self, number: int) -> Iterator[tuple[Phase, int]]:
        """Say which columns of a row hold a figure, and of which phase."""
        phases = {phase.code: phase for phase in self.state.phases}
        for column in self.columns:
            if column.role.startswith(OF_PHASE) and column.role[len(OF_PHASE) :] in phases:
                yield phases[column.role[len(OF_PHASE) :]], column.at
            elif column.role == ColumnRole.VALUE:
                phase = self._phase_of(number)
                if phase is not None:
                    yield phase, column.at

    def _phase_of(self, number: int) -> Phase | None:
        at = self.at(ColumnRole.PHASE)
        if at is None:
            return self.state.phases[0] if len(self.state.phases) == 1 else None
        return phase_named(self.state.phases, filled(self.sheet, number, at))


def look(
    session: Session, state: PlanState, book: FileBook, answers: Mapping[str, Any]
) -> Matching:
    """Read a sheet as it was confirmed, else as it was the last time, else as it can be guessed.

    Raises RefusedError where there is nothing to match.
    """
    sheets = book.visible
    if not sheets:
        raise RefusedError("file", N_("Không có ô nào có nội dung."))
    asked = answers.get(SHEET)
    chosen = next((one for one in sheets if one.name == asked), None) or _likeliest(state, sheets)
    found = _guessed(state, chosen, [one.name for one in sheets])
    if COLUMNS in answers and asked == chosen.name:
        return replace(_with(found, answers[COLUMNS], answers.get(ROWS, {})), confirmed=True)
    known = _remembered(session, state, found)
    if known is not None:
        return replace(_recalled(found, known), remembered=True)
    return found


def _likeliest(state: PlanState, sheets: Sequence[FileSheet]) -> FileSheet:
    """Return the sheet with the most rows that name an indicator."""
    names = _labels(state)
    return max(sheets, key=lambda one: sum(row.code != "" for row in _guessed_rows(one, names)[1]))


# --- Guessing -----------------------------------------------------------------------------


def _labels(state: PlanState) -> dict[str, frozenset[str]]:
    return {code: _words(row.label_vi) for code, row in state.indicators.items()}


def _words(text: str) -> frozenset[str]:
    """Return what a name says, in whole words."""
    said = (word for one in search_key(text).split() for word in _SHORT.get(one, (one,)))
    return frozenset(said) - _COMMON


def _guessed(state: PlanState, sheet: FileSheet, names: Sequence[str]) -> Matching:
    name_at, rows = _guessed_rows(sheet, _labels(state))
    numbers = [row.number for row in rows if row.code]
    head = _head(sheet, numbers[0] if numbers else 0)
    rows = [row for row in rows if row.number > head]
    columns = _guessed_columns(state, sheet, head, name_at)
    notes = []
    if len(rows) > MOST_MATCHED:
        text = C_("%(num)s dòng cuối không được ghép: bảng dài hơn số chỉ tiêu có thể có.")
        notes.append(Message(text, number=len(rows) - MOST_MATCHED))
    shown = [replace(row, values=_values(sheet, row.number, columns)) for row in rows]
    return Matching(state, sheet, names, head, columns, shown[:MOST_MATCHED], notes=notes)


def _values(sheet: FileSheet, number: int, columns: Sequence[MatchedColumn]) -> list[str]:
    figures = (one.at for one in columns if one.role.startswith(ColumnRole.VALUE))
    return [text for at in figures if (text := sheet.text(number, at))]


def _guessed_rows(
    sheet: FileSheet, labels: Mapping[str, frozenset[str]]
) -> tuple[int, list[MatchedRow]]:
    """Return the column whose texts are most like names of indicators, and its rows."""
    best: tuple[float, int, list[tuple[MatchedRow, float]]] = (-1.0, 0, [])
    for at in range(min(sheet.width, _MOST_COLUMNS)):
        rows: list[tuple[MatchedRow, float]] = []
        score = 0.0
        for number in sheet.rows:
            name = filled(sheet, number, at)
            if len(name) < 3 or name[0].isdigit():
                continue
            code, likeness = _nearest(_words(name), labels)
            score += likeness if code else 0
            rows.append((MatchedRow(number, name, code, likeness == 1.0), likeness))
            if len(rows) > 2 * MOST_MATCHED:
                break
        best = max(best, (score, -at, rows), key=lambda one: one[:2])
    return -best[1], _without_rivals(best[2])


def _without_rivals(rows: Sequence[tuple[MatchedRow, float]]) -> list[MatchedRow]:
    """Return the rows; of those taken for one indicator only the likest is, the others for none.

    A wrong guess would bring a figure to a place that the clerk did not mean, with a tick on it.
    """
    likest: dict[str, float] = {}
    for row, likeness in rows:
        likest[row.code] = max(likeness, likest.get(row.code, 0.0))
    return [
        row if likeness == likest[row.code] else replace(row, code="", sure=False)
        for row, likeness in rows
    ]


def _nearest(words: frozenset[str], labels: Mapping[str, frozenset[str]]) -> tuple[str, float]:
    """Return the indicator whose name shares the most words, and how many of all they share."""
    code, likeness = "", 0.0
    for one, label in labels.items():
        shared = len(words & label)
        found = shared / (len(words | label) or 1)
        if found > likeness:
            code, likeness = one, found
    return (code, likeness) if likeness >= _LIKELY else ("", likeness)


def _head(sheet: FileSheet, first: int) -> int:
    """Return the row of headings: the last one above the first indicator with several texts."""
    above = [number for number in list(sheet.rows)[:_HEAD_ROWS] if number < first]
    wide = [number for number in above if len(sheet.rows[number]) > 1]
    return wide[-1] if wide else (above[-1] if above else 0)


def _guessed_columns(
    state: PlanState, sheet: FileSheet, head: int, name_at: int
) -> list[MatchedColumn]:
    found: list[MatchedColumn] = []
    taken: set[str] = set()
    for at in range(min(sheet.width, _MOST_COLUMNS)):
        text = sheet.text(head, at) if head else ""
        samples = _samples(sheet, head, at)
        role = ColumnRole.NAME.value if at == name_at else _role(state, text, samples)
        if role in taken:
            role = ColumnRole.SKIP.value
        taken.add(role) if role else None
        found.append(MatchedColumn(at, text, samples, role))
    if not any(one.role.startswith(ColumnRole.VALUE) for one in found):
        figures = [one for one in found if not one.role and _is_figures(one.samples)]
        if len(figures) == 1:
            found = [
                replace(one, role=ColumnRole.VALUE.value) if one is figures[0] else one
                for one in found
            ]
    return found


def _samples(sheet: FileSheet, head: int, at: int) -> list[str]:
    texts = (sheet.text(number, at) for number in sheet.rows if number > head)
    return [text for text, _ in zip((one for one in texts if one), range(_SAMPLES), strict=False)]


def _role(state: PlanState, head: str, samples: Sequence[str]) -> str:
    said = search_key(head)
    phase = phase_named(state.phases, head)
    if phase is not None and not _years_only(samples):
        return ColumnRole.VALUE if len(state.phases) == 1 else f"{OF_PHASE}{phase.code}"
    for role, words in _HEADS.items():
        if re.match(words, said):
            return role.value
    return ""


def phase_named(phases: Sequence[Phase], text: str) -> Phase | None:
    """Find the phase whose years a text names, and no others."""
    years = re.findall(r"(?:19|20)\d\d", text)
    return next((one for one in phases if re.findall(r"\d{4}", one.code) == years), None)


def _years_only(samples: Sequence[str]) -> bool:
    return bool(samples) and all(
        re.fullmatch(r"(19|20)\d\d([-–](19|20)\d\d)?", one) for one in samples
    )


def _is_figures(samples: Sequence[str]) -> bool:
    return bool(samples) and all(re.match(r"[≥≤<>=\s]*\d", one) for one in samples)


def filled(sheet: FileSheet, number: int, at: int) -> str:
    """Return a cell's text; of one within merged cells that of the first of them."""
    text = sheet.text(number, at)
    if text:
        return text
    for top, left, bottom, right in sheet.merged:
        if top <= number <= bottom and left <= at <= right and (top, left) != (number, at):
            return sheet.text(top, left)
    return ""


# --- Confirming ---------------------------------------------------------------------------


def _with(found: Matching, columns: Mapping[str, str], rows: Mapping[str, str]) -> Matching:
    """Return a sheet as it was told: roles by column, indicators by row number."""
    allowed = {role for role, _ in found.roles}
    told = [
        replace(one, role=role if (role := columns.get(str(one.at), "")) in allowed else "")
        for one in found.columns
    ]
    known = found.state.indicators
    named = [
        replace(one, code=code if (code := rows.get(str(one.number), "")) in known else "")
        for one in found.rows
    ]
    return replace(found, columns=told, rows=named)


def _remembered(session: Session, state: PlanState, found: Matching) -> SheetMatch | None:
    statement = select(SheetMatch).where(
        SheetMatch.unit_id == state.document.unit_id, SheetMatch.fingerprint == found.fingerprint
    )
    return session.scalar(statement)


def _recalled(found: Matching, known: SheetMatch) -> Matching:
    rows = {str(row.number): known.rows.get(search_key(row.name), row.code) for row in found.rows}
    return _with(found, known.columns, rows)


def confirm(
    session: Session,
    actor: Actor,
    found: Matching,
    columns: Mapping[str, str],
    rows: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    """Remember what was told about a sheet; returns the answers to keep with the upload.

    Raises RefusedError where no column has figures, or several are the same.
    """
    told = _with(found, columns, rows)
    _check(told)
    known = _remembered(session, found.state, found)
    if known is None:
        known = SheetMatch(unit_id=found.state.document.unit_id, fingerprint=found.fingerprint)
        session.add(known)
    known.confirmed_at, known.confirmed_by_id = now, actor.person_id
    known.columns = {str(one.at): one.role for one in told.columns}
    known.rows = {search_key(row.name): row.code for row in told.rows}
    return {SHEET: found.sheet.name, COLUMNS: known.columns, ROWS: dict(rows)}


def _check(told: Matching) -> None:
    roles = [one.role for one in told.columns if one.role]
    twin = next((role for role in roles if roles.count(role) > 1), None)
    labels = dict(told.roles)
    if twin is not None:
        text = N_("Hai cột cùng là “%(role)s”. Hãy chọn một.")
        raise RefusedError("", text, role=labels[twin])
    if not any(role.startswith(ColumnRole.VALUE) for role in roles):
        raise RefusedError("", N_("Hãy chọn ít nhất một cột là giá trị của chỉ tiêu."))
    lacks_phase = ColumnRole.VALUE in roles and ColumnRole.PHASE not in roles
    if lacks_phase and len(told.state.phases) > 1:
        text = N_("Kế hoạch có nhiều giai đoạn: hãy chọn cột giá trị của từng giai đoạn.")
        raise RefusedError("", text)
    if not any(row.code for row in told.rows):
        raise RefusedError("", N_("Hãy chọn chỉ tiêu cho ít nhất một dòng."))
