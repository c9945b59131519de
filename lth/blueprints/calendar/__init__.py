"""The month with its deadlines, and the public address of a personal calendar feed."""

from lth.blueprints.calendar.feed import blueprint as blueprint
