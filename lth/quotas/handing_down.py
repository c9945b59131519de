"""Giao chỉ tiêu: a document in force hands figures down to the units below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content import targets
from lth.core import clock
from lth.core.errors import BlockedError, NotFoundError
from lth.core.i18n import N_, Bilingual, Message
from lth.models import Allotment, Document, Quota, QuotaMove, Unit
from lth.models.quota import Move, SplitRule
from lth.quotas import mail
from lth.quotas.apportionment import gap, split
from lth.quotas.ledger import QuotaStanding, QuotaState, standings
from lth.quotas.mail import Letter
from lth.quotas.offer import Place, Receiver, Splittable, receivers, splittable, step
from lth.quotas.preconditions import LARGEST, one_move, own_document, require_seen


@dataclass(frozen=True)
class Handed:
    """One target to hand down: by which rule, how much in all, and each unit's part."""

    place: Place
    rule: SplitRule
    total: int
    values: Mapping[int, int]
    floor: int = 0


@dataclass(frozen=True)
class Done:
    """What a hand-down changed: quotas written, and the units and people that were told."""

    changed: int
    units: int
    told: int


def hand_down(
    session: Session,
    actor: Actor,
    document_id: int,
    shares: Sequence[Handed],
    *,
    reply_by: date | None,
    seen: int,
    now: datetime,
) -> Done:
    """Assign parts of one or more targets to the units below, with one letter for each unit.

    `seen` is the newest move over the document's quotas that the page showed (`newest_move`). A
    unit whose part stays as it is keeps its quota and what was said of it; a part of nothing
    makes no quota where there was none. A rule is kept only where the parts are what it gives,
    else they count as set by hand.

    Raises NotFoundError, NotYoursError, NotNowError (not in force), StaleError where somebody
    moved since, and BlockedError with everything that is wrong with the parts.
    """
    document = own_document(session, actor, document_id)
    scope = Scope.of(actor)
    offered = {one.place: one for one in splittable(session, document, scope)}
    below = receivers(session, document, scope, [one.indicator.code for one in offered.values()])
    faults = _faults(shares, offered, below, reply_by, now)
    if faults:
        raise BlockedError(*faults)
    before = {
        (one.quota.unit_id, _place(one.quota)): one
        for one in standings(session, document.id, scope)
    }
    places = {one.place for one in shares}
    require_seen([one for one in before.values() if _place(one.quota) in places], seen)
    hand = _Hand(session, actor, document, now, reply_by, before)
    with one_move():
        for one in shares:
            hand.keep_rule(one, rule_of(one, offered[one.place], below))
            hand.give(one, offered[one.place], below)
        session.flush()
    written = hand.letters()
    told = mail.send(session, actor, document, mail.HANDED, written, now)
    return Done(hand.changed, len(written), told)


def _place(quota: Quota) -> Place:
    return quota.indicator_id, quota.phase_id


# --- What can be wrong --------------------------------------------------------------------


def _faults(
    shares: Sequence[Handed],
    offered: Mapping[Place, Splittable],
    below: Sequence[Receiver],
    reply_by: date | None,
    now: datetime,
) -> list[Message]:
    found = []
    if not shares:
        found.append(Message(N_("Chọn ít nhất một chỉ tiêu để giao.")))
    if not below:
        found.append(
            Message(N_("Không có đơn vị nào bên dưới tham gia chương trình trong kỳ này."))
        )
    if reply_by is not None and reply_by < clock.local(now).date():
        found.append(Message(N_("Hạn trả lời không thể ở trước hôm nay."), field="reply_by"))
    units = {one.unit.id for one in below}
    for one in shares:
        target = offered.get(one.place)
        if target is None or not units.issuperset(one.values):
            raise NotFoundError
        found += _faults_of_one(one, target, units)
    return found


def _faults_of_one(share: Handed, target: Splittable, units: set[int]) -> list[Message]:
    field = "{}.{}".format(*share.place)
    label = {"indicator": Bilingual(target.indicator.label_vi, target.indicator.label_en)}
    if units - set(share.values):
        return [Message(N_("%(indicator)s: còn đơn vị chưa có số."), label, field)]
    if any(not 0 <= value <= LARGEST for value in share.values.values()):
        return [Message(N_("%(indicator)s: số giao không thể âm hoặc quá lớn."), label, field)]
    over = gap(share.total, share.values)
    if over:
        text = (
            N_("%(indicator)s: các đơn vị cộng lại thừa %(by)s so với tổng giao.")
            if over > 0
            else N_("%(indicator)s: các đơn vị cộng lại thiếu %(by)s so với tổng giao.")
        )
        return [Message(text, {**label, "by": amount(target, abs(over))}, field)]
    return []


