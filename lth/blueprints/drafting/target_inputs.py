"""The cells of the drafting page: what each input shows, and what was typed into it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask import request

from lth import drafting
from lth.blueprints.document.wording import local_name
from lth.blueprints.quotas.wording import quota_note
from lth.blueprints.web import current, paging
from lth.content import targets
from lth.content.derived import LineSum
from lth.core import clock
from lth.core.formats import format_moment, format_time
from lth.core.language import current as language
from lth.core.language import gettext, ngettext, say
from lth.core.vietnamese import format_money, nfc
from lth.drafting.sheet import Sheet, SheetLine, Slot
from lth.models import Remark
from lth.models.content import Comparator

OFFERED = tuple(one for one in Comparator if one is not Comparator.QUALITATIVE)
"""Comparators offered beside an input; a qualitative target is written on its own page."""


@dataclass(frozen=True)
class CellConflict:
    """What somebody else wrote into a cell meanwhile, in the version that a choice is about."""

    said: str
    version: int


@dataclass
class TargetCell:
    """One input of the drafting page."""

    id: str
    key: str
    label: str
    phase: str
    unit: str
    quota: str | None
    hint: str
    comparator: str
    value: str
    second: str
    seen: int
    was: str
    saved: str
    error: str
    filled: bool
    missing: bool
    words: str
    remarks: list[Remark]
    locked: bool = False
    conflict: CellConflict | None = None
    computed: bool = False


def html_id(key: str) -> str:
    """Return a line key as an id: "clubs_new@2021#2" becomes "t-clubs_new-2021-2"."""
    return "t-" + key.replace("@", "-").replace("#", "-")


def was(comparator: str, value: str, second: str) -> str:
    """Return what a cell showed, as one hidden text: one that still shows it was not touched."""
    return "|".join((comparator, value, second))


@dataclass
class TargetBlock:
    """Cells that are shown together; `offered` are lines that may be added to them, with names."""

    topic: str
    label: str
    cells: list[TargetCell]
    filled: int
    all: int
    missing: int
    locked: bool
    offered: list[tuple[str, str]] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Tell whether it is shown unfolded: something there is to be done."""
        wanting = any(cell.error or cell.conflict or cell.remarks for cell in self.cells)
        return wanting or (self.topic == MAIN and not self.locked) or self.grown

    @property
    def grown(self) -> bool:
        """Tell whether a cell was just added, which is still empty."""
        return self.topic != MAIN and any(
            not (cell.filled or cell.locked or cell.computed) for cell in self.cells
        )


MAIN = "main"
"""The block of what must be filled in, was assigned from above or is asked for by a check: where a
clerk begins."""


def blocks(
    sheet: Sheet,
    result: drafting.SaveResult | None = None,
    *,
    asked: Collection[str] = (),
    added: Collection[str] = (),
) -> list[TargetBlock]:
    """Return the page's blocks: the main one, then the other indicators by topic.

    Of these the filled cells are shown, those of indicators that were `added`, and what a reviewer
    pointed at; the rest is offered. `asked` are the lines that checks want. After a save that was
    refused, the cells show what was typed and what is wrong with it.
    """
    labels = {MAIN: gettext("Kế hoạch này phải có")}
    labels |= {group.topic: say(group.label) for group in sheet.groups}
    slots: dict[str, list[Slot]] = {topic: [] for topic in labels}
    for slot in sheet.slots:
        slots[_topic(slot, asked)].append(slot)
    return [
        _block(sheet, topic, labels[topic], listed, result, added)
        for topic, listed in slots.items()
        if listed
    ]


def _topic(slot: Slot, asked: Collection[str]) -> str:
    wanted = slot.indicator.required or slot.quota is not None
    return MAIN if wanted or slot.lines[0].key in asked else slot.indicator.topic


