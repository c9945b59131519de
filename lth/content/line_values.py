"""Read and show the values of a part's line as people type them and as they read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date
from typing import Any

from lth.content import targets
from lth.content.schema import LINE_TYPES, ContentLine, Field, Item, LineType, Said, Typed
from lth.core import clean_text, vietnamese
from lth.core.i18n import N_, Bilingual, Message
from lth.core.readers.days import UnreadableDayError, read_day
from lth.core.readers.numbers import UnreadableNumberError, read_count, read_money
from lth.core.readers.plain_names import HiddenCharacterError, read_name
from lth.core.vietnamese import nfc
from lth.models import Indicator

MOST_LISTED = 40

Shown = str | Message | Bilingual
"""Text in the document's language, or one that is said in the reader's."""


@dataclass(frozen=True, slots=True)
class Words:
    """Context that values are read and shown in: a language, the programme's indicators."""

    language: str = "vi"
    indicators: Mapping[str, Indicator] = attribute(default_factory=dict)


class FieldError(ValueError):
    """Something typed is no value of its field; `message` says what was expected."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


# --- Showing ------------------------------------------------------------------------------


def typed(line: ContentLine, field: Field, words: Words) -> str:
    """Return the text of an input; reading it gives the same value again."""
    value = getattr(line, field.name)
    if value is None or value == "" or value is False:
        return ""
    return _TYPED.get(field.typed, _plainly)(line, value, words)


def typed_line(line: ContentLine, words: Words) -> dict[str, str]:
    """Return the texts of a line's inputs by the name of the field."""
    return {field.name: typed(line, field, words) for field in line.line_type.fields}


def _plainly(_line: ContentLine, value: Any, _words: Words) -> str:
    return str(value)


def _bare(line: ContentLine, value: int, words: Words) -> str:
    row = words.indicators.get(getattr(line, "indicator", ""))
    if row is None:
        return str(value)
    return targets.bare(value, row.measure, words.language)


_TYPED = {
    Typed.DAY: lambda _line, value, _words: vietnamese.format_date(value),
    Typed.MONEY: lambda _line, value, words: vietnamese.format_number(value, words.language),
    Typed.LIST: lambda _line, value, _words: "\n".join(value),
    Typed.FLAG: lambda _line, _value, _words: "1",
    Typed.FIGURE: _bare,
}


def said(line: ContentLine, field: Field, words: Words) -> Shown:
    """Return a value as people read it; empty text for none."""
    value = getattr(line, field.name)
    if value is None or value == "" or value is False:
        return ""
    if field.labels is not None:
        return Message(field.labels[value])
    return _SAID.get(field.typed, _plainly)(line, value, words)


def _label(_line: ContentLine, value: str, words: Words) -> Shown:
    row = words.indicators.get(value)
    return value if row is None else targets.label(row)


def _with_unit(line: ContentLine, value: int, words: Words) -> str:
    row = words.indicators.get(getattr(line, "indicator", ""))
    return str(value) if row is None else targets.amount(value, row, words.language)


_SAID = {
    Typed.DAY: lambda _line, value, words: vietnamese.format_date(value, words.language),
    Typed.MONEY: lambda _line, value, words: vietnamese.format_money(value, words.language),
    Typed.LIST: lambda _line, value, _words: "; ".join(value),
    Typed.FLAG: lambda _line, _value, _words: Message(N_("có")),
    Typed.INDICATOR: _label,
    Typed.FIGURE: _with_unit,
}


def named(line: ContentLine, words: Words) -> Shown:
    """Return a line in one short text, for messages and labels: what it is about."""
    declared = line.line_type
    for name in declared.named_by:
        found = said(line, declared.by_name[name], words)
        if found:
            return _short(found) if isinstance(found, str) else found
    return ""


def _short(text: str) -> str:
    first = text.partition("\n")[0]
    return first if len(first) <= 80 else first[:77].rstrip() + "…"


def summary(line: ContentLine, words: Words) -> dict[str, list[Shown]]:
    """Return the texts that stand side by side in a line's row: `main`, `sub` under it, `beside`,
    `last`.

    A field without a value is left out.
    """
    columns = line.line_type.columns
    shown = {name: getattr(columns, name) for name in ("main", "sub", "beside", "last")}
    return {
        name: [text for item in items for text in _texts(line, item, words) if text]
        for name, items in shown.items()
    }


def _texts(line: ContentLine, item: Item, words: Words) -> tuple[Shown, ...]:
    if callable(item):
        return item(line, words.language)
    shown = Said(item) if isinstance(item, str) else item
    text = said(line, line.line_type.by_name[shown.field], words)
    if not text:
        return (Message(shown.none),) if shown.none else ()
    filling = shown.within.partition("%(")[2].partition(")")[0]
    return (Message(shown.within, {filling: text}),) if shown.within else (text,)


# --- Reading what was typed ---------------------------------------------------------------


def clean(text: str) -> str:
    """Return a typed text as it is compared and stored: composed letters, lines ended alike, no
    space around any of them.
    """
    return lined(nfc(text))


