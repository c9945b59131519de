"""Decisions that let others sign: recorded, refused, passed on, ended, and whose they are."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from support.flowworld import Flow
from support.standin import (
    NUMBER,
    TODAY,
    called,
    day,
    decision,
    desk_of,
    end,
    kept,
    let_sign,
)

from lth.access import delegations
from lth.access.actor import Actor
from lth.access.delegations import DecisionStage
from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import accounts, delegation_commands, people, units
from lth.administration.context import AdminContext
from lth.administration.people import Appointment
from lth.core.errors import RefusedError
from lth.models import (
    AuditEntry,
    Credential,
    Delegation,
    OutboxMessage,
    Person,
    RoleAssignment,
    Unit,
)
from lth.models.delegation import Subject
from lth.models.document import SignForm
from lth.models.person import Role

LEADER, DEPUTY, ADMIN = "leader@tapson", "specialist@tapson", "unit_admin@tapson"
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture
def dataset() -> str:
    return "workflow"


@pytest.fixture
def flow(session: Session) -> Flow:
    """The workflow's world, in which everybody has an address to sign in with."""
    with system(session, Purpose.LOAD):
        for person_id in session.scalars(select(Person.id)).all():
            session.add(Credential(person_id=person_id, email=f"{person_id}@example.test"))
    session.commit()
    return Flow(session)


def refused(flow: Flow, field: str, giver: str = LEADER, receiver: str = DEPUTY, **said) -> str:
    """Try to record it; the words of the refusal, which is about a field."""
    by, before = said.pop("by", giver), len(kept(flow))
    with pytest.raises(RefusedError) as error:
        delegation_commands.record(desk_of(flow, by), decision(flow, giver, receiver, **said))
    flow.session.rollback()
    assert [one.field for one in error.value.messages] == [field]
    assert len(kept(flow)) == before
    return str(error.value)


def roles(flow: Flow, who: str, on=TODAY) -> list[Role]:
    """The roles that somebody may choose among on a day."""
    person_id = flow.actor(who).person_id
    with system(flow.session, Purpose.SIGN_IN):
        return [one.role for one in accounts.load(flow.session, person_id, on).assignments]


# --- Recording ----------------------------------------------------------------------------


def test_a_decision_lends_the_leaders_role_for_its_days(flow):
    let_sign(flow, LEADER, DEPUTY)
    last = TODAY + timedelta(days=6)
    assert roles(flow, DEPUTY, TODAY) == [Role.SPECIALIST, Role.LEADER]
    assert roles(flow, DEPUTY, last) == [Role.SPECIALIST, Role.LEADER]
    assert roles(flow, DEPUTY, last + timedelta(days=1)) == [Role.SPECIALIST]
    assert roles(flow, DEPUTY, YESTERDAY) == [Role.SPECIALIST]


def test_the_lent_role_says_for_whom_in_the_one_query_of_the_sign_in(flow):
    called(flow, LEADER, "Chủ tịch UBND xã")
    let_sign(flow, LEADER, DEPUTY)
    with system(flow.session, Purpose.SIGN_IN):
        account = accounts.load(flow.session, flow.actor(DEPUTY).person_id, TODAY)
    flow.session.rollback()
    flow.session.close()
    lent = Actor.of(account.assignments[1]).on_behalf
    assert (lent.giver.name, lent.giver.position) == (LEADER, "Chủ tịch UBND xã")
    assert (lent.form, lent.number, lent.under) == (SignForm.KT, NUMBER, None)
    assert Actor.of(account.assignments[0]).on_behalf is None


def test_a_unit_administrator_records_it_for_a_leader_who_is_away(flow):
    let_sign(flow, LEADER, DEPUTY, by=ADMIN)
    (one,) = kept(flow)
    assert one.giver_id == flow.actor(LEADER).person_id
    assert one.created_by_id == flow.actor(ADMIN).person_id


