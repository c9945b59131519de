"""Visits to clubs: the list, planning one, one with what it found, and those to one club."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.clubs.views import common, is_commune
from lth.blueprints.clubs.visit_forms import (
    CallOffForm,
    FindingForm,
    ShownForm,
    VisitChangeForm,
    VisitDoneForm,
    VisitForm,
)
from lth.blueprints.clubs.visit_wording import mender, stage, visit_name, visit_state
from lth.blueprints.web import confirming, current, paging, tables
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt, rehearse
from lth.clubs import register, visit_lists, visits
from lth.clubs.visit_lists import VisitsShown
from lth.core import clock
from lth.core.errors import NotFoundError
from lth.core.formats import format_date
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Club, Visit, VisitedClub, VisitFinding
from lth.models.club import ClubState
from lth.models.visit import Mender


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    one_visit = "/clubs/visits/<int:visit_id>"
    rule("/clubs/visits", "club_visits", listing)
    rule("/clubs/visits/new", "club_visit_new", new)
    rule("/clubs/visits/new", "club_visit_plan", plan, methods=["POST"])
    rule(one_visit, "club_visit", one)
    rule(f"{one_visit}/edit", "club_visit_edit", edit)
    rule(f"{one_visit}/edit", "club_visit_change", change, methods=["POST"])
    rule(f"{one_visit}/call-off", "club_visit_off", off)
    rule(f"{one_visit}/call-off", "club_visit_call_off", call_off, methods=["POST"])
    rule(f"{one_visit}/done", "club_visit_done", done)
    rule(f"{one_visit}/done", "club_visit_note_done", note_done, methods=["POST"])
    rule(f"{one_visit}/findings", "club_visit_find", find, methods=["POST"])
    rule("/clubs/<int:club_id>/visits", "club_visited", of_club)


def list_tabs(shown: str) -> list[dict[str, Any]]:
    """List the two lists of visits, the one being shown marked."""
    pages = ((gettext("Chuyến kiểm tra"), "club_visits"), (gettext("Tồn tại"), "club_findings"))
    return [
        {"label": label, "url": desk_url(page), "current": page == shown} for label, page in pages
    ]


# --- The list -----------------------------------------------------------------------------


@needs(Permission.READ_CLUBS)
def listing() -> ResponseReturnValue:
    """List the unit's own visits and those of others to clubs that it sees."""
    form = ShownForm(request.args)
    shown = form.of_visits()
    if tables.wanted():
        return tables.answer(_table(shown), "kiem-tra-cau-lac-bo")
    found, total = _read(shown, paging.number())
    return render_template(
        "clubs/visits.html",
        form=form,
        rows=_rows(found),
        tabs=list_tabs("club_visits"),
        may_plan=_plans(),
        filtered=shown is not VisitsShown.ALL,
        pager=paging.page(total),
        total=total,
    )


def _plans() -> bool:
    return current.actor().role in GRANTS[Permission.KEEP_VISITS]


def _read(shown: VisitsShown, number: int) -> tuple[Sequence[Visit], int]:
    return visit_lists.listed(
        current.database(),
        current.scope(),
        shown,
        limit=paging.SIZE,
        offset=paging.SIZE * (number - 1),
    )


def _rows(found: Sequence[Visit]) -> list[dict[str, Any]]:
    clubs = visit_lists.visited_by(current.database(), current.scope(), found)
    today = clock.today()
    return [_row(visit, clubs.get(visit.id, []), today) for visit in found]


def _row(visit: Visit, clubs: Sequence[VisitedClub], today: date) -> dict[str, Any]:
    return {
        "id": visit.id,
        "visit": visit,
        "unit": capitalize_first(visit.unit_name),
        "state": visit_state(visit, today),
        "clubs": ", ".join(one.club.name for one in clubs),
        "commune": capitalize_first(clubs[0].club.unit.full_name) if clubs else "",
    }


def _table(shown: VisitsShown) -> ListTable:
    head = [
        *(gettext("Đơn vị kiểm tra"), gettext("Ngày dự kiến"), gettext("Ngày đã đi")),
        *(gettext("Ai đi"), gettext("Xã"), gettext("Các câu lạc bộ"), gettext("Nội dung")),
        gettext("Tình trạng"),
    ]
    found = tables.all_pages(lambda number: _read(shown, number))
    return ListTable(gettext("Kiểm tra câu lạc bộ"), head, [_cells(row) for row in _rows(found)])


