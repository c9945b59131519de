"""Who takes part in a programme for a period, of the units below one: coming, leaving, history."""

from collections.abc import Callable, Sequence
from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lth.administration import due_dates
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, one_unit, show
from lth.blueprints.admin.forms import TakingPartFilter, TakingPartForm
from lth.blueprints.admin.wording import by_use
from lth.blueprints.web import confirming, paging, tables
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.current import database
from lth.blueprints.web.refusals import attempt, rehearse
from lth.core import clock
from lth.core.formats import format_date
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable
from lth.models import Period, Unit
from lth.programmes import participants, participation
from lth.programmes.participants import Participant
from lth.programmes.participation import Mover
from lth.synthesis.children import of_units
from lth.units import names
from lth.workflow.documents import standing_of
from lth.workflow.kinds import document_name, period_name

HISTORY = 50
NAMED = 20
"""How many units a confirmation names."""


@base.page("/participation", "participation")
def listing(unit_id: int | None) -> ResponseReturnValue:
    """List the periods, each with how many units of this one's take part."""
    unit = base.unit_of(unit_id)
    if unit is None:
        return redirect(url_for("admin.units"))
    counts = participants.counted_within(database(), unit, clock.today())
    return show(
        "participation",
        unit,
        groups=by_use(due_dates.periods(database(), unit)),
        counts=counts,
        period_word=period_word,
    )


@base.page("/participation/<int:period_id>", "participation_period")
def period_page(unit_id: int | None, period_id: int) -> ResponseReturnValue:
    """List the units below, who takes part of them, and what changed when."""
    unit = one_unit(unit_id)
    period = _period(unit, period_id)
    return _period_page(unit, period)


def _period_page(unit: Unit, period: Period) -> ResponseReturnValue:
    wanted, today = TakingPartFilter(request.args), clock.today()
    text = (wanted.q.data or "").strip()

    def read(number: int) -> tuple[Sequence[Participant], int]:
        search = names.like(text) if text else None
        return participants.members(database(), period, unit, today, search=search, number=number)

    if tables.wanted():
        return tables.answer(_table(tables.all_pages(read)), "don-vi-tham-gia")
    lines, total = read(paging.number())
    moves = participants.history(database(), period, unit, most=HISTORY + 1)
    return show(
        "participants",
        unit,
        period=period,
        period_name=period_word(period),
        lines=lines,
        page=paging.page(total),
        wanted=wanted,
        moves=moves[:HISTORY],
        more=len(moves) > HISTORY,
        steps=participants.denominators(database(), period, unit.id),
        within=participants.counted_within(database(), unit, today).get(period.id, 0),
        seen=participation.version(database(), period.id, unit),
        today=today,
    )


def _table(lines: Sequence[Participant]) -> ListTable:
    """Return who takes part as a list, with the days of coming and leaving."""
    head = [
        *(gettext("Đơn vị"), gettext("Thuộc"), gettext("Tham gia")),
        *(gettext("Từ ngày"), gettext("Thôi từ ngày"), gettext("Đơn vị trực thuộc")),
    ]
    rows = [
        [
            *(capitalize_first(line.unit.full_name), line.above or ""),
            gettext("có") if line.takes_part else gettext("không"),
            *(line.joined_on, line.left_on, line.below or None),
        ]
        for line in lines
    ]
    return ListTable(gettext("Đơn vị tham gia"), head, rows)


@base.page("/participation/<int:period_id>/join", "participation_join_all", "POST")
def join_all(unit_id: int | None, period_id: int) -> ResponseReturnValue:
    """Have every unit below take part, once it is confirmed."""
    unit = one_unit(unit_id)
    period = _period(unit, period_id)
    with attempt() if confirming.is_confirmed() else rehearse() as outcome:
        mover = Mover.of(base.context(unit if _own(unit) else None))
        joined = participation.join_all(
            mover,
            period,
            unit,
            reason=gettext("Cho tham gia cùng lúc"),
            seen=request.form.get("seen", ""),
        )
    if not outcome.done:
        outcome.flash()
        return redirect(link("participation_period", period_id=period_id))
    if not joined.added:
        flash(gettext("Không còn đơn vị nào để thêm vào danh sách."), "info")
        return redirect(link("participation_period", period_id=period_id))
    if confirming.is_confirmed():
        outcome.flash(
            gettext("Đã cho %(units)s tham gia.", units=say(of_units(joined.added, None)))
        )
        return redirect(link("participation_period", period_id=period_id))
    rows = [
        ConfirmationRow(
            gettext("Thêm vào danh sách: %(count)s", count=joined.added),
            [gettext("trong đó tham gia muộn, từ hôm nay: %(count)s", count=joined.late)]
            if joined.late
            else [],
        ),
        ConfirmationRow(
            gettext("Đã có trong danh sách, giữ nguyên: %(count)s", count=joined.present)
        ),
    ]
    lead = gettext(
        "Các đơn vị của %(unit)s sẽ tham gia %(period)s.",
        unit=unit.full_name,
        period=period_word(period),
    )
    return confirming.page(
        gettext("Cho mọi đơn vị tham gia"),
        lead,
        rows,
        gettext("Cho tham gia"),
        kicker=capitalize_first(unit.full_name),
        back=(period_word(period), link("participation_period", period_id=period_id)),
    )


