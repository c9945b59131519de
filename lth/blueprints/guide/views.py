"""The page “Bắt đầu” of the role that one is in."""

from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.access.roles import role_label
from lth.blueprints.guide.steps import GuideStep, steps_of
from lth.blueprints.web import current
from lth.blueprints.web.permissions import GRANTS, Permission, needs, permission_of
from lth.core.vietnamese import lower_first

blueprint = Blueprint("guide", __name__)


@blueprint.get("/guide")
@needs(Permission.SIGNED_IN)
def start() -> ResponseReturnValue:
    """Show the steps of the actor's role, with links to the pages that they may open."""
    actor = current.actor()
    steps = steps_of(actor.role, actor.level)
    return render_template(
        "guide.html",
        role=lower_first(role_label(actor.role)),
        steps=[_shown(step, actor) for step in steps],
    )


def _shown(step: GuideStep, actor: Actor) -> dict[str, Any]:
    return {
        "title": step.title,
        "text": step.text,
        "picture": f"guide/{step.picture}.jpg" if step.picture else "",
        "url": _address(step.page, actor) if step.page else "",
    }


def _address(page: str, actor: Actor) -> str:
    """Return the address of a step's page; empty where the role's level or grants lack it."""
    endpoint = page if "." in page else f"{actor.level.value if actor.level else ''}.{page}"
    if endpoint not in current_app.view_functions:
        return ""
    permission = permission_of(current_app, endpoint)
    open_to = GRANTS.get(permission) if permission else None
    return url_for(endpoint) if open_to is None or actor.role in open_to else ""
