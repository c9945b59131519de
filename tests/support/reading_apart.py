"""What the tests of `lth.core.apart` have done in a process of its own."""

import os

from lth.core.errors import RefusedError
from lth.core.i18n import N_


def count(data: bytes, word: str) -> dict[str, int]:
    return {word: data.decode().count(word)}


def take_all(data: bytes) -> int:
    return len(bytearray(4 * 1024**3))


def go_on(data: bytes) -> None:
    while True:
        pass


def refuse(data: bytes) -> None:
    raise RefusedError("file", N_("Sai ở dòng %(line)s"), line=len(data))


def fail(data: bytes) -> None:
    raise ValueError(data)


def settings(data: bytes) -> list[str]:
    return [name for name in os.environ if name.startswith("LTH_")]
