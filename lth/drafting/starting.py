"""Starting a document: from the next step's issued document, from last time's, or empty."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lth.access.actor import Actor
from lth.access.scope import Scope, revisions_seen
from lth.content import derived, targets
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.drafting import figure_rooms, first_parts
from lth.drafting.target_input import LONGEST_SOURCE, first_values
from lth.models import Document, Phase, Revision, Section, Target, Unit
from lth.models.content import Comparator
from lth.models.kind import Kind
from lth.models.programme import Period, Programme
from lth.programmes import catalogue
from lth.quotas import parent_plan
from lth.workflow import operations
from lth.workflow.kinds import sections_of
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
    """List what the actor's unit could start a document from, the best first; in eight queries."""
    unit = session.get_one(Unit, actor.unit_id)
    theirs = _above(session, _next_unit_id(unit), period, kind, scope)
    last = _last(session, unit.id, kind, scope)
    ids = [one.id for one in (theirs, last) if isinstance(one, Revision)]
    content = SourceContent(_sections(session, *ids), _targets(session, *ids))
    return [
        Offer(Source.ABOVE, theirs)
        if isinstance(theirs, Message)
        else _offer_above(session, unit, theirs, content, scope),
        Offer(Source.LAST, _nothing_last())
        if last is None
        else _offer_last(session, unit, last, content, period),
        Offer(Source.EMPTY, sections=len(sections_of(kind, period.programme))),
    ]


@dataclass(frozen=True, slots=True)
class SourceContent:
    """The sections and targets of some revisions, by revision id."""

    sections: Mapping[int, Sequence[Section]]
    targets: Mapping[int, Sequence[Target]]


def start(
    session: Session, actor: Actor, period: Period, kind: Kind, *, source: Source, now: datetime
) -> Document:
    """Create a document of the actor's unit and fill it from its source; the caller commits.

    Raises what `operations.start` raises, and BlockedError where there is no such source.
    """
    document, revision = operations.start(session, actor, period, kind, now=now)
    scope = Scope.of(actor)
    if source is Source.ABOVE:
        _from_above(session, document, revision, scope)
    elif source is Source.LAST:
        _from_last(session, document, revision, scope)
    else:
        _add_sections(session, revision, _standard(kind, document.programme))
    revision.edit_count = max(revision.edit_count, 1)  # the version of the lines it starts with
    session.flush()
    room = figure_rooms.room_of(kind)
    if room is not None:
        room.begin(session, actor, document, revision, now)
    return document


# --- From the next step's document ------------------------------------------------------------


def _next_unit_id(unit: Unit) -> int | None:
    return unit.ancestor_ids[-1] if unit.ancestor_ids else None


def _above(
    session: Session, next_unit_id: int | None, period: Period, kind: Kind, scope: Scope
) -> Revision | Message:
    """Find the next step's document in force with its unit, or say why there is none."""
    if kind.is_computed:
        return Message(N_("Bản tổng hợp lấy số liệu từ các đơn vị cấp dưới."))
    if not kind.starts_from_above:
        return Message(N_("Loại văn bản này không lập từ văn bản của cấp trên."))
    if next_unit_id is None:
        return Message(N_("Đơn vị không có cấp trên trên đường trình."))
    statement = parent_plan.in_force(next_unit_id, period.id, scope).options(
        joinedload(Revision.document).joinedload(Document.unit)
    )
    found = session.scalars(statement).first()
    return found or Message(N_("Cấp trên chưa ban hành kế hoạch cho kỳ này."))


def _offer_above(
    session: Session, unit: Unit, theirs: Revision, content: SourceContent, scope: Scope
) -> Offer:
    document = theirs.document
    norms = [one for one in content.targets[theirs.id] if targets.is_norm(one)]
    assigned = parent_plan.quotas(session, unit.id, document.unit_id, document.period_id, scope)
    return Offer(
        Source.ABOVE,
        unit_name=document.unit.full_name,
        period_code=document.period.code,
        document_number=theirs.document_number or "",
        issued_on=theirs.issued_on,
        sections=len(
            _merged_titles(content.sections[theirs.id], document.kind, document.programme)
        ),
        norms=len(norms),
        quotas=len(assigned),
        targets=len(norms) + len(assigned),
    )