def test_who_may_give_and_who_may_be_let_sign(flow):
    unit_id = flow.units["tapson"]
    let_sign(flow, LEADER, "clerk@tapson", form=SignForm.Q)
    let_sign(flow, LEADER, "format_appraiser@tapson", form=SignForm.KT)
    given = delegations.givers(flow.session, unit_id, TODAY)
    assert [(one.name, one.form) for one in given] == [
        ("clerk@tapson", SignForm.Q),
        (LEADER, None),
    ]
    found = {
        one.name.partition("@")[0] for one in delegations.receivers(flow.session, unit_id, TODAY)
    }
    assert found == {"clerk", "leader", "specialist", "finance_appraiser", "format_appraiser"}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("number", {"number": "12"}),
        ("number", {"number": "số mười hai"}),
        ("decided_on", {"decided_on": TOMORROW, "starts_on": TOMORROW}),
        ("starts_on", {"starts_on": YESTERDAY}),
        ("ends_on", {"ends_on": YESTERDAY}),
        ("ends_on", {"ends_on": TODAY + timedelta(days=366)}),
        (
            "ends_on",
            {"decided_on": day("2021-05-01"), "starts_on": day("2021-05-01"), "ends_on": YESTERDAY},
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_beside_its_field(flow, field, said):
    refused(flow, field, **said)


def test_a_whole_year_can_be_given(flow):
    let_sign(flow, LEADER, DEPUTY, ends_on=TODAY + timedelta(days=365))
    assert kept(flow)[0].ends_on == day("2022-05-07")


def test_one_that_began_before_it_was_recorded_is_recorded_as_it_was_decided(flow):
    let_sign(flow, LEADER, DEPUTY, decided_on=YESTERDAY, starts_on=YESTERDAY)
    assert kept(flow)[0].starts_on == YESTERDAY


@pytest.mark.parametrize(
    "receiver", [LEADER, "observer@tapson", ADMIN, "clerk@ngaixuyen", "leader@tracu"]
)
def test_only_others_who_work_on_plans_at_the_unit_are_let_sign(flow, receiver):
    refused(flow, "receiver", receiver=receiver)


@pytest.mark.parametrize("giver", ["clerk@tapson", "leader@tracu", "leader@ngaixuyen"])
def test_only_leaders_of_the_unit_give(flow, giver):
    refused(flow, "giver", giver=giver, by=ADMIN)


def test_a_leader_gives_nothing_in_anothers_name(flow):
    flow.appoint("phó", "leader@tapson")
    refused(flow, "giver", giver="phó as leader@tapson", by=LEADER)


@pytest.mark.parametrize("who", ["clerk@tapson", "observer@tapson", "system_admin"])
def test_nobody_else_records_any(flow, who):
    actor = flow.acting(who)
    unit = flow.session.get_one(Unit, flow.units["tapson"])
    with pytest.raises(RefusedError):
        delegation_commands.record(
            AdminContext(flow.session, actor, unit, flow.now), decision(flow, LEADER, DEPUTY)
        )


def test_a_deputy_is_not_the_head_and_lets_nobody_sign(flow):
    called(flow, LEADER, "Phó Chủ tịch UBND xã")
    assert "người đứng đầu" in refused(flow, "giver")


def test_nobody_gives_for_longer_than_they_lead(flow):
    with system(flow.session, Purpose.LOAD):
        held = flow.session.get_one(RoleAssignment, flow.actor(LEADER).assignment_id)
        held.valid_to = TODAY + timedelta(days=3)
    flow.session.commit()
    assert "2021-05-09" in refused(flow, "ends_on")
    let_sign(flow, LEADER, DEPUTY, ends_on=day("2021-05-09"))


def test_nobody_is_let_sign_for_longer_than_they_work_at_the_unit(flow):
    with system(flow.session, Purpose.LOAD):
        held = flow.session.get_one(RoleAssignment, flow.actor(DEPUTY).assignment_id)
        held.valid_to = TODAY + timedelta(days=3)
    flow.session.commit()
    assert "giữ một vai trò" in refused(flow, "receiver")
    let_sign(flow, LEADER, DEPUTY, ends_on=day("2021-05-09"))


@pytest.mark.parametrize(
    ("first", "second", "meets"),
    [
        (Subject.ALL, Subject.ALL, True),
        (Subject.ALL, Subject.OWN, True),
        (Subject.BELOW, Subject.ALL, True),
        (Subject.OWN, Subject.BELOW, False),
        (Subject.OWN, Subject.OWN, True),
    ],
)
def test_the_same_two_are_not_named_twice_for_the_same(flow, first, second, meets):
    let_sign(flow, LEADER, DEPUTY, subject=first)
    if meets:
        refused(flow, "receiver", subject=second)
    else:
        let_sign(flow, LEADER, DEPUTY, subject=second)


def test_another_time_programme_or_person_is_another_matter(flow):
    one, other = (flow.period("2021", code).programme_id for code in ("1336", "1533"))
    let_sign(flow, LEADER, DEPUTY, programme_id=one)
    let_sign(flow, LEADER, DEPUTY, programme_id=other)
    refused(flow, "receiver", programme_id=None)
    later = {"starts_on": TODAY + timedelta(days=7), "ends_on": TODAY + timedelta(days=9)}
    let_sign(flow, LEADER, DEPUTY, **later)
    let_sign(flow, LEADER, "clerk@tapson")


def test_after_an_end_the_same_may_be_decided_anew(flow):
    who = let_sign(flow, LEADER, DEPUTY)
    end(flow, LEADER, who)
    let_sign(flow, LEADER, DEPUTY, number="13/QĐ-UBND")
    assert [one.ended_at is None for one in kept(flow)] == [False, True]


# --- Passing on ---------------------------------------------------------------------------

ACTING = "specialist@tapson"
THIRD = "finance_appraiser@tapson"


@pytest.mark.parametrize("form", [SignForm.KT, SignForm.TUQ])
def test_who_signs_kt_or_tuq_passes_nothing_on(flow, form):
    who = let_sign(flow, LEADER, ACTING, form=form)
    assert delegations.may_give(flow.actor(who)) is not None
    assert "không được giao lại" in refused(flow, "", giver=who, receiver=THIRD)


@pytest.mark.parametrize("form", [SignForm.KT, SignForm.TUQ])
def test_nor_does_an_administrator_do_it_for_them(flow, form):
    who = let_sign(flow, LEADER, ACTING, form=form)
    refused(flow, "sign_form", giver=who, receiver=THIRD, by=ADMIN)


@pytest.mark.parametrize(
    ("held", "passed", "may"),
    [
        (SignForm.Q, SignForm.KT, True),
        (SignForm.Q, SignForm.TL, True),
        (SignForm.Q, SignForm.TUQ, True),
        (SignForm.Q, SignForm.Q, False),
        (SignForm.TL, SignForm.KT, True),
        (SignForm.TL, SignForm.TL, False),
        (SignForm.TL, SignForm.TUQ, False),
    ],
)
def test_in_which_forms_a_power_is_passed_on(flow, held, passed, may):
    who = let_sign(flow, LEADER, ACTING, form=held)
    if not may:
        refused(flow, "sign_form", giver=who, receiver=THIRD, form=passed)
        return
    third = let_sign(flow, who, THIRD, form=passed)
    above, below = kept(flow)
    assert below.passed_on_from_id == above.id
    lent = flow.actor(third).on_behalf
    assert (lent.under.name, lent.under.form) == (LEADER, held)
    assert lent.signed_for == (flow.actor(ACTING).person_id, flow.actor(LEADER).person_id)


def test_what_was_passed_on_once_is_passed_on_no_further(flow):
    acting = let_sign(flow, LEADER, ACTING, form=SignForm.Q)
    third = let_sign(flow, acting, THIRD, form=SignForm.TL)
    assert delegations.may_give(flow.actor(third)) is not None
    refused(flow, "sign_form", giver=third, receiver="clerk@tapson", by=ADMIN)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("ends_on", {"ends_on": TODAY + timedelta(days=7)}),
        ("subject", {"subject": Subject.ALL}),
        ("subject", {"subject": Subject.BELOW}),
        ("programme_id", {"subject": Subject.OWN, "programme_id": None}),
    ],
)
def test_what_is_passed_on_lies_within_what_is_held(flow, field, said):
    programme_id = flow.period("2021").programme_id
    lent = {"form": SignForm.Q, "subject": Subject.OWN, "programme_id": programme_id}
    who = let_sign(flow, LEADER, ACTING, **lent)
    within = {"subject": Subject.OWN, "programme_id": programme_id}
    refused(flow, field, giver=who, receiver=THIRD, **within | said)
    let_sign(flow, who, THIRD, **within)


