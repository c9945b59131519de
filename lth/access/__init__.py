"""Sight and rights: actors, scopes, and what each scope can see."""

from lth.access import chain  # noqa: F401 - whoever writes within a scope writes a chained trail
