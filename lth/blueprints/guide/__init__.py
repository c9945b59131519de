"""“Bắt đầu”: what each role does here, step by step, with pictures."""

from lth.blueprints.guide.views import blueprint

__all__ = ["blueprint"]
