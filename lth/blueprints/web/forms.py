"""All that forms have in common: messages in the page's language, dates as offices write them."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import HiddenField, PasswordField
from wtforms.utils import unset_value
from wtforms.validators import InputRequired, Length, StopValidation
from wtforms.widgets import CheckboxInput, FileInput, HiddenInput, ListWidget, TextInput

from lth.blueprints.web import current
from lth.blueprints.web.paging import LARGEST_ID, whole
from lth.core import clean_text, clock
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message
from lth.core.language import current as language
from lth.core.language import gettext, lazy_gettext, say
from lth.core.likely_days import DayKind, doubt
from lth.core.readers.days import UnreadableDayError, read_day
from lth.core.readers.numbers import UnreadableNumberError, read_count
from lth.core.readers.plain_names import HiddenCharacterError, read_name
from lth.core.vietnamese import format_date, one_line

BOXES = "boxes"
"""The field that names each box of a form, whether it is ticked or not."""

_NOT_A_COUNT = "Not a valid integer value."

# WTForms' own messages, which have no Vietnamese catalogue, by their English text.
_MESSAGES = {
    "This field is required.": lazy_gettext("Hãy nhập ô này."),
    "Not a valid choice.": lazy_gettext("Hãy chọn một mục trong danh sách."),
    "Not a valid choice": lazy_gettext("Hãy chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": lazy_gettext("Hãy chọn một mục trong danh sách."),
    _NOT_A_COUNT: lazy_gettext("Hãy nhập một số nguyên."),
    "Not a valid date value.": lazy_gettext("Hãy nhập ngày theo mẫu 07/5/2021."),
    "Not a valid boolean value.": lazy_gettext("Hãy chọn có hoặc không."),
}


class _Translations:
    """Stands where WTForms looks for its translations."""

    def gettext(self, text: str) -> str:
        return str(_MESSAGES.get(text, text))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return one if number == 1 else many


class Form(FlaskForm):
    """The base of the forms.

    A field of one line refuses what nobody sees; from a longer text it is taken out. A form that
    was sent without one of its fields is refused: nothing is taken for empty that was not sent.
    What a page is asked for by its address lacks nothing. Boxes that are not ticked are never
    sent, so the form says which it showed (`BOXES`).
    """

    asks_in_part = False
    """Whether a page may show a part of the fields; then none stands for anything that is kept."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what was typed, as it was typed but for what no text has a use for."""
            if formdata is not _Auto:
                return formdata
            if not form.is_submitted():
                return None
            return CombinedMultiDict((request.files, request.typed))

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            field = super().bind_field(form, unbound_field, options)
            others = PasswordField | VersionField
            if isinstance(field, StringField) and not isinstance(field, others):
                field.filters = (*field.filters, _visible)
            return field

        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """Say of a field that comes back otherwise what was typed in it.

            Scripts would take it for lost else, and keep the page with what was typed.
            """
            if (typed := _typed_otherwise(field)) is not None:
                render_kw = {"data-typed": typed} | render_kw
            return super().render_field(field, render_kw)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        hidden = [field for field in self if _is_one_line(field) and _refuse_hidden(field)]
        asks_all = self.is_submitted() and not self.asks_in_part
        missing = [one for one in self if self._lacks(one)] if asks_all else []
        if missing:
            names = ", ".join(f"“{one.label.text}”" for one in missing)
            self.form_errors.append(gettext(_LACKING, names=names))
        return valid and not hidden and not missing

    def hidden_tag(self, *fields: Any) -> Markup:
        """Write the hidden fields, and which boxes the form shows."""
        boxes = [one.name for one in self if isinstance(one, _BOXES) and not self.asks_in_part]
        shown = [
            Markup('<input type="hidden" name="{}" value="{}">').format(BOXES, one) for one in boxes
        ]
        return Markup("").join([super().hidden_tag(*fields), *shown])

    def _lacks(self, field: Any) -> bool:
        """Tell whether a field was not sent, though the form was."""
        if field.raw_data is None or field.raw_data or isinstance(field.widget, HiddenInput):
            return False
        return not (isinstance(field, _BOXES) and field.name in request.form.getlist(BOXES))

    def blame(self, messages: Iterable[Message]) -> None:
        """Put what rules refused beside the fields, or above the form where it is none's."""
        self.form_errors.extend(say(message) for message in self.put_beside(messages))

    def put_beside(self, messages: Iterable[Message]) -> list[Message]:
        """Put each message beside the field that it names; return those that name none here."""
        loose = []
        for message in messages:
            if message.field and message.field in self:
                field = self[message.field]
                field.errors = [*field.errors, say(message)]
            else:
                loose.append(message)
        return loose


_BOXES = BooleanField | SelectMultipleField
_LACKING = N_(
    "Biểu mẫu gửi đến thiếu ô %(names)s nên chưa có gì được lưu. Hãy tải lại trang rồi làm lại."
)


