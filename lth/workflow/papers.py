"""Read papers within a scope, search the register, and enter what no document here is behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, Sight, papers_seen, system
from lth.administration import audit
from lth.core import clock
from lth.core.errors import BlockedError, NotFoundError, StaleError
from lth.core.i18n import N_, Message
from lth.core.readers.document_numbers import KINDS
from lth.core.vietnamese import nfc, one_line, search_key
from lth.models import Document, HandOver, OfficialPaper, Revision, SignedCopy
from lth.models.paper import PaperLink, searchable
from lth.units import names
from lth.workflow import register, signing
from lth.workflow.register import GivenNumber

ENTERED = "papers.entered"
STRUCK = "papers.struck"
LONGEST_REASON = 500


def kind_name(letters: str) -> Message:
    """Name a kind of paper by its abbreviation: "kế hoạch"; a công văn has none."""
    return Message(KINDS[letters]) if letters in KINDS else Message(N_("công văn"))


# --- Searching ----------------------------------------------------------------------------


@dataclass(frozen=True)
class PaperSearch:
    """What is looked for in a register; what is empty is not asked. `letters` None: any kind."""

    text: str = ""
    letters: str | None = None
    year: int | None = None
    since: date | None = None
    until: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if text := one_line(self.text):
            numbered = OfficialPaper.written.icontains(text, autoescape=True)
            named = names.holds(OfficialPaper.search_key, text) if search_key(text) else numbered
            found.append(or_(numbered, named))
        if self.letters is not None:
            found.append(OfficialPaper.letters == self.letters)
        if self.year:
            found.append(OfficialPaper.year == self.year)
        if self.since:
            found.append(OfficialPaper.issued_on >= self.since)
        if self.until:
            found.append(OfficialPaper.issued_on <= self.until)
        return found


def listed(
    session: Session, scope: Scope, wanted: PaperSearch, *, limit: int, offset: int = 0
) -> tuple[Sequence[OfficialPaper], int]:
    """List what is looked for in the register of the scope's own unit, newest first, and how many
    there are.
    """
    where = [
        papers_seen(scope),
        OfficialPaper.unit_id == scope.unit_id,
        OfficialPaper.registered_at.is_not(None),
        *wanted.conditions(),
    ]
    total = session.scalar(select(func.count()).select_from(OfficialPaper).where(*where)) or 0
    statement = (
        select(OfficialPaper)
        .where(*where)
        .options(joinedload(OfficialPaper.follows))
        .order_by(
            OfficialPaper.issued_on.desc(),
            OfficialPaper.number.desc(),
            OfficialPaper.id.desc(),
        )
    )
    return session.scalars(statement.limit(limit).offset(offset)).all(), total


def kinds_and_years(session: Session, scope: Scope) -> tuple[list[str], list[int]]:
    """List the kinds and the years that the own unit's register has papers of."""
    own = [OfficialPaper.unit_id == scope.unit_id, OfficialPaper.registered_at.is_not(None)]
    statement = select(OfficialPaper.letters, OfficialPaper.year).where(*own, papers_seen(scope))
    rows = session.execute(statement.distinct()).all()
    years = {year for _, year in rows if year is not None}
    return sorted({letters for letters, _ in rows}), sorted(years, reverse=True)


def empty_numbers(session: Session, scope: Scope, year: int) -> dict[str, list[int]]:
    """List, by symbol, the numbers of a year that were passed over in what is numbered here."""
    statement = (
        select(OfficialPaper.symbol, OfficialPaper.number)
        .where(
            OfficialPaper.unit_id == scope.unit_id,
            OfficialPaper.year == year,
            OfficialPaper.registered_at.is_not(None),
            papers_seen(scope),
        )
        .order_by(OfficialPaper.symbol, OfficialPaper.number)
    )
    series: dict[str, list[int]] = {}
    for symbol, number in session.execute(statement):
        series.setdefault(symbol, []).append(number)
    return {
        symbol: holes
        for symbol, numbers in series.items()
        if register.is_kept_here(numbers) and (holes := register.missing(numbers, numbers[-1]))
    }


# --- Reading one --------------------------------------------------------------------------


def get(session: Session, paper_id: int, scope: Scope) -> OfficialPaper:
    """Read a paper. Raises NotFoundError outside the scope."""
    statement = select(OfficialPaper).where(OfficialPaper.id == paper_id, papers_seen(scope))
    paper = session.scalars(statement).first()
    if paper is None:
        raise NotFoundError
    return paper


