"""Outgoing mail, for those who may see it."""

from lth.blueprints.notices.views import blueprint as blueprint
