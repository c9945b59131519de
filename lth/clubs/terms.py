"""What a club's entry in the register says, read and checked field by field.

A field is refused by its own name, so that a form and a list of clubs both know where it stands.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from lth.core.errors import BlockedError, RefusedError
from lth.core.i18n import N_, Message
from lth.core.readers.document_numbers import DocumentNumberError, read_document_number
from lth.core.readers.plain_names import HiddenCharacterError, read_name
from lth.core.vietnamese import plain_text
from lth.models import Club
from lth.models.frozen import NAME

LARGEST_BOARD = 30
"""More people than any board (Ban chủ nhiệm) has; the model has five."""
LONGEST_NUMBER = 40
LONGEST_NOTE = 1_000
LONGEST_REASON = 500

FIELDS = (
    *("name", "village", "founding_number", "founded_on", "board_size", "areas"),
    *("has_income_fund", "has_operating_fund", "note"),
)
"""What can be said of a club and changed; the rest follows from acts."""


def checked(values: Mapping[str, Any], today: date, areas: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields that are given, each as it is kept.

    Raises BlockedError with all that is wrong, each by the name of its field.
    """
    found: dict[str, Any] = {}
    faults: list[Message] = []
    for field in FIELDS:
        if field in values:
            try:
                found[field] = _READERS[field](values[field], today, areas)
            except RefusedError as error:
                faults += error.messages
    if faults:
        raise BlockedError(*faults)
    return found


def kept(club: Club) -> dict[str, Any]:
    """Return what a club's entry says, by field."""
    return {field: getattr(club, field) for field in FIELDS}


def named(text: Any, field: str, most: int = NAME) -> str:
    """Read one line. Raises RefusedError for what nobody sees, and past its length."""
    try:
        line = read_name(str(text or ""))
    except HiddenCharacterError as error:
        raise RefusedError(field, error.message) from error
    if len(line) > most:
        raise RefusedError(field, N_("Nội dung dài quá %(max)d ký tự."), max=most)
    return line


def reason_of(text: str, *, needed: bool = True) -> str:
    """Read why something is done. Raises RefusedError for none where one is needed."""
    line = named(text, "reason", LONGEST_REASON)
    if needed and not line:
        raise RefusedError("reason", N_("Cần ghi lý do."))
    return line


def _name(value: Any, _today: date, _areas: Mapping[str, Any]) -> str:
    name = named(value, "name")
    if not name:
        raise RefusedError("name", N_("Hãy ghi tên câu lạc bộ."))
    return name


def _village(value: Any, _today: date, _areas: Mapping[str, Any]) -> str:
    return named(value, "village")


def _founding_number(value: Any, _today: date, _areas: Mapping[str, Any]) -> str:
    line = named(value, "founding_number", LONGEST_NUMBER)
    try:
        return str(read_document_number(line)) if line else ""
    except DocumentNumberError as error:
        raise RefusedError("founding_number", error.message) from error


def _founded_on(value: Any, today: date, _areas: Mapping[str, Any]) -> date:
    if value is None:
        raise RefusedError("founded_on", N_("Hãy nhập ngày thành lập."))
    if value > today:
        raise RefusedError("founded_on", N_("Ngày thành lập không được sau hôm nay."))
    return value


def _board_size(value: Any, _today: date, _areas: Mapping[str, Any]) -> int | None:
    if value is not None and not 1 <= value <= LARGEST_BOARD:
        text = N_("Ban chủ nhiệm có từ 1 đến %(most)s người; để trống nếu chưa biết.")
        raise RefusedError("board_size", text, most=LARGEST_BOARD)
    return value


def _areas(value: Any, _today: date, areas: Mapping[str, Any]) -> list[str]:
    """Keep the areas that there are, in their order; a code that is unknown is refused."""
    if unknown := set(value) - set(areas):
        text = N_("Không có mảng hoạt động “%(code)s”.")
        raise RefusedError("areas", text, code=min(unknown))
    return [code for code in areas if code in set(value)]


def _yes(value: Any, _today: date, _areas: Mapping[str, Any]) -> bool:
    return bool(value)


def _note(value: Any, _today: date, _areas: Mapping[str, Any]) -> str:
    text = plain_text(str(value or ""))
    if len(text) > LONGEST_NOTE:
        raise RefusedError("note", N_("Nội dung dài quá %(max)d ký tự."), max=LONGEST_NOTE)
    return text


_READERS: dict[str, Callable[[Any, date, Mapping[str, Any]], Any]] = {
    "name": _name,
    "village": _village,
    "founding_number": _founding_number,
    "founded_on": _founded_on,
    "board_size": _board_size,
    "areas": _areas,
    "has_income_fund": _yes,
    "has_operating_fund": _yes,
    "note": _note,
}
