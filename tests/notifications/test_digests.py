"""Digests: mail gathered into one letter each morning, for those who want it so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from email.message import EmailMessage
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update
from support.chasing import moment
from support.mailworld import DECLINED, World, add_role
from support.queries import counted
from support.smtp import Post

from lth.access.scope import Purpose, system
from lth.administration import accounts, links
from lth.administration.links import LinkKind
from lth.application import settings_of
from lth.blueprints.web.extensions import sessions_of
from lth.core.errors import NotFoundError
from lth.mail.declarations import Withheld
from lth.models import Document, OutboxMessage, Person
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import delivery, digests, leases, messages, outbox, reminders, validity
from lth.notifications.facts import MailFacts
from lth.notifications.messages import Text
from lth.notifications.smtp import DelayedError
from lth.workflow.acts import Act

from .conftest import Moved
from .test_delivery import Stub

SITE = "http://127.0.0.1:8000"
CLERK, LEADER = "tapson.clerk", "tapson.leader"

# The world begins on Friday 7 May 2021 at 8; its documents are due on Saturday the 15th.
FRIDAY, SATURDAY, SUNDAY = (date(2021, 5, day) for day in (7, 8, 9))


@dataclass
class Mailbox:
    """Choosing, gathering and sending in a test's hands."""

    world: World
    app: Flask
    clock: Moved

    def choose(self, key: str, *, gathered: bool = True) -> None:
        accounts.choose_mail(self.world.session, self.world.people[key], gathered=gathered)
        self.world.session.commit()

    def gather(self, day: date, at: time = time(7)) -> int:
        """Write the digests of an hour in Viet Nam, committed."""
        self.clock.at = moment(day, at)
        written = digests.write(self.world.session, self.clock.at)
        self.world.session.commit()
        return written

    def drain(self, relay: Stub | None = None) -> list[EmailMessage]:
        """Send what is due now; the mails that went out."""
        taken: list[EmailMessage] = []
        self.world.session.rollback()  # a page that was looked at waits for nobody
        delivery.drain(
            settings_of(self.app),
            sessions_of(self.app),
            now=self.clock,
            relay=relay or Stub(taken.append),
        )
        return taken

    def rows(self, key: str, kind: str | None = None) -> list[OutboxMessage]:
        """A person's messages, the oldest first, as they stand."""
        statement = (
            select(OutboxMessage)
            .where(OutboxMessage.person_id == self.world.people[key])
            .order_by(OutboxMessage.id)
            .execution_options(populate_existing=True)
        )
        if kind is not None:
            statement = statement.where(OutboxMessage.kind == kind)
        with system(self.world.session, Purpose.DELIVER):
            return list(self.world.session.scalars(statement))

    def states(self, key: str) -> list[tuple[str, str]]:
        return [(row.kind, row.delivery.value) for row in self.rows(key)]

    def facts(self, key: str) -> MailFacts:
        """A person's newest digest."""
        digest_id = self.rows(key, digests.KIND)[-1].id
        with system(self.world.session, Purpose.DELIVER):
            return validity.sending(self.world.session, [digest_id], self.clock.at)[digest_id]

    def letter(self, key: str) -> Text:
        return messages.write(settings_of(self.app), self.facts(key))


def to(mail: EmailMessage) -> str:
    """Whose address a mail goes to."""
    return str(mail["To"].addresses[0].addr_spec)


@pytest.fixture
def box(world: World, app: Flask, moved: Moved) -> Mailbox:
    return Mailbox(world, app, moved)


def declined(world: World, document_id: int | None = None) -> int:
    """A plan of Tập Sơn that its leader sent back to the clerk."""
    document_id = document_id or world.start(CLERK)
    world.do(CLERK, document_id, Act.SEND_FOR_CLEARANCE)
    world.do(LEADER, document_id, Act.DECLINE, reason=DECLINED)
    return document_id


def sent_up(world: World, document_id: int) -> None:
    world.do(CLERK, document_id, Act.SEND_FOR_CLEARANCE)
    world.do(LEADER, document_id, Act.SUBMIT)


