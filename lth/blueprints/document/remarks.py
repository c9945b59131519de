"""What a return pointed at: to the drafters what is to be done, to the reviewer what was done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lth.blueprints.document import parts as document_parts
from lth.blueprints.document.wording import local_name, shown_target
from lth.blueprints.drafting.target_inputs import html_id
from lth.blueprints.web import current
from lth.blueprints.web.levels import desk_url
from lth.content import part_lines
from lth.content.part_values import Words, named
from lth.content.schema import LINE_TYPES
from lth.core.i18n import Message
from lth.core.language import current as language
from lth.core.language import gettext, say
from lth.drafting.locking import Locks
from lth.drafting.reading import RevisionReading
from lth.drafting.sheet import Sheet
from lth.models import Document, Event, Indicator, Phase, Remark, Revision, UnlockedLine
from lth.workflow.acts import Act
from lth.workflow.remarks import WHOLE, place_of
from lth.workflow.states import ABOVE, OWED


@dataclass(frozen=True)
class Item:
    """Something that can be pointed at: its name, where it stands, and what it said and says.

    `before` and `now` are short texts, none where there is nothing or too much to say; `moment`
    is when it was last written.
    """

    key: str
    label: str
    url: str
    before: str | None = None
    now: str | None = None
    changed: bool = False
    moment: datetime | None = None


def _target_label(indicator: Indicator, phase: Phase, many: bool) -> str:
    name = local_name(indicator)
    return f"{name} ({phase.code.replace('-', '–')})" if many else name


def part_of(line_key: str) -> str | None:
    """The part that a key is a line of, or names as a whole: "budget-3", "budget"."""
    name = line_key.partition("-")[0]
    return name if name in LINE_TYPES else None


def place(document_id: int, line_key: str) -> str:
    """Where an item is drafted."""
    part = part_of(line_key)
    if part is not None:
        group = LINE_TYPES[part].group
        whole = not LINE_TYPES[part].single and line_key == part
        anchor = f"part-{line_key}" if whole else line_key
        return desk_url("document_parts", document_id=document_id, group=group) + f"#{anchor}"
    anchor = html_id(line_key) if "@" in line_key else f"s-{line_key}"
    return desk_url("document_draft", document_id=document_id) + f"#{anchor}"


# --- For the drafters ---------------------------------------------------------------------


@dataclass(frozen=True)
class Todo:
    """A remark that wants an answer, and whether its item was written since."""

    remark: Remark
    item: Item
    touched: bool


@dataclass(frozen=True)
class Work:
    """All that a returned document wants of its drafters; `besides` is what they opened more."""

    todos: list[Todo] = field(default_factory=list)
    besides: list[tuple[UnlockedLine, Item]] = field(default_factory=list)

    @property
    def ids(self) -> set[int]:
        """The remarks that can be answered here."""
        return {one.remark.id for one in self.todos}

    @property
    def answered(self) -> int:
        return sum(one.remark.answered_at is not None for one in self.todos)


def work(sheet: Sheet) -> Work:
    """The remarks of the last round and what is left of earlier ones, in the page's order."""
    newest = max((remark.revision_id for remark in sheet.remarks), default=None)
    remarks = [
        remark
        for remark in sheet.remarks
        if remark.revision_id == newest or remark.answered_at is None
    ]
    opened = sheet.locks.besides
    items = _drafted(sheet)
    wanted = {one.line_key for one in (*remarks, *opened)} - items.keys() - {WHOLE}
    items |= _part_items(sheet, wanted)
    return Work(
        [_todo(remark, items) for remark in remarks],
        [(one, _find(items, one.line_key)) for one in opened],
    )


def _todo(remark: Remark, items: Mapping[str, Item]) -> Todo:
    item = _find(items, remark.line_key)
    moments = [one.moment for one in items.values()] if item.key == WHOLE else [item.moment]
    since = remark.published_at
    return Todo(remark, item, any(one and since and one > since for one in moments))


def _find(items: Mapping[str, Item], key: str) -> Item:
    """An item by its key; of a line that is gone, the place where it stood."""
    found = items.get(key) or items.get(place_of(key))
    if found is not None:
        return found
    part = part_of(key)
    if part is None:
        return Item(key, gettext("Toàn văn bản") if key == WHOLE else gettext("Mục đã bỏ"), "")
    return Item(key, say(Message(LINE_TYPES[part].label)), "")


def _drafted(sheet: Sheet) -> dict[str, Item]:
    many = len(sheet.phases) > 1
    synthesis = sheet.document.kind.is_computed
    taken = desk_url("document_synthesis", document_id=sheet.document.id) if synthesis else ""
    items = {}
    for slot in sheet.slots:
        label = _target_label(slot.indicator, slot.phase, many)
        for line in slot.lines:
            now = shown_target(line.target) if line.target else None
            moment = line.target.edited_at if line.target else None
            url = taken or f"#{html_id(line.key)}"
            items[line.key] = Item(line.key, label, url, now=now, moment=moment)
    for one in sheet.parts:
        key, moment = one.section.line_key, one.section.edited_at
        items[key] = Item(key, one.section.title, f"#s-{key}", moment=moment)
    return items


