"""A stand-in for a ClamAV daemon: it speaks the protocol and knows one signature."""

import socket
import struct
import threading
from contextlib import contextmanager

EICAR = "".join(
    (r"X5O!P%@AP[4\PZX54(P^)7CC)7}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*")
).encode()
"""What every scanner takes for a virus, and is none. In parts, so that this file is not taken."""


@contextmanager
def daemon(answer=None, *, at=None, most=25_000_000):
    """Serve at a free port, or at the path `at`, and yield the address and what was sent.

    `answer` stands for whatever it finds; an empty one hangs up without a word.
    """
    family = socket.AF_UNIX if at else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.bind(str(at) if at else ("127.0.0.1", 0))
    listening.listen()
    got = []

    def serve():
        while True:
            try:
                link, _ = listening.accept()
            except OSError:
                return
            with link:
                _answer(link, got, answer, most)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield str(at) if at else f"127.0.0.1:{listening.getsockname()[1]}", got
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _answer(link, got, answer, most):
    with link.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack(">I", stream.read(4))[0]:
            data += stream.read(length)
            if len(data) > most:
                link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
    got.append(data)
    found = b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in data else b"stream: OK\0"
    link.sendall(found if answer is None else answer)
