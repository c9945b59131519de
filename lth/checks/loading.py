"""A whole plan out of the database, as the one value that the checks judge and a file says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, null, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from lth.access.scope import Scope, below
from lth.content import line_storage, model, targets
from lth.content.model import Content, PhaseSpan, PlanUnit, Span
from lth.content.schema import LINE_TYPES, ContentLine
from lth.models import Document, Indicator, Person, Phase, Revision, Section, Target, Unit
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.kind import Figures
from lth.models.parts import Part
from lth.models.quota import Move
from lth.models.unit import Level
from lth.quotas import parent_plan
from lth.workflow.kinds import sections_of

ONE_DAY = timedelta(days=1)

COMMITTEE = "Ủy ban nhân dân"
"""Who issues a unit's documents; a plan is in Vietnamese, whatever the page's language."""


class Assigned(NamedTuple):
    """A figure that the plan above assigns, the last move over it, and what that spoke for."""

    value: int
    move: Move | None
    proposed: int | None


@dataclass(frozen=True)
class ContentRows:
    """The rows that a revision's content is made of, and those that it is held against.

    `targets` and `sections` come with the names of their writers, in the page's order. `above` is
    the next step's plan in force, `norms` are those of its targets that hold everywhere, `assigned`
    are the unit's own quotas. `communes` counts the units of the lowest tier within the unit, where
    it has others below.
    """

    document: Document
    revision: Revision
    indicators: Mapping[str, Indicator]
    phases: Sequence[Phase]
    assigned: Mapping[parent_plan.Place, Assigned]
    communes: int | None
    targets: Sequence[tuple[Target, str]]
    sections: Sequence[tuple[Section, str]]
    parts: Mapping[str, Sequence[ContentLine]]
    above: Revision | None
    norms: Sequence[Target]


def content_of(session: Session, document: Document, revision: Revision, scope: Scope) -> Content:
    """Read a revision as one value, in five queries; the caller has checked the scope."""
    return put_together(read(session, document, revision, scope))


def read(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    parts: Mapping[str, Sequence[ContentLine]] | None = None,
    *,
    above: bool = True,
) -> ContentRows:
    """Read the rows of a revision, in five queries, or four where its `parts` are read already or
    what stands `above` it is not asked for.

    A document of a kind that has no parts and no checks takes three. The caller has checked the
    scope.
    """
    indicators, phases, assigned, communes = _places(session, document, scope)
    held = above and document.kind.checked
    in_force, norms = _norms_above(session, document, scope) if held else (None, [])
    written = _targets(session, revision.id) if _has_targets(document) else []
    if parts is None and not document.kind.parts:
        parts = {part: [] for part in LINE_TYPES}
    return ContentRows(
        document=document,
        revision=revision,
        indicators=indicators,
        phases=[*_whole(written), *phases],
        assigned=assigned,
        communes=communes,
        targets=written,
        sections=_sections(session, revision.id),
        parts=line_storage.of_revision(session, revision.id) if parts is None else parts,
        above=in_force,
        norms=norms,
    )


def _has_targets(document: Document) -> bool:
    return document.kind.figures is Figures.TARGETS


def _whole(written: Iterable[tuple[Target, str]]) -> list[Phase]:
    """The period as a whole, where the plan has a figure for it beside those of its phases."""
    phases = (target.phase for target, _ in written)
    return [phase for phase in phases if phase.whole_of_id is not None][:1]


def put_together(rows: ContentRows) -> Content:
    """Return the content that rows hold, without a query.

    Numbers, dates and signatures are not content here: they come by the act of issuing, so the
    document is not `final`.
    """
    document, next_unit = rows.document, rows.document.next_unit
    codes = {phase.id: phase.code for phase in rows.phases}
    names = {indicator.id: indicator.code for indicator in rows.indicators.values()}
    return Content(
        programme=document.programme.code,
        standard=sections_of(document.kind, document.programme),
        place=PlanUnit(
            name=document.unit.full_name,
            level=document.unit.level,
            parent_name=next_unit.full_name if next_unit else "",
            parent_level=next_unit.level if next_unit else None,
            communes=rows.communes,
        ),
        period=_span(document.period),
        phases=tuple(PhaseSpan(phase.code, _span(phase)) for phase in rows.phases),
        indicators=rows.indicators,
        targets=tuple(_target(target, names, codes) for target, _ in rows.targets),
        sections=tuple(
            model.SectionText(section.line_key, section.title, section.body)
            for section, _ in rows.sections
        ),
        floors=tuple(_floors(rows, names, codes)),
        parent_issuer=f"{COMMITTEE} {next_unit.full_name}" if next_unit else "",
        parent_paper=parent_plan.reference(rows.above) if rows.above else "",
        made_on=_made_on(document, rows.parts),
        final=False,
        **model.of_parts(rows.parts),
    )


def counted(content: Content) -> dict[str, int]:
    """Say how many lines each part has; the header is there from the start and counts for none."""
    return {part: len(content.lines(part)) for part, one in LINE_TYPES.items() if not one.single}


def _span(years: Any) -> Span:
    """Return the years of a period or a phase."""
    return Span(years.starts_on.year, years.ends_on.year)


def held_in(phases: Sequence[Phase], norms: Iterable[Target]) -> Iterator[tuple[Phase, Target]]:
    """Yield the norms with the phases that they hold in: one for the whole period in each."""
    for norm in norms:
        whole = norm.phase_id not in {phase.id for phase in phases if phase.whole_of_id is None}
        for phase in phases:
            if phase.id == norm.phase_id or (whole and phase.whole_of_id is None):
                yield phase, norm


def _target(
    row: Target, names: Mapping[int, str], codes: Mapping[int, str], phase_id: int | None = None
) -> model.TargetLine:
    return model.TargetLine(
        key=row.line_key,
        indicator=names[row.indicator_id],
        phase=codes[phase_id or row.phase_id],
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
    rows: ContentRows, names: Mapping[int, str], codes: Mapping[int, str]
) -> Iterable[model.TargetLine]:
    """The norms above as they stand there, and the quotas as what is at least asked for."""
    yield from (
        _target(norm, names, codes, phase.id) for phase, norm in held_in(rows.phases, rows.norms)
    )
    cited = parent_plan.reference(rows.above) if rows.above else ""
    for (indicator_id, phase_id), assigned in rows.assigned.items():
        indicator = rows.indicators[names[indicator_id]]
        yield model.TargetLine(
            key=targets.line_key(indicator.code, codes[phase_id]),
            indicator=indicator.code,
            phase=codes[phase_id],
            comparator=Comparator.GTE,
            low=assigned.value,
            scope=TargetScope(indicator.extra.get("scope", TargetScope.UNIT)),
            counts_from=CountsFrom(indicator.extra.get("counts_from", CountsFrom.NEW)),
            source_ref=cited,
        )


def _made_on(document: Document, parts: Mapping[str, Sequence[ContentLine]]) -> date:
    """The day that the plan was begun, or the newest day in its dossier.

    Who finishes later what belongs to an earlier time does it under the rules of that time: no
    plan is made after its period, nor by a unit that has ended. One that came from a file keeps
    the day that the file names.
    """
    own = [line.made_on for line in parts[Part.HEADER] if line.made_on is not None]
    if own:
        return own[0]
    written = [
        line.dated_on
        for part in (Part.PAPER, Part.BASIS)
        for line in parts[part]
        if line.dated_on is not None
    ]
    ends = document.unit.valid_to
    last = document.period.ends_on if ends is None else min(document.period.ends_on, ends - ONE_DAY)
    return max([min(document.created_at.date(), last), *written])


# --- Reading ------------------------------------------------------------------------------


def _communes_of(document: Document) -> Select[tuple[int]]:
    """How many units of the lowest tier there are within a plan's unit at its period's start."""
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


def _places(
    session: Session, document: Document, scope: Scope
) -> tuple[dict[str, Indicator], list[Phase], dict[parent_plan.Place, Assigned], int | None]:
    """Read the programme's indicators and the period's phases in order, what the plan above
    assigns in each, and how many communes there are within a unit with others below.
    """
    given = parent_plan.assigned(document, scope).subquery()
    here = (given.c.indicator_id == Indicator.id) & (given.c.phase_id == Phase.id)
    counts = document.unit.level is not Level.COMMUNE
    communes = _communes_of(document).scalar_subquery() if counts else null()
    statement = (
        select(Indicator, Phase, given.c.value, given.c.move, given.c.said, communes)
        .select_from(Indicator)
        .join(Phase, Phase.period_id == document.period_id)
        .outerjoin(given, here)
        .where(Indicator.programme_id == document.programme_id)
        .order_by(Indicator.ordinal, Indicator.id, Phase.ordinal)
    )
    indicators: dict[str, Indicator] = {}
    phases: dict[int, Phase] = {}
    assigned: dict[parent_plan.Place, Assigned] = {}
    rows = session.execute(statement).all()
    for indicator, phase, value, move, proposed, _ in rows:
        indicators[indicator.code] = indicator
        phases[phase.id] = phase
        if value is not None:
            assigned[indicator.id, phase.id] = Assigned(value, move, proposed)
    return indicators, list(phases.values()), assigned, rows[0][-1] if rows else None


def _targets(session: Session, revision_id: int) -> list[tuple[Target, str]]:
    statement = (
        select(Target, Person.name)
        .join(Target.indicator)
        .join(Target.phase)
        .options(contains_eager(Target.phase))
        .outerjoin(Person, Person.id == Target.edited_by_id)
        .where(Target.revision_id == revision_id)
        .order_by(Indicator.ordinal, Indicator.id, Phase.ordinal, Target.line_key)
    )
    return [(target, author or "") for target, author in session.execute(statement)]


def _sections(session: Session, revision_id: int) -> list[tuple[Section, str]]:
    statement = (
        select(Section, Person.name)
        .outerjoin(Person, Person.id == Section.edited_by_id)
        .where(Section.revision_id == revision_id)
        .order_by(Section.ordinal, Section.line_key)
    )
    return [(section, author or "") for section, author in session.execute(statement)]


def _norms_above(
    session: Session, document: Document, scope: Scope
) -> tuple[Revision | None, list[Target]]:
    """Read the next step's plan in force, and those of its targets that hold everywhere."""
    statement = (
        parent_plan.in_force(document.next_unit_id, document.period_id, scope)
        .outerjoin(Target, Target.revision_id == Revision.id)
        .add_columns(Target)
        .options(joinedload(Target.indicator))
        .order_by(Target.line_key)
    )
    rows = session.execute(statement).all()
    norms = [target for _, target in rows if target is not None and targets.is_norm(target)]
    return rows[0][0] if rows else None, norms
