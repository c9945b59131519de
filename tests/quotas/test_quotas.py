"""Handing quotas down, what the units below answer, and how it is settled."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from support import draftworld as world
from support.draftworld import NOON
from support.queries import counted

from lth import quotas
from lth.access.scope import Purpose, Scope, system
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.models import (
    Allotment,
    AuditEntry,
    Document,
    Indicator,
    OutboxMessage,
    Participation,
    Person,
    Quota,
    QuotaMove,
    Target,
    Unit,
)
from lth.models.content import Comparator
from lth.models.programme import Measure
from lth.models.quota import Move, SplitRule
from lth.quotas import Handed, QuotaState, Reply, preconditions

REPLY_BY = date(2021, 5, 20)
LATER = NOON + timedelta(days=30)
WHY = "Ấp mới sáp nhập."
MAIL = [one.kind for one in (quotas.HANDED, quotas.ANSWERED, quotas.SETTLED)]


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def document(session):
    with system(session, Purpose.LOAD):
        return session.scalars(select(Document)).one()


@pytest.fixture
def units(session):
    with system(session, Purpose.LOAD):
        return {unit.name: unit.id for unit in session.scalars(select(Unit))}


@pytest.fixture
def place(session, document):
    """The indicator and phase of a code."""
    phase_id = world.period(session, "2021").phases[0].id

    def find(code: str) -> tuple[int, int]:
        return world.indicator(session, document, code).id, phase_id

    return find


@pytest.fixture
def parts(units):
    """Parts by unit id, of Tập Sơn and Ngãi Xuyên."""

    def of(tap_son: int, ngai_xuyen: int) -> dict[int, int]:
        return {units["Tập Sơn"]: tap_son, units["Ngãi Xuyên"]: ngai_xuyen}

    return of


@pytest.fixture
def hand(session, document, place, parts):
    """Hand figures down by hand, as somebody who has just looked."""

    def down(who="specialist@tracu", *, seen=None, reply_by=REPLY_BY, now=NOON, **figures):
        shares = [
            Handed(place(code), SplitRule.BY_HAND, sum(pair), parts(*pair))
            for code, pair in figures.items()
        ]
        actor = world.acting(session, who)
        newest = quotas.newest_move(session, document.id) if seen is None else seen
        return quotas.hand_down(
            session, actor, document.id, shares, reply_by=reply_by, seen=newest, now=now
        )

    return down


@pytest.fixture
def held(session, document, place):
    """Where a quota stands, read by somebody."""

    def find(code: str, unit: str = "Tập Sơn", who: str = "specialist@tracu"):
        scope = Scope.of(world.acting(session, who))
        indicator_id, _ = place(code)
        world.acting(session, who)
        found = quotas.standings(session, document.id, scope, Quota.indicator_id == indicator_id)
        return next(one for one in found if one.unit.name == unit)

    return find


@pytest.fixture
def reply(session, document, held):
    """Answer one quota of Tập Sơn."""

    def answer(code, value=None, reason=WHY, *, who="clerk@tapson", seen=None, now=NOON):
        one = held(code, who=who)
        said = Reply(one.quota.id, one.seq if seen is None else seen, value is None, value, reason)
        actor = world.acting(session, who)
        return quotas.answer(session, actor, document.id, [said], now=now)

    return answer


@pytest.fixture
def settle(session, document, held):
    """Settle what Tập Sơn asked for."""

    def decide(code, move, *, who="specialist@tracu", seen=None, value=None, reason=""):
        one = held(code)
        return quotas.settle(
            session,
            world.acting(session, who),
            document.id,
            one.quota.id,
            move,
            seen=one.seq if seen is None else seen,
            value=value,
            reason=reason,
            now=NOON,
        )

    return decide


def mails(session, kind=None) -> list[tuple[str, str]]:
    """Kind and recipient of each letter, in order."""
    with system(session, Purpose.RECONCILE):
        statement = (
            select(OutboxMessage.kind, Person.name)
            .join(Person, Person.id == OutboxMessage.person_id)
            .where(OutboxMessage.kind.in_(MAIL))
            .order_by(OutboxMessage.id)
        )
        return [tuple(row) for row in session.execute(statement) if kind in {None, row[0]}]


# --- What can be split --------------------------------------------------------------------


def test_the_additive_targets_of_the_plan_in_force_can_be_split(session, document):
    scope = Scope.of(world.acting(session, "specialist@tracu"))
    found = {one.indicator.code: one.total for one in quotas.splittable(session, document, scope)}
    assert found == {
        "clubs_new": 50,
        "members_total": 3445,
        "members_older": 2241,
        "members_young": 1204,
        "members_women": 2230,
        "loans_members": 1727,
        "income_fund_balance": 1_235_000_000,
    }


def test_a_strict_sum_of_money_is_split_as_it_is_printed():
    money, count = Indicator(measure=Measure.MONEY), Indicator(measure=Measure.COUNT)
    for indicator, least in ((money, 1_000_000_000), (count, 1_000_000_001)):
        target = Target(comparator=Comparator.GT, value_min=1_000_000_000, indicator=indicator)
        assert quotas.lowest(target) == least


def test_money_goes_in_millions_where_the_total_allows_it():
    money, count = Indicator(measure=Measure.MONEY), Indicator(measure=Measure.COUNT)
    assert quotas.step(money, 1_235_000_000) == 1_000_000
    assert quotas.step(money, 1_235_500) == 1
    assert quotas.step(money, 1_235_000) == 1_000
    assert quotas.step(count, 1_000_000) == 1


def test_a_rule_is_offered_only_where_every_weight_is_known(session, document, units):
    scope = Scope.of(world.acting(session, "specialist@tracu"))
    below = quotas.receivers(session, document, scope, ["clubs_new"])
    assert [one.unit.name for one in below] == ["Tập Sơn", "Ngãi Xuyên"]
    why = {rule: quotas.refusal(rule, below, "clubs_new") for rule in SplitRule}
    assert why[SplitRule.EQUAL] is None
    assert why[SplitRule.BY_HAND] is None
    assert "2 đơn vị: xã Tập Sơn, xã Ngãi Xuyên" in str(why[SplitRule.OLDER_POPULATION])
    assert "kết quả kỳ trước" in str(why[SplitRule.LAST_RESULT])
    assert "đều là xã" in str(why[SplitRule.COMMUNES])


def test_older_people_are_known_from_the_list_of_those_taking_part(session, document, units):
    with system(session, Purpose.LOAD):
        for name, older in (("Tập Sơn", 900), ("Ngãi Xuyên", 300)):
            session.execute(
                update(Participation)
                .where(Participation.unit_id == units[name])
                .values(older_population=older)
            )
    scope = Scope.of(world.acting(session, "specialist@tracu"))
    below = quotas.receivers(session, document, scope)
    assert quotas.refusal(SplitRule.OLDER_POPULATION, below, "clubs_new") is None
    target = next(one for one in quotas.splittable(session, document, scope))
    found = quotas.split_by(SplitRule.OLDER_POPULATION, target, 50, 0, below)
    assert found == {units["Tập Sơn"]: 38, units["Ngãi Xuyên"]: 12}
    floored = quotas.split_by(SplitRule.OLDER_POPULATION, target, 50, 20, below)
    assert floored == {units["Tập Sơn"]: 30, units["Ngãi Xuyên"]: 20}


def test_the_giver_notes_older_people_and_the_trail_keeps_it(session, document, units):
    def note(who, **figures):
        """Note what was seen and what is typed, by the unit's name."""
        actor = world.acting(session, who)
        by_unit = {units[name.replace("_", " ")]: pair for name, pair in figures.items()}
        return quotas.note_older(
            session,
            actor,
            document.id,
            {unit: typed for unit, (_, typed) in by_unit.items()},
            seen={unit: seen for unit, (seen, _) in by_unit.items()},
            now=NOON,
        )

    assert note("specialist@tracu", Tập_Sơn=(None, 900), Ngãi_Xuyên=(None, None)) == 1
    assert note("specialist@tracu", Ngãi_Xuyên=(None, 300)) == 1
    scope = Scope.of(world.acting(session, "specialist@tracu"))
    below = quotas.receivers(session, document, scope)
    assert [one.older_population for one in below] == [900, 300]
    with system(session, Purpose.RECONCILE):
        kept = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        told = [one.data["changes"] for one in kept if one.what == "older.noted"]
    assert told == [{"xã Tập Sơn": [None, 900]}, {"xã Ngãi Xuyên": [None, 300]}]
    with pytest.raises(NotFoundError):
        note("specialist@tracu", Trà_Vinh=(None, 5))
    with pytest.raises(BlockedError):
        note("specialist@tracu", Tập_Sơn=(900, -1))
    with pytest.raises(NotYoursError):
        note("clerk@travinh", Tập_Sơn=(900, 5))


