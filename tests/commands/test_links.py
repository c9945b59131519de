"""`lth people link`: the links of whoever gets no mail, for whoever runs the server."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from support.people import email
from world import World, world_in

from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import accounts, invitations
from lth.administration.context import AdminContext
from lth.administration.invitations import Invitee
from lth.administration.people import Appointment
from lth.cli import main
from lth.core import clock
from lth.models import AuditEntry, Invitation, OutboxMessage, Unit
from lth.models.outbox import Delivery
from lth.models.person import Role

ADDRESS = "can.bo.moi@xa.gov.vn"


@pytest.fixture
def dataset() -> str:
    return "world"


@pytest.fixture
def world(session: Session) -> World:
    return world_in(session)


@pytest.fixture
def link(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command on the test's own database."""
    monkeypatch.setattr("lth.commands.make_app", lambda: app)

    def run(address: str) -> Result:
        session.commit()
        return CliRunner().invoke(main, ["people", "link", address])

    return run


def invite(session: Session, world: World, address: str = ADDRESS) -> Invitation:
    actor = world.actors["unit_admin@A"]
    bind(session, Scope.of(actor))
    unit = session.get_one(Unit, world.units["A"].id)
    post = Appointment(Role.CLERK, None, clock.today())
    admin = AdminContext(session, actor, unit, clock.now())
    return invitations.invite(admin, Invitee(address, "Cán bộ mới"), post)


def path_of(result: Result) -> str:
    assert result.exit_code == 0, result.output
    [line] = result.output.splitlines()
    return "/" + line.partition("://")[2].partition("/")[2]


def test_the_link_of_mail_that_is_held_is_printed_as_it_stands(
    session: Session, world: World, link, client: FlaskClient
) -> None:
    invite(session, world)
    first = path_of(link(ADDRESS))
    assert path_of(link(ADDRESS.upper())) == first
    assert client.get(first).status_code == 200
    with system(session, Purpose.LOAD):
        shown = AuditEntry.what == "links.shown"
        assert len(session.scalars(select(AuditEntry).where(shown)).all()) == 2


@pytest.mark.parametrize("why", ["sent", "expired"])
def test_a_link_that_is_gone_or_over_is_made_anew(
    session: Session, world: World, link, client: FlaskClient, why: str
) -> None:
    invitation = invite(session, world)
    first = path_of(link(ADDRESS))
    with system(session, Purpose.LOAD):
        if why == "sent":
            went = {"delivery": Delivery.SENT, "secret": None, "sent_at": clock.now()}
            session.execute(
                update(OutboxMessage).where(OutboxMessage.address == ADDRESS).values(went)
            )
        else:
            session.refresh(invitation)
            invitation.expires_at = clock.now() - timedelta(minutes=1)
        session.commit()
    second = path_of(link(ADDRESS))
    assert second != first
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_the_link_of_a_forgotten_password_is_printed_too(
    session: Session, world: World, link, client: FlaskClient
) -> None:
    accounts.ask_for_link(session, email("clerk@A"), "127.0.0.1", clock.now())
    assert client.get(path_of(link(email("clerk@A")))).status_code == 200


def test_of_an_address_that_nothing_waits_for_it_says_so(world: World, link) -> None:
    result = link("nobody@xa.gov.vn")
    assert result.exit_code == 1
    assert "no one-time link waits" in result.output
