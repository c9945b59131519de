"""Mail of the talk over quotas, written in the transaction of the move that it tells of.

A move is no act of the workflow's table, so its mail hangs on no event: `dedupe` names the move
and the person, and the payload holds in words what the letter says, since figures may change again
before it is read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, system
from lth.content import targets
from lth.core import clock
from lth.core.i18n import Bilingual
from lth.mail import outbox
from lth.mail.declarations import Declaration, Payload, declare
from lth.mail.outbox import Mail
from lth.mail.recipients import holders
from lth.models import Document, Indicator, Phase, QuotaMove
from lth.models.person import Role
from lth.quotas.preconditions import GIVERS, RECEIVERS


@dataclass(frozen=True, kw_only=True)
class QuotaLine:
    """One figure in both languages: what it is of, what it is, and what it was (in an answer: what
    is assigned)."""

    label_vi: str
    label_en: str
    value_vi: str
    value_en: str
    before_vi: str = ""
    before_en: str = ""
    move: str
    reason: str

    def words(self, name: str) -> Bilingual:
        """Return the "label", "value" or "before" in both languages."""
        return Bilingual(getattr(self, f"{name}_vi"), getattr(self, f"{name}_en"))


@dataclass(frozen=True, kw_only=True)
class QuotaMail(Payload):
    """A letter's figures, who wrote it, and by when an answer is wanted."""

    document_id: int
    period: str
    giver: str
    actor: str
    actor_role: Role
    actor_unit: str
    at: datetime
    figures: tuple[QuotaLine, ...]
    reply_by: date | None = None
    late: bool = False

    @property
    def thread(self) -> int:
        return self.document_id

    @property
    def task(self) -> tuple[Any, ...]:
        return "quotas", self.document_id

    @property
    def day(self) -> date | None:
        return self.reply_by


def _to_receiver(mail: QuotaMail) -> str:
    return f"documents/{mail.document_id}/assigned"


def _to_giver(mail: QuotaMail) -> str:
    return f"documents/{mail.document_id}/quotas"


HANDED = declare(
    "quota_handed",
    QuotaMail,
    audience=frozenset(RECEIVERS),
    page=_to_receiver,
    still="quotas_to_answer",
)
"""Figures handed down to who receives."""

ANSWERED = declare(
    "quota_answered",
    QuotaMail,
    audience=GIVERS - {Role.LEADER},
    page=_to_giver,
    still="quotas_to_settle",
)
"""The answer that goes up, to those who deal with the units below."""

SETTLED = declare(
    "quota_settled",
    QuotaMail,
    audience=frozenset(RECEIVERS),
    page=_to_receiver,
    still="quotas_in_force",
)
"""The decision on what was asked for."""


class Letter(NamedTuple):
    """What the people of one unit are told; `move_id` names the move that it is about."""

    unit_id: int
    move_id: int
    told: QuotaMail


def figure(
    indicator: Indicator, phase: Phase, move: QuotaMove, before: int | None = None
) -> QuotaLine:
    """Return one figure in words: what it is of, what it is now, and what it was before."""
    years = phase.code.replace("-", "–")
    words = {}
    for language, label in (("vi", indicator.label_vi), ("en", indicator.label_en)):
        words[f"label_{language}"] = f"{label} ({years})"
        words[f"value_{language}"] = targets.amount(move.value, indicator, language)
        if before is not None:
            words[f"before_{language}"] = targets.amount(before, indicator, language)
    return QuotaLine(move=move.move.value, reason=move.reason, **words)


def compose(
    actor: Actor, document: Document, now: datetime, figures: Iterable[QuotaLine], **more: Any
) -> QuotaMail:
    """Return what an actor tells of figures of a document; `more` are fields of `QuotaMail`."""
    return QuotaMail(
        document_id=document.id,
        period=document.period.code,
        giver=document.unit.full_name,
        actor=actor.person_name,
        actor_role=actor.role,
        actor_unit=actor.unit_name,
        at=now,
        figures=tuple(figures),
        **more,
    )


def send(
    session: Session,
    actor: Actor,
    document: Document,
    declaration: Declaration[QuotaMail],
    letters: Sequence[Letter],
    now: datetime,
) -> int:
    """Write to each of the audience at the letters' units, but for who acts; returns how many."""
    if not letters:
        return 0
    people: dict[int, dict[int, set[Role]]] = {}
    with system(session, Purpose.TELL):
        for holder in holders(
            session,
            declaration.audience,
            clock.local(now).date(),
            programme_id=document.programme_id,
            unit_ids={letter.unit_id for letter in letters},
        ):
            here = people.setdefault(holder.unit_id, {})
            here.setdefault(holder.person_id, set()).add(holder.role)
        mails = [
            Mail(declaration, _told_as(told, roles), person_id, unit_id, f"{key}:{person_id}")
            for unit_id, move_id, told in letters
            for key in (f"{declaration.kind}:{move_id}:{now.isoformat()}",)
            for person_id, roles in people.get(unit_id, {}).items()
            if person_id != actor.person_id
        ]
        return len(outbox.write(session, mails, now))


def _told_as(told: QuotaMail, roles: set[Role]) -> QuotaMail:
    """Say in which roles somebody is told; whether it calls to act, the letter says."""
    held = tuple(sorted(roles))
    return replace(told, turn_as=held) if told.turn else replace(told, news_as=held)
