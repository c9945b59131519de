"""V07: what the phases come to is what the plan says of its whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lth.checks.reading import (
    Bounds,
    allowed,
    figures,
    hull,
    is_yearly,
    over_phase,
    parts_of,
    printed,
    proper,
    span_of,
    stock,
    years_of,
)
from lth.checks.registry import Fault, check
from lth.checks.wording import between, figure, joined, number
from lth.content.model import Content, PhaseSpan, TargetLine
from lth.content.targets import label
from lth.core.i18n import N_, Bilingual
from lth.models import Indicator
from lth.models.content import Comparator, CountsFrom
from lth.models.finding import Severity, Stage
from lth.models.programme import RollUp


@dataclass(frozen=True, slots=True)
class Reached:
    """Sum of the phases: how it was reckoned, what it may be, and what its figures say."""

    terms: Bilingual
    allowed: Bounds
    printed: Bounds


@check(
    "V07",
    "PHASE_SUM",
    N_("Cộng các giai đoạn bằng chỉ tiêu cả kỳ"),
    Severity.ERROR,
    Stage.DRAFT,
)
def phase_sum(content: Content) -> Iterator[Fault]:
    """Require that what is new in each phase adds up to what is new in all, ranges as ranges:
    what the sum may be and what the whole may be have to meet. A yearly figure counts once for
    each year. A total reached ("nâng tổng số lên 40") is not added up: the last phase's is the
    whole's, and less what there is at the start it is what is new. A phase that says nothing of
    an indicator leaves the sum open above. And all clubs at the end of a phase are the old and
    the new ones. Strict bounds count in; where a sum equals one, V35 says so. It is an error if
    the two cannot both hold, a warning if the phases promise less than the whole does.
    """
    for keys, phases in _divisions(content):
        for code, indicator in _added_up(content):
            wholes = [target for target in figures(content, code) if target.phase in keys]
            for whole in wholes:
                parts = _parts(content, whole, phases)
                if parts and whole.comparator is not Comparator.MAINTAIN:
                    yield from _compare(content, indicator, whole, parts, len(phases))
    yield from _yearly_in_phase(content)
    yield from _totals_reached(content)


def _yearly_in_phase(content: Content) -> Iterator[Fault]:
    """Compare so many a year with what the same phase comes to: five years of 6 are not 20."""
    for code, indicator in _added_up(content):
        for yearly in figures(content, code):
            if not is_yearly(yearly) or yearly.comparator is Comparator.MAINTAIN:
                continue
            terms = [(yearly, bounds)] if (bounds := over_phase(content, yearly)) else []
            for total in figures(content, code, yearly.phase) if terms else ():
                goal = allowed(total)
                alike = total.counts_from is CountsFrom.NEW and total.area is yearly.area
                if not alike or is_yearly(total) or goal is None:
                    continue
                reached = _summed(content, terms, 1)
                if not reached.allowed.meets(goal):
                    yield _uneven_years(content, total, reached, indicator, None)
                elif _short(reached.printed, goal):
                    yield _uneven_years(content, total, reached, indicator, Severity.WARNING)


def _divisions(content: Content) -> Iterator[tuple[set[str], list[PhaseSpan]]]:
    """Yield the keys that stand for a whole, with the phases that make it up."""
    leaves = proper(content)
    for phase in content.phases:
        inner = parts_of(content, phase)
        if inner:
            yield {phase.key}, [part for part in leaves if part in inner]
    strangers = {target.phase for target in content.targets} - {part.key for part in content.phases}
    if strangers and leaves:
        yield strangers, leaves


def _added_up(content: Content) -> Iterator[tuple[str, Indicator]]:
    for code in dict.fromkeys(target.indicator for target in content.targets):
        indicator = content.indicators.get(code)
        if indicator is not None and indicator.roll_up is RollUp.SUM:
            yield code, indicator


def _parts(
    content: Content, whole: TargetLine, phases: Sequence[PhaseSpan]
) -> list[tuple[TargetLine, Bounds]]:
    """List the phases' targets beside a whole's, for the same kind of area, in order of time."""
    found = []
    for phase in phases:
        lines = [
            target
            for target in figures(content, whole.indicator, phase.key)
            if target.area is whole.area and target.comparator is not Comparator.MAINTAIN
        ]
        bounds = hull(some for line in lines if (some := over_phase(content, line)))
        if bounds is not None:
            found.append((lines[0], bounds))
    return found


def _compare(
    content: Content,
    indicator: Indicator,
    whole: TargetLine,
    parts: Sequence[tuple[TargetLine, Bounds]],
    phases: int,
) -> Iterator[Fault]:
    goal = over_phase(content, whole)
    readings = list(_readings(content, indicator, whole, parts, phases))
    if goal is None or not readings:
        return
    meeting = [reading for reading in readings if reading.allowed.meets(goal)]
    if not meeting:
        yield _fault(content, whole, readings[0], indicator, None)
    elif all(_short(reading.printed, goal) for reading in meeting):
        yield _fault(content, whole, meeting[0], indicator, Severity.WARNING)


def _totals_reached(content: Content) -> Iterator[Fault]:
    """Require that all clubs at the end of a phase are those at the start and the new ones of
    the phases up to it, as long as the plan knows the former and closes none.
    """
    existing, leaves = stock(content, "clubs_existing"), proper(content)
    if existing is None or content.of("clubs_closed"):
        return
    told: set[int] = set()
    wholes = figures(content, "clubs_total")
    for whole in sorted(wholes, key=lambda one: span_of(content, one.phase).end):
        end = span_of(content, whole.phase).end
        phases = [phase for phase in leaves if phase.span.end <= end]
        parts = _parts(content, replace(whole, indicator="clubs_new"), phases)
        goal = allowed(whole)
        if goal is None or not parts or whole.comparator is Comparator.MAINTAIN:
            continue
        if any(one.counts_from is CountsFrom.CUMULATIVE for one, _ in parts):
            continue
        reached = _shifted(_summed(content, parts, len(phases)), existing)
        gap = goal.low - reached.printed.low
        impossible = not reached.allowed.meets(goal)
        if gap in told or not (impossible or _short(reached.printed, goal)):
            continue  # right, or the fault of an earlier phase that is carried on
        told.add(gap)
        yield _not_reached(content, whole, reached, None if impossible else Severity.WARNING)


def _short(shown: Bounds, goal: Bounds) -> bool:
    return shown.high is not None and shown.high < goal.low


def _readings(
    content: Content,
    indicator: Indicator,
    whole: TargetLine,
    parts: Sequence[tuple[TargetLine, Bounds]],
    phases: int,
) -> Iterator[Reached]:
    """Yield the ways in which the phases may be reckoned to compare with a whole; none if it cannot
    be done.

    Of an indicator that is a stock by nature (xã có CLB), a whole that does not say so may be of
    what is new or of all there is: it is wrong only if neither fits.
    """
    existing = stock(content, _stock_code(whole.indicator))
    total = whole.counts_from is CountsFrom.CUMULATIVE
    if parts[-1][0].counts_from is CountsFrom.CUMULATIVE:
        last = _plain(parts[-1:])
        if total:
            yield last
        elif existing is not None:
            yield _shifted(last, -existing)
        return
    if any(one.counts_from is CountsFrom.CUMULATIVE for one, _ in parts):
        return
    added = _summed(content, parts, phases)
    if not total:
        yield added
    if existing is not None and (total or _is_stock(indicator)):
        yield _shifted(added, existing)


def _stock_code(code: str) -> str:
    """Return the indicator that says how many there are at the start."""
    return "clubs_existing" if code in {"clubs_new", "clubs_total"} else code


def _is_stock(indicator: Indicator) -> bool:
    return (indicator.extra or {}).get("counts_from") == CountsFrom.CUMULATIVE


def _plain(parts: Sequence[tuple[TargetLine, Bounds]]) -> Reached:
    target, bounds = parts[0]
    return Reached(_term(target, None), bounds, printed(target) or bounds)


def _summed(content: Content, parts: Sequence[tuple[TargetLine, Bounds]], phases: int) -> Reached:
    terms, allowed, shown = [], Bounds(0, 0), Bounds(0, 0)
    for target, bounds in parts:
        yearly = is_yearly(target)
        count = years_of(content, target.phase) if yearly else None
        terms.append(_term(target, count))
        allowed += bounds
        shown += (printed(target) or bounds).times(count or 1)
    if len(parts) < phases:
        allowed, shown = Bounds(allowed.low, None), Bounds(shown.low, None)
    return Reached(joined(terms, " + "), allowed, shown)


def _shifted(reached: Reached, by: int) -> Reached:
    """Return the same with what there is at the start added, or taken away."""
    shift = Bounds(by, by)
    terms = (
        joined([reached.terms, number(-by)], " − ")
        if by < 0
        else joined([number(by), reached.terms], " + ")
    )
    return Reached(terms, reached.allowed + shift, reached.printed + shift)


def _term(target: TargetLine, years: int | None) -> Bilingual:
    bounds = printed(target) or Bounds(0, 0)
    ends = [number(bounds.low)]
    if bounds.high not in {None, bounds.low}:
        ends.append(number(bounds.high or 0))
    term = joined(ends, "–")
    return term if years is None else joined([term, number(years)], " × ")


def _not_reached(
    content: Content, whole: TargetLine, reached: Reached, severity: Severity | None
) -> Fault:
    indicator, shown = content.indicators[whole.indicator], reached.printed
    return Fault.of(
        N_(
            "%(label)s: đã có và thành lập mới tính ra %(terms)s = %(sum)s, nhưng chỉ tiêu ghi"
            " %(whole)s."
        ),
        N_("Sửa tổng số, số thành lập mới hoặc số đã có đầu kỳ cho khớp nhau."),
        whole.key,
        severity=severity,
        label=label(indicator),
        terms=reached.terms,
        sum=between(shown.low, shown.high, indicator),
        whole=figure(whole, content),
    )


def _uneven_years(
    content: Content,
    total: TargetLine,
    reached: Reached,
    indicator: Indicator,
    severity: Severity | None,
) -> Fault:
    return Fault.of(
        N_("%(label)s: mức mỗi năm tính ra %(terms)s = %(sum)s, nhưng cả giai đoạn ghi %(whole)s."),
        N_("Sửa mức mỗi năm hoặc chỉ tiêu của giai đoạn cho khớp nhau."),
        total.key,
        severity=severity,
        label=label(indicator),
        terms=reached.terms,
        sum=between(reached.printed.low, reached.printed.high, indicator),
        whole=figure(total, content),
    )


def _fault(
    content: Content,
    whole: TargetLine,
    reached: Reached,
    indicator: Indicator,
    severity: Severity | None,
) -> Fault:
    shown = reached.printed
    text = N_("%(label)s: các giai đoạn tính ra %(terms)s = %(sum)s, nhưng cả kỳ ghi %(whole)s.")
    if severity is Severity.WARNING:
        text = N_(
            "%(label)s: các giai đoạn chỉ bảo đảm %(terms)s = %(sum)s, còn cả kỳ ghi %(whole)s."
        )
    return Fault.of(
        text,
        N_("Sửa chỉ tiêu của cả kỳ hoặc của từng giai đoạn cho khớp nhau."),
        whole.key,
        severity=severity,
        label=label(indicator),
        terms=reached.terms,
        sum=between(shown.low, shown.high, indicator),
        whole=figure(whole, content),
    )
