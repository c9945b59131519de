"""Saving what drafters type. Cells merge; only a true conflict asks; nothing typed is lost.

Each save locks the document, as every act does, so that two writers take turns and nobody writes
into a document that has just been sent. A cell is written over only in the version that its writer
saw.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.content import derived, money, targets
from lth.content.targets import Figure, FigureError
from lth.core.errors import NotFoundError
from lth.core.i18n import N_, Bilingual, Message
from lth.core.vietnamese import nfc, plain_text
from lth.drafting import locking, reported
from lth.drafting.derived import budget_lines
from lth.drafting.locking import Locks
from lth.drafting.target_input import Catalogue, TargetEdit, read_edit
from lth.models import Document, Indicator, Person, Phase, Revision, Section, Target
from lth.models.content import Comparator
from lth.programmes import catalogue
from lth.workflow.writing import count_edit, open_for_writing

LONGEST_SECTION = 40_000
LONGEST_TITLE = 200
WHY_DERIVED = N_("Số này tự tính từ các khoản kinh phí: sửa ở trang Kinh phí.")


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else wrote in a cell meanwhile: no figure, where they deleted the line.

    Saving again with `version` as the one seen writes over it. `shown` is their figure as people
    read it, in both languages.
    """

    version: int
    theirs: Figure | None = None
    shown: Bilingual | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class SaveResult:
    """What came of each edit, by line key: its new version (0: deleted), errors, or a conflict.

    `typed` has every edit as it came, so that the page can show again what was typed.
    """

    typed: dict[str, TargetEdit]
    saved: dict[str, int] = field(default_factory=dict)
    errors: dict[str, dict[str, Message]] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Tell whether everything was saved."""
        return not self.errors and not self.conflicts


_CellChange = tuple[str, Target | None, dict[str, Any] | None]
"""A line's key, the line if there is one, and what it is to hold; nothing where it goes."""


# --- Targets ------------------------------------------------------------------------------


def save_targets(
    session: Session, actor: Actor, document_id: int, edits: Iterable[TargetEdit], *, now: datetime
) -> SaveResult:
    """Save the cells that were edited, each by itself; the caller commits.

    Raises what `open_for_writing` raises, and NotFoundError for a line that the document's
    programme and period cannot have.
    """
    document, revision = open_for_writing(session, actor, document_id)
    locks = locking.read(session, revision.id)
    result, changes = _judge_cells(session, actor, document, revision, edits, locks)
    if changes:
        number = count_edit(session, actor, revision, now)
        _write_cells(session, actor, revision, changes, result, number)
    return result


def _judge_cells(
    session: Session,
    actor: Actor,
    document: Document,
    revision: Revision,
    edits: Iterable[TargetEdit],
    locks: Locks,
) -> tuple[SaveResult, list[_CellChange]]:
    """Sort the edits: what stands against some, and what is to be written."""
    result = SaveResult({edit.line_key: edit for edit in edits})
    if result.typed and reported.reports(document.kind):
        raise NotFoundError
    lines = _lines(session, revision, _named(result.typed.values()))
    known = _catalogue(session, document, result.typed.values(), [*lines, *result.typed])
    changes: dict[str, dict[str, Any] | None] = {}
    for key, edit in result.typed.items():
        target, author = lines.get(key, (None, ""))
        _judge(result, changes, edit, target, author, known, actor.language)
        meant = key in changes or key in result.conflicts
        if meant and locks.locked(key, new=target is None):
            changes.pop(key, None)
            result.conflicts.pop(key, None)
            result.errors[key] = {"value": locking.refusal()}
    return result, [
        (key, lines[key][0] if key in lines else None, content) for key, content in changes.items()
    ]


def _write_cells(
    session: Session,
    actor: Actor,
    revision: Revision,
    changes: Iterable[_CellChange],
    result: SaveResult,
    number: int,
) -> None:
    for key, target, content in changes:
        result.saved[key] = _write(session, actor, revision, target, content, number)
    session.flush()


def _named(edits: Iterable[TargetEdit]) -> set[str]:
    """List the lines that edits are of, or make theirs a share of."""
    keys = {key for edit in edits for key in (edit.line_key, edit.parent_share_key)}
    return {key.strip() for key in keys if key}


def _lines(
    session: Session, revision: Revision, keys: Collection[str]
) -> dict[str, tuple[Target, str]]:
    """Read some of the revision's targets as they are now, each with the name of its writer."""
    statement = (
        select(Target, Person.name)
        .outerjoin(Person, Person.id == Target.edited_by_id)
        .where(Target.revision_id == revision.id, Target.line_key.in_(keys))
        .execution_options(populate_existing=True)
    )
    return {target.line_key: (target, name or "") for target, name in session.execute(statement)}


