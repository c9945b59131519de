"""The agenda: whose deadlines a role is shown, on which days, and what of them is still owed."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from support.flowworld import ACKNOWLEDGED, APPROVED, Flow
from support.queries import counted
from support.standin import let_sign

from lth.access.scope import Purpose, system
from lth.models import Deadline, Document
from lth.models.delegation import Subject
from lth.models.document import Status
from lth.workflow import agenda
from lth.workflow.acts import Act
from lth.workflow.agenda import AgendaEntry, Day, For
from lth.workflow.kinds import PLAN, SYNTHESIS

REVOKED = {
    "reason": "Căn cứ đã thay đổi",
    "document_number": "95/QĐ-UBND",
    "document_date": date(2021, 5, 6),
}
DUE, LAST = date(2021, 6, 10), date(2021, 7, 1)
FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2021, 12, 31)


@pytest.fixture(autouse=True)
def nothing_due_yet(flow: Flow) -> None:
    with system(flow.session, Purpose.LOAD):
        flow.session.execute(delete(Deadline))
    flow.session.commit()


def agenda_of(
    flow: Flow, who: str, first: date = FIRST_DAY, last: date = LAST_DAY
) -> list[AgendaEntry]:
    return agenda.of(flow.session, flow.acting(who), first, last)


def days(entries: list[AgendaEntry]) -> dict[tuple[For, Day], tuple[date, bool]]:
    """Each day of one deadline: when it is, and whether what it asks for is done."""
    found = {(one.whose, one.day): (one.on, one.done) for one in entries}
    assert len(found) == len(entries)
    return found


def set_for(flow: Flow, unit: str | None, period: str, on: date, setter: str, **more: Any) -> None:
    with system(flow.session, Purpose.LOAD):
        flow.session.add(
            Deadline(
                setter_id=flow.units[setter],
                unit_id=flow.units[unit] if unit else None,
                period_id=flow.period(period).id,
                kind=more.pop("kind", PLAN),
                due_on=on,
                **more,
            )
        )
    flow.session.commit()


# --- The unit's own -----------------------------------------------------------------------


def test_a_draft_is_owed_on_each_day_of_its_deadline(flow: Flow) -> None:
    set_for(flow, None, "draft", DUE, "tracu", grace_days=2, last_correction_on=LAST)
    set_for(flow, "tapson", "draft", DUE - timedelta(days=3), "tapson")
    assert days(agenda_of(flow, "clerk@tapson")) == {
        (For.OWN, Day.OWN): (date(2021, 6, 7), False),
        (For.OWN, Day.DUE): (DUE, False),
        (For.OWN, Day.LATEST): (date(2021, 6, 14), False),
        (For.OWN, Day.CORRECTION): (LAST, False),
    }


def test_days_that_fall_together_are_named_once(flow: Flow) -> None:
    set_for(flow, None, "draft", DUE, "tracu", last_correction_on=DUE)
    assert days(agenda_of(flow, "clerk@tapson")) == {(For.OWN, Day.DUE): (DUE, False)}


@pytest.mark.parametrize(
    "status", [Status.SUBMITTED, Status.REVIEW, Status.APPROVED, Status.ISSUED]
)
def test_what_was_sent_up_keeps_the_day_shown_as_done(flow: Flow, status: Status) -> None:
    set_for(flow, None, status, DUE, "tracu", grace_days=2, last_correction_on=LAST)
    [entry] = agenda_of(flow, "clerk@tapson")
    assert (entry.day, entry.on, entry.done, entry.status) == (Day.DUE, DUE, True, status)
    assert entry.document_id == flow.document("tapson", status)
    assert not entry.late(LAST_DAY)


def test_of_what_came_back_the_last_day_for_corrections_is_owed(flow: Flow) -> None:
    set_for(flow, None, "returned", DUE, "tracu", grace_days=2, last_correction_on=LAST)
    found = days(agenda_of(flow, "clerk@tapson"))
    assert found == {
        (For.OWN, Day.DUE): (DUE, True),
        (For.OWN, Day.CORRECTION): (LAST, False),
    }


def test_of_what_came_back_it_is_owed_on_the_last_day_of_grace_too(flow: Flow) -> None:
    set_for(flow, None, "returned", DUE, "tracu", last_correction_on=DUE)
    found = days(agenda_of(flow, "clerk@tapson"))
    assert found == {(For.OWN, Day.DUE): (DUE, True), (For.OWN, Day.CORRECTION): (DUE, False)}


def test_who_has_begun_nothing_owes_it(flow: Flow) -> None:
    set_for(flow, None, "2021", DUE, "tracu")
    [entry] = agenda_of(flow, "clerk@tapson")
    assert (entry.status, entry.document_id, entry.done) == (None, None, False)
    assert entry.late(DUE + timedelta(days=1))
    assert not entry.late(DUE)


def test_what_was_revoked_is_owed_anew(flow: Flow) -> None:
    set_for(flow, None, "revoked", DUE, "tracu")
    [entry] = agenda_of(flow, "clerk@tapson")
    assert (entry.document_id, entry.done) == (None, False)


def test_an_amendment_has_no_day(flow: Flow) -> None:
    document_id = flow.document("tapson", Status.ISSUED)
    set_for(flow, None, "issued", DUE, "tracu")
    flow.do("clerk@tapson", document_id, Act.AMEND, reason="Số liệu thay đổi")
    [entry] = agenda_of(flow, "clerk@tapson")
    assert (entry.status, entry.done) == (Status.DRAFT, True)


def test_a_granted_extension_moves_the_day_and_overtakes_the_units_own(flow: Flow) -> None:
    document_id = flow.document("tapson", Status.DRAFT)
    set_for(flow, None, "draft", DUE, "tracu")
    set_for(flow, "tapson", "draft", DUE - timedelta(days=3), "tapson")
    extend(flow, document_id, LAST)
    [entry] = agenda_of(flow, "clerk@tapson")
    assert (entry.day, entry.on, entry.due.extended_from) == (Day.DUE, LAST, DUE)


def test_a_unit_that_takes_no_part_owes_nothing(flow: Flow) -> None:
    set_for(flow, None, "2021", DUE, "tracu", kind=SYNTHESIS)
    assert agenda_of(flow, "clerk@tapson") == []


def test_only_the_days_asked_for_are_given(flow: Flow) -> None:
    set_for(flow, None, "draft", DUE, "tracu", last_correction_on=LAST)
    assert len(agenda_of(flow, "clerk@tapson", DUE, DUE)) == 1
    assert agenda_of(flow, "clerk@tapson", DUE + timedelta(days=1), LAST - timedelta(days=1)) == []


def test_an_observer_sees_of_a_draft_only_that_it_is_not_there(flow: Flow) -> None:
    set_for(flow, None, "draft", DUE, "tracu")
    set_for(flow, None, "submitted", DUE, "tracu")
    found = {one.round.period_code: one.document_id for one in agenda_of(flow, "observer@tapson")}
    assert found == {"draft": None, "submitted": flow.document("tapson", Status.SUBMITTED)}


def test_a_system_administrator_has_no_deadlines(flow: Flow) -> None:
    set_for(flow, None, "2021", DUE, "tracu")
    assert agenda_of(flow, "system_admin") == []


# --- What a unit has set below ------------------------------------------------------------


def test_a_deadline_for_all_tells_how_many_have_sent_theirs(flow: Flow) -> None:
    set_for(flow, None, "submitted", DUE, "tracu", grace_days=2)
    entries = agenda_of(flow, "specialist@tracu")
    assert days(entries) == {
        (For.ALL, Day.DUE): (DUE, False),
        (For.ALL, Day.LATEST): (date(2021, 6, 14), False),
    }
    assert {(one.sent, one.units, one.unit_id) for one in entries} == {(1, 2, flow.units["tracu"])}


def test_it_is_done_once_all_of_them_have(flow: Flow) -> None:
    document_id = flow.start("clerk@ngaixuyen", "submitted")
    flow.do("clerk@ngaixuyen", document_id, Act.SEND_FOR_CLEARANCE)
    flow.do("leader@ngaixuyen", document_id, Act.SUBMIT)
    set_for(flow, None, "submitted", DUE, "tracu", grace_days=2)
    [entry] = agenda_of(flow, "specialist@tracu")
    assert (entry.day, entry.done, entry.sent) == (Day.DUE, True, 2)


def test_a_deadline_for_all_counts_what_each_of_them_does(flow: Flow) -> None:
    set_for(flow, None, "submitted", DUE, "tracu")
    [before] = agenda_of(flow, "specialist@tracu")
    document_id = flow.start("clerk@ngaixuyen", "submitted")
    flow.do("clerk@ngaixuyen", document_id, Act.SEND_FOR_CLEARANCE)
    [after] = agenda_of(flow, "specialist@tracu")
    assert after.sent == before.sent
    assert (after.key, after.since) == (before.key, flow.now)
    assert after.version > before.version


def test_it_does_not_fall_back_when_one_of_them_is_revoked(flow: Flow) -> None:
    set_for(flow, None, "issued", DUE, "tracu")
    [before] = agenda_of(flow, "specialist@tracu")
    flow.do("leader@tapson", flow.document("tapson", Status.ISSUED), Act.REVOKE, **REVOKED)
    [after] = agenda_of(flow, "specialist@tracu")
    assert (before.sent, after.sent) == (1, 0)
    assert after.version > before.version


def test_one_unit_s_own_deadline_has_its_own_entry(flow: Flow) -> None:
    set_for(flow, None, "draft", DUE, "tracu")
    set_for(flow, "ngaixuyen", "draft", LAST, "tracu")
    entries = agenda_of(flow, "specialist@tracu")
    assert [(one.whose, one.on, one.unit_name) for one in entries] == [
        (For.ALL, DUE, "huyện Trà Cú"),
        (For.UNIT, LAST, "xã Ngãi Xuyên"),
    ]
    assert [one.on for one in agenda_of(flow, "clerk@ngaixuyen")] == [LAST]


def test_who_was_granted_more_time_has_an_entry_too(flow: Flow) -> None:
    document_id = flow.document("tapson", Status.DRAFT)
    set_for(flow, None, "draft", DUE, "tracu")
    extend(flow, document_id, LAST)
    entries = agenda_of(flow, "specialist@tracu")
    assert [(one.whose, one.on, one.document_id) for one in entries] == [
        (For.ALL, DUE, None),
        (For.UNIT, LAST, document_id),
    ]


def test_nobody_elses_deadlines_are_seen(flow: Flow) -> None:
    set_for(flow, "tapson", "draft", DUE, "tracu")
    set_for(flow, None, "2021", DUE, "canglong")
    assert agenda_of(flow, "clerk@ngaixuyen") == []
    assert agenda_of(flow, "specialist@travinh") == []
    assert [one.whose for one in agenda_of(flow, "clerk@huyenhoi")] == [For.OWN]


@pytest.mark.parametrize(
    ("subject", "seen"),
    [
        (Subject.OWN, {For.OWN}),
        (Subject.BELOW, {For.ALL}),
        (Subject.ALL, {For.OWN, For.ALL}),
    ],
)
def test_a_lent_role_sees_the_deadlines_that_it_reaches(
    flow: Flow, subject: Subject, seen: set[For]
) -> None:
    set_for(flow, None, "2021", DUE, "travinh")
    set_for(flow, None, "2021", LAST, "tracu")
    deputy = let_sign(flow, "leader@tracu", "specialist@tracu", subject=subject)
    assert {one.whose for one in agenda_of(flow, deputy)} == seen


def test_it_takes_seven_queries_however_many_deadlines(flow: Flow) -> None:
    set_for(flow, None, "draft", DUE, "tracu")
    few = queries(flow)
    for period in ("2021", "2022", "submitted", "returned"):
        set_for(flow, None, period, DUE, "tracu")
        set_for(flow, "tapson", period, LAST, "tracu")
        set_for(flow, None, period, LAST, "travinh")
    assert len(agenda_of(flow, "specialist@tracu")) >= 12
    assert queries(flow) == few == 7


def queries(flow: Flow) -> int:
    actor = flow.acting("specialist@tracu")
    flow.session.commit()
    with counted(flow.session) as statements:
        agenda.of(flow.session, actor, FIRST_DAY, LAST_DAY)
    return len([one for one in statements if one.startswith("SELECT")])


def test_an_entry_keeps_its_key_when_its_day_moves(flow: Flow) -> None:
    document_id = flow.document("tapson", Status.DRAFT)
    set_for(flow, None, "draft", DUE, "tracu")
    [before] = agenda_of(flow, "clerk@tapson")
    extend(flow, document_id, LAST)
    [after] = agenda_of(flow, "clerk@tapson")
    assert (after.key, after.on) == (before.key, LAST)
    assert after.version > before.version


def test_two_programmes_are_kept_apart(flow: Flow) -> None:
    flow.set_due(flow.document("tapson", Status.DRAFT, programme=APPROVED), DUE)
    flow.set_due(flow.document("tapson", Status.DRAFT, programme=ACKNOWLEDGED), LAST)
    found = {one.round.programme_code: one.on for one in agenda_of(flow, "clerk@tapson")}
    assert found == {APPROVED: DUE, ACKNOWLEDGED: LAST}


def extend(flow: Flow, document_id: int, until: date) -> None:
    """Ask for more time, and get it."""
    flow.do("clerk@tapson", document_id, Act.ASK_EXTENSION, reason="Mưa lũ", until=until)
    flow.do("leader@tracu", document_id, Act.GRANT_EXTENSION)
    with system(flow.session, Purpose.RECONCILE):
        until_now = flow.session.scalar(
            select(Document.extended_until).where(Document.id == document_id)
        )
    assert until_now == until
