"""V28: figures in the running text that the table of targets has not, or has otherwise.

Every text is looked through once, by one pattern for each kind of figure. What a section tells
of the past (thực trạng, căn cứ) is no target.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from lth.checks.prose import IN_WORDS, MONEY_WORD, NUMBER, exact, lowered, sentences, shown, stored
from lth.checks.reading import WHOLE_SHARE, figures, over_phase, proper, value_of
from lth.checks.registry import Fault, check
from lth.checks.text_tables import TextTable, number_in, tables_in, without_tables
from lth.checks.wording import figure, money, name_of, quoted
from lth.content.model import TARGETS, Content, SectionText, TargetLine
from lth.content.money import totals
from lth.core.i18n import N_
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure

_PAST_TITLE = re.compile(
    r"\b(?:thực trạng|căn cứ|sự cần thiết|cơ sở|tình hình|kết quả (?:thực hiện|đạt được))\b"
)
_PAST = re.compile(r"\b(?:đã|hiện (?:nay|có)|tính đến|trước đây)\b")
_ONE = {"một": "1", "hai": "2", "ba": "3", "bốn": "4", "năm": "5", "tám": "8"}
_COUNT = rf"(?:{NUMBER}|{'|'.join(_ONE)})"
_RANGE = rf"{NUMBER}(?: ?(?:-|đến) ?{NUMBER})?"

_EACH_NUMBER = re.compile(NUMBER)
_SPELLED = "|".join(sorted((word for word in IN_WORDS if " " in word), key=len, reverse=True))
"""Numbers of several words; one of a single word says too often something else: "mỗi năm CLB"."""
_THING = re.compile(
    rf"(?P<number>{_RANGE}|\b(?:{_SPELLED})) (?P<thing>clb|thành viên(?! ban chủ nhiệm| bcn)"
    rf"|hội viên|người cao tuổi|nct|tình nguyện viên)\b"
)
_COUNTED_BY = {
    "clb": re.compile(r"clubs_|communes_with_club"),
    "thành viên": re.compile(r"members_|club_size|board_size|loan"),
    "hội viên": re.compile(r"members_|older_"),
    "người cao tuổi": re.compile(r"members_older|older_|loan|homecare|helped"),
    "nct": re.compile(r"members_older|older_|loan|homecare|helped"),
    "tình nguyện viên": re.compile(r"volunteers"),
}
"""The indicators that count each thing: five new clubs say nothing of five volunteers."""
_SHARE = re.compile(
    rf"(?P<number>{NUMBER})(?: ?% ?(?:-|đến) ?| ?(?:-|đến) ?)?(?P<second>{NUMBER})? ?%"
)
_WORD = r"(?:nghìn|ngàn|triệu|tỷ|tỉ|đồng)"
_MONEY = re.compile(
    rf"(?:(?P<low>{NUMBER}) ?{_WORD}? ?(?:-|đến) ?)?(?P<number>{NUMBER}) ?(?P<word>{_WORD})\b"
    rf"(?: đồng)?"
)
_PER_CLUB = re.compile(r"\b(?:mỗi|một|từng) clb\b|/ ?(?:1 ?)?clb\b|\bphí thành viên\b")
_BY_SOURCE = re.compile(
    r"\b(?:ngân sách(?: nhà nước| trung ương| tỉnh| huyện| xã| địa phương)?|xã hội hóa)"
    r"(?:,? (?:là|khoảng|dự kiến|bảo đảm|hỗ trợ))?:? $"
)
_IN_ALL = re.compile(r"\btổng (?:nguồn |mức )?(?:kinh phí|dự toán)\b|\bkinh phí thực hiện\b")
_FUND_IN_ALL = re.compile(r"\b(?:tổng|số dư) (?:số dư )?quỹ\b|\bquỹ (?:tăng thu nhập )?đạt\b")
_AVERAGE = re.compile(r"\b(?:bình quân|trung bình)\b")
"""What V34 judges."""
_BEFORE = 40
"""How much of a clause is quoted before its figure."""

_EACH = r"tuần|tháng|quý|năm"
_TIMES = re.compile(
    rf"(?P<number>{_COUNT}) lần ?(?:/|(?:trong |một |mỗi |hằng |hàng ))(?:1 |một )?"
    rf"(?P<each>{_EACH})\b"
    rf"|\b(?:mỗi|một|hằng|hàng) (?P<each2>{_EACH}) (?:ít nhất )?(?P<number2>{_COUNT}) lần\b"
)
_REGULAR = re.compile(
    r"\b(?P<verb>sinh hoạt|họp|giao ban|khám sức khỏe)[^.;,\v\d]{0,40}?"
    r"\b(?:hằng|hàng|mỗi) (?P<each>tuần|tháng|quý|năm)\b(?! (?:ít nhất )?(?:\d+|một|hai|ba) ?lần)"
)
_AREAS = re.compile(
    r"(?P<every>\b(?:mỗi|các|100 ?%(?: số)?) clb\b[^.;\v]{0,40}?)?"
    r"\b(?:8|tám|08) (?:mảng|nhiệm vụ|nội dung|lĩnh vực|hoạt động)\b"
)
_EVERYWHERE = re.compile(
    r"\b(?P<verb>lập|xây dựng|phát triển|nhân rộng)\b[^.;\v]{0,60}?\bclb\b[^.;\v]{0,20}?"
    r"\b(?:ở|tại|trên) (?P<where>tất cả(?: các)? (?:thôn|xã|ấp|khóm|phường|bản|tổ dân phố))\b"
)


_FIGURES = re.compile(r"\d|lần|hằng |hàng |mỗi |tám|tất cả|mười |mươi ")
_KINDS = {
    "thing": (("clb", "viên", "người cao tuổi", "nct"), _THING),
    "share": (("%",), _SHARE),
    "money": (("đồng", "triệu", "tỷ", "tỉ", "nghìn", "ngàn"), _MONEY),
    "times": (("lần",), _TIMES),
    "regular": (("hằng ", "hàng ", "mỗi "), _REGULAR),
    "areas": (("8", "tám"), _AREAS),
    "everywhere": (("tất cả",), _EVERYWHERE),
}
"""The kinds of figures, the words of which a sentence has one if it has such a figure, and how it
is found."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Figures that a plan owns to, of its targets, its start, its budget; counts by thing."""

    counts: Mapping[str, frozenset[int]]
    shares: frozenset[int]
    money: frozenset[int]
    wordings: str


