"""Compare the text of a signed PDF with that of the paper it should be, word by word.

Signing tools print number, day and who signed on the page: these differences are expected, and told
apart from those that change what the paper says. Both are shown: whoever signed decides.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lth.core import apart, word_diff
from lth.core.vietnamese import nfc
from lth.core.word_diff import RunKind
from lth.models import OfficialPaper

MOST_CHANGES = 40
"""How many differences are kept; more than that is another paper."""

LONGEST = 400
"""Letters of one difference that are kept."""

_BLANK = re.compile(r"[\s.…_·:;,/–-]+")
_STAMP = re.compile(
    r"ký bởi|người ký|ký số|chữ ký|thời gian ký|ngày ký|giờ ký|signed by|signature|cơ quan\s*:",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{2}[./-]\d{2}(?:T\S+)?|\d{1,2}:\d{2}(?::\d{2})?"
    r"|[+-]\d{2}:?\d{2}|\S+@\S+"
)
_ENDS = (".", ";", ":", "!", "?")
_WORD = re.compile(r"[^\W_]+")


class TextStanding(StrEnum):
    """How the text of a signed PDF compares with the paper's."""

    SAME = "same"
    STAMPED = "stamped"
    DIFFERENT = "different"
    NO_TEXT = "no_text"


@dataclass(frozen=True)
class Change:
    """Words that one of the two has where the other has others, or none."""

    before: str
    now: str


@dataclass(frozen=True)
class TextComparison:
    """What was found: the differences that matter, and those that a stamp explains."""

    standing: TextStanding
    pages: int = 0
    expected_pages: int = 0
    changes: tuple[Change, ...] = ()
    stamps: tuple[Change, ...] = ()
    more: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "standing": self.standing.value,
            "pages": self.pages,
            "expected_pages": self.expected_pages,
            "changes": [[one.before, one.now] for one in self.changes],
            "stamps": [[one.before, one.now] for one in self.stamps],
            "more": self.more,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "TextComparison":
        return cls(
            TextStanding(kept["standing"]),
            kept["pages"],
            kept["expected_pages"],
            tuple(Change(*pair) for pair in kept["changes"]),
            tuple(Change(*pair) for pair in kept["stamps"]),
            kept["more"],
        )


@dataclass(frozen=True)
class PdfText:
    """The pages of a PDF as text."""

    pages: int
    texts: Sequence[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return the words in short lines: as the pages break them, and after each sentence.

        So two texts are compared line by line first, wherever their pages break. Nothing is left
        out: a figure of a table may stand alone on its line as a page's number does.
        """
        lines = (line.split() for text in self.texts for line in nfc(text).splitlines())
        return "".join(
            f"{word}\n" if at == len(line) or word.endswith(_ENDS) else f"{word} "
            for line in lines
            for at, word in enumerate(line, start=1)
        )


def read(data: bytes) -> PdfText:
    """Read a PDF in a process of its own. Raises BlockedError where it cannot be read."""
    found = apart.call("lth.exchange.handover.pdf_text:read", data, seconds=20, megabytes=1024)
    return PdfText(found["pages"], found["texts"])


def compare(expected: PdfText, signed: PdfText, paper: OfficialPaper) -> TextComparison:
    """Compare what was signed with what should be, as `paper` was numbered."""
    if not signed.words.strip():
        return TextComparison(TextStanding.NO_TEXT, signed.pages, expected.pages)
    known = _known(paper)
    found = list(_changes(word_diff.compare(expected.words, signed.words)))
    stamps = [one for one in found if _is_stamp(one, known)]
    changes = [one for one in found if one not in stamps]
    standing = TextStanding.SAME
    if stamps:
        standing = TextStanding.STAMPED
    if changes:
        standing = TextStanding.DIFFERENT
    return TextComparison(
        standing,
        signed.pages,
        expected.pages,
        tuple(map(_shortened, changes[:MOST_CHANGES])),
        tuple(map(_shortened, stamps[:MOST_CHANGES])),
        max(0, len(changes) - MOST_CHANGES),
    )


def _changes(runs: Iterable[word_diff.WordRun]) -> Iterator[Change]:
    """Yield what differs; that a line breaks elsewhere is no difference."""
    deleted = ""
    for run in [*runs, word_diff.WordRun(RunKind.KEPT)]:
        if run.kind is RunKind.DELETED:
            deleted += run.text
            continue
        inserted = run.text if run.kind is RunKind.INSERTED else ""
        change = Change(" ".join(deleted.split()), " ".join(inserted.split()))
        if change.before != change.now:
            yield change
        deleted = ""


def _known(paper: OfficialPaper) -> frozenset[str]:
    """Return the words of number, day and signature, as a stamp prints them."""
    day = paper.issued_on
    parts = [paper.written or "", str(paper.number or ""), "số ngày tháng năm", paper.signer]
    if day is not None:
        parts += [f"{day.day} {day.day:02} {day.month} {day.month:02} {day.year}"]
    return frozenset(word.casefold() for part in parts for word in _WORD.findall(part))


def _is_stamp(change: Change, known: frozenset[str]) -> bool:
    """Tell whether number, day or a signature's stamp explain a difference.

    What the paper itself says is never taken for one: of the words that are gone each must be one
    of number or day, or no word at all.
    """
    if not set(_words(change.before)) <= known:
        return False
    if len(change.now) <= LONGEST_STAMP and _STAMP.search(change.now):
        return len(_WORD.findall(_TIME.sub(" ", change.now))) <= MOST_STAMP_WORDS
    return set(_words(change.now)) <= known


MOST_STAMP_WORDS = 60
LONGEST_STAMP = 2000
"""Words and letters of a signature's stamp; a longer stretch is read by people, and by no pattern:
one of a million letters without a blank would be looked at for hours.
"""


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_BLANK.sub(" ", text))]


def _shortened(change: Change) -> Change:
    def short(text: str) -> str:
        return text if len(text) <= LONGEST else text[:LONGEST] + "…"

    return Change(short(change.before), short(change.now))