def amount(target: Splittable, value: int) -> Bilingual:
    """Return a value of an indicator in both languages."""
    return Bilingual(*(targets.amount(value, target.indicator, one) for one in ("vi", "en")))


# --- Writing ------------------------------------------------------------------------------


def rule_of(share: Handed, target: Splittable, below: Sequence[Receiver]) -> SplitRule:
    """Find the rule that the parts follow: another figure in one of them makes it by hand."""
    if share.rule is SplitRule.BY_HAND:
        return share.rule
    given = split_by(share.rule, target, share.total, share.floor, below)
    return share.rule if given == dict(share.values) else SplitRule.BY_HAND


def split_by(
    rule: SplitRule, target: Splittable, total: int, floor: int, below: Sequence[Receiver]
) -> dict[int, int]:
    """Return each unit's part under a rule. Raises InfeasibleError."""
    claims = [one.share(rule, target.indicator.code, floor) for one in below]
    parts = split(total, claims, step=step(target.indicator, total))
    return {unit_id: part.value for unit_id, part in parts.items()}


@dataclass
class _Hand:
    """One hand-down under way."""

    session: Session
    actor: Actor
    document: Document
    now: datetime
    reply_by: date | None
    before: Mapping[tuple[int, Place], QuotaStanding]
    changed: int = 0
    moved: dict[int, list[tuple[QuotaMove, Splittable, int | None]]] = field(default_factory=dict)
    kept: dict[int, list[QuotaStanding]] = field(default_factory=dict)
    later: set[Place] = field(default_factory=set)
    """Targets whose day to answer by has changed."""

    def keep_rule(self, share: Handed, rule: SplitRule) -> None:
        """Write how a target was split."""
        row = self.session.get(Allotment, (self.document.id, *share.place))
        if row is None:
            indicator_id, phase_id = share.place
            row = Allotment(
                document_id=self.document.id, indicator_id=indicator_id, phase_id=phase_id
            )
            self.session.add(row)
        elif row.reply_by != self.reply_by:
            self.later.add(share.place)
        row.rule, row.total, row.reply_by = rule, share.total, self.reply_by
        row.handed_at, row.person_id = self.now, self.actor.person_id

    def give(self, share: Handed, target: Splittable, below: Sequence[Receiver]) -> None:
        for one in below:
            self._give_one(one.unit, target, share.values[one.unit.id])

    def _give_one(self, unit: Unit, target: Splittable, value: int) -> None:
        held = self.before.get((unit.id, target.place))
        if held is not None and held.quota.value == value:
            self.kept.setdefault(unit.id, []).append(held)
            return
        if held is None and value == 0:
            return
        quota = held.quota if held else self._new(unit, target)
        was = quota.value if held else None
        quota.value = value
        move = self._move(quota, held.seq if held else 0, value)
        self.moved.setdefault(unit.id, []).append((move, target, was))
        self.changed += 1

    def _new(self, unit: Unit, target: Splittable) -> Quota:
        quota = Quota(
            document_id=self.document.id,
            unit_id=unit.id,
            indicator_id=target.place[0],
            phase_id=target.place[1],
        )
        self.session.add(quota)
        return quota

    def _move(self, quota: Quota, seq: int, value: int) -> QuotaMove:
        move = QuotaMove(
            quota=quota,
            seq=seq + 1,
            move=Move.HAND_DOWN,
            value=value,
            unit_id=self.actor.unit_id,
            unit_name=self.actor.unit_name,
            person_id=self.actor.person_id,
            person_name=self.actor.person_name,
            at=self.now,
        )
        self.session.add(move)
        return move

    def letters(self) -> list[Letter]:
        """Write one letter for each unit with another figure, or another day for its answer."""
        found = {
            unit_id: [(move, target.indicator, target.phase, was) for move, target, was in moved]
            for unit_id, moved in self.moved.items()
        }
        for unit_id, kept in self.kept.items():
            told = [
                (one.last, one.indicator, one.phase, None)
                for one in kept
                if _place(one.quota) in self.later
                and one.last is not None
                and one.state is QuotaState.WAITING
            ]
            if told:
                found.setdefault(unit_id, told)
        by = self.actor, self.document, self.now
        return [
            Letter(
                unit_id,
                lines[0][0].id,
                mail.compose(
                    *by,
                    [mail.figure(what, phase, move, was) for move, what, phase, was in lines],
                    turn=True,
                    reply_by=self.reply_by,
                ),
            )
            for unit_id, lines in found.items()
        ]
