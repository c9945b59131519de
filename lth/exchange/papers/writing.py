"""Make the paper of a plan: by how it is issued a plan alone, a decision with it, or a công văn.

What stands in it is the plan's; the words around it are those of the decree's forms (mẫu 1.3, 1.4,
1.5). How its lines are set within its sections is told in `plan_body`.
"""

from dataclasses import dataclass, replace
from datetime import date

from lth.content.line_types import Paper
from lth.content.model import Content
from lth.core.vietnamese import capitalize_first, lower_first
from lth.exchange.papers import articles, directive, letterhead
from lth.exchange.papers.annexes import annexes, labels
from lth.exchange.papers.plan_body import plan_body
from lth.exchange.papers.text import (
    BLANK,
    KIND_NAME,
    Attached,
    Checked,
    PaperKind,
    PaperText,
    Signature,
    closed,
)
from lth.models.parts import Issuance, IssuerForm, PaperRole

_ROLES = {
    Issuance.PLAN: (PaperKind.PLAN, PaperRole.PLAN),
    Issuance.DECISION_WITH_PLAN: (PaperKind.DECISION, PaperRole.DECISION),
    Issuance.DECISION_APPROVING: (PaperKind.DECISION, PaperRole.DECISION),
    Issuance.DIRECTIVE: (PaperKind.LETTER, PaperRole.DIRECTIVE),
}


@dataclass(frozen=True, slots=True)
class _Given:
    """What is known of the paper that is signed: its line in the dossier, what the act gives."""

    kind: PaperKind
    line: Paper
    number: str
    symbol: str
    day: date | None
    year: int | None

    @property
    def numbered(self) -> str:
        return f"{self.number or BLANK}/{self.symbol}"


def of_plan(
    content: Content,
    *,
    number: str = "",
    day: date | None = None,
    signature: Signature | None = None,
    draft: bool | None = None,
    checked: Checked | None = None,
    above: bool = True,
) -> PaperText:
    """Return the paper that a plan is issued by.

    `number` ("12/KH-UBND"), `day` and `signature` are those of the act of issuing; without them
    those of the dossier. It is a draft unless the content is final or `draft` says otherwise; a
    draft has no number and no day. `above` prints the committee above over a committee's name.
    """
    if draft is None:
        draft = not content.final
    given = _given(content, "" if draft else number, None if draft else day, draft=draft)
    make = {
        Issuance.PLAN: _plan,
        Issuance.DECISION_WITH_PLAN: _decision,
        Issuance.DECISION_APPROVING: _decision,
        Issuance.DIRECTIVE: _letter,
    }[content.header.issuance]
    paper = make(content, given, above=above)
    return replace(paper, draft=draft, signature=signature or _signature(given), checked=checked)


def _given(content: Content, number: str, day: date | None, *, draft: bool) -> _Given:
    kind, role = _ROLES[content.header.issuance]
    line = next(iter(content.papers_of(role)), None) or Paper("", role)
    of_line, symbol = letterhead.parted(line.number)
    given, own_symbol = letterhead.parted(number)
    if not draft and not number:
        given, day = of_line, day or line.dated_on
    return _Given(
        kind,
        line,
        given,
        own_symbol or symbol or letterhead.symbol_of(kind),
        day,
        content.made_on.year if content.made_on else None,
    )


def _signature(given: _Given) -> Signature:
    line = given.line
    return letterhead.signature(line.sign_form, line.position, issuer=line.issuer_form)


def _base(content: Content, given: _Given, *, above: bool) -> PaperText:
    """Return a paper with all that stands around its text."""
    office = given.line.issuer if given.line.issuer_form is IssuerForm.OFFICE else ""
    parent, agency = letterhead.agency_block(
        content.place.name, content.place.parent_name, office, above=above
    )
    recipients, archive = letterhead.receivers(content.recipients)
    return PaperText(
        kind=given.kind,
        parent=parent,
        agency=agency,
        number=given.number,
        symbol=given.symbol,
        place=letterhead.place_of(content.place.name),
        day=given.day,
        year=given.year,
        subject=capitalize_first(_title(content)),
        body=(),
        signature=Signature(()),
        recipients=recipients,
        archive=archive,
    )


def _title(content: Content) -> str:
    """Return the plan's title as printed over it; where none is given, of its programme."""
    return content.header.title or content.header.decided_title or "…"


def _issuer(content: Content, given: _Given) -> str:
    """Return who issues, as in a sentence."""
    if given.line.issuer:
        return given.line.issuer
    agency = letterhead.committee(content.place.name)
    return f"Chủ tịch {agency}" if given.line.issuer_form is IssuerForm.HEAD else agency


def _belongs(content: Content, given: _Given) -> str:
    return letterhead.belongs_to(
        KIND_NAME[given.kind], given.numbered, given.day, given.year, _issuer(content, given)
    )


def _bases(content: Content) -> tuple[str, ...]:
    return tuple(letterhead.basis(line.type or "Văn bản", line) for line in content.bases)


# --- The plan alone -----------------------------------------------------------------------


def _plan(content: Content, given: _Given, *, above: bool) -> PaperText:
    named = labels(content)
    return replace(
        _base(content, given, above=above),
        bases=letterhead.ended(_bases(content)),
        body=closed(plan_body(content, named)),
        annexes=annexes(content, named, _belongs(content, given)),
    )


# --- A decision ---------------------------------------------------------------------------


def _decision(content: Content, given: _Given, *, above: bool) -> PaperText:
    named = labels(content)
    title = content.header.decided_title or _title(content)
    issuing = content.header.issuance is Issuance.DECISION_WITH_PLAN
    subject = given.line.title or (
        f"{'Ban hành' if issuing else 'Phê duyệt'} Kế hoạch {lower_first(title)}"
    )
    belongs = _belongs(content, given)
    return replace(
        _base(content, given, above=above),
        subject=capitalize_first(subject),
        authority=_issuer(content, given).upper(),
        bases=letterhead.ended((*_bases(content), *articles.proposed(content))),
        body=closed(articles.of_decision(content, title)),
        attached=Attached(
            PaperKind.PLAN,
            capitalize_first(_title(content)),
            belongs,
            closed(plan_body(content, named)),
        ),
        annexes=annexes(content, named, belongs),
    )


# --- A công văn ---------------------------------------------------------------------------


def _letter(content: Content, given: _Given, *, above: bool) -> PaperText:
    named = labels(replace(content, tasks=()))
    title = letterhead.subject_of_letter(given.line.title or _title(content))
    who = _issuer(content, given)
    body = directive.body(content, named, who, by_head=given.line.issuer_form is IssuerForm.HEAD)
    return replace(
        _base(content, given, above=above),
        subject=lower_first(title),
        addressees=articles.agencies(content) or directive.task_holders(content),
        body=closed(body),
        annexes=annexes(content, named, _belongs(content, given)),
    )
