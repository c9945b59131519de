"""Regimes of reports: what the units below a unit report to it, laid down, changed, ended."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, Sight, below, system
from lth.administration import audit
from lth.core import clock
from lth.core.errors import NotFoundError, NotYoursError, RefusedError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Indicator, Programme, ReportRegime, Unit
from lth.models.parts import Frequency
from lth.models.report import WindowBasis
from lth.models.unit import Level
from lth.reporting.asked import COUNTED_BY_ITSELF, REPORTABLE

RHYTHMS = (
    Frequency.MONTHLY,
    Frequency.QUARTERLY,
    Frequency.HALF_YEAR,
    Frequency.NINE_MONTHS,
    Frequency.YEARLY,
    Frequency.PHASE,
)
"""How often a regime can ask. By phase: sơ kết, tổng kết, whose years are said at each opening."""

BASIS_LABEL = {
    WindowBasis.DECREE: N_("Từ ngày 15 đến ngày 14 (Nghị định số 09/2019/NĐ-CP, Điều 12)"),
    WindowBasis.CALENDAR: N_("Theo tháng, quý, năm dương lịch"),
}

MOST_DAYS = 60
"""How many working days after the cut-off a deadline can be at most."""

LONGEST_WAIT = 366
"""How many days before the cut-off a window can open by itself at most."""


@dataclass(frozen=True, kw_only=True)
class RegimeTerms:
    """What a regime says; see `ReportRegime`."""

    programme_id: int
    name: str
    frequency: Frequency
    basis: WindowBasis = WindowBasis.DECREE
    content: str = ""
    recipients: str = ""
    source: str = ""
    commune_days: int = 2
    district_days: int = 5
    province_days: int = 8
    indicators: tuple[str, ...] = ()
    opens_before: int | None = None
    document_id: int | None = None
    line_key: str = ""

    @property
    def days(self) -> dict[Level, int]:
        """How many working days after the cut-off each level has."""
        return {
            Level.COMMUNE: self.commune_days,
            Level.DISTRICT: self.district_days,
            Level.PROVINCE: self.province_days,
        }


def terms_of(regime: ReportRegime) -> RegimeTerms:
    """Return what a regime says now."""
    values = {name: getattr(regime, name) for name in RegimeTerms.__dataclass_fields__}
    return RegimeTerms(**values | {"indicators": tuple(regime.indicators)})


# --- Reading ------------------------------------------------------------------------------


def binding(session: Session, scope: Scope) -> Sequence[ReportRegime]:
    """List the regimes of a unit and of those above it, its own first, the newest first."""
    if scope.sight is Sight.NONE:
        return []
    statement = (
        select(ReportRegime)
        .where(ReportRegime.unit_id.in_([scope.unit_id, *scope.ancestor_ids]))
        .options(joinedload(ReportRegime.unit), joinedload(ReportRegime.programme))
        .order_by(ReportRegime.created_at.desc(), ReportRegime.id.desc())
    )
    found = session.scalars(statement).all()
    return sorted(found, key=lambda one: -len(one.unit.path))


def find(session: Session, scope: Scope, regime_id: int) -> ReportRegime:
    """Return a regime of a unit or of one above it. Raises NotFoundError for another."""
    statement = (
        select(ReportRegime)
        .where(
            ReportRegime.id == regime_id,
            ReportRegime.unit_id.in_([scope.unit_id, *scope.ancestor_ids]),
        )
        .options(joinedload(ReportRegime.unit), joinedload(ReportRegime.programme))
    )
    regime = None if scope.sight is Sight.NONE else session.scalar(statement)
    if regime is None:
        raise NotFoundError
    return regime


def levels_below(session: Session, unit: Unit) -> frozenset[Level]:
    """Return the levels that there are below a unit: now, or on its last day where it has ended."""
    still = Unit.valid_to.is_(None)
    if unit.valid_to is not None:
        still = or_(still, Unit.valid_to >= unit.valid_to)
    statement = select(Unit.level).where(below(Unit.path, unit.path), still).distinct()
    return frozenset(session.scalars(statement))


def reportable(session: Session, programme_id: int) -> Sequence[Indicator]:
    """List the indicators that a report can be asked for: percentages follow from counts."""
    statement = (
        select(Indicator)
        .where(
            Indicator.programme_id == programme_id,
            Indicator.roll_up.in_(REPORTABLE),
            Indicator.code.not_in(COUNTED_BY_ITSELF),
        )
        .order_by(Indicator.ordinal)
    )
    return session.scalars(statement).all()


# --- Laying down --------------------------------------------------------------------------


def add(session: Session, actor: Actor, terms: RegimeTerms, *, now: datetime) -> ReportRegime:
    """Lay down a regime for the units below the actor's. The caller commits.

    Raises:
        NotYoursError: for whoever does not keep regimes.
        RefusedError: naming the form's field.
    """
    unit = _own(session, actor)
    _check(session, unit, terms, None)
    regime = ReportRegime(unit_id=unit.id, created_at=now, **_columns(terms))
    session.add(regime)
    changes = audit.differing({}, _told(session, terms))
    _note(session, actor, "regimes.added", regime, now, changes)
    return regime


def change(
    session: Session,
    actor: Actor,
    regime: ReportRegime,
    terms: RegimeTerms,
    *,
    seen: int,
    now: datetime,
) -> bool:
    """Change what a regime says; returns whether anything did. Windows that are open stay as they
    are. The caller commits.

    Raises:
        NotYoursError: for a regime of another unit.
        StaleError: it is no longer that of the version seen, or has ended.
        RefusedError: naming the form's field.
    """
    unit = _own(session, actor)
    _hold(session, actor, regime, seen)
    _check(session, unit, terms, regime.id)
    before, after = _told(session, terms_of(regime)), _told(session, terms)
    changes = audit.differing(before, after)
    if not changes:
        return False
    for name, value in _columns(terms).items():
        setattr(regime, name, value)
    regime.version += 1
    _note(session, actor, "regimes.changed", regime, now, changes)
    return True


def end(session: Session, actor: Actor, regime: ReportRegime, *, seen: int, now: datetime) -> None:
    """End a regime: no window of it opens any more; those that are open go on. The caller commits.

    Raises:
        NotYoursError: for a regime of another unit.
        StaleError: it is no longer that of the version seen, or has ended.
    """
    _own(session, actor)
    _hold(session, actor, regime, seen)
    regime.ended_on = clock.local(now).date()
    regime.version += 1
    _note(session, actor, "regimes.ended", regime, now, None)


def _own(session: Session, actor: Actor) -> Unit:
    if actor.unit_id is None or actor.level is Level.COMMUNE or not Scope.of(actor).writes:
        raise NotYoursError(Message(N_("Vai trò này không đặt chế độ báo cáo.")))
    return session.get_one(Unit, actor.unit_id)


def _hold(session: Session, actor: Actor, regime: ReportRegime, seen: int) -> None:
    """Lock a regime of the actor's unit, if it is still as it was seen."""
    if regime.unit_id != actor.unit_id:
        raise NotYoursError(Message(N_("Chỉ đơn vị đặt chế độ báo cáo mới sửa được.")))
    columns = [column.key for column in inspect(ReportRegime).column_attrs]
    session.refresh(regime, columns, with_for_update=True)  # the row alone
    if regime.version != seen:
        text = N_("Chế độ báo cáo đã được sửa trong lúc trang này đang mở. Hãy xem lại rồi lưu.")
        raise StaleError(Message(text))
    if regime.ended_on is not None:
        raise StaleError(Message(N_("Chế độ báo cáo này đã kết thúc.")))


