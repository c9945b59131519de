"""V08 to V10: how many members a club has, and what part of them is who."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lth.checks.ages import all_are_older_or_young
from lth.checks.prose import lowered
from lth.checks.reading import (
    START,
    WHOLE_SHARE,
    Bounds,
    Held,
    allowed,
    clubs_by_end,
    figures,
    held_to,
    is_whole,
    norm_of,
    printed,
    printed_over,
    same_time,
    total_before,
)
from lth.checks.registry import Fault, check
from lth.checks.wording import (
    between,
    figure,
    number,
    percent,
    quotient_beside,
    share_beside,
)
from lth.content.model import Content, TargetLine
from lth.content.targets import UPPER, denominators, label
from lth.core.i18n import N_, Message
from lth.models.content import AreaType, Comparator, CountsFrom
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure

MEMBERS, OLDER, YOUNG = "members_total", "members_older", "members_young"
SIZE, OLDER_SHARE, YOUNG_SHARE = "club_size", "older_share_pct", "young_share_pct"
SUBGROUPS = (
    ("members_ethnic", MEMBERS),
    ("members_older_women", OLDER),
    ("members_older_women", "members_women"),
    ("loan_need_members", MEMBERS),
)
"""Who is part of whom, besides what the programme's shares of members say."""


# --- V08 ----------------------------------------------------------------------------------


@check(
    "V08",
    "CLUB_SIZE",
    N_("Số thành viên mỗi câu lạc bộ trong khoảng quy định"),
    Severity.WARNING,
    Stage.DRAFT,
)
def club_size(content: Content) -> Iterator[Fault]:
    """Require that members over clubs of the same phase lies within the size of a club that the
    plan sets, else the programme's; the bounds belong to it, and "trên 150" counts as 150. And a
    size set for clubs everywhere keeps to the programme's; one for mountain or lowland alone is
    an exception that somebody decided. The clubs that there are at the start are looked at too.
    """
    for members in (*figures(content, MEMBERS, START), *figures(content, MEMBERS)):
        held, people = held_to(content, SIZE, members.phase), printed_over(content, members)
        if held is None or people is None:
            continue
        for readings in clubs_of(content, members):
            pairs = [_misfit(people, count, held) for count in readings if count.low > 0]
            if pairs and all(pairs):
                yield _sized(content, members, pairs[0], held)
    yield from _unusual(content)


def clubs_of(content: Content, members: TargetLine) -> Iterator[list[Bounds]]:
    """Yield the clubs of which members are, each in the ways in which it may be meant: new ones
    with new, all with all. Where a plan counts only all clubs, members that it does not call all
    may be of those that are added or of all the same.
    """
    if members.counts_from is CountsFrom.CUMULATIVE:
        yield from _all_clubs(content, members)
        return
    new = _beside(content, "clubs_new", members)
    new = [one for one in new if one.counts_from is not CountsFrom.CUMULATIVE]
    if counts := [count for clubs in new if (count := printed_over(content, clubs))]:
        yield counts
    if not new and members.counts_from is CountsFrom.NEW:
        for clubs in _beside(content, "clubs_total", members):
            if count := printed(clubs):
                yield [count, *_added(content, clubs, count)]


def _all_clubs(content: Content, members: TargetLine) -> Iterator[list[Bounds]]:
    named = _beside(content, "clubs_total", members)
    yield from ([count] for clubs in named if (count := printed(clubs)))
    reckoned = clubs_by_end(content, members.phase)
    if not named and members.area is AreaType.ALL and reckoned is not None and reckoned.certain:
        yield [reckoned.bounds]


def _beside(content: Content, code: str, like: TargetLine) -> list[TargetLine]:
    """List the figures of another indicator for the same time and area."""
    return [one for one in figures(content, code, like.phase) if one.area is like.area]


def _added(content: Content, clubs: TargetLine, count: Bounds) -> Iterator[Bounds]:
    """Yield all clubs less those of the time before, where the plan knows them."""
    before = total_before(content, clubs)
    if before is not None and before < count.low:
        yield count + Bounds(-before, -before)


