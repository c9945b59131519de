"""V35: "trên" and "hơn", which leave out the figure they name."""

from collections.abc import Iterator, Sequence

from lth.checks.reading import (
    STRICT,
    is_whole,
    measure_of,
    parts_of,
    span_of,
    stock,
    value_of,
    years_of,
)
from lth.checks.registry import Fault, check
from lth.checks.rules.comparators import own_words
from lth.checks.rules.floors import counterparts
from lth.checks.wording import amount, figure, joined, name_of, number
from lth.content.model import Content, TargetLine
from lth.content.targets import UPPER, label
from lth.core.i18n import N_, Bilingual
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure


@check(
    "V35",
    "STRICT",
    N_("“Trên”, “hơn” không gồm chính mức đó"),
    Severity.WARNING,
    Stage.DRAFT,
)
def strict(content: Content) -> Iterator[Fault]:
    """Point out a strict bound where it counts whole things or đồng, for which the next one is
    another figure. It is a warning where a figure of the plan, or the sum of its parts, is the
    bound itself, which does not keep to it.
    """
    for target in content.targets:
        if target.comparator not in STRICT or value_of(target) is None:
            continue
        sums = [parts for parts in _sums(content, target) if sum(parts) == value_of(target)]
        if sums:
            yield _equals(content, target, sums[0])
        elif _counts_whole(content, target):
            yield _strict_wording(content, target)
    for floor in content.floors:
        if floor.comparator in STRICT:
            for own in counterparts(content, floor):
                if _on_the_bound(floor, own):
                    yield _below_floor(content, floor, own)


def _counts_whole(content: Content, target: TargetLine) -> bool:
    """Tell whether it is of whole things or đồng; an average is printed as a round figure."""
    of_whole = measure_of(content, target) in {Measure.COUNT, Measure.MONEY}
    return of_whole and not target.indicator.endswith("_avg")


def _strict_wording(content: Content, target: TargetLine) -> Fault:
    value = value_of(target) or 0
    above = target.comparator is Comparator.GT
    next_one = value + 1 if above else value - 1
    text = (
        N_("%(name)s ghi “%(figure)s”: đúng %(value)s là chưa đạt, phải từ %(next)s trở lên.")
        if above
        else N_("%(name)s ghi “%(figure)s”: đúng %(value)s là đã vượt, chỉ được đến %(next)s.")
    )
    indicator = content.indicators[target.indicator]
    return Fault.of(
        text,
        N_("Nếu đúng mức đó cũng là đạt, hãy ghi “ít nhất”.")
        if above
        else N_("Nếu đúng mức đó cũng là đạt, hãy ghi “không quá”."),
        target.key,
        severity=Severity.INFO,
        name=label(indicator),
        figure=own_words(content, target) or figure(target, content),
        value=amount(value, indicator),
        next=amount(next_one, indicator),
    )


def _equals(content: Content, target: TargetLine, parts: Sequence[int]) -> Fault:
    indicator = content.indicators.get(target.indicator)
    value = value_of(target) or 0
    total = number(value) if indicator is None else amount(value, indicator)
    return Fault.of(
        N_(
            "%(name)s phải %(figure)s, nhưng các phần trong kế hoạch %(parts)s = %(total)s,"
            " đúng bằng mức đó nên chưa đạt."
        ),
        N_("Điều chỉnh một phần, hoặc ghi “ít nhất” nếu đúng mức đó cũng là đạt."),
        target.key,
        name=name_of(content, target.indicator),
        figure=figure(target, content),
        parts=_added_up(parts),
        total=total,
    )


def _added_up(parts: Sequence[int]) -> Bilingual:
    """Write 17 + 34, but 5 × 12 rather than the same five times."""
    if len(parts) > 2 and len(set(parts)) == 1:
        return joined((number(len(parts)), number(parts[0])), " × ")
    return joined((number(part) for part in parts), " + ")