def test_a_figure_of_older_people_is_written_only_over_the_one_that_was_seen(
    session, document, units
):
    tap_son, ngai_xuyen = units["Tập Sơn"], units["Ngãi Xuyên"]
    with system(session, Purpose.LOAD):
        session.execute(
            update(Participation)
            .where(Participation.unit_id == tap_son)
            .values(older_population=900)
        )

    def note(figures, seen):
        actor = world.acting(session, "specialist@tracu")
        return quotas.note_older(session, actor, document.id, figures, seen=seen, now=NOON)

    def noted():
        scope = Scope.of(world.acting(session, "specialist@tracu"))
        return {one.unit.id: one.noted for one in quotas.receivers(session, document, scope)}

    was = noted()
    for figures, seen in (({tap_son: 950}, {tap_son: 800}), ({tap_son: None}, {})):
        with pytest.raises(StaleError) as refused:
            note(figures, seen)
        assert [one.field for one in refused.value.messages] == [str(tap_son)]
        assert noted() == was
    assert note({tap_son: 800, ngai_xuyen: 300}, {tap_son: 800, ngai_xuyen: None}) == 1
    assert noted() == was | {ngai_xuyen: 300}


def test_a_districts_older_people_are_those_of_its_communes(session, document, units):
    with system(session, Purpose.LOAD):
        session.execute(update(Participation).values(older_population=None))
        session.execute(
            update(Participation)
            .where(Participation.unit_id.in_([units["Tập Sơn"], units["Ngãi Xuyên"]]))
            .values(older_population=400)
        )
        above = SimpleNamespace(
            unit_id=units["Trà Vinh"], period_id=document.period_id, period=document.period
        )
        found = quotas.receivers(session, above, Scope.system(Purpose.LOAD))
    assert [(one.unit.name, one.older_population, one.communes) for one in found] == [
        ("Trà Cú", 800, 2)
    ]


