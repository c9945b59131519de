"""The items of a return: to the drafters what is to be done, to the reviewer what was done."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lth.blueprints.document import parts as document_parts
from lth.blueprints.document import reported as document_reported
from lth.blueprints.document.wording import local_name, shown_target
from lth.blueprints.drafting.target_inputs import html_id
from lth.blueprints.web import addresses, current
from lth.blueprints.web.levels import desk_url
from lth.content import line_storage
from lth.content.line_values import Words, named
from lth.content.schema import LINE_TYPES
from lth.core.i18n import Message
from lth.core.language import current as language
from lth.core.language import gettext, say
from lth.drafting import reported
from lth.drafting.locking import Locks
from lth.drafting.reading import RevisionReading
from lth.drafting.sheet import Sheet
from lth.models import Document, Event, Indicator, Phase, Remark, Revision, UnlockedLine
from lth.workflow.acts import Act
from lth.workflow.remarks import WHOLE, changes, place_of
from lth.workflow.states import ABOVE, OWED


@dataclass(frozen=True)
class PointedItem:
    """Something that can be pointed at: its name, where it stands, and what it said and says.

    `before` and `now` are short texts, or `long` ones of which only changes are shown; none where
    there is nothing to say; of a line its `changes`, field by field.
    """

    key: str
    label: str
    url: str
    before: str | None = None
    now: str | None = None
    changed: bool = False
    long: bool = False
    changes: Sequence[document_parts.FieldChange] = ()


def _target_label(indicator: Indicator, phase: Phase, many: bool) -> str:
    name = local_name(indicator)
    return f"{name} ({phase.code.replace('-', '–')})" if many else name


def part_of(line_key: str) -> str | None:
    """Return the part that a key is a line of, or names as a whole: "budget-3", "budget"."""
    name = line_key.partition("-")[0]
    return name if name in LINE_TYPES else None


SECTION = "s."
"""What the keys of sections begin with."""


def value_id(line_key: str) -> str:
    """Return the id of a report's figure where it is drafted."""
    return f"v-{line_key}"


def place(document_id: int, line_key: str) -> str:
    """Return where an item is drafted: of a report, figures and items on pages of their own."""
    part = part_of(line_key)
    if reported.is_item(line_key):
        return addresses.at(desk_url("document_items", document_id=document_id), line_key)
    if part is None and line_key and "@" not in line_key and not line_key.startswith(SECTION):
        url = desk_url("document_values", document_id=document_id)
        return addresses.at(url, value_id(line_key))
    if part is not None:
        group = LINE_TYPES[part].group
        whole = not LINE_TYPES[part].single and line_key == part
        anchor = f"part-{line_key}" if whole else line_key
        return addresses.at(
            desk_url("document_parts", document_id=document_id, group=group), anchor
        )
    anchor = html_id(line_key) if "@" in line_key else f"s-{line_key}"
    return addresses.at(desk_url("document_draft", document_id=document_id), anchor)


# --- For the drafters ---------------------------------------------------------------------


@dataclass(frozen=True)
class Todo:
    """A remark that wants an answer, and whether its item differs from what was returned."""

    remark: Remark
    item: PointedItem
    touched: bool


@dataclass(frozen=True)
class ReturnedWork:
    """All that a returned document wants of its drafters; `besides` is what they opened more."""

    todos: list[Todo] = field(default_factory=list)
    besides: list[tuple[UnlockedLine, PointedItem]] = field(default_factory=list)

    @property
    def ids(self) -> set[int]:
        """List the ids of the remarks that can be answered here."""
        return {todo.remark.id for todo in self.todos}

    @property
    def answered(self) -> int:
        return sum(todo.remark.answered_at is not None for todo in self.todos)


def work(sheet: Sheet) -> ReturnedWork:
    """List the remarks of the last round and what is left of earlier ones, in the page's order."""
    newest = max((remark.revision_id for remark in sheet.remarks), default=None)
    remarks = [
        remark
        for remark in sheet.remarks
        if remark.revision_id == newest or remark.answered_at is None
    ]
    opened = sheet.locks.besides
    keys = {pointing.line_key for pointing in (*remarks, *opened)}
    items = _drafted(sheet, keys)
    items |= _part_items(sheet, keys - items.keys() - {WHOLE})
    items |= _reported_items(sheet, keys - items.keys() - {WHOLE})
    since = {
        id: changes(current.database(), id, sheet.revision.id)
        for id in {remark.revision_id for remark in remarks}
    }
    return ReturnedWork(
        [
            Todo(
                remark,
                _find(items, remark.line_key),
                since[remark.revision_id].touch(remark.line_key),
            )
            for remark in remarks
        ],
        [(line, _find(items, line.line_key)) for line in opened],
    )


def _find(items: Mapping[str, PointedItem], key: str) -> PointedItem:
    """Find an item by its key; of a line that is gone, the place where it stood."""
    found = items.get(key) or items.get(place_of(key))
    if found is not None:
        return found
    part = part_of(key)
    if part is None:
        return PointedItem(
            key, gettext("Toàn văn bản") if key == WHOLE else gettext("Mục đã bỏ"), ""
        )
    return PointedItem(key, say(Message(LINE_TYPES[part].label)), "")


def _drafted(sheet: Sheet, keys: Collection[str]) -> dict[str, PointedItem]:
    """Return the cells and sections that some keys are about, all where one is about the whole."""
    about = None if WHOLE in keys else {*keys, *map(place_of, keys)}
    many = len(sheet.phases) > 1
    synthesis = sheet.document.kind.is_computed
    taken = desk_url("document_synthesis", document_id=sheet.document.id) if synthesis else ""
    items = {}
    for slot in sheet.slots:
        for line in slot.lines:
            if about is not None and line.key not in about:
                continue
            now = shown_target(line.target) if line.target else None
            url = taken or f"#{html_id(line.key)}"
            label = _target_label(slot.indicator, slot.phase, many)
            items[line.key] = PointedItem(line.key, label, url, now=now)
    for part in sheet.parts:
        key = part.section.line_key
        items[key] = PointedItem(key, part.section.title, f"#s-{key}")
    return items


