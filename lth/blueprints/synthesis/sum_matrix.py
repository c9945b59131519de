"""The matrix of units × indicators beside a report that adds others up: what each has done."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.document.wording import local_name, standing_label
from lth.blueprints.synthesis import sum_words
from lth.blueprints.synthesis.choices import Choice, topic_name
from lth.blueprints.web import current, tables
from lth.blueprints.web.levels import desk_url, desk_urls
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable
from lth.models import Document, Revision
from lth.reporting import unit_sums
from lth.reporting.unit_sums import ReportingUnit, SumMatrix
from lth.synthesis.children import Standing
from lth.synthesis.matrix import MAIN


def page(document: Document, revision: Revision) -> ResponseReturnValue:
    """Show the matrix of one topic."""
    found = unit_sums.matrix(
        current.database(),
        document,
        revision,
        current.scope(),
        topic=request.args.get("topic", MAIN),
        now=request.args.get("of") == "now",
    )
    if tables.wanted():
        return tables.answer(_table(found), "ma-tran-ket-qua")
    (phase,) = (one.id for one in document.period.phases[:1])
    return render_template(
        "report_matrix.html",
        document=document,
        found=found,
        heads=_heads(document.id, phase, found),
        lines=[_line(row, found) for row in found.rows],
        topics=_topics(document.id, found),
        times=_times(document.id, found),
    )


def _heads(document_id: int, phase_id: int, found: SumMatrix) -> list[dict[str, str]]:
    url = desk_urls("document_figure", "indicator_id", document_id=document_id, phase_id=phase_id)
    return [
        {
            "name": local_name(one),
            "unit": sum_words.unit_of(one),
            "url": url(one.id),
            "total": sum_words.bare(found.sums.get(one.id), one),
            "counts": sum_words.counts(found.sums.get(one.id)),
        }
        for one in found.indicators
    ]


def _line(row: ReportingUnit, found: SumMatrix) -> dict[str, object]:
    endpoint = "document_synthesis" if row.has_units else "document"
    said = row.taken if found.is_taken else row.now
    return {
        "name": capitalize_first(row.unit.full_name),
        "url": desk_url(endpoint, document_id=row.document_id) if row.document_id else "",
        "note": _note(row, found),
        "missing": not said,
        "cells": [sum_words.bare(said.get(one.id), one) for one in found.indicators],
    }


def _note(row: ReportingUnit, found: SumMatrix) -> str:
    """Say how a unit stands, unless all is as it should be."""
    well = {Standing.IN} if found.is_taken else {Standing.IN, Standing.CHANGED, Standing.LATE}
    return "" if row.standing in well else standing_label(row.standing)


def _url(document_id: int, found: SumMatrix, **changed: str) -> str:
    """Lead to the matrix with one thing changed; what is so anyway does not stand in an address."""
    asked = {
        "topic": found.topic,
        "of": "now" if found.can_be_taken and not found.is_taken else "",
    } | changed
    usual = {"topic": MAIN, "of": ""}
    more = {name: text for name, text in asked.items() if text != usual[name]}
    return desk_url("document_matrix", document_id=document_id, **more)


def _topics(document_id: int, found: SumMatrix) -> list[Choice]:
    return [
        Choice(topic_name(topic), _url(document_id, found, topic=topic), topic == found.topic)
        for topic in found.topics
    ]


def _times(document_id: int, found: SumMatrix) -> list[Choice]:
    if not found.can_be_taken:
        return []
    return [
        Choice(gettext("Số đã tiếp nhận"), _url(document_id, found, of=""), found.is_taken),
        Choice(gettext("Hiện nay"), _url(document_id, found, of="now"), not found.is_taken),
    ]


def _table(found: SumMatrix) -> ListTable:
    """Return the matrix as a list: a unit a row, then what they come to."""
    head = [
        *(gettext("Đơn vị"), gettext("Tình trạng")),
        *(f"{local_name(one)} ({sum_words.unit_of(one)})" for one in found.indicators),
    ]
    rows = []
    for row in found.rows:
        said = row.taken if found.is_taken else row.now
        cells = [tables.value(sum_words.bare(said.get(one.id), one)) for one in found.indicators]
        rows.append([capitalize_first(row.unit.full_name), _note(row, found), *cells])
    totals = [tables.value(sum_words.bare(found.sums.get(one.id), one)) for one in found.indicators]
    return ListTable(gettext("Ma trận"), head, [*rows, [gettext("Cộng"), "", *totals]])
