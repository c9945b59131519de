"""V34: averages, of money and of members, over the right number of clubs at the right time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lth.checks.prose import MONEY_WORD, NUMBER, exact, lowered, shown
from lth.checks.reading import (
    WHOLE_SHARE,
    baseline_lines,
    clubs_by_end,
    covers,
    figures,
    moments,
    printed_over,
    span_of,
    value_of,
)
from lth.checks.registry import Fault, check
from lth.checks.rules.members import MEMBERS, clubs_of
from lth.checks.wording import figure, money, name_of, number, quoted, quotient_beside
from lth.content.model import Content, TargetLine
from lth.core.i18n import N_, Bilingual
from lth.models.content import AreaType, Comparator, TargetScope
from lth.models.finding import Severity, Stage

FUND = "income_fund_balance"
_AS_FIGURES = {"income_fund_avg": 1, "club_size_avg": 100}
"""Indicators that are averages, with the parts of one that they are stored in."""
_FUNDED = ("clubs_income_fund", "clubs_two_funds")
_FUNDED_SHARES = ("clubs_income_fund_pct", "clubs_two_funds_pct")

_AVERAGE = re.compile(
    rf"\b(?:bình quân|trung bình)[^.;\d\v]{{0,60}}?(?P<number>{NUMBER}) ?"
    rf"(?P<word>nghìn|ngàn|triệu|tỷ|tỉ|đồng|thành viên|người|hội viên)\b"
)
_ABOUT_CLUBS = re.compile(r"\bclb\b")
_OTHER_MONEY = re.compile(r"\b(?:vay|dư nợ|nợ|lãi|phí|thu nhập bình quân|kinh phí|hỗ trợ)\b")
_ADDED = re.compile(r"\b(?:vận động|huy động|bổ sung|hỗ trợ|tăng thêm|đóng góp)\b[^.;\v]*$")
"""What says before, in one sentence, that it is of money that is added."""
_OTHER_PEOPLE = re.compile(r"\b(?:cao tuổi|nct|phụ nữ|nữ|nghèo|trẻ|tình nguyện)\b")
"""What an average is of where it is not of the fund, or not of all members."""
_BEFORE, _BEHIND = 20, 12
"""How far around an average such a word is looked for."""


@dataclass(frozen=True, slots=True)
class _Average:
    """A stated average, right to `step`, and where it stands; of đồng, or of members."""

    place: str
    value: int | Fraction
    step: int | Fraction
    quote: str
    of_money: bool
    phase: str | None

    def is_of(self, total: int, count: int) -> bool:
        return abs(2 * (self.value * count - total)) <= self.step * count


@dataclass(frozen=True, slots=True)
class _Divided:
    """A total with the clubs that it is of, of all that there are then."""

    total: int
    clubs: int
    every: int


@check(
    "V34",
    "AVG_DENOM",
    N_("Số bình quân chia đúng số câu lạc bộ"),
    Severity.WARNING,
    Stage.DRAFT,
)
def average_denominator(content: Content) -> Iterator[Fault]:
    """Require that an average fund is of the clubs that have one, an average of members of the
    clubs that they are of, each at its own time: what stands in the baseline is of the clubs
    then, what a target says of those by its phase, and a text may mean any of them. What every
    club has at least the average is no less than. One reckoning that stands in several places is
    told once.
    """
    told: set[tuple[object, ...]] = set()
    wrong: set[str] = set()
    for average in _averages(content):
        known = list(_known(content, average))
        if known and not any(average.is_of(one.total, one.clubs) for one in known):
            wrong.add(average.place)
            arithmetic = (average.value, average.of_money, known[0])
            if arithmetic not in told:
                told.add(arithmetic)
                yield _wrong(average, known)
    yield from (fault for fault in _below_each(content) if fault.place not in wrong)


_LEAST = {"income_fund_avg": "income_fund_min", "club_size_avg": "club_size"}


def _below_each(content: Content) -> Iterator[Fault]:
    """Find an average that is aimed at below what each club is to have at least."""
    for code, scale in _AS_FIGURES.items():
        for target in figures(content, code, scope=None):
            least = _least_of_each(content, _LEAST[code], target)
            if least is not None and target.low is not None and target.low < least * scale:
                yield Fault.of(
                    N_(
                        "%(average)s ghi %(figure)s, thấp hơn mức ít nhất của mỗi câu lạc bộ"
                        " (%(least)s)."
                    ),
                    N_("Nâng số bình quân, hoặc hạ mức ít nhất của mỗi câu lạc bộ."),
                    target.key,
                    average=name_of(content, code),
                    figure=figure(target, content),
                    least=money(least) if scale == 1 else number(least),
                )


def _least_of_each(content: Content, code: str, beside: TargetLine) -> int | None:
    """Return what every club has at least in the years of a target, by the plan's own word."""
    years = span_of(content, beside.phase)
    given = [
        one.low
        for one in figures(content, code, scope=None)
        if one.low is not None and covers(span_of(content, one.phase), years)
    ]
    return min(given, default=None)


# --- What is known ------------------------------------------------------------------------


def _known(content: Content, average: _Average) -> Iterator[_Divided]:
    """Yield the totals that an average may be of, with the clubs that each is of."""
    phases = moments(content) if average.phase is None else [average.phase]
    for phase in phases:
        found = _fund(content, phase) if average.of_money else _members(content, phase)
        yield from found


