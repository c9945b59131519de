"""What a report says, in words: its figures beside what they are held against, its items, drift."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lth.blueprints.document.wording import amount, local_name, worded
from lth.blueprints.web import current, tables
from lth.blueprints.web.layout import LEVEL_LABEL
from lth.content.targets import quotient
from lth.core.formats import format_date, format_percent
from lth.core.i18n import Message
from lth.core.language import gettext, say
from lth.drafting import reported
from lth.drafting.reading import RevisionReading
from lth.drafting.reported import ITEM_LABEL, STATE_LABEL, ItemReading, ValueReading
from lth.exchange.grids.tables import ListTable
from lth.models import Document, Indicator, Remark, ReportItem, ReportValue, Revision
from lth.models.programme import RollUp
from lth.models.report import Reported, ReportItemKind
from lth.models.unit import Level
from lth.reporting import asked, drift, promised, request_lists
from lth.reporting.asked import AskedFor
from lth.reporting.drift import Drifted
from lth.reporting.promised import Promised
from lth.reporting.request_steps import STATE_LABEL as STATE_OF_REQUEST
from lth.reporting.sheet import amount_of, books_of, is_typed
from lth.reporting.windows import WindowSpan

NOT_APPLICABLE_HERE = "–"


def said(row: ReportValue | None, indicator: Indicator) -> str:
    """Word what is said of an indicator: a number, which may be 0, nil, not applicable, missing."""
    if row is None or row.reported is not Reported.VALUE:
        return say(reported.state_of(row))
    return amount(row.value or 0, indicator)


def said_fully(row: ReportValue | None, indicator: Indicator) -> str:
    """Word the same with its reason."""
    text = said(row, indicator)
    return f"{text} ({row.reason})" if row is not None and row.reason else text


def said_of(state: tuple[Reported, int | None] | None, indicator: Indicator) -> str:
    """Word a state with its value."""
    if state is None:
        return say(reported.state_of(None))
    if state[0] is not Reported.VALUE:
        return say(Message(STATE_LABEL[state[0]]))
    return amount(state[1] or 0, indicator)


def month_name(day: date) -> str:
    """Write a month as offices do: 5/2021."""
    return f"{day.month}/{day.year}"


def window_name(span: WindowSpan) -> str:
    """Word the days of a window's data."""
    return gettext(
        "từ %(first)s đến %(last)s", first=format_date(span.first), last=format_date(span.last)
    )


def item_label(kind: ReportItemKind) -> str:
    return say(Message(ITEM_LABEL[kind]))


def addressed(item: ReportItem) -> str:
    """Word whom a request is addressed to."""
    if item.kind is not ReportItemKind.REQUEST:
        return ""
    return addressee(item.level)


def addressee(level: Level | None) -> str:
    """Word a level that a request goes to; none is the unit directly above."""
    if level is None:
        return gettext("Gửi cấp trên trực tiếp")
    return gettext("Gửi %(level)s", level=str(LEVEL_LABEL[level]).lower())


# --- The document's page ------------------------------------------------------------------


@dataclass
class ReportedRow:
    """A figure on the page of its document; `before` where it said otherwise when last sent."""

    key: str
    label: str
    unit: str
    now: str
    before: str | None
    changed: bool
    reason: str
    cumulative: str
    assigned: str
    planned: str
    share: str
    missing: bool = False
    can_pin: bool = True
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class ItemView:
    """An item on the page of its document."""

    key: str
    label: str
    text: str
    before: str | None
    to: str
    state: str
    remarks: list[Remark]
    request_id: int | None = None
    stands: str = ""


@dataclass(frozen=True)
class DriftRow:
    """What the books say of an indicator otherwise than when the report was sent."""

    label: str
    said: str
    before: str
    now: str
    clubs: list[str]


@dataclass
class ReportPageView:
    """All that a document's page shows of a report."""

    window: str
    rows: list[ReportedRow] = field(default_factory=list)
    items: dict[str, list[ItemView]] = field(default_factory=dict)
    drift: list[DriftRow] = field(default_factory=list)


def view(document: Document, revision: Revision, content: RevisionReading) -> ReportPageView | None:
    """Word a report's figures and items for the page of its document; None of anything else.

    What it is asked for and does not say stands there too.
    """
    if not reported.reports(document.kind):
        return None
    session, scope = current.database(), current.scope()
    terms, held = promised.read(session, document, scope)
    what = asked.asked_of([one.indicator for one in content.report.values], terms)
    wanted = what.by_code if is_typed(document) else {}
    rows = [
        _row(one, held)
        for one in content.report.values
        if one.value is not None or one.before is not None or one.line_key in wanted
    ]
    values = {one.line_key: one.value for one in content.report.values}
    shares = _shares(values, what, held)
    drifted: list[Drifted] = []
    if drift.may_drift(document, revision, scope):
        books = books_of(session, document, terms, what, scope)
        drifted = drift.between(what, values, books)
    items = _items(content.report.items)
    _follow_requests(document, items.get(item_label(ReportItemKind.REQUEST), []))
    return ReportPageView(
        window_name(terms.span),
        rows + shares,
        items,
        [_drift_row(one) for one in drifted],
    )


