"""Judge what was read against the plan, and write what the person takes of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from lth import drafting
from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content.model import HEADER
from lth.core.errors import BlockedError, RefusedError, StaleError
from lth.core.i18n import N_, Message
from lth.drafting import Source, parts
from lth.exchange.plan_reading import beside_lines, beside_targets, uploads
from lth.exchange.plan_reading.beside import PlanNow, plan_now
from lth.exchange.plan_reading.proposals import (
    ORDER,
    SECTION,
    Proposal,
    ProposalState,
    ReadingReport,
    accepted,
    differences,
    digest,
)
from lth.exchange.plan_reading.target_list import TARGET
from lth.models import Document, ReadingUpload
from lth.models.parts import Part
from lth.workflow import documents, kinds
from lth.workflow.writing import open_for_writing


@dataclass(frozen=True)
class Decided:
    """What a person decided on the page: boxes, choices by id, phases by id, and what was seen."""

    ticked: Collection[str]
    chosen: Mapping[str, str]
    phases: Mapping[str, str]
    seen: str = ""


@dataclass(frozen=True, slots=True)
class TakenItems:
    """What came of it: the plan, how many items were written, and how many are left."""

    document: Document
    written: int
    left: int


def look(
    session: Session,
    actor: Actor,
    upload: ReadingUpload,
    phases: Mapping[str, str] | None = None,
) -> ReadingReport:
    """Hold a file against the plan as it is now; `phases`: those chosen for targets, by id."""
    now = plan_now(session, actor, upload.period)
    first = _report(now, actor, upload, {})
    report = _report(now, actor, upload, phases) if phases else first
    return replace(report, seen=digest(first))


def _report(
    now: PlanNow, actor: Actor, upload: ReadingUpload, phases: Mapping[str, str]
) -> ReadingReport:
    reading = uploads.reading_of(upload)
    sections, left = beside_lines.judge_sections(reading, now)
    found = [
        *beside_lines.judge_header(reading, now, actor.language),
        *beside_lines.judge(reading, now, actor.language),
        *beside_targets.judge(reading, now, actor.language, phases),
        *sections,
    ]
    found.sort(key=lambda one: ORDER.index(one.part))
    programme = upload.period.programme.code
    differs = differences(reading, now, actor.unit_name, programme)
    return ReadingReport(reading, now, found, differs, left)


def take(
    session: Session, actor: Actor, upload: ReadingUpload, decided: Decided, *, now: datetime
) -> TakenItems:
    """Write what was taken into the plan, begun with it where there is none; the caller commits.

    Raises StaleError where the plan is no longer as it was seen, RefusedError where nothing was
    taken, and what the operations raise: then nothing must be committed.
    """
    document = _locked(session, actor, upload)
    report, _ = decide(session, actor, upload, decided)
    if document is None:
        period = upload.period
        document = drafting.start(
            session, actor, period, kinds.filed(), source=Source.EMPTY, now=now
        )
        report = look(session, actor, upload, decided.phases)
    items = accepted(report, decided.ticked, decided.chosen)
    _write(session, actor, document.id, _with_parents(report, items), now)
    return TakenItems(document, len(items), len(report.open) - len(items))


def decide(
    session: Session, actor: Actor, upload: ReadingUpload, decided: Decided
) -> tuple[ReadingReport, list[Proposal]]:
    """Judge with what was decided; returns what would be written as well. Raises as `take` does."""
    report = look(session, actor, upload, decided.phases)
    if report.seen != decided.seen:
        raise stale()
    _require_choices(report, decided)
    items = accepted(report, decided.ticked, decided.chosen)
    if not items:
        raise RefusedError("", N_("Chưa chọn mục nào để lấy."))
    return report, items


def _with_parents(report: ReadingReport, items: Sequence[Proposal]) -> list[Proposal]:
    """Let go of the line that a target is a share of where that one is neither there nor taken."""
    there = {one.line_key for one in report.now.targets} | {one.key for one in items}
    return [
        replace(one, edit=replace(one.edit, parent_share_key=None))
        if one.edit is not None and one.edit.parent_share_key not in there
        else one
        for one in items
    ]


def _locked(session: Session, actor: Actor, upload: ReadingUpload) -> Document | None:
    """Lock the plan, if it is begun, until the transaction ends."""
    if actor.unit_id is None:
        return None
    scope = Scope.of(actor)
    begun = documents.begun(session, actor.unit_id, upload.period_id, kinds.filed(), scope)
    if begun is not None:
        open_for_writing(session, actor, begun.id)
    return begun


def _require_choices(report: ReadingReport, decided: Decided) -> None:
    """Require a phase of each target that is taken; and where the phase chosen has a figure
    already, that the person has seen both.
    """
    asked = [one for one in report.items if one.id in decided.ticked]
    if any(one.state is ProposalState.ASKED for one in asked):
        raise RefusedError("", N_("Có chỉ tiêu đã chọn mà chưa chọn giai đoạn."))
    unseen = [one for one in asked if one.id in decided.phases and one.id not in decided.chosen]
    if any(one.state is ProposalState.OTHER for one in unseen):
        text = N_("Giai đoạn vừa chọn đã có số trong kế hoạch: hãy chọn giữ số nào.")
        raise RefusedError("", text)


# --- Writing ------------------------------------------------------------------------------


def _write(
    session: Session, actor: Actor, document_id: int, items: Sequence[Proposal], now: datetime
) -> None:
    """Write items as typed edits are written. Raises BlockedError that names the one refused."""
    header = [one for one in items if one.part == Part.HEADER]
    if header:
        texts = {name: text for one in header for name, text in one.texts.items()}
        _line(session, actor, document_id, replace(header[0], texts=texts, key=HEADER), now)
    for one in items:
        if one.part in {Part.HEADER, TARGET, SECTION}:
            continue
        if one.state is ProposalState.OTHER:
            _line(session, actor, document_id, one, now)
        else:
            _add(session, actor, document_id, one, now)
    _cells(session, actor, document_id, items, now)


def _line(session: Session, actor: Actor, document_id: int, item: Proposal, now: datetime) -> None:
    result = parts.save_line(
        session,
        actor,
        document_id,
        item.part,
        item.key,
        item.texts,
        seen=item.version,
        now=now,
    )
    if result.conflict is not None:
        raise stale()
    for message in result.errors.values():
        raise _refused(item, message)


def _add(session: Session, actor: Actor, document_id: int, item: Proposal, now: datetime) -> None:
    _, revision = open_for_writing(session, actor, document_id)
    seen = revision.edit_count
    result = parts.add(session, actor, document_id, item.part, item.texts, seen=seen, now=now)
    for message in result.errors.values():
        raise _refused(item, message)


def _cells(
    session: Session, actor: Actor, document_id: int, items: Sequence[Proposal], now: datetime
) -> None:
    """Write targets and sections together, as a page is saved."""
    edits = [one.edit for one in items if one.edit is not None]
    sections = [one.section for one in items if one.section is not None]
    if not edits and not sections:
        return
    saved = drafting.save_page(session, actor, document_id, edits, sections, now=now)
    if saved.conflicts:
        raise stale()
    by_key = {one.key: one for one in items if one.part in {TARGET, SECTION}}
    wrong = {key: errors for key, errors in saved.cells.errors.items() if errors}
    wrong |= {key: one.errors for key, one in saved.sections.items() if one.errors}
    for key, errors in wrong.items():
        raise _refused(by_key[key], next(iter(errors.values())))


def _refused(item: Proposal, message: Message) -> BlockedError:
    line = item.quote.line if item.quote else 0
    text = N_("Dòng %(line)s của tệp: %(why)s")
    return BlockedError(Message(text, {"line": line, "why": message}) if line else message)


def stale() -> StaleError:
    """Return the error of what was decided on a plan that has changed since."""
    text = N_(
        "Kế hoạch vừa được sửa sau khi anh/chị mở trang này. Chưa ghi gì; hãy xem lại các mục dưới"
        " đây rồi xác nhận."
    )
    return StaleError(Message(text))
