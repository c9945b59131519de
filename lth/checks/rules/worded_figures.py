"""V37: what a wording says is what the line holds: figure, range, unit, and of which years."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lth.checks.prose import IN_WORDS, MONEY_WORD, NUMBER, exact, lowered, shown
from lth.checks.reading import (
    START,
    baseline_lines,
    covers,
    is_yearly,
    measure_of,
    says_yearly,
    span_of,
    value_of,
)
from lth.checks.registry import Fault, check
from lth.checks.wording import figure, quoted, years
from lth.content.model import Content, Span, TargetLine
from lth.core.i18n import N_
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure, RollUp

_MONEY = r"nghìn|ngàn|triệu|tỷ|tỉ|đồng"
_FIGURE = re.compile(
    rf"(?P<low>{NUMBER})(?: ?(?P<first>%|(?:{_MONEY})\b))?"
    rf"(?: ?(?:-|đến|hoặc) ?(?P<high>{NUMBER}))? ?(?P<unit>%|(?:{_MONEY})\b)?"
    rf"(?P<after>[^\d.;,\v]{{0,24}})"
)
_SPELLED = re.compile(
    rf"\b(?P<low>{'|'.join(sorted(IN_WORDS, key=len, reverse=True))}) (?P<after>clb|xã|lần)\b"
)
_OTHER_THINGS = re.compile(
    r" ?(?:tuổi|năm|tháng|ngày|mảng|nhiệm vụ|nội dung|lĩnh vực|hoạt động|quỹ|giai đoạn|buổi|lớp)\b"
)
_NO_COUNT = re.compile(
    r"(?:(?<!mỗi )(?<!hằng )(?<!hàng )(?<!một )năm|giai đoạn"
    r"|tháng|ngày|quý|điều|khoản|mục|số|phụ lục|nghị quyết|khu phố|tổ dân phố|thôn|ấp|khóm|bản|khu"
    r"|-) ?$"
)
"""What stands before a number that counts nothing."""

_AVERAGE = re.compile(r"\b(?:bình quân|trung bình)[^\d;]*$")

_NOUNS = (
    (re.compile(r"clubs_|boards_"), re.compile(r" ?(?:clb|ban chủ nhiệm)\b")),
    (re.compile(r"commune"), re.compile(r" ?(?:xã|phường|thị trấn|đặc khu)\b")),
    (
        re.compile(
            r"members_|older_|loan|homecare|helped|volunteers|club_size|board_size|health_b"
        ),
        re.compile(
            r" ?(?:thành viên|người|nct|hội viên|phụ nữ|nữ|hộ|cụ|tình nguyện viên|trường hợp)\b"
        ),
    ),
)
"""What counts of an indicator are counts of."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A figure as a wording has it; `unit` is "%", "đồng", "lần" or nothing."""

    text: str
    low: int | float
    high: int | float | None
    unit: str
    after: str


@check(
    "V37",
    "WORDING",
    N_("Lời văn của chỉ tiêu khớp với số liệu"),
    Severity.WARNING,
    Stage.DRAFT,
    behind=("V20", "V31", "V40"),
)
def wording(content: Content) -> Iterator[Fault]:
    """Require that the figures in a wording are those of its line, both ends of a range, in the
    line's unit; and that the years it names, and whether it speaks of each year or of all, are
    the line's. A wording may have the figures of other lines too.
    """
    for target in (*baseline_lines(content), *content.targets):
        text = lowered(target.wording)
        if not text or target.comparator is Comparator.QUALITATIVE or value_of(target) is None:
            continue
        fault = _other_figure(content, target, text)
        if fault is None and target.phase != START:
            fault = _other_years(content, target, text) or _other_counting(content, target, text)
        if fault is not None:
            yield fault


# --- Figures ------------------------------------------------------------------------------


def _other_figure(content: Content, target: TargetLine, text: str) -> Fault | None:
    measure = measure_of(content, target)
    if measure is None:
        return None
    said = _figures(text, averages=target.indicator.endswith("_avg"))
    own = _of_own_kind(target, measure, said)
    wanted = {value for value in (target.low, target.high) if value is not None}
    if not own:
        other = next((one for one in said if _same_number(one, target, measure)), None)
        return None if other is None else _fault(content, target, other.text)
    values = {_stored(value, measure) for one in own for value in (one.low, one.high)}
    values.add(sum(_stored(one.low, measure) or 0 for one in own))  # "09 huyện và 01 thành phố"
    values |= {_stored(one.low, measure) for one in said if _is_bare(one)}  # "12 xã, lên 84"
    if not wanted <= values:
        return _fault(content, target, own[0].text)
    ranges = [one for one in own if one.high is not None]
    split = target.comparator not in {Comparator.BETWEEN, Comparator.QUALITATIVE}
    if split and len(ranges) == len(own):
        return _fault(content, target, ranges[0].text)
    return None


