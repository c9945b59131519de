"""What the page of outgoing mail shows to whom, and what is done there by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from support.mailworld import DECLINED, World

from lth.access.scope import Purpose, system
from lth.administration import links
from lth.administration.links import LinkKind
from lth.application import settings_of
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError
from lth.models import AuditEntry, OutboxMessage
from lth.models.outbox import Delivery
from lth.notifications import messages, outbox


@pytest.fixture
def dataset() -> str:
    return "mail-submitted"


def link(world: World) -> int:
    """A one-time link for the clerk of Tập Sơn; the message's id."""
    with system(world.session, Purpose.SIGN_IN):
        links.send(world.session, LinkKind.FIRST_PASSWORD, world.people["tapson.clerk"], world.now)
        world.session.commit()
        return world.session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.kind == "first_password")
        ).one()


def of_unit(world: World) -> int:
    """A message of Tập Sơn's to its clerk, which has a secret besides; its id."""
    clerks = OutboxMessage.person_id == world.people["tapson.clerk"]
    with system(world.session, Purpose.LOAD):
        row = world.session.scalars(select(OutboxMessage).where(clerks)).first()
        assert row is not None
        assert row.unit_id == world.units["tapson"].id
        row.secret = "token"
        world.session.commit()
        return row.id


def put(world: World, message_id: int, delivery: Delivery) -> None:
    """Have a message stand somewhere."""
    with system(world.session, Purpose.LOAD):
        row = world.session.get_one(OutboxMessage, message_id)
        row.delivery = delivery
        row.attempts, row.last_error = 9, "451 busy"
        row.digest_id = message_id if delivery is Delivery.BUNDLED else None
        world.session.commit()
        world.session.expire_all()


def stands(world: World, message_id: int) -> tuple[Delivery, int, str | None]:
    with system(world.session, Purpose.DELIVER):
        row = world.session.get_one(OutboxMessage, message_id, populate_existing=True)
        return row.delivery, row.attempts, row.secret


@contextmanager
def queries(engine: Engine) -> Iterator[list[str]]:
    """The SQL that is sent meanwhile, without what sets the scope."""
    sent: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        if "set_config" not in statement:
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


# --- Who sees what ------------------------------------------------------------------------


SEEN = {
    "tapson.clerk": {"tapson.clerk"},
    "tracu.specialist": {"tracu.specialist"},
    "tapson.observer": set(),
    "ngaixuyen.unit_admin": set(),
    "tapson.unit_admin": {"tapson.clerk", "tapson.leader", "tapson.leader2"},
    "tracu.unit_admin": {"tracu.specialist", "tracu.specialist2"},
    "travinh.unit_admin": set(),
    "root": {
        "tapson.clerk",
        "tapson.leader",
        "tapson.leader2",
        "tracu.specialist",
        "tracu.specialist2",
    },
}


@pytest.mark.parametrize("key", SEEN)
def test_everyone_sees_their_own_an_administrator_the_units(
    app: Flask, world: World, key: str
) -> None:
    listing = outbox.listing(settings_of(app), world.session, world.scope(key))
    assert {line.recipient.email.removesuffix("@lth.example") for line in listing.lines} == SEEN[
        key
    ]
    queue = outbox.queue(world.session, world.scope(key))
    assert queue.counts[Delivery.WAITING] == listing.total == len(listing.lines)
    assert queue.total == listing.total
    assert set(queue.counts) == set(Delivery)


def test_a_line_says_to_whom_what_and_where_it_stands(app: Flask, world: World) -> None:
    line = outbox.listing(settings_of(app), world.session, world.scope("tracu.unit_admin")).lines[
        -1
    ]
    assert line.subject == "[Kế hoạch CLB] Xã Tập Sơn: kế hoạch năm 2021 chờ tiếp nhận, thẩm định"
    assert (line.recipient.name, line.recipient.unit_name) == (
        "specialist tracu.specialist",
        "huyện Trà Cú",
    )
    assert (line.turn, line.delivery, line.attempts) == (True, Delivery.WAITING, 0)
    assert line.created_at == world.now


