"""Công văn trả lại: tells the unit below what to mend before its document is submitted again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lth.exchange.papers import around, letterhead
from lth.exchange.papers.issuing import UNSIGNED
from lth.exchange.papers.text import (
    Block,
    PaperKind,
    PaperText,
    closed,
    plain,
)
from lth.models import Document, Remark


@dataclass(frozen=True, slots=True)
class Returned:
    """A document that was sent back: why, and what was remarked at which place."""

    document: Document
    named: str
    reason: str
    remarks: Sequence[Remark]
    places: Mapping[str, str]
    year: int | None = None


def of_returned(what: Returned) -> PaperText:
    """Return the letter of the unit above. Raises ValueError for a document that goes to nobody."""
    unit = what.document.next_unit
    if unit is None:
        raise ValueError(f"document {what.document.id} goes to nobody")
    parent, agency = letterhead.agency_block(
        unit.full_name, unit.parent.full_name if unit.parent else ""
    )
    return PaperText(
        kind=PaperKind.LETTER,
        parent=parent,
        agency=agency,
        symbol=letterhead.symbol_of(PaperKind.LETTER),
        place=letterhead.place_of(unit.full_name),
        subject=f"hoàn chỉnh {what.named}",
        body=closed(tuple(_body(what))),
        signature=UNSIGNED,
        year=what.year,
        addressees=(around.committee_of(what.document.unit),),
        recipients=("Như trên",),
    )


def _body(what: Returned) -> Iterator[Block]:
    unit = what.document.next_unit
    above = around.committee_of(unit) if unit else ""
    own = around.committee_of(what.document.unit)
    yield plain(f"Sau khi xem xét {what.named} của {own}, {above} có ý kiến như sau:")
    if what.reason:
        yield plain(what.reason)
    if what.remarks:
        yield plain("Những nội dung đề nghị hoàn chỉnh:")
    for number, one in enumerate(what.remarks, 1):
        place = what.places.get(one.line_key, "")
        yield plain(f"{number}. {f'{place}: ' if place else ''}{one.text}")
    yield plain(f"{above} trả lại hồ sơ để {own} hoàn chỉnh và trình lại.")
