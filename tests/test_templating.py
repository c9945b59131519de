"""What templates can call."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask, render_template_string

from lth.core import language
from lth.core.i18n import Message
from lth.core.language import speaking

pytestmark = pytest.mark.databases("sqlite")

LATE = datetime(2021, 5, 6, 17, 5, tzinfo=UTC)  # past midnight in Vietnam


@pytest.mark.parametrize(
    ("expression", "value", "vi", "en"),
    [
        ("value | date", date(2021, 5, 7), "07/5/2021", "7 May 2021"),
        ("value | date", LATE, "07/5/2021", "7 May 2021"),
        ("value | date", None, "", ""),
        ("value | time", LATE, "00:05", "00:05"),
        ("value | moment", LATE, "00:05 07/5/2021", "00:05 7 May 2021"),
        ("value | number", 3444, "3.444", "3,444"),
        ("value | number", None, "", ""),
        ("value | percent", 1926, "19,26 %", "19.26%"),
        ("value | money", 1_000_000_000, "1.000.000.000 đồng", "VND 1,000,000,000"),
        ("current_language()", None, "vi", "en"),
    ],
)
def test_formats_follow_the_language(
    app: Flask, expression: str, value: Any, vi: str, en: str
) -> None:
    with app.test_request_context():
        for code, expected in (("vi", vi), ("en", en)):
            with speaking(code):
                html = render_template_string("{{ " + expression + " }}", value=value)
                assert html.replace("\N{NO-BREAK SPACE}", " ") == expected


def test_a_message_is_said_with_the_messages_inside_it(app: Flask) -> None:
    message = Message("%(who)s đã trả lại.", {"who": Message("Huyện %(name)s", {"name": "Trà Cú"})})
    with app.test_request_context():
        assert language.say(message) == "Huyện Trà Cú đã trả lại."
        assert language.say("as it is") == "as it is"


def test_outside_of_a_request_the_language_is_vietnamese(app: Flask) -> None:
    with app.app_context():
        assert language.current() == "vi"
