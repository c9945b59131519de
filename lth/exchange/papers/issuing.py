"""What a revision was issued with: number, day and the block it is signed with, as frozen on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.core.readers.document_numbers import DocumentNumberError, read_document_number
from lth.exchange.papers.text import Signature
from lth.models import Event, Revision
from lth.models.document import SignForm
from lth.workflow import signing
from lth.workflow.acts import Act

COLLECTIVE = f"TM. {signing.COLLECTIVE}".upper()
HEAD = signing.HEAD.upper()
UNSIGNED = Signature((COLLECTIVE, HEAD))
"""The block of a committee's paper that nobody has signed as yet."""

_LINES = {
    SignForm.TM: (COLLECTIVE, HEAD),
    SignForm.TM_KT: (COLLECTIVE, f"KT. {HEAD}", f"PHÓ {HEAD}"),
    SignForm.KT: (f"KT. {HEAD}", f"PHÓ {HEAD}"),
    SignForm.TL: (f"TL. {HEAD}",),
    SignForm.TUQ: (f"TUQ. {HEAD}",),
    SignForm.Q: (COLLECTIVE, f"Q. {HEAD}"),
    SignForm.HEAD: (HEAD,),
}
"""Lines over the name of who signs in their own right (Nghị định 30/2020/NĐ-CP, Điều 13)."""

_WITH_POSITION = frozenset({SignForm.TL, SignForm.TUQ})


@dataclass(frozen=True, slots=True)
class Issuing:
    """Number, symbol, day and signature of an issued revision; of a draft, none but the block."""

    number: str = ""
    symbol: str = ""
    day: date | None = None
    signature: Signature = UNSIGNED
    draft: bool = True

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
    number, symbol = _numbered(revision.document_number or "")
    return Issuing(number, symbol, revision.issued_on, _signature(session, revision), draft=False)


def _numbered(text: str) -> tuple[str, str]:
    """Part "5/KH-UBND" into 05 and KH-UBND; a number that cannot be read stays whole."""
    try:
        read = read_document_number(text)
    except DocumentNumberError:
        number, _, symbol = text.partition("/")
        return number, symbol
    return read.number.zfill(2), read.symbol


def _signature(session: Session, revision: Revision) -> Signature:
    if revision.signature is not None:
        return Signature(tuple(revision.signature["lines"]), revision.signature["name"])
    name, position = _signer(session, revision)
    lines = list(_LINES[SignForm(revision.sign_form)])
    if revision.sign_form in _WITH_POSITION and position:
        lines.append(position.upper())
    return Signature(tuple(lines), name)


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
