"""What comes of one cell that three hands hold: as it was exported, in the file, and as it is now.

Nothing here knows what a cell is about: values are compared, and None is a cell without anything.
"""

from enum import StrEnum
from typing import TypeVar

Value = TypeVar("Value")


class MergeState(StrEnum):
    """What is to be done about a cell of the file.

    SAME: the plan says it already. KEPT: the file leaves it as it was exported, whatever the plan
    says by now. NEW, CHANGED, EMPTIED: the file alone changed it. CONFLICT: the file and somebody
    else did, each to something else. WRONG: it cannot be taken as it stands.
    """

    SAME = "same"
    KEPT = "kept"
    NEW = "new"
    CHANGED = "changed"
    EMPTIED = "emptied"
    CONFLICT = "conflict"
    WRONG = "wrong"


WANTED = frozenset({MergeState.NEW, MergeState.CHANGED, MergeState.EMPTIED})
"""What is written unless the person leaves it out."""

OPEN = WANTED | {MergeState.CONFLICT}
"""What the person decides on."""


def merge_state(
    base: Value | None, mine: Value | None, theirs: Value | None, *, known: bool = True
) -> MergeState:
    """Compare the file's value (`mine`) with what was exported and with what is there now.

    `known` is False where nobody can say what was exported: then an empty cell says nothing, a
    cell where there is nothing is new, and any other difference is to be decided.
    """
    if mine == theirs:
        return MergeState.SAME
    if mine == base if known else mine is None:
        return MergeState.KEPT
    if theirs != base if known else theirs is not None:
        return MergeState.CONFLICT
    if mine is None:
        return MergeState.EMPTIED
    return MergeState.NEW if theirs is None else MergeState.CHANGED


def merged(
    state: MergeState, mine: Value | None, theirs: Value | None, *, accepted: bool
) -> Value | None:
    """Return what stands in the cell afterwards; `accepted`: the person takes the file's."""
    return mine if accepted and state in OPEN else theirs