def _fund(content: Content, phase: str) -> Iterator[_Divided]:
    clubs = clubs_by_end(content, phase)
    for fund in figures(content, FUND, phase):
        if fund.area is AreaType.ALL and clubs is not None and clubs.existing is not None:
            every = clubs.bounds.low
            count = _funded(content, phase, every)
            if count:
                yield _Divided(value_of(fund) or 0, count, every)


def _funded(content: Content, phase: str, clubs: int) -> int:
    """Say how many clubs have an income fund; all of them where the plan says nothing else."""
    for code in _FUNDED:
        for line in figures(content, code, phase):
            return min(value_of(line) or 0, clubs)
    for code in _FUNDED_SHARES:
        for line in figures(content, code, phase):
            return -(-(value_of(line) or 0) * clubs // WHOLE_SHARE)
    return clubs


def _members(content: Content, phase: str) -> Iterator[_Divided]:
    for members in figures(content, MEMBERS, phase):
        people = printed_over(content, members)
        for readings in clubs_of(content, members) if people is not None else ():
            yield from (
                _Divided(people.low, count.low, count.low) for count in readings if count.low > 0
            )


# --- What is said -------------------------------------------------------------------------


def _averages(content: Content) -> Iterator[_Average]:
    for target in content.of(FUND):
        if target.scope is TargetScope.PER_CLUB and target.low:
            yield _Average(target.key, target.low, _last_place(target.low), "", True, target.phase)
    for line in (*content.targets, *baseline_lines(content)):
        if line.indicator in _AS_FIGURES and line.low and line.comparator is Comparator.EQ:
            yield _as_figure(line, line.low, _AS_FIGURES[line.indicator])
    for place, phase, text in _texts(content):
        if "bình" in text:
            for match in _AVERAGE.finditer(text):
                if _ABOUT_CLUBS.search(text, match.start(), match.end() + 30):
                    yield from _printed(place, phase, match)


def _as_figure(line: TargetLine, value: int, scale: int) -> _Average:
    """Return an average that has a line of its own."""
    step = Fraction(_last_place(value), scale)
    return _Average(line.key, Fraction(value, scale), step, "", scale == 1, line.phase)


def _texts(content: Content) -> Iterator[tuple[str, str | None, str]]:
    for place, text in content.prose():
        yield place, None, lowered(text)
    for line in (*content.targets, *baseline_lines(content)):
        yield line.key, line.phase, lowered(line.wording)


def _printed(place: str, phase: str | None, match: re.Match[str]) -> Iterator[_Average]:
    scale, value = MONEY_WORD.get(match["word"]), exact(match["number"])
    places = len(match["number"].partition(",")[2])
    around = match.string[max(match.start() - _BEFORE, 0) : match.end() + _BEHIND]
    if scale is None:
        if not _OTHER_PEOPLE.search(around):
            quote = shown(match[0])
            yield _Average(place, value, Fraction(1, 10**places), quote, False, phase)
        return
    if _OTHER_MONEY.search(around) or _ADDED.search(match.string, 0, match.start()):
        return
    amount = int(value * scale)
    step = scale // 10**places if scale > 1 else _last_place(amount)
    yield _Average(place, amount, step, shown(match[0]), True, phase)


def _last_place(value: int) -> int:
    """Say what the last figure that is not nought counts: 100.000 of 24.500.000."""
    step = 1
    while value % (step * 10) == 0 and step < value:
        step *= 10
    return step


# --- What is wrong ------------------------------------------------------------------------


def _wrong(average: _Average, known: Sequence[_Divided]) -> Fault:
    if not average.of_money:
        return _wrong_size(average, known[0])
    over_all = next((one for one in known if average.is_of(one.total, one.every)), None)
    text = (
        N_(
            "Bình quân %(average)s là %(total)s chia cho cả %(clubs)s CLB, nhưng chỉ %(funded)s CLB"
            " có quỹ: %(total)s : %(funded)s = %(right)s."
        )
        if over_all is not None
        else N_(
            "Bình quân %(average)s không khớp: %(total)s của %(funded)s CLB có quỹ là %(right)s mỗi"
            " CLB."
        )
    )
    one = over_all or known[0]
    return Fault.of(
        text,
        N_("Chia cho số CLB có quỹ và ghi rõ số đó, ví dụ “bình quân của 12 CLB có quỹ”."),
        average.place,
        average=_quote(average),
        total=money(one.total),
        clubs=number(one.every),
        funded=number(one.clubs),
        right=money(round(one.total / one.clubs)),
    )


def _wrong_size(average: _Average, one: _Divided) -> Fault:
    return Fault.of(
        N_("Bình quân %(average)s không khớp: %(members)s thành viên : %(clubs)s CLB = %(right)s."),
        N_("Chia số thành viên cho số CLB của cùng thời điểm."),
        average.place,
        average=_quote(average),
        members=number(one.total),
        clubs=number(one.clubs),
        right=quotient_beside(one.total, one.clubs, average.value),
    )


def _quote(average: _Average) -> Bilingual | str:
    if average.quote:
        return quoted(average.quote)
    return money(int(average.value)) if average.of_money else quotient_beside(*_ratio(average))


def _ratio(average: _Average) -> tuple[int, int]:
    return average.value.numerator, average.value.denominator