def _cells(row: Mapping[str, Any]) -> list[TableValue]:
    visit = row["visit"]
    return [
        *(row["unit"], visit.planned_on, visit.done_on, visit.visitors),
        *(row["commune"], row["clubs"], visit.purpose, row["state"]),
    ]


# --- Planning -----------------------------------------------------------------------------


@needs(Permission.KEEP_VISITS)
def new() -> ResponseReturnValue:
    """Ask which commune, unless it is the own one; then show the form of a visit there."""
    unit_id = _commune()
    form = VisitForm(formdata=None)
    form.offer(_running(unit_id))
    asked = paging.whole_in(request.args, "club")
    form.clubs.data = [asked] if asked in {value for value, _ in form.clubs.choices} else []
    return _plan_page(form, unit_id)


def _commune() -> int | None:
    """Return the commune whose clubs are to be chosen; None where none is named yet.

    Raises NotFoundError for a unit that is not seen.
    """
    if is_commune():
        return current.actor().unit_id
    if not request.args.get("unit"):
        return None
    unit_id = paging.whole_in(request.args, "unit")
    return register.place(current.database(), unit_id, current.scope()).id


def _running(unit_id: int | None) -> list[Club]:
    if unit_id is None:
        return []
    found = register.of_unit(current.database(), unit_id, current.scope())
    return [club for club in found if club.state is ClubState.ACTIVE]


def _plan_page(form: VisitForm, unit_id: int | None, code: int = 200) -> ResponseReturnValue:
    communes: list[tuple[int, str]] = []
    if not is_commune():
        found = visit_lists.communes(current.database(), current.scope())
        communes = [(unit.id, capitalize_first(unit.full_name)) for unit in found]
    page = render_template(
        "clubs/visit_plan.html", form=form, unit_id=unit_id, communes=communes, visit=None
    )
    return page, code


@needs(Permission.KEEP_VISITS)
def plan() -> ResponseReturnValue:
    """Plan a visit; what rules refuse comes back as it was typed."""
    unit_id = _commune()
    if unit_id is None:
        raise NotFoundError
    form = VisitForm()
    form.offer(_running(unit_id))
    if confirming.asks_to_look():
        return _plan_page(form, unit_id)
    if not form.validate():
        return _plan_page(form, unit_id, 422)
    with attempt(form=form) as outcome:
        visit = visits.plan(current.database(), current.actor(), form.plan(), now=current.now())
        visit_id = visit.id
    if not outcome.done:
        return _plan_page(form, unit_id, outcome.code)
    outcome.flash(gettext("Đã lên lịch kiểm tra."))
    return redirect(desk_url("club_visit", visit_id=visit_id))


@needs(Permission.KEEP_VISITS)
def edit(visit_id: int) -> ResponseReturnValue:
    """Show a visit that was not made yet, to be changed."""
    visit, clubs = _own(visit_id)
    chosen = {
        "clubs": [one.club_id for one in clubs],
        "planned_on": visit.planned_on,
        "visitors": visit.visitors,
        "purpose": visit.purpose,
    }
    form = VisitChangeForm(formdata=None, **chosen, seen=visit.version)
    form.offer(_running(clubs[0].club.unit_id if clubs else None))
    return _edit_page(visit, form)


def _own(visit_id: int) -> tuple[Visit, list[VisitedClub]]:
    """Find a visit of the own unit with its clubs. Raises NotFoundError for any other."""
    session, scope = current.database(), current.scope()
    visit = visit_lists.get(session, visit_id, scope)
    if visit.unit_id != scope.unit_id:
        raise NotFoundError
    return visit, visit_lists.visited(session, scope, visit)


def _edit_page(visit: Visit, form: VisitForm, code: int = 200) -> ResponseReturnValue:
    return render_template("clubs/visit_plan.html", form=form, visit=visit, communes=[]), code


