"""Judge the lines of the parts in a file against the plan as it is now, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lth.content.line_values import clean, named, read_line, typed_line
from lth.content.schema import LINE_TYPES, ContentLine, Field, LineType, Typed
from lth.core.i18n import N_, Message
from lth.core.vietnamese import search_key
from lth.drafting import locking
from lth.exchange.grids.cells import CellKind
from lth.exchange.workbook.contents import VIETNAMESE, PartEntry, PlanState
from lth.exchange.workbook.items import ItemKind, MergeItem
from lth.exchange.workbook.layout import LINE_CODE
from lth.exchange.workbook.merging import OPEN, MergeState, merge_state
from lth.exchange.workbook.reading import TypedRow
from lth.exchange.workbook.target_cells import TargetMerge
from lth.exchange.workbook.writing import shown_text


def judge(merge: TargetMerge, part: str, rows: list[TypedRow]) -> Iterator[MergeItem]:
    """Return the items of all rows of a part's sheet."""
    declared = LINE_TYPES[part]
    entries = {entry.key: entry for entry in merge.state.parts[part]}
    seen: dict[str, TypedRow] = {}
    for row in rows:
        if not row.code:
            if not row.is_blank:
                yield _added(merge.state, declared, row)
        elif row.code in seen:
            text = N_("Mã này đã có ở dòng %(row)s. Dòng mới thì để trống cột “Mã dòng”.")
            yield _wrong(declared, row, Message(text, {"row": seen[row.code].number}))
        elif row.code in entries:
            yield from _line(merge, declared, row, entries[row.code])
        else:
            yield _gone(merge, declared, row)
        seen.setdefault(row.code, row)


# --- Lines that are there -----------------------------------------------------------------


def _line(
    merge: TargetMerge, declared: LineType, row: TypedRow, entry: PartEntry
) -> Iterator[MergeItem]:
    if row.is_blank:
        yield _removed(merge, row, entry)
        return
    base = merge.seal.lines.get(entry.key)
    for field in declared.fields:
        if row.has(field.name):
            yield _field(merge, row, entry, field, base)


def _field(
    merge: TargetMerge,
    row: TypedRow,
    entry: PartEntry,
    field: Field,
    base: Mapping[str, str] | None,
) -> MergeItem:
    """Judge one field of a line. What stands there as it was exported is not read at all."""
    theirs, typed = entry.texts[field.name], typed_text(row, field)
    exported = None if base is None else base.get(field.name, "")
    item = _item(row, entry, field, exported or "", theirs)
    if typed in {theirs, exported}:
        mine, problem = typed, None
    else:
        mine, problem = _read(entry, field, typed, row)
    if problem is not None:
        return replace(item, state=MergeState.WRONG, mine=typed, problem=problem)
    known = merge.known and exported is not None
    state = merge_state(exported or None, mine or None, theirs or None, known=known)
    item = replace(item, state=state, mine=shown_text(field, mine), texts={field.name: mine})
    if state in OPEN and entry.locked:
        return replace(item, state=MergeState.WRONG, problem=locking.refusal())
    return item


def _read(entry: PartEntry, field: Field, typed: str, row: TypedRow) -> tuple[str, Message | None]:
    """Return a text as the line would have it, or what is wrong with it."""
    fault = _fault(row, field)
    if fault is not None:
        return typed, fault
    line, errors = read_line(entry.part, entry.key, {field.name: typed}, entry.line, VIETNAMESE)
    if line is None or errors:
        return typed, next(iter(errors.values()), None)
    return typed_line(line, VIETNAMESE)[field.name], None


def _fault(row: TypedRow, field: Field) -> Message | None:
    cell = row.cells.get(field.name)
    if cell is None:
        return None
    if cell.kind is CellKind.FAULT:
        return Message(N_("Công thức trong ô này bị lỗi, không có giá trị."))
    if cell.kind is CellKind.DAY and field.typed in {Typed.MONEY, Typed.NUMBER, Typed.YEAR}:
        text = N_("Excel đã đổi số này thành ngày %(day)s. Hãy gõ lại số.")
        return Message(text, {"day": cell.text})
    return None


def typed_text(row: TypedRow, field: Field) -> str:
    """Return a cell as the field's input would have it: a choice by its key, a list by lines."""
    text = clean(row.text(field.name))
    if field.labels is not None and text:
        keys = {search_key(label): str(key.value) for key, label in field.labels.items()}
        return keys.get(search_key(text), text)
    if field.typed is Typed.LIST and "\n" not in text:
        return "\n".join(one.strip() for one in text.split(";") if one.strip())
    return text


def _item(row: TypedRow, entry: PartEntry, field: Field, base: str, theirs: str) -> MergeItem:
    return MergeItem(
        id=f"f|{entry.key}|{field.name}",
        kind=ItemKind.FIELD,
        state=MergeState.SAME,
        sheet=row.sheet,
        address=row.at(field.name),
        label=label_of(entry.line),
        about=Message(field.label),
        base=shown_text(field, base),
        theirs=shown_text(field, theirs),
        by=entry.by,
        at=entry.at,
        version=entry.version,
        part=entry.part,
        key=entry.key,
        field=field.name,
    )


