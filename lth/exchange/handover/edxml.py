"""The edXML package of a paper, or what it still lacks."""

from collections.abc import Sequence
from datetime import date

from lth.core.errors import BlockedError
from lth.core.i18n import Message
from lth.exchange.edxml import writer
from lth.exchange.edxml.package import (
    Correspondent,
    EdxmlPackage,
    OtherFacts,
    PackageFile,
    PackageSigner,
)
from lth.exchange.handover.fields import kind_of
from lth.exchange.papers import letterhead
from lth.exchange.papers.text import PaperText
from lth.models import Unit


def package(
    paper: PaperText,
    *,
    sender: tuple[Unit, str],
    receivers: Sequence[tuple[Unit, str]],
    pages: int,
    signed: bytes | None,
) -> EdxmlPackage:
    """Return the package of a paper; each unit comes with its code, empty where it has none."""
    *powers, position = paper.signature.lines or ("",)
    return EdxmlPackage(
        sender=_correspondent(*sender),
        receivers=tuple(_correspondent(*one) for one in receivers),
        number=paper.number,
        notation=paper.symbol,
        place=paper.place,
        day=paper.day,
        type_name=kind_of(paper),
        subject=paper.heading,
        signer=PackageSigner(" ".join(powers), position, paper.signature.name),
        other=OtherFacts(pages=str(pages)),
        to_places=paper.recipients,
        paper=PackageFile("van-ban.pdf", signed) if signed else None,
    )


def written(found: EdxmlPackage, today: date) -> tuple[bytes | None, Sequence[Message]]:
    """Return the file, or none and what is missing."""
    try:
        return writer.write(found, today), ()
    except BlockedError as error:
        return None, error.messages


def _correspondent(unit: Unit, code: str) -> Correspondent:
    return Correspondent(letterhead.committee(unit.full_name), code)
