"""Visits to clubs: planned, made, what was found at each club, and what became of it.

A visit goes to clubs of one commune. What it finds is pinned to a club, with whose it is to mend
and by when; whoever mends it says what was done, and the visiting unit looks at it and closes it,
or says what is still wrong. Who sees a club sees what was found there; the commune, what is about
its own. Every act is one transaction with its mail; the caller commits.
"""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.clubs import register, visit_mail
from lth.clubs.visit_lists import finding as finding_seen
from lth.clubs.visit_lists import get, visited
from lth.core import clock
from lth.core.errors import (
    BlockedError,
    NotFoundError,
    NotNowError,
    NotYoursError,
    RefusedError,
    StaleError,
)
from lth.core.i18n import N_, Message
from lth.models import Club, FindingMove, Visit, VisitedClub, VisitFinding
from lth.models.club import ClubState
from lth.models.person import Role
from lth.models.visit import FindingStage, FindingStep, Mender

VISITORS = frozenset({Role.CLERK, Role.SPECIALIST, Role.LEADER})
"""Who plans visits for a unit and writes what was found, and who says what was mended."""

LONGEST = 4000


@dataclass(frozen=True)
class VisitPlan:
    """Who goes where, when and what for."""

    clubs: Sequence[int]
    planned_on: date | None
    visitors: str
    purpose: str = ""


def may_visit(actor: Actor) -> bool:
    """Tell whether an actor plans and writes visits of their unit."""
    return actor.unit_id is not None and actor.role in VISITORS


def plan(session: Session, actor: Actor, wanted: VisitPlan, *, now: datetime) -> Visit:
    """Plan a visit to clubs of one commune. Raises NotYoursError and BlockedError."""
    _require_visitor(actor)
    clubs = _clubs(session, actor, wanted)
    visit = Visit(
        unit_id=actor.unit_id,
        planned_on=wanted.planned_on,
        visitors=wanted.visitors,
        purpose=wanted.purpose.strip(),
        created_at=now,
        **_by(actor),
    )
    session.add(visit)
    session.flush()
    _set_clubs(session, visit, clubs)
    return visit


def change(session: Session, actor: Actor, visit_id: int, wanted: VisitPlan, *, seen: int) -> Visit:
    """Change a visit that was not made yet. Raises as `plan`, StaleError and NotNowError too."""
    visit = _own(session, actor, visit_id, seen)
    _require_planned(visit)
    clubs = _clubs(session, actor, wanted)
    visit.planned_on, visit.visitors = wanted.planned_on, wanted.visitors
    visit.purpose = wanted.purpose.strip()
    _set_clubs(session, visit, clubs)
    return _changed(session, visit)


def call_off(
    session: Session, actor: Actor, visit_id: int, reason: str, *, seen: int, now: datetime
) -> Visit:
    """Call a visit off that was not made, with the reason."""
    visit = _own(session, actor, visit_id, seen)
    _require_planned(visit)
    _require_words("reason", reason, N_("Ghi lý do không đi."))
    visit.called_off_at, visit.called_off_reason = now, reason.strip()
    return _changed(session, visit)


def note_done(
    session: Session,
    actor: Actor,
    visit_id: int,
    done_on: date | None,
    notes: Mapping[int, str],
    *,
    seen: int,
    now: datetime,
) -> Visit:
    """Say on which day a visit was made, and what was seen at each club on the whole."""
    visit = _own(session, actor, visit_id, seen)
    _require_planned(visit)
    if done_on is None or done_on > clock.local(now).date():
        raise RefusedError("done_on", N_("Ghi ngày đã đi, không sau hôm nay."))
    for note in notes.values():
        _require_words("", note, "")
    for one in visited(session, Scope.of(actor), visit):
        one.note = notes.get(one.club_id, "").strip()
    visit.done_on = done_on
    return _changed(session, visit)


