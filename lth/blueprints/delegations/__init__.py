"""Delegations of a unit: given, seen, ended."""
