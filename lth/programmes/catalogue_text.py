"""Write a programme of the database as the file that would bring it in."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.models import Area, Indicator, Programme
from lth.models.programme import Measure
from lth.programmes import catalogue
from lth.programmes.catalogue_file import AREA_TYPES, HEAD, UNITS_OF_ONE

_INDICATOR = (
    "code",
    "topic",
    "label_vi",
    "label_en",
    "unit_vi",
    "unit_en",
    "measure",
    "roll_up",
)


def write(session: Session, code: str) -> str:
    """Return a programme as a file that stands by itself, without the shared one.

    Raises LookupError where it is not installed.
    """
    with system(session, Purpose.EXPORT):
        programme = catalogue.programme(session, code)
        areas = session.scalars(
            select(Area).where(Area.programme_id == programme.id).order_by(Area.ordinal)
        ).all()
        indicators = catalogue.indicators(session, programme.id)
        parts = [
            _pairs(
                {"common": False}
                | {name: getattr(programme, name) for name in HEAD}
                | {AREA_TYPES: programme.area_types}
            ),
            *_sources(indicators),
            *_periods(session, programme),
            *_sections(programme),
            *(_table("[[area]]", _columns(one, "code", "name_vi", "name_en")) for one in areas),
            *_norms(indicators),
            *(_table("[[indicator]]", _indicator(one)) for one in indicators),
        ]
    return "\n".join(parts)


def _table(head: str, values: Mapping[str, Any]) -> str:
    return f"{head}\n{_pairs(values)}"


def _pairs(values: Mapping[str, Any]) -> str:
    return "".join(f"{name} = {_word(value)}\n" for name, value in values.items())


def _word(value: Any) -> str:
    """Write a value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _columns(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _sources(indicators: Iterable[Indicator]) -> list[str]:
    found: dict[str, dict[str, Any]] = {}
    for one in indicators:
        norm = one.extra.get("norm")
        if norm:
            found[norm["source"]] = {"vi": norm["source_vi"], "en": norm["source_en"]}
    return [_table(f"[sources.{_word(key)}]", values) for key, values in found.items()]


def _periods(session: Session, programme: Programme) -> Iterable[str]:
    for period in catalogue.periods(session, programme.id):
        yield _table("[[period]]", _columns(period, "code", "starts_on", "ends_on"))
        for phase in period.phases:
            yield _table("[[period.phase]]", _columns(phase, "code", "starts_on", "ends_on"))


def _sections(programme: Programme) -> Iterable[str]:
    for kind, rows in (programme.sections or {}).items():
        for row in rows:
            rest = {name: value for name, value in row.items() if name != "key"}
            code = row["key"].removeprefix("s.")
            yield _table("[[section]]", {"kind": kind, "code": code} | rest)


def _norms(indicators: Iterable[Indicator]) -> Iterable[str]:
    for one in indicators:
        norm = one.extra.get("norm")
        if not norm:
            continue
        values = {
            "min": _spoken(one.threshold_min, one.measure),
            "max": _spoken(one.threshold_max, one.measure),
            "scope": norm["scope"],
            "source": norm["source"],
        }
        said = {name: value for name, value in values.items() if value is not None}
        yield _table(f"[norms.{one.code}]", said)


def _spoken(value: int | None, measure: Measure) -> int | Decimal | None:
    if value is None:
        return None
    scaled = Decimal(value) / UNITS_OF_ONE[measure]
    return int(scaled) if scaled == int(scaled) else scaled


def _indicator(row: Indicator) -> dict[str, Any]:
    extra, budget = row.extra, row.extra.get("budget", {})
    optional = {
        "numerator": row.numerator_code,
        "denominator": row.denominator_code,
        "denominators": extra.get("denominators"),
        "budget_sources": budget.get("sources"),
        "budget_levels": budget.get("levels"),
        "required": row.required,
        "help_vi": row.help_vi,
        "help_en": row.help_en,
    }
    return {
        **_columns(row, *_INDICATOR),
        "scope": extra["scope"],
        "counts_from": extra["counts_from"],
        **{name: value for name, value in optional.items() if value},
    }
