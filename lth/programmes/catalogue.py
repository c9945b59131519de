"""The programme versions in the database: brought in from their files, and read."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from lth.access.scope import Purpose, system
from lth.models import Area, Base, Indicator, Period, Phase, Programme
from lth.models.programme import PeriodUse
from lth.programmes.catalogue_file import (
    AREA_TYPES,
    CODES,
    HEAD,
    AreaRow,
    IndicatorRow,
    PeriodRow,
    PhaseRow,
    ProgrammeFile,
    SectionRow,
    read,
)


@dataclass
class Installed:
    """Numbers of bringing the files in; a second time it adds and updates nothing."""

    added: int = 0
    updated: int = 0


def install(session: Session) -> Installed:
    """Bring every programme version that ships into the database, by code; the caller commits.

    What is there already is updated where the file says otherwise. What a file no longer names
    stays, since plans may stand on it. Raises CatalogueError before anything is written.
    """
    files = [read(code) for code in CODES]
    done = Installed()
    with system(session, Purpose.LOAD):
        for file in files:
            _install_one(session, file, done)
    return done


def put(session: Session, file: ProgrammeFile) -> Installed:
    """Bring one programme into the database, as `install` does each that ships.

    Runs in a system scope.
    """
    done = Installed()
    _install_one(session, file, done)
    return done


def programme(session: Session, code: str) -> Programme:
    """Find a programme version by its code. Raises LookupError where it is not installed."""
    existing = session.scalars(select(Programme).where(Programme.code == code)).first()
    if existing is None:
        raise LookupError(f"programme {code} is not installed")
    return existing


def indicators(session: Session, programme_id: int) -> Sequence[Indicator]:
    """List a programme's indicators in the order of the drafting page."""
    statement = (
        select(Indicator)
        .where(Indicator.programme_id == programme_id)
        .order_by(Indicator.ordinal, Indicator.id)
    )
    return session.scalars(statement).all()


def periods(session: Session, programme_id: int) -> Sequence[Period]:
    """List a programme's periods of plans with their phases, the earliest first."""
    statement = (
        select(Period)
        .where(Period.programme_id == programme_id, Period.use == PeriodUse.PLAN)
        .options(selectinload(Period.phases))
        .order_by(Period.starts_on, Period.ends_on)
    )
    return session.scalars(statement).all()


def phases_of(period_id: int) -> ColumnElement[bool]:
    """Name the phases that a plan of a period may have a figure for: its parts, and the whole."""
    return or_(Phase.period_id == period_id, Phase.whole_of_id == period_id)


def offline(file: ProgrammeFile) -> dict[str, Indicator]:
    """Return a version's indicators by code, of no session, to check a plan without a database."""
    return {row["code"]: Indicator(**row) for row in rows_of(file)}


def rows_of(file: ProgrammeFile) -> list[dict[str, Any]]:
    """Return a file's indicators as their columns, in order."""
    return [_indicator(file, *numbered) for numbered in enumerate(file.indicators, 1)]


def _install_one(session: Session, file: ProgrammeFile, done: Installed) -> None:
    existing = session.scalars(select(Programme).where(Programme.code == file.code)).first()
    head = head_of(file)
    row = _put(session, done, existing, Programme, **head)
    session.flush()
    areas = [{"ordinal": ordinal, **_same(area)} for ordinal, area in enumerate(file.areas, 1)]
    _install_rows(session, done, Area, row.id, areas)
    _install_rows(session, done, Indicator, row.id, rows_of(file))
    for period in file.periods:
        _install_period(session, done, row.id, period)


def head_of(file: ProgrammeFile) -> dict[str, Any]:
    """Return what a file says of the programme itself, as its columns."""
    kinds = [kind.value for kind in file.area_types]
    head = {name: getattr(file, name) for name in HEAD}
    return head | {"sections": sections(file), AREA_TYPES: kinds}


