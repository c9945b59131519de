"""Who has reported on a window, in time or late, and who has not: by window, then unit by unit."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.document.wording import days_late, period_name, workdays_left
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.layout import LEVEL_LABEL
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.core import clock
from lth.core.formats import format_date, format_percent
from lth.core.i18n import C_, N_, Message
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Period
from lth.models.unit import Level
from lth.reporting import completeness
from lth.reporting.completeness import Punctuality, ReportRecord, SentCounts, WindowRecord

PUNCTUALITY_LABEL = {
    Punctuality.OVERDUE: N_("Quá hạn, chưa gửi"),
    Punctuality.LATE: N_("Gửi trễ"),
    Punctuality.WAITING: N_("Chưa gửi, còn hạn"),
    Punctuality.IN_TIME: N_("Gửi đúng hạn"),
    Punctuality.GONE: N_("Đã thôi tham gia"),
}
_LOOK = {
    Punctuality.OVERDUE: "returned",
    Punctuality.LATE: "clearance",
    Punctuality.WAITING: "draft",
    Punctuality.IN_TIME: "approved",
    Punctuality.GONE: "draft",
}
_AGAIN = C_("gửi lại %(count)s lần")

WINDOWS = 20


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/reporting/sent", "reports_sent", listing)
    rule("/reporting/sent/<int:period_id>", "reports_sent_in", one)


def label(punctuality: Punctuality) -> str:
    return say(Message(PUNCTUALITY_LABEL[punctuality]))


# --- All windows --------------------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def listing() -> ResponseReturnValue:
    """List the windows that bind the unit, with who has reported on each, by level."""
    session, scope, today = current.database(), current.scope(), clock.today()

    def read(number: int) -> tuple[Sequence[WindowRecord], int]:
        return completeness.windows(session, scope, today, page=number, size=WINDOWS)

    if tables.wanted():
        return tables.answer(_windows_table(tables.all_pages(read)), "tinh-hinh-gui-bao-cao")
    found, total = read(paging.number())
    return render_template(
        "reports_sent.html",
        windows=[_window(one) for one in found],
        pager=paging.page(total, WINDOWS),
    )


def _window(one: WindowRecord) -> dict[str, Any]:
    return {
        "name": capitalize_first(period_name(one.period)),
        "days": _days(one.period),
        "url": desk_url("reports_sent_in", period_id=one.period.id),
        "counts": [_counts(counted) for counted in one.counts],
    }


def _days(period: Period) -> str:
    return gettext(
        "số liệu từ %(first)s đến %(last)s",
        first=format_date(period.starts_on),
        last=format_date(period.ends_on),
    )


def _counts(one: SentCounts) -> dict[str, Any]:
    """Word one level's counts, with the shares of all that were to report."""
    return {
        "level": LEVEL_LABEL[one.level],
        "sent": gettext("%(count)s trên %(all)s", count=one.sent, all=one.expected),
        "sent_share": _share(one, one.sent),
        "in_time": one.in_time,
        "in_time_share": _share(one, one.in_time),
        "late": one.late,
        "missing": one.missing,
        "corrected": one.corrected,
        "part": one.sent,
        "all": one.expected,
    }


def _share(one: SentCounts, part: int) -> str:
    share = one.share(part)
    return "–" if share is None else format_percent(share)


def _windows_table(found: Sequence[WindowRecord]) -> ListTable:
    head = [
        *(gettext("Kỳ báo cáo"), gettext("Từ ngày"), gettext("Đến ngày"), gettext("Cấp")),
        *(gettext("Phải gửi"), gettext("Đã gửi"), gettext("Đúng hạn"), gettext("Trễ hạn")),
        *(gettext("Chưa gửi"), gettext("Đã gửi lại, đính chính")),
    ]
    rows: list[list[TableValue]] = [
        [
            capitalize_first(period_name(one.period)),
            *(one.period.starts_on, one.period.ends_on, str(LEVEL_LABEL[counted.level])),
            *(counted.expected, counted.sent, counted.in_time, counted.late),
            *(counted.missing, counted.corrected),
        ]
        for one in found
        for counted in one.counts
    ]
    return ListTable(gettext("Tình hình gửi báo cáo"), head, rows)


