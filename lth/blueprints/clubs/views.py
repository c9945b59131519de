"""The register of clubs to read: a list, the units below with their counts, one club."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.clubs import tabs
from lth.blueprints.clubs.forms import ClubFilter
from lth.blueprints.clubs.wording import (
    STATE_LABEL,
    STATE_LOOK,
    area_names,
    event,
    funds,
)
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.levels import desk_url, desk_urls
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.clubs import moves, register
from lth.clubs.register import FoundClubs
from lth.core import clock
from lth.core.errors import NotFoundError
from lth.core.language import gettext, pgettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.club_list import sheets
from lth.exchange.grids.tables import ListTable
from lth.models import Club, Unit
from lth.models.club import ClubState
from lth.models.unit import Level


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/clubs", "clubs", listing)
    rule("/clubs/<int:club_id>", "club", one)
    rule("/clubs/<int:club_id>/history", "club_history", history)
    if blueprint.name != Level.COMMUNE.value:
        rule("/clubs/units", "clubs_units", units)


# --- The list -----------------------------------------------------------------------------


@needs(Permission.READ_CLUBS)
def listing() -> ResponseReturnValue:
    """List the clubs of the own commune, or of all units below, as looked for."""
    unit = _unit()
    form = _filter(unit)
    wanted, valid = form.search(unit), form.validate()
    session, scope = current.database(), current.scope()

    def read(number: int) -> tuple[Sequence[Club], int]:
        offset = paging.SIZE * (number - 1)
        found = register.listed(session, scope, wanted, limit=paging.SIZE, offset=offset)
        return found.clubs, found.total

    if tables.wanted():
        return tables.answer(_table(tables.all_pages(read) if valid else []), "cau-lac-bo")
    offset = paging.SIZE * (paging.number() - 1)
    found = (
        register.listed(session, scope, wanted, limit=paging.SIZE, offset=offset)
        if valid
        else FoundClubs([], {})
    )
    return render_template(
        "clubs/list.html",
        form=form,
        clubs=found.clubs,
        counts=[
            (label, found.counts.get(state, 0), STATE_LOOK[state])
            for state, label in STATE_LABEL.items()
        ],
        total=found.total,
        page=paging.page(found.total),
        looked=any(request.args.get(name) for name in ("q", "unit", "village", "state")),
        unit=unit,
        tabs=list_tabs(),
        with_units=not is_commune(),
        keeps=keeps(),
        club_url=desk_urls("club", "club_id"),
        state_label=STATE_LABEL,
        state_look=STATE_LOOK,
        funds=funds,
    )


def _unit() -> Unit | None:
    """Return the unit below that the address names; None for all. 404 for any other."""
    asked = request.args.get("unit", "")
    if not asked or is_commune():
        return None
    unit_id = paging.whole(asked, paging.LARGEST_ID + 1)
    if unit_id is None:
        raise NotFoundError
    return register.place(current.database(), unit_id, current.scope())


def _filter(unit: Unit | None) -> ClubFilter:
    session, scope = current.database(), current.scope()
    form = ClubFilter(request.args)
    form.offer_states()
    if is_commune():
        form.of_commune(register.villages(session, scope))
    else:
        form.of_units(_choices(unit))
    return form


def _choices(unit: Unit | None) -> list[tuple[str, str]]:
    """List the units to choose from: those directly below, and where one is open, inside it."""
    session, own = current.database(), current.actor().unit_id or 0
    above = register.place(session, own, current.scope())
    direct = register.units_below(session, above, clock.today())
    found: list[tuple[str, str]] = []
    opened = False
    for one in direct:
        found.append((str(one.id), capitalize_first(one.full_name)))
        if unit is not None and unit.path.startswith(one.path) and one.level is not Level.COMMUNE:
            inside = register.units_below(session, one, clock.today())
            found += [(str(each.id), f"– {capitalize_first(each.full_name)}") for each in inside]
        opened = opened or unit is None or any(value == str(unit.id) for value, _ in found)
    if unit is not None and not opened:
        found.append((str(unit.id), capitalize_first(unit.full_name)))
    return found


def is_commune() -> bool:
    """Tell whether the actor's unit is a commune, whose clubs are its own."""
    return current.actor().level is Level.COMMUNE


def keeps() -> bool:
    """Tell whether the actor keeps this register: a commune's clerk or leader."""
    return is_commune() and current.actor().role in GRANTS[Permission.KEEP_CLUBS]


