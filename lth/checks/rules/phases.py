"""V04 to V06: the phases of a plan, their years and how they are named."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lth.checks.reading import proper
from lth.checks.registry import Fault, check
from lth.checks.wording import joined, years
from lth.content.model import HEADER, PHASES, Content, PhaseSpan, Span
from lth.core.i18n import N_
from lth.models.finding import Severity, Stage
from lth.models.parts import PaperRole

_RANGE = re.compile(r"([12][09]\d\d)\s*(?:[-–—]|đến(?: hết)?(?: năm)?)\s*([12][09]\d\d)(?![\d/])")
_BEFORE = frozenset("0123456789/.")
"""What stands before digits that are no year: 31/12/2025, 1.2025."""

_NEAR = 1
"""By how many years a slip of the pen misses: 2031–2035 for 2030–2035."""


@check(
    "V04",
    "PHASE_OVERLAP",
    N_("Các giai đoạn không được trùng năm"),
    Severity.ERROR,
    Stage.DRAFT,
)
def phase_overlap(content: Content) -> Iterator[Fault]:
    """Require that no year lies in two phases. One that is divided is their whole."""
    for earlier, later in pairwise(proper(content)):
        start = later.span.start
        if start is not None and start <= earlier.span.end:
            yield _overlap(earlier, later, Span(start, min(earlier.span.end, later.span.end)))


def _overlap(earlier: PhaseSpan, later: PhaseSpan, shared: Span) -> Fault:
    return Fault.of(
        N_("Giai đoạn %(earlier)s và giai đoạn %(later)s cùng có năm %(shared)s."),
        N_("Cho giai đoạn sau bắt đầu từ năm %(year)s, hoặc cho giai đoạn trước kết thúc sớm hơn."),
        PHASES,
        earlier=years(earlier.span),
        later=years(later.span),
        shared=years(shared),
        year=str(earlier.span.end + 1),
    )


@check(
    "V05",
    "PHASE_LABEL",
    N_("Một giai đoạn chỉ gọi bằng một tên"),
    Severity.WARNING,
    Stage.DRAFT,
)
def phase_label(content: Content) -> Iterator[Fault]:
    """Require that a text that means a phase gives its years. A range is taken for a phase if it
    has one end of it and misses the other by a year; other ranges (the period before, another
    programme's) are none of this plan's, and a phase of one year is no range. Of the title's years
    V43 speaks.
    """
    spans = [phase.span for phase in proper(content)]
    known = _names(content, spans)
    told: set[tuple[int, int]] = set()
    for place, text in content.worded():
        for match in _RANGE.finditer(text):
            named = (int(match[1]), int(match[2]))
            before = text[max(match.start() - 1, 0) : match.start()]
            if named in known or named in told or before in _BEFORE:
                continue
            meant = next((span for span in spans if _slip(named, span)), None)
            if meant is not None:
                told.add(named)
                yield _label(place, Span(*named), meant)


def _names(content: Content, spans: Sequence[Span]) -> set[tuple[int | None, int]]:
    """List the ranges a plan may speak of: its phases, its period, and phases taken together."""
    known = {(phase.span.start, phase.span.end) for phase in content.phases}
    known.add((content.period.start, content.period.end))
    known |= {(span.start, other.end) for span in spans for other in spans}
    return known


def _slip(named: tuple[int, int], span: Span) -> bool:
    start, end = named
    if span.start is None or span.start == span.end or start > end:
        return False
    misses = sorted((abs(start - span.start), abs(end - span.end)))
    return misses[0] == 0 and 0 < misses[1] <= _NEAR


def _label(place: str, named: Span, meant: Span) -> Fault:
    return Fault.of(
        N_("Chỗ này ghi giai đoạn %(named)s, nơi khác trong kế hoạch là %(meant)s."),
        N_("Gọi giai đoạn này bằng một tên trong toàn văn bản."),
        place,
        named=years(named),
        meant=years(meant),
    )


@check(
    "V06",
    "PHASE_COVER",
    N_("Các giai đoạn phủ kín thời gian của kế hoạch"),
    Severity.WARNING,
    Stage.DRAFT,
)
def phase_cover(content: Content) -> Iterator[Fault]:
    """Require that every year of the period is in a phase and no phase goes beyond it; and the
    period does not begin in a year before that of the plan's own paper. A directive has no
    period of its own.
    """
    if content.is_directive:
        return
    yield from _uncovered(content)
    issued = _issued_in(content)
    start = content.period.start
    if issued is not None and start is not None and start < issued:
        yield Fault.of(
            N_("Kế hoạch cho thời gian %(period)s, nhưng đến năm %(issued)s mới ban hành."),
            N_("Cho kế hoạch bắt đầu từ năm %(issued)s, hoặc nói rõ phần đã làm từ năm %(start)s."),
            HEADER,
            period=years(content.period),
            issued=str(issued),
            start=str(start),
        )


def _uncovered(content: Content) -> Iterator[Fault]:
    """Find what the phases leave out of the period, and what they add to it."""
    phases, period = proper(content), content.period
    if not phases:
        return
    starts = [phase.span.start for phase in phases if phase.span.start is not None]
    open_start = len(starts) < len(phases)
    first = period.start if period.start is not None else min(starts, default=period.end)
    covered = {
        year
        for phase in phases
        for year in range(
            first if phase.span.start is None else phase.span.start, phase.span.end + 1
        )
    }
    wanted = set(range(first, period.end + 1))
    if wanted - covered:
        yield _gap(content, phases, sorted(wanted - covered))
    outer = covered - wanted if period.start is not None or open_start else set()
    outer |= {year for year in covered if year > period.end}
    if outer:
        yield _beyond(content, sorted(outer))


def _runs(found: Sequence[int]) -> list[Span]:
    """List years in order as runs: 2016, 2018, 2019 as 2016 and 2018–2019."""
    runs: list[Span] = []
    for year in found:
        if runs and runs[-1].end == year - 1:
            runs[-1] = Span(runs[-1].start, year)
        else:
            runs.append(Span(year, year))
    return runs


def _gap(content: Content, phases: Sequence[PhaseSpan], missing: Sequence[int]) -> Fault:
    return Fault.of(
        N_(
            "Kế hoạch cho thời gian %(period)s, nhưng các giai đoạn chỉ là %(phases)s: không có"
            " năm %(missing)s."
        ),
        N_("Thêm giai đoạn cho những năm còn thiếu, hoặc sửa thời gian của kế hoạch."),
        PHASES,
        period=years(content.period),
        phases=joined(years(phase.span) for phase in phases),
        missing=joined(years(span) for span in _runs(missing)),
    )


def _beyond(content: Content, outer: Sequence[int]) -> Fault:
    return Fault.of(
        N_("Các giai đoạn có năm %(outer)s, ngoài thời gian của kế hoạch (%(period)s)."),
        N_("Sửa giai đoạn hoặc sửa thời gian của kế hoạch cho khớp nhau."),
        PHASES,
        outer=joined(years(span) for span in _runs(outer)),
        period=years(content.period),
    )


def _issued_in(content: Content) -> int | None:
    """Find the year of the paper that puts the plan in force, where it is dated."""
    for role in (PaperRole.DECISION, PaperRole.PLAN):
        dates = [paper.dated_on for paper in content.papers_of(role) if paper.dated_on]
        if dates:
            return max(dates).year
    return None
