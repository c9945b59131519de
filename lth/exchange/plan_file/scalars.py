"""Read the scalars of a plan file, from text to exact values; no float anywhere."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lth.content import targets
from lth.content.line_values import FieldError
from lth.core.i18n import N_, Message
from lth.core.readers.plain_names import HiddenCharacterError, read_name
from lth.core.vietnamese import nfc
from lth.exchange.plan_file.form import FORMAT, Holds
from lth.exchange.plan_file.problems import not_one_of
from lth.models import Indicator
from lth.models.programme import Measure
from lth.programmes import catalogue_file

LARGEST = 10**15
LONGEST_KEY = 80
_WHOLE = re.compile(r"[0-9]+(_[0-9]{3})*", re.ASCII)
_FIGURE = re.compile(r"[0-9]+(_[0-9]{3})*(\.[0-9]+)?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLACES = {Measure.COUNT: 0, Measure.MONEY: 0, Measure.PERCENT: 2, Measure.RATE: 2}
_EXPECTED = {
    Measure.COUNT: N_("“%(name)s” cần một số nguyên viết liền, ví dụ 3444, không phải “%(word)s”."),
    Measure.MONEY: N_(
        "“%(name)s” cần số đồng viết liền, ví dụ 20000000 hoặc 20_000_000, không phải “%(word)s”."
    ),
    Measure.PERCENT: N_(
        "“%(name)s” cần số phần trăm không có dấu %%, nhiều nhất hai chữ số sau dấu chấm, ví dụ"
        " 62.5, không phải “%(word)s”."
    ),
    Measure.RATE: N_(
        "“%(name)s” cần một số có nhiều nhất hai chữ số sau dấu chấm, ví dụ 0.6, không phải"
        " “%(word)s”."
    ),
}


_LARGER_THAN_MOST = {
    Measure.COUNT: N_(
        "“%(name)s” là %(word)s: quá lớn, nhiều nhất là %(most)s. Xem lại số chữ số; số tiền thì"
        " ghi ở chỉ tiêu tính bằng đồng."
    ),
    Measure.MONEY: N_(
        "“%(name)s” là %(word)s: quá lớn, nhiều nhất là %(most)s. Xem lại số chữ số 0: số tiền ghi"
        " bằng đồng."
    ),
    Measure.PERCENT: N_(
        "“%(name)s” là %(word)s: quá lớn, tỷ lệ phần trăm cao nhất là %(most)s. Là số người hay số"
        " câu lạc bộ thì chọn chỉ tiêu đếm, không phải chỉ tiêu tỷ lệ."
    ),
    Measure.RATE: N_(
        "“%(name)s” là %(word)s: quá lớn, nhiều nhất là %(most)s. Xem lại dấu chấm trước phần lẻ."
    ),
}
_GROUP = 3
"""Digits between two marks of thousands."""


def clean(text: str) -> str:
    """Return a text as it is kept: composed letters, no space around it."""
    return nfc(text).strip()


def plain(text: str) -> str:
    """Return a text of one line as it is kept. Raises FieldError for what nobody sees in it."""
    try:
        read_name(text)
    except HiddenCharacterError as error:
        raise FieldError(error.message) from None
    return clean(text)


def read(holds: Holds | type[StrEnum], name: str, written: str) -> Any:
    """Say what a key's text is. Raises FieldError. Figures come back as they are written."""
    word = clean(written) if holds is Holds.PROSE else plain(written)
    if not isinstance(holds, Holds):
        return _one_of(holds, name, word)
    return _READ[holds](name, word)


def exact(word: str, name: str, indicator: Indicator) -> int:
    """Read a spoken figure as the exact integer of its indicator's measure. Raises FieldError."""
    measure = indicator.measure
    _, _, places = word.partition(".")
    if not _FIGURE.fullmatch(word) or len(places) > _PLACES[measure]:
        raise FieldError(Message(_EXPECTED[measure], {"name": name, "word": word}))
    value = int(Decimal(word) * catalogue_file.UNITS_OF_ONE[measure])
    if value > targets.LARGEST[measure]:
        raise FieldError(_too_large(name, word, targets.LARGEST[measure], measure))
    return value


