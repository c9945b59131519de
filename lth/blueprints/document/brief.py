"""A brief in words: what is being signed, in a few lines, with the rest to be unfolded."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lth import briefs
from lth.blueprints.document import reported
from lth.blueprints.document.wording import amount, aspect_label, local_name, worded
from lth.blueprints.web import current
from lth.briefs import Brief, BriefFigure, Changes, OpenFinding
from lth.briefs.changes import ITEM
from lth.content.line_types import SOURCE_LABEL
from lth.content.schema import LINE_TYPES
from lth.content.targets import Figure, read_key
from lth.core import clock
from lth.core.formats import format_date, format_money
from lth.core.i18n import Message
from lth.core.language import gettext, ngettext, say
from lth.core.vietnamese import capitalize_first
from lth.drafting.figure_rooms import FigureFacts
from lth.drafting.parts_sheet import Totals
from lth.drafting.reported import state_of
from lth.models import Document, Indicator, Opinion, Revision
from lth.models.document import Status
from lth.models.finding import Severity
from lth.models.programme import Measure
from lth.synthesis import AbsentUnit, Attendance, attendance
from lth.synthesis.absent import ABSENT_COUNT
from lth.synthesis.children import sees_below

FIRST = 5
"""How many figures and changes stand in the lines themselves; the rest unfolds."""

IN_A_ROW = 3
"""How many figures a row of a list has room for."""

NAMED = 20
"""How many missing units are named; the synthesis lists them all."""


@dataclass(frozen=True)
class BriefLine:
    """One line of a brief: what it is about, what it comes to, and what unfolds below it.

    `tone` is "warn" where it speaks against signing.
    """

    label: str
    text: str
    more: Sequence[str] = ()
    tone: str = ""


@dataclass(frozen=True)
class FigureRow:
    """A figure beside what was assigned and what the programme asks, in words."""

    name: str
    planned: str
    quota: str
    norm: str
    state: str
    gap: bool


@dataclass(frozen=True)
class BriefView:
    """A brief as a page shows it: what speaks against first, then a few lines; `figures` unfold."""

    dissent: Sequence[Opinion]
    absence: "AbsenceView | None"
    lines: Sequence[BriefLine]
    figures: Sequence[FigureRow]


@dataclass(frozen=True)
class AbsenceView:
    """Who is not in a synthesis: "15 trên 17 xã", how they stand, their names, what that leaves
    short, and why it goes on so.
    """

    title: str
    states: str
    names: str
    lacking: str
    reason: str


def view(brief: Brief) -> BriefView:
    """Word a brief."""
    phased = len({one.phase.id for one in brief.figures}) > 1
    lines = (
        _opinions(brief.opinions),
        _findings(brief.findings),
        *(_figure_line(one, phased) for one in brief.figures[:FIRST]),
        *_done_lines(brief),
        _changes(brief.changes, brief.indicators) if brief.changes else None,
        _money(brief.money) if brief.money else None,
    )
    return BriefView(
        dissent=brief.dissent,
        absence=absence(brief),
        lines=[line for line in lines if line is not None],
        figures=[_figure_row(one, phased) for one in brief.figures],
    )


@dataclass(frozen=True)
class ShortBrief:
    """A brief of one document among many: a few lines, and whether it must be opened by itself,
    because somebody has to say why.
    """

    status: Status
    lines: Sequence[BriefLine]
    wants_reason: bool

    @property
    def texts(self) -> list[str]:
        """Return each line as one text."""
        return [f"{line.label}: {line.text}" for line in self.lines]


def short_views(document_ids: Sequence[int]) -> dict[int, ShortBrief]:
    """Word the facts of the documents of a list that the actor sees, by id, in eight queries."""
    session, scope = current.database(), current.scope()
    found = briefs.of_many(session, document_ids, scope, clock.today())
    return {document_id: short_view(one) for document_id, one in found.items()}


def short_view(one: Brief) -> ShortBrief:
    """Word a brief in as many lines as a row of a list has room for."""
    missing = absence(one)
    phased = len({figure.phase.id for figure in one.figures}) > 1
    lines = [
        BriefLine(gettext("Chưa đồng ý"), _opinion(opinion), tone="warn") for opinion in one.dissent
    ]
    if missing is not None:
        lines.append(BriefLine(missing.title, missing.names, tone="warn"))
    lines += [line for line in [_findings(one.findings)] if line is not None]
    lines += [_figure_line(figure, phased) for figure in one.figures[:IN_A_ROW]]
    return ShortBrief(one.document.status, lines, bool(one.dissent) or one.some_absent)


def _figure_line(one: BriefFigure, phased: bool) -> BriefLine:
    """Word a figure beside what was assigned: "3, được giao 5 (thiếu 2)"."""
    text = _planned(one)
    if one.quota is not None:
        quota = amount(one.quota, one.indicator)
        text = gettext("%(planned)s, được giao %(quota)s", planned=text, quota=quota)
    if one.gap:
        text = f"{text} ({_state(one)})"
    return BriefLine(_named(one, phased), text, tone="warn" if one.gap else "")


# --- Units --------------------------------------------------------------------------------


def attendance_in(document: Document, revision: Revision | None) -> Attendance | None:
    """Say who is in a revision of a synthesis, for a page that shows it; in one query.

    None of any other document, before anything was taken over, and for who does not see below.
    """
    scope = current.scope()
    if revision is None or revision.taken_over_at is None or not sees_below(scope, document):
        return None
    return attendance(current.database(), [revision.id], scope, clock.today())[revision.id]


def absence_in(document: Document, revision: Revision | None) -> AbsenceView | None:
    """Word who is not in a revision of a synthesis, as `attendance_in` says it."""
    there = attendance_in(document, revision)
    if revision is None or there is None:
        return None
    return absence(Brief(document, attendance=there, absence_reason=revision.absence_reason))


def absence(brief: Brief) -> AbsenceView | None:
    """Word who is not in a synthesis; None where all are."""
    there = brief.attendance
    if there is None or there.complete:
        return None
    return AbsenceView(
        title=capitalize_first(gettext("mới có %(units)s", units=say(there.said))),
        states=absent_states(there),
        names=_names(there.absent),
        lacking=_lacking(brief),
        reason=brief.absence_reason,
    )


def absent_states(there: Attendance) -> str:
    """Word how the units that are not in stand: "1 chưa bắt đầu, 1 bị trả lại"."""
    return ", ".join(
        say(Message(ABSENT_COUNT[state], {"count": count}, number=count))
        for state, count in there.by_state.items()
    )


def _names(absent: Sequence[AbsentUnit]) -> str:
    named = ", ".join(_absent_name(one) for one in absent[:NAMED])
    return named if len(absent) <= NAMED else f"{named}…"


def _absent_name(one: AbsentUnit) -> str:
    """Name a unit that is absent, with where it belongs and since when it has taken part."""
    notes = [one.within.full_name] if one.within else []
    if one.joined_on is not None:
        notes.append(gettext("tham gia từ ngày %(date)s", date=format_date(one.joined_on)))
    return f"{one.unit.full_name} ({', '.join(notes)})" if notes else one.unit.full_name


def _lacking(brief: Brief) -> str:
    """Word what was assigned to those who are not in: "6 câu lạc bộ thành lập mới"."""
    return "; ".join(
        f"{local_name(one.indicator)}: {_with_unit(one.value, one.indicator)}"
        for one in brief.lacking[:FIRST]
    )


def _with_unit(value: int, indicator: Indicator) -> str:
    text = amount(value, indicator)
    unit = local_name(indicator, "unit")
    return f"{text} {unit}" if indicator.measure is Measure.COUNT else text


# --- Figures ------------------------------------------------------------------------------


def _named(one: BriefFigure, phased: bool) -> str:
    phase = f" ({one.phase.code.replace('-', '–')})" if phased else ""
    return f"{local_name(one.indicator)}{phase}"


def _figure_row(one: BriefFigure, phased: bool) -> FigureRow:
    indicator = one.indicator
    return FigureRow(
        name=_named(one, phased),
        planned=_planned(one),
        quota="–" if one.quota is None else amount(one.quota, indicator),
        norm=worded(one.norm, indicator) if one.norm else "–",
        state=_state(one),
        gap=one.gap,
    )


def _planned(one: BriefFigure) -> str:
    if one.figure is not None and one.figure.value is not None:
        return worded(one.figure, one.indicator)
    if one.kept is not None:
        return _kept(one)
    return gettext("chưa ghi số")


def _kept(one: BriefFigure) -> str:
    return gettext("%(kept)s trên %(all)s đơn vị đạt", kept=one.kept, all=one.judged)


def _state(one: BriefFigure) -> str:
    words = []
    if one.short:
        words.append(gettext("thiếu %(amount)s", amount=amount(one.short, one.indicator)))
    if one.off_norm:
        words.append(_kept(one) if one.kept is not None else gettext("ngoài mức chương trình"))
    if not words and one.quota is not None:
        return gettext("đủ số giao")
    met = gettext("đạt mức chương trình") if one.norm is not None else "–"
    return ", ".join(words) or met


# --- What was done ------------------------------------------------------------------------


def _done_lines(brief: Brief) -> list[BriefLine]:
    """Word what a report says was done: how many of each, what differs from the books, and the
    figures that something was assigned for.
    """
    if not brief.done:
        return []
    lines = [_counted(brief.done)]
    off = [one for one in brief.done if one.books is not None]
    if off:
        text = ngettext("%(num)s chỉ tiêu", "%(num)s chỉ tiêu", len(off))
        more = [_off(one) for one in off]
        lines.append(BriefLine(gettext("Khác sổ câu lạc bộ"), text, more, "warn"))
    assigned = [one for one in brief.done if one.assigned is not None]
    return [*lines, *(_assigned_line(one) for one in assigned[:FIRST])]


def _counted(done: Sequence[FigureFacts]) -> BriefLine:
    """Word how many figures are numbers, nil, not applicable, missing; each unfolds."""
    count = Counter(say(state_of(one.row)) for one in done)
    text = ", ".join(f"{label.lower()}: {number}" for label, number in count.items())
    more = [f"{local_name(one.indicator)}: {reported.said(one.row, one.indicator)}" for one in done]
    missing = any(one.row is None for one in done)
    return BriefLine(gettext("Số liệu"), text, more, "warn" if missing else "")


def _off(one: FigureFacts) -> str:
    books = amount(one.books or 0, one.indicator)
    said = reported.said_fully(one.row, one.indicator)
    name = local_name(one.indicator)
    return gettext("%(name)s: %(said)s; sổ ghi %(books)s", name=name, said=said, books=books)


def _assigned_line(one: FigureFacts) -> BriefLine:
    text = gettext(
        "%(planned)s, được giao %(quota)s",
        planned=reported.said(one.row, one.indicator),
        quota=amount(one.assigned or 0, one.indicator),
    )
    return BriefLine(local_name(one.indicator), text)


# --- The lines ----------------------------------------------------------------------------


def _opinions(opinions: Sequence[Opinion]) -> BriefLine | None:
    """Word the opinions that agree; those against stand by themselves."""
    agreed = [one for one in opinions if one.verdict == "agree"]
    if not agreed:
        return None
    return BriefLine(
        gettext("Ý kiến thẩm định"),
        ngettext("%(num)s ý kiến đồng ý", "%(num)s ý kiến đồng ý", len(agreed)),
        [_opinion(one) for one in agreed],
    )


def _opinion(one: Opinion) -> str:
    said = f"{one.person_name} ({aspect_label(one.aspect)})"
    return f"{said}: {one.text}" if one.text else said


def _findings(found: Sequence[OpenFinding]) -> BriefLine | None:
    if not found:
        return None
    return BriefLine(
        gettext("Lỗi, cảnh báo"),
        findings_text(found),
        [_finding(one) for one in found],
        "warn",
    )


def findings_text(found: Sequence[OpenFinding]) -> str:
    """Word how many there are: "1 lỗi, 2 cảnh báo, đã giải trình 2"."""
    errors = sum(one.severity is Severity.ERROR for one in found)
    warnings = [one for one in found if one.severity is Severity.WARNING]
    explained = sum(bool(one.explanation) for one in warnings)
    words = []
    if errors:
        words.append(ngettext("%(num)s lỗi", "%(num)s lỗi", errors))
    if warnings:
        words.append(ngettext("%(num)s cảnh báo", "%(num)s cảnh báo", len(warnings)))
        words.append(gettext("đã giải trình %(count)s", count=explained))
    return ", ".join(words)


def _finding(one: OpenFinding) -> str:
    said = say(one.said)
    if not one.explanation:
        return said
    by = f" ({one.by})" if one.by else ""
    return gettext("%(said)s Giải trình%(by)s: %(text)s", said=said, by=by, text=one.explanation)


def _changes(changes: Changes, indicators: Mapping[str, Indicator]) -> BriefLine:
    count = changes.count
    if not count:
        text = gettext("không có thay đổi nào so với lần trình %(n)s", n=changes.since)
    else:
        text = ngettext(
            "%(num)s chỗ so với lần trình %(n)s",
            "%(num)s chỗ so với lần trình %(n)s",
            count,
            n=changes.since,
        )
    return BriefLine(gettext("Thay đổi"), text, list(_changed(changes, indicators)))


def _changed(changes: Changes, indicators: Mapping[str, Indicator]) -> Iterable[str]:
    """Word the main changes: figures from and to, titles of sections, lines by part."""
    for one in changes.figures:
        indicator = indicators.get(one.line_key.partition("@")[0])
        if indicator is not None:
            before, now = _said(one.before, indicator), _said(one.now, indicator)
            name, phase = local_name(indicator), read_key(one.line_key)[1].replace("-", "–")
            yield f"{name} ({phase}): {before} → {now}"
    for one in changes.done:
        indicator = indicators.get(one.line_key)
        if indicator is not None:
            before, now = (reported.said_of(state, indicator) for state in (one.before, one.now))
            yield f"{local_name(indicator)}: {before} → {now}"
    yield from changes.sections
    for part, count in changes.parts.items():
        if part == ITEM:
            label = gettext("Khó khăn, kiến nghị")
            yield ngettext("%(part)s: %(num)s mục", "%(part)s: %(num)s mục", count, part=label)
            continue
        label = say(Message(LINE_TYPES[part].label))
        yield ngettext("%(part)s: %(num)s dòng", "%(part)s: %(num)s dòng", count, part=label)


def _said(figure: Figure | None, indicator: Indicator) -> str:
    return worded(figure, indicator) if figure else gettext("chưa có")


def _money(money: Totals) -> BriefLine:
    sources = [
        f"{say(Message(SOURCE_LABEL[source])) if source else gettext('Chưa ghi nguồn')}: "
        f"{format_money(value)}"
        for source, value in money.by_source.items()
    ]
    text = format_money(money.total)
    return BriefLine(gettext("Kinh phí"), f"{text} ({'; '.join(sources)})" if sources else text)
