"""Báo cáo: what was done in a window, with its table of figures and, of one that adds others up,
every unit's figures in an annex.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.content import table_figures
from lth.content.targets import Figure
from lth.core.vietnamese import capitalize_first, format_date, format_percent, lower_first
from lth.drafting.reported import MISSING_LABEL, STATE_LABEL
from lth.exchange.papers import around, letterhead, unit_matrix
from lth.exchange.papers.body import blocks, paragraph
from lth.exchange.papers.issuing import Issuing
from lth.exchange.papers.plan_lines import roman
from lth.exchange.papers.text import (
    KIND_NAME,
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
from lth.models import Document, Indicator, ReportItem, ReportValue, Revision, Section
from lth.models.programme import Measure
from lth.models.report import Reported, ReportItemKind
from lth.programmes.catalogue_file import TOPIC_LABEL
from lth.reporting import sheet as typed
from lth.reporting import sum_sheet, unit_sums
from lth.reporting.sums import Sum
from lth.synthesis.children import sees_below

SUBJECT = "Kết quả thực hiện Kế hoạch Câu lạc bộ Liên thế hệ tự giúp nhau"

_ITEM_TITLE = {
    ReportItemKind.DIFFICULTY: "Khó khăn, vướng mắc",
    ReportItemKind.REQUEST: "Kiến nghị, đề xuất",
    ReportItemKind.COMMENDATION: "Đề nghị khen thưởng",
}
_FIGURES, _BY_UNIT = "Biểu số liệu", "Số liệu của từng đơn vị"


@dataclass(frozen=True)
class DoneLine:
    """A row of the table of figures, in words; empty where there is nothing to say."""

    indicator: Indicator
    promised: str
    done: str
    cumulative: str
    share: str
    note: str = ""


@dataclass(frozen=True)
class UnitLine:
    """What one unit says, by indicator id; None where the report went without it."""

    name: str
    says: Mapping[int, Sum] | None


@dataclass(frozen=True)
class ReportTold:
    """All that the paper of a report says. `units` are those that it adds up, with their `sums`."""

    document: Document
    sections: Sequence[Section]
    items: Sequence[ReportItem]
    lines: Sequence[DoneLine]
    units: Sequence[UnitLine] = ()
    sums: Mapping[int, Sum] = field(default_factory=dict)


def told(session: Session, document: Document, revision: Revision, scope: Scope) -> ReportTold:
    """Read what the paper of a report says; the caller has read both within the scope."""
    sections = session.scalars(
        select(Section).where(Section.revision_id == revision.id).order_by(Section.ordinal)
    ).all()
    items = session.scalars(
        select(ReportItem)
        .where(ReportItem.revision_id == revision.id)
        .order_by(ReportItem.ordinal, ReportItem.id)
    ).all()
    if document.kind.is_computed:
        read = sum_sheet.sheet(session, document, revision, scope)
        found = {line.indicator.id: line.shown for line in read.lines if line.shown is not None}
        lines = [_summed(line) for line in read.lines]
        units = _units(session, document, revision, scope)
        return ReportTold(document, sections, items, lines, units, found)
    page = typed.sheet(session, document, revision, scope)
    lines = []
    for group in page.groups:
        lines += [_reported(row) for row in group.rows]
        lines += [_quotient(row) for row in group.shares if row.value is not None]
    return ReportTold(document, sections, items, lines)


def _units(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> list[UnitLine]:
    if not sees_below(scope, document):
        return []
    matrix = unit_sums.matrix(session, document, revision, scope)
    found = []
    for row in matrix.rows:
        says = row.taken if matrix.is_taken else row.now
        found.append(UnitLine(row.unit.full_name, says or None))
    return found


# --- Words for figures --------------------------------------------------------------------


def _reported(row: typed.ValueRow) -> DoneLine:
    return DoneLine(
        row.indicator,
        _promised(row.planned, row.assigned, row.indicator),
        state(row.row, row.indicator),
        _number(row.cumulative.value, row.indicator) if row.row is not None else "",
        _share(row.share),
        row.row.reason if row.row is not None else "",
    )


def _quotient(row: typed.ShareRow) -> DoneLine:
    value = _number(row.value, row.indicator)
    return DoneLine(
        row.indicator, _promised(row.planned, row.assigned, row.indicator), value, "", ""
    )


def _summed(line: sum_sheet.SumLine) -> DoneLine:
    found = line.shown
    done = _sum(found, line.indicator)
    cumulative = _number(found.cumulative, line.indicator) if found is not None else ""
    promised = _promised(line.planned, line.assigned, line.indicator)
    return DoneLine(line.indicator, promised, done, cumulative, _share(line.share), _heard(found))


def state(row: ReportValue | None, indicator: Indicator) -> str:
    """Word one of the four states: a number, nothing happened, does not apply, nothing said."""
    if row is None:
        return MISSING_LABEL
    if row.reported is Reported.VALUE:
        return _number(row.value, indicator)
    return STATE_LABEL[row.reported]


def _sum(found: Sum | None, indicator: Indicator) -> str:
    if found is None or not found.said:
        return MISSING_LABEL
    if found.value is not None:
        return _number(found.value, indicator)
    if found.nils:
        return STATE_LABEL[Reported.NIL]
    return STATE_LABEL[Reported.NOT_APPLICABLE]


def _heard(found: Sum | None) -> str:
    """Say of how many units it is, where not all gave a number."""
    if found is None:
        return ""
    parts = (
        (found.nils, "không phát sinh"),
        (found.not_applicable, "không áp dụng"),
        (found.missing, "chưa có số liệu"),
    )
    return "; ".join(f"{count} đơn vị {words}" for count, words in parts if count)


def _number(value: int | None, indicator: Indicator) -> str:
    return "" if value is None else table_figures.number(value, indicator)


def _promised(planned: Figure | None, assigned: int | None, indicator: Indicator) -> str:
    """Word what was to be reached: what was assigned, else what was planned."""
    if assigned is not None:
        return table_figures.number(assigned, indicator)
    return table_figures.figure(planned, indicator) if planned is not None else ""


def _share(share: int | None) -> str:
    return "" if share is None else format_percent(share).removesuffix("%").rstrip()


# --- The paper ----------------------------------------------------------------------------


def of_report(read: ReportTold, issued: Issuing) -> PaperText:
    """Return a report as the paper that it goes up as."""
    document, above = read.document, read.document.next_unit
    parent, agency = letterhead.agency_block(
        document.unit.full_name, above.full_name if above else ""
    )
    paper = PaperText(
        kind=PaperKind.REPORT,
        parent=parent,
        agency=agency,
        symbol=issued.symbol or letterhead.symbol_of(PaperKind.REPORT),
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
    """Return what a report is called within a sentence."""
    return f"{KIND_NAME[PaperKind.REPORT]} {lower_first(SUBJECT)} {around.years(document.period)}"


def _body(read: ReportTold) -> Iterator[Block]:
    yield plain(_opening(read))
    written = [section for section in read.sections if section.body.strip()]
    for section in written:
        yield paragraph(section.title)
        yield from blocks(section.body)
    yield from _items(read, len(written))


def _opening(read: ReportTold) -> str:
    document, period = read.document, read.document.period
    days = f"từ ngày {format_date(period.starts_on)} đến ngày {format_date(period.ends_on)}"
    said = (
        f"{around.committee_of(document.unit)} báo cáo kết quả {around.years(period)}"
        f" (số liệu {days})"
    )
    if document.kind.is_computed and read.units:
        heard = sum(unit.says is not None for unit in read.units)
        said += f", tổng hợp từ {heard:02} trên {len(read.units):02} đơn vị cấp dưới,"
    return f"{said} như sau:"


def _items(read: ReportTold, before: int) -> Iterator[Block]:
    """Yield each kind of items under a title, numbered on after the sections."""
    number = before
    for kind, title in _ITEM_TITLE.items():
        listed = [item.text.strip() for item in read.items if item.kind is kind]
        if not any(listed):
            continue
        number += 1
        yield paragraph(f"{roman(number)}. {title}")
        for text in listed:
            ended = text if text.endswith((".", "!", "?", ";")) else f"{text}."
            yield plain(f"- {ended}", ParagraphStyle.ITEM)


def _annexes(read: ReportTold, paper: PaperText) -> Iterator[Annex]:
    belongs = letterhead.belongs_to(
        KIND_NAME[paper.kind],
        paper.numbered,
        paper.day,
        paper.year,
        around.committee_of(read.document.unit),
    )
    parts = ((_FIGURES, _figures(read.lines)), (_BY_UNIT, _by_unit(read)))
    there = [(title, body) for title, body in parts if body]
    for at, (title, body) in enumerate(there, 1):
        label = f"Phụ lục {roman(at)}" if len(there) > 1 else "Phụ lục"
        yield Annex(label, title, belongs, body, landscape=True)


def _figures(lines: Sequence[DoneLine]) -> tuple[Block, ...]:
    """Return the table of figures by topic."""
    rows: list[TableRow] = []
    topic = ""
    for number, line in enumerate(lines, 1):
        indicator = line.indicator
        if indicator.topic != topic:
            topic = indicator.topic
            rows.append(TableRow((TOPIC_LABEL.get(topic, topic),), heading=True))
        unit = "đồng" if indicator.measure is Measure.MONEY else indicator.unit_vi
        cells = (line.promised, line.done, line.cumulative, line.share, line.note)
        rows.append(TableRow((str(number), indicator.label_vi, unit, *cells)))
    columns = (
        TableColumn("TT", 4, Align.CENTRE),
        TableColumn("Chỉ tiêu", 24),
        TableColumn("Đơn vị tính", 10, Align.CENTRE),
        TableColumn("Được giao, kế hoạch", 12, Align.RIGHT),
        TableColumn("Thực hiện trong kỳ", 13, Align.RIGHT),
        TableColumn("Lũy kế", 12, Align.RIGHT),
        TableColumn("Đạt (%)", 8, Align.RIGHT),
        TableColumn("Ghi chú", 17),
    )
    return (Table(columns, tuple(rows)),) if rows else ()


def _by_unit(read: ReportTold) -> tuple[Block, ...]:
    """Return units × indicators, parted so that each head can be read."""
    if not read.units:
        return ()
    spoken = [line.indicator for line in read.lines if line.indicator.id in read.sums]
    parts = unit_matrix.parted(spoken)
    found: list[Block] = []
    for number, part in enumerate(parts, 1):
        label = f"Bảng {number}/{len(parts)}" if len(parts) > 1 else ""
        apart = bool(found) and len(read.units) > unit_matrix.MOST_UNITS
        found.append(_matrix_table(read, part, label, apart=apart))
    missing = [unit.name for unit in read.units if unit.says is None]
    return (*found, *unit_matrix.without(missing)) if found else ()


def _matrix_table(
    read: ReportTold, indicators: Sequence[Indicator], label: str, *, apart: bool
) -> Table:
    rows = [
        TableRow((str(number), *_unit_cells(unit, indicators)))
        for number, unit in enumerate(read.units, 1)
    ]
    totals = (_sum(read.sums.get(one.id), one) for one in indicators)
    return Table(
        columns=unit_matrix.columns(indicators),
        rows=(*rows, TableRow(("", unit_matrix.TOTAL, *totals), total=True)),
        unit=label,
        apart=apart,
    )


def _unit_cells(unit: UnitLine, indicators: Sequence[Indicator]) -> tuple[str, ...]:
    name = capitalize_first(unit.name)
    if unit.says is None:
        nothing = (table_figures.NOTHING for _ in indicators)
        return (f"{name} ({unit_matrix.MISSING})", *nothing)
    return (name, *(_sum(unit.says.get(one.id), one) for one in indicators))
