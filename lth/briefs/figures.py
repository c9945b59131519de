"""Hold a document's figures against what was assigned and what the programme asks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, defer

from lth.access.scope import Scope, documents_seen, quotas_seen
from lth.content import targets
from lth.content.targets import UPPER, Figure
from lth.models import Document, Indicator, Phase, Quota, Target
from lth.models.content import TargetScope
from lth.models.programme import RollUp
from lth.synthesis.sheet import total_of
from lth.synthesis.totals import own_scope
from lth.workflow.kinds import handing_down

Place = tuple[int, int]
"""Indicator id and phase id."""

LONG = (Indicator.help_vi, Indicator.help_en)

HEADLINES = ("clubs_new", "members_total")
"""The figures that say most of a plan."""


@dataclass(frozen=True)
class BriefFigure:
    """One figure in one phase, in the indicator's measure.

    `figure` is None where there is no number; `quota` is what was assigned, `norm` what the
    programme holds it to. Of a synthesis, `kept` of `judged` units keep to the norm.
    """

    indicator: Indicator
    phase: Phase
    figure: Figure | None
    quota: int | None = None
    norm: Figure | None = None
    kept: int | None = None
    judged: int = 0

    @property
    def short(self) -> int:
        """Return what is missing to what was assigned, 0 where nothing is."""
        if self.quota is None or self._upper:
            return 0
        value = self.figure.value if self.figure else None
        return max(0, self.quota - (value or 0))

    @property
    def off_norm(self) -> bool:
        """Tell whether it misses what the programme asks: of a synthesis, in some unit."""
        if self.norm is None:
            return False
        if self.kept is not None:
            return self.kept < self.judged
        return self.figure is not None and not _within(self.figure, self.norm)

    @property
    def gap(self) -> bool:
        return self.short > 0 or self.off_norm

    @property
    def _upper(self) -> bool:
        return self.figure is not None and self.figure.comparator in UPPER


def _within(figure: Figure, norm: Figure) -> bool:
    """Tell whether all that a figure allows keeps to a norm."""
    low = figure.low if figure.low is not None else figure.high
    high = figure.high if figure.high is not None else figure.low
    if low is None or high is None:
        return True
    above = norm.low is None or low >= norm.low
    return above and (norm.high is None or high <= norm.high)


@dataclass(frozen=True)
class Lacking:
    """What was assigned to units that are not in a synthesis, together."""

    indicator: Indicator
    phase: Phase
    value: int


# --- Reading ------------------------------------------------------------------------------


def written(session: Session, revision_ids: Collection[int]) -> dict[int, list[Target]]:
    """Read the targets of some revisions, by revision id, in one query.

    The caller has read the revisions within the scope.
    """
    statement = (
        select(Target)
        .join(Target.indicator)
        .join(Target.phase)
        .options(
            contains_eager(Target.indicator).options(*map(defer, LONG)),
            contains_eager(Target.phase),
        )
        .where(Target.revision_id.in_(revision_ids))
        .order_by(Indicator.ordinal, Phase.ordinal, Target.line_key)
    )
    found: dict[int, list[Target]] = {id_: [] for id_ in revision_ids}
    for target in session.scalars(statement):
        found[target.revision_id].append(target)
    return found


Assigned = Mapping[Place, tuple[Indicator, Phase, int]]
"""What is assigned to a unit in a period, by indicator and phase."""


def assigned(session: Session, documents: Sequence[Document], scope: Scope) -> dict[int, Assigned]:
    """Read what the next steps' documents in force assign to the units of some documents, by
    document id, in one query.
    """
    if not documents:
        return {}
    statement = _quotas(scope, Indicator, Phase, Quota.value, Quota.unit_id).add_columns(
        Document.unit_id.label("giver_id"), Document.period_id
    )
    statement = statement.where(
        Quota.unit_id.in_({one.unit_id for one in documents}),
        Document.unit_id.in_({one.next_unit_id for one in documents}),
        Document.period_id.in_({one.period_id for one in documents}),
    )
    of_unit: dict[tuple[int, int | None, int], dict[Place, tuple[Indicator, Phase, int]]] = {}
    for indicator, phase, value, unit_id, giver_id, period_id in session.execute(statement):
        places = of_unit.setdefault((unit_id, giver_id, period_id), {})
        places[indicator.id, phase.id] = (indicator, phase, value)
    return {
        one.id: of_unit.get((one.unit_id, one.next_unit_id, one.period_id), {}) for one in documents
    }


def lacking(
    session: Session,
    absent: Mapping[int, Collection[int]],
    periods: Mapping[int, int],
    scope: Scope,
) -> dict[int, list[Lacking]]:
    """Add up what was assigned to the units that are absent from some syntheses, in one query.

    `absent` are their ids, `periods` the period's, both by document id. Only what adds up.
    """
    units = {unit_id for ids in absent.values() for unit_id in ids}
    if not units:
        return {}
    statement = _quotas(scope, Indicator, Phase, func.sum(Quota.value), Quota.unit_id)
    statement = (
        statement.add_columns(Document.period_id)
        .where(
            Quota.unit_id.in_(units),
            Document.period_id.in_(set(periods.values())),
            Indicator.roll_up == RollUp.SUM,
        )
        .group_by(Indicator.id, Phase.id, Quota.unit_id, Document.period_id)
    )
    rows = session.execute(statement).all()
    return {
        document_id: _together(
            row for row in rows if row.unit_id in ids and row.period_id == periods[document_id]
        )
        for document_id, ids in absent.items()
    }


def _together(rows: Iterable) -> list[Lacking]:
    found: dict[Place, Lacking] = {}
    for indicator, phase, value, *_ in rows:
        place = (indicator.id, phase.id)
        before = found[place].value if place in found else 0
        found[place] = Lacking(indicator, phase, before + int(value))
    return list(found.values())


def _quotas(scope: Scope, *columns) -> Select:
    """Select quotas of documents in force, in the order of the drafting page."""
    return (
        select(*columns)
        .select_from(Quota)
        .join(Document, Document.id == Quota.document_id)
        .join(Indicator, Indicator.id == Quota.indicator_id)
        .join(Phase, Phase.id == Quota.phase_id)
        .options(*map(defer, LONG))
        .where(
            Document.kind.in_(handing_down()),
            Document.in_force_number.is_not(None),
            documents_seen(scope),
            quotas_seen(scope),
        )
        .order_by(Indicator.ordinal, Phase.ordinal)
    )


# --- Putting them together ----------------------------------------------------------------


def held_against(
    document: Document, listed: Iterable[Target], given: Assigned
) -> list[BriefFigure]:
    """Hold each figure against what was assigned and what the programme asks; what was assigned and
    not planned for stands there too. Gaps come first, then what was assigned, then headlines.
    """
    found: dict[Place, BriefFigure] = {}
    for target in listed:
        place = (target.indicator_id, target.phase_id)
        if place not in found and _speaks(target):
            quota = given[place][2] if place in given else None
            found[place] = _figure(document, target, quota)
    for place, (indicator, phase, value) in given.items():
        if place not in found:
            found[place] = BriefFigure(indicator, phase, None, value)
    worth = [one for one in found.values() if one.gap or one.quota is not None or _heads(one)]
    return sorted(worth, key=_weight)


def _speaks(target: Target) -> bool:
    """Tell whether a target speaks of what was assigned and normed, in numbers."""
    whole = target.scope in {TargetScope.UNIT, own_scope(target.indicator)}
    return whole and not (
        target.value_min is None and target.value_max is None and target.in_range is None
    )


def _figure(document: Document, target: Target, quota: int | None) -> BriefFigure:
    indicator = target.indicator
    norm = targets.norm(indicator) if target.scope is own_scope(indicator) else None
    if not document.kind.is_computed:
        return BriefFigure(indicator, target.phase, targets.figure_of(target), quota, norm)
    total = total_of(target)
    return BriefFigure(
        indicator, target.phase, total.figure, quota, norm, total.in_range, total.counted
    )


def _heads(one: BriefFigure) -> bool:
    return one.indicator.code in HEADLINES


def _weight(one: BriefFigure) -> tuple[bool, bool, int, int]:
    return (
        not one.gap,
        not _heads(one),
        one.indicator.ordinal,
        one.phase.ordinal,
    )
