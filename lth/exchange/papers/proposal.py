"""Tờ trình: a unit submits its plan, or its synthesis, to the one above and asks for approval."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lth.content import targets
from lth.content.line_types import SOURCE_LABEL
from lth.content.money import Totals
from lth.content.targets import Figure
from lth.core.vietnamese import format_money
from lth.exchange.papers import around, letterhead
from lth.exchange.papers.issuing import UNSIGNED
from lth.exchange.papers.text import (
    Block,
    PaperKind,
    PaperText,
    ParagraphStyle,
    closed,
    plain,
)
from lth.models import Document, Indicator, Phase

MOST_FIGURES = 8
"""How many figures the text tells; the document that goes with it has all."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure that a proposal tells, beside what was assigned; `phase` where there are several."""

    indicator: Indicator
    phase: Phase
    figure: Figure
    assigned: int | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A document as a proposal speaks of it.

    `named` is what it is called within a sentence ("Kế hoạch phát triển …"), `basis` what it
    carries out (the plan above, as cited), `bases` whole lines of căn cứ.
    """

    document: Document
    named: str
    figures: Sequence[KeyFigure]
    money: Totals | None = None
    bases: Sequence[str] = ()
    draft: bool = True


def of_submitted(what: Submitted) -> PaperText:
    """Return the paper with which a document goes to the unit above.

    Its number is given once it is signed: it has none here. Raises ValueError for a document that
    goes to nobody.
    """
    document = what.document
    if document.next_unit is None:
        raise ValueError(f"document {document.id} goes to nobody")
    above = around.committee_of(document.next_unit)
    parent, agency = letterhead.agency_block(document.unit.full_name, document.next_unit.full_name)
    return PaperText(
        kind=PaperKind.PROPOSAL,
        parent=parent,
        agency=agency,
        symbol=letterhead.symbol_of(PaperKind.PROPOSAL),
        place=letterhead.place_of(document.unit.full_name),
        subject=f"Về việc đề nghị phê duyệt {what.named}",
        body=closed(tuple(_body(what, above))),
        signature=UNSIGNED,
        year=document.created_at.year,
        addressees=(above,),
        bases=tuple(what.bases),
        recipients=("Như trên",),
        draft=what.draft,
    )


def _body(what: Submitted, above: str) -> Iterator[Block]:
    own = around.committee_of(what.document.unit)
    yield plain(
        f"{own} đã xây dựng {what.named}, kính trình {above} xem xét, phê duyệt với những nội dung"
        " chính sau đây:"
    )
    sections = [_figures(what), _money(what.money)]
    there = [list(section) for section in sections]
    number = 0
    for title, lines in zip(("Chỉ tiêu chủ yếu", "Kinh phí"), there, strict=True):
        if lines:
            number += 1
            yield plain(f"{number}. {title}", ParagraphStyle.CLAUSE, bold=True)
            yield from (plain(line, ParagraphStyle.ITEM) for line in lines)
    yield plain(f"{number + 1}. Đề nghị", ParagraphStyle.CLAUSE, bold=True)
    yield plain(f"Kính đề nghị {above} xem xét, phê duyệt để {own} tổ chức thực hiện.")
    yield plain(f"(Gửi kèm theo dự thảo {what.named})")


def _figures(what: Submitted) -> Iterator[str]:
    several = len({one.phase.id for one in what.figures}) > 1
    for one in what.figures[:MOST_FIGURES]:
        name = one.indicator.label_vi
        name += f" {one.phase.code.replace('-', '–')}" if several else ""
        yield f"- {name}: {around.amount(one.figure, one.indicator)}{_given(one)};"


def _given(one: KeyFigure) -> str:
    if one.assigned is None:
        return ""
    return f" (được giao {targets.amount(one.assigned, one.indicator)})"


def _money(money: Totals | None) -> Iterator[str]:
    if money is None or not money.total:
        return
    yield f"- Tổng kinh phí dự kiến: {format_money(money.total)};"
    for source, amount in money.by_source.items():
        if source is not None:
            yield f"- {SOURCE_LABEL[source]}: {format_money(amount)};"
