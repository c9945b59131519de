"""What the page of a report's figures shows, read in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content.targets import Figure, quotient
from lth.core.errors import NotFoundError
from lth.core.i18n import N_, Message
from lth.drafting import reported
from lth.drafting.gaps import Gap
from lth.drafting.locking import Locks
from lth.drafting.sheet import remarks_on
from lth.models import Document, Indicator, Person, Remark, ReportValue, Revision
from lth.models.report import Reported
from lth.programmes.catalogue_file import TOPIC_LABEL
from lth.reporting import asked, cumulative, from_books, promised, series, verdicts
from lth.reporting.asked import AskedFor, ReportTerms
from lth.reporting.cumulative import Cumulative, EarlierWindow
from lth.reporting.from_books import BookFigure
from lth.reporting.promised import Promised
from lth.reporting.verdicts import TargetVerdict
from lth.workflow import documents
from lth.workflow.writing import require_drafter


@dataclass
class ValueRow:
    """An indicator: what is said of it, and what that is held against.

    `books` is what the clubs' books come to now, None where they say nothing. `share` is how much
    of the plan is `done` (of what was assigned, where nothing is planned), in hundredths of a per
    cent. `unmet` asks why a review's target was not reached.
    """

    indicator: Indicator
    row: ReportValue | None = None
    author: str = ""
    books: BookFigure | None = None
    cumulative: Cumulative = field(default_factory=lambda: Cumulative(None))
    assigned: int | None = None
    planned: Figure | None = None
    done: int | None = None
    share: int | None = None
    locked: bool = False
    unmet: Message | None = None
    remarks: list[Remark] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.indicator.code

    @property
    def differs(self) -> bool:
        """Tell whether it says otherwise than the books."""
        return differs(self.row, self.books)

    @property
    def gap(self) -> Message | None:
        """Say what it still lacks before the report may be sent."""
        return lacks(self.indicator, self.row, self.books) or self.unmet


@dataclass
class ShareRow:
    """A percentage that follows from two counts; `value` is None where it cannot be reckoned."""

    indicator: Indicator
    numerator: int | None
    denominator: int | None
    value: int | None
    assigned: int | None = None
    planned: Figure | None = None


@dataclass
class ValueGroup:
    """The rows of a topic."""

    topic: str
    label: Message
    rows: list[ValueRow] = field(default_factory=list)
    shares: list[ShareRow] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return sum(one.gap is not None for one in self.rows)

    @property
    def said(self) -> int:
        return sum(one.row is not None for one in self.rows)


@dataclass
class ValueSheet:
    """All figures of a report."""

    document: Document
    revision: Revision
    terms: ReportTerms
    groups: list[ValueGroup]
    locks: Locks = field(default_factory=Locks)
    verdicts: Sequence[TargetVerdict] = ()

    @property
    def rows(self) -> list[ValueRow]:
        return [row for group in self.groups for row in group.rows]

    @property
    def gaps(self) -> list[Gap]:
        return [Gap(row.key, gap) for row in self.rows if (gap := row.gap) is not None]

    @property
    def remarks(self) -> list[Remark]:
        return [remark for row in self.rows for remark in row.remarks]

    @property
    def untold(self) -> int:
        """Count those of which nothing is said."""
        return sum(row.row is None for row in self.rows)


# --- Rules --------------------------------------------------------------------------------


def differs(row: ReportValue | None, books: BookFigure | None) -> bool:
    """Tell whether a report says otherwise than the books; 0 in the books is also nil."""
    if row is None or books is None:
        return False
    if row.reported is Reported.VALUE:
        return row.value != books.value
    return books.value != 0


def lacks(
    indicator: Indicator, row: ReportValue | None, books: BookFigure | None
) -> Message | None:
    """Say what an indicator still lacks: anything said at all, or the reason for what is said."""
    name = {"indicator": reported.label(indicator)}
    if row is None:
        return Message(N_("Chưa có số liệu “%(indicator)s”."), name)
    if row.reason:
        return None
    if row.reported is Reported.NOT_APPLICABLE:
        return Message(N_("Chưa ghi lý do không áp dụng “%(indicator)s”."), name)
    if books is not None and books.periods and differs(row, books):
        text = N_("“%(indicator)s” khác số đã báo cáo trong các kỳ mà chưa ghi lý do.")
        return Message(text, name)
    if differs(row, books):
        return Message(N_("“%(indicator)s” khác sổ của câu lạc bộ mà chưa ghi lý do."), name)
    return None


def amount_of(row: ReportValue | None) -> int | None:
    """Return the number that a row stands for when it is counted with: nothing for nil and for not
    applicable, None where nothing is said.
    """
    if row is None:
        return None
    return row.value if row.reported is Reported.VALUE else 0


# --- Reading ------------------------------------------------------------------------------


def rows_of(session: Session, revision_id: int) -> dict[str, tuple[ReportValue, str]]:
    """Read the values of a revision by key, each with the name of its writer, in one query; the
    caller has checked the scope.
    """
    statement = (
        select(ReportValue, Person.name)
        .outerjoin(Person, Person.id == ReportValue.edited_by_id)
        .where(ReportValue.revision_id == revision_id)
        .execution_options(populate_existing=True)
    )
    return {row.line_key: (row, name or "") for row, name in session.execute(statement)}


def books_of(
    session: Session, document: Document, terms: ReportTerms, what: AskedFor, scope: Scope
) -> dict[str, BookFigure]:
    """Read what the clubs of a document's unit come to; nothing of one that adds others up. Of a
    review what the unit reported in its years goes before.
    """
    if document.kind.is_computed:
        return {}
    found = from_books.figures(
        session,
        scope,
        unit_path=document.unit_path,
        span=terms.span,
        plan_starts_on=terms.plan_starts_on,
        indicators=what.answered,
    )
    if not series.is_review(document):
        return found
    return series.figures(series.of_review(session, document, scope), what.answered, found)


def verdicts_of(
    document: Document,
    rows: Mapping[str, ReportValue | None],
    what: AskedFor,
    terms: ReportTerms,
    held: Promised,
) -> list[TargetVerdict]:
    """Judge the targets of a review; a report of one window is not judged by them."""
    if not series.is_review(document):
        return []
    amounts = {key: amount_of(row) for key, row in rows.items()}
    return verdicts.of_targets(what, rows, held, terms, amounts)


def written(session: Session, actor: Actor, document_id: int) -> ValueSheet:
    """Read the figures of a report, for its drafters.

    Raises NotFoundError, also for a document that reports nothing or whose figures are computed,
    and NotYoursError.
    """
    scope = Scope.of(actor)
    document, revision, _ = documents.with_head(session, document_id, scope)
    if revision is None or not is_typed(document):
        raise NotFoundError
    require_drafter(actor, document)
    came_back = revision.based_on_number is not None
    remarks = remarks_on(session, document, revision, scope) if came_back else ()
    return sheet(session, document, revision, scope, Locks.of(revision), remarks)


def is_typed(document: Document) -> bool:
    """Tell whether the figures of a document are typed: a report's that adds up no others."""
    return reported.reports(document.kind) and not document.kind.is_computed


