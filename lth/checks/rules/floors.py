"""V27: what the level above asks for, and what a plan makes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lth.checks.reading import (
    Bounds,
    allowed,
    as_counted,
    comparable,
    covers,
    figures,
    is_whole,
    over_phase,
    proper,
    same_time,
    span_of,
    stock,
)
from lth.checks.registry import Fault, check, filled
from lth.checks.rules.members import OLDER_SHARE, SIZE, YOUNG_SHARE, said_together
from lth.checks.wording import figure, name_of
from lth.content.model import TARGETS, Content, TargetLine
from lth.content.targets import norm
from lth.core.i18n import N_, Bilingual, Message, listed
from lth.models import Indicator
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.programme import RollUp
from lth.models.unit import Level

_DECISION = "decision"
"""The source, in a programme's file, that every plan under it inherits. Norms of other sources
are only pointed at where a plan speaks of the matter, and not missed where it does not: what one
province asked of its communes binds no other."""

_OTHER_WAY = {"clubs_new": "clubs_total", "clubs_total": "clubs_new"}
"""Indicators that say the same, once it is known how many clubs there were."""

_HALVES = {OLDER_SHARE, YOUNG_SHARE}
"""Shares of which one says the other, where the plan says that they are all."""

_OF_COMMUNES = frozenset({"commune_coverage_pct", "communes_with_club", "communes_total"})
"""What a commune has nothing to say of: it is one."""


@dataclass(frozen=True, slots=True)
class _Floor:
    """A target that this plan has to keep to, who asks for it, and whether it may be left out.

    `aside` is a norm of the programme of which the level above, that gives others, says nothing.
    """

    target: TargetLine
    source: str | Bilingual | Message
    inherited: bool = True
    aside: bool = False


@check(
    "V27",
    "PARENT_FLOOR",
    N_("Chỉ tiêu không thấp hơn cấp trên giao"),
    Severity.WARNING,
    Stage.DRAFT,
    behind=("V40",),
)
def parent_floor(content: Content) -> Iterator[Fault]:
    """Require that no target is weaker than the level above's, nor outside its range; none of
    them is missing, in any phase that it is given for; a narrower range is pointed out. Of what
    the level above says nothing, the programme's norm is what is inherited; to leave that out is
    then no more than worth a word. A directive has no targets: those of the plan it cites hold.
    """
    if content.is_directive or TARGETS in content.unreadable:
        return
    missing: list[_Floor] = []
    for floor in _floors(content):
        if floor.target.indicator in _OF_COMMUNES and content.place.level is Level.COMMUNE:
            continue
        found = counterparts(content, floor.target)
        for own in found:
            yield from _judged(content, floor, own)
        if not found and floor.inherited and not _spoken_of(content, floor.target):
            missing.append(floor)
    for aside in (False, True):
        of_kind = [one for one in missing if one.aside is aside]
        if of_kind:
            yield _missing(content, of_kind, Severity.INFO if aside else None)


def _floors(content: Content) -> Iterator[_Floor]:
    source = content.parent_paper or content.parent_issuer or Message(N_("cấp trên"))
    for target in content.floors:
        if target.comparator is not Comparator.QUALITATIVE:
            yield _Floor(target, target.source_ref or source)
    given = {target.indicator for target in content.floors}
    for code, indicator in content.indicators.items():
        if code not in given and (target := _norm(code, indicator)):
            origin = indicator.extra["norm"]
            source = Bilingual(origin["source_vi"], origin["source_en"])
            aside = bool(content.floors)
            yield _Floor(target, source, origin.get("source") == _DECISION, aside)


def _norm(code: str, indicator: Indicator) -> TargetLine | None:
    """Find a programme's threshold as a target of the whole plan."""
    held_to = norm(indicator)
    origin = (indicator.extra or {}).get("norm")
    if held_to is None or not origin:
        return None
    return TargetLine(
        f"{code}@",
        code,
        "",
        held_to.comparator,
        held_to.low,
        held_to.high,
        TargetScope(origin["scope"]),
        CountsFrom(indicator.extra.get("counts_from", CountsFrom.NEW)),
        denominator=indicator.denominator_code,
    )


# --- The document's own -----------------------------------------------------------------------


def counterparts(content: Content, floor: TargetLine) -> list[TargetLine]:
    """List the plan's targets that answer one from above, in its terms.

    What adds up over the phases is answered by all of them together, a norm in each, and a share
    of the whole unit, which may grow, in the last.
    """
    own = [
        as_counted(one) for one in content.of(floor.indicator) if comparable(content, floor, one)
    ]
    own = _over_areas(content, floor, [one for one in own if _of_same(content, floor, one)])
    if not own and floor.indicator in _OTHER_WAY:
        own = _said_otherwise(content, floor)
    direct = _alike(floor, [target for target in own if same_time(content, floor, target)])
    if not direct and _adds_up(content, floor):
        direct = _together(content, own) if is_whole(content, floor.phase) else []
    elif not direct:
        direct = _in_phases(content, floor, own)
    return [said for target in direct if (said := _in_terms_of(content, target, floor))]


