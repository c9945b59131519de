"""Open a period of a programme with the phases that tile it; extend one that documents stand on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import audit
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.models import Period, Phase, Programme
from lth.models.programme import PeriodUse
from lth.programmes import catalogue
from lth.programmes.catalogue import programme as find_programme
from lth.programmes.changes import stood_on

MOST_PHASES = 12
_YEARS = re.compile(r"\d{4}(-\d{4})?")
_DAY = timedelta(days=1)

__all__ = ["MOST_PHASES", "PeriodTerms", "PhaseTerms", "find_programme", "open_period", "terms"]


@dataclass(frozen=True)
class PhaseTerms:
    """A phase of a period to open."""

    code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class PeriodTerms:
    """A period to open, or to extend where there is one of its code."""

    code: str
    starts_on: date
    ends_on: date
    phases: tuple[PhaseTerms, ...]


def terms(
    code: str, starts_on: date, ends_on: date, cut: Sequence[tuple[str, date]] = ()
) -> PeriodTerms:
    """Return a period of phases that follow one another: each by its code and last day.

    Without any it is one phase of the period's own code.
    """
    phases, first = [], starts_on
    for phase, last in cut or [(code, ends_on)]:
        phases.append(PhaseTerms(phase, first, last))
        first = last + _DAY
    return PeriodTerms(code, starts_on, ends_on, tuple(phases))


def open_period(
    session: Session,
    programme: Programme,
    wanted: PeriodTerms,
    person_id: int | None,
    *,
    now: datetime,
    there_is: bool | None = None,
) -> bool:
    """Open a period, or change one that is there; returns whether anything changed. The caller
    commits.

    `there_is`: whether there is one of its code already, where that is to be so. Once documents
    stand on it, it can only be made longer: its last phase ends later, or more
    phases follow.

    Raises:
        RefusedError: naming the form's field.
    """
    _check(programme, wanted)
    with system(session, Purpose.ADMINISTER):
        session.scalars(
            select(Programme.id).where(Programme.id == programme.id).with_for_update(key_share=True)
        ).all()
        there = session.scalars(
            select(Period).where(Period.programme_id == programme.id, Period.code == wanted.code)
        ).first()
        if there is not None and there.use is not PeriodUse.PLAN:
            refused = N_("Mã %(code)s đang là của một kỳ báo cáo.")
            raise RefusedError("code", refused, code=wanted.code)
        _check_there(wanted, there is not None, there_is)
        before = _spans(there) if there is not None else None
        if before == (wanted.starts_on, wanted.ends_on, wanted.phases):
            return False
        if there is not None and stood_on(session, [there.id]):
            _check_longer(there, wanted)
        period = there or Period(programme_id=programme.id, code=wanted.code)
        period.starts_on, period.ends_on = wanted.starts_on, wanted.ends_on
        session.add(period)
        session.flush()
        _put_phases(session, period, wanted.phases)
        changes = {
            "period_starts_on": (before and before[0], wanted.starts_on),
            "period_ends_on": (before and before[1], wanted.ends_on),
            "phases": (before and _told(before[2]), _told(wanted.phases)),
        }
        what = "periods.opened" if there is None else "periods.changed"
        subject = f"{programme.code}|{wanted.code}"
        audit.record(session, None, what, person_id, subject, changes, now=now)
        session.expire(period)
    return True


def _spans(period: Period) -> tuple[date, date, tuple[PhaseTerms, ...]]:
    phases = (PhaseTerms(one.code, one.starts_on, one.ends_on) for one in period.phases)
    return period.starts_on, period.ends_on, tuple(phases)


def _told(phases: Sequence[PhaseTerms]) -> list[str]:
    return [one.code for one in phases]


def _put_phases(session: Session, period: Period, phases: Sequence[PhaseTerms]) -> None:
    """Write the phases, by their place; those that the period has no more go."""
    statement = select(Phase).where(Phase.period_id == period.id).order_by(Phase.ordinal)
    there = list(session.scalars(statement))
    for old in there[len(phases) :]:
        session.delete(old)
    session.flush()
    for ordinal, one in enumerate(phases, 1):
        old = there[ordinal - 1] if ordinal <= len(there) else None
        phase = old or Phase(period_id=period.id, ordinal=ordinal)
        phase.code, phase.starts_on, phase.ends_on = one.code, one.starts_on, one.ends_on
        session.add(phase)
    session.flush()
    catalogue.put_whole(session, period)


def _check(programme: Programme, wanted: PeriodTerms) -> None:
    """Hold a period to its programme, and its phases to tiling it. Raises RefusedError."""
    if not _YEARS.fullmatch(wanted.code):
        refused = N_("Ghi một năm (2027) hoặc hai năm nối bằng dấu gạch (2027-2030).")
        raise RefusedError("code", refused)
    if wanted.ends_on < wanted.starts_on:
        raise RefusedError("ends_on", N_("Ngày kết thúc trước ngày bắt đầu."))
    if wanted.ends_on > programme.ends_on:
        refused = N_("Kỳ vượt quá ngày kết thúc của chương trình, %(date)s.")
        raise RefusedError("ends_on", refused, date=programme.ends_on)
    if len(wanted.phases) > MOST_PHASES:
        raise RefusedError("phases", N_("Không quá %(most)s giai đoạn."), most=MOST_PHASES)
    _check_phases(wanted)


def _check_there(wanted: PeriodTerms, there: bool, there_is: bool | None) -> None:
    """Refuse to open a period twice, or to change one that is called otherwise."""
    if there_is is False and there:
        refused = N_("Đã có kỳ %(code)s; sửa kỳ đó trong danh sách.")
        raise RefusedError("code", refused, code=wanted.code)
    if there_is and not there:
        raise RefusedError("code", N_("Tên kỳ không đổi được; hãy mở một kỳ khác."))


def _check_phases(wanted: PeriodTerms) -> None:
    codes, first = set(), wanted.starts_on
    for one in wanted.phases:
        if not _YEARS.fullmatch(one.code):
            refused = N_("Mã “%(code)s” phải là một năm (2027) hoặc hai năm (2027-2030).")
            raise RefusedError("phases", refused, code=one.code)
        if one.code in codes:
            raise RefusedError("phases", N_("Giai đoạn %(code)s ghi hai lần."), code=one.code)
        if one.starts_on != first:
            refused = N_("Giai đoạn %(code)s phải bắt đầu ngày %(date)s, để không hở, không chồng.")
            raise RefusedError("phases", refused, code=one.code, date=first)
        if one.ends_on < one.starts_on:
            refused = N_("Giai đoạn %(code)s kết thúc trước khi bắt đầu.")
            raise RefusedError("phases", refused, code=one.code)
        codes.add(one.code)
        first = one.ends_on + _DAY
    if first != wanted.ends_on + _DAY:
        refused = N_("Giai đoạn cuối phải kết thúc cùng ngày với kỳ, %(date)s.")
        raise RefusedError("phases", refused, date=wanted.ends_on)


def _check_longer(period: Period, wanted: PeriodTerms) -> None:
    """Refuse what would move the ground under the documents of a period."""
    starts_on, ends_on, phases = _spans(period)
    kept = wanted.phases[: len(phases)]
    same = [(one.code, one.starts_on) for one in phases] == [
        (one.code, one.starts_on) for one in kept
    ]
    ends = [one.ends_on for one in phases[:-1]] == [one.ends_on for one in kept[:-1]]
    grown = same and ends and kept[-1].ends_on >= phases[-1].ends_on
    if starts_on != wanted.starts_on or wanted.ends_on < ends_on or not grown:
        refused = N_("Kỳ đã có văn bản: chỉ kéo dài được ngày cuối.")
        raise RefusedError("", refused)
