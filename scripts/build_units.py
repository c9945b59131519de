"""Make `lth/data/units.json.gz` from the dataset inside the PyPI package `vietnamadminunits`.

Run by hand when the dataset or the patches change:

    python -m venv scratch
    scratch/bin/pip install --no-deps vietnamadminunits==1.0.4
    python scripts/build_units.py scratch/lib/python3.11/site-packages/vietnamadminunits

The package is MIT-licensed (see `lth/data/LICENSES.md`) and no dependency of the product. What
it does not say stands in `unit_patches.toml`. The same input makes the same bytes.
"""

import argparse
import gzip
import hashlib
import json
import sqlite3
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import normalize

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "lth/data/units.json.gz"
PATCHES = ROOT / "scripts/unit_patches.toml"

VERSION = "1.0.4"
SHA256 = {
    "data/dataset.db": "147cbbf81c8964bb594e1dda7ebab5649bce21efbfd6cb508cab7fefca62257d",
    "data/converter_2025.json": "84f0848bf401b047775cbb49768c181a9271f77e4a4ec706d293b09bcb4faddd",
}

THREE_TIERS_FROM = date(2020, 1, 1)
TWO_TIERS_FROM = date(2025, 7, 1)
TYPES = ("xã", "phường", "thị trấn", "đặc khu", "huyện", "quận", "thị xã", "thành phố", "tỉnh")
HEADER = {
    "format": 1,
    "title": "Administrative units of Viet Nam, three tiers and two, with their lineage",
    "source": f"dataset of the PyPI package vietnamadminunits {VERSION} (MIT), with patches",
    "notes": [
        "A unit is in force on [valid_from, valid_to); an empty valid_to means it is in force.",
        f"Units of three tiers are those of 30 June 2025. Most are older than {THREE_TIERS_FROM},"
        " which stands in for the day they were founded, and some are younger.",
        "A lineage of 'whole' means that all of the unit went into that one; 'part' that it was"
        " divided. How its figures were shared is not known.",
        "A change of type or of parent makes a new row, so a province that becomes a city"
        " takes all its communes along.",
    ],
}


@dataclass(frozen=True)
class Unit:
    """A row of the file; `parent` is the key of the unit above."""

    key: str
    level: str
    type: str
    name: str
    code: str
    valid_from: date
    valid_to: date | None
    parent: str | None


@dataclass(frozen=True)
class Lineage:
    """A row of the file: which unit went into which, "whole" or in "part"."""

    from_key: str
    to_key: str
    share: str


# --- Reading the package ------------------------------------------------------------------


def checked(folder: Path, name: str) -> Path:
    """The file of the package, if it is the one this script was written against."""
    path = folder / name
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256[name]:
        sys.exit(f"{path} is not that of vietnamadminunits {VERSION} (sha256 {found})")
    return path


def rows(database: Path, table: str) -> list[sqlite3.Row]:
    """All rows of one of the dataset's two tables."""
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our own word
    finally:
        connection.close()


def split_type(full_name: str) -> tuple[str, str]:
    """ "Thị Trấn Prao" as "thị trấn" and "Prao". The dataset's own type column errs."""
    full_name = " ".join(normalize("NFC", full_name).split())
    for kind in TYPES:
        if full_name.lower().startswith(f"{kind} "):
            return kind, full_name[len(kind) + 1 :]
    raise ValueError(f"no type of unit in {full_name!r}")


def old_units(table: Iterable[sqlite3.Row]) -> list[Unit]:
    """Provinces, districts and communes as they stood until 1 July 2025."""
    found: dict[str, Unit] = {}

    def add(level: str, code: str, full_name: str, parent: str | None) -> str:
        key = f"3:{code}"
        kind, name = split_type(full_name)
        unit = Unit(key, level, kind, name, code, THREE_TIERS_FROM, TWO_TIERS_FROM, parent)
        if found.setdefault(key, unit) != unit:
            raise ValueError(f"two units share the key {key}: {unit}, {found[key]}")
        return key

    for row in table:
        province = add("province", row["provinceCode"], row["province"], None)
        district = add("district", row["districtCode"], row["district"], province)
        if row["wardCode"]:
            add("commune", row["wardCode"], row["ward"], district)
    return list(found.values())