def _block(
    sheet: Sheet,
    topic: str,
    label: str,
    slots: list[Slot],
    result: drafting.SaveResult | None,
    added: Collection[str],
) -> TargetBlock:
    typed = result.typed if result else {}
    shown = [
        slot
        for slot in slots
        if topic == MAIN
        or slot.indicator.code in added
        or slot.remarks
        or slot.money is not None
        or any(line.target is not None or line.key in typed for line in slot.lines)
    ]
    hidden: dict[str, tuple[str, str]] = {}
    for slot in slots:
        if slot not in shown:
            name = local_name(slot.indicator)
            hidden.setdefault(slot.indicator.code, (slot.lines[0].key, name))
    cells = [cell for slot in shown for cell in cells_of(sheet, slot, result)]
    return TargetBlock(
        topic=topic,
        label=label,
        cells=cells,
        filled=filled_in(slots),
        all=len(slots),
        missing=sum(slot.missing for slot in slots),
        locked=bool(cells) and all(cell.locked or cell.computed for cell in cells),
        offered=[] if sheet.locks else list(hidden.values()),
    )


def filled_in(slots: Iterable[Slot]) -> int:
    """Count the slots that have a figure."""
    return sum(slot.lines[0].target is not None for slot in slots)


def counted(sheet: Sheet, asked: Collection[str]) -> dict[str, tuple[int, int, int]]:
    """Count the slots of each block: filled, all, missing; without making a cell."""
    found: dict[str, list[Slot]] = {}
    for slot in sheet.slots:
        found.setdefault(_topic(slot, asked), []).append(slot)
    return {
        topic: (filled_in(slots), len(slots), sum(slot.missing for slot in slots))
        for topic, slots in found.items()
    }


def some(
    sheet: Sheet,
    keys: Collection[str],
    result: drafting.SaveResult | None = None,
    *,
    added: Collection[str] = (),
) -> list[tuple[str, TargetCell]]:
    """Return some cells, each with its topic: those of `keys`, and all of `added` indicators."""
    return [
        (slot.indicator.topic, cell)
        for slot in sheet.slots
        if slot.indicator.code in added or any(line.key in keys for line in slot.lines)
        for cell in cells_of(sheet, slot, result)
        if slot.indicator.code in added or cell.key in keys
    ]


def cells_of(
    sheet: Sheet, slot: Slot, result: drafting.SaveResult | None = None
) -> list[TargetCell]:
    """Return the cells of an indicator in a phase."""
    many = len(sheet.phases) > 1
    paper = sheet.above.document_number or "" if sheet.above else ""
    cells = [_cell(slot, line, many, paper, result) for line in slot.lines]
    for cell, line in zip(cells, slot.lines, strict=True):
        cell.locked = sheet.locks.locked(line.key, new=line.target is None)
    return cells


def _cell(
    slot: Slot, line: SheetLine, many: bool, paper: str, result: drafting.SaveResult | None
) -> TargetCell:
    indicator = slot.indicator
    comparator, value, second = _shown(slot, line)
    cell = TargetCell(
        id=html_id(line.key),
        key=line.key,
        label=local_name(indicator),
        phase=slot.phase.code.replace("-", "–") if many else "",
        unit=local_name(indicator, "unit"),
        quota=None if slot.quota is None else targets.amount(slot.quota, indicator, language()),
        hint=_hint(slot, paper),
        comparator=comparator,
        value=value,
        second=second,
        seen=line.version,
        was=was(comparator, value, second),
        saved=_saved(line),
        error="",
        filled=line.target is not None,
        missing=slot.missing,
        words=_words(line),
        remarks=slot.remarks if line is slot.lines[0] else [],
        computed=slot.money is not None,
    )
    if result is not None:
        _put_back(cell, slot, result)
    return cell


def _shown(slot: Slot, line: SheetLine) -> tuple[str, str, str]:
    if line.target is None:
        return targets.first_comparator(slot.indicator).value, "", ""
    figure = targets.figure_of(line.target)
    value, second = targets.typed(figure, slot.indicator.measure, language())
    return figure.comparator.value, value, second


def _words(line: SheetLine) -> str:
    """Return the text of a qualitative target, which has no input here."""
    if line.target is not None and line.target.comparator is Comparator.QUALITATIVE:
        return line.target.wording or gettext("Chỉ tiêu định tính")
    return ""


