"""Judge the cells of the targets in a file against the plan as it is now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lth.content import targets
from lth.content.targets import COMPARATOR_LABEL, Figure, FigureError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import search_key
from lth.drafting import locking
from lth.drafting.saving import WHY_DERIVED
from lth.drafting.target_input import Catalogue, TargetEdit, read_edit
from lth.exchange.grids.cells import CellKind
from lth.exchange.workbook.contents import PlanState, TargetEntry, read_figure
from lth.exchange.workbook.items import ItemKind, MergeItem
from lth.exchange.workbook.layout import TargetColumn
from lth.exchange.workbook.merging import OPEN, MergeState, merge_state
from lth.exchange.workbook.reading import TypedRow
from lth.exchange.workbook.sealing import WorkbookSeal
from lth.models.content import Comparator

FIGURE, WORDING = "figure", "wording"

_COMPARATORS = {
    **{search_key(label): key for key, label in COMPARATOR_LABEL.items()},
    **{key.value: key for key in Comparator},
    **{"≥": Comparator.GTE, ">=": Comparator.GTE, ">": Comparator.GT, "=": Comparator.EQ},
    **{"≤": Comparator.LTE, "<=": Comparator.LTE, "<": Comparator.LT},
}
_FAR = 100
"""How many times smaller than what it is held to a count is asked about."""


@dataclass(frozen=True)
class TargetMerge:
    """A plan and what its file was written from; `known` is False where nobody can say that."""

    state: PlanState
    seal: WorkbookSeal
    known: bool = True

    @property
    def catalogue(self) -> Catalogue:
        phases = {phase.code: phase for phase in self.state.phases}
        return Catalogue(self.state.indicators, phases, frozenset(self.state.targets))


def judge(merge: TargetMerge, rows: list[TypedRow]) -> Iterator[MergeItem]:
    """Return the items of all rows that name a target."""
    known, seen = merge.catalogue, dict[str, TypedRow]()
    for row in rows:
        if not _is_code(row.code):
            continue
        entry = merge.state.targets.get(row.code) or _one_more(merge.state, row.code)
        if entry is None:
            yield _wrong(row, row.code, Message(_UNKNOWN, {"code": row.code}))
        elif row.code in seen:
            text = N_("Mã này đã có ở dòng %(row)s: chỉ dòng đầu được đọc.")
            twin = Message(text, {"row": seen[row.code].number})
            yield _wrong(row, entry.indicator.label_vi, twin)
        else:
            yield from _cells(merge, known, row, entry)
        seen.setdefault(row.code, row)


_UNKNOWN = N_("Mã “%(code)s” không phải chỉ tiêu của kế hoạch này.")


def _is_code(text: str) -> bool:
    """Tell a line's code from the heading of a topic."""
    return "@" in text


def _one_more(state: PlanState, key: str) -> TargetEntry | None:
    """Return the place of one more line of an indicator in a phase, where there can be one.

    One that was removed meanwhile, as "clubs_new@2021#2", is such a place as well.
    """
    try:
        code, phase, _ = targets.read_key(key)
    except ValueError:
        return None
    first = state.targets.get(targets.line_key(code, phase))
    if first is None or first.slot.next_key != key:
        return None
    line = replace(first.line, key=key, version=0, target=None, author="")
    return TargetEntry(key, first.slot, line, state.locks.locked(key, new=True))


def _cells(
    merge: TargetMerge, known: Catalogue, row: TypedRow, entry: TargetEntry
) -> Iterator[MergeItem]:
    """Judge the figure and the wording of a line."""
    for cell in (_figure_cell(merge, row, entry), _wording_cell(merge, row, entry)):
        if cell is not None:
            yield _checked(cell, entry, known) if cell.state in OPEN else cell


# --- The figure ---------------------------------------------------------------------------


