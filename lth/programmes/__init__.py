"""Programmes: the catalogue of indicators, and who takes part in a period."""
