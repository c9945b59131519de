"""The frame of every page: the letterhead, one's roles, the main navigation."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

from lth.access import on_behalf
from lth.access.actor import Actor, OnBehalf
from lth.access.roles import role_label
from lth.access.scope import Scope
from lth.blueprints.web import current
from lth.blueprints.web.permissions import GRANTS, PLANNERS, Permission
from lth.core.i18n import Message
from lth.core.language import gettext, lazy_gettext, pgettext, say
from lth.models import Document
from lth.models.person import Role, RoleAssignment
from lth.models.unit import Level

NOTICES = ("notices.listing", "notices.")
LEVEL_LABEL = {
    Level.COMMUNE: lazy_gettext("Xã"),
    Level.DISTRICT: lazy_gettext("Huyện"),
    Level.PROVINCE: lazy_gettext("Tỉnh"),
}


def actor_role(actor: Actor) -> str:
    """Word the actor's role: "Lãnh đạo (ký thay Chủ tịch đến hết ngày 15/6/2021)"."""
    return _in_stead(actor.role, actor.on_behalf and on_behalf.until(actor.on_behalf))


def held_role(held: RoleAssignment) -> str:
    """Word one of a person's roles, as they choose among them: "Lãnh đạo (ký thay Chủ tịch)"."""
    if held.delegation_id is None or held.delegation is None:
        return role_label(held.role)
    lent = OnBehalf.of(held.delegation)
    return _in_stead(held.role, on_behalf.stands_in(lent.form, lent.giver.name))


def role_in_place(held: RoleAssignment) -> str:
    """Word one of a person's roles with its unit: "Lãnh đạo, xã Tập Sơn"."""
    return _with_unit(held_role(held), held.unit.full_name if held.unit else "")


def _in_stead(role: Role, stands_in: Message | None) -> str:
    if stands_in is None:
        return role_label(role)
    return gettext("%(role)s (%(stands_in)s)", role=role_label(role), stands_in=say(stands_in))


def role_name(role: Role, unit_name: str) -> str:
    """Word a role with its unit: "Chuyên viên, huyện Trà Cú"."""
    return _with_unit(role_label(role), unit_name)


def _with_unit(words: str, unit_name: str) -> str:
    return f"{words}, {unit_name}" if unit_name else words


def letterhead(actor: Actor) -> str:
    """Write the unit's name as a letterhead does; a system administrator has none."""
    if not actor.unit_name:
        return gettext("Quản trị hệ thống")
    return gettext("Ủy ban nhân dân %(unit)s", unit=actor.unit_name)


def short_letterhead(actor: Actor) -> str:
    """Write the letterhead as it fits a phone: "UBND xã Tập Sơn"."""
    if not actor.unit_name:
        return letterhead(actor)
    return gettext("UBND %(unit)s", unit=actor.unit_name)


def navigation(actor: Actor) -> list[dict[str, Any]]:
    """List the main sections of the actor's role, the one being shown marked."""
    endpoint = _section() or request.endpoint or ""
    return [
        {
            "label": label,
            "short": _short(label, target),
            "url": url_for(target),
            "current": endpoint.startswith(prefix),
            "count": current.unread() if target == NOTICES[0] else 0,
        }
        for label, target, prefix in _sections(actor)
    ]


_SHORT = {
    "documents": lazy_gettext("Văn bản"),
    "delegations": lazy_gettext("Ký thay"),
    "checks": lazy_gettext("Kiểm tra"),
}
"""How a section is shown in the row of all of them, which has to fit a line at 1280 px."""


def _short(label: str, target: str) -> str:
    """Return the beginning of a label that stands for all of it; else all of it."""
    short = str(_SHORT.get(target.partition(".")[2], ""))
    return short if short and label.startswith(short) else label


def mark_section(document: Document, scope: Scope) -> None:
    """Have a document of a unit below belong to the inbox, which its address does not tell."""
    if document.unit_path.startswith(scope.path) and document.unit_id != scope.unit_id:
        g.section = "inbox"


def _section() -> str:
    """Return the section that a page says it belongs to, where its address does not tell."""
    section = g.get("section")
    actor = current.actor_or_none()
    return f"{actor.level.value}.{section}" if section and actor and actor.level else ""