@check(
    "V28", "HIDDEN_TARGET", N_("Số trong lời văn có ở bảng chỉ tiêu"), Severity.INFO, Stage.DRAFT
)
def hidden_target(content: Content) -> Iterator[Fault]:
    """Require that a figure that sections, tasks or duties ask for stands in the table of
    targets too, and the same. A letter has no table: its figures are those of the plan it cites.
    """
    if content.is_directive or TARGETS in content.unreadable:
        return
    known = _known(content)
    past = {
        section.key for section in content.sections if _PAST_TITLE.search(lowered(section.title))
    }
    for place, text in content.prose():
        if place not in past:
            yield from _in_text(content, known, place, text)
    for section in content.sections:
        if section.key not in past:
            yield from _in_tables(content, known, section)


def _known(content: Content) -> _Known:
    counts, shares, sums = [], set(), _budgeted(content) | {content.header.budget_total}
    for code, values in _own_figures(content):
        measure = _measure(content, code)
        if measure is Measure.COUNT:
            counts += [(code, value) for value in values]
        else:
            (sums if measure is Measure.MONEY else shares).update(values)
    counts += _sums(content)
    by_thing = {
        thing: frozenset(value for code, value in counts if counted.match(code)) - {None}
        for thing, counted in _COUNTED_BY.items()
    }
    wordings = "\v".join(lowered(target.wording) for target in content.targets)
    return _Known(by_thing, *(frozenset(one - {None}) for one in (shares, sums)), wordings)


def _budgeted(content: Content) -> set[int | None]:
    """List what the budget's lines say, and what they come to by source, tier and year."""
    found = totals(content.budget, None)
    sums = (found.by_source, found.by_level, found.by_year)
    said = {found.total, *(value for by in sums for value in by.values())}
    for line in content.budget:
        said |= {line.amount, line.annual_rate, line.unit_price, line.product}
    return said


