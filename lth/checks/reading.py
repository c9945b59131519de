"""Read a plan's targets and phases together; the checks do the judging."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lth.checks.prose import lowered
from lth.content.model import Baseline, Content, PhaseSpan, Span, TargetLine
from lth.content.targets import UPPER
from lth.core.i18n import N_, Bilingual, Message
from lth.models import Indicator
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.programme import Measure

WHOLE_SHARE = 100_00
"""100 % in 1/100 %."""

OPEN_ABOVE = frozenset({Comparator.GTE, Comparator.GT, Comparator.MAINTAIN})
STRICT = frozenset({Comparator.GT, Comparator.LT})


# --- Phases -------------------------------------------------------------------------------


def covers(outer: Span, inner: Span) -> bool:
    """Tell whether every year of a span is in another; a span without a start begins before all."""
    begins = outer.start is None or (inner.start is not None and outer.start <= inner.start)
    return begins and outer.end >= inner.end


def parts_of(content: Content, phase: PhaseSpan) -> list[PhaseSpan]:
    """List the phases into which a plan divides another of them, or its period; most often none.

    A plan that counts "2016–2020" beside "2016–2018" and "2019–2020" names its whole and two
    parts, which is no overlap.
    """
    inner = [
        part
        for part in content.phases
        if part is not phase and covers(phase.span, part.span) and not covers(part.span, phase.span)
    ]
    if not inner or covers(phase.span, content.period):
        return inner
    return inner if _tiled(phase.span, inner) else []


def _tiled(span: Span, inner: Sequence[PhaseSpan]) -> bool:
    if span.start is None or len(inner) < 2:
        return False
    return all(
        any(year in phase.span for phase in inner) for year in range(span.start, span.end + 1)
    )


def proper(content: Content) -> list[PhaseSpan]:
    """List the phases that are not divided any further, in order of time."""
    found = [phase for phase in content.phases if not parts_of(content, phase)]
    return sorted(found, key=lambda one: (one.span.start or 0, one.span.end))


def is_whole(content: Content, key: str) -> bool:
    """Tell whether a target's phase stands for the whole plan: it covers the period, or is none."""
    return all(covers(phase.span, content.period) for phase in content.phases if phase.key == key)


def span_of(content: Content, key: str) -> Span:
    """Return a phase's years; the period's where the key names no phase."""
    return next((phase.span for phase in content.phases if phase.key == key), content.period)


def years_of(content: Content, key: str) -> int | None:
    """Say how many years a phase has; None where its start is not said."""
    return span_of(content, key).years


# --- Figures ------------------------------------------------------------------------------

START = "@start"
"""The phase under which the baseline's figures are read as those of a target are."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `low` to `high`, both of them in it; `high` None where there is no end."""

    low: int
    high: int | None

    def __add__(self, other: "Bounds") -> "Bounds":
        high = None if self.high is None or other.high is None else self.high + other.high
        return Bounds(self.low + other.low, high)

    def times(self, factor: int) -> "Bounds":
        return Bounds(self.low * factor, None if self.high is None else self.high * factor)

    def meets(self, other: "Bounds") -> bool:
        return (other.high is None or self.low <= other.high) and (
            self.high is None or other.low <= self.high
        )


def allowed(target: TargetLine) -> Bounds | None:
    """Say what a target lets a figure be. A strict bound counts in: V35 speaks of those."""
    value = target.low if target.low is not None else target.high
    if value is None or target.comparator is Comparator.QUALITATIVE:
        return None
    if target.comparator in UPPER:
        return Bounds(0, target.high if target.high is not None else value)
    if target.comparator in OPEN_ABOVE:
        return Bounds(value, None)
    return Bounds(value, value if target.high is None else target.high)


def printed(target: TargetLine) -> Bounds | None:
    """Find a target's figures as they stand, whatever the word before them: "trên 150" is 150."""
    bounds = allowed(target)
    if bounds is None:
        return None
    if target.comparator in UPPER and bounds.high is not None:
        return Bounds(bounds.high, bounds.high)
    return Bounds(bounds.low, bounds.low if bounds.high is None else bounds.high)


