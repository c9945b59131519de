"""A report that adds others up: its figures, one of them unit by unit, and down to the clubs."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lth.blueprints.document import brief
from lth.blueprints.document.wording import (
    amount,
    document_name,
    local_name,
    standing_label,
    worded,
)
from lth.blueprints.synthesis import sum_items, sum_words, units
from lth.blueprints.synthesis.reading import read
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.levels import desk_url, desk_urls
from lth.blueprints.web.permissions import Permission, needs
from lth.core.formats import format_percent
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable
from lth.models import Document, Indicator, Revision
from lth.models.kind import Figures
from lth.reporting import club_figures, sum_sheet, unit_sums
from lth.reporting.club_figures import ClubFigures, ClubLine
from lth.reporting.sum_sheet import SumLine, SumSheet
from lth.reporting.unit_sums import ReportingUnit, SumFigure
from lth.synthesis.children import PAGE

_AT = "/documents/<int:document_id>/synthesis/<int:indicator_id>/<int:phase_id>"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(f"{_AT}/clubs", "document_clubs", clubs_page)
    sum_items.add_to(blueprint)


def page(document: Document, revision: Revision) -> ResponseReturnValue:
    """Show what was taken over and what the units below have reported now, and who is in it."""
    session, scope, only = current.database(), current.scope(), units.asked()
    there = brief.attendance_in(document, revision)
    found = sum_sheet.sheet(
        session, document, revision, scope, page=paging.number(), only=only, there=there
    )
    if tables.wanted():
        return tables.answer(_table(document, found), "bao-cao-tong-hop")
    return render_template(
        "report_sums.html",
        **units.shown(found, there, only),
        rows=_rows(document, found),
    )


def _rows(document: Document, found: SumSheet) -> list[dict[str, Any]]:
    """Word each line; `url` leads to what each unit says of it."""
    url = desk_urls(
        "document_figure", "indicator_id", document_id=document.id, phase_id=found.phase.id
    )
    return [
        _row(line) | {"url": url(line.indicator.id) if found.page else ""} for line in found.lines
    ]


def _row(line: SumLine) -> dict[str, Any]:
    indicator = line.indicator
    return {
        "key": line.key,
        "name": local_name(indicator),
        "assigned": sum_words.NOTHING
        if line.assigned is None
        else amount(line.assigned, indicator),
        "planned": worded(line.planned, indicator) if line.planned else sum_words.NOTHING,
        "taken": sum_words.figure(line.taken, indicator),
        "counts": sum_words.counts(line.taken),
        "live": sum_words.figure(line.live, indicator),
        "live_counts": sum_words.counts(line.live),
        "cumulative": sum_words.cumulative(line.shown, indicator),
        "share": _share(line),
        "drift": _moved(line),
    }


def _share(line: SumLine) -> str:
    """Word how much of what was promised is done: "bằng 62,5 % số được giao"."""
    if line.share is None:
        return ""
    share = format_percent(line.share)
    if line.assigned is not None:
        return gettext("bằng %(share)s số được giao", share=share)
    return gettext("bằng %(share)s kế hoạch", share=share)


def _moved(line: SumLine) -> str:
    """Word how far the figure now is off what was taken over; nothing before the first time."""
    change = line.difference
    if line.taken is None or not change:
        return ""
    return f"{'+' if change > 0 else '−'}{amount(abs(change), line.indicator)}"


def _table(document: Document, found: SumSheet) -> ListTable:
    head = [
        *(gettext("Chỉ tiêu"), gettext("Cấp trên giao"), gettext("Kế hoạch của đơn vị")),
        *(gettext("Số đã tiếp nhận"), gettext("Lũy kế"), gettext("So với được giao, kế hoạch")),
        *(gettext("Hiện nay"), gettext("Thay đổi"), gettext("Các đơn vị")),
    ]
    names = ("assigned", "planned", "taken", "cumulative", "share", "live", "drift")
    rows = [
        [row["name"], *(tables.value(row[name]) for name in names), row["counts"]]
        for row in map(_row, found.lines)
    ]
    note = f"{document_name(document.kind, document.period)}, {document.unit.full_name}."
    return ListTable(gettext("Báo cáo tổng hợp"), head, rows, f"{note} {say(found.header)}")


# --- One figure -----------------------------------------------------------------------------


def figure(
    document: Document, revision: Revision, indicator_id: int, phase_id: int
) -> ResponseReturnValue:
    """Show one figure, unit by unit."""
    session, scope = current.database(), current.scope()

    def read_page(number: int) -> SumFigure:
        return unit_sums.figure(
            session, document, revision, indicator_id, phase_id, scope, page=number
        )

    if tables.wanted():
        found = read_page(1)
        listed = tables.all_pages(lambda n: ((read_page(n) if n > 1 else found).rows, found.total))
        return tables.answer(_units_table(found.indicator, listed), "chi-tieu-theo-don-vi")
    found = read_page(paging.number())
    indicator = found.indicator
    return render_template(
        "report_figure.html",
        document=document,
        indicator=indicator,
        taken=sum_words.figure(found.taken, indicator),
        taken_counts=sum_words.counts(found.taken),
        live=sum_words.figure(found.live, indicator),
        live_counts=sum_words.counts(found.live),
        rows=[_unit_row(one, indicator, phase_id) for one in found.rows],
        clubs_url=desk_url(
            "document_clubs",
            document_id=document.id,
            indicator_id=indicator_id,
            phase_id=phase_id,
        ),
        pager=paging.page(found.total, PAGE),
    )


def _unit_row(one: ReportingUnit, indicator: Indicator, phase_id: int) -> dict[str, Any]:
    """Word a unit's part; its name leads on: to its own units, or to its report."""
    taken, now = one.taken.get(indicator.id), one.now.get(indicator.id)
    url = ""
    if one.has_units:
        url = desk_url(
            "document_figure",
            document_id=one.document_id,
            indicator_id=indicator.id,
            phase_id=phase_id,
        )
    elif one.document_id is not None:
        url = desk_url("document", document_id=one.document_id)
    return {
        "name": capitalize_first(one.unit.full_name),
        "url": url,
        "now": sum_words.figure(now, indicator),
        "counts": sum_words.counts(now) if one.computed else "",
        "taken": sum_words.figure(taken, indicator),
        "standing": capitalize_first(standing_label(one.standing)),
    }