def _catalogue(
    session: Session, document: Document, edits: Iterable[TargetEdit], keys: Sequence[str]
) -> Catalogue:
    """Read what the edits name of the programme: the indicators of their lines and counts."""
    codes = {
        code.strip()
        for edit in edits
        for code in (edit.line_key.partition("@")[0], edit.numerator_code, edit.denominator_code)
        if code
    }
    phases = session.scalars(select(Phase).where(catalogue.phases_of(document.period_id)))
    indicators = session.scalars(
        select(Indicator).where(
            Indicator.programme_id == document.programme_id, Indicator.code.in_(codes)
        )
    )
    return Catalogue(
        indicators={row.code: row for row in indicators},
        phases={phase.code: phase for phase in phases},
        keys=frozenset(keys),
    )


def _judge(
    result: SaveResult,
    changes: dict[str, dict[str, Any] | None],
    edit: TargetEdit,
    target: Target | None,
    author: str,
    known: Catalogue,
    language: str,
) -> None:
    """Sort one edit: an error, what stands there already, a conflict, or a change to write."""
    key = edit.line_key
    indicator, phase = _place(known, key)
    version = target.version if target else 0
    if derived.is_derived(indicator):
        result.errors[key] = {"value": Message(WHY_DERIVED)}
        return
    try:
        content = read_edit(edit, target, indicator, known, language)
    except FigureError as error:
        result.errors[key] = error.errors
        return
    if content is not None:
        content |= {"line_key": key, "indicator_id": indicator.id, "phase_id": phase.id}
    if _stands(target, content):
        result.saved[key] = version
    elif edit.seen != version:
        result.conflicts[key] = _conflict(target, indicator, author)
    else:
        changes[key] = content


def _conflict(target: Target | None, indicator: Indicator, author: str) -> Conflict:
    if target is None:
        return Conflict(0)
    theirs = targets.figure_of(target)
    words = [targets.worded(theirs, indicator, language) for language in ("vi", "en")]
    if theirs.comparator is Comparator.QUALITATIVE:
        words = [target.wording, target.wording]
    return Conflict(target.version, theirs, Bilingual(*words), author, target.edited_at)


def _place(known: Catalogue, key: str) -> tuple[Indicator, Phase]:
    try:
        code, phase, _ = targets.read_key(key)
        return known.indicators[code], known.phases[phase]
    except (ValueError, KeyError):
        raise NotFoundError from None


def _stands(target: Target | None, content: dict[str, Any] | None) -> bool:
    """Tell whether what is to be written is what is there."""
    if target is None or content is None:
        return target is None and content is None
    return all(getattr(target, name) == value for name, value in content.items())


def _write(
    session: Session,
    actor: Actor,
    revision: Revision,
    target: Target | None,
    content: dict[str, Any] | None,
    number: int,
) -> int:
    """Write, add or (without content) delete one line; its version from now on."""
    if content is None:
        session.delete(target)
        return 0
    if target is None:
        target = Target(revision_id=revision.id, version=0)
        session.add(target)
    for name, value in content.items():
        setattr(target, name, value)
    target.version = max(number, target.version + 1)
    target.edited_at, target.edited_by_id = revision.edited_at, actor.person_id
    return target.version


# --- Sections -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SectionConflict:
    """Both texts of a section that two people changed."""

    yours: str
    theirs: str
    version: int
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SectionResult:
    """What came of saving a section: its version, what is wrong by field, or a conflict."""

    saved: int | None = None
    errors: dict[str, Message] = field(default_factory=dict)
    conflict: SectionConflict | None = None


@dataclass(frozen=True, slots=True)
class SectionEdit:
    """A section's text as it was typed (and its title, where given), seen in version `seen`."""

    line_key: str
    body: str
    seen: int
    title: str | None = None


def with_money(session: Session, actor: Actor, document_id: int, body: str) -> str:
    """Return a section's text, as typed, with what the budget's lines come to put into it.

    Raises what `open_for_writing` raises.
    """
    _, revision = open_for_writing(session, actor, document_id)
    return money.put_into(plain_text(body), budget_lines(session, revision.id))


def save_section(
    session: Session,
    actor: Actor,
    document_id: int,
    line_key: str,
    body: str,
    *,
    seen: int,
    now: datetime,
    title: str | None = None,
) -> SectionResult:
    """Save one section's text (and title, where given), seen in version `seen`.

    Raises what `open_for_writing` raises, and NotFoundError where there is no such section.
    """
    _, revision = open_for_writing(session, actor, document_id)
    edit = SectionEdit(line_key, body, seen, title)
    locks = locking.read(session, revision.id)
    results, changes = _judge_sections(session, revision, [edit], locks)
    if changes:
        number = count_edit(session, actor, revision, now)
        _write_sections(session, actor, revision, changes, results, number)
    return results[line_key]


_SectionChange = tuple[Section, str, str]
"""A section with the title and the text that it is to have."""


