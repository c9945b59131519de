"""Compare a programme's file with what the database has, and bring it in.

What plans stand on is not taken away or given another meaning: an indicator with targets, a period
with documents. Such a file is refused whole, with each reason.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import audit
from lth.administration.context import fingerprint
from lth.core.errors import BlockedError, StaleError
from lth.core.i18n import N_, Bilingual, Message
from lth.models import (
    Area,
    Deadline,
    Document,
    Indicator,
    Participation,
    Period,
    Phase,
    Programme,
    ReportValue,
    Target,
)
from lth.models.programme import PeriodUse
from lth.programmes import catalogue
from lth.programmes.catalogue_file import ProgrammeFile


class ChangeKind(StrEnum):
    """What bringing a file in would do to one thing."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    SAME = "same"


class CatalogueThing(StrEnum):
    """The things that a programme owns."""

    PROGRAMME = "programme"
    PERIOD = "period"
    AREA = "area"
    INDICATOR = "indicator"


@dataclass(frozen=True)
class CatalogueChange:
    """One thing of a programme; `fields` are those that differ. `refused`: why it must not be."""

    thing: CatalogueThing
    code: str
    label: Bilingual
    kind: ChangeKind
    fields: tuple[str, ...] = ()
    refused: Message | None = None


@dataclass(frozen=True)
class ProgrammeChanges:
    """All that bringing a file in would do."""

    code: str
    rows: tuple[CatalogueChange, ...]

    @property
    def refused(self) -> list[CatalogueChange]:
        """List what must not be done, which keeps the whole file out."""
        return [row for row in self.rows if row.refused is not None]

    def of(self, *kinds: ChangeKind) -> list[CatalogueChange]:
        """List the changes of some kinds."""
        return [row for row in self.rows if row.kind in kinds]

    @property
    def version(self) -> str:
        """A digest that changes with what is there, or with what the file says."""
        return fingerprint([(row.thing, row.code, row.kind, row.fields) for row in self.rows])

    @property
    def is_none(self) -> bool:
        """Tell whether all is there already as the file has it."""
        return not self.of(ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.GONE)


_HOLDING = (Document, Deadline, Participation)
_MEANING = ("measure", "roll_up", "numerator_code", "denominator_code")
"""What figures of an indicator mean: it stays once a plan has any."""


def compare(session: Session, file: ProgrammeFile) -> ProgrammeChanges:
    """Say what bringing a file in would do, without doing it."""
    with system(session, Purpose.LOAD):
        programme = session.scalars(select(Programme).where(Programme.code == file.code)).first()
        rows = [
            _head(programme, file),
            *_periods(session, programme, file),
            *_areas(session, programme, file),
            *_indicators(session, programme, file),
        ]
    return ProgrammeChanges(file.code, tuple(rows))


def bring_in(
    session: Session,
    file: ProgrammeFile,
    person_id: int | None,
    *,
    now: datetime,
    seen: str | None = None,
) -> ProgrammeChanges:
    """Have the database hold just what a file says of its programme; the caller commits.

    Raises:
        BlockedError: plans stand on what would go or change its meaning.
        StaleError: the programme is no longer as it was when the changes were `seen`.
    """
    changes = compare(session, file)
    if seen is not None and seen != changes.version:
        raise StaleError(Message(N_("Chương trình đã thay đổi trong lúc xem. Hãy xem lại.")))
    if changes.refused:
        raise BlockedError(*(_reason(row) for row in changes.refused))
    if changes.is_none:
        return changes
    with system(session, Purpose.LOAD):
        _clear_phases(session, file.code, changes)
        catalogue.put(session, file)
        programme = catalogue.programme(session, file.code)
        _take_away(session, programme, changes.of(ChangeKind.GONE))
        counts = {
            f"programme_{kind.value}": (None, len(changes.of(kind)))
            for kind in (ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.GONE)
        }
        audit.record(session, None, "programmes.imported", person_id, file.code, counts, now=now)
    return changes


