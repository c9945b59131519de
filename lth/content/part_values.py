"""The values of a part's line as people type them and as they read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from lth.content import targets
from lth.content.model import LINE_OF, BudgetLine, Line
from lth.content.part_fields import FIELDS, Field, Typed, empty_values, is_required
from lth.content.part_lines import field_types
from lth.core import vietnamese
from lth.core.i18n import N_, Bilingual, Message
from lth.core.vietnamese import nfc
from lth.models import Indicator
from lth.models.parts import Part

MOST_LISTED = 40

Shown = str | Message | Bilingual
"""Text in the document's language, or one that is said in the reader's."""


@dataclass(frozen=True, slots=True)
class Words:
    """What reading and showing values takes beside them: a language, the programme's indicators."""

    language: str = "vi"
    indicators: Mapping[str, Indicator] = field(default_factory=dict)


class FieldError(ValueError):
    """What was typed is no value of its field; `message` says what was expected."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


# --- Showing ------------------------------------------------------------------------------


def typed(line: Line, one: Field, words: Words) -> str:
    """The text of an input; reading it gives the same value again."""
    value = getattr(line, one.name)
    if value is None or value == "" or value is False:
        return ""
    return _TYPED.get(one.typed, _plainly)(line, value, words)


def typed_line(part: Part, line: Line, words: Words) -> dict[str, str]:
    """The texts of a line's inputs by the name of the field."""
    return {one.name: typed(line, one, words) for one in FIELDS[part]}


def _plainly(_line: Line, value: Any, _words: Words) -> str:
    return str(value)


def _bare(line: Line, value: int, words: Words) -> str:
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


def said(line: Line, one: Field, words: Words) -> Shown:
    """A value as people read it; empty text for none."""
    value = getattr(line, one.name)
    if value is None or value == "" or value is False:
        return ""
    if one.labels is not None:
        return Message(one.labels[value])
    return _SAID.get(one.typed, _plainly)(line, value, words)


def _label(_line: Line, value: str, words: Words) -> Shown:
    row = words.indicators.get(value)
    return value if row is None else Bilingual(row.label_vi, row.label_en)


def _with_unit(line: Line, value: int, words: Words) -> str:
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


# --- Reading what was typed ---------------------------------------------------------------


