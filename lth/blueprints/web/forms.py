"""All that forms have in common: messages in the page's language, dates as offices write them."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField, ValidationError
from wtforms.utils import unset_value
from wtforms.validators import InputRequired, Length, StopValidation
from wtforms.widgets import TextInput

from lth.blueprints.web import current
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message
from lth.core.language import current as language
from lth.core.language import gettext, lazy_gettext, say
from lth.core.readers.days import UnreadableDayError, read_day
from lth.core.readers.numbers import UnreadableNumberError, read_count
from lth.core.vietnamese import format_date, one_line

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
    """The base of the forms."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

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
    "Bấm lưu để lấy ngày này."
)


class DayField(DateField):
    """A day typed and shown as an office writes it: 07/5/2021.

    Not the browser's own date control, which writes days as the browser's language does.
    """

    widget = DayInput()

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
    instead_of = ""

    def __call__(self, **kwargs: Any) -> Any:
        """Say in the field what was typed where another day stands: nothing typed is lost."""
        instead = {"data-instead": self.instead_of} if self.instead_of else {}
        return super().__call__(**instead | kwargs)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        kept = formdata.get(self.keep_name) if formdata else None
        self.kept = _day(kept) if kept else None
        self.data = self.kept or self.data

    @property
    def keep_name(self) -> str:
        """Return the name of the box that keeps the day as it was typed."""
        return f"{self.name}-keep"

    def pre_validate(self, form: Any) -> None:
        calendar = current.calendar()
        if self.data is None or self.data == self.kept or calendar.works(self.data):
            return
        self.instead_of = self.raw_data[0] if self.raw_data else ""
        self.typed, self.raw_data = self.data, None
        self.data = calendar.shift(self.typed, 1)
        days = {"typed": format_date(self.typed), "next": format_date(self.data)}
        raise StopValidation(gettext(_NO_WORKING_DAY, **days))


def _day(text: str) -> date | None:
    """Read a day that a page has written; None for anything else."""
    try:
        return read_day(text)
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
