"""Header fields that arrive as they were written, within the limits of RFC 5322 and RFC 2047.

The standard library's own folding breaks a text at its blanks and writes the parts as encoded words
of their own; between two of these a reader drops the blank, and "quá hạn trình" arrives as "quá
hạntrình". Here a text is either plain, or encoded as a whole: blanks stand within the words.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from email.headerregistry import (
    Address,
    Group,
    HeaderRegistry,
    UniqueSingleAddressHeader,
)
from email.policy import SMTP, EmailPolicy, Policy
from typing import Any
from unicodedata import category

LONGEST_LINE = 76
"""Characters; RFC 2047 for a line with an encoded word, two fewer than RFC 5322 recommends."""

LONGEST_WORD = 75
SHORT_WORD = 64
"""Characters of an encoded word: the most allowed, and what fits beside the name of a field."""

_OPEN, _CLOSE = "=?utf-8?b?", "?="
_ATOM = frozenset("!#$%&'*+-/=?^_`{|}~")
_LINE_ENDS = frozenset("\r\n")
_UNREADABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def one_line(text: str) -> str:
    """Return a text with a blank for each character that would end its line or cannot be read.

    Carriage returns and line feeds stay: whoever sends one means to write a header, and is refused.
    """
    return "".join(
        " " if category(char) in _UNREADABLE and char not in _LINE_ENDS else char for char in text
    )


class _HeaderWords:
    """What our fields do alike; each gives its words, between which a line may end."""

    max_count = 1

    def words(self) -> Iterable[str]:
        raise NotImplementedError

    def fold(self, *, policy: Policy) -> str:
        """Return the field in lines; only a word that fits none makes a longer one."""
        name = f"{self.name}:"  # type: ignore[attr-defined] # a header's, mixed in
        lines = [name]
        for word in self.words():
            fits_alone = len(word) < LONGEST_LINE or lines[-1] != name
            if len(lines[-1]) + 1 + len(word) > LONGEST_LINE and fits_alone:
                lines.append("")
            lines[-1] += f" {word}"
        return policy.linesep.join(lines) + policy.linesep


class HeaderText(_HeaderWords):
    """A field of free text."""

    @staticmethod
    def parse(value: str, kwds: dict[str, Any]) -> None:
        """Take the text as it is: what looks like an encoded word in a name is that name."""
        kwds |= {"decoded": str(value), "parse_tree": None, "defects": []}

    def words(self) -> Iterable[str]:
        text = str(self)
        return text.split(" ") if _plain(text) else _encoded(text)


class HeaderToken(HeaderText):
    """A field that holds one word for programs, such as an id; it is never broken or encoded."""

    def words(self) -> Iterable[str]:
        return [str(self)]


class HeaderAddress(_HeaderWords, UniqueSingleAddressHeader):
    """A field with one address; its name is plain, quoted, or encoded."""

    @classmethod
    def parse(cls, value: Address, kwds: dict[str, Any]) -> None:
        """Take an address that was checked when it was made."""
        groups = [Group(None, [value])]
        kwds |= {"decoded": str(value), "parse_tree": None, "groups": groups, "defects": []}

    def words(self) -> Iterator[str]:
        for address in self.addresses:
            yield from _name(address.display_name)
            yield f"<{address.addr_spec}>"


def _plain(text: str) -> bool:
    """Tell whether a text can stand as it is and be put together again from its words."""
    words = text.split(" ")
    readable = text.isascii() and text.isprintable() and "=?" not in text
    return readable and all(0 < len(word) <= SHORT_WORD for word in words)


def _name(name: str) -> Iterable[str]:
    if not name:
        return []
    if not _plain(name):
        return _encoded_name(name)
    words = name.split(" ")
    if all(char.isalnum() or char in _ATOM for word in words for char in word):
        return words
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return [quoted] if len(quoted) <= SHORT_WORD else _encoded_name(name)


def _encoded_name(name: str) -> Iterable[str]:
    """Write a name as one encoded word where it fits: before Python 3.12.9 that of the standard
    library read a blank between two words of a name, where there is none (gh-128110)."""
    whole = _word(name.encode())
    return [whole] if len(whole) <= LONGEST_WORD else _encoded(name)


def _encoded(text: str) -> Iterator[str]:
    """Write a text as encoded words, none of which ends within a character."""
    held = b""
    for char in text:
        more = char.encode()
        if len(_word(held + more)) > SHORT_WORD:
            yield _word(held)
            held = b""
        held += more
    if held:
        yield _word(held)


def _word(held: bytes) -> str:
    return f"{_OPEN}{b64encode(held).decode('ascii')}{_CLOSE}"


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    fields: dict[str, type] = {
        **dict.fromkeys(("from", "to"), HeaderAddress),
        "subject": HeaderText,
        **dict.fromkeys(
            ("message-id", "references", "auto-submitted", "x-auto-response-suppress"), HeaderToken
        ),
    }
    for name, field in fields.items():
        registry.map_to_type(name, field)
    return registry


POLICY: EmailPolicy = SMTP.clone(header_factory=_registry(), max_line_length=LONGEST_LINE)
"""That of every mail: our fields, lines of the body of 76 characters (RFC 2045), as a relay ends
them."""
