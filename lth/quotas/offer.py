"""What a document in force can split, among whom, and by which weights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from lth.access.scope import Scope, documents_seen, revisions_seen
from lth.core.i18n import N_, Message
from lth.models import Document, Indicator, Participation, Period, Phase, Revision, Target, Unit
from lth.models.content import Comparator, TargetScope
from lth.models.programme import Measure, RollUp
from lth.models.quota import SplitRule
from lth.quotas.apportionment import Share
from lth.units.on_day import takes_part

Place = tuple[int, int]
"""Indicator id and phase id."""

OLDER = "older_population"
DIVISIBLE = frozenset(
    {Comparator.EQ, Comparator.GTE, Comparator.GT, Comparator.MAINTAIN, Comparator.BETWEEN}
)
"""Comparators with a lowest figure, which the units below have to come to together."""

RULE_LABEL = {
    SplitRule.EQUAL: N_("chia đều"),
    SplitRule.OLDER_POPULATION: N_("theo số người cao tuổi"),
    SplitRule.COMMUNES: N_("theo số xã"),
    SplitRule.LAST_RESULT: N_("theo kết quả kỳ trước"),
    SplitRule.BY_HAND: N_("nhập từng đơn vị"),
}
_STEPS = (1_000_000, 1_000)
"""What money is split in, where the total allows it: whole millions, else whole thousands."""


@dataclass(frozen=True)
class Splittable:
    """A target that adds up over the units below, and the least that meets it.

    Of "trên 3.444" that is 3,445 (of money the printed figure: nobody splits a đồng more).
    """

    target: Target
    total: int

    @property
    def place(self) -> Place:
        return self.target.indicator_id, self.target.phase_id

    @property
    def indicator(self) -> Indicator:
        return self.target.indicator

    @property
    def phase(self) -> Phase:
        return self.target.phase


@dataclass(frozen=True)
class Receiver:
    """A unit that takes part below, with what is known of it by which a total can be split.

    `noted` is how many older people the giver noted for it; its own document goes before that.
    """

    unit: Unit
    older_population: int | None = None
    noted: int | None = None
    communes: int = 0
    last: Mapping[str, int] = field(default_factory=dict)

    def weight(self, rule: SplitRule, code: str) -> int | None:
        """Return what the unit counts for under a rule; None where that is not known."""
        if rule is SplitRule.OLDER_POPULATION:
            return self.older_population
        if rule is SplitRule.COMMUNES:
            return self.communes or 1
        if rule is SplitRule.LAST_RESULT:
            return self.last.get(code)
        return 1

    def share(self, rule: SplitRule, code: str, floor: int) -> Share:
        """Return the unit's claim; by hand it is weighed like any other, as a beginning."""
        return Share(
            key=self.unit.id,
            weight=self.weight(rule, code) or 0,
            older_population=self.older_population,
            code=self.unit.code,
            floor=floor,
        )


def lowest(target: Target) -> int:
    """Return the least that meets a target, in its measure."""
    least = target.value_min or 0
    strict = target.comparator is Comparator.GT and target.indicator.measure is Measure.COUNT
    return least + 1 if strict else least


def step(indicator: Indicator, total: int) -> int:
    """Return what the parts of a total are multiples of: money goes in millions where it can."""
    if indicator.measure is not Measure.MONEY:
        return 1
    return next((one for one in _STEPS if total and total % one == 0), 1)


def splittable(session: Session, document: Document, scope: Scope) -> list[Splittable]:
    """List the additive targets of a document's revision in force, in page order."""
    statement = (
        select(Target)
        .join(Target.indicator)
        .join(Target.phase)
        .join(Revision, Revision.id == Target.revision_id)
        .options(contains_eager(Target.indicator), contains_eager(Target.phase))
        .where(
            Revision.document_id == document.id,
            Revision.number == document.in_force_number,
            revisions_seen(scope),
            Indicator.roll_up == RollUp.SUM,
            Target.scope == TargetScope.UNIT,
            Target.comparator.in_(DIVISIBLE),
            Phase.whole_of_id.is_(None),  # the parts are divided, and the whole is their sum
        )
        .order_by(Indicator.ordinal, Phase.ordinal, Target.line_key.desc())
    )
    first = {
        (target.indicator_id, target.phase_id): target for target in session.scalars(statement)
    }
    return [Splittable(target, lowest(target)) for target in first.values()]