def _own_figures(content: Content) -> Iterator[tuple[str, set[int | None]]]:
    for target in content.targets:
        yield target.indicator, {target.low, target.high}
    for baseline in content.baselines:
        yield baseline.indicator, {baseline.value}


def _measure(content: Content, code: str) -> Measure | None:
    indicator = content.indicators.get(code)
    return None if indicator is None else indicator.measure


def _sums(content: Content) -> Iterator[tuple[str, int]]:
    """Yield what targets of an indicator come to over the phases, with and without the start."""
    for code, start in (
        ("clubs_new", "clubs_existing"),
        ("members_total", ""),
        ("members_older", ""),
    ):
        given = [(one.phase, over_phase(content, one)) for one in figures(content, code)]
        known = {phase: bounds.low for phase, bounds in given if bounds is not None}
        parts = [known[phase.key] for phase in proper(content) if phase.key in known]
        there = (0, content.baseline(start) or 0, content.baseline(code) or 0)
        for value in (*known.values(), *accumulate(parts)):
            yield from ((code, value + more) for more in there)


# --- What a text says ---------------------------------------------------------------------


def _in_text(content: Content, known: _Known, place: str, text: str) -> Iterator[Fault]:
    told: set[str] = set()
    listed = sentences(lowered(without_tables(text)))
    parts = _numbers_of_things(listed)
    in_tables = {number for table in tables_in(text) for number in _totals_of(table)}
    for thing in _COUNTED_BY if in_tables else ():
        parts[thing] = parts.get(thing, set()) | in_tables
    for sentence in listed:
        for phrase, fault in _findings(content, known, place, sentence, parts):
            if phrase not in told:
                told.add(phrase)
                yield fault


_NEW_CLUBS = re.compile(r"\b(?:clb|câu lạc bộ)\b.*\b(?:mới|thành lập|lập)\b", re.IGNORECASE)


_LONGEST_TITLE = 100
_TOTALS = frozenset({"Tổng", "Tổng số", "Tổng cộng", "Cộng"})


def _in_tables(content: Content, known: _Known, section: SectionText) -> Iterator[Fault]:
    """Find totals of new clubs that tables give and targets do not."""
    for table in tables_in(section.body):
        if table.total is None:
            continue
        of_clubs = len(table.caption) <= _LONGEST_TITLE and _NEW_CLUBS.search(table.caption)
        for title, cell in zip(table.head, table.total, strict=True):
            value = number_in(cell)
            counts = _NEW_CLUBS.search(title) or (of_clubs and title in _TOTALS)
            if value and counts and value not in known.counts["clb"]:
                given = figures(content, "clubs_new", scope=None)
                phrase = f"{title}: {cell}"
                if given:
                    yield _other(content, section.key, phrase, given[0])


def _numbers_of_things(listed: Sequence[str]) -> dict[str, set[Fraction]]:
    """Return the single numbers of each thing that sentences count."""
    found: dict[str, set[Fraction]] = {}
    for sentence in listed:
        for kind, match in _mentions(sentence):
            if kind == "thing" and _EACH_NUMBER.fullmatch(match["number"]):
                found.setdefault(match["thing"], set()).add(exact(match["number"]))
    return found


def _totals_of(table: TextTable) -> list[Fraction]:
    return [number for cell in table.total or () if (number := number_in(cell))]


def _is_a_part(known: _Known, match: re.Match[str], parts: Mapping[str, set[Fraction]]) -> bool:
    """Tell whether a number and another of its text come to a known one: 12 here, 8 there of 20."""
    if not _EACH_NUMBER.fullmatch(match["number"]):
        return False
    number, others = exact(match["number"]), parts.get(match["thing"], set())
    return any(all_ - number in others for all_ in known.counts[match["thing"]] if all_ > number)


