"""Reminders and escalation: who is told of which rung, once, and what the mail says."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session
from support.chasing import moment, more_communes, only_documents
from support.mailworld import START, World, add_role, edit
from support.queries import counted

from lth.access.scope import Purpose, system
from lth.application import settings_of
from lth.blueprints.web.extensions import sessions_of
from lth.core import clock
from lth.mail import outbox
from lth.mail.outbox import Mail
from lth.models import (
    Deadline,
    Delegation,
    Document,
    OutboxMessage,
    Participation,
    Period,
    Person,
    RoleAssignment,
    Unit,
)
from lth.models.delegation import Subject
from lth.models.document import ExtensionAnswer, SignForm
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import delivery, facts, messages, reminders
from lth.workflow.acts import Act
from lth.workflow.kinds import PLAN, SYNTHESIS

from .conftest import Moved
from .test_delivery import Stub

SITE = "http://127.0.0.1:8000"
TURN, NEWS = True, False

# The world's documents are due on Saturday 15 May 2021, corrections close on Tuesday the 25th.
WEEK, EVE, DAY, LATE, ESCALATED, OVERDUE = (date(2021, 5, day) for day in (10, 14, 15, 17, 19, 24))


@dataclass
class Desk:
    """The tick in a test's hands, and what it wrote."""

    world: World

    def tick(self, day: date, at: time = time(8)) -> int:
        """Write what is due at an hour of a day in Viet Nam, committed."""
        written = reminders.write(self.world.session, moment(day, at))
        self.world.session.commit()
        return written

    def told(self, day: date, kind: str = "reminder", unit: str | None = None) -> dict[str, bool]:
        """Who got mail that a day's tick wrote (about a unit), and whether it is their turn."""
        found = {}
        for row in self.rows(kind):
            about = row.data.get("unit_id")
            if clock.local(row.created_at).date() == day and (
                unit is None or about == self.world.units[unit].id
            ):
                key = self.key(row.person_id)
                assert key not in found
                found[key] = row.data["turn"]
        return found

    def rows(self, kind: str | None = None) -> list[Any]:
        statement = select(OutboxMessage).order_by(OutboxMessage.id)
        if kind is not None:
            statement = statement.where(OutboxMessage.kind == kind)
        with system(self.world.session, Purpose.DELIVER):
            return list(self.world.session.scalars(statement))

    def key(self, person_id: int) -> str:
        return {one: key for key, one in self.world.people.items()}[person_id]

    def mail(self, app: Flask, key: str, kind: str = "reminder") -> messages.Text:
        """The newest mail of a kind to a person, as it goes out."""
        rows = [row.id for row in self.rows(kind) if self.key(row.person_id) == key]
        with system(self.world.session, Purpose.DELIVER):
            return messages.write(settings_of(app), facts.load(self.world.session, rows)[rows[-1]])

    def set(self, document_id: int, **columns: object) -> None:
        """What the acts of extensions set."""
        with system(self.world.session, Purpose.LOAD):
            self.world.session.execute(
                update(Document).where(Document.id == document_id).values(**columns)
            )
        self.world.session.commit()

    def set_due(self, setter: str, on: date, unit: str | None = None, **more: object) -> None:
        with system(self.world.session, Purpose.LOAD):
            self.world.session.add(
                Deadline(
                    setter_id=self.world.units[setter].id,
                    unit_id=self.world.units[unit].id if unit else None,
                    period_id=self.world.period_id,
                    due_on=on,
                    **{"kind": PLAN, **more},
                )
            )
        self.world.session.commit()


@pytest.fixture
def desk(world: World) -> Desk:
    only_documents(world)
    return Desk(world)


def people(**told: bool) -> dict[str, bool]:
    """`tapson_clerk=TURN` for the clerk of Tập Sơn."""
    return {key.replace("_", ".", 1): turn for key, turn in told.items()}


CLERKS = people(tapson_clerk=TURN, tapson_clerk2=TURN)
LEADERS = people(tapson_leader=NEWS, tapson_leader2=NEWS)
SPECIALISTS = people(tracu_specialist=NEWS, tracu_specialist2=NEWS)