def _part_items(sheet: Sheet, keys: set[str]) -> dict[str, Item]:
    """The lines of the parts, which are drafted on pages of their own."""
    parts = {key: part for key in keys if (part := part_of(key)) is not None}
    if not parts:
        return {}
    words = Words(language(), {slot.indicator.code: slot.indicator for slot in sheet.slots})
    rows = part_lines.rows(current.database(), sheet.revision.id, parts)
    items = {}
    for key, part in parts.items():
        label, moment = say(Message(LINE_TYPES[part].label)), None
        if key in rows:
            line = part_lines.decode(part, key, rows[key].data)
            label, moment = f"{label}: {say(named(line, words))}", rows[key].edited_at
        items[key] = Item(key, label, place(sheet.document.id, key), moment=moment)
    return items


# --- For the reviewer ---------------------------------------------------------------------


@dataclass(frozen=True)
class Settled:
    """A remark of the last return, its item then and now, and whether that settles it.

    It does where the item was changed as answered; an explanation is for the reviewer to judge.
    """

    remark: Remark
    item: Item

    @property
    def changed(self) -> bool:
        return self.item.changed


@dataclass(frozen=True)
class Resubmission:
    """What became of a return: its remarks, what was opened besides, and what else differs."""

    event: Event
    settled: list[Settled]
    besides: list[tuple[UnlockedLine, Item]]
    rest: list[Item]


@dataclass(frozen=True)
class Pins:
    """What the reviewers have remarked on so far; `whole` where a remark is on all of it."""

    listed: list[tuple[Remark, Item]] = field(default_factory=list)
    whole: bool = False


def pins(content: RevisionReading | None, remarks: Iterable[Remark]) -> Pins:
    """The unpublished remarks with their items, in the order they were made."""
    listed = sorted(remarks, key=lambda one: one.id)
    if content is None or not listed:
        return Pins()
    items = items_of(content)
    found = [(one, _now(items, content, one.line_key)) for one in listed]
    return Pins(found, any(one.line_key == WHOLE for one in listed))


def items_of(content: RevisionReading) -> dict[str, Item]:
    """Everything on the reading page that can be pointed at, by key."""
    many = len(content.phases) > 1
    items = {
        cell.line_key: Item(
            cell.line_key,
            _target_label(line.indicator, cell.phase, many),
            f"#c-{cell.line_key}",
            shown_target(cell.before) if cell.before else None,
            shown_target(cell.target) if cell.target else None,
            cell.changed,
        )
        for line in content.lines
        for cell in line.cells
    }
    for part in content.parts:
        key = part.section.line_key
        items[key] = Item(key, part.section.title, f"#s-{key}", changed=part.changed)
    for key, (label, changed) in document_parts.labels(content).items():
        items[key] = Item(key, label, f"#c-{key}", changed=changed)
    return items


ON_THE_WAY = OWED | ABOVE


def last_return(events: list[Event], since: datetime | None) -> Event | None:
    """The return of what was sent at a moment, unless it was taken back."""
    undone = {one.data.get("undoes") for one in events if one.action == Act.UNDO}
    found = [
        one
        for one in events
        if one.action == Act.RETURN and one.seq not in undone and since and one.at >= since
    ]
    return found[-1] if found else None


def resubmission(
    document: Document,
    revision: Revision | None,
    before: Revision | None,
    content: RevisionReading | None,
    remarks: Iterable[Remark],
    events: Iterable[Event],
) -> Resubmission | None:
    """What became of the return of `before`, while it is mended, sent again or under review."""
    if revision is None or before is None or content is None or document.status not in ON_THE_WAY:
        return None
    event = last_return(list(events), before.submitted_at)
    if event is None:
        return None
    items = items_of(content)
    said = [one for one in remarks if one.revision_id == before.id and one.published_at]
    settled = [Settled(one, _now(items, content, one.line_key)) for one in said]
    opened = Locks.of(revision).besides
    besides = [(one, _now(items, content, one.line_key)) for one in opened]
    told = {item.key for item in (*(one.item for one in settled), *(item for _, item in besides))}
    rest = [item for item in items.values() if item.changed and item.key not in told]
    return Resubmission(event, settled, besides, rest)


def _now(items: Mapping[str, Item], content: RevisionReading, key: str) -> Item:
    if key == WHOLE:
        return Item(WHOLE, gettext("Toàn văn bản"), "", changed=bool(content.changes))
    return _find(items, key)