def _clear_phases(session: Session, code: str, changes: ProgrammeChanges) -> None:
    """Take the phases away of periods that are cut anew and that no document stands on."""
    changed = [
        row.code for row in changes.of(ChangeKind.CHANGED) if row.thing is CatalogueThing.PERIOD
    ]
    statement = (
        select(Period.id)
        .join(Programme, Programme.id == Period.programme_id)
        .where(Programme.code == code, Period.code.in_(changed), Period.use == PeriodUse.PLAN)
    )
    ids = set(session.scalars(statement))
    free = ids - stood_on(session, list(ids))
    session.execute(delete(Phase).where(or_(*_of_periods(free))))
    session.expire_all()


def _of_periods(ids: Collection[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Name the phases that divide some periods, and those that are these as a whole."""
    return Phase.period_id.in_(ids), Phase.whole_of_id.in_(ids)


def _reason(row: CatalogueChange) -> Message:
    return Message(N_("%(thing)s: %(why)s"), {"thing": row.label, "why": row.refused})


def _take_away(session: Session, programme: Programme, gone: Iterable[CatalogueChange]) -> None:
    codes: dict[CatalogueThing, list[str]] = {}
    for row in gone:
        codes.setdefault(row.thing, []).append(row.code)
    for thing, model in ((CatalogueThing.AREA, Area), (CatalogueThing.INDICATOR, Indicator)):
        those = model.code.in_(codes.get(thing, ()))
        session.execute(delete(model).where(model.programme_id == programme.id, those))
    those = Period.code.in_(codes.get(CatalogueThing.PERIOD, ()))
    of_plans = (Period.programme_id == programme.id) & (Period.use == PeriodUse.PLAN)
    ids = list(session.scalars(select(Period.id).where(of_plans, those)))
    session.execute(delete(Phase).where(or_(*_of_periods(ids))))
    session.execute(delete(Period).where(Period.id.in_(ids)))


# --- Each kind of thing -------------------------------------------------------------------


def _head(programme: Programme | None, file: ProgrammeFile) -> CatalogueChange:
    label = Bilingual(file.name_vi, file.name_en)
    if programme is None:
        return CatalogueChange(CatalogueThing.PROGRAMME, file.code, label, ChangeKind.NEW)
    wanted = catalogue.head_of(file)
    return _change(CatalogueThing.PROGRAMME, file.code, label, programme, wanted)


def _change(
    thing: CatalogueThing,
    code: str,
    label: Bilingual,
    row: Any,
    wanted: Mapping[str, Any],
) -> CatalogueChange:
    differ = tuple(name for name, value in wanted.items() if getattr(row, name) != value)
    kind = ChangeKind.CHANGED if differ else ChangeKind.SAME
    return CatalogueChange(thing, code, label, kind, differ)


def _areas(
    session: Session, programme: Programme | None, file: ProgrammeFile
) -> Iterable[CatalogueChange]:
    there = _there(session, Area, programme)
    for ordinal, row in enumerate(file.areas, 1):
        label, existing = Bilingual(row.name_vi, row.name_en), there.pop(row.code, None)
        if existing is None:
            yield CatalogueChange(CatalogueThing.AREA, row.code, label, ChangeKind.NEW)
            continue
        wanted = {"ordinal": ordinal, "name_vi": row.name_vi, "name_en": row.name_en}
        yield _change(CatalogueThing.AREA, row.code, label, existing, wanted)
    for code, existing in there.items():
        label = Bilingual(existing.name_vi, existing.name_en)
        yield CatalogueChange(CatalogueThing.AREA, code, label, ChangeKind.GONE)


def _indicators(
    session: Session, programme: Programme | None, file: ProgrammeFile
) -> Iterable[CatalogueChange]:
    there = _there(session, Indicator, programme)
    used = _used(session, programme)
    for values in catalogue.rows_of(file):
        code = values["code"]
        label, existing = Bilingual(values["label_vi"], values["label_en"]), there.pop(code, None)
        if existing is None:
            yield CatalogueChange(CatalogueThing.INDICATOR, code, label, ChangeKind.NEW)
            continue
        change = _change(CatalogueThing.INDICATOR, code, label, existing, values)
        budget = existing.extra.get("budget") != values["extra"].get("budget")
        if existing.id in used and (budget or set(change.fields) & set(_MEANING)):
            said = N_("đã có kế hoạch ghi số liệu nên không đổi được đơn vị đo, cách cộng dồn.")
            change = _refused(change, said)
        yield change
    for code, existing in there.items():
        label = Bilingual(existing.label_vi, existing.label_en)
        gone = CatalogueChange(CatalogueThing.INDICATOR, code, label, ChangeKind.GONE)
        if existing.id in used:
            gone = _refused(gone, N_("đã có kế hoạch ghi số liệu nên không bỏ được."))
        yield gone


def _refused(change: CatalogueChange, said: str) -> CatalogueChange:
    return CatalogueChange(
        change.thing, change.code, change.label, change.kind, change.fields, Message(said)
    )


def _there(session: Session, model: type, programme: Programme | None) -> dict[str, Any]:
    if programme is None:
        return {}
    rows = session.scalars(select(model).where(model.programme_id == programme.id))
    return {row.code: row for row in rows}


def _used(session: Session, programme: Programme | None) -> set[int]:
    """Find the indicators that some plan has a target of, or some report a figure."""
    if programme is None:
        return set()
    statement = select(Indicator.id).where(
        Indicator.programme_id == programme.id,
        or_(
            exists().where(Target.indicator_id == Indicator.id),
            exists().where(ReportValue.indicator_id == Indicator.id),
        ),
    )
    return set(session.scalars(statement))


def _periods(
    session: Session, programme: Programme | None, file: ProgrammeFile
) -> Iterable[CatalogueChange]:
    every = _there(session, Period, programme)
    there = {code: row for code, row in every.items() if row.use is PeriodUse.PLAN}
    ids = [row.id for row in there.values()]
    used, held = stood_on(session, ids), stood_on(session, ids, _HOLDING)
    for row in file.periods:
        label, existing = Bilingual(row.code, row.code), there.pop(row.code, None)
        if existing is None:
            new = CatalogueChange(CatalogueThing.PERIOD, row.code, label, ChangeKind.NEW)
            taken = row.code in every
            yield _refused(new, N_("mã này đang là của một kỳ báo cáo.")) if taken else new
            continue
        before = _spans(existing)
        after = [(row.starts_on, row.ends_on)] + [
            (one.code, one.starts_on, one.ends_on) for one in row.phases
        ]
        kind = ChangeKind.SAME if before == after else ChangeKind.CHANGED
        fields = () if before == after else ("phases",)
        change = CatalogueChange(CatalogueThing.PERIOD, row.code, label, kind, fields)
        if before != after and existing.id in used and not _only_longer(before, after):
            said = N_("đã có văn bản nên chỉ kéo dài được ngày cuối, không đổi được các giai đoạn.")
            change = _refused(change, said)
        yield change
    for code, existing in there.items():
        gone = CatalogueChange(CatalogueThing.PERIOD, code, Bilingual(code, code), ChangeKind.GONE)
        if existing.id in held:
            gone = _refused(gone, N_("đã có đơn vị tham gia hoặc văn bản nên không bỏ được."))
        yield gone


def _spans(period: Period) -> list[tuple[Any, ...]]:
    phases = [(one.code, one.starts_on, one.ends_on) for one in period.phases]
    return [(period.starts_on, period.ends_on), *phases]


def _only_longer(before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]) -> bool:
    """Tell whether a period only ends later, and its last phase with it, or more phases follow."""
    if before[0][0] != after[0][0] or after[0][1] < before[0][1] or len(after) < len(before):
        return False
    *same, last = before[1:]
    same_after, last_after = after[1 : len(before) - 1], after[len(before) - 1]
    return same == same_after and last[:2] == last_after[:2] and last[2] <= last_after[2]


def stood_on(
    session: Session, period_ids: list[int], models: tuple[type[Any], ...] = (Document,)
) -> set[int]:
    """Find the periods that documents, or rows of these models, stand on."""
    statement = select(Period.id).where(
        Period.id.in_(period_ids),
        or_(*(exists().where(model.period_id == Period.id) for model in models)),
    )
    return set(session.scalars(statement))