def _sections(actor: Actor) -> list[tuple[str, str, str | tuple[str, ...]]]:
    """List (label, endpoint, prefix or prefixes of the endpoints that belong to it)."""
    if actor.role is Role.SYSTEM_ADMIN:
        return _system_administration()
    level = actor.level.value if actor.level else ""
    delegations = (gettext("Ký thay, ủy quyền"), f"{level}.delegations", f"{level}.delegation")
    exchanges = actor.role in GRANTS[Permission.EXCHANGE]
    register = (
        gettext("Văn bản đi, đến") if exchanges else gettext("Sổ văn bản đi"),
        f"{level}.register",
        (f"{level}.register", "packets."),
    )
    notices = (gettext("Thông báo"), *NOTICES)
    takes_part = (gettext("Tham gia"), "admin.participation", "admin.participation")
    ready = (gettext("Sẵn sàng chạy"), "admin.ready", "admin.ready")
    if actor.role is Role.UNIT_ADMIN:
        return [
            (gettext("Người dùng"), "admin.people", ("admin.people", "admin.roster")),
            *([] if actor.level is Level.COMMUNE else [ready]),
            (pgettext("many", "Phòng, ban"), "admin.offices", "admin.offices"),
            (
                gettext("Thiết lập"),
                "admin.settings",
                ("admin.settings", "admin.codes", "admin.templates"),
            ),
            (gettext("Kiểm tra kế hoạch"), "admin.checks", "admin.checks"),
            (pgettext("many", "Hạn nộp"), "admin.deadlines", "admin.deadlines"),
            *([] if actor.level is Level.COMMUNE else [takes_part]),
            *([delegations, register] if level else []),
            (gettext("Nhật ký"), "admin.trail", "admin.trail"),
            notices,
            (gettext("Thư đi"), "mail.outgoing", "mail."),
        ]
    sections = [
        (gettext("Bàn làm việc"), f"{level}.desk", f"{level}.desk"),
        (gettext("Việc chờ xử lý"), f"{level}.work", f"{level}.work"),
        notices,
        (gettext("Kết quả"), f"{level}.results", f"{level}.results"),
        (gettext("Văn bản của đơn vị"), f"{level}.documents", f"{level}.document"),
        register,
        (gettext("Cấp dưới trình"), f"{level}.inbox", f"{level}.inbox"),
        (pgettext("many", "Câu lạc bộ"), f"{level}.clubs", f"{level}.club"),
        (gettext("Lịch hạn nộp"), f"{level}.month", (f"{level}.month", f"{level}.regime")),
        delegations,
        (gettext("Nhật ký"), f"{level}.trail", f"{level}.trail"),
    ]
    left_out = {
        f"{level}.work": actor.role not in PLANNERS,  # who never has something to do
        f"{level}.inbox": actor.level is Level.COMMUNE,
        f"{level}.delegations": actor.role is not Role.LEADER,
        f"{level}.trail": actor.role not in {Role.LEADER, Role.OBSERVER},
    }
    return [section for section in sections if not left_out.get(section[1])]


def register_tabs(actor: Actor) -> list[dict[str, Any]]:
    """List what goes out and what came in, the page being shown marked; none for who has but one.

    Both stand in one section of the navigation, which has to fit a line.
    """
    if actor.level is None or actor.role not in GRANTS[Permission.EXCHANGE]:
        return []
    pages = (
        (gettext("Sổ văn bản đi"), f"{actor.level.value}.register"),
        (gettext("Gói tin đến"), "packets.listing"),
    )
    return [
        {"label": label, "url": url_for(endpoint), "current": request.path == url_for(endpoint)}
        for label, endpoint in pages
    ]


def deadline_tabs() -> list[dict[str, Any]]:
    """List the calendar of deadlines, the windows of reports and the regimes that lay them down,
    the page being shown marked; they stand in one section of the navigation.
    """
    actor, endpoint = current.actor(), request.endpoint or ""
    level = actor.level.value if actor.level else ""
    pages = (
        (gettext("Lịch hạn nộp"), "month"),
        (pgettext("many", "Kỳ báo cáo"), "regime_windows"),
        (gettext("Chế độ báo cáo"), "regimes"),
    )
    shown = endpoint.removeprefix(f"{level}.")
    names = {name for _, name in pages}
    shown = shown if shown in names else "regimes"
    return [
        {"label": label, "url": url_for(f"{level}.{name}"), "current": name == shown}
        for label, name in pages
    ]


