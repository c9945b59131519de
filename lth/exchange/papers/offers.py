"""Which papers there are of a document, as it stands, for whom; nothing here reads a database.

A paper is offered to those who see the revision that it is written from. What the next step writes
about a document (the appraisal report, the letter that returns it) is its own people's: the unit
below gets these signed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lth.access.scope import Scope
from lth.models import Document, Opinion, Revision
from lth.models.document import Mode, Status
from lth.models.kind import Figures
from lth.synthesis.children import sees_below
from lth.workflow import revisions
from lth.workflow.states import CORRECTED


class PaperName(StrEnum):
    """A paper of a document, by what it is for: its own text, the issued one while an amendment is
    written, what submits it, what the next step writes about it.
    """

    MAIN = "main"
    IN_FORCE = "in-force"
    PROPOSAL = "proposal"
    APPRAISAL = "appraisal"
    RETURN = "return"


OF_THE_NEXT_STEP = frozenset({PaperName.APPRAISAL, PaperName.RETURN})


@dataclass(frozen=True, slots=True)
class OfferedPaper:
    """A paper that may be taken, the revision it is of, and whether it is a draft as yet; of a
    report on opinions, these.
    """

    name: PaperName
    revision: Revision
    draft: bool
    opinions: Sequence[Opinion] = ()

    def issuer_of(self, document: Document) -> int:
        """Return the id of the unit whose paper it is."""
        above = document.next_unit_id if self.name in OF_THE_NEXT_STEP else None
        return above or document.unit_id


UNDER_REVIEW = frozenset({Status.SUBMITTED, Status.REVIEW})


def offered(
    document: Document, seen: Mapping[int, Revision], scope: Scope, opinions: Sequence[Opinion]
) -> list[OfferedPaper]:
    """List the papers of a document; `seen` are the revisions of it that the scope sees, `opinions`
    those that it sees on the one that was sent last.

    A document whose figures are computed prints what each unit below says: there are papers of it
    for those only who see below its unit.
    """
    main = seen.get(revisions.number_to_read(document, scope) or 0)
    if main is None or (document.kind.is_computed and not sees_below(scope, document)):
        return []
    own, next_step = scope.unit_id == document.unit_id, scope.unit_id == document.next_unit_id
    found = [*_of_the_unit(document, main, seen)]
    if _has_proposal(document) and (own or next_step):
        found += _proposal(document, main, seen)
    if next_step:
        found += _of_the_next_step(document, seen, opinions)
    return found


def _has_proposal(document: Document) -> bool:
    """Tell whether something submits it: what is to be approved. A report goes up by itself."""
    proposed = document.mode is Mode.APPROVE and document.kind.figures is Figures.TARGETS
    return proposed and document.status != Status.REVOKED


def _of_the_unit(
    document: Document, main: Revision, seen: Mapping[int, Revision]
) -> Iterator[OfferedPaper]:
    yield OfferedPaper(PaperName.MAIN, main, draft=main.issued_at is None)
    in_force = seen.get(document.in_force_number or 0)
    if in_force is not None and in_force is not main:
        yield OfferedPaper(PaperName.IN_FORCE, in_force, draft=False)


def _proposal(
    document: Document, main: Revision, seen: Mapping[int, Revision]
) -> Iterator[OfferedPaper]:
    """Yield what submits the newest revision; once that is issued, what submitted the last sent."""
    about = main if main.issued_at is None else seen.get(document.sent_number or 0)
    if about is not None:
        yield OfferedPaper(PaperName.PROPOSAL, about, draft=about.submitted_at is None)


def _of_the_next_step(
    document: Document, seen: Mapping[int, Revision], opinions: Sequence[Opinion]
) -> Iterator[OfferedPaper]:
    sent = seen.get(document.sent_number or 0)
    if sent is None:
        return
    if opinions:
        draft = document.status in UNDER_REVIEW
        yield OfferedPaper(PaperName.APPRAISAL, sent, draft, opinions)
    if document.status in CORRECTED:
        yield OfferedPaper(PaperName.RETURN, sent, draft=False)