# --- Ending -------------------------------------------------------------------------------


def test_an_end_takes_the_role_back_the_same_day(flow):
    who = let_sign(flow, LEADER, DEPUTY)
    end(flow, LEADER, who)
    (one,) = kept(flow)
    assert (one.ended_at, one.ended_by_id) == (flow.now, flow.actor(LEADER).person_id)
    assert delegations.stage(one, TODAY) is DecisionStage.OVER
    assert roles(flow, DEPUTY) == [Role.SPECIALIST]


def test_one_that_has_not_begun_never_begins(flow):
    who = let_sign(flow, LEADER, DEPUTY, starts_on=TOMORROW)
    assert delegations.stage(kept(flow)[0], TODAY) is DecisionStage.LATER
    end(flow, ADMIN, who)
    assert roles(flow, DEPUTY, TOMORROW) == [Role.SPECIALIST]


def test_what_was_passed_on_ends_with_what_it_came_from(flow):
    acting = let_sign(flow, LEADER, ACTING, form=SignForm.Q)
    let_sign(flow, acting, THIRD)
    other = let_sign(flow, LEADER, "clerk@tapson")
    end(flow, LEADER, acting)
    assert [one.ended_at is None for one in kept(flow)] == [False, False, True]
    assert roles(flow, THIRD) == [Role.FINANCE_APPRAISER]
    assert flow.actor(other).on_behalf is not None