def find(
    session: Session,
    actor: Actor,
    visit_id: int,
    club_id: int,
    *,
    text: str,
    mender: Mender,
    due_on: date | None,
    now: datetime,
) -> VisitFinding:
    """Pin to a club what a visit found there; the commune is told. Raises BlockedError."""
    visit = _own(session, actor, visit_id)
    if visit.done_on is None:
        raise NotNowError(Message(N_("Ghi ngày đã đi trước, rồi ghi tồn tại ở từng câu lạc bộ.")))
    clubs = {one.club_id: one.club for one in visited(session, Scope.of(actor), visit)}
    if club_id not in clubs:
        raise NotFoundError
    _require_words("text", text, N_("Ghi tồn tại đã thấy."))
    if due_on is None or due_on < visit.done_on:
        raise RefusedError("due_on", N_("Ghi hạn khắc phục, không trước ngày đi."))
    found = VisitFinding(
        visit_id=visit.id,
        club_id=club_id,
        unit_id=visit.unit_id,
        text=text.strip(),
        mender=mender,
        due_on=due_on,
        created_at=now,
        **_by(actor),
    )
    session.add(found)
    session.flush()
    visit_mail.tell_found(session, actor, visit, found, clubs[club_id], now)
    return found


# --- What becomes of a finding ------------------------------------------------------------


def mends(actor: Actor, found: VisitFinding) -> bool:
    """Tell whether it is the actor's to say what was done (`club` loaded)."""
    if actor.role not in VISITORS:
        return False
    by_visitor = found.mender is Mender.VISITOR
    return actor.unit_id == (found.unit_id if by_visitor else found.club.unit_id)


def judges(actor: Actor, found: VisitFinding) -> bool:
    """Tell whether it is the actor's to close a finding, or to say what is still wrong."""
    return actor.role in VISITORS and actor.unit_id == found.unit_id


def offered(actor: Actor, found: VisitFinding) -> list[FindingStep]:
    """List the steps that an actor may take with a finding now."""
    steps = []
    if found.stage is FindingStage.OPEN and mends(actor, found):
        steps.append(FindingStep.MEND)
    if found.stage is not FindingStage.CLOSED and judges(actor, found):
        steps.append(FindingStep.CLOSE)
    if found.stage is not FindingStage.OPEN and judges(actor, found):
        steps.append(FindingStep.REOPEN)
    return steps


_LEADS_TO = {
    FindingStep.MEND: FindingStage.MENDED,
    FindingStep.CLOSE: FindingStage.CLOSED,
    FindingStep.REOPEN: FindingStage.OPEN,
}


@dataclass(frozen=True)
class FollowUp:
    """What was done after a finding, on which day; `due_on`: by when what is still wrong is due."""

    step: FindingStep
    text: str
    done_on: date | None
    due_on: date | None = None


def follow_up(
    session: Session,
    actor: Actor,
    finding_id: int,
    said: FollowUp,
    *,
    seen: int,
    now: datetime,
) -> FindingMove:
    """Take a step with a finding, which was seen with so many.

    Raises NotFoundError, StaleError, NotYoursError, NotNowError and BlockedError.
    """
    found = finding_seen(session, finding_id, Scope.of(actor))
    if found.version != seen:
        raise _overtaken()
    if said.step not in offered(actor, found):
        if not (mends(actor, found) or judges(actor, found)):
            raise NotYoursError(Message(N_("Việc này không thuộc vai trò của anh/chị.")))
        raise NotNowError(Message(N_("Tồn tại không ở trạng thái làm được việc này.")))
    due_on = _check(found, said, clock.local(now).date())
    move = FindingMove(
        finding_id=found.id,
        seq=found.version + 1,
        step=said.step,
        text=said.text.strip(),
        done_on=said.done_on,
        due_on=due_on,
        unit_id=actor.unit_id,
        at=now,
        **_by(actor),
    )
    with _one_step():
        session.add(move)
        session.flush()
    found.version += 1
    found.stage, found.due_on = _LEADS_TO[said.step], due_on
    session.flush()
    visit_mail.tell_followed(session, actor, found, move, now)
    return move


def _check(found: VisitFinding, said: FollowUp, today: date) -> date:
    """Return by when a finding is due after a step. Raises BlockedError."""
    wanted = {
        FindingStep.MEND: N_("Ghi đã làm gì để khắc phục."),
        FindingStep.CLOSE: N_("Ghi căn cứ để kết thúc, ví dụ đã xem lại sổ."),
        FindingStep.REOPEN: N_("Ghi điều còn chưa đạt."),
    }
    _require_words("text", said.text, wanted[said.step])
    if said.done_on is None or not found.visit.done_on <= said.done_on <= today:  # type: ignore[operator] # a visit with findings was made
        raise RefusedError("done_on", N_("Ghi ngày làm việc này: từ ngày đi đến hôm nay."))
    if said.step is not FindingStep.REOPEN:
        return found.due_on
    if said.due_on is None or said.due_on < today:
        raise RefusedError("due_on", N_("Ghi hạn mới, không trước hôm nay."))
    return said.due_on


