"""A month's book as a form, a paper and a page show it: each figure with last month's beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lth.clubs.book_doubts import doubts
from lth.clubs.book_fields import (
    AREAS,
    BY_NAME,
    DIFFICULTIES,
    NAMES,
    SCREENS,
    BookField,
    BookScreen,
    TypedMonth,
    empty_in,
    groups_of,
    label_of,
    mark_of,
    shown,
)
from lth.clubs.book_norms import ClubNorms
from lth.clubs.books import BookConflict, BookState
from lth.core.i18n import N_, Message
from lth.core.language import gettext, say


@dataclass(frozen=True)
class BookFigureRow:
    """One figure: what stands in its box, what it was last month, what is said beside it."""

    field: BookField
    text: str
    mark: str
    spoken: str
    before: str
    before_text: str
    error: str = ""
    doubts: tuple[str, ...] = ()
    conflict: str = ""


@dataclass(frozen=True)
class BookRows:
    """Some rows under a heading."""

    title: str
    hint: str
    rows: tuple[BookFigureRow, ...]


@dataclass(frozen=True)
class SheetScreen:
    """One of the two screens."""

    name: BookScreen
    title: str
    groups: tuple[BookRows, ...]


@dataclass(frozen=True)
class BookSheet:
    """A month's book, ready to be shown."""

    state: BookState
    screens: tuple[SheetScreen, ...]
    areas: tuple[tuple[str, str, bool], ...]
    areas_mark: str
    areas_conflict: str
    difficulties: str
    difficulties_mark: str
    difficulties_error: str
    difficulties_conflict: str
    areas_shown: str
    area_names: Mapping[str, str]
    empty: int

    @property
    def groups(self) -> list[BookRows]:
        return [group for screen in self.screens for group in screen.groups]

    @property
    def doubts(self) -> list[str]:
        """List everything unlikely, in the order of the figures."""
        return [text for group in self.groups for row in group.rows for text in row.doubts]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """List what could not be read, each with its figure's name."""
        found = [(row.field.name, row.error) for group in self.groups for row in group.rows]
        return [one for one in (*found, (DIFFICULTIES, self.difficulties_error)) if one[1]]

    @property
    def has_conflicts(self) -> bool:
        told = [row.conflict for group in self.groups for row in group.rows]
        return any((*told, self.areas_conflict, self.difficulties_conflict))


def month_name(month: date) -> str:
    """Name a month: "tháng 11/2026"."""
    return gettext("tháng %(month)s/%(year)s", month=month.month, year=month.year)


def build(
    state: BookState,
    before: BookState | None,
    norms: ClubNorms,
    *,
    texts: Mapping[str, str] | None = None,
    typed: TypedMonth | None = None,
    conflicts: Sequence[BookConflict] = (),
    every_text: bool = False,
) -> BookSheet:
    """Build the sheet of a month. `texts` are what was typed and is shown again, where some of it
    was refused (`typed`) or written otherwise by somebody else (`conflicts`); or all of it.
    """
    shown_texts = dict(texts or {})
    if not every_text:
        shown_texts = _shown_again(shown_texts, typed, conflicts)
    told = _by_figure(state, before, norms)
    errors = {name: say(message) for name, message in (typed.errors if typed else {}).items()}
    against = {one.name: say(conflict_text(one, norms)) for one in conflicts}
    last = before.values if before is not None and before.version else {}

    def row(one: BookField) -> BookFigureRow:
        value = state.values[one.name]
        return BookFigureRow(
            field=one,
            text=shown_texts.get(one.name, one.written(value)),
            mark=mark_of(one.name, value),
            spoken=one.spoken(value),
            before=one.spoken(last.get(one.name)) if last.get(one.name) is not None else "",
            before_text=one.written(last.get(one.name)),
            error=errors.get(one.name, ""),
            doubts=tuple(told.get(one.name, ())),
            conflict=against.get(one.name, ""),
        )

    screens = tuple(
        SheetScreen(
            screen,
            gettext(title),
            tuple(
                BookRows(
                    gettext(group.title),
                    gettext(group.hint) if group.hint else "",
                    tuple(row(one) for one in group.fields),
                )
                for group in groups_of(screen)
            ),
        )
        for screen, title in SCREENS.items()
    )
    ticked = next((one.typed for one in conflicts if one.name == AREAS), state.values[AREAS])
    if every_text and typed is not None:
        ticked = typed.values.get(AREAS, ticked)
    return BookSheet(
        state=state,
        screens=screens,
        areas=tuple((code, name, code in ticked) for code, name in norms.areas.items()),
        areas_mark=mark_of(AREAS, state.values[AREAS]),
        areas_conflict=against.get(AREAS, ""),
        difficulties=shown_texts.get(DIFFICULTIES, state.values[DIFFICULTIES]),
        difficulties_mark=mark_of(DIFFICULTIES, state.values[DIFFICULTIES]),
        difficulties_error=errors.get(DIFFICULTIES, ""),
        difficulties_conflict=against.get(DIFFICULTIES, ""),
        areas_shown=shown(AREAS, state.values[AREAS], norms.areas),
        area_names=norms.areas,
        empty=len(empty_in(state.values)),
    )