def _is_bare(one: _Said) -> bool:
    """Tell whether a figure has neither unit nor a thing behind it."""
    return not one.unit and not any(noun.match(one.after) for _, noun in _NOUNS)


@lru_cache(maxsize=2048)
def _figures(text: str, *, averages: bool = False) -> tuple[_Said, ...]:
    """List the figures of a lowered wording that can be of a target, or of an average."""
    matches = [one for one in _FIGURE.finditer(text) if not _counts_nothing(text, one)]
    kept = [one for one in matches if averages or not _is_average(text, one)]  # V34 judges those
    if matches and not kept:
        return ()
    found = [_said(match) for match in kept]
    words = [
        _Said(match[0], IN_WORDS[match["low"]], None, _unit_of("", match["after"]), match["after"])
        for match in _SPELLED.finditer(text)
    ]
    return (*found, *words)


def _counts_nothing(text: str, match: re.Match[str]) -> bool:
    unit = match["unit"] or match["first"]
    if unit is None and _OTHER_THINGS.match(match["after"]):
        return True
    before = text[max(match.start() - 40, 0) : match.start()]
    return unit is None and _NO_COUNT.search(before) is not None


def _is_average(text: str, match: re.Match[str]) -> bool:
    return _AVERAGE.search(text[max(match.start() - 40, 0) : match.start()]) is not None


def _said(match: re.Match[str]) -> _Said:
    word = match["unit"] or match["first"] or ""
    low, high = exact(match["low"]), match["high"] and exact(match["high"])
    first = MONEY_WORD.get(match["first"] or word, 1)
    scale = MONEY_WORD.get(word, 1)
    unit = _unit_of(word, match["after"])
    words = match["after"].split()[:2] if not word else []
    text = " ".join([match[0].removesuffix(match["after"]).strip(), *words])
    if first == scale == 1:
        return _Said(text, low, high, unit, match["after"])
    return _Said(text, low * first, None if high is None else high * scale, unit, match["after"])


def _unit_of(word: str, after: str) -> str:
    if word == "%":
        return "%"
    if word:
        return "đồng"
    return "lần" if after.strip().startswith(("lần", "lượt")) else ""


def _of_own_kind(target: TargetLine, measure: Measure, said: tuple[_Said, ...]) -> list[_Said]:
    """List figures in the unit of the target; of counts those of its own things, where there are
    any.
    """
    if measure is Measure.PERCENT:
        return [one for one in said if one.unit == "%"]
    if measure is Measure.MONEY:
        return [one for one in said if one.unit == "đồng"]
    if measure is Measure.RATE:
        rates = [one for one in said if one.unit in {"%", "lần"}]
        return rates or [one for one in said if not one.unit]
    counts = [one for one in said if one.unit in {"", "lần"}]
    nouns = [noun for codes, noun in _NOUNS if codes.match(target.indicator)]
    named = [one for one in counts if any(noun.match(one.after) for noun in nouns)]
    return named or counts


def _stored(value: int | float | None, measure: Measure) -> int | None:
    if value is None:
        return None
    scaled = value * 100 if measure in {Measure.PERCENT, Measure.RATE} else value
    return int(scaled) if scaled == int(scaled) else -1


def _same_number(one: _Said, target: TargetLine, measure: Measure) -> bool:
    """Tell whether a figure in another unit is the target's number: 70 clubs for 70 %."""
    return _stored(one.low, measure) == value_of(target)


def _fault(content: Content, target: TargetLine, phrase: str) -> Fault:
    return Fault.of(
        N_("Lời văn ghi %(phrase)s, nhưng chỉ tiêu ghi %(figure)s."),
        N_("Sửa số liệu hoặc sửa lời văn cho khớp nhau."),
        target.key,
        phrase=quoted(shown(phrase)),
        figure=figure(target, content),
    )


# --- Years --------------------------------------------------------------------------------

