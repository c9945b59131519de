"""Say to anybody whether a paper is as it was issued (đúng như đã ban hành), by its public code.

It tells no more than what stands on the paper itself, and nothing at all of a paper that has no
number yet, or whose number was struck out: that one is as if it had never been.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lth.access.scope import Purpose, system
from lth.exchange.files.store import FileStore, fingerprint
from lth.models import OfficialPaper, SignedCopy
from lth.models.paper import ALPHABET, CODE_LENGTH

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class PublicPaper:
    """What stands on a paper, as far as anybody may read it; and what follows it."""

    code: str
    letters: str
    written: str
    issued_on: date
    unit: str
    subject: str
    followers: tuple[OfficialPaper, ...]
    signed: tuple[str, ...]
    """The fingerprints of its signed copies, the one that counts first."""


class Sameness(StrEnum):
    """How a file that somebody has compares with the signed copy of a paper."""

    SAME = "same"
    OLDER = "older"
    DIFFERENT = "different"
    NONE = "none"


def read_code(text: str) -> str:
    """Read a code as people type it, in either case and with any stroke; empty where it is none."""
    letters = "".join(one for one in text.upper() if one.isalnum())
    code = letters.translate(_READ_AS)
    right = len(code) == CODE_LENGTH and set(code) <= set(ALPHABET)
    return code if right else ""


def find(session: Session, text: str) -> PublicPaper | None:
    """Find the paper of a code; None for a code that no issued paper has."""
    code = read_code(text)
    if not code:
        return None
    with system(session, Purpose.VERIFY):
        paper = session.scalars(
            select(OfficialPaper)
            .where(
                OfficialPaper.code == code,
                OfficialPaper.registered_at.is_not(None),
                OfficialPaper.struck_at.is_(None),
            )
            .options(joinedload(OfficialPaper.unit))
        ).first()
        return None if paper is None else _public(session, paper)


def _public(session: Session, paper: OfficialPaper) -> PublicPaper:
    followers = session.scalars(
        select(OfficialPaper)
        .where(OfficialPaper.follows_id == paper.id, OfficialPaper.registered_at.is_not(None))
        .order_by(OfficialPaper.id)
    )
    copies = session.scalars(
        select(SignedCopy.sha256)
        .where(SignedCopy.paper_id == paper.id)
        .order_by(SignedCopy.id.desc())
    )
    if paper.written is None or paper.issued_on is None:
        raise ValueError("a paper in the register has a number and a day")
    return PublicPaper(
        code=paper.code,
        letters=paper.letters,
        written=paper.written,
        issued_on=paper.issued_on,
        unit=paper.unit.full_name,
        subject=paper.subject,
        followers=tuple(followers),
        signed=tuple(copies),
    )


def is_whole(store: FileStore, prints: Sequence[str]) -> bool | None:
    """Tell whether the signed copy that counts is there, byte for byte; None where none came."""
    if not prints:
        return None
    try:
        store.get(prints[0])
    except KeyError:
        return False
    return True


def compare(paper: PublicPaper, data: bytes) -> Sameness:
    """Compare a file with the signed copy: by its fingerprint, byte for byte."""
    if not paper.signed:
        return Sameness.NONE
    print_ = fingerprint(data)
    if print_ == paper.signed[0]:
        return Sameness.SAME
    return Sameness.OLDER if print_ in paper.signed else Sameness.DIFFERENT
