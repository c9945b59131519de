"""Quotas: splitting, handing down, answering, settling."""