def _findings(
    content: Content,
    known: _Known,
    place: str,
    sentence: str,
    parts: Mapping[str, set[Fraction]],
) -> Iterator[tuple[str, Fault]]:
    """Yield what one sentence hides, each with the words that are told only once."""
    for kind, found in _mentions(sentence):
        if kind in _UNKNOWN:
            part = kind == "thing" and _is_a_part(known, found, parts)
            if not part and not _is_of_other(found) and _UNKNOWN[kind](known, found):
                yield found[0], _unlike(content, place, kind, found)
        elif kind == "areas":
            if fault := _areas(content, place, found):
                yield kind, fault
        elif kind == "everywhere":
            if not _covers_all(content):
                yield found["where"], _lacking(place, _quote(found))
        elif found[0] not in known.wordings and (fault := _often(content, place, found)):
            yield found[0], fault


@lru_cache(maxsize=4096)
def _mentions(sentence: str) -> tuple[tuple[str, re.Match[str]], ...]:
    """List the figures in a sentence by their kind, whatever the plan. A pattern is slow beside
    a look for the words of which it needs one.
    """
    if not _FIGURES.search(sentence):
        return ()
    return tuple(
        (kind, match)
        for kind, (words, pattern) in _KINDS.items()
        if any(word in sentence for word in words)
        for match in pattern.finditer(sentence)
    )


_GOES_ON = re.compile(r"(?:bằng|chiếm|tương đương|với|tại|gồm|trong đó)\b")
_BESIDE_COUNT = re.compile(
    r"\([^()]*$|(?<![\d/])\d[\d.]*/\d[\d.]*(?![\d/])[^;.\v]{0,60}$"
    r"|\b(?:lên|từ) \d[\d.]*[^;.\v]{0,20}, (?:bằng|đạt|chiếm|tương đương)$"
)
"""What stands before a share that says a count once more: a bracket, a fraction, "lên 10, đạt"."""
_RECKONED = ("=", " tăng", " tăng thêm", " giảm")
"""What stands before a figure that follows from others, or that is a difference."""
_SAYS_AGAIN = re.compile(r"(?:bằng|tương đương)\b")
_FACTOR = re.compile(r" ?(?:/ ?(?:1 ?)?clb|mỗi clb)? ?[×x*] ?\d")


def _is_of_other(found: re.Match[str]) -> bool:
    """Tell whether a figure is none to be reached: of the past, an average, or of a sum."""
    clause = _clause(found)
    if _PAST.search(clause) or _AVERAGE.search(clause):
        return True
    before = found.string[: found.start() - len(clause.partition(found[0])[0])]
    if _SAYS_AGAIN.match(clause) and any(sign.isdigit() for sign in before):
        return True
    if _GOES_ON.match(clause) and _PAST.search(found.string, 0, found.start()):
        return True
    return _is_of_a_sum(found)


def _is_of_a_sum(found: re.Match[str]) -> bool:
    """Tell whether a figure is reckoned from others, or they with it: "25 triệu/CLB × 10 CLB"."""
    before = found.string[: found.start()].rstrip()
    if "%" in found[0] and _BESIDE_COUNT.search(before):
        return True
    return before.endswith(_RECKONED) or _FACTOR.match(found.string, found.end()) is not None


def _covers_all(content: Content) -> bool:
    return any(value_of(target) == WHOLE_SHARE for target in content.of("commune_coverage_pct"))


def _thing(known: _Known, match: re.Match[str]) -> bool:
    spelled = IN_WORDS.get(match["number"])
    numbers = [exact(number) for number in _EACH_NUMBER.findall(match["number"])] or [spelled]
    each_club = match.string[max(0, match.start() - 3) : match.start()].rstrip().endswith("/")
    return not each_club and not all(number in known.counts[match["thing"]] for number in numbers)


def _share(known: _Known, match: re.Match[str]) -> bool:
    numbers = [one for one in (match["number"], match["second"]) if one]
    return not all(stored(number, Measure.PERCENT) in known.shares for number in numbers)


def _money(known: _Known, match: re.Match[str]) -> bool:
    """Tell whether a club or member is asked for it, or all that is spent or in the fund is
    named: a single payment is not a target.
    """
    numbers = [
        exact(one) * MONEY_WORD[match["word"]] for one in match.group("low", "number") if one
    ]
    clause = _clause(match)
    asked = any(words.search(clause) for words in (_PER_CLUB, _IN_ALL, _FUND_IN_ALL))
    asked = asked or _is_of_source(match)
    return asked and not known.money.issuperset(numbers)


