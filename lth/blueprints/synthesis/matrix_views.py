"""The matrix of units × indicators beside a synthesis: to compare at a glance, and to print."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth import synthesis
from lth.blueprints.document.wording import local_name, standing_label
from lth.blueprints.synthesis import sum_matrix
from lth.blueprints.synthesis.choices import Choice, topic_name
from lth.blueprints.synthesis.reading import read
from lth.blueprints.web import current, tables
from lth.blueprints.web.levels import desk_url, desk_urls
from lth.blueprints.web.permissions import Permission, needs
from lth.content import table_figures, targets
from lth.core.language import current as language
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable
from lth.models import Document, Indicator, Revision
from lth.models.kind import Figures
from lth.synthesis.children import Standing
from lth.synthesis.matrix import MAIN, Matrix, MatrixColumn, MatrixRow


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(
        "/documents/<int:document_id>/synthesis/matrix", "document_matrix", matrix_page
    )


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A figure as shown, and how far it is from what was assigned."""

    text: str
    gap: str = ""


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A unit's row in words; `note` says how it stands where that is not as it should be."""

    name: str
    url: str
    note: str
    missing: bool
    cells: list[MatrixCell]


@dataclass(frozen=True, slots=True)
class MatrixHead:
    """An indicator's head in words, and what stands below its column."""

    name: str
    unit: str
    url: str
    total: str
    assigned: str
    gap: str


@needs(Permission.READ_DOCUMENTS)
def matrix_page(document_id: int) -> ResponseReturnValue:
    """Show units beside indicators: what they plan, or what they have done."""
    document, revision = read(document_id)
    if document.kind.figures is Figures.DONE:
        return sum_matrix.page(document, revision)
    return _page(document, revision)


def _page(document: Document, revision: Revision) -> ResponseReturnValue:
    """Show the matrix of one phase and topic."""
    document_id = document.id
    found = synthesis.matrix(
        current.database(),
        document,
        revision,
        current.scope(),
        phase=request.args.get("phase", ""),
        topic=request.args.get("topic", MAIN),
        now=request.args.get("of") == "now",
    )
    heads, lines = _heads(document_id, found), _lines(found)
    if tables.wanted():
        return tables.answer(_table(heads, lines), "ma-tran-chi-tieu")
    return render_template(
        "matrix.html",
        document=document,
        found=found,
        heads=heads,
        lines=lines,
        phases=_phases(document_id, found),
        topics=_topics(document_id, found),
        times=_times(document_id, found),
    )


def _table(heads: list[MatrixHead], lines: list[MatrixLine]) -> ListTable:
    """Return the matrix as a list: a unit a row, then what they come to and what was assigned."""
    named = [f"{head.name} ({head.unit})" if head.unit else head.name for head in heads]
    rows = [
        [line.name, line.note, *(tables.value(cell.text) for cell in line.cells)] for line in lines
    ]
    rows.append([gettext("Cộng"), "", *(tables.value(head.total) for head in heads)])
    rows.append([gettext("Cấp trên giao"), "", *(tables.value(head.assigned) for head in heads)])
    return ListTable(gettext("Ma trận"), [gettext("Đơn vị"), gettext("Tình trạng"), *named], rows)


# --- Links --------------------------------------------------------------------------------


def _url(document_id: int, found: Matrix, **changed: str) -> str:
    """Lead to the matrix with one thing changed; what is so anyway does not stand in an address."""
    asked = {
        "phase": found.phase.code,
        "topic": found.topic,
        "of": "now" if found.can_be_taken and not found.taken else "",
    } | changed
    usual = {"phase": found.phases[0].code, "topic": MAIN, "of": ""}
    more = {name: text for name, text in asked.items() if text != usual[name]}
    return desk_url("document_matrix", document_id=document_id, **more)


def _phases(document_id: int, found: Matrix) -> list[Choice]:
    return [
        Choice(
            phase.code.replace("-", "–"),
            _url(document_id, found, phase=phase.code),
            phase is found.phase,
        )
        for phase in found.phases
    ]


def _topics(document_id: int, found: Matrix) -> list[Choice]:
    return [
        Choice(topic_name(topic), _url(document_id, found, topic=topic), topic == found.topic)
        for topic in found.topics
    ]


def _times(document_id: int, found: Matrix) -> list[Choice]:
    if not found.can_be_taken:
        return []
    return [
        Choice(gettext("Số đã tiếp nhận"), _url(document_id, found, of=""), found.taken),
        Choice(gettext("Hiện nay"), _url(document_id, found, of="now"), not found.taken),
    ]


# --- Cells --------------------------------------------------------------------------------


def _heads(document_id: int, found: Matrix) -> list[MatrixHead]:
    url = desk_urls(
        "document_figure", "indicator_id", document_id=document_id, phase_id=found.phase.id
    )
    return [
        MatrixHead(
            name=local_name(column.indicator),
            unit=local_name(column.indicator, "unit"),
            url=url(column.indicator.id),
            total=_total(column, found.heard),
            assigned=_bare(column.assigned, column.indicator),
            gap=_moved(column.gap, column.indicator),
        )
        for column in found.columns
    ]


def _total(column: MatrixColumn, heard: int) -> str:
    found, indicator = column.total, column.indicator
    if found is None:
        return table_figures.NOTHING
    not_added = gettext("không cộng")
    return table_figures.total(found.figure, found.sayings, heard, indicator, not_added, language())


def _lines(found: Matrix) -> list[MatrixLine]:
    url = {
        True: desk_urls("document_synthesis", "document_id"),
        False: desk_urls("document", "document_id"),
    }
    return [
        MatrixLine(
            name=capitalize_first(row.unit.full_name),
            url=url[row.computed](row.document_id) if row.document_id else "",
            note=_note(row, taken=found.taken),
            missing=row.silent,
            cells=[_cell(row, column.indicator) for column in found.columns],
        )
        for row in found.rows
    ]


def _note(row: MatrixRow, *, taken: bool) -> str:
    """Say how a unit stands, unless all is as it should be."""
    well = {Standing.IN} if taken else {Standing.IN, Standing.CHANGED, Standing.LATE}
    return "" if row.standing in well else standing_label(row.standing)


def _cell(row: MatrixRow, indicator: Indicator) -> MatrixCell:
    gap = row.gap(indicator)
    text = table_figures.said(row.says.get(indicator.id, ()), indicator, language())
    return MatrixCell(text, _moved(gap, indicator) if gap else "")


def _bare(value: int | None, indicator: Indicator) -> str:
    return table_figures.number(value, indicator, language())


def _moved(gap: int | None, indicator: Indicator) -> str:
    """Word a gap: "+2", "−14", "0"; of none, nothing."""
    if gap is None:
        return "–"
    text = targets.bare(abs(gap), indicator.measure, language())
    return text if not gap else f"{'+' if gap > 0 else '−'}{text}"
