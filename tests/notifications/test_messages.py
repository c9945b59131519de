"""What the mails say, to whom in which language, and what they never show."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from support.mailworld import SIGNED, World

from lth.access.scope import Purpose, system
from lth.administration import links
from lth.administration.links import LinkKind
from lth.application import settings_of
from lth.mail.declarations import DECLARED
from lth.models import Event, OutboxMessage, Person, Remark, Revision
from lth.models.kind import Kind
from lth.notifications import facts, messages, rendering
from lth.notifications.facts import MailFacts, Side
from lth.notifications.messages import Text
from lth.workflow import audiences
from lth.workflow.acts import Act
from lth.workflow.table import TABLE

SITE = "http://127.0.0.1:8000"
"""The address of the tests' application."""

SENT_UP = (("tapson.clerk", Act.SEND_FOR_CLEARANCE), ("tapson.leader", Act.SUBMIT))


def known(world: World, event: Event, key: str) -> MailFacts:
    message_id = world.message_id(event, key)
    with system(world.session, Purpose.DELIVER):
        return facts.load(world.session, [message_id])[message_id]


def returned(world: World, remarks: int) -> Event:
    """A plan of Tập Sơn sent up, opened and returned with so many remarks."""
    document_id = world.start("tapson.clerk")
    for key, act in (*SENT_UP, ("tracu.specialist", Act.OPEN)):
        world.do(key, document_id, act)
    with system(world.session, Purpose.LOAD):
        revision_id = world.session.scalars(
            select(Revision.id).where(Revision.document_id == document_id)
        ).one()
        for number in range(remarks):
            world.session.add(
                Remark(
                    revision_id=revision_id,
                    unit_id=world.units["tracu"].id,
                    person_id=world.people["tracu.specialist"],
                    text=f"Nhận xét {number}",
                    created_at=world.now,
                )
            )
        world.session.commit()
    reason = "Số người cao tuổi chưa khớp.\nXem lại mục II."
    return world.do("tracu.specialist", document_id, Act.RETURN, reason=reason)


def test_a_return_says_all_that_its_reader_needs(app: Flask, world: World) -> None:
    event = returned(world, remarks=3)
    text = messages.write(settings_of(app), known(world, event, "tapson.clerk"))
    assert text == Text(
        "[Kế hoạch CLB] Xã Tập Sơn: kế hoạch năm 2021 bị trả lại",
        f"""\
Kính gửi clerk tapson.clerk,

Đến lượt anh/chị: sửa kế hoạch năm 2021, trả lời từng nhận xét rồi trình lại.

Huyện Trà Cú đã trả lại kế hoạch năm 2021 của xã Tập Sơn.

Lý do:
    Số người cao tuổi chưa khớp.
    Xem lại mục II.

Kèm theo: 3 nhận xét ghi tại từng mục.

Người thực hiện: specialist tracu.specialist (chuyên viên, huyện Trà Cú)
Thời điểm: 08:05 07/5/2021
Hạn trình lại: 25/5/2021

Mở văn bản: {SITE}/commune/documents/{event.document_id}

--
Thư tự động của hệ thống lập kế hoạch Câu lạc bộ Liên thế hệ tự giúp nhau.
Anh/chị không cần trả lời thư này. Địa chỉ hệ thống: {SITE}
""",
        "vi",
    )


def test_news_says_what_comes_next_and_calls_nobody_to_act(app: Flask, world: World) -> None:
    body = messages.write(settings_of(app), known(world, returned(world, 0), "tapson.leader")).body
    assert "Đến lượt" not in body
    assert "nhận xét" not in body
    assert "Cán bộ lập kế hoạch đang sửa." in body


def test_an_undone_act_is_corrected_by_name(app: Flask, world: World) -> None:
    event = returned(world, remarks=2)
    undo = world.do("tracu.specialist", event.document_id, Act.UNDO)
    text = messages.write(settings_of(app), known(world, undo, "tapson.clerk"))
    assert text.subject == (
        "[Kế hoạch CLB] Xã Tập Sơn: đính chính, “Trả lại” đối với kế hoạch năm 2021"
        " đã được hoàn tác"
    )
    assert "lúc 08:05 07/5/2021 đã được hoàn tác" in text.body
    assert "trở về trạng thái “Đang thẩm định”" in text.body
    assert "không làm theo thư đó" in text.body


def test_the_link_leads_to_the_recipients_own_level(app: Flask, world: World) -> None:
    document_id = world.start("tapson.clerk")
    world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    submitted = world.do("tapson.leader", document_id, Act.SUBMIT)
    settings = settings_of(app)
    above, own = (known(world, submitted, key) for key in ("tracu.specialist", "tapson.clerk"))
    assert messages.link(settings, above) == f"{SITE}/district/documents/{document_id}"
    assert messages.link(settings, own) == f"{SITE}/commune/documents/{document_id}"