def new_units(table: Iterable[sqlite3.Row]) -> list[Unit]:
    """Provinces and communes as the law made them on 1 July 2025."""
    found: dict[str, Unit] = {}
    for row in table:
        parent = f"2:{row['provinceCode']}"
        for level, code, full_name, above in (
            ("province", row["provinceCode"], row["province"], None),
            ("commune", row["wardCode"], row["ward"], parent),
        ):
            kind, name = split_type(full_name)
            key = f"2:{code}"
            found[key] = Unit(key, level, kind, name, code, TWO_TIERS_FROM, None, above)
    return list(found.values())


# --- The conversion of 1 July 2025 --------------------------------------------------------


def commune_targets(
    old_table: Iterable[sqlite3.Row], new_table: Iterable[sqlite3.Row], converter: dict[str, Any]
) -> dict[str, list[str]]:
    """The new communes' keys for each old one (or island district without communes)."""
    old_keys = {
        f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey'] or ''}": (
            f"3:{r['wardCode'] or r['districtCode']}"
        )
        for r in old_table
    }
    new_keys = {(r["provinceKey"], r["wardKey"]): f"2:{r['wardCode']}" for r in new_table}
    targets: dict[str, list[str]] = defaultdict(list)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, sources in wards.items():
            for source in sources:
                targets[old_keys[source]].append(new_keys[province, ward])
    for province, sources in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for source, wards in sources.items():
            for ward in wards:
                targets[old_keys[source]].append(new_keys[province, ward["newWardKey"]])
    return targets


def without_namesakes(
    targets: dict[str, list[str]], province_of: dict[str, str]
) -> tuple[dict[str, list[str]], int]:
    """The targets without those that belong to a namesake in another old province.

    In 2025 no commune was made of pieces of two provinces, while the dataset looks names up
    within the *new* province and so mixes up, say, the two xã Tân Long of Hậu Giang and Sóc
    Trăng. A new commune keeps the sources of the province most of them are in.
    """
    sources: dict[str, Counter[str]] = defaultdict(Counter)
    for old, news in targets.items():
        for new in news:
            sources[new][province_of[old]] += 1
    home = {new: counts.most_common(1)[0][0] for new, counts in sources.items()}
    kept = {
        old: [new for new in news if home[new] == province_of[old]] for old, news in targets.items()
    }
    return kept, sum(map(len, targets.values())) - sum(map(len, kept.values()))


def old_provinces(units: Iterable[Unit]) -> dict[str, str]:
    """The key of the province each unit of three tiers is in."""
    by_key = {unit.key: unit for unit in units}

    def top(unit: Unit) -> str:
        return top(by_key[unit.parent]) if unit.parent else unit.key

    return {key: top(unit) for key, unit in by_key.items()}


def lineage(
    targets: dict[str, list[str]], new: Iterable[Unit], province_of: dict[str, str]
) -> list[Lineage]:
    """Communes into communes, and provinces, none of which was divided, into provinces."""
    found = [
        Lineage(old, target, "whole" if len(targets[old]) == 1 else "part")
        for old in targets
        for target in targets[old]
    ]
    parent = {unit.key: unit.parent for unit in new}
    merged = {(province_of[row.from_key], parent[row.to_key]) for row in found}
    return found + [Lineage(old, into, "whole") for old, into in merged if into]


# --- Patches ------------------------------------------------------------------------------


def corrected(units: list[Unit], targets: dict[str, list[str]], patches: dict[str, Any]) -> None:
    """Give units the code of the official list, in place."""
    for patch in patches["correction"]:
        wrong, right = f"2:{patch['code']}", f"2:{patch['set_code']}"
        at = next(i for i, unit in enumerate(units) if unit.key == wrong)
        units[at] = replace(units[at], key=right, code=patch["set_code"])
        for news in targets.values():
            news[:] = [right if new == wrong else new for new in news]


