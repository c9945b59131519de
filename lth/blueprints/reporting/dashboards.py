"""“Kết quả”: what was promised against what was done, of one's own unit and of those below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lth.blueprints.document.wording import local_name, status_label
from lth.blueprints.reporting import kept_pages, result_pages, result_sentences, result_words
from lth.blueprints.reporting.result_pages import ResultPage
from lth.blueprints.reporting.result_words import ResultRow
from lth.blueprints.web import current, tables
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.formats import format_date
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Indicator
from lth.models.programme import RollUp
from lth.reporting import dashboard
from lth.reporting.dashboard import ClubOutside, UnitReport
from lth.reporting.standing import ResultLine, ResultSheet, UnitResults

SHOWN_UNITS, SHOWN_CLUBS, SHOWN_TRENDS, SHOWN_COLUMNS = 20, 8, 4, 8


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/results", "results", own_results)
    rule("/results/units/<int:unit_id>", "results_unit", unit_results)


@needs(Permission.READ_DOCUMENTS)
def own_results() -> ResponseReturnValue:
    """Show the results of one's own unit."""
    return _dashboard(result_pages.look())


@needs(Permission.READ_DOCUMENTS)
def unit_results(unit_id: int) -> ResponseReturnValue:
    """Show the results of a unit below."""
    return _dashboard(result_pages.look(unit_id))


def _dashboard(page: ResultPage) -> ResponseReturnValue:
    if page.choice is None:
        return render_template("reporting/no_results.html", page=page)
    if tables.wanted():
        return tables.answer(lines_table(rows_of(page, shown_lines(page.results))), "ket-qua")
    body = kept_pages.body(page, lambda: _body(page))
    return render_template("reporting/results.html", page=page, body=body)


def _body(page: ResultPage) -> str:
    results = page.results
    running = results.clubs.running
    outside = dashboard.outside(running, results.indicators)
    reports = _reports(results)
    return render_template(
        "reporting/results_body.html",
        page=page,
        rows=rows_of(page, shown_lines(results)),
        legend=result_words.legend(),
        sentences=_sentences(page, reports, outside),
        trends=_trends(page),
        heads=heads(page, results.main[:SHOWN_COLUMNS]),
        heat=heat_rows(page, dashboard.needing(results.below)[:SHOWN_UNITS]),
        more_units=max(0, len(results.below) - SHOWN_UNITS),
        late=[late_row(page, one) for one in reports if one.late and results.below],
        outside=[club_row(one) for one in outside[:SHOWN_CLUBS]],
        more_clubs=max(0, len(outside) - SHOWN_CLUBS),
        areas=_areas(results),
        running=len(running),
        **page.choices(),
    )


def _reports(results: ResultSheet) -> list[UnitReport]:
    """Tell of the units below where their reports stand; of a unit without any, of itself."""
    units = results.below or [results.own]
    return dashboard.reports(current.database(), results, units, clock.today())


def _sentences(
    page: ResultPage, reports: Sequence[UnitReport], outside: Sequence[ClubOutside]
) -> list[result_sentences.DashboardSentence]:
    results = page.results
    sent = (
        result_sentences.reports(page, reports)
        if results.below
        else next((result_sentences.own_report(page, one) for one in reports), None)
    )
    found = [
        result_sentences.track(page, shown_lines(results)),
        sent,
        result_sentences.requests(page) if results.below else None,
        result_sentences.clubs(page, outside, len(results.clubs.running)),
    ]
    return [one for one in found if one is not None]


# --- Lines --------------------------------------------------------------------------------


def shown_lines(results: ResultSheet) -> list[ResultLine]:
    """List the unit's lines of the main indicators or the topic that say anything, those without
    a goal last.
    """
    lines = [results.own.lines[one.code] for one in results.main]
    shown = [line for line in lines if not line.empty]
    return sorted(shown, key=lambda line: line.goal is None)


def rows_of(page: ResultPage, lines: Sequence[ResultLine]) -> list[ResultRow]:
    elapsed = page.results.choice.elapsed
    return [
        result_words.row(line, page.url("results_indicator", code=line.indicator.code), elapsed)
        for line in lines
    ]


