"""What the clubs' books say otherwise by now than when a report was sent.

A correction of a past month never changes a report that has left its unit: it shows there, figure
by figure, from what to what, and its unit may amend the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lth.access.scope import Scope, Sight
from lth.models import Document, Indicator, ReportValue, Revision
from lth.models.report import Reported
from lth.reporting import asked
from lth.reporting.asked import AskedFor
from lth.reporting.from_books import BookFigure
from lth.reporting.sheet import books_of, is_typed, rows_of


@dataclass(frozen=True)
class Drifted:
    """An indicator of which the books have come to something else since.

    `before` is what they came to then, `now` what they come to; None where they say nothing.
    """

    indicator: Indicator
    row: ReportValue | None
    before: int | None
    now: BookFigure | None

    @property
    def matters(self) -> bool:
        """Tell whether the report now differs from the books where it did not."""
        said = self.row is not None and self.row.reported is Reported.VALUE
        return said and self.row.value == self.before


def of_revision(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> list[Drifted]:
    """List what the books say otherwise than a frozen revision has it from them, in five queries.

    The caller has checked that the scope sees the revision; books that it does not see say nothing,
    so whoever does not see the unit's clubs is told nothing.
    """
    if not may_drift(document, revision, scope):
        return []
    terms = asked.terms_of(session, document, scope)
    what = asked.asked(session, document, terms)
    rows = {key: row for key, (row, _) in rows_of(session, revision.id).items()}
    return between(what, rows, books_of(session, document, terms, what, scope))


def may_drift(document: Document, revision: Revision, scope: Scope) -> bool:
    """Tell whether the books may say otherwise by now: of what was sent, to who sees the books."""
    sees = scope.sight is Sight.SYSTEM or document.unit_path.startswith(scope.path)
    return revision.frozen_at is not None and is_typed(document) and sees


def between(
    what: AskedFor, rows: Mapping[str, ReportValue | None], books: Mapping[str, BookFigure]
) -> list[Drifted]:
    """Compare what was read from the books when a report was sent with what they come to."""
    found = []
    for key, indicator in what.by_code.items():
        row, now = rows.get(key), books.get(key)
        before = row.from_books if row is not None else None
        if before != (now.value if now else None):
            found.append(Drifted(indicator, row, before, now))
    return found
