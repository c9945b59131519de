"""What the tests of `lth.core.apart` have done in a process of its own."""

import os
import tempfile

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


def chatter(data: bytes) -> str:
    """Print on both ways out, as a library in C does that finds a file odd."""
    for _ in range(64):
        os.write(1, b"warning " * 128 * 1024)
        os.write(2, b"warning " * 128 * 1024)
    return "xong"


def leave_a_file(data: bytes) -> str:
    """Write bytes where everybody may, and tell whether it could."""
    with tempfile.NamedTemporaryFile(dir=data.decode(), delete=False) as kept:
        try:
            kept.write(b"x" * 10_000)
            kept.flush()
        except OSError as error:
            return error.strerror
    return "đã ghi"
