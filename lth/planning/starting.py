"""Starting a document: from the next step's issued plan, from last time's, or empty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lth.access.actor import Actor
from lth.access.scope import Scope, revisions_seen
from lth.i18n import N_, Message
from lth.models import Phase, Plan, Revision, Section, Target, Unit
from lth.models.content import Comparator
from lth.models.plan import Kind
from lth.models.programme import Period
from lth.planning import above, catalogue, outline, targets
from lth.planning.record import LONGEST_SOURCE, first_values
from lth.workflow import operations
from lth.workflow.errors import BlockedError
from lth.workflow.revisions import content_columns


class Source(StrEnum):
    """What a new document starts from."""

    ABOVE = "above"
    LAST = "last"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Offer:
    """A source, and what it would bring; `reason` says why it is not possible, if it is not."""

    source: Source
    reason: Message | None = None
    unit_name: str = ""
    period_code: str = ""
    document_number: str = ""
    issued_on: date | None = None
    sections: int = 0
    norms: int = 0
    quotas: int = 0
    targets: int = 0

    @property
    def possible(self) -> bool:
        return self.reason is None


def sources(
    session: Session, actor: Actor, period: Period, kind: Kind, scope: Scope
) -> list[Offer]:
    """What the actor's unit could start a document from, the best first."""
    unit = session.get_one(Unit, actor.unit_id)
    next_unit_id = unit.ancestor_ids[-1] if unit.ancestor_ids else None
    return [
        _offer_above(session, unit.id, next_unit_id, period, kind, scope),
        _offer_last(session, unit.id, period, kind, scope),
        Offer(Source.EMPTY, sections=len(outline.STANDARD[kind])),
    ]


def start(
    session: Session, actor: Actor, period: Period, kind: Kind, *, source: Source, now: datetime
) -> Plan:
    """Create a document of the actor's unit and fill it from its source; the caller commits.

    Raises what `operations.start` raises, and BlockedError where there is no such source.
    """
    plan, revision = operations.start(session, actor, period, kind, now=now)
    scope = Scope.of(actor)
    if source is Source.ABOVE:
        _from_above(session, plan, revision, scope)
    elif source is Source.LAST:
        _from_last(session, plan, revision, scope)
    else:
        _add_sections(session, revision, _standard(kind))
    revision.edit_count = 1  # the version of the lines it starts with
    session.flush()
    return plan


# --- From the next step's plan ------------------------------------------------------------


def _why_not_above(kind: Kind, next_unit_id: int | None) -> Message | None:
    if kind is not Kind.PLAN:
        return Message(N_("Bản tổng hợp lấy số liệu từ các đơn vị cấp dưới."))
    if next_unit_id is None:
        return Message(N_("Đơn vị không có cấp trên trên đường trình."))
    return None


def _nothing_above() -> Message:
    return Message(N_("Cấp trên chưa ban hành kế hoạch cho kỳ này."))


def _offer_above(
    session: Session,
    unit_id: int,
    next_unit_id: int | None,
    period: Period,
    kind: Kind,
    scope: Scope,
) -> Offer:
    reason = _why_not_above(kind, next_unit_id)
    if reason is not None:
        return Offer(Source.ABOVE, reason)
    revision = session.scalars(above.in_force(next_unit_id, period.id, scope)).first()
    if revision is None:
        return Offer(Source.ABOVE, _nothing_above())
    norms = [one for one in _targets(session, revision.id) if targets.is_norm(one)]
    assigned = above.quotas(session, unit_id, next_unit_id, period.id, scope)
    return Offer(
        Source.ABOVE,
        unit_name=session.get_one(Unit, next_unit_id).full_name,
        period_code=period.code,
        document_number=revision.document_number or "",
        issued_on=revision.issued_on,
        sections=len(_merged_titles(_sections(session, revision.id), kind)),
        norms=len(norms),
        quotas=len(assigned),
        targets=len(norms) + len(assigned),
    )