def list_tabs() -> list[dict[str, Any]]:
    """List the views of the register; by unit only where there are others below."""
    pages = [
        (gettext("Danh sách"), "clubs"),
        *([] if is_commune() else [(gettext("Theo đơn vị"), "clubs_units")]),
        (gettext("Sổ tháng"), "clubs_books"),
        (gettext("Xếp loại"), "club_ratings"),
    ]
    shown = (request.endpoint or "").partition(".")[2]
    return [
        {"label": label, "url": desk_url(endpoint), "current": endpoint == shown}
        for label, endpoint in pages
    ]


def _table(clubs: Iterable[Club]) -> ListTable:
    """Return clubs as a list, with the columns that a list to bring in has first."""
    areas = register.areas(current.database())
    with_unit = not is_commune()
    head = [*sheets.heads(), gettext("Trạng thái"), gettext("Ngày kết thúc")]
    rows = [
        [
            *([capitalize_first(club.unit.full_name)] if with_unit else []),
            *(*sheets.cells(club, areas), str(STATE_LABEL[club.state]), club.ended_on),
        ]
        for club in clubs
    ]
    head = [gettext("Đơn vị"), *head] if with_unit else head
    return ListTable(pgettext("many", "Câu lạc bộ"), head, rows)


# --- By unit ------------------------------------------------------------------------------


@needs(Permission.READ_CLUBS)
def units() -> ResponseReturnValue:
    """Show the units directly below one with how many clubs each has; each leads further down."""
    session, scope = current.database(), current.scope()
    above = _unit() or register.place(session, current.actor().unit_id or 0, scope)
    rows = register.by_unit(session, scope, above, clock.today())
    if tables.wanted():
        head = [gettext("Đơn vị"), *(str(label) for label in STATE_LABEL.values())]
        cells = [
            [capitalize_first(row.unit.full_name), *(row[state] for state in STATE_LABEL)]
            for row in rows
        ]
        name = gettext("Câu lạc bộ theo đơn vị")
        return tables.answer(ListTable(name, head, cells), "cau-lac-bo-theo-don-vi")
    return render_template(
        "clubs/units.html",
        rows=[(row, _down(row.unit)) for row in rows],
        above=above,
        own=above.id == current.actor().unit_id,
        tabs=list_tabs(),
        states=STATE_LABEL,
        totals=[sum(row[state] for row in rows) for state in STATE_LABEL],
        without=sum(not row[ClubState.ACTIVE] for row in rows),
    )


def _down(unit: Unit) -> str:
    """Return where a unit's row leads: to the clubs of a commune, to the units below any other."""
    endpoint = "clubs" if unit.level is Level.COMMUNE else "clubs_units"
    return desk_url(endpoint, unit=unit.id)


# --- One club -----------------------------------------------------------------------------


@needs(Permission.READ_CLUBS)
def one(club_id: int) -> ResponseReturnValue:
    """Show what the register says of a club, and what can be done about it."""
    club = register.get(current.database(), club_id, current.scope())
    return page(club)


def page(club: Club, code: int = 200) -> ResponseReturnValue:
    """Return a club's own page."""
    session, actor = current.database(), current.actor()
    areas = register.areas(session)
    into = (
        register.get(session, club.merged_into_id, current.scope())
        if club.merged_into_id is not None
        else None
    )
    html = render_template(
        "clubs/one.html",
        **common(club),
        areas=area_names(club.areas, areas),
        areas_count=(len(club.areas), len(areas)),
        into=into,
        funds=funds(club),
        keeps=keeps(),
        moves=not is_commune() and actor.role in moves.MOVERS,
    )
    return html, code


def common(club: Club) -> dict[str, Any]:
    """Return what every page about a club shows."""
    return {
        "club": club,
        "club_tabs": tabs.of_club(club),
        "state_label": STATE_LABEL[club.state],
        "state_look": STATE_LOOK[club.state],
        "of_unit": "" if is_commune() else capitalize_first(club.unit.full_name),
        "list_url": desk_url("clubs", **({} if is_commune() else {"unit": club.unit_id})),
    }


@needs(Permission.READ_CLUBS)
def history(club_id: int) -> ResponseReturnValue:
    """Show what became of a club, the newest first."""
    session, scope = current.database(), current.scope()
    club = register.get(session, club_id, scope)
    areas = register.areas(session)
    events = [event(one, areas) for one in register.history(session, club, scope)]
    return render_template("clubs/history.html", **common(club), events=events)