# --- One window ---------------------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def one(period_id: int) -> ResponseReturnValue:
    """List each unit of a window with how its report stands against its day."""
    level, state = _asked("level", Level), _asked("state", Punctuality)
    period, found = completeness.records(
        current.database(), current.scope(), period_id, clock.today()
    )
    of_level = [row for row in found if level in {"", row.level}]
    listed = [row for row in of_level if state in {"", row.punctuality}]
    if tables.wanted():
        return tables.answer(_units_table(period, listed), "gui-bao-cao")
    number = paging.number()
    levels = [counted.level for counted in completeness.counts(found)]
    return render_template(
        "reports_sent_in.html",
        name=period_name(period),
        days=_days(period),
        counts=[_counts(counted) for counted in completeness.counts(found)],
        levels=_chips(period_id, "level", levels, level, state=state) if len(levels) > 1 else [],
        states=_states(period_id, of_level, state, level),
        rows=[_row(row) for row in listed[(number - 1) * paging.SIZE : number * paging.SIZE]],
        pager=paging.page(len(listed)),
    )


def _asked(name: str, words: type[Level] | type[Punctuality]) -> str:
    """Read a filter of the address; 404 for a word that there is not."""
    word = request.args.get(name, "")
    if word and word not in set(words):
        abort(404)
    return word


def _chips(
    period_id: int, name: str, words: Sequence[Level], chosen: str, **others: str
) -> list[dict[str, Any]]:
    kept = {key: value for key, value in others.items() if value}

    def url(word: str) -> str:
        more = kept | ({name: word} if word else {})
        return desk_url("reports_sent_in", period_id=period_id, **more)

    every = {"label": gettext("Mọi cấp"), "url": url(""), "current": not chosen, "count": None}
    return [
        every,
        *(
            {"label": LEVEL_LABEL[word], "url": url(word), "current": word == chosen, "count": None}
            for word in words
        ),
    ]


def _states(
    period_id: int, listed: Sequence[ReportRecord], chosen: str, level: str
) -> list[dict[str, Any]]:
    kept = {"level": level} if level else {}

    def url(word: str) -> str:
        more = kept | ({"state": word} if word else {})
        return desk_url("reports_sent_in", period_id=period_id, **more)

    every = {
        "label": gettext("Tất cả"),
        "url": url(""),
        "current": not chosen,
        "count": len(listed),
    }
    return [
        every,
        *(
            {"label": label(word), "url": url(word), "current": word == chosen, "count": count}
            for word in Punctuality
            if (count := sum(row.punctuality is word for row in listed)) or word == chosen
        ),
    ]


def _row(one: ReportRecord) -> dict[str, Any]:
    return {
        "unit": capitalize_first(one.unit.full_name),
        "within": one.within,
        "url": _url(one),
        "look": _LOOK[one.punctuality],
        "state": label(one.punctuality),
        "late": _late(one),
        "sent_at": format_date(one.sent_at) if one.sent_at else "–",
        "due_on": format_date(one.due_on) if one.due_on else "–",
        "notes": _notes(one),
    }


def _url(one: ReportRecord) -> str:
    """Lead to the report, where it is the unit's own or has gone up to it."""
    scope = current.scope()
    own = one.unit.id == scope.unit_id
    next_above = one.unit.ancestor_ids[-1:] == [scope.unit_id] and one.sent_at is not None
    if one.document_id is None or not (own or next_above):
        return ""
    return desk_url("document", document_id=one.document_id)


def _late(one: ReportRecord) -> str:
    """Word how late a report came, or how long it has been owed."""
    if one.days_late is None:
        return ""
    if one.sent_at is None:
        return workdays_left(-one.days_late, past=True)
    return days_late(one.days_late)


def _notes(one: ReportRecord) -> list[str]:
    notes = []
    if one.corrections:
        count = one.corrections
        notes.append(say(Message(_AGAIN, {"count": count}, number=count)))
    if one.joined_on is not None:
        notes.append(gettext("tham gia từ ngày %(date)s", date=format_date(one.joined_on)))
    if one.left_on is not None:
        notes.append(gettext("thôi từ ngày %(date)s", date=format_date(one.left_on)))
    return notes


def _units_table(period: Period, listed: Sequence[ReportRecord]) -> ListTable:
    head = [
        *(gettext("Đơn vị"), gettext("Thuộc"), gettext("Cấp"), gettext("Tình hình")),
        *(gettext("Ngày gửi"), gettext("Hạn"), gettext("Số ngày làm việc quá hạn")),
        *(gettext("Số lần gửi lại"), gettext("Ghi chú")),
    ]
    rows: list[list[TableValue]] = [
        [
            *(capitalize_first(one.unit.full_name), one.within, str(LEVEL_LABEL[one.level])),
            *(label(one.punctuality), clock.local(one.sent_at).date() if one.sent_at else None),
            *(one.due_on, one.days_late, one.corrections, ", ".join(_notes(one))),
        ]
        for one in listed[: tables.MOST_ROWS]
    ]
    return ListTable(capitalize_first(period_name(period)), head, rows)
