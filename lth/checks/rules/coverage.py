"""V11, V12 and V14: how many communes and older persons the clubs reach, and what rounding says."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from lth.checks.reading import (
    START,
    WHOLE_SHARE,
    Clubs,
    allowed,
    clubs_by_end,
    figures,
    held_to,
    is_whole,
    printed,
    stock,
    value_of,
)
from lth.checks.registry import Fault, check, filled
from lth.checks.wording import joined, number, percent, quoted, quotient
from lth.content.model import Content, TargetLine
from lth.content.targets import AREA_TYPE_LABEL
from lth.core.i18n import N_, Message
from lth.core.readers.numbers import read_count, read_percent
from lth.models import Indicator
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure

COVERAGE, REACHED, COMMUNES = "commune_coverage_pct", "communes_with_club", "communes_total"
POPULATION = "older_population"


# --- V11 ----------------------------------------------------------------------------------


@check(
    "V11",
    "COVERAGE",
    N_("Tỷ lệ xã có câu lạc bộ khớp với số xã, số câu lạc bộ"),
    Severity.ERROR,
    Stage.DRAFT,
)
def coverage(content: Content) -> Iterator[Fault]:
    """Require that so much per cent of the communes, rounded up to a whole one, is no more than
    the communes that are to have a club, nor than the clubs there will be, since one club serves
    one commune, and a share of an area is of the communes of that area; no more communes have a
    club than there are; and so many clubs in each commune are no more than the clubs of all. Too
    few clubs are only a warning where the plan leaves room for more: "ít nhất", or no word of the
    clubs that exist.
    """
    for reached in (*figures(content, REACHED, START), *figures(content, REACHED)):
        communes, bounds = communes_in(content, reached.area), printed(reached)
        if communes and bounds is not None and bounds.low > communes:
            yield _too_many(reached, bounds.low, communes)
    for target in figures(content, COVERAGE):
        communes, bounds = communes_in(content, target.area), allowed(target)
        if communes and bounds is not None and 0 < bounds.low <= WHOLE_SHARE:
            yield from _covered(content, target, bounds.low, communes)
    if communes := communes_in(content, AreaType.ALL):
        yield from _in_each(content, communes)


def communes_in(content: Content, area: AreaType) -> int | None:
    """Find how many communes an area has, by the plan's own figures; of all, by what is known."""
    if area is AreaType.ALL:
        return stock(content, COMMUNES)
    lines = (*figures(content, COMMUNES, START), *figures(content, COMMUNES))
    return next((value_of(line) for line in lines if line.area is area), None)


