"""A real SMTP server on loopback that refuses, hangs up or waits as a test tells it to."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

DROP = "drop"
"""Said instead of an answer: hang up without one."""

Judge = Callable[[str], str]


def accept(_address: str) -> str:
    return "250 OK"


class Post:
    """What the server has taken, in order, and how it answers.

    `at_rcpt` and `at_data` are asked for the answer to each recipient and each mail; a mail counts
    as taken when the answer to its data begins with 2.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.at_rcpt: Judge = accept
        self.at_data: Judge = accept
        self.hold = threading.Event()
        self.held = threading.Event()
        self.hold_at = 0
        self.url = ""

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.at_rcpt(address)
        if answer == DROP:
            server.transport.abort()
        elif answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, _session: Session, envelope: Envelope
    ) -> str:
        if self.hold_at and len(self.taken) + 1 == self.hold_at:
            self.held.set()
            while not self.hold.is_set():  # in the server's own loop: only this mail waits
                await asyncio.sleep(0.01)
        answer = self.at_data(envelope.rcpt_tos[0])
        if answer == DROP:
            server.transport.abort()
        elif answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
            self.recipients += envelope.rcpt_tos
        return answer


@contextlib.contextmanager
def smtp_server(**options: Any) -> Iterator[Post]:
    """Run one; `options` are aiosmtpd's."""
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    post.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield post
    finally:
        post.hold.set()
        controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
