"""Packets that came from other offices' systems as files, and the answers to them."""

from lth.blueprints.packets.views import blueprint

__all__ = ["blueprint"]