def _system_administration() -> list[tuple[str, str, str]]:
    """List the sections of the system administrator.

    Within a unit every page belongs to the units; that unit's own tabs say which it is.
    """
    in_unit = (request.view_args or {}).get("unit_id") is not None
    return [
        (gettext("Người dùng"), "admin.people", "-" if in_unit else "admin.people"),
        (pgettext("many", "Đơn vị"), "admin.units", "admin." if in_unit else "admin.units"),
        (
            pgettext("many", "Chương trình"),
            "admin.programmes",
            "-" if in_unit else "admin.programme",
        ),
        (gettext("Lịch làm việc"), "admin.calendar", "admin.calendar"),
        (gettext("Nhật ký"), "admin.trail", "-" if in_unit else "admin.trail"),
        (gettext("Thông báo"), *NOTICES),
        (gettext("Thư đi"), "mail.outgoing", "mail."),
    ]


def role_labels() -> dict[int, str]:
    """Word the actor's roles, by their ids; with units where these are not all one."""
    roles = current.assignments()
    elsewhere = len({held.unit_id for held in roles}) > 1
    return {held.id: _role_choice(held, elsewhere) for held in roles}


def mark_roles(waiting: Mapping[int, int]) -> None:
    """Have the role switch of this page say how much waits in each role."""
    g.waiting_in_roles = waiting


def _role_choices(actor: Actor) -> list[tuple[int, str, bool, int]]:
    """List the actor's roles, the one in use marked; with how much waits where the page knows."""
    waiting = g.get("waiting_in_roles", {})
    return [
        (role_id, label, role_id == actor.assignment_id, waiting.get(role_id, 0))
        for role_id, label in role_labels().items()
    ]


def _role_choice(held: RoleAssignment, with_unit: bool) -> str:
    return _with_unit(held_role(held), held.unit.full_name if held.unit and with_unit else "")


def frame() -> dict[str, object]:
    """Return the variables of `base.html`.

    Of the actor, `role` stands beside the letterhead and so without the unit; `standing_in` says
    for whom they sign, where their role is lent.
    """
    urls = {
        "switch_role": url_for("account.switch_role"),
        "switch_language": url_for("account.switch_language"),
        "profile": url_for("account.profile"),
        "guide": url_for("guide.start"),
        "sign_out": url_for("auth.sign_out"),
    }
    actor = current.actor_or_none()
    always = {"urls": urls, "demo_banner": demo_banner(), "page_of": _page_of(actor)}
    if actor is None:
        return {"actor": None, "roles": [], "nav": [], **always}
    role = actor_role(actor)
    shown = {
        "person_name": actor.person_name,
        "role": role,
        "role_name": _with_unit(role, actor.unit_name),
        "unit_name": actor.unit_name,
        "letterhead": letterhead(actor),
        "letterhead_short": short_letterhead(actor),
        "standing_in": say(on_behalf.notice(actor.on_behalf)) if actor.on_behalf else "",
    }
    return {"actor": shown, "roles": _role_choices(actor), "nav": navigation(actor), **always}


def _page_of(actor: Actor | None) -> dict[str, object] | None:
    """Return whose page this is, and made for which of their roles; None where nobody is known."""
    if not current.is_signed_in():
        return None
    account = current_user.account
    role_id = actor.assignment_id if actor else ""
    return {
        "id": account.person_id,
        "name": account.name,
        "email": account.email,
        "role_id": role_id,
        "enter": url_for("auth.enter"),
        "code": url_for("auth.enter_code"),
        "session": url_for("auth.session"),
    }


def demo_banner() -> str:
    """Say what every page of a demo says on top; nothing in earnest."""
    if not current_app.config["SETTINGS"].demo:
        return ""
    return gettext(
        "Bản trình diễn: số liệu, nhân sự giả định; kế hoạch năm cũ, thời hạn tính theo hôm nay."
    )


def register(app: Flask) -> None:
    app.context_processor(frame)
    app.jinja_env.globals.update(role_label=role_label, level_label=LEVEL_LABEL, say=say)
