"""The programme versions in the database: brought in from their files, and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lth.access.scope import Purpose, system
from lth.models import Area, Base, Indicator, Period, Phase, Programme
from lth.programmes.catalogue_file import (
    CODES,
    AreaRow,
    IndicatorRow,
    PeriodRow,
    ProgrammeFile,
    read,
)


@dataclass
class Installed:
    """What bringing the files in did; a second time it adds and updates nothing."""

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


def programme(session: Session, code: str) -> Programme:
    """A programme version by its code. Raises LookupError where it is not installed."""
    found = session.scalars(select(Programme).where(Programme.code == code)).first()
    if found is None:
        raise LookupError(f"programme {code} is not installed")
    return found


def indicators(session: Session, programme_id: int) -> Sequence[Indicator]:
    """A programme's indicators in the order of the drafting page."""
    statement = (
        select(Indicator)
        .where(Indicator.programme_id == programme_id)
        .order_by(Indicator.ordinal, Indicator.id)
    )
    return session.scalars(statement).all()


def periods(session: Session, programme_id: int) -> Sequence[Period]:
    """A programme's periods with their phases, the earliest first."""
    statement = (
        select(Period)
        .where(Period.programme_id == programme_id)
        .options(selectinload(Period.phases))
        .order_by(Period.starts_on, Period.ends_on)
    )
    return session.scalars(statement).all()


def offline(file: ProgrammeFile) -> dict[str, Indicator]:
    """A version's indicators by code, of no session: for who checks a plan without a database."""
    rows = [_indicator(file, *one) for one in enumerate(file.indicators, 1)]
    return {row["code"]: Indicator(**row) for row in rows}


def _install_one(session: Session, file: ProgrammeFile, done: Installed) -> None:
    found = session.scalars(select(Programme).where(Programme.code == file.code)).first()
    row = _put(
        session,
        done,
        found,
        Programme,
        code=file.code,
        name_vi=file.name_vi,
        name_en=file.name_en,
        decision=file.decision,
        starts_on=file.starts_on,
        ends_on=file.ends_on,
    )
    session.flush()
    _install_rows(session, done, Area, row.id, [_area(*one) for one in enumerate(file.areas, 1)])
    values = [_indicator(file, *one) for one in enumerate(file.indicators, 1)]
    _install_rows(session, done, Indicator, row.id, values)
    for period in file.periods:
        _install_period(session, done, row.id, period)


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
        found = there.get(values["code"])
        _put(session, done, found, model, programme_id=programme_id, **values)


def _install_period(session: Session, done: Installed, programme_id: int, row: PeriodRow) -> None:
    statement = select(Period).where(Period.programme_id == programme_id, Period.code == row.code)
    period = _put(
        session,
        done,
        session.scalars(statement).first(),
        Period,
        programme_id=programme_id,
        code=row.code,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
    session.flush()
    phases = session.scalars(select(Phase).where(Phase.period_id == period.id))
    there = {phase.code: phase for phase in phases}
    for ordinal, phase in enumerate(row.phases, 1):
        values = {"code": phase.code, "starts_on": phase.starts_on, "ends_on": phase.ends_on}
        found = there.get(phase.code)
        _put(session, done, found, Phase, period_id=period.id, ordinal=ordinal, **values)
    session.flush()


def _area(ordinal: int, row: AreaRow) -> dict[str, Any]:
    return {"ordinal": ordinal, "code": row.code, "name_vi": row.name_vi, "name_en": row.name_en}


def _indicator(file: ProgrammeFile, ordinal: int, row: IndicatorRow) -> dict[str, Any]:
    low, high = file.threshold(row)
    norm = file.norms.get(row.code)
    return {
        "ordinal": ordinal,
        "code": row.code,
        "topic": row.topic,
        "label_vi": row.label_vi,
        "label_en": row.label_en,
        "unit_vi": row.unit_vi,
        "unit_en": row.unit_en,
        "measure": row.measure,
        "roll_up": row.roll_up,
        "numerator_code": row.numerator,
        "denominator_code": (norm.denominator if norm else None) or row.denominator,
        "threshold_min": low,
        "threshold_max": high,
        "required": row.required,
        "help_vi": row.help_vi,
        "help_en": row.help_en,
        "extra": _extra(file, row),
    }


def _extra(file: ProgrammeFile, row: IndicatorRow) -> dict[str, Any]:
    """What a new target of it starts from, and who says that its norm holds."""
    extra: dict[str, Any] = {
        "scope": row.scope.value,
        "counts_from": row.counts_from.value,
        "denominators": list(row.denominators),
    }
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


def _put(session: Session, done: Installed, found: Any, model: type[Base], **values: Any) -> Any:
    """The row with these values: the one found, brought up to date, or a new one."""
    if found is None:
        row = model(**values)
        session.add(row)
        done.added += 1
        return row
    changed = {name: value for name, value in values.items() if getattr(found, name) != value}
    for name, value in changed.items():
        setattr(found, name, value)
    done.updated += bool(changed)
    return found
