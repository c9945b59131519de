"""What the letters of the talk over quotas say, read from their rows."""

import re

import pytest
from flask import Flask
from sqlalchemy import update
from support.mailworld import World

from lth import quotas
from lth.access.scope import Purpose, system
from lth.application import settings_of
from lth.mail.declarations import Declaration
from lth.models import OutboxMessage, Person
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.notifications import facts, messages
from lth.notifications.messages import Text

SITE = "http://127.0.0.1:8000"
LINE = {
    "move": "counter",
    "reason": "Hai ấp đã sáp nhập.",
    "label_vi": "Câu lạc bộ thành lập mới (2021)",
    "label_en": "New clubs (2021)",
    "value_vi": "2",
    "value_en": "2",
    "before_vi": "3",
    "before_en": "3",
}


@pytest.fixture
def letter(app: Flask, world: World):
    """Write a row as the move does, and read it as its recipient does."""

    def written(declaration: Declaration, key: str, *lines: dict[str, str], **said: object) -> Text:
        data = {
            "document_id": 7,
            "period": "2021",
            "giver": "huyện Trà Cú",
            "actor": "Chuyên viên A",
            "actor_role": Role.SPECIALIST.value,
            "actor_unit": "huyện Trà Cú",
            "at": "2021-05-07T01:05:00+00:00",
            "turn": True,
            "figures": list(lines),
            "reply_by": None,
            "late": False,
        }
        with system(world.session, Purpose.LOAD):
            row = OutboxMessage(
                person_id=world.people[key],
                unit_id=world.units[key.partition(".")[0]].id,
                kind=declaration.kind,
                data=data | said,
                delivery=Delivery.WAITING,
                created_at=world.now,
                due_at=world.now,
            )
            world.session.add(row)
            world.session.flush()
            one = facts.load(world.session, [row.id])[row.id]
            world.session.commit()
        return messages.write(settings_of(app), one)

    return written


def test_a_hand_down_lists_the_figures_and_the_day_to_answer_by(letter):
    lines = ({**LINE, "move": "hand_down", "reason": ""}, {**LINE, "label_vi": "Thành viên nữ"})
    text = letter(quotas.HANDED, "tapson.clerk", *lines, reply_by="2021-05-21")
    assert text.subject == "[Kế hoạch CLB] Huyện Trà Cú giao chỉ tiêu năm 2021"
    assert "Đến lượt anh/chị: xem chỉ tiêu được giao" in text.body
    assert "- Câu lạc bộ thành lập mới (2021): 2 (trước đây: 3)" in text.body
    assert "- Thành viên nữ: 2" in text.body
    assert "Trả lời trước hết ngày: 21/5/2021" in text.body
    assert "08:05 07/5/2021" in text.body
    assert f"{SITE}/commune/documents/7/assigned" in text.body


def test_an_answer_says_what_is_asked_and_why(letter):
    said = {"actor_unit": "xã Tập Sơn", "actor_role": "clerk", "late": True}
    text = letter(quotas.ANSWERED, "tracu.specialist", LINE, **said)
    assert text.subject == "[Kế hoạch CLB] Xã Tập Sơn đề nghị điều chỉnh chỉ tiêu năm 2021"
    assert "- Câu lạc bộ thành lập mới (2021): được giao 3, đề nghị 2" in text.body
    assert "    Lý do: Hai ấp đã sáp nhập." in text.body
    assert "(trả lời sau hạn)" in text.body
    assert f"{SITE}/district/documents/7/quotas" in text.body
    accepted = letter(
        quotas.ANSWERED, "tracu.specialist", {**LINE, "move": "accept"}, turn=False, **said
    )
    assert accepted.subject == "[Kế hoạch CLB] Xã Tập Sơn đã nhận chỉ tiêu năm 2021"
    assert "Đến lượt" not in accepted.body


@pytest.mark.parametrize(
    ("move", "words"),
    [
        ("grant", "chấp nhận đề nghị, số giao là 2 (trước đây: 3)"),
        ("keep", "giữ nguyên số giao 2"),
        ("adjust", "số giao là 2 (trước đây: 3)"),
    ],
)
def test_a_decision_is_told(letter, move, words):
    text = letter(quotas.SETTLED, "tapson.clerk", {**LINE, "move": move}, turn=False)
    assert words in text.body
    assert not re.search(r"%\(|\bNone\b|\{|\}|\n\n\n", text.body)


def test_figures_are_named_in_the_recipients_language(letter, world):
    with system(world.session, Purpose.LOAD):
        world.session.execute(
            update(Person).where(Person.id == world.people["tapson.clerk"]).values(language="en")
        )
        world.session.commit()
    text = letter(quotas.HANDED, "tapson.clerk", LINE)
    assert "New clubs (2021)" in text.body
