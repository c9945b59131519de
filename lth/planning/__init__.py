"""Indicators, targets, quotas, synthesis, plan checks, and the units they are planned for."""
