"""The checklist “sẵn sàng chạy” of a province, or of any unit with units below it.

It is computed from what is there, in as many queries however many units there are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import in_force
from lth.access.scope import Purpose, system
from lth.core import clock
from lth.core.i18n import C_, N_, Message
from lth.exchange.backup import BACKUP
from lth.exchange.roster import places, progress
from lth.exchange.roster.places import ReachedUnits
from lth.exchange.roster.progress import Answer
from lth.exchange.roster.workbooks import NEEDED
from lth.models import (
    Deadline,
    JobRun,
    OutboxMessage,
    Participation,
    Period,
    Person,
    RoleAssignment,
    Unit,
)
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.models.programme import PeriodUse
from lth.units.on_day import takes_part
from lth.workflow.kinds import PLAN, period_name

NAMED = 8
"""How many of the units that something is missing in are named."""

OLD_BACKUP = timedelta(days=7)
"""A last backup older than this is one to be made."""


class ReadyState(StrEnum):
    """Whether a line is done, is to be done, or cannot be told from here."""

    DONE = "done"
    TO_DO = "to_do"
    UNKNOWN = "unknown"


class Matter(StrEnum):
    """What a line is about; the pages know where each is mended."""

    UNITS = "units"
    PERIOD = "period"
    PARTICIPATION = "participation"
    OWN_PEOPLE = "own_people"
    PEOPLE = "people"
    ANSWERS = "answers"
    DEADLINES = "deadlines"
    MAIL = "mail"
    BACKUP = "backup"


MATTER_LABEL = {
    Matter.UNITS: N_("Đơn vị cấp dưới"),
    Matter.PERIOD: N_("Chương trình và kỳ kế hoạch"),
    Matter.PARTICIPATION: N_("Đơn vị tham gia"),
    Matter.OWN_PEOPLE: N_("Người của đơn vị"),
    Matter.PEOPLE: N_("Người của các đơn vị cấp dưới"),
    Matter.ANSWERS: N_("Lời mời"),
    Matter.DEADLINES: N_("Hạn nộp"),
    Matter.MAIL: N_("Gửi thư"),
    Matter.BACKUP: N_("Sao lưu"),
}


@dataclass(frozen=True)
class ReadyLine:
    """One line: what it is about, how it stands, its figure, and the units it waits for."""

    matter: Matter
    state: ReadyState
    said: Message
    units: tuple[Unit, ...] = ()

    @property
    def named(self) -> tuple[Unit, ...]:
        return self.units[:NAMED]

    @property
    def unnamed(self) -> int:
        """How many units more it waits for than are named."""
        return len(self.units) - len(self.named)


@dataclass(frozen=True)
class Checklist:
    """All lines, in the order in which they are worked off."""

    unit: Unit
    lines: Sequence[ReadyLine]

    @property
    def is_ready(self) -> bool:
        return not self.to_do

    @property
    def to_do(self) -> list[ReadyLine]:
        return [line for line in self.lines if line.state is ReadyState.TO_DO]


@dataclass(frozen=True)
class _Facts:
    """All that the lines are made of."""

    reached: ReachedUnits
    period: Period | None
    joined: frozenset[int]
    """The units that take part."""
    held: Mapping[int, frozenset[Role]]
    answers: Mapping[Answer, int]
    deadlines: Sequence[Deadline]
    unsent: int
    backed_up: datetime | None
    """The moment that the last backup is of."""
    now: datetime
    sends_mail: bool

    @cached_property
    def below(self) -> list[Unit]:
        """The units below that take part."""
        root = self.reached.root.id
        return [one for one in self.reached.units if one.id in self.joined and one.id != root]


def of(session: Session, unit: Unit, now: datetime, *, sends_mail: bool) -> Checklist:
    """Work a unit's checklist out; `sends_mail`: a mail server is set."""
    facts = _facts(session, unit, now, sends_mail)
    return Checklist(unit, [line(facts) for line in _LINES])


