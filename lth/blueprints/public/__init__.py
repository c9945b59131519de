"""Pages served to anybody."""

from lth.blueprints.public import papers, views

blueprints = (views.blueprint, papers.blueprint)
