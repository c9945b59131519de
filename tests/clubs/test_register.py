"""The register of clubs: who reads what, and what each act does and refuses."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lth.access.scope import Purpose, Scope, system
from lth.clubs import keys, moves, register
from lth.clubs.moves import Occasion
from lth.clubs.register import ClubSearch
from lth.core.errors import (
    BlockedError,
    NotFoundError,
    NotNowError,
    NotYoursError,
    RefusedError,
    StaleError,
)
from lth.models import Area, AuditEntry, Club, ClubKey, ClubMove, Unit
from lth.models.club import ClubAct, ClubState

from .conftest import NOW, TODAY

ENDED = Occasion(date(2021, 8, 1), "Hội viên chuyển đi")


def names_seen(session, scope, **wanted) -> list[str]:
    found = register.listed(session, scope, ClubSearch(**wanted), limit=50)
    return [f"{club.unit.name}:{club.number}" for club in found.clubs]


def history(session, club, scope) -> list[str]:
    return [one.move.act.value for one in register.history(session, club, scope)]


# --- Read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("clerk@A", "A:1"),
        ("observer@A", "A:1"),
        ("clerk@B", "B:1"),
        ("clerk@C", ""),
        ("specialist@D", "A:1 B:1"),
        ("observer@D", "A:1 B:1"),
        ("specialist@E", ""),
        ("leader@P", "A:1 B:1"),
        ("system_admin", ""),
    ],
)
def test_a_unit_sees_its_own_clubs_and_those_below(session, world, acting, who, seen):
    with acting(who) as actor:
        assert names_seen(session, Scope.of(actor)) == seen.split()
        club_id = world_club(session, "B")
        if "B:1" in seen:
            assert register.get(session, club_id, Scope.of(actor)).number == 1
        else:
            with pytest.raises(NotFoundError):
                register.get(session, club_id, Scope.of(actor))


def world_club(session, unit: str) -> int:
    with system(session, Purpose.LOAD):
        statement = select(Club.id).join(Club.unit).where(Unit.name == unit, Club.number == 1)
        return session.scalars(statement).one()


def test_a_list_is_searched_filtered_and_counted(session, world, acting, founded):
    founded("Hoa Sen", village="Ấp 2")
    closed = founded("Hoa Súng", village="Ấp 2")
    with acting("clerk@A") as actor:
        scope = Scope.of(actor)
        moves.close(session, actor, closed.id, ENDED, seen=1, now=NOW)
        assert names_seen(session, scope, text="hoa") == ["A:2", "A:3"]
        assert names_seen(session, scope, text="HOA SUNG") == ["A:3"]
        assert names_seen(session, scope, text="%") == []
        assert names_seen(session, scope, village="Ấp 2") == ["A:2", "A:3"]
        assert names_seen(session, scope, state=ClubState.ACTIVE) == ["A:1", "A:2"]
        found = register.listed(
            session, scope, ClubSearch(state=ClubState.CLOSED), limit=1, offset=0
        )
        assert found.counts == {ClubState.ACTIVE: 2, ClubState.CLOSED: 1}
        assert found.total == 1
        assert register.villages(session, scope) == ["Ấp 2"]


def test_clubs_are_counted_by_unit_and_lead_down(session, world, acting, founded):
    founded("Hoa Sen")
    founded("Hoa Sen", who="clerk@C")
    with acting("specialist@P") as actor:
        scope, province = Scope.of(actor), world.units["P"]
        below = register.by_unit(session, scope, province, TODAY)
        assert [(one.unit.name, one[ClubState.ACTIVE]) for one in below] == [("D", 3), ("E", 1)]
        district = register.place(session, world.units["D"].id, scope)
        below = register.by_unit(session, scope, district, TODAY)
        assert [(one.unit.name, one[ClubState.ACTIVE]) for one in below] == [("A", 2), ("B", 1)]
        assert names_seen(session, scope, path=world.units["E"].path) == ["C:1"]
    with acting("specialist@D") as actor, pytest.raises(NotFoundError):
        register.place(session, world.units["E"].id, Scope.of(actor))


# --- Found and change ---------------------------------------------------------------------


def test_a_club_is_founded_with_the_next_number_history_and_trail(session, acting, founded):
    club = founded(
        founding_number="12 / qd – ubnd", board_size=5, areas=["health"], has_income_fund=True
    )
    with acting("clerk@A") as actor:
        assert (club.number, club.state, club.version) == (2, ClubState.ACTIVE, 1)
        assert (club.founding_number, club.areas) == ("12/QĐ-UBND", ["health"])
        (event,) = register.history(session, club, Scope.of(actor))
        assert (event.move.act, event.move.moved_on) == (ClubAct.FOUND, club.founded_on)
        assert event.move.person_name == actor.person_name
    with system(session, Purpose.LOAD):
        entry = session.scalars(select(AuditEntry).where(AuditEntry.what == "clubs.found")).one()
        assert entry.data["subject"] == "2. Liên thế hệ ấp 1"
        assert entry.unit_id == club.unit_id


@pytest.fixture(autouse=True)
def area(session, world):
    """An area beside those of the world, which has none of health."""
    with system(session, Purpose.LOAD):
        known = session.scalars(select(Area.code)).all()
        if "health" not in known:
            programme_id = world.programme.id
            session.add(
                Area(
                    programme_id=programme_id,
                    code="health",
                    ordinal=9,
                    name_vi="Chăm sóc sức khỏe",
                    name_en="Health",
                )
            )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Liên\u200b thế hệ"}, "name"),
        ({"name": "a" * 161}, "name"),
        ({"founded_on": None}, "founded_on"),
        ({"founded_on": TODAY + timedelta(days=1)}, "founded_on"),
        ({"founding_number": "mười hai"}, "founding_number"),
        ({"board_size": 0}, "board_size"),
        ({"board_size": 99}, "board_size"),
        ({"areas": ["dancing"]}, "areas"),
        ({"note": "a" * 1001}, "note"),
    ],
)
def test_what_a_club_cannot_be_is_refused_by_its_field(founded, values, field):
    with pytest.raises(BlockedError) as refused:
        founded(**values)
    assert [message.field for message in refused.value.messages] == [field]


def test_all_that_is_wrong_is_told_at_once(founded):
    with pytest.raises(BlockedError) as refused:
        founded(name="", founded_on=None, board_size=99)
    fields = [message.field for message in refused.value.messages]
    assert fields == ["name", "founded_on", "board_size"]


def test_a_name_twice_in_a_village_is_asked_back(session, acting, founded):
    founded("Hoa Sen")
    with pytest.raises(RefusedError) as asked:
        founded("hoa  sen", village="ẤP 1")
    assert asked.value.messages[0].field == "same_name_meant"
    founded("Hoa Sen", village="Ấp 2")
    with acting("clerk@A") as actor:
        values = {"name": "Hoa Sen", "village": "Ấp 1", "founded_on": TODAY}
        twin = moves.found(session, actor, values, same_name_meant=True, now=NOW)
        assert twin.number == 4
        moves.close(session, actor, twin.id, Occasion(TODAY, "Nhập nhầm"), seen=1, now=NOW)


@pytest.mark.parametrize("who", ["specialist@D", "leader@D", "observer@A", "unit_admin@A"])
def test_only_a_commune_keeps_its_register(session, acting, founded, who):
    with pytest.raises(NotYoursError):
        founded(who=who)
    club_id = world_club(session, "A")
    with acting(who) as actor, pytest.raises(NotYoursError):
        moves.change(session, actor, club_id, {"village": "Ấp 9"}, seen=1, now=NOW)


def test_a_neighbours_club_is_not_there(session, acting):
    club_id = world_club(session, "B")
    with acting("clerk@A") as actor:
        with pytest.raises(NotFoundError):
            moves.change(session, actor, club_id, {"village": "Ấp 9"}, seen=1, now=NOW)
        with pytest.raises(NotFoundError):
            own = world_club(session, "A")
            moves.merge(session, actor, own, club_id, ENDED, seen=1, now=NOW)


def test_only_what_is_given_changes_and_both_values_are_kept(session, acting, founded):
    club = founded("Hoa Sen", board_size=5)
    with acting("leader@A") as actor:
        anew = {"board_size": 6, "areas": ["health"]}
        assert moves.change(session, actor, club.id, anew, seen=1, reason="Bầu thêm", now=NOW)
        assert (club.board_size, club.village, club.version) == (6, "Ấp 1", 2)
        event = register.history(session, club, Scope.of(actor))[0]
        assert event.move.data == {"board_size": [5, 6], "areas": [[], ["health"]]}
        assert not moves.change(session, actor, club.id, anew, seen=2, now=NOW)
        assert club.version == 2
    with system(session, Purpose.LOAD):
        changed = select(AuditEntry).where(AuditEntry.what == "clubs.change")
        changes = session.scalars(changed).one().data["changes"]
        assert changes["club_areas"] == [None, "Chăm sóc sức khỏe"]
        assert changes["reason"] == [None, "Bầu thêm"]


def test_an_older_page_changes_nothing_and_says_who_was_first(session, acting, founded):
    club = founded("Hoa Sen")
    with acting("leader@A") as actor:
        moves.change(session, actor, club.id, {"board_size": 6}, seen=1, now=NOW)
    with acting("clerk@A") as clerk:
        with pytest.raises(StaleError) as late:
            moves.change(session, clerk, club.id, {"board_size": 7}, seen=1, now=NOW)
        assert actor.person_name in str(late.value)
        with pytest.raises(StaleError):
            moves.close(session, clerk, club.id, ENDED, seen=1, now=NOW)
        assert club.board_size == 6


# --- Merge, close, reopen -----------------------------------------------------------------


def test_a_club_goes_into_another_and_both_histories_tell(session, acting, founded):
    club, into = founded("Hoa Sen"), founded("Hoa Súng")
    with acting("clerk@A") as actor:
        scope = Scope.of(actor)
        moves.merge(session, actor, club.id, into.id, ENDED, seen=1, now=NOW)
        assert (club.state, club.merged_into_id) == (ClubState.MERGED, into.id)
        assert (club.ended_on, into.state) == (ENDED.day, ClubState.ACTIVE)
        (merged, _found) = register.history(session, club, scope)
        assert (merged.other, merged.received) == ("Hoa Súng", False)
        received = register.history(session, into, scope)[0]
        assert (received.other, received.received) == ("Hoa Sen", True)
        with pytest.raises(NotNowError):
            moves.close(session, actor, club.id, ENDED, seen=2, now=NOW)
        other = founded("Hoa Lài")
        with pytest.raises(RefusedError) as ended:
            moves.merge(session, actor, other.id, club.id, ENDED, seen=1, now=NOW)
        assert ended.value.messages[0].field == "into"


def test_a_club_does_not_go_into_itself(session, acting, founded):
    club = founded()
    with acting("clerk@A") as actor, pytest.raises(RefusedError) as refused:
        moves.merge(session, actor, club.id, club.id, ENDED, seen=1, now=NOW)
    assert refused.value.messages[0].field == "into"


@pytest.mark.parametrize(
    ("day", "reason", "field"),
    [
        (date(2021, 2, 28), "Nhập nhầm", "day"),
        (TODAY + timedelta(days=1), "Nhập nhầm", "day"),
        (TODAY, "  ", "reason"),
        (TODAY, "a" * 501, "reason"),
    ],
)
def test_days_are_in_order_and_reasons_are_given(session, acting, founded, day, reason, field):
    club, into = founded("Hoa Sen"), founded("Hoa Súng")
    occasion = Occasion(day, reason)
    with acting("clerk@A") as actor:
        with pytest.raises(RefusedError) as refused:
            moves.close(session, actor, club.id, occasion, seen=1, now=NOW)
        assert refused.value.messages[0].field == field
        with pytest.raises(RefusedError) as refused:
            moves.merge(session, actor, club.id, into.id, occasion, seen=1, now=NOW)
        assert refused.value.messages[0].field == field


def test_nothing_goes_into_a_club_before_that_is_founded(session, acting, founded):
    club, into = founded("Hoa Sen"), founded("Hoa Súng", founded_on=date(2021, 8, 15))
    with acting("clerk@A") as actor, pytest.raises(RefusedError) as refused:
        moves.merge(session, actor, club.id, into.id, ENDED, seen=1, now=NOW)
    assert refused.value.messages[0].field == "day"


def test_a_closed_club_runs_again_and_its_history_keeps_both(session, acting, founded):
    club = founded()
    with acting("clerk@A") as actor:
        moves.close(session, actor, club.id, ENDED, seen=1, now=NOW)
        early = Occasion(ENDED.day - timedelta(days=1), "Nhầm")
        with pytest.raises(RefusedError):
            moves.reopen(session, actor, club.id, early, seen=2, now=NOW)
        with pytest.raises(RefusedError):
            after_its_end = {"founded_on": ENDED.day + timedelta(days=1)}
            moves.change(session, actor, club.id, after_its_end, seen=2, now=NOW)
        moves.reopen(session, actor, club.id, Occasion(TODAY, "Đã bầu lại"), seen=2, now=NOW)
        assert (club.state, club.ended_on, club.version) == (ClubState.ACTIVE, None, 3)
        assert history(session, club, Scope.of(actor)) == ["reopen", "close", "found"]
        with pytest.raises(NotNowError):
            moves.reopen(session, actor, club.id, Occasion(TODAY, "Lại"), seen=3, now=NOW)


@pytest.mark.parametrize("ends", ["close", "merge"])
def test_nobody_comes_in_by_the_link_of_a_club_that_has_ended(session, acting, founded, ends):
    club, into = founded(), founded(name="Tiếp nhận")
    with acting("clerk@A") as actor:
        key = keys.give(session, actor, club.id, 0, now=NOW)
        assert keys.of_link(session, key.token)
        if ends == "close":
            moves.close(session, actor, club.id, ENDED, seen=1, now=NOW)
        else:
            moves.merge(session, actor, club.id, into.id, ENDED, seen=1, now=NOW)
        assert keys.of_link(session, key.token) is None


# --- Move ---------------------------------------------------------------------------------

MOVED = Occasion(date(2021, 7, 1), "Sắp xếp đơn vị hành chính")


def test_a_unit_above_both_moves_a_club_and_no_number_comes_twice(session, world, acting):
    club_id, to = world_club(session, "A"), world.units["B"]
    with acting("specialist@D") as actor:
        club = moves.move(session, actor, club_id, to.id, MOVED, seen=1, now=NOW)
        assert (club.unit_id, club.unit_path, club.number) == (to.id, to.path, 2)
        assert history(session, club, Scope.of(actor)) == ["move", "move", "found"]
    with acting("clerk@B") as actor:
        own = register.get(session, club_id, Scope.of(actor))
        (event,) = register.history(session, own, Scope.of(actor))
        assert event.move.data["number"] == [None, 2]
    with acting("clerk@A") as actor:
        assert names_seen(session, Scope.of(actor)) == []
        values = {"name": "Mới", "founded_on": TODAY}
        assert moves.found(session, actor, values, now=NOW).number == 2
    with system(session, Purpose.LOAD):
        key = session.scalars(select(ClubKey).where(ClubKey.club_id == club_id)).one()
        assert key.revoked_at == NOW
        entries = select(AuditEntry.unit_id).where(AuditEntry.what == "clubs.move")
        assert set(session.scalars(entries)) == {world.units["A"].id, to.id}


@pytest.mark.parametrize(
    ("who", "to", "error"),
    [
        ("clerk@A", "B", NotYoursError),
        ("leader@A", "B", NotYoursError),
        ("observer@D", "B", NotYoursError),
        ("specialist@E", "C", NotFoundError),
        ("specialist@D", "C", NotFoundError),
        ("specialist@D", "A", RefusedError),
        ("specialist@P", "D", RefusedError),
    ],
)
def test_nobody_else_moves_it_and_nowhere_else(session, world, acting, who, to, error):
    club_id = world_club(session, "A")
    with acting(who) as actor, pytest.raises(error):
        moves.move(session, actor, club_id, world.units[to].id, MOVED, seen=1, now=NOW)


def test_a_move_on_an_older_page_changes_nothing(session, world, acting):
    club_id = world_club(session, "A")
    with acting("clerk@A") as actor:
        moves.change(session, actor, club_id, {"village": "Ấp 7"}, seen=1, now=NOW)
    with acting("leader@D") as actor, pytest.raises(StaleError):
        moves.move(session, actor, club_id, world.units["B"].id, MOVED, seen=1, now=NOW)


def test_every_act_has_its_row_and_its_entry(session, world, acting, founded):
    club, into = founded("Hoa Sen"), founded("Hoa Súng")
    with acting("clerk@A") as actor:
        moves.change(session, actor, club.id, {"village": "Ấp 7"}, seen=1, now=NOW)
        moves.close(session, actor, club.id, ENDED, seen=2, now=NOW)
        moves.reopen(session, actor, club.id, Occasion(TODAY, "Nhầm"), seen=3, now=NOW)
        moves.merge(session, actor, club.id, into.id, Occasion(TODAY, "Gộp"), seen=4, now=NOW)
    with acting("leader@D") as actor:
        other = world.units["B"].id
        moves.move(session, actor, into.id, other, Occasion(TODAY, "Chuyển"), seen=1, now=NOW)
    with system(session, Purpose.LOAD):
        acts = set(session.scalars(select(ClubMove.act)))
        entries = select(AuditEntry.what).where(AuditEntry.what.startswith("clubs."))
        assert acts == set(ClubAct)
        assert set(session.scalars(entries)) == {f"clubs.{act.value}" for act in ClubAct}
