"""ResultSheet as tables: units by indicators; a plan, its quotas and its results side by side; one
indicator down to the clubs that make it; the clubs outside the norms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.document.wording import local_name
from lth.blueprints.reporting import result_pages, result_words
from lth.blueprints.reporting.dashboards import (
    HeatRow,
    club_row,
    heads,
    heat_rows,
    lines_table,
    rows_of,
    trends,
)
from lth.blueprints.reporting.result_pages import ResultPage
from lth.blueprints.reporting.result_words import ResultRow
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.content import targets
from lth.core.errors import NotFoundError
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first, collation_key
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Indicator
from lth.reporting import dashboard, from_books, standing_reads
from lth.reporting.from_books import ClubFigure, is_flow
from lth.reporting.standing import UnitResults


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    unit = "/results/units/<int:unit_id>"
    rule(f"{unit}/table", "results_table", table)
    rule(f"{unit}/beside", "results_beside", beside)
    rule(f"{unit}/clubs", "results_clubs", clubs)
    rule(f"{unit}/indicators/<code>", "results_indicator", indicator)


# --- Units × indicators -------------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def table(unit_id: int) -> ResponseReturnValue:
    """Show all units below by the indicators of a topic."""
    page = result_pages.look(unit_id)
    results = page.results
    columns = results.main
    found = heads(page, columns)
    office, options, units = _of_office(page)
    if tables.wanted():
        rows = heat_rows(page, units, len(columns))
        return tables.answer(_heat_table([head.name for head in found], rows), "ket-qua-don-vi")
    pager = paging.page(len(units))
    first = (pager.number - 1) * paging.SIZE
    units = units[first : first + paging.SIZE]
    chosen = page.choices()
    chosen["chosen"]["office"] = office
    return render_template(
        "reporting/results_table.html",
        page=page,
        heads=found,
        heat=heat_rows(page, units, len(columns)),
        pager=pager,
        office_options=options,
        **chosen,
    )


def _of_office(page: ResultPage) -> tuple[str, list[tuple[str, str]], list[UnitResults]]:
    """Return the office that is asked for, those there are to choose from, and the units below
    whose reports it sent. Raises NotFoundError for an office that sent none.
    """
    results, asked = page.results, request.args.get("office", "")
    below, window = list(results.below), results.choice.window
    ids = [one.unit.id for one in below]
    sent = (
        standing_reads.offices(current.database(), current.scope(), ids, window.period_id)
        if window is not None and ids
        else {}
    )
    names = sorted(set(sent.values()), key=collation_key)
    if asked and asked not in names:
        raise NotFoundError
    options = [("", gettext("Mọi phòng, ban")), *((name, name) for name in names)]
    chosen = [one for one in below if not asked or sent.get(one.unit.id) == asked]
    return asked, options, chosen


def _heat_table(names: Sequence[str], rows: Sequence[HeatRow]) -> ListTable:
    """Return the table with two columns for each indicator: what was done, and of how much."""
    head = [gettext("Đơn vị"), gettext("Nguồn")]
    for name in names:
        head += [name, gettext("%(name)s: phải đạt", name=name)]
    listed: list[list[TableValue]] = []
    for row in rows:
        cells: list[TableValue] = [row.name, row.source]
        for cell in row.cells:
            cells += [tables.value(cell.text), tables.value(cell.note.removeprefix("/ "))]
        listed.append(cells)
    return ListTable(gettext("Kết quả các đơn vị"), head, listed)


# --- Side by side -------------------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def beside(unit_id: int) -> ResponseReturnValue:
    """Show every indicator of a unit: the quota, the plan and the result beside one another."""
    page = result_pages.look(unit_id)
    results = page.results
    lines = [line for line in results.own.lines.values() if not line.empty]
    rows = rows_of(page, lines)
    if tables.wanted():
        return tables.answer(lines_table(rows), "ke-hoach-va-ket-qua")
    return render_template(
        "reporting/results_beside.html",
        page=page,
        rows=rows,
        documents=_documents(page, results.own),
        units=[
            (capitalize_first(one.unit.full_name), page.url("results_beside", one.unit.id))
            for one in results.below
        ],
        **page.choices(),
    )


def _documents(page: ResultPage, own: UnitResults) -> list[tuple[str, str]]:
    """List the documents that the figures are of, each with its address."""
    choice, plans = page.results.choice, (own.plan, own.synthesis)
    found = [(one.kind, choice.period.code, one.document_id) for one in plans if one is not None]
    if own.report is not None and choice.window is not None:
        row = own.report.document
        found.append((row.kind, choice.window.code, row.document_id))
    return [
        (result_words.document_title(kind, code), desk_url("document", document_id=document_id))
        for kind, code, document_id in found
    ]


# --- One indicator ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClubPart:
    """A club's part in a figure, in words; without `url` where there is no page of it."""

    name: str
    url: str
    value: str
    month: str


