"""A walkthrough's report as text for people, and as data for programs."""

from collections.abc import Iterable, Iterator
from typing import Any

from lth import quotas
from lth.core.i18n import N_, Message
from lth.core.language import current, gettext, ngettext, say
from lth.core.vietnamese import format_number
from lth.demo.report import (
    CheckedSum,
    Mails,
    PlayedHalfYear,
    PlayedRequest,
    ReportedSums,
    Road,
    SynthesisSums,
    WalkthroughReport,
)
from lth.reporting import request_mail
from lth.workflow.acts import ACT_LABEL, Act

_SECONDS = 10
"""Tenths of a second are enough."""


def text(report: WalkthroughReport) -> str:
    """Return the whole report in the current language, ready to print."""
    return "\n".join(_lines(report))


def _lines(report: WalkthroughReport) -> Iterator[str]:
    for road in report.roads:
        yield from _road(road)
    yield from _mails(report.mails)
    yield ""
    yield gettext("Thời gian: %(seconds)s giây", seconds=_seconds(report.seconds))
    for fault in report.faults:
        yield f"✗ {say(fault)}"
    yield (
        gettext("Mọi con số đều khớp.")
        if report.ok
        else gettext("Có con số không khớp: xem các dòng đánh dấu ✗.")
    )


def _seconds(seconds: float) -> str:
    whole, tenth = divmod(round(seconds * _SECONDS), _SECONDS)
    return f"{whole}.{tenth}" if current() == "en" else f"{whole},{tenth}"


def _road(road: Road) -> Iterator[str]:
    title = say(road.title)
    yield from (title, "─" * len(title))
    for step in road.steps:
        if isinstance(step, SynthesisSums):
            yield from _sums(step)
        elif isinstance(step, ReportedSums):
            yield from _reported(step)
        else:
            yield f"✓ {say(step)}"
    yield ""


def _sums(sums: SynthesisSums) -> Iterator[str]:
    parts = {
        "unit": sums.unit,
        "when": say(sums.when),
        "received": sums.received,
        "expected": sums.taking_part,
    }
    yield "  " + gettext(
        "Tổng hợp của %(unit)s, %(when)s: %(received)s trên %(expected)s đơn vị", **parts
    )
    if sums.missing:
        yield "  " + gettext("Chưa trình: %(units)s", units=", ".join(sums.missing))
    header = ("", gettext("tổng hợp được"), gettext("phải là"), "")
    yield from _table([header, *(_check(check) for check in sums.checks)])


def _reported(sums: ReportedSums) -> Iterator[str]:
    yield "  " + gettext(
        "Báo cáo tổng hợp của %(unit)s: %(received)s trên %(expected)s đơn vị",
        unit=sums.unit,
        received=sums.received,
        expected=sums.taking_part,
    )
    if sums.missing:
        yield "  " + gettext("Chưa báo cáo: %(units)s", units=", ".join(sums.missing))
    header = (
        "",
        gettext("được giao"),
        gettext("kế hoạch"),
        gettext("thực hiện"),
        gettext("phải là"),
        "",
    )
    language = current()
    rows = (
        (one.label[language], *one.shown[language], "✓" if one.holds else "✗")
        for one in sums.figures
    )
    yield from _table([header, *rows])


