"""V18: the parts of a plan are numbered without a gap."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lth.checks.registry import Fault, check
from lth.checks.wording import quoted
from lth.content.model import Content, SectionText
from lth.core.i18n import N_
from lth.models.finding import Severity, Stage

_TENS = ("", "X", "XX", "XXX")
_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN = {
    ten + one: 10 * tens + ones
    for tens, ten in enumerate(_TENS)
    for ones, one in enumerate(_ONES)
    if ten + one
}
_STYLES = (
    ("roman", re.compile(r"\s*(?:Mục|Chương)?\s*([IVX]+)\s*[.):/\-–—]")),
    ("digits", re.compile(r"\s*(?:Mục|Chương)?\s*(\d{1,2})\s*[.):/](?!\d)")),
    ("letters", re.compile(r"\s*(?:Mục)?\s*([A-Z])\s*[.):/]")),
)
"""How a title may be numbered; the first numbered title says how the others are."""

_DIVISION = re.compile(r"\s*Phần\s", re.IGNORECASE)
"""A title of several sections together, after which the numbers may begin again."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A section's place by its own numeral."""

    section: SectionText
    ordinal: int
    numeral: str


@check(
    "V18",
    "NUMBERING",
    N_("Các mục đánh số liền nhau"),
    Severity.WARNING,
    Stage.SUBMIT,
)
def numbering(content: Content) -> Iterator[Fault]:
    """Require that the numerals of the sections follow one another from I (or 1, or A) on.
    Sections without a numeral are passed over; under a new "Phần" they may begin again.
    """
    style = _style(content)
    if style is None:
        return
    last: Numbered | None = None
    for section in content.sections:
        if _DIVISION.match(section.title):
            last = None
            continue
        found = _numbered(section, style)
        if found is None:
            continue
        expected = 1 if last is None else last.ordinal + 1
        if found.ordinal != expected:
            yield _gap(style, last, found, expected)
        last = found


def _style(content: Content) -> str | None:
    for section in content.sections:
        for name, pattern in _STYLES:
            if pattern.match(section.title):
                return name
    return None


def _numbered(section: SectionText, style: str) -> Numbered | None:
    match = dict(_STYLES)[style].match(section.title)
    if match is None:
        return None
    numeral = match[1]
    ordinal = _ordinal(numeral, style)
    return None if ordinal is None else Numbered(section, ordinal, numeral)


def _ordinal(numeral: str, style: str) -> int | None:
    if style == "roman":
        return _ROMAN.get(numeral)
    return int(numeral) if style == "digits" else ord(numeral) - ord("A") + 1


def _numeral(ordinal: int, style: str) -> str:
    if style == "roman":
        return next((text for text, value in _ROMAN.items() if value == ordinal), str(ordinal))
    return str(ordinal) if style == "digits" else chr(ord("A") + ordinal - 1)


def _gap(style: str, last: Numbered | None, found: Numbered, expected: int) -> Fault:
    if last is None:
        text = N_("Mục đầu tiên là %(title)s, không phải mục %(wanted)s.")
    elif found.ordinal <= last.ordinal:
        text = N_("Sau mục %(last)s là %(title)s, trong khi đến lượt mục %(wanted)s.")
    else:
        text = N_("Sau mục %(last)s là %(title)s: không có mục %(wanted)s.")
    return Fault.of(
        text,
        N_("Đánh số lại các mục, hoặc bổ sung mục %(wanted)s."),
        found.section.key,
        title=quoted(found.section.title),
        wanted=_numeral(expected, style),
        last=last.numeral if last else "",
    )