def receivers(
    session: Session, document: Document, scope: Scope, codes: Iterable[str] = ()
) -> list[Receiver]:
    """List who takes part below, in list order; `codes` are those whose last result is asked."""
    statement = (
        select(Unit, Participation.older_population)
        .join(Participation, Participation.unit_id == Unit.id)
        .where(
            Participation.period_id == document.period_id,
            Participation.parent_id == document.unit_id,
            takes_part(),
        )
        .order_by(Unit.sort_key, Unit.id)
    )
    found = session.execute(statement).all()
    ids = [unit.id for unit, _ in found]
    below = _below(session, document, ids)
    planned = _planned_older(session, document, scope)
    last = _last_results(session, document, scope, {*codes, OLDER})
    made = []
    for unit, known in found:
        communes, older_below = below.get(unit.id, (0, None))
        before = last.get(unit.id, {})
        older = next(
            (
                one
                for one in (planned.get(unit.id), known, older_below, before.get(OLDER))
                if one is not None
            ),
            None,
        )
        made.append(Receiver(unit, older, known, communes, before))
    return made


def _below(
    session: Session, document: Document, ids: Sequence[int]
) -> dict[int, tuple[int, int | None]]:
    """Count the units that take part below each, and their older people where all are known."""
    known = func.count(Participation.older_population)
    statement = (
        select(
            Participation.parent_id, func.count(), known, func.sum(Participation.older_population)
        )
        .where(
            Participation.period_id == document.period_id,
            Participation.parent_id.in_(ids),
            takes_part(),
        )
        .group_by(Participation.parent_id)
    )
    return {
        parent_id: (count, int(older) if known == count else None)
        for parent_id, count, known, older in session.execute(statement)
    }


def _planned_older(session: Session, document: Document, scope: Scope) -> dict[int, int]:
    """Older people as the units' own documents of the period give them, once these are sent."""
    statement = (
        select(Document.unit_id, func.max(Target.value_min))
        .join(
            Revision,
            (Revision.document_id == Document.id) & (Revision.number == Document.sent_number),
        )
        .join(Target, Target.revision_id == Revision.id)
        .join(Indicator, Indicator.id == Target.indicator_id)
        .where(
            Document.next_unit_id == document.unit_id,
            Document.period_id == document.period_id,
            Indicator.code == OLDER,
            *_seen(scope),
        )
        .group_by(Document.unit_id)
    )
    return {unit_id: value for unit_id, value in session.execute(statement) if value is not None}


def _last_results(
    session: Session, document: Document, scope: Scope, codes: set[str]
) -> dict[int, dict[str, int]]:
    """Sum what the units' released documents of the period before gave, over its phases."""
    before = aliased(Period)
    last_end = (
        select(func.max(before.ends_on))
        .join(Document, Document.period_id == before.id)
        .where(
            Document.next_unit_id == document.unit_id,
            Document.released_number.is_not(None),
            before.ends_on < document.period.starts_on,
        )
        .scalar_subquery()
    )
    statement = (
        select(
            Document.unit_id, Indicator.code, func.sum(Target.value_min), func.max(Target.value_min)
        )
        .join(
            Revision,
            (Revision.document_id == Document.id) & (Revision.number == Document.released_number),
        )
        .join(Target, Target.revision_id == Revision.id)
        .join(Indicator, Indicator.id == Target.indicator_id)
        .join(Period, Period.id == Document.period_id)
        .where(
            Document.next_unit_id == document.unit_id,
            Document.feeds_synthesis,
            Period.ends_on == last_end,
            Indicator.code.in_(codes),
            *_seen(scope),
        )
        .group_by(Document.unit_id, Indicator.code)
    )
    found: dict[int, dict[str, int]] = {}
    for unit_id, code, total, most in session.execute(statement):
        value = most if code == OLDER else total
        if value is not None:
            found.setdefault(unit_id, {})[code] = int(value)
    return found


def _seen(scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return documents_seen(scope), revisions_seen(scope)


def refusal(rule: SplitRule, units: Sequence[Receiver], code: str) -> Message | None:
    """Say why a rule cannot be offered for an indicator; None where it can."""
    if rule is SplitRule.COMMUNES and not any(one.communes for one in units):
        return Message(N_("Các đơn vị nhận chỉ tiêu đều là xã."))
    unknown = [one.unit.full_name for one in units if one.weight(rule, code) is None]
    if unknown:
        what = _UNKNOWN[rule]
        return Message(what, {"units": _some(unknown), "count": len(unknown)})
    if not any(one.weight(rule, code) for one in units):
        return Message(N_("Mọi đơn vị đều bằng 0, không có gì để chia theo."))
    return None


_UNKNOWN = {
    SplitRule.OLDER_POPULATION: N_("Chưa biết số người cao tuổi của %(count)s đơn vị: %(units)s."),
    SplitRule.LAST_RESULT: N_("Chưa có kết quả kỳ trước của %(count)s đơn vị: %(units)s."),
}
_NAMED = 3


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
