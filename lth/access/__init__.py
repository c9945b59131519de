"""Sight and rights: actors, scopes, and what each scope can see."""
