"""Hand a paper over, and put its signed PDF in: what is written, under the lock of its document."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.core import clock
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.core.i18n import N_, Message, pack
from lth.core.urgency import Urgency
from lth.core.vietnamese import nfc, one_line
from lth.exchange.files.intake import Intake
from lth.exchange.files.kinds import FileType
from lth.exchange.files.store import FileStore, fingerprint
from lth.exchange.handover import comparing, edxml, package
from lth.exchange.handover import receivers as offered
from lth.exchange.handover.comparing import PdfText, TextStanding
from lth.exchange.handover.fields import CopyField, fields
from lth.exchange.handover.official import (
    letters_of,
    may_hand_over,
    number_on_its_way,
    official,
)
from lth.exchange.handover.receivers import PaperReceiver
from lth.exchange.papers import file_names, letterhead, pdf, templates, word
from lth.exchange.papers.text import Checked, PaperText
from lth.exchange.signatures import examination
from lth.exchange.signatures.report import as_json
from lth.models import Document, HandOver, OfficialPaper, Revision, SignedCopy
from lth.models.frozen import NAME
from lth.models.paper import searchable
from lth.models.person import Role
from lth.workflow import documents, papers, register, revisions

HANDED_OVER, SIGNED = "papers.handed_over", "papers.signed"

KEEPERS = frozenset({Role.CLERK, Role.SPECIALIST, Role.LEADER})
"""Who hands papers of their own unit over, and puts signed ones in."""

LARGEST_FILE = 15 * 1024 * 1024
"""Bytes of a signed PDF."""

Address = Callable[[OfficialPaper], Checked]
"""What tells where a paper is looked up, which only the pages know."""


@dataclass(frozen=True)
class ReceivedPdf:
    """A signed PDF that was looked at: its bytes, its text, and what its signatures say."""

    data: bytes
    text: PdfText
    report: Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """A paper written out: its text, its files, its fields to copy."""

    text: PaperText
    pdf: bytes
    pages: int
    fields: Sequence[CopyField]


def write(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    checked: Checked,
    urgency: Urgency = Urgency.NORMAL,
) -> Written:
    """Write the paper of a revision as it is signed."""
    text = official(session, document, revision, scope, checked, urgency)
    data = pdf.write(text)
    pages = comparing.read(data).pages
    return Written(
        text,
        data,
        pages,
        fields(
            text,
            agency=letterhead.committee(document.unit.full_name),
            pages=pages,
            address=checked.url,
        ),
    )


def hand_over(
    session: Session,
    actor: Actor,
    document_id: int,
    *,
    seen: int,
    receivers: Collection[str],
    urgency: Urgency,
    now: datetime,
    store: FileStore,
    address: Address,
) -> HandOver:
    """Make the package of a document's paper, keep it, and note who did when.

    `receivers` names those of `receivers.find` that its edXML package is for; `urgency` is stamped
    on the paper, and stays once it has its number and was handed over.

    Raises NotFoundError, NotYoursError, StaleError; NotNowError where there is nothing to sign yet.
    """
    scope = Scope.of(actor)
    document = _locked(session, actor, document_id, scope)
    if document.lock_version != seen:
        raise StaleError(Message(N_("Văn bản vừa có thay đổi. Hãy xem lại trước khi bàn giao.")))
    revision = _revision(session, document, scope)
    if not may_hand_over(document):
        raise NotNowError(Message(N_("Chỉ bàn giao khi văn bản đã được duyệt hoặc đã ban hành.")))
    paper = papers.of_revision(session, revision.id, scope) or _new(
        session, document, revision, now
    )
    if urgency is not paper.urgency and has_fixed_urgency(paper):
        raise BlockedError(Message(_FIXED, field="urgency"))
    paper.urgency = urgency
    made = write(session, document, revision, scope, address(paper), urgency)
    if paper.registered_at is None:
        paper.letters, paper.subject = letters_of(made.text), one_line(made.text.subject)[:500]
        paper.search_key = searchable(paper.subject)
    today = clock.local(now).date()
    chosen = offered.find(session, document, revision, today, scope).chosen(receivers)
    contents = _contents(session, document, made, paper, chosen, store, scope, today)
    zipped = package.write(contents)
    given = HandOver(
        paper_id=paper.id,
        unit_id=document.unit_id,
        person_id=actor.person_id,
        person_name=actor.person_name,
        at=now,
        has_number=paper.registered_at is not None,
        package_sha256=store.put(zipped),
        pdf_sha256=store.put(made.pdf),
        word_sha256=fingerprint(contents.word),
        size=len(zipped),
        pages=made.pages,
        fields=[[one.label, one.value] for one in made.fields],
        receivers=[[one.name, one.code] for one in chosen],
        lacking=[pack(message) for message in contents.lacking],
    )
    session.add(given)
    paper.handed_over_at = now
    session.flush()
    papers.note(session, actor, HANDED_OVER, paper, now)
    return given


_FIXED = N_("Văn bản đã có số và đã bàn giao nên độ khẩn in trên văn bản không đổi được nữa.")


def has_fixed_urgency(paper: OfficialPaper | None) -> bool:
    """Tell whether a paper is out with its stamp: it has its number and was handed over."""
    return paper is not None and None not in {paper.registered_at, paper.handed_over_at}


def look_at(data: bytes, intake: Intake, roots: Path | None, now: datetime) -> ReceivedPdf:
    """Read a signed PDF and its signatures: it takes a while, and asks nothing of the database, so
    that whoever calls it holds no lock meanwhile.

    Raises BlockedError where it is no PDF, or is infected.
    """
    found = _read(data, intake)
    report: dict[str, Any] = {"signatures": []}
    try:
        signatures = examination.examine(data, roots, now=now)
    except BlockedError as error:
        report["unexamined"] = [pack(message) for message in error.messages]
    else:
        report["signatures"] = [as_json(one) for one in signatures]
    return ReceivedPdf(data, found, report)


def numbered(session: Session, revision: Revision, scope: Scope) -> OfficialPaper:
    """Return the paper of a revision. Raises NotNowError before it has its number."""
    paper = papers.of_revision(session, revision.id, scope)
    if paper is None or paper.registered_at is None:
        raise NotNowError(
            Message(N_("Hãy ban hành (ghi số, ngày) trước, rồi đưa bản PDF đã ký vào."))
        )
    return paper


def put_signed(
    session: Session,
    actor: Actor,
    document_id: int,
    received: ReceivedPdf,
    file_name: str,
    *,
    now: datetime,
    store: FileStore,
    address: Address,
) -> SignedCopy:
    """Keep a signed PDF byte for byte, with what is to be said of it.

    One that was put in before stays on record; the last one counts. Raises BlockedError where it is
    there already, NotNowError before the paper has its number.
    """
    scope = Scope.of(actor)
    document = _locked(session, actor, document_id, scope)
    revision = _revision(session, document, scope)
    paper = numbered(session, revision, scope)
    copies = papers.signed_copies(session, paper)
    sha256 = fingerprint(received.data)
    if copies and copies[0].sha256 == sha256:
        raise BlockedError(Message(N_("Bản này đã có ở đây rồi."), field="file"))
    expected = comparing.read(
        pdf.write(official(session, document, revision, scope, address(paper), paper.urgency))
    )
    compared = comparing.compare(expected, received.text, paper)
    copy = SignedCopy(
        paper_id=paper.id,
        unit_id=document.unit_id,
        person_id=actor.person_id,
        person_name=actor.person_name,
        at=now,
        file_name=file_names.written(nfc(file_name).rpartition(".")[0] or "van-ban", "pdf")[:NAME],
        sha256=store.put(received.data),
        size=len(received.data),
        report={"text": compared.as_json(), **received.report},
    )
    session.add(copy)
    paper.signed_at = now
    paper.signed_differs = compared.standing is TextStanding.DIFFERENT
    session.flush()
    papers.note(session, actor, SIGNED, paper, now)
    return copy


def signed_bytes(session: Session, paper: OfficialPaper, store: FileStore) -> bytes | None:
    """Return the signed PDF that counts; None where there is none, or it is not whole any more."""
    copies = papers.signed_copies(session, paper)
    if not copies:
        return None
    try:
        return store.get(copies[0].sha256)
    except KeyError:
        return None


def may_keep(actor: Actor, document: Document) -> bool:
    """Tell whether the actor hands papers of a document over."""
    own = actor.unit_id == document.unit_id and actor.covers(True, document.programme_id)
    return own and actor.role in KEEPERS


def _locked(session: Session, actor: Actor, document_id: int, scope: Scope) -> Document:
    documents.lock(session, document_id, scope)
    document = documents.get(session, document_id, scope)
    if not may_keep(actor, document):
        raise NotYoursError(
            Message(N_("Chỉ người soạn và lãnh đạo của đơn vị ban hành làm được việc này."))
        )
    return document


def _revision(session: Session, document: Document, scope: Scope) -> Revision:
    """Return the revision whose paper it is about. Raises NotFoundError."""
    found = revisions.all_seen(session, document.id, scope).get(number_on_its_way(document))
    if found is None:
        raise NotFoundError
    return found


def _new(session: Session, document: Document, revision: Revision, now: datetime) -> OfficialPaper:
    paper = register.first_of(session, document, revision)
    paper.created_at = now
    session.add(paper)
    session.flush()
    return paper


def _contents(
    session: Session,
    document: Document,
    made: Written,
    paper: OfficialPaper,
    receivers: Sequence[PaperReceiver],
    store: FileStore,
    scope: Scope,
    today: date,
) -> package.Contents:
    signed = signed_bytes(session, paper, store)
    template = templates.template_of(session, store, document.unit_id, made.text.kind)
    title = f"{made.text.numbered if made.text.number else 'Chưa có số'}: {made.text.heading}"
    told = edxml.package(
        session,
        document,
        made.text,
        receivers,
        pages=made.pages,
        signed=signed,
        today=today,
        scope=scope,
    )
    file, lacking = edxml.written(told, today)
    name = file_names.plain(
        f"{made.text.numbered} {made.text.subject}" if made.text.number else made.text.subject,
        "x",
    ).removesuffix(".x")
    return package.Contents(
        name=name,
        title=title,
        pdf=made.pdf,
        word=word.write(made.text, template),
        fields=made.fields,
        annexes={one.label: pdf.annex(made.text, at) for at, one in enumerate(made.text.annexes)},
        signed=signed,
        edxml=file,
        lacking=lacking,
    )


def _read(data: bytes, intake: Intake) -> PdfText:
    """Read a file that should be a PDF, whatever it is called. Raises BlockedError."""
    if not data:
        raise BlockedError(Message(N_("Hãy chọn tệp PDF đã ký."), field="file"))
    if len(data) > LARGEST_FILE:
        raise BlockedError(
            Message(N_("Tệp nặng quá 15 MB. Hãy xuất lại bản PDF nhẹ hơn rồi ký."), field="file")
        )
    if b"%PDF-" not in data[:1024]:
        raise BlockedError(
            Message(N_("Tệp này không phải PDF. Hãy chọn bản PDF đã ký."), field="file")
        )
    try:
        intake.take(data, "", {FileType.PDF})
        return comparing.read(data)
    except BlockedError as error:
        raise BlockedError(
            *(Message(one.text, one.params, field="file") for one in error.messages)
        ) from error
