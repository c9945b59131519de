"""V44 and V45: days that the calendar and the plan's period have, budgets of tiers that exist."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache

from lth.checks.agencies import same
from lth.checks.offices import NEAR, OF_BEFORE
from lth.checks.prose import as_written, lowered
from lth.checks.registry import Fault, check
from lth.checks.rules.papers import plan_day
from lth.checks.tiers import TWO_TIERS, has_two_tiers, is_of_ended_tier
from lth.checks.wording import day, quoted, years
from lth.content.model import BUDGET, Content, ReportingDuty, Task
from lth.core.i18n import N_, Message
from lth.models.finding import Severity, Stage
from lth.models.parts import Frequency, MoneyLevel

# --- V44 ----------------------------------------------------------------------------------


@check("V44", "DATES", N_("Ngày, tháng, năm có thật và khớp nhau"), Severity.WARNING, Stage.DRAFT)
def dates(content: Content) -> Iterator[Fault]:
    """Require that work ends after it begins and lies, as money does, in the plan's period; that
    days which the text names are in the calendar and on the weekday that it says; and of reports
    that nobody's is due after that of who sums it up, nor a half-yearly one on a single day. Work
    may begin between the plan's day and its period.
    """
    for task in content.tasks:
        yield from _task_days(content, task)
    yield from _money_years(content)
    told: set[str] = set()
    for place, text in _texts(content):
        yield from _impossible(place, text, told)
        yield from _weekdays(place, text)
    yield from _summed_up_outside(content)
    for duty in content.reporting:
        yield from _too_few_days(content, duty)
        yield from _after_the_upper(content, duty)


def _task_days(content: Content, task: Task) -> Iterator[Fault]:
    first, last, period = task.starts_on, task.ends_on, content.period
    if first is not None and last is not None and first > last:
        yield Fault.of(
            N_("Nhiệm vụ %(task)s ghi ngày kết thúc %(last)s, trước ngày bắt đầu %(first)s."),
            N_("Đổi lại hai ngày, hoặc sửa ngày sai."),
            task.key,
            severity=Severity.ERROR,
            task=quoted(task.title),
            first=day(first),
            last=day(last),
        )
        return
    begun = plan_day(content) or date.max
    for one in (first, last):
        if one is None or one.year in period or (one >= begun and one.year <= period.end):
            continue
        yield Fault.of(
            N_("Nhiệm vụ %(task)s ghi ngày %(day)s, ngoài thời gian của kế hoạch (%(period)s)."),
            N_("Sửa ngày của nhiệm vụ, hoặc sửa thời gian của kế hoạch."),
            task.key,
            task=quoted(task.title),
            day=day(one),
            period=years(period),
        )
        return


def _money_years(content: Content) -> Iterator[Fault]:
    for line in content.budget:
        if line.year is not None and line.year not in content.period:
            yield Fault.of(
                N_("Khoản %(line)s ghi năm %(year)s, ngoài thời gian của kế hoạch (%(period)s)."),
                N_("Sửa năm của khoản này, hoặc sửa thời gian của kế hoạch."),
                line.key,
                line=quoted(line.activity),
                year=str(line.year),
                period=years(content.period),
            )


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    yield from content.worded()
    for duty in content.reporting:
        yield duty.key, duty.due
    for line in content.baselines:
        yield line.key, f"{line.as_of} {line.wording}"


_IN_FIGURES = r"(?<![\d/.,])(?P<d{0}>\d{{1,2}})/(?P<m{0}>\d{{1,2}})/(?P<y{0}>\d{{4}})(?![\d/])"
_IN_WORDS = r"(?P<d{0}>\d{{1,2}}) tháng (?P<m{0}>\d{{1,2}}) năm (?P<y{0}>\d{{4}})"
_FULL = re.compile(rf"{_IN_FIGURES.format('')}|{_IN_WORDS.format('2')}")
_DUE = r"(?:ngày|trước|hạn|chậm nhất|sau|hết)"
_SHORT = re.compile(
    rf"\b{_DUE} (?:ngày )?(\d{{1,2}})/(\d{{1,2}})(?!\d|/|[%,.]\d)"
    rf"|\bngày (\d{{1,2}}) tháng (\d{{1,2}})\b(?! năm)"
)
_LEAP = 2024
"""A year that has every day that a day without a year may mean."""

_LAST_MONTH = 12


@lru_cache(maxsize=1024)
def _days_in(text: str) -> tuple[tuple[str, int, int, int | None], ...]:
    """List the days that a lowered text names, with the words: of (words, day, month, year)."""
    found: list[tuple[str, int, int, int | None]] = []
    for one in _FULL.finditer(text):
        of = "" if one["d"] else "2"
        found.append((one[0], int(one[f"d{of}"]), int(one[f"m{of}"]), int(one[f"y{of}"])))
    for one in _SHORT.finditer(text):
        number, month = (one[1], one[2]) if one[1] else (one[3], one[4])
        if int(month) <= _LAST_MONTH or "ngày" in one[0]:  # "hết 20/25 xã" is no day
            found.append((one[0], int(number), int(month), None))
    return tuple(found)


def _impossible(place: str, text: str, told: set[str]) -> Iterator[Fault]:
    """Find days that there are not; one that stands in several places is told once."""
    low = lowered(text)
    if not any(sign in low for sign in ("/", "tháng")):
        return
    for words, number, month, year in _days_in(low):
        if _date(year or _LEAP, month, number) is None and words not in told:
            told.add(words)
            yield Fault.of(
                N_("%(words)s: lịch không có ngày này."),
                N_("Sửa ngày hoặc tháng."),
                place,
                severity=Severity.ERROR,
                words=quoted(as_written(text, words)),
            )


def _date(year: int, month: int, number: int) -> date | None:
    with suppress(ValueError):
        return date(year, month, number)
    return None


_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_NAMED_DAY = re.compile(
    r"\b(?:thứ (?P<weekday>hai|ba|tư|năm|sáu|bảy|[2-7])|(?P<sunday>chủ nhật)),? (?:ngày )?"
    rf"(?:{_IN_FIGURES.format('')}|{_IN_WORDS.format('2')})"
)
_WEEKDAY_NAME = (
    N_("thứ Hai"), N_("thứ Ba"), N_("thứ Tư"), N_("thứ Năm"), N_("thứ Sáu"), N_("thứ Bảy"),
    N_("Chủ nhật"),
)  # fmt: skip
_SUNDAY = 6


def _weekdays(place: str, text: str) -> Iterator[Fault]:
    low = lowered(text)
    if "thứ " not in low and "chủ nhật" not in low:
        return
    for match in _NAMED_DAY.finditer(low):
        of = "" if match["d"] else "2"
        on = _date(int(match[f"y{of}"]), int(match[f"m{of}"]), int(match[f"d{of}"]))
        said = _weekday(match)
        if on is not None and on.weekday() != said:
            yield Fault.of(
                N_("%(words)s: ngày %(day)s là %(weekday)s."),
                N_("Sửa thứ hoặc sửa ngày."),
                place,
                words=quoted(as_written(text, match[0])),
                day=day(on),
                weekday=Message(_WEEKDAY_NAME[on.weekday()]),
            )


def _weekday(match: re.Match[str]) -> int:
    if match["sunday"]:
        return _SUNDAY
    word = match["weekday"]
    return int(word) - 2 if word.isdigit() else _WEEKDAYS.index(word)


_SUMMED_UP = re.compile(
    r"\b(?P<words>(?:sơ kết|tổng kết)[^.;\v]{0,40}?"
    r"\b(?:(?:vào |trong )?(?:(?:cuối|đầu) |tháng \d{1,2} |quý [\divx]+ )?năm |"
    r"(?:tháng|quý) ?[\divx]+/)(?P<year>20\d\d))(?!\d| ?-)"
)
_OF_BEFORE = re.compile(r"\b(?:đã|qua|kết quả|báo cáo|trên cơ sở|căn cứ)\b[^.;\v]*$")


def _summed_up_outside(content: Content) -> Iterator[Fault]:
    """Find where a text has the work summed up before it begins, or long after it ends."""
    period = content.period
    for place, text in content.prose():
        low = lowered(text)
        if "sơ kết" not in low and "tổng kết" not in low:
            continue
        for match in _SUMMED_UP.finditer(low):
            year = int(match["year"])
            within = (period.start or year) <= year <= period.end + 1
            if not within and not _OF_BEFORE.search(low[: match.start()]):
                yield Fault.of(
                    N_("%(words)s: ngoài thời gian của kế hoạch (%(period)s)."),
                    N_("Sửa năm cho khớp với thời gian của kế hoạch."),
                    place,
                    words=quoted(as_written(text, match["words"])),
                    period=years(period),
                )


# --- Reports ------------------------------------------------------------------------------

_DAY_OF_YEAR = re.compile(
    r"(?<![\d/])(\d{1,2})/(\d{1,2})(?!\d|/\d{1,2}/)|(\d{1,2}) tháng (\d{1,2})"
)
_WANTED = {Frequency.HALF_YEAR: 2, Frequency.QUARTERLY: 4}
_TIMES_NAME = {Frequency.HALF_YEAR: N_("6 tháng"), Frequency.QUARTERLY: N_("hằng quý")}


@lru_cache(maxsize=512)
def _due_days(due: str) -> tuple[tuple[int, int], ...]:
    """List the days of the year of a due text as (month, day), in order; next year's come last, and
    those that there are not are none.
    """
    low = lowered(due)
    later = _LAST_MONTH if "năm sau" in low else 0
    found = {
        (int(one[2] or one[4]) + later, int(one[1] or one[3]))
        for one in _DAY_OF_YEAR.finditer(low)
        if _date(_LEAP, int(one[2] or one[4]), int(one[1] or one[3])) is not None
    }
    return tuple(sorted(found))


def _too_few_days(content: Content, duty: ReportingDuty) -> Iterator[Fault]:
    """Find a report of several times a year with a day for some of them only. Who reports yearly
    besides, or in another line, has the others there.
    """
    wanted = _WANTED.get(duty.frequency) if duty.frequency else None
    given = _due_days(duty.due)
    if wanted is None or not given or len(given) >= wanted:
        return
    others = [
        one
        for one in content.reporting
        if one is not duty and same(one.reporter, duty.reporter, content)
    ]
    if len(given) + sum(_days_of(one) for one in others) >= wanted:
        return
    yield Fault.of(
        N_("%(reporter)s báo cáo %(times)s nhưng thời hạn chỉ có %(due)s."),
        N_("Ghi hạn của từng kỳ: %(wanted)s ngày trong năm."),
        duty.key,
        reporter=duty.reporter,
        times=Message(_TIMES_NAME[duty.frequency or Frequency.HALF_YEAR]),
        due=quoted(duty.due),
        wanted=str(wanted),
    )


def _days_of(duty: ReportingDuty) -> int:
    """Count the days of a line; of a yearly one that has none yet V25 speaks."""
    return len(_due_days(duty.due)) or int(duty.frequency is Frequency.YEARLY)


_REGULAR = frozenset({Frequency.HALF_YEAR, Frequency.YEARLY})


def _after_the_upper(content: Content, duty: ReportingDuty) -> Iterator[Fault]:
    """Find a report that is due after the one for which its addressee needs it."""
    own = _due_days(duty.due)
    if not own or duty.frequency not in _REGULAR:
        return
    for upper in content.reporting:
        days = _due_days(upper.due)
        if not days or upper.frequency not in _REGULAR or not _feeds(content, duty, upper):
            continue
        if _is_late(own, days):
            yield Fault.of(
                N_("Hạn báo cáo của %(lower)s (%(due)s) sau hạn của %(upper)s (%(other)s)."),
                N_("Cho hạn của cấp dưới trước hạn của nơi tổng hợp."),
                duty.key,
                lower=duty.reporter,
                due=quoted(duty.due),
                upper=upper.reporter,
                other=quoted(upper.due),
            )


def _is_late(own: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    """Compare day by day where both have as many, else the last of the year."""
    if len(own) == len(other):
        return any(one > another for one, another in zip(own, other, strict=True))
    return own[-1] > other[-1]


def _feeds(content: Content, lower: ReportingDuty, upper: ReportingDuty) -> bool:
    """Tell whether who sends one report sums up the other."""
    if lower is upper or same(lower.reporter, upper.reporter, content):
        return False
    if any(same(name, lower.reporter, content) for name in upper.addressees):
        return False  # a province writes through its Sở, which reports to it
    if lower.frequency is Frequency.YEARLY and upper.frequency is not Frequency.YEARLY:
        return False
    return any(
        name and (same(name, upper.reporter, content) or same(upper.reporter, name, content))
        for name in (*lower.addressees, lower.through)
    )


# --- V45 ----------------------------------------------------------------------------------

_DISTRICT_MONEY = re.compile(
    r"\bngân sách (?:nhà nước )?(?:của )?(?:cấp )?(?:các )?(?:huyện|quận|thị xã)\b"
)


def _district_money(low: str) -> bool:
    """Tell whether a lowered text speaks of a district's budget, and not of one that was."""
    return any(
        not OF_BEFORE.search(low[max(match.start() - NEAR, 0) : match.end() + NEAR])
        for match in _DISTRICT_MONEY.finditer(low)
    )


@check(
    "V45",
    "BUDGET_TIER",
    N_("Cấp ngân sách còn tồn tại"),
    Severity.WARNING,
    Stage.DRAFT,
)
def budget_tier(content: Content) -> Iterator[Fault]:
    """Require that no money comes from a district after their end (Luật Tổ chức chính quyền địa
    phương 72/2025/QH15): of a district's own plan V43 speaks.
    """
    if not has_two_tiers(content) or is_of_ended_tier(content):
        return
    found = [line.key for line in content.budget if line.level is MoneyLevel.DISTRICT]
    texts = (*content.worded(), *((line.key, line.activity) for line in content.budget))
    for place, text in texts:
        low = lowered(text)
        if "ngân sách" in low and place not in found and _district_money(low):
            found.append(place)
    if found:
        yield Fault.of(
            N_("Ngân sách cấp huyện không còn từ ngày %(since)s, kế hoạch ghi ở %(count)s chỗ."),
            N_("Ghi ngân sách tỉnh hoặc ngân sách xã, phường, đặc khu."),
            found[0] if len(found) == 1 else BUDGET if content.budget else found[0],
            since=day(TWO_TIERS),
            count=str(len(found)),
        )
