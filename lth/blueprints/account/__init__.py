"""One's own account: profile, password, sessions, language, roles, mail and calendar address."""

from lth.blueprints.account import second_factor, sessions
from lth.blueprints.account.views import blueprint as blueprint

PAGES = (sessions, second_factor)
"""Each adds its routes to the blueprint as it is imported."""
