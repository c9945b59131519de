"""A unit above two communes moves a club from one to the other."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from lth.blueprints.clubs import views
from lth.blueprints.clubs.forms import ClubMoveForm
from lth.blueprints.web import confirming, current
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt, rehearse
from lth.clubs import moves, register
from lth.core import clock
from lth.core.formats import format_date
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.models import Club
from lth.models.club import ClubState


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/clubs/<int:club_id>/move", "club_move", page)
    rule("/clubs/<int:club_id>/move", "club_do_move", move, methods=["POST"])


@needs(Permission.KEEP_REGIMES)
def page(club_id: int) -> ResponseReturnValue:
    """Ask where a club goes, from when and why."""
    club = register.get(current.database(), club_id, current.scope())
    if club.state is not ClubState.ACTIVE:
        return redirect(desk_url("club", club_id=club_id))
    return _page(club, _offered(ClubMoveForm(formdata=None, seen=club.version), club))


@needs(Permission.KEEP_REGIMES)
def move(club_id: int) -> ResponseReturnValue:
    """Move a club once it is confirmed; what rules refuse comes back as it was filled in."""
    session = current.database()
    club = register.get(session, club_id, current.scope())
    form = _offered(ClubMoveForm(), club)
    if confirming.asks_to_look():
        return _page(club, form)
    if not form.validate():
        return _page(club, form), 422
    confirmed = confirming.is_confirmed()
    with (attempt if confirmed else rehearse)(form=form) as outcome:
        moves.move(
            session,
            current.actor(),
            club_id,
            form.to_unit.data or 0,
            form.occasion(),
            seen=form.seen.data or 0,
            now=current.now(),
        )
    club = register.get(session, club_id, current.scope())
    if outcome.blocked:
        return _page(club, form), outcome.code
    if not outcome.done:
        return views.page(club, outcome.flash_overtaken())
    if not confirmed:
        return _confirmation(club, form)
    outcome.flash(gettext("Đã chuyển câu lạc bộ. Xã nhận cấp lại mã vào sổ cho Ban chủ nhiệm."))
    return redirect(desk_url("club", club_id=club_id))


def _offered(form: ClubMoveForm, club: Club) -> ClubMoveForm:
    """Offer the other communes below the own unit that exist today."""
    communes = register.communes(current.database(), current.scope(), clock.today())
    form.offer(
        (unit.id, capitalize_first(unit.full_name) + (f", {above}" if above else ""))
        for unit, above in communes
        if unit.id != club.unit_id
    )
    return form


def _page(club: Club, form: ClubMoveForm) -> str:
    return render_template(
        "clubs/act.html",
        club=club,
        form=form,
        title=gettext("Chuyển sang xã khác"),
        lead=_lead(),
        action=desk_url("club_do_move", club_id=club.id),
        danger=True,
        nowhere=len(form.to_unit.choices or ()) < 2,
        club_url=desk_url("club", club_id=club.id),
    )


def _lead() -> str:
    return gettext(
        "Câu lạc bộ về sổ của xã nhận, với số mới. Sổ tháng đã ghi vẫn tính cho xã cũ; mã vào sổ đã"
        " cấp hết hiệu lực."
    )


def _confirmation(club: Club, form: ClubMoveForm) -> str:
    to = register.place(current.database(), form.to_unit.data or 0, current.scope())
    lines = [
        gettext("Từ %(old)s sang %(new)s", old=club.unit.full_name, new=to.full_name),
        gettext("Từ ngày %(date)s", date=format_date(form.day.data)),
        gettext("Lý do: %(reason)s", reason=form.reason.data),
    ]
    return confirming.page(
        gettext("Chuyển sang xã khác"),
        _lead(),
        [ConfirmationRow(f"{club.number}. {club.name}", lines)],
        gettext("Chuyển sang xã khác"),
        kicker=club.name,
        back=(club.name, desk_url("club", club_id=club.id)),
        danger=True,
    )
