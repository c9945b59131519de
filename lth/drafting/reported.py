"""What a report says, beside what it said when it was last sent: values and items, compared.

A number, nothing to report, not applicable and nothing said are four things, also where one of
them became another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, defer

from lth.core.i18n import N_, Bilingual, Message
from lth.models import Document, Indicator, Remark, ReportItem, ReportValue
from lth.models.kind import Figures, Kind
from lth.models.report import Reported, ReportItemKind

ITEMS = "item"
"""What the keys of items begin with; alone, it stands for all of them and new ones."""

STATE_LABEL = {
    Reported.VALUE: N_("Có số liệu"),
    Reported.NIL: N_("Không phát sinh"),
    Reported.NOT_APPLICABLE: N_("Không áp dụng"),
}
MISSING_LABEL = N_("Chưa có số liệu")
"""What is said of each state, and of an indicator of which nothing is said."""

ITEM_LABEL = {
    ReportItemKind.DIFFICULTY: N_("Khó khăn, vướng mắc"),
    ReportItemKind.REQUEST: N_("Kiến nghị, đề nghị"),
    ReportItemKind.COMMENDATION: N_("Đề nghị khen thưởng"),
}


@dataclass
class ValueReading:
    """What a report says of an indicator, and what it said when last sent."""

    indicator: Indicator
    value: ReportValue | None = None
    before: ReportValue | None = None
    changed: bool = False
    remarks: list[Remark] = field(default_factory=list)

    @property
    def line_key(self) -> str:
        return self.indicator.code


@dataclass
class ItemReading:
    """An item as it is and as it was; none of either where it was added or removed."""

    line_key: str
    item: ReportItem | None = None
    before: ReportItem | None = None
    changed: bool = False
    remarks: list[Remark] = field(default_factory=list)

    @property
    def shown(self) -> ReportItem:
        """Return the item that is shown: of a removed one, what it was."""
        found = self.item or self.before
        if found is None:
            raise ValueError(f"no item {self.line_key}")
        return found


@dataclass
class ReportReading:
    """The values and items of a revision; of every indicator of the programme, said or not."""

    values: list[ValueReading] = field(default_factory=list)
    items: list[ItemReading] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """Count what differs from the last sending."""
        return sum(one.changed for one in (*self.values, *self.items))


def reports(kind: Kind) -> bool:
    """Tell whether documents of a kind say what was done."""
    return kind.figures is Figures.DONE


def read(
    session: Session, document: Document, ids: Sequence[int], remarks: Mapping[str, list[Remark]]
) -> ReportReading:
    """Read the first revision of a report beside the second, if there is one; in two queries.

    The caller has read both within the scope.
    """
    statement = select(ReportItem).where(ReportItem.revision_id.in_(ids))
    items = compared_items(session.scalars(statement).all(), ids, remarks)
    return ReportReading(values(session, document, ids, remarks), items)


LONG = (Indicator.help_vi, Indicator.help_en)


def values(
    session: Session, document: Document, ids: Sequence[int], remarks: Mapping[str, list[Remark]]
) -> list[ValueReading]:
    """Read what revisions say of each indicator of the programme, in one query; those too of which
    they say nothing.
    """
    of_these = and_(ReportValue.indicator_id == Indicator.id, ReportValue.revision_id.in_(ids))
    statement = (
        select(Indicator, ReportValue)
        .outerjoin(ReportValue, of_these)
        .options(*map(defer, LONG))
        .where(Indicator.programme_id == document.programme_id)
        .order_by(Indicator.ordinal, Indicator.id)
    )
    found: dict[str, ValueReading] = {}
    for indicator, row in session.execute(statement):
        key = indicator.code
        one = found.setdefault(key, ValueReading(indicator, remarks=remarks.get(key, [])))
        if row is not None and row.revision_id == ids[0]:
            one.value = row
        elif row is not None:
            one.before = row
    for one in found.values():
        one.changed = len(ids) > 1 and not same_value(one.value, one.before)
    return list(found.values())


def same_value(one: ReportValue | None, other: ReportValue | None) -> bool:
    """Tell whether two rows say the same; what they are held against is beside the point."""
    if one is None or other is None:
        return one is other
    return (one.reported, one.value, one.reason) == (other.reported, other.value, other.reason)


def compared_items(
    rows: Iterable[ReportItem], ids: Sequence[int], remarks: Mapping[str, list[Remark]]
) -> list[ItemReading]:
    """Put the items of revisions side by side, in order."""
    found: dict[str, ItemReading] = {}
    for row in sorted(rows, key=lambda row: (_place(row), row.revision_id != ids[0])):
        one = found.setdefault(
            row.line_key, ItemReading(row.line_key, remarks=remarks.get(row.line_key, []))
        )
        if row.revision_id == ids[0]:
            one.item = row
        else:
            one.before = row
    for one in found.values():
        one.changed = len(ids) > 1 and not _same_item(one.item, one.before)
    return list(found.values())


def _place(row: ReportItem) -> tuple[int, int, str]:
    return list(ReportItemKind).index(row.kind), row.ordinal, row.line_key


def _same_item(one: ReportItem | None, other: ReportItem | None) -> bool:
    if one is None or other is None:
        return False
    return (one.kind, one.text, one.level) == (other.kind, other.text, other.level)


def in_order(rows: Iterable[ReportItem]) -> list[ReportItem]:
    """Return items as they are listed: difficulties, requests, commendations, each in order."""
    return sorted(rows, key=_place)


def label(indicator: Indicator) -> Bilingual:
    """Return an indicator's name in both languages."""
    return Bilingual(indicator.label_vi, indicator.label_en)


def state_of(row: ReportValue | None) -> Message:
    """Name the state of a row, or of one that is not there."""
    return Message(MISSING_LABEL if row is None else STATE_LABEL[row.reported])


def is_item(line_key: str) -> bool:
    """Tell whether a key is an item's, or stands for all of them."""
    return line_key.partition("-")[0] == ITEMS