def link(world: World, key: str) -> None:
    """A one-time link for a person."""
    with system(world.session, Purpose.SIGN_IN):
        links.send(world.session, LinkKind.PASSWORD_RESET, world.people[key], world.now)
    world.session.commit()


# --- What waits, and until when -----------------------------------------------------------


def test_what_is_gathered_waits_for_the_morning_and_goes_as_one(box: Mailbox) -> None:
    box.choose(CLERK)
    document_id = declined(box.world)
    declined(box.world, document_id)
    box.clock.at = moment(FRIDAY, time(20))
    assert {to(mail) for mail in box.drain()} == {
        "tapson.leader@lth.example",
        "tapson.leader2@lth.example",
    }
    assert box.states(CLERK) == [("decline", "waiting")] * 2
    assert box.gather(SATURDAY, time(6, 59)) == 0
    assert box.gather(SATURDAY) == 1
    assert box.states(CLERK) == [*[("decline", "bundled")] * 2, ("digest", "waiting")]
    first, second, digest = box.rows(CLERK)
    assert first.digest_id == second.digest_id == digest.id
    [mail] = box.drain()
    assert to(mail) == "tapson.clerk@lth.example"
    assert box.states(CLERK)[-1] == ("digest", "sent")
    assert box.drain() == []


def test_a_one_time_link_waits_for_no_morning(box: Mailbox) -> None:
    box.choose(CLERK)
    link(box.world, CLERK)
    assert len(box.drain()) == 1
    assert box.gather(SATURDAY) == 0
    assert box.states(CLERK) == [("password_reset", "sent")]


def test_who_has_nothing_waiting_gets_no_letter(box: Mailbox) -> None:
    box.choose(CLERK)
    box.choose(LEADER)
    declined(box.world)
    box.clock.at = moment(FRIDAY, time(9))
    box.drain()
    assert box.gather(SATURDAY) == 2
    assert box.gather(SUNDAY) == 0


def test_one_a_day_and_what_comes_later_is_for_the_next_morning(box: Mailbox) -> None:
    box.choose(CLERK)
    document_id = declined(box.world)
    assert box.gather(SATURDAY) == 1
    box.world.now = moment(SATURDAY, time(7, 30))
    declined(box.world, document_id)
    assert box.gather(SATURDAY, time(7, 40)) == 0
    assert box.gather(SATURDAY, time(23, 59)) == 0
    assert box.states(CLERK)[-1] == ("decline", "waiting")
    assert box.gather(SUNDAY) == 1
    assert [row.data["on"] for row in box.rows(CLERK, "digest")] == ["2021-05-08", "2021-05-09"]


def test_what_is_written_after_the_morning_makes_no_letter_the_same_day(box: Mailbox) -> None:
    box.choose(CLERK)
    box.world.now = moment(SATURDAY, time(9))
    declined(box.world)
    assert box.gather(SATURDAY, time(15)) == 0
    assert box.gather(SUNDAY) == 1


def test_what_waited_overnight_goes_late_where_nothing_ran_in_the_morning(box: Mailbox) -> None:
    box.choose(CLERK)
    declined(box.world)
    assert box.gather(SATURDAY, time(16)) == 1


@pytest.mark.parametrize("at", [time(7), time(13)])
def test_a_reminder_goes_with_the_letter_of_its_own_day(box: Mailbox, at: time) -> None:
    """Also where nothing ran until noon: it is about that day."""
    box.choose(CLERK)
    day = date(2021, 5, 10)
    reminders.write(box.world.session, moment(day, at))
    box.world.session.commit()
    assert box.gather(day, at) == 1
    assert [row.kind for row in box.rows(CLERK)] == ["reminder", "digest"]


def test_without_smtp_the_letter_is_held_and_not_what_waits_for_it(box: Mailbox) -> None:
    box.choose(CLERK)
    declined(box.world)
    sessions = sessions_of(box.app)
    delivery.drain(settings_of(box.app), sessions, now=box.clock)
    assert box.states(CLERK) == [("decline", "waiting")]
    assert box.states(LEADER) == [("send_for_clearance", "held")]
    box.gather(SATURDAY)
    delivery.drain(settings_of(box.app), sessions, now=box.clock)
    assert box.states(CLERK) == [("decline", "bundled"), ("digest", "held")]


