"""Two texts word by word: what was taken out and what was put in."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_WORDS = 4000
"""Longer texts are compared by their lines: comparing takes time by the square of the number."""

_WORD = re.compile(r"\S+|\s+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Change(StrEnum):
    """What became of a run of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    """Words next to each other with one fate."""

    change: Change
    text: str


def word_diff(before: str, after: str) -> list[Run]:
    """Return the runs of both texts in reading order, what was removed before what was added.

    Joining those that are not ADDED gives `before`, those that are not REMOVED gives `after`.
    """
    longest = max(before.count(" "), after.count(" "))
    pattern = _WORD if longest <= MOST_WORDS else _LINE
    old, new = pattern.findall(before), pattern.findall(after)
    runs: list[Run] = []
    for tag, start, end, first, last in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag == "equal":
            runs.append(Run(Change.SAME, "".join(old[start:end])))
            continue
        removed, added = "".join(old[start:end]), "".join(new[first:last])
        runs += [Run(Change.REMOVED, removed)] if removed else []
        runs += [Run(Change.ADDED, added)] if added else []
    return runs
