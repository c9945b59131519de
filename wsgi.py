"""The application for a WSGI server started in a checkout; installed, it is ``lth.wsgi:app``."""

from lth.wsgi import app

__all__ = ["app"]
