"""Invitations as operations: many at once, asked twice, answered once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session
from support.people import email
from world import FIRST_DAY, World, world_in

from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import invitations, mail_limits, offices, people
from lth.administration.context import AdminContext
from lth.administration.invitations import Asked, InvitationState, Invitee
from lth.administration.people import Appointment
from lth.core import clock
from lth.core.errors import NotNowError, RefusedError
from lth.models import AuditEntry, Invitation, Office, OutboxMessage, Person, RoleAssignment, Unit
from lth.models.outbox import Delivery
from lth.models.person import Role

SOMEBODY = Invitee("can.bo.moi@xa.gov.vn", "Cán bộ mới", "Công chức")
CLERK = Appointment(Role.CLERK, None, date(2026, 1, 1))


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture
def world(session: Session) -> World:
    return world_in(session)


def desk(
    session: Session, world: World, unit: str, later: timedelta = timedelta(0)
) -> AdminContext:
    """The unit's administrator at work, some time from now."""
    actor = world.actors[f"unit_admin@{unit}"]
    bind(session, Scope.of(actor))
    place = session.get_one(Unit, world.units[unit].id)
    return AdminContext(session, actor, place, clock.now() + later)


def rows(session: Session, statement: Any) -> list[Any]:
    with system(session, Purpose.LOAD):
        return [tuple(row) for row in session.execute(statement)]


def mails(session: Session) -> list[tuple[str, Delivery]]:
    invited = OutboxMessage.kind == "invitation"
    columns = select(OutboxMessage.address, OutboxMessage.delivery).where(invited)
    return rows(session, columns.order_by(OutboxMessage.id))


def token_of(session: Session, invitation: Invitation) -> str:
    """The token in the last mail of an invitation."""
    secret = select(OutboxMessage.secret).where(
        OutboxMessage.dedupe == f"invitation:{invitation.id}:{invitation.times}"
    )
    [(token,)] = rows(session, secret)
    return token


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_an_invitation_attaches_nobody_and_writes_to_the_address_alone(
    session: Session, world: World
) -> None:
    roles = rows(session, select(func.count()).select_from(RoleAssignment))
    invitation = invitations.invite(desk(session, world, "A"), SOMEBODY, CLERK)
    assert invitation.person_id is None
    assert rows(session, select(func.count()).select_from(RoleAssignment)) == roles
    [(person_id, unit_id, address)] = rows(
        session,
        select(OutboxMessage.person_id, OutboxMessage.unit_id, OutboxMessage.address).where(
            OutboxMessage.kind == "invitation"
        ),
    )
    assert (person_id, unit_id, address) == (None, None, SOMEBODY.email)
    assert len(invitation.token_hash) == 64
    assert token_of(session, invitation) != invitation.token_hash


@pytest.mark.parametrize("count", [3, 60])
def test_many_are_invited_in_as_many_queries_however_many(
    session: Session, world: World, engine: Engine, count: int
) -> None:
    admin = desk(session, world, "A")
    [office] = rows(session, select(Office.id).where(Office.unit_id == admin.unit_id))
    post = Appointment(Role.CLERK, office[0], date(2026, 1, 1))
    asked = [Asked(admin, Invitee(f"c{n}@xa.gov.vn", f"Cán bộ {n}"), post) for n in range(count)]
    with statements(engine) as found:
        written = invitations.invite_all(asked)
    assert len(written) == count
    assert len(mails(session)) == count
    own = [one for one in found if "audit_entry" not in one and "set_config" not in one]
    assert len(own) <= 8, own


def test_asked_twice_there_is_one_invitation_and_no_second_mail_at_once(
    session: Session, world: World
) -> None:
    first = invitations.invite(desk(session, world, "A"), SOMEBODY, CLERK)
    again = invitations.invite(
        desk(session, world, "A", timedelta(minutes=2)),
        Invitee(SOMEBODY.email.upper(), "Tên đúng"),
        Appointment(Role.CLERK, None, date(2026, 2, 1)),
    )
    assert again.id == first.id
    assert (again.name, again.valid_from) == ("Tên đúng", date(2026, 2, 1))
    assert mails(session) == [(SOMEBODY.email, Delivery.WAITING)]
    later = invitations.invite(desk(session, world, "A", timedelta(hours=1)), SOMEBODY, CLERK)
    assert later.id == first.id
    assert mails(session) == [
        (SOMEBODY.email, Delivery.DISCARDED),
        (SOMEBODY.email, Delivery.WAITING),
    ]
    other = invitations.invite(
        desk(session, world, "A"), SOMEBODY, Appointment(Role.LEADER, None, date(2026, 1, 1))
    )
    assert other.id != first.id


@pytest.mark.parametrize("domain", ["straße.de", "xn--strae-oqa.de", "βόλος.com"])
def test_mail_goes_to_the_domain_that_is_written_or_nowhere(domain: str) -> None:
    """Two rules of writing domains in ASCII differ in a few letters; the mailbox of another domain
    would be let in."""
    with pytest.raises(RefusedError):
        people.checked_email(f"can.bo@{domain}")


