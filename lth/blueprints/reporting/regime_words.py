"""Words of regimes: rhythms, days of data, deadlines by level, where a window stands."""

from collections.abc import Iterable, Mapping
from datetime import date

from lth.content.line_types import FREQUENCY_LABEL
from lth.core.formats import format_date
from lth.core.i18n import N_, Message
from lth.core.language import gettext, lazy_gettext, say
from lth.core.vietnamese import lower_first
from lth.models.parts import Frequency
from lth.models.report import WindowBasis
from lth.models.unit import Level
from lth.reporting.regimes import BASIS_LABEL
from lth.reporting.schedule import OpenWindow, WindowState
from lth.reporting.windows import WindowSpan

LEVEL_LABEL = {
    Level.COMMUNE: lazy_gettext("Cấp xã"),
    Level.DISTRICT: lazy_gettext("Cấp huyện"),
    Level.PROVINCE: lazy_gettext("Cấp tỉnh"),
}
STATE_BADGE = {
    WindowState.COMING: ("draft", "clock", lazy_gettext("Chưa bắt đầu")),
    WindowState.RUNNING: ("submitted", "flag", lazy_gettext("Đang diễn ra")),
    WindowState.DUE: ("returned", "warning", lazy_gettext("Đến hạn báo cáo")),
    WindowState.CLOSED: ("", "check", lazy_gettext("Đã hết hạn")),
}
"""Class of the badge, icon, words."""

_RHYTHM = {Frequency.HALF_YEAR: N_("6 tháng, năm"), Frequency.PHASE: N_("Sơ kết, tổng kết")}


def rhythm(frequency: Frequency) -> str:
    """Word how often a regime asks: half-yearly is two reports a year."""
    return say(Message(_RHYTHM.get(frequency) or FREQUENCY_LABEL[frequency]))


def days(span: WindowSpan) -> str:
    """Write the days of a window's data: "15/12/2025 – 14/6/2026"."""
    return f"{format_date(span.first)} – {format_date(span.last)}"


def basis(chosen: WindowBasis) -> str:
    """Word how the days of the data are cut."""
    return say(Message(BASIS_LABEL[chosen]))


def by_level(due: Mapping[Level, date], levels: Iterable[Level]) -> str:
    """Write by when each level reports: "cấp xã 16/6/2026, cấp huyện 19/6/2026"."""
    return _listed(f"{LEVEL_LABEL[level]} {format_date(due[level])}" for level in levels)


def working_days(given: Mapping[Level, int], levels: Iterable[Level]) -> str:
    """Write how many working days each level has: "cấp xã 2, cấp huyện 5"."""
    return _listed(f"{LEVEL_LABEL[level]} {given[level]}" for level in levels)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(lower_first, words))


def opening(opens_before: int | None) -> str:
    """Say whether windows open by themselves, and when."""
    if opens_before is None:
        return gettext("Mở bằng tay")
    if opens_before == 0:
        return gettext("Tự mở vào ngày chốt số liệu")
    return gettext("Tự mở trước ngày chốt số liệu %(days)s ngày", days=opens_before)


def state(one: OpenWindow, today: date) -> str:
    """Say where a window stands, with the day that counts next."""
    found = one.state(today)
    if found is WindowState.COMING:
        return gettext("bắt đầu ngày %(day)s", day=format_date(one.window.period.starts_on))
    if found is WindowState.RUNNING:
        return gettext("chốt số liệu ngày %(day)s", day=format_date(one.window.period.ends_on))
    return gettext("hạn cuối ngày %(day)s", day=format_date(one.last_due_on))
