"""The half-year's reports of the demo: who has reported how, what is added up, what was asked."""

from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, Scope, bind
from lth.core import clock
from lth.demo import clubs, story_reports
from lth.demo.people import Cast
from lth.demo.regimes import ASKED
from lth.models import (
    Document,
    Event,
    Indicator,
    Participation,
    Period,
    Phase,
    Remark,
    ReportItem,
    ReportRegime,
    ReportRequest,
    ReportValue,
    Revision,
    Unit,
)
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.person import Role
from lth.models.programme import PeriodUse
from lth.models.report import Reported
from lth.models.request import RequestState
from lth.reporting import club_figures, drift, sum_sheet
from lth.workflow.acts import Act
from lth.workflow.deadlines import due_dates
from lth.workflow.kinds import REPORT, REPORT_SYNTHESIS


def taking_part(session: Session, code: str) -> Unit:
    """A unit of the half-year's windows, by its national code."""
    there = (
        select(Participation.unit_id)
        .join(Period, Period.id == Participation.period_id)
        .where(Participation.unit_id == Unit.id, Period.use == PeriodUse.REPORT)
    )
    return session.scalars(select(Unit).where(Unit.code == code, there.exists())).one()


def of(session: Session, code: str, kind: Kind = REPORT) -> Document:
    where = (Document.unit_id == taking_part(session, code).id, Document.kind == kind)
    return session.scalars(select(Document).where(*where)).one()


def last(session: Session, document: Document) -> Revision:
    where = (Revision.document_id == document.id, Revision.number == document.head_number)
    return session.scalars(select(Revision).where(*where)).one()


def said(session: Session, document: Document) -> dict[str, ReportValue]:
    head = last(session, document)
    rows = session.scalars(select(ReportValue).where(ReportValue.revision_id == head.id))
    return {row.line_key: row for row in rows}


def states(session: Session, code: str) -> Counter[Status]:
    above = taking_part(session, code).id
    where = (Document.next_unit_id == above, Document.kind == REPORT)
    return Counter(session.scalars(select(Document.status).where(*where)))


# --- Who has reported -------------------------------------------------------------------------


def test_where_the_reports_stand(told: Session) -> None:
    assert states(told, "844") == {Status.APPROVED: 14}
    assert states(told, "849") == {Status.APPROVED: 15, Status.RETURNED: 1, Status.DRAFT: 1}
    assert states(told, "845") == {}
    assert states(told, "24") == {Status.APPROVED: 1, Status.SUBMITTED: 1, Status.DRAFT: 1}
    assert of(told, "844", REPORT_SYNTHESIS).status is Status.APPROVED
    assert of(told, "849", REPORT_SYNTHESIS).status is Status.DRAFT
    assert of(told, "84", REPORT_SYNTHESIS).status is Status.DRAFT


def test_one_reports_nil(told: Session) -> None:
    document = of(told, story_reports.NIL)
    values = said(told, document)
    assert document.status is Status.APPROVED
    assert set(values) == set(ASKED)
    assert values["clubs_new"].reported is Reported.NIL
    assert values["members_total"].reported is Reported.NIL
    assert (values["clubs_total"].reported, values["clubs_total"].value) == (Reported.VALUE, 0)


def test_one_was_late_and_taken_all_the_same(told: Session) -> None:
    document = of(told, story_reports.LATE)
    unit = told.get_one(Unit, document.unit_id)
    due = due_dates(told, [unit], document.period_id, REPORT)[unit.id]
    where = (Event.document_id == document.id, Event.action == Act.SUBMIT.value)
    [sent] = told.scalars(select(Event.at).where(*where))
    assert clock.local(sent).date() > due.on
    assert document.status is Status.APPROVED


def test_one_came_back_because_of_one_figure(told: Session) -> None:
    document = of(told, story_reports.RETURNED)
    sent = told.scalars(
        select(Revision).where(
            Revision.document_id == document.id, Revision.number == document.sent_number
        )
    ).one()
    [remark] = told.scalars(select(Remark).where(Remark.revision_id == sent.id))
    assert remark.line_key == "health_checks"
    assert remark.published_at is not None
    values = told.scalars(select(ReportValue).where(ReportValue.revision_id == sent.id))
    wrong = next(row for row in values if row.line_key == "health_checks")
    assert wrong.value == wrong.from_books + 1_500
    assert wrong.value > 5 * wrong.from_books
    assert wrong.reason