# --- What all of them ask -----------------------------------------------------------------


def _by(actor: Actor) -> dict[str, Any]:
    return {
        "person_id": actor.person_id,
        "person_name": actor.person_name,
        "person_position": actor.position,
        "unit_name": actor.unit_name,
    }


def _require_visitor(actor: Actor) -> None:
    if not may_visit(actor):
        raise NotYoursError(
            Message(N_("Chỉ cán bộ, chuyên viên và lãnh đạo của đơn vị lên lịch kiểm tra."))
        )


def _own(session: Session, actor: Actor, visit_id: int, seen: int | None = None) -> Visit:
    """Find a visit of the actor's unit, as it was seen."""
    visit = get(session, visit_id, Scope.of(actor))
    if visit.unit_id != actor.unit_id or not may_visit(actor):
        raise NotYoursError(Message(N_("Chuyến kiểm tra này do đơn vị khác ghi.")))
    if seen is not None and visit.version != seen:
        raise _overtaken()
    return visit


def _require_planned(visit: Visit) -> None:
    if visit.done_on is not None:
        raise NotNowError(Message(N_("Chuyến kiểm tra đã ghi là đã đi.")))
    if visit.called_off_at is not None:
        raise NotNowError(Message(N_("Chuyến kiểm tra đã hủy.")))


def _require_words(field: str, text: str, wanted: str) -> None:
    if wanted and not text.strip():
        raise RefusedError(field, wanted)
    if len(text) > LONGEST:
        raise RefusedError(field, N_("Dài quá %(most)s ký tự, hãy rút gọn."), most=LONGEST)


def _clubs(session: Session, actor: Actor, wanted: VisitPlan) -> list[Club]:
    """Find the clubs of a plan: of one commune at or below the actor's unit, and running.

    Raises BlockedError with all that is missing, NotFoundError for a club that is not seen.
    """
    faults = []
    if not wanted.clubs:
        faults.append(Message(N_("Chọn ít nhất một câu lạc bộ."), field="clubs"))
    if wanted.planned_on is None:
        faults.append(Message(N_("Ghi ngày dự kiến đi."), field="planned_on"))
    if not wanted.visitors:
        faults.append(Message(N_("Ghi ai đi: chức danh hoặc phòng, ban."), field="visitors"))
    if len(wanted.purpose) > LONGEST:
        long = N_("Dài quá %(most)s ký tự, hãy rút gọn.")
        faults.append(Message(long, {"most": LONGEST}, "purpose"))
    if faults:
        raise BlockedError(*faults)
    asked = set(wanted.clubs)
    statement = select(Club).where(Club.id.in_(asked), register.seen(Scope.of(actor)))
    clubs = list(session.scalars(statement))
    if len(clubs) != len(asked):
        raise NotFoundError
    if len({club.unit_id for club in clubs}) > 1:
        raise RefusedError("clubs", N_("Một chuyến chỉ đi các câu lạc bộ của một xã."))
    if any(club.state is not ClubState.ACTIVE for club in clubs):
        raise RefusedError("clubs", N_("Chỉ chọn câu lạc bộ đang hoạt động."))
    return clubs


def _set_clubs(session: Session, visit: Visit, clubs: Sequence[Club]) -> None:
    wanted = {club.id for club in clubs}
    of_visit = select(VisitedClub).where(VisitedClub.visit_id == visit.id)
    there = {one.club_id: one for one in session.scalars(of_visit)}
    for club_id, one in there.items():
        if club_id not in wanted:
            session.delete(one)
    for club_id in sorted(wanted - there.keys()):
        session.add(VisitedClub(visit_id=visit.id, club_id=club_id, unit_id=visit.unit_id))
    session.flush()


def _changed(session: Session, visit: Visit) -> Visit:
    visit.version += 1
    session.flush()
    return visit


def _overtaken() -> StaleError:
    return StaleError(Message(N_("Vừa có người cập nhật. Hãy xem lại trước khi thực hiện.")))


_TWICE = ("uq_finding_move_finding_id_seq", "finding_move.finding_id, finding_move.seq")
"""How PostgreSQL and SQLite name the key that two at once run into."""


@contextmanager
def _one_step():
    """Let the unique key keep one of two who take a step at once. Raises StaleError."""
    try:
        yield
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in _TWICE):
            raise
        raise _overtaken() from error
