"""Pages served to anybody."""

from lth.blueprints.public.views import blueprint as blueprint