def _sums(content: Content, target: TargetLine) -> Iterator[list[int]]:
    """Yield the plan's own figures that make up a target's, one list for each way they do.

    Only where every part is named and none of them is strict itself.
    """
    if target.scope is TargetScope.UNIT:
        yield from _by_phase(content, target)
        yield from _by_area(content, target)
        yield from _by_kind(content, target)
        yield from _by_rate(content, target)


def _planned(content: Content, like: TargetLine, **differing: object) -> int | None:
    """Find the figure of the line that differs in just this; None without a plain one."""
    wanted = {
        "indicator": like.indicator, "phase": like.phase, "scope": like.scope,
        "area": like.area, "counts_from": like.counts_from,
    } | differing  # fmt: skip
    for target in content.of(str(wanted["indicator"])):
        same = all(getattr(target, field) == value for field, value in wanted.items())
        if same and target.comparator not in STRICT and target.parent_share_key is None:
            return value_of(target)
    return None


def _all(parts: list[int | None]) -> Iterator[list[int]]:
    """Yield the parts, if there are at least two and all of them are known."""
    known = [part for part in parts if part is not None]
    if len(known) == len(parts) > 1:
        yield known


def _by_phase(content: Content, target: TargetLine) -> Iterator[list[int]]:
    whole = next((phase for phase in content.phases if phase.key == target.phase), None)
    if target.counts_from is not CountsFrom.NEW:
        return
    if whole is not None:
        phases = parts_of(content, whole)
    else:
        phases = list(content.phases) if is_whole(content, target.phase) else []
    yield from _all([_planned(content, target, phase=phase.key) for phase in phases])


def _by_area(content: Content, target: TargetLine) -> Iterator[list[int]]:
    if target.area is AreaType.ALL:
        areas = (AreaType.LOWLAND, AreaType.MOUNTAIN)
        yield from _all([_planned(content, target, area=area) for area in areas])


_MADE_OF = {"members_total": ("members_older", "members_young")}
"""Groups that share nobody and together are everybody."""


def _by_kind(content: Content, target: TargetLine) -> Iterator[list[int]]:
    kinds = _MADE_OF.get(target.indicator, ())
    yield from _all([_planned(content, target, indicator=code) for code in kinds])
    if target.indicator == "clubs_total":
        new = _planned(content, target, indicator="clubs_new", counts_from=CountsFrom.NEW)
        yield from _all([stock(content, "clubs_existing"), new])


def _by_rate(content: Content, target: TargetLine) -> Iterator[list[int]]:
    """Yield so many a year over the years, so many a commune over the communes."""
    rates = (
        (_planned(content, target, counts_from=CountsFrom.YEARLY), _years(content, target)),
        (_planned(content, target, scope=TargetScope.PER_COMMUNE), content.place.communes),
    )
    for rate, count in rates:
        if rate is not None and count:
            yield [rate] * count


def _years(content: Content, target: TargetLine) -> int | None:
    if target.counts_from is CountsFrom.YEARLY or span_of(content, target.phase).start is None:
        return None
    return years_of(content, target.phase)


def _on_the_bound(floor: TargetLine, own: TargetLine) -> bool:
    bound = value_of(floor)
    if floor.comparator is Comparator.GT:
        return own.comparator not in {Comparator.GT, *UPPER} and own.low == bound
    top = own.low if own.comparator is Comparator.EQ else own.high
    return own.comparator not in {Comparator.LT, Comparator.GTE, Comparator.GT} and top == bound


def _below_floor(content: Content, floor: TargetLine, own: TargetLine) -> Fault:
    return Fault.of(
        N_(
            "%(name)s: cấp trên giao %(floor)s, kế hoạch ghi %(own)s, đúng bằng mức đó nên chưa"
            " đạt."
        ),
        N_("Nâng chỉ tiêu, hoặc xin cấp trên xác nhận mức đó cũng là đạt."),
        own.key,
        name=name_of(content, own.indicator),
        floor=figure(floor, content),
        own=figure(own, content),
    )
