"""The pages. Each module in :data:`BLUEPRINTS` has ``register(app)``."""

from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

BLUEPRINTS = (
    "lth.blueprints.health",
    "lth.blueprints.current",
    "lth.blueprints.layout",
    "lth.blueprints.auth",
    "lth.blueprints.account",
    "lth.blueprints.feed",
    "lth.blueprints.admin",
    "lth.blueprints.mail",
    "lth.blueprints.levels",
    "lth.blueprints.wording",
    "lth.blueprints.quota_words",
    "lth.blueprints.refusals",
    "lth.blueprints.commune",
    "lth.blueprints.district",
    "lth.blueprints.province",
    "lth.blueprints.lost_role",
    "lth.blueprints.permissions",
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