def lined(text: str) -> str:
    """Return a typed text with its lines ended alike and no space around any of them, but with
    what nobody sees: a name that holds it is refused by whoever reads it.
    """
    lines = clean_text.cleaned(clean_text.with_bullets(text)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip("\n")


def read_line(
    part: str, key: str, texts: Mapping[str, str], before: ContentLine | None, words: Words
) -> tuple[ContentLine | None, dict[str, Message]]:
    """Return the line that was typed, or what is wrong by field. A field without a text stays as it
    is.

    `before` is the line as it stands, None for a new one. A figure is read last, in the measure
    of the indicator that was typed beside it.
    """
    declared = LINE_TYPES[part]
    values = {} if before is None else {name: getattr(before, name) for name in declared.by_name}
    errors: dict[str, Message] = {}
    for field in sorted(declared.fields, key=lambda field: field.typed is Typed.FIGURE):
        if field.name not in texts or (field.typed is Typed.FIGURE and "indicator" not in values):
            continue
        values.pop(field.name, None)
        try:
            if field.typed in _NAMES:
                _refuse_hidden(texts[field.name])
            values[field.name] = _read(field, clean(texts[field.name]), values, words)
        except FieldError as error:
            errors[field.name] = error.message
    errors = {**_lacking(declared, {*values, *errors}), **errors}
    if errors:
        return None, errors
    line = declared.build(key, **values)
    if _says_nothing(declared, line):
        return None, {declared.fields[0].name: Message(N_("Hãy nhập nội dung của dòng này."))}
    return line.completed(before), {}


_NAMES = {Typed.TEXT, Typed.LIST}
"""What stands in one line: names, numbers, titles. A longer text loses what nobody sees."""


def _refuse_hidden(text: str) -> None:
    """Raise FieldError where a name has something that nobody sees."""
    for line in lined(text).split("\n"):
        try:
            read_name(line)
        except HiddenCharacterError as error:
            raise FieldError(error.message) from None


def _lacking(declared: LineType, there: set[str]) -> dict[str, Message]:
    """Say what must be filled in and was not even asked for."""
    return {
        field.name: _must_be_there(field)
        for field in declared.fields
        if field.required and field.name not in there
    }


def _must_be_there(field: Field) -> Message:
    if field.typed in {Typed.CHOICE, Typed.INDICATOR}:
        return Message(N_("Hãy chọn một mục trong danh sách."))
    return Message(N_("Hãy nhập ô này."))


def _says_nothing(declared: LineType, line: ContentLine) -> bool:
    """Tell whether a line has nothing in it; a part with a required field has that."""
    if declared.single or any(field.required for field in declared.fields):
        return False
    return all(getattr(line, name) == value for name, value in declared.empty.items())


def _read(field: Field, text: str, values: Mapping[str, Any], words: Words) -> Any:
    """Read one value. Raises FieldError."""
    if not text:
        if field.required or (field.typed is Typed.CHOICE and field.always):
            raise FieldError(_must_be_there(field))
        return field.empty
    if field.typed is Typed.FIGURE:
        return _figure(words.indicators[values["indicator"]], text, words)
    return _READ[field.typed](field, text, words)


def _not_too_long(text: str, most: int) -> str:
    if len(text) > most:
        raise FieldError(
            Message(N_("Nội dung dài quá %(most)s ký tự, hãy rút gọn."), {"most": most})
        )
    return text


def _list(field: Field, text: str, _words: Words) -> tuple[str, ...]:
    """List the lines that say something, each once; a dash before one is a sign of the list."""
    found = dict.fromkeys(line.lstrip("-–•+ ").rstrip(";. ") for line in text.split("\n"))
    found.pop("", None)
    if len(found) > MOST_LISTED:
        raise FieldError(Message(N_("Nhiều nhất %(most)s dòng."), {"most": MOST_LISTED}))
    return tuple(_not_too_long(line, field.most) for line in found)


def _day(_one: Field, text: str, _words: Words) -> date:
    try:
        return read_day(text)
    except UnreadableDayError as error:
        raise FieldError(error.message) from None


def _money(field: Field, text: str, words: Words) -> int:
    try:
        amount = read_money(text, words.language)
    except UnreadableNumberError as error:
        message = N_("Nhập số tiền bằng đồng, ví dụ 60.000.000 hoặc 60 triệu.")
        raise FieldError(error.message or Message(message)) from None
    if amount < 0:
        raise FieldError(Message(N_("Số tiền không thể là số âm.")))
    if amount > field.most:
        raise FieldError(Message(N_("Số này quá lớn, hãy kiểm tra lại.")))
    return amount


def _number(field: Field, text: str, words: Words) -> int:
    try:
        number = read_count(text, words.language)
    except UnreadableNumberError as error:
        if error.message is not None:
            raise FieldError(error.message) from None
        number = None
    if number is None or not field.least <= number <= field.most:
        raise FieldError(
            Message(
                N_("Nhập một số nguyên từ %(least)s đến %(most)s."),
                {"least": str(field.least), "most": str(field.most)},
            )
        )
    return number


def _choice(field: Field, text: str, _words: Words) -> Any:
    try:
        return field.words(text)
    except ValueError:
        raise FieldError(_must_be_there(field)) from None


def _indicator(field: Field, text: str, words: Words) -> str:
    if text not in words.indicators:
        raise FieldError(_must_be_there(field))
    return text


def _figure(row: Indicator, text: str, words: Words) -> int | None:
    """Find a baseline figure, in the measure of its indicator."""
    try:
        found = targets.parse(row.measure, "eq", text, language=words.language)
    except targets.FigureError as error:
        raise FieldError(next(iter(error.errors.values()))) from None
    return found.value if found else None


_READ = {
    Typed.TEXT: lambda field, text, _words: _not_too_long(field.tidy(text), field.most),
    Typed.LONG: lambda field, text, _words: _not_too_long(text, field.most),
    Typed.LIST: _list,
    Typed.DAY: _day,
    Typed.MONEY: _money,
    Typed.NUMBER: _number,
    Typed.YEAR: _number,
    Typed.CHOICE: _choice,
    Typed.FLAG: lambda _field, text, _words: text == "1",
    Typed.INDICATOR: _indicator,
}