def label_of(line: ContentLine) -> str:
    """Name a line by what it is about."""
    return str(named(line, VIETNAMESE))


def _removed(merge: TargetMerge, row: TypedRow, entry: PartEntry) -> MergeItem:
    """Return the item of a line whose cells were all emptied: it goes only where that is ticked."""
    base = merge.seal.lines.get(entry.key)
    changed = not merge.known or base is None or dict(base) != dict(entry.texts)
    item = MergeItem(
        id=f"d|{entry.key}",
        kind=ItemKind.REMOVED,
        state=MergeState.CONFLICT if changed else MergeState.EMPTIED,
        sheet=row.sheet,
        address=row.at(LINE_CODE.name),
        label=label_of(entry.line),
        about=Message(N_("Bỏ cả dòng")),
        theirs=label_of(entry.line),
        by=entry.by,
        at=entry.at,
        version=entry.version,
        part=entry.part,
        key=entry.key,
    )
    if not merge.known:
        return replace(item, state=MergeState.KEPT)
    if entry.locked:
        return replace(item, state=MergeState.WRONG, problem=locking.refusal())
    return item


# --- Lines that are not -------------------------------------------------------------------


def _added(state: PlanState, declared: LineType, row: TypedRow) -> MergeItem:
    """Return the item of a new line; one that is there already, word for word, is the same."""
    texts = _texts(declared, row)
    item = _whole(declared, row, texts, state=MergeState.NEW)
    for field in declared.fields:
        fault = _fault(row, field)
        if fault is not None:
            return _at(item, row, field.name, fault)
    line, errors = read_line(declared.part, "", texts, None, VIETNAMESE)
    if errors or line is None:
        name, problem = next(iter(errors.items()))
        return _at(item, row, name, problem)
    read = typed_line(line, VIETNAMESE)
    item = replace(item, label=label_of(line), mine=_summary(declared, read))
    if any(dict(entry.texts) == read for entry in state.parts[declared.part]):
        return replace(item, state=MergeState.SAME)
    if state.locks.locked(declared.part, part=declared.part, new=True):
        return replace(item, state=MergeState.WRONG, problem=locking.refusal())
    return item


def _gone(merge: TargetMerge, declared: LineType, row: TypedRow) -> MergeItem:
    """Return the item of a row whose line is no longer there: removed meanwhile, or never."""
    base: Mapping[str, str] | None = merge.seal.lines.get(row.code)
    if row.is_blank:
        return _whole(declared, row, {}, state=MergeState.SAME)
    if base is None or not merge.known:
        text = N_("Mã dòng “%(code)s” không có trong kế hoạch này. Dòng mới thì để trống mã.")
        return _wrong(declared, row, Message(text, {"code": row.code}))
    item = _added(merge.state, declared, row)
    if item.state is not MergeState.NEW:
        return item
    if _untouched(declared, row, base):
        return replace(item, state=MergeState.KEPT)
    gone = Message(N_("dòng đã bị bỏ"))
    return replace(item, state=MergeState.CONFLICT, theirs=gone)


def _untouched(declared: LineType, row: TypedRow, base: Mapping[str, str]) -> bool:
    line, _ = read_line(declared.part, "", _texts(declared, row), None, VIETNAMESE)
    return line is not None and typed_line(line, VIETNAMESE) == dict(base)


def _texts(declared: LineType, row: TypedRow) -> dict[str, str]:
    return {field.name: typed_text(row, field) for field in declared.fields if row.has(field.name)}


def _whole(
    declared: LineType, row: TypedRow, texts: dict[str, str], *, state: MergeState
) -> MergeItem:
    return MergeItem(
        id=f"n|{row.sheet}|{row.number}",
        kind=ItemKind.ADDED,
        state=state,
        sheet=row.sheet,
        address=row.at(declared.fields[0].name),
        label=texts.get(declared.fields[0].name, ""),
        about=Message(N_("Dòng mới")),
        mine=_summary(declared, texts),
        part=declared.part,
        texts=texts,
    )


def _summary(declared: LineType, texts: Mapping[str, str]) -> str:
    """Put what a line says beside its name into one text."""
    shown = (
        shown_text(field, texts[field.name]) if field.labels is None else _choice(field, texts)
        for field in declared.fields[1:]
        if texts.get(field.name)
    )
    return " · ".join(shown)


def _choice(field: Field, texts: Mapping[str, str]) -> str:
    text = texts[field.name]
    known = {str(key.value) for key in field.labels or {}}
    return shown_text(field, text) if text in known else text


def _at(item: MergeItem, row: TypedRow, name: str, problem: Message) -> MergeItem:
    return replace(item, state=MergeState.WRONG, address=row.at(name), problem=problem)


def _wrong(declared: LineType, row: TypedRow, problem: Message) -> MergeItem:
    item = _whole(declared, row, _texts(declared, row), state=MergeState.WRONG)
    return replace(item, address=row.at(LINE_CODE.name), problem=problem)
