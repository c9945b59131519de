"""A review: the series of what was reported in its years, held against the targets of the plan."""

from datetime import date

import pytest
from sqlalchemy.orm import Session
from support import clubworld, draftworld, reportworld
from support.reportworld import NOON, say, seen, values

from lth import drafting
from lth.access.scope import Purpose, Scope, system
from lth.drafting import Source, figure_rooms
from lth.models import Club, Document
from lth.models.document import Status
from lth.models.programme import PeriodUse
from lth.models.report import Reported, WindowBasis
from lth.reporting import series, sheet
from lth.reporting.goals import Track
from lth.reporting.values import ValueEdit
from lth.reporting.verdicts import elapsed
from lth.reporting.windows import WindowSpan, open_window, years_span
from lth.workflow import revisions
from lth.workflow.kinds import REVIEW

CLERK = "clerk@tapson"
FIRST = WindowSpan(date(2020, 12, 15), date(2021, 3, 14))
SECOND = WindowSpan(date(2021, 3, 15), date(2021, 6, 14))


def sent(session: Session, document: Document) -> None:
    with system(session, Purpose.LOAD):
        head = draftworld.head(session, document)
        revisions.freeze(session, head, NOON)
        head.submitted_at = NOON
        document.sent_number, document.status = head.number, Status.SUBMITTED
        session.flush()


def first_club(session: Session) -> int:
    unit_id = reportworld.unit_of(session, "tapson")
    with system(session, Purpose.LOAD):
        found = session.query(Club.id).filter(Club.unit_id == unit_id).order_by(Club.number)
        return found.first()[0]


@pytest.fixture
def quarters(world: Session) -> list[Document]:
    """Two quarters that Tập Sơn has reported on: 10 cases helped, then 6."""
    regime = reportworld.lay_down(world, frequency="quarterly")
    for span in (FIRST, SECOND):
        reportworld.open_span(world, regime, span)
    club = first_club(world)
    clubworld.keep(world, club, date(2021, 2, 1), members=60, borrowers=1, helped=10)
    found = []
    for code in ("2021-Q1", "2021-Q2"):
        found.append(reportworld.start(world, code=code))
        sent(world, found[-1])
    return found


def open_review(world: Session, code: str = "TK-2021-2021") -> None:
    regime = reportworld.lay_down(world, name="Tổng kết", frequency="phase")
    who = draftworld.acting(world, "leader@tracu")
    plan = draftworld.period(world, "2021")
    span = years_span(WindowBasis.DECREE, 2021, 2021)
    kinds = {"use": PeriodUse.REVIEW, "code": code}
    open_window(world, who, regime, plan, span, now=NOON, **kinds)


@pytest.fixture
def review(world: Session, quarters: list[Document]) -> Document:
    open_review(world)
    who = draftworld.acting(world, CLERK)
    period = reportworld.period(world, "TK-2021-2021")
    return drafting.start(world, who, period, REVIEW, source=Source.EMPTY, now=NOON)


def page(world: Session, document: Document) -> sheet.ValueSheet:
    return sheet.written(world, draftworld.acting(world, CLERK), document.id)


def missing(world: Session, document: Document) -> dict[str, str]:
    scope = Scope.of(draftworld.acting(world, CLERK))
    head = draftworld.head(world, document)
    room = figure_rooms.room_of(document.kind)
    return {gap.key: str(gap.message) for gap in room.look(world, document, head, scope).gaps}


def test_the_years_of_a_review_are_those_of_the_decree_or_of_the_calendar():
    assert years_span(WindowBasis.DECREE, 2021, 2023) == WindowSpan(
        date(2020, 12, 15), date(2023, 12, 14)
    )
    assert years_span(WindowBasis.CALENDAR, 2021, 2023) == WindowSpan(
        date(2021, 1, 1), date(2023, 12, 31)
    )