def _facts(session: Session, unit: Unit, now: datetime, sends_mail: bool) -> _Facts:
    today = clock.local(now).date()
    reached = places.reach(session, unit, today)
    ids = [one.id for one in reached.units]
    with system(session, Purpose.ADMINISTER):
        period = session.scalar(_newest_period(unit, Period.ends_on >= today))
        joined = _joined(session, period, ids)
        return _Facts(
            reached=reached,
            period=period,
            joined=joined,
            held=_held(session, ids, in_force(today)),
            answers=progress.totals(session, unit, now),
            deadlines=_deadlines(session, period, [*unit.ancestor_ids, *ids]),
            unsent=_unsent(session, ids),
            backed_up=session.scalar(select(JobRun.started_at).where(JobRun.name == BACKUP)),
            now=now,
            sends_mail=sends_mail,
        )


def _newest_period(unit: Unit, lasting: ColumnElement[bool]):
    return (
        select(Period)
        .options(joinedload(Period.programme))
        .join(Participation, Participation.period_id == Period.id)
        .where(
            Participation.unit_id == unit.id, takes_part(), lasting, Period.use == PeriodUse.PLAN
        )
        .order_by(Period.starts_on.desc(), Period.id.desc())
        .limit(1)
    )


def _joined(session: Session, period: Period | None, ids: Sequence[int]) -> frozenset[int]:
    if period is None:
        return frozenset()
    statement = select(Participation.unit_id).where(
        Participation.period_id == period.id, Participation.unit_id.in_(ids), takes_part()
    )
    return frozenset(session.scalars(statement))


def _held(
    session: Session, ids: Sequence[int], now_held: ColumnElement[bool]
) -> dict[int, frozenset[Role]]:
    statement = (
        select(RoleAssignment.unit_id, RoleAssignment.role)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.unit_id.in_(ids),
            RoleAssignment.delegation_id.is_(None),
            Person.active,
            now_held,
        )
        .distinct()
    )
    found: dict[int, set[Role]] = {}
    for unit_id, role in session.execute(statement):
        found.setdefault(unit_id, set()).add(role)
    return {unit_id: frozenset(roles) for unit_id, roles in found.items()}


def _deadlines(
    session: Session, period: Period | None, setters: Sequence[int]
) -> Sequence[Deadline]:
    if period is None:
        return ()
    statement = select(Deadline).where(
        Deadline.period_id == period.id, Deadline.kind == PLAN, Deadline.setter_id.in_(setters)
    )
    return session.scalars(statement).all()


def _unsent(session: Session, ids: Sequence[int]) -> int:
    statement = (
        select(func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.unit_id.in_(ids), OutboxMessage.delivery == Delivery.FAILED)
    )
    return session.scalar(statement) or 0


# --- Lines --------------------------------------------------------------------------------


def _line(matter: Matter, done: bool, text: str, units: Iterable[Unit] = (), **values) -> ReadyLine:
    state = ReadyState.DONE if done else ReadyState.TO_DO
    return ReadyLine(matter, state, Message(text, values), tuple(units))


def _units(facts: _Facts) -> ReadyLine:
    count = len(facts.reached.units) - 1
    text = N_("%(count)s đơn vị đang hoạt động.")
    return _line(Matter.UNITS, count > 0, text, count=count)


def _period(facts: _Facts) -> ReadyLine:
    period = facts.period
    if period is None:
        return _line(Matter.PERIOD, False, N_("Chưa tham gia kỳ kế hoạch nào."))
    text = N_("Chương trình %(code)s, %(period)s.")
    values = {"code": period.programme.code, "period": period_name(period.code)}
    return _line(Matter.PERIOD, True, text, **values)


def _participation(facts: _Facts) -> ReadyLine:
    all_below = len(facts.reached.units) - 1
    text = N_("%(joined)s trên %(all)s đơn vị cấp dưới tham gia.")
    joined = len(facts.below)
    return _line(Matter.PARTICIPATION, joined > 0, text, joined=joined, all=all_below)