@needs(Permission.KEEP_VISITS)
def change(visit_id: int) -> ResponseReturnValue:
    """Change a visit that was not made yet."""
    visit, clubs = _own(visit_id)
    form = VisitChangeForm(planned_on=visit.planned_on)
    form.offer(_running(clubs[0].club.unit_id if clubs else None))
    if confirming.asks_to_look():
        return _edit_page(visit, form)
    if not form.validate():
        return _edit_page(visit, form, 422)
    with attempt(form=form) as outcome:
        visits.change(
            current.database(),
            current.actor(),
            visit_id,
            form.plan(),
            seen=form.seen.data or 0,
        )
    if outcome.blocked:
        return _edit_page(_own(visit_id)[0], form, outcome.code)
    return _lead_back(visit_id, outcome, gettext("Đã lưu chuyến kiểm tra."))


def _lead_back(visit_id: int, outcome: Outcome, done: str) -> ResponseReturnValue:
    if not outcome.done:
        outcome.flash()
        return _page(visit_id, code=outcome.code)
    outcome.flash(done)
    return redirect(desk_url("club_visit", visit_id=visit_id))


@needs(Permission.KEEP_VISITS)
def off(visit_id: int) -> ResponseReturnValue:
    """Ask why a visit is not made."""
    visit, _ = _own(visit_id)
    return _off_page(visit, CallOffForm(formdata=None, seen=visit.version))


def _off_page(visit: Visit, form: CallOffForm, code: int = 200) -> ResponseReturnValue:
    return render_template("clubs/visit_off.html", form=form, visit=visit), code


@needs(Permission.KEEP_VISITS)
def call_off(visit_id: int) -> ResponseReturnValue:
    """Call a visit off; it stays in the list with the reason."""
    visit, _ = _own(visit_id)
    form = CallOffForm()
    if confirming.asks_to_look():
        return _off_page(visit, form)
    if not form.validate():
        return _off_page(visit, form, 422)
    with attempt(form=form) as outcome:
        visits.call_off(
            *(current.database(), current.actor(), visit_id, form.reason.data or ""),
            seen=form.seen.data or 0,
            now=current.now(),
        )
    if outcome.blocked:
        return _off_page(_own(visit_id)[0], form, outcome.code)
    return _lead_back(visit_id, outcome, gettext("Đã hủy chuyến kiểm tra."))


@needs(Permission.KEEP_VISITS)
def done(visit_id: int) -> ResponseReturnValue:
    """Ask on which day a visit was made, and what was seen at each club."""
    visit, clubs = _own(visit_id)
    day = min(visit.planned_on, clock.today())
    form = VisitDoneForm(formdata=None, done_on=day, seen=visit.version)
    return _done_page(visit, form, clubs, {one.club_id: one.note for one in clubs})


def _done_page(
    visit: Visit,
    form: VisitDoneForm,
    clubs: Sequence[VisitedClub],
    notes: Mapping[int, str],
    code: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "clubs/visit_done.html", form=form, visit=visit, clubs=clubs, notes=notes
    )
    return page, code


@needs(Permission.KEEP_VISITS)
def note_done(visit_id: int) -> ResponseReturnValue:
    """Say that a visit was made."""
    visit, clubs = _own(visit_id)
    form = VisitDoneForm(done_on=min(visit.planned_on, clock.today()))
    notes = {one.club_id: request.form[f"c{one.club_id}:text"] for one in clubs}
    if confirming.asks_to_look():
        return _done_page(visit, form, clubs, notes)
    if not form.validate():
        return _done_page(visit, form, clubs, notes, 422)
    with attempt(form=form) as outcome:
        visits.note_done(
            *(current.database(), current.actor(), visit_id, form.done_on.data, notes),
            seen=form.seen.data or 0,
            now=current.now(),
        )
    if outcome.blocked:
        return _done_page(*_with_form(visit_id, form), notes, outcome.code)
    return _lead_back(
        visit_id, outcome, gettext("Đã ghi. Nếu thấy tồn tại, hãy ghi cho từng câu lạc bộ.")
    )


def _with_form(
    visit_id: int, form: VisitDoneForm
) -> tuple[Visit, VisitDoneForm, Sequence[VisitedClub]]:
    visit, clubs = _own(visit_id)
    return visit, form, clubs


# --- One visit ----------------------------------------------------------------------------


@needs(Permission.READ_CLUBS)
def one(visit_id: int) -> ResponseReturnValue:
    """Show a visit with the clubs that it goes to and what it found there."""
    return _page(visit_id)


