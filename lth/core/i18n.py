"""Messages that are written here and translated where they are shown.

The layers below the pages know no language: they raise and return `Message`s, whose text is a
Vietnamese msgid, and the page, the mail or the command line renders it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date, datetime
from functools import reduce
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's extractors know
    """Mark a msgid for extraction without translating it now."""
    return text


def C_(text: str) -> str:  # noqa: N802 - as above
    """Mark a msgid that counts things; a `Message` with a `number` says it in the right form."""
    return text


@dataclass(frozen=True)
class Message:
    """A msgid and what fills it; `str()` gives it in Vietnamese.

    `field` names the input that the message is about, where there is one; `number` is how many
    things a text marked by `C_` speaks of.
    """

    text: str
    params: dict[str, Any] = attribute(default_factory=dict)
    field: str = ""
    number: int | None = None

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


def listed(messages: Sequence[Message]) -> Message:
    """Put messages in a row, with commas between; each is translated by itself."""
    return reduce(
        lambda one, other: Message("%(one)s, %(other)s", {"one": one, "other": other}), messages
    )


@dataclass(frozen=True)
class Bilingual:
    """Text that is data, kept in both languages (an indicator's label), as a message's filling."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.vi

    def in_language(self, language: str) -> str:
        """Return the text in "vi" or "en"."""
        return self.en if language == "en" else self.vi


# --- Kept ---------------------------------------------------------------------------------


def pack(message: Message) -> dict[str, Any]:
    """Pack a message as JSON that can be kept and said later in either language; see `unpack`.

    Raises TypeError for a filling that JSON has no room for.
    """
    packed: dict[str, Any] = {"text": message.text}
    if message.params:
        packed["params"] = {name: _pack(value) for name, value in message.params.items()}
    if message.number is not None:
        packed["number"] = message.number
    return packed


def unpack(packed: Mapping[str, Any]) -> Message:
    """Make the message that was packed; the field of a form that it was about is not kept."""
    params = {name: _unpack(value) for name, value in packed.get("params", {}).items()}
    return Message(packed["text"], params, number=packed.get("number"))


def _pack(value: Any) -> Any:
    """Pack a filling; what is no plain word or number says in its first key what it is."""
    if isinstance(value, Message):
        return {"message": pack(value)}
    if isinstance(value, Bilingual):
        return {"vi": value.vi, "en": value.en}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a message filled with {value!r} cannot be kept")


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "message" in value:
        return unpack(value["message"])
    if "moment" in value:
        return datetime.fromisoformat(value["moment"])
    return date.fromisoformat(value["day"]) if "day" in value else Bilingual(**value)
