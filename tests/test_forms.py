"""Every field of every form that takes a number or a day reads it by the one reader."""

import io
import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from flask import request
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import (
    DateField,
    DecimalField,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.fields.core import UnboundField
from wtforms.widgets import HiddenInput

import lth.blueprints
from lth.blueprints.web.forms import (
    CountField,
    DayField,
    LastDayField,
    LineField,
    UploadField,
    UploadsField,
)
from lth.blueprints.web.forms import Form as HouseForm
from lth.core import clock
from lth.core.likely_days import DayKind
from lth.core.readers.days import read_day

FORMS = {
    form
    for info in walk_packages(lth.blueprints.__path__, "lth.blueprints.")
    for form in vars(import_module(info.name)).values()
    if isinstance(form, type) and issubclass(form, Form)
}
FIELDS = sorted(
    {
        (f"{form.__name__}.{name}", field)
        for form in FORMS
        for name, field in vars(form).items()
        if isinstance(field, UnboundField)
    },
    key=lambda pair: pair[0],
)
LINES_OF_THEIR_OWN = {"value", "second", "wording", "source_ref", "q"}
"""Texts that something else reads: figures and words of a target, a search."""


def named(pair) -> str:
    return pair if isinstance(pair, str) else ""


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=named)
def test_numbers_and_days_have_fields_that_read_as_people_type(name, field):
    hidden = isinstance(field.kwargs.get("widget"), HiddenInput)
    kind = field.field_class
    if issubclass(kind, DateField):
        assert issubclass(kind, DayField)
    if issubclass(kind, IntegerField | DecimalField) and not hidden:
        assert issubclass(kind, CountField)
    if issubclass(kind, FileField):
        assert kind in {UploadField, UploadsField}
    if kind is StringField:
        assert name.split(".")[1] in LINES_OF_THEIR_OWN, "one line is a LineField"


class TypedForm(HouseForm):
    class Meta(HouseForm.Meta):
        csrf = False

    day = DayField(day_kind=DayKind.SIGNED)
    count = CountField()
    line = LineField()


@pytest.mark.parametrize(
    "typed", ["07-12-2026", "7.12.2026", "ngày 7 tháng 12 năm 2026", "7/12/26"]
)
def test_a_day_field_reads_what_the_reader_does(app, typed):
    with app.test_request_context():
        form = TypedForm(MultiDict({"day": typed, "count": "", "line": ""}))
        assert form.validate()
        assert form.day.data == read_day("07/12/2026")


@pytest.mark.parametrize(
    ("typed", "count"), [("5", 5), ("5 ngày", 5), ("５", 5), ("1.000", 1000), ("5,0", 5)]
)
def test_a_count_field_reads_what_the_reader_does(app, typed, count):
    with app.test_request_context():
        form = TypedForm(MultiDict({"count": typed, "day": "", "line": ""}))
        assert form.validate()
        assert form.count.data == count


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("day", "31/4/2026", "Lịch không có ngày 31/4/2026."),
        ("day", "7/5/96", "07/5/2096"),
        ("count", "0.625", "0,625, không phải số nguyên"),
        ("count", "năm", "Hãy nhập một số nguyên."),
    ],
)
def test_what_cannot_be_read_says_why_and_stays(app, name, typed, said):
    with app.test_request_context():
        form = TypedForm(MultiDict({name: typed}))
        assert not form.validate()
        assert said in " ".join(form[name].errors)
        assert f'value="{typed}"' in form[name]()


ONE_LINE = [
    (name, field)
    for name, field in FIELDS
    if issubclass(field.field_class, StringField)
    and not issubclass(field.field_class, TextAreaField | HiddenField | PasswordField)
]


@pytest.mark.parametrize(("name", "field"), ONE_LINE, ids=named)
@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u202e", "\u2066", "\u00ad", "\ufeff", "\U000e0041", "\u3164", "\ue000"]
)
def test_one_line_refuses_what_nobody_sees(app, name, field, unseen):
    class AnyForm(HouseForm):
        one = field

    with app.test_request_context():
        form = AnyForm(MultiDict({"one": f"Phòng Nội{unseen} vụ"}), meta={"csrf": False})
        assert not form.validate()
        assert any("ngay sau “Phòng Nội”" in str(error) for error in form.one.errors)
        assert unseen not in form.one.data