def test_it_ends_once(flow):
    who = let_sign(flow, LEADER, DEPUTY)
    end(flow, LEADER, who)
    with pytest.raises(RefusedError, match="đã hết hiệu lực"):
        end(flow, ADMIN, who)


def test_who_may_end_which(flow):
    flow.appoint("phó", "leader@tapson")
    acting = let_sign(flow, LEADER, ACTING, form=SignForm.Q)
    let_sign(flow, acting, THIRD)
    above, below = kept(flow)
    may = {
        who: [delegations.may_end(flow.actor(who), one) for one in (above, below)]
        for who in (LEADER, ADMIN, acting, "phó as leader@tapson", DEPUTY, "leader@tracu")
    }
    assert may == {
        LEADER: [True, True],
        ADMIN: [True, True],
        acting: [False, True],
        "phó as leader@tapson": [False, False],
        DEPUTY: [False, False],
        "leader@tracu": [False, False],
    }


def test_what_is_decided_is_never_rewritten(flow):
    """Nor is an end taken back: the database itself refuses."""
    who = let_sign(flow, LEADER, DEPUTY)
    for change in ("ends_on = '2030-01-01'", "number = '1/QĐ-UBND'", "giver_id = receiver_id"):
        desk_of(flow, LEADER)
        with pytest.raises(DBAPIError):
            flow.session.execute(text(f"UPDATE delegation SET {change}"))  # noqa: S608 - our own
        flow.session.rollback()
    end(flow, LEADER, who)
    desk_of(flow, LEADER)
    with pytest.raises(DBAPIError):
        undone = "UPDATE delegation SET ended_at = NULL, ended_by_id = NULL"
        flow.session.execute(text(undone))
    flow.session.rollback()


# --- Trail and letters --------------------------------------------------------------------


def test_each_change_is_in_the_trail(flow):
    who = let_sign(flow, LEADER, DEPUTY)
    end(flow, ADMIN, who)
    with system(flow.session, Purpose.LOAD):
        found = flow.session.scalars(
            select(AuditEntry).where(AuditEntry.what.startswith("delegations.")).order_by("id")
        ).all()
    assert [one.what for one in found] == ["delegations.given", "delegations.ended"]
    assert {one.unit_id for one in found} == {flow.units["tapson"]}
    assert [one.person_id for one in found] == [
        flow.actor(one).person_id for one in (LEADER, ADMIN)
    ]
    assert found[0].data["subject"] == DEPUTY
    assert found[0].data["changes"]["document_number"] == [None, NUMBER]


def test_giver_and_receiver_get_a_letter_each(flow):
    who = let_sign(flow, LEADER, DEPUTY, by=ADMIN)
    end(flow, ADMIN, who)
    with system(flow.session, Purpose.DELIVER):
        rows = flow.session.scalars(
            select(OutboxMessage).where(OutboxMessage.dedupe.is_not(None)).order_by("id")
        ).all()
        found = [(one.kind, one.person_id, one.data["to"], one.unit_id) for one in rows]
    unit_id = flow.units["tapson"]
    told = [(flow.actor(LEADER).person_id, "giver"), (flow.actor(DEPUTY).person_id, "receiver")]
    assert found == [
        (kind, person_id, to, unit_id)
        for kind in ("delegation_given", "delegation_ended")
        for person_id, to in told
    ]