def _alike(floor: TargetLine, own: list[TargetLine]) -> list[TargetLine]:
    """List those that count as the floor does, if there are any: whether so many a year come to
    what a phase says is V07's.
    """
    return [one for one in own if one.counts_from is floor.counts_from] or own


def _over_areas(content: Content, floor: TargetLine, own: Sequence[TargetLine]) -> list[TargetLine]:
    """Put counts that are split by area together: it is all of them that answer for the whole."""
    if floor.area is not AreaType.ALL or not _is_count(content, floor):
        return list(own)
    found: dict[tuple[object, ...], list[TargetLine]] = {}
    for target in own:
        found.setdefault((target.indicator, target.phase, target.counts_from), []).append(target)
    return [one for lines in found.values() if (one := _all_areas(lines))]


_DIVISIONS = (
    frozenset({AreaType.LOWLAND, AreaType.MOUNTAIN}),
    frozenset({AreaType.RURAL, AreaType.WARD, AreaType.TOWN}),
)
"""Areas that share no commune, so that their counts add up."""


def _all_areas(lines: Sequence[TargetLine]) -> TargetLine | None:
    """Return what the areas come to; None for areas that share communes, which nobody can add."""
    of_all = [one for one in lines if one.area is AreaType.ALL]
    known = [bounds for one in lines if (bounds := allowed(one))]
    if of_all or len(lines) == 1 or not known:
        return (of_all or list(lines))[0]
    if not any({one.area for one in lines} <= division for division in _DIVISIONS):
        return None
    total = _with(lines[-1], sum(known[1:], known[0]))
    return replace(total, area=AreaType.ALL)


def _of_same(content: Content, floor: TargetLine, own: TargetLine) -> bool:
    """Tell whether two percentages are of one number; one that says nothing is of the usual."""
    indicator = content.indicators.get(floor.indicator)
    usual = indicator.denominator_code if indicator else None
    return (floor.denominator or usual) == (own.denominator or usual)


def _said_otherwise(content: Content, floor: TargetLine) -> list[TargetLine]:
    otherwise = replace(floor, indicator=_OTHER_WAY[floor.indicator])
    return [one for one in content.of(otherwise.indicator) if comparable(content, otherwise, one)]


def _adds_up(content: Content, floor: TargetLine) -> bool:
    return _is_count(content, floor) and floor.counts_from is not CountsFrom.CUMULATIVE


def _is_count(content: Content, target: TargetLine) -> bool:
    """Tell whether a figure is of so many things in the whole unit; it matters then from when."""
    indicator = content.indicators.get(target.indicator)
    additive = indicator is not None and indicator.roll_up is RollUp.SUM
    return additive and target.scope is TargetScope.UNIT


def _together(content: Content, own: Sequence[TargetLine]) -> list[TargetLine]:
    """Return the phases' figures as one for the whole plan, under the last one's key."""
    last = proper(content)[-1:]
    if last and any(target.counts_from is CountsFrom.CUMULATIVE for target in own):
        return [target for target in own if target.phase == last[0].key]
    by_phase = {target.phase: target for target in own if target.area is AreaType.ALL}
    parts = [by_phase.get(phase.key) for phase in proper(content)]
    known = [(part, bounds) for part in parts if part and (bounds := over_phase(content, part))]
    if not known or len(known) < len(parts):
        return []
    total = sum((bounds for _, bounds in known[1:]), known[0][1])
    return [_with(replace(known[-1][0], counts_from=CountsFrom.NEW, phase=""), total)]


def _in_phases(content: Content, floor: TargetLine, own: Sequence[TargetLine]) -> list[TargetLine]:
    whole = [target for target in own if is_whole(content, target.phase)]
    if whole or not is_whole(content, floor.phase):
        return whole
    if floor.scope is not TargetScope.UNIT:
        return list(own)
    latest = max((span_of(content, target.phase).end for target in own), default=None)
    return [target for target in own if span_of(content, target.phase).end == latest]


def _in_terms_of(content: Content, own: TargetLine, floor: TargetLine) -> TargetLine | None:
    """Find an own target as the floor counts: new ones where it counts new ones, and so on.

    None where that takes a figure that the plan does not give.
    """
    alike = own.counts_from is floor.counts_from and own.indicator == floor.indicator
    if alike or not _is_count(content, floor):
        return own
    bounds = allowed(own) if floor.counts_from is CountsFrom.YEARLY else over_phase(content, own)
    if bounds is None or floor.counts_from is CountsFrom.YEARLY:
        return None
    counts = {counted: counted is CountsFrom.CUMULATIVE for counted in CountsFrom}
    shift = counts[floor.counts_from] - counts[own.counts_from]
    if shift and (there := _at_start(content, own)) is None:
        return None
    if shift:
        bounds = bounds + Bounds(shift * there, shift * there)
    return replace(_with(own, bounds), counts_from=floor.counts_from)


def _at_start(content: Content, own: TargetLine) -> int | None:
    clubs = own.indicator in _OTHER_WAY
    return stock(content, "clubs_existing") if clubs else content.baseline(own.indicator)


