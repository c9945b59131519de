"""What the merge page shows of each cell, and what a person may decide about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from enum import StrEnum

from lth.core.i18n import Message
from lth.drafting.target_input import TargetEdit
from lth.exchange.workbook.merging import OPEN, WANTED, MergeState

Shown = str | Message


class ItemKind(StrEnum):
    """What an item writes: a target's cell, one field of a line, a whole line added or removed."""

    TARGET = "target"
    FIELD = "field"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class MergeItem:
    """One cell, or one line that is new or gone, with the three values as people read them.

    `id` tells it apart on the page and names what is written: a line's key and a field, or the
    place of a new row. `theirs` is how it stands now, by whom and when; `base` as it was exported.
    """

    id: str
    kind: ItemKind
    state: MergeState
    sheet: str
    address: str
    label: Shown
    about: Shown = ""
    base: Shown = ""
    mine: Shown = ""
    theirs: Shown = ""
    by: str = ""
    at: datetime | None = None
    version: int = 0
    problem: Message | None = None
    doubt: Message | None = None
    part: str = ""
    key: str = ""
    field: str = ""
    texts: dict[str, str] = attribute(default_factory=dict)
    edit: TargetEdit | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether it is for the person to decide."""
        return self.state in OPEN

    @property
    def wanted(self) -> bool:
        """Tell whether it is written unless the person leaves it out; a line's end is asked for."""
        return self.state in WANTED and self.kind is not ItemKind.REMOVED and self.doubt is None

    @property
    def mark(self) -> str:
        """Return what a decision about it was taken on: another mark, and it is asked again."""
        return f"{self.state.value}:{self.version}"


@dataclass(frozen=True)
class MergeReport:
    """All cells of a file against the plan as it is now."""

    items: Sequence[MergeItem]
    notes: Sequence[Message] = ()

    def of(self, *states: MergeState) -> list[MergeItem]:
        """List the items in some states."""
        return [item for item in self.items if item.state in states]

    def count(self, state: MergeState) -> int:
        return len(self.of(state))

    @property
    def open(self) -> list[MergeItem]:
        """List what the person decides on."""
        return [item for item in self.items if item.is_open]


def in_order(items: Iterable[MergeItem]) -> list[MergeItem]:
    """Put conflicts first, then what is wrong, then what is written, each in the file's order."""
    order = (MergeState.CONFLICT, MergeState.WRONG)
    return sorted(items, key=lambda one: order.index(one.state) if one.state in order else 2)