# --- People -------------------------------------------------------------------------------


def test_a_lent_role_is_not_ended_among_the_people(flow):
    let_sign(flow, LEADER, DEPUTY)
    desk = desk_of(flow, ADMIN)
    found = units.member(flow.session, desk.unit, flow.actor(DEPUTY).person_id)
    lent = next(one for one in found.assignments if one.delegation_id is not None)
    assert lent.delegation.giver.name == LEADER
    with pytest.raises(RefusedError, match="hãy kết thúc quyết định đó"):
        people.end_role(desk, lent, None)


@pytest.mark.parametrize("last_day", [None, TOMORROW])
def test_what_a_leader_has_lent_ends_with_their_own_role(flow, last_day):
    """And what was passed on of it; somebody else's decisions go on."""
    acting = let_sign(flow, LEADER, ACTING, form=SignForm.Q)
    let_sign(flow, acting, THIRD)
    desk = desk_of(flow, ADMIN)
    found = units.member(flow.session, desk.unit, flow.actor(LEADER).person_id)
    own = next(one for one in found.assignments if one.role is Role.LEADER)
    people.end_role(desk, own, last_day)
    flow.session.commit()
    first_without = TODAY if last_day is None else last_day + timedelta(days=1)
    for who in (acting.partition(" for ")[0], THIRD):
        assert Role.LEADER not in roles(flow, who, first_without)
        if last_day is not None:
            assert Role.LEADER in roles(flow, who, last_day)
    assert all(one.ended_at is None for one in kept(flow))


@pytest.mark.parametrize("last_day", [None, TOMORROW])
def test_what_somebody_was_lent_ends_with_the_last_of_their_own_roles(flow, last_day):
    """Who has left the unit signs no more for its leader, nor does whom they let sign."""
    acting = let_sign(flow, LEADER, ACTING, form=SignForm.Q)
    let_sign(flow, acting, THIRD)
    desk = desk_of(flow, ADMIN)
    found = units.member(flow.session, desk.unit, flow.actor(ACTING).person_id)
    own = next(one for one in found.assignments if one.delegation_id is None)
    people.end_role(desk, own, last_day)
    flow.session.commit()
    first_without = TODAY if last_day is None else last_day + timedelta(days=1)
    for who in (ACTING, THIRD):
        assert Role.LEADER not in roles(flow, who, first_without)
        if last_day is not None:
            assert Role.LEADER in roles(flow, who, last_day)


def test_what_somebody_was_lent_goes_on_while_they_have_another_role_there(flow):
    let_sign(flow, LEADER, DEPUTY)
    desk = desk_of(flow, ADMIN)
    person_id = flow.actor(DEPUTY).person_id
    found = units.member(flow.session, desk.unit, person_id)
    people.give_role(desk, found.person, Appointment(Role.CLERK, None, TODAY))
    own = next(one for one in found.assignments if one.role is Role.SPECIALIST)
    people.end_role(desk, own, None)
    flow.session.commit()
    assert set(roles(flow, DEPUTY)) == {Role.CLERK, Role.LEADER}


def test_a_lent_role_stands_in_the_way_of_no_role_of_ones_own(flow):
    let_sign(flow, LEADER, DEPUTY)
    desk = desk_of(flow, ADMIN)
    found = units.member(flow.session, desk.unit, flow.actor(DEPUTY).person_id)
    people.give_role(desk, found.person, Appointment(Role.LEADER, None, TODAY))
    flow.session.commit()
    assert roles(flow, DEPUTY).count(Role.LEADER) == 2


# --- At once ------------------------------------------------------------------------------


def at_once(engine: Engine, *works):
    start = Barrier(len(works), timeout=30)

    def alone(work):
        with Session(engine) as session:
            start.wait()
            try:
                work(session)
                session.commit()
            except RefusedError as error:
                session.rollback()
                return error
        return None

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(alone, works))


def recording(flow: Flow, by: str, said: delegation_commands.Decision):
    actor, now = flow.actor(by), flow.now

    def work(session: Session) -> None:
        bind(session, Scope.of(actor))
        desk = AdminContext(session, actor, session.get_one(Unit, actor.unit_id), now)
        delegation_commands.record(desk, said)

    return work


