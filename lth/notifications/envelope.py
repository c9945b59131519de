"""The mail itself: headers, addresses and text as the standard library's EmailMessage.

The sender is LTH_MAIL_FROM. A row's Message-ID is the same at every try, so that a
mail that was sent twice (a server that took it and was killed before it said so) is one mail to
the programs that read it. SPF, DKIM and DMARC are the relay's business.
"""

import hashlib
import hmac
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from lth.core import clock
from lth.core.config import Settings
from lth.notifications import headers
from lth.notifications.facts import MailFacts
from lth.notifications.messages import Text

SENDER_NAME = "Kế hoạch CLB Liên thế hệ"
"""Shown where LTH_MAIL_FROM is an address without a name."""


class UndeliverableError(ValueError):
    """A mail that no relay could take: a bad address, or a line end where a header has none."""


def build(settings: Settings, facts: MailFacts, text: Text, now: datetime) -> EmailMessage:
    """Make the mail of an outbox row, dated now.

    Raises:
        UndeliverableError: the address is none, or a name tries to write headers of its own.
    """
    message = EmailMessage(headers.POLICY)
    message.set_content(text.body, charset="utf-8", cte="quoted-printable")  # seven bits
    try:
        message["From"] = sender(settings)
        message["To"] = recipient(facts.recipient.name, facts.recipient.email)
        message["Subject"] = headers.one_line(text.subject)
        message["Date"] = clock.local(now)
        message["Message-ID"] = _id(settings, f"mail.{facts.id}", facts.created_at.isoformat())
        if facts.payload.thread is not None:
            message["References"] = _id(settings, f"document.{facts.payload.thread}")
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message["Content-Language"] = text.language
    except ValueError as error:
        raise UndeliverableError(str(error)) from error
    return message


def sender(settings: Settings) -> Address:
    """Return whom the mail is from."""
    name, address = parseaddr(settings.mail_from)
    return recipient(name or SENDER_NAME, address)


def recipient(name: str, address: str) -> Address:
    """Return a name and an address whose domain is in ASCII (`xã.vn` as `xn--x-yfa.vn`).

    A name before the @ that is not in ASCII stays as it is: a relay with SMTPUTF8 takes it.

    Raises:
        UndeliverableError: it is no address.
    """
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(not char.isprintable() or char == " " for char in address):
        raise UndeliverableError(f"{address!r} is no mail address")
    try:
        return Address(headers.one_line(name).strip(), local, domain.encode("idna").decode("ascii"))
    except ValueError as error:  # a UnicodeError among them: a label that is empty or too long
        raise UndeliverableError(f"{address!r} is no mail address: {error}") from error


def _id(settings: Settings, name: str, *more: str) -> str:
    """Return an id under the sender's domain; the keyed part keeps two installations apart."""
    key = settings.secret_key.encode()
    mark = hmac.new(key, "|".join((name, *more)).encode(), hashlib.sha256).hexdigest()[:16]
    return f"<lth.{name}.{mark}@{sender(settings).domain}>"
