"""Every day that is typed in any form has a kind, and one unlikely for its kind is asked back."""

from datetime import date, timedelta
from typing import ClassVar

import pytest
from flask import Flask
from test_forms import FIELDS
from werkzeug.datastructures import MultiDict

from lth.blueprints.web.forms import DayField, Form, LastDayField
from lth.core import clock
from lth.core.likely_days import HELD_BY_RULE, LIKELY, REACH, DayKind, bounds, doubt
from lth.core.vietnamese import format_date

DAYS = [(name, field) for name, field in FIELDS if issubclass(field.field_class, DayField)]
ASKED = [kind for kind in DayKind if kind not in HELD_BY_RULE]


@pytest.mark.parametrize(("name", "field"), DAYS, ids=[name for name, _ in DAYS])
def test_each_field_of_a_day_says_what_its_day_means(name, field) -> None:
    assert field.kwargs["day_kind"] in LIKELY.keys() | HELD_BY_RULE


def test_each_kind_is_of_some_field_and_has_its_span() -> None:
    assert {field.kwargs["day_kind"] for _, field in DAYS} == set(DayKind)
    assert LIKELY.keys() == set(ASKED)


@pytest.fixture
def sent(app: Flask):
    """Send a form with one field of a day; returns the field."""

    def send(kind: DayKind, typed: dict[str, str], before: date | None = None, field=DayField):
        class Asking(Form):
            class Meta(Form.Meta):
                csrf: ClassVar = False

            day = field("Ngày", day_kind=kind)

        with app.test_request_context("/", method="POST"):
            form = Asking(MultiDict(typed), day=before)
            form.validate()
            return form.day

    return send


def beyond(kind: DayKind) -> list[date]:
    """The days just outside what is likely of a kind, where they are asked back at all."""
    first, last = bounds(kind, clock.today())
    one = timedelta(days=1)
    reach = clock.today() - REACH, clock.today() + REACH
    return [day for day in (first - one, last + one) if reach[0] <= day <= reach[1]]


@pytest.mark.parametrize("kind", ASKED)
def test_an_unlikely_day_is_asked_back_and_one_tick_takes_it(sent, kind) -> None:
    assert beyond(kind)
    for day in beyond(kind):
        text = format_date(day)
        field = sent(kind, {"day": text})
        assert f"Có đúng là ngày {text} không?" in " ".join(field.errors)
        assert (field.doubted, field._value()) == (day, text)
        assert not sent(kind, {"day": text, "day-sure": text}).errors
        other = format_date(day + timedelta(days=400 if day > clock.today() else -400))
        assert sent(kind, {"day": text, "day-sure": other}).errors
        assert not sent(kind, {"day": text}, before=day).errors


@pytest.mark.parametrize("kind", ASKED)
def test_the_days_within_are_taken(sent, kind) -> None:
    for day in bounds(kind, clock.today()):
        if abs(day - clock.today()) <= REACH:
            assert not sent(kind, {"day": format_date(day)}).errors


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize("typed", ["01/01/1950", "01/01/2126"])
def test_what_cannot_be_is_refused_whatever_is_ticked(sent, kind, typed) -> None:
    field = sent(kind, {"day": typed, "day-sure": typed})
    assert f"Ngày {typed} không thể đúng ở đây" in " ".join(field.errors)
    assert field.doubted is None


def test_a_day_off_and_far_is_taken_in_two_steps(sent) -> None:
    day = bounds(DayKind.DEADLINE, clock.today())[1] + timedelta(days=1)
    while day.weekday() != 6:
        day += timedelta(days=1)
    typed = {"day": format_date(day)}
    assert sent(DayKind.DEADLINE, typed, field=LastDayField).doubted == day
    typed["day-sure"] = typed["day"]
    field = sent(DayKind.DEADLINE, typed, field=LastDayField)
    assert (field.typed, field.doubted) == (day, day)
    following = typed | {"day": format_date(field.data)}
    assert not sent(DayKind.DEADLINE, following, field=LastDayField).errors
    assert not sent(DayKind.DEADLINE, typed | {"day-keep": typed["day"]}, field=LastDayField).errors


def test_what_is_said_of_a_day_is_the_same_on_any_day() -> None:
    for today in (date(2026, 1, 1), date(2028, 2, 29)):
        assert doubt(DayKind.DEADLINE, today, today) is None
        assert doubt(DayKind.DEADLINE, today - timedelta(days=1), today) is not None
