"""The cells of the drafting page: what each input shows, and what was typed into it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from lth import drafting
from lth.blueprints.document.wording import local_name
from lth.blueprints.quotas.wording import quota_note
from lth.blueprints.web import current
from lth.content import targets
from lth.content.derived import LineSum
from lth.core.formats import format_moment, format_time
from lth.core.language import current as language
from lth.core.language import gettext, ngettext, say
from lth.core.vietnamese import format_money, nfc
from lth.drafting.sheet import Sheet, SheetLine, Slot
from lth.models import Remark
from lth.models.content import Comparator

OFFERED = tuple(one for one in Comparator if one is not Comparator.QUALITATIVE)
"""Comparators offered beside an input; a qualitative target is written on its own page."""


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
    computed: bool = False


def html_id(key: str) -> str:
    """Return a line key as an id: "clubs_new@2021#2" becomes "t-clubs_new-2021-2"."""
    return "t-" + key.replace("@", "-").replace("#", "-")


def was(comparator: str, value: str, second: str) -> str:
    """Return what a cell showed, as one hidden text: one that still shows it was not touched."""
    return "|".join((comparator, value, second))


@dataclass
class TargetBlock:
    """Cells that are shown and saved together."""

    topic: str
    label: str
    cells: list[TargetCell]

    @property
    def filled(self) -> int:
        return sum(cell.filled for cell in self.cells)

    @property
    def missing(self) -> int:
        return sum(cell.missing for cell in self.cells)

    @property
    def open(self) -> bool:
        """Shown unfolded: something is written there, missing or wrong."""
        wanting = any(cell.error or cell.remarks for cell in self.cells)
        if self.locked:
            return wanting
        return self.topic == MAIN or bool(self.filled or self.missing or wanting)

    @property
    def locked(self) -> bool:
        """Nothing in it may be changed."""
        return all(cell.locked or cell.computed for cell in self.cells)


MAIN = "main"
"""The block of what must be filled in or was assigned from above: where a clerk begins."""


def blocks(
    sheet: Sheet, result: drafting.SaveResult | None = None, topic: str | None = None
) -> list[TargetBlock]:
    """Return the page's blocks: the main one, then the other indicators by topic.

    Of one `topic` the block that is shown under it alone. After a save that was refused, the cells
    show what was typed and what is wrong with it.
    """
    labels = {MAIN: gettext("Chỉ tiêu chính")}
    labels |= {group.topic: say(group.label) for group in sheet.groups}
    slots: dict[str, list[Slot]] = {MAIN: []}
    for slot in sheet.slots:
        main = slot.indicator.required or slot.quota is not None
        slots.setdefault(MAIN if main else slot.indicator.topic, []).append(slot)
    return [
        TargetBlock(
            key, labels[key], [cell for slot in listed for cell in _cells(sheet, slot, result)]
        )
        for key, listed in slots.items()
        if topic in {None, key}
    ]


def _cells(sheet: Sheet, slot: Slot, result: drafting.SaveResult | None) -> list[TargetCell]:
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
    when = format_moment(target.edited_at)
    if not line.author or target.edited_by_id == current.actor().person_id:
        return gettext("Đã lưu %(when)s", when=when)
    return gettext("Đã lưu %(when)s, %(who)s", when=when, who=line.author)


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
    cell.seen = conflict.version
    cell.error = conflict_text(conflict)


def conflict_text(conflict: drafting.Conflict) -> str:
    """Say who wrote what meanwhile, and what to do about it."""
    theirs = gettext("bỏ trống") if conflict.shown is None else say(conflict.shown)
    who = conflict.by or gettext("Một người khác")
    when = format_time(conflict.at) if conflict.at else ""
    return gettext(
        "%(who)s vừa ghi “%(theirs)s” lúc %(when)s. Bấm Lưu lần nữa để dùng số của anh/chị, "
        "hoặc tải lại trang để giữ số đó.",
        who=who,
        theirs=theirs,
        when=when,
    )


def typed_edits() -> Iterable[drafting.TargetEdit]:
    """Read the cells of the posted form that were touched."""
    for key in request.form.getlist("key"):
        comparator, value, second = (
            nfc(request.form.get(f"{key}:{name}", "").strip())
            for name in ("comparator", "value", "second")
        )
        if was(comparator, value, second) == request.form.get(f"{key}:was"):
            continue
        yield drafting.TargetEdit(
            line_key=key,
            seen=request.form.get(f"{key}:seen", 0, type=int),
            value=value,
            second=second,
            comparator=comparator,
        )