def _page(visit_id: int, form: FindingForm | None = None, code: int = 200) -> ResponseReturnValue:
    session, scope, today = current.database(), current.scope(), clock.today()
    visit = visit_lists.get(session, visit_id, scope)
    clubs = visit_lists.visited(session, scope, visit)
    mine = visit.unit_id == scope.unit_id and _plans()
    over = visit.done_on is not None or visit.called_off_at is not None
    if form is None and mine and visit.done_on is not None:
        form = FindingForm(formdata=None)
        form.offer([one.club for one in clubs])
    page = render_template(
        "clubs/visit.html",
        visit=visit,
        name=visit_name(visit),
        state=visit_state(visit, today),
        clubs=clubs,
        findings=finding_rows(visit_lists.findings_of(session, scope, visit), today),
        form=form,
        may_change=mine and not over,
    )
    return page, code


def finding_rows(found: Sequence[VisitFinding], today: date) -> list[dict[str, Any]]:
    """Word findings for a table."""
    return [
        {
            "id": one.id,
            "text": one.text,
            "club": one.club.name,
            "club_id": one.club_id,
            "commune": capitalize_first(one.club.unit.full_name),
            "mender": mender(one),
            "due_on": one.due_on,
            "stage": stage(one),
            "late": visit_lists.is_late(one, today),
        }
        for one in found
    ]


@needs(Permission.KEEP_VISITS)
def find(visit_id: int) -> ResponseReturnValue:
    """Pin to a club what a visit found there, once it is confirmed."""
    _, clubs = _own(visit_id)
    form = FindingForm()
    form.offer([one.club for one in clubs])
    if confirming.asks_to_look():
        return _page(visit_id, form)
    if not form.validate():
        return _page(visit_id, form, 422)
    with attempt(form=form) if confirming.is_confirmed() else rehearse(form=form) as outcome:
        visits.find(
            *(current.database(), current.actor(), visit_id, form.club_id.data),
            text=form.text.data or "",
            mender=Mender(form.mender.data),
            due_on=form.due_on.data,
            now=current.now(),
        )
    if outcome.blocked:
        return _page(visit_id, form, outcome.code)
    if outcome.done and not confirming.is_confirmed():
        return _confirmation(visit_id, form)
    return _lead_back(visit_id, outcome, gettext("Đã ghi tồn tại. Xã nhận được thư."))


def _confirmation(visit_id: int, form: FindingForm) -> str:
    visit, _ = _own(visit_id)
    asked = (form.club_id, form.mender)
    rows = [ConfirmationRow(str(field.label.text), [_answer(field)]) for field in asked]
    rows.insert(1, ConfirmationRow(str(form.text.label.text), [form.text.data or ""]))
    due = format_date(form.due_on.data)
    rows.append(ConfirmationRow(str(form.due_on.label.text), [due]))
    return confirming.page(
        gettext("Ghi tồn tại"),
        gettext("Lời đã ghi không sửa được. Xã của câu lạc bộ nhận được thư và thấy tồn tại này."),
        rows,
        gettext("Ghi tồn tại"),
        kicker=visit_name(visit),
        back=(gettext("Chuyến kiểm tra"), desk_url("club_visit", visit_id=visit_id)),
    )


def _answer(field: Any) -> str:
    chosen = (label for value, label, *_ in field.iter_choices() if value == field.data)
    return str(next(chosen, ""))


# --- Of one club --------------------------------------------------------------------------


@needs(Permission.READ_CLUBS)
def of_club(club_id: int) -> ResponseReturnValue:
    """Show the visits to a club with what they found there, the newest first."""
    session, scope, today = current.database(), current.scope(), clock.today()
    club = register.get(session, club_id, scope)
    found = visit_lists.of_club(session, scope, club.id)
    rows = [
        {
            "visit": one.visit,
            "name": visit_name(one.visit),
            "state": visit_state(one.visit, today),
            "note": one.note,
            "findings": finding_rows(one.findings, today),
        }
        for one in found
    ]
    plans = _plans() and club.state is ClubState.ACTIVE
    return render_template("clubs/visited.html", **common(club), rows=rows, may_plan=plans)
