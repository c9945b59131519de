"""The programme versions as files: `lth/data/programmes/`, read and checked.

`common.toml` holds what all versions share: areas, indicators, the norms of the club model. A
version's own file names its periods and overrides norms. It may have areas, indicators and sections
of its own: areas and indicators then stand in place of the shared ones, unless `common = true` puts
the shared indicators before its own. Nothing is guessed: an unknown word, a
missing translation or a code that leads nowhere is a `CatalogueError` that says where.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from lth.core.i18n import N_
from lth.models.content import AreaType, CountsFrom, TargetScope
from lth.models.parts import MoneyLevel, MoneySource
from lth.models.programme import Measure, RollUp

CODES = ("1533", "1336", "1648")
"""The programme versions that ship, the oldest first."""

TOPIC_LABEL = {
    "clubs": N_("Câu lạc bộ và độ phủ"),
    "quality": N_("Chất lượng câu lạc bộ"),
    "members": N_("Người cao tuổi và thành viên"),
    "shares": N_("Quy mô, cơ cấu"),
    "funds": N_("Quỹ và vay vốn"),
    "activity": N_("Hoạt động"),
    "capacity": N_("Năng lực và truyền thông"),
    "budget": N_("Kinh phí"),
}
"""The groups of the drafting page, in order."""

HEAD = ("code", "name_vi", "name_en", "decision", "starts_on", "ends_on")
"""What a file says of the programme itself."""

UNITS_OF_ONE = {Measure.COUNT: 1, Measure.MONEY: 1, Measure.PERCENT: 100, Measure.RATE: 100}
"""How many stored integers make 1 as it is read aloud."""


class CatalogueError(ValueError):
    """A programme file cannot be used; the text says which one, where and why."""


@dataclass(frozen=True, slots=True)
class NormSource:
    """The authority of a norm."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Norm:
    """A threshold as the file has it, in the measure's spoken unit."""

    source: str
    min: int | Decimal | None = None
    max: int | Decimal | None = None
    scope: TargetScope = TargetScope.UNIT
    denominator: str | None = None


@dataclass(frozen=True, slots=True)
class AreaRow:
    code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator; `denominators` are those a target may choose, where it may choose.

    One with `budget_sources` is never typed: it adds up the budget lines of these sources, and of
    `budget_levels` alone where it names any.
    """

    code: str
    topic: str
    label_vi: str
    label_en: str
    unit_vi: str
    unit_en: str
    measure: Measure
    roll_up: RollUp
    numerator: str | None = None
    denominator: str | None = None
    denominators: tuple[str, ...] = ()
    budget_sources: tuple[str, ...] = ()
    budget_levels: tuple[str, ...] = ()
    scope: TargetScope = TargetScope.UNIT
    counts_from: CountsFrom = CountsFrom.NEW
    required: bool = False
    help_vi: str = ""
    help_en: str = ""


@dataclass(frozen=True, slots=True)
class PhaseRow:
    code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class PeriodRow:
    code: str
    starts_on: date
    ends_on: date
    phases: tuple[PhaseRow, ...]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section that documents of a kind begin with; `code` is the end of its key: "s.purpose"."""

    code: str
    title: str
    hint: str = ""
    kind: str = "plan"
    required: bool = False
    tells_money: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammeFile:
    """One programme version, its own file laid over what all share."""

    code: str
    name_vi: str
    name_en: str
    decision: str
    starts_on: date
    ends_on: date
    periods: tuple[PeriodRow, ...]
    areas: tuple[AreaRow, ...]
    indicators: tuple[IndicatorRow, ...]
    norms: Mapping[str, Norm]
    sources: Mapping[str, NormSource]
    sections: tuple[SectionRow, ...] = ()
    area_types: tuple[AreaType, ...] = ()

    def threshold(self, indicator: IndicatorRow) -> tuple[int | None, int | None]:
        """Return an indicator's norm as exact integers in its measure."""
        norm = self.norms.get(indicator.code)
        if norm is None:
            return None, None
        return exact(norm.min, indicator.measure), exact(norm.max, indicator.measure)


@cache
def read(code: str) -> ProgrammeFile:
    """Read a programme version that ships. Raises CatalogueError."""
    return parse(_text("common"), _text(code), code)


def _text(name: str) -> str:
    file = resources.files("lth") / "data" / "programmes" / f"{name}.toml"
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CatalogueError(f"{name}.toml: no such programme file") from error


