"""Checks, a family a file."""