def sections(file: ProgrammeFile) -> dict[str, list[dict[str, Any]]]:
    """Return a file's own sections as the programme keeps them, by kind."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for row in file.sections:
        values = {name: value for name, value in _same(row).items() if name not in ("code", "kind")}
        kept.setdefault(row.kind, []).append({"key": f"s.{row.code}", **values})
    return kept


def _install_rows(
    session: Session,
    done: Installed,
    model: type[Area] | type[Indicator],
    programme_id: int,
    rows: list[dict[str, Any]],
) -> None:
    statement = select(model).where(model.programme_id == programme_id)
    there = {row.code: row for row in session.scalars(statement)}
    for values in rows:
        existing = there.get(values["code"])
        _put(session, done, existing, model, programme_id=programme_id, **values)


def _install_period(session: Session, done: Installed, programme_id: int, row: PeriodRow) -> None:
    statement = select(Period).where(Period.programme_id == programme_id, Period.code == row.code)
    existing = session.scalars(statement).first()
    values = {name: value for name, value in _same(row).items() if name != "phases"}
    period = _put(session, done, existing, Period, programme_id=programme_id, **values)
    session.flush()
    phases = session.scalars(select(Phase).where(Phase.period_id == period.id))
    there = {phase.code: phase for phase in phases}
    for ordinal, phase in enumerate(row.phases, 1):
        values = {"period_id": period.id, "ordinal": ordinal, **_same(phase)}
        _put(session, done, there.get(phase.code), Phase, **values)
    session.flush()
    put_whole(session, period)


def put_whole(session: Session, period: Period) -> None:
    """Keep a period of plans that has several phases as a whole beside them, and no other."""
    statement = select(Phase).where(Phase.whole_of_id == period.id)
    there = session.scalars(statement).first()
    parts = select(func.count()).select_from(Phase).where(Phase.period_id == period.id)
    if (session.scalar(parts) or 0) < 2:
        if there is not None:
            session.delete(there)
    else:
        whole = there or Phase(whole_of_id=period.id, ordinal=0)
        whole.code, whole.starts_on, whole.ends_on = period.code, period.starts_on, period.ends_on
        session.add(whole)
    session.flush()


def _same(row: AreaRow | PeriodRow | PhaseRow | IndicatorRow | SectionRow) -> dict[str, Any]:
    """Return a row's fields, most of which are columns of the same name."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _indicator(file: ProgrammeFile, ordinal: int, row: IndicatorRow) -> dict[str, Any]:
    low, high = file.threshold(row)
    norm = file.norms.get(row.code)
    columns = Indicator.__table__.columns
    return {
        **{name: value for name, value in _same(row).items() if name in columns},
        "ordinal": ordinal,
        "numerator_code": row.numerator,
        "denominator_code": (norm.denominator if norm else None) or row.denominator,
        "threshold_min": low,
        "threshold_max": high,
        "extra": _extra(file, row),
    }


def _extra(file: ProgrammeFile, row: IndicatorRow) -> dict[str, Any]:
    """Return what a new target of it starts from, and who says that its norm holds."""
    extra: dict[str, Any] = {
        "scope": row.scope.value,
        "counts_from": row.counts_from.value,
        "denominators": list(row.denominators),
    }
    if row.budget_sources:
        extra["budget"] = {"sources": [*row.budget_sources], "levels": [*row.budget_levels]}
    norm = file.norms.get(row.code)
    if norm is not None:
        source = file.sources[norm.source]
        extra["norm"] = {
            "scope": norm.scope.value,
            "source": norm.source,
            "source_vi": source.vi,
            "source_en": source.en,
        }
    return extra


def _put(session: Session, done: Installed, existing: Any, model: type[Base], **values: Any) -> Any:
    """Return the row with these values: the one existing, brought up to date, or a new one."""
    if existing is None:
        row = model(**values)
        session.add(row)
        done.added += 1
        return row
    changed = {name: value for name, value in values.items() if getattr(existing, name) != value}
    for name, value in changed.items():
        setattr(existing, name, value)
    done.updated += bool(changed)
    return existing