def _from_above(session: Session, document: Document, revision: Revision, scope: Scope) -> None:
    """Titles and norms of the document above, and the quotas that it assigns, as first figures."""
    theirs = _above(session, document.next_unit_id, document.period, document.kind, scope)
    if isinstance(theirs, Message):
        raise BlockedError(theirs)
    titles = _merged_titles(
        _sections(session, theirs.id)[theirs.id], document.kind, document.programme
    )
    _add_sections(session, revision, [(key, title, "") for key, title in titles])
    cited = parent_plan.reference(theirs)
    lines = {
        norm.line_key: _copied(norm, source_ref=_cite(cited, norm.source_ref))
        for norm in _targets(session, theirs.id)[theirs.id]
        if targets.is_norm(norm) and not derived.is_derived(norm.indicator)
    }
    for line in _quota_lines(session, document, scope, cited):
        lines.setdefault(line["line_key"], line)
    _drop_lost_parents(lines.values())
    session.add_all(Target(revision_id=revision.id, **line) for line in lines.values())
    first_parts.put_above(session, revision, theirs, document.unit)


def _cite(cited: str, source_ref: str) -> str:
    """Say where a norm comes from: the document above, and the place that it names in turn."""
    return (f"{cited}; {source_ref}" if source_ref else cited)[:LONGEST_SOURCE]


def _quota_lines(
    session: Session, document: Document, scope: Scope, cited: str
) -> list[dict[str, Any]]:
    """Make a line for each figure assigned from above: it starts as what is asked for.

    Money that derives from budget lines starts without any: those are the unit's own to write.
    """
    assigned = parent_plan.quotas(
        session, document.unit_id, document.next_unit_id, document.period_id, scope
    )
    parts = session.scalars(select(Phase).where(Phase.period_id == document.period_id))
    phases = {phase.id: phase for phase in parts}
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
        if not derived.is_derived(indicator)
    ]


def _merged_titles(
    theirs: Iterable[Section], kind: Kind, programme: Programme
) -> list[tuple[str, str]]:
    """List another document's sections by key and title, and the standard ones that it lacks."""
    titles = {section.line_key: section.title for section in theirs}
    for one in sections_of(kind, programme):
        titles.setdefault(one.key, one.title)
    return list(titles.items())


# --- From last time -----------------------------------------------------------------------


def _offer_last(
    session: Session, unit: Unit, last: Revision, content: SourceContent, period: Period
) -> Offer:
    lines = _renewed(session, last.document, content.targets[last.id], period)
    return Offer(
        Source.LAST,
        unit_name=unit.full_name,
        period_code=last.document.period.code,
        document_number=last.document_number or "",
        issued_on=last.issued_on,
        sections=len(
            _merged_titles(content.sections[last.id], last.document.kind, period.programme)
        ),
        targets=len(lines),
    )


def _nothing_last() -> Message:
    return Message(N_("Đơn vị chưa có văn bản cùng loại nào trước đây."))


def _from_last(session: Session, document: Document, revision: Revision, scope: Scope) -> None:
    last = _last(session, document.unit_id, document.kind, scope, but=document.id)
    if last is None:
        raise BlockedError(_nothing_last())
    kept = _sections(session, last.id)[last.id]
    bodies = {section.line_key: section.body for section in kept}
    titles = _merged_titles(kept, document.kind, document.programme)
    _add_sections(session, revision, [(key, title, bodies.get(key, "")) for key, title in titles])
    lines = _renewed(session, last.document, _targets(session, last.id)[last.id], document.period)
    session.add_all(Target(revision_id=revision.id, **line) for line in lines)
    if document.kind.parts:
        known = {row.code for row in catalogue.indicators(session, document.programme_id)}
        first_parts.put_last(session, revision, last, known, document.period)


def _last(
    session: Session, unit_id: int, kind: Kind, scope: Scope, *, but: int | None = None
) -> Revision | None:
    """Find the newest content of the unit's last document of a kind, by the start of its period."""
    statement = (
        select(Revision)
        .join(
            Document,
            (Document.id == Revision.document_id) & (Document.head_number == Revision.number),
        )
        .join(Document.period)
        .options(contains_eager(Revision.document).contains_eager(Document.period))
        .where(Document.unit_id == unit_id, Document.kind == kind, revisions_seen(scope))
        .order_by(Period.starts_on.desc(), Document.id.desc())
        .limit(1)
    )
    if but is not None:
        statement = statement.where(Document.id != but)
    return session.scalars(statement).first()


