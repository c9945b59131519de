"""Splitting a total among units: exact, by weights, with the largest-remainder method.

Pure: no database, no language. Values are integers in the indicator's measure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's claim: its weight, and how a tie is broken between units of equal remainder.

    The larger older population comes first, an unknown one last; then the smaller code.
    """

    key: int
    weight: int = 1
    older_population: int | None = None
    code: str = ""
    floor: int = 0
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """What a unit gets, beside the exact share that it was rounded from.

    The exact share is `numerator / denominator`, with floors and ceilings already seen to.
    """

    value: int
    numerator: int
    denominator: int


class InfeasibleError(ValueError):
    """Floors ask for more than there is, or ceilings leave some over; `by` says how much."""

    def __init__(self, total: int, bound: int):
        self.total, self.bound = total, bound
        super().__init__(f"{total} cannot be split: the bounds come to {bound}")

    @property
    def floors_too_high(self) -> bool:
        return self.bound > self.total

    @property
    def by(self) -> int:
        return abs(self.bound - self.total)


def split(total: int, shares: Sequence[Share], *, step: int = 1) -> dict[int, Portion]:
    """Return the parts of a total by unit, in the order of `shares`; they add up to it exactly.

    Each unit gets its share by weight rounded down, and what is left over goes, one by one, to
    the largest remainders. A unit whose share would be under its floor (or over its ceiling) gets
    that, and the others share the rest by their weights. Where nobody who still shares has any
    weight, all of them count alike. With a `step` (money in millions) every part is a multiple
    of it; the total, floors and ceilings must be too, else they are taken one by one.

    Raises InfeasibleError where floors or ceilings cannot be kept, and ValueError for negative
    figures.
    """
    _require_sense(total, shares, step)
    if step > 1:
        step = _usable(step, total, shares)
    small = total // step
    bounds = {
        one.key: (one.floor // step, None if one.ceiling is None else one.ceiling // step)
        for one in shares
    }
    _require_room(total, shares)
    parts = _round(small, shares, bounds)
    return {
        one.key: Portion(
            parts[one.key].value * step, parts[one.key].numerator * step, parts[one.key].denominator
        )
        for one in shares
    }


def gap(total: int, values: Mapping[int, int]) -> int:
    """Return by how much values given by hand exceed the total; negative, fall short of it."""
    return sum(values.values()) - total


def _require_sense(total: int, shares: Sequence[Share], step: int) -> None:
    figures = [total, *(one.weight for one in shares), *(one.floor for one in shares)]
    if step < 1 or any(value < 0 for value in figures):
        raise ValueError("totals, weights and floors are no less than nothing, a step at least 1")
    if any(one.ceiling is not None and one.ceiling < one.floor for one in shares):
        raise ValueError("a ceiling is no lower than its floor")


def _usable(step: int, total: int, shares: Sequence[Share]) -> int:
    figures = [total, *(one.floor for one in shares), *(one.ceiling or 0 for one in shares)]
    return 1 if any(value % step for value in figures) else step


def _require_room(total: int, shares: Sequence[Share]) -> None:
    floors = sum(one.floor for one in shares)
    if floors > total:
        raise InfeasibleError(total, floors)
    ceilings = [one.ceiling for one in shares]
    known = [ceiling for ceiling in ceilings if ceiling is not None]
    if len(known) == len(ceilings) and sum(known) < total:
        raise InfeasibleError(total, sum(known))


Bounds = Mapping[int, tuple[int, int | None]]


def _round(total: int, shares: Sequence[Share], bounds: Bounds) -> dict[int, Portion]:
    """Give to units at a bound, until nobody's share is beyond one; to the others by remainders."""
    open_shares, rest = list(shares), total
    parts: dict[int, Portion] = {}
    while open_shares:
        weights = _weights(open_shares)
        whole = sum(weights.values())
        stuck = _at_bounds(rest, open_shares, weights, whole, bounds)
        if not stuck:
            return parts | _by_remainders(rest, open_shares, weights, whole)
        parts |= {key: Portion(value, value, 1) for key, value in stuck.items()}
        rest -= sum(stuck.values())
        open_shares = [one for one in open_shares if one.key not in stuck]
    return parts


def _weights(shares: Sequence[Share]) -> dict[int, int]:
    weighty = any(one.weight for one in shares)
    return {one.key: one.weight if weighty else 1 for one in shares}


def _at_bounds(
    rest: int, shares: Sequence[Share], weights: Mapping[int, int], whole: int, bounds: Bounds
) -> dict[int, int]:
    """Find those that a bound holds, on the side that takes or gives more, so that the others'
    shares only move towards that side.
    """
    low, high = {}, {}
    short = over = 0
    for one in shares:
        claim = rest * weights[one.key]
        floor, ceiling = bounds[one.key]
        if claim < floor * whole:
            low[one.key] = floor
            short += floor * whole - claim
        elif ceiling is not None and claim > ceiling * whole:
            high[one.key] = ceiling
            over += claim - ceiling * whole
    return low if short >= over else high


def _by_remainders(
    rest: int, shares: Sequence[Share], weights: Mapping[int, int], whole: int
) -> dict[int, Portion]:
    claims = {one.key: divmod(rest * weights[one.key], whole) for one in shares}
    left = rest - sum(quotient for quotient, _ in claims.values())
    ranked = sorted(shares, key=lambda one: _rank(one, claims[one.key][1]))
    lucky = {one.key for one in ranked[:left]}
    return {
        one.key: Portion(claims[one.key][0] + (one.key in lucky), rest * weights[one.key], whole)
        for one in shares
    }


def _rank(share: Share, remainder: int) -> tuple[int, int, str, int]:
    older = -1 if share.older_population is None else share.older_population
    return -remainder, -older, share.code, share.key
