"""Who has reported in time, late, again, or not: held to who was to, and never more than all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from reporting.reporttree import LAST, ReportTree

from lth.access.scope import Purpose, Scope, Sight, system
from lth.core.errors import NotFoundError
from lth.models import Deadline, Document, Participation
from lth.models.unit import Level
from lth.reporting import completeness
from lth.reporting.completeness import Punctuality, SentCounts
from lth.workflow.kinds import REPORT, REPORT_SYNTHESIS

DUE = date(2021, 6, 16)
TODAY = date(2021, 6, 18)


@pytest.fixture
def district(tree, province):
    """Its communes report two working days after the cut-off, itself five."""
    found = tree.unit(Level.DISTRICT, "Châu Thành", province)
    tree.window(province)
    with system(tree.session, Purpose.LOAD):
        for kind, day in ((REPORT, DUE), (REPORT_SYNTHESIS, date(2021, 6, 21))):
            tree.session.add(
                Deadline(
                    setter_id=province.id,
                    period_id=tree.period.id,
                    kind=kind,
                    due_on=day,
                    latest_on=day,
                )
            )
        tree.session.flush()
    return found


def sent(tree: ReportTree, unit, days_late: int | None = None) -> Document:
    document = tree.document(unit)
    with system(tree.session, Purpose.LOAD):
        tree.head(document).days_late = days_late
    tree.send(document)
    return document


def taking_part(tree: ReportTree, unit, **changed) -> None:
    with system(tree.session, Purpose.LOAD):
        row = tree.session.get_one(Participation, (tree.period.id, unit.id))
        for name, value in changed.items():
            setattr(row, name, value)
        tree.session.flush()


def of(tree: ReportTree, unit, today: date = TODAY):
    scope = tree.looks(unit)
    return completeness.records(tree.session, scope, tree.period.id, today)[1]


def test_each_unit_stands_on_record(tree, province, district):
    prompt, tardy, again, writing, silent = tree.communes(district, 5)
    sent(tree, prompt)
    sent(tree, tardy, 2)
    document = sent(tree, again)
    tree.mend(document, {})
    tree.document(writing)
    found = {one.unit.id: one for one in of(tree, province)}
    told = {
        unit.id: (found[unit.id].punctuality, found[unit.id].days_late, found[unit.id].corrections)
        for unit in (prompt, tardy, again, writing, silent)
    }
    assert told == {
        prompt.id: (Punctuality.IN_TIME, None, 0),
        tardy.id: (Punctuality.LATE, 2, 0),
        again.id: (Punctuality.IN_TIME, None, 1),
        writing.id: (Punctuality.OVERDUE, 2, 0),  # the 16th was a Wednesday, today is Friday
        silent.id: (Punctuality.OVERDUE, 2, 0),
    }
    assert found[district.id].punctuality is Punctuality.WAITING  # until the 21st
    assert found[silent.id].within == "huyện Châu Thành"
    assert found[silent.id].due_on == DUE


def test_counts_by_level_and_their_shares(tree, province, district):
    one, other, _ = tree.communes(district, 3)
    sent(tree, one)
    sent(tree, other, 1)
    communes, districts, provinces = completeness.counts(of(tree, province))
    assert communes == SentCounts(Level.COMMUNE, expected=3, sent=2, late=1, corrected=0)
    assert (communes.in_time, communes.missing) == (1, 1)
    assert communes.share(communes.sent) == 6667
    assert (districts.expected, districts.sent) == (1, 0)
    assert (provinces.level, provinces.expected) == (Level.PROVINCE, 1)
    listed, total = completeness.windows(tree.session, tree.looks(province), TODAY)
    assert total == 1
    assert listed[0].period.id == tree.period.id
    assert list(listed[0].counts) == [communes, districts, provinces]


def test_nobody_reports_more_than_all(tree, province, district):
    """One that left after it had reported counts; one that left without a word does not."""
    stays, left_after, left_silent, left_later, joined = tree.communes(district, 5)
    sent(tree, stays)
    sent(tree, left_after)
    taking_part(tree, left_after, left_on=LAST - timedelta(days=30))
    taking_part(tree, left_silent, left_on=LAST - timedelta(days=30))
    taking_part(tree, left_later, left_on=LAST + timedelta(days=1))
    taking_part(tree, joined, joined_on=date(2021, 5, 1))
    sent(tree, joined)
    found = {one.unit.id: one for one in of(tree, province)}
    assert found[left_after.id].punctuality is Punctuality.IN_TIME
    assert found[left_silent.id].punctuality is Punctuality.GONE
    assert found[left_later.id].punctuality is Punctuality.OVERDUE
    assert found[joined.id].joined_on == date(2021, 5, 1)
    communes = completeness.counts(found.values())[0]
    assert (communes.sent, communes.expected) == (3, 4)
    listed, _ = completeness.windows(tree.session, tree.looks(province), TODAY)
    assert listed[0].counts[0] == communes


def test_what_was_taken_back_was_not_sent(tree, province, district):
    (one,) = tree.communes(district, 1)
    document = sent(tree, one)
    with system(tree.session, Purpose.LOAD):
        tree.head(document).withdrawn_at = datetime(2021, 6, 16, 1, tzinfo=UTC)
        document.sent_number = None
        document.status = document.status.DRAFT
        tree.session.flush()
    found = {each.unit.id: each for each in of(tree, province)}
    assert found[one.id].punctuality is Punctuality.OVERDUE


def test_a_unit_sees_itself_and_those_below(tree, province, district):
    one, _ = tree.communes(district, 2)
    other = tree.unit(Level.DISTRICT, "Càng Long", province)
    beside = tree.communes(other, 1)[0]
    assert {each.unit.id for each in of(tree, one)} == {one.id}
    ids = {each.unit.id for each in of(tree, district)}
    assert one.id in ids
    assert not ids & {other.id, beside.id, province.id}


def test_a_province_knows_of_a_report_that_it_may_not_read_yet(tree, province, district):
    """That it was sent, and when, is status; what it says is not."""
    (one,) = tree.communes(district, 1)
    sent(tree, one, 3)
    found = {each.unit.id: each for each in of(tree, province)}
    assert (found[one.id].punctuality, found[one.id].days_late) == (Punctuality.LATE, 3)


def test_a_period_without_a_window_is_none(tree, province):
    scope = tree.looks(province)
    for period in (tree.period, tree.plan_period):
        with pytest.raises(NotFoundError):
            completeness.records(tree.session, scope, period.id, TODAY)
    assert completeness.windows(tree.session, scope, TODAY) == ([], 0)
    assert completeness.windows(tree.session, Scope(0, "", Sight.NONE), TODAY) == ([], 0)
