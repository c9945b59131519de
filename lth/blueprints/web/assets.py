"""The files under ``static/``: addressed by their content, kept by browsers for good."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask.sessions import SecureCookieSessionInterface
from markupsafe import Markup

_ONE_YEAR = 365 * 24 * 3600


class _NoSessionForAssets(SecureCookieSessionInterface):
    """Says nothing of the session on an asset: ``Vary: Cookie`` would end its long life early."""

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    """Give templates ``asset_url(name)``, and what it points to a long life in browsers; and the
    marks that stand in every row of a list, which a macro would take five times as long to write.
    """
    app.session_interface = _NoSessionForAssets()
    app.jinja_env.globals.update(
        asset_url=asset_url, icon_mark=icon_mark, badge_mark=badge_mark, due_mark=due_mark
    )
    app.after_request(_keep)


def asset_url(name: str) -> str:
    """Return the address of a file under ``static/``, changing whenever the file does.

    Raises:
        FileNotFoundError: when there is no such file (a misspelt name shows at once).
    """
    path = Path(str(current_app.static_folder), name)
    return _address(request.script_root, name, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _address(_root: str, name: str, path: Path, changed_ns: int) -> str:
    return url_for("static", filename=name, v=_hash(path, changed_ns))


@lru_cache(maxsize=512)
def icon_mark(name: str, label: str | None = None, **attributes: str) -> Markup:
    """Return a symbol of ``icons.svg``; without a label it is decoration, hidden from readers."""
    spoken = Markup('role="img" aria-label="%s"') % label if label else Markup('aria-hidden="true"')
    return Markup('<svg class="%s" %s focusable="false"><use href="%s#%s"></use></svg>') % (
        attributes.get("class", "icon"),
        spoken,
        asset_url("icons.svg"),
        name,
    )


@lru_cache(maxsize=512)
def badge_mark(status: str, label: str) -> Markup:
    """Return a document's state; the icon carries the state's own name, "missing" if none."""
    return Markup('<span class="badge badge-%s">%s%s</span>') % (status, icon_mark(status), label)


@lru_cache(maxsize=512)
def due_mark(label: str, tone: str = "") -> Markup:
    """Return when something is due; tone: late, soon, done or nothing."""
    icon = icon_mark({"late": "warning", "done": "check"}.get(tone, "clock"))
    return Markup('<span class="due%s">%s%s</span>') % (f" due-{tone}" if tone else "", icon, label)


def _fingerprint(name: str) -> str:
    path = Path(str(current_app.static_folder), name)
    return _hash(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _hash(path: Path, _changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _keep(response: Response) -> Response:
    """Let browsers keep an asset for good, but only under the address that names its content."""
    if request.endpoint != "static" or response.status_code not in {200, 304}:
        return response
    name = str((request.view_args or {}).get("filename", ""))
    if request.args.get("v") == _fingerprint(name):
        response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable"
    return response
