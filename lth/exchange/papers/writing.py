"""Make the paper of a plan: by how it is issued a plan alone, a decision with it, or a công văn.

What stands in it is the plan's; the words around it are those of the decree's forms (mẫu 1.3, 1.4,
1.5). How its lines are set within its sections is told in `plan_body`.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from lth.content.line_types import Paper
from lth.content.model import Content
from lth.core.vietnamese import capitalize_first, lower_first
from lth.exchange.papers import letterhead
from lth.exchange.papers.annexes import annexes, labels
from lth.exchange.papers.plan_body import duties, items, plan_body, reports
from lth.exchange.papers.text import (
    BLANK,
    KIND_NAME,
    Attached,
    Block,
    Checked,
    PaperKind,
    PaperText,
    Paragraph,
    ParagraphStyle,
    Run,
    Signature,
    closed,
    plain,
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
        bases=letterhead.ended((*_bases(content), *_proposed(content))),
        body=closed(_articles(content, title)),
        attached=Attached(
            PaperKind.PLAN,
            capitalize_first(_title(content)),
            belongs,
            closed(plan_body(content, named)),
        ),
        annexes=annexes(content, named, belongs),
    )


def _proposed(content: Content) -> list[str]:
    """Return "Theo đề nghị của …" of a tờ trình in the dossier that no basis names."""
    cited = {line.number for line in content.bases}
    return [
        letterhead.basis("Tờ trình", line)
        for line in content.papers_of(PaperRole.PROPOSAL)
        if line.issuer and line.number not in cited
    ]


def _articles(content: Content, title: str) -> tuple[Block, ...]:
    """Return the articles: what is issued or approved, who carries it out, from when."""
    leader, agencies = _leader(content), _agencies(content)
    carried_out = (
        f"{leader} chủ trì, phối hợp với các cơ quan, đơn vị có liên quan tổ chức triển khai, theo "
        "dõi, đôn đốc và tổng hợp, báo cáo kết quả thực hiện Kế hoạch."
        if leader
        else "Các cơ quan, đơn vị được phân công tại Kế hoạch tổ chức triển khai thực hiện."
    )
    named = f": {'; '.join(agencies)}" if agencies else ""
    return (
        plain("QUYẾT ĐỊNH:", ParagraphStyle.CENTRED, bold=True),
        _article(1, f"{_decided(content)} {lower_first(title)}."),
        _article(2, carried_out),
        _article(
            3,
            "Quyết định này có hiệu lực kể từ ngày ký. Thủ trưởng các cơ quan, đơn vị, địa phương"
            f"{named} và các tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định "
            "này.",
        ),
    )


def _decided(content: Content) -> str:
    """Return the verb of Article 1 and the plan it is about."""
    if content.header.issuance is Issuance.DECISION_WITH_PLAN:
        return "Ban hành kèm theo Quyết định này Kế hoạch"
    line = next(iter(content.papers_of(PaperRole.PLAN)), None)
    if line is None or not line.number:
        return "Phê duyệt kèm theo Quyết định này Kế hoạch"
    named = letterhead.reference("Kế hoạch", replace(line, title=""))
    return f"Phê duyệt kèm theo Quyết định này {named}"


def _article(number: int, text: str) -> Paragraph:
    head = Run(f"Điều {number}.", bold=True)
    return Paragraph((head, Run(f" {text}")), ParagraphStyle.ARTICLE)


def _leader(content: Content) -> str:
    """Return the agency that leads most tasks, else the first that has a duty."""
    counted = Counter(name for task in content.tasks for name in task.leads)
    first = next((line.agency for line in content.duties), "")
    return next((name for name, _ in counted.most_common(1)), first)


def _agencies(content: Content) -> tuple[str, ...]:
    """List the agencies that have a duty, each once."""
    return tuple(dict.fromkeys(line.agency for line in content.duties))


# --- A công văn ---------------------------------------------------------------------------


def _letter(content: Content, given: _Given, *, above: bool) -> PaperText:
    named = labels(replace(content, tasks=()))
    sections = plan_body(replace(content, duties=(), reporting=(), tasks=()), named)
    listed = duties(content, "", 1)
    told = reports(content, "")
    work = items(_work(content))
    body = (
        plain(_opening(content, given)),
        *sections,
        *listed,
        *_section("Nhiệm vụ trọng tâm", work),
        *_section("Chế độ báo cáo", told),
    )
    return replace(
        _base(content, given, above=above),
        subject=lower_first(letterhead.subject_of_letter(given.line.title or _title(content))),
        addressees=_agencies(content) or _others(content),
        body=closed(_renumbered(body)),
        annexes=annexes(content, named, _belongs(content, given)),
    )


def _others(content: Content) -> tuple[str, ...]:
    """List those who lead or coordinate tasks, each once."""
    names = (name for task in content.tasks for name in (*task.leads, *task.coordinating))
    return tuple(dict.fromkeys(names))


def _section(title: str, listed: list[Paragraph]) -> list[Paragraph]:
    """Return a list under a clause whose number `_renumbered` puts in."""
    return [plain(f"0. {title}", ParagraphStyle.CLAUSE, bold=True), *listed] if listed else []


def _renumbered(body: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return a letter's text whose clauses without a number ("0.") go on from those before."""
    made: list[Block] = []
    last = 0
    for block in body:
        if isinstance(block, Paragraph) and block.style is ParagraphStyle.CLAUSE:
            head, _, rest = block.text.partition(". ")
            last = int(head) if head.isdigit() and head != "0" else last + 1
            made.append(plain(f"{last}. {rest}", ParagraphStyle.CLAUSE, bold=True))
        else:
            made.append(block)
    return tuple(made)


def _work(content: Content) -> list[str]:
    said = []
    for task in content.tasks:
        leads = f": {', '.join(task.leads)} chủ trì" if task.leads else ""
        others = f", phối hợp với {', '.join(task.coordinating)}" if task.coordinating else ""
        said.append(f"{task.title}{leads}{others}")
    return said


def _opening(content: Content, given: _Given) -> str:
    """Return the sentence that a công văn begins with: what it carries out, and who says so."""
    cited = [letterhead.reference(line.type or "Văn bản", line) for line in content.bases]
    cited += [
        letterhead.reference(_kind_of(line.number), line)
        for line in content.papers_of(PaperRole.CITED)
    ]
    ground = f"Thực hiện {'; '.join(text.rstrip(' ;.,') for text in cited)}, " if cited else ""
    who = _issuer(content, given)
    if given.line.issuer_form is IssuerForm.HEAD:
        return f"{ground}{who} có ý kiến như sau:"
    return f"{ground}{who} yêu cầu các cơ quan, đơn vị thực hiện các nội dung sau:"


def _kind_of(number: str) -> str:
    """Return the kind of document that a number says: Kế hoạch of 92/KH-UBND."""
    return "Quyết định" if "/QĐ" in number else "Kế hoạch" if "/KH" in number else "Văn bản"
