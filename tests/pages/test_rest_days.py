"""A last day on which offices do not work: it is said, and the next one is one press away."""

import html
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from support.pages import check_page
from werkzeug.datastructures import MultiDict
from wtforms import Field

from lth.blueprints.admin.forms import DeadlineForm
from lth.blueprints.document.forms import ActForm
from lth.blueprints.quotas.splitting import SplitForm
from lth.blueprints.web.forms import Form, LastDayField
from lth.core import clock
from lth.core.vietnamese import format_date
from lth.core.workdays import Calendar

pytestmark = pytest.mark.databases("sqlite")

SUNDAY, MONDAY = date(2026, 11, 29), date(2026, 11, 30)
LAST_DAYS = ((DeadlineForm, "due_on"), (DeadlineForm, "last_correction_on"), (ActForm, "until"))
ALL = (*LAST_DAYS, (SplitForm, "reply_by"))


@pytest.mark.parametrize(("form", "name"), ALL)
def test_each_last_day_is_such_a_field(form: type[Form], name: str) -> None:
    assert getattr(form, name).field_class is LastDayField


def sent(app: Flask, typed: dict[str, str]) -> Field:
    class Asking(Form):
        day = LastDayField("Hạn")

    with app.test_request_context("/", method="POST"):
        form = Asking(MultiDict(typed), meta={"csrf": False})
        form.validate()
        form.day.shown = form.day._value()
        return form.day


def test_a_working_day_is_taken_as_it_is(app: Flask) -> None:
    field = sent(app, {"day": "30/11/2026"})
    assert (field.data, list(field.errors), field.typed) == (MONDAY, [], None)


def test_of_another_the_next_working_day_is_filled_in(app: Flask) -> None:
    field = sent(app, {"day": "29/11/2026"})
    assert (field.data, field.typed, field.shown) == (MONDAY, SUNDAY, "30/11/2026")
    assert "29/11/2026 không phải ngày làm việc" in field.errors[0]


def test_it_may_be_kept_all_the_same(app: Flask) -> None:
    field = sent(app, {"day": "30/11/2026", "day-keep": "29/11/2026"})
    assert (field.data, list(field.errors)) == (SUNDAY, [])
    assert sent(app, {"day": "30/11/2026", "day-keep": "chủ nhật"}).data == MONDAY


@pytest.fixture
def rest_day() -> date:
    """The first day off from a fortnight on."""
    day = clock.today() + timedelta(days=60)
    while Calendar().works(day):
        day += timedelta(days=1)
    return day


def test_an_extension_to_a_day_off_offers_the_next(visitor, document_of, rest_day):
    document_id = document_of("xã Long Hiệp").id
    browser = visitor("can-bo.long-hiep@lth.example")
    address = f"/commune/documents/{document_id}/acts/ask_extension"
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', browser.get(address).text)[1]
    typed = {"seen": seen, "until": format_date(rest_day), "reason": "Cán bộ nghỉ"}
    answer = browser.post(address, typed)
    assert answer.status_code == 422
    check_page(answer.text)
    page = html.unescape(answer.text)
    following = Calendar().shift(rest_day, 1)
    assert f"{format_date(rest_day)} không phải ngày làm việc" in page
    assert f'value="{format_date(following)}"' in page
    assert f'name="until-keep" value="{format_date(rest_day)}"' in page
    assert "Cán bộ nghỉ" in page
    assert browser.post(address, typed | {"until": format_date(following)}).status_code == 302