# --- Changing one's mind, and several at once ----------------------------------------------


def test_who_wants_it_at_once_again_gets_at_once_what_waits(box: Mailbox) -> None:
    box.choose(CLERK)
    declined(box.world)
    box.clock.at = moment(FRIDAY, time(9))
    assert len(box.drain()) == 2  # the leaders'
    box.choose(CLERK, gathered=False)
    assert len(box.drain()) == 1
    box.choose(CLERK)
    assert box.gather(SATURDAY) == 0


def test_a_letter_that_is_made_goes_out_whatever_is_chosen_then(box: Mailbox) -> None:
    box.choose(CLERK)
    declined(box.world)
    box.gather(SATURDAY)
    box.choose(CLERK, gathered=False)
    assert len([mail for mail in box.drain() if "việc cần làm" in mail["Subject"]]) == 1
    assert box.states(CLERK) == [("decline", "bundled"), ("digest", "sent")]


@pytest.mark.parametrize("taken", [True, False])
def test_what_a_drain_has_in_hand_when_its_reader_changes_their_mind(
    box: Mailbox, taken: bool
) -> None:
    """It goes out by itself; only if the relay puts it off it is gathered. Neither twice."""
    declined(box.world)

    def choose_meanwhile(mail: EmailMessage) -> None:
        if to(mail) != "tapson.clerk@lth.example":
            return
        box.choose(CLERK)
        assert box.gather(SATURDAY) == 0
        if not taken:
            raise DelayedError("451 later")

    box.clock.at = moment(SATURDAY, time(7))
    box.drain(Stub(choose_meanwhile))
    assert box.states(CLERK) == [("decline", "sent" if taken else "waiting")]
    box.clock.move(hours=1)
    assert box.drain() == []
    assert box.gather(SUNDAY) == (0 if taken else 1)


def test_what_a_killed_drain_left_behind_is_sent_by_another(box: Mailbox) -> None:
    declined(box.world)
    with (
        sessions_of(box.app)() as session,
        system(session, Purpose.DELIVER),
    ):
        leases.claim(session, moment(FRIDAY, time(9)), 10)
        session.commit()
    box.choose(CLERK)
    assert box.gather(SATURDAY) == 0
    assert "tapson.clerk@lth.example" in {
        str(mail["To"].addresses[0].addr_spec) for mail in box.drain()
    }


@contextmanager
def in_hand(box: Mailbox):
    """A drain is taking what is due, and has not committed."""
    with sessions_of(box.app)() as session, system(session, Purpose.DELIVER):
        yield leases.claim(session, box.clock(), 10)
        session.commit()


@pytest.mark.databases("postgres")
def test_a_digest_neither_waits_for_a_drain_nor_takes_its_rows(box: Mailbox) -> None:
    declined(box.world)
    box.clock.at = moment(SATURDAY, time(7))
    with in_hand(box) as claimed:
        box.choose(CLERK)
        assert box.gather(SATURDAY) == 0
    assert len(claimed) == 3
    assert box.states(CLERK) == [("decline", "sending")]


def test_of_many_ticks_at_once_one_makes_the_letter(box: Mailbox) -> None:
    everybody = [CLERK, LEADER, "tapson.leader2", "tracu.specialist", "tracu.specialist2"]
    for key in everybody:
        box.choose(key)
    sent_up(box.world, declined(box.world))
    box.world.session.close()
    sessions, start = sessions_of(box.app), Barrier(4)

    def tick(_number: int) -> int:
        with sessions() as session:
            start.wait(10)
            written = digests.write(session, moment(SATURDAY, time(7)))
            session.commit()
            return written

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(tick, range(4))) == len(everybody)
    for key in everybody:
        assert [row.delivery for row in box.rows(key, "digest")] == [Delivery.WAITING]
        assert {row.delivery for row in box.rows(key) if row.kind != "digest"} == {Delivery.BUNDLED}


# --- The letter ---------------------------------------------------------------------------