def _judge_sections(
    session: Session, revision: Revision, edits: Iterable[SectionEdit], locks: Locks
) -> tuple[dict[str, SectionResult], list[_SectionChange]]:
    """Sort the edits: what stands against some, and what is to be written."""
    typed = {edit.line_key: edit for edit in edits}
    found = _sections(session, revision, typed)
    results, changes = {}, []
    for key, edit in typed.items():
        section, author = found[key]
        body = plain_text(edit.body)
        title = section.title if edit.title is None else " ".join(nfc(edit.title).split())
        refused = _refused(section, author, (title, body), edit.seen, locks)
        results[key] = refused or SectionResult(saved=section.version)
        if refused is None and (section.title, section.body) != (title, body):
            changes.append((section, title, body))
    return results, changes


def _refused(
    section: Section, author: str, typed: tuple[str, str], seen: int, locks: Locks
) -> SectionResult | None:
    """Say what stands against a title and a text, if anything does."""
    title, body = typed
    errors = _too_long(title, body)
    if errors:
        return SectionResult(errors=errors)
    if (section.title, section.body) == typed:
        return None
    if locks.locked(section.line_key):
        return SectionResult(errors={"body": locking.refusal()})
    if section.version != seen:
        theirs = SectionConflict(body, section.body, section.version, author, section.edited_at)
        return SectionResult(conflict=theirs)
    return None


def _write_sections(
    session: Session,
    actor: Actor,
    revision: Revision,
    changes: Iterable[_SectionChange],
    results: dict[str, SectionResult],
    number: int,
) -> None:
    for section, title, body in changes:
        section.title, section.body = title, body
        section.version = max(number, section.version + 1)
        section.edited_at, section.edited_by_id = revision.edited_at, actor.person_id
        results[section.line_key] = SectionResult(saved=section.version)
    session.flush()


def _sections(
    session: Session, revision: Revision, keys: Collection[str]
) -> dict[str, tuple[Section, str]]:
    """Read some of the revision's sections with their writers. Raises NotFoundError for others."""
    if not keys:
        return {}
    statement = (
        select(Section, Person.name)
        .outerjoin(Person, Person.id == Section.edited_by_id)
        .where(Section.revision_id == revision.id, Section.line_key.in_(keys))
        .execution_options(populate_existing=True)
    )
    rows = session.execute(statement)
    found = {section.line_key: (section, name or "") for section, name in rows}
    if found.keys() != set(keys):
        raise NotFoundError
    return found


def _too_long(title: str, body: str) -> dict[str, Message]:
    errors = {}
    if not title:
        errors["title"] = Message(N_("Phần này cần có tiêu đề."))
    if len(title) > LONGEST_TITLE:
        errors["title"] = Message(
            N_("Tiêu đề dài quá %(most)s ký tự, hãy rút gọn."), {"most": LONGEST_TITLE}
        )
    if len(body) > LONGEST_SECTION:
        errors["body"] = Message(
            N_("Phần này dài quá %(most)s ký tự, hãy rút gọn hoặc đưa vào phụ lục."),
            {"most": LONGEST_SECTION},
        )
    return errors


# --- The page -----------------------------------------------------------------------------


@dataclass(frozen=True)
class PageResult:
    """What came of saving a whole page: of its cells, and of each section by its key."""

    cells: SaveResult
    sections: dict[str, SectionResult] = field(default_factory=dict)
    typed: dict[str, SectionEdit] = field(default_factory=dict)
    written: int = 0
    """How many cells and sections were changed."""

    @property
    def conflicts(self) -> bool:
        return bool(self.cells.conflicts) or any(one.conflict for one in self.sections.values())

    @property
    def errors(self) -> bool:
        return bool(self.cells.errors) or any(one.errors for one in self.sections.values())

    @property
    def complete(self) -> bool:
        """Tell whether everything was saved."""
        return not self.errors and not self.conflicts


def save_page(
    session: Session,
    actor: Actor,
    document_id: int,
    cells: Iterable[TargetEdit],
    sections: Iterable[SectionEdit],
    *,
    now: datetime,
) -> PageResult:
    """Save what was typed on a page as one edit, each item by itself; the caller commits.

    What is wrong with one keeps no other from being saved. Raises what `save_targets` and
    `save_section` raise.
    """
    typed = {edit.line_key: edit for edit in sections}
    cells = list(cells)
    document, revision = open_for_writing(session, actor, document_id)
    locks = locking.read(session, revision.id)
    found, changed = _judge_cells(session, actor, document, revision, cells, locks)
    results, rewritten = _judge_sections(session, revision, typed.values(), locks)
    if changed or rewritten:
        number = count_edit(session, actor, revision, now)
        _write_cells(session, actor, revision, changed, found, number)
        _write_sections(session, actor, revision, rewritten, results, number)
    return PageResult(found, results, typed, len(changed) + len(rewritten))
