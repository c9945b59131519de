"""Thông báo: what I was told, what of it waits on me; opening a notice leads where it points."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lth.blueprints.web import committing, current, paging
from lth.blueprints.web.current import database, now
from lth.blueprints.web.layout import role_name
from lth.blueprints.web.permissions import Permission, needs
from lth.core.config import Settings
from lth.core.language import gettext, ngettext
from lth.models import RoleAssignment
from lth.notifications import noticeboard
from lth.notifications.noticeboard import NoticeLine, NoticeText

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
@needs(Permission.READ_NOTICES)
def listing() -> ResponseReturnValue:
    """List what calls to act first, then a page of the rest."""
    found = noticeboard.board(
        _settings(), database(), current.scope(), _units(), paging.number(), now()
    )
    return render_template(
        "notices/list.html",
        found=found,
        page=paging.page(found.total, noticeboard.PAGE_SIZE),
        other_role=_other_role,
    )


@blueprint.get("/<int:message_id>")
@needs(Permission.READ_NOTICES)
def one(message_id: int) -> ResponseReturnValue:
    """Show a notice in full; reading it so is noted only when it is opened or said to be read."""
    shown = _notice(message_id)
    return render_template("notices/one.html", shown=shown, other_role=_other_role)


@blueprint.post("/<int:message_id>/open")
@needs(Permission.READ_NOTICES)
def open_one(message_id: int) -> ResponseReturnValue:
    """Note that a notice was read and lead to what it is about, in the role that it is for."""
    shown = _notice(message_id)
    with committing.with_answer():
        noticeboard.mark_read(database(), current.scope(), message_id, now())
    held = _assignment(shown.line)
    if held is not None and held.id != current.actor().assignment_id:
        current.choose_role(held.id)
        flash(gettext("Đang xử lý với vai trò: %(role)s.", role=_name(held)), "info")
    return redirect(shown.path)


@blueprint.post("/<int:message_id>/read")
@needs(Permission.READ_NOTICES)
def read_one(message_id: int) -> ResponseReturnValue:
    """Note that a notice was read."""
    _notice(message_id)
    with committing.with_answer():
        noticeboard.mark_read(database(), current.scope(), message_id, now())
    return redirect(url_for("notices.listing"))


@blueprint.post("/read")
@needs(Permission.READ_NOTICES)
def read_all() -> ResponseReturnValue:
    """Note that everything was read that the page has shown or leads to, and nothing newer."""
    newest = paging.whole(request.form.get("newest", ""), 2**31) or 0
    with committing.with_answer():
        count = noticeboard.mark_read_up_to(database(), current.scope(), newest, now())
    text = ngettext(
        "Đã đánh dấu %(num)s thông báo là đã đọc.",
        "Đã đánh dấu %(num)s thông báo là đã đọc.",
        count,
    )
    flash(text, "success")
    return redirect(url_for("notices.listing"))


def _notice(message_id: int) -> NoticeText:
    return noticeboard.notice(_settings(), database(), current.scope(), _units(), message_id, now())


def _units() -> set[int | None]:
    """Return the units of all roles that the person holds today (None: the system)."""
    return {held.unit_id for held in current.assignments()}


def _assignment(line: NoticeLine) -> RoleAssignment | None:
    """Find the role in which a notice is to be read: the one in use where it is one of those."""
    here = [held for held in current.assignments() if held.unit_id == line.unit_id]
    named = [held for held in here if held.role in line.roles] or here
    in_use = current.actor().assignment_id
    ranked = sorted(named, key=lambda held: (held.id != in_use, held.delegation_id is not None))
    return ranked[0] if ranked else None


def _other_role(line: NoticeLine) -> str:
    """Name the role in which a notice is to be read; empty where it is the one in use."""
    held = _assignment(line)
    return "" if held is None or held.id == current.actor().assignment_id else _name(held)


def _name(held: RoleAssignment) -> str:
    return role_name(held.role, held.unit.full_name if held.unit else "")


def _settings() -> Settings:
    return current_app.config["SETTINGS"]
