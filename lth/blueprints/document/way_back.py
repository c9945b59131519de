"""Going back to an address that only takes a form, or reloading it, leads to what it is about.

The browser's Back and Reload, a bookmark, a link copied from the address bar: none of them ends at
"this page cannot be opened in this way".
"""

from flask import Flask, Response, flash, make_response, redirect, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from lth.blueprints.document.timeline import last_words
from lth.blueprints.web import current, in_place
from lth.blueprints.web.errors import error_response
from lth.blueprints.web.permissions import Permission, permission_of
from lth.workflow import documents


def register(app: Flask) -> None:
    """Have ``app`` lead every GET of an address that only takes a form to a page."""

    def lead(error: MethodNotAllowed) -> Response:
        nearest = _nearest(app) if _may_lead() else None
        if nearest is None:
            response = error_response(405)
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
            return response
        path, document_id = nearest
        if document_id is not None:
            _tell(document_id)
        return make_response(redirect(request.script_root + path))

    app.register_error_handler(MethodNotAllowed, lead)


def _may_lead() -> bool:
    return request.method in {"GET", "HEAD"} and not in_place.stays_open()


def _nearest(app: Flask) -> tuple[str, int | None] | None:
    """Find the nearest page above this address, and the document that it is about, if any.

    Of a document only what everybody may read who sees it: a drafter's page may be over.
    """
    adapter = app.create_url_adapter(request)
    parts = request.path.rstrip("/").split("/")
    while adapter is not None and len(parts) > 1:
        parts.pop()
        for path in ("/".join(parts) or "/", "/".join(parts) + "/"):
            try:
                endpoint, values = adapter.match(path, method="GET")
            except (HTTPException, RequestRedirect):
                continue
            document_id = values.get("document_id")
            permission = permission_of(app, str(endpoint))
            if document_id is None or permission is Permission.READ_DOCUMENTS:
                return path, document_id
    return None


def _tell(document_id: int) -> None:
    """Say on the next page what was done last with a document, to whoever sees it."""
    if current.actor_or_none() is None:
        return
    events = list(documents.timeline(current.database(), document_id, current.scope()))
    if events:
        flash(last_words(events), "info")