def _units_table(indicator: Indicator, listed: Sequence[ReportingUnit]) -> ListTable:
    head = [
        *(gettext("Đơn vị"), gettext("Đơn vị báo cáo"), gettext("Số đã tiếp nhận")),
        gettext("Trong bảng tổng hợp"),
    ]
    rows = [
        [
            capitalize_first(one.unit.full_name),
            tables.value(sum_words.bare(one.now.get(indicator.id), indicator)),
            tables.value(sum_words.bare(one.taken.get(indicator.id), indicator)),
            capitalize_first(standing_label(one.standing)),
        ]
        for one in listed
    ]
    note = f"{local_name(indicator)} ({sum_words.unit_of(indicator)})."
    return ListTable(gettext("Từng đơn vị"), head, rows, note)


# --- Its clubs ------------------------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def clubs_page(document_id: int, indicator_id: int, phase_id: int) -> ResponseReturnValue:
    """Show the clubs at and below the unit that make a figure, each with the month of its book."""
    document, _ = read(document_id, Figures.DONE)
    session, scope = current.database(), current.scope()
    found = club_figures.of_clubs(session, document, indicator_id, phase_id, scope)
    if tables.wanted():
        return tables.answer(_clubs_table(found), "chi-tieu-theo-cau-lac-bo")
    number = paging.number()
    return render_template(
        "report_clubs.html",
        document=document,
        phase_id=phase_id,
        found=found,
        total=_value(found.value, found.indicator),
        rows=[_club_row(one, found) for one in found.lines[(number - 1) * PAGE : number * PAGE]],
        pager=paging.page(len(found.lines), PAGE),
    )


def _value(value: int | None, indicator: Indicator) -> str:
    return sum_words.NOTHING if value is None else amount(value, indicator)


def _club_row(one: ClubLine, found: ClubFigures) -> dict[str, Any]:
    row = {
        "unit": capitalize_first(one.unit.full_name),
        "name": one.name,
        "value": _value(one.value, found.indicator),
        "source": _source(one),
        "url": desk_url("club", club_id=one.club_id),
    }
    if found.quotient is not None:
        row["over"] = _value(one.over, found.quotient.over)
        row["under"] = _value(one.under, found.quotient.under)
    return row


def _source(one: ClubLine) -> str:
    """Word where a club's figure stands: "sổ tháng 6/2021"."""
    if one.month is None:
        return gettext("sổ đăng ký")
    month = f"{one.month.month}/{one.month.year}"
    return gettext("sổ tháng %(month)s", month=month)


def _clubs_table(found: ClubFigures) -> ListTable:
    head = [gettext("Đơn vị"), gettext("Câu lạc bộ"), local_name(found.indicator)]
    if found.quotient is not None:
        head += [local_name(found.quotient.over), local_name(found.quotient.under)]
    rows: list[list[Any]] = []
    for one in found.lines[: tables.MOST_ROWS]:
        words = _club_row(one, found)
        counts = [one.over, one.under] if found.quotient is not None else []
        rows.append(
            [words["unit"], one.name, tables.value(words["value"]), *counts, words["source"]]
        )
    return ListTable(gettext("Từng câu lạc bộ"), [*head, gettext("Nguồn số liệu")], rows)
