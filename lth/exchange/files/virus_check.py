"""Have a file checked by ClamAV, by the protocol of its daemon (INSTREAM).

Where a daemon is set, nothing passes that it has not called clean: one that is away, slow or
confused means that the file is refused for now.
"""

import socket
import struct
import time
from dataclasses import dataclass

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message

_SECONDS_TO_CONNECT = 3.0
_SECONDS = 30.0
"""For all of it; whoever sent the file waits meanwhile."""
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096

FOUND = N_(
    "Tệp có mã độc (%(name)s) nên không nhận. Hãy quét vi-rút trên máy và báo bộ phận công nghệ"
    " thông tin."
)
AWAY = N_(
    "Hiện chưa kiểm tra được vi-rút nên chưa nhận tệp. Hãy thử lại sau ít phút; nếu vẫn vậy, báo"
    " quản trị hệ thống."
)


@dataclass(frozen=True)
class VirusScanner:
    """A daemon at `HOST:PORT`, or at the path of a socket."""

    address: str
    seconds: float = _SECONDS

    def check(self, data: bytes) -> None:
        """Raise BlockedError unless the daemon says that a file is clean."""
        try:
            answer = self._ask(data)
        except OSError as error:
            raise BlockedError(Message(AWAY)) from error
        if answer == "stream: OK":
            return
        if answer.endswith(" FOUND"):
            name = answer.removeprefix("stream: ").removesuffix(" FOUND")
            raise BlockedError(Message(FOUND, {"name": name[:80]}))
        raise BlockedError(Message(AWAY))

    def _ask(self, data: bytes) -> str:
        """Return the daemon's answer. Raises OSError, also where it takes too long."""
        end = time.monotonic() + self.seconds
        with self._connected() as link:
            link.settimeout(self.seconds)
            try:
                link.sendall(b"zINSTREAM\0")
                for at in range(0, len(data), _PIECE):
                    piece = data[at : at + _PIECE]
                    link.settimeout(_left(end))
                    link.sendall(struct.pack(">I", len(piece)) + piece)
                link.sendall(struct.pack(">I", 0))
            except ConnectionError:
                pass  # it may have answered before it hung up: that the stream is too long
            return _answer(link, end)

    def _connected(self) -> socket.socket:
        if self.address.startswith("/"):
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                link.settimeout(_SECONDS_TO_CONNECT)
                link.connect(self.address)
            except BaseException:
                link.close()
                raise
            return link
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), _SECONDS_TO_CONNECT)


def _answer(link: socket.socket, end: float) -> str:
    got = b""
    while b"\0" not in got and len(got) < _LONGEST_ANSWER:
        link.settimeout(_left(end))
        piece = link.recv(_LONGEST_ANSWER)
        if not piece:
            break
        got += piece
    return got.partition(b"\0")[0].decode(errors="replace").strip()


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the virus scanner takes too long")
    return left
