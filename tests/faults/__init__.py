"""Breakdowns brought about on purpose, and a count of what became of everybody's work.

`make faults` runs all cases and writes docs/faults.md; `test_short.py` runs a few in the suite.
They live among the tests because they borrow the tests' servers, and are no tests of pytest's
because they take minutes.
"""