def _misfit(people: Bounds, count: Bounds, held: Held) -> tuple[int, int] | None:
    """Find the members and clubs that come nearest to the range and yet miss it, if they do."""
    most, many = people.high or people.low, count.high or count.low
    if held.low is not None and most < held.low * count.low:
        return most, count.low
    if held.high is not None and people.low > held.high * many:
        return people.low, many
    return None


def _unusual(content: Content) -> Iterator[Fault]:
    """Find sizes of clubs that go beyond the programme's; what the level above has set is V27's."""
    norm = norm_of(content, SIZE)
    if norm is None or any(target.indicator == SIZE for target in content.floors):
        return
    for size in figures(content, SIZE, scope=None):
        bounds = allowed(size)
        if size.area is not AreaType.ALL or bounds is None:
            continue
        small = norm.low is not None and bounds.low < norm.low and size.comparator not in UPPER
        large = norm.high is not None and bounds.high is not None and bounds.high > norm.high
        if small or large:
            yield Fault.of(
                N_("Quy mô %(size)s thành viên mỗi CLB ra ngoài khoảng %(norm)s (%(source)s)."),
                N_("Sửa quy mô theo chương trình, hoặc nói rõ vì sao khác."),
                size.key,
                size=figure(size, content),
                norm=between(norm.low, norm.high, content.indicators[SIZE]),
                source=norm.source,
            )


def _sized(content: Content, members: TargetLine, pair: tuple[int, int], held: Held) -> Fault:
    people, count = pair
    few = held.low is not None and people < held.low * count
    bound = (held.low if few else held.high) or 0
    text = (
        N_("Với %(clubs)s CLB cần ít nhất %(clubs)s × %(bound)s = %(need)s thành viên.")
        if few
        else N_("Với %(clubs)s CLB chỉ có nhiều nhất %(clubs)s × %(bound)s = %(need)s thành viên.")
    )
    return Fault.of(
        N_(
            "%(members)s thành viên : %(clubs)s CLB = %(size)s thành viên mỗi CLB, ngoài khoảng"
            " %(range)s (%(source)s)."
        ),
        text,
        members.key,
        severity=_severity(held),
        members=number(people),
        clubs=number(count),
        size=quotient_beside(people, count, bound),
        range=between(held.low, held.high, content.indicators[SIZE]),
        source=held.source,
        bound=number(bound),
        need=number(count * bound),
    )


def _severity(held: Held) -> Severity | None:
    return None if held.binding else Severity.INFO


# --- V09 ----------------------------------------------------------------------------------


@check(
    "V09",
    "SHARE",
    N_("Tỷ lệ từng nhóm trong số thành viên"),
    Severity.WARNING,
    Stage.DRAFT,
)
def shares(content: Content) -> Iterator[Fault]:
    """Require that a group of members is no larger than all of them (an error), and its share,
    from the figures as printed, lies within the plan's own range, else the level above's, else
    the programme's. A norm that stems from one province is an info to the others, and so is any
    to what there is at the start.
    """
    groups = [
        (code, part, whole)
        for part_code, whole_code, code in _groups(content)
        for part, whole in _pairs(content, part_code, whole_code)
    ]
    wrong = set()
    for _, part, whole in groups:
        if part.key not in wrong and _is_larger(part, whole):
            wrong.add(part.key)
            yield _larger(content, part, whole)
    for code, part, whole in groups:
        if not wrong & {part.key, whole.key}:
            for share_code, held in _asked(content, code, part, whole):
                yield from _share(content, share_code, (part, whole), held)


def _is_larger(part: TargetLine, whole: TargetLine) -> bool:
    people, of = printed(part), printed(whole)
    return people is not None and of is not None and people.low > (of.high or of.low)


def _groups(content: Content) -> Iterator[tuple[str, str, str]]:
    """Yield group, of whom, and the indicator that is the one's share of the other, if any."""
    for code, indicator in content.indicators.items():
        part = indicator.numerator_code
        if indicator.measure is Measure.PERCENT and part:
            for whole in denominators(indicator):
                if whole in PEOPLE:
                    yield part, whole, code
    for part, whole in SUBGROUPS:
        yield part, whole, ""