class Checkboxes(SelectMultipleField):
    """Several of a few, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SeenForm(Form):
    """A form that carries the version its page showed."""

    seen = HiddenField()


def _visible(value: Any) -> Any:
    """Take what nobody sees out of a text; a page may fill a field with something else."""
    return clean_text.visible(value) if isinstance(value, str) else value


def _is_one_line(field: Any) -> bool:
    others = TextAreaField | HiddenField | PasswordField
    return isinstance(field, StringField) and not isinstance(field, others)


def _refuse_hidden(field: Any) -> bool:
    """Tell whether something that nobody sees was typed in a field, and say beside it where."""
    try:
        read_name(str((field.raw_data or [""])[0]))
    except HiddenCharacterError as error:
        field.errors = [*field.errors, say(error.message)]
        return True
    return False


def _typed_otherwise(field: Any) -> str | None:
    """Return what was typed in a text field that shows something else instead."""
    if not isinstance(field, StringField | DateField | IntegerField) or not field.raw_data:
        return None
    if isinstance(field, HiddenField | PasswordField):
        return None
    typed, shown = str(field.raw_data[0]), field._value()
    return typed if typed.split() != shown.split() else None


class Rule:
    """Hold a field to a rule of the rooms below: a function that raises what it refuses."""

    def __init__(self, rule: Callable[[str], Any]):
        self.rule = rule

    def __call__(self, _form: Any, field: Any) -> None:
        try:
            self.rule(str(field.data or ""))
        except RefusedError as error:
            raise ValidationError(" ".join(map(say, error.messages))) from error


class DayInput(TextInput):
    """A short text input with an example of a day in it."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("placeholder", "07/5/2021")
        kwargs.setdefault("autocomplete", "off")
        kwargs["class"] = f"{kwargs.get('class', '')} input-short".strip()
        return super().__call__(field, **kwargs)


_NO_WORKING_DAY = N_(
    "%(typed)s không phải ngày làm việc; đã điền ngày làm việc tiếp theo là %(next)s. "
    "Gửi lại để lấy ngày này."
)


class DayField(DateField):
    """A day typed and shown as an office writes it: 07/5/2021; its kind says which are likely.

    Another is asked back, with a box that says it is right all the same; what a page was
    filled with is not. Not the browser's own date control, which writes days as its language does.
    """

    widget = DayInput()
    doubted: date | None = None
    sure: date | None = None

    def __init__(self, label: Any = None, *args: Any, day_kind: DayKind, **kwargs: Any):
        super().__init__(label, *args, **kwargs)
        self.day_kind = day_kind

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        self.sure = _day(formdata.get(self.sure_name)) if formdata else None

    @property
    def sure_name(self) -> str:
        """Return the name of the box that says that a day is right."""
        return f"{self.name}-sure"

    def pre_validate(self, form: Any) -> None:
        if self.data is None or self.data == self.object_data:
            return
        today = clock.today()
        against = doubt(self.day_kind, self.data, today, self.sure)
        if against is None:
            if doubt(self.day_kind, self.data, today) is not None:
                self.doubted = self.data  # the box stays while the rest of the form is mended
            return
        self.doubted = None if against.impossible else self.data
        raise StopValidation(say(against.message))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_date(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        self.data = None
        try:
            self.data = read_day(valuelist[0])
        except UnreadableDayError as error:
            raise ValidationError(say(error.message)) from error


class LastDayField(DayField):
    """The last day of something. Where offices do not work on it, the form comes back with the next
    working day filled in, ready to be saved, and the day that was typed to be kept all the same.
    """

    typed: date | None = None
    kept: date | None = None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        self.kept = _day(formdata.get(self.keep_name)) if formdata else None
        self.data = self.kept or self.data

    def _value(self) -> str:
        return format_date(self.data) if self.typed and self.data else super()._value()

    @property
    def keep_name(self) -> str:
        """Return the name of the box that keeps the day as it was typed."""
        return f"{self.name}-keep"

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        calendar = current.calendar()
        if self.data is None or self.data == self.kept or calendar.works(self.data):
            return
        self.typed = self.data
        self.data = calendar.shift(self.typed, 1)
        days = {"typed": format_date(self.typed), "next": format_date(self.data)}
        raise StopValidation(gettext(_NO_WORKING_DAY, **days))


def _day(text: str | None) -> date | None:
    """Read a day that a page has written; None for anything else."""
    try:
        return read_day(text) if text else None
    except UnreadableDayError:
        return None


class CountField(IntegerField):
    """A whole number, read as people type it in the page's language: "5", "5 ngày"."""

    widget = TextInput()

    def __call__(self, **kwargs: Any) -> Any:
        return super().__call__(**{"inputmode": "numeric", "autocomplete": "off"} | kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            return
        self.data = None
        try:
            self.data = read_count(valuelist[0], language())
        except UnreadableNumberError as error:
            told = say(error.message) if error.message else ""
            raise ValidationError(told or self.gettext(_NOT_A_COUNT)) from error


class VersionField(HiddenField):
    """The version of what a page shows, by which an older page is known."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = whole(valuelist[0], LARGEST_ID + 1) if valuelist else None
        if self.data is None:
            raise ValidationError(gettext("Trang đã cũ, hãy tải lại."))


class UploadField(FileField):
    """A file of the person's own; `data` is None where none was chosen.

    Browsers send the field of a form all the same, with an empty file, so that it is not missing.
    """

    def process_formdata(self, valuelist: list[Any]) -> None:
        chosen = (one for one in valuelist if isinstance(one, FileStorage) and one.filename)
        self.data = next(chosen, None)


class UploadsField(UploadField):
    """Files of the person's own; `data` lists those that were chosen."""

    widget = FileInput(multiple=True)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [one for one in valuelist if isinstance(one, FileStorage) and one.filename]

    def process_data(self, value: Any) -> None:
        self.data = list(value or ())


class LineField(StringField):
    """One line of text, as `one_line` keeps it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = one_line(valuelist[0])


class Filled(InputRequired):
    """Something must be typed, and not only spaces."""

    def __call__(self, form: Any, field: Any) -> None:
        super().__call__(form, field)
        if field.data == "":
            raise StopValidation(self.message)


def required(message: Any) -> Filled:
    """Have a field filled; the message says with what."""
    return Filled(message)


def at_most(length: int) -> Length:
    """Have a text no longer than the column it is kept in."""
    return Length(max=length, message=lazy_gettext("Nội dung dài quá %(max)d ký tự."))
