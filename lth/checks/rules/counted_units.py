"""V31: clubs are not communes, and what remains is the whole less what is done."""

import re
from collections.abc import Iterator

from lth.checks.prose import NUMBER, exact, lowered, shown
from lth.checks.reading import (
    START,
    baseline_lines,
    clubs_by_end,
    figures,
    proper,
    stock,
    value_of,
)
from lth.checks.registry import Fault, check
from lth.checks.wording import figure, joined, name_of, number, quoted
from lth.content.model import Content, TargetLine
from lth.core.i18n import N_
from lth.models.content import CountsFrom
from lth.models.finding import Severity, Stage

_COMMUNE = r"(?:xã|phường|thị trấn|đặc khu)"
_REMAINING = re.compile(
    rf"(?P<number>{NUMBER}) (?P<unit>{_COMMUNE}(?:,? (?:và )?{_COMMUNE})*)"
    rf"(?: [^.,;\d\v]{{0,30}}?)? còn lại"
)
_IN_COMMUNES = re.compile(rf"(?P<number>{NUMBER}) {_COMMUNE}\b")
_IN_CLUBS = re.compile(rf"(?P<number>{NUMBER}) clb\b")


@check(
    "V31",
    "UNIT_MIX",
    N_("Không lẫn số câu lạc bộ với số xã"),
    Severity.WARNING,
    Stage.DRAFT,
    behind=("V11",),
)
def unit_mix(content: Content) -> Iterator[Fault]:
    """Require that "the 17 communes that remain" are all communes less those that have a club by
    then. A count of clubs is not worded in communes, nor the other way round; and no more
    communes have a club than there are clubs.
    """
    yield from _remaining(content)
    for target in (*baseline_lines(content), *content.targets):
        yield from _worded_in_other(content, target)
    yield from _more_communes_than_clubs(content)


# --- What remains -------------------------------------------------------------------------


def _remaining(content: Content) -> Iterator[Fault]:
    total = stock(content, "communes_total") or content.place.communes
    if not total or (done := _done(content)) is None:
        return
    for target in content.targets:
        new = _new_before(content, target.phase)
        yield from _judged(target.key, lowered(target.wording), total, done, new)
    new = _new_before(content, "")
    for place, text in content.prose():
        yield from _judged(place, lowered(text), total, done, new)


def _done(content: Content) -> tuple[int, bool] | None:
    """Find the communes with a club at the start, and whether it is just so many: clubs are no
    fewer than the communes that they are in. None where the plan gives neither.
    """
    for code in ("communes_with_club", "clubs_existing"):
        for baseline in content.baselines:
            if baseline.indicator == code and baseline.value is not None:
                return baseline.value, code == "communes_with_club"
    return None


def _new_before(content: Content, phase: str) -> list[int]:
    """List the new clubs of the phases before one, or the last where a text is of no phase."""
    phases = [part.key for part in proper(content)]
    before = phases[: phases.index(phase)] if phase in phases else phases[:-1]
    new = [target for key in before for target in figures(content, "clubs_new", key)[:1]]
    return [value_of(target) or 0 for target in new if target.counts_from is CountsFrom.NEW]


def _judged(
    place: str, text: str, total: int, done: tuple[int, bool], new: list[int]
) -> Iterator[Fault]:
    """Judge each "so many that remain" of a text. With every new club in a commune that had none
    fewest remain; with none of them, most.
    """
    if "còn lại" not in text:
        return
    least = total - done[0] - sum(new)
    most = total - done[0] if done[1] else total
    for match in _REMAINING.finditer(text):
        stated = exact(match["number"])
        if stated < least:
            yield _not_remaining(place, match[0], total, [done[0], *new], least)
        elif stated > most:
            yield _not_remaining(place, match[0], total, [done[0]], most)


def _not_remaining(place: str, phrase: str, total: int, done: list[int], rest: int) -> Fault:
    return Fault.of(
        N_("%(phrase)s: %(total)s xã trừ %(done)s xã đã có thì còn %(rest)s."),
        N_("Bỏ chữ “còn lại”, hoặc sửa số xã; mỗi xã tính một lần dù có mấy câu lạc bộ."),
        place,
        phrase=quoted(shown(phrase)),
        total=number(total),
        done=joined((number(one) for one in done), " + "),
        rest=number(rest),
    )


# --- One for the other --------------------------------------------------------------------


def _worded_in_other(content: Content, target: TargetLine) -> Iterator[Fault]:
    clubs = target.indicator in {"clubs_new", "clubs_total", "clubs_existing"}
    if not clubs and target.indicator != "communes_with_club":
        return
    text = lowered(target.wording)
    own, other = (_IN_CLUBS, _IN_COMMUNES) if clubs else (_IN_COMMUNES, _IN_CLUBS)
    if own.search(text):
        return
    found = next((one for one in other.finditer(text) if exact(one[1]) == value_of(target)), None)
    if found is not None and not _REMAINING.search(text):
        yield Fault.of(
            N_("%(name)s ghi %(figure)s, nhưng lời văn là %(phrase)s."),
            N_("Ghi riêng số câu lạc bộ và số xã: một xã có thể có nhiều câu lạc bộ."),
            target.key,
            name=name_of(content, target.indicator),
            figure=figure(target, content),
            phrase=quoted(shown(found[0])),
        )


def _more_communes_than_clubs(content: Content) -> Iterator[Fault]:
    there = figures(content, "communes_with_club", START)
    for target in (*there, *figures(content, "communes_with_club")):
        clubs = clubs_by_end(content, target.phase)
        if clubs is None or not clubs.certain or target.counts_from is not CountsFrom.CUMULATIVE:
            continue
        least, most = value_of(target) or 0, clubs.bounds.high or 0
        if target.low is not None and least > most:
            yield Fault.of(
                N_("%(communes)s xã có câu lạc bộ, nhưng cả thảy chỉ có %(clubs)s câu lạc bộ."),
                N_("Sửa số xã hoặc số câu lạc bộ: mỗi xã cần ít nhất một câu lạc bộ."),
                target.key,
                communes=number(least),
                clubs=number(most),
            )
