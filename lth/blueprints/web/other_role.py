"""A link opened in the wrong role (from mail, a bookmark, a colleague) leads on, in one step.

Where one of the person's roles opens the page, the page of the error says which and changes to it.
Where none does, it is the same page as for an address that never was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import current_app, request, url_for

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.blueprints.web import current
from lth.blueprints.web.layout import role_in_place
from lth.blueprints.web.permissions import GRANTS, Permission, needs_signing_in, permission_of
from lth.core.language import gettext
from lth.models import Document
from lth.models.person import Role
from lth.models.unit import Level
from lth.workflow import sightings

READING = frozenset({"GET", "HEAD"})

_LEVELS = frozenset(level.value for level in Level)

_ABOUT_EVERYBODY = ("admin.people", "admin.trail")
"""The sections that the system administrator also opens about no one unit."""

Condition = Callable[[Document, Actor], bool]

_CONDITIONS: dict[str, Condition] = {}
"""When a page of a document opens for an actor who sees it and whose role may open such pages."""


def opens_for(*pages: str) -> Callable[[Condition], Condition]:
    """Register when pages below a document's own open; of others that page stands in for them."""

    def register(condition: Condition) -> Condition:
        _CONDITIONS.update(dict.fromkeys(pages, condition))
        return condition

    return register


def has_condition(page: str) -> bool:
    """Tell whether it is known when a page of a document opens."""
    return page in _CONDITIONS


@opens_for("document", "document_act")
def _opens_always(_document: Document, _actor: Actor) -> bool:
    """Say yes: an act that is not to be done leads to its document."""
    return True


@dataclass(frozen=True)
class WayOn:
    """Where a page is that was asked for in the wrong role; `role_id` of None: in this one."""

    address: str
    role_id: int | None = None
    role: str = ""
    is_document: bool = False

    @property
    def title(self) -> str:
        """Head the page; nothing where the error's own words say it."""
        if self.role:
            return gettext("Trang này mở với vai trò khác của anh/chị")
        return "" if self.is_document else gettext("Trang này ở địa chỉ khác")

    @property
    def text(self) -> str:
        if not self.role:
            if self.is_document:
                return ""
            return gettext("Đường dẫn là của cấp khác; ở cấp của anh/chị, trang đó mở tại đây.")
        if self.is_document:
            said = gettext("Văn bản này mở được với vai trò “%(role)s”.", role=self.role)
        else:
            said = gettext("Trang này mở được với vai trò “%(role)s”.", role=self.role)
        return gettext("%(opens)s Bây giờ anh/chị đang làm việc với vai trò khác.", opens=said)

    @property
    def label(self) -> str:
        if self.role:
            return gettext("Chuyển sang “%(role)s” và mở", role=self.role)
        return gettext("Mở văn bản") if self.is_document else gettext("Mở trang này")


def way_on() -> WayOn | None:
    """Find where the page asked for opens for the signed-in person, the role in use first.

    In at most two queries, however many roles there are.
    """
    if request.method not in READING or not needs_signing_in():
        return None
    now = current.actor_or_none()
    named = _named()
    if now is None or named is None:
        return None
    actors = [now, *(Actor.of(held) for held in _others(now))]
    seen = sightings.seen(current.database(), named, [Scope.of(actor) for actor in actors])
    able = [actor for actor, sees in zip(actors, seen, strict=True) if sees]
    if not able:
        return None
    document_id = named.get("document_id")
    document = sightings.document(current.database(), document_id) if document_id else None
    ways = (*_to_page(able, now, document), *(_to_document(able, now, document)))
    return next(iter(ways), None)


def _named() -> dict[str, int] | None:
    """Return what the address names by ids; None where it is not known who sees such a thing."""
    values = request.view_args or {}
    blueprint = request.blueprint or ""
    if blueprint in _LEVELS:
        return {name: value for name, value in values.items() if name == "document_id"}
    given = {name: value for name, value in values.items() if value is not None}
    return given if given.keys() <= sightings.THINGS.keys() else None


def _others(now: Actor) -> list:
    """List the person's other roles, those of their own before those that are lent."""
    others = [one for one in current.assignments() if one.id != now.assignment_id]
    return sorted(others, key=lambda held: held.delegation_id is not None)


def _to_page(able: list[Actor], now: Actor, document: Document | None) -> Iterator[WayOn]:
    """Yield where the page itself opens.

    None where the role in use opens it at this very address: then it was refused for another
    reason, and would be in any role.
    """
    found = [(actor, endpoint) for actor in able if (endpoint := _opens(actor, document))]
    if any(actor is now and endpoint == request.endpoint for actor, endpoint in found):
        return
    for actor, endpoint in found:
        yield _way(actor, now, _address(endpoint, request.view_args or {}, query=True))


def _to_document(able: list[Actor], now: Actor, document: Document | None) -> Iterator[WayOn]:
    """Yield where the document opens that the page is about."""
    if document is None:
        return
    for actor in able:
        page = _page_of(actor, "document")
        if page is None or (actor is now and page == request.endpoint):
            continue
        address = _address(page, {"document_id": document.id})
        yield _way(actor, now, address, is_document=True)


def _opens(actor: Actor, document: Document | None) -> str | None:
    """Return the endpoint at which a role that sees what is named opens the page."""
    endpoint = request.endpoint or ""
    if (request.blueprint or "") not in _LEVELS:
        return endpoint if _is_granted(actor, endpoint) and _administers(actor) else None
    name = endpoint.partition(".")[2]
    page = _page_of(actor, name)
    if page is None or document is None:
        return page
    condition = _CONDITIONS.get(name)
    return page if condition is not None and condition(document, actor) else None


def _page_of(actor: Actor, name: str) -> str | None:
    """Return the endpoint of a page at a role's own level, where there is one that it may open."""
    endpoint = f"{actor.level.value}.{name}" if actor.level else ""
    return endpoint if _is_granted(actor, endpoint) else None


def _is_granted(actor: Actor, endpoint: str) -> bool:
    if endpoint not in current_app.view_functions:
        return False
    permission = permission_of(current_app, endpoint)
    return permission in GRANTS and actor.role in GRANTS[Permission(permission)]


def _administers(actor: Actor) -> bool:
    """Tell whether an administrator's page is about a unit, where it is one about a unit."""
    endpoint = request.endpoint or ""
    if actor.role is not Role.SYSTEM_ADMIN or "unit_id" not in (request.view_args or {}):
        return True
    return (request.view_args or {})["unit_id"] is not None or endpoint.startswith(_ABOUT_EVERYBODY)


def _address(endpoint: str, values: dict, *, query: bool = False) -> str:
    """Write an address, with the question that the address asked for had."""
    address = url_for(endpoint, **values)
    asked = request.query_string.decode(errors="replace") if query else ""
    return f"{address}?{asked}" if asked else address


def _way(actor: Actor, now: Actor, address: str, *, is_document: bool = False) -> WayOn:
    if actor is now:
        return WayOn(address, is_document=is_document)
    held = next(one for one in current.assignments() if one.id == actor.assignment_id)
    return WayOn(address, actor.assignment_id, role_in_place(held), is_document=is_document)