def figures(
    content: Content,
    indicator: str,
    phase: str | None = None,
    scope: TargetScope | None = TargetScope.UNIT,
) -> list[TargetLine]:
    """List an indicator's targets that have a figure of their own; `scope` None takes all.

    A share of a share is left out, and a percentage of something else than the indicator's. The
    phase `START` is the baseline; without a phase there are targets only.
    """
    return [
        target
        for target in lines_of(content, indicator, phase)
        if not is_of_some(content.targets, target)
        and (scope is None or target.scope is scope)
        and allowed(target) is not None
        and of_usual(content, target)
    ]


def lines_of(content: Content, indicator: str, phase: str | None) -> list[TargetLine]:
    """List the targets of an indicator in one phase or in all, or its baseline."""
    return at_start(content, indicator) if phase == START else content.of(indicator, phase)


_SAME_AT_START = {"clubs_total": "clubs_existing", "clubs_existing": "clubs_total"}
"""Indicators that are one number on the first day."""


def at_start(content: Content, indicator: str) -> list[TargetLine]:
    """List what the baseline says of an indicator, as lines that can be read beside targets."""
    lines = [line for line in content.baselines if line.value is not None]
    named = [line for line in lines if line.indicator == indicator]
    if not named and indicator in _SAME_AT_START:
        named = [line for line in lines if line.indicator == _SAME_AT_START[indicator]]
    return [_as_target(line, indicator, content.indicators.get(indicator)) for line in named]


def _as_target(line: Baseline, code: str, indicator: Indicator | None) -> TargetLine:
    scope = (indicator.extra or {}).get("scope") if indicator is not None else None
    return TargetLine(
        line.key,
        code,
        START,
        Comparator.EQ,
        line.value,
        scope=TargetScope(scope or TargetScope.UNIT),
        counts_from=CountsFrom.CUMULATIVE,
        area=line.area,
        wording=line.wording,
    )


def baseline_lines(content: Content) -> list[TargetLine]:
    """List every figure of the baseline as `at_start` reads it."""
    return [
        _as_target(line, line.indicator, content.indicators.get(line.indicator))
        for line in content.baselines
        if line.value is not None
    ]


def phases_of(content: Content) -> list[str]:
    """List every phase that targets speak of, once, in their order."""
    return list(dict.fromkeys(target.phase for target in content.targets))


def moments(content: Content) -> list[str]:
    """List the baseline, if there is one, and every phase that targets speak of."""
    return [*([START] if content.baselines else []), *phases_of(content)]


def of_usual(content: Content, target: TargetLine) -> bool:
    """Tell whether a percentage is of what the programme takes it of."""
    indicator = content.indicators.get(target.indicator)
    usual = indicator.denominator_code if indicator is not None else None
    return target.denominator in {None, usual}


def hull(bounds: Iterable[Bounds]) -> Bounds | None:
    """Find the narrowest bounds that have all of these in them."""
    found = list(bounds)
    if not found:
        return None
    ends = [one.high for one in found if one.high is not None]
    return Bounds(min(one.low for one in found), max(ends) if len(ends) == len(found) else None)


AT_START = frozenset(
    {"communes_total", "clubs_existing", "older_population", "older_members_assoc"}
)
"""Indicators that say what there is, so that a target of theirs is as good as a baseline."""


def stock(content: Content, indicator: str) -> int | None:
    """Say how much there is at the start: the baseline's figure, or what the targets say of it."""
    value = content.baseline(indicator)
    if value is None and indicator == "communes_total" and content.place.communes:
        value = content.place.communes
    if value is not None:
        return value
    if indicator not in AT_START:
        return None
    found = [target for target in figures(content, indicator) if target.area is AreaType.ALL]
    bounds = printed(found[0]) if found else None
    return None if bounds is None else bounds.low


_A_YEAR = re.compile(r"\b(?:mỗi|một|hằng|hàng|từng) năm\b|/ ?năm\b")
_OF_ALL_YEARS = re.compile(r"\b(?:cả kỳ|cả giai đoạn|tổng cộng|tổng số|trong đó)\b")


def is_yearly(target: TargetLine) -> bool:
    """Tell whether a count is of each year anew: by what it counts from, or by its own words
    ("mỗi năm thành lập 5") where it was left as the count of a phase.
    """
    return target.counts_from is CountsFrom.YEARLY or says_yearly(target)


