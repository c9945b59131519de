"""The files under ``static/``: addressed by their content, kept by browsers for good."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask.sessions import SecureCookieSessionInterface

_ONE_YEAR = 365 * 24 * 3600


class _NoSessionForAssets(SecureCookieSessionInterface):
    """Says nothing of the session on an asset: ``Vary: Cookie`` would end its long life early."""

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    """Give templates ``asset_url(name)``, and what it points to a long life in browsers."""
    app.session_interface = _NoSessionForAssets()
    app.jinja_env.globals["asset_url"] = asset_url
    app.after_request(_keep)


def asset_url(name: str) -> str:
    """Return the address of a file under ``static/``, changing whenever the file does.

    Raises:
        FileNotFoundError: when there is no such file (a misspelt name shows at once).
    """
    return url_for("static", filename=name, v=_fingerprint(name))


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