# --- Which rung, to whom ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "own", "above"),
    [
        (WEEK, CLERKS, {}),
        (EVE, CLERKS, {}),
        (DAY, CLERKS | LEADERS, {}),
        (LATE, CLERKS | LEADERS, {}),
        (ESCALATED, CLERKS | LEADERS, SPECIALISTS),
        (OVERDUE, LEADERS, SPECIALISTS),
    ],
)
def test_each_rung_reaches_exactly_these(
    desk: Desk, day: date, own: dict[str, bool], above: dict[str, bool]
) -> None:
    """Of a plan that was not begun; nobody whose account is closed or whose role has ended."""
    desk.tick(day)
    assert desk.told(day, unit="tapson") == own
    assert desk.told(day, "late_below") == above


@pytest.mark.parametrize("day", [WEEK - timedelta(days=1), OVERDUE + timedelta(days=3)])
def test_nothing_before_the_first_rung_and_nothing_long_after_the_last(
    desk: Desk, day: date
) -> None:
    assert desk.tick(day) == 0


def test_nothing_before_the_morning_in_viet_nam(desk: Desk) -> None:
    assert desk.tick(WEEK, time(6, 59)) == 0
    assert desk.tick(WEEK, time(7, 0)) == 3


def test_a_draft_is_with_those_who_wrote_in_it(desk: Desk) -> None:
    """Of two clerks the one who began it; of whoever has left, all the others."""
    desk.world.start("tapson.clerk")
    desk.tick(EVE)
    assert desk.told(EVE, unit="tapson") == people(tapson_clerk=TURN)
    with system(desk.world.session, Purpose.LOAD):
        desk.world.session.get_one(Person, desk.world.people["tapson.clerk"]).active = False
    desk.tick(DAY)
    assert desk.told(DAY, unit="tapson") == LEADERS | people(tapson_clerk2=TURN)


def test_all_who_wrote_in_a_draft_are_told(desk: Desk) -> None:
    document_id = desk.world.start("tapson.clerk")
    edit(desk.world, "tapson.clerk2", document_id)
    desk.tick(EVE)
    assert desk.told(EVE, unit="tapson") == CLERKS


def test_what_is_before_the_leader_is_the_leaders_turn(desk: Desk) -> None:
    document_id = desk.world.start("tapson.clerk")
    desk.world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    desk.tick(EVE)
    desk.tick(DAY)
    leaders = dict.fromkeys(LEADERS, TURN)
    assert desk.told(EVE, unit="tapson") == leaders
    assert desk.told(DAY, unit="tapson") == leaders


def sent(world: World) -> int:
    """Tập Sơn's plan, sent up."""
    document_id = world.start("tapson.clerk")
    world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    world.do("tapson.leader", document_id, Act.SUBMIT)
    return document_id


def test_nothing_to_who_has_sent_theirs_up(desk: Desk) -> None:
    sent(desk.world)
    for day in (WEEK, DAY, ESCALATED):
        desk.tick(day)
        assert desk.told(day, unit="tapson") == {}
    assert [one["unit"] for one in desk.rows("late_below")[0].data["late"]] == ["xã Ngãi Xuyên"]


def test_what_came_back_has_the_ladder_of_the_last_day_for_corrections(desk: Desk) -> None:
    document_id = sent(desk.world)
    desk.world.do("tracu.specialist", document_id, Act.OPEN)
    desk.world.do("tracu.specialist", document_id, Act.RETURN, reason="Sai số liệu")
    days = [START.date() + timedelta(days=number) for number in range(30)]
    for day in days:
        desk.tick(day)
    told = [day for day in days if desk.told(day, unit="tapson")]
    assert told == [
        *(date(2021, 5, 18), date(2021, 5, 24), date(2021, 5, 25)),
        *(date(2021, 5, 26), date(2021, 5, 28), date(2021, 6, 2)),
    ]


def test_an_amendment_of_what_is_in_force_is_owed_to_nobody(desk: Desk) -> None:
    document_id = desk.world.start("tapson.clerk")
    desk.set(document_id, in_force_number=1)
    desk.tick(DAY)
    assert desk.told(DAY, unit="tapson") == {}