def says_yearly(target: TargetLine) -> bool:
    """Tell whether the wording of a count of what is new gives it for each year, and only so."""
    if target.counts_from is not CountsFrom.NEW or target.scope is not TargetScope.UNIT:
        return False
    text = lowered(target.wording)
    return _A_YEAR.search(text) is not None and _OF_ALL_YEARS.search(text) is None


def as_counted(target: TargetLine) -> TargetLine:
    """Return a target with what its words say that it counts from."""
    return replace(target, counts_from=CountsFrom.YEARLY) if says_yearly(target) else target


def over_phase(content: Content, target: TargetLine) -> Bounds | None:
    """Say what a target allows over all of its phase: so much a year is so much times its years.

    Where only its words speak of each year it may be either, and V37 says so.
    """
    return _of_all_years(content, target, allowed(target))


def _of_all_years(content: Content, target: TargetLine, bounds: Bounds | None) -> Bounds | None:
    if bounds is None or not is_yearly(target):
        return bounds
    count = years_of(content, target.phase)
    if count is None:
        return None
    low = bounds.low if says_yearly(target) else bounds.low * count
    return Bounds(low, bounds.times(count).high)


def printed_over(content: Content, target: TargetLine) -> Bounds | None:
    """Find a target's figures as they stand for all of its phase, a yearly one times its years."""
    return _of_all_years(content, target, printed(target))


# --- Norms --------------------------------------------------------------------------------


NATIONAL = frozenset({"decision", "club_model", "as_1336"})
"""The sources of norms, in the programmes' files, that hold in every province."""


@dataclass(frozen=True, slots=True)
class Held:
    """Range that an indicator is held to, in its measure, and who says so.

    `binding` is false where the norm is what one province asked of its communes: that binds no
    other, and is only pointed at.
    """

    low: int | None
    high: int | None
    source: Message | Bilingual
    binding: bool = True


def held_to(content: Content, code: str, phase: str) -> Held | None:
    """Find the range of an indicator: the plan's own, else the level above's, else the programme's.

    An end that the plan leaves open is the programme's, where the two go together. Thresholds
    for lowland and mountain are alternatives: a figure for both may lie in either. What there is at
    the start is as it is: beside the programme's range that is worth a word, and no more; below
    what is to be reached it may well be.
    """
    norm = norm_of(content, code)
    if phase == START:
        return None if norm is None or norm.high is None else replace(norm, binding=False)
    own = figures(content, code, scope=None)
    own = [target for target in own if target.phase == phase] or [
        target for target in own if covers(span_of(content, target.phase), span_of(content, phase))
    ]
    if own:
        return _closed(_hull(own), norm, Message(N_("theo chính kế hoạch này")))
    above = [target for target in content.floors if target.indicator == code and allowed(target)]
    if above:
        source = Message(N_("theo kế hoạch của cấp trên"))
        return _closed(_hull(above), norm, source)
    return norm


def _hull(targets: Sequence[TargetLine]) -> Bounds:
    found = hull(bounds for target in targets if (bounds := allowed(target)))
    return found or Bounds(0, None)


def _closed(bounds: Bounds, norm: Held | None, source: Message) -> Held:
    low, high = bounds.low or None, bounds.high
    if norm is not None:
        if high is None and norm.high is not None and norm.high > (low or 0):
            high = norm.high
        if low is None and norm.low is not None and (high is None or norm.low < high):
            low = norm.low
    return Held(low, high, source)


def norm_of(content: Content, code: str) -> Held | None:
    """Say what the programme version holds an indicator to, if anything."""
    indicator = content.indicators.get(code)
    if indicator is None or (indicator.threshold_min is None and indicator.threshold_max is None):
        return None
    source = (indicator.extra or {}).get("norm", {})
    said = Bilingual(
        source.get("source_vi", content.programme), source.get("source_en", content.programme)
    )
    binding = source.get("source", "decision") in NATIONAL
    return Held(indicator.threshold_min, indicator.threshold_max, said, binding)


# --- One target ---------------------------------------------------------------------------


def measure_of(content: Content, target: TargetLine) -> Measure | None:
    """Say how a target's integers are read; None for one that the programme lacks."""
    known = content.indicators.get(target.indicator)
    return None if known is None else known.measure


def value_of(target: TargetLine) -> int | None:
    """Find a target's one value, or the lower of two."""
    return target.high if target.comparator in UPPER else target.low