def of_document(session: Session, document_id: int, scope: Scope) -> Sequence[OfficialPaper]:
    """List the papers of a document, those that follow another after it."""
    statement = (
        select(OfficialPaper)
        .where(OfficialPaper.document_id == document_id, papers_seen(scope))
        .options(joinedload(OfficialPaper.follows))
        .order_by(OfficialPaper.id)
    )
    return session.scalars(statement).all()


def earlier(
    session: Session, document: Document, revision: Revision, scope: Scope
) -> Sequence[OfficialPaper]:
    """List the papers in the register that earlier revisions of a document went out as, newest
    first; the caller has read both within the scope. No query where there was but one revision.
    """
    if revision.number < 2:
        return []
    statement = (
        select(OfficialPaper)
        .join(Revision, Revision.id == OfficialPaper.revision_id)
        .where(
            OfficialPaper.document_id == document.id,
            OfficialPaper.registered_at.is_not(None),
            Revision.number < revision.number,
            papers_seen(scope),
        )
        .order_by(Revision.number.desc())
    )
    return session.scalars(statement).all()


def last_files(
    session: Session, found: Sequence[OfficialPaper], scope: Scope
) -> tuple[dict[int, SignedCopy], dict[int, HandOver]]:
    """Return, by paper, the signed copy that counts and the last package; packages are the own
    unit's alone.
    """
    ids = [one.id for one in found]
    own = [one.id for one in found if one.unit_id == scope.unit_id]
    copies = select(SignedCopy).where(SignedCopy.paper_id.in_(ids)).order_by(SignedCopy.id)
    packages = select(HandOver).where(HandOver.paper_id.in_(own)).order_by(HandOver.id)
    return (
        {one.paper_id: one for one in session.scalars(copies)} if ids else {},
        {one.paper_id: one for one in session.scalars(packages)} if own else {},
    )


def of_revision(session: Session, revision_id: int, scope: Scope) -> OfficialPaper | None:
    """Return the paper of a revision, where there is one that the scope sees."""
    statement = select(OfficialPaper).where(
        OfficialPaper.revision_id == revision_id, papers_seen(scope)
    )
    return session.scalars(statement).first()


def seen_with(revision: Revision, scope: Scope) -> OfficialPaper | None:
    """Return the paper that was read together with a revision, where the scope sees it too."""
    paper = revision.paper
    if paper is None or paper.registered_at is not None:
        return paper
    drafts = paper.unit_id == scope.unit_id and scope.sight is Sight.ALL
    return paper if drafts or scope.sight is Sight.SYSTEM else None


def hand_over_of(session: Session, document_id: int, hand_over_id: int, scope: Scope) -> HandOver:
    """Read one package of the own unit, of whichever paper of a document. Raises NotFoundError."""
    statement = (
        select(HandOver)
        .join(OfficialPaper, OfficialPaper.id == HandOver.paper_id)
        .where(
            HandOver.id == hand_over_id,
            HandOver.unit_id == scope.unit_id,
            OfficialPaper.document_id == document_id,
            papers_seen(scope),
        )
        .options(contains_eager(HandOver.paper))
    )
    found = session.scalars(statement).first()
    if found is None:
        raise NotFoundError
    return found


def signed_copy_of(session: Session, document_id: int, copy_id: int, scope: Scope) -> SignedCopy:
    """Read one signed copy of a document's papers within the scope. Raises NotFoundError."""
    statement = (
        select(SignedCopy)
        .join(OfficialPaper, OfficialPaper.id == SignedCopy.paper_id)
        .where(
            SignedCopy.id == copy_id,
            OfficialPaper.document_id == document_id,
            papers_seen(scope),
        )
    )
    found = session.scalars(statement).first()
    if found is None:
        raise NotFoundError
    return found


def hand_overs(session: Session, paper: OfficialPaper, scope: Scope) -> Sequence[HandOver]:
    """List the packages of a paper, newest first; they are the own unit's alone."""
    if paper.unit_id != scope.unit_id:
        return []
    statement = select(HandOver).where(HandOver.paper_id == paper.id).order_by(HandOver.id.desc())
    return session.scalars(statement).all()


def signed_copies(session: Session, paper: OfficialPaper) -> Sequence[SignedCopy]:
    """List the signed files of a paper read within the scope, the one that counts first."""
    statement = (
        select(SignedCopy).where(SignedCopy.paper_id == paper.id).order_by(SignedCopy.id.desc())
    )
    return session.scalars(statement).all()


