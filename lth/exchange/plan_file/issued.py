"""A plan out of the database as it was sent: final, with the number, day and form of its signature.

In the database these come by the act of issuing and stand on the revision. A plan that was brought
in from a file has them in its dossier, as the file had.
"""

from dataclasses import replace

from lth.content.line_types import Paper
from lth.content.model import Content
from lth.exchange.papers import issuing, letterhead
from lth.exchange.plan_file.reader import newest
from lth.models import Revision
from lth.models.parts import Issuance, PaperRole

ROLE_OF = {
    Issuance.PLAN: PaperRole.PLAN,
    Issuance.DECISION_WITH_PLAN: PaperRole.DECISION,
    Issuance.DECISION_APPROVING: PaperRole.DECISION,
    Issuance.DIRECTIVE: PaperRole.DIRECTIVE,
}
"""The paper of a dossier that has the number of what is issued."""


def as_sent(content: Content, revision: Revision) -> Content:
    """Return a revision's content as the paper that was sent, where it was; else as it is."""
    if revision.issued_at is None:
        sent_before = any(map(_is_sent, _own_papers(content)))
        return _of_its_day(replace(content, final=True)) if sent_before else content
    number = revision.document_number or ""
    issuance = issuing.issued_as(content.header.issuance, letterhead.parted(number)[1])
    content = replace(content, header=replace(content.header, issuance=issuance))
    sent = replace(
        _paper(content),
        number=number,
        dated_on=revision.issued_on,
        sign_form=revision.sign_form,
        signed=True,
    )
    papers = [sent if one.key == sent.key else one for one in content.papers]
    dossier = papers if sent in papers else [sent, *papers]
    return _of_its_day(replace(content, papers=tuple(dossier), final=True))


def _of_its_day(content: Content) -> Content:
    """Return a plan that was sent with the day of its own: the one it names, or its papers'."""
    return replace(content, made_on=content.header.made_on or newest(content) or content.made_on)


def _paper(content: Content) -> Paper:
    """Return the line of the dossier that is issued, or a new one where there is none."""
    role = ROLE_OF[content.header.issuance]
    keys = {paper.key for paper in content.papers}
    free = next(key for n in range(1, len(keys) + 2) if (key := f"paper-{n}") not in keys)
    return next(iter(content.papers_of(role)), None) or Paper(free, role)


def _own_papers(content: Content) -> list[Paper]:
    return content.papers_of(PaperRole.PLAN, PaperRole.DECISION, PaperRole.DIRECTIVE)


def _is_sent(paper: Paper) -> bool:
    """Tell whether a paper has what it has only once it is sent."""
    numbered = bool(letterhead.parted(paper.number)[0])
    return paper.signed or (numbered and paper.dated_on is not None)
