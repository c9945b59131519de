"""A commune keeps its register: clubs founded, changed, merged, closed, taken up again."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from lth.blueprints.clubs import views
from lth.blueprints.clubs.forms import ClubChangeForm, ClubForm, MergeForm, OccasionForm
from lth.blueprints.web import confirming, current
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt, rehearse
from lth.clubs import moves, register, terms
from lth.core.formats import format_date
from lth.core.language import gettext, lazy_gettext
from lth.models import Club
from lth.models.club import ClubAct, ClubState


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/clubs/add", "club_new", new)
    rule("/clubs/add", "club_found", found, methods=["POST"])
    rule("/clubs/<int:club_id>/edit", "club_edit", edit)
    rule("/clubs/<int:club_id>/edit", "club_change", change, methods=["POST"])
    act = "/clubs/<int:club_id>/<any(merge, close, reopen):act>"
    rule(act, "club_act", act_page)
    rule(act, "club_do", do_act, methods=["POST"])


# --- Found --------------------------------------------------------------------------------


@needs(Permission.KEEP_CLUBS)
def new() -> ResponseReturnValue:
    """Show the form of a new club."""
    return _new_page(_offered(ClubForm(formdata=None)))


@needs(Permission.KEEP_CLUBS)
def found() -> ResponseReturnValue:
    """Enter a new club; what rules refuse comes back as it was typed."""
    form = _offered(ClubForm())
    if confirming.asks_to_look():
        return _new_page(form)
    if not form.validate():
        return _new_page(form), 422
    with attempt(form=form) as outcome:
        club = moves.found(
            current.database(),
            current.actor(),
            form.values(),
            same_name_meant=bool(form.same_name_meant.data),
            now=current.now(),
        )
        name, number, club_id = club.name, club.number, club.id
    if not outcome.done:
        return _new_page(_offered(form)), outcome.code
    outcome.flash(gettext("Đã thêm “%(name)s” vào sổ, số %(number)s.", name=name, number=number))
    return redirect(desk_url("club", club_id=club_id))


def _offered(form: ClubForm) -> ClubForm:
    form.offer(register.areas(current.database()))
    return form


def _new_page(form: ClubForm) -> str:
    return render_template("clubs/entry.html", form=form, club=None)


# --- Change -------------------------------------------------------------------------------


@needs(Permission.KEEP_CLUBS)
def edit(club_id: int) -> ResponseReturnValue:
    """Show a club's entry to be changed."""
    club = register.get(current.database(), club_id, current.scope())
    form = ClubChangeForm(formdata=None, **terms.kept(club), seen=club.version)
    return _edit_page(club, _offered(form))


@needs(Permission.KEEP_CLUBS)
def change(club_id: int) -> ResponseReturnValue:
    """Write what was changed in a club's entry."""
    club = register.get(current.database(), club_id, current.scope())
    form = _offered(ClubChangeForm(**terms.kept(club)))
    if confirming.asks_to_look():
        return _edit_page(club, form)
    if not form.validate():
        return _edit_page(club, form), 422
    with attempt(form=form) as outcome:
        changed = moves.change(
            current.database(),
            current.actor(),
            club_id,
            form.values(),
            seen=form.seen.data or 0,
            same_name_meant=bool(form.same_name_meant.data),
            reason=str(form.reason.data or ""),
            now=current.now(),
        )
    if outcome.blocked:
        club = register.get(current.database(), club_id, current.scope())
        return _edit_page(club, _offered(form)), outcome.code
    done = gettext("Đã lưu hồ sơ câu lạc bộ.")
    return _lead_back(club_id, outcome, done if outcome.done and changed else _NOTHING)


_NOTHING = lazy_gettext("Hồ sơ không có gì thay đổi.")


def _edit_page(club: Club, form: ClubForm) -> str:
    return render_template("clubs/entry.html", form=form, club=club, **_titled(club))


def _titled(club: Club) -> dict[str, str]:
    return {"club_url": desk_url("club", club_id=club.id)}


def _lead_back(club_id: int, outcome: Outcome, done: object) -> ResponseReturnValue:
    """Lead to the club and say what was done; where somebody came first, show it as it is."""
    if not outcome.done:
        code = outcome.flash_overtaken()
        return views.page(register.get(current.database(), club_id, current.scope()), code)
    outcome.flash(str(done))
    return redirect(desk_url("club", club_id=club_id))


# --- Merge, close, reopen -----------------------------------------------------------------

