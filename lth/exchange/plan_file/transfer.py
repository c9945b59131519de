"""Bring a plan file in as its unit's draft, saved as a drafter's typing is, and take plans out.

Every line goes through the reading that a page's input goes through, so that nothing gets in that
could not have been typed. What a file says beside its content (the day it is judged by, what the
level above asks for, what is expected of it) is not kept: the database knows better.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import Actor
from lth.access.scope import Scope, documents_seen, revisions_seen
from lth.checks.loading import content_of
from lth.content import model, places, targets
from lth.content.derived import is_derived
from lth.content.line_types import BudgetLine
from lth.content.line_values import Words, read_line, typed_line
from lth.content.model import Content, TargetLine
from lth.content.schema import LINE_TYPES, ContentLine
from lth.content.targets import Figure
from lth.core import vietnamese
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import search_key
from lth.drafting import parts, saving
from lth.drafting.target_input import TargetEdit
from lth.exchange.plan_file import undetailed
from lth.exchange.plan_file.issued import as_sent
from lth.exchange.plan_file.owner import match_phases
from lth.exchange.plan_file.reader import PlanFile, fault, newest
from lth.exchange.plan_file.writer import write
from lth.models import Document, Indicator, Period, Revision, Section, Target
from lth.models.parts import Part
from lth.programmes import catalogue
from lth.workflow import kinds, operations
from lth.workflow.kinds import PLAN


@dataclass(frozen=True, slots=True)
class Imported:
    """Plan that was made, and how much is in it."""

    document: Document
    targets: int
    lines: int
    sections: int


def bring_in(
    session: Session, actor: Actor, period: Period, file: PlanFile, *, now: datetime
) -> Imported:
    """Start the actor's unit's plan for a period with what a file says; the caller commits.

    The session acts within the actor's scope. Raises what `operations.start` raises, and
    BlockedError with every line that cannot be kept: then nothing must be committed.
    """
    document = file.content
    phases = match_phases(period, document)
    file = _with_its_day(file, now)
    document = file.content
    known = {row.code: row for row in catalogue.indicators(session, period.programme_id)}
    _require_indicators(document, known)
    lines = _lines(file, Words(actor.language, known))
    money = [line for line in lines[Part.BUDGET] if isinstance(line, BudgetLine)]
    lines[Part.BUDGET] += undetailed.lines(file, money, period.phases, phases, known)
    sections = _sections(file)
    made, revision = operations.start(session, actor, period, PLAN, now=now)
    _add_sections(session, revision, sections)
    parts.put(session, revision, lines)
    revision.edit_count = max(revision.edit_count, 1)  # the version of the lines it starts with
    session.flush()
    edits = _edits(document, phases, known, actor.language)
    saved = saving.save_targets(session, actor, made.id, edits.values(), now=now)
    _require_saved(file, edits, saved.errors)
    return Imported(made, len(edits), sum(map(len, lines.values())), len(sections))


def _with_its_day(file: PlanFile, now: datetime) -> PlanFile:
    """Return the file with the day of its own that it names, which no paper in it has."""
    content = file.content
    if content.made_on in {newest(content), now.date()}:
        return file
    header = replace(content.header, made_on=content.made_on)
    return replace(file, content=replace(content, header=header))


def _require_indicators(document: Content, known: Mapping[str, Indicator]) -> None:
    codes = {target.indicator for target in document.targets}
    lost = sorted(codes.union(*(line.indicators for line in places.lines(document))) - set(known))
    if lost:
        text = N_("Cơ sở dữ liệu chưa có chỉ tiêu %(codes)s: chạy “lth units import” trước.")
        raise BlockedError(Message(text, {"codes": ", ".join(lost)}))


# --- Parts --------------------------------------------------------------------------------


def _lines(file: PlanFile, words: Words) -> dict[str, list[ContentLine]]:
    """Return the lines of every part as they would have been typed."""
    document = file.content
    faults: list[Message] = []
    found = {part: _typed(file, part, document.lines(part), words, faults) for part in LINE_TYPES}
    if faults:
        raise BlockedError(*faults)
    return found


def _typed(
    file: PlanFile, part: str, lines: Iterable[ContentLine], words: Words, faults: list[Message]
) -> list[ContentLine]:
    found: list[ContentLine] = []
    for line in lines:
        read, errors = read_line(part, line.key, typed_line(line, words), None, words)
        faults += [fault(file, line.key, why) for why in errors.values()]
        if read is not None:
            found.append(read)
    if len(found) > parts.MOST_LINES:
        text = N_("Phần này có %(count)s dòng; nhiều nhất là %(most)s.")
        filling = {"count": len(found), "most": parts.MOST_LINES}
        faults.append(fault(file, found[0].key, Message(text, filling)))
    return found


# --- Targets ------------------------------------------------------------------------------


def _edits(
    document: Content, phases: Mapping[str, str], known: Mapping[str, Indicator], language: str
) -> dict[str, TargetEdit]:
    """Map what would have been typed into the cells, by the target's key in the file."""
    typed = [line for line in document.targets if not is_derived(known[line.indicator])]
    keys: dict[str, str] = {}
    for line in typed:
        keys[line.key] = targets.next_key(keys.values(), line.indicator, phases[line.phase])
    return {
        line.key: replace(
            edit_of(line, keys, known[line.indicator], language), as_given=True, own_order=place
        )
        for place, line in enumerate(typed, 1)
    }


