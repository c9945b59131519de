"""Difficulties, requests and commendations of the units below, to be taken into the own report."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.synthesis import sum_words
from lth.blueprints.synthesis.reading import read
from lth.blueprints.web import current, tables
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.errors import BlockedError, StaleError
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable
from lth.models.kind import Figures
from lth.reporting import item_sources
from lth.reporting.item_sources import ItemBelow
from lth.workflow import operations
from lth.workflow.states import WRITTEN

_AT = "/documents/<int:document_id>/synthesis/items"


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule(_AT, "document_items_below", items_page)
    rule(f"{_AT}/<int:item_id>", "document_take_item", take, methods=["POST"])


@needs(Permission.READ_DOCUMENTS)
def items_page(document_id: int) -> ResponseReturnValue:
    """List what the reports of the units below say in words, each with whose it is."""
    document, revision = read(document_id, Figures.DONE)
    found = item_sources.below(current.database(), document, revision, current.scope())
    if tables.wanted():
        return tables.answer(_table(found), "kho-khan-kien-nghi")
    return render_template(
        "report_items.html",
        document=document,
        found=found,
        item_head=sum_words.item_head,
        seen=revision.edit_count,
        writable=document.status in WRITTEN and operations.drafts(current.actor(), document),
    )


def _table(found: Sequence[ItemBelow]) -> ListTable:
    head = [gettext("Đơn vị"), gettext("Nội dung"), gettext("Loại"), gettext("Đã đưa vào báo cáo")]
    rows = [
        [
            *(capitalize_first(one.unit.full_name), one.text, sum_words.item_head(one)),
            gettext("có") if one.taken else gettext("chưa"),
        ]
        for one in found
    ]
    return ListTable(gettext("Khó khăn, kiến nghị"), head, rows)


@needs(Permission.SYNTHESISE)
def take(document_id: int, item_id: int) -> ResponseReturnValue:
    """Take one of them into the own report, with where it comes from."""
    seen = request.form["seen"]
    errors = []
    with attempt(StaleError, BlockedError) as outcome:
        result = item_sources.take(
            current.database(),
            current.actor(),
            document_id,
            item_id,
            seen=int(seen) if seen.isdecimal() else 0,
            now=current.now(),
        )
        errors = list(result.errors.values())
    if not outcome.done:
        outcome.flash()
        return items_page(document_id), outcome.code
    for message in errors:
        flash(say(message), "error")
    if not errors:
        flash(gettext("Đã đưa vào báo cáo của đơn vị, kèm tên đơn vị nêu ra."), "success")
    return redirect(desk_url("document_items_below", document_id=document_id))
