"""The pages. Each module in :data:`BLUEPRINTS` has ``register(app)``."""

from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

BLUEPRINTS = (
    "lth.blueprints.public.health",
    "lth.blueprints.web.current",
    "lth.blueprints.web.layout",
    "lth.blueprints.auth",
    "lth.blueprints.account",
    "lth.blueprints.calendar",
    "lth.blueprints.admin",
    "lth.blueprints.notices",
    "lth.blueprints.web.levels",
    "lth.blueprints.document.wording",
    "lth.blueprints.quotas.wording",
    "lth.blueprints.web.refusals",
    "lth.blueprints.commune",
    "lth.blueprints.district",
    "lth.blueprints.province",
    "lth.blueprints.web.expired_role",
    "lth.blueprints.web.permissions",
)
"""In order: who is asking must be known before anything asks, and the permissions come last,
when every view is there to be checked."""

LARGEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """``<int:…>`` in an address: a number that a row can have. No database is asked for others,
    which they refuse to read."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_ID, **options})


def register_blueprints(app: Flask) -> None:
    """Let every module of the list add its routes to ``app``."""
    app.url_map.converters["int"] = RowId
    for name in BLUEPRINTS:
        import_module(name).register(app)
