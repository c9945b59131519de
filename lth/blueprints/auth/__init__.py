"""Signing in and out, setting a password by a one-time link, and answering an invitation."""

from lth.blueprints.auth import invitations, second_factor, views
from lth.blueprints.auth.views import blueprint as blueprint

PAGES = (views, invitations, second_factor)
"""Each adds its routes to the blueprint as it is imported."""
