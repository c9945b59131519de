"""Read the figures of the two demos from `lth/data/demo/`.

`lth/data/README.md` says which of them official documents state and which are made up.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

_MILLION = 1_000_000
_LABELS = {"district_code", "code", "type", "name", "phase"}
_BASELINE = {"older_population", "clubs_existing"}
_EXISTING = "clubs_existing"
_MONEY = "income_fund_million"

Values = dict[str, int]
"""Indicator code → value in its measure: whole things, or đồng."""


@dataclass(frozen=True, slots=True)
class CommuneFigures:
    """Figures that one commune plans, phase by phase; `baseline` is what its plan begins with,
    `existing` how many clubs it has by then.
    """

    code: str
    district_code: str | None
    name: str
    baseline: Values
    phases: Mapping[str, Values]
    existing: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether the commune has planned nothing yet."""
        return not any(self.phases.values())


def three_tier(phase: str) -> dict[str, CommuneFigures]:
    """Read the 42 communes of Trà Vinh by national code, their one phase under the code `phase`."""
    rows = _read("three-tier-2021.csv")
    return {row["code"]: _figures([row], phase) for row in rows}


def two_tier() -> dict[str, CommuneFigures]:
    """Return the five communes of Bắc Ninh by national code, each with both phases of 1648."""
    rows = list(_read("two-tier-2026.csv"))
    codes = dict.fromkeys(row["code"] for row in rows)
    return {code: _figures([r for r in rows if r["code"] == code]) for code in codes}


def total(figures: Iterable[CommuneFigures]) -> Values:
    """Return the sum over communes and phases, by indicator."""
    sums: Values = {}
    for commune in figures:
        for values in commune.phases.values():
            for code, value in values.items():
                sums[code] = sums.get(code, 0) + value
    return sums


def _read(name: str) -> Iterator[dict[str, str]]:
    text = (resources.files("lth") / "data" / "demo" / name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _figures(rows: list[dict[str, str]], phase: str = "") -> CommuneFigures:
    first = rows[0]
    return CommuneFigures(
        code=first["code"],
        district_code=first.get("district_code"),
        name=f"{first['type'].lower()} {first['name']}",
        baseline={} if "phase" in first else {code: int(first[code]) for code in _BASELINE},
        phases={row.get("phase", phase): _values(row) for row in rows},
        existing=int(first[_EXISTING]),
    )


def _values(row: dict[str, str]) -> Values:
    """Return a row's planned figures; a cell left empty is no figure, not a nought."""
    planned = {code: text for code, text in row.items() if code not in _LABELS | _BASELINE and text}
    million = planned.pop(_MONEY, None)
    values = {code: int(text) for code, text in planned.items()}
    if million is not None:
        values["income_fund_balance"] = int(million) * _MILLION
    return values
