"""Findings as pages show them: in words, with where they point and what was answered."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from lth.blueprints.document import parts as document_parts
from lth.blueprints.document.wording import local_name
from lth.blueprints.drafting.target_inputs import html_id
from lth.blueprints.web.levels import desk_url
from lth.checks import CHECKS, judgement, loading
from lth.checks.judgement import JudgedFinding, Judgement, Note
from lth.content import places
from lth.content.model import WHOLE, Content
from lth.content.schema import at_place
from lth.core.i18n import Message
from lth.core.language import gettext, ngettext, say
from lth.drafting import reading
from lth.models import Document, Revision
from lth.models.finding import Severity, Stage

SEVERITY_HEADING = {
    Severity.ERROR: lambda: gettext("Lỗi phải sửa"),
    Severity.WARNING: lambda: gettext("Cảnh báo: sửa hoặc giải trình"),
    Severity.INFO: lambda: gettext("Lưu ý"),
}


@dataclass(frozen=True)
class Shown:
    """A finding in the language of the page; `url` leads to where it would be mended."""

    id: str
    code: str
    place: str
    severity: str
    label: str
    where: str
    url: str
    said: str
    remedy: str
    note: Note | None
    unexplained: bool
    outdated: bool


@dataclass(frozen=True)
class SeverityGroup:
    """The findings of one severity."""

    severity: str
    heading: str
    found: list[Shown]


Where = Callable[[str], tuple[str, str]]
"""Of a place: what it is called, and its address."""


def while_drafting(document: Document, content: Content) -> Where:
    """Name places on the pages where they are written."""

    def where(place: str) -> tuple[str, str]:
        named = places.name_of(content, place)
        return say(named.name), _drafted_at(document, content, place, named)

    return where


def while_reading(document: Document, content: Content) -> Where:
    """Name places on the page where a document is read."""
    written = {one.key for one in content.targets}
    sections = {one.key for one in content.sections}

    def where(place: str) -> tuple[str, str]:
        named = places.name_of(content, place)
        anchor = f"#c-{place}" if place in written else f"#s-{place}" if place in sections else ""
        return say(named.name), desk_url("document", document_id=document.id) + anchor

    return where


def _drafted_at(document: Document, content: Content, place: str, named: places.Named) -> str:
    if named.part is not None:
        address = desk_url("document_parts", document_id=document.id, group=named.part.group)
        if place == named.part.place:
            return f"{address}#part-{named.part.part}"
        return f"{address}#{place}"
    if places.is_target(place):
        return f"{desk_url('document_draft', document_id=document.id, add=place)}#{html_id(place)}"
    address = desk_url("document_draft", document_id=document.id)
    written = {section.key for section in content.sections}
    return f"{address}#s-{place}" if place in written else address


def shown(item: JudgedFinding, where: Where) -> Shown:
    """Put one finding into words."""
    one = item.finding
    name, url = where(one.place if one.mend is None else one.mend)
    check = CHECKS.get(one.code)
    return Shown(
        id=html_id_of(one.code, one.place),
        code=one.code,
        place=one.place,
        severity=one.severity.value,
        label=say(Message(check.label)) if check else one.name,
        where=name,
        url=url,
        said=say(one.said),
        remedy=say(one.remedy),
        note=item.note,
        unexplained=item.unexplained,
        outdated=item.outdated,
    )


def html_id_of(code: str, place: str) -> str:
    """Return the id of a finding on a page."""
    return f"f-{code}-{html_id(place)}".replace(".", "-")


def sections(report: Judgement, where: Where) -> list[SeverityGroup]:
    """List all findings by severity, the errors first."""
    found = [
        SeverityGroup(one.value, heading(), numbered(report.of(one), where))
        for one, heading in SEVERITY_HEADING.items()
    ]
    return [section for section in found if section.found]


def numbered(items: Iterable[JudgedFinding], where: Where) -> list[Shown]:
    """Put findings into words, no two with one id: a check may find two things at one place."""
    found, taken = [], {}
    for item in items:
        one = shown(item, where)
        taken[one.id] = taken.get(one.id, 0) + 1
        nth = taken[one.id]
        found.append(one if nth == 1 else replace(one, id=f"{one.id}-{nth}"))
    return found


def summary(report: Judgement) -> str:
    """Say how many of each there are: "2 lỗi, 3 cảnh báo chưa giải trình"."""
    errors, unexplained = len(report.errors), len(report.unexplained)
    explained, infos = len(report.warnings) - unexplained, len(report.of(Severity.INFO))
    parts = [
        ngettext("%(num)s lỗi", "%(num)s lỗi", errors) if errors else "",
        ngettext(
            "%(num)s cảnh báo chưa giải trình", "%(num)s cảnh báo chưa giải trình", unexplained
        )
        if unexplained
        else "",
        ngettext("%(num)s cảnh báo đã giải trình", "%(num)s cảnh báo đã giải trình", explained)
        if explained
        else "",
        ngettext("%(num)s lưu ý", "%(num)s lưu ý", infos) if infos else "",
    ]
    return ", ".join(part for part in parts if part)


# --- Beside what is drafted ---------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What the drafting page shows of the checks; `found` by the key of its place."""

    report: Judgement
    summary: str = ""
    found: dict[str, list[Shown]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    """How many lines each part has."""


def beside(
    session: Session,
    document: Document,
    revision: Revision,
    content: Content,
    shown_at: Collection[str] | None = None,
) -> Beside:
    """Judge a document that is being written, by its content; a synthesis is computed, not judged.

    What only counts when the plan is sent stands beside what is filled in already, and in the
    summary: an empty cell is no fault yet. Where only some places are `shown_at`, the findings of
    others are counted and not put into words.
    """
    if not document.kind.checked:
        return Beside(Judgement())
    written = judgement.notes(session, document, revision)
    report = judgement.judged(content, written, judgement.stage_of(document))
    at_once = {_place(item) for item in report.items if item.finding.stage is Stage.DRAFT}
    filled = {one.key for one in (*content.targets, *content.sections, *places.lines(content))}
    here = [
        item
        for item in report.items
        if (shown_at is None or item.finding.place in shown_at)
        and (item.finding.place in filled or _place(item) in at_once)
    ]
    found: dict[str, list[Shown]] = {}
    for finding in numbered(here, while_drafting(document, content)):
        found.setdefault(finding.place, []).append(finding)
    return Beside(report, summary(report), found, loading.counted(content))


def _place(item: JudgedFinding) -> judgement.Place:
    return item.finding.code, item.finding.place


# --- As it was sent -----------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """What the page of a document shows: what was found when it was sent, and what is off."""

    report: Judgement
    summary: str
    sections: list[SeverityGroup]
    off: list[tuple[str, str, Note]]


def kept(
    session: Session, document: Document, revision: Revision, content: reading.RevisionReading
) -> Kept | None:
    """Return the findings of a sent revision with their explanations; none of a synthesis.

    While it is being written they are on the page of the checks, as they are at the moment.
    """
    if not document.kind.checked or revision.frozen_at is None:
        return None
    report = judgement.standing(judgement.notes(session, document, revision))
    return Kept(report, summary(report), sections(report, _on_page(document, content)), off(report))


def _on_page(document: Document, content: reading.RevisionReading) -> Where:
    many = len(content.phases) > 1
    names = {part.section.line_key: (part.section.title, "s-") for part in content.parts}
    for line in content.lines:
        for cell in line.cells:
            phase = f" ({cell.phase.code.replace('-', '–')})" if many else ""
            names[cell.line_key] = (local_name(line.indicator) + phase, "c-")
    names |= {key: (one.label, "c-") for key, one in document_parts.named_lines(content).items()}
    checks = desk_url("document_checks", document_id=document.id)

    def where(place: str) -> tuple[str, str]:
        if place in names:
            name, prefix = names[place]
            return name, f"#{prefix}{place}"
        part = at_place(place)
        return say(Message(part.label if part else places.ELSEWHERE[WHOLE])), checks

    return where


def off(report: Judgement) -> list[tuple[str, str, Note]]:
    """List the checks that a unit has off: code, name, and why."""
    return [
        (code, say(Message(CHECKS[code].label)) if code in CHECKS else code, note)
        for code, note in sorted(report.off.items())
    ]
