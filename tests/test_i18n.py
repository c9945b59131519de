"""Messages that are kept as JSON and said later."""

import json
from datetime import UTC, date, datetime

import pytest

from lth.core.i18n import Bilingual, Message, listed, pack, unpack

NESTED = Message(
    "%(what)s: %(count)s trên %(all)s ngày %(day)s, lúc %(at)s, %(by)s",
    {
        "what": Bilingual("Câu lạc bộ", "Clubs"),
        "count": 3,
        "all": listed([Message("xã"), Message("phường")]),
        "day": date(2021, 5, 7),
        "at": datetime(2021, 5, 7, 5, 0, tzinfo=UTC),
        "by": None,
    },
)


@pytest.mark.parametrize(
    "message",
    [Message("Không có gì"), NESTED, Message("%(count)s khoản", {"count": 4}, number=4)],
)
def test_a_message_comes_back_from_json_as_it_was(message):
    assert unpack(json.loads(json.dumps(pack(message)))) == message


def test_what_it_was_about_in_a_form_is_forgotten():
    assert unpack(pack(Message("Thiếu lý do", field="reason"))).field == ""


def test_a_filling_that_json_has_no_room_for_is_refused():
    with pytest.raises(TypeError, match="cannot be kept"):
        pack(Message("%(x)s", {"x": object()}))
