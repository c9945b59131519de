"""Write a document's own paper as it is signed: no draft, with its number once there is one.

The same revision and the same number give the same text. The caller has read document and revision
within the scope.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from lth.access.scope import Scope
from lth.checks import loading
from lth.core.language import speaking
from lth.core.urgency import Urgency
from lth.exchange.papers import issuing, making, synthesis_report
from lth.exchange.papers.text import LETTERS, Checked, PaperText
from lth.models import Document, Revision
from lth.models.document import Mode, Status
from lth.synthesis.received import received


def may_hand_over(document: Document) -> bool:
    """Tell whether its paper is ready to be signed: approved, or cleared where nobody approves it;
    issued; or being amended, when it is the newest revision that is asked about.
    """
    if document.status in {Status.APPROVED, Status.ISSUED}:
        return True
    return document.status is Status.CLEARANCE and document.mode is not Mode.APPROVE


def number_on_its_way(document: Document) -> int:
    """Return which revision's paper it is about: the newest once that may be handed over, the one
    in force while an amendment is still written.
    """
    if may_hand_over(document) or document.in_force_number is None:
        return document.head_number
    return document.in_force_number


def official(
    session: Session,
    document: Document,
    revision: Revision,
    scope: Scope,
    checked: Checked,
    urgency: Urgency = Urgency.NORMAL,
) -> PaperText:
    """Return the paper of a revision; without number and day while it has none."""
    with speaking("vi"):
        rows = loading.read(session, document, revision, scope)
        issued = issuing.issuing(session, revision)
        if document.kind.is_computed:
            units = received(session, document, revision, scope)
            paper = synthesis_report.of_synthesis(rows, units, replace(issued, draft=False))
        else:
            signature = None if issued.draft else issued.signature
            content = loading.put_together(rows)
            paper = making.plan_paper(content, document, issued, signature)
    if issued.draft:
        paper = replace(paper, number="", day=None)
    return replace(paper, draft=False, checked=checked, urgency=urgency)


def letters_of(paper: PaperText) -> str:
    """Return the abbreviation of a paper's kind."""
    return LETTERS[paper.kind]
