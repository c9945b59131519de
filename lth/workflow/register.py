"""Number papers, and keep the register of a unit (sổ văn bản đi).

Nghị định 30/2020/NĐ-CP, Điều 15: number and day are given after signing, from 01 each January. A
series is what a unit numbers together in a year: the papers of one kind with one symbol.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.core.i18n import N_, Message
from lth.core.readers.document_numbers import DocumentNumberError, read_document_number
from lth.core.vietnamese import one_line
from lth.models import Document, OfficialPaper, PartLine, Revision
from lth.models.paper import PaperLink, searchable
from lth.models.parts import Part
from lth.workflow import signing
from lth.workflow.context import ActContext
from lth.workflow.kinds import in_vietnamese

MOST_TOLD = 5
"""How many numbers that were passed over are named one by one."""


@dataclass(frozen=True)
class GivenNumber:
    """A number as it is given: in which series, which place in it, how it is written."""

    number: int
    symbol: str
    written: str
    letters: str
    day: date

    @property
    def year(self) -> int:
        return self.day.year


def read(text: str, day: date | None) -> GivenNumber | None:
    """Read a number that is typed; None where it is none, or has no day, which others say."""
    if day is None:
        return None
    try:
        found = read_document_number(text)
    except DocumentNumberError:
        return None
    place = int(found.number.partition("/")[0])
    written = found.number if "/" in found.number else f"{place:02}"
    return GivenNumber(place, found.symbol, f"{written}/{found.symbol}", found.kind, day)


# --- Reading the series -------------------------------------------------------------------


def hold(session: Session, unit_id: int) -> None:
    """Have a unit's numbers given one after the other until the transaction ends (SQLite has one
    writer anyway)."""
    if session.get_bind().dialect.name == "postgresql":
        key = func.hashtext(f"register:{unit_id}")
        session.execute(select(func.pg_advisory_xact_lock(key)))


def given(session: Session, unit_id: int, symbol: str, year: int) -> list[int]:
    """List the numbers of a series that are in the register, in order."""
    statement = (
        select(OfficialPaper.number)
        .where(
            OfficialPaper.unit_id == unit_id,
            OfficialPaper.symbol == symbol,
            OfficialPaper.year == year,
        )
        .order_by(OfficialPaper.number)
    )
    return [number for number in session.scalars(statement) if number is not None]


def is_kept_here(numbers: Sequence[int]) -> bool:
    """Tell whether the unit gives this series its numbers here: at least half of them are there.

    An office whose own system numbers everything enters the number that it got, with gaps that
    mean nothing.
    """
    return bool(numbers) and 2 * len(numbers) >= numbers[-1]


def missing(numbers: Sequence[int], below: int) -> list[int]:
    """List the numbers under one that nobody has got."""
    there = set(numbers)
    return [number for number in range(1, below) if number not in there]


def suggested(session: Session, unit_id: int, kinds: Iterable[str], year: int) -> list[str]:
    """Propose the next number of each kind that a paper may be: "05/KH-UBND", 01 each January."""
    found = []
    for letters in kinds:
        symbol = _usual_symbol(session, unit_id, letters)
        numbers = given(session, unit_id, symbol, year)
        found.append(f"{(numbers[-1] if numbers else 0) + 1:02}/{symbol}")
    return found


def _usual_symbol(session: Session, unit_id: int, letters: str) -> str:
    """Return the symbol that the unit last used for a kind of paper."""
    statement = (
        select(OfficialPaper.symbol)
        .where(
            OfficialPaper.unit_id == unit_id,
            OfficialPaper.letters == letters,
            OfficialPaper.symbol.is_not(None),
        )
        .order_by(OfficialPaper.issued_on.desc(), OfficialPaper.id.desc())
        .limit(1)
    )
    return session.scalar(statement) or (f"{letters}-UBND" if letters else "UBND")


# --- Judging a number ---------------------------------------------------------------------


def fault(
    session: Session, unit_id: int, wanted: GivenNumber, field: str = "document_number"
) -> Message | None:
    """Refuse a number that the unit has given in its year; names the next one."""
    hold(session, unit_id)
    numbers = given(session, unit_id, wanted.symbol, wanted.year)
    if wanted.number not in numbers:
        return None
    return Message(
        N_(
            "Số %(number)s đã dùng cho một văn bản khác của đơn vị trong năm %(year)s. "
            "Số tiếp theo là %(next)s."
        ),
        {
            "number": wanted.written,
            "year": str(wanted.year),
            "next": f"{numbers[-1] + 1:02}/{wanted.symbol}",
        },
        field=field,
    )


def gap(session: Session, unit_id: int, wanted: GivenNumber) -> Message | None:
    """Ask back where numbers before it stay empty, in a series that is numbered here."""
    numbers = given(session, unit_id, wanted.symbol, wanted.year)
    if not is_kept_here(numbers) or wanted.number <= numbers[-1] + 1:
        return None
    passed_over = range(numbers[-1] + 1, wanted.number)
    named = [f"{number:02}" for number in passed_over[:MOST_TOLD]]
    text = (
        N_("Sổ văn bản đi sẽ bỏ trống số %(numbers)s. Có đúng là %(number)s không?")
        if len(passed_over) <= MOST_TOLD
        else N_(
            "Sổ văn bản đi sẽ bỏ trống %(count)s số, từ %(numbers)s, … Có đúng là %(number)s không?"
        )
    )
    return Message(
        text,
        {"numbers": ", ".join(named), "number": wanted.written, "count": len(passed_over)},
        field="number_confirmed",
    )


# --- Entering -----------------------------------------------------------------------------


def of_revision(session: Session, revision_id: int) -> OfficialPaper | None:
    """Return the paper of a revision, in the register or not yet."""
    statement = select(OfficialPaper).where(OfficialPaper.revision_id == revision_id)
    return session.scalars(statement).first()


def enter_issued(context: ActContext) -> None:
    """Enter the paper by which a revision is issued; it replaces that of the one in force."""
    document, inputs, head = context.document, context.inputs, context.head
    paper = of_revision(context.session, head.id) or new(document, head, context)
    before = _in_force(context)
    if before is not None and before.id != paper.id:
        paper.follows_id, paper.link = before.id, PaperLink.REPLACES
    sign_form = inputs.sign_form
    signer = "\n".join(signing.block_lines(context.actor, sign_form)) if sign_form else ""
    _enter(context, paper, signer)


def enter_revocation(context: ActContext) -> None:
    """Enter the decision by which a document is revoked."""
    before = _in_force(context)
    paper = _blank_revocation(context) or new(context.document, None, context)
    if before is not None:
        paper.follows_id, paper.link = before.id, PaperLink.REVOKES
        paper.subject = f"Thu hồi văn bản số {before.written}"[:500]
        paper.search_key = searchable(paper.subject)
    _enter(context, paper, "")


def strike_issued(context: ActContext) -> None:
    """Take the number of the newest revision's paper back: the act that gave it is undone."""
    paper = of_revision(context.session, context.head.id)
    if paper is not None:
        _strike(context, paper)


