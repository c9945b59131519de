"""The synthesis: figures taken over beside what the units below say now, and who is in it."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from lth import synthesis
from lth.blueprints.document import brief
from lth.blueprints.document.wording import amount, document_name, local_name, total, worded
from lth.blueprints.synthesis import matrix_views, money_views, sum_views, units
from lth.blueprints.synthesis.reading import read
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.levels import desk_url, desk_urls
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.errors import StaleError
from lth.core.language import gettext, say
from lth.exchange.grids.tables import ListTable
from lth.models import Document, Revision
from lth.models.kind import Figures
from lth.synthesis import SynthesisLine, SynthesisSheet
from lth.synthesis.children import PAGE


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/synthesis", "document_synthesis", synthesis_page)
    rule(
        "/documents/<int:document_id>/synthesis", "document_take_over", take_over, methods=["POST"]
    )
    rule(
        "/documents/<int:document_id>/synthesis/<int:indicator_id>/<int:phase_id>",
        "document_figure",
        figure_page,
    )
    sum_views.add_to(blueprint)
    money_views.add_to(blueprint)
    matrix_views.add_to(blueprint)


@needs(Permission.READ_DOCUMENTS)
def synthesis_page(document_id: int) -> ResponseReturnValue:
    """Show the figures taken over and what the units below say now, and each of these units."""
    document, revision = read(document_id)
    if document.kind.figures is Figures.DONE:
        return sum_views.page(document, revision)
    return _page(document, revision)


def _page(document: Document, revision: Revision) -> ResponseReturnValue:
    document_id, only = document.id, units.asked()
    there = brief.attendance_in(document, revision)
    sheet = synthesis.sheet(
        current.database(),
        document,
        revision,
        current.scope(),
        page=paging.number(),
        only=only,
        there=there,
    )
    lines = [line for line in sheet.lines if not line.empty]
    if tables.wanted():
        return tables.answer(
            _table(document, sheet, _rows(document_id, sheet, lines)), "bang-tong-hop"
        )
    return render_template(
        "synthesis.html",
        **units.shown(sheet, there, only),
        lines=lines,
        rows=_rows(document_id, sheet, lines),
        money=money_views.rows(document_id, sheet.money, linked=sheet.page is not None),
        money_years=[*map(money_views.year_name, sheet.money.years), gettext("Cộng")],
        many=len(sheet.phases) > 1,
    )


def _table(document: Document, sheet: SynthesisSheet, rows: Iterable[dict[str, str]]) -> ListTable:
    """Return the figures as a list: one a row, as the page has them."""
    head = [
        *(gettext("Chỉ tiêu"), gettext("Giai đoạn"), gettext("Cấp trên giao")),
        *(gettext("Kế hoạch của đơn vị"), gettext("Số đã tiếp nhận"), gettext("Hiện nay")),
        gettext("Thay đổi"),
    ]
    figures = ("quota", "own", "taken", "live", "drift")
    told = [
        [
            row["name"],
            row["phase"],
            *(tables.value(escape(row[name]).striptags()) for name in figures),
        ]
        for row in rows
    ]
    note = f"{document_name(document.kind, document.period)}, {document.unit.full_name}."
    return ListTable(gettext("Bảng tổng hợp"), head, told, f"{note} {say(sheet.header)}")


def _rows(
    document_id: int, sheet: SynthesisSheet, lines: Iterable[SynthesisLine]
) -> list[dict[str, str]]:
    """Word each figure; `url` leads to what each unit says of it."""
    pages = {
        phase.id: desk_urls(
            "document_figure", "indicator_id", document_id=document_id, phase_id=phase.id
        )
        for phase in sheet.phases
    }
    heard = sheet.heard
    return [
        {
            "key": line.key,
            "url": pages[line.phase.id](line.indicator.id) if sheet.page else "",
            "name": local_name(line.indicator),
            "phase": line.phase.code.replace("-", "–"),
            "quota": "–" if line.quota is None else amount(line.quota, line.indicator),
            "own": ", ".join(worded(figure, line.indicator) for figure in line.own) or "–",
            "taken": total(line.taken, line.indicator, heard[0]),
            "live": total(line.live, line.indicator, heard[1]),
            "drift": _moved(line) if sheet.taken and line.difference else "",
        }
        for line in lines
    ]


def _moved(line: SynthesisLine) -> str:
    change = line.difference or 0
    return f"{'+' if change > 0 else '−'}{amount(abs(change), line.indicator)}"


@needs(Permission.SYNTHESISE)
def take_over(document_id: int) -> ResponseReturnValue:
    """Write the figures and the receipt of what the units below have released now."""
    session = current.database()
    with attempt(StaleError) as outcome:
        seen = request.form.get("seen", "")
        taken = synthesis.take_over(
            session, current.actor(), document_id, now=current.now(), seen=seen
        )
    if not outcome.done:
        outcome.flash()
        return synthesis_page(document_id), outcome.code
    flash(
        gettext(
            "Đã tiếp nhận số liệu của %(received)s trên %(expected)s đơn vị.",
            received=taken.received,
            expected=taken.expected,
        ),
        "success",
    )
    return redirect(desk_url("document_synthesis", document_id=document_id))


@needs(Permission.READ_DOCUMENTS)
def figure_page(document_id: int, indicator_id: int, phase_id: int) -> ResponseReturnValue:
    """Show one figure, unit by unit."""
    document, revision = read(document_id)
    if document.kind.figures is Figures.DONE:
        return sum_views.figure(document, revision, indicator_id, phase_id)
    found = synthesis.drill_down(
        current.database(),
        document,
        revision,
        indicator_id,
        phase_id,
        current.scope(),
        page=paging.number(),
    )
    return render_template(
        "figure.html",
        document=document,
        found=found,
        pager=paging.page(found.total, PAGE),
    )