def _from_above(session: Session, plan: Plan, revision: Revision, scope: Scope) -> None:
    """Titles and norms of the plan above, and the quotas that it assigns, as first figures."""
    reason = _why_not_above(plan.kind, plan.next_unit_id)
    if reason is not None:
        raise BlockedError(reason)
    theirs = session.scalars(above.in_force(plan.next_unit_id, plan.period_id, scope)).first()
    if theirs is None:
        raise BlockedError(_nothing_above())
    titles = _merged_titles(_sections(session, theirs.id), plan.kind)
    _add_sections(session, revision, [(key, title, "") for key, title in titles])
    cited = above.reference(theirs)
    lines = {
        norm.line_key: _copied(norm, source_ref=_cite(cited, norm.source_ref))
        for norm in _targets(session, theirs.id)
        if targets.is_norm(norm)
    }
    for line in _quota_lines(session, plan, scope, cited):
        lines.setdefault(line["line_key"], line)
    _drop_lost_parents(lines.values())
    session.add_all(Target(revision_id=revision.id, **line) for line in lines.values())


def _cite(cited: str, source_ref: str) -> str:
    """Where a norm comes from: the document above, and the place that it names in turn."""
    return (f"{cited}; {source_ref}" if source_ref else cited)[:LONGEST_SOURCE]


def _quota_lines(session: Session, plan: Plan, scope: Scope, cited: str) -> list[dict[str, Any]]:
    """A line for each figure assigned from above: it starts as what is asked for."""
    assigned = above.quotas(session, plan.unit_id, plan.next_unit_id, plan.period_id, scope)
    phases = {phase.id: phase for phase in _phases(session, plan.period_id)}
    return [
        {
            **first_values(indicator),
            "line_key": targets.line_key(indicator.code, phases[phase_id].code),
            "indicator_id": indicator.id,
            "phase_id": phase_id,
            "comparator": Comparator.EQ,
            "value_min": value,
            "source_ref": cited,
        }
        for (_, phase_id), (indicator, value) in assigned.items()
    ]


def _merged_titles(theirs: Iterable[Section], kind: Kind) -> list[tuple[str, str]]:
    """The sections of the plan above by key and title, and the standard ones that it lacks."""
    titles = {section.line_key: section.title for section in theirs}
    for one in outline.STANDARD[kind]:
        titles.setdefault(one.key, one.title)
    return list(titles.items())


# --- From last time -----------------------------------------------------------------------


def _offer_last(session: Session, unit_id: int, period: Period, kind: Kind, scope: Scope) -> Offer:
    found = _last(session, unit_id, kind, scope, before=None)
    if found is None:
        return Offer(Source.LAST, _nothing_last())
    plan, revision = found
    lines = _renewed(session, plan, revision, period.id, period.programme_id)
    return Offer(
        Source.LAST,
        unit_name=session.get_one(Unit, unit_id).full_name,
        period_code=plan.period.code,
        document_number=revision.document_number or "",
        issued_on=revision.issued_on,
        sections=_count_sections(session, revision.id),
        targets=len(lines),
    )


def _nothing_last() -> Message:
    return Message(N_("Đơn vị chưa có văn bản cùng loại nào trước đây."))


def _from_last(session: Session, plan: Plan, revision: Revision, scope: Scope) -> None:
    found = _last(session, plan.unit_id, plan.kind, scope, before=plan.id)
    if found is None:
        raise BlockedError(_nothing_last())
    old_plan, old = found
    kept = {
        section.line_key: (section.title, section.body) for section in _sections(session, old.id)
    }
    for one in outline.STANDARD[plan.kind]:
        kept.setdefault(one.key, (one.title, ""))
    _add_sections(session, revision, [(key, title, body) for key, (title, body) in kept.items()])
    lines = _renewed(session, old_plan, old, plan.period_id, plan.programme_id)
    session.add_all(Target(revision_id=revision.id, **line) for line in lines)


