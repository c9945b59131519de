"""A unit's plan of a period as it is now, begun or not, to hold what was read against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content.model import Span
from lth.core.errors import NotFoundError
from lth.drafting import parts_sheet
from lth.drafting.locking import Locks
from lth.drafting.parts_sheet import LineRow
from lth.models import Document, Indicator, Period, Phase, Revision, Section, Target
from lth.programmes import catalogue
from lth.workflow import documents, kinds
from lth.workflow.kinds import sections_of
from lth.workflow.states import WRITTEN
from lth.workflow.writing import require_drafter


@dataclass(frozen=True)
class SectionNow:
    """A section's title, text and version; version 0 where the plan is not begun."""

    key: str
    title: str
    body: str = ""
    version: int = 0


@dataclass(frozen=True)
class PlanNow:
    """What is in the plan by now; `document` is None where it is not begun.

    Behind the phases that divide the period `phases` has the whole of it, where it has several.
    """

    period: Period
    phases: Sequence[Phase]
    indicators: Mapping[str, Indicator]
    sections: Sequence[SectionNow]
    document: Document | None = None
    revision: Revision | None = None
    locks: Locks = field(default_factory=Locks)
    targets: Sequence[Target] = ()
    rows: Mapping[str, Sequence[LineRow]] = field(default_factory=dict)

    @property
    def writable(self) -> bool:
        """Tell whether items can be taken: it is being written, or can be begun."""
        return self.document is None or self.document.status in WRITTEN

    @property
    def parts(self) -> list[Phase]:
        """List the phases that divide the period."""
        return [phase for phase in self.phases if phase.whole_of_id is None]

    def phase_code(self, span: Span | None) -> str | None:
        """Return the code of the phase of some years; None where the plan has none of those."""
        if span is None:
            return None
        for phase in self.phases:
            first, last = phase.starts_on.year, phase.ends_on.year
            if last == span.end and span.start in {None, first}:
                return phase.code
        return None

    def on(self, indicator: str, phase: str) -> list[Target]:
        """List the lines of an indicator in a phase."""
        found = self.indicators[indicator].id
        ids = {one.id for one in self.phases if one.code == phase}
        return [one for one in self.targets if one.indicator_id == found and one.phase_id in ids]


def plan_now(session: Session, actor: Actor, period: Period) -> PlanNow:
    """Read the actor's unit's plan of a period; the period's programme must be loaded.

    Raises NotYoursError for who does not draft it.
    """
    scope = Scope.of(actor)
    indicators = {row.code: row for row in catalogue.indicators(session, period.programme_id)}
    phases = session.scalars(
        select(Phase)
        .where(catalogue.phases_of(period.id))
        .order_by(Phase.whole_of_id.is_not(None), Phase.ordinal)
    ).all()
    document = None
    if actor.unit_id is not None:
        document = documents.begun(session, actor.unit_id, period.id, kinds.filed(), scope)
    if document is None:
        standard = [
            SectionNow(one.key, one.title) for one in sections_of(kinds.filed(), period.programme)
        ]
        return PlanNow(period, phases, indicators, standard)
    document, revision, _ = documents.with_head(session, document.id, scope)
    require_drafter(actor, document)
    if revision is None:
        raise NotFoundError
    return PlanNow(
        period,
        phases,
        indicators,
        _sections(session, revision),
        document,
        revision,
        Locks.of(revision),
        _targets(session, revision),
        parts_sheet.rows_of(session, revision, (), Locks.of(revision)),
    )


def _targets(session: Session, revision: Revision) -> Sequence[Target]:
    of = select(Target).where(Target.revision_id == revision.id).order_by(Target.line_key)
    return session.scalars(of.execution_options(populate_existing=True)).all()


def _sections(session: Session, revision: Revision) -> list[SectionNow]:
    of = select(Section).where(Section.revision_id == revision.id).order_by(Section.ordinal)
    found = session.scalars(of.execution_options(populate_existing=True))
    return [SectionNow(one.line_key, one.title, one.body, one.version) for one in found]
