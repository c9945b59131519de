"""Derived percentages: always a sum over a sum, exact, never a mean of percentages."""

from lth.models.programme import Measure

WHOLE = {Measure.PERCENT: 10_000, Measure.RATE: 100}
"""What a quotient of 1 is in the stored integers of a measure."""


def quotient(numerator: int, denominator: int, measure: Measure = Measure.PERCENT) -> int | None:
    """Numerator over denominator in a measure's integers: 2240 of 3444 is 6504 (65,04 %).

    A half is rounded away from zero (up, counts being no less than nothing), in integers, so
    that it is exact and the same on every database. None where nothing is there to divide by.
    """
    if denominator <= 0:
        return None
    whole = WHOLE[measure]
    return (2 * numerator * whole + denominator) // (2 * denominator)