def test_the_letter_leads_with_what_needs_an_act(box: Mailbox) -> None:
    for key in (CLERK, LEADER):
        box.choose(key)
    document_id = declined(box.world)
    box.gather(SATURDAY)
    assert box.letter(CLERK) == Text(
        "[Kế hoạch CLB] Thư ngày 08/5/2021: 1 việc cần làm",
        f"""\
Kính gửi clerk tapson.clerk,

Việc cần anh/chị làm (1)

- Xã Tập Sơn: kế hoạch năm 2021 được lãnh đạo chuyển lại
  Sửa kế hoạch năm 2021 theo lý do nêu dưới đây rồi trình lãnh đạo lại. Hạn trình: 15/5/2021
  Lý do: {DECLINED}
  {SITE}/commune/documents/{document_id}

Anh/chị nhận thư gộp mỗi buổi sáng theo lựa chọn của mình. Đổi lựa chọn: {SITE}/account

--
Thư tự động của hệ thống lập kế hoạch Câu lạc bộ Liên thế hệ tự giúp nhau.
Anh/chị không cần trả lời thư này. Địa chỉ hệ thống: {SITE}
""",
        "vi",
    )


def test_what_is_done_by_the_morning_is_news_only(box: Mailbox) -> None:
    """The leader was asked to clear a plan that has been sent back to its drafter since."""
    box.choose(LEADER)
    declined(box.world)
    box.gather(SATURDAY)
    text = box.letter(LEADER)
    assert text.subject == "[Kế hoạch CLB] Thư ngày 08/5/2021: 1 tin"
    assert "Việc cần anh/chị làm" not in text.body
    assert "Tin khác (1)" in text.body
    assert "Kế hoạch năm 2021 của xã Tập Sơn đã được trình lãnh đạo." in text.body


def test_each_thing_to_do_is_asked_for_once_the_newest_word_first(box: Mailbox) -> None:
    box.choose(CLERK)
    document_id = declined(box.world)
    declined(box.world, document_id)
    day = date(2021, 5, 10)
    reminders.write(box.world.session, moment(day))
    box.world.session.commit()
    box.gather(day, time(8))
    body = box.letter(CLERK).body
    to_do, news = body.split("Tin khác (2)")
    assert "Việc cần anh/chị làm (1)" in to_do
    assert "Xã Tập Sơn: kế hoạch năm 2021 còn 4 ngày làm việc" in to_do
    assert "Hoàn thiện và trình kế hoạch năm 2021. Hạn nộp: 15/5/2021" in to_do
    assert news.count("được lãnh đạo chuyển lại") == 2


def test_a_round_late_below_is_told_by_its_units(box: Mailbox) -> None:
    box.choose("tracu.specialist")
    day = date(2021, 5, 19)
    reminders.write(box.world.session, moment(day))
    box.world.session.commit()
    box.gather(day, time(8))
    body = box.letter("tracu.specialist").body
    assert "2 đơn vị quá hạn trình kế hoạch năm 2021" in body
    assert (
        "Quá hạn: Xã Ngãi Xuyên, Xã Tập Sơn" in body or "Quá hạn: Xã Tập Sơn, Xã Ngãi Xuyên" in body
    )
    assert f"{SITE}/district/inbox?period=" in body


def test_what_is_urgent_comes_first(box: Mailbox) -> None:
    """A reminder of today's day before an older task with no day at all."""
    with system(box.world.session, Purpose.LOAD):
        add_role(box.world, CLERK, "ngaixuyen", Role.CLERK)
        box.world.session.commit()
    box.choose(CLERK)
    declined(box.world)
    with system(box.world.session, Purpose.LOAD):
        box.world.session.execute(update(Document).values(extended_until=date(2021, 6, 30)))
        box.world.session.commit()
    day = date(2021, 5, 10)
    reminders.write(box.world.session, moment(day))
    box.world.session.commit()
    box.gather(day, time(8))
    body = box.letter(CLERK).body
    assert "Việc cần anh/chị làm (2)" in body
    assert body.index("Xã Ngãi Xuyên") < body.index("Xã Tập Sơn")