def test_a_synthesis_is_owed_by_who_has_units_below_and_is_with_the_specialists(
    desk: Desk,
) -> None:
    desk.set_due("travinh", DAY, kind=SYNTHESIS)
    desk.tick(DAY)
    about = {row.data["unit"] for row in desk.rows() if row.data["kind"] == "synthesis"}
    assert about == {"huyện Trà Cú"}
    assert desk.told(DAY, unit="tracu") == people(
        tracu_specialist=TURN, tracu_specialist2=TURN, tracu_leader=NEWS
    )
    desk.tick(ESCALATED)
    above = people(travinh_specialist=NEWS, travinh_specialist2=NEWS)
    assert desk.told(ESCALATED, "late_below") == SPECIALISTS | above


def test_a_unit_that_has_ended_is_told_nothing(desk: Desk) -> None:
    with system(desk.world.session, Purpose.LOAD):
        desk.world.session.get_one(Unit, desk.world.units["tapson"].id).valid_to = DAY
    desk.tick(EVE)
    desk.tick(DAY)
    assert desk.told(EVE, unit="tapson") == CLERKS
    assert desk.told(DAY, unit="tapson") == {}


def test_a_unit_that_does_not_take_part_is_told_nothing(desk: Desk) -> None:
    with system(desk.world.session, Purpose.LOAD):
        joined = (desk.world.period_id, desk.world.units["tapson"].id)
        desk.world.session.delete(desk.world.session.get_one(Participation, joined))
    desk.tick(DAY)
    assert set(desk.told(DAY)) == {"ngaixuyen.clerk", "ngaixuyen.leader"}


def test_who_holds_two_roles_gets_one_mail_and_it_calls_to_act(desk: Desk) -> None:
    add_role(desk.world, "tapson.leader2", "tapson", Role.CLERK)
    desk.tick(DAY)
    assert desk.told(DAY, unit="tapson") == {**CLERKS, **LEADERS, "tapson.leader2": TURN}


@pytest.mark.parametrize(
    ("subject", "told"), [(Subject.ALL, True), (Subject.OWN, True), (Subject.BELOW, False)]
)
def test_who_signs_for_a_leader_is_told_of_what_they_may_sign(
    desk: Desk, subject: Subject, told: bool
) -> None:
    """While the decision holds, and of what it is about."""
    stand_in(desk, "tapson.clerk2", subject, until=DAY)
    desk.tick(DAY)
    wrote = people(tapson_clerk=TURN, tapson_clerk2=TURN)
    assert desk.told(DAY, unit="tapson") == wrote | LEADERS
    desk.tick(OVERDUE)
    assert desk.told(OVERDUE, unit="tapson") == LEADERS
    stand_in(desk, "tapson.clerk", subject, until=date(2021, 5, 31))
    with system(desk.world.session, Purpose.LOAD):
        desk.world.session.execute(delete(OutboxMessage))
    desk.tick(OVERDUE)
    assert ("tapson.clerk" in desk.told(OVERDUE, unit="tapson")) is told


def stand_in(desk: Desk, key: str, subject: Subject, until: date) -> None:
    """Have somebody of Tập Sơn sign for its leader from the start of the world until a day."""
    session, unit_id = desk.world.session, desk.world.units["tapson"].id
    first = clock.local(START).date()
    receiver_id, giver_id = desk.world.people[key], desk.world.people["tapson.leader"]
    with system(session, Purpose.LOAD):
        one = Delegation(
            unit_id=unit_id,
            giver_id=giver_id,
            receiver_id=receiver_id,
            form=SignForm.KT,
            subject=subject,
            number="12/QĐ-UBND",
            decided_on=first,
            starts_on=first,
            ends_on=until,
            created_at=START,
            created_by_id=giver_id,
        )
        session.add(one)
        session.flush()
        session.add(
            RoleAssignment(
                person_id=receiver_id,
                unit_id=unit_id,
                role=Role.LEADER,
                valid_from=first,
                valid_to=until + timedelta(days=1),
                delegation_id=one.id,
            )
        )
    session.commit()


# --- Its days -----------------------------------------------------------------------------


