"""What a mail says: subject and text, in the recipient's language, from a template per kind.

Everything here needs the application's context and none of a request: a mail is written by a
thread, a job or a command as well as for the page that shows what goes out.
"""

import logging
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import force_locale, gettext

from lth.access import on_behalf
from lth.access.roles import role_label
from lth.administration import links
from lth.core.config import Settings
from lth.core.i18n import Message
from lth.core.language import AVAILABLE, DEFAULT, say
from lth.core.language import current as language
from lth.core.vietnamese import capitalize_first, lower_first
from lth.notifications import delegated, digests, notices, quota_mail
from lth.notifications.delegated import Lent
from lth.notifications.facts import Deed, Facts
from lth.notifications.notices import LateBelow, Notice, Owed, Reminder
from lth.notifications.quota_mail import Talk
from lth.workflow.acts import ACT_LABEL, STATUS_LABEL, Act
from lth.workflow.kinds import document_within, period_name
from lth.workflow.reminder_schedule import TOLD_LABEL

logger = logging.getLogger(__name__)

MASK = "••••••••"
"""Stands where a one-time link's token is, for everybody but its recipient."""

ACTS = tuple(act.value for act in Act if act is not Act.START)
LINKS = tuple(kind.value for kind in links.LinkKind)
KINDS = (*ACTS, *LINKS, *quota_mail.KINDS, *delegated.KINDS, *notices.KINDS, digests.KIND)
"""Every kind of message there is; each has its template `mail/KIND.txt`."""


LONGEST_LINE = 240
"""Characters of what a digest quotes of one message."""


class UnknownKindError(LookupError):
    """A message of a kind that no template is for."""


@dataclass(frozen=True)
class Text:
    """A message in words: one line of subject, and the body."""

    subject: str
    body: str
    language: str


@dataclass(frozen=True)
class Item:
    """A message as a digest tells of it: what it says or asks for, by when, why, and where."""

    subject: str
    what: str
    due: str
    reason: str
    link: str


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
        if facts.kind == digests.KIND:
            words |= _digest_words(app, facts)
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


def to_do(digest: Facts) -> list[Facts]:
    """What of a digest needs an act of its recipient, the most urgent first.

    One message for each thing to do, the newest; none about a document that has moved on.
    """
    newest = {
        _task(one): one
        for one in digest.bundled
        if one.turn and (one.deed is None or not one.deed.moved_on)
    }
    return sorted(newest.values(), key=lambda one: (_day(one) or date.max, one.id))


def link(settings: Settings, facts: Facts) -> str:
    """Where the message leads: a document at the recipient's own level, or a one-time page."""
    if facts.kind in LINKS:
        return f"{settings.base_url}{links.PATH}{facts.secret}"
    level = facts.recipient.level
    if facts.talk is not None and level is not None:
        page = "quotas" if facts.kind == quota_mail.ANSWERED else "assigned"
        return f"{settings.base_url}/{level.value}/documents/{facts.talk.document_id}/{page}"
    if facts.lent is not None and level is not None and not facts.lent.to_receiver:
        return f"{settings.base_url}/{level.value}/delegations"
    if facts.notice is not None and level is not None:
        return f"{settings.base_url}/{level.value}/{_page(facts.notice, facts.turn)}"
    if facts.deed is None or level is None:
        return f"{settings.base_url}/"
    return f"{settings.base_url}/{level.value}/documents/{facts.deed.document_id}"


def _task(facts: Facts) -> tuple[Any, ...]:
    """What there is to do, the same for two messages that ask for one thing."""
    if facts.talk is not None:
        return quota_mail.KINDS, facts.talk.document_id
    about = facts.deed or facts.notice
    if about is not None and about.document_id is not None:
        return (about.document_id,)
    return (facts.id,)


def _day(facts: Facts) -> date | None:
    """By when there is something to do."""
    if isinstance(facts.notice, Reminder):
        return facts.notice.owed.about
    if facts.talk is not None:
        return facts.talk.reply_by
    return facts.deed.due.on if facts.deed is not None and facts.deed.due is not None else None


