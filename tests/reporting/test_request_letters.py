"""What the letters about requests say, and what becomes of one that is no longer true."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from support import demorequests
from support.demorequests import FUNDS, TRAINING
from support.visitors import PEOPLE

from lth.access.scope import Purpose, system
from lth.application import settings_of
from lth.core import clock
from lth.mail.declarations import Withheld
from lth.models import Credential, OutboxMessage
from lth.models.request import RequestStep
from lth.notifications import messages, validity
from lth.notifications.facts import MailFacts

REMARK, ANSWER = "Vượt thẩm quyền của huyện", "Tháng 8 mở hai lớp"


@pytest.fixture
def dataset() -> str:
    return "demo"


@pytest.fixture
def since(session: Session) -> int:
    """The newest letter of the demo's own story."""
    with system(session, Purpose.DELIVER):
        newest = session.scalar(select(func.max(OutboxMessage.id)))
    session.rollback()
    return newest or 0


@pytest.fixture
def report(guarded, since) -> int:
    return demorequests.send_report(guarded)


@pytest.fixture
def letters(session: Session, since: int):
    """The new letters of a kind to somebody as they would go out now, the newest first."""

    def found(kind: str, who: str) -> list[MailFacts]:
        session.rollback()
        with system(session, Purpose.DELIVER):
            statement = (
                select(OutboxMessage.id)
                .join(Credential, Credential.person_id == OutboxMessage.person_id)
                .where(OutboxMessage.kind == kind, Credential.email == PEOPLE[who])
                .where(OutboxMessage.id > since)
                .order_by(OutboxMessage.id.desc())
            )
            ids = session.scalars(statement).all()
            sent = validity.sending(session, ids, clock.now())
            session.rollback()
        return [sent[one] for one in ids]

    return found


@pytest.fixture
def written(guarded, letters):
    def write(kind: str, who: str) -> messages.Text:
        return messages.write(settings_of(guarded), letters(kind, who)[0])

    return write


def test_what_is_raised_calls_who_answers(report, written):
    text = written("request_up", "district specialist")
    assert "Xã Tập Sơn có 2 kiến nghị trong báo cáo 6 tháng đầu năm 2020" in text.subject
    assert "Đến lượt anh/chị: trả lời 2 kiến nghị của xã Tập Sơn" in text.body
    assert TRAINING in text.body
    assert FUNDS in text.body
    assert "/district/requests/below" in text.body


def test_what_is_passed_up_says_so_above_and_below(guarded, report, written, letters):
    request_id = demorequests.take(
        guarded, "district specialist", report, RequestStep.FORWARD, REMARK
    )
    above = written("request_up", "province specialist")
    assert "Huyện Trà Cú chuyển lên kiến nghị của xã Tập Sơn" in above.subject
    assert REMARK in above.body
    assert f"/province/requests/{request_id}" in above.body
    below = written("request_down", "clerk")
    assert "đã chuyển kiến nghị của đơn vị anh/chị lên tỉnh Trà Vinh" in below.subject
    assert "Đến lượt" not in below.body
    assert f"/commune/requests/{request_id}" in below.body


def test_an_answer_is_told_below_and_between(guarded, report, written):
    demorequests.take(guarded, "district specialist", report, RequestStep.FORWARD, REMARK)
    demorequests.take(guarded, "province specialist", report, RequestStep.ANSWER, ANSWER)
    below = written("request_down", "clerk")
    assert "Tỉnh Trà Vinh đã trả lời kiến nghị của đơn vị anh/chị" in below.subject
    assert "Đến lượt anh/chị: xem trả lời" in below.body
    assert ANSWER in below.body
    between = written("request_up", "district specialist")
    assert "Tỉnh Trà Vinh đã trả lời kiến nghị của xã Tập Sơn" in between.subject
    assert "Đến lượt" not in between.body


@pytest.mark.parametrize(
    ("who", "step", "told", "said"),
    [
        ("district specialist", RequestStep.ASK_CLARITY, "clerk", "đề nghị làm rõ kiến nghị"),
        ("clerk", RequestStep.WITHDRAW, "district specialist", "đã rút kiến nghị"),
    ],
)
def test_each_step_has_its_sentence(guarded, report, written, who, step, told, said):
    demorequests.take(guarded, who, report, step, "Ghi chú của bước này")
    text = written("request_down" if told == "clerk" else "request_up", told)
    assert said in text.subject
    assert "Ghi chú của bước này" in text.body


def test_steps_after_the_answer_have_theirs(guarded, report, written):
    demorequests.take(guarded, "district specialist", report, RequestStep.ASK_CLARITY, "Mấy người?")
    demorequests.take(guarded, "clerk", report, RequestStep.CLARIFY, "25 người")
    assert "đã làm rõ kiến nghị" in written("request_up", "district specialist").subject
    demorequests.take(guarded, "district specialist", report, RequestStep.ANSWER, ANSWER)
    demorequests.take(guarded, "clerk", report, RequestStep.ASK_AGAIN, "Ngày nào?")
    assert "hỏi lại về kiến nghị" in written("request_up", "district specialist").subject
    demorequests.take(guarded, "district specialist", report, RequestStep.ANSWER, "Ngày 2/8")
    demorequests.take(guarded, "clerk", report, RequestStep.SETTLE)
    assert "giải quyết xong" in written("request_up", "district specialist").subject


def test_a_letter_calls_nobody_whose_turn_is_over(guarded, report, letters):
    assert letters("request_up", "district specialist")[0].turn
    for key in ("r1", "r2"):
        demorequests.take(guarded, "district leader", report, RequestStep.ANSWER, ANSWER, key=key)
    (first,) = letters("request_up", "district specialist")
    assert first.withheld is None
    assert not first.turn


def test_what_was_withdrawn_is_not_told_any_more(guarded, report, letters):
    demorequests.amend_report(guarded, {})
    raised = letters("request_up", "district specialist")[-1]
    assert raised.withheld is Withheld.REQUEST_OVER