def sheet(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    locks: Locks | None = None,
    remarks: Iterable[Remark] = (),
) -> ValueSheet:
    """Read a revision's figures beside all that they are held against, in six queries.

    The caller has checked the scope.
    """
    locks = locks or Locks()
    terms, held = promised.read(session, document, scope)
    what = asked.asked(session, document, terms)
    found = rows_of(session, revision.id)
    books = books_of(session, document, terms, what, scope)
    windows = cumulative.earlier(session, document, terms, scope)
    pinned: dict[str, list[Remark]] = {}
    for remark in remarks:
        pinned.setdefault(remark.line_key, []).append(remark)
    rows = {}
    for indicator in what.answered:
        key = indicator.code
        row, author = found.get(key, (None, ""))
        one = ValueRow(indicator, row, author, books.get(key), remarks=pinned.get(key, []))
        one.locked = locks.locked(key, new=row is None)
        _hold(one, windows, held)
        rows[key] = one
    said = {key: one.row for key, one in rows.items()}
    judged = verdicts_of(document, said, what, terms, held)
    for key, message in verdicts.wanting(judged).items():
        rows[key].unmet = message
    return ValueSheet(document, revision, terms, _groups(rows, what, held), locks, judged)


def _hold(one: ValueRow, windows: Sequence[EarlierWindow], held: Promised) -> None:
    """Put beside a row what is held against it."""
    indicator = one.indicator
    one.cumulative = cumulative.reckon(indicator, one.row, windows)
    one.assigned = held.assigned.get(indicator.id)
    one.planned = held.planned.get(indicator.id)
    done = cumulative.reckon(indicator, one.row, windows, held.since).value
    one.done = done
    one.share = promised.share(done, promised.goal(one.planned, one.assigned))


def _groups(rows: Mapping[str, ValueRow], what: AskedFor, held: Promised) -> list[ValueGroup]:
    groups = {topic: ValueGroup(topic, Message(label)) for topic, label in TOPIC_LABEL.items()}

    def group(indicator: Indicator) -> ValueGroup:
        topic = indicator.topic
        return groups.setdefault(topic, ValueGroup(topic, Message(topic)))

    for row in rows.values():
        group(row.indicator).rows.append(row)
    for indicator, numerator, denominator in what.derived.values():
        over = amount_of(rows[numerator].row), amount_of(rows[denominator].row)
        group(indicator).shares.append(
            ShareRow(
                indicator,
                *over,
                value=None
                if over[0] is None or over[1] is None
                else quotient(over[0], over[1], indicator.measure),
                assigned=held.assigned.get(indicator.id),
                planned=held.planned.get(indicator.id),
            )
        )
    return [one for one in groups.values() if one.rows or one.shares]