@pytest.mark.parametrize("domain", ["xã.gov.vn", "xn--x-yfa.gov.vn", "XÃ.gov.vn"])
def test_a_domain_is_kept_in_one_way_however_it_is_typed(domain: str) -> None:
    assert people.checked_email(f" Can.Bo@{domain}".strip()) == "can.bo@xã.gov.vn"


def send_all(session: Session) -> None:
    """The relay takes what waits."""
    with system(session, Purpose.LOAD):
        waits = OutboxMessage.delivery == Delivery.WAITING
        sent = {"delivery": Delivery.SENT, "sent_at": clock.now()}
        session.execute(update(OutboxMessage).where(waits).values(**sent))


def again_and_again(how: str, session: Session, world: World, minutes: int) -> None:
    """Write to the same address in one of the ways there are, some minutes from now."""
    admin = desk(session, world, "A", timedelta(minutes=minutes))
    invitation = invitations.invite(admin, SOMEBODY, CLERK)
    send_all(session)
    if how == "withdrawn each time":
        invitations.withdraw(admin, invitation)


@pytest.mark.parametrize(("how", "apart"), [("withdrawn each time", 1), ("asked again", 11)])
def test_nobody_s_mailbox_is_filled(session: Session, world: World, how: str, apart: int) -> None:
    for one in range(mail_limits.MOST):
        again_and_again(how, session, world, one * apart)
    with pytest.raises(RefusedError, match="trong một ngày"):
        again_and_again(how, session, world, mail_limits.MOST * apart)
    assert len(mails(session)) == mail_limits.MOST
    again_and_again(how, session, world, 3 * 24 * 60)
    assert len(mails(session)) == mail_limits.MOST + 1


