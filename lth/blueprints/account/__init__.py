"""One's own account: profile, password, language, roles, mail and calendar address."""

from lth.blueprints.account.views import blueprint as blueprint