def test_an_own_earlier_day_is_told_first_and_the_due_day_as_well(desk: Desk, app: Flask) -> None:
    desk.set_due("tapson", date(2021, 5, 12), unit="tapson")
    days = [date(2021, 5, day) for day in range(1, 31)]
    told = {}
    for day in days:
        desk.tick(day)
        if desk.told(day, unit="tapson"):
            told[day.day] = desk.mail(app, "tapson.leader2" if day == OVERDUE else "tapson.clerk")
    assert {day: text.subject.partition("năm 2021 ")[2] for day, text in told.items()} == {
        5: "còn 5 ngày làm việc đến hạn nội bộ",
        11: "còn 1 ngày làm việc đến hạn nội bộ",
        12: "có hạn nội bộ là ngày 12/5/2021",
        15: "đến hạn ngày 15/5/2021",
        17: "quá hạn 1 ngày làm việc",
        19: "quá hạn 3 ngày làm việc",
        24: "quá hạn 6 ngày làm việc",
    }
    assert "Hạn nội bộ của đơn vị: 12/5/2021\nHạn cấp trên đặt: 15/5/2021\n" in told[12].body


def test_more_time_for_one_unit_moves_its_ladder_and_no_other(desk: Desk) -> None:
    document_id = desk.world.start("tapson.clerk")
    until = date(2021, 5, 28)
    desk.tick(WEEK)
    desk.set(
        document_id,
        asked_until=until,
        asked_answer=ExtensionAnswer.GRANTED,
        extended_until=until,
    )
    days = [date(2021, 5, day) for day in range(11, 32)]
    for day in days:
        desk.tick(day)
    told = [day.day for day in days if desk.told(day, unit="tapson")]
    assert told == [21, 27, 28, 31]
    assert [day.day for day in days if desk.told(day, unit="ngaixuyen")] == [14, 15, 17, 19, 24]
    assert {row.data["late"][0]["unit"] for row in desk.rows("late_below")} == {"xã Ngãi Xuyên"}


def test_a_deadline_for_one_unit_goes_before_that_for_all(desk: Desk) -> None:
    desk.set_due("tracu", EVE, unit="ngaixuyen")
    desk.tick(EVE)
    assert "ngaixuyen.leader" in desk.told(EVE)
    assert desk.told(EVE, unit="tapson") == CLERKS


# --- Once ---------------------------------------------------------------------------------


def test_a_rung_is_told_once_however_often_the_tick_runs(desk: Desk) -> None:
    assert desk.tick(ESCALATED) == 8
    assert [desk.tick(ESCALATED, time(hour)) for hour in (8, 9, 23)] == [0, 0, 0]
    assert desk.tick(ESCALATED + timedelta(days=1)) == 0


def test_whoever_comes_to_hold_it_later_that_day_is_not_told_again(desk: Desk) -> None:
    document_id = desk.world.start("tapson.clerk")
    desk.tick(EVE)
    desk.world.now = moment(EVE, time(9))
    desk.world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    assert desk.tick(EVE, time(10)) == 0


def test_what_a_tick_that_did_not_run_missed_is_told_for_two_working_days(desk: Desk) -> None:
    """Friday's rung still on Monday, had Monday none of its own; only the last one that came."""
    desk.set_due("tracu", date(2021, 5, 21), unit="tapson")
    missed = date(2021, 5, 14)  # a week before
    assert reminders.first_told(date(2021, 5, 18), reminders.Calendar()) == missed
    desk.tick(date(2021, 5, 18))
    assert desk.told(date(2021, 5, 18), unit="tapson") == CLERKS
    assert {row.data["rung"] for row in desk.rows() if "unit" in row.data} == {"week", "late"}


def test_what_was_missed_for_longer_is_told_no_more(desk: Desk) -> None:
    desk.set_due("tracu", date(2021, 5, 21), unit="tapson")
    desk.tick(date(2021, 5, 19))
    assert desk.told(date(2021, 5, 19), unit="tapson") == {}


def test_a_rung_from_before_it_came_back_is_not_made_up_for(desk: Desk) -> None:
    """Recalled on Tuesday: whoever recalled it knows, and Monday's rung is not told any more."""
    document_id = sent(desk.world)
    desk.world.now = moment(date(2021, 5, 18), time(7, 30))
    desk.world.do("tapson.clerk", document_id, Act.RECALL)
    desk.tick(date(2021, 5, 18))
    assert desk.told(date(2021, 5, 18), unit="tapson") == {}
    desk.tick(ESCALATED)
    assert desk.told(ESCALATED, unit="tapson") == LEADERS | people(tapson_clerk=TURN)