def _check(session: Session, unit: Unit, terms: RegimeTerms, own_id: int | None) -> None:
    if not terms.name:
        raise RefusedError("name", N_("Hãy nhập tên chế độ báo cáo."))
    if session.get(Programme, terms.programme_id) is None:
        raise RefusedError("programme_id", N_("Hãy chọn một chương trình trong danh sách."))
    if terms.frequency not in RHYTHMS:
        raise RefusedError("frequency", N_("Hãy chọn báo cáo theo kỳ nào."))
    for level, days in terms.days.items():
        if not 0 <= days <= MOST_DAYS:
            refused = N_("Số ngày làm việc từ 0 đến %(most)s.")
            raise RefusedError(f"{level}_days", refused, most=MOST_DAYS)
    if terms.opens_before is not None and not 0 <= terms.opens_before <= LONGEST_WAIT:
        refused = N_("Số ngày từ 0 đến %(most)s.")
        raise RefusedError("opens_before", refused, most=LONGEST_WAIT)
    _check_indicators(session, terms)
    same = select(ReportRegime.name).where(
        ReportRegime.unit_id == unit.id,
        ReportRegime.programme_id == terms.programme_id,
        ReportRegime.frequency == terms.frequency,
        ReportRegime.basis == terms.basis,
        ReportRegime.ended_on.is_(None),
        ReportRegime.id.is_distinct_from(own_id),
    )
    name = session.scalar(same.limit(1))
    if name is not None:
        refused = N_("Chế độ “%(name)s” đã có kỳ này của chương trình. Hãy sửa chế độ ấy.")
        raise RefusedError("frequency", refused, name=name)


def _check_indicators(session: Session, terms: RegimeTerms) -> None:
    known = {one.code for one in reportable(session, terms.programme_id)}
    unknown = [code for code in terms.indicators if code not in known]
    if unknown:
        refused = N_("Chương trình không có chỉ tiêu báo cáo %(codes)s.")
        raise RefusedError("indicators", refused, codes=", ".join(unknown))


def _columns(terms: RegimeTerms) -> dict[str, Any]:
    return asdict(terms) | {"indicators": list(terms.indicators)}


def _told(session: Session, terms: RegimeTerms) -> dict[str, Any]:
    """Return what a regime says as the trail tells it."""
    programme = session.get_one(Programme, terms.programme_id)
    return {
        "programme": programme.code,
        "name": terms.name,
        "frequency": terms.frequency,
        "window_basis": terms.basis,
        "report_content": terms.content,
        "recipients": terms.recipients,
        "regime_source": terms.source,
        **{f"{level}_days": days for level, days in terms.days.items()},
        "indicators": ", ".join(terms.indicators),
        "opens_before": terms.opens_before,
    }


def _note(
    session: Session,
    actor: Actor,
    what: str,
    regime: ReportRegime,
    now: datetime,
    changes: audit.Changes | None,
) -> None:
    """Write what was done in the trail, which only administrators write in themselves; what the
    actor changed is written before, within their own scope.
    """
    told = (regime.unit_id, what, actor.person_id, regime.name, changes)
    with system(session, Purpose.WINDOW):
        audit.record(session, *told, now=now, actor=actor)