def _is_of_source(match: re.Match[str]) -> bool:
    """Tell whether a sentence parts all the money by where it comes from."""
    before = match.string[: match.start()]
    return _IN_ALL.search(before) is not None and _BY_SOURCE.search(before) is not None


_UNKNOWN = {"thing": _thing, "share": _share, "money": _money}
"""Whether the plan's table does not know a figure, by its kind."""


def _clause(match: re.Match[str]) -> str:
    """Return the part of the sentence that a figure stands in, between the commas."""
    begin, end = _clause_of(match)
    return match.string[begin:end]


def _clause_of(match: re.Match[str]) -> tuple[int, int]:
    begin = match.string.rfind(", ", 0, match.start())
    end = match.string.find(", ", match.end())
    return begin + 2 if begin >= 0 else 0, end if end >= 0 else len(match.string)


def _quote(match: re.Match[str]) -> str:
    """Return a figure with what its clause says before it, some words of it at the most."""
    begin, start = _clause_of(match)[0], match.start()
    words = match.string[max(begin, start - _BEFORE) : start]
    if begin < start - _BEFORE:
        words = words.partition(" ")[2]
    return words + match[0]


# --- What the table has instead -----------------------------------------------------------

_NEW = re.compile(r"\b(?:thành lập|lập mới|xây dựng|nhân rộng|thêm|mới)\b")
_MEANT: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "clb": (
        (re.compile(r"\bđạt chuẩn\b"), "clubs_standard"),
        (re.compile(r"\b(?:8|08|tám) (?:mảng|nhiệm vụ|lĩnh vực)\b"), "clubs_full8"),
        (re.compile(r"\b(?:tổng số|nâng)\b"), "clubs_total"),
        (_NEW, "clubs_new"),
    ),
    "thành viên": (
        (re.compile(r"\bvay\b"), "loans_members"),
        (re.compile(r"\b(?:mỗi|một|từng) clb\b|/ ?clb\b"), "club_size"),
        (re.compile(r""), "members_total"),
    ),
    "người cao tuổi": ((re.compile(r"\b(?:thành viên|tham gia|clb)\b"), "members_older"),),
    "nct": ((re.compile(r"\b(?:thành viên|tham gia|clb)\b"), "members_older"),),
    "tình nguyện viên": ((re.compile(r""), "volunteers"),),
    "%": (
        (re.compile(r"\b(?:8|08|tám) (?:mảng|nhiệm vụ|lĩnh vực|hoạt động)\b"), "clubs_full8_pct"),
        (re.compile(r"\b(?:hai|2|02) (?:loại )?quỹ\b"), "clubs_two_funds_pct"),
        (re.compile(r"\bvay\b"), "loan_access_pct"),
        (re.compile(r"\bduy trì\b"), "clubs_maintained_pct"),
        (re.compile(r"\bsổ theo dõi\b"), "health_book_pct"),
        (re.compile(r"\bban chủ nhiệm\b"), "boards_trained_pct"),
        (re.compile(r"\b(?:xã|phường|thị trấn)\b"), "commune_coverage_pct"),
        (re.compile(r"\b(?:nữ|phụ nữ)\b"), "women_share_pct"),
        (re.compile(r"\b(?:nghèo|khó khăn)\b"), "poor_share_pct"),
        (re.compile(r"\btrẻ\b"), "young_share_pct"),
        (re.compile(r"\b(?:tham gia|hưởng lợi)\b"), "older_reach_pct"),
        (re.compile(r"\b(?:cao tuổi|nct)\b"), "older_share_pct"),
    ),
    "đồng": (
        (re.compile(r"\bphí\b(?! thực hiện)"), "member_fee_month"),
        (_PER_CLUB, "income_fund_min"),
        (re.compile(r"\bquỹ\b"), "income_fund_balance"),
    ),
}
"""The indicators that a figure can be meant for, by its thing and the words beside it."""