def _renewed(
    session: Session, document: Document, old: Sequence[Target], period: Period
) -> list[dict[str, Any]]:
    """Return last time's lines for a new period, as far as it has their phases and indicators.

    A synthesis brings none: its figures are computed. Phases match by their order. Under another
    programme only the unit's own figures go over, since that one has norms of its own.
    """
    if document.kind.is_computed:
        return []
    phases = _followed(session, document.period_id, period.id)
    same = document.programme_id == period.programme_id
    rows = (
        [one.indicator for one in old]
        if same
        else catalogue.indicators(session, period.programme_id)
    )
    known = {row.code: row for row in rows}
    lines: dict[str, dict[str, Any]] = {}
    renamed: dict[str, str] = {}
    for target in old:
        indicator = known.get(target.indicator.code)
        phase = phases.get(target.phase_id)
        if phase is None or indicator is None or indicator.measure is not target.indicator.measure:
            continue
        if derived.is_derived(indicator):
            continue  # comes of the lines
        if same or not targets.is_norm(target):
            key = targets.next_key(lines, indicator.code, phase.code)
            renamed[target.line_key] = key
            moved = {"line_key": key, "indicator_id": indicator.id, "phase_id": phase.id}
            lines[key] = _copied(target, **moved)
    for line in lines.values():
        line["parent_share_key"] = renamed.get(line["parent_share_key"])
    return list(lines.values())


# --- Shared -------------------------------------------------------------------------------

_COMPUTED = {"counted", "incomparable", "in_range", "said"}


def _copied(target: Target, **changed: Any) -> dict[str, Any]:
    """Return a target's content as columns of a new line, some of them changed."""
    names = [name for name in content_columns(Target) if name not in _COMPUTED]
    return {name: getattr(target, name) for name in names} | changed


def _drop_lost_parents(lines: Iterable[dict[str, Any]]) -> None:
    """Make a share of a line that did not come along a share of nothing."""
    lines = list(lines)
    keys = {line["line_key"] for line in lines}
    for line in lines:
        if line["parent_share_key"] not in keys:
            line["parent_share_key"] = None


def _standard(kind: Kind, programme: Programme) -> list[tuple[str, str, str]]:
    return [(one.key, one.title, "") for one in sections_of(kind, programme)]


def _add_sections(
    session: Session, revision: Revision, sections: Iterable[tuple[str, str, str]]
) -> None:
    session.add_all(
        Section(revision_id=revision.id, ordinal=ordinal, line_key=key, title=title, body=body)
        for ordinal, (key, title, body) in enumerate(sections, 1)
    )


def _sections(session: Session, *revision_ids: int) -> dict[int, list[Section]]:
    statement = (
        select(Section)
        .where(Section.revision_id.in_(revision_ids))
        .order_by(Section.ordinal, Section.line_key)
    )
    found: dict[int, list[Section]] = {one: [] for one in revision_ids}
    for section in session.scalars(statement):
        found[section.revision_id].append(section)
    return found


def _targets(session: Session, *revision_ids: int) -> dict[int, list[Target]]:
    statement = (
        select(Target)
        .where(Target.revision_id.in_(revision_ids))
        .options(joinedload(Target.indicator))
        .order_by(Target.line_key)
    )
    found: dict[int, list[Target]] = {one: [] for one in revision_ids}
    for target in session.scalars(statement):
        found[target.revision_id].append(target)
    return found


def _followed(session: Session, before_id: int, after_id: int) -> dict[int, Phase]:
    """Return the phase of a new period that each of an old one, by its id, is followed by: each in
    its order, and the whole by the whole where both periods have one.
    """
    both = (before_id, after_id)
    of_these = or_(Phase.period_id.in_(both), Phase.whole_of_id.in_(both))
    rows = session.scalars(select(Phase).where(of_these).order_by(Phase.ordinal)).all()
    before, after = ([one for one in rows if one.period_id == period] for period in both)
    found = {one.id: other for one, other in zip(before, after, strict=False)}
    whole_of = {one.whole_of_id: one for one in rows}
    if before_id in whole_of and after_id in whole_of:
        found[whole_of[before_id].id] = whole_of[after_id]
    return found