def followers(session: Session, paper_ids: Sequence[int]) -> dict[int, list[OfficialPaper]]:
    """List, by paper, those in the register that replace, correct or revoke it."""
    if not paper_ids:
        return {}
    statement = (
        select(OfficialPaper)
        .where(OfficialPaper.follows_id.in_(paper_ids), OfficialPaper.registered_at.is_not(None))
        .order_by(OfficialPaper.id)
    )
    found: dict[int, list[OfficialPaper]] = {}
    for one in session.scalars(statement):
        found.setdefault(one.follows_id or 0, []).append(one)
    return found


# --- Entering by hand ---------------------------------------------------------------------


@dataclass(frozen=True)
class HandEntry:
    """A paper that a unit enters in its register by hand. `corrects` is the paper whose form it
    puts right.
    """

    number: str
    day: date | None
    subject: str
    signer: str = ""
    confirmed: bool = False
    corrects: OfficialPaper | None = None


def enter_by_hand(session: Session, actor: Actor, entry: HandEntry, now: datetime) -> OfficialPaper:
    """Enter a paper in the register of the actor's unit, and in the trail.

    Raises BlockedError with what is wrong beside its field. The pages ask who may enter.
    """
    if actor.unit_id is None:
        raise NotFoundError
    numbered = _judged(session, actor.unit_id, entry, now)
    subject = one_line(nfc(entry.subject))
    paper = OfficialPaper(
        unit_id=actor.unit_id,
        subject=subject,
        search_key=searchable(subject),
        signer=one_line(nfc(entry.signer)),
        created_at=now,
        registered_at=now,
    )
    if entry.corrects is not None:
        paper.document_id = entry.corrects.document_id
        paper.follows_id, paper.link = entry.corrects.id, PaperLink.CORRECTS
    register.entered(paper, numbered, actor)
    session.add(paper)
    session.flush()
    note(session, actor, ENTERED, paper, now)
    return paper


def by_hand(session: Session, paper_id: int, scope: Scope) -> OfficialPaper:
    """Read a paper that the scope's own unit entered by hand, with no document behind it.

    Raises NotFoundError for any other.
    """
    paper = get(session, paper_id, scope)
    is_own = paper.unit_id == scope.unit_id and paper.document_id is None
    if not is_own or paper.registered_at is None:
        raise NotFoundError
    return paper


def strike_out(
    session: Session, actor: Actor, paper_id: int, reason: str, now: datetime
) -> OfficialPaper:
    """Strike out a number that was entered by hand by mistake (hủy số): it stays used, explained.

    Raises NotFoundError as `by_hand`, BlockedError without a reason, StaleError where it is struck
    out already. The pages ask who may.
    """
    paper = by_hand(session, paper_id, Scope.of(actor))
    register.hold(session, paper.unit_id)
    session.refresh(paper)
    if paper.struck_at is not None:
        raise StaleError(Message(N_("Số này đã được hủy rồi.")))
    why = one_line(nfc(reason))
    if not why:
        raise BlockedError(Message(N_("Cần ghi lý do hủy số."), field="reason"))
    paper.struck_at, paper.struck_reason = now, why[:LONGEST_REASON]
    paper.struck_by_id, paper.struck_by_name = actor.person_id, actor.person_name
    session.flush()
    note(session, actor, STRUCK, paper, now)
    return paper


def note(session: Session, actor: Actor, what: str, paper: OfficialPaper, now: datetime) -> None:
    """Note in the unit's trail what was done with a paper."""
    with system(session, Purpose.LABEL):
        audit.record(
            session,
            paper.unit_id,
            what,
            actor.person_id,
            f"{paper.written or ''} {paper.subject}".strip()[:300],
            now=now,
            actor=actor,
        )


def _judged(session: Session, unit_id: int, entry: HandEntry, now: datetime) -> GivenNumber:
    faults = [_fault_of_day(entry.day, now), signing.fault_of_number(entry.number, ())]
    if not one_line(entry.subject):
        faults.append(Message(N_("Cần ghi trích yếu của văn bản."), field="subject"))
    numbered = register.read(entry.number, entry.day)
    if numbered is not None:
        faults.append(register.fault(session, unit_id, numbered))
        if not entry.confirmed and faults[-1] is None:
            faults.append(register.gap(session, unit_id, numbered))
    found = [fault for fault in faults if fault is not None]
    if found or numbered is None:
        raise BlockedError(*found)
    return numbered


def _fault_of_day(day: date | None, now: datetime) -> Message | None:
    if day is None:
        return Message(N_("Cần ghi ngày ký văn bản."), field="document_date")
    if day > clock.local(now).date():
        return Message(N_("Ngày ký không thể sau hôm nay."), field="document_date")
    return None