# --- Handing down -------------------------------------------------------------------------


BELOW = ["clerk2@tapson", "clerk@ngaixuyen", "clerk@tapson", "leader@tapson"]


def test_several_targets_go_down_at_once_with_one_letter_for_each_person(session, hand, held):
    done = hand(members_older=(1200, 1041), members_young=(604, 600))
    assert (done.changed, done.units, done.told) == (4, 2, 4)
    assert sorted(mails(session)) == [("quota_handed", who) for who in BELOW]
    one = held("members_older")
    assert (one.quota.value, one.state, one.seq) == (1200, QuotaState.WAITING, 1)
    assert one.reply_by == REPLY_BY


def test_how_a_target_was_split_is_kept(session, document, place, hand, parts, units):
    hand(members_young=(700, 504))
    row = session.get_one(Allotment, (document.id, *place("members_young")))
    assert (row.rule, row.total, row.reply_by) == (SplitRule.BY_HAND, 1204, REPLY_BY)
    actor = world.acting(session, "leader@tracu")
    for values, kept in ((parts(602, 602), SplitRule.EQUAL), (parts(603, 601), SplitRule.BY_HAND)):
        share = Handed(place("members_young"), SplitRule.EQUAL, 1204, values)
        seen = quotas.newest_move(session, document.id)
        quotas.hand_down(session, actor, document.id, [share], reply_by=None, seen=seen, now=NOON)
        assert (row.rule, row.person_id) == (kept, actor.person_id)


def test_handing_down_again_changes_what_differs_and_keeps_the_ledger(session, hand, held):
    hand(members_older=(1200, 1041))
    done = hand(members_older=(1100, 1141))
    assert (done.changed, done.units) == (2, 2)
    ledger = quotas.moves(session, [held("members_older").quota.id])
    (moves,) = ledger.values()
    assert [(move.seq, move.move, move.value) for move in moves] == [
        (1, Move.HAND_DOWN, 1200),
        (2, Move.HAND_DOWN, 1100),
    ]


def test_what_stays_as_it_is_makes_no_move_and_no_letter(session, hand, reply, held):
    hand(members_older=(1200, 1041))
    reply("members_older")
    done = hand(members_older=(1200, 1041), members_young=(1204, 0))
    assert (done.changed, done.units) == (1, 1)
    assert held("members_older").state is QuotaState.ACCEPTED
    assert mails(session, "quota_handed")[4:] == [
        ("quota_handed", who) for who in ("clerk@tapson", "clerk2@tapson", "leader@tapson")
    ]
    with pytest.raises(StopIteration):
        held("members_young", "Ngãi Xuyên")


