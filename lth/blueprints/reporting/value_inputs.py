"""The cells of a report's figures: what each shows, and what was typed into it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import request

from lth.blueprints.document.remarks import value_id
from lth.blueprints.document.reported import beside, month_name, said, said_fully
from lth.blueprints.document.wording import amount, local_name
from lth.blueprints.drafting.target_inputs import CellConflict, chosen, saved_at
from lth.blueprints.web import current, paging
from lth.content.targets import bare
from lth.core.formats import format_time
from lth.core.language import current as language
from lth.core.language import gettext, ngettext, say
from lth.core.vietnamese import nfc, one_line
from lth.drafting.reported import STATE_LABEL
from lth.models import Remark
from lth.models.report import Reported
from lth.reporting.from_books import ClubFigure
from lth.reporting.sheet import ShareRow, ValueGroup, ValueRow, ValueSheet
from lth.reporting.values import ValueConflict, ValueEdit, ValuesResult
from lth.workflow.kinds import period_name


@dataclass
class ValueCell:
    """An indicator on the page: what it says in its three fields, and what it is held against."""

    id: str
    key: str
    label: str
    unit: str
    state: str
    value: str
    reason: str
    seen: int
    was: str
    said: str
    saved: str
    gap: str
    differs: bool
    locked: bool
    held: list[tuple[str, str]]
    books: str
    clubs: list[tuple[str, str]]
    remarks: list[Remark]
    unmet: bool = False
    of_periods: bool = False
    error: str = ""
    conflict: CellConflict | None = None

    @property
    def asks_reason(self) -> bool:
        """Tell whether the field of the reason is shown unfolded."""
        wants = self.differs or self.unmet or self.state == Reported.NOT_APPLICABLE
        return bool(wants or self.reason or self.error)


@dataclass
class ShareLine:
    """A percentage that follows from two counts, in words."""

    id: str
    label: str
    value: str
    held: list[tuple[str, str]]


@dataclass
class ValueBlock:
    """The cells of a topic."""

    topic: str
    label: str
    cells: list[ValueCell]
    shares: list[ShareLine]
    said: int
    missing: int
    open: bool


def was(state: str, value: str, reason: str) -> str:
    """Return what a cell showed, as one hidden text: one that still shows it was not touched."""
    return "|".join((state, value, reason))


def blocks(sheet: ValueSheet, result: ValuesResult | None = None) -> list[ValueBlock]:
    """Return the page's blocks; after a save that was refused, with what was typed."""
    return [_block(group, result) for group in sheet.groups]


def _block(group: ValueGroup, result: ValuesResult | None) -> ValueBlock:
    cells = [cell_of(row, result) for row in group.rows]
    wanting = any(one.gap or one.error or one.conflict or one.remarks for one in cells)
    return ValueBlock(
        topic=group.topic,
        label=say(group.label),
        cells=cells,
        shares=[_share(one) for one in group.shares],
        said=group.said,
        missing=group.missing,
        open=wanting or any(not one.locked for one in cells),
    )


def cell_of(row: ValueRow, result: ValuesResult | None = None) -> ValueCell:
    """Return the cell of an indicator."""
    indicator, kept = row.indicator, row.row
    state = kept.reported.value if kept is not None else Reported.VALUE.value
    value = ""
    if kept is not None and kept.value is not None:
        value = bare(kept.value, indicator.measure, language())
    reason = kept.reason if kept is not None else ""
    gap = row.gap
    cell = ValueCell(
        id=value_id(row.key),
        key=row.key,
        label=local_name(indicator),
        unit=local_name(indicator, "unit"),
        state=state,
        value=value,
        reason=reason,
        seen=kept.version if kept is not None else 0,
        was=was(state, value, reason),
        said=said_fully(kept, indicator),
        saved=_saved(row),
        gap=say(gap) if gap is not None else "",
        differs=row.differs,
        locked=row.locked,
        held=_held(row),
        books=_books(row),
        clubs=[_club(one, row) for one in row.books.clubs] if row.books else [],
        remarks=row.remarks,
        unmet=row.unmet is not None,
        of_periods=bool(row.books and row.books.periods),
    )
    if result is not None:
        _put_back(cell, row, result)
    return cell


def _held(row: ValueRow) -> list[tuple[str, str]]:
    """List what a figure is held against, in words; nothing of what there is not."""
    indicator = row.indicator
    figures = beside(indicator, None, row.planned, row.assigned)
    pairs = [(gettext("Được giao"), figures["assigned"]), (gettext("Kế hoạch"), figures["planned"])]
    total = row.cumulative
    if total.lacking:
        periods = ", ".join(total.lacking)
        pairs.append((gettext("Lũy kế"), gettext("chưa đủ: thiếu %(periods)s", periods=periods)))
    elif total.value is not None and row.row is not None and total.value != row.row.value:
        pairs.append((gettext("Lũy kế"), amount(total.value, indicator)))
    shown = beside(indicator, row.done, row.planned, row.assigned)["share"]
    pairs.append((gettext("Đạt"), shown))
    return [(label, text) for label, text in pairs if text != "–"]


