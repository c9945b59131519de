"""One's own account: profile, password, sessions, language, roles, mail and calendar address."""

from lth.blueprints.account import sessions
from lth.blueprints.account.views import blueprint as blueprint

PAGES = (sessions,)
"""Each adds its routes to the blueprint as it is imported."""
