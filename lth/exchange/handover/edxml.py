"""The edXML package of a paper, or what it still lacks."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.administration import agency_codes
from lth.core.errors import BlockedError
from lth.core.i18n import Message
from lth.core.urgency import Urgency
from lth.exchange.edxml import writer
from lth.exchange.edxml.package import (
    Correspondent,
    EdxmlPackage,
    OtherFacts,
    PackageFile,
    PackageSigner,
    Priority,
)
from lth.exchange.handover.fields import kind_of
from lth.exchange.handover.receivers import PaperReceiver
from lth.exchange.papers import letterhead
from lth.exchange.papers.text import PaperText
from lth.models import Document

_PRIORITY = {
    Urgency.NORMAL: Priority.NORMAL.value,
    Urgency.URGENT: Priority.URGENT.value,
    Urgency.VERY_URGENT: Priority.VERY_URGENT.value,
    Urgency.EXPRESS: Priority.EXPRESS.value,
}


def package(
    session: Session,
    document: Document,
    paper: PaperText,
    receivers: Sequence[PaperReceiver],
    *,
    pages: int,
    signed: bytes | None,
    today: date,
    scope: Scope,
) -> EdxmlPackage:
    """Return the package of a paper for those who were chosen; a code is empty where none was
    entered.
    """
    own = agency_codes.code_on(session, document.unit_id, paper.day or today, scope)
    *powers, position = paper.signature.lines or ("",)
    return EdxmlPackage(
        sender=Correspondent(
            letterhead.committee(document.unit.full_name), own.code if own else ""
        ),
        receivers=tuple(Correspondent(one.name, one.code) for one in receivers),
        number=paper.number,
        notation=paper.symbol,
        place=paper.place,
        day=paper.day,
        type_name=kind_of(paper),
        subject=paper.heading,
        signer=PackageSigner(" ".join(powers), position, paper.signature.name),
        other=OtherFacts(_PRIORITY[paper.urgency], pages=str(pages)),
        to_places=paper.recipients,
        paper=PackageFile("van-ban.pdf", signed) if signed else None,
    )


def written(found: EdxmlPackage, today: date) -> tuple[bytes | None, Sequence[Message]]:
    """Return the file, or none and what is missing."""
    try:
        return writer.write(found, today), ()
    except BlockedError as error:
        return None, error.messages