def _page(notice: Notice, turn: bool) -> str:
    """Below the recipient's desk, what a reminder is about; of a document that was not begun yet,
    where whoever may begin it does so."""
    of_round = f"period={notice.period_id}&kind={notice.kind}"
    if isinstance(notice, LateBelow):
        return f"inbox?{of_round}"
    if notice.document_id is not None:
        return f"documents/{notice.document_id}"
    return f"documents/new?{of_round}" if turn else ""


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
    if facts.lent is not None:
        return words | _lent_words(facts.lent)
    if facts.notice is not None:
        return words | _notice_words(facts.notice)
    return words | (_deed_words(facts.deed, facts.recipient.unit_name) if facts.deed else {})


def _digest_words(app: Flask, digest: Facts) -> dict[str, Any]:
    acts = to_do(digest)
    first = {one.id for one in acts}
    news = [replace(one, turn=False) for one in digest.bundled if one.id not in first]
    return {
        "on": digest.on,
        "to_do": list(_items(app, acts)),
        "news": list(_items(app, news)),
        "account": f"{app.config['SETTINGS'].base_url}/account",
    }


def _items(app: Flask, gathered: list[Facts]) -> Iterator[Item]:
    """Messages as lines of a digest. One that cannot be written holds up none of the others: the
    page of outgoing mail, where its line leads, shows what there is of it."""
    for one in gathered:
        try:
            yield _item(app, one)
        except Exception:
            logger.exception("mail %s cannot be written into its digest", one.id)
            said = gettext("Một thư chưa viết được nội dung")
            yield Item(said, "", "", "", f"{app.config['SETTINGS'].base_url}/mail/{one.id}")


def _item(app: Flask, one: Facts) -> Item:
    settings = app.config["SETTINGS"]
    words = _words(settings, one)
    template = app.jinja_env.get_template(f"mail/{one.kind}.txt")

    def block(name: str) -> str:
        made = template.blocks.get(name)
        text = " ".join("".join(made(template.new_context(words))).split()) if made else ""
        return textwrap.shorten(text, LONGEST_LINE, placeholder="…")

    what = (block("task") if one.turn else "") or block("happened").rstrip(":")
    reason = one.deed.reason if one.deed is not None else ""
    return Item(
        subject=block("subject"),
        what=capitalize_first(what),
        due=block("due"),
        reason=textwrap.shorten(reason, LONGEST_LINE, placeholder="…"),
        link=link(settings, one),
    )


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


def _lent_words(lent: Lent) -> dict[str, Any]:
    return {
        "lent": lent,
        "by_decision": say(lent.by_decision()),
        "stands_in": say(on_behalf.stands_in(lent.form, lent.giver)),
        "subject_words": lower_first(say(lent.subject_words())),
        "role": lower_first(role_label(lent.actor_role)),
    }


def _notice_words(notice: Notice) -> dict[str, Any]:
    document = document_within(notice.kind, notice.period_code)
    words = {"notice": notice, "document": document, "Document": capitalize_first(document)}
    if isinstance(notice, Reminder):
        return words | _owed_words(notice.owed) | {"ahead": _ahead(notice)}
    return words | {"late": [_owed_words(one) for one in notice.late]}


def _owed_words(owed: Owed) -> dict[str, Any]:
    """A unit's document that is owed, as a sentence tells of it."""
    state = gettext("chưa bắt đầu lập")
    if owed.status is not None:
        state = lower_first(say(Message(STATUS_LABEL[owed.status])))
    return {
        "owed": owed,
        "unit": owed.unit,
        "Unit": capitalize_first(owed.unit),
        "state": state,
    }


def _ahead(notice: Reminder) -> list[tuple[date, str]]:
    """When who is told next, in words."""
    return [
        (one.on, ", ".join(say(Message(TOLD_LABEL[told])) for told in one.told))
        for one in notice.ahead
    ]


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
        "actor": say(on_behalf.who(deed.data.get("on_behalf"), deed.actor_name)),
        "status": say(Message(STATUS_LABEL[deed.status])),
        "undone": say(Message(ACT_LABEL[deed.undone])) if deed.undone else "",
        "correct_by": _correct_by(deed),
        "until": deed.until,
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