def _own_people(facts: _Facts) -> ReadyLine:
    root = facts.reached.root
    there = facts.held.get(root.id, frozenset())
    needed = NEEDED[root.level]
    missing = [role for role in needed if role not in there]
    if not missing:
        return _line(Matter.OWN_PEOPLE, True, N_("Đủ lãnh đạo, người làm kế hoạch và quản trị."))
    text = N_("Mới có %(there)s trên %(needed)s vai trò cần thiết.")
    values = {"there": len(needed) - len(missing), "needed": len(needed)}
    return _line(Matter.OWN_PEOPLE, False, text, [root], **values)


def _people(facts: _Facts) -> ReadyLine:
    """Count the units below whose leader and drafter have both accepted."""
    lacking = [unit for unit in facts.below if not _works(unit, facts)]
    text = N_("%(staffed)s trên %(all)s đơn vị có đủ lãnh đạo và người lập kế hoạch.")
    values = {"staffed": len(facts.below) - len(lacking), "all": len(facts.below)}
    done = bool(facts.below) and not lacking
    return _line(Matter.PEOPLE, done, text, lacking, **values)


def _works(unit: Unit, facts: _Facts) -> bool:
    needed = set(NEEDED[unit.level]) - {Role.UNIT_ADMIN}
    return needed <= facts.held.get(unit.id, frozenset())


def _answers(facts: _Facts) -> ReadyLine:
    text = N_("%(accepted)s đã nhận lời, %(open)s chưa trả lời, %(declined)s từ chối.")
    counts = {answer.value: facts.answers[answer] for answer in Answer}
    return _line(Matter.ANSWERS, not facts.answers[Answer.OPEN], text, **counts)


def _due(facts: _Facts) -> ReadyLine:
    """Count the units below that somebody above has set a day for their plan."""
    for_all = {one.setter_id for one in facts.deadlines if one.unit_id is None}
    own = {one.unit_id for one in facts.deadlines}
    free = [
        unit for unit in facts.below if unit.id not in own and for_all.isdisjoint(unit.ancestor_ids)
    ]
    text = N_("%(set)s trên %(all)s đơn vị có hạn nộp kế hoạch.")
    values = {"set": len(facts.below) - len(free), "all": len(facts.below)}
    return _line(Matter.DEADLINES, bool(facts.below) and not free, text, free, **values)


def _mail(facts: _Facts) -> ReadyLine:
    failed = facts.unsent + facts.answers[Answer.FAILED]
    if not facts.sends_mail:
        return _line(Matter.MAIL, False, N_("Chưa đặt máy chủ gửi thư: thư được giữ lại."))
    return _line(Matter.MAIL, not failed, N_("%(failed)s thư không gửi được."), failed=failed)


def _backup(facts: _Facts) -> ReadyLine:
    if facts.backed_up is None:
        said = Message(N_("Chưa biết lần sao lưu nào."))
        return ReadyLine(Matter.BACKUP, ReadyState.UNKNOWN, said)
    age, moment = facts.now - facts.backed_up, {"moment": facts.backed_up}
    if age > OLD_BACKUP:
        text = C_("Lần gần nhất: %(moment)s, %(num)s ngày trước. Hãy sao lưu lại.")
        said = Message(text, moment, number=age.days)
        return ReadyLine(Matter.BACKUP, ReadyState.TO_DO, said)
    if age.days < 1:
        return _line(Matter.BACKUP, True, N_("Lần gần nhất: %(moment)s."), **moment)
    said = Message(C_("Lần gần nhất: %(moment)s, %(num)s ngày trước."), moment, number=age.days)
    return ReadyLine(Matter.BACKUP, ReadyState.DONE, said)


_LINES: tuple[Callable[[_Facts], ReadyLine], ...] = (
    _units,
    _period,
    _participation,
    _own_people,
    _people,
    _answers,
    _due,
    _mail,
    _backup,
)
