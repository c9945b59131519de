"""The units below as bubbles on a map: where they are, how much each has done, how far it is."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.document.wording import local_name
from lth.blueprints.reporting import charts, result_pages, result_words
from lth.blueprints.reporting.charts import MapBubble
from lth.blueprints.reporting.result_pages import ResultPage
from lth.blueprints.web import current, tables
from lth.blueprints.web.permissions import Permission, needs
from lth.core.errors import NotFoundError
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable
from lth.models import Unit
from lth.reporting import standing_reads
from lth.reporting.standing import UnitResults
from lth.units import positions

FAR_OUT = frozenset({"Hoàng Sa", "Trường Sa"})
"""Islands that stand in a box of their own on every map that has them."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/results/units/<int:unit_id>/map", "results_map", map_page)


@dataclass(frozen=True, slots=True)
class MapRow:
    """A unit of the map in words; `there` tells whether it stands on it."""

    name: str
    url: str
    done: str
    goal: str
    track: str
    there: bool


@needs(Permission.READ_DOCUMENTS)
def map_page(unit_id: int) -> ResponseReturnValue:
    """Show one indicator of the units below on a map, and beside it as a list."""
    page = result_pages.look(unit_id, request.args.get("indicator") or "clubs_new")
    results = page.results
    if not results.below:
        raise NotFoundError
    one = results.main[0]
    units = standing_reads.units(current.database(), [each.unit.id for each in results.below])
    found = [(each, _bubble(page, each, units[each.unit.id])) for each in results.below]
    rows = [_row(page, each, bubble) for each, bubble in found]
    if tables.wanted():
        head = [gettext("Đơn vị"), gettext("Đã làm"), gettext("Phải đạt"), gettext("Tình trạng")]
        listed = [
            [row.name, tables.value(row.done), tables.value(row.goal), row.track] for row in rows
        ]
        return tables.answer(ListTable(gettext("Bản đồ"), head, listed), "ban-do")
    bubbles = [bubble for _, bubble in found if bubble is not None]
    chosen = page.choices()
    chosen["chosen"]["indicator"] = one.code
    return render_template(
        "reporting/results_map.html",
        page=page,
        indicator=one,
        drawn=charts.bubbles("map", local_name(one), bubbles) if bubbles else "",
        rows=rows,
        there=len(bubbles),
        indicator_options=[
            (each.code, local_name(each))
            for each in results.indicators
            if each.required or each.code == one.code
        ],
        **chosen,
    )


def _bubble(page: ResultPage, one: UnitResults, unit: Unit) -> MapBubble | None:
    place = positions.position(unit)
    if place is None:
        return None
    (line,) = one.lines.values()
    track = line.judgement.track
    done = line.done.value if line.done is not None else None
    goal = result_words.goal_text(line.goal, line.indicator)
    return MapBubble(
        name=capitalize_first(one.unit.full_name),
        url=page.url(unit_id=one.unit.id),
        latitude=place.latitude,
        longitude=place.longitude,
        value=done or 0,
        track=track.value,
        sign=result_words.TRACK_SIGN[track],
        text=f"{result_words.done_text(line.done, line.indicator)} / {goal}",
        inset=unit.name in FAR_OUT,
    )


def _row(page: ResultPage, one: UnitResults, bubble: MapBubble | None) -> MapRow:
    (line,) = one.lines.values()
    return MapRow(
        name=capitalize_first(one.unit.full_name),
        url=page.url(unit_id=one.unit.id),
        done=result_words.done_text(line.done, line.indicator),
        goal=result_words.goal_text(line.goal, line.indicator),
        track=result_words.label(line),
        there=bubble is not None,
    )
