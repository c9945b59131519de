"""Notices, for everybody their own; outgoing mail, for administrators."""

from lth.blueprints.notices import board, views

blueprints = (board.blueprint, views.blueprint)