def _share(one: ShareRow) -> ShareLine:
    indicator = one.indicator
    figures = beside(indicator, one.value, one.planned, one.assigned)
    pairs = [(gettext("Được giao"), figures["assigned"]), (gettext("Kế hoạch"), figures["planned"])]
    value = gettext("chưa tính được: thiếu số đếm")
    if one.value is not None:
        value = amount(one.value, indicator)
        over = {"part": one.numerator, "whole": one.denominator}
        value = f"{value} ({gettext('%(part)s trên %(whole)s', **over)})"
    return ShareLine(
        f"share-{indicator.code}",
        local_name(indicator),
        value,
        [(label, text) for label, text in pairs if text != "–"],
    )


def _books(row: ValueRow) -> str:
    """Say what the books come to, and of how many clubs."""
    if row.books is None:
        return ""
    count = len(row.books.clubs)
    value = amount(row.books.value, row.indicator)
    if not count:
        return gettext("Sổ ghi %(value)s", value=value)
    if row.books.periods:
        names = ", ".join(period_name(code) for code in row.books.periods)
        return gettext("Các báo cáo %(periods)s: %(value)s", periods=names, value=value)
    return ngettext(
        "Sổ ghi %(value)s, từ %(num)s câu lạc bộ",
        "Sổ ghi %(value)s, từ %(num)s câu lạc bộ",
        count,
        value=value,
    )


def _club(one: ClubFigure, row: ValueRow) -> tuple[str, str]:
    value = amount(one.value, row.indicator)
    if one.month is None:
        return one.name, value
    return one.name, gettext(
        "%(value)s, sổ tháng %(month)s", value=value, month=month_name(one.month)
    )


def _saved(row: ValueRow) -> str:
    """Say when a cell was saved, and by whom where that was somebody else."""
    kept = row.row
    if kept is None:
        return ""
    if kept.edited_at is None:
        of_periods = row.books is not None and row.books.periods
        return gettext("Lấy từ các báo cáo") if of_periods else gettext("Lấy từ sổ")
    when = saved_at(kept.edited_at)
    if not row.author or kept.edited_by_id == current.actor().person_id:
        return gettext("Đã lưu %(when)s", when=when)
    return gettext("Đã lưu %(when)s, %(who)s", when=when, who=row.author)


def _put_back(cell: ValueCell, row: ValueRow, result: ValuesResult) -> None:
    """Put back what was typed into a cell that was not saved, with what stands against it."""
    key = cell.key
    if key in result.errors:
        cell.error = say(result.errors[key])
    elif key in result.conflicts:
        conflict = result.conflicts[key]
        cell.conflict = CellConflict(_conflict_text(conflict, row), conflict.version)
    else:
        return
    if key in result.typed:
        edit = result.typed[key]
        cell.state, cell.value, cell.reason = edit.reported, edit.value, edit.reason
        cell.seen = edit.seen


def _conflict_text(conflict: ValueConflict, row: ValueRow) -> str:
    theirs = said(conflict.row, row.indicator)
    who = conflict.by or gettext("Một người khác")
    when = format_time(conflict.at) if conflict.at else ""
    return gettext("%(who)s vừa ghi “%(theirs)s” lúc %(when)s.", who=who, theirs=theirs, when=when)


def states() -> list[tuple[str, str]]:
    """List the three things that may be chosen; an empty field is the fourth."""
    return [(one.value, gettext(label)) for one, label in STATE_LABEL.items()]


@dataclass(frozen=True)
class TypedValues:
    """What was sent: the cells that were touched, and those in which another state is meant."""

    edits: list[ValueEdit] = field(default_factory=list)
    meant: set[str] = field(default_factory=set)


def typed() -> TypedValues:
    """Read the cells of the posted form that were touched.

    A number that is typed where nil had been chosen is meant as a number.
    """
    found = TypedValues()
    for key in request.form.getlist("key"):
        if f"{key}:value" not in request.form:
            continue
        state = request.form.get(f"{key}:state", Reported.VALUE.value)
        value = nfc(request.form[f"{key}:value"].strip())
        reason = one_line(request.form.get(f"{key}:reason", ""))
        showed = request.form.get(f"{key}:was", "")
        if was(state, value, reason) == showed:
            continue
        before, _, rest = showed.partition("|")
        if state == before != Reported.VALUE and value and value != rest.partition("|")[0]:
            state = Reported.VALUE.value
            found.meant.add(key)
        seen = chosen(key, paging.whole_in(request.form, f"{key}:seen"))
        if seen is not None:
            found.edits.append(ValueEdit(key, seen, state, value, reason))
    return found


def kept_otherwise(keys: Iterable[str], sheet: ValueSheet) -> list[tuple[str, str]]:
    """List the fields of some cells by id, with what they are to show: what was read anew."""
    rows = {row.key: cell_of(row) for row in sheet.rows}
    found = []
    for key in keys:
        if key in rows:
            cell = rows[key]
            found += [
                (cell.id, cell.value),
                (f"{cell.id}-choice", cell.state),
                (f"{cell.id}-reason", cell.reason),
            ]
    return found