def test_nor_by_reminders_or_by_many_at_once(session: Session, world: World) -> None:
    admin = desk(session, world, "A")
    offices_of_a = [offices.add(admin, f"Phòng {n}", "health") for n in range(mail_limits.MOST + 1)]
    session.flush()
    asked = [
        Asked(admin, SOMEBODY, Appointment(Role.CLERK, one.id, date(2026, 1, 1)))
        for one in offices_of_a
    ]
    with pytest.raises(RefusedError, match="trong một ngày"):
        invitations.invite_all(asked)
    assert not mails(session)
    half = invitations.invite_all(asked[: mail_limits.MOST // 2 + 1])
    send_all(session)
    later = desk(session, world, "A", timedelta(hours=1))
    assert invitations.remind_all(later, half) == 0
    for invitation in half[1 : 1 + mail_limits.MOST - len(half)]:
        invitations.remind(later, invitation)
    with pytest.raises(RefusedError, match="trong một ngày"):
        invitations.remind(later, half[0])
    next_day = desk(session, world, "A", timedelta(days=2))
    assert invitations.remind_all(next_day, half) == len(half)


def test_a_reminder_renews_the_link_of_what_nobody_has_answered(
    session: Session, world: World
) -> None:
    invitation = invitations.invite(desk(session, world, "A"), SOMEBODY, CLERK)
    old = token_of(session, invitation)
    with pytest.raises(RefusedError):
        invitations.remind(desk(session, world, "A", timedelta(minutes=1)), invitation)
    admin = desk(session, world, "A", timedelta(days=8))
    assert invitations.state(invitation, admin.now) is InvitationState.EXPIRED
    invitations.remind(admin, invitation)
    assert invitations.state(invitation, admin.now) is InvitationState.WAITING
    assert invitations.offered(session, old, admin.now) is None
    new = invitations.offered(session, token_of(session, invitation), admin.now)
    assert new is not None
    assert new.state is InvitationState.WAITING
    invitations.withdraw(admin, invitation)
    assert mails(session)[-1] == (SOMEBODY.email, Delivery.DISCARDED)
    for act in (invitations.remind, invitations.withdraw):
        with pytest.raises(NotNowError):
            act(admin, invitation)


def test_what_is_accepted_is_a_role_once(session: Session, world: World) -> None:
    invitee = Invitee(email("clerk@C"), "Tên do người mời ghi")
    invitation = invitations.invite(desk(session, world, "A"), invitee, CLERK)
    offer = invitations.offered(session, token_of(session, invitation), clock.now())
    assert offer is not None
    person_id = world.people["clerk@C"].id
    assert invitations.accept(session, offer, person_id, clock.now())
    assert not invitations.accept(session, offer, person_id, clock.now())
    assert not invitations.decline(session, offer, clock.now())
    here = RoleAssignment.unit_id == world.units["A"].id
    mine = select(RoleAssignment.role, RoleAssignment.preferred).where(
        here, RoleAssignment.person_id == person_id
    )
    assert rows(session, mine) == [(Role.CLERK, False)]
    told = OutboxMessage.kind == "invitation_answered"
    place = select(OutboxMessage.person_id, OutboxMessage.unit_id).where(told)
    inviter = world.people["unit_admin@A"].id, world.units["A"].id
    assert rows(session, place) == [inviter]


@pytest.mark.parametrize("who", ["clerk@B", "system_admin"])
def test_nobody_accepts_for_another_address(session: Session, world: World, who: str) -> None:
    invitation = invitations.invite(desk(session, world, "A"), SOMEBODY, CLERK)
    offer = invitations.offered(session, token_of(session, invitation), clock.now())
    assert offer is not None
    with pytest.raises(RefusedError):
        invitations.accept(session, offer, world.people[who].id, clock.now())


def test_a_role_that_is_no_more_is_not_accepted(session: Session, world: World) -> None:
    clerk = Invitee(email("clerk@A"), "clerk@A")
    over = Appointment(Role.LEADER, None, FIRST_DAY, date(2021, 2, 1))
    held = Appointment(Role.CLERK, world.actors["clerk@A"].office_id, date(2026, 1, 1))
    for post in (over, held):
        invitation = invitations.invite(desk(session, world, "A"), clerk, post)
        offer = invitations.offered(session, token_of(session, invitation), clock.now())
        assert offer is not None
        session.commit()
        with pytest.raises(RefusedError):
            invitations.accept(session, offer, world.people["clerk@A"].id, clock.now())
        session.rollback()


def test_a_unit_that_has_ended_since_takes_nobody_in(session: Session, world: World) -> None:
    invitee = Invitee(email("clerk@C"), "Cán bộ mới")
    invitation = invitations.invite(desk(session, world, "A"), invitee, CLERK)
    offer = invitations.offered(session, token_of(session, invitation), clock.now())
    tomorrow = clock.today() + timedelta(days=1)
    with system(session, Purpose.LOAD):
        mine = Unit.id == world.units["A"].id
        session.execute(update(Unit).where(mine).values(valid_to=tomorrow))
    assert offer is not None
    session.commit()
    with pytest.raises(RefusedError, match="kết thúc"):
        invitations.accept(
            session, offer, world.people["clerk@C"].id, clock.now() + timedelta(days=2)
        )


def test_who_was_shut_out_gives_nothing_any_more(session: Session, world: World) -> None:
    """A role that they offered to a mailbox of their own would let them in again."""
    invitee = Invitee(email("clerk@C"), "Cán bộ mới")
    post = Appointment(Role.UNIT_ADMIN, None, date(2026, 1, 1))
    invitation = invitations.invite(desk(session, world, "A"), invitee, post)
    invited_by = world.people["unit_admin@A"].id
    with system(session, Purpose.LOAD):
        session.execute(update(Person).where(Person.id == invited_by).values(active=False))
    session.commit()
    later = clock.now() + timedelta(hours=1)

    def accept() -> bool:
        offer = invitations.offered(session, token_of(session, invitation), later)
        assert offer is not None
        return invitations.accept(session, offer, world.people["clerk@C"].id, later)

    with pytest.raises(RefusedError, match="đã bị khóa"):
        accept()
    session.rollback()
    root = world.actors["system_admin"]
    bind(session, Scope.of(root))
    place = session.get_one(Unit, world.units["A"].id)
    invitations.remind(AdminContext(session, root, place, later), invitation)
    assert accept()


def test_an_office_that_somebody_is_invited_to_stays(session: Session, world: World) -> None:
    admin = desk(session, world, "A")
    office = offices.add(admin, "Phòng Dân số", "health")
    session.flush()
    post = Appointment(Role.CLERK, office.id, date(2026, 1, 1))
    invitation = invitations.invite(admin, SOMEBODY, post)
    with pytest.raises(RefusedError):
        offices.remove(admin, office, offices.version(office))
    invitations.withdraw(admin, invitation)
    offices.remove(admin, office, offices.version(office))
    session.flush()
    with system(session, Purpose.LOAD):
        session.refresh(invitation)
    assert invitation.office_id is None


def test_a_decline_says_nothing_of_the_account(session: Session, world: World) -> None:
    invitee = Invitee(email("clerk@C"), "Tên do người mời ghi")
    invitation = invitations.invite(desk(session, world, "A"), invitee, CLERK)
    offer = invitations.offered(session, token_of(session, invitation), clock.now())
    assert offer is not None
    assert invitations.decline(session, offer, clock.now())
    declined = AuditEntry.what == "invitations.declined"
    [(person_id, data)] = rows(
        session, select(AuditEntry.person_id, AuditEntry.data).where(declined)
    )
    assert person_id is None
    assert data["subject"] == "Tên do người mời ghi"
    listed, total = invitations.waiting(session, world.units["A"], clock.now())
    states = {one.invitation.name: one.state for one in listed}
    assert states["Tên do người mời ghi"] is InvitationState.DECLINED
    assert total == len(listed)
