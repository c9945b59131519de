"""The units of the country, its calendar of working days, and the trail of what was changed."""

from collections.abc import Sequence
from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from lth.administration import audit, calendar_days
from lth.administration import units as administration_units
from lth.administration.audit import TrailLine
from lth.administration.units import ListedUnit
from lth.blueprints.admin import base, wording
from lth.blueprints.admin.base import blueprint, show, unit_of
from lth.blueprints.admin.forms import CalendarDayForm, UnitFilter
from lth.blueprints.web import committing, paging, tables, trail_pages
from lth.blueprints.web.current import database
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.trail_pages import EntryFilter
from lth.core import clock
from lth.core.formats import format_date, format_moment
from lth.core.language import gettext, pgettext
from lth.core.vietnamese import capitalize_first
from lth.core.workdays import Calendar
from lth.exchange.grids.tables import ListTable
from lth.models import Unit
from lth.models.unit import Level


@base.page("/trail", "trail")
def trail(unit_id: int | None) -> ResponseReturnValue:
    """List the trail of a unit, newest first; of everything for the system administrator."""
    unit, form = unit_of(unit_id), _trail_form()
    lines, total = _entries(unit, form, paging.SIZE, paging.SIZE * (paging.number() - 1))
    files = [
        (base.link("trail_file", **_asked(), file=kind), label)
        for kind, label in trail_pages.files()
    ]
    return show(
        "trail",
        unit,
        form=form,
        lines=lines,
        places=trail_pages.places(line.entry for line in lines),
        files=files,
        most=trail_pages.EXPORTED,
        page=paging.page(total),
    )


@base.page("/trail/file", "trail_file")
def trail_file(unit_id: int | None) -> ResponseReturnValue:
    """Answer with a file of what was looked for in the trail."""
    lines, total = _entries(unit_of(unit_id), _trail_form(), trail_pages.EXPORTED, 0)
    head = (
        *(gettext("Lúc"), gettext("Người thực hiện"), gettext("Chức vụ"), gettext("Đơn vị")),
        *(gettext("Việc"), gettext("Đối tượng"), gettext("Thay đổi")),
    )
    by_key = {line.entry.link_key: line for line in lines}
    rows = [line.entry for line in lines]
    return trail_pages.answer(
        trail_pages.wanted_file(), head, rows, lambda row: _cells(by_key[row.link_key]), total
    )


def _trail_form() -> EntryFilter:
    form = EntryFilter(request.args)
    acts = [SelectChoice(what, label) for what, label in wording.acts()]
    form.what.choices = [SelectChoice("", gettext("Mọi việc")), *acts]
    return form


def _asked() -> dict[str, str]:
    """Return what is looked for, as the address says it."""
    return {name: value for name, value in request.args.items() if name in EntryFilter.ASKED}


def _entries(
    unit: Unit | None, form: EntryFilter, limit: int, offset: int
) -> tuple[list[TrailLine], int]:
    if not form.validate():
        return [], 0
    wanted = form.search()
    return audit.found(database(), unit.id if unit else None, wanted, limit=limit, offset=offset)


def _cells(line: TrailLine) -> tuple[str, ...]:
    entry = line.entry
    changes = [
        gettext("%(field)s: từ “%(old)s” thành “%(new)s”", field=field, old=old, new=new)
        for field, old, new in wording.changes_in_words(line)
    ]
    return (
        *(format_moment(entry.at), entry.person_name or gettext("Hệ thống")),
        *(entry.person_position, entry.unit_name, wording.act_word(line)),
        *(wording.subject_word(line), "; ".join(changes)),
    )


@blueprint.get("/units")
@needs(Permission.ADMINISTER_SYSTEM)
def units() -> ResponseReturnValue:
    """List a page of units, found by name with or without diacritics; all of them as a file."""
    wanted = UnitFilter(request.args)
    level = wanted.level.data if wanted.level.data in set(Level) else None

    def read(number: int) -> tuple[Sequence[ListedUnit], int]:
        return administration_units.units(
            database(),
            clock.today(),
            search=wanted.q.data or "",
            level=Level(level) if level else None,
            ended=wanted.ended.data == "1",
            number=number,
        )

    if tables.wanted():
        return tables.answer(_units_table(tables.all_pages(read)), "don-vi")
    lines, total = read(paging.number())
    return show("units", None, lines=lines, page=paging.page(total), wanted=wanted)


def _units_table(lines: Sequence[ListedUnit]) -> ListTable:
    """Return units as a list with their days apart, and how many people they have."""
    head = [
        *(gettext("Đơn vị"), gettext("Thuộc"), gettext("Từ ngày"), gettext("Đến trước ngày")),
        gettext("Người dùng"),
    ]
    rows = [
        [
            *(capitalize_first(line.unit.full_name), line.parent_name),
            *(line.unit.valid_from, line.unit.valid_to, line.people),
        ]
        for line in lines
    ]
    return ListTable(pgettext("many", "Đơn vị"), head, rows)


@blueprint.get("/calendar", endpoint="calendar")
@blueprint.post("/calendar", endpoint="calendar_decide")
@needs(Permission.ADMINISTER_SYSTEM)
def calendar() -> ResponseReturnValue:
    """Show two years' public holidays and the exceptions; say of a day whether it is worked on."""
    form = CalendarDayForm()

    def decide() -> None:
        works, name = form.works.data == "yes", str(form.name.data)
        calendar_days.decide(base.context(None), form.day.data, works, name)

    done = gettext("Đã đặt ngày trong lịch. Các hạn nộp đã được tính lại.")
    return base.run(form, lambda: _calendar_page(form), decide, done, url_for("admin.calendar"))


@blueprint.post("/calendar/forget")
@needs(Permission.ADMINISTER_SYSTEM)
def calendar_forget() -> ResponseReturnValue:
    """Leave a day to the public calendar again."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(400)
    with committing.with_answer():
        forgotten = calendar_days.forget(base.context(None), day, request.form["seen"])
    if forgotten:
        flash(gettext("Đã bỏ ngày khỏi danh sách. Các hạn nộp đã được tính lại."), "success")
    else:
        flash(gettext("Ngày này không còn trong danh sách."), "info")
    return redirect(url_for("admin.calendar"))


def _calendar_page(form: CalendarDayForm) -> str:
    year = clock.today().year
    return show(
        "calendar",
        None,
        form=form,
        decided=calendar_days.decided(database()),
        version_of=calendar_days.version,
        years=[(each, _holidays(each)) for each in (year, year + 1)],
    )


def _holidays(year: int) -> list[tuple[str, str]]:
    return [(format_date(day), name) for day, name in Calendar.public(year)]
