"""Who gets a message, and whether it is still true, is decided when it is sent."""

from collections.abc import Callable
from datetime import date, time, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select, update
from support.chasing import moment
from support.mailworld import DECLINED, World, add_person, add_role

from lth.access.scope import Purpose, system
from lth.administration import accounts, links
from lth.administration.links import LinkKind
from lth.application import settings_of
from lth.blueprints.web.extensions import sessions_of
from lth.mail.declarations import DECLARED, WITHHELD_LABEL, Reach, Withheld
from lth.mail.outbox import Mail
from lth.models import OutboxMessage, Person, RoleAssignment
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import delivery, digests, outbox
from lth.workflow.acts import Act

from .conftest import Moved
from .test_delivery import Stub

CLERK, LEADER, LEADER2 = "tapson.clerk", "tapson.leader", "tapson.leader2"
SATURDAY = date(2021, 5, 8)


class Post:
    """Sending in a test's hands."""

    def __init__(self, world: World, app: Flask, clock: Moved) -> None:
        self.world, self.app, self.clock = world, app, clock

    def drain(self) -> dict[str, list[str]]:
        """Send what is due; subjects of what went out, by recipient."""
        taken: dict[str, list[str]] = {}

        def take(mail: EmailMessage) -> None:
            key = str(mail["To"].addresses[0].addr_spec).removesuffix("@lth.example")
            taken.setdefault(key, []).append(str(mail["Subject"]))

        self.world.session.rollback()
        self.clock.at = max(self.clock.at, self.world.now) + timedelta(minutes=1)
        settings, sessions = settings_of(self.app), sessions_of(self.app)
        delivery.drain(settings, sessions, now=self.clock, relay=Stub(take))
        return taken

    def morning(self) -> dict[str, list[str]]:
        """Gather the digests of Saturday and send them."""
        self.clock.at = moment(SATURDAY, time(7))
        digests.write(self.world.session, self.clock.at)
        self.world.session.commit()
        return self.drain()

    def wants_one_letter(self, key: str) -> None:
        accounts.choose_mail(self.world.session, self.world.people[key], gathered=True)
        self.world.session.commit()

    def notes(self, key: str) -> list[tuple[str, str, str]]:
        """What became of a person's messages: kind, state, why."""
        statement = (
            select(OutboxMessage.kind, OutboxMessage.delivery, OutboxMessage.last_error)
            .where(OutboxMessage.person_id == self.world.people[key])
            .order_by(OutboxMessage.id)
        )
        with system(self.world.session, Purpose.DELIVER):
            return [
                (kind, at.value, why) for kind, at, why in self.world.session.execute(statement)
            ]


@pytest.fixture
def post(world: World, app: Flask, moved: Moved) -> Post:
    return Post(world, app, moved)


def end_roles(world: World, key: str, role: Role | None = None) -> None:
    """All of a person's roles, or one, ended yesterday."""
    chosen = RoleAssignment.person_id == world.people[key]
    chosen = chosen & (RoleAssignment.role == role) if role else chosen
    with system(world.session, Purpose.LOAD):
        ends = update(RoleAssignment).where(chosen).values(valid_to=world.now.date())
        world.session.execute(ends)
    world.session.commit()


def lock(world: World, key: str) -> None:
    with system(world.session, Purpose.LOAD):
        person = Person.id == world.people[key]
        world.session.execute(update(Person).where(person).values(active=False))
    world.session.commit()


def declined(world: World) -> int:
    document_id = world.start(CLERK)
    world.do(CLERK, document_id, Act.SEND_FOR_CLEARANCE)
    world.do(LEADER, document_id, Act.DECLINE, reason=DECLINED)
    return document_id


# --- To whom ------------------------------------------------------------------------------

Ending = Callable[[World], None]


def becomes_an_observer(world: World) -> None:
    end_roles(world, CLERK)
    with system(world.session, Purpose.LOAD):
        add_role(world, CLERK, "tapson", Role.OBSERVER)
    world.session.commit()


def goes_to_a_neighbour(world: World) -> None:
    end_roles(world, CLERK)
    with system(world.session, Purpose.LOAD):
        add_role(world, CLERK, "ngaixuyen", Role.CLERK)
    world.session.commit()


ENDINGS: list[tuple[Ending, Withheld]] = [
    (lambda world: end_roles(world, CLERK), Withheld.ROLE_ENDED),
    (lambda world: lock(world, CLERK), Withheld.ACCOUNT_CLOSED),
    (becomes_an_observer, Withheld.ROLE_ENDED),
    (goes_to_a_neighbour, Withheld.ROLE_ENDED),
]


