"""The unit's own documents, and those that the units above have issued."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints import current
from lth.blueprints.levels import desk_url
from lth.blueprints.permissions import Permission, needs
from lth.models import Plan
from lth.workflow import entries, waiting

PAGE = 30


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/plans", "plans", listing)


@dataclass(frozen=True)
class Pages:
    """What the pager macro asks for."""

    number: int
    pages: int

    def url(self, number: int) -> str:
        return desk_url("plans", page=number)


@needs(Permission.READ_PLANS)
def listing() -> ResponseReturnValue:
    session, actor, scope = current.database(), current.actor(), current.scope()
    number = max(1, request.args.get("page", 1, type=int))
    total = entries.count(session, scope, Plan.unit_id == scope.unit_id)
    return render_template(
        "plans.html",
        own=entries.own(session, scope, limit=PAGE, offset=(number - 1) * PAGE),
        above=entries.issued_above(session, scope, limit=PAGE),
        openings=waiting.openings(session, actor),
        pager=Pages(number, max(1, -(-total // PAGE))),
    )