def conflict_text(one: BookConflict, norms: ClubNorms) -> Message:
    """Say that somebody else has written another figure, with both."""
    said = N_("%(by)s đã ghi ở máy khác: %(there)s. Ở đây ghi: %(typed)s.")
    return Message(
        said,
        {
            "by": Message(one.by),
            "there": shown(one.name, one.there, norms.areas),
            "typed": shown(one.name, one.typed, norms.areas),
        },
    )


def answer(sheet: BookSheet, conflicts: Sequence[BookConflict] = ()) -> dict[str, Any]:
    """Return what a script needs to bring its page up to date, all of it as texts."""
    rows = [row for group in sheet.groups for row in group.rows]
    return {
        "version": sheet.state.version,
        "values": {name: _text(name, sheet.state.values[name]) for name in NAMES},
        "marks": {name: mark_of(name, sheet.state.values[name]) for name in NAMES},
        "errors": dict(sheet.errors),
        "doubts": {row.field.name: list(row.doubts) for row in rows if row.doubts},
        "conflicts": {
            one.name: {"text": told, "there": _text(one.name, one.there)}
            for one, told in zip(conflicts, _conflict_texts(sheet, conflicts), strict=True)
        },
        "empty": sheet.empty,
        "sent": sheet.state.is_sent,
    }


def _conflict_texts(sheet: BookSheet, conflicts: Sequence[BookConflict]) -> list[str]:
    told = {row.field.name: row.conflict for group in sheet.groups for row in group.rows}
    told |= {AREAS: sheet.areas_conflict, DIFFICULTIES: sheet.difficulties_conflict}
    return [told[one.name] for one in conflicts]


def _text(name: str, value: Any) -> str | list[str]:
    """Write a value as its box holds it."""
    if name in BY_NAME:
        return BY_NAME[name].written(value)
    return list(value) if name == AREAS else str(value)


def _shown_again(
    texts: Mapping[str, str], typed: TypedMonth | None, conflicts: Sequence[BookConflict]
) -> dict[str, str]:
    """Pick what was typed and is not what is kept."""
    kept = {*(typed.errors if typed else ()), *(one.name for one in conflicts)} - {AREAS}
    return {name: texts[name] for name in kept if name in texts}


def _by_figure(
    state: BookState, before: BookState | None, norms: ClubNorms
) -> dict[str, list[str]]:
    last = before.values if before is not None and before.version else None
    found: dict[str, list[str]] = {}
    for message in doubts(state.values, last, norms):
        found.setdefault(message.field, []).append(say(message))
    return found


def changes_told(
    data: Mapping[str, Sequence[Any]], areas: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """List a correction's figures: label, what it was, what it is; `areas`: names by code."""
    return [
        (label_of(name), shown(name, old, areas), shown(name, new, areas))
        for name, (old, new) in data.items()
        if name in NAMES
    ]
