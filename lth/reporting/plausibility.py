"""Figures of a report that may well be right but do not look it, to be confirmed or mended.

They are held against the same unit's last report, against the reports of its neighbours, and
against what is to be reached. What is found is a warning as those of plans are: it wants a change
or a word (`Explanation`), goes up with the report, and is kept as it stood when that was sent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from statistics import median

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.checks import Finding, judgement
from lth.checks.judgement import Judgement
from lth.checks.wording import amount, number
from lth.content.targets import PARTS
from lth.core.errors import NotFoundError
from lth.core.i18n import N_, Message, pack
from lth.drafting.reported import label
from lth.models import Document, Indicator, ReportValue, Revision
from lth.models.finding import Severity, Stage
from lth.models.programme import Measure, RollUp
from lth.models.report import Reported
from lth.reporting import plausible_reads, promised
from lth.reporting.asked import AskedFor
from lth.reporting.from_books import is_flow
from lth.reporting.plausible_reads import LastReport, Yardsticks
from lth.reporting.promised import Promised
from lth.reporting.series import is_review
from lth.reporting.sheet import is_typed
from lth.workflow import writing

JUMP, COPY, SIZE, NEIGHBOURS, GOAL, PART = "P01", "P02", "P03", "P04", "P05", "P06"
DOUBT_LABEL = {
    JUMP: N_("Khác xa kỳ trước"),
    COPY: N_("Giống hệt kỳ trước"),
    SIZE: N_("Số thành viên mỗi câu lạc bộ khác xa các đơn vị cùng cấp"),
    NEIGHBOURS: N_("Khác xa các đơn vị cùng cấp"),
    GOAL: N_("Vượt xa chỉ tiêu"),
    PART: N_("Phần lớn hơn tổng"),
}

TIMES = 3
"""So many times as much, or so small a part, is a jump."""
SIZE_TIMES = Fraction(3, 2)
"""So many times the neighbours' members a club are far from them."""
LEAST = {Measure.COUNT: 20, Measure.MONEY: 20_000_000}
"""The larger of two figures is at least so much, else a jump from 2 to 6 would be one."""
FEWEST_ALIKE = 4
"""So many figures, not all of them 0, are no chance any more when all are as last time."""
REMEDY = N_("Xem lại sổ và cách tính rồi sửa; nếu số đúng, ghi một lời xác nhận vì sao.")


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """What a report says of an indicator beside what it is held against; None for nothing known.

    `done` is what counts against the `goal`; `beside` are the neighbours' figures.
    """

    indicator: Indicator
    value: int | None
    last: int | None = None
    done: int | None = None
    goal: int | None = None
    beside: Sequence[int] = ()


def doubts(
    figures: Iterable[ComparedFigure],
    last: LastReport | None,
    span: tuple[date, date],
    parts: Iterable[tuple[str, str]] = PARTS,
) -> list[Finding]:
    """List what does not look right, figure by figure; nothing here reads SQL.

    `parts` are the codes of what is part of what.
    """
    listed = list(figures)
    by_code = {one.indicator.code: one for one in listed}
    found = [
        finding
        for one in listed
        if one.value is not None
        for finding in (*_jumps(one, last, span), *_far(one), *_beyond(one))
    ]
    return [*_copied(listed, last), *found, *_sizes(by_code), *_larger(by_code, parts)]


def _finding(code: str, place: str, text: str, **params: object) -> Finding:
    said = Message(text, {name: params[name] for name in params if f"%({name})" in text})
    return Finding(
        code, DOUBT_LABEL[code], Severity.WARNING, place, said, Message(REMEDY), Stage.SUBMIT
    )


def _of(one: ComparedFigure, code: str, text: str, other: int, **params: object) -> Finding:
    value = one.value or 0
    amounts = {"value": amount(value, one.indicator), "other": amount(other, one.indicator)}
    return _finding(
        *(code, one.indicator.code, text), indicator=label(one.indicator), **amounts, **params
    )


def _is_jump(one: Indicator, value: Fraction | int, other: Fraction | int) -> bool:
    """Tell whether one of two figures is many times the other, and worth a word."""
    least = LEAST.get(one.measure)
    low, high = sorted((value, other))
    return least is not None and high >= least and high >= TIMES * low


def _jumps(
    one: ComparedFigure, last: LastReport | None, span: tuple[date, date]
) -> Iterator[Finding]:
    """Hold a figure against last time's; what happens over time by the length of both windows."""
    if last is None or one.last is None or one.value is None:
        return
    before: Fraction | int = one.last
    if is_flow(one.indicator):
        before = Fraction(one.last * _days(*span), _days(last.first, last.last))
    if _is_jump(one.indicator, one.value, before):
        text = N_("“%(indicator)s”: kỳ này %(value)s, kỳ trước (đến %(day)s) %(other)s.")
        yield _of(one, JUMP, text, one.last, day=last.last)


def _days(first: date, last: date) -> int:
    return (last - first).days + 1


def _far(one: ComparedFigure) -> Iterator[Finding]:
    if one.value is None or len(one.beside) < plausible_reads.FEWEST:
        return
    middle = int(median(one.beside))
    if _is_jump(one.indicator, one.value, middle):
        text = N_(
            "“%(indicator)s”: %(value)s, trong khi mức giữa của %(units)s đơn vị cùng cấp đã báo"
            " cáo là %(other)s."
        )
        yield _of(one, NEIGHBOURS, text, middle, units=number(len(one.beside)))


