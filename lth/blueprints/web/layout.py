"""What every page's frame shows: the letterhead, one's roles, the main navigation."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for

from lth.access import on_behalf
from lth.access.actor import Actor, OnBehalf
from lth.access.roles import role_label
from lth.access.scope import Scope
from lth.blueprints.web import current
from lth.blueprints.web.permissions import PLANNERS
from lth.core.language import gettext, lazy_gettext, pgettext, say
from lth.models import Document
from lth.models.person import Role, RoleAssignment
from lth.models.unit import Level

LEVEL_LABEL = {
    Level.COMMUNE: lazy_gettext("Xã"),
    Level.DISTRICT: lazy_gettext("Huyện"),
    Level.PROVINCE: lazy_gettext("Tỉnh"),
}


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class ActorView:
    """The actor as the frame shows them; beside the letterhead `role` stands without the unit.

    `standing_in` says for whom they sign, where their role is lent.
    """

    person_name: str
    role: str
    role_name: str
    unit_name: str
    letterhead: str
    standing_in: str = ""


def lent_role(role: Role, lent: OnBehalf | None) -> str:
    """A role, and in whose stead where it is lent: "Lãnh đạo (ký thay Chủ tịch)"."""
    if lent is None:
        return role_label(role)
    stands_in = say(on_behalf.stands_in(lent.form, lent.giver.name))
    return gettext("%(role)s (%(stands_in)s)", role=role_label(role), stands_in=stands_in)


def actor_role(actor: Actor) -> str:
    """The actor's role on every page: "Lãnh đạo (ký thay Chủ tịch đến hết ngày 15/6/2021)"."""
    if actor.on_behalf is None:
        return role_label(actor.role)
    stands_in = say(on_behalf.until(actor.on_behalf))
    return gettext("%(role)s (%(stands_in)s)", role=role_label(actor.role), stands_in=stands_in)


def held_role(held: RoleAssignment) -> str:
    """One of a person's roles, as they choose among them."""
    lent = held.delegation if held.delegation_id is not None else None
    return lent_role(held.role, OnBehalf.of(lent) if lent is not None else None)


def role_name(role: Role, unit_name: str) -> str:
    """A role with its unit: "Chuyên viên, huyện Trà Cú"."""
    return _with_unit(role_label(role), unit_name)


def _with_unit(words: str, unit_name: str) -> str:
    return f"{words}, {unit_name}" if unit_name else words


def letterhead(actor: Actor) -> str:
    """The unit's name as a letterhead writes it; a system administrator has none."""
    if not actor.unit_name:
        return gettext("Quản trị hệ thống")
    return gettext("Ủy ban nhân dân %(unit)s", unit=actor.unit_name)


def navigation(actor: Actor) -> list[NavItem]:
    """The main sections of the actor's role, the one being shown marked."""
    endpoint = _section() or request.endpoint or ""
    return [
        NavItem(str(label), url_for(target), endpoint.startswith(prefix))
        for label, target, prefix in _sections(actor)
    ]


def mark_section(document: Document, scope: Scope) -> None:
    """A document of a unit below belongs to the inbox; its page's address does not tell that."""
    if document.unit_path.startswith(scope.path) and document.unit_id != scope.unit_id:
        g.section = "inbox"


def _section() -> str:
    """The section that a page says it belongs to, where its address does not tell."""
    section = g.get("section")
    actor = current.actor_or_none()
    return f"{actor.level.value}.{section}" if section and actor and actor.level else ""


def _sections(actor: Actor) -> list[tuple[str, str, str]]:
    """(label, endpoint, prefix of the endpoints that belong to it)."""
    level = actor.level.value if actor.level else ""
    if actor.role is Role.SYSTEM_ADMIN:
        return _administration(actor)
    if actor.role is Role.UNIT_ADMIN:
        return [*_administration(actor)]
    sections = [
        (gettext("Bàn làm việc"), f"{level}.desk", f"{level}.desk"),
        *_work(actor, level),
        (gettext("Văn bản của đơn vị"), f"{level}.documents", f"{level}.document"),
    ]
    if actor.level is not Level.COMMUNE:
        sections.append((gettext("Cấp dưới trình"), f"{level}.inbox", f"{level}.inbox"))
    sections.append((gettext("Lịch hạn nộp"), f"{level}.month", f"{level}.month"))
    if actor.role is Role.LEADER:
        sections.append(_delegations(level))
    sections.append((gettext("Thư đi"), "mail.outgoing", "mail."))
    return sections


