"""A club's key: shown once, kept as hashes, one at a time, and guessing is slowed down."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from lth.access.scope import Purpose, bind, system
from lth.clubs import keys
from lth.core.errors import NotFoundError, StaleError, ThrottledError
from lth.models import AuditEntry, Club, ClubKey

NOW = datetime(2021, 5, 20, 2, 0, tzinfo=UTC)
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def given(session, world, club_of):
    """Give out a key of A's club; returns it and the club's id."""

    def give(seen=None, now=NOW):
        club_id = club_of("A")
        actor, scope = world.actors["clerk@A"], world.scope("clerk@A")
        bind(session, scope)
        before = keys.in_force(session, club_id, scope)
        seen = (before.id if before else 0) if seen is None else seen
        return keys.give(session, actor, club_id, seen, now=now), club_id

    return give


def come_in(session, token, code, now=NOW, address=HOME):
    at = keys.knock(session, token, address, now)
    return None if at is None else keys.enter(session, at, code, now)


def test_only_hashes_are_kept_and_the_trail_says_who(given, session, rows, world):
    key, club_id = given()
    (kept,) = rows(select(ClubKey).where(ClubKey.id == key.key_id))
    assert len(key.code) == 6
    assert key.token not in kept.token_hash
    assert kept.code_hash.startswith("$argon2")
    assert (kept.club_id, kept.person_name) == (club_id, "clerk@A")
    noted = select(AuditEntry.what).where(AuditEntry.person_id == world.people["clerk@A"].id)
    assert "clubs.key_given" in rows(noted)


def test_link_and_code_open_the_one_club(given, session):
    key, club_id = given()
    holder = come_in(session, key.token, f" {key.code[:3]} {key.code[3:]} ")
    assert (holder.key_id, holder.club_id, holder.commune) == (key.key_id, club_id, "đơn vị A")
    assert keys.of_pass(session, holder.key_id, holder.mark) == holder
    assert keys.of_pass(session, holder.key_id, "0" * 24) is None
    assert keys.of_pass(session, holder.key_id + 1, holder.mark) is None


def test_a_link_alone_opens_nothing(given, session):
    key, _ = given()
    assert keys.of_link(session, key.token).club_name == "Liên thế hệ"
    assert keys.of_link(session, key.token[:-1]) is None
    assert come_in(session, "x" * 43, key.code) is None
    wrong = f"{(int(key.code) + 1) % 10**6:06}"
    assert come_in(session, key.token, wrong) is None
    assert come_in(session, key.token, "") is None


def test_a_new_key_ends_the_one_before(given, session):
    old, _ = given()
    holder = come_in(session, old.token, old.code)
    new, _ = given(now=NOW + timedelta(days=1))
    assert come_in(session, old.token, old.code) is None
    assert keys.of_pass(session, holder.key_id, holder.mark) is None
    assert come_in(session, new.token, new.code) is not None


def test_two_who_give_out_at_once_leave_one(given):
    _first, _club = given()
    with pytest.raises(StaleError):
        given(seen=0)


def test_a_revoked_key_opens_nothing(given, session, world):
    key, club_id = given()
    holder = come_in(session, key.token, key.code)
    actor = world.actors["leader@A"]
    bind(session, world.scope("leader@A"))
    assert keys.revoke(session, actor, club_id, key.key_id, now=NOW)
    assert keys.of_link(session, key.token) is None
    assert keys.of_pass(session, holder.key_id, holder.mark) is None
    assert not keys.revoke(session, actor, club_id, 0, now=NOW)


def test_a_club_that_moves_away_takes_no_key_along(given, session, world):
    key, club_id = given()
    with system(session, Purpose.LOAD):
        there = {"unit_id": world.units["B"].id, "unit_path": world.units["B"].path, "number": 9}
        session.execute(update(Club).where(Club.id == club_id).values(**there))
    assert keys.of_link(session, key.token) is None


@pytest.mark.parametrize("who", ["clerk@B", "specialist@D", "specialist@E"])
def test_nobody_else_gives_out_a_communes_key(session, world, club_of, who):
    club_id = club_of("A")
    bind(session, world.scope(who))
    with pytest.raises((NotFoundError, keys.NotYoursError)):
        keys.give(session, world.actors[who], club_id, 0, now=NOW)


def test_wrong_codes_slow_the_next_try_down_where_they_came_from(given, session):
    key, _ = given()
    wrong = f"{(int(key.code) + 1) % 10**6:06}"
    for _ in range(3):
        assert come_in(session, key.token, wrong) is None
    with pytest.raises(ThrottledError):
        come_in(session, key.token, key.code)
    assert come_in(session, key.token, key.code, address=ELSEWHERE) is not None
    assert come_in(session, key.token, key.code, NOW + timedelta(minutes=1)) is not None


def test_the_commune_sees_how_often_a_code_was_wrong(given, session, rows):
    key, _ = given()
    wrong = f"{(int(key.code) + 1) % 10**6:06}"
    come_in(session, key.token, wrong)
    come_in(session, key.token, wrong)
    kept = select(ClubKey).where(ClubKey.id == key.key_id)
    (tried,) = rows(kept)
    assert (tried.failures, tried.tried_at, tried.used_at) == (2, NOW, None)
    come_in(session, key.token, key.code)
    assert (tried.failures, tried.used_at) == (0, NOW)