def test_it_is_in_its_readers_language(box: Mailbox) -> None:
    box.choose(CLERK)
    declined(box.world)
    with system(box.world.session, Purpose.LOAD):
        box.world.session.get_one(Person, box.world.people[CLERK]).language = "en"
        box.world.session.commit()
    box.gather(SATURDAY)
    text = box.letter(CLERK)
    assert text.language == "en"
    assert "Xã Tập Sơn: plan for 2021" in text.body


def test_a_reminder_that_is_over_by_the_time_is_left_out(box: Mailbox) -> None:
    box.choose(CLERK)
    document_id = declined(box.world)
    day = date(2021, 5, 14)
    reminders.write(box.world.session, moment(day))
    box.world.session.commit()
    box.gather(day, time(8))
    assert "đến hạn ngày 15/5/2021" in box.letter(CLERK).body
    box.world.now = moment(day, time(9))
    sent_up(box.world, document_id)
    text = box.letter(CLERK)
    assert text.subject.endswith("1 tin")
    assert "đến hạn ngày" not in text.body
    assert [mail["Subject"] for mail in box.drain() if "Thư ngày" in mail["Subject"]]


def test_a_letter_of_nothing_but_such_is_not_sent(box: Mailbox) -> None:
    box.choose(CLERK)
    day = date(2021, 5, 14)
    reminders.write(box.world.session, moment(day))
    box.world.session.commit()
    box.gather(day, time(8))
    box.world.now = moment(day, time(9))
    sent_up(box.world, box.world.start(CLERK))
    box.drain()
    [digest] = box.rows(CLERK, "digest")
    assert digest.delivery is Delivery.DISCARDED
    assert digest.last_error == Withheld.NOTHING_LEFT