def _figure_cell(merge: TargetMerge, row: TypedRow, entry: TargetEntry) -> MergeItem | None:
    if not row.has(TargetColumn.VALUE):
        return None
    cell = _cell(row, entry, FIGURE, _blamed(row))
    cell = replace(cell, theirs=_shown(entry.figure, entry))
    base = _base(merge, entry)
    cell = replace(cell, base=_shown(base, entry))
    try:
        mine, edit = _typed_figure(row, entry)
    except FigureError as error:
        place = TargetColumn.SECOND if "second" in error.errors else TargetColumn.VALUE
        if "comparator" in error.errors:
            place = TargetColumn.COMPARATOR
        found = next(iter(error.errors.values()))
        typed = " – ".join(filter(None, map(row.text, (TargetColumn.VALUE, TargetColumn.SECOND))))
        state = MergeState.WRONG
        return replace(cell, state=state, address=row.at(place), problem=found, mine=typed)
    state = merge_state(base, mine, entry.figure, known=merge.known)
    cell = replace(cell, state=state, mine=_shown(mine, entry), edit=edit)
    return replace(cell, doubt=_doubt(row, mine, entry)) if cell.is_open else cell


def _blamed(row: TypedRow) -> str:
    return row.at(TargetColumn.VALUE)


def _base(merge: TargetMerge, entry: TargetEntry) -> Figure | None:
    try:
        return read_figure(merge.seal.figures.get(entry.key))
    except (TypeError, ValueError):
        return None


def _typed_figure(row: TypedRow, entry: TargetEntry) -> tuple[Figure | None, TargetEdit]:
    """Read comparator and values. Raises FigureError."""
    for column in (TargetColumn.VALUE, TargetColumn.SECOND):
        _refuse_fault(row, column)
    value, second = row.text(TargetColumn.VALUE), row.text(TargetColumn.SECOND)
    comparator = _typed_comparator(row, entry)
    if not row.text(TargetColumn.COMPARATOR):
        comparator = _said_comparator(value, second, comparator)
    if comparator is not Comparator.BETWEEN and second:
        text = N_("Có số ở cột “Đến” nhưng cột “So sánh” không phải “từ … đến”.")
        raise FigureError({"second": Message(text)})
    measure = entry.indicator.measure
    figure = targets.parse(measure, comparator.value, value, second, "vi")
    if comparator is Comparator.QUALITATIVE and not _says_something(row, entry):
        figure = None
    edit = TargetEdit(entry.key, entry.line.version, value, second, comparator=comparator.value)
    return figure, edit


def _says_something(row: TypedRow, entry: TargetEntry) -> bool:
    """Tell whether a qualitative line has words, in the file or already."""
    if row.has(TargetColumn.WORDING):
        return bool(row.text(TargetColumn.WORDING))
    return bool(entry.wording)


def _refuse_fault(row: TypedRow, column: TargetColumn) -> None:
    """Raise FigureError for a cell that Excel could not compute, or took for a day."""
    cell = row.cells.get(column)
    field = "second" if column is TargetColumn.SECOND else "value"
    if cell is not None and cell.kind is CellKind.FAULT:
        raise FigureError({field: Message(N_("Công thức trong ô này bị lỗi, không có số."))})
    if cell is not None and cell.kind is CellKind.DAY:
        text = N_("Excel đã đổi số này thành ngày %(day)s. Hãy gõ lại số.")
        raise FigureError({field: Message(text, {"day": cell.text})})


def _typed_comparator(row: TypedRow, entry: TargetEntry) -> Comparator:
    now = entry.figure.comparator if entry.figure else targets.first_comparator(entry.indicator)
    text = row.text(TargetColumn.COMPARATOR)
    if not text:
        return now
    found = _COMPARATORS.get(search_key(text)) or _COMPARATORS.get(text)
    if found is None:
        raise FigureError({"comparator": Message(N_("Chọn một cách so sánh trong danh sách."))})
    return found


def _said_comparator(value: str, second: str, now: Comparator) -> Comparator:
    """Return the comparator that a figure says itself, where no column does."""
    if second or targets.looks_like_range(value):
        return Comparator.BETWEEN
    said = targets.comparator_in(value)
    if said is not None:
        return said
    single = now in {Comparator.BETWEEN, Comparator.QUALITATIVE} and value
    return Comparator.EQ if single else now


def _shown(figure: Figure | None, entry: TargetEntry) -> str:
    if figure is None:
        return ""
    if figure.comparator is Comparator.QUALITATIVE:
        return COMPARATOR_LABEL[figure.comparator]
    return targets.worded(figure, entry.indicator)


