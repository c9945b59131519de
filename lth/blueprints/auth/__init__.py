"""Signing in and out, and setting a password by a one-time link."""

from lth.blueprints.auth.views import blueprint as blueprint