def _unlike(content: Content, place: str, kind: str, match: re.Match[str]) -> Fault:
    """Say of a figure that the table has not what it has of the same matter, if anything."""
    clause, phrase = _clause(match), _quote(match)
    if kind == "money" and _is_of_source(match):
        return _lacking_in_budget(place, phrase)
    if kind == "money" and _IN_ALL.search(clause):
        return _other_total(content, place, phrase)
    thing = {"share": "%", "money": "đồng"}.get(kind) or match["thing"]
    meant = (code for words, code in _MEANT.get(thing, ()) if words.search(clause))
    for code in meant:
        given = [one for one in figures(content, code, scope=None) if value_of(one) is not None]
        if given:
            return _other(content, place, phrase, given[0])
    return _lacking(place, phrase)


def _lacking_in_budget(place: str, phrase: str) -> Fault:
    return Fault.of(
        N_("%(phrase)s: các khoản kinh phí không cộng ra số này."),
        N_("Sửa lời văn hoặc bảng kinh phí cho khớp nhau."),
        place,
        phrase=quoted(shown(phrase)),
    )


def _other_total(content: Content, place: str, phrase: str) -> Fault:
    total = content.header.budget_total or totals(content.budget, None).total
    if not total:
        return _lacking(place, phrase)
    return Fault.of(
        N_("%(phrase)s, nhưng tổng kinh phí của kế hoạch là %(total)s."),
        N_("Sửa lời văn hoặc bảng kinh phí cho khớp nhau."),
        place,
        phrase=quoted(shown(phrase)),
        total=money(total),
    )


# --- How often ----------------------------------------------------------------------------

_OF_WHAT = (
    (re.compile(r"\b(?:sinh hoạt|họp)\b"), "tháng", "meetings_month"),
    (re.compile(r"\b(?:dưỡng sinh|thể dục|tập luyện)\b"), "tuần", "exercise_week"),
    (re.compile(r"\bkhám\b"), "năm", "health_check_year"),
)


_OF_NO_CLUB = re.compile(r"\b(?:tập huấn|bồi dưỡng|kiểm tra|giám sát|rà soát)\b")
"""Work that the plan's agencies do so often, which is no target of clubs."""


def _often(content: Content, place: str, match: re.Match[str]) -> Fault | None:
    """Find a "so often" that no target says, or one says otherwise."""
    each = _group(match, "each") or _group(match, "each2")
    around = _clause(match)
    code = next((code for verb, unit, code in _OF_WHAT if unit == each and verb.search(around)), "")
    given = [target for target in content.of(code) if value_of(target) is not None]
    if any(value_of(one) == _times(match) for one in given) or _OF_NO_CLUB.search(around):
        return None
    phrase = _quote(match)
    return _other(content, place, phrase, given[0]) if given else _lacking(place, phrase)


def _group(match: re.Match[str], name: str) -> str:
    return match.groupdict().get(name) or ""


def _times(match: re.Match[str]) -> int | None:
    """Say how often, in 1/100 of a time; once where a text says "hằng tháng"."""
    text = _group(match, "number") or _group(match, "number2") or "1"
    return stored(_ONE.get(text, text), Measure.RATE)


def _areas(content: Content, place: str, match: re.Match[str]) -> Fault | None:
    """Find eight areas asked of every club where the table asks it of a part, or of none."""
    targets = [target for code in ("clubs_full8_pct", "clubs_full8") for target in content.of(code)]
    if not targets:
        return _lacking(place, _quote(match))
    share = next((target for target in targets if target.indicator == "clubs_full8_pct"), None)
    if match["every"] and share is not None and (value_of(share) or 0) < WHOLE_SHARE:
        return _other(content, place, _quote(match), share)
    return None


def _lacking(place: str, phrase: str) -> Fault:
    return Fault.of(
        N_("%(phrase)s: bảng chỉ tiêu không có mức này."),
        N_("Đưa vào bảng chỉ tiêu để theo dõi được, hoặc bỏ con số trong lời văn."),
        place,
        phrase=quoted(shown(phrase)),
    )


def _other(content: Content, place: str, phrase: str, target: TargetLine) -> Fault:
    return Fault.of(
        N_("%(phrase)s, nhưng bảng chỉ tiêu ghi %(name)s: %(figure)s."),
        N_("Sửa lời văn hoặc chỉ tiêu cho khớp nhau."),
        place,
        phrase=quoted(shown(phrase)),
        name=name_of(content, target.indicator),
        figure=figure(target, content),
    )