@needs(Permission.READ_DOCUMENTS)
def indicator(unit_id: int, code: str) -> ResponseReturnValue:
    """Show one indicator of a unit, and what makes it: the units below, or the clubs."""
    page = result_pages.look(unit_id, code)
    results = page.results
    one, line = results.main[0], results.own.lines[code]
    units = unit_rows(page, one)
    parts = [] if units else _clubs(page, one)
    if tables.wanted():
        return tables.answer(_parts_table(one, units, parts), "chi-tieu")
    return render_template(
        "reporting/results_indicator.html",
        page=page,
        indicator=one,
        row=rows_of(page, [line])[0],
        legend=result_words.legend(),
        trends=trends(page, [line]),
        units=units,
        parts=parts,
        counts=_counts(page, one),
        **page.choices(),
    )


def unit_rows(page: ResultPage, one: Indicator) -> list[tuple[str, str, ResultRow]]:
    """Word the indicator's line of each unit below, with the unit's name and its page of it."""
    elapsed, found = page.results.choice.elapsed, []
    for unit in page.results.below:
        url = page.url("results_indicator", unit.unit.id, code=one.code)
        row = result_words.row(unit.lines[one.code], url, elapsed, f"unit-{unit.unit.id}")
        found.append((capitalize_first(unit.unit.full_name), url, row))
    return found


def _clubs(page: ResultPage, one: Indicator) -> list[ClubPart]:
    """List what each club contributes by its books, since the plan began for what adds up."""
    choice = page.results.choice
    found = from_books.figures(
        current.database(),
        current.scope(),
        unit_path=page.unit.path,
        span=choice.so_far if is_flow(one) else choice.span,
        plan_starts_on=choice.period.first,
        indicators=[one],
    )
    figure = found.get(one.code)
    return [_club_part(club, one) for club in figure.clubs] if figure is not None else []


def _club_part(club: ClubFigure, one: Indicator) -> ClubPart:
    return ClubPart(
        club.name,
        club_url(club.club_id),
        result_words.figure_text(club.value, one),
        result_words.month_text(club.month),
    )


def club_url(club_id: int) -> str:
    """Lead to a club's own page."""
    return desk_url("club", club_id=club_id) if "commune.club" in current_app.view_functions else ""


def _counts(page: ResultPage, one: Indicator) -> list[tuple[str, str, str]]:
    """Name the counts that a quotient is made of, each with its page and its figure."""
    codes = dict.fromkeys([one.numerator_code, one.denominator_code, *targets.denominators(one)])
    lines = [page.results.own.lines[code] for code in codes if code in page.results.own.lines]
    return [
        (
            local_name(line.indicator),
            page.url("results_indicator", code=line.indicator.code),
            result_words.done_text(line.done, line.indicator),
        )
        for line in lines
    ]


def _parts_table(
    one: Indicator, units: Sequence[tuple[str, str, ResultRow]], parts: Sequence[ClubPart]
) -> ListTable:
    """Return what makes a figure as a list: units below, or clubs."""
    name = local_name(one)
    if not units:
        head = [gettext("Câu lạc bộ"), name, gettext("Sổ tháng")]
        clubs = [[part.name, tables.value(part.value), part.month] for part in parts]
        return ListTable(gettext("Câu lạc bộ"), head, clubs)
    table = lines_table([row for _, _, row in units])
    rows = [[unit, *cells[2:]] for (unit, _, _), cells in zip(units, table.rows, strict=True)]
    return ListTable(name[:31], [gettext("Đơn vị"), *table.head[2:]], rows)


# --- Clubs outside the norms --------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def clubs(unit_id: int) -> ResponseReturnValue:
    """List the clubs at and below a unit that have a figure outside the norms."""
    page = result_pages.look(unit_id)
    results = page.results
    area = request.args.get("area", "")
    if area and area not in {one.code for one in results.areas}:
        raise NotFoundError
    running = [one for one in results.clubs.running if not area or area in one.areas | one.active]
    rows = [club_row(one) for one in dashboard.outside(running, results.indicators)]
    if tables.wanted():
        head = [gettext("Câu lạc bộ"), gettext("Ngoài định mức")]
        listed = [[row.name, "; ".join(row.faults)] for row in rows]
        return tables.answer(ListTable(gettext("Ngoài định mức"), head, listed), "clb-dinh-muc")
    pager = paging.page(len(rows))
    first = (pager.number - 1) * paging.SIZE
    chosen = page.choices()
    chosen["chosen"]["area"] = area
    return render_template(
        "reporting/results_clubs.html",
        page=page,
        rows=[(row, club_url(row.id)) for row in rows[first : first + paging.SIZE]],
        total=len(rows),
        running=len(running),
        pager=pager,
        area_options=[
            ("", gettext("Mọi mảng")),
            *((one.code, local_name(one, "name")) for one in results.areas),
        ],
        **chosen,
    )
