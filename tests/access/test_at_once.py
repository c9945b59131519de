"""Administrators who act at the same moment."""

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session
from world import FIRST_DAY, World, world_in

from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import accounts, passwords, people, throttle, unit_settings, units
from lth.administration.context import AdminContext
from lth.administration.unit_settings import Choices
from lth.core import clock
from lth.core.errors import RefusedError, StaleError, ThrottledError
from lth.models import AuditEntry, Credential, LoginAttempt, RoleAssignment, Unit, UnitSettings
from lth.models.opinion import Aspect
from lth.models.person import Role

LOOKS = 0.4
"""Seconds given to the second one to go wrong while the first has not finished."""


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture
def world(session: Session) -> World:
    return world_in(session)


@pytest.fixture
def second(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def desk(session: Session, world: World, who: str) -> AdminContext:
    """Somebody at work in a session of their own, in unit D."""
    actor = world.actors[who]
    bind(session, Scope.of(actor))
    return AdminContext(session, actor, session.get_one(Unit, world.units["D"].id), clock.now())


def appoint(session: Session, world: World, who: str) -> int:
    """Somebody of D administers it as well; the id of that role."""
    held = RoleAssignment(
        person_id=world.people[who].id,
        unit_id=world.units["D"].id,
        role=Role.UNIT_ADMIN,
        valid_from=FIRST_DAY,
    )
    with system(session, Purpose.LOAD):
        session.add(held)
        session.commit()
        return held.id


def end(session: Session, world: World, who: str, whose: str, role_id: int) -> None:
    """End somebody's role, up to the commit."""
    work = desk(session, world, who)
    found = units.member(session, work.unit, world.people[whose].id)
    people.end_role(work, next(one for one in found.assignments if one.id == role_id), None)
    session.flush()


class Other(Thread):
    """What the second one does meanwhile, and what came of it."""

    def __init__(self, work) -> None:
        super().__init__()
        self._work = work
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self._work()
        except Exception as error:  # the test looks at it
            self.error = error


def test_two_administrators_who_end_each_others_role_leave_one(
    session: Session, second: Session, world: World
) -> None:
    theirs = appoint(session, world, "leader@D")
    mine = world.actors["unit_admin@D"].assignment_id
    end(session, world, "unit_admin@D", "leader@D", theirs)

    def meanwhile() -> None:
        end(second, world, "unit_admin@D", "unit_admin@D", mine)
        second.commit()

    other = Other(meanwhile)
    other.start()
    other.join(LOOKS)
    assert other.is_alive()  # it waits
    session.commit()
    other.join()
    assert isinstance(other.error, RefusedError)
    assert "cuối cùng" in str(other.error)


def test_of_two_who_save_settings_at_once_the_second_is_told(
    session: Session, second: Session, world: World
) -> None:
    first, later = desk(session, world, "unit_admin@D"), None
    seen = unit_settings.read(session, first.unit).version
    unit_settings.save(first, Choices(required_opinions=(Aspect.FINANCE,)), seen)
    session.flush()

    def meanwhile() -> None:
        nonlocal later
        later = desk(second, world, "system_admin")
        unit_settings.save(later, Choices(required_opinions=(Aspect.FORMAT,)), seen)
        second.commit()

    other = Other(meanwhile)
    other.start()
    other.join(LOOKS)
    session.commit()
    other.join()
    second.rollback()
    assert isinstance(other.error, StaleError)
    assert "unit_admin@D" in str(other.error)
    with system(session, Purpose.LOAD):
        kept = select(UnitSettings.required_opinions).where(
            UnitSettings.unit_id == world.units["D"].id
        )
        assert session.scalar(kept) == ["finance"]
        noted = AuditEntry.what == "settings.changed"
        assert session.scalar(select(func.count()).select_from(AuditEntry).where(noted)) == 1


PASSWORD = "chín con ngựa gỗ"
ADDRESS = "203.0.113.9"
AT_ONCE = 8


def with_password(session: Session, who: str) -> str:
    """Give somebody a password; their address."""
    email = f"{who.replace('@', '.')}@example.test".lower()
    kept = passwords.hash_password(PASSWORD)
    with system(session, Purpose.LOAD):
        session.execute(
            update(Credential).where(Credential.email == email).values(password_hash=kept)
        )
        session.commit()
    return email


def all_at_once(engine: Engine, email: str, typed: list[str]) -> list[str]:
    """Try these passwords, all begun before the first has been compared; what came of them."""
    begun, outcomes = Barrier(len(typed)), []

    def enter(password: str) -> None:
        with Session(engine) as own:
            attempt = accounts.begin_sign_in(own, email, ADDRESS, clock.now())
            own.commit()
            begun.wait()
            try:
                found = accounts.finish_sign_in(own, attempt, password, clock.today(), clock.now())
                outcomes.append("in" if found else "wrong")
            except ThrottledError:
                outcomes.append("wait")
            own.commit()

    others = [Other(lambda password=one: enter(password)) for one in typed]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert [other.error for other in others] == [None] * len(others)
    return sorted(outcomes)


def test_right_passwords_sent_at_once_are_all_let_in(
    session: Session, engine: Engine, world: World
) -> None:
    email = with_password(session, "clerk@A")
    assert all_at_once(engine, email, [PASSWORD] * AT_ONCE) == ["in"] * AT_ONCE


def test_guesses_sent_at_once_are_answered_no_oftener_than_one_by_one(
    session: Session, engine: Engine, world: World
) -> None:
    email = with_password(session, "clerk@A")
    free = throttle.FROM_ONE_ADDRESS.free
    answered = ["wait"] * (AT_ONCE - free) + ["wrong"] * free
    assert all_at_once(engine, email, ["đoán mò"] * AT_ONCE) == answered
    with system(session, Purpose.SIGN_IN):
        tried = throttle.Tried.of(email, ADDRESS)
        kept = select(func.count()).where(LoginAttempt.key == tried.account)
        assert session.scalar(kept) == free


def test_a_right_one_among_guesses_is_not_told_while_the_account_waits(
    session: Session, engine: Engine, world: World
) -> None:
    email = with_password(session, "clerk@A")
    all_at_once(engine, email, ["đoán mò"] * throttle.FROM_ONE_ADDRESS.free)
    with pytest.raises(ThrottledError):
        accounts.begin_sign_in(session, email, ADDRESS, clock.now())
    session.rollback()
    tried = throttle.Tried.of(email, ADDRESS)
    begun = accounts.Attempt(world.people["clerk@A"].id, hash_of(session, email), tried)
    session.rollback()
    with pytest.raises(ThrottledError):  # begun before the others had failed
        accounts.finish_sign_in(session, begun, PASSWORD, clock.today(), clock.now())


def hash_of(session: Session, email: str) -> str | None:
    with system(session, Purpose.SIGN_IN):
        return accounts.by_email(session, email).password_hash
