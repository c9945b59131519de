"""The money of a synthesis: its table by source, tier and year, and each unit's part in it."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from lth import synthesis
from lth.blueprints.synthesis.reading import read
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.content.line_types import LEVEL_LABEL, SOURCE_LABEL
from lth.core.i18n import Message
from lth.core.language import current as language
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first, format_number
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Document, Revision
from lth.models.kind import Figures
from lth.models.parts import MoneyLevel, MoneySource
from lth.synthesis.children import PAGE
from lth.synthesis.money import MoneyRow, MoneyTable
from lth.synthesis.unit_money import Pair

UNSAID = "none"
"""What stands in an address for a source or a tier that lines do not say."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(
        "/documents/<int:document_id>/synthesis/money", "document_money", money_page
    )


def source_name(source: MoneySource | None) -> str:
    return say(Message(SOURCE_LABEL[source])) if source else gettext("Chưa ghi nguồn")


def level_name(level: MoneyLevel | None) -> str:
    """Name a tier of the budget; nothing where lines say none, as those outside it do."""
    return say(Message(LEVEL_LABEL[level])) if level else ""


def year_name(year: int | None) -> str:
    return str(year) if year else gettext("Cả giai đoạn")


def rows(document_id: int, table: MoneyTable, *, linked: bool) -> list[dict[str, Any]]:
    """Word the table's rows, the sum of all as the last; a row leads to its units if `linked`."""
    found = [_row(document_id, row, linked=linked) for row in table.rows]
    if len(found) > 1:
        found.append(_sum(document_id, table, linked=linked))
    return found


def _row(document_id: int, row: MoneyRow, *, linked: bool) -> dict[str, Any]:
    asked = {"source": row.source or UNSAID, "level": row.level or UNSAID}
    return {
        "name": source_name(row.source),
        "level": level_name(row.level),
        "url": desk_url("document_money", document_id=document_id, **asked) if linked else "",
        "cells": _cells(row.taken, row.live),
        "sum": False,
    }


def _sum(document_id: int, table: MoneyTable, *, linked: bool) -> dict[str, Any]:
    def column(which: str) -> tuple[int, ...] | None:
        listed = [getattr(row, which) for row in table.rows]
        if any(one is None for one in listed):
            return None
        return tuple(map(sum, zip(*listed, strict=True)))

    return {
        "name": gettext("Cộng"),
        "level": "",
        "url": desk_url("document_money", document_id=document_id) if linked else "",
        "cells": _cells(column("taken"), column("live")),
        "sum": True,
    }


def _cells(taken: tuple[int, ...] | None, live: tuple[int, ...] | None) -> list[dict[str, str]]:
    """Word a row year by year and in all: what was taken over, and how far off it is by now."""
    return [
        {"amount": _amount(now if then is None else then), "drift": _moved(then, now)}
        for then, now in zip(_with_sum(taken, live), _with_sum(live, taken), strict=True)
    ]


def _with_sum(one: tuple[int, ...] | None, other: tuple[int, ...] | None) -> list[int | None]:
    if one is None:
        return [None] * (len(other or ()) + 1)
    return [*one, sum(one)]


def _moved(then: int | None, now: int | None) -> str:
    if then is None or now is None or then == now:
        return ""
    return f"{'+' if now > then else '−'}{format_number(abs(now - then), language())}"


def _amount(value: int | None) -> str:
    return format_number(value, language()) if value else "–"


@needs(Permission.READ_DOCUMENTS)
def money_page(document_id: int) -> ResponseReturnValue:
    """Show each unit's money, of one source and tier or all of it, down to its lines."""
    document, revision = read(document_id, Figures.TARGETS)
    only = _asked()
    if tables.wanted():
        return tables.answer(_table(document, revision, only), "kinh-phi")
    found = synthesis.money_of_units(
        current.database(),
        document,
        revision,
        current.scope(),
        only=only,
        page=paging.number(),
    )
    return render_template(
        "money.html",
        document=document,
        found=found,
        only=only,
        title=_title(only),
        source_name=source_name,
        level_name=level_name,
        year_name=year_name,
        pager=paging.page(found.total, PAGE),
    )


def _table(document: Document, revision: Revision, only: Pair | None) -> ListTable:
    """Return every line of every unit, in đồng, however many pages the units take."""
    rows: list[list[TableValue]] = []
    session, scope, page = current.database(), current.scope(), 0
    while len(rows) < tables.MOST_ROWS:
        page += 1
        found = synthesis.money_of_units(session, document, revision, scope, only=only, page=page)
        for one in found.units:
            name = capitalize_first(one.unit.full_name)
            rows += [
                [
                    name,
                    line.activity,
                    source_name(line.source),
                    level_name(line.level),
                    year_name(line.year),
                    line.amount,
                ]
                for line in one.lines
            ]
            if not one.lines:
                rows.append([name, "", "", "", "", one.now.total if one.now else None])
        if page * PAGE >= found.total:
            break
    head = (
        gettext("Đơn vị"),
        gettext("Nội dung chi"),
        gettext("Nguồn"),
        gettext("Cấp ngân sách"),
        gettext("Năm"),
        gettext("Số tiền"),
    )
    return ListTable(gettext("Kinh phí"), head, rows)


def _title(only: Pair | None) -> str:
    if only is None:
        return gettext("Kinh phí của các đơn vị")
    names = [source_name(only[0]), level_name(only[1])]
    return ", ".join(name for name in names if name)


def _asked() -> Pair | None:
    """Read the source and tier that the address asks for; 404 for words that there are not."""
    source, level = request.args.get("source", ""), request.args.get("level", "")
    if not source and not level:
        return None
    if source not in {UNSAID, *MoneySource} or level not in {UNSAID, *MoneyLevel}:
        abort(404)
    return (
        None if source == UNSAID else MoneySource(source),
        None if level == UNSAID else MoneyLevel(level),
    )
