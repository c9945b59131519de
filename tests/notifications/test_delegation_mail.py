"""What the letters about a decision that lets another sign say, read from their rows."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from support.mailworld import START, World

from lth.access.actor import LENT, Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import delegation_commands
from lth.administration.context import AdminContext
from lth.administration.delegation_commands import Decision
from lth.application import settings_of
from lth.models import OutboxMessage, Person, Programme, RoleAssignment, Unit
from lth.models.delegation import Subject
from lth.models.document import SignForm
from lth.notifications import facts, messages
from lth.notifications.messages import Text
from lth.workflow.acts import Act

SITE = "http://127.0.0.1:8000"
TODAY = START.date()


@pytest.fixture
def given(world: World):
    """The leader of Tập Sơn lets the other one sign for a week; the id of the decision."""

    def record(form: SignForm = SignForm.KT, number: str = "12/QĐ-UBND", **said) -> int:
        leader = world.actor("tapson.leader")
        bind(world.session, Scope.of(leader))
        decision = {
            "giver_role_id": leader.assignment_id,
            "receiver_id": world.people["tapson.leader2"],
            "form": form,
            "subject": Subject.OWN,
            "programme_id": None,
            "number": number,
            "decided_on": TODAY,
            "starts_on": TODAY,
            "ends_on": TODAY + timedelta(days=6),
        }
        unit = world.session.get_one(Unit, leader.unit_id)
        one = delegation_commands.record(
            AdminContext(world.session, leader, unit, world.now), Decision(**decision | said)
        )
        delegation_id = one.id
        world.session.commit()
        return delegation_id

    return record


@pytest.fixture
def letter(app: Flask, world: World):
    """A letter as its reader gets it."""

    def read(kind: str, key: str) -> Text:
        with system(world.session, Purpose.DELIVER):
            message_id = world.session.scalars(
                select(OutboxMessage.id).where(
                    OutboxMessage.kind == kind, OutboxMessage.person_id == world.people[key]
                )
            ).one()
            one = facts.load(world.session, [message_id])[message_id]
            world.session.commit()
        return messages.write(settings_of(app), one)

    return read


def name(world: World, key: str) -> str:
    with system(world.session, Purpose.LOAD):
        return world.session.get_one(Person, world.people[key]).name


def test_the_receiver_learns_what_they_may_do_and_until_when(world, given, letter):
    given()
    head = name(world, "tapson.leader")
    text = letter("delegation_given", "tapson.leader2")
    assert text.subject == f"[Kế hoạch CLB] Anh/chị được giao ký: ký thay {head}"
    assert f"ký thay {head} theo QĐ số 12/QĐ-UBND ngày 07/5/2021" in text.body
    assert "Phạm vi: chỉ văn bản của đơn vị (duyệt, trình, ban hành)" in text.body
    assert "Chương trình: mọi chương trình" in text.body
    assert "Thời hạn: từ 07/5/2021 đến hết 13/5/2021" in text.body
    assert f"hãy đổi sang vai trò “Lãnh đạo (ký thay {head})”" in text.body
    assert f"Mở hệ thống: {SITE}/\n" in text.body


def test_the_giver_learns_where_to_end_it(world, given, letter):
    with system(world.session, Purpose.LOAD):
        programme_id = world.session.scalars(select(Programme.id)).one()
    given(programme_id=programme_id)
    text = letter("delegation_given", "tapson.leader")
    deputy = name(world, "tapson.leader2")
    assert text.subject.startswith(f"[Kế hoạch CLB] Đã giao ký: {deputy} ký thay")
    assert "Chương trình: 1336" in text.body
    assert "hãy kết thúc ở mục “Ký thay, ủy quyền”" in text.body
    assert f"Mở hệ thống: {SITE}/commune/delegations" in text.body


@pytest.mark.parametrize("key", ["tapson.leader", "tapson.leader2"])
def test_both_learn_of_its_end(world, given, letter, key):
    delegation_id = given(SignForm.TUQ, "05/GUQ-UBND")
    leader = world.actor("tapson.leader")
    bind(world.session, Scope.of(leader))
    unit = world.session.get_one(Unit, leader.unit_id)
    assert delegation_commands.end(
        AdminContext(world.session, leader, unit, world.now), delegation_id
    )
    world.session.commit()
    text = letter("delegation_ended", key)
    assert "ký thừa ủy quyền của" in text.subject
    assert "theo văn bản số 05/GUQ-UBND ngày 07/5/2021" in text.body
    assert "có hiệu lực ngay" in text.body
    assert "vẫn giữ nguyên giá trị" in text.body


@pytest.mark.parametrize("kind", ["delegation_given", "delegation_ended"])
@pytest.mark.parametrize("key", ["tapson.leader", "tapson.leader2"])
def test_the_letters_can_be_written_in_english(world, given, letter, kind, key):
    delegation_id = given()
    leader = world.actor("tapson.leader")
    bind(world.session, Scope.of(leader))
    unit = world.session.get_one(Unit, leader.unit_id)
    delegation_commands.end(AdminContext(world.session, leader, unit, world.now), delegation_id)
    with system(world.session, Purpose.LOAD):
        world.session.execute(update(Person).values(language="en"))
        world.session.commit()
    assert letter(kind, key).language == "en"


def test_the_mail_of_an_act_says_who_signed_for_whom(app, world, given):
    document_id = world.start("tapson.clerk")
    world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    delegation_id = given()
    with system(world.session, Purpose.SIGN_IN):
        chosen = select(RoleAssignment).where(RoleAssignment.delegation_id == delegation_id)
        deputy = Actor.of(world.session.scalars(chosen.options(*LENT)).one())
    world.actor = lambda _key: deputy
    event = world.do("tapson.leader2", document_id, Act.SUBMIT)
    message_id = world.message_id(event, "tapson.clerk")
    with system(world.session, Purpose.DELIVER):
        one = facts.load(world.session, [message_id])[message_id]
    text = messages.write(settings_of(app), one)
    told = f"{deputy.person_name} ký thay {deputy.on_behalf.giver.name} theo QĐ số 12/QĐ-UBND"
    assert f"Người thực hiện: {told} ngày 07/5/2021 (lãnh đạo, xã Tập Sơn)" in text.body