def _last(
    session: Session, unit_id: int, kind: Kind, scope: Scope, *, before: int | None
) -> tuple[Plan, Revision] | None:
    """The unit's last document of a kind, by the start of its period, and its newest content."""
    statement = (
        select(Plan, Revision)
        .join(Revision, (Revision.plan_id == Plan.id) & (Revision.number == Plan.head_number))
        .join(Plan.period)
        .options(contains_eager(Plan.period))
        .where(Plan.unit_id == unit_id, Plan.kind == kind, revisions_seen(scope))
        .order_by(Period.starts_on.desc(), Plan.id.desc())
        .limit(1)
    )
    if before is not None:
        statement = statement.where(Plan.id != before)
    found = session.execute(statement).first()
    return None if found is None else (found[0], found[1])


def _renewed(
    session: Session, plan: Plan, revision: Revision, period_id: int, programme_id: int
) -> list[dict[str, Any]]:
    """Last time's lines as lines of a new period, as far as it has their phases and indicators.

    A synthesis brings none: its figures are computed. Phases match by their order. Under another
    programme only the unit's own figures go over, since that one has norms of its own.
    """
    if plan.kind is not Kind.PLAN:
        return []
    pairs = zip(_phases(session, plan.period_id), _phases(session, period_id), strict=False)
    phases = {old.id: new for old, new in pairs}
    same = plan.programme_id == programme_id
    known = {row.code: row for row in catalogue.indicators(session, programme_id)}
    lines: dict[str, dict[str, Any]] = {}
    renamed: dict[str, str] = {}
    for target in _targets(session, revision.id):
        indicator = known.get(target.indicator.code)
        phase = phases.get(target.phase_id)
        if phase is None or indicator is None or indicator.measure is not target.indicator.measure:
            continue
        if same or not targets.is_norm(target):
            key = targets.next_key(lines, indicator.code, phase.code)
            renamed[target.line_key] = key
            moved = {"line_key": key, "indicator_id": indicator.id, "phase_id": phase.id}
            lines[key] = _copied(target, **moved)
    for line in lines.values():
        line["parent_share_key"] = renamed.get(line["parent_share_key"])
    return list(lines.values())


# --- Shared -------------------------------------------------------------------------------

_COMPUTED = {"counted", "incomparable", "in_range"}


def _copied(target: Target, **changed: Any) -> dict[str, Any]:
    """A target's content as columns of a new line, some of them changed."""
    names = [name for name in content_columns(Target) if name not in _COMPUTED]
    return {name: getattr(target, name) for name in names} | changed


def _drop_lost_parents(lines: Iterable[dict[str, Any]]) -> None:
    """A share of a line that did not come along is a share of nothing."""
    lines = list(lines)
    keys = {line["line_key"] for line in lines}
    for line in lines:
        if line["parent_share_key"] not in keys:
            line["parent_share_key"] = None


def _standard(kind: Kind) -> list[tuple[str, str, str]]:
    return [(one.key, one.title, "") for one in outline.STANDARD[kind]]


def _add_sections(
    session: Session, revision: Revision, sections: Iterable[tuple[str, str, str]]
) -> None:
    session.add_all(
        Section(revision_id=revision.id, ordinal=ordinal, line_key=key, title=title, body=body)
        for ordinal, (key, title, body) in enumerate(sections, 1)
    )


def _sections(session: Session, revision_id: int) -> Sequence[Section]:
    statement = (
        select(Section)
        .where(Section.revision_id == revision_id)
        .order_by(Section.ordinal, Section.line_key)
    )
    return session.scalars(statement).all()


def _count_sections(session: Session, revision_id: int) -> int:
    statement = select(func.count()).where(Section.revision_id == revision_id)
    return session.scalar(statement) or 0


def _targets(session: Session, revision_id: int) -> Sequence[Target]:
    statement = (
        select(Target)
        .where(Target.revision_id == revision_id)
        .options(joinedload(Target.indicator))
        .order_by(Target.line_key)
    )
    return session.scalars(statement).all()


def _phases(session: Session, period_id: int) -> Sequence[Phase]:
    statement = select(Phase).where(Phase.period_id == period_id).order_by(Phase.ordinal)
    return session.scalars(statement).all()
