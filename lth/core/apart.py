"""Read a file that a stranger sent in a process of its own, which is killed when it takes too much.

A reader of Word, PDF or Excel files can be led to take all memory or to go on for ever. So it is
called by its name in a new Python process that has a limit of time and of memory, writes no file
and has none of our settings; it reads the bytes from its standard input and answers in JSON, which
is all that comes back: what a library prints besides is dropped, and not gathered here. What is
called should import little: the process begins anew for each file.
"""

import gc
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from typing import Any, TextIO

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message

TOO_SLOW = Message(N_("Đọc tệp này quá lâu nên phần mềm đã dừng lại. Hãy thử một tệp nhỏ hơn."))
TOO_MUCH = Message(
    N_("Tệp này cần quá nhiều bộ nhớ nên phần mềm đã dừng lại. Hãy thử tệp nhỏ hơn.")
)
BROKEN = Message(N_("Không đọc được tệp này, có thể tệp bị hỏng. Hãy mở tệp, lưu lại rồi thử lại."))

_MEGABYTE = 1024 * 1024
_LARGEST_ANSWER = 64 * _MEGABYTE

_REFUSED = 78
_OUT_OF_MEMORY = 79
_KEPT_SETTINGS = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ")


def call(what: str, data: bytes, *given: str, seconds: int = 10, megabytes: int = 512) -> Any:
    """Return what the function `what` ("module:name") makes of `data` and the texts `given`.

    Its answer, and what is in the messages of a `BlockedError` that it raises, must be JSON.

    Raises:
        BlockedError: what it raised; or that it took more than `seconds` of computing (twice as
            many by the clock) or `megabytes` of memory; or that it failed.
    """
    order = json.dumps([what, given, seconds, megabytes])
    kept = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the data is its input only
            [sys.executable, "-m", "lth.core.apart", order],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * seconds,
            env=kept,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BlockedError(TOO_SLOW) from None
    if done.returncode == 0:
        return json.loads(done.stdout)
    if done.returncode == _REFUSED:
        raise BlockedError(*(Message(*fields) for fields in json.loads(done.stdout)))
    if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise BlockedError(TOO_SLOW)
    raise BlockedError(TOO_MUCH if done.returncode == _OUT_OF_MEMORY else BROKEN)


def _main(order: str) -> int:
    gc.disable()  # it lives for one file, in bounded memory
    answers_to = _own_way_out()
    what, given, seconds, megabytes = json.loads(order)
    module, _, name = what.partition(":")
    function = getattr(importlib.import_module(module), name)
    data = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * _MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = json.dumps(function(data, *given))
    except BlockedError as error:
        told = [[one.text, one.params, one.field, one.number] for one in error.messages]
        print(json.dumps(told), end="", file=answers_to, flush=True)
        return _REFUSED
    except MemoryError:
        return _OUT_OF_MEMORY
    if len(answer) > _LARGEST_ANSWER:
        return _OUT_OF_MEMORY
    print(answer, end="", file=answers_to, flush=True)
    return 0


def _own_way_out() -> TextIO:
    """Keep the way out for the answer; whatever else is printed, of C's too, goes nowhere."""
    kept = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return kept


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1]))