@base.form(
    "/participation/<int:period_id>/units/<int:member_id>/join",
    "participation_join",
    "participation_come",
)
def join(unit_id: int | None, period_id: int, member_id: int) -> ResponseReturnValue:
    """Have one unit take part, late or again."""
    unit = one_unit(unit_id)
    period = _period(unit, period_id)
    member = _member(unit, member_id)

    def come(mover: Mover, on: date, reason: str, seen: str) -> list[Unit]:
        participation.join(mover, period, member, on=on, reason=reason, seen=seen)
        return [member]

    title = gettext("Cho tham gia")
    return _move(unit, period, member, title, come, gettext("Đã cho đơn vị tham gia."))


@base.form(
    "/participation/<int:period_id>/units/<int:member_id>/leave",
    "participation_leave",
    "participation_go",
)
def leave(unit_id: int | None, period_id: int, member_id: int) -> ResponseReturnValue:
    """Have one unit leave, with all below it."""
    unit = one_unit(unit_id)
    period = _period(unit, period_id)
    member = _member(unit, member_id)

    def go(mover: Mover, on: date, reason: str, seen: str) -> list[Unit]:
        return participation.leave(mover, period, member, on=on, reason=reason, seen=seen)

    title = gettext("Thôi tham gia")
    return _move(
        unit, period, member, title, go, gettext("Đã ghi việc thôi tham gia."), danger=True
    )


def _move(
    unit: Unit,
    period: Period,
    member: Unit,
    title: str,
    operation: Callable[[Mover, date, str, str], list[Unit]],
    done: str,
    *,
    danger: bool = False,
) -> ResponseReturnValue:
    """Ask for the day and the reason, show who is meant, and do it once that is confirmed."""
    form, name = TakingPartForm(), capitalize_first(member.full_name)
    if not form.is_submitted():
        seen = participation.version(database(), period.id, member)
        form = TakingPartForm(on=clock.today(), seen=seen)
    back = link("participation_period", period_id=period.id)

    def draw() -> str:
        return base.form_page(
            unit,
            form,
            title,
            (period_word(period), back),
            kicker=f"{name}, {period_word(period)}",
            submit=title,
            danger=danger,
            sends=True,
        )

    if not form.is_submitted() or confirming.asks_to_look():
        return draw()
    if not form.validate():
        return draw(), 422
    confirmed = confirming.is_confirmed()
    with attempt(form=form) if confirmed else rehearse(form=form) as outcome:
        mover = Mover.of(base.context(unit if _own(unit) else None))
        day, reason = form.on.data, str(form.reason.data)
        moved = operation(mover, day, reason, str(form.seen.data or ""))
        rows = [] if confirmed else _rows(period, moved, leaving=danger)
    if outcome.blocked:
        return draw(), outcome.code
    if confirmed or not outcome.done:
        outcome.flash(done)
        return redirect(back)
    lead = gettext("Từ ngày %(date)s, lý do: %(reason)s", date=format_date(day), reason=reason)
    note = (
        gettext(
            "Đơn vị thôi bị tính là thiếu, thôi được nhắc hạn và không lập văn bản mới của kỳ này. "
            "Văn bản đã gửi vẫn đọc được; bản tổng hợp đã chốt giữ nguyên số liệu."
        )
        if danger
        else gettext("Mẫu số của bản tổng hợp chưa chốt tính thêm đơn vị này từ ngày trên.")
    )
    return confirming.page(
        title, lead, rows, title, kicker=period_word(period), note=note, danger=danger
    )


def _rows(period: Period, moved: list[Unit], *, leaving: bool) -> list[ConfirmationRow]:
    """Name who comes or leaves, with the documents that they have begun."""
    begun = standing_of(database(), period.id, [one.id for one in moved]) if leaving else {}
    rows = [
        ConfirmationRow(
            capitalize_first(one.full_name),
            [
                gettext(
                    "%(document)s: đã gửi, còn nằm ở cấp trên",
                    document=document_name(kind, period.code),
                )
                if sent
                else gettext("%(document)s: đang soạn", document=document_name(kind, period.code))
                for kind, sent in begun.get(one.id, ())
            ],
        )
        for one in moved[:NAMED]
    ]
    if len(moved) > NAMED:
        rest = say(of_units(len(moved) - NAMED, None))
        rows.append(ConfirmationRow(gettext("và %(units)s khác", units=rest)))
    return rows


def period_word(period: Period) -> str:
    """Word a period: "chương trình 1336, năm 2021"."""
    return gettext(
        "Chương trình %(code)s, %(period)s",
        code=period.programme.code,
        period=period_name(period.code),
    )


def _own(unit: Unit) -> bool:
    """Tell whether the actor administers just this unit, and not the system."""
    return base.current.actor().unit_id == unit.id


def _period(unit: Unit, period_id: int) -> Period:
    period = due_dates.find_period(database(), unit, period_id)
    if period is None:
        abort(404)
    return period


def _member(unit: Unit, member_id: int) -> Unit:
    """Find a unit below the one administered (or, for the system administrator, that one)."""
    member = database().get(Unit, member_id)
    if member is None or not member.path.startswith(unit.path):
        abort(404)
    if member.id == unit.id and _own(unit):
        abort(404)
    return member
