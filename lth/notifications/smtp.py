"""One SMTP connection at a time to the relay that LTH_SMTP_URL names."""

import logging
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 15
"""For each answer of the relay; a mail needs about five."""

_PERMANENT = range(500, 600)


class RejectedError(Exception):
    """The relay will never take this mail: trying again is of no use."""


class DelayedError(Exception):
    """This mail was not taken now, or the connection broke while it was being given."""


class UnreachableError(Exception):
    """No mail at all can be given to the relay now."""


class Relay(Protocol):
    """A taker of mails; entered for one drain, left with its connection closed."""

    def __enter__(self) -> "Relay": ...
    def __exit__(self, *error: object) -> None: ...

    def send(self, message: EmailMessage) -> None:
        """Give it one mail. Raises RejectedError, DelayedError or UnreachableError."""


class SmtpRelay:
    """`smtp://USER:PASSWORD@HOST:PORT` (STARTTLS where offered) or `smtps://…` (TLS at once).

    Without a port: 465 for smtps, 587 with a user, else 25.
    """

    def __init__(self, url: str, hello_as: str) -> None:
        self._url = urlsplit(url)
        self._hello_as = hello_as
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "SmtpRelay":
        """Open the connection.

        Raises:
            UnreachableError: nobody answers there, or the sign-in is refused.
        """
        self._smtp = self._open()
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def send(self, message: EmailMessage) -> None:
        """Give the relay one mail, over a new connection where the last one broke."""
        if self._smtp is None:
            self._smtp = self._open()
        try:
            self._smtp.send_message(message, *_envelope(message))
        except smtplib.SMTPRecipientsRefused as error:
            raise _answer(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _answer(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:  # an address not in ASCII, no SMTPUTF8
            raise RejectedError(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise DelayedError(f"{type(error).__name__}: {error}") from error
        finally:
            if self._smtp is not None and self._smtp.sock is None:  # 421: it hung up
                self._smtp = None

    def _open(self) -> smtplib.SMTP:
        try:
            smtp = self._connect()
            try:
                sign_in(smtp, self._url)
            except BaseException:
                smtp.close()
                raise
            return smtp
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            where = f"{self._url.hostname}:{_port(self._url)}"
            raise UnreachableError(f"{where}: {type(error).__name__}: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        tls: dict[str, Any] = {}
        make: Callable[..., smtplib.SMTP] = smtplib.SMTP
        if self._url.scheme == "smtps":
            make, tls = smtplib.SMTP_SSL, {"context": _tls(self._url)}
        return make(
            self._url.hostname,
            _port(self._url),
            local_hostname=self._hello_as,  # else smtplib asks the name service, which may hang
            timeout=TIMEOUT_SECONDS,
            **tls,
        )

    def _close(self) -> None:
        if self._smtp is None:
            return
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException) as error:
            logger.debug("the relay did not say goodbye: %s", error)
            self._smtp.close()
        self._smtp = None

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def sign_in(smtp: smtplib.SMTP, url: SplitResult) -> None:
    """Turn on TLS where it is offered and sign in where a user is given.

    Raises:
        smtplib.SMTPException: the sign-in was refused, or the password would cross a network in
            the clear.
    """
    smtp.ehlo()
    encrypted = url.scheme == "smtps"
    if not encrypted and smtp.has_extn("starttls"):
        smtp.starttls(context=_tls(url))
        smtp.ehlo()
        encrypted = True
    if not url.username:
        return
    if not encrypted and not _is_here(url):
        raise smtplib.SMTPNotSupportedError(
            "it offers no STARTTLS and the password is not sent in the clear; use smtps://"
        )
    smtp.login(unquote(url.username), unquote(url.password or ""))


def _envelope(message: EmailMessage) -> tuple[str, list[str]]:
    """Return the addresses of the conversation, from and to."""
    return (
        message["From"].addresses[0].addr_spec,
        [address.addr_spec for address in message["To"].addresses],
    )


def _answer(code: int, reply: bytes | str) -> Exception:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    kind = RejectedError if code in _PERMANENT else DelayedError
    return kind(f"{code} {text}")


def _tls(url: SplitResult) -> ssl.SSLContext:
    """Return a context that checks the relay's certificate, except of a relay on this machine."""
    context = ssl.create_default_context()
    if _is_here(url):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_here(url: SplitResult) -> bool:
    """Tell whether the relay is this machine, so that what it is told crosses no network."""
    host = url.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _port(url: SplitResult) -> int:
    return url.port or (465 if url.scheme == "smtps" else 587 if url.username else 25)
