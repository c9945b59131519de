"""Báo cáo tổng hợp: what the units below come to, with every unit's figures in its annexes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lth.checks.loading import ContentRows
from lth.content import table_figures
from lth.core.vietnamese import capitalize_first, lower_first
from lth.exchange.papers import around, letterhead, unit_matrix, unit_money
from lth.exchange.papers.body import blocks, paragraph
from lth.exchange.papers.issuing import Issuing
from lth.exchange.papers.text import (
    KIND_NAME,
    LETTERS,
    Align,
    Annex,
    Block,
    PaperKind,
    PaperText,
    ParagraphStyle,
    Table,
    TableColumn,
    TableRow,
    closed,
    plain,
)
from lth.models import Document, Indicator, Phase
from lth.programmes.catalogue_file import TOPIC_LABEL
from lth.synthesis.received import ReceivedUnit
from lth.synthesis.sheet import total_of
from lth.synthesis.totals import Cell, Total

SUBJECT = "Tổng hợp kế hoạch Câu lạc bộ Liên thế hệ tự giúp nhau"
NOT_TAKEN = "Chưa tiếp nhận số liệu của đơn vị nào."
HEADLINES = ("clubs_new", "clubs_total", "members_total", "older_reached", "income_fund_balance")
"""The totals that the text itself tells; the annexes have all."""

_NUMERALS = ("I", "II", "III")
_KINDS = {letters: kind for kind, letters in LETTERS.items() if letters}


def of_synthesis(rows: ContentRows, units: Sequence[ReceivedUnit], issued: Issuing) -> PaperText:
    """Return a synthesis as the report that it goes up as; `rows` and `units` are one revision's.

    It is of the kind that its number says, a report while it has none.
    """
    read = _Synthesis(rows, units)
    kind = _KINDS.get(issued.kind, PaperKind.REPORT)
    kind = PaperKind.REPORT if kind is PaperKind.APPRAISAL else kind
    document, above = rows.document, rows.document.next_unit
    parent, agency = letterhead.agency_block(
        document.unit.full_name, above.full_name if above else ""
    )
    paper = PaperText(
        kind=kind,
        parent=parent,
        agency=agency,
        symbol=issued.symbol or letterhead.symbol_of(kind),
        place=letterhead.place_of(document.unit.full_name),
        subject=f"{SUBJECT} {around.years(document.period)}",
        body=closed(tuple(_body(read))),
        signature=issued.signature,
        number=issued.number,
        day=issued.day,
        year=None if issued.day else document.created_at.year,
        addressees=(around.committee_of(above),) if above else (),
        recipients=("Như trên",) if above else (),
        draft=issued.draft,
    )
    return replace(paper, annexes=tuple(_annexes(read, paper)))


def named(document: Document) -> str:
    """Return what a synthesis is called within a sentence."""
    return f"{KIND_NAME[PaperKind.REPORT]} {lower_first(SUBJECT)} {around.years(document.period)}"


@dataclass(frozen=True)
class _Synthesis:
    """A synthesis as it is printed: its rows, its units, and what it took over by cell."""

    rows: ContentRows
    units: Sequence[ReceivedUnit]

    @cached_property
    def totals(self) -> dict[Cell, Total]:
        listed = (target for target, _ in self.rows.targets)
        return {(one.indicator_id, one.phase_id): total_of(one) for one in listed}

    @cached_property
    def indicators(self) -> list[Indicator]:
        return list(self.rows.indicators.values())

    @property
    def phases(self) -> Sequence[Phase]:
        return self.rows.phases

    @property
    def missing(self) -> list[str]:
        return [unit.unit.full_name for unit in self.units if unit.missing]

    def assigned(self, indicator: Indicator, phase: Phase) -> str:
        """Word what the level above assigned; nothing where it assigned nothing."""
        found = self.rows.assigned.get((indicator.id, phase.id))
        return "" if found is None else table_figures.number(found.value, indicator)

    def total(self, indicator: Indicator, phase: Phase) -> str:
        """Word what the units come to; nothing where none says anything."""
        found = self.totals.get((indicator.id, phase.id))
        if found is None:
            return ""
        heard = len(self.units) - len(self.missing)
        return table_figures.total(
            found.figure, found.sayings, heard, indicator, unit_matrix.NOT_ADDED
        )


# --- Its text -----------------------------------------------------------------------------


def _body(read: _Synthesis) -> Iterator[Block]:
    first, *others = [section for section, _ in read.rows.sections] or [None]
    yield plain(_opening(read))
    if first is not None:
        yield paragraph(first.title)
        yield from blocks(first.body)
    yield from _summary(read)
    for section in others:
        if section.body.strip():
            yield paragraph(section.title)
            yield from blocks(section.body)


def _opening(read: _Synthesis) -> str:
    document = read.rows.document
    said = f"{around.committee_of(document.unit)} tổng hợp kế hoạch {around.years(document.period)}"
    if not read.units:
        return f"{said}. {NOT_TAKEN}"
    heard = len(read.units) - len(read.missing)
    return f"{said} của {heard:02} trên {len(read.units):02} đơn vị cấp dưới như sau:"


def _summary(read: _Synthesis) -> Iterator[Block]:
    """Tell the totals that matter most, and who is not in them."""
    told = list(_headlines(read))
    if told:
        yield plain("Số liệu tổng hợp (chi tiết tại các phụ lục kèm theo):")
        yield from (plain(f"- {text};", ParagraphStyle.ITEM) for text in told[:-1])
        yield plain(f"- {told[-1]}.", ParagraphStyle.ITEM)
    if read.missing:
        why = read.rows.revision.absence_reason.strip().rstrip(".")
        named = f"Chưa có số liệu của {len(read.missing):02} đơn vị: {', '.join(read.missing)}"
        yield plain(f"{named}. Lý do: {why}." if why else f"{named}.")


def _headlines(read: _Synthesis) -> Iterator[str]:
    several = len(read.phases) > 1
    for code in HEADLINES:
        indicator = read.rows.indicators.get(code)
        for phase in read.phases if indicator else ():
            total = read.totals.get((indicator.id, phase.id))
            if total is None or total.figure is None:
                continue
            name = indicator.label_vi + (f" {phase.code.replace('-', '–')}" if several else "")
            given = read.assigned(indicator, phase)
            beside = f" (được giao {given})" if given else ""
            yield f"{name}: {around.amount(total.figure, indicator)}{beside}"


# --- Its annexes --------------------------------------------------------------------------


def _annexes(read: _Synthesis, paper: PaperText) -> Iterator[Annex]:
    """Yield totals, figures by unit and money by unit, of those that there is something in."""
    parts = (
        ("Tổng hợp chỉ tiêu", _totals(read), len(read.phases) > 1),
        (
            "Chỉ tiêu của từng đơn vị",
            unit_matrix.blocks(read.units, read.indicators, read.phases, read.totals),
            True,
        ),
        ("Kinh phí của từng đơn vị", unit_money.blocks(read.units), True),
    )
    there = [(title, body, wide) for title, body, wide in parts if body]
    for numeral, (title, body, wide) in zip(_NUMERALS, there, strict=False):
        yield Annex(f"Phụ lục {numeral}", title, _belongs(read, paper), body, landscape=wide)


def _belongs(read: _Synthesis, paper: PaperText) -> str:
    return letterhead.belongs_to(
        KIND_NAME[paper.kind],
        paper.numbered,
        paper.day,
        paper.year,
        around.committee_of(read.rows.document.unit),
    )


def _totals(read: _Synthesis) -> tuple[Block, ...]:
    """Return the table of totals by topic, beside what was assigned."""
    rows: list[TableRow] = []
    topic, number = "", 0
    for indicator in read.indicators:
        cells = [
            text
            for phase in read.phases
            for text in (read.assigned(indicator, phase), read.total(indicator, phase))
        ]
        if not any(cells):
            continue
        if indicator.topic != topic:
            topic = indicator.topic
            rows.append(TableRow((TOPIC_LABEL.get(topic, topic),), heading=True))
        number += 1
        rows.append(TableRow((str(number), indicator.label_vi, indicator.unit_vi, *cells)))
    return (Table(_total_columns(read.phases), tuple(rows)),) if rows else ()


def _total_columns(phases: Sequence[Phase]) -> tuple[TableColumn, ...]:
    several = len(phases) > 1
    pairs = [
        (f"{title} {phase.code.replace('-', '–')}" if several else title, share)
        for phase in phases
        for title, share in (("Được giao", 14), ("Tổng hợp", 18))
    ]
    return (
        TableColumn("TT", 5, Align.CENTRE),
        TableColumn("Chỉ tiêu", 32),
        TableColumn("Đơn vị tính", 12),
        *(TableColumn(capitalize_first(title), share, Align.RIGHT) for title, share in pairs),
    )