def changed(
    units: list[Unit], changes: list[dict[str, Any]], day: date
) -> tuple[list[Unit], list[Lineage]]:
    """The units after one day's changes, and who followed whom: a parent takes all along."""
    current = {(u.level, u.code): u for u in units if u.valid_to is None}
    types: dict[str, str] = {}
    for change in changes:
        unit = current[change["level"], change["code"]]
        if unit.name != change["name"] or unit.type == change["type"]:
            raise ValueError(f"the patch {change} does not fit {unit}")
        types[unit.key] = change["type"]
    successors: dict[str, str] = {}
    result: list[Unit] = []
    for unit in units:  # parents come before their children
        if unit.valid_to or not (unit.key in types or unit.parent in successors):
            result.append(unit)
            continue
        key = successors[unit.key] = f"{unit.key.split('@')[0]}@{day}"
        kind = types.get(unit.key, unit.type)
        parent = successors.get(unit.parent or "", unit.parent)
        new = replace(unit, key=key, type=kind, parent=parent, valid_from=day)
        result += [replace(unit, valid_to=day), new]
    return result, [Lineage(old, new, "whole") for old, new in successors.items()]


# --- The file -----------------------------------------------------------------------------


def build(package: Path, patches: dict[str, Any]) -> tuple[list[Unit], list[Lineage]]:
    """All units, parents first, and their lineage."""
    database = checked(package, "data/dataset.db")
    converter = json.loads(checked(package, "data/converter_2025.json").read_text("utf-8"))
    old_table, new_table = rows(database, "admin_units_legacy"), rows(database, "admin_units")
    old, new = old_units(old_table), new_units(new_table)
    province_of = old_provinces(old)
    targets = commune_targets(old_table, new_table, converter)
    targets, dropped = without_namesakes(targets, province_of)
    print(f"{dropped} rows of lineage dropped that belong to a namesake in another old province")
    corrected(new, targets, patches)
    found = lineage(targets, new, province_of)
    units = in_order(old + new)
    for day in sorted({change["date"] for change in patches["change"]}):
        today = [change for change in patches["change"] if change["date"] == day]
        units, followed = changed(units, today, day)
        found += followed
    return in_order(units), sorted(found, key=astuple)


def in_order(units: Iterable[Unit]) -> list[Unit]:
    """Provinces, districts, communes; within each the older tiers first, then by code."""
    levels = ("province", "district", "commune")
    return sorted(units, key=lambda unit: (levels.index(unit.level), unit.valid_from, unit.key))


def check(units: list[Unit], found: list[Lineage]) -> None:
    """Stop at what the importer could not place or the database would refuse."""
    keys = {unit.key for unit in units}
    names = Counter((unit.parent, unit.type, unit.name, unit.valid_from) for unit in units)
    if len(keys) != len(units) or max(names.values()) > 1:
        raise ValueError(f"a key or a name occurs twice: {names.most_common(3)}")
    lost = {unit.parent for unit in units if unit.parent} - keys
    lost |= {key for row in found for key in (row.from_key, row.to_key)} - keys
    if lost:
        raise ValueError(f"units that are not in the file: {sorted(lost)[:9]}")


def write(units: list[Unit], found: list[Lineage], patches: dict[str, Any], target: Path) -> None:
    """The file, compact, without a time stamp."""
    content = {
        "header": HEADER | {"patches": sorted({p["source"] for p in patches["change"]})},
        "unit_columns": [field.name for field in fields(Unit)],
        "units": [astuple(unit) for unit in units],
        "lineage_columns": [field.name for field in fields(Lineage)],
        "lineage": [astuple(row) for row in found],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str)
    target.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def main() -> None:
    """Build the file and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("package", type=Path, help="the folder of the installed package")
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    patches = tomllib.loads(PATCHES.read_text("utf-8"))
    units, found = build(options.package, patches)
    check(units, found)
    write(units, found, patches, options.target)
    in_force = Counter(f"{unit.level}: {unit.type}" for unit in units if not unit.valid_to)
    print(f"{len(units)} units, {len(found)} rows of lineage; in force: {dict(in_force)}")
    print(f"{options.target}: {options.target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
