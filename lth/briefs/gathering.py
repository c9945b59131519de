"""Gather the facts of one document before an act, or of the many of a list."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lth.access.scope import Scope, documents_seen, opinions_seen, revisions_seen
from lth.briefs import changes, figures, money
from lth.briefs.facts import Brief, OpenFinding, in_order
from lth.briefs.figures import Assigned, Lacking
from lth.checks import judgement
from lth.checks.judgement import JudgedFinding, Notes
from lth.checks.loading import ContentRows
from lth.core.i18n import unpack
from lth.drafting.guards import figures_looked_at, report_read, rows_read
from lth.drafting.parts_sheet import Totals
from lth.drafting.reported import reports
from lth.models import Document, Explanation, KeptFinding, Opinion, Revision, Target
from lth.models.finding import Severity
from lth.models.parts import Part
from lth.synthesis import Attendance, attendance, present
from lth.workflow.context import ActContext

OPEN = (Severity.ERROR, Severity.WARNING)


def of_act(context: ActContext) -> Brief:
    """Gather what an act on a document signs, beside what its guards have read.

    At most eight queries where they have read nothing.
    """
    session, document, head = context.session, context.document, context.head
    scope, rows = Scope.of(context.actor), rows_read(context)
    there = present(context)
    done = figures_looked_at(context).facts
    listed, given = _of_rows(rows) if rows else _of_revision(context, scope)
    return Brief(
        document=document,
        opinions=in_order(_seen(context)) if head.submitted_at is not None else [],
        attendance=there,
        absence_reason=head.absence_reason,
        lacking=_lacking(session, {document.id: there}, [document], scope).get(document.id, []),
        findings=_findings(context),
        figures=figures.held_against(document, listed, given),
        changes=changes.since_last_sent(session, head, scope),
        money=_money(context, rows),
        indicators={one.indicator.code: one.indicator for one in (*listed, *done)},
        done=done,
    )


def _of_rows(rows: ContentRows) -> tuple[list[Target], Assigned]:
    indicators = {row.id: row for row in rows.indicators.values()}
    phases = {phase.id: phase for phase in rows.phases}
    given = {
        (indicator_id, phase_id): (indicators[indicator_id], phases[phase_id], assigned.value)
        for (indicator_id, phase_id), assigned in rows.assigned.items()
    }
    return [target for target, _ in rows.targets], given


def _of_revision(context: ActContext, scope: Scope) -> tuple[list[Target], Assigned]:
    listed = figures.written(context.session, [context.head.id])[context.head.id]
    given = figures.assigned(context.session, [context.document], scope)
    return listed, given[context.document.id]


def _seen(context: ActContext) -> list[Opinion]:
    """List the opinions that the actor may read: their unit's, others once they are published."""
    unit_id = context.actor.unit_id
    return [
        one for one in context.opinions if one.unit_id == unit_id or one.published_at is not None
    ]


def _money(context: ActContext, rows: ContentRows | None) -> Totals | None:
    """Add up the budget; a synthesis has lines of its own too, which taking over wrote, and a
    report has none.
    """
    if reports(context.document.kind):
        return None
    if rows is not None and context.document.kind.parts:
        return money.of_lines(rows.parts[Part.BUDGET])
    return money.by_revision(context.session, [context.head.id]).get(context.head.id)


def _findings(context: ActContext) -> list[OpenFinding]:
    """List the errors and warnings: as the guards found them, as they were kept when it was sent,
    or, where its leader has it, as they were explained.
    """
    if not context.document.kind.checked:
        return []
    report = report_read(context)
    if report is not None:
        return _opened(report.items)
    written = judgement.notes(context.session, context.document, context.head)
    if context.head.frozen_at is not None:
        return _opened(judgement.standing(written).items)
    return _explained(written)


def _opened(items: Iterable[JudgedFinding]) -> list[OpenFinding]:
    return [
        OpenFinding(
            item.finding.severity,
            item.finding.said,
            item.note.text if item.note else "",
            item.note.by if item.note else "",
        )
        for item in items
        if item.finding.severity in OPEN
    ]


def _explained(written: Notes) -> list[OpenFinding]:
    return [
        OpenFinding(Severity.WARNING, unpack(note.answers[-1]), note.text, note.by)
        for note in written.explanations.values()
        if note.answers
    ]