def _check(check: CheckedSum) -> tuple[str, str, str, str]:
    language = current()
    found, expected = check.shown[language]
    return check.label[language], found, expected, "✓" if check.holds else "✗"


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows of columns side by side: the first to the left, the others to the right."""
    listed = list(rows)
    widths = [max(len(row[column]) for row in listed) for column in range(len(listed[0]))]
    for row in listed:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield ("    " + "  ".join(cells)).rstrip()


def _mails(mails: Mails) -> Iterator[str]:
    count = format_number(mails.total, current())
    title = ngettext("Thư: %(count)s", "Thư: %(count)s", mails.total, count=count)
    yield from (title, "─" * len(title))
    header = ("", gettext("đến lượt"), gettext("báo tin"))
    yield from _table([header, *_acts(mails)])
    yield ""
    yield "  " + gettext("Thư về kế hoạch của %(unit)s:", unit=mails.about)
    width = max((len(to) for to, _ in mails.subjects), default=0)
    for to, subject in mails.subjects:
        yield f"    {to.ljust(width)}  {subject}"


def _acts(mails: Mails) -> Iterator[tuple[str, str, str]]:
    """Yield the acts in the order of the table, with how many mails each wrote."""
    for act in Act:
        if act.value in mails.by_act:
            turn, news = mails.by_act[act.value]
            yield gettext(ACT_LABEL[act]), str(turn), str(news)
    for kind, label in _TALKS.items():
        if kind in mails.by_act:
            turn, news = mails.by_act[kind]
            yield gettext(label), str(turn), str(news)


_TALKS = {
    quotas.HANDED.kind: N_("Giao chỉ tiêu"),
    quotas.ANSWERED.kind: N_("Trả lời về chỉ tiêu"),
    quotas.SETTLED.kind: N_("Ý kiến về đề nghị của đơn vị"),
    request_mail.UP.kind: N_("Kiến nghị gửi lên"),
    request_mail.DOWN.kind: N_("Trả lời kiến nghị"),
}
"""The letters that no act writes: those of the talk over quotas and over requests."""


def data(report: WalkthroughReport) -> dict[str, Any]:
    """Return the report as plain data; steps in the current language."""
    return {
        "ok": report.ok,
        "database": report.database,
        "seconds": round(report.seconds, 3),
        "roads": [_road_data(road) for road in report.roads],
        "mails": {
            "total": report.mails.total,
            "turns": report.mails.turns,
            "by_act": {
                act: {"turn": turn, "news": news}
                for act, (turn, news) in report.mails.by_act.items()
            },
            "about": report.mails.about,
            "subjects": [{"to": to, "subject": subject} for to, subject in report.mails.subjects],
        },
        "reports": _half_year_data(report.half_year),
        "faults": [say(fault) for fault in report.faults],
    }


def _road_data(road: Road) -> dict[str, Any]:
    return {
        "title": say(road.title),
        "steps": [say(step) for step in road.steps if isinstance(step, Message)],
        "sums": [_sums_data(sums) for sums in road.sums],
    }


def _sums_data(sums: SynthesisSums) -> dict[str, Any]:
    return {
        "unit": sums.unit,
        "when": say(sums.when),
        "received": sums.received,
        "taking_part": sums.taking_part,
        "missing": list(sums.missing),
        "figures": {
            check.code: {"found": check.found, "expected": check.expected, "holds": check.holds}
            for check in sums.checks
        },
    }


def _half_year_data(played: PlayedHalfYear) -> dict[str, Any]:
    """Return what was reported of the half-year: assigned, planned and done by indicator."""
    return {
        "clubs": played.clubs,
        "books": played.books,
        "reports": played.reports,
        "nil": list(played.nil),
        "returned": list(played.returned),
        "request": None if played.request is None else _request_data(played.request),
        "sums": [
            {
                "unit": sums.unit,
                "received": sums.received,
                "taking_part": sums.taking_part,
                "missing": list(sums.missing),
                "figures": {
                    one.code: {
                        "assigned": one.assigned,
                        "planned": one.planned,
                        "done": one.done,
                        "clubs": one.clubs,
                        "expected": one.expected,
                        "holds": one.holds,
                    }
                    for one in sums.figures
                },
            }
            for sums in played.sums
        ],
    }


def _request_data(request: PlayedRequest) -> dict[str, Any]:
    return {
        "unit": request.unit,
        "text": request.text,
        "steps": [{"step": step, "unit": unit} for step, unit in request.steps],
        "state": request.state,
    }
