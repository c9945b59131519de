"""The first lines of a dashboard: are we on track, and who needs me."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lth.blueprints.document.wording import local_name
from lth.blueprints.reporting import result_words
from lth.blueprints.reporting.result_pages import ResultPage
from lth.blueprints.web.levels import desk_url
from lth.core.formats import format_date, format_percent
from lth.core.language import gettext, ngettext
from lth.core.vietnamese import capitalize_first
from lth.reporting.dashboard import ClubOutside, UnitReport, by_track
from lth.reporting.goals import Track
from lth.reporting.standing import ResultLine

NAMED = 4
"""How many are named in a sentence; the page lists them all."""


@dataclass(frozen=True, slots=True)
class DashboardSentence:
    """A plain sentence with figures and links; tone: good, warn, bad or nothing."""

    tone: str
    icon: str
    text: Markup


def track(page: ResultPage, lines: Sequence[ResultLine]) -> DashboardSentence:
    """Say how many indicators are on track and name those that are behind."""
    choice, found = page.results.choice, by_track(lines)
    behind, well = found[Track.BEHIND], [*found[Track.REACHED], *found[Track.IN_TIME]]
    compared = len(behind) + len(well)
    if not compared:
        return DashboardSentence("", "info", Markup.escape(_nothing_compared()))
    text = Markup.escape(
        gettext(
            "Đến %(date)s đã qua %(part)s thời gian: %(well)s trên %(all)s chỉ tiêu đạt hoặc đúng"
            " tiến độ.",
            date=format_date(choice.until),
            part=format_percent(min(10_000, choice.elapsed) // 100 * 100),
            well=len(well),
            all=compared,
        )
    )
    if not behind:
        return DashboardSentence("good", "success", text)
    links = [
        Markup('<a href="%s">%s</a>%s')
        % (
            page.url("results_indicator", code=line.indicator.code),
            local_name(line.indicator),
            f" ({result_words.share_text(line)})" if result_words.share_text(line) else "",
        )
        for line in behind[:NAMED]
    ]
    said = gettext("Chậm: %(names)s.", names="\0")
    return DashboardSentence("bad", "warning", text + " " + _filled(said, links, len(behind)))


def _nothing_compared() -> str:
    return gettext(
        "Chưa so được với chỉ tiêu: chưa có chỉ tiêu được giao, kế hoạch hoặc số đã làm."
    )


def _filled(said: str, links: Sequence[Markup], count: int) -> Markup:
    """Put links into a text that has been said with a mark in their place."""
    before, _, after = said.partition("\0")
    listed = Markup(", ").join(links)
    if count > len(links):
        listed += Markup.escape(gettext(" và %(count)s nữa", count=count - len(links)))
    return Markup.escape(before) + listed + Markup.escape(after)


def reports(page: ResultPage, listed: Sequence[UnitReport]) -> DashboardSentence | None:
    """Say how many of the units below have sent their reports, and name those that are late."""
    window = page.results.choice.window
    if window is None or not listed:
        return None
    sent, late = [one for one in listed if one.sent], [one for one in listed if one.late]
    text = Markup.escape(
        gettext(
            "Báo cáo %(period)s: %(sent)s trên %(all)s đơn vị đã gửi.",
            period=result_words.window_name(window),
            sent=len(sent),
            all=len(listed),
        )
    )
    if not late:
        done = len(sent) == len(listed)
        return DashboardSentence("good" if done else "", "success" if done else "clock", text)
    links = [
        Markup('<a href="%s">%s</a>')
        % (page.url(unit_id=one.unit.unit.id), capitalize_first(one.unit.unit.full_name))
        for one in late[:NAMED]
    ]
    said = gettext("Quá hạn chưa gửi: %(names)s.", names="\0")
    return DashboardSentence("bad", "warning", text + " " + _filled(said, links, len(late)))


def own_report(page: ResultPage, one: UnitReport) -> DashboardSentence | None:
    """Say where the unit's own report stands."""
    window = page.results.choice.window
    if window is None:
        return None
    values = {"period": result_words.window_name(window)}
    if one.late and one.due is not None and one.due.day is not None:
        values["date"] = format_date(one.due.day)
        text = gettext("Báo cáo %(period)s chưa gửi, đã quá hạn ngày %(date)s.", **values)
        return DashboardSentence("bad", "warning", Markup.escape(text))
    if one.sent:
        text = gettext("Báo cáo %(period)s đã gửi.", **values)
        return DashboardSentence("good", "success", Markup.escape(text))
    text = gettext("Báo cáo %(period)s chưa gửi.", **values)
    return DashboardSentence("", "clock", Markup.escape(text))


def requests(page: ResultPage) -> DashboardSentence | None:
    """Say how many requests from below nobody has answered, and how many wait for this unit."""
    found, here = page.mark.open_requests, int(page.mark.own_requests)
    if not page.is_own or not found:
        return None
    link = Markup('<a href="%s">%s</a>') % (
        desk_url("requests_below"),
        ngettext("%(num)s kiến nghị", "%(num)s kiến nghị", found),
    )
    said = gettext("%(requests)s của cấp dưới chưa được trả lời.", requests="\0")
    text = _filled(said, [link], 1)
    if here:
        waiting = gettext("%(count)s đang chờ đơn vị trả lời.", count=here)
        return DashboardSentence("bad", "warning", text + " " + Markup.escape(waiting))
    return DashboardSentence("", "clock", text)


def clubs(page: ResultPage, outside: Sequence[ClubOutside], running: int) -> DashboardSentence:
    """Say how many clubs are outside the norms."""
    if not running:
        return DashboardSentence("", "info", Markup.escape(gettext("Chưa có câu lạc bộ nào.")))
    if not outside:
        text = ngettext(
            "%(num)s câu lạc bộ đang hoạt động, không câu lạc bộ nào ngoài định mức.",
            "%(num)s câu lạc bộ đang hoạt động, không câu lạc bộ nào ngoài định mức.",
            running,
        )
        return DashboardSentence("good", "success", Markup.escape(text))
    link = Markup('<a href="%s">%s</a>') % (
        page.url("results_clubs"),
        gettext("%(count)s trên %(all)s câu lạc bộ", count=len(outside), all=running),
    )
    said = gettext("%(clubs)s có số liệu ngoài định mức.", clubs="\0")
    return DashboardSentence("warn", "warning", _filled(said, [link], 1))