def _asked(
    content: Content, code: str, part: TargetLine, whole: TargetLine
) -> Iterator[tuple[str, Held]]:
    """Yield what a share is held to: the usual one of an indicator by all that asks for it, one
    of a number that the plan has chosen by the plan's own figure.
    """
    indicator = content.indicators.get(code)
    if indicator is None:
        return
    if indicator.denominator_code == whole.indicator:
        if held := held_to(content, code, part.phase):
            yield code, held
        return
    for target in content.of(code):
        bounds = allowed(target)
        if target.denominator == whole.indicator and bounds and same_time(content, part, target):
            source = Message(N_("theo chính kế hoạch này"))
            yield code, Held(bounds.low or None, bounds.high, source)


PEOPLE = frozenset({MEMBERS, OLDER, "loan_need_members"})


def _pairs(content: Content, part: str, whole: str) -> Iterator[tuple[TargetLine, TargetLine]]:
    """Yield two counts that speak of the same: phase, area, scope, and what they count from. Who
    borrows, or is cared for, may be of all members though a line says of new ones: that is its
    default.
    """
    parts = (*figures(content, part, START, scope=None), *figures(content, part, scope=None))
    for target in parts:
        for other in figures(content, whole, target.phase, scope=target.scope):
            alike = target.area is other.area and target.counts_from is other.counts_from
            if alike and not _is_of_all(content, target, other):
                yield target, other


def _is_of_all(content: Content, part: TargetLine, whole: TargetLine) -> bool:
    """Tell whether a count that is no group of members fits all of them and not the new ones."""
    if part.indicator.startswith("members_") or not _is_larger(part, whole):
        return False
    return any(
        other.counts_from is CountsFrom.CUMULATIVE
        and other.area is part.area
        and not _is_larger(part, other)
        for other in figures(content, whole.indicator, part.phase, scope=part.scope)
    )


def _larger(content: Content, part: TargetLine, whole: TargetLine) -> Fault:
    return Fault.of(
        N_("“%(part)s” (%(few)s) lại nhiều hơn “%(whole)s” (%(all)s)."),
        N_("Một nhóm không thể đông hơn số mà nhóm đó thuộc về; sửa một trong hai số."),
        part.key,
        severity=Severity.ERROR,
        part=label(content.indicators[part.indicator]),
        few=figure(part, content),
        whole=label(content.indicators[whole.indicator]),
        all=figure(whole, content),
    )


def _share(
    content: Content, code: str, pair: tuple[TargetLine, TargetLine], held: Held
) -> Iterator[Fault]:
    part, (people, of) = pair[0], map(printed, pair)
    if people is None or of is None or of.low <= 0:
        return
    most, fewest = people.high or people.low, people.low
    largest = of.high or of.low
    if held.low is not None and most * WHOLE_SHARE < held.low * of.low:
        yield _outside(content, code, part, (most, of.low), held)
    elif held.high is not None and fewest * WHOLE_SHARE > held.high * largest:
        yield _outside(content, code, part, (fewest, largest), held)


