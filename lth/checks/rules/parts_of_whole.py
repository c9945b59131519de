"""V38: no part is larger than its whole, and counts that stand beside a percentage give it.

Members are V09's, communes V11's, and the steps of quality against each other V32's.
"""

from collections.abc import Iterator

from lth.checks.reading import (
    START,
    WHOLE_SHARE,
    Bounds,
    allowed,
    clubs_by_end,
    figures,
    lines_of,
    printed_over,
    stock,
    value_of,
)
from lth.checks.registry import Fault, check
from lth.checks.rules.coverage import COVERAGE
from lth.checks.rules.members import PEOPLE
from lth.checks.wording import amount, figure, name_of, number, share_beside
from lth.content.model import Content, TargetLine
from lth.content.targets import PARTS, UPPER, denominators
from lth.core.i18n import N_, Bilingual
from lth.models.content import AreaType, Comparator, CountsFrom
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure

CLUBS = "clubs_total"


@check(
    "V38",
    "PART_OF_WHOLE",
    N_("Phần không lớn hơn tổng, tỷ lệ khớp với số lượng"),
    Severity.ERROR,
    Stage.DRAFT,
    behind=("V14",),
)
def part_of_whole(content: Content) -> Iterator[Fault]:
    """Require of every ratio, at the start and in each phase, that its part is no larger than its
    whole, and that where a percentage stands beside both counts these can give it: 20 of 36 clubs
    are not 70 %. It is only a warning where the plan leaves room for a larger whole.
    """
    told: set[str] = set()
    for part_code, whole_code in _within(content):
        for part in (*lines_of(content, part_code, START), *content.of(part_code)):
            fault = _larger(content, part, whole_code) if part.key not in told else None
            if fault is not None:
                told.add(part.key)
                yield fault
    for share in content.targets:
        yield from _not_given(content, share, told)


def _within(content: Content) -> Iterator[tuple[str, str]]:
    """Yield every part with its whole that is neither of members nor of communes."""
    for code, indicator in content.indicators.items():
        part = indicator.numerator_code
        if indicator.measure is Measure.PERCENT and part and code != COVERAGE:
            yield from ((part, whole) for whole in denominators(indicator) if whole not in PEOPLE)
    yield from PARTS


# --- The larger part ----------------------------------------------------------------------


def _larger(content: Content, part: TargetLine, code: str) -> Fault | None:
    """Judge a count beside its whole; a bound above says that the part may be smaller."""
    few, whole = printed_over(content, part), _whole_of(content, code, part)
    if few is None or whole is None or part.comparator in UPPER or part.parent_share_key:
        return None
    most = whole.low if whole.high is None else whole.high
    if few.low <= most:
        return None
    return Fault.of(
        N_("“%(part)s” (%(few)s) lại nhiều hơn “%(whole)s” (%(most)s)."),
        N_("Phần không thể lớn hơn tổng; sửa một trong hai số."),
        part.key,
        severity=Severity.WARNING if whole.high is None else None,
        part=name_of(content, part.indicator),
        few=figure(part, content),
        whole=name_of(content, code),
        most=_amount(content, code, most),
    )


def _amount(content: Content, code: str, value: int) -> Bilingual:
    indicator = content.indicators.get(code)
    return number(value) if indicator is None else amount(value, indicator)


def _whole_of(content: Content, code: str, part: TargetLine) -> Bounds | None:
    """Find what a part is of at its time: for its own area, else for all of the unit."""
    given = [
        one
        for one in figures(content, code, part.phase, scope=part.scope)
        if one.area in {part.area, AreaType.ALL}
    ]
    given.sort(key=lambda one: one.area is not part.area)
    if given and (bounds := _most(content, given[0])):
        return bounds
    if code == CLUBS and part.counts_from is not CountsFrom.YEARLY:
        return _clubs(content, part.phase)
    standing = stock(content, code) if part.phase != START else None
    return None if standing is None else Bounds(standing, standing)


def _own_whole(content: Content, code: str, part: TargetLine) -> Bounds | None:
    """Find what a share of a part's own area is of: not of another's, nor of all of the unit."""
    if part.area is AreaType.ALL:
        return _whole_of(content, code, part)
    given = [one for one in figures(content, code, part.phase) if one.area is part.area]
    return _most(content, given[0]) if given else None


def _most(content: Content, whole: TargetLine) -> Bounds | None:
    shown, may = printed_over(content, whole), allowed(whole)
    if shown is None or may is None:
        return None
    return Bounds(shown.low, None if may.high is None else shown.high)


def _clubs(content: Content, phase: str) -> Bounds | None:
    clubs = clubs_by_end(content, phase)
    return clubs.bounds if clubs is not None and clubs.existing is not None else None


# --- The percentage beside its counts -----------------------------------------------------

_ROUNDED = 50
"""By how many 1/100 % an exact percentage may differ as it is rounded; the rest is V14's."""


def _not_given(content: Content, share: TargetLine, told: set[str]) -> Iterator[Fault]:
    """Compare a percentage with the counts of its own phase, where both are there."""
    wanted, codes = allowed(share), _ratio(content, share)
    if wanted is None or codes is None or share.parent_share_key is not None:
        return
    slack = _ROUNDED if share.comparator is Comparator.EQ else 0
    for part in figures(content, codes[0], share.phase):
        few, whole = printed_over(content, part), _own_whole(content, codes[1], part)
        if part.key in told or part.area is not share.area or not few or not whole or not whole.low:
            continue
        most, least = few.high or few.low, whole.high or whole.low
        low = most * WHOLE_SHARE < (wanted.low - slack) * whole.low
        high = wanted.high is not None and few.low * WHOLE_SHARE > (wanted.high + slack) * least
        if low or high:
            counts = (most, whole.low) if low else (few.low, least)
            yield _other_share(content, share, part, counts)


def _ratio(content: Content, share: TargetLine) -> tuple[str, str] | None:
    """Return the part and the whole of a percentage; None for one that another rule judges."""
    indicator = content.indicators.get(share.indicator)
    if indicator is None or indicator.measure is not Measure.PERCENT or share.indicator == COVERAGE:
        return None
    part = share.numerator or indicator.numerator_code
    whole = share.denominator or indicator.denominator_code
    return (part, whole) if part and whole and whole not in PEOPLE else None


def _other_share(
    content: Content, share: TargetLine, part: TargetLine, counts: tuple[int, int]
) -> Fault:
    bounds = allowed(part)
    closed = bounds is not None and bounds.high is not None
    return Fault.of(
        N_("%(name)s ghi %(figure)s, nhưng %(part)s : %(whole)s = %(share)s."),
        N_("Sửa tỷ lệ hoặc sửa số lượng cho khớp nhau."),
        share.key,
        severity=None if closed else Severity.WARNING,
        name=name_of(content, share.indicator),
        figure=figure(share, content),
        part=number(counts[0]),
        whole=number(counts[1]),
        share=share_beside(*counts, value_of(share) or 0),
    )