def test_what_is_handed_down_says_by_when_the_unit_below_owes_its_own(
    app: Flask, world: World
) -> None:
    document_id = world.start("tracu.clerk")
    world.do("tracu.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    issued = world.do("tracu.leader", document_id, Act.ISSUE, **SIGNED)
    below = known(world, issued, "tapson.clerk")
    assert below.deed is not None
    assert below.deed.side is Side.BELOW
    text = messages.write(settings_of(app), below)
    assert "Hạn trình kế hoạch của xã Tập Sơn: 15/5/2021" in text.body
    assert "số 92/KH-UBND, ngày 06/5/2021" in text.body
    above = messages.write(settings_of(app), known(world, issued, "travinh.specialist"))
    assert above.subject.endswith("Huyện Trà Cú: kế hoạch năm 2021 đã ban hành, chờ tiếp nhận")
    assert "Hạn" not in above.body


def _shapes() -> list[tuple[Act, bool, Side]]:
    """Every kind with everything its rows may call for: a turn or news, on either side."""
    found = {(row.act, tell.turn) for row in TABLE for tell in row.tells}
    return sorted((act, turn, side) for act, turn in found for side in Side)


def test_a_request_for_time_names_the_day_that_binds(app: Flask, world: World) -> None:
    """Of a draft the deadline, of what came back the last day for corrections."""
    until = {"until": date(2021, 6, 10), "reason": "Xin thêm thời gian"}
    draft = world.start("ngaixuyen.clerk")
    event = world.do("ngaixuyen.clerk", draft, Act.ASK_EXTENSION, **until)
    text = messages.write(settings_of(app), known(world, event, "ngaixuyen.leader"))
    assert "Hạn hiện nay: 15/5/2021" in text.body
    document_id = returned(world, 1).document_id
    event = world.do("tapson.clerk", document_id, Act.ASK_EXTENSION, **until)
    text = messages.write(settings_of(app), known(world, event, "tapson.leader"))
    assert "Hạn hiện nay: 25/5/2021" in text.body
    assert "đến hết ngày 10/6/2021" in text.body


@pytest.mark.parametrize("kind", Kind.all())
def test_every_mail_of_the_table_can_be_written(app: Flask, world: World, kind: Kind) -> None:
    """With every figure there and with none, nothing is left open and no text is empty."""
    full = known(world, returned(world, 2), "tapson.clerk")
    assert full.deed is not None
    said = {"document_number": "1/KH-UBND", "document_date": "2021-05-07", "verdict": "disagree"}
    said["until"] = "2021-06-10"
    for act, turn, side in _shapes():
        deed = replace(full.deed, act=act, side=side, kind=kind, data=said, undone=Act.SUBMIT)
        deed = replace(deed, undone_at=deed.at)
        bare = replace(deed, reason="", remarks=0, due=None)
        for one in (deed, bare):
            told = replace(full, kind=act.value, payload=replace(one, turn=turn))
            text = messages.write(settings_of(app), told)
            assert re.fullmatch(r"\[Kế hoạch CLB\] Xã Tập Sơn: [^\n]{20,120}", text.subject)
            assert text.body.count("Đến lượt anh/chị") == turn
            assert not re.search(r"%\(|\bNone\b|\{|\}|\n\n\n| ,| \.|  \S*$", text.body), text.body


def test_there_is_a_template_for_every_kind_and_no_other() -> None:
    folder = Path(messages.__file__).parents[1] / "templates" / "mail"
    found = {path.stem for path in folder.glob("*.txt")}
    assert found == set(DECLARED)
    rendering.verify()
    told = {row.act for row in TABLE if row.tells}
    assert told <= set(audiences.MAIL)


def test_an_unknown_kind_is_an_error(app: Flask, world: World) -> None:
    one = known(world, returned(world, 0), "tapson.clerk")
    with pytest.raises(rendering.UnknownKindError):
        messages.write(settings_of(app), replace(one, kind="no_such_kind"))


# --- Language -----------------------------------------------------------------------------


def test_each_reads_it_in_their_own_language(app: Flask, world: World) -> None:
    event = returned(world, remarks=0)
    with system(world.session, Purpose.LOAD):
        world.session.get_one(Person, world.people["tapson.clerk"]).language = "en"
    text = messages.write(settings_of(app), known(world, event, "tapson.clerk"))
    assert text.language == "en"
    assert text.subject.endswith("Xã Tập Sơn: plan for 2021 returned")
    assert "08:05 7 May 2021" in text.body
    other = messages.write(settings_of(app), known(world, event, "tapson.leader"))
    assert other.language == "vi"
    assert other.subject.endswith("kế hoạch năm 2021 bị trả lại")
    assert "08:05 07/5/2021" in other.body


# --- One-time links -----------------------------------------------------------------------


def linked(world: World, kind: LinkKind) -> MailFacts:
    """A one-time link sent to the clerk of Tập Sơn."""
    to = world.people["tapson.clerk"]
    with system(world.session, Purpose.SIGN_IN):
        links.send(world.session, kind, to, world.now)
        world.session.flush()
        message_id = world.session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.kind == kind.value)
        ).one()
        return facts.load(world.session, [message_id])[message_id]


@pytest.mark.parametrize("kind", LinkKind)
def test_a_one_time_link_is_in_the_mail_and_masked_elsewhere(
    app: Flask, world: World, kind: LinkKind
) -> None:
    one = linked(world, kind)
    assert one.secret is not None
    body = messages.write(settings_of(app), one).body
    assert f"{SITE}/password/{one.secret}\n" in body
    assert "tapson.clerk@lth.example" in body
    shown = messages.write(settings_of(app), messages.masked(one))
    assert one.secret not in shown.body
    assert f"{SITE}/password/{messages.MASK}\n" in shown.body


def test_the_hours_of_a_link_are_those_of_viet_nam(app: Flask, world: World) -> None:
    body = messages.write(settings_of(app), linked(world, LinkKind.PASSWORD_RESET)).body
    assert "đến 09:00 07/5/2021:" in body  # 01:00 UTC and the link's one hour