# --- Many ---------------------------------------------------------------------------------


def of_many(
    session: Session, document_ids: Collection[int], scope: Scope, today: date
) -> dict[int, Brief]:
    """Gather the facts of the documents of a list that the scope sees, by id, in eight queries.

    What changed and the money are for the page of each. `today` is the day in Viet Nam.
    """
    heads = _heads(session, document_ids, scope)
    ids = [revision.id for _, revision in heads]
    documents = [document for document, _ in heads]
    listed = figures.written(session, ids)
    given = figures.assigned(session, documents, scope)
    opinions = _opinions(session, ids, scope)
    findings = _kept(session, ids)
    there = _attendances(session, heads, scope, today)
    lacking = _lacking(session, there, documents, scope)
    return {
        document.id: Brief(
            document=document,
            opinions=in_order(opinions.get(revision.id, [])),
            attendance=there.get(document.id),
            absence_reason=revision.absence_reason,
            lacking=lacking.get(document.id, []),
            findings=findings.get(revision.id, []),
            figures=figures.held_against(document, listed[revision.id], given[document.id]),
        )
        for document, revision in heads
    }


def _heads(
    session: Session, document_ids: Collection[int], scope: Scope
) -> list[tuple[Document, Revision]]:
    """Read documents with the revision of each that the scope reads: the newest of its own unit,
    else what was sent.
    """
    number = case(
        (Document.unit_id == scope.unit_id, Document.head_number), else_=Document.sent_number
    )
    statement = (
        select(Document, Revision)
        .join(Revision, (Revision.document_id == Document.id) & (Revision.number == number))
        .join(Document.unit)
        .options(contains_eager(Document.unit), joinedload(Document.period))
        .where(Document.id.in_(document_ids), documents_seen(scope), revisions_seen(scope))
    )
    return [(document, revision) for document, revision in session.execute(statement)]


def _opinions(
    session: Session, revision_ids: Collection[int], scope: Scope
) -> dict[int, list[Opinion]]:
    statement = (
        select(Opinion)
        .join(Revision, Revision.id == Opinion.revision_id)
        .where(Opinion.revision_id.in_(revision_ids), opinions_seen(scope))
        .order_by(Opinion.given_at, Opinion.id)
    )
    found: dict[int, list[Opinion]] = {}
    for one in session.scalars(statement):
        found.setdefault(one.revision_id, []).append(one)
    return found


def _kept(session: Session, revision_ids: Collection[int]) -> dict[int, list[OpenFinding]]:
    """Read the errors and warnings that were kept with some revisions and what was said to each, by
    revision id, in one query.
    """
    said_to = (
        (Explanation.revision_id == KeptFinding.revision_id)
        & (Explanation.code == KeptFinding.code)
        & (Explanation.place == KeptFinding.place)
    )
    statement = (
        select(KeptFinding, Explanation.text)
        .outerjoin(Explanation, said_to)
        .where(KeptFinding.revision_id.in_(revision_ids), KeptFinding.severity.in_(OPEN))
        .order_by(KeptFinding.severity, KeptFinding.id)
    )
    found: dict[int, list[OpenFinding]] = {}
    for row, text in session.execute(statement):
        one = OpenFinding(row.severity, unpack(row.said), text or "")
        found.setdefault(row.revision_id, []).append(one)
    return found


def _attendances(
    session: Session,
    heads: Sequence[tuple[Document, Revision]],
    scope: Scope,
    today: date,
) -> dict[int, Attendance]:
    """Say who is in those of the documents that are syntheses, by document id."""
    of_document = {
        revision.id: document.id
        for document, revision in heads
        if document.kind.is_computed and revision.taken_over_at is not None
    }
    found = attendance(session, list(of_document), scope, today)
    return {of_document[revision_id]: there for revision_id, there in found.items()}


def _lacking(
    session: Session,
    there: Mapping[int, Attendance | None],
    documents: Iterable[Document],
    scope: Scope,
) -> dict[int, list[Lacking]]:
    """Add up what was assigned to those who are absent."""
    absent = {
        document_id: {one.unit.id for one in found.absent}
        for document_id, found in there.items()
        if found is not None and found.absent
    }
    periods = {document.id: document.period_id for document in documents}
    return figures.lacking(session, absent, periods, scope)