def test_a_long_text_loses_what_nobody_sees(app):
    class LongForm(HouseForm):
        one = TextAreaField()

    with app.test_request_context():
        typed = MultiDict({"one": "Dòng\u200b một\r\n\u202eDòng hai\x00"})
        form = LongForm(typed, meta={"csrf": False})
        assert form.validate()
        assert form.one.data == "Dòng một\nDòng hai"


def test_a_line_is_one_line_without_look_alikes(app):
    with app.test_request_context():
        form = TypedForm(MultiDict({"line": " \u00d0ồng\u200b \u00a0Kỳ\n"}))
        assert form.line.data == "Đồng Kỳ"


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        (LastDayField(day_kind=DayKind.REPLY_BY), "05-12-2026", "07/12/2026"),
        (LineField(), "\u00d0ồng  Kỳ", "Đồng Kỳ"),
        (LineField(), "  Đồng Kỳ ", None),
        (DayField(day_kind=DayKind.REPLY_BY), "5-12-2026", None),
        (CountField(), "5 ngày", None),
        (TextAreaField(), "Dòng một\r\nDòng hai", None),
    ],
    ids=str,
)
def test_a_field_that_shows_something_else_says_what_was_typed(app, field, typed, shown):
    """Scripts would keep the page as it was else, to save what was typed from being lost."""

    class AnyForm(HouseForm):
        one = field

    with clock.frozen(datetime(2026, 11, 23, 2, tzinfo=UTC)), app.test_request_context():
        form = AnyForm(MultiDict({"one": typed}), meta={"csrf": False})
        form.validate()
        assert ("data-typed" in form.one()) == (shown is not None)
        if shown is not None:
            assert f'data-typed="{typed}"' in form.one()
            assert f'value="{shown}"' in form.one()


def test_no_secret_is_said_again(app):
    class SecretForm(HouseForm):
        secret = PasswordField()

    with app.test_request_context():
        form = SecretForm(MultiDict({"secret": "hương sen"}), meta={"csrf": False})
        assert "hương" not in form.secret()


UPLOADS = sorted(
    {
        (form, name)
        for form in FORMS
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and issubclass(field.field_class, UploadField)
    },
    key=lambda pair: pair[0].__name__,
)


@pytest.mark.parametrize(("form", "name"), UPLOADS)
def test_a_file_that_is_not_chosen_is_no_missing_field(app, form, name):
    """A browser sends the field all the same. A text under its name is no file."""
    assert len(UPLOADS) >= 2
    for sent in (FileStorage(io.BytesIO(), filename="", name=name), "text"):
        with app.test_request_context(method="POST", data={name: sent}):
            found = form(meta={"csrf": False})
            found.validate()
            assert not found[name].data
            assert f"“{found[name].label.text}”" not in " ".join(map(str, found.form_errors))


SOURCES = [path.read_text("utf-8") for path in Path(lth.blueprints.__path__[0]).rglob("*.py")]
ASKED = {name for text in SOURCES for name in re.findall(r"(\w+)\(request\.args\)", text)}
BY_ADDRESS = sorted(
    (form for form in FORMS if form.__name__ in ASKED), key=lambda one: one.__name__
)


@pytest.mark.parametrize("form", BY_ADDRESS, ids=lambda form: form.__name__)
def test_a_search_by_address_lacks_nothing(app, form):
    """Links to a list name what they look for, and a page of it; never every field."""
    assert len(BY_ADDRESS) >= 4
    assert not form.asks_in_part
    names = [name for name, field in vars(form).items() if isinstance(field, UnboundField)]
    for address in ("/", "/?page=2", *(f"/?{name}=" for name in names)):
        with app.test_request_context(address):
            found = form(request.args)
            found.validate()
            assert found.form_errors == [], address


def test_the_same_fields_sent_by_post_are_missing(app):
    with app.test_request_context(method="POST", data={"line": "x"}):
        form = TypedForm()
        assert not form.validate()
        assert "thiếu ô" in form.form_errors[0]
