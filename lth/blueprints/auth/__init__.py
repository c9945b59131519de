"""Signing in and out, and setting a password by a one-time link."""

from lth.blueprints.auth import second_factor
from lth.blueprints.auth.views import blueprint as blueprint

PAGES = (second_factor,)
"""Each adds its routes to the blueprint as it is imported."""