def _doubt(row: TypedRow, mine: Figure | None, entry: TargetEntry) -> Message | None:
    """Ask about a number that Excel may have cut: 3 where 3.444 was typed on an English machine."""
    cell = row.cells.get(TargetColumn.VALUE)
    held = [value for value in (entry.figure and entry.figure.value, entry.slot.quota) if value]
    if mine is None or not mine.value or cell is None or cell.kind is not CellKind.NUMBER:
        return None
    if not held or mine.value * _FAR > min(held):
        return None
    text = N_("Nhỏ hơn nhiều so với %(held)s: có phải Excel đã hiểu dấu chấm là dấu thập phân?")
    return Message(text, {"held": targets.amount(min(held), entry.indicator)})


# --- The wording --------------------------------------------------------------------------


def _wording_cell(merge: TargetMerge, row: TypedRow, entry: TargetEntry) -> MergeItem | None:
    if not row.has(TargetColumn.WORDING):
        return None
    mine = " ".join(row.text(TargetColumn.WORDING).split()) or None
    base = merge.seal.wordings.get(entry.key) or None
    theirs = entry.wording or None
    state = merge_state(base, mine, theirs, known=merge.known)
    cell = _cell(row, entry, WORDING, row.at(TargetColumn.WORDING))
    edit = TargetEdit(entry.key, entry.line.version, wording=mine or "")
    shown = {"base": base or "", "mine": mine or "", "theirs": theirs or ""}
    return replace(cell, state=state, edit=edit, **shown)


# --- Both ---------------------------------------------------------------------------------


def _cell(row: TypedRow, entry: TargetEntry, field: str, at: str) -> MergeItem:
    phase = entry.slot.phase.code.replace("-", "–")
    return MergeItem(
        id=f"t|{entry.key}|{field}",
        kind=ItemKind.TARGET,
        state=MergeState.SAME,
        sheet=row.sheet,
        address=at,
        label=f"{entry.indicator.label_vi}, {phase}",
        about=Message(N_("Lời văn")) if field == WORDING else "",
        by=entry.line.author,
        at=entry.edited_at,
        version=entry.line.version,
        key=entry.key,
        field=field,
    )


def _checked(cell: MergeItem, entry: TargetEntry, known: Catalogue) -> MergeItem:
    """Say what stands against a cell beside its form: what is computed, locked, or incomplete."""
    problem = None
    if entry.computed:
        problem = Message(WHY_DERIVED)
    elif entry.locked:
        problem = locking.refusal()
    elif cell.edit is not None and cell.field == FIGURE:
        problem = _refused(cell.edit, entry, known)
    if problem is None:
        return cell
    return replace(cell, state=MergeState.WRONG, problem=problem)


def _refused(edit: TargetEdit, entry: TargetEntry, known: Catalogue) -> Message | None:
    """Return what the operation would say against an edit; words may come with it."""
    if edit.comparator == Comparator.QUALITATIVE:
        return None
    try:
        read_edit(edit, entry.line.target, entry.indicator, known, "vi")
    except FigureError as error:
        return next(iter(error.errors.values()))
    return None


def _wrong(row: TypedRow, label: str, problem: Message) -> MergeItem:
    return MergeItem(
        id=f"r|{row.sheet}|{row.number}",
        kind=ItemKind.TARGET,
        state=MergeState.WRONG,
        sheet=row.sheet,
        address=row.at(TargetColumn.CODE),
        label=label,
        mine=row.text(TargetColumn.VALUE),
        problem=problem,
    )


def edits_of(state: PlanState, items: list[MergeItem]) -> list[TargetEdit]:
    """Put the accepted cells of each line into one edit, in the version that it has now."""
    by_line: Mapping[str, dict[str, MergeItem]] = {}
    for item in items:
        by_line.setdefault(item.key, {})[item.field] = item  # type: ignore[attr-defined]
    return [_edit(state, key, cells) for key, cells in by_line.items()]


def _edit(state: PlanState, key: str, cells: Mapping[str, MergeItem]) -> TargetEdit:
    entry = state.targets.get(key) or _one_more(state, key)
    figure = cells.get(FIGURE)
    wording = cells.get(WORDING)
    words = wording.edit.wording if wording and wording.edit else None
    if figure is not None and figure.edit is not None:
        return replace(figure.edit, wording=words)
    value = second = ""
    comparator = None
    if entry is not None and entry.figure is not None:
        value, second = targets.typed(entry.figure, entry.indicator.measure, "vi")
        comparator = entry.figure.comparator.value
    version = entry.line.version if entry is not None else 0
    return TargetEdit(key, version, value, second, comparator=comparator, wording=words)