def test_pages_and_states_are_cut_in_sql_with_constant_queries(
    app: Flask, world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PAGE_SIZE", 3)
    scope = world.scope("root")
    first, second = (
        outbox.listing(settings_of(app), world.session, scope, page) for page in (1, 2)
    )
    assert (first.total, first.pages, len(first.lines)) == (8, 3, 3)
    assert {line.id for line in first.lines}.isdisjoint(line.id for line in second.lines)
    assert [line.id for line in first.lines] == sorted(
        (line.id for line in first.lines), reverse=True
    )
    put(world, first.lines[0].id, Delivery.FAILED)
    scope = world.scope("root")
    failed = outbox.listing(settings_of(app), world.session, scope, delivery=Delivery.FAILED)
    assert [line.id for line in failed.lines] == [first.lines[0].id]
    assert outbox.listing(settings_of(app), world.session, scope, 99).lines == []

    with queries(engine) as few:
        outbox.listing(settings_of(app), world.session, scope)
    monkeypatch.setattr(outbox, "PAGE_SIZE", 100)
    with queries(engine) as many:
        outbox.listing(settings_of(app), world.session, scope)
    assert len(few) == len(many) <= 4


def test_the_list_leaves_nothing_in_the_session_that_the_scope_does_not_see(
    app: Flask, world: World
) -> None:
    """The mail is read under a system scope; a plan found in passing must not be found again."""
    scope = world.scope("tracu.unit_admin")
    world.session.expunge_all()
    shown = outbox.listing(settings_of(app), world.session, scope)
    outbox.preview(settings_of(app), world.session, scope, shown.lines[0].id, now=world.now)
    assert {type(row).__name__ for row in world.session.identity_map.values()} <= {"Unit"}


# --- The preview --------------------------------------------------------------------------


def test_a_preview_is_the_mail_with_its_link_masked(app: Flask, world: World) -> None:
    message_id = link(world)
    _, _, secret = stands(world, message_id)
    assert secret
    for key in ("tapson.clerk", "root"):
        shown = outbox.preview(
            settings_of(app), world.session, world.scope(key), message_id, now=world.now
        )
        assert secret not in str(shown)
        assert f"/password/{messages.MASK}\n" in shown.text.body
        assert shown.may_handle == (key != "tapson.clerk")


@pytest.mark.parametrize(
    "key", ["tapson.unit_admin", "ngaixuyen.unit_admin", "tracu.unit_admin", "tapson.leader"]
)
def test_a_preview_outside_the_scope_is_not_found(app: Flask, world: World, key: str) -> None:
    message_id = link(world)
    with pytest.raises(NotFoundError):
        outbox.preview(settings_of(app), world.session, world.scope(key), message_id, now=world.now)
    with pytest.raises(NotFoundError):
        outbox.preview(settings_of(app), world.session, world.scope(key), 999_999, now=world.now)


def test_a_leaders_words_on_a_draft_stay_in_the_unit(app: Flask, world: World) -> None:
    with system(world.session, Purpose.DELIVER):
        message_id = world.session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.kind == "decline")
        ).one()
    inside = outbox.preview(
        settings_of(app), world.session, world.scope("tapson.unit_admin"), message_id, now=world.now
    )
    own = outbox.preview(
        settings_of(app), world.session, world.scope("tapson.clerk"), message_id, now=world.now
    )
    assert DECLINED in inside.text.body
    assert DECLINED in own.text.body
    outside = outbox.preview(
        settings_of(app), world.session, world.scope("root"), message_id, now=world.now
    )
    assert DECLINED not in outside.text.body


# --- By hand ------------------------------------------------------------------------------

Handle = Callable[..., None]


def release(session: Session, *args: object, **more: object) -> None:
    outbox.release(session, *args, **more, smtp=True)  # type: ignore[arg-type] # a test's shorthand


HANDLES: tuple[tuple[Handle, set[Delivery], Delivery], ...] = (
    (release, {Delivery.HELD}, Delivery.WAITING),
    (outbox.retry, {Delivery.FAILED}, Delivery.WAITING),
    (
        outbox.discard,
        {Delivery.HELD, Delivery.WAITING, Delivery.FAILED},
        Delivery.DISCARDED,
    ),
)


