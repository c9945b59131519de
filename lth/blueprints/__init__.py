"""The pages: each folder has a ``blueprint``, each module of `WEB` a ``register(app)``."""

from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from lth.blueprints.web.paging import LARGEST_ID

FOLDERS = (
    "public",
    "auth",
    "account",
    "book",
    "calendar",
    "admin",
    "notices",
    "packets",
    "guide",
    "commune",
    "district",
    "province",
)
WEB = (
    "web.current",
    "web.layout",
    "web.levels",
    "document.wording",
    "document.way_back",
    "quotas.wording",
    "web.refusals",
    "web.expired_role",
    "web.form_role",
    "web.confirming",
    "web.second_factor",
    "web.permissions",
)
"""In order: who is asking must be known before anything asks, and the permissions come last,
when every view is there to be checked."""


class RowId(IntegerConverter):
    """``<int:…>`` in an address: a number that a row can have, in the digits of our own links.

    No database is asked for others, which they refuse to read.
    """

    regex = r"[0-9]{1,10}"

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_ID, **options})


def register_blueprints(app: Flask) -> None:
    """Add the pages to ``app``, and what all of them stand on."""
    app.url_map.converters["int"] = RowId
    for folder in FOLDERS:
        module = import_module(f"{__name__}.{folder}")
        for blueprint in getattr(module, "blueprints", None) or (module.blueprint,):
            app.register_blueprint(blueprint)
    for name in WEB:
        import_module(f"{__name__}.{name}").register(app)