def _hint(slot: Slot, paper: str) -> str:
    """Say where the talk over the quota stands; what the document above asks for, with its number,
    else the norm of the programme; and what the counts give.
    """
    given = slot.assigned
    parts = [quota_note(given.move, given.proposed, slot.indicator)] if given else []
    if slot.money is not None:
        parts.append(_computed(slot.money))
    norm = targets.norm(slot.indicator)
    if slot.norms:
        asked = "; ".join(targets.shown(one, language()) for one in slot.norms)
        parts.append(gettext("Cấp trên: %(norm)s (%(paper)s)", norm=asked, paper=paper))
    elif norm is not None:
        parts.append(
            gettext(
                "Định mức chương trình: %(norm)s",
                norm=targets.worded(norm, slot.indicator, language()),
            )
        )
    if slot.derived is not None:
        parts.append(
            gettext(
                "Theo số đã nhập: %(share)s",
                share=targets.amount(slot.derived, slot.indicator, language()),
            )
        )
    return " · ".join(parts)


def _computed(money: LineSum) -> str:
    """Say of how many lines a figure is the sum, and what it leaves out."""
    text = ngettext(
        "Tự tính từ %(num)s khoản kinh phí", "Tự tính từ %(num)s khoản kinh phí", money.lines
    )
    if not money.lines:
        text = gettext("Tự tính từ các khoản kinh phí; chưa có khoản nào ghi số tiền")
    if not money.elsewhere:
        return text
    amount = format_money(money.elsewhere, language())
    return text + " · " + gettext("%(amount)s chưa ghi năm trong kỳ", amount=amount)


def _saved(line: SheetLine) -> str:
    """Say when a cell was saved, and by whom where that was somebody else."""
    target = line.target
    if target is None or target.edited_at is None:
        return ""
    when = saved_at(target.edited_at)
    if not line.author or target.edited_by_id == current.actor().person_id:
        return gettext("Đã lưu %(when)s", when=when)
    return gettext("Đã lưu %(when)s, %(who)s", when=when, who=line.author)


def saved_at(moment: datetime) -> str:
    """Say when something was saved: the time alone where it was today."""
    today = clock.local(moment).date() == clock.today()
    return format_time(moment) if today else format_moment(moment)


def _put_back(cell: TargetCell, slot: Slot, result: drafting.SaveResult) -> None:
    """Put back what was typed into a cell that was not saved, with what stands against it."""
    key = cell.key
    if key not in result.errors and key not in result.conflicts:
        return
    edit = result.typed[key]
    cell.comparator, cell.value, cell.second = edit.comparator or "", edit.value, edit.second
    cell.seen = edit.seen
    if key in result.errors:
        cell.error = " ".join(say(message) for message in result.errors[key].values())
        return
    conflict = result.conflicts[key]
    cell.conflict = CellConflict(conflict_text(conflict), conflict.version)


def conflict_text(conflict: drafting.Conflict) -> str:
    """Say who wrote what meanwhile."""
    theirs = gettext("bỏ trống") if conflict.shown is None else say(conflict.shown)
    who = conflict.by or gettext("Một người khác")
    when = format_time(conflict.at) if conflict.at else ""
    return gettext("%(who)s vừa ghi “%(theirs)s” lúc %(when)s.", who=who, theirs=theirs, when=when)


MINE, THEIRS = "mine", "theirs"
"""What a person chooses where two wrote at once."""


def chosen(key: str, seen: int) -> int | None:
    """Return the version that a posted item may be written over; None where theirs is to stay.

    The page's own, unless the person has seen what the other wrote and prefers their own.
    """
    choice = request.form.get(f"{key}:choice", "")
    if choice == THEIRS:
        return None
    return (paging.whole_in(request.form, f"{key}:theirs") or seen) if choice == MINE else seen


def typed_edits() -> Iterable[drafting.TargetEdit]:
    """Read the cells of the posted form that were touched."""
    for key in request.form.getlist("key"):
        if f"{key}:value" not in request.form:
            continue
        comparator, value, second = (
            nfc(request.form.get(f"{key}:{name}", "").strip())
            for name in ("comparator", "value", "second")
        )
        if was(comparator, value, second) == request.form.get(f"{key}:was"):
            continue
        seen = chosen(key, paging.whole_in(request.form, f"{key}:seen"))
        if seen is None:
            continue
        yield drafting.TargetEdit(
            line_key=key,
            seen=seen,
            value=value,
            second=second,
            comparator=comparator,
        )
