"""V21 to V23: what a percentage is of, what it starts from, and what becomes of it later."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lth.checks.prose import lowered, shown
from lth.checks.reading import covers, measure_of, proper, span_of, stock
from lth.checks.registry import Fault, check
from lth.checks.wording import figure, joined, name_of, quoted, years
from lth.content.model import BASELINE, PHASES, TARGETS, Content, PhaseSpan, TargetLine
from lth.content.targets import denominators
from lth.core.i18n import N_
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure

# --- V21 ----------------------------------------------------------------------------------

_PEOPLE = r"(?:hội viên|người cao tuổi|nct|cộng đồng|người dân|nhân dân|cán bộ|thành viên)"
_MIXED = re.compile(rf"% (?:số |tổng số )?{_PEOPLE}(?:(?:, | và |, và ){_PEOPLE})+")


@check(
    "V21", "DENOMINATOR", N_("Mỗi tỷ lệ nêu rõ tính trên số nào"), Severity.WARNING, Stage.SUBMIT
)
def denominator(content: Content) -> Iterator[Fault]:
    """Require that a percentage is of one number: chosen where the programme leaves a choice, no
    other than the programme's, and one group in the wording unless it is counted; a share of a
    share names a line that is there.
    """
    keys = {target.key for target in content.targets}
    mixed: set[str] = set()
    for target in content.targets:
        if target.parent_share_key is not None and target.parent_share_key not in keys:
            yield _no_parent(content, target)
        if target.low is not None and measure_of(content, target) is Measure.PERCENT:
            yield from _unclear(content, target, mixed)


def _unclear(content: Content, target: TargetLine, mixed: set[str]) -> Iterator[Fault]:
    """Find what leaves a percentage open; groups that are put together in one indicator are told
    of once, for all its phases.
    """
    choices = denominators(content.indicators[target.indicator])
    if target.denominator is None and len(choices) != 1:
        yield Fault.of(
            N_("%(name)s ghi %(figure)s nhưng không nêu tính trên số nào."),
            N_("Chọn mẫu số: %(choices)s.")
            if choices
            else N_("Ghi rõ tỷ lệ này tính trên số nào."),
            target.key,
            name=name_of(content, target.indicator),
            figure=figure(target, content),
            choices=joined((name_of(content, code) for code in choices), " / "),
        )
    elif target.denominator is not None and choices and target.denominator not in choices:
        yield Fault.of(
            N_("%(name)s tính trên %(given)s, trong khi chương trình tính trên %(choices)s."),
            N_("Tính lại trên %(choices)s, hoặc chọn chỉ tiêu khác đúng với mẫu số này."),
            target.key,
            name=name_of(content, target.indicator),
            given=name_of(content, target.denominator),
            choices=joined((name_of(content, code) for code in choices), " / "),
        )
    elif _is_counted(content, target) or target.indicator in mixed:
        return
    elif groups := _MIXED.search(lowered(target.wording)):
        mixed.add(target.indicator)
        yield Fault.of(
            N_("%(phrase)s gộp nhiều nhóm chồng lên nhau, không rõ tính trên bao nhiêu người."),
            N_("Chọn một nhóm, hoặc ghi riêng tỷ lệ của từng nhóm."),
            target.key,
            phrase=quoted(shown(groups[0])),
        )


def _is_counted(content: Content, target: TargetLine) -> bool:
    """Tell whether the plan itself says how many the share is of, whatever groups they are."""
    return target.denominator is not None and content.baseline(target.denominator) is not None


def _no_parent(content: Content, target: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s ghi là một phần của chỉ tiêu khác, nhưng kế hoạch không có chỉ tiêu đó."),
        N_("Chọn lại chỉ tiêu mà tỷ lệ này là một phần."),
        target.key,
        name=name_of(content, target.indicator),
    )


# --- V22 ----------------------------------------------------------------------------------

_KEEP = re.compile(r"\bduy trì\b")
_CLUBS = "clubs_maintained_pct"


@check("V22", "BASELINE", N_("“Duy trì” cần số đầu kỳ"), Severity.WARNING, Stage.SUBMIT)
def baseline(content: Content) -> Iterator[Fault]:
    """Require that who maintains a share says how many there are to maintain. A count says it
    itself, and a phase that keeps up what an earlier one reached starts from there.
    """
    if BASELINE in content.unreadable:
        return
    for target in content.targets:
        if not _maintains(content, target) or _kept_from_before(content, target):
            continue
        needed = _starts_from(content, target)
        if not needed & _known(content):
            yield _no_baseline(content, target)


def _maintains(content: Content, target: TargetLine) -> bool:
    if target.low is not None and measure_of(content, target) is not Measure.PERCENT:
        return False
    return (
        target.comparator is Comparator.MAINTAIN
        or target.indicator == _CLUBS
        or (target.low is not None and _KEEP.match(lowered(target.wording)) is not None)
    )


def _kept_from_before(content: Content, target: TargetLine) -> bool:
    start = span_of(content, target.phase).start
    return start is not None and any(
        (earlier := span_of(content, line.phase)).end <= start and earlier.start != start
        for line in content.of(target.indicator)
    )


def _starts_from(content: Content, target: TargetLine) -> set[str]:
    """List the indicators any of which, at the start, says how many there are."""
    indicator = content.indicators.get(target.indicator)
    own = {target.indicator, target.denominator, indicator and indicator.denominator_code}
    if "clubs_total" in own or target.indicator.startswith("clubs_"):
        own |= {"clubs_existing", "clubs_maintained"}
    return {str(code) for code in own if code}


def _known(content: Content) -> set[str]:
    """List what the plan gives at the start; nought is a figure too. A total to be reached
    together with the new clubs leaves only one number for those that are there.
    """
    known = {line.indicator for line in content.baselines if line.value is not None}
    codes = {target.indicator for target in content.targets if target.low is not None}
    if {"clubs_total", "clubs_new"} <= codes or "clubs_existing" in codes:
        known.add("clubs_existing")
    return known


def _no_baseline(content: Content, target: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s: %(figure)s, nhưng kế hoạch không nêu đầu kỳ có bao nhiêu."),
        N_("Ghi số đầu kỳ và thời điểm ở phần thực trạng."),
        target.key or BASELINE,
        mend=BASELINE,
        name=name_of(content, target.indicator),
        figure=figure(target, content),
    )


# --- V23 ----------------------------------------------------------------------------------

_ENDS = re.compile(r"\b(?:kết thúc|chấm dứt|dừng|chỉ (?:thực hiện )?(?:trong|ở) giai đoạn)\b")


@check(
    "V23",
    "PHASE_GAP",
    N_("Chỉ tiêu của giai đoạn trước có ở giai đoạn sau"),
    Severity.WARNING,
    Stage.SUBMIT,
)
def phase_gap(content: Content) -> Iterator[Fault]:
    """Require that an indicator of one phase goes on in the next, or its wording says that it
    ends. A target for the whole plan holds in every phase, what is asked of each club holds on,
    and where all there is has been reached there is no more to say. What ends together is told
    together.
    """
    quotas = {(floor.indicator, floor.phase) for floor in content.floors}
    for before, after in pairwise(proper(content)):
        there = _given_in(content, after)
        if not there:
            if _of_phase(content, before):
                yield _nothing_in(after)
            continue
        ended = {
            target.indicator: target
            for target in reversed(_of_phase(content, before))
            if target.indicator not in there
            and not _holds_for_good(target)
            and not _ENDS.search(lowered(target.wording))
            and not _is_reached(content, target)
            and (target.indicator, after.key) not in quotas  # V27 misses those
        }
        if ended:
            yield _gap(content, list(reversed(ended.values())), before, after)


def _of_phase(content: Content, phase: PhaseSpan) -> Sequence[TargetLine]:
    return [target for target in content.targets if target.phase == phase.key]


def _given_in(content: Content, phase: PhaseSpan) -> set[str]:
    """List indicators with a target in a phase or over it; none where it has none itself."""
    if not _of_phase(content, phase):
        return set()
    return {
        target.indicator
        for target in content.targets
        if covers(span_of(content, target.phase), phase.span)
    }


def _holds_for_good(target: TargetLine) -> bool:
    """Tell whether it is what each club or member has, or no figure: asked once, it goes on."""
    each = target.scope in {TargetScope.PER_CLUB, TargetScope.PER_MEMBER}
    return each or target.comparator is Comparator.QUALITATIVE


def _is_reached(content: Content, target: TargetLine) -> bool:
    """Tell whether a count to be reached is all that there is: 11 of 11 districts."""
    indicator = content.indicators.get(target.indicator)
    whole = _WHOLE.get(target.indicator)
    if indicator is None or whole is None or target.counts_from is not CountsFrom.CUMULATIVE:
        return False
    return target.low is not None and target.low == stock(content, whole)


_WHOLE = {"districts_with_club": "districts_total", "communes_with_club": "communes_total"}


def _nothing_in(phase: PhaseSpan) -> Fault:
    return Fault.of(
        N_("Giai đoạn %(phase)s chưa có chỉ tiêu nào."),
        N_("Ghi chỉ tiêu cho giai đoạn này, hoặc bỏ giai đoạn."),
        PHASES,
        phase=years(phase.span),
    )


def _gap(
    content: Content, ended: Sequence[TargetLine], before: PhaseSpan, after: PhaseSpan
) -> Fault:
    names = joined((name_of(content, target.indicator) for target in ended), "; ")
    return Fault.of(
        N_("Giai đoạn %(after)s không có chỉ tiêu mà giai đoạn %(before)s có: %(names)s."),
        N_("Ghi mức của giai đoạn %(after)s, hoặc ghi rõ chỉ tiêu kết thúc ở giai đoạn trước."),
        ended[0].key if len(ended) == 1 else TARGETS,
        names=names,
        before=years(before.span),
        after=years(after.span),
    )
