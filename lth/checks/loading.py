"""A whole plan out of the database, as the one value that the checks judge and a file says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from lth.access.scope import Scope, below
from lth.content import line_storage, model, targets
from lth.content.model import Content, PhaseSpan, PlanUnit, Span
from lth.content.schema import LINE_TYPES, ContentLine
from lth.models import Document, Indicator, Phase, Revision, Section, Target, Unit
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.parts import Part
from lth.models.unit import Level
from lth.programmes import catalogue
from lth.quotas import parent_plan

Assigned = Mapping[parent_plan.Place, tuple[Indicator, int]]

ONE_DAY = timedelta(days=1)

COMMITTEE = "Ủy ban nhân dân"
"""Who issues a unit's documents; a plan is in Vietnamese, whatever the page's language."""


@dataclass(frozen=True)
class AskedFromAbove:
    """Demands of the next step's plan in force on a plan: its norms and the unit's own quotas."""

    revision: Revision | None
    norms: Sequence[Target]
    quotas: Assigned


def content_of(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    *,
    communes: int | None = None,
    indicators: Iterable[Indicator] | None = None,
    parts: Mapping[str, list[ContentLine]] | None = None,
) -> Content:
    """Return a revision of a plan as one value, in seven queries at most; the scope is checked
    already.

    Who has counted the communes within the unit already, or read the programme's indicators or
    the parts, spares one query each. Numbers, dates and signatures are not content here: they
    come by the act of issuing, so the document is not `final`.
    """
    if indicators is None:
        indicators = catalogue.indicators(session, document.programme_id)
    known = {one.code: one for one in indicators}
    phases, quotas = _phases_and_quotas(session, document, scope, known.values())
    return put_together(
        session,
        document,
        revision,
        phases=phases,
        indicators=known,
        rows=_targets(session, revision.id),
        sections=_sections(session, revision.id),
        parts=line_storage.of_revision(session, revision.id) if parts is None else parts,
        asked=_asked(session, document, scope, quotas),
        communes=communes,
    )


def put_together(
    session: Session,
    document: Document,
    revision: Revision,
    *,
    phases: Sequence[Phase],
    indicators: Mapping[str, Indicator],
    rows: Iterable[Target],
    sections: Iterable[Section],
    parts: Mapping[str, Sequence[ContentLine]],
    asked: AskedFromAbove,
    communes: int | None,
) -> Content:
    codes = {phase.id: phase.code for phase in phases}
    names = {indicator.id: indicator.code for indicator in indicators.values()}
    made_on = _made_on(document, parts)
    return Content(
        programme=document.programme.code,
        place=_place(session, document, communes),
        period=_span(document.period),
        phases=tuple(PhaseSpan(phase.code, _span(phase)) for phase in phases),
        indicators=indicators,
        targets=tuple(_target(row, names, codes) for row in rows),
        sections=tuple(model.SectionText(row.line_key, row.title, row.body) for row in sections),
        floors=tuple(_floors(asked, names, codes)),
        parent_issuer=f"{COMMITTEE} {document.next_unit.full_name}" if document.next_unit else "",
        parent_paper=parent_plan.reference(asked.revision) if asked.revision else "",
        made_on=made_on,
        final=False,
        **model.of_parts(parts),
    )


def counted(content: Content) -> dict[str, int]:
    """Say how many lines each part has; the header is there from the start and counts for none."""
    return {part: len(content.lines(part)) for part, one in LINE_TYPES.items() if not one.single}


def _span(years: Any) -> Span:
    """Return the years of a period or a phase."""
    return Span(years.starts_on.year, years.ends_on.year)


def _target(row: Target, names: Mapping[int, str], codes: Mapping[int, str]) -> model.TargetLine:
    return model.TargetLine(
        key=row.line_key,
        indicator=names[row.indicator_id],
        phase=codes[row.phase_id],
        comparator=row.comparator,
        low=row.value_min,
        high=row.value_max,
        scope=row.scope,
        counts_from=row.counts_from,
        numerator=row.numerator_code,
        denominator=row.denominator_code,
        area=row.area_type,
        parent_share_key=row.parent_share_key,
        wording=row.wording,
        source_ref=row.source_ref,
    )


def _floors(
    asked: AskedFromAbove, names: Mapping[int, str], codes: Mapping[int, str]
) -> Iterable[model.TargetLine]:
    """List the norms above as they stand there, and the quotas as what is at least asked for."""
    yield from (_target(norm, names, codes) for norm in asked.norms)
    cited = parent_plan.reference(asked.revision) if asked.revision else ""
    for (_, phase_id), (indicator, value) in asked.quotas.items():
        yield model.TargetLine(
            key=targets.line_key(indicator.code, codes[phase_id]),
            indicator=indicator.code,
            phase=codes[phase_id],
            comparator=Comparator.GTE,
            low=value,
            scope=TargetScope(indicator.extra.get("scope", TargetScope.UNIT)),
            counts_from=CountsFrom(indicator.extra.get("counts_from", CountsFrom.NEW)),
            source_ref=cited,
        )


def _made_on(document: Document, parts: Mapping[str, list[ContentLine]]) -> date:
    """Return the day that the plan was begun, or the newest day in its dossier.

    Who finishes later what belongs to an earlier time does it under the rules of that time: no
    plan is made after its period, nor by a unit that has ended.
    """
    written = [
        line.dated_on
        for part in (Part.PAPER, Part.BASIS)
        for line in parts[part]
        if line.dated_on is not None
    ]
    ends = document.unit.valid_to
    last = document.period.ends_on if ends is None else min(document.period.ends_on, ends - ONE_DAY)
    return max([min(document.created_at.date(), last), *written])


def _place(session: Session, document: Document, communes: int | None) -> PlanUnit:
    above_it = document.next_unit
    if communes is None and document.unit.level is not Level.COMMUNE:
        communes = session.scalar(communes_of(document))
    return PlanUnit(
        name=document.unit.full_name,
        level=document.unit.level,
        parent_name=above_it.full_name if above_it else "",
        parent_level=above_it.level if above_it else None,
        communes=communes,
    )


# --- Reading ------------------------------------------------------------------------------


def communes_of(document: Document) -> Select[tuple[int]]:
    """Say how many units of the lowest tier are within a plan's unit at its period's start."""
    one, on = aliased(Unit), document.period.starts_on
    return (
        select(func.count())
        .select_from(one)
        .where(
            below(one.path, document.unit.path),
            one.level == Level.COMMUNE,
            one.valid_from <= on,
            one.valid_to.is_(None) | (one.valid_to > on),
        )
    )


def _phases_and_quotas(
    session: Session, document: Document, scope: Scope, indicators: Iterable[Indicator]
) -> tuple[list[Phase], Assigned]:
    """Return the phases of a plan's period in order, and what the plan above assigns in each."""
    given = parent_plan.assigned(document, scope).subquery()
    statement = (
        select(Phase, given.c.indicator_id, given.c.value)
        .outerjoin(given, given.c.phase_id == Phase.id)
        .where(Phase.period_id == document.period_id)
        .order_by(Phase.ordinal)
    )
    known = {indicator.id: indicator for indicator in indicators}
    phases: dict[int, Phase] = {}
    quotas: dict[parent_plan.Place, tuple[Indicator, int]] = {}
    for phase, indicator_id, value in session.execute(statement):
        phases[phase.id] = phase
        if value is not None:
            quotas[indicator_id, phase.id] = (known[indicator_id], value)
    return list(phases.values()), quotas


def _targets(session: Session, revision_id: int) -> Sequence[Target]:
    """List the targets of a revision in the order of the drafting page."""
    statement = (
        select(Target)
        .join(Target.indicator)
        .join(Target.phase)
        .where(Target.revision_id == revision_id)
        .order_by(Indicator.ordinal, Indicator.id, Phase.ordinal, Target.line_key)
    )
    return session.scalars(statement).all()


def _sections(session: Session, revision_id: int) -> Sequence[Section]:
    statement = (
        select(Section)
        .where(Section.revision_id == revision_id)
        .order_by(Section.ordinal, Section.line_key)
    )
    return session.scalars(statement).all()


def _asked(session: Session, document: Document, scope: Scope, quotas: Assigned) -> AskedFromAbove:
    statement = (
        parent_plan.in_force(document.next_unit_id, document.period_id, scope)
        .outerjoin(Target, Target.revision_id == Revision.id)
        .add_columns(Target)
        .options(joinedload(Target.indicator))
        .order_by(Target.line_key)
    )
    rows = session.execute(statement).all()
    norms = [one for _, one in rows if one is not None and targets.is_norm(one)]
    return AskedFromAbove(rows[0][0] if rows else None, norms, quotas)