def test_another_day_to_answer_is_told(session, hand):
    hand(members_older=(1200, 1041))
    later = {"reply_by": REPLY_BY + timedelta(days=3), "now": NOON + timedelta(hours=1)}
    done = hand(members_older=(1200, 1041), **later)
    assert (done.changed, done.units, done.told) == (0, 2, 4)
    assert hand(members_older=(1200, 1041), **later).told == 0


def test_parts_must_add_up_and_it_is_said_by_how_much_they_do_not(session, document, place, parts):
    actor = world.acting(session, "specialist@tracu")
    for pair, text in (((20, 27), "thiếu 3"), ((30, 27), "thừa 7")):
        share = Handed(place("clubs_new"), SplitRule.BY_HAND, 50, parts(*pair))
        with pytest.raises(BlockedError, match=text) as caught:
            quotas.hand_down(session, actor, document.id, [share], reply_by=None, seen=0, now=NOON)
        assert caught.value.messages[0].field == "{}.{}".format(*place("clubs_new"))


def test_senseless_hand_downs_are_refused(session, document, place, parts, units):
    def down(share, reply_by=None):
        actor = world.acting(session, "specialist@tracu")
        shares = [share] if share else []
        quotas.hand_down(session, actor, document.id, shares, reply_by=reply_by, seen=0, now=NOON)

    at, by_hand = place("clubs_new"), SplitRule.BY_HAND
    with pytest.raises(BlockedError, match="Chọn ít nhất một"):
        down(None)
    with pytest.raises(BlockedError, match="trước hôm nay"):
        down(Handed(at, by_hand, 50, parts(25, 25)), date(2021, 5, 9))
    with pytest.raises(BlockedError, match="còn đơn vị chưa có số"):
        down(Handed(at, by_hand, 50, {units["Tập Sơn"]: 50}))
    with pytest.raises(BlockedError, match="không thể âm"):
        down(Handed(at, by_hand, 50, parts(51, -1)))
    with pytest.raises(NotFoundError):
        down(Handed(at, by_hand, 50, {**parts(25, 25), units["Trà Vinh"]: 0}))
    with pytest.raises(NotFoundError):
        down(Handed(place("club_size"), by_hand, 50, parts(25, 25)))


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("clerk@tapson", NotYoursError),
        ("clerk@travinh", NotYoursError),
        ("observer@tapson", NotYoursError),
    ],
)
def test_only_the_giving_unit_hands_down(hand, who, error):
    with pytest.raises(error):
        hand(who, clubs_new=(25, 25))


@pytest.mark.parametrize("who", ["clerk@tracu", "specialist@tracu", "leader@tracu"])
def test_clerk_specialist_and_leader_hand_down(hand, who):
    assert hand(who, members_young=(604, 600)).changed == 2


def test_nothing_is_handed_down_from_a_draft(session, document, place, parts):
    with system(session, Purpose.LOAD):
        document.status, document.in_force_number = "draft", None
    actor = world.acting(session, "specialist@tracu")
    share = Handed(place("clubs_new"), SplitRule.BY_HAND, 50, parts(25, 25))
    with pytest.raises(NotNowError):
        quotas.hand_down(session, actor, document.id, [share], reply_by=None, seen=0, now=NOON)


# --- Answering ----------------------------------------------------------------------------


def test_a_quota_is_accepted(session, hand, reply, held):
    hand(members_older=(1200, 1041))
    reply("members_older")
    one = held("members_older")
    assert (one.state, one.seq, one.quota.value, one.gap) == (QuotaState.ACCEPTED, 2, 1200, 0)
    assert sorted(mails(session, "quota_answered")) == [
        ("quota_answered", "clerk@tracu"),
        ("quota_answered", "specialist@tracu"),
    ]


def test_another_figure_is_asked_for_with_a_reason(session, hand, reply, held):
    hand(members_older=(1200, 1041))
    with pytest.raises(BlockedError, match="lý do"):
        reply("members_older", 1100, "  ")
    with pytest.raises(BlockedError, match="đúng bằng số được giao"):
        reply("members_older", 1200)
    reply("members_older", 1100)
    one = held("members_older")
    assert (one.state, one.quota.value, one.proposed, one.gap) == (
        QuotaState.PROPOSED,
        1200,
        1100,
        -100,
    )
    assert one.last.reason == WHY


