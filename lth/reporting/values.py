"""Writing what a report says of its indicators: typed, taken from the books, or nil.

A report begins with what its clubs' books come to. Each cell is saved by itself, over the version
that its writer saw; only a true conflict asks. A figure that differs from the books is kept as it
was typed, and wants a reason before the report is sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content.targets import FigureError, parse
from lth.core.errors import BlockedError, NotFoundError, StaleError
from lth.core.i18n import N_, Message, listed
from lth.core.vietnamese import one_line
from lth.drafting import locking, reported
from lth.drafting.locking import Locks
from lth.models import Document, Indicator, ReportValue, Revision, Section
from lth.models.content import Comparator
from lth.models.report import Reported
from lth.reporting import asked, cumulative
from lth.reporting.asked import AskedFor, ReportTerms
from lth.reporting.cumulative import EarlierWindow
from lth.reporting.from_books import BookFigure, is_flow
from lth.reporting.sheet import books_of, differs, is_typed, rows_of
from lth.workflow.kinds import sections_of
from lth.workflow.writing import count_edit, open_for_writing

LONGEST_REASON = 1000

NIL_SENTENCE = (
    "Trong kỳ báo cáo, đơn vị không phát sinh nội dung mới; số liệu hiện có giữ như sổ sách."
)
"""What a nil report says in each section that must say something; a document is in Vietnamese."""


@dataclass(frozen=True, slots=True)
class ValueEdit:
    """A cell as it was typed, by its indicator's code and the version seen (0: nothing was said).

    `reported` is the state that was chosen; with an empty `value` nothing is said any more.
    """

    line_key: str
    seen: int
    reported: str = Reported.VALUE
    value: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ValueConflict:
    """What somebody else made of a cell meanwhile: no row where they cleared it."""

    version: int
    row: ReportValue | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class ValuesResult:
    """What came of each edit, by code: its new version (0: cleared), an error, or a conflict.

    `written` counts what was changed.
    """

    typed: Mapping[str, ValueEdit] = field(default_factory=dict)
    saved: dict[str, int] = field(default_factory=dict)
    errors: dict[str, Message] = field(default_factory=dict)
    conflicts: dict[str, ValueConflict] = field(default_factory=dict)
    written: int = 0

    @property
    def complete(self) -> bool:
        """Tell whether everything was saved."""
        return not self.errors and not self.conflicts


_Content = tuple[Reported, int | None, str]
"""State, value and reason of a row."""


@dataclass
class _Desk:
    """A report that is open for writing, with all that its figures are held against."""

    session: Session
    actor: Actor
    document: Document
    revision: Revision
    now: datetime
    terms: ReportTerms
    what: AskedFor
    rows: dict[str, tuple[ReportValue, str]]
    books: Mapping[str, BookFigure]
    windows: list[EarlierWindow]
    locks: Locks

    def row(self, key: str) -> ReportValue | None:
        found = self.rows.get(key)
        return found[0] if found else None

    def locked(self, key: str) -> bool:
        return self.locks.locked(key, new=self.row(key) is None)

    def write(self, changes: Mapping[str, _Content | None]) -> dict[str, int]:
        """Write cells as one edit; their versions from now on. None clears a cell."""
        if not changes:
            return {}
        number = count_edit(self.session, self.actor, self.revision, self.now)
        saved = {key: self._write(key, content, number) for key, content in changes.items()}
        self.session.flush()
        return saved

    def _write(self, key: str, content: _Content | None, number: int) -> int:
        row = self.row(key)
        if content is None:
            if row is not None:
                self.session.delete(row)
            return 0
        indicator = self.what.by_code[key]
        if row is None:
            row = _new(self.revision, indicator)
            self.session.add(row)
        _fill(row, indicator, content, self.books.get(key), self.windows)
        row.version = max(number, row.version + 1)
        row.edited_at, row.edited_by_id = self.now, self.actor.person_id
        return row.version


def _new(revision: Revision, indicator: Indicator) -> ReportValue:
    place = {"line_key": indicator.code, "indicator_id": indicator.id, "version": 0}
    return ReportValue(revision_id=revision.id, **place)


def _fill(
    row: ReportValue,
    indicator: Indicator,
    content: _Content,
    books: BookFigure | None,
    windows: list[EarlierWindow],
) -> None:
    row.reported, row.value, row.reason = content
    row.from_books = books.value if books else None
    row.cumulative = cumulative.reckon(indicator, row, windows).value


def _open(session: Session, actor: Actor, document_id: int, now: datetime) -> _Desk:
    """Lock a report for its drafters. Raises what `open_for_writing` raises, and NotFoundError for
    a document whose figures nobody types.
    """
    document, revision = open_for_writing(session, actor, document_id)
    if not is_typed(document):
        raise NotFoundError
    return _desk(session, actor, document, revision, now)


def _desk(
    session: Session, actor: Actor, document: Document, revision: Revision, now: datetime
) -> _Desk:
    scope = Scope.of(actor)
    terms = asked.terms_of(session, document, scope)
    what = asked.asked(session, document, terms)
    return _Desk(
        *(session, actor, document, revision, now, terms, what),
        rows=rows_of(session, revision.id),
        books=books_of(session, document, terms, what, scope),
        windows=cumulative.earlier(session, document, terms, scope),
        locks=locking.read(session, revision.id),
    )


# --- Beginning ----------------------------------------------------------------------------


def begin(
    session: Session, actor: Actor, document: Document, revision: Revision, now: datetime
) -> None:
    """Fill a report that was just started with what its clubs' books come to; nobody's edit."""
    if not is_typed(document):
        return
    desk = _desk(session, actor, document, revision, now)
    for key, figure in desk.books.items():
        indicator = desk.what.by_code[key]
        row = _new(revision, indicator)
        _fill(row, indicator, (Reported.VALUE, figure.value, ""), figure, desk.windows)
        row.version = max(revision.edit_count, 1)
        session.add(row)
    session.flush()


def settle(session: Session, document: Document, revision: Revision, scope: Scope) -> None:
    """Bring what follows from elsewhere in line before a revision is frozen: what the books come
    to, and the sums since the plan's period began. What the unit says stays as it was said.
    """
    if not is_typed(document):
        return
    terms = asked.terms_of(session, document, scope)
    what = asked.asked(session, document, terms)
    books = books_of(session, document, terms, what, scope)
    windows = cumulative.earlier(session, document, terms, scope)
    for key, (row, _) in rows_of(session, revision.id).items():
        indicator = what.by_code.get(key)
        if indicator is not None:
            content = (row.reported, row.value, row.reason)
            _fill(row, indicator, content, books.get(key), windows)
    session.flush()


# --- Saving -------------------------------------------------------------------------------


def save_values(
    session: Session,
    actor: Actor,
    document_id: int,
    edits: Iterable[ValueEdit],
    *,
    now: datetime,
    take: str = "",
) -> ValuesResult:
    """Save the cells that were edited, each by itself; the caller commits.

    `take` names one that is to be as the books have it, whatever was typed in it. Raises what
    `open_for_writing` raises, and NotFoundError for an indicator that the report is not asked for.
    """
    desk = _open(session, actor, document_id, now)
    typed = {edit.line_key: edit for edit in edits}
    if not desk.what.by_code.keys() >= {*typed, *([take] if take else [])}:
        raise NotFoundError
    result = ValuesResult(typed)
    changes: dict[str, _Content | None] = {}
    for key, edit in typed.items():
        if key != take:
            _judge(desk, result, changes, edit)
    if take:
        _judge_taken(desk, result, changes, take)
    result.saved.update(desk.write(changes))
    return ValuesResult(typed, result.saved, result.errors, result.conflicts, len(changes))


def _judge(
    desk: _Desk, result: ValuesResult, changes: dict[str, _Content | None], edit: ValueEdit
) -> None:
    """Sort one edit: an error, what stands there already, a conflict, or a change to write."""
    key = edit.line_key
    row = desk.row(key)
    try:
        content = read_edit(edit, desk.what.by_code[key], desk.actor.language)
    except BlockedError as error:
        result.errors[key] = error.messages[0]
        return
    version = row.version if row else 0
    if _content(row) == content:
        result.saved[key] = version
    elif desk.locked(key):
        result.errors[key] = locking.refusal("value")
    elif edit.seen != version:
        by = desk.rows[key][1] if row else ""
        at = row.edited_at if row else None
        result.conflicts[key] = ValueConflict(version, row, by, at)
    else:
        changes[key] = content


def _content(row: ReportValue | None) -> _Content | None:
    return (row.reported, row.value, row.reason) if row is not None else None


def read_edit(edit: ValueEdit, indicator: Indicator, language: str) -> _Content | None:
    """Read what a cell says; None where nothing. Raises BlockedError for what cannot be read.

    A reason alone says nothing of the indicator. "không phát sinh" may be typed as well as chosen.
    """
    reason = one_line(edit.reason)
    if len(reason) > LONGEST_REASON:
        text = N_("Lý do dài quá %(most)s ký tự, hãy rút gọn.")
        raise BlockedError(Message(text, {"most": LONGEST_REASON}, field="reason"))
    if edit.reported not in set(Reported):
        raise BlockedError(Message(N_("Chọn có số liệu, không phát sinh hoặc không áp dụng.")))
    state = Reported(edit.reported)
    if state is not Reported.VALUE:
        return state, None, reason
    try:
        figure = parse(indicator.measure, Comparator.EQ, edit.value, language=language)
    except FigureError as error:
        raise BlockedError(*error.errors.values()) from None
    if figure is None:
        return None
    return state, figure.value, reason


def _judge_taken(
    desk: _Desk, result: ValuesResult, changes: dict[str, _Content | None], key: str
) -> None:
    """Have a cell say what the books say; where they say nothing, that is said."""
    figure = desk.books.get(key)
    if figure is None:
        result.errors[key] = Message(N_("Sổ của câu lạc bộ chưa có số liệu này trong kỳ."))
    elif desk.locked(key):
        result.errors[key] = locking.refusal("value")
    else:
        changes[key] = (Reported.VALUE, figure.value, "")


# --- For many cells at once ---------------------------------------------------------------


def take_from_books(
    session: Session, actor: Actor, document_id: int, *, seen: int, now: datetime
) -> int:
    """Read the books again for every cell that nobody has changed; how many differ now.

    A cell that somebody typed in stays, as does one that is locked. `seen` is the count of edits
    that the page showed. Raises what `save_values` raises, and StaleError where somebody wrote
    meanwhile.
    """
    desk = _open(session, actor, document_id, now)
    _require_seen(desk, seen)
    changes = {
        key: (Reported.VALUE, figure.value, "")
        for key, figure in desk.books.items()
        if _is_nobodys(desk.row(key))
        and not desk.locked(key)
        and _content(desk.row(key)) != (Reported.VALUE, figure.value, "")
    }
    desk.write(changes)
    return len(changes)


def _is_nobodys(row: ReportValue | None) -> bool:
    """Tell whether a cell is as the books once had it, or empty."""
    if row is None:
        return True
    return row.reported is Reported.VALUE and row.value == row.from_books and not row.reason


def _require_seen(desk: _Desk, seen: int) -> None:
    if desk.revision.edit_count != seen:
        raise StaleError(
            Message(N_("Có người vừa sửa số liệu trong lúc trang đang mở. Hãy xem lại rồi bấm."))
        )


def make_nil(session: Session, actor: Actor, document_id: int, *, seen: int, now: datetime) -> int:
    """Make a report nil: nothing happened in its window; how many cells were changed.

    Everything that happens over time is nil. What there is stays what it is: a commune with three
    clubs has them also in a month without news, and their members; of what the books do not know
    and nobody has said, nothing is there to be said either, so that is nil too. Sections that
    must say something say so in one sentence. It then goes the usual road.

    Raises what `take_from_books` raises, and BlockedError where something did happen: where a
    figure of the window is more than 0, in the books or as somebody typed it, which a click must
    not throw away.
    """
    desk = _open(session, actor, document_id, now)
    _require_seen(desk, seen)
    _require_nothing_happened(desk)
    nil = (Reported.NIL, None, "")
    changes: dict[str, _Content | None] = {}
    for key, indicator in desk.what.by_code.items():
        row = desk.row(key)
        if row is None or (is_flow(indicator) and row.reported is Reported.VALUE):
            changes[key] = nil
        if key in changes and desk.locked(key):
            raise BlockedError(locking.refusal())
    desk.write(changes)
    return len(changes) + _say_nil(desk)


def say_rest_nil(
    session: Session, actor: Actor, document_id: int, *, seen: int, now: datetime
) -> int:
    """Say of every indicator of which nothing is said that nothing is to be reported; how many.

    Raises what `take_from_books` raises.
    """
    desk = _open(session, actor, document_id, now)
    _require_seen(desk, seen)
    changes = {
        key: (Reported.NIL, None, "")
        for key in desk.what.by_code
        if desk.row(key) is None and not desk.locked(key)
    }
    desk.write(changes)
    return len(changes)


def _require_nothing_happened(desk: _Desk) -> None:
    happened = []
    for key, indicator in desk.what.by_code.items():
        row, books = desk.row(key), desk.books.get(key)
        typed = row is not None and row.reported is Reported.VALUE and bool(row.value)
        if is_flow(indicator) and (typed or (books is not None and books.value)):
            happened.append(Message("%(indicator)s", {"indicator": reported.label(indicator)}))
    if happened:
        raise BlockedError(
            Message(
                N_("Không lập được báo cáo không phát sinh, vì trong kỳ có phát sinh: %(what)s."),
                {"what": listed(happened)},
            )
        )


def _say_nil(desk: _Desk) -> int:
    """Write the sentence into the sections that must say something and do not; how many."""
    session, revision = desk.session, desk.revision
    kind, programme = desk.document.kind, desk.document.programme
    required = {one.key for one in sections_of(kind, programme) if one.required}
    statement = select(Section).where(
        Section.revision_id == revision.id, Section.line_key.in_(required)
    )
    empty = [
        section
        for section in session.scalars(statement.execution_options(populate_existing=True))
        if not section.body.strip() and not desk.locks.locked(section.line_key)
    ]
    if not empty:
        return 0
    number = count_edit(session, desk.actor, revision, desk.now)
    for section in empty:
        section.body = NIL_SENTENCE
        section.version = max(number, section.version + 1)
        section.edited_at, section.edited_by_id = desk.now, desk.actor.person_id
    session.flush()
    return len(empty)


__all__ = [
    "ValueConflict",
    "ValueEdit",
    "ValuesResult",
    "begin",
    "differs",
    "make_nil",
    "save_values",
    "say_rest_nil",
    "settle",
    "take_from_books",
]