def lines_table(rows: Sequence[ResultRow]) -> ListTable:
    """Return lines as a list: an indicator a row."""
    head = [
        *(gettext("Chỉ tiêu"), gettext("Đơn vị tính"), gettext("Được giao"), gettext("Kế hoạch")),
        *(gettext("Đã làm"), gettext("Nguồn"), gettext("Tỷ lệ"), gettext("Tình trạng")),
    ]
    listed: list[list[TableValue]] = [
        [
            *(row.name, row.unit, tables.value(row.assigned), tables.value(row.planned)),
            *(tables.value(row.done), row.source, row.share, row.track_label),
        ]
        for row in rows
    ]
    return ListTable(gettext("Kết quả"), head, listed)


# --- Units below --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeatHead:
    """An indicator's head in the table of units."""

    name: str
    unit: str
    url: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A unit's figure in words: what was done, of how much, and how far it is."""

    text: str
    note: str
    track: str
    sign: str
    label: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A unit with its cells; `source` says where its figures come from."""

    name: str
    url: str
    source: str
    cells: list[HeatCell]


def heads(page: ResultPage, columns: Sequence[Indicator]) -> list[HeatHead]:
    return [
        HeatHead(
            local_name(one),
            local_name(one, "unit"),
            page.url("results_indicator", code=one.code),
        )
        for one in columns
    ]


def heat_rows(
    page: ResultPage, units: Sequence[UnitResults], most: int = SHOWN_COLUMNS
) -> list[HeatRow]:
    columns = page.results.main[:most]
    return [
        HeatRow(
            name=capitalize_first(one.unit.full_name),
            url=page.url(unit_id=one.unit.id),
            source=_source(one),
            cells=[heat_cell(one.lines[column.code]) for column in columns],
        )
        for one in units
    ]


def _source(one: UnitResults) -> str:
    if one.report is not None and one.report.released:
        return ""
    return gettext("theo sổ, chưa báo cáo")


def heat_cell(line: ResultLine) -> HeatCell:
    one, track = line.indicator, line.judgement.track
    goal = result_words.goal_text(line.goal, one)
    return HeatCell(
        text=result_words.done_text(line.done, one),
        note=f"/ {goal}" if line.goal is not None else "",
        track=track.value,
        sign=result_words.TRACK_SIGN[track],
        label=result_words.track_text(track),
    )


@dataclass(frozen=True, slots=True)
class LateRow:
    """A unit that is late, in words."""

    name: str
    url: str
    state: str
    due: str


def late_row(page: ResultPage, one: UnitReport) -> LateRow:
    return LateRow(
        capitalize_first(one.unit.unit.full_name),
        page.url(unit_id=one.unit.unit.id),
        status_label(one.state.value),
        format_date(one.due.day) if one.due is not None else "",
    )


# --- Clubs --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DashboardClub:
    """A club outside the norms, in words."""

    id: int
    name: str
    unit_id: int
    faults: list[str]


def club_row(one: ClubOutside) -> DashboardClub:
    faults = [
        gettext(
            "%(indicator)s: %(value)s (định mức %(norm)s)",
            indicator=local_name(fault.indicator),
            value=result_words.figure_text(fault.value, fault.indicator),
            norm=result_words.norm_text(fault.indicator),
        )
        for fault in one.faults
    ]
    return DashboardClub(one.club.id, one.club.name, one.club.unit_id, faults)


def _areas(results: ResultSheet) -> list[tuple[str, int]]:
    """Name the areas, each with how many clubs carry it out."""
    counts = dashboard.in_areas(results.clubs.running, [one.code for one in results.areas])
    return [(local_name(one, "name"), counts[one.code]) for one in results.areas]


# --- Over time ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrendFigure:
    """A trend with the figures that it is drawn from."""

    name: str
    url: str
    chart: Markup
    points: list[tuple[str, str]]


def _trends(page: ResultPage) -> list[TrendFigure]:
    """Draw how the main counts have moved; of one window there is nothing to draw."""
    lines = [one for one in shown_lines(page.results) if one.indicator.roll_up is RollUp.SUM]
    return trends(page, lines[:SHOWN_TRENDS])


def trends(page: ResultPage, lines: Sequence[ResultLine]) -> list[TrendFigure]:
    if len(page.results.choice.series) < 2:
        return []
    return [trend_figure(page, line) for line in lines]


def trend_figure(page: ResultPage, line: ResultLine) -> TrendFigure:
    one, points = line.indicator, dashboard.trend(page.results, line)
    return TrendFigure(
        local_name(one),
        page.url("results_indicator", code=one.code),
        result_words.trend_chart(line, points, one.code),
        [
            (result_words.window_name(point.window), result_words.done_text(point.done, one))
            for point in points
        ],
    )