def test_what_differs_from_the_books_has_its_reason(told: Session) -> None:
    approved = select(Document.id).where(
        Document.kind == REPORT, Document.status == Status.APPROVED
    )
    statement = (
        select(ReportValue, Unit.code)
        .join(Revision, Revision.id == ReportValue.revision_id)
        .join(Unit, Unit.id == Revision.unit_id)
        .where(
            Revision.document_id.in_(approved),
            ReportValue.from_books.is_not(None),
            ReportValue.value != ReportValue.from_books,
        )
    )
    found = told.execute(statement).all()
    assert {(code, row.line_key) for row, code in found} == {
        (code, key) for code, more in story_reports.EXPLAINED.items() for key in more
    }
    assert all(row.reason for row, _ in found)


# --- Added up ---------------------------------------------------------------------------------


def test_the_province_reads_its_sum_down_to_the_clubs(told: Session) -> None:
    """Every figure of it: what Càng Long sent, which is what its clubs come to."""
    document = of(told, "84", REPORT_SYNTHESIS)
    actor = Cast(told).of(taking_part(told, "84"), Role.SPECIALIST)
    scope = Scope.of(actor)
    bind(told, scope)
    sheet = sum_sheet.sheet(told, document, last(told, document), scope)
    assert (sheet.counts.received, sheet.counts.expected) == (1, 3)
    taken = {line.indicator.code: line.taken for line in sheet.lines if line.taken}
    assert set(ASKED) <= set(taken)
    below = of(told, "844", REPORT_SYNTHESIS)
    phase = told.scalars(select(Phase).where(Phase.period_id == below.period_id)).one()
    typed = {"communes_total", "boards_trained"}
    explained = {"volunteers": 3}
    indicators = told.scalars(
        select(Indicator).where(
            Indicator.programme_id == below.programme_id, Indicator.code.in_(ASKED)
        )
    ).all()
    assert len(indicators) == len(ASKED)
    for one in indicators:
        if one.code in typed:
            continue
        figure = club_figures.of_clubs(told, below, one.id, phase.id, scope)
        assert figure.lines, one.code
        assert figure.value + explained.get(one.code, 0) == taken[one.code].value, one.code


def test_percentages_are_sums_over_sums(told: Session) -> None:
    document = of(told, "844", REPORT_SYNTHESIS)
    scope = Scope.system(Purpose.LOAD)
    sheet = sum_sheet.sheet(told, document, last(told, document), scope)
    taken = {line.indicator.code: line.taken for line in sheet.lines if line.taken}
    share = round(10_000 * taken["members_older"].value / taken["members_total"].value)
    assert taken["older_share_pct"].value == share


def test_a_corrected_month_shows_as_drift_in_what_was_sent(told: Session) -> None:
    document = of(told, story_reports.CORRECTED)
    drifted = drift.of_revision(told, document, last(told, document), Scope.system(Purpose.LOAD))
    assert {one.indicator.code for one in drifted} == {"members_total"}
    [one] = drifted
    assert one.now.value == one.before - 1


# --- Asked ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "state", "held_by"),
    [
        (story_reports.PASSED_UP, RequestState.SETTLED, "84"),
        (story_reports.ANSWERED, RequestState.ANSWERED, "849"),
        ("29293", RequestState.OPEN, "844"),
    ],
)
def test_where_requests_stand(told: Session, code: str, state: RequestState, held_by: str) -> None:
    where = ReportRequest.document_id == of(told, code).id
    request = told.scalars(select(ReportRequest).where(where)).one()
    assert request.state is state
    assert told.get_one(Unit, request.held_by_id).code == held_by


def test_no_other_request_is_there(told: Session) -> None:
    assert len(told.scalars(select(ReportRequest.id)).all()) == 3
    assert len(told.scalars(select(ReportItem.id)).all()) > 30


def test_regimes_are_those_of_the_documents_and_one_that_is_assumed(told: Session) -> None:
    statement = select(Unit.name, ReportRegime.frequency).join(
        Unit, Unit.id == ReportRegime.unit_id
    )
    assert {(name, str(frequency)) for name, frequency in told.execute(statement)} == {
        ("Trà Cú", "yearly"),
        ("Trà Vinh", "half_year"),
        ("Bắc Ninh", "half_year"),
        ("Bắc Ninh", "phase"),
    }


def test_the_nil_commune_has_no_club() -> None:
    assert story_reports.NIL == clubs.NIL