def edit_of(
    line: TargetLine, keys: Mapping[str, str], indicator: Indicator, language: str
) -> TargetEdit:
    """Return what would have been typed for a target that is new; `keys`: its key, by that of the
    file, and those of the lines that it may be a share of.
    """
    figure = Figure(line.comparator, line.low, line.high)
    value, second = targets.typed(figure, indicator.measure, language)
    return TargetEdit(
        keys[line.key],
        0,
        value,
        second,
        comparator=line.comparator.value,
        scope=line.scope.value,
        counts_from=line.counts_from.value,
        numerator_code=line.numerator,
        denominator_code=line.denominator,
        area_type=line.area.value,
        parent_share_key=keys.get(line.parent_share_key or ""),
        wording=line.wording,
        source_ref=line.source_ref,
    )


def _require_saved(
    file: PlanFile,
    edits: Mapping[str, TargetEdit],
    errors: Mapping[str, Mapping[str, Message]],
) -> None:
    """Require that every cell was saved as it stands in the file."""
    key_in_file = {edit.line_key: key for key, edit in edits.items()}
    faults = [
        fault(file, key_in_file[line_key], why)
        for line_key, of_line in errors.items()
        for why in of_line.values()
    ]
    if faults:
        raise BlockedError(*faults)


# --- Sections -----------------------------------------------------------------------------

_ABOUT = {
    "s.purpose": ("muc dich", "yeu cau", "muc tieu"),
    "s.scope": ("pham vi", "doi tuong"),
    "s.tasks": ("nhiem vu", "giai phap", "hoat dong", "noi dung"),
    "s.funding": ("kinh phi",),
    "s.organisation": ("to chuc thuc hien",),
}
"""What the title of a standard section speaks of, without tone marks."""

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def _sections(file: PlanFile) -> list[model.SectionText]:
    """List the file's sections, each under a standard key if it is one, and the standard ones it
    lacks.

    Those have the numerals after the file's own, so that no numeral stands there twice.
    """
    given = file.content.sections
    faults = [fault(file, one.key, why) for one in given for why in _too_long(one)]
    if faults:
        raise BlockedError(*faults)
    found = []
    free = [section.key for section in PLAN.sections]
    free = [key for key in free if key not in {one.key for one in given}]
    for one in given:
        key = one.key if one.key in _ABOUT else standard_key(one.title, free)
        if key in free:
            free.remove(key)
        found.append(replace(one, key=key or one.key, body=vietnamese.plain_text(one.body)))
    return found + _lacking(free, len(given))


def standard_key(title: str, free: Iterable[str]) -> str | None:
    """Find the standard section that a title speaks of, if nothing else in the file does."""
    words = f" {search_key(title)} "
    return next((key for key in free if any(f" {about} " in words for about in _ABOUT[key])), None)


def _lacking(keys: Iterable[str], count: int) -> list[model.SectionText]:
    found = []
    for key in keys:
        standard = kinds.standard_section(PLAN, key)
        title = standard.title if standard else ""
        place = count + len(found)
        if count and place < len(ROMAN):
            title = f"{ROMAN[place]}. {title.partition('. ')[2]}"
        found.append(model.SectionText(key, title))
    return found


def _too_long(section: model.SectionText) -> list[Message]:
    errors = []
    if not section.title:
        errors.append(Message(N_("Phần này cần có tiêu đề.")))
    for text, most in (
        (section.title, saving.LONGEST_TITLE),
        (section.body, saving.LONGEST_SECTION),
    ):
        if len(text) > most:
            errors.append(Message(N_("Dài quá %(most)s ký tự, hãy rút gọn."), {"most": most}))
    return errors


def _add_sections(
    session: Session, revision: Revision, sections: Iterable[model.SectionText]
) -> None:
    session.add_all(
        Section(
            revision_id=revision.id,
            ordinal=ordinal,
            line_key=one.key,
            title=" ".join(one.title.split()),
            body=one.body,
        )
        for ordinal, one in enumerate(sections, 1)
    )


# --- Out again ----------------------------------------------------------------------------


def take_out(session: Session, document_id: int, number: int | None, scope: Scope) -> str:
    """Return the text of a plan's newest revision, or of one by its number.

    Raises BlockedError where the scope sees no such plan or revision, and for a synthesis, which
    is computed from plans.
    """
    document = session.scalars(
        select(Document)
        .where(Document.id == document_id, documents_seen(scope))
        .options(
            joinedload(Document.unit),
            joinedload(Document.next_unit),
            joinedload(Document.period),
            joinedload(Document.programme),
        )
    ).first()
    if document is None:
        raise BlockedError(Message(N_("Không có kế hoạch số %(id)s."), {"id": document_id}))
    if not document.kind.filed:
        text = N_("Văn bản số %(id)s là bản tổng hợp: chỉ kế hoạch mới thành tệp kế hoạch.")
        raise BlockedError(Message(text, {"id": document_id}))
    revision = _revision_of(session, document, number, scope)
    content = content_of(session, document, revision, scope)
    return write(as_sent(in_its_order(session, content, revision), revision))


def in_its_order(session: Session, content: Content, revision: Revision) -> Content:
    """Return a revision's content with its targets in the order of the file that they came from."""
    statement = select(Target.line_key, Target.own_order).where(
        Target.revision_id == revision.id, Target.own_order.is_not(None)
    )
    places = {row.line_key: row.own_order for row in session.execute(statement)}
    last = len(places) + 1
    listed = sorted(content.targets, key=lambda one: places.get(one.key, last))
    return replace(content, targets=tuple(listed))


def _revision_of(
    session: Session, document: Document, number: int | None, scope: Scope
) -> Revision:
    wanted = document.head_number if number is None else number
    found = session.scalars(
        select(Revision).where(
            Revision.document_id == document.id, Revision.number == wanted, revisions_seen(scope)
        )
    ).first()
    if found is None:
        text = N_("Kế hoạch số %(id)s không có bản số %(number)s; bản mới nhất là %(newest)s.")
        filling = {"id": document.id, "number": wanted, "newest": document.head_number}
        raise BlockedError(Message(text, filling))
    return found
