"""The pages. Each module in :data:`BLUEPRINTS` has ``register(app)``."""

from importlib import import_module

from flask import Flask

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


def register_blueprints(app: Flask) -> None:
    """Let every module of the list add its routes to ``app``."""
    for name in BLUEPRINTS:
        import_module(name).register(app)
