"""Parse XML of strangers into a small tree: names without namespaces, texts, children.

What could fetch, expand or grow is refused while it is parsed: a DOCTYPE (and with it every entity
that is not XML's own), too many elements, too deep, too long a text. The events are collected here
and not by lxml's tree, which has a bound of its own for a text (10 MB) that a scan goes beyond.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message

MOST_ELEMENTS = 20_000
DEEPEST = 40
LONGEST_TEXT = 64 * 1024 * 1024
"""Characters of all texts together: a payload of 45 MB in base64, and some."""

MOST_BYTES = 70 * 1024 * 1024

NO_XML = Message(N_("Tệp này không phải gói tin edXML đọc được: nội dung không phải XML đúng."))
HAS_DOCTYPE = Message(
    N_("Tệp này có khai báo DOCTYPE hoặc thực thể, gói tin thật không cần: phần mềm không đọc.")
)
TOO_MANY = Message(N_("Tệp này có quá nhiều phần tử hoặc lồng nhau quá sâu: không phải gói tin."))
TOO_BIG = Message(N_("Tệp này quá lớn: gói tin đọc được nặng tối đa 70 MB."))

_SLACK = 64
"""Bytes that may stand before the first "<": some systems put a length there."""


@dataclass(slots=True)
class Element:
    """An element: its name in small letters without a namespace, its text, its children."""

    name: str
    pieces: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def child(self, *names: str) -> "Element | None":
        """Return the first child of one of these names (in small letters)."""
        return next((one for one in self.children if one.name in names), None)

    def all(self, *names: str) -> list["Element"]:
        return [one for one in self.children if one.name in names]

    def value(self, *names: str) -> str:
        """Return the text of the first child of one of these names, without space at its ends."""
        found = self.child(*names)
        return found.text.strip() if found is not None else ""

    def find(self, *names: str) -> "Element | None":
        """Return the nearest element below of one of these names, this one counted."""
        level = [self]
        while level:
            for one in level:
                if one.name in names:
                    return one
            level = [child for one in level for child in one.children]
        return None


class _Collector:
    """What the parser tells, as a tree; raises as soon as a bound is passed."""

    def __init__(self) -> None:
        self._top = Element("")
        self._open = [self._top]
        self._elements = 0
        self._characters = 0

    def doctype(self, *_said: Any) -> None:
        raise BlockedError(HAS_DOCTYPE)

    def start(self, tag: str, _attributes: Any) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._open) > DEEPEST:
            raise BlockedError(TOO_MANY)
        element = Element(etree.QName(tag).localname.casefold())
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > LONGEST_TEXT:
            raise BlockedError(TOO_BIG)
        self._open[-1].pieces.append(text)

    def comment(self, _text: str) -> None:
        """Pass over a comment."""

    def pi(self, *_said: Any) -> None:
        """Pass over an instruction."""

    def close(self) -> Element | None:
        """Return the root; the parser also asks once it has been stopped, when there is none."""
        return next(iter(self._top.children), None)


def parse(data: bytes) -> Element:
    """Return the root of an XML file. Raises BlockedError for what is none, or passes a bound."""
    if len(data) > MOST_BYTES:
        raise BlockedError(TOO_BIG)
    begins = data[:_SLACK].find(b"<")
    if begins > 0 and data[:begins].strip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t0123456789") == b"":
        data = data[begins:] if b"\x00" not in data[:4] else data
    if re.search(rb"<!(DOCTYPE|ENTITY)", data[:4096], re.IGNORECASE):
        raise BlockedError(HAS_DOCTYPE)
    parser: Any = etree.XMLParser(
        target=_Collector(),
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        recover=False,
    )
    try:
        root: Element | None = etree.XML(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise BlockedError(NO_XML) from None
    if root is None:
        raise BlockedError(NO_XML)
    return root
