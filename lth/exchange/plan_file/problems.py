"""Say what is wrong with a plan file, each thing with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from lth.core.i18n import N_, Message

_LONGEST_WORD = 60
"""What is longer is no slip of the pen, and slow to compare."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A fault at a line and a column, both counted from 1, and what was expected there."""

    line: int
    column: int
    said: Message


class PlanFileError(ValueError):
    """A text is no plan file; `problems` are all that were found, in the order of the text."""

    def __init__(self, name: str, problems: Iterable[FileProblem]):
        self.name = name
        self.problems = tuple(sorted(problems, key=lambda one: (one.line, one.column)))
        super().__init__(
            "\n".join(
                f"{name}:{problem.line}:{problem.column}: {problem.said}"
                for problem in self.problems
            )
        )


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, or an empty text."""
    if len(word) > _LONGEST_WORD:
        return ""
    found = get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def unknown_key(word: str, known: Iterable[str]) -> Message:
    """Say which key was probably meant, and otherwise which there are."""
    known = list(known)
    near = nearest(word, known)
    if near:
        return Message(
            N_("Không có mục “%(word)s”; có phải là “%(near)s”?"), {"word": word, "near": near}
        )
    return Message(
        N_("Không có mục “%(word)s”. Ở đây có thể ghi: %(known)s."),
        {"word": word, "known": ", ".join(known)},
    )


def not_one_of(name: str, word: str, known: Iterable[str]) -> Message:
    """List the words that a key may hold."""
    return Message(
        N_("“%(name)s” không thể là “%(word)s”. Chọn một trong: %(known)s."),
        {"name": name, "word": word, "known": ", ".join(known)},
    )