def parse(common: str, own: str, code: str) -> ProgrammeFile:
    """Read a programme version from the shared file's text and its own. Raises CatalogueError.

    `code` is the name of its own file, which must be the code within it.
    """
    shared, table = _load(common, "common.toml"), _load(own, f"{code}.toml")
    where = f"{code}.toml"
    programme = ProgrammeFile(
        **_head(table, where),
        periods=tuple(_period(row, where) for row in _list(table, "period", where)),
        areas=_rows(AreaRow, table if "area" in table else shared, "area", where),
        indicators=_indicators(shared, table, where),
        norms=_named(Norm, shared if takes_common(table) else {}, table, "norms", where),
        sources=_named(NormSource, shared, table, "sources", where),
        sections=_rows(SectionRow, table, "section", where) if "section" in table else (),
        area_types=_area_types(shared | table, where),
    )
    if programme.code != code:
        raise CatalogueError(f"{where}: the code within is {programme.code!r}")
    _check(programme, where)
    return programme


def exact(value: int | Decimal | None, measure: Measure) -> int | None:
    """Return a spoken figure as the stored integer; ValueError where it has too many places."""
    if value is None:
        return None
    scaled = value * UNITS_OF_ONE[measure]
    if scaled != int(scaled):
        raise ValueError(f"{value} has too many places for {measure.value}")
    return int(scaled)


# --- Tables into rows ---------------------------------------------------------------------

AREA_TYPES = "area_types"
"""The key of the kinds of areas that a programme's plans may set figures for."""
OWN_KEYS = {
    *HEAD, "common", "sources", "period", "norms", "area", "indicator", "section", AREA_TYPES
}  # fmt: skip
_SHARED_KEYS = {"sources", "norms", "area", "indicator", AREA_TYPES}


def takes_common(table: Mapping[str, Any]) -> bool:
    """Tell whether a file builds on the shared indicators: unless it has some and says nothing."""
    return bool(table.get("common", "indicator" not in table))


def _indicators(
    shared: Mapping[str, Any], own: Mapping[str, Any], where: str
) -> tuple[IndicatorRow, ...]:
    """Return the shared indicators, where the file takes them, but for those it has itself."""
    mine = _rows(IndicatorRow, own, "indicator", where) if "indicator" in own else ()
    if not takes_common(own):
        return mine
    codes = {row.code for row in mine}
    common = _rows(IndicatorRow, shared, "indicator", "common.toml")
    return (*(row for row in common if row.code not in codes), *mine)


def _area_types(table: Mapping[str, Any], where: str) -> tuple[AreaType, ...]:
    """Return the kinds of areas that a programme names, its own in place of the shared ones."""
    listed = table.get(AREA_TYPES, [])
    if not isinstance(listed, list):
        raise CatalogueError(f"{where}: {AREA_TYPES} must be a list")
    kinds = tuple(_value(AreaType, word, where, AREA_TYPES) for word in listed)
    return tuple(kind for kind in kinds if kind is not AreaType.ALL)


def _load(text: str, where: str) -> dict[str, Any]:
    if not unicodedata.is_normalized("NFC", text):
        raise CatalogueError(f"{where}: text is not in composed form (NFC)")
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{where}: {error}") from error
    allowed = _SHARED_KEYS if where == "common.toml" else OWN_KEYS
    _refuse_unknown(table, allowed, where)
    return table


def _head(table: Mapping[str, Any], where: str) -> dict[str, Any]:
    for name in HEAD:
        wanted = date if name.endswith("_on") else str
        if type(table.get(name)) is not wanted or not table[name]:
            raise CatalogueError(f"{where}: {name} must be a {wanted.__name__}")
    return {name: table[name] for name in HEAD}


def _period(table: Mapping[str, Any], where: str) -> PeriodRow:
    at = f"{where}: period {table.get('code')!r}"
    phases = _rows(PhaseRow, table, "phase", at)
    return _row(PeriodRow, {**_without(table, "phase"), "phases": phases}, at)


def _without(table: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != name}