def test_a_review_begins_with_what_the_reports_come_to(world, review):
    found = {key: (row.reported, row.value) for key, row in values(world, review).items()}
    assert found["helped_cases"] == (Reported.VALUE, 16)
    assert found["members_total"] == (Reported.VALUE, 136)
    rows = {row.key: row for row in page(world, review).rows}
    assert rows["helped_cases"].books.periods == ("2021-Q1", "2021-Q2")
    assert rows["members_total"].books.periods == ("2021-Q2",)
    assert not rows["helped_cases"].differs


def test_the_series_follows_the_windows_without_a_day_twice(world, review):
    scope = Scope.of(draftworld.acting(world, CLERK))
    found = series.of_review(world, review, scope)
    assert [one.code for one in found.windows] == ["2021-Q1", "2021-Q2"]
    rows = {row.key: row.indicator for row in page(world, review).rows}
    assert found.said(rows["helped_cases"]) == [(Reported.VALUE, 10), (Reported.VALUE, 6)]


def test_a_window_without_a_report_is_not_taken_for_nothing(world, review):
    regime = reportworld.lay_down(world, name="Quý III", frequency="quarterly")
    third = WindowSpan(date(2021, 6, 15), date(2021, 9, 14))
    reportworld.open_span(world, regime, third)
    scope = Scope.of(draftworld.acting(world, CLERK))
    found = series.of_review(world, review, scope)
    rows = {row.key: row.indicator for row in page(world, review).rows}
    assert [one.code for one in found.windows] == ["2021-Q1", "2021-Q2", "2021-Q3"]
    assert found.said(rows["helped_cases"])[-1] is None
    assert found.total(rows["helped_cases"]) is None
    assert found.total(rows["members_total"]) is None


def test_a_figure_other_than_reported_wants_a_reason(world, review):
    edit = ValueEdit("helped_cases", seen(world, review, "helped_cases"), "value", "20")
    say(world, CLERK, review, edit)
    assert "khác số đã báo cáo trong các kỳ" in missing(world, review)["helped_cases"]
    again = ValueEdit(
        *("helped_cases", seen(world, review, "helped_cases"), "value", "20"), "Rà soát lại"
    )
    say(world, CLERK, review, again)
    assert "helped_cases" not in missing(world, review)


def test_what_was_not_reached_is_said_and_wants_a_reason(world, review):
    verdicts = {one.indicator.code: one for one in page(world, review).verdicts}
    members = verdicts["members_total"]
    assert (members.goal.low, members.done, members.judged.track) == (206, 136, Track.BEHIND)
    assert "Chưa ghi lý do chưa đạt" in missing(world, review)["members_total"]
    for key, value in (("members_total", "136"), ("clubs_new", "0")):
        edit = ValueEdit(key, seen(world, review, key), "value", value, "Dân đi làm ăn xa")
        say(world, CLERK, review, edit)
    assert not {"members_total", "clubs_new"} & missing(world, review).keys()
    verdicts = {one.indicator.code: one for one in page(world, review).verdicts}
    assert verdicts["members_total"].reason == "Dân đi làm ăn xa"


def test_what_was_reached_wants_none(world, review):
    edit = ValueEdit(
        *("members_total", seen(world, review, "members_total"), "value", "206"), "Sổ ghi thiếu"
    )
    say(world, CLERK, review, edit)
    (members,) = [
        one for one in page(world, review).verdicts if one.indicator.code == "members_total"
    ]
    assert members.judged.track is Track.REACHED
    assert members.wanting is None


def test_in_the_middle_of_the_plan_what_is_in_time_is_not_missed(world, review):
    terms = page(world, review).terms
    assert elapsed(terms) in range(9_500, 10_001)


def test_a_report_of_one_window_is_not_judged_by_targets(world, quarters):
    scope = Scope.of(draftworld.acting(world, CLERK))
    head = draftworld.head(world, quarters[0])
    assert sheet.sheet(world, quarters[0], head, scope).verdicts == []
    assert not series.is_review(quarters[0])
