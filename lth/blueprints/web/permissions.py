"""Permissions to open pages: one stamped on every view, deny by default.

The stamp opens the page only; what may be *done* there is the workflow table's business, and
what may be *seen* is the scope's.
"""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue

from lth import quotas
from lth.blueprints.web import current
from lth.clubs import visits
from lth.models.person import Role
from lth.workflow import documents

View = TypeVar("View", bound=Callable)

PLANNERS = frozenset(
    {
        Role.CLERK,
        Role.LEADER,
        Role.SPECIALIST,
        Role.FINANCE_APPRAISER,
        Role.FORMAT_APPRAISER,
    }
)


class Permission(Enum):
    """A view's permission; `GRANTS` has the roles that hold it."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    READ_DOCUMENTS = "read_documents"
    READ_TRAIL = "read_trail"
    READ_REGISTER = "read_register"
    KEEP_REGISTER = "keep_register"
    ACT = "act"
    DRAFT = "draft"
    REVIEW = "review"
    SYNTHESISE = "synthesise"
    HAND_DOWN = "hand_down"
    ANSWER_QUOTA = "answer_quota"
    MOVE_REQUEST = "move_request"
    READ_CLUBS = "read_clubs"
    KEEP_CLUBS = "keep_clubs"
    KEEP_VISITS = "keep_visits"
    KEEP_REGIMES = "keep_regimes"
    DELEGATE = "delegate"
    EXCHANGE = "exchange"
    ADMINISTER_UNIT = "administer_unit"
    ADMINISTER_SYSTEM = "administer_system"
    READ_MAIL = "read_mail"
    READ_NOTICES = "read_notices"


GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.READ_DOCUMENTS: PLANNERS | {Role.OBSERVER},
    Permission.READ_TRAIL: frozenset({Role.OBSERVER, Role.LEADER}),
    Permission.READ_REGISTER: PLANNERS | {Role.OBSERVER, Role.UNIT_ADMIN},
    Permission.KEEP_REGISTER: frozenset({Role.CLERK, Role.LEADER, Role.SPECIALIST}),
    Permission.ACT: PLANNERS,
    Permission.DRAFT: frozenset({Role.CLERK, Role.SPECIALIST}),
    Permission.REVIEW: frozenset(
        {Role.LEADER, Role.SPECIALIST, Role.FINANCE_APPRAISER, Role.FORMAT_APPRAISER}
    ),
    Permission.SYNTHESISE: frozenset({Role.SPECIALIST}),
    Permission.HAND_DOWN: quotas.GIVERS,
    Permission.ANSWER_QUOTA: frozenset(quotas.RECEIVERS),
    Permission.MOVE_REQUEST: frozenset({Role.CLERK, Role.SPECIALIST, Role.LEADER}),
    Permission.READ_CLUBS: PLANNERS | {Role.OBSERVER},
    Permission.KEEP_VISITS: visits.VISITORS,
    Permission.KEEP_CLUBS: frozenset({Role.CLERK, Role.LEADER}),
    Permission.KEEP_REGIMES: frozenset({Role.SPECIALIST, Role.LEADER}),
    Permission.DELEGATE: frozenset({Role.LEADER, Role.UNIT_ADMIN}),
    Permission.EXCHANGE: frozenset({Role.CLERK, Role.LEADER, Role.SPECIALIST, Role.UNIT_ADMIN}),
    Permission.ADMINISTER_UNIT: frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN}),
    Permission.ADMINISTER_SYSTEM: frozenset({Role.SYSTEM_ADMIN}),
    Permission.READ_MAIL: frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN}),
    Permission.READ_NOTICES: frozenset(Role),
}


def needs(permission: Permission) -> Callable[[View], View]:
    """Stamp a view with the permission it needs."""

    def stamp(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined] # that is the stamp
        return view

    return stamp


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Return the stamp of an endpoint's view; Flask's own static files are public."""
    if endpoint == "static":
        return Permission.PUBLIC
    return getattr(app.view_functions[endpoint], "permission", None)


def needs_signing_in() -> bool:
    """Tell whether the page asked for is for people who have signed in."""
    if request.endpoint is None:
        return False
    return permission_of(current_app, request.endpoint) not in {None, Permission.PUBLIC}


def register(app: Flask) -> None:
    """Check every request against its view's stamp; called after all blueprints are there.

    Raises LookupError for a view without a stamp, so that none is open by mistake.
    """
    unstamped = [name for name in app.view_functions if permission_of(app, name) is None]
    if unstamped:
        raise LookupError("views without a permission: " + ", ".join(sorted(unstamped)))
    app.before_request(_check)


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # an unknown address: 404 follows
    permission = permission_of(current_app, request.endpoint)  # type: ignore[arg-type]
    if permission is Permission.PUBLIC:
        return None
    if not current.is_signed_in():
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if permission is Permission.SIGNED_IN:
        return None
    actor = current.actor_or_none()
    if actor is None or actor.role not in GRANTS[permission]:
        _hide_what_is_not_seen()
        abort(403)
    return None


def _hide_what_is_not_seen() -> None:
    """Answer as if there were no such document, where it is outside the scope.

    Raises NotFoundError.
    """
    document_id = (request.view_args or {}).get("document_id")
    if document_id is not None and current.actor_or_none() is not None:
        documents.get(current.database(), document_id, current.scope())
