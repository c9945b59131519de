"""Regimes, the figures of a report, requests and dashboards."""