def _beyond(one: ComparedFigure) -> Iterator[Finding]:
    """Hold what was done against the goal: far beyond it is as odd as any jump."""
    if one.goal is None or one.done is None or one.done <= one.goal:
        return
    if _is_jump(one.indicator, one.done, one.goal):
        text = N_("“%(indicator)s”: đã làm %(done)s, chỉ tiêu cả kỳ kế hoạch là %(other)s.")
        yield _of(one, GOAL, text, one.goal, done=amount(one.done, one.indicator))


def _copied(figures: Sequence[ComparedFigure], last: LastReport | None) -> Iterator[Finding]:
    """Find a report that says all the same as the last one."""
    said = [one for one in figures if one.value is not None]
    if last is None or len(said) < FEWEST_ALIKE or not any(one.value for one in said):
        return
    if all(one.value == one.last for one in said):
        text = N_("Cả %(count)s số liệu đều giống hệt báo cáo kỳ trước (đến %(day)s).")
        place = said[0].indicator.code
        yield _finding(COPY, place, text, count=number(len(said)), day=last.last)


def _sizes(by_code: Mapping[str, ComparedFigure]) -> Iterator[Finding]:
    """Hold the members of a club against the neighbours'."""
    members, clubs = by_code.get("members_total"), by_code.get("clubs_total")
    if members is None or clubs is None or not members.value or not clubs.value:
        return
    pairs = zip(members.beside, clubs.beside, strict=False)
    beside = [Fraction(each, of) for each, of in pairs if of]
    if len(beside) < plausible_reads.FEWEST:
        return
    own, middle = Fraction(members.value, clubs.value), median(beside)
    low, high = sorted((own, middle))
    if high >= SIZE_TIMES * low:
        text = N_(
            "Mỗi câu lạc bộ bình quân %(own)s thành viên; mức giữa của %(units)s đơn vị cùng cấp"
            " là %(middle)s."
        )
        sizes = {"own": number(round(own)), "middle": number(round(middle))}
        yield _finding(SIZE, "members_total", text, **sizes, units=number(len(beside)))


def _larger(
    by_code: Mapping[str, ComparedFigure], parts: Iterable[tuple[str, str]]
) -> Iterator[Finding]:
    """Find a part that is larger than its whole, each part once."""
    told = set()
    for code, whole_code in parts:
        part, whole = by_code.get(code), by_code.get(whole_code)
        if part is None or whole is None or part.value is None or whole.value is None:
            continue
        if code not in told and part.value > whole.value:
            told.add(code)
            text = N_("“%(indicator)s” (%(value)s) lại nhiều hơn “%(whole)s” (%(other)s).")
            yield _of(part, PART, text, whole.value, whole=label(whole.indicator))


# --- Of a report --------------------------------------------------------------------------


def judged(document: Document) -> bool:
    """Tell whether figures of a document are looked at: those that are typed of one window."""
    return is_typed(document) and not is_review(document)


def look(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    rows: Mapping[str, ReportValue | None],
    what: AskedFor,
    held: Promised,
) -> Judgement:
    """Judge a report that is being written, with what was said to each doubt; in two queries.

    The caller has read the rows and what they are held against within the scope.
    """
    if not judged(document):
        return Judgement()
    beside = plausible_reads.beside(session, document, [one.id for one in what.answered], scope)
    figures = [_compared(one, rows.get(one.code), beside, held) for one in what.answered]
    span = (document.period.starts_on, document.period.ends_on)
    written = judgement.notes(session, document, revision)
    found = doubts(figures, beside.last, span, _parts(what))
    return judgement.answered(found, written)


def _parts(what: AskedFor) -> list[tuple[str, str]]:
    """List what is part of what: the percentages that a report is asked for, and what has none."""
    derived = what.derived.values()
    shares = [(part, whole) for one, part, whole in derived if one.measure is Measure.PERCENT]
    return [*shares, *PARTS]


def _compared(
    one: Indicator,
    row: ReportValue | None,
    beside: Yardsticks,
    held: Promised,
) -> ComparedFigure:
    value = row.value if row is not None and row.reported is Reported.VALUE else None
    done = row.cumulative if row is not None and row.cumulative is not None else value
    goal = promised.goal(held.planned.get(one.id), held.assigned.get(one.id))
    adds_up = one.roll_up is RollUp.SUM
    return ComparedFigure(
        indicator=one,
        value=value,
        last=beside.last.values.get(one.id) if beside.last is not None else None,
        done=done if adds_up else None,
        goal=goal.value if adds_up and goal is not None else None,
        beside=beside.neighbours.get(one.id, ()),
    )


def confirm(
    session: Session,
    actor: Actor,
    document_id: int,
    code: str,
    place: str,
    text: str,
    *,
    now: datetime,
    seen: datetime | None = None,
) -> None:
    """Say why a figure stands as it is; an empty text takes that back. The caller commits.

    `seen` is when what stood on the page was said. Raises what `judgement.explain` raises.
    """
    document, revision = writing.open_for_writing(session, actor, document_id)
    if not judged(document):
        raise NotFoundError
    scope = Scope.of(actor)
    said = plausible_reads.said(session, document, revision, scope)
    found = look(session, document, revision, scope, *said)
    warned = [
        pack(item.finding.said)
        for item in found.items
        if (item.finding.code, item.finding.place) == (code, place)
    ]
    judgement.write_explanation(
        *(session, actor, revision, code, place, text, warned), now=now, seen=seen
    )
