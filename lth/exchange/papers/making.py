"""Make a paper of a document out of the database: read what it tells, and hand it to its builder.

Papers are in Vietnamese, whatever the reader's language. The caller has read document and revision
within the scope, and asked `offers.offered` whether there is such a paper.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, events_seen
from lth.checks import judgement, loading
from lth.checks.loading import ContentRows
from lth.content import places, targets
from lth.content.model import Content
from lth.content.money import totals
from lth.core.language import say, speaking
from lth.exchange.papers import around, issuing, report, synthesis_report
from lth.exchange.papers.appraisal import Appraised, FindingSaid, of_appraised
from lth.exchange.papers.issuing import Issuing
from lth.exchange.papers.offers import OfferedPaper, PaperName
from lth.exchange.papers.proposal import KeyFigure, Submitted, of_submitted
from lth.exchange.papers.return_letter import Returned, of_returned
from lth.exchange.papers.text import PaperText, Signature
from lth.exchange.papers.writing import of_plan
from lth.models import Document, Event, Office, Opinion, Remark, Revision, Target, UnitSettings
from lth.models.finding import Severity
from lth.models.kind import Figures
from lth.models.opinion import Aspect
from lth.synthesis.received import received
from lth.synthesis.sheet import total_of
from lth.workflow import documents, remarks
from lth.workflow.acts import Act

PLAN_TITLE = "Phát triển Câu lạc bộ Liên thế hệ tự giúp nhau"
"""The title of a plan whose drafters have given none."""

Maker = Callable[[Session, Document, OfferedPaper, Scope], PaperText]


def make(session: Session, document: Document, offered: OfferedPaper, scope: Scope) -> PaperText:
    """Return the paper that was offered, in at most eight queries."""
    with speaking("vi"):
        return _MAKERS[offered.name](session, document, offered, scope)


# --- A document's own text ----------------------------------------------------------------


def _own(session: Session, document: Document, offered: OfferedPaper, scope: Scope) -> PaperText:
    if document.kind.figures is Figures.DONE:
        told = report.told(session, document, offered.revision, scope)
        return report.of_report(told, issuing.issuing(session, offered.revision))
    rows = loading.read(session, document, offered.revision, scope)
    issued = issuing.issuing(session, offered.revision)
    if document.kind.is_computed:
        units = received(session, document, offered.revision, scope)
        return synthesis_report.of_synthesis(rows, units, issued)
    return plan_paper(loading.put_together(rows), document, issued, issued.signature)


def plan_paper(
    content: Content, document: Document, issued: Issuing, signature: Signature | None
) -> PaperText:
    """Return the paper of a plan, with what it was issued with; a number that stands in its dossier
    is not that of one that is not issued.

    A number says by itself whether a decision issued it, and goes before what its drafters chose.
    Without `signature` it is signed as its dossier says.
    """
    header = content.header
    issuance = issuing.issued_as(header.issuance, issued.symbol)
    title = header.title or f"{PLAN_TITLE} {around.years(document.period)}"
    return of_plan(
        replace(content, header=replace(header, issuance=issuance, title=title)),
        number=issued.numbered,
        day=issued.day,
        signature=signature,
        draft=issued.draft,
    )


# --- What submits it ----------------------------------------------------------------------


def _proposal(
    session: Session, document: Document, offered: OfferedPaper, scope: Scope
) -> PaperText:
    rows = loading.read(session, document, offered.revision, scope)
    content = loading.put_together(rows)
    return of_submitted(
        Submitted(
            document=document,
            named=_named(document, content),
            figures=_key_figures(rows),
            money=totals(content.budget, content.header.budget_total),
            draft=offered.draft,
        )
    )


def _named(document: Document, content: Content) -> str:
    """Return what a document is called within a sentence."""
    if document.kind.figures is Figures.DONE:
        return report.named(document)
    if document.kind.is_computed:
        return synthesis_report.named(document)
    return around.named(plan_paper(content, document, Issuing(), None))


def _key_figures(rows: ContentRows) -> list[KeyFigure]:
    """List what was assigned and the figures that say most, in the order of the programme."""
    found = []
    for target, _ in rows.targets:
        cell = (target.indicator_id, target.phase_id)
        given = rows.assigned.get(cell)
        figure = _figure(rows, target)
        worth = given is not None or target.indicator.code in synthesis_report.HEADLINES
        if worth and figure is not None:
            value = given.value if given else None
            found.append(KeyFigure(target.indicator, target.phase, figure, value))
    return found


def _figure(rows: ContentRows, target: Target) -> targets.Figure | None:
    if rows.document.kind.is_computed:
        return total_of(target).figure
    return targets.figure_of(target)


# --- What the next step writes about it ---------------------------------------------------


def _appraisal(
    session: Session, document: Document, offered: OfferedPaper, scope: Scope
) -> PaperText:
    content = _content(session, document, offered.revision, scope)
    written = judgement.notes(session, document, offered.revision)
    pinned = _remarks(session, document, scope)
    leading, offices = _offices(session, document, offered.revision, scope)
    return of_appraised(
        Appraised(
            document=document,
            named=_named(document, content),
            opinions=offered.opinions,
            remarks=pinned,
            findings=[
                FindingSaid(say(one.finding.said), one.note.text if one.note else "")
                for one in judgement.standing(written).items
                if one.finding.severity is not Severity.INFO
            ],
            offices=offices,
            places=_places(content, pinned),
            office=_appraising(offered.opinions, offices) or leading,
            draft=offered.draft,
        )
    )


def _returned(
    session: Session, document: Document, offered: OfferedPaper, scope: Scope
) -> PaperText:
    content = _content(session, document, offered.revision, scope)
    events = documents.timeline(session, document.id, scope)
    back = next((one for one in reversed(events) if one.action == Act.RETURN), None)
    pinned = [
        one
        for one in _remarks(session, document, scope)
        if one.revision_id == offered.revision.id and one.published_at is not None
    ]
    return of_returned(
        Returned(
            document=document,
            named=_named(document, content),
            reason=back.reason if back else "",
            remarks=pinned,
            places=_places(content, pinned),
            year=back.at.year if back else None,
        )
    )


def _content(session: Session, document: Document, revision: Revision, scope: Scope) -> Content:
    """Read what names the document and its places."""
    return loading.put_together(loading.read(session, document, revision, scope, above=False))


def _remarks(session: Session, document: Document, scope: Scope) -> Sequence[Remark]:
    return remarks.of_document(session, document.id, scope)


def _places(content: Content, pinned: Sequence[Remark]) -> dict[str, str]:
    """Name the items that remarks are pinned to; one on the whole has no name."""
    keys = {one.line_key for one in pinned if one.line_key}
    return {key: say(places.name_of(content, key).name) for key in keys}


def _appraising(opinions: Sequence[Opinion], offices: Mapping[int, str]) -> str:
    """Return the office whose person appraised the content: the report is its own."""
    who = (one.person_id for one in opinions if one.aspect is Aspect.CONTENT)
    return next((office for person in who if (office := offices.get(person, ""))), "")


def _offices(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> tuple[str, dict[int, str]]:
    """Read which office leads at the appraising unit, empty where it has said none, and in which
    each person was who gave an opinion on a revision.
    """
    leading = (
        select(Office.name)
        .join(UnitSettings, UnitSettings.leading_office_id == Office.id)
        .where(UnitSettings.unit_id == document.next_unit_id)
        .scalar_subquery()
    )
    statement = (
        select(Event.person_id, Event.office_name, leading)
        .join(Event.document)
        .where(
            Event.document_id == document.id,
            Event.revision_number == revision.number,
            Event.action == Act.GIVE_OPINION.value,
            events_seen(scope),
        )
    )
    rows = session.execute(statement).all()
    return (rows[0][2] or "") if rows else "", {row[0]: row[1] for row in rows}


_MAKERS: dict[PaperName, Maker] = {
    PaperName.MAIN: _own,
    PaperName.IN_FORCE: _own,
    PaperName.PROPOSAL: _proposal,
    PaperName.APPRAISAL: _appraisal,
    PaperName.RETURN: _returned,
}