def test_an_answer_may_change_until_it_is_settled(hand, reply, settle, held):
    hand(members_older=(1200, 1041))
    reply("members_older")
    reply("members_older", 1100, who="leader@tapson")
    reply("members_older", 1150)
    settle("members_older", Move.GRANT)
    with pytest.raises(NotNowError, match="đã có ý kiến"):
        reply("members_older", 1000)
    hand(members_older=(1190, 1051))
    assert held("members_older").state is QuotaState.WAITING
    reply("members_older")


def test_quotas_written_before_the_ledger_are_answered_too(reply, held):
    assert (held("clubs_new").seq, held("clubs_new").state) == (0, QuotaState.WAITING)
    reply("clubs_new", 2)
    assert (held("clubs_new").seq, held("clubs_new").gap) == (1, -1)


def test_a_late_answer_counts_and_is_shown_as_late(hand, reply, held):
    hand(members_older=(1200, 1041))
    reply("members_older", 1100, now=LATER)
    one = held("members_older")
    assert one.late(one.last)
    hand(members_young=(604, 600))
    reply("members_young", now=NOON)
    one = held("members_young")
    assert not one.late(one.last)


def test_who_answers(hand, reply):
    hand(members_older=(1200, 1041))
    with pytest.raises(NotYoursError):
        reply("members_older", who="observer@tapson")


def test_a_neighbours_quota_is_not_there(session, document, hand, held):
    hand(members_older=(1200, 1041))
    other = held("members_older", "Ngãi Xuyên")
    actor = world.acting(session, "clerk@tapson")
    with pytest.raises(NotFoundError):
        said = [Reply(other.quota.id, 1, accept=True)]
        quotas.answer(session, actor, document.id, said, now=NOON)
    _, mine = quotas.assigned(session, actor, document.id)
    assert {one.unit.name for one in mine} == {"Tập Sơn"}


def test_an_answer_to_a_figure_that_has_changed_is_refused(hand, reply, held):
    hand(members_older=(1200, 1041))
    hand("leader@tracu", members_older=(1100, 1141))
    with pytest.raises(StaleError, match=r"leader@tracu.*Giao chỉ tiêu"):
        reply("members_older", seen=1)


def test_a_hand_down_over_an_answer_not_seen_is_refused(session, document, hand, reply):
    hand(members_older=(1200, 1041))
    seen = quotas.newest_move(session, document.id)
    reply("members_older", 1100)
    with pytest.raises(StaleError, match=r"clerk@tapson.*xã Tập Sơn.*Đề nghị số khác"):
        hand(members_older=(1150, 1091), seen=seen)
    hand(members_young=(604, 600), seen=seen)


# --- Settling -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "value", "ends", "state"),
    [
        (Move.GRANT, None, 1100, QuotaState.GRANTED),
        (Move.KEEP, None, 1200, QuotaState.KEPT),
        (Move.ADJUST, 1150, 1150, QuotaState.ADJUSTED),
    ],
)
def test_a_proposal_is_settled(session, hand, reply, settle, held, move, value, ends, state):
    hand(members_older=(1200, 1041))
    reply("members_older", 1100)
    settle("members_older", move, value=value, reason="Đã cân đối.")
    one = held("members_older", who="clerk@tapson")
    assert (one.quota.value, one.state, one.proposed) == (ends, state, ends)
    assert [who for _, who in mails(session, "quota_settled")] == [
        "clerk@tapson",
        "clerk2@tapson",
        "leader@tapson",
    ]


def test_keeping_needs_a_reason_and_another_figure_must_be_another(hand, reply, settle):
    hand(members_older=(1200, 1041))
    with pytest.raises(NotNowError):
        settle("members_older", Move.GRANT)
    reply("members_older", 1100)
    with pytest.raises(BlockedError, match="lý do"):
        settle("members_older", Move.KEEP)
    for value, text in ((None, "Ghi số"), (1100, "đã có"), (1200, "đã có"), (-1, "Ghi số")):
        with pytest.raises(BlockedError, match=text):
            settle("members_older", Move.ADJUST, value=value)
    with pytest.raises(NotFoundError):
        settle("members_older", Move.COUNTER)


def test_of_two_who_settle_one_does(hand, reply, settle):
    hand(members_older=(1200, 1041))
    reply("members_older", 1100)
    settle("members_older", Move.GRANT, seen=2)
    with pytest.raises(StaleError, match=r"specialist@tracu.*Chấp nhận đề nghị"):
        settle("members_older", Move.KEEP, who="leader@tracu", seen=2, reason="Giữ")