_TITLE = {
    ClubAct.MERGE: lazy_gettext("Sáp nhập vào câu lạc bộ khác"),
    ClubAct.CLOSE: lazy_gettext("Đóng câu lạc bộ"),
    ClubAct.REOPEN: lazy_gettext("Cho hoạt động lại"),
}
_LEAD = {
    ClubAct.MERGE: lazy_gettext(
        "Câu lạc bộ này ngừng từ ngày ghi dưới đây; hội viên và quỹ về câu lạc bộ nhận sáp nhập."
        " Sổ tháng và hồ sơ đã có vẫn được giữ."
    ),
    ClubAct.CLOSE: lazy_gettext(
        "Câu lạc bộ ngừng từ ngày ghi dưới đây. Sổ tháng và hồ sơ đã có vẫn được giữ, số trong sổ"
        " không dùng lại."
    ),
    ClubAct.REOPEN: lazy_gettext(
        "Câu lạc bộ hoạt động lại từ ngày ghi dưới đây, với số và hồ sơ cũ. Cũng dùng khi đã đóng"
        " hoặc sáp nhập nhầm."
    ),
}
_DONE = {
    ClubAct.MERGE: lazy_gettext("Đã sáp nhập câu lạc bộ."),
    ClubAct.CLOSE: lazy_gettext("Đã đóng câu lạc bộ."),
    ClubAct.REOPEN: lazy_gettext("Câu lạc bộ hoạt động lại."),
}


@needs(Permission.KEEP_CLUBS)
def act_page(club_id: int, act: str) -> ResponseReturnValue:
    """Show what an act does, and what it asks."""
    club = register.get(current.database(), club_id, current.scope())
    if _now_is_not_its_time(club, ClubAct(act)):
        return redirect(desk_url("club", club_id=club_id))
    return _act_page(club, ClubAct(act), _form(club, ClubAct(act), anew=True))


@needs(Permission.KEEP_CLUBS)
def do_act(club_id: int, act: str) -> ResponseReturnValue:
    """Do an act once it is confirmed; what rules refuse comes back as it was filled in."""
    session, wanted = current.database(), ClubAct(act)
    club = register.get(session, club_id, current.scope())
    form = _form(club, wanted)
    if confirming.asks_to_look():
        return _act_page(club, wanted, form)
    if not form.validate():
        return _act_page(club, wanted, form), 422
    confirmed = confirming.is_confirmed()
    with (attempt if confirmed else rehearse)(form=form) as outcome:
        _run(club_id, wanted, form)
    if outcome.blocked:
        club = register.get(session, club_id, current.scope())
        return _act_page(club, wanted, form), outcome.code
    if outcome.done and not confirmed:
        return _confirmation(club_id, wanted, form)
    return _lead_back(club_id, outcome, _DONE[wanted])


def _now_is_not_its_time(club: Club, act: ClubAct) -> bool:
    return (act is ClubAct.REOPEN) is (club.state is ClubState.ACTIVE)


def _form(club: Club, act: ClubAct, *, anew: bool = False) -> OccasionForm:
    sent = {"formdata": None, "seen": club.version} if anew else {}
    if act is not ClubAct.MERGE:
        return OccasionForm(**sent)
    form = MergeForm(**sent)
    others = register.of_unit(current.database(), club.unit_id, current.scope())
    form.offer(one for one in others if one.id != club.id and one.state is ClubState.ACTIVE)
    return form


def _run(club_id: int, act: ClubAct, form: OccasionForm) -> None:
    session, actor = current.database(), current.actor()
    told = {"seen": form.seen.data or 0, "now": current.now()}
    occasion = form.occasion()
    if isinstance(form, MergeForm):
        moves.merge(session, actor, club_id, form.into.data or 0, occasion, **told)
        return
    run: Callable[..., None] = moves.close if act is ClubAct.CLOSE else moves.reopen
    run(session, actor, club_id, occasion, **told)


def _act_page(club: Club, act: ClubAct, form: OccasionForm) -> str:
    return render_template(
        "clubs/act.html",
        club=club,
        form=form,
        title=str(_TITLE[act]),
        lead=str(_LEAD[act]),
        action=desk_url("club_do", club_id=club.id, act=act.value),
        danger=act is not ClubAct.REOPEN,
        nowhere=isinstance(form, MergeForm) and len(form.into.choices or ()) < 2,
        **_titled(club),
    )


def _confirmation(club_id: int, act: ClubAct, form: OccasionForm) -> str:
    session, scope = current.database(), current.scope()
    club = register.get(session, club_id, scope)
    lines = [gettext("Từ ngày %(date)s", date=format_date(form.day.data))]
    if isinstance(form, MergeForm):
        into = register.get(session, form.into.data or 0, scope)
        lines.insert(0, gettext("Sáp nhập vào “%(name)s”", name=into.name))
    lines.append(gettext("Lý do: %(reason)s", reason=form.reason.data))
    return confirming.page(
        str(_TITLE[act]),
        str(_LEAD[act]),
        [ConfirmationRow(f"{club.number}. {club.name}", lines)],
        str(_TITLE[act]),
        kicker=club.name,
        back=(club.name, desk_url("club", club_id=club.id)),
        danger=act is not ClubAct.REOPEN,
    )
