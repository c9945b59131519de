"""V32 and V33: quality in steps, and groups that overlap."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from lth.checks.prose import lowered
from lth.checks.reading import (
    START,
    WHOLE_SHARE,
    clubs_by_end,
    figures,
    is_whole,
    lines_of,
    moments,
    proper,
    value_of,
)
from lth.checks.registry import Fault, check
from lth.checks.wording import figure, joined, name_of, number, percent, years
from lth.content.model import Content, PhaseSpan, TargetLine
from lth.content.targets import UPPER
from lth.core.i18n import N_
from lth.models.content import AreaType, Comparator
from lth.models.finding import Severity, Stage
from lth.models.parts import Term
from lth.models.programme import RollUp


def _of(content: Content, code: str, phase: str) -> TargetLine | None:
    """Find an indicator's figure in a phase, else for the whole plan; an upper bound is none.

    What there is at the start says nothing of a phase, nor the other way round.
    """
    found = [
        target
        for target in figures(content, code, START if phase == START else None, scope=None)
        if target.comparator not in UPPER and target.area is AreaType.ALL
    ]
    of_phase = [one for one in found if one.phase == phase]
    return next(
        iter(of_phase or [one for one in found if is_whole(content, one.phase)]),
        None,
    )


# --- V32 ----------------------------------------------------------------------------------

_STEPS = (
    ("clubs_standard", "clubs_full8"),
    ("clubs_full8", "clubs_maintained"),
    ("clubs_standard", "clubs_maintained"),
    ("clubs_standard_pct", "clubs_full8_pct"),
    ("clubs_full8_pct", "clubs_maintained_pct"),
    ("clubs_two_funds_pct", "clubs_income_fund_pct"),
)
"""Each step with the one below it, of which it is a part."""

_RISING = ("clubs_full8_pct", "clubs_maintained_pct")
_FUNDS = ("clubs_income_fund_pct", "clubs_two_funds_pct")


@check(
    "V32",
    "QUALITY_LADDER",
    N_("Các mức chất lượng khớp nhau"),
    Severity.WARNING,
    Stage.DRAFT,
    behind=("V38",),
)
def quality_ladder(content: Content) -> Iterator[Fault]:
    """Require that clubs that meet the standard are active in all areas, and those are
    maintained: no step is larger than the one below it, none sinks from phase to phase, and as
    many meet the standard as the plan's own conditions for it already ask for. A part that is
    singled out ("trong đó 40 % từ 35 triệu") has a floor above that of all.
    """
    seen: set[tuple[str, str]] = set()
    for phase in moments(content):
        for upper, lower in _STEPS:
            one, other = _of(content, upper, phase), _of(content, lower, phase)
            if one and other and (one.key, other.key) not in seen:
                seen.add((one.key, other.key))
                if (value_of(one) or 0) > (value_of(other) or 0):
                    yield _larger(content, one, other)
        yield from _implied(content, phase)
    for before, after in pairwise(proper(content)):
        yield from _sinking(content, before, after)
    yield from _idle_parts(content)


def _larger(content: Content, one: TargetLine, other: TargetLine) -> Fault:
    return Fault.of(
        N_("%(upper)s (%(one)s) không thể nhiều hơn %(lower)s (%(other)s)."),
        N_("Hạ mức thứ nhất hoặc nâng mức thứ hai: mức này gồm cả mức kia.")
        if one.indicator in _FUNDS
        else N_("Hạ mức trên hoặc nâng mức dưới: đạt chuẩn ≤ đủ tám mảng ≤ được duy trì."),
        one.key,
        upper=name_of(content, one.indicator),
        one=figure(one, content),
        lower=name_of(content, other.indicator),
        other=figure(other, content),
    )


def _implied(content: Content, phase: str) -> Iterator[Fault]:
    """Compare with what is implied: the programme calls a club standard that is active in all
    areas, meets every month and has its fund. Where a plan asks the latter two of every club, as
    many meet the standard as are active in all areas. A plan that defines the standard itself is
    not held to that.
    """
    standard = _own(content, "clubs_standard", phase)
    full = _of(content, "clubs_full8_pct", phase)
    clubs = clubs_by_end(content, phase)
    if standard is None or full is None or clubs is None or _defines_standard(content):
        return
    if not _meets_monthly(content, phase) or not _all_have_funds(content, phase):
        return
    share = value_of(full) or 0
    least = -(-share * clubs.bounds.low // WHOLE_SHARE)
    most = standard.high if standard.comparator is Comparator.BETWEEN else value_of(standard)
    if most is not None and most < least:
        yield _too_few(content, standard, full, clubs.bounds.low, least)


def _own(content: Content, code: str, phase: str) -> TargetLine | None:
    return next(iter(figures(content, code, phase)), None)


def _defines_standard(content: Content) -> bool:
    return any(definition.term is Term.STANDARD for definition in content.definitions)


def _meets_monthly(content: Content, phase: str) -> bool:
    meetings = _of(content, "meetings_month", phase)
    return meetings is not None and (value_of(meetings) or 0) >= 100


def _all_have_funds(content: Content, phase: str) -> bool:
    shares = [one for code in _FUNDS if (one := _of(content, code, phase))]
    if shares:
        return max(value_of(one) or 0 for one in shares) >= WHOLE_SHARE
    return _of(content, "income_fund_min", phase) is not None


def _too_few(
    content: Content, standard: TargetLine, full: TargetLine, clubs: int, least: int
) -> Fault:
    return Fault.of(
        N_(
            "%(name)s ghi %(figure)s, trong khi mọi CLB đều phải có quỹ, sinh hoạt hằng tháng"
            " và %(share)s của %(clubs)s CLB đủ tám mảng, nghĩa là ít nhất %(least)s CLB."
        ),
        N_("Nâng số CLB đạt chuẩn lên %(least)s, hoặc ghi rõ thế nào là đạt chuẩn."),
        standard.key,
        name=name_of(content, standard.indicator),
        figure=figure(standard, content),
        share=percent(value_of(full) or 0),
        clubs=number(clubs),
        least=number(least),
    )


def _sinking(content: Content, before: PhaseSpan, after: PhaseSpan) -> Iterator[Fault]:
    for code in _RISING:
        earlier, later = (_own(content, code, phase.key) for phase in (before, after))
        if earlier and later and (value_of(later) or 0) < (value_of(earlier) or 0):
            yield Fault.of(
                N_("%(name)s giảm từ %(earlier)s (%(before)s) xuống %(later)s (%(after)s)."),
                N_("Giai đoạn sau ghi ít nhất bằng giai đoạn trước."),
                later.key,
                name=name_of(content, code),
                earlier=figure(earlier, content),
                before=years(before.span),
                later=figure(later, content),
                after=years(after.span),
            )


def _idle_parts(content: Content) -> Iterator[Fault]:
    """Find floors of a share that are no higher than those of what it is a share of."""
    parents = {target.key: target.parent_share_key for target in content.targets}
    floors = [target for target in content.targets if target.low and _is_floor(content, target)]
    for inner in floors:
        within = _shares_around(parents, inner)
        for outer in floors:
            alike = (outer.indicator, outer.phase) == (inner.indicator, inner.phase)
            if outer is inner or not alike or outer.area not in {AreaType.ALL, inner.area}:
                continue
            if outer.parent_share_key in within and (inner.low or 0) <= (outer.low or 0):
                yield _idle(content, inner, outer)


def _is_floor(content: Content, target: TargetLine) -> bool:
    indicator = content.indicators.get(target.indicator)
    return indicator is not None and indicator.roll_up is RollUp.MINIMUM


def _shares_around(parents: Mapping[str, str | None], target: TargetLine) -> set[str | None]:
    """List what the share that a target speaks of is itself a share of, up to all."""
    found: set[str | None] = set()
    share = target.parent_share_key
    while share is not None and parents.get(share) not in found:
        share = parents.get(share)
        found.add(share)
    return found


def _idle(content: Content, inner: TargetLine, outer: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s: phần “trong đó” ghi %(inner)s, không cao hơn mức chung là %(outer)s."),
        N_("Ghi mức của phần “trong đó” cao hơn mức chung, hoặc bỏ phần này."),
        inner.key,
        name=name_of(content, inner.indicator),
        inner=figure(inner, content),
        outer=figure(outer, content),
    )


# --- V33 ----------------------------------------------------------------------------------

_OVERLAPPING = (
    "members_older", "members_women", "members_poor", "members_ethnic", "members_older_women",
)  # fmt: skip
_SHARES = ("older_share_pct", "women_share_pct", "poor_share_pct", "older_women_share_pct")
_MADE_UP_OF = re.compile(r"\b(?:gồm|chia ra|cộng lại|tổng cộng)\b")


@check(
    "V33",
    "OVERLAP_SUM",
    N_("Các nhóm trùng nhau không cộng thành tổng"),
    Severity.WARNING,
    Stage.DRAFT,
)
def overlap_sum(content: Content) -> Iterator[Fault]:
    """Require that groups that overlap are not summed: older persons, women and the poor are
    partly the same people: they do not add up to the members. Two groups that happen to (half
    older, half women) are a fault only where the wording says that the total is made up of them;
    three are one anyway.
    """
    for phase in moments(content):
        total = _exactly(content, "members_total", phase)
        groups = [one for code in _OVERLAPPING if (one := _exactly(content, code, phase))]
        if total is not None and total.low:
            yield from _made_up(content, total, groups, total.low)
        shares = [one for code in _SHARES if (one := _exactly(content, code, phase))]
        yield from _made_up(content, None, shares, WHOLE_SHARE)


def _exactly(content: Content, code: str, phase: str) -> TargetLine | None:
    """Find a plain figure of a phase; a range adds up to nothing."""
    found = [
        target
        for target in lines_of(content, code, phase)
        if target.low
        and target.comparator is not Comparator.BETWEEN
        and target.area is AreaType.ALL
    ]
    return next((one for one in found if one.parent_share_key is None), None)


def _made_up(
    content: Content, total: TargetLine | None, groups: Sequence[TargetLine], sum_to: int
) -> Iterator[Fault]:
    says_so = total is not None and _MADE_UP_OF.search(lowered(total.wording)) is not None
    for size in range(len(groups), 1 if says_so else 2, -1):
        for some in combinations(groups, size):
            if sum(target.low or 0 for target in some) == sum_to:
                yield _overlap(content, total or some[0], some)
                return


def _overlap(content: Content, place: TargetLine, some: Sequence[TargetLine]) -> Fault:
    indicators = content.indicators
    written = joined(
        (figure(target, content) for target in some if target.indicator in indicators), " + "
    )
    return Fault.of(
        N_("%(names)s cộng lại (%(figures)s) vừa đúng tổng, mà các nhóm này trùng nhau."),
        N_("Ghi từng nhóm trên tổng số thành viên; một người có thể thuộc nhiều nhóm."),
        place.key,
        names=joined(name_of(content, target.indicator) for target in some),
        figures=written,
    )
