"""The world's people as they sign in."""

PASSWORD = "chín con ngựa gỗ"
"""Everybody's, where a test's fixture has set it."""


def email(who: str) -> str:
    """The address of one of the world's people: "clerk@A" has clerk.a@example.test."""
    return f"{who.replace('@', '.')}@example.test".lower()
