"""Reporting: regimes and windows, what a report says, and how it adds up.

A regime's window is a period of its own (`PeriodUse.REPORT`), in which reports walk the same road
as plans do.

The effects `follow_requests` and `drop_requests`, and what waits of requests, are registered when
this package is imported.
"""

from lth.reporting import request_lists, requests

__all__ = ["request_lists", "requests"]