@pytest.mark.parametrize("round_", range(3))
def test_of_two_who_record_the_same_at_once_one_does(flow, engine, round_):
    said = decision(flow, LEADER, DEPUTY)
    works = [recording(flow, by, said) for by in (LEADER, ADMIN)]
    works += [recording(flow, ADMIN, replace(said, number="13/QĐ-UBND"))]
    flow.session.commit()
    results = at_once(engine, *works)
    assert sorted(one is None for one in results) == [False, False, True]
    with system(flow.session, Purpose.LOAD):
        assert flow.session.scalar(select(func.count()).select_from(Delegation)) == 1
        lent = RoleAssignment.delegation_id.is_not(None)
        assert flow.session.scalar(select(func.count()).where(lent)) == 1


@pytest.mark.parametrize("round_", range(3))
def test_nothing_is_passed_on_from_what_is_being_ended(flow, engine, round_):
    """Either it came first and ends with it, or it is refused."""
    acting = let_sign(flow, LEADER, ACTING, form=SignForm.Q)
    delegation_id = flow.actor(acting).on_behalf.delegation_id
    passing = recording(flow, acting, decision(flow, acting, THIRD))
    leader, now = flow.actor(LEADER), flow.now

    def ending(session: Session) -> None:
        bind(session, Scope.of(leader))
        desk = AdminContext(session, leader, session.get_one(Unit, leader.unit_id), now)
        assert delegation_commands.end(desk, delegation_id)

    flow.session.commit()
    works = [passing, ending] if round_ % 2 else [ending, passing]
    at_once(engine, *works)
    assert all(one.ended_at is not None for one in kept(flow))
    assert roles(flow, THIRD) == [Role.FINANCE_APPRAISER]


# --- Whose they are -----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["leader@ngaixuyen", "unit_admin@ngaixuyen", "leader@tracu"])
def test_another_units_leader_neither_reads_nor_ends_it(flow, who):
    lent = flow.actor(let_sign(flow, LEADER, DEPUTY)).on_behalf
    desk = desk_of(flow, who)
    found = delegations.listing(flow.session, Scope.of(desk.actor), TODAY, number=1, size=50)
    assert found == ([], 0)
    assert delegation_commands.end(desk, lent.delegation_id) is None


@pytest.mark.databases("postgres")
@pytest.mark.parametrize("who", ["leader@ngaixuyen", "unit_admin@ngaixuyen", "leader@tracu"])
def test_the_database_itself_keeps_it_from_another_unit(flow, who):
    let_sign(flow, LEADER, DEPUTY)
    desk_of(flow, who)
    assert flow.session.execute(text("SELECT id FROM delegation")).all() == []
    ended = text("UPDATE delegation SET ended_at = now(), ended_by_id = giver_id")
    assert flow.session.execute(ended).rowcount == 0


@pytest.mark.databases("postgres")
@pytest.mark.parametrize("who", ["clerk@tapson", "observer@tapson", "leader@ngaixuyen"])
def test_the_database_itself_lets_nobody_else_decide(flow, who):
    desk = desk_of(flow, who)
    row = {
        "unit_id": flow.units["tapson"],
        "giver_id": flow.actor(LEADER).person_id,
        "receiver_id": desk.actor.person_id,
        "form": SignForm.KT,
        "subject": Subject.ALL,
        "number": NUMBER,
        "decided_on": TODAY,
        "starts_on": TODAY,
        "ends_on": TODAY,
        "created_at": flow.now,
        "created_by_id": desk.actor.person_id,
    }
    flow.session.add(Delegation(**row))
    with pytest.raises(DBAPIError, match="row-level security"):
        flow.session.flush()


def test_the_list_has_what_holds_first_then_what_comes_then_what_is_over(flow):
    over = let_sign(flow, LEADER, "clerk@tapson")
    end(flow, LEADER, over)
    let_sign(flow, LEADER, "format_appraiser@tapson", starts_on=TOMORROW)
    let_sign(flow, LEADER, DEPUTY)
    scope = Scope.of(flow.acting(LEADER))
    found, total = delegations.listing(flow.session, scope, TODAY, number=1, size=2)
    assert total == 3
    assert [one.receiver.name for one in found] == [DEPUTY, "format_appraiser@tapson"]
    rest, _ = delegations.listing(flow.session, scope, TODAY, number=2, size=2)
    assert [one.receiver.name for one in rest] == ["clerk@tapson"]
