"""The figures of a dashboard in words: what was assigned, planned and done, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from lth.blueprints.document.wording import local_name
from lth.blueprints.reporting import charts
from lth.blueprints.reporting.charts import ChartBar, ChartColumn
from lth.content import table_figures, targets
from lth.core.formats import format_percent
from lth.core.i18n import Message
from lth.core.language import current as language
from lth.core.language import gettext, say
from lth.models import Indicator
from lth.models.kind import Kind
from lth.models.programme import Measure
from lth.models.report import Reported
from lth.programmes.catalogue_file import TOPIC_LABEL
from lth.reporting.dashboard import TrendPoint
from lth.reporting.goals import TRACK_LABEL, UNCLEAR_LABEL, Goal, Track, Unclear
from lth.reporting.result_choice import ResultChoice, ResultPeriod, ResultWindow
from lth.reporting.standing import DONE_FROM_LABEL, MAIN, DoneFigure, ResultLine
from lth.workflow import kinds

TRACK_SIGN = {Track.REACHED: "✓", Track.IN_TIME: "●", Track.BEHIND: "▼", Track.UNKNOWN: ""}
"""What tells them apart where there are no colours."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A line of a dashboard in words."""

    code: str
    name: str
    unit: str
    url: str
    assigned: str
    planned: str
    done: str
    source: str
    share: str
    track: str
    track_label: str
    why: str
    chart: Markup


def topic_name(topic: str) -> str:
    if topic == MAIN:
        return gettext("Chỉ tiêu chính")
    return say(Message(TOPIC_LABEL.get(topic, topic)))


def goal_text(goal: Goal | None, one: Indicator) -> str:
    """Word a goal as a narrow cell has room for it: "≥ 50", "50–70"; of none "–"."""
    if goal is None or goal.figure is None:
        return table_figures.NOTHING
    return table_figures.figure(goal.figure, one, language())


def done_text(done: DoneFigure | None, one: Indicator) -> str:
    """Word what was done; nil, not applicable and nothing known are three different things."""
    if done is None:
        return gettext("chưa có")
    if done.reported is Reported.NOT_APPLICABLE:
        return gettext("không áp dụng")
    if done.reported is Reported.NIL:
        return gettext("%(value)s (kỳ này không phát sinh)", value=_number(done.value, one))
    return _number(done.value, one) if done.value is not None else gettext("chưa có")


def _number(value: int | None, one: Indicator) -> str:
    return table_figures.number(value, one, language())


def figure_text(value: int, one: Indicator) -> str:
    """Word one number as a text has room for it, with the sign of a percentage."""
    return targets.amount(value, one, language())


def norm_text(one: Indicator) -> str:
    """Word what the programme holds an indicator to; "–" for nothing."""
    norm = targets.norm(one)
    return targets.worded(norm, one, language()) if norm is not None else table_figures.NOTHING


def source_text(done: DoneFigure | None) -> str:
    return say(Message(DONE_FROM_LABEL[done.source])) if done is not None else ""


