"""The words of a mail: subject and text, in the recipient's language, from a template per kind."""

import logging
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lth.core.config import Settings
from lth.core.language import AVAILABLE, DEFAULT, gettext, speaking
from lth.core.vietnamese import capitalize_first
from lth.mail.declarations import DECLARED
from lth.notifications import digests
from lth.notifications.facts import MailFacts
from lth.notifications.rendering import block, template

logger = logging.getLogger(__name__)

MASK = "••••••••"
"""Stands where a one-time link's token is, for everybody but its recipient."""

LONGEST_LINE = 240
"""Characters of what a digest quotes of one message."""


@dataclass(frozen=True)
class Text:
    """A message in words: one line of subject, and the body."""

    subject: str
    body: str
    language: str


@dataclass(frozen=True)
class DigestLine:
    """A message as a digest tells of it: what it says or asks for, by when, why, and where."""

    subject: str
    what: str
    due: str
    reason: str
    link: str


def write(settings: Settings, facts: MailFacts) -> Text:
    """Return the message as its recipient gets it.

    Raises:
        UnknownKindError: nobody declares its kind.
    """
    chosen = facts.recipient.language
    language = chosen if chosen in AVAILABLE else DEFAULT
    with speaking(language):
        of = template(facts.kind)
        words = _words(settings, facts)
        if facts.kind == digests.KIND:
            words |= _digest_words(settings, facts)
        subject = of.render(words, part="subject").strip()
        body = _tidy(of.render(words, part="body"))
        return Text(gettext("[Kế hoạch CLB] %(subject)s", subject=subject), body, language)


def masked(facts: MailFacts, *, reason: bool = True) -> MailFacts:
    """Return the facts as others than the recipient may see them: no token, and without `reason`
    none of the words that stay within the document's unit either."""
    deed = facts.deed
    if deed is not None and deed.reason and not reason:
        facts = replace(facts, payload=replace(deed, reason=MASK))
    return replace(facts, secret=MASK)


def to_do(digest: MailFacts) -> list[MailFacts]:
    """List what of a digest needs an act of its recipient, the most urgent first.

    One message for each thing to do, the newest; none about a document that has moved on.
    """
    newest = {
        mail.payload.task or ("mail", mail.id): mail
        for mail in digest.bundled
        if mail.turn and (mail.deed is None or not mail.deed.moved_on)
    }
    return sorted(newest.values(), key=lambda mail: (mail.payload.day or date.max, mail.id))


def link(settings: Settings, facts: MailFacts) -> str:
    """Return where the message leads: a document at the recipient's level, or a one-time page."""
    declaration = DECLARED[facts.kind]
    path = declaration.path(facts.payload, facts.recipient.level, facts.secret)
    return f"{settings.base_url}{path}"


def _words(settings: Settings, facts: MailFacts) -> dict[str, Any]:
    """Return the variables of the templates."""
    return {
        **facts.payload.words(),
        "mail": facts.payload,
        "turn": facts.turn,
        "name": facts.recipient.name or facts.payload.addressee or facts.recipient.email,
        "email": facts.recipient.email,
        "mine": facts.recipient.unit_name,
        "link": link(settings, facts),
        "site": settings.base_url,
    }


def _digest_words(settings: Settings, digest: MailFacts) -> dict[str, Any]:
    acts = to_do(digest)
    first = {mail.id for mail in acts}
    news = [
        replace(mail, payload=replace(mail.payload, turn=False))
        for mail in digest.bundled
        if mail.id not in first
    ]
    return {
        "to_do": list(lines(settings, acts)),
        "news": list(lines(settings, news)),
        "account": f"{settings.base_url}/account",
    }


def lines(settings: Settings, gathered: Iterable[MailFacts]) -> Iterator[DigestLine]:
    """Write messages as lines of a list, in the current language.

    One that cannot be written holds up none of the others: its line leads to what there is of it.
    """
    for mail in gathered:
        try:
            yield _line(settings, mail)
        except Exception:
            logger.exception("mail %s cannot be written as a line", mail.id)
            subject = gettext("Một thư chưa viết được nội dung")
            yield DigestLine(subject, "", "", "", f"{settings.base_url}/notices/{mail.id}")


def _line(settings: Settings, mail: MailFacts) -> DigestLine:
    of, words = template(mail.kind), _words(settings, mail)

    def short(name: str) -> str:
        return textwrap.shorten(block(of, name, words), LONGEST_LINE, placeholder="…")

    what = (short("task") if mail.turn else "") or short("happened").rstrip(":")
    reason = mail.deed.reason if mail.deed is not None else ""
    return DigestLine(
        subject=short("subject"),
        what=capitalize_first(what),
        due=short("due"),
        reason=textwrap.shorten(reason, LONGEST_LINE, placeholder="…"),
        link=link(settings, mail),
    )


def _tidy(text: str) -> str:
    """Return the paragraphs, each with one empty line after it."""
    paragraphs: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            paragraphs[-1].append(line.rstrip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"
