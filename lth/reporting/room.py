"""What reports have asked of them by the rooms below: registered where this is imported."""

from datetime import datetime

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.checks import judgement
from lth.checks.judgement import JudgedFinding
from lth.core.i18n import N_, Message
from lth.drafting import figure_rooms, reported
from lth.drafting.figure_rooms import FigureFacts, FigureLook
from lth.drafting.gaps import Gap
from lth.models import Document, Revision
from lth.models.kind import Figures
from lth.reporting import asked, plausibility, plausible_reads, promised, values, verdicts
from lth.reporting.sheet import books_of, differs, is_typed, lacks, verdicts_of


class ReportRoom:
    """Answers for documents that say what was done; the caller has checked the scope."""

    def begin(
        self, session: Session, actor: Actor, document: Document, revision: Revision, now: datetime
    ) -> None:
        """Fill the report from the clubs' books."""
        values.begin(session, actor, document, revision, now)

    def look(
        self, session: Session, document: Document, revision: Revision, scope: Scope
    ) -> FigureLook:
        """Look at what the report says of each indicator, in four queries; what differs from the
        books comes first.
        """
        terms, held = promised.read(session, document, scope)
        found = reported.values(session, document, [revision.id], {})
        what = asked.asked_of([one.indicator for one in found], terms)
        books = books_of(session, document, terms, what, scope)
        rows = {one.line_key: one.value for one in found}
        typed = is_typed(document)
        unmet = verdicts.wanting(verdicts_of(document, rows, what, terms, held)) if typed else {}
        gaps, facts = [], []
        for key, indicator in what.by_code.items():
            row, figure = rows[key], books.get(key)
            lacking = (lacks(indicator, row, figure) or unmet.get(key)) if typed else None
            if lacking is not None:
                gaps.append(Gap(key, lacking))
            off = figure.value if figure is not None and differs(row, figure) else None
            facts.append(FigureFacts(indicator, row, held.assigned.get(indicator.id), off))
        doubts = plausibility.look(session, document, revision, scope, rows, what, held)
        gaps += [_unconfirmed(item) for item in doubts.unexplained]
        return FigureLook(gaps, sorted(facts, key=lambda one: one.books is None))

    def settle(
        self,
        session: Session,
        document: Document,
        revision: Revision,
        scope: Scope,
        now: datetime,
    ) -> None:
        """Bring books and sums in line before the report is frozen, and keep what was doubted."""
        values.settle(session, document, revision, scope)
        if plausibility.judged(document):
            said = plausible_reads.said(session, document, revision, scope)
            doubts = plausibility.look(session, document, revision, scope, *said)
            judgement.keep(session, revision, [one.finding for one in doubts.items], now)


def _unconfirmed(item: JudgedFinding) -> Gap:
    """Ask for a word, or a change, where a figure does not look right."""
    message = Message(N_("%(said)s Cần sửa hoặc xác nhận."), {"said": item.finding.said})
    return Gap(item.finding.place, message)


figure_rooms.register(Figures.DONE, ReportRoom())