@pytest.mark.parametrize(("ending", "why"), ENDINGS)
@pytest.mark.parametrize("gathered", [True, False])
def test_who_has_left_gets_nothing_not_even_in_a_digest(
    post: Post, ending: Ending, why: Withheld, gathered: bool
) -> None:
    if gathered:
        post.wants_one_letter(CLERK)
    declined(post.world)
    ending(post.world)
    assert CLERK not in post.morning()
    empty = Withheld.ACCOUNT_CLOSED if why is Withheld.ACCOUNT_CLOSED else Withheld.NOTHING_LEFT
    assert post.notes(CLERK) == [
        ("decline", "discarded", why.value),
        *([("digest", "discarded", empty.value)] if gathered else []),
    ]


def test_an_administrator_reads_why_it_was_not_sent(post: Post) -> None:
    assert set(WITHHELD_LABEL) == set(Withheld)
    assert outbox.why_not("role_ended") == "Không gửi: vai trò đã kết thúc"
    assert outbox.why_not("550 no such user") == "550 no such user"


def test_a_digest_keeps_what_is_told_at_a_unit_where_a_role_is_left(post: Post) -> None:
    world = post.world
    with system(world.session, Purpose.LOAD):
        add_role(world, CLERK, "ngaixuyen", Role.LEADER)
    world.session.commit()
    post.wants_one_letter(CLERK)
    declined(world)
    document_id = world.start("ngaixuyen.clerk")
    world.do("ngaixuyen.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    end_roles(world, CLERK, Role.CLERK)
    assert post.morning()[CLERK] == ["[Kế hoạch CLB] Thư ngày 08/5/2021: 1 việc cần làm"]
    assert post.notes(CLERK) == [
        ("decline", "discarded", "role_ended"),
        ("send_for_clearance", "bundled", ""),
        ("digest", "sent", ""),
    ]


def test_who_was_called_in_a_role_that_ended_is_told_as_what_they_still_are(post: Post) -> None:
    """Sent up: the specialists' turn; a specialist who is the sender's leader too, and stays so."""
    world = post.world
    with system(world.session, Purpose.LOAD):
        add_role(world, "tracu.leader", "tracu", Role.SPECIALIST)
    world.session.commit()
    document_id = world.start(CLERK)
    until = {"until": date(2021, 6, 10), "reason": "x"}
    world.do(CLERK, document_id, Act.ASK_EXTENSION, **until)
    end_roles(world, "tracu.leader", Role.SPECIALIST)
    bodies: dict[str, str] = {}
    relay = Stub(lambda mail: bodies.update({str(mail["To"]): mail.get_content()}))
    post.clock.at = world.now
    delivery.drain(settings_of(post.app), sessions_of(post.app), now=post.clock, relay=relay)
    told = {who: body for who, body in bodies.items() if "tracu" in who}
    assert {who.split("<")[1]: "Đến lượt" in body for who, body in told.items()} == {
        "tracu.leader@lth.example>": False,
        "tracu.specialist@lth.example>": True,
        "tracu.specialist2@lth.example>": True,
    }


def test_a_link_needs_an_account_and_no_role_and_is_not_sent_once_used(post: Post) -> None:
    world = post.world
    with system(world.session, Purpose.LOAD):
        add_person(world, "new", "tapson", Role.CLERK)
    world.session.commit()
    end_roles(world, "new")
    for _ in range(2):
        with system(world.session, Purpose.SIGN_IN):
            to = world.people["new"]
            token = links.send(world.session, LinkKind.FIRST_PASSWORD, to, world.now)
        world.session.commit()
        if "new" in post.drain():
            continue
    assert [state for _, state, _ in post.notes("new")] == ["sent", "sent"]
    with system(world.session, Purpose.SIGN_IN):
        links.send(world.session, LinkKind.PASSWORD_RESET, to, world.now)
        links.use(world.session, token, world.now)
    world.session.commit()
    assert post.drain() == {}
    assert post.notes("new")[-1] == ("password_reset", "discarded", "link_over")


def test_only_what_is_personal_and_digests_reach_who_holds_no_role() -> None:
    reached = {kind: one.reach for kind, one in DECLARED.items() if one.reach is not Reach.ROLE}
    personal = (
        *("invitation", "first_password", "password_reset"),
        *("address_new", "address_old", "address_changed", "second_factor_reset"),
    )
    assert reached == dict.fromkeys(personal, Reach.ACCOUNT) | {"digest": Reach.LETTER}


@pytest.mark.parametrize("kind", [k for k, d in DECLARED.items() if d.reach is Reach.ACCOUNT])
def test_what_is_personal_belongs_to_no_unit(kind: str) -> None:
    """No unit's administrator sees, opens or discards it: no such row can be written."""
    declared = DECLARED[kind]
    payload = object.__new__(declared.payload)
    Mail(declared, payload, 1, None)
    with pytest.raises(ValueError, match="personal"):
        Mail(declared, payload, 1, 7)


# --- What was undone ----------------------------------------------------------------------


@pytest.mark.parametrize("gathered", [True, False])
def test_done_and_undone_before_it_is_sent_is_nothing(post: Post, gathered: bool) -> None:
    world, everybody = post.world, (LEADER, LEADER2)
    for key in everybody if gathered else ():
        post.wants_one_letter(key)
    document_id = world.start(CLERK)
    for _ in range(5):
        world.do(CLERK, document_id, Act.SEND_FOR_CLEARANCE)
        world.do(CLERK, document_id, Act.UNDO)
    assert post.morning() == {}
    for key in everybody:
        notes = post.notes(key)
        assert len([kind for kind, _, _ in notes if kind != "digest"]) == 10
        assert {why for kind, _, why in notes if kind != "digest"} == {"undone", "never_told"}
        assert {state for _, state, _ in notes} == {"discarded"}


@pytest.mark.parametrize("gathered", [True, False])
def test_done_undone_and_done_again_is_told_once(post: Post, gathered: bool) -> None:
    world = post.world
    for key in (LEADER, LEADER2) if gathered else ():
        post.wants_one_letter(key)
    document_id = world.start(CLERK)
    for act in (Act.SEND_FOR_CLEARANCE, Act.UNDO, Act.SEND_FOR_CLEARANCE):
        world.do(CLERK, document_id, act)
    [subject] = post.morning()[LEADER]
    assert subject.endswith("1 việc cần làm" if gathered else "chờ lãnh đạo duyệt")


def test_what_was_told_and_is_undone_is_corrected(post: Post) -> None:
    world = post.world
    document_id = world.start(CLERK)
    world.do(CLERK, document_id, Act.SEND_FOR_CLEARANCE)
    assert set(post.drain()) == {LEADER, LEADER2}
    world.do(CLERK, document_id, Act.UNDO)
    assert {key: len(found) for key, found in post.drain().items()} == {LEADER: 1, LEADER2: 1}
    world.do(CLERK, document_id, Act.SEND_FOR_CLEARANCE)
    world.do(CLERK, document_id, Act.UNDO)
    assert post.drain() == {}


def test_a_correction_that_is_overtaken_is_not_sent(post: Post) -> None:
    """Told, taken back, done again: the newer message says what is true."""
    world = post.world
    document_id = world.start(CLERK)
    world.do(CLERK, document_id, Act.SEND_FOR_CLEARANCE)
    post.drain()
    world.do(CLERK, document_id, Act.UNDO)
    world.do(CLERK, document_id, Act.SEND_FOR_CLEARANCE)
    assert [len(found) for found in post.drain().values()] == [1, 1]
    assert post.notes(LEADER)[1] == ("undo", "discarded", "overtaken")


# --- Whose turn it is ---------------------------------------------------------------------


def test_nobody_is_called_to_what_was_done_meanwhile(post: Post) -> None:
    """One leader declined before the other's letter went out: it is news by then."""
    declined(post.world)
    found = post.drain()
    [late] = found[LEADER2]
    with system(post.world.session, Purpose.DELIVER):
        row = post.world.session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.person_id == post.world.people[LEADER2],
                OutboxMessage.kind == "send_for_clearance",
            )
        ).one()
        assert row.delivery is Delivery.SENT
        row_id = row.id
    scope = post.world.scope(LEADER2)
    shown = outbox.preview(
        settings_of(post.app), post.world.session, scope, row_id, now=post.clock.at
    )
    assert late == shown.text.subject
    assert "Đến lượt anh/chị" not in shown.text.body


def test_who_asked_for_time_and_was_answered_calls_nobody(post: Post) -> None:
    world = post.world
    document_id = world.start(CLERK)
    until = {"until": date(2021, 6, 10), "reason": "x"}
    world.do(CLERK, document_id, Act.ASK_EXTENSION, **until)
    world.do("tracu.leader", document_id, Act.GRANT_EXTENSION, **until)
    bodies: list[str] = []
    relay = Stub(lambda mail: bodies.append(mail.get_content()))
    post.clock.at = world.now
    delivery.drain(settings_of(post.app), sessions_of(post.app), now=post.clock, relay=relay)
    called = [body for body in bodies if "Đến lượt anh/chị" in body]
    assert len(called) == 1  # the clerk, who may go on
    assert "hoàn thiện và trình" in called[0]