def same_time(content: Content, one: TargetLine, other: TargetLine) -> bool:
    """Tell whether two targets speak of one phase, or both of the whole plan."""
    if one.phase == other.phase:
        return True
    return is_whole(content, one.phase) and is_whole(content, other.phase)


def is_of_some(lines: Sequence[TargetLine], target: TargetLine) -> bool:
    """Tell whether a target is a share of a share among `lines` that is less than all: "100 % of
    the clubs have a fund, of at least 20 million each" is said of every club.
    """
    if target.parent_share_key is None:
        return False
    outer = next((one for one in lines if one.key == target.parent_share_key), None)
    return outer is None or value_of(outer) != WHOLE_SHARE or outer.parent_share_key is not None


def comparable(content: Content, floor: TargetLine, own: TargetLine) -> bool:
    """Tell whether a target speaks of the same things as one of the level above.

    A threshold for a part of the area answers one for all of it; a share of some does not.
    """
    return (
        own.indicator == floor.indicator
        and own.scope is floor.scope
        and (floor.area is AreaType.ALL or own.area in {floor.area, AreaType.ALL})
        and is_of_some(content.targets, own) == is_of_some(content.floors, floor)
        and own.comparator is not Comparator.QUALITATIVE
    )


# --- Clubs --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clubs:
    """Number of clubs that a plan comes to by the end of a phase.

    `existing` None: they are not known, and `bounds` counts the new ones only.
    """

    bounds: Bounds
    existing: int | None

    @property
    def most(self) -> int:
        """Return the clubs in its own figures: "ít nhất 50" is 50."""
        return self.bounds.low if self.bounds.high is None else self.bounds.high

    @property
    def certain(self) -> bool:
        """Tell whether no more clubs than that are possible by the plan's words."""
        return self.existing is not None and self.bounds.high is not None


def clubs_by_end(content: Content, phase: str) -> Clubs | None:
    """Find the clubs at the end of a phase: the total the plan names, or old and new together."""
    if phase == START:
        there = stock(content, "clubs_existing")
        there = content.baseline("clubs_total") if there is None else there
        return None if there is None else Clubs(Bounds(there, there), there)
    for code in ("clubs_total", "clubs_new"):
        named = [
            target
            for target in figures(content, code, phase)
            if target.area is AreaType.ALL
            and (code == "clubs_total" or target.counts_from is CountsFrom.CUMULATIVE)
        ]
        if named and (bounds := _hull(named)):
            return Clubs(bounds, 0)
    new = _new_clubs(content, phase)
    if new is None:
        return None
    existing = stock(content, "clubs_existing")
    return Clubs(new + Bounds(existing or 0, existing or 0), existing)


def _new_clubs(content: Content, phase: str) -> Bounds | None:
    """Find the new clubs from the start of the plan to the end of a phase; None if unsaid."""
    new = [
        target
        for target in figures(content, "clubs_new")
        if target.area is AreaType.ALL
        and target.counts_from is not CountsFrom.CUMULATIVE
        and target.comparator is not Comparator.MAINTAIN
    ]
    end = span_of(content, phase).end
    spans = {target.phase: span_of(content, target.phase) for target in new}
    new.sort(key=lambda target: not is_yearly(target))  # what a phase comes to goes before
    by_phase = {
        target.phase: bounds
        for target in new
        if spans[target.phase].end <= end and (bounds := over_phase(content, target))
    }
    outer = [key for key in by_phase if not _within(spans, key, by_phase)]
    found = [by_phase[key] for key in outer]
    return sum(found[1:], found[0]) if found else None


def _within(spans: Mapping[str, Span], key: str, keys: Iterable[str]) -> bool:
    """Tell whether a phase is part of another one that has a figure too."""
    others = (spans[one] for one in keys if one != key)
    return any(covers(one, spans[key]) and one != spans[key] for one in others)


def total_before(content: Content, clubs: TargetLine) -> int | None:
    """Find all clubs of the time before a total: of the last phase that has one, or the start."""
    begins = span_of(content, clubs.phase).start
    earlier = [
        phase.key
        for phase in proper(content)
        if begins is not None and phase.span.end < begins and phase.key != clubs.phase
    ]
    for key in reversed(earlier):
        for total in figures(content, clubs.indicator, key):
            if total.area is clubs.area:
                return value_of(total)
    return stock(content, "clubs_existing")