_RANGE = re.compile(
    r"(?<![\d/.])((?:19|20)\d\d) ?(?:-|đến(?: hết)?(?: năm)?) ?((?:19|20)\d\d)(?!\d)"
)
_BY = re.compile(r"\bđến (?:hết |cuối |hết cuối )?năm ((?:19|20)\d\d)\b")
_IN = re.compile(
    r"(?<!đến )(?<!với )(?<!từ )(?<!hết )(?<!cuối )\bnăm ((?:19|20)\d\d)\b(?! ?(?:-|đến))"
)


def _other_years(content: Content, target: TargetLine, text: str) -> Fault | None:
    """Compare the years that a wording names with the target's; those of before are none of it."""
    if "20" not in text:
        return None
    span = span_of(content, target.phase)
    known = {(phase.span.start, phase.span.end) for phase in content.phases}
    known.add((content.period.start, content.period.end))
    named = [(int(one[1]), int(one[2])) for one in _RANGE.finditer(text)]
    if len(set(named)) > 1 and all(covers(span, Span(*one)) for one in named):
        return None  # "06, trong đó giai đoạn 2026-2030 là 04, giai đoạn 2031-2035 là 02"
    if named and (span.start, span.end) not in named:
        other = next((one for one in named if one in known), None)
        return None if other is None else _years_fault(target, Span(*other), span)
    for pattern, fits in ((_BY, lambda year: year == span.end), (_IN, lambda year: year in span)):
        found = [int(one[1]) for one in pattern.finditer(text)]
        within = [year for year in found if year in content.period]
        if within and not any(fits(year) for year in within):
            return _years_fault(target, Span(within[0], within[0]), span)
    return None


def _years_fault(target: TargetLine, named: Span, span: Span) -> Fault:
    return Fault.of(
        N_("Lời văn ghi năm %(named)s, nhưng chỉ tiêu thuộc giai đoạn %(span)s."),
        N_("Chuyển chỉ tiêu sang đúng giai đoạn, hoặc sửa năm trong lời văn."),
        target.key,
        named=years(named),
        span=years(span),
    )


# --- What is counted ----------------------------------------------------------------------

_ALL_YEARS = re.compile(r"\b(?:cả kỳ|cả giai đoạn|tổng cộng)\b")
_TOTAL = re.compile(r"\b(?:nâng tổng số|tổng số clb (?:đạt|lên|là)|lũy kế)\b")
_NEW = re.compile(r"\b(?:thành lập mới|thành lập thêm|lập mới|nhân rộng thêm)\b")
_OLD_TOO = re.compile(r"\b(?:tổng|lũy kế|nâng|đã có)\b")
_EACH_CLUB = re.compile(rf"\b(?:mỗi|từng) clb (?:có |phải có )?(?:ít nhất |tối thiểu )?{NUMBER}")


def _other_counting(content: Content, target: TargetLine, text: str) -> Fault | None:
    """Compare what a wording counts with what the line does: each year or all, new or in all, in
    each club or in the unit.
    """
    indicator = content.indicators.get(target.indicator)
    if indicator is None or indicator.roll_up is not RollUp.SUM:
        return None
    if target.scope is not TargetScope.UNIT:
        return None
    several = span_of(content, target.phase).years != 1
    count = measure_of(content, target) is Measure.COUNT
    total = target.indicator == "clubs_total"
    mixed = {
        N_("Lời văn tính cho mỗi năm, nhưng chỉ tiêu ghi cho cả giai đoạn."): (
            several and says_yearly(target)
        ),
        N_("Lời văn tính cho cả giai đoạn, nhưng chỉ tiêu ghi cho mỗi năm."): (
            several and is_yearly(target) and _ALL_YEARS.search(text)
        ),
        N_("Lời văn là tổng số lũy kế, nhưng chỉ tiêu ghi số phát sinh mới."): (
            target.counts_from is CountsFrom.NEW and _TOTAL.search(text) and not _NEW.search(text)
        ),
        N_("Lời văn là số thành lập mới, nhưng chỉ tiêu ghi tổng số."): (
            total and _NEW.search(text) and not _OLD_TOO.search(text)
        ),
        N_("Lời văn tính cho mỗi câu lạc bộ, nhưng chỉ tiêu ghi cho toàn địa bàn."): (
            count and _EACH_CLUB.search(text)
        ),
    }
    return next((_counting_fault(target, said) for said, found in mixed.items() if found), None)


def _counting_fault(target: TargetLine, said: str) -> Fault:
    return Fault.of(
        said,
        N_("Chọn lại cách tính của chỉ tiêu, hoặc sửa lời văn."),
        target.key,
    )
