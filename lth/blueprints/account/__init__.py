"""One's own account: name, address, password, sessions, language, roles, mail and calendar."""

from lth.blueprints.account import own, second_factor, sessions, views
from lth.blueprints.account.views import blueprint as blueprint

PAGES = (views, own, sessions, second_factor)
"""Each adds its routes to the blueprint as it is imported."""