def _list(table: Mapping[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    rows = table.get(name)
    if not isinstance(rows, list) or not rows:
        raise CatalogueError(f"{where}: at least one [[{name}]] is needed")
    return rows


def _rows(cls: type, table: Mapping[str, Any], name: str, where: str) -> tuple[Any, ...]:
    """Return the rows of an array of tables, each with a code of its own."""
    rows = [
        _row(cls, row, f"{where}: {name} {row.get('code')!r}") for row in _list(table, name, where)
    ]
    codes = [row.code for row in rows]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise CatalogueError(f"{where}: {name} {', '.join(twice)} stands there twice")
    return tuple(rows)


def _named(
    cls: type, shared: Mapping[str, Any], own: Mapping[str, Any], name: str, where: str
) -> dict[str, Any]:
    """Return rows by their key, a version's own laid over the shared ones."""
    merged = {**shared.get(name, {}), **own.get(name, {})}
    return {key: _row(cls, row, f"{where}: {name}.{key}") for key, row in merged.items()}


def _row(cls: type, table: Mapping[str, Any], where: str) -> Any:
    """Make a dataclass from a table: no unknown key, none missing, each of its type."""
    allowed = {field.name: field for field in fields(cls)}
    _refuse_unknown(table, allowed, where)
    for name, field in allowed.items():
        if name not in table and field.default is MISSING:
            raise CatalogueError(f"{where}: {name} is missing")
    return cls(
        **{name: _value(allowed[name].type, value, where, name) for name, value in table.items()}
    )


def _refuse_unknown(table: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    unknown = sorted(set(table) - set(allowed))
    if unknown:
        raise CatalogueError(f"{where}: unknown {', '.join(unknown)}")


def _value(wanted: Any, value: Any, where: str, name: str) -> Any:
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        try:
            return wanted(value)
        except ValueError:
            words = ", ".join(wanted)
            raise CatalogueError(f"{where}: {name} is {value!r}, not one of {words}") from None
    if isinstance(value, (list, tuple)):
        return tuple(value)
    if not isinstance(value, wanted):
        raise CatalogueError(f"{where}: {name} cannot be {value!r}")
    return value


# --- What must hold -----------------------------------------------------------------------


def _check(programme: ProgrammeFile, where: str) -> None:
    codes = {indicator.code: indicator for indicator in programme.indicators}
    for indicator in programme.indicators:
        _check_indicator(indicator, codes.keys(), f"common.toml: indicator {indicator.code!r}")
    for code, norm in programme.norms.items():
        _check_norm(norm, codes.get(code), programme.sources, f"{where}: norms.{code}")
    for period in programme.periods:
        _check_period(period, programme, f"{where}: period {period.code!r}")


def _check_indicator(row: IndicatorRow, codes: Iterable[str], where: str) -> None:
    if row.topic not in TOPIC_LABEL:
        raise CatalogueError(f"{where}: no topic {row.topic!r}")
    for name in ("label_vi", "label_en", "unit_vi", "unit_en"):
        if not getattr(row, name).strip():
            raise CatalogueError(f"{where}: {name} is empty")
    if bool(row.help_vi) != bool(row.help_en):
        raise CatalogueError(f"{where}: help in one language only")
    counts = [row.numerator, row.denominator, *row.denominators]
    for code in filter(None, counts):
        if code not in codes:
            raise CatalogueError(f"{where}: counts {code!r}, which is no indicator")
    if row.roll_up is RollUp.RATIO and not (row.numerator and any(counts[1:])):
        raise CatalogueError(f"{where}: a ratio needs a numerator and a denominator")
    if row.denominator and row.denominators and row.denominator not in row.denominators:
        raise CatalogueError(f"{where}: its denominator is none of its denominators")
    _check_budget(row, where)


def _check_budget(row: IndicatorRow, where: str) -> None:
    """Check that what is added up from budget lines is money that adds up, of known words."""
    unknown = {*row.budget_sources} - {*MoneySource} | {*row.budget_levels} - {*MoneyLevel}
    if unknown:
        raise CatalogueError(f"{where}: no source or tier of money {', '.join(sorted(unknown))}")
    if row.budget_levels and not row.budget_sources:
        raise CatalogueError(f"{where}: tiers of the budget without a source")
    summed = row.measure is Measure.MONEY and row.roll_up is RollUp.SUM
    if row.budget_sources and not (summed and row.scope is TargetScope.UNIT):
        raise CatalogueError(f"{where}: only money that adds up derives from budget lines")


def _check_norm(
    norm: Norm, row: IndicatorRow | None, sources: Mapping[str, NormSource], where: str
) -> None:
    if row is None:
        raise CatalogueError(f"{where}: no such indicator")
    if norm.source not in sources:
        raise CatalogueError(f"{where}: no source {norm.source!r}")
    if norm.denominator and norm.denominator not in (row.denominator, *row.denominators):
        raise CatalogueError(f"{where}: {norm.denominator!r} is no denominator of it")
    try:
        low, high = exact(norm.min, row.measure), exact(norm.max, row.measure)
    except ValueError as error:
        raise CatalogueError(f"{where}: {error}") from error
    if low is None and high is None:
        raise CatalogueError(f"{where}: neither min nor max")
    if low is not None and high is not None and low > high:
        raise CatalogueError(f"{where}: min is above max")


def _check_period(period: PeriodRow, programme: ProgrammeFile, where: str) -> None:
    """Check that phases follow one another, share no day, and cover the period."""
    ends = [period.starts_on, *(phase.ends_on for phase in period.phases)]
    for before, phase in zip(ends, period.phases, strict=False):
        gap = (phase.starts_on - before).days
        if gap != (0 if phase is period.phases[0] else 1) or phase.ends_on < phase.starts_on:
            raise CatalogueError(f"{where}: phase {phase.code!r} leaves a gap or overlaps")
    if ends[-1] != period.ends_on or period.ends_on > programme.ends_on:
        raise CatalogueError(f"{where}: ends another day than its phases, or after the programme")


def shared_text() -> str:
    """Return the text of the file that all versions share."""
    return _text("common")
