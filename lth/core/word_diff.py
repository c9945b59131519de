"""Compare two texts word by word, for a reader who wants to see what was changed."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORD = re.compile(r"\n+|[^\s]+[^\S\n]*|[^\S\n]+")
"""A word with the blanks that follow it, or the ends of lines: joined they are the text again."""

LINE = re.compile(r"[^\n]*\n+|[^\n]+")
"""A paragraph with the ends of lines that follow it."""

COSTLIEST = 10_000_000
"""Pairs of equal pieces times pieces, above which two stretches are called different as a whole:
texts made to be compared slowly would hold a page up for half a minute, and nobody reads a mark on
every third word of ten pages."""

CONTEXT = 8
"""Unchanged words that an excerpt keeps on either side of a change."""


class RunKind(StrEnum):
    """Fate of a run of words."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class WordRun:
    """A run of words with one fate; of those left out of an excerpt there is no text."""

    kind: RunKind
    text: str = ""


def compare(before: str, now: str) -> list[WordRun]:
    """Return the runs of words in order: those kept and inserted make `now`, those kept and
    deleted `before`, letter for letter.
    """
    return list(_joined(_runs(before, now)))


def excerpt(before: str, now: str, context: int = CONTEXT) -> list[WordRun]:
    """Return the changes alone, each with so many unchanged words around it."""
    runs = compare(before, now)
    last = len(runs) - 1
    return [
        shown
        for at, run in enumerate(runs)
        for shown in _shortened(run, context if at else 0, context if at < last else 0)
    ]


def _runs(before: str, now: str) -> Iterator[WordRun]:
    """Yield the runs of each paragraph: of one that was replaced, word by word."""
    lines = LINE.findall(before), LINE.findall(now)
    for same, old, new in _matched(*lines):
        pairs = zip(old, new, strict=True) if same else [("".join(old), "".join(new))]
        for was, text in pairs:
            if was == text:
                yield WordRun(RunKind.KEPT, text)
            else:
                yield from _words(WORD.findall(was), WORD.findall(text))


def _words(before: list[str], now: list[str]) -> Iterator[WordRun]:
    for same, old, new in _matched(before, now):
        if same:
            yield from _kept(old, new)
        else:
            yield WordRun(RunKind.DELETED, "".join(old))
            yield WordRun(RunKind.INSERTED, "".join(new))


def _matched(before: list[str], now: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
    """Yield stretches of pieces that are the same but for blanks, and those that are not."""
    bare = [[piece.rstrip() or piece for piece in pieces] for pieces in (before, now)]
    if _cost(*bare) > COSTLIEST:
        yield False, before, now
        return
    for tag, a, b, c, d in SequenceMatcher(None, *bare, autojunk=False).get_opcodes():
        yield tag == "equal", before[a:b], now[c:d]


def _cost(before: list[str], now: list[str]) -> int:
    """Estimate how long comparing takes at worst, whatever the texts were made for."""
    there = Counter(now)
    pairs = sum(count * there[piece] for piece, count in Counter(before).items())
    return pairs * min(len(before), len(now))


def _kept(before: list[str], now: list[str]) -> Iterator[WordRun]:
    """Yield equal words; where only the blanks after one differ, that is a change too."""
    for was, word in zip(before, now, strict=True):
        if was == word:
            yield WordRun(RunKind.KEPT, word)
        else:
            yield WordRun(RunKind.DELETED, was)
            yield WordRun(RunKind.INSERTED, word)


def _joined(runs: Iterator[WordRun]) -> Iterator[WordRun]:
    """Join neighbours of one kind; of a change what was deleted stands first."""
    kept, deleted, inserted = "", "", ""
    for run in runs:
        if run.kind is not RunKind.KEPT:
            if kept:
                yield WordRun(RunKind.KEPT, kept)
                kept = ""
            deleted += run.text if run.kind is RunKind.DELETED else ""
            inserted += run.text if run.kind is RunKind.INSERTED else ""
            continue
        yield from _change(deleted, inserted)
        deleted = inserted = ""
        kept += run.text
    yield from _change(deleted, inserted)
    if kept:
        yield WordRun(RunKind.KEPT, kept)


def _change(deleted: str, inserted: str) -> Iterator[WordRun]:
    if deleted:
        yield WordRun(RunKind.DELETED, deleted)
    if inserted:
        yield WordRun(RunKind.INSERTED, inserted)


def _shortened(run: WordRun, before: int, after: int) -> Iterator[WordRun]:
    """Yield a kept run as so many words at its begin and its end, with what is between left out."""
    words = WORD.findall(run.text)
    if run.kind is not RunKind.KEPT or len(words) <= before + after + 1:
        yield run
        return
    if before:
        yield WordRun(RunKind.KEPT, "".join(words[:before]))
    yield WordRun(RunKind.LEFT_OUT)
    if after:
        yield WordRun(RunKind.KEPT, "".join(words[-after:]))
