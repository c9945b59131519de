"""Make `lth/data/positions.json.gz`: where units are, as far as a free source says it.

Run by hand when the dataset changes, beside `build_units.py`, with the same package:

    python scripts/build_positions.py scratch/lib/python3.11/site-packages/vietnamadminunits

Only the positions of the units of two tiers are taken: they are those of the official map of the
mergers (sapnhap.bando.com.vn). Those of the units of three tiers come from a geocoding service
whose terms do not let them be kept, and are left. A province or district of three tiers stands in
the middle of the units of two tiers that its communes went into, and the file says so; a commune
that alone went into one whole unit stands where that is. All others have none.
"""

import gzip
import json
import sys
from collections import defaultdict
from pathlib import Path

from build_units import TARGET, VERSION, checked, rows

POSITIONS = TARGET.with_name("positions.json.gz")
HEADER = {
    "format": 1,
    "title": "Positions of administrative units of Viet Nam, in degrees, WGS 84",
    "source": f"dataset of the PyPI package vietnamadminunits {VERSION} (MIT), from the official"
    " map of the mergers, sapnhap.bando.com.vn",
    "notes": [
        "'stated' is the source's own; 'derived' the middle of the units that its communes went"
        " into on 1 July 2025.",
    ],
}


def main() -> None:
    """Read the package and the units, write the file, and say how many have a position."""
    database = checked(Path(sys.argv[1]), "data/dataset.db")
    packed = json.loads(gzip.decompress(TARGET.read_bytes()))
    units = {row[0]: dict(zip(packed["unit_columns"], row, strict=True)) for row in packed["units"]}
    stated = _stated(database, units)
    found = {**stated, **_derived(units, packed["lineage"], stated)}
    listed = [
        [int(key[0]), units[key]["level"], units[key]["code"], units[key]["name"], *found[key]]
        for key in sorted(found)
    ]
    columns = ["tiers", "level", "code", "name", "latitude", "longitude", "how"]
    data = {"header": HEADER, "columns": columns, "positions": listed}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    POSITIONS.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    _tell(units, found)


def _stated(database: Path, units: dict) -> dict[str, tuple[float, float, str]]:
    """Take the positions of communes and provinces of two tiers."""
    communes, provinces = {}, {}
    for row in rows(database, "admin_units"):
        communes[row["wardCode"]] = (row["wardLat"], row["wardLon"])
        provinces[row["provinceCode"]] = (row["provinceLat"], row["provinceLon"])
    found = {}
    for key, unit in units.items():
        source = communes if unit["level"] == "commune" else provinces
        if key.startswith("2:") and unit["code"] in source:
            found[key] = (*(round(degrees, 4) for degrees in source[unit["code"]]), "stated")
    return found


def _derived(
    units: dict, lineage: list, stated: dict[str, tuple[float, float, str]]
) -> dict[str, tuple[float, float, str]]:
    """Reckon the middle of what provinces and districts of three tiers became."""
    became, came_from = defaultdict(set), defaultdict(set)
    for old, new, share in lineage:
        if old.startswith("3:") and new in stated:
            became[old].add((new, share))
            came_from[new].add(old)
    inside = defaultdict(set)
    found = {}
    for key, unit in units.items():
        if not key.startswith("3:") or unit["level"] != "commune":
            continue
        new = {one for one, _ in became[key]}
        if len(new) == 1 and came_from[next(iter(new))] == {key}:
            found[key] = (*stated[next(iter(new))][:2], "derived")
        above = unit["parent"]
        while above:
            inside[above] |= new
            above = units[above]["parent"]
    for key, new in inside.items():
        if new:
            places = [stated[one] for one in sorted(new)]
            middle = (round(sum(one[at] for one in places) / len(places), 4) for at in (0, 1))
            found[key] = (*middle, "derived")
    return found


def _tell(units: dict, found: dict) -> None:
    """Print how many units of each level have a position."""
    for tiers in "23":
        for level in ("province", "district", "commune"):
            every = [key for key in units if key[0] == tiers and units[key]["level"] == level]
            if every:
                known = sum(key in found for key in every)
                print(f"{tiers} tiers, {level}: {known} of {len(every)}")


if __name__ == "__main__":
    main()