def table(report: ReportPageView, unit: str) -> ListTable:
    """Return the figures of a unit's report as a list, their units beside them, to reckon with."""
    head = [
        gettext("Chỉ tiêu"),
        gettext("Đơn vị tính"),
        gettext("Kỳ này"),
        gettext("Lũy kế"),
        gettext("Được giao"),
        gettext("Kế hoạch"),
        gettext("Đã đạt"),
        gettext("Lý do"),
    ]
    rows = [
        [
            row.label,
            row.unit,
            *(tables.value(text.removesuffix(_DONG)) for text in (row.now, row.cumulative)),
            *(tables.value(text.removesuffix(_DONG)) for text in (row.assigned, row.planned)),
            tables.value(row.share),
            row.reason,
        ]
        for row in report.rows
    ]
    note = gettext("%(unit)s: số liệu %(window)s", unit=unit, window=report.window)
    return ListTable(gettext("Số liệu báo cáo"), head, rows, note)


_DONG = " đồng"


def _row(one: ValueReading, held: Promised) -> ReportedRow:
    indicator, row = one.indicator, one.value
    total = row.cumulative if row is not None else None
    figures = held.planned.get(indicator.id), held.assigned.get(indicator.id)
    done = total if total is not None else (row.value if row is not None else None)
    return ReportedRow(
        key=one.line_key,
        label=local_name(indicator),
        unit=local_name(indicator, "unit"),
        now=said(row, indicator),
        before=said_fully(one.before, indicator) if one.changed else None,
        changed=one.changed,
        reason=row.reason if row is not None else "",
        cumulative="–" if total is None else amount(total, indicator),
        **beside(indicator, done, *figures),
        missing=row is None,
        remarks=one.remarks,
    )


def beside(
    indicator: Indicator, done: int | None, planned: promised.Figure | None, given: int | None
) -> dict[str, str]:
    """Word what was assigned and planned, and how much of it is done."""
    share = promised.share(done, promised.goal(planned, given))
    if indicator.roll_up is not RollUp.SUM:
        share = None  # a floor or a percentage is kept or not
    return {
        "assigned": "–" if given is None else amount(given, indicator),
        "planned": "–" if planned is None else worded(planned, indicator),
        "share": "–" if share is None else format_percent(share).replace(" ", "\u00a0"),
    }


def _shares(
    rows: Mapping[str, ReportValue | None], what: AskedFor, held: Promised
) -> list[ReportedRow]:
    """List the percentages that follow from the counts; nobody has said them."""
    found = []
    for code, (indicator, numerator, denominator) in what.derived.items():
        part, whole = rows.get(numerator), rows.get(denominator)
        over, under = amount_of(part), amount_of(whole)
        value = None
        if over is not None and under is not None and _of_the_same(part, whole):
            value = quotient(over, under, indicator.measure)
        figures = held.planned.get(indicator.id), held.assigned.get(indicator.id)
        found.append(
            ReportedRow(
                key=code,
                label=local_name(indicator),
                unit=local_name(indicator, "unit"),
                now=gettext("chưa tính được") if value is None else amount(value, indicator),
                before=None,
                changed=False,
                reason="",
                cumulative="–",
                **beside(indicator, value, *figures),
                can_pin=False,
            )
        )
    return found


def _of_the_same(part: ReportValue | None, whole: ReportValue | None) -> bool:
    """Tell whether two figures are of the same units: of some that were added up, only one may be
    known, and the page of the sums says of which.
    """
    return _units(part) == _units(whole)


def _units(row: ReportValue | None) -> int:
    return (row.counted or 0) + (row.nils or 0) if row is not None else 0


def _items(listed: list[ItemReading]) -> dict[str, list[ItemView]]:
    found: dict[str, list[ItemView]] = {}
    for one in listed:
        item = one.shown
        state = "removed" if one.item is None else "same"
        if one.changed and one.item is not None:
            state = "added" if one.before is None else "changed"
        found.setdefault(item_label(item.kind), []).append(
            ItemView(
                one.line_key,
                f"{item_label(item.kind)}: {short(item.text)}",
                item.text,
                one.before.text if state == "changed" and one.before else None,
                addressed(item),
                state,
                one.remarks,
            )
        )
    return found


def _follow_requests(document: Document, listed: list[ItemView]) -> None:
    """Say of each request of a report that was sent where it stands, and lead there."""
    if not listed or document.sent_number is None:
        return
    found = request_lists.of_document(current.database(), current.scope(), document.id)
    for one in listed:
        request = found.get(one.key)
        if request is None:
            continue
        state = say(Message(STATE_OF_REQUEST[request.state]))
        one.request_id, one.stands = request.id, state
        if request.owed_by is not None:
            unit = request.owed_by.full_name
            one.stands = gettext("%(state)s (%(unit)s)", state=state, unit=unit)


SHORT = 60


def short(text: str) -> str:
    """Cut a text to what names it in a list."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[:SHORT].rsplit(" ", 1)[0] + "…"


def _drift_row(one: Drifted) -> DriftRow:
    indicator = one.indicator
    nothing = gettext("chưa ghi")
    return DriftRow(
        label=local_name(indicator),
        said=said(one.row, indicator),
        before=nothing if one.before is None else amount(one.before, indicator),
        now=nothing if one.now is None else amount(one.now.value, indicator),
        clubs=[
            f"{club.name}: {amount(club.value, indicator)}"
            for club in (one.now.clubs if one.now else ())
        ],
    )


def names(content: RevisionReading) -> dict[str, tuple[str, str | None, str | None, bool]]:
    """Name each figure and item: what it is called, what it said and says, whether it differs."""
    values = {
        one.line_key: (
            local_name(one.indicator),
            said_fully(one.before, one.indicator) if one.before is not None else None,
            said_fully(one.value, one.indicator),
            one.changed,
        )
        for one in content.report.values
    }
    return values | {
        one.line_key: (
            f"{item_label(one.shown.kind)}: {short(one.shown.text)}",
            one.before.text if one.before else None,
            one.item.text if one.item else None,
            one.changed,
        )
        for one in content.report.items
    }
