"""Calendar feeds: an address is known by its hash alone, found while in force, and written down."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from world import World, world_in

from lth.access.scope import Purpose, system
from lth.administration import feeds
from lth.models import AuditEntry, CalendarFeed, Person, RoleAssignment

NOON = datetime(2021, 5, 7, 5, 0, tzinfo=UTC)
TODAY = date(2021, 5, 7)
LATER = NOON + timedelta(hours=1)
LOOKS = 0.4
"""Seconds given to the second one to go wrong while the first has not finished."""


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture
def world(session: Session) -> World:
    return world_in(session)


@pytest.fixture
def clerk(world: World) -> int:
    """Somebody who has no address yet."""
    return world.people["clerk@B"].id


def rows(session: Session, person_id: int) -> list[tuple]:
    """A person's addresses as they are kept, oldest first."""
    statement = (
        select(CalendarFeed.token_hash, CalendarFeed.revoked_at)
        .where(CalendarFeed.person_id == person_id)
        .order_by(CalendarFeed.id)
    )
    with system(session, Purpose.LOAD):
        return [tuple(row) for row in session.execute(statement)]


def noted(session: Session, person_id: int) -> list[str]:
    """What the trail says of a person's feeds, oldest first."""
    statement = (
        select(AuditEntry.what)
        .where(AuditEntry.person_id == person_id, AuditEntry.what.startswith("feed."))
        .order_by(AuditEntry.id)
    )
    with system(session, Purpose.LOAD):
        return list(session.scalars(statement))


def test_only_the_hash_of_the_token_is_kept(session: Session, clerk: int) -> None:
    token = feeds.make(session, clerk, "vi", NOON)
    assert len(token) >= 43
    assert rows(session, clerk) == [(hashlib.sha256(token.encode()).hexdigest(), None)]
    with system(session, Purpose.LOAD):
        data = session.scalars(select(AuditEntry.data).order_by(AuditEntry.id.desc())).first()
    assert token not in str(data)


def test_an_address_leads_to_its_person_and_their_roles(session: Session, clerk: int) -> None:
    token = feeds.make(session, clerk, "en", NOON)
    found = feeds.find(session, token, TODAY)
    assert (found.account.person_id, found.language, found.created_at) == (clerk, "en", NOON)
    assert [held.role for held in found.account.assignments] == ["clerk"]
    assert feeds.made_at(session, clerk) == NOON


def test_no_two_addresses_are_alike(session: Session, world: World) -> None:
    made = {feeds.make(session, one.id, "vi", NOON) for one in world.people.values()}
    assert len(made) == len(world.people)


@pytest.mark.parametrize("token", ["", "abc", "%", "a" * 43])
def test_an_unknown_address_leads_nowhere(session: Session, clerk: int, token: str) -> None:
    feeds.make(session, clerk, "vi", NOON)
    assert feeds.find(session, token, TODAY) is None


def test_a_new_address_revokes_the_one_before(session: Session, clerk: int) -> None:
    first = feeds.make(session, clerk, "vi", NOON)
    second = feeds.make(session, clerk, "vi", LATER)
    assert feeds.find(session, first, TODAY) is None
    assert feeds.find(session, second, TODAY) is not None
    assert [revoked for _, revoked in rows(session, clerk)] == [LATER, None]
    assert feeds.made_at(session, clerk) == LATER
    assert noted(session, clerk) == ["feed.made", "feed.replaced"]


def test_of_two_made_at_once_one_stays(session: Session, engine: Engine, clerk: int) -> None:
    made: list[str] = []

    def make_another() -> None:
        with Session(engine) as second:
            made.append(feeds.make(second, clerk, "vi", LATER))
            second.commit()

    session.commit()
    first = feeds.make(session, clerk, "vi", NOON)
    other = Thread(target=make_another)
    other.start()
    other.join(LOOKS)
    assert other.is_alive()
    session.commit()
    other.join()
    assert feeds.find(session, first, TODAY) is None
    assert feeds.find(session, made[0], TODAY) is not None


def test_a_revoked_address_leads_nowhere(session: Session, clerk: int) -> None:
    token = feeds.make(session, clerk, "vi", NOON)
    assert feeds.revoke(session, clerk, LATER)
    assert feeds.find(session, token, TODAY) is None
    assert feeds.made_at(session, clerk) is None
    assert not feeds.revoke(session, clerk, LATER)
    assert noted(session, clerk) == ["feed.made", "feed.revoked"]


def test_revoking_leaves_other_peoples_addresses(session: Session, world: World) -> None:
    clerk, leader = world.people["clerk@B"].id, world.people["leader@A"].id
    feeds.make(session, clerk, "vi", NOON)
    kept = feeds.make(session, leader, "vi", NOON)
    feeds.revoke(session, clerk, LATER)
    assert feeds.find(session, kept, TODAY).account.person_id == leader


def test_whoever_is_no_longer_active_has_no_feed(session: Session, clerk: int) -> None:
    token = feeds.make(session, clerk, "vi", NOON)
    with system(session, Purpose.LOAD):
        session.execute(update(Person).where(Person.id == clerk).values(active=False))
    assert feeds.find(session, token, TODAY) is None


def test_whoever_holds_no_role_today_has_a_feed_without_roles(session: Session, clerk: int) -> None:
    token = feeds.make(session, clerk, "vi", NOON)
    ended = update(RoleAssignment).where(RoleAssignment.person_id == clerk)
    with system(session, Purpose.LOAD):
        session.execute(ended.values(valid_to=TODAY))
    assert feeds.find(session, token, TODAY).account.assignments == []
    assert len(feeds.find(session, token, TODAY - timedelta(days=1)).account.assignments) == 1


def test_changes_of_deadlines_are_counted_by_the_unit_that_sets_them(
    session: Session, world: World
) -> None:
    unit, other = world.units["A"].id, world.units["D"].id
    with system(session, Purpose.LOAD):
        for what, at in (
            ("deadlines.added", NOON),
            ("deadlines.changed", LATER),
            ("settings.changed", LATER + timedelta(hours=1)),
        ):
            session.add(AuditEntry(unit_id=unit, what=what, at=at, data={}))
        session.add(AuditEntry(unit_id=None, what="calendar.decided", at=NOON, data={}))
    assert feeds.deadline_changes(session, {unit, other}) == {
        unit: feeds.DeadlineChanges(2, LATER),
        None: feeds.DeadlineChanges(1, NOON),
    }