def _with(own: TargetLine, bounds: Bounds) -> TargetLine:
    comparator = Comparator.BETWEEN if own.comparator is Comparator.BETWEEN else Comparator.GTE
    if own.comparator in {Comparator.EQ, Comparator.MAINTAIN, Comparator.GT}:
        comparator = own.comparator
    high = bounds.high if comparator is Comparator.BETWEEN else None
    return replace(own, comparator=comparator, low=bounds.low, high=high)


def _spoken_of(content: Content, floor: TargetLine) -> bool:
    """Tell whether the plan gives a figure for it all the same, only not one to be compared."""
    codes = {floor.indicator, _OTHER_WAY.get(floor.indicator)}
    if _adds_up(content, floor) and not is_whole(content, floor.phase):
        return _given_as_counts(content, floor) or any(
            target.indicator in codes and _reaches(content, target, floor)
            for target in content.targets
        )
    if floor.indicator in _HALVES and said_together(content):
        codes |= _HALVES
    return _given_as_counts(content, floor) or any(
        target.indicator in codes and target.comparator is not Comparator.QUALITATIVE
        for target in content.targets
    )


def _reaches(content: Content, target: TargetLine, floor: TargetLine) -> bool:
    """Tell whether a target says anything of the years for which a quota is given."""
    asked, own = span_of(content, floor.phase), span_of(content, target.phase)
    given = target.comparator is not Comparator.QUALITATIVE
    return given and (covers(own, asked) or covers(asked, own))


def _given_as_counts(content: Content, floor: TargetLine) -> bool:
    """Tell whether a share follows from the plan's own counts, which V09 and V11 judge."""
    indicator = content.indicators.get(floor.indicator)
    if indicator is None or indicator.numerator_code is None:
        return False
    of = floor.denominator or indicator.denominator_code or ""
    known = figures(content, of) or stock(content, of) is not None
    return bool(figures(content, indicator.numerator_code) and known)


# --- The judgement ------------------------------------------------------------------------


def _judged(content: Content, floor: _Floor, own: TargetLine) -> Iterator[Fault]:
    asked, given = allowed(floor.target), allowed(own)
    if asked is None or given is None:
        return
    if floor.aside and own.area is not AreaType.ALL:
        return  # an exception that somebody decided
    if not floor.inherited and own.parent_share_key is not None:
        return  # steps that somebody thought of: "at least 25 million, of them 40 % 35 million"
    if own.indicator == SIZE and floor.target not in content.floors and _is_wider(asked, given):
        return  # beside the programme's own range that is V08's
    if _is_wider(asked, given):
        yield _weaker(content, floor, own)
    elif not floor.aside and _narrower(floor.target, asked, given):
        yield _changed(content, floor, own)


def _is_wider(asked: Bounds, given: Bounds) -> bool:
    return given.low < asked.low or _above(asked, given)


def _above(asked: Bounds, given: Bounds) -> bool:
    """Tell whether a range that is closed above is left: 50–70 by 50–80, not by "ít nhất 50"."""
    if asked.high is None or given.high is None or asked.high == asked.low:
        return False
    return given.high > asked.high


def _narrower(floor: TargetLine, asked: Bounds, given: Bounds) -> bool:
    if floor.comparator is not Comparator.BETWEEN or given.high in {None, given.low}:
        return False
    return (given.low, given.high) != (asked.low, asked.high)


def _params(content: Content, floor: _Floor, own: TargetLine) -> dict[str, object]:
    return {
        "name": name_of(content, floor.target.indicator),
        "own": figure(own, content),
        "asked": figure(floor.target, content),
        "source": floor.source,
    }


def _weaker(content: Content, floor: _Floor, own: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s ghi %(own)s, không đạt mức %(asked)s (%(source)s)."),
        N_("Ghi theo mức %(asked)s, hoặc giải trình vì sao địa phương không theo được."),
        own.key,
        severity=None if floor.inherited else Severity.INFO,
        **_params(content, floor, own),
    )


def _changed(content: Content, floor: _Floor, own: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s ghi %(own)s, hẹp hơn mức %(asked)s (%(source)s)."),
        N_("Giữ nguyên khoảng của cấp trên, nếu không có lý do riêng."),
        own.key,
        severity=Severity.INFO,
        **_params(content, floor, own),
    )


def _missing(content: Content, missing: Sequence[_Floor], severity: Severity | None) -> Fault:
    parts = [
        filled(
            N_("%(name)s (%(asked)s)"),
            name=name_of(content, floor.target.indicator),
            asked=figure(floor.target, content),
        )
        for floor in missing
    ]
    return Fault.of(
        N_("Kế hoạch thiếu chỉ tiêu cấp trên giao: %(missing)s. Nguồn: %(source)s."),
        N_("Thêm các chỉ tiêu này, hoặc giải trình vì sao không đưa vào kế hoạch."),
        TARGETS,
        severity=severity,
        stage=Stage.SUBMIT,
        missing=listed(parts),
        source=missing[0].source,
    )
