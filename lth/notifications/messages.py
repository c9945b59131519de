"""What a mail says: subject and text, in the recipient's language, from a template per kind.

Everything here needs the application's context and none of a request: a mail is written by a
thread, a job or a command as well as for the page that shows what goes out.
"""

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from flask_babel import force_locale, gettext

from lth.access import links
from lth.config import Settings
from lth.i18n import Message
from lth.language import AVAILABLE, DEFAULT, say
from lth.language import current as language
from lth.notifications import talks
from lth.notifications.facts import Deed, Facts
from lth.notifications.talks import Talk
from lth.wording import (
    capitalize_first,
    document_within,
    lower_first,
    period_name,
    role_label,
)
from lth.workflow.table import ACT_LABEL, STATUS_LABEL, Act

MASK = "••••••••"
"""Stands where a one-time link's token is, for everybody but its recipient."""

ACTS = tuple(act.value for act in Act if act is not Act.START)
LINKS = tuple(kind.value for kind in links.LinkKind)
KINDS = (*ACTS, *LINKS, *talks.KINDS)
"""Every kind of message there is; each has its template `mail/KIND.txt`."""


class UnknownKindError(LookupError):
    """A message of a kind that no template is for."""


@dataclass(frozen=True)
class Text:
    """A message in words: one line of subject, and the body."""

    subject: str
    body: str
    language: str


def write(app: Flask, facts: Facts) -> Text:
    """The message as its recipient gets it.

    Raises:
        UnknownKindError: there is no template for its kind.
    """
    if facts.kind not in KINDS:
        raise UnknownKindError(facts.kind)
    chosen = facts.recipient.language
    language = chosen if chosen in AVAILABLE else DEFAULT
    with app.app_context(), force_locale(language):
        template = app.jinja_env.get_template(f"mail/{facts.kind}.txt")
        words = _words(app.config["SETTINGS"], facts)
        subject = template.render(words, part="subject").strip()
        body = _tidy(template.render(words, part="body"))
        return Text(gettext("[Kế hoạch CLB] %(subject)s", subject=subject), body, language)


def masked(facts: Facts, *, reason: bool = True) -> Facts:
    """The facts as others than the recipient may see them: no token, and without `reason`
    none of the words that stay within the document's unit either."""
    deed = facts.deed
    if deed is not None and not reason:
        deed = replace(deed, reason=MASK if deed.reason else "")
    return replace(facts, secret=MASK, deed=deed)


def link(settings: Settings, facts: Facts) -> str:
    """Where the message leads: a document at the recipient's own level, or a one-time page."""
    if facts.kind in LINKS:
        return f"{settings.base_url}{links.PATH}{facts.secret}"
    level = facts.recipient.level
    if facts.talk is not None and level is not None:
        page = "quotas" if facts.kind == talks.ANSWERED else "assigned"
        return f"{settings.base_url}/{level.value}/plans/{facts.talk.plan_id}/{page}"
    if facts.deed is None or level is None:
        return f"{settings.base_url}/"
    return f"{settings.base_url}/{level.value}/plans/{facts.deed.plan_id}"


def _words(settings: Settings, facts: Facts) -> dict[str, Any]:
    """The variables of the templates."""
    words: dict[str, Any] = {
        "name": facts.recipient.name,
        "email": facts.recipient.email,
        "turn": facts.turn,
        "expires_at": facts.expires_at,
        "link": link(settings, facts),
        "site": settings.base_url,
    }
    if facts.talk is not None:
        return words | _talk_words(facts.talk)
    return words | (_deed_words(facts.deed, facts.recipient.unit_name) if facts.deed else {})


def _talk_words(talk: Talk) -> dict[str, Any]:
    return {
        "talk": talk,
        "lines": talk.lines(language()),
        "period": period_name(talk.period_code),
        "giver": talk.giver,
        "Giver": capitalize_first(talk.giver),
        "Below": capitalize_first(talk.actor_unit),
        "role": lower_first(role_label(talk.actor_role)),
    }


def _deed_words(deed: Deed, recipient_unit: str) -> dict[str, Any]:
    document = document_within(deed.kind, deed.period_code)
    return {
        "deed": deed,
        "side": deed.side.value,
        "document": document,
        "Document": capitalize_first(document),
        "unit": deed.unit_name,
        "Unit": capitalize_first(deed.unit_name),
        "above": deed.next_unit_name,
        "Above": capitalize_first(deed.next_unit_name),
        "mine": recipient_unit,
        "role": lower_first(role_label(deed.actor_role)),
        "status": say(Message(STATUS_LABEL[deed.status])),
        "undone": say(Message(ACT_LABEL[deed.undone])) if deed.undone else "",
        "correct_by": _correct_by(deed),
    }


def _correct_by(deed: Deed) -> Any:
    """The last day for corrections, else the day the document was due anyway."""
    return (deed.due.last_correction_on or deed.due.on) if deed.due else None


def _tidy(text: str) -> str:
    """Paragraphs, each with one empty line after it."""
    paragraphs: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            paragraphs[-1].append(line.rstrip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"