@pytest.mark.parametrize("key", ["tapson.unit_admin", "root"])
@pytest.mark.parametrize(("handle", "sources", "target"), HANDLES)
def test_an_administrator_handles_what_stands_so_and_it_is_noted(
    world: World, handle: Handle, sources: set[Delivery], target: Delivery, key: str
) -> None:
    message_id = of_unit(world)
    for source in sorted(sources):
        put(world, message_id, source)
        _, _, secret = stands(world, message_id)
        actor = world.actor(key)
        world.scope(key)
        handle(world.session, actor, message_id, now=world.now)
        world.session.commit()
        expected = (target, 9, None) if target is Delivery.DISCARDED else (target, 0, secret)
        assert stands(world, message_id) == expected
        with system(world.session, Purpose.LOAD):
            entry = world.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
            assert entry is not None
            assert entry.what == f"mail.{target.value}"
            assert (entry.person_id, entry.unit_id) == (actor.person_id, world.units["tapson"].id)
            assert entry.data["changes"] == {"delivery": [source.value, target.value]}


@pytest.mark.parametrize(("handle", "sources", "target"), HANDLES)
def test_what_stands_otherwise_is_refused_in_words(
    world: World, handle: Handle, sources: set[Delivery], target: Delivery
) -> None:
    message_id = of_unit(world)
    for state in set(Delivery) - sources - {Delivery.SENT, Delivery.SENDING}:
        put(world, message_id, state)
        actor = world.actor("tapson.unit_admin")
        world.scope("tapson.unit_admin")
        with pytest.raises(NotNowError, match="trạng thái"):
            handle(world.session, actor, message_id, now=world.now)
        world.session.rollback()
        assert stands(world, message_id)[0] is state


@pytest.mark.parametrize(("handle", "sources", "target"), HANDLES)
def test_others_handle_nothing(
    world: World, handle: Handle, sources: set[Delivery], target: Delivery
) -> None:
    """The recipient sees the message and may not handle it; for neighbours there is none."""
    message_id = of_unit(world)
    for key, error in (
        ("tapson.clerk", NotYoursError),
        ("ngaixuyen.unit_admin", NotFoundError),
        ("tracu.unit_admin", NotFoundError),
    ):
        put(world, message_id, min(sources))
        actor = world.actor(key)
        world.scope(key)
        with pytest.raises(error):
            handle(world.session, actor, message_id, now=world.now)
        world.session.rollback()
        assert stands(world, message_id)[0] is min(sources)


@pytest.mark.parametrize(("handle", "sources", "target"), HANDLES)
def test_a_personal_message_is_for_the_system_administrator_alone(
    world: World, handle: Handle, sources: set[Delivery], target: Delivery
) -> None:
    message_id = link(world)
    put(world, message_id, min(sources))
    for key, error in (("tapson.clerk", NotYoursError), ("tapson.unit_admin", NotFoundError)):
        actor = world.actor(key)
        world.scope(key)
        with pytest.raises(error):
            handle(world.session, actor, message_id, now=world.now)
        world.session.rollback()
    actor = world.actor("root")
    world.scope("root")
    handle(world.session, actor, message_id, now=world.now)
    world.session.commit()
    assert stands(world, message_id)[0] is target


def test_nothing_is_released_without_a_relay(world: World) -> None:
    message_id = of_unit(world)
    put(world, message_id, Delivery.HELD)
    actor = world.actor("tapson.unit_admin")
    world.scope("tapson.unit_admin")
    with pytest.raises(BlockedError, match="LTH_SMTP_URL"):
        outbox.release(world.session, actor, message_id, now=world.now, smtp=False)


def test_of_two_administrators_one_is_told(world: World) -> None:
    message_id = of_unit(world)
    put(world, message_id, Delivery.HELD)
    for key, refused in (("tapson.unit_admin", False), ("root", True)):
        actor = world.actor(key)
        world.scope(key)
        if refused:
            with pytest.raises(NotNowError, match="Đã bỏ"):
                outbox.discard(world.session, actor, message_id, now=world.now)
        else:
            outbox.discard(world.session, actor, message_id, now=world.now)
            world.session.commit()
