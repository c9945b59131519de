"""Where units are, as far as the data that ship with the product say it; nothing is guessed."""

import gzip
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

from lth.models import Unit
from lth.models.unit import Level

TWO_TIERS_FROM = date(2025, 7, 1)
"""Units that came to be before are of three tiers; codes were used again, names too."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in degrees (WGS 84), `stated` by the source or reckoned from what the unit became."""

    latitude: float
    longitude: float
    stated: bool


def position(unit: Unit) -> Position | None:
    """Return where a unit is; None where that is not known."""
    tiers = 3 if unit.valid_from < TWO_TIERS_FROM else 2
    return _positions().get((tiers, unit.level, unit.code, unit.name))


@lru_cache(maxsize=1)
def _positions() -> dict[tuple[int, Level, str, str], Position]:
    packed = (resources.files("lth") / "data" / "positions.json.gz").read_bytes()
    rows = json.loads(gzip.decompress(packed))["positions"]
    return {
        (tiers, Level(level), code, name): Position(latitude, longitude, how == "stated")
        for tiers, level, code, name, latitude, longitude, how in rows
    }