def share_text(line: ResultLine) -> str:
    """Word the share of a goal that is reached: "42 %"; nothing of a quality."""
    share = line.judgement.share
    adds = line.indicator.measure in {Measure.COUNT, Measure.MONEY}
    if share is None or not adds or line.indicator.roll_up.value != "sum":
        return ""
    return format_percent(share // 100 * 100)


def track_text(track: Track) -> str:
    return say(Message(TRACK_LABEL[track]))


def label(line: ResultLine) -> str:
    if line.judgement.why is Unclear.NO_GOAL:
        return gettext("không có chỉ tiêu")
    return track_text(line.judgement.track)


def why_text(line: ResultLine) -> str:
    why = line.judgement.why
    return say(Message(UNCLEAR_LABEL[why])) if why is not None else ""


def row(line: ResultLine, url: str, elapsed: int, name: str = "") -> ResultRow:
    """Word a line, with its chart; `name` makes the ids of the chart unlike any others."""
    one = line.indicator
    return ResultRow(
        code=one.code,
        name=local_name(one),
        unit=local_name(one, "unit"),
        url=url,
        assigned=goal_text(line.assigned, one),
        planned=goal_text(line.planned, one),
        done=done_text(line.done, one),
        source=source_text(line.done),
        share=share_text(line),
        track=line.judgement.track.value,
        track_label=label(line),
        why="" if line.judgement.why is Unclear.NO_GOAL else why_text(line),
        chart=chart(line, elapsed, name or one.code),
    )


def chart(line: ResultLine, elapsed: int, name: str) -> Markup:
    """Draw the three figures of a line; nothing where there is no number at all."""
    one, bars = line.indicator, []
    for kind, label, value, text in (
        ("assigned", gettext("Được giao"), _value(line.assigned), goal_text(line.assigned, one)),
        ("planned", gettext("Kế hoạch"), _value(line.planned), goal_text(line.planned, one)),
        (
            "done",
            gettext("Đã làm"),
            line.done.value if line.done is not None else None,
            done_text(line.done, one),
        ),
    ):
        if value is not None:
            bars.append(ChartBar(kind, value, f"{label}: {text}"))
    if line.goal is None or not bars:
        return Markup()  # a bar says nothing beside no other
    goal = _value(line.goal)
    paced = share_text(line) != "" and line.judgement.track in {Track.IN_TIME, Track.BEHIND}
    title = local_name(one)
    return charts.bullet(f"chart-{name}", title, bars, goal, elapsed if paced else 0)


def _value(goal: Goal | None) -> int | None:
    return goal.value if goal is not None and goal.unclear is None else None


def trend_chart(line: ResultLine, points: Sequence[TrendPoint], name: str) -> Markup:
    """Draw how an indicator has moved over the windows."""
    one = line.indicator
    columns = [
        ChartColumn(
            window_short(point.window),
            point.done.value if point.done is not None else None,
            done_text(point.done, one),
        )
        for point in points
    ]
    goal = _value(line.goal)
    words = gettext("chỉ tiêu %(goal)s", goal=goal_text(line.goal, one)) if goal else ""
    return charts.trend(f"trend-{name}", local_name(one), columns, goal, words)


def legend() -> Markup:
    """Draw what the bars and lines of the charts mean."""
    return Markup().join(
        [
            charts.key("assigned", gettext("Được giao")),
            charts.key("planned", gettext("Kế hoạch")),
            charts.key("done", gettext("Đã làm")),
            charts.key("mark", gettext("mức phải đạt")),
            charts.key("pace", gettext("mức tương ứng thời gian đã qua")),
        ]
    )


def month_text(month: date | None) -> str:
    """Write the month of a book: "tháng 5/2021"; of what the register knows, nothing."""
    if month is None:
        return ""
    said = f"{month.month}/{month.year}"
    return gettext("tháng %(month)s", month=said)


# --- Periods and windows ------------------------------------------------------------------


def window_short(window: ResultWindow) -> str:
    """Write a window as a chart has room for it: "6T/2021", "Q2/2021"."""
    year, _, part = window.code.partition("-")
    return f"{part}/{year}" if part and year.isdigit() else window.code


def window_name(window: ResultWindow) -> str:
    return kinds.period_name(window.code)


def plan_name(period: ResultPeriod) -> str:
    """Name a period of plans with its programme: "năm 2021, chương trình 1336"."""
    return gettext(
        "%(period)s, chương trình %(code)s",
        period=kinds.period_name(period.code),
        code=period.programme_code,
    )


def document_title(kind: Kind, code: str) -> str:
    return kinds.document_name(kind, code)


def choice_name(choice: ResultChoice) -> str:
    """Name what is looked at: "6 tháng đầu năm 2021 · kế hoạch năm 2021, chương trình 1336"."""
    plan = gettext("kế hoạch %(plan)s", plan=plan_name(choice.period))
    if choice.window is None:
        return gettext("đến hôm nay, theo sổ câu lạc bộ · %(plan)s", plan=plan)
    return f"{window_name(choice.window)} · {plan}"