def clean(text: str) -> str:
    """A typed text as it is compared and stored: composed letters, lines ended alike, no space
    around any of them.
    """
    lines = nfc(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip("\n")


def read_line(
    part: Part, key: str, texts: Mapping[str, str], before: Line | None, words: Words
) -> tuple[Line | None, dict[str, Message]]:
    """The line that was typed, or what is wrong by field. A field without a text stays as it is.

    `before` is the line as it stands, None for a new one.
    """
    values = {} if before is None else {one.name: getattr(before, one.name) for one in FIELDS[part]}
    errors: dict[str, Message] = {}
    for one in FIELDS[part]:
        if one.name in texts and one.typed is not Typed.FIGURE:
            _put(part, one, clean(texts[one.name]), values, errors, words)
    for one in FIELDS[part]:
        if one.typed is Typed.FIGURE and one.name in texts and "indicator" in values:
            _put(part, one, clean(texts[one.name]), values, errors, words)
    errors = {**_lacking(part, values, errors), **errors}
    if errors:
        return None, errors
    line = LINE_OF[part](key, **{**empty_values(part), **values})
    if _says_nothing(part, line):
        return None, {FIELDS[part][0].name: Message(N_("Hãy nhập nội dung của dòng này."))}
    return _complete(line, before), {}


def _put(
    part: Part,
    one: Field,
    text: str,
    values: dict[str, Any],
    errors: dict[str, Message],
    words: Words,
) -> None:
    values.pop(one.name, None)
    try:
        values[one.name] = _read(part, one, text, values, words)
    except FieldError as error:
        errors[one.name] = error.message


def _lacking(part: Part, values: Mapping[str, Any], errors: Mapping[str, Message]):
    """What must be filled in and was not even asked for."""
    return {
        one.name: _must_be_there(one)
        for one in FIELDS[part]
        if is_required(part, one.name) and one.name not in values and one.name not in errors
    }


def _must_be_there(one: Field) -> Message:
    if one.typed in {Typed.CHOICE, Typed.INDICATOR}:
        return Message(N_("Hãy chọn một mục trong danh sách."))
    return Message(N_("Hãy nhập ô này."))


def _says_nothing(part: Part, line: Line) -> bool:
    """Whether a line has nothing in it; a part with a required field has that."""
    if any(is_required(part, one.name) for one in FIELDS[part]) or part is Part.HEADER:
        return False
    return all(getattr(line, name) == value for name, value in empty_values(part).items())


def _complete(line: Line, before: Line | None) -> Line:
    """An amount that nobody typed, or that was computed before, is the rate times the years."""
    if not isinstance(line, BudgetLine) or line.annual_rate is None or line.years is None:
        return line
    computed = isinstance(before, BudgetLine) and line.amount == product(before)
    if line.amount is None or (computed and before.amount == line.amount):
        return replace(line, amount=product(line))
    return line


def product(line: BudgetLine) -> int | None:
    """Mức mỗi năm × số năm, in đồng, where both are known."""
    if line.annual_rate is None or line.years is None:
        return None
    return line.annual_rate * line.years


def _read(part: Part, one: Field, text: str, values: Mapping[str, Any], words: Words) -> Any:
    """One value. Raises FieldError."""
    if not text:
        if is_required(part, one.name) or (one.typed is Typed.CHOICE and _always(part, one)):
            raise FieldError(_must_be_there(one))
        return empty_values(part)[one.name]
    if one.typed is Typed.FIGURE:
        return _figure(words.indicators[values["indicator"]], text, words)
    return _READ[one.typed](part, one, text, words)


def _always(part: Part, one: Field) -> bool:
    return empty_values(part)[one.name] is not None


def _text(_part: Part, one: Field, text: str, _words: Words) -> str:
    return _not_too_long(" ".join(text.split()), one.most)


def _long(_part: Part, one: Field, text: str, _words: Words) -> str:
    return _not_too_long(text, one.most)


def _not_too_long(text: str, most: int) -> str:
    if len(text) > most:
        raise FieldError(
            Message(N_("Nội dung dài quá %(most)s ký tự, hãy rút gọn."), {"most": most})
        )
    return text


def _list(_part: Part, one: Field, text: str, _words: Words) -> tuple[str, ...]:
    """The lines that say something, each once; a dash before one is a sign of the list."""
    found = dict.fromkeys(line.lstrip("-–•+ ").rstrip(";. ") for line in text.split("\n"))
    found.pop("", None)
    if len(found) > MOST_LISTED:
        raise FieldError(Message(N_("Nhiều nhất %(most)s dòng."), {"most": MOST_LISTED}))
    return tuple(_not_too_long(line, one.most) for line in found)


_PATTERNS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")


def _day(_part: Part, _one: Field, text: str, _words: Words) -> date:
    bare = text.casefold().removeprefix("ngày ").replace(" ", "")
    for pattern in _PATTERNS:
        try:
            found = datetime.strptime(bare, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1900 <= found.year <= 2100:
            return found
    raise FieldError(Message(N_("Hãy nhập ngày theo mẫu 07/5/2021.")))


def _money(_part: Part, one: Field, text: str, words: Words) -> int:
    try:
        amount = vietnamese.parse_money(text, words.language)
    except ValueError:
        message = N_("Nhập số tiền bằng đồng, ví dụ 60.000.000 hoặc 60 triệu.")
        raise FieldError(Message(message)) from None
    if amount < 0:
        raise FieldError(Message(N_("Số tiền không thể là số âm.")))
    if amount > one.most:
        raise FieldError(Message(N_("Số này quá lớn, hãy kiểm tra lại.")))
    return amount


def _number(_part: Part, one: Field, text: str, words: Words) -> int:
    try:
        number = vietnamese.parse_number(text, words.language)
    except ValueError:
        number = None
    if number is None or not one.least <= number <= one.most:
        raise FieldError(
            Message(
                N_("Nhập một số nguyên từ %(least)s đến %(most)s."),
                {"least": str(one.least), "most": str(one.most)},
            )
        )
    return number


def _choice(part: Part, one: Field, text: str, _words: Words) -> Any:
    try:
        return field_types(LINE_OF[part])[one.name](text)
    except ValueError:
        raise FieldError(_must_be_there(one)) from None


def _flag(_part: Part, _one: Field, text: str, _words: Words) -> bool:
    return text == "1"


def _indicator(_part: Part, one: Field, text: str, words: Words) -> str:
    if text not in words.indicators:
        raise FieldError(_must_be_there(one))
    return text


def _figure(row: Indicator, text: str, words: Words) -> int | None:
    """A baseline figure, in the measure of its indicator."""
    try:
        found = targets.parse(row.measure, "eq", text, language=words.language)
    except targets.FigureError as error:
        raise FieldError(next(iter(error.errors.values()))) from None
    return found.value if found else None


_READ = {
    Typed.TEXT: _text,
    Typed.LONG: _long,
    Typed.LIST: _list,
    Typed.DAY: _day,
    Typed.MONEY: _money,
    Typed.NUMBER: _number,
    Typed.CHOICE: _choice,
    Typed.FLAG: _flag,
    Typed.INDICATOR: _indicator,
}


def named(part: Part, line: Line, words: Words) -> Shown:
    """A line in one short text, for messages and labels: what it is about."""
    known = {one.name: one for one in FIELDS[part]}
    for name in _NAMED_BY.get(part, list(known)):
        found = said(line, known[name], words)
        if found:
            return _short(found) if isinstance(found, str) else found
    return ""


_NAMED_BY = {Part.BASIS: ("number", "title", "type")}


def _short(text: str) -> str:
    first = text.partition("\n")[0]
    return first if len(first) <= 80 else first[:77].rstrip() + "…"