def test_a_message_that_cannot_be_written_holds_up_none_of_the_others(
    box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    box.choose(CLERK)
    document_id = declined(box.world)
    declined(box.world, document_id)
    first = box.rows(CLERK)[0].id
    with system(box.world.session, Purpose.LOAD):
        box.world.session.get_one(OutboxMessage, first).kind = "no_such_kind"
        box.world.session.commit()
    box.gather(SATURDAY)
    body = box.letter(CLERK).body
    assert f"{SITE}/notices/{first}" in body
    assert "được lãnh đạo chuyển lại" in body
    assert f"mail {first} cannot be written" in caplog.text


def test_a_letter_costs_the_same_however_much_is_in_it(box: Mailbox) -> None:
    box.choose(CLERK)
    document_id = declined(box.world)
    box.gather(SATURDAY)
    with counted(box.world.session) as few:
        box.facts(CLERK)
    box.world.now = moment(SATURDAY, time(9))
    for _ in range(7):
        declined(box.world, document_id)
    box.gather(SUNDAY)
    with counted(box.world.session) as many:
        assert len(box.facts(CLERK).bundled) == 7
    assert len(few) == len(many)


def test_it_goes_over_a_real_relay_that_refuses_it_at_first(
    box: Mailbox, make_app: Callable[..., Flask], post: Post
) -> None:
    box.choose(CLERK)
    declined(box.world)
    box.gather(SATURDAY)
    box.app = make_app(LTH_SMTP_URL=post.url)
    answers = iter(["451 later"])
    post.at_rcpt = lambda address: (
        next(answers, "250 OK") if "tapson.clerk" in address else "250 OK"
    )
    sessions = sessions_of(box.app)
    delivery.drain(settings_of(box.app), sessions, now=box.clock)
    assert "tapson.clerk@lth.example" not in post.recipients
    box.clock.move(minutes=5)
    delivery.drain(settings_of(box.app), sessions, now=box.clock)
    assert post.recipients.count("tapson.clerk@lth.example") == 1


# --- On the page of outgoing mail ---------------------------------------------------------


def preview(box: Mailbox, key: str, message_id: int) -> outbox.Preview:
    scope = box.world.scope(key)
    return outbox.preview(
        settings_of(box.app), box.world.session, scope, message_id, now=box.clock()
    )


def test_it_is_shown_as_it_goes_out_and_hides_what_its_messages_hide(box: Mailbox) -> None:
    """Why a leader sent a draft back stays in the unit, in a digest too."""
    box.choose(CLERK)
    declined(box.world)
    box.gather(SATURDAY)
    decline, digest = box.rows(CLERK)
    for key in (CLERK, "tapson.unit_admin"):
        assert DECLINED in preview(box, key, digest.id).text.body
        assert preview(box, key, decline.id).digest_id == digest.id
    outside = preview(box, "root", digest.id).text.body
    assert DECLINED not in outside
    assert messages.MASK in outside
    for key in ("tracu.unit_admin", "tapson.leader"):
        with pytest.raises(NotFoundError):
            preview(box, key, digest.id)


def test_a_letter_of_two_units_is_its_readers_and_no_one_units(box: Mailbox) -> None:
    with system(box.world.session, Purpose.LOAD):
        add_role(box.world, CLERK, "ngaixuyen", Role.CLERK)
        box.world.session.commit()
    box.choose(CLERK)
    declined(box.world)
    day = date(2021, 5, 10)
    reminders.write(box.world.session, moment(day))
    box.world.session.commit()
    box.gather(day, time(8))
    [digest] = box.rows(CLERK, "digest")
    assert digest.unit_id is None
    decline = box.rows(CLERK, "decline")[0]
    assert "Ngãi Xuyên" in preview(box, CLERK, digest.id).text.body
    for key in ("tapson.unit_admin", "ngaixuyen.unit_admin"):
        with pytest.raises(NotFoundError):
            preview(box, key, digest.id)
    assert preview(box, "tapson.unit_admin", decline.id).digest_id is None
    assert preview(box, "root", decline.id).digest_id == digest.id


def test_a_letter_that_went_out_is_shown_as_it_went(box: Mailbox) -> None:
    box.choose(CLERK)
    document_id = declined(box.world)
    box.gather(SATURDAY)
    before = preview(box, CLERK, box.rows(CLERK, "digest")[0].id).text
    box.drain()
    box.world.now = moment(SATURDAY, time(9))
    sent_up(box.world, document_id)
    assert preview(box, CLERK, box.rows(CLERK, "digest")[0].id).text == before


def test_the_list_and_the_counts_tell_what_is_left_for_the_morning(box: Mailbox) -> None:
    box.choose(CLERK)
    declined(box.world)
    scope = box.world.scope("tapson.unit_admin")
    queue = outbox.queue(box.world.session, scope)
    assert (queue.counts[Delivery.WAITING], queue.for_morning, queue.retried) == (3, 1, 0)
    lines = outbox.listing(settings_of(box.app), box.world.session, scope).lines
    assert {line.recipient.email.split("@")[0]: line.waits_for_morning for line in lines} == {
        "tapson.clerk": True,
        "tapson.leader": False,
        "tapson.leader2": False,
    }
    box.gather(SATURDAY)
    scope = box.world.scope("tapson.unit_admin")
    queue = outbox.queue(box.world.session, scope)
    assert (queue.counts[Delivery.BUNDLED], queue.for_morning) == (1, 0)
    subjects = [
        line.subject
        for line in outbox.listing(settings_of(box.app), box.world.session, scope).lines
    ]
    assert subjects[0] == "[Kế hoạch CLB] Thư ngày 08/5/2021: 1 việc cần làm"


def test_what_an_administrator_tries_again_waits_for_the_morning_too(box: Mailbox) -> None:
    box.choose(CLERK)
    declined(box.world)
    [row] = box.rows(CLERK)
    with system(box.world.session, Purpose.LOAD):
        box.world.session.get_one(OutboxMessage, row.id).delivery = Delivery.FAILED
        box.world.session.commit()
    assert box.gather(SATURDAY) == 0
    actor = box.world.actor("tapson.unit_admin")
    box.world.scope("tapson.unit_admin")
    outbox.retry(box.world.session, actor, row.id, now=moment(SATURDAY) - timedelta(hours=1))
    box.world.session.commit()
    scope = box.world.scope("tapson.unit_admin")
    assert outbox.waits_for_morning(box.world.session, scope, row.id)
    assert box.gather(SATURDAY) == 1