def _part_items(sheet: Sheet, keys: set[str]) -> dict[str, PointedItem]:
    """Find the lines of the parts, which are drafted on pages of their own."""
    parts = {key: part for key in keys if (part := part_of(key)) is not None}
    if not parts:
        return {}
    words = Words(language(), {slot.indicator.code: slot.indicator for slot in sheet.slots})
    rows = line_storage.rows(current.database(), sheet.revision.id, parts)
    items = {}
    for key, part in parts.items():
        label = say(Message(LINE_TYPES[part].label))
        if key in rows:
            line = line_storage.decode(part, key, rows[key].data)
            label = f"{label}: {say(named(line, words))}"
        items[key] = PointedItem(key, label, place(sheet.document.id, key))
    return items


def _reported_items(sheet: Sheet, keys: set[str]) -> dict[str, PointedItem]:
    """Find the figures and items of a report, which are drafted on pages of their own."""
    if not keys or not reported.reports(sheet.document.kind):
        return {}
    found = reported.read(current.database(), sheet.document, [sheet.revision.id], {})
    said = {one.line_key: (one.indicator, one.value) for one in found.values}
    items = {}
    for key, (indicator, row) in said.items():
        now = document_reported.said_fully(row, indicator)
        url = place(sheet.document.id, key)
        items[key] = PointedItem(key, local_name(indicator), url, now=now)
    everything = gettext("Khó khăn, kiến nghị")
    url = place(sheet.document.id, reported.ITEMS)
    items[reported.ITEMS] = PointedItem(reported.ITEMS, everything, url)
    for one in found.items:
        label = document_reported.item_label(one.shown.kind)
        items[one.line_key] = PointedItem(
            one.line_key,
            f"{label}: {document_reported.short(one.shown.text)}",
            place(sheet.document.id, one.line_key),
        )
    return items


# --- For the reviewer ---------------------------------------------------------------------


@dataclass(frozen=True)
class Settled:
    """A remark of the last return, its item then and now, and whether that settles it.

    It does where the item was changed as answered; an explanation is for the reviewer to judge.
    """

    remark: Remark
    item: PointedItem

    @property
    def changed(self) -> bool:
        return self.item.changed


@dataclass(frozen=True)
class Resubmission:
    """What became of a return: its remarks, what was opened besides, and what else differs."""

    event: Event
    settled: list[Settled]
    besides: list[tuple[UnlockedLine, PointedItem]]
    rest: list[PointedItem]


@dataclass(frozen=True)
class Pins:
    """What the reviewers have remarked on so far; `whole` where a remark is on all of it."""

    listed: list[tuple[Remark, PointedItem]] = field(default_factory=list)
    whole: bool = False


def pins(content: RevisionReading | None, remarks: Iterable[Remark]) -> Pins:
    """List the unpublished remarks with their items, in the order they were made."""
    listed = sorted(remarks, key=lambda remark: remark.id)
    if content is None or not listed:
        return Pins()
    items = items_of(content)
    pinned = [(remark, _now(items, content, remark.line_key)) for remark in listed]
    return Pins(pinned, any(remark.line_key == WHOLE for remark in listed))


def items_of(content: RevisionReading) -> dict[str, PointedItem]:
    """List everything on the reading page that can be pointed at, by key."""
    many = len(content.phases) > 1
    items = {
        cell.line_key: PointedItem(
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
        items[key] = PointedItem(
            key, part.section.title, f"#s-{key}", part.before, part.section.body, part.changed, True
        )
    for key, (name, before, now, changed) in document_reported.names(content).items():
        long = reported.is_item(key)
        items[key] = PointedItem(key, name, f"#c-{key}", before, now, changed, long)
    for key, line in document_parts.named_lines(content).items():
        items[key] = PointedItem(
            key, line.label, f"#c-{key}", changed=line.changed, changes=line.changes
        )
    return items


ON_THE_WAY = OWED | ABOVE


def last_return(events: list[Event], since: datetime | None) -> Event | None:
    """Find the return of what was sent at a moment, unless it was taken back."""
    undone = {event.data.get("undoes") for event in events if event.action == Act.UNDO}
    found = [
        event
        for event in events
        if event.action == Act.RETURN and event.seq not in undone and since and event.at >= since
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
    """Tell what became of the return of `before`, while it is mended or read again."""
    if revision is None or before is None or content is None or document.status not in ON_THE_WAY:
        return None
    event = last_return(list(events), before.submitted_at)
    if event is None:
        return None
    items = items_of(content)
    settled = [
        Settled(remark, _now(items, content, remark.line_key))
        for remark in remarks
        if remark.revision_id == before.id and remark.published_at
    ]
    opened = Locks.of(revision).besides
    besides = [(line, _now(items, content, line.line_key)) for line in opened]
    shown = {each.item.key for each in settled} | {item.key for _, item in besides}
    rest = [item for item in items.values() if item.changed and item.key not in shown]
    return Resubmission(event, settled, besides, rest)


def _now(items: Mapping[str, PointedItem], content: RevisionReading, key: str) -> PointedItem:
    if key == WHOLE:
        return PointedItem(WHOLE, gettext("Toàn văn bản"), "", changed=bool(content.changes))
    return _find(items, key)
