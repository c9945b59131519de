"""Invitations: whom a unit has invited, what they answered, sending again and withdrawing.

The list shows what the inviter typed and what became of it, and nothing of the account that an
address may have.
"""

from flask import abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from lth.access.roles import role_label
from lth.administration import invitations
from lth.administration.invitations import InvitationState
from lth.administration.invitations.lists import ListedInvitation
from lth.blueprints.admin import base
from lth.blueprints.admin.base import link, show, unit_of
from lth.blueprints.web import paging, tables
from lth.blueprints.web.current import database, now
from lth.blueprints.web.refusals import attempt
from lth.core.formats import format_moment
from lth.core.i18n import N_
from lth.core.language import gettext, lazy_gettext
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Unit
from lth.models.outbox import Delivery

STATE_LABEL = {
    InvitationState.WAITING: N_("Chờ trả lời"),
    InvitationState.EXPIRED: N_("Hết hạn"),
    InvitationState.ACCEPTED: N_("Đã nhận"),
    InvitationState.DECLINED: N_("Từ chối"),
    InvitationState.WITHDRAWN: N_("Đã rút"),
}
_LOOK = {
    InvitationState.WAITING: ("submitted", "clock"),
    InvitationState.EXPIRED: ("missing", "warning"),
    InvitationState.ACCEPTED: ("approved", "check"),
    InvitationState.DECLINED: ("returned", "close"),
    InvitationState.WITHDRAWN: ("revoked", "close"),
}
_MAIL = {
    Delivery.HELD: N_("thư đang được giữ"),
    Delivery.WAITING: N_("thư chờ gửi"),
    Delivery.SENDING: N_("thư đang gửi"),
    Delivery.SENT: N_("thư đã gửi"),
    Delivery.FAILED: N_("thư không gửi được"),
    Delivery.DISCARDED: N_("thư đã bỏ"),
}


@base.page("/people/invitations", "people_invitations")
def listing(unit_id: int | None) -> ResponseReturnValue:
    """List a page of a unit's invitations, in one state or in all."""
    unit, typed = unit_of(unit_id), request.args.get("state", "")
    wanted = InvitationState(typed) if typed in set(InvitationState) else None
    if tables.wanted():
        return tables.answer(_table(unit, wanted), "loi-moi")
    counts = invitations.tally(database(), unit, now())
    lines, total = invitations.waiting(
        database(), unit, now(), wanted=wanted, number=paging.number(), size=paging.SIZE
    )
    return show(
        "invitations",
        unit,
        lines=lines,
        page=paging.page(total),
        counts=counts,
        wanted=wanted,
        badge=_badge,
        mail_word=_mail_word,
        open_states=invitations.OPEN,
        has_relay=has_relay(),
    )


def _table(unit: Unit | None, wanted: InvitationState | None) -> ListTable:
    """Return all invitations of the list, however many pages they take."""
    session, at = database(), now()
    found = tables.all_pages(
        lambda number: invitations.waiting(
            session, unit, at, wanted=wanted, number=number, size=paging.SIZE
        )
    )
    rows = [_cells(line) for line in found]
    head = [
        *(gettext("Họ và tên"), gettext("Chức vụ"), gettext("Thư điện tử"), gettext("Vai trò")),
        *(gettext("Đơn vị"), gettext("Phòng, ban"), gettext("Trạng thái"), gettext("Số lần gửi")),
        *(gettext("Gửi lúc"), gettext("Có hạn đến")),
    ]
    return ListTable(gettext("Lời mời"), head, rows)


def _cells(line: ListedInvitation) -> list[TableValue]:
    one = line.invitation
    return [
        *(one.name, one.position, one.email, role_label(one.role)),
        one.unit.full_name if one.unit else "",
        one.office.name if one.office else "",
        *(gettext(STATE_LABEL[line.state]), one.times),
        *(format_moment(one.mailed_at), format_moment(one.expires_at)),
    ]


@base.page(
    "/people/invitations/<int:invitation_id>/<any(remind, withdraw):act>",
    "people_invitation_do",
    "POST",
)
def change(unit_id: int | None, invitation_id: int, act: str) -> ResponseReturnValue:
    """Send an invitation again, or withdraw it."""
    admin = base.context(unit_of(unit_id))
    with attempt() as outcome:
        found = invitations.for_change(admin, invitation_id, request.form.get("seen", ""))
        if found is None:
            abort(404)
        if act == "remind":
            invitations.remind(admin, found)
        else:
            invitations.withdraw(admin, found)
    outcome.flash(str(_DONE[act]))
    return redirect(link("people_invitations"))


_DONE = {
    "remind": lazy_gettext("Đã gửi lại lời mời. Liên kết cũ không còn dùng được."),
    "withdraw": lazy_gettext("Đã rút lời mời."),
}


def has_relay() -> bool:
    """Tell whether mail goes out at all."""
    return current_app.config["SETTINGS"].smtp_url is not None


def _badge(state: InvitationState) -> dict[str, str]:
    look, icon = _LOOK[state]
    return {"look": look, "icon": icon, "label": gettext(STATE_LABEL[state])}


def _mail_word(delivery: Delivery | None) -> str:
    return gettext(_MAIL[delivery]) if delivery in _MAIL else ""
