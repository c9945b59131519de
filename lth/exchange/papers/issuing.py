"""What a revision was issued with: number, day and the block it is signed with, as frozen on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.exchange.papers import letterhead
from lth.exchange.papers.text import Signature
from lth.models import Event, Revision
from lth.models.document import SignForm
from lth.models.parts import Issuance
from lth.workflow.acts import Act

UNSIGNED = letterhead.signature(None)
"""The block of a committee's paper that nobody has signed as yet."""

_WITH_POSITION = frozenset({SignForm.TL, SignForm.TUQ})
"""Forms in which the signer's own position stands; in others, that of the head or a deputy."""


_USUAL = {"QĐ": Issuance.DECISION_WITH_PLAN, "KH": Issuance.PLAN}
_ISSUED_BY = {
    "QĐ": frozenset({Issuance.DECISION_WITH_PLAN, Issuance.DECISION_APPROVING}),
    "KH": frozenset({Issuance.PLAN}),
}


def issued_as(chosen: Issuance, symbol: str) -> Issuance:
    """Say how a plan is issued: a symbol says by itself whether a decision does it, and goes before
    what its drafters chose.
    """
    kind = symbol.partition("-")[0]
    return chosen if chosen in _ISSUED_BY.get(kind, frozenset(Issuance)) else _USUAL[kind]


@dataclass(frozen=True, slots=True)
class Issuing:
    """Number ("12/KH-UBND"), day and signature of an issued revision; a draft has but the block."""

    numbered: str = ""
    day: date | None = None
    signature: Signature = UNSIGNED
    draft: bool = True

    @property
    def number(self) -> str:
        return letterhead.parted(self.numbered)[0]

    @property
    def symbol(self) -> str:
        return letterhead.parted(self.numbered)[1]

    @property
    def kind(self) -> str:
        """Return the abbreviation in the symbol: KH of KH-UBND."""
        return self.symbol.partition("-")[0]


def issuing(session: Session, revision: Revision) -> Issuing:
    """Read what a revision was issued with, in one query; of one that is not, none.

    The caller has read the revision within a scope. Who sees it may not see the event of issuing:
    the name of who signed stands on the paper all the same.
    """
    if revision.issued_at is None or revision.sign_form is None:
        return Issuing()
    number, signed = revision.document_number or "", _signature(session, revision)
    return Issuing(number, revision.issued_on, signed, draft=False)


def _signature(session: Session, revision: Revision) -> Signature:
    if revision.signature is not None:
        return Signature(tuple(revision.signature["lines"]), revision.signature["name"])
    name, position = _signer(session, revision)
    own = position if revision.sign_form in _WITH_POSITION else ""
    return letterhead.signature(revision.sign_form, own, name=name)


def _signer(session: Session, revision: Revision) -> tuple[str, str]:
    """Return name and position of who issued a revision, as they were then."""
    statement = (
        select(Event.person_name, Event.person_position)
        .where(
            Event.document_id == revision.document_id,
            Event.revision_number == revision.number,
            Event.action == Act.ISSUE.value,
        )
        .order_by(Event.seq.desc())
        .limit(1)
    )
    with system(session, Purpose.EXPORT):
        found: Sequence[str] | None = session.execute(statement).first()
    return (found[0], found[1]) if found else ("", "")