def _delegations(level: str) -> tuple[str, str, str]:
    return (gettext("Ký thay, ủy quyền"), f"{level}.delegations", f"{level}.delegation")


def _work(actor: Actor, level: str) -> list[tuple[str, str, str]]:
    """The work list, for whoever can have something to do."""
    mine = actor.role in PLANNERS
    return [(gettext("Việc chờ xử lý"), f"{level}.work", f"{level}.work")] if mine else []


def _administration(actor: Actor) -> list[tuple[str, str, str]]:
    if actor.role is Role.SYSTEM_ADMIN:
        return _system_administration()
    return [
        (gettext("Người dùng"), "admin.people", "admin.people"),
        (pgettext("many", "Phòng, ban"), "admin.offices", "admin.offices"),
        (gettext("Thiết lập"), "admin.settings", "admin.settings"),
        (gettext("Kiểm tra kế hoạch"), "admin.checks", "admin.checks"),
        (pgettext("many", "Hạn nộp"), "admin.deadlines", "admin.deadlines"),
        *([_delegations(actor.level.value)] if actor.level else []),
        (gettext("Nhật ký"), "admin.trail", "admin.trail"),
        (gettext("Thư đi"), "mail.outgoing", "mail."),
    ]


def _system_administration() -> list[tuple[str, str, str]]:
    """Within a unit every page belongs to the units; that unit's own tabs say which it is."""
    in_unit = (request.view_args or {}).get("unit_id") is not None
    return [
        (gettext("Người dùng"), "admin.people", "-" if in_unit else "admin.people"),
        (pgettext("many", "Đơn vị"), "admin.units", "admin." if in_unit else "admin.units"),
        (gettext("Lịch làm việc"), "admin.calendar", "admin.calendar"),
        (gettext("Nhật ký"), "admin.trail", "-" if in_unit else "admin.trail"),
        (gettext("Thư đi"), "mail.outgoing", "mail."),
    ]


def _role_choices(actor: Actor) -> list[tuple[int, str, bool]]:
    """The actor's roles, the one in use marked; with their units where these are not all one."""
    roles = current.assignments()
    elsewhere = any(held.unit_id != actor.unit_id for held in roles)
    return [
        (held.id, _role_choice(held, elsewhere), held.id == actor.assignment_id) for held in roles
    ]


def _role_choice(held: RoleAssignment, with_unit: bool) -> str:
    return _with_unit(held_role(held), held.unit.full_name if held.unit and with_unit else "")


def frame() -> dict[str, object]:
    """The variables of `base.html`."""
    urls = {
        "switch_role": url_for("account.switch_role"),
        "switch_language": url_for("account.switch_language"),
        "profile": url_for("account.profile"),
        "sign_out": url_for("auth.sign_out"),
    }
    always = {"urls": urls, "demo_banner": demo_banner()}
    actor = current.actor_or_none()
    if actor is None:
        return {"actor": None, "roles": [], "nav": [], **always}
    view = ActorView(
        actor.person_name,
        actor_role(actor),
        _with_unit(actor_role(actor), actor.unit_name),
        actor.unit_name,
        letterhead(actor),
        say(on_behalf.notice(actor.on_behalf)) if actor.on_behalf else "",
    )
    return {
        "actor": view,
        "roles": _role_choices(actor),
        "nav": navigation(actor),
        **always,
    }


def demo_banner() -> str:
    """What every page of a demo says on top; nothing in earnest."""
    if not current_app.config["SETTINGS"].demo:
        return ""
    return gettext("Bản trình diễn: tên đơn vị là thật; số liệu, nhân sự và thời hạn là giả định.")


def register(app: Flask) -> None:
    app.context_processor(frame)
    app.jinja_env.globals.update(role_label=role_label, level_label=LEVEL_LABEL, say=say)