def _covered(content: Content, target: TargetLine, rate: int, communes: int) -> Iterator[Fault]:
    need = -(-rate * communes // WHOLE_SHARE)
    if target.comparator is Comparator.GT:
        need = rate * communes // WHOLE_SHARE + 1
    need = min(need, communes)
    reckoned = _reckoned(rate, communes, need)
    named = [
        line
        for line in figures(content, REACHED, target.phase)
        if line.area is target.area and _is_total(content, line)
    ]
    for reached in named:
        bounds = printed(reached)
        if bounds is not None and (bounds.high or bounds.low) < need:
            yield _too_few(reached, bounds.high or bounds.low, need, reckoned)
    clubs = clubs_by_end(content, target.phase)
    if clubs is not None and clubs.most < need:
        yield _clubless(target, clubs, need, reckoned)


def _in_each(content: Content, communes: int) -> Iterator[Fault]:
    """Compare clubs that each commune is to have with those of all communes together."""
    for code in ("clubs_new", "clubs_total"):
        for each in figures(content, code, scope=TargetScope.PER_COMMUNE):
            wanted = printed(each)
            for total in figures(content, code, each.phase):
                alike = total.counts_from is each.counts_from and total.area is each.area
                bounds = allowed(total)
                if not alike or each.area is not AreaType.ALL or wanted is None or bounds is None:
                    continue
                most = bounds.low if bounds.high is None else bounds.high
                if wanted.low * communes > most:
                    severity = Severity.WARNING if bounds.high is None else None
                    yield _too_few_for_each(total, (wanted.low, communes, most), severity)


def _too_few_for_each(
    total: TargetLine, figures: tuple[int, int, int], severity: Severity | None
) -> Fault:
    each, communes, given = figures
    return Fault.of(
        N_(
            "Mỗi xã %(each)s câu lạc bộ × %(communes)s xã = %(need)s câu lạc bộ, nhưng toàn địa"
            " bàn chỉ ghi %(given)s."
        ),
        N_("Sửa số câu lạc bộ của toàn địa bàn hoặc của mỗi xã cho khớp nhau."),
        total.key,
        severity=severity,
        each=number(each),
        communes=number(communes),
        need=number(each * communes),
        given=number(given),
    )


def _is_total(content: Content, target: TargetLine) -> bool:
    """Tell whether it counts all communes with a club; those that a phase adds are only some."""
    indicator = content.indicators.get(target.indicator)
    usual = (indicator.extra or {}).get("counts_from") if indicator is not None else None
    whole = is_whole(content, target.phase) and usual == CountsFrom.CUMULATIVE
    return target.counts_from is CountsFrom.CUMULATIVE or whole


def _reckoned(rate: int, communes: int, need: int) -> Message:
    params = {"rate": percent(rate), "communes": number(communes), "need": number(need)}
    if rate * communes % WHOLE_SHARE == 0:
        return filled(N_("%(rate)s × %(communes)s xã = %(need)s xã"), **params)
    exact = quotient(rate * communes, WHOLE_SHARE)
    return filled(
        N_("%(rate)s × %(communes)s xã = %(exact)s, làm tròn lên %(need)s xã"),
        exact=exact,
        **params,
    )


def _too_many(reached: TargetLine, given: int, communes: int) -> Fault:
    text = N_("Ghi %(given)s xã có câu lạc bộ, nhưng cả địa bàn chỉ có %(communes)s xã.")
    if reached.area is not AreaType.ALL:
        text = N_("Ghi %(given)s xã có câu lạc bộ, nhưng %(area)s chỉ có %(communes)s xã.")
    return Fault.of(
        text,
        N_("Sửa số xã có câu lạc bộ hoặc số xã của địa bàn."),
        reached.key,
        area=Message(AREA_TYPE_LABEL[reached.area]),
        given=number(given),
        communes=number(communes),
    )


def _too_few(reached: TargetLine, given: int, need: int, reckoned: Message) -> Fault:
    return Fault.of(
        N_("%(reckoned)s phải có câu lạc bộ, nhưng chỉ ghi %(given)s xã."),
        N_("Nâng số xã có câu lạc bộ lên %(need)s, hoặc hạ tỷ lệ."),
        reached.key,
        reckoned=reckoned,
        given=number(given),
        need=number(need),
    )


def _clubless(target: TargetLine, clubs: Clubs, need: int, reckoned: Message) -> Fault:
    text = N_("%(reckoned)s phải có câu lạc bộ, nhưng đến lúc đó mới có %(clubs)s câu lạc bộ.")
    if clubs.existing is None:
        text = N_(
            "%(reckoned)s phải có câu lạc bộ, nhưng kế hoạch chỉ lập mới %(clubs)s câu lạc bộ và"
            " không ghi số đã có."
        )
    return Fault.of(
        text,
        N_("Cần ít nhất %(need)s câu lạc bộ: tăng số thành lập mới, hoặc hạ tỷ lệ."),
        target.key,
        severity=None if clubs.certain else Severity.WARNING,
        stage=Stage.SUBMIT if clubs.existing is None else None,
        reckoned=reckoned,
        clubs=_clubs(clubs),
        need=number(need),
    )


def _clubs(clubs: Clubs) -> Message | object:
    """Return "4 + 10 = 14", or the number alone where nothing is added."""
    if not clubs.existing:
        return number(clubs.most)
    terms = joined([number(clubs.existing), number(clubs.most - clubs.existing)], " + ")
    return joined([terms, number(clubs.most)], " = ")


# --- V12 ----------------------------------------------------------------------------------


@check(
    "V12",
    "CAPACITY",
    N_("Tỷ lệ người cao tuổi tham gia không vượt sức chứa của các câu lạc bộ"),
    Severity.ERROR,
    Stage.DRAFT,
)
def capacity(content: Content) -> Iterator[Fault]:
    """Find shares of the older population that cannot take part, since all clubs together
    hold fewer: clubs by the end of the phase times the largest size of one. Only a
    warning where the plan leaves room for more clubs than it names.
    """
    population = stock(content, POPULATION)
    if not population:
        return
    for target in _of_population(content):
        bounds, clubs = allowed(target), clubs_by_end(content, target.phase)
        size = held_to(content, "club_size", target.phase)
        if bounds is None or clubs is None or size is None or size.high is None:
            continue
        need, room = -(-bounds.low * population // WHOLE_SHARE), clubs.most * size.high
        if need > room:
            yield _crowded(target, (bounds.low, population, need), clubs, size.high)


def _of_population(content: Content) -> Iterator[TargetLine]:
    """Yield percentages of all older persons, under whichever indicator they stand."""
    for target in content.targets:
        indicator = content.indicators.get(target.indicator)
        if indicator is None or indicator.measure is not Measure.PERCENT:
            continue
        of = target.denominator or indicator.denominator_code
        unit = target.scope is TargetScope.UNIT and target.area is AreaType.ALL
        if of == POPULATION and unit and target.parent_share_key is None:
            yield target


def _crowded(target: TargetLine, need: tuple[int, int, int], clubs: Clubs, size: int) -> Fault:
    rate, population, people = need
    room = clubs.most * size
    return Fault(
        filled(
            N_(
                "%(rate)s × %(population)s người cao tuổi = %(people)s người, nhưng %(clubs)s câu"
                " lạc bộ × %(size)s thành viên = %(room)s người, bằng %(share)s."
            ),
            rate=percent(rate),
            population=number(population),
            people=number(people),
            clubs=number(clubs.most),
            size=number(size),
            room=number(room),
            share=percent(room * WHOLE_SHARE // population),
        ),
        filled(
            N_("Hạ tỷ lệ, đổi mẫu số, hoặc có ít nhất %(clubs)s câu lạc bộ."),
            clubs=number(-(-people // size)),
        ),
        target.key,
        None if clubs.certain else Severity.WARNING,
    )


# --- V14 ----------------------------------------------------------------------------------


@check(
    "V14",
    "ROUNDING",
    N_("Tỷ lệ ghi bằng tỷ lệ tính ra, làm tròn đúng"),
    Severity.INFO,
    Stage.DRAFT,
)
def rounding(content: Content) -> Iterator[Fault]:
    """Require that a percentage that stands beside its two counts is what they give, a half
    rounded up, to the places in which it is printed: of the baseline, of exact targets of one
    phase, and of texts such as "21/109 xã (19,26%)".
    """
    yield from _of_baseline(content)
    yield from _of_targets(content)
    yield from _of_texts(content)


def _of_baseline(content: Content) -> Iterator[Fault]:
    for line in content.baselines:
        indicator = content.indicators.get(line.indicator)
        if indicator is None or not _is_ratio(indicator) or line.value is None:
            continue
        part = _there(content, indicator.numerator_code)
        if part is None and line.indicator == COVERAGE:
            part = content.baseline("clubs_existing")
        whole = _there(content, indicator.denominator_code)
        if part is not None and whole and part <= whole:
            yield from _compared(line.key, line.value, part, whole, line.wording)


def _there(content: Content, code: str | None) -> int | None:
    return next((line.low for line in figures(content, code or "", START)), None)


def _is_ratio(indicator: Indicator) -> bool:
    return indicator.measure is Measure.PERCENT and bool(indicator.numerator_code)


def _of_targets(content: Content) -> Iterator[Fault]:
    for target in content.targets:
        indicator = content.indicators.get(target.indicator)
        exact = target.comparator is Comparator.EQ and target.low is not None
        if indicator is None or not exact or not _is_ratio(indicator):
            continue
        part = _exact(content, target.numerator or indicator.numerator_code, target)
        whole = _exact(content, target.denominator or indicator.denominator_code, target)
        if part is not None and whole and part <= whole:
            yield from _compared(target.key, target.low or 0, part, whole, target.wording)


def _exact(content: Content, code: str | None, beside: TargetLine) -> int | None:
    """Find the exact count of the same phase, area and kind as a percentage, if there is one."""
    found = [
        target.low
        for target in figures(content, code or "", beside.phase)
        if target.comparator is Comparator.EQ
        and target.low is not None
        and target.area is beside.area
        and target.counts_from is beside.counts_from
    ]
    return found[0] if len(found) == 1 else None


def _compared(key: str, stated: int, part: int, whole: int, wording: str) -> Iterator[Fault]:
    places = _places(stated, wording)
    if stated != _rounded(part, whole, places):
        yield _misrounded(key, percent(stated), part, whole, places)


_PERCENT = re.compile(r"(\d+(?:[.,](\d{1,2}))?)\s*%")


def _places(stated: int, wording: str) -> int:
    """Say in how many places a percentage is printed: as the wording has it, else as few as do."""
    for match in _PERCENT.finditer(wording):
        if read_percent(match[1]) == stated:
            return len(match[2] or "")
    return 0 if stated % 100 == 0 else 1 if stated % 10 == 0 else 2


def _rounded(part: int, whole: int, places: int) -> int:
    """Return the percentage in 1/100 %, a half rounded up at so many places."""
    steps = 100 * 10**places
    return (2 * part * steps + whole) // (2 * whole) * 10 ** (2 - places)


_FRACTION = re.compile(r"\d[\d.]*\s*/\s*\d[\d.]*(?![\d/])")
_STATED = re.compile(
    r"\s+[^\d%/.;\n]{0,60}?(?:\(|bằng|đạt|chiếm|tỷ lệ|tương đương|=)[^\d%.;\n]{0,12}"
    r"(\d+(?:[.,](\d{1,2}))?)\s*%"
)
_NO_FRACTION = ("tháng ", "ngày ", "quý ", "số ", "/", ",")
"""What stands before 12/2020 where that is no part of a whole."""


def _of_texts(content: Content) -> Iterator[Fault]:
    told = set()
    for place, text in content.prose():
        for found, tail in _fractions(text) if "%" in text else ():
            statement = text[found.start() : tail.end()]
            if statement in told:
                continue
            told.add(statement)
            part, whole = _counts(found[0])
            places = len(tail[2] or "")
            if 0 < part <= whole and not _fits(tail, part, whole, places):
                yield _misrounded(place, quoted(statement), part, whole, places)


_AT_LEAST = re.compile(r"\b(?:từ|trên|hơn|ít nhất|tối thiểu|không dưới) \Z")


def _fits(tail: re.Match[str], part: int, whole: int, places: int) -> bool:
    """Tell whether a percentage is that of its counts, or one that they reach: "đạt từ 85%"."""
    stated = read_percent(tail[1])
    if _AT_LEAST.search(tail[0].lower().partition(tail[1])[0]):
        return stated * whole <= part * WHOLE_SHARE
    return stated == _rounded(part, whole, places)


def _fractions(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Yield what a text says of a part and its whole: "21/109" and " xã (19,26%"."""
    for match in _FRACTION.finditer(text):
        tail = _STATED.match(text, match.end())
        before = text[max(match.start() - 6, 0) : match.start()]
        if tail is not None and not before.lower().endswith(_NO_FRACTION):
            yield match, tail


def _counts(fraction: str) -> tuple[int, int]:
    """Return part and whole; nought of nought for "1.2/3", which is a heading and no count."""
    part, _, whole = fraction.partition("/")
    try:
        return read_count(part.strip()), read_count(whole.strip())
    except ValueError:
        return 0, 0


def _misrounded(key: str, stated: object, part: int, whole: int, places: int) -> Fault:
    right = percent(_rounded(part, whole, places))
    return Fault.of(
        N_("Ghi %(stated)s, nhưng %(part)s : %(whole)s = %(exact)s %%, làm tròn là %(right)s."),
        N_("Sửa tỷ lệ thành %(right)s, hoặc sửa hai số kia."),
        key,
        stated=stated,
        part=number(part),
        whole=number(whole),
        exact=number(_unrounded(part, whole, places)),
        right=right,
    )


_FEWEST, _MOST = 3, 8
"""In how many places a percentage is shown before it is rounded."""


def _unrounded(part: int, whole: int, places: int) -> Decimal:
    """Return a percentage in as many places as it takes to see how it rounds."""
    exact, step = Decimal(part * 100) / whole, Decimal(1).scaleb(-places)
    right = Decimal(_rounded(part, whole, places)) / 100
    shown = (exact.quantize(Decimal(1).scaleb(-more)) for more in range(_FEWEST, _MOST))
    fitting = (one for one in shown if one.quantize(step, ROUND_HALF_UP) == right)
    return next(fitting, exact.quantize(Decimal(1).scaleb(-_MOST)))
