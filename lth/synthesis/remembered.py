"""What sets of revisions came to, remembered for whoever asks next.

Revisions that are added up never change again: who asks for the same ones has only to learn that
they are the same.
"""

from threading import Lock
from typing import Any, Generic, TypeVar

KEPT = 64
"""Of how many sets of revisions a process remembers what they came to."""


Sum = TypeVar("Sum")


class Remembered(Generic[Sum]):
    """What was added up, by everything that it depends on; the oldest is forgotten first."""

    def __init__(self) -> None:
        self._kept: dict[Any, Sum] = {}
        self._keeping = Lock()

    def get(self, key: Any) -> Sum | None:
        return self._kept.get(key)

    def keep(self, key: Any, value: Sum) -> Sum:
        """Remember and return what was added up."""
        with self._keeping:
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = value
        return value

    def forget(self) -> None:
        """Drop everything, as a process that has just begun."""
        with self._keeping:
            self._kept.clear()
