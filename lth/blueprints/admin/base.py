"""What every administration page begins with: whose unit it is about, within the scope.

Each page has two addresses: `/admin/people` for the unit administrator's own unit (for the system
administrator, everybody), and `/admin/units/7/people` for a unit by its id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lth.administration import units
from lth.administration.context import AdminContext
from lth.blueprints.web import current
from lth.blueprints.web.current import database, now
from lth.blueprints.web.refusals import Outcome
from lth.core.language import gettext, pgettext
from lth.models import Unit
from lth.models.person import Role

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

View = Callable[..., Any]


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


def page(rule: str, **options: Any) -> Callable[[View], View]:
    """Route a view at both of its addresses; it gets `unit_id`, None at the first."""

    def route(view: View) -> View:
        blueprint.add_url_rule(rule, view_func=view, defaults={"unit_id": None}, **options)
        blueprint.add_url_rule(f"/units/<int:unit_id>{rule}", view_func=view, **options)
        return view

    return route


def post(rule: str) -> Callable[[View], View]:
    """Route a view that changes something."""
    return page(rule, methods=["POST"])


def unit_of(unit_id: int | None) -> Unit | None:
    """The unit a page is about: 404 for one that is not the administrator's.

    None for the system administrator's pages about everybody.
    """
    actor = current.actor()
    wanted = unit_id if unit_id is not None else actor.unit_id
    if wanted is None:
        return None
    unit = units.unit_within(database(), wanted, current.scope())
    if unit is None:
        abort(404)
    return unit


def one_unit(unit_id: int | None) -> Unit:
    """The unit of a page that is about one."""
    unit = unit_of(unit_id)
    if unit is None:
        abort(404)
    return unit


def context(unit: Unit | None) -> AdminContext:
    """Return the context in which the actor administers a unit in this request."""
    return AdminContext(database(), current.actor(), unit, now())


def link(name: str, **values: Any) -> str:
    """The address of an administration page about the same unit as the page being shown."""
    return url_for(f"admin.{name}", unit_id=(request.view_args or {}).get("unit_id"), **values)


def show(template: str, unit: Unit | None, **values: Any) -> str:
    """A page with its unit and, for the system administrator in a unit, that unit's tabs."""
    return render_template(
        f"admin/{template}.html", unit=unit, link=link, tabs=_tabs(unit), **values
    )


def form_page(
    unit: Unit | None, form: Any, title: str, back: tuple[str, str], **values: Any
) -> str:
    """A page with one form on it; `back` names the page it was opened from, and its address."""
    return show("form", unit, form=form, title=title, back=back, **values)


def lead_back(outcome: Outcome, done: str, name: str, **values: Any) -> ResponseReturnValue:
    """Lead to an administration page that says what was done, or what stood against it."""
    outcome.flash(done)
    return redirect(link(name, **values))


def _tabs(unit: Unit | None) -> list[Tab]:
    if unit is None or current.actor().role is not Role.SYSTEM_ADMIN:
        return []
    pages = (
        ("people", gettext("Người dùng")),
        ("offices", pgettext("many", "Phòng, ban")),
        ("settings", gettext("Thiết lập")),
        ("checks", gettext("Kiểm tra kế hoạch")),
        ("deadlines", pgettext("many", "Hạn nộp")),
        ("trail", gettext("Nhật ký")),
    )
    endpoint = request.endpoint or ""
    return [
        Tab(label, url_for(f"admin.{name}", unit_id=unit.id), endpoint.startswith(f"admin.{name}"))
        for name, label in pages
    ]