def strike_revocation(context: ActContext) -> None:
    """Take the number of a revocation back that is undone."""
    statement = select(OfficialPaper).where(
        OfficialPaper.document_id == context.document.id, OfficialPaper.link == PaperLink.REVOKES
    )
    for paper in context.session.scalars(statement):
        _strike(context, paper)


def has_signed_copy(context: ActContext) -> bool:
    """Tell whether a signed PDF of the newest revision's paper has come back."""
    paper = context.head.paper
    return paper is not None and paper.signed_at is not None


def new(document: Document, revision: Revision | None, context: ActContext) -> OfficialPaper:
    """Make the paper of a document, without a number."""
    paper = first_of(context.session, document, revision)
    paper.created_at = context.now
    context.session.add(paper)
    return paper


def first_of(session: Session, document: Document, revision: Revision | None) -> OfficialPaper:
    """Return a paper of a document that is in no register yet, under the title that the dossier
    gives it, else named as its document."""
    title = _title(session, revision) if revision is not None else ""
    subject = (title or in_vietnamese(document.kind, document.period.code))[:500]
    return OfficialPaper(
        unit_id=document.unit_id,
        document_id=document.id,
        revision_id=revision.id if revision else None,
        letters=(document.kind.numbered_as or ("",))[0],
        subject=subject,
        search_key=searchable(subject),
    )


def _title(session: Session, revision: Revision) -> str:
    """Return the title in the one line that a dossier says once; empty where it gives none."""
    statement = select(PartLine.data).where(
        PartLine.revision_id == revision.id, PartLine.part == Part.HEADER
    )
    data = session.scalars(statement).first() or {}
    return one_line(str(data.get("title") or data.get("decided_title") or ""))


def entered(paper: OfficialPaper, numbered: GivenNumber, actor: Actor) -> None:
    """Write a number and who gave it on a paper."""
    paper.number, paper.symbol, paper.written = numbered.number, numbered.symbol, numbered.written
    paper.year, paper.issued_on, paper.letters = numbered.year, numbered.day, numbered.letters
    paper.entered_by_id, paper.entered_by_name = actor.person_id, actor.person_name


def _enter(context: ActContext, paper: OfficialPaper, signer: str) -> None:
    numbered = read(context.inputs.document_number, context.inputs.document_date)
    if numbered is None:
        raise ValueError("a paper is entered by number and day, which a guard has asked for")
    entered(paper, numbered, context.actor)
    paper.signer, paper.registered_at = signer, context.now
    context.session.flush()


def _strike(context: ActContext, paper: OfficialPaper) -> None:
    paper.number = paper.symbol = paper.written = paper.year = paper.issued_on = None
    paper.follows_id = paper.link = paper.entered_by_id = paper.registered_at = None
    paper.entered_by_name = paper.signer = ""
    context.session.flush()


def _in_force(context: ActContext) -> OfficialPaper | None:
    """Return the paper of the revision that has been in force until now."""
    number = context.document.in_force_number
    if number is None:
        return None
    statement = (
        select(OfficialPaper)
        .join(Revision, Revision.id == OfficialPaper.revision_id)
        .where(Revision.document_id == context.document.id, Revision.number == number)
    )
    return context.session.scalars(statement).first()


def _blank_revocation(context: ActContext) -> OfficialPaper | None:
    """Find what an undone revocation has left."""
    statement = select(OfficialPaper).where(
        OfficialPaper.document_id == context.document.id,
        OfficialPaper.revision_id.is_(None),
        OfficialPaper.registered_at.is_(None),
    )
    return context.session.scalars(statement).first()