def test_only_the_giving_unit_settles(hand, reply, settle):
    hand(members_older=(1200, 1041))
    reply("members_older", 1100)
    for who in ("clerk@tapson", "clerk@travinh"):
        with pytest.raises(NotYoursError):
            settle("members_older", Move.GRANT, who=who)


# --- Reading ------------------------------------------------------------------------------


def test_the_sums_and_gaps_are_live(session, document, hand, reply, place):
    hand(members_older=(1200, 1040))
    scope = Scope.of(world.acting(session, "specialist@tracu"))
    known = {one.place: one for one in quotas.splittable(session, document, scope)}

    def line():
        world.acting(session, "specialist@tracu")
        found = quotas.sums(session, document, scope, known)
        return next(one for one in found if one.place == place("members_older"))

    first = line()
    assert (first.assigned, first.gap_assigned, first.gap_proposed) == (2240, -1, -1)
    assert first.states == {QuotaState.WAITING: 2}
    reply("members_older", 1100)
    second = line()
    assert (second.assigned, second.proposed, second.gap_proposed) == (2240, 2140, -101)
    assert second.states == {QuotaState.WAITING: 1, QuotaState.PROPOSED: 1}


def test_what_waits_on_whom(session, hand, reply):
    def errands(who):
        actor = world.acting(session, who)
        found = quotas.errands(session, actor.unit_id, Scope.of(actor))
        return [(one.mine, one.count, one.reply_by) for one in found]

    hand(members_older=(1200, 1041))
    assert errands("clerk@tapson") == [(False, 4, REPLY_BY)]
    assert errands("specialist@tracu") == []
    reply("members_older", 1100)
    assert errands("clerk@tapson") == [(False, 3, None)]
    assert errands("specialist@tracu") == [(True, 1, REPLY_BY)]
    assert errands("clerk@travinh") == []


def test_reading_costs_the_same_for_more_units(session, document, hand):
    hand(members_older=(1200, 1041))
    scope, document_id = Scope.of(world.acting(session, "specialist@tracu")), document.id
    with counted(session) as statements:
        found = quotas.standings(session, document_id, scope)
    assert len(found) == 6
    assert len(statements) == 1


# --- The database -------------------------------------------------------------------------


@pytest.mark.databases("postgres")
def test_the_unit_below_adds_to_the_ledger_and_changes_nothing_else(session, document, hand, held):
    """Row-level security, past every check of the operations."""
    hand(members_older=(1200, 1041))
    quota_id = held("members_older").quota.id
    below = world.acting(session, "clerk@tapson")
    found = session.execute(update(Quota).where(Quota.id == quota_id).values(value=1))
    assert found.rowcount == 0
    found = session.execute(update(Allotment).values(total=1))
    assert found.rowcount == 0
    for move, actor in ((Move.GRANT, below), (Move.HAND_DOWN, below)):
        assert_refused(session, quota_id, move, actor)
    for who in ("clerk@ngaixuyen", "clerk@travinh"):
        assert_refused(session, quota_id, Move.COUNTER, world.acting(session, who))
    giver = world.acting(session, "specialist@tracu")
    assert_refused(session, quota_id, Move.ACCEPT, giver)


def assert_refused(session, quota_id, move, actor):
    nested = session.begin_nested()
    with pytest.raises(ProgrammingError, match="row-level security"):
        session.execute(
            insert(QuotaMove).values(
                quota_id=quota_id,
                seq=9,
                move=move,
                value=1,
                reason="",
                unit_id=actor.unit_id,
                person_id=actor.person_id,
                at=NOON,
            )
        )
    nested.rollback()


def test_of_two_moves_of_one_number_the_database_keeps_one(session, hand, held):
    hand(members_older=(1200, 1041))
    last = held("members_older").last
    same = {name: getattr(last, name) for name in ("quota_id", "seq", "unit_id", "person_id")}
    world.acting(session, "specialist@tracu")
    with pytest.raises(StaleError), session.begin_nested(), preconditions.one_move():
        session.add(QuotaMove(**same, move=Move.HAND_DOWN, value=1, at=NOON))
        session.flush()


def test_the_ledger_is_only_added_to(session, hand, held):
    hand(members_older=(1200, 1041))
    move_id = held("members_older").last.id
    for statement in (
        update(QuotaMove).where(QuotaMove.id == move_id).values(value=1),
        delete(QuotaMove).where(QuotaMove.id == move_id),
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(statement)