def test_two_ticks_at_once_write_one(
    desk: Desk, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has read, and found nothing written yet, before the first commits."""
    arrived = threading.Event()
    write = outbox.write

    def arrive(session: Session, mails: list[Mail], now: datetime) -> Sequence[Row[Any]]:
        arrived.set()
        return write(session, mails, now)

    def second() -> int:
        with sessions_of(app)() as session:
            written = reminders.write(session, moment(ESCALATED))
            session.commit()
            return written

    first = reminders.write(desk.world.session, moment(ESCALATED))
    monkeypatch.setattr(outbox, "write", arrive)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(second)
        if desk.world.session.get_bind().dialect.name == "postgresql":
            assert arrived.wait(30)  # on SQLite it waits before it reads
        desk.world.session.commit()
        assert (first, other.result(30)) == (8, 0)
    assert len(desk.rows()) == 8


def test_what_is_not_committed_was_not_told(desk: Desk) -> None:
    assert reminders.write(desk.world.session, moment(ESCALATED)) == 8
    desk.world.session.rollback()
    assert desk.tick(ESCALATED) == 8


# --- As many queries however many units ---------------------------------------------------


def test_more_units_cost_no_statement_more(desk: Desk) -> None:
    def statements(day: date) -> int:
        with counted(desk.world.session) as found:
            assert reminders.write(desk.world.session, moment(day))
        desk.world.session.commit()
        return len(found)

    before = statements(ESCALATED)
    more_communes(desk.world, *(f"new{number}" for number in range(40)))
    assert statements(OVERDUE) == before <= 12
    assert len(desk.rows("late_below")[-1].data["late"]) == 42


# --- What is pointless by the time it could go out ----------------------------------------


@pytest.fixture
def drain(app: Flask, moved: Moved) -> Callable[[date], tuple[delivery.DrainReport, list[str]]]:
    """Drain at 9:00 of a day; what was done, and why rows were discarded."""

    def run(day: date) -> tuple[delivery.DrainReport, list[str]]:
        moved.at = moment(day, time(9))
        report = delivery.drain(settings_of(app), sessions_of(app), now=moved, relay=Stub())
        discarded = OutboxMessage.delivery == Delivery.DISCARDED
        with sessions_of(app)() as session, system(session, Purpose.DELIVER):
            reasons = session.scalars(select(OutboxMessage.last_error).where(discarded)).all()
        return report, sorted(set(reasons))

    return run


def only(desk: Desk, kind: str, key: str) -> None:
    """Leave of what waits the mail of a kind to one person."""
    with system(desk.world.session, Purpose.DELIVER):
        for row in desk.rows():
            if row.kind != kind or desk.key(row.person_id) != key:
                desk.world.session.delete(row)
    desk.world.session.commit()


def test_who_has_sent_it_meanwhile_is_not_reminded(desk: Desk, drain) -> None:
    document_id = desk.world.start("tapson.clerk")
    desk.world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    desk.tick(DAY)
    desk.world.now = moment(DAY, time(8, 30))
    desk.world.do("tapson.leader", document_id, Act.SUBMIT)
    only(desk, "reminder", "tapson.leader")
    assert drain(DAY) == (delivery.DrainReport(discarded=1), ["done"])


def test_a_day_that_was_moved_meanwhile_is_not_told(desk: Desk, drain) -> None:
    document_id = desk.world.start("tapson.clerk")
    desk.tick(DAY)
    desk.set(document_id, extended_until=date(2021, 5, 28))
    only(desk, "reminder", "tapson.leader")
    assert drain(DAY) == (
        delivery.DrainReport(discarded=1),
        ["day_moved"],
    )


def test_a_reminder_that_still_holds_goes_out_whoever_holds_the_document(desk: Desk, drain) -> None:
    document_id = desk.world.start("tapson.clerk")
    desk.tick(DAY)
    desk.world.now = moment(DAY, time(8, 30))
    desk.world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    only(desk, "reminder", "tapson.leader")
    assert drain(DAY) == (delivery.DrainReport(sent=1), [])


@pytest.mark.parametrize("left", [True, False])
def test_the_unit_above_is_told_while_one_of_them_is_late(desk: Desk, drain, left: bool) -> None:
    ids = [desk.world.start(f"{unit}.clerk") for unit in ("tapson", "ngaixuyen")]
    desk.tick(ESCALATED)
    for document_id in ids[left:]:
        desk.set(document_id, extended_until=date(2021, 6, 30))
    only(desk, "late_below", "tracu.specialist")
    report, _ = drain(ESCALATED)
    assert report == (delivery.DrainReport(sent=1) if left else delivery.DrainReport(discarded=1))


# --- What it says -------------------------------------------------------------------------


def test_a_reminder_says_what_is_due_what_to_do_and_what_comes_next(desk: Desk, app: Flask) -> None:
    document_id = desk.world.start("tapson.clerk")
    desk.tick(WEEK)
    text = desk.mail(app, "tapson.clerk")
    assert text.subject == "[Kế hoạch CLB] Xã Tập Sơn: kế hoạch năm 2021 còn 4 ngày làm việc"
    assert (
        text.body
        == f"""\
Kính gửi clerk tapson.clerk,

Đến lượt anh/chị: hoàn thiện và trình kế hoạch năm 2021.

Kế hoạch năm 2021 của xã Tập Sơn đang được soạn, chưa trình.

Hạn nộp: 15/5/2021 (tính từ 10/5/2021 còn 4 ngày làm việc)
Cấp trên nhận văn bản đến 24:00 ngày 25/5/2021.

Nếu không kịp, đơn vị xin gia hạn ngay trên trang của văn bản.

Nếu vẫn chưa trình, hệ thống nhắc tiếp:
- 14/5/2021: người đang giữ văn bản
- 15/5/2021: người đang giữ văn bản, lãnh đạo đơn vị
- 17/5/2021: người đang giữ văn bản, lãnh đạo đơn vị
- 19/5/2021: người đang giữ văn bản, lãnh đạo đơn vị, chuyên viên cấp trên
- 24/5/2021: lãnh đạo đơn vị, chuyên viên cấp trên

Mở văn bản: {SITE}/commune/documents/{document_id}

--
Thư tự động của hệ thống lập kế hoạch Câu lạc bộ Liên thế hệ tự giúp nhau.
Anh/chị không cần trả lời thư này. Địa chỉ hệ thống: {SITE}
"""
    )


def test_of_what_was_not_begun_it_leads_to_where_it_is_begun(desk: Desk, app: Flask) -> None:
    desk.tick(DAY)
    clerk, leader = (desk.mail(app, f"tapson.{role}") for role in ("clerk", "leader"))
    assert "Đến lượt anh/chị: lập và trình kế hoạch năm 2021." in clerk.body
    address = f"/commune/documents/new?period={desk.world.period_id}&kind=plan\n"
    assert f"Bắt đầu lập: {SITE}{address}" in clerk.body
    assert "Xã Tập Sơn chưa bắt đầu lập kế hoạch năm 2021." in leader.body
    assert "Đến lượt" not in leader.body
    assert "đề nghị nhắc người đang giữ văn bản" in leader.body
    assert f"Mở bàn làm việc: {SITE}/commune/\n" in leader.body


def test_the_last_one_says_so_and_what_is_closed(desk: Desk, app: Flask) -> None:
    desk.world.start("tapson.clerk")
    with system(desk.world.session, Purpose.LOAD):
        desk.world.session.execute(update(Deadline).values(last_correction_on=date(2021, 5, 20)))
    desk.tick(OVERDUE)
    body = desk.mail(app, "tapson.leader").body
    assert "Đây là lần nhắc cuối cùng của hệ thống." in body
    assert "Đã hết hạn nhận văn bản từ 24:00 ngày 20/5/2021" in body
    assert "đã quá 6 ngày làm việc)" in body


def test_grace_and_an_open_request_for_more_time_are_told(desk: Desk, app: Flask) -> None:
    document_id = desk.world.start("tapson.clerk")
    desk.set_due("tracu", EVE, unit="tapson", grace_days=2)
    desk.set(document_id, asked_until=date(2021, 5, 28))
    desk.tick(EVE)
    body = desk.mail(app, "tapson.clerk").body
    assert "Hạn nộp: 14/5/2021\nNgày cuối tính cả gia hạn: 18/5/2021\n" in body
    assert "Đã xin gia hạn đến hết ngày 28/5/2021, đang chờ trả lời." in body
    assert "Nếu không kịp" not in body


def test_what_came_back_is_to_be_mended(desk: Desk, app: Flask) -> None:
    document_id = sent(desk.world)
    desk.world.do("tracu.specialist", document_id, Act.OPEN)
    desk.world.do("tracu.specialist", document_id, Act.RETURN, reason="Sai số liệu")
    desk.tick(date(2021, 5, 24))
    body = desk.mail(app, "tapson.clerk").body
    assert "Đến lượt anh/chị: sửa kế hoạch năm 2021 theo nhận xét rồi trình lại." in body
    assert "Hạn trình lại: 25/5/2021 (tính từ 24/5/2021 còn 1 ngày làm việc)" in body
    desk.world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    desk.tick(date(2021, 5, 25))
    body = desk.mail(app, "tapson.leader").body
    assert "Đến lượt anh/chị: xem xét kế hoạch năm 2021" in body
    assert "Hạn trình lại: 25/5/2021\n" in body


def test_the_unit_above_gets_one_letter_about_all(desk: Desk, app: Flask) -> None:
    document_id = desk.world.start("tapson.clerk")
    desk.set(document_id, asked_until=date(2021, 5, 28))
    desk.tick(ESCALATED)
    text = desk.mail(app, "tracu.specialist", "late_below")
    assert text.subject == "[Kế hoạch CLB] 2 đơn vị quá hạn trình kế hoạch năm 2021"
    assert (
        """
Tính đến ngày 19/5/2021, những đơn vị sau đã quá hạn mà chưa trình kế hoạch năm 2021 lên huyện Trà Cú:

- Xã Ngãi Xuyên: hạn 15/5/2021, quá 3 ngày làm việc, chưa bắt đầu lập
- Xã Tập Sơn: hạn 15/5/2021, quá 3 ngày làm việc, dự thảo; xin gia hạn đến 28/5/2021, chưa được trả lời

Các đơn vị này cũng đã được nhắc. Anh/chị có thể trả lời đề nghị gia hạn nếu có, hoặc liên hệ để gỡ vướng mắc.
Đơn vị nào vẫn chưa trình thì anh/chị được nhắc lại vào ngày 24/5/2021.

"""  # noqa: E501 - as the mail has them
        in text.body
    )
    address = f"/district/inbox?period={desk.world.period_id}&kind=plan\n"
    assert f"Mở danh sách cấp dưới trình: {SITE}{address}" in text.body
    desk.tick(OVERDUE)
    assert "lần nhắc cuối" in desk.mail(app, "tracu.specialist", "late_below").body


def test_a_reminder_is_in_the_thread_of_its_document(
    desk: Desk, app: Flask, make_app: Callable[..., Flask], post, moved: Moved
) -> None:
    desk.world.start("tapson.clerk")
    desk.tick(WEEK)
    moved.at = moment(WEEK, time(9))
    app = make_app(LTH_SMTP_URL=post.url)
    assert delivery.drain(settings_of(app), sessions_of(app), now=moved).sent == 2
    threads = {str(mail["To"]).split("<")[-1]: mail["References"] for mail in post.taken}
    assert threads["ngaixuyen.clerk@lth.example>"] is None
    assert "document." in threads["tapson.clerk@lth.example>"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_left_open_in_either_language(desk: Desk, app: Flask, language: str) -> None:
    with system(desk.world.session, Purpose.LOAD):
        desk.world.session.execute(update(Person).values(language=language))
        desk.world.session.get_one(Period, desk.world.period_id).code = "2021-2025"
    desk.world.session.commit()
    for day in (WEEK, EVE, DAY, LATE, ESCALATED, OVERDUE):
        desk.tick(day)
    with system(desk.world.session, Purpose.DELIVER):
        known = facts.load(desk.world.session, [row.id for row in desk.rows()])
    assert len(known) > 20
    for one in known.values():
        text = messages.write(settings_of(app), one)
        assert text.language == language
        for hole in ("%(", "None", "{", "}", "\n\n\n", " ,", " ."):
            assert hole not in text.body + text.subject
