"""lth: planning, appraisal and reporting for Viet Nam's intergenerational self-help clubs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from lth.core.config import Settings


def create_app(settings: "Settings | None" = None, **flask_config: Any) -> "Flask":
    """Return the web application; see :func:`lth.application.create_app`.

    Flask is imported here and not above, so that ``lth --help`` and the leaf modules start without
    waiting for it.
    """
    from lth import application

    return application.create_app(settings, **flask_config)