def _outside(
    content: Content, code: str, part: TargetLine, pair: tuple[int, int], held: Held
) -> Fault:
    people, of = pair
    few = held.low is not None and people * WHOLE_SHARE < held.low * of
    bound = (held.low if few else held.high) or 0
    need = -(-bound * of // WHOLE_SHARE) if few else bound * of // WHOLE_SHARE
    text = (
        N_("Với %(all)s người thì %(bound)s là ít nhất %(need)s người.")
        if few
        else N_("Với %(all)s người thì %(bound)s là nhiều nhất %(need)s người.")
    )
    indicator = content.indicators[code]
    return Fault.of(
        N_("%(label)s: %(part)s : %(all)s = %(share)s, ngoài khoảng %(range)s (%(source)s)."),
        text,
        part.key,
        severity=_severity(held),
        label=label(indicator),
        part=number(people),
        all=number(of),
        share=share_beside(people, of, bound),
        range=between(held.low, held.high, indicator),
        source=held.source,
        bound=percent(bound),
        need=number(need),
    )


# --- V10 ----------------------------------------------------------------------------------

_TOGETHER = re.compile(
    r"(?:cộng lại|cộng bằng|tổng|bảo đảm|đảm bảo)[^.;\v]{0,80}(?:bằng|là|đủ|đúng) ?100 ?%"
    r"|cộng lại ?(?:đủ ?)?100 ?%"
    r"|còn lại[^.;\v%]{0,20}là[^.;\v%]{0,20}(?:trẻ|cao tuổi)"
)
"""How a lowered text says that the two shares make up all members."""


@dataclass(frozen=True, slots=True)
class Split:
    """Shares of older and young members that stand side by side."""

    older: TargetLine
    young: TargetLine


@check(
    "V10",
    "COMPLEMENT",
    N_("Tỷ lệ người cao tuổi và người trẻ cộng lại đủ 100 phần trăm"),
    Severity.WARNING,
    Stage.DRAFT,
)
def complement(content: Content) -> Iterator[Fault]:
    """Require that older and young members are all members, so their shares have to come to 100
    %. Two ranges that cannot are wrong; two that can but need not (60–70 and 30–40 give anything
    from 90 to 110) want a word that they do, a definition by which everyone is one of the two, or
    counts that fix it. Where one of the two stands alone, the other is missed if the programme
    has a norm for it, once the plan is sent.
    """
    yield from _miscounted(content)
    splits = list(_splits(content))
    for split in splits:
        fault = _judged(content, split)
        if fault is not None:
            yield fault
    if not splits:
        lone = missing_half(content)
        if lone is not None:
            yield _lone(content, lone)


def missing_half(content: Content) -> TargetLine | None:
    """Find the share, of older or of young, that stands without the other that the programme
    knows, unless the plan says who the rest are.
    """
    if said_together(content):
        return None
    for code, other in ((YOUNG_SHARE, OLDER_SHARE), (OLDER_SHARE, YOUNG_SHARE)):
        given, norm = figures(content, code, scope=None), content.indicators.get(other)
        if not given or figures(content, other, scope=None) or norm is None:
            continue
        normed = norm.threshold_min is not None or norm.threshold_max is not None
        if normed and not _fixed(content, given[0].phase):
            return given[0]
    return None


def _splits(content: Content) -> Iterator[Split]:
    for older in figures(content, OLDER_SHARE, scope=None):
        for young in figures(content, YOUNG_SHARE, scope=None):
            phases = {older.phase, young.phase}
            alike = len(phases) == 1 or any(is_whole(content, phase) for phase in phases)
            if alike and older.area is young.area:
                yield Split(older, young)


def _judged(content: Content, split: Split) -> Fault | None:
    one, other = allowed(split.older), allowed(split.young)
    if one is None or other is None:
        return None
    low = one.low + other.low
    high = min(one.high or WHOLE_SHARE, WHOLE_SHARE) + min(other.high or WHOLE_SHARE, WHOLE_SHARE)
    if low > WHOLE_SHARE or high < WHOLE_SHARE:
        return _impossible(content, split, low if low > WHOLE_SHARE else high)
    both = {split.older.comparator, split.young.comparator}
    if low == high or both - {Comparator.BETWEEN, Comparator.EQ}:
        return None
    if _fixed(content, split.young.phase) or said_together(content):
        return None
    if all_are_older_or_young(content):
        return None
    return _loose(content, split, low, high)


def _fixed(content: Content, phase: str) -> bool:
    """Tell whether counts leave no choice: of all, older and young, two are exact in this phase."""
    exact = [
        code
        for code in (MEMBERS, OLDER, YOUNG)
        if any(target.comparator is Comparator.EQ for target in figures(content, code, phase))
    ]
    return len(exact) > 1


def said_together(content: Content) -> bool:
    """Tell whether the plan says that older and young members are all, or who the rest are."""
    texts = [text for _, text in content.prose()]
    texts += [target.wording for target in content.targets]
    texts += [definition.text for definition in content.definitions]
    return any(
        _TOGETHER.search(lowered(text))
        for text in texts
        if "100" in text or "còn lại" in lowered(text)
    )


def all_told(content: Content) -> bool:
    """Tell whether the young are all who are not older: by a word, by shares, or by counts."""
    shares = any(
        {split.older.comparator, split.young.comparator} == {Comparator.EQ}
        and (split.older.low or 0) + (split.young.low or 0) == WHOLE_SHARE
        for split in _splits(content)
    )
    counted = any(
        (older.low or 0) + (young.low or 0) == members.low
        for older, young, members in _counted(content)
    )
    return shares or counted or said_together(content)


def _miscounted(content: Content) -> Iterator[Fault]:
    """Find exact counts of older and young members that do not come to the exact count of all."""
    for older, young, members in _counted(content):
        total = (older.low or 0) + (young.low or 0)
        if total != members.low:
            yield _uneven(older, young, members, total)


def _counted(content: Content) -> Iterator[tuple[TargetLine, TargetLine, TargetLine]]:
    """Yield exact counts of older, young and all members of one kind."""
    for older in (*figures(content, OLDER, START), *figures(content, OLDER)):
        for young in figures(content, YOUNG, older.phase):
            for members in figures(content, MEMBERS, older.phase):
                trio = (older, young, members)
                same = len({(line.area, line.counts_from, line.comparator) for line in trio}) == 1
                if same and older.comparator is Comparator.EQ:
                    yield trio


def _uneven(older: TargetLine, young: TargetLine, members: TargetLine, total: int) -> Fault:
    return Fault.of(
        N_(
            "%(older)s người cao tuổi + %(young)s người trẻ = %(sum)s, không phải %(members)s"
            " thành viên."
        ),
        N_("Sửa một trong ba số để hai nhóm cộng lại bằng số thành viên."),
        young.key,
        older=number(older.low or 0),
        young=number(young.low or 0),
        sum=number(total),
        members=number(members.low or 0),
    )


def _impossible(content: Content, split: Split, total: int) -> Fault:
    text = (
        N_(
            "Người cao tuổi %(older)s và người trẻ %(young)s cộng lại ít nhất %(total)s: không thể"
            " bằng 100 %%."
        )
        if total > WHOLE_SHARE
        else N_(
            "Người cao tuổi %(older)s và người trẻ %(young)s cộng lại nhiều nhất %(total)s: không"
            " thể bằng 100 %%."
        )
    )
    return Fault.of(
        text,
        N_("Sửa một trong hai tỷ lệ để cộng lại được 100 phần trăm."),
        split.young.key,
        older=figure(split.older, content),
        young=figure(split.young, content),
        total=percent(total),
    )


def _loose(content: Content, split: Split, low: int, high: int) -> Fault:
    return Fault.of(
        N_(
            "Người cao tuổi %(older)s và người trẻ %(young)s cộng lại được từ %(low)s đến"
            " %(high)s, trong khi hai nhóm phải bằng 100 %%."
        ),
        N_(
            "Ghi thêm rằng hai tỷ lệ cộng lại bằng 100 phần trăm, hoặc giữ một tỷ lệ và ghi"
            " “còn lại là” nhóm kia."
        ),
        split.young.key,
        older=figure(split.older, content),
        young=figure(split.young, content),
        low=percent(low),
        high=percent(high),
    )


def _lone(content: Content, given: TargetLine) -> Fault:
    other = OLDER_SHARE if given.indicator == YOUNG_SHARE else YOUNG_SHARE
    norm, bounds = content.indicators[other], allowed(given) or Bounds(0, None)
    most = min(bounds.high if bounds.high is not None else WHOLE_SHARE, WHOLE_SHARE)
    return Fault.of(
        N_("Có “%(given)s” (%(figure)s) mà không có “%(missing)s” (chương trình: %(norm)s)."),
        N_("Bổ sung “%(missing)s”: 100 %% trừ %(figure)s còn %(rest)s."),
        given.key,
        stage=Stage.SUBMIT,
        given=label(content.indicators[given.indicator]),
        figure=figure(given, content),
        missing=label(norm),
        norm=between(norm.threshold_min, norm.threshold_max, norm),
        rest=between(WHOLE_SHARE - most, WHOLE_SHARE - bounds.low, norm),
    )