def spoken(value: int, measure: Measure) -> str:
    """Return the text that `exact` reads back: 70, 62.5, 20000000."""
    size = catalogue_file.UNITS_OF_ONE[measure]
    whole, rest = divmod(value, size)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def without_commas(pieces: Sequence[str]) -> str:
    """Return a number that commas have cut ("3,5", "14,000,000") as a plan file writes it; an empty
    text where it is none.
    """
    if not all(re.fullmatch(r"[0-9]+", piece, re.ASCII) for piece in pieces):
        return ""
    if all(len(piece) == _GROUP for piece in pieces[1:]):
        return "_".join(pieces)
    whole, *places = pieces
    return f"{whole}.{places[0]}" if len(places) == 1 else ""


def _too_large(name: str, word: str, most: int, measure: Measure) -> Message:
    """Say what is the most, and what is usually wrong with a larger number."""
    filling = {"name": name, "word": word, "most": spoken(most, measure)}
    return Message(_LARGER_THAN_MOST[measure], filling)


def _one_of(enum: type[StrEnum], name: str, word: str) -> StrEnum:
    try:
        return enum(word)
    except ValueError:
        raise FieldError(not_one_of(name, word, [one.value for one in enum])) from None


def _text(_name: str, word: str) -> str:
    return word


def _whole(name: str, word: str) -> int:
    if not _WHOLE.fullmatch(word):
        text = N_("“%(name)s” cần một số nguyên viết liền, ví dụ 3444, không phải “%(word)s”.")
        raise FieldError(Message(text, {"name": name, "word": word}))
    if len(word) > 20 or int(word) > LARGEST:
        raise FieldError(_too_large(name, word, LARGEST, Measure.MONEY))
    return int(word)


def _year(name: str, word: str) -> int:
    if not re.fullmatch(r"(19|20|21)[0-9]{2}", word, re.ASCII):
        text = N_("“%(name)s” cần một năm bốn chữ số, ví dụ 2025, không phải “%(word)s”.")
        raise FieldError(Message(text, {"name": name, "word": word}))
    return int(word)


def _day(name: str, word: str) -> date:
    try:
        if _DAY.fullmatch(word):
            return date.fromisoformat(word)
    except ValueError as error:
        text = N_("“%(name)s” là %(word)s: lịch không có ngày này.")
        raise FieldError(Message(text, {"name": name, "word": word})) from error
    text = N_("“%(name)s” cần một ngày viết như 2021-05-07, không phải “%(word)s”.")
    raise FieldError(Message(text, {"name": name, "word": word}))


def _flag(name: str, word: str) -> bool:
    if word.lower() not in {"true", "false"}:
        raise FieldError(not_one_of(name, word, ["true", "false"]))
    return word.lower() == "true"


def _figure(name: str, word: str) -> str:
    if not _FIGURE.fullmatch(word):
        text = N_(
            "“%(name)s” cần một con số như 70, 62.5 hay 20000000, không kèm đơn vị hay dấu phân"
            " cách, không phải “%(word)s”."
        )
        raise FieldError(Message(text, {"name": name, "word": word}))
    return word


def _programme(name: str, word: str) -> str:
    if word not in catalogue_file.CODES:
        raise FieldError(not_one_of(name, word, catalogue_file.CODES))
    return word


def _format(name: str, word: str) -> int:
    if word != str(FORMAT):
        raise FieldError(not_one_of(name, word, [str(FORMAT)]))
    return FORMAT


_READ: dict[Holds, Callable[[str, str], Any]] = {
    Holds.TEXT: _text,
    Holds.PROSE: _text,
    Holds.WHOLE: _whole,
    Holds.YEAR: _year,
    Holds.DAY: _day,
    Holds.FLAG: _flag,
    Holds.FIGURE: _figure,
    Holds.INDICATOR: _text,
    Holds.PHASE: _text,
    Holds.PROGRAMME: _programme,
    Holds.FORMAT: _format,
}
