"""V29, V30 and V36: titles, signatures and legal bases as the rules of form have them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lth.checks.prose import lowered
from lth.checks.registry import Fault, check
from lth.checks.rules.identity import title_is_wrong
from lth.checks.wording import from_parting, quoted
from lth.content.model import BASES, Content, LegalBasis, Paper
from lth.core.i18n import N_, Message, listed
from lth.core.vietnamese import search_key
from lth.models.document import SignForm
from lth.models.finding import Severity, Stage
from lth.models.parts import Issuance, IssuerForm, PaperRole

# --- V29 ----------------------------------------------------------------------------------

_BEFORE_TITLE = re.compile(
    r"^(?:(?:ve viec|v v) )?(?:(?:ban hanh|phe duyet) )?(?:kem theo quyet dinh nay )?(?:ke hoach )?"
    r"(?:cua (?:so|phong|ban|hoi) .*?(?= ve viec | thuc hien ))? ?(?:ve viec )?"
)
PAPER_ROLE = {
    PaperRole.DECISION: N_("quyết định"),
    PaperRole.PLAN: N_("bản kế hoạch"),
    PaperRole.PROPOSAL: N_("tờ trình"),
    PaperRole.DIRECTIVE: N_("công văn"),
}
_VERB_OF = {
    Issuance.DECISION_WITH_PLAN: "ban hành",
    Issuance.DECISION_APPROVING: "phê duyệt",
}


@check(
    "V29",
    "TITLE",
    N_("Tên kế hoạch ở Điều 1 và ở bản kèm theo là một"),
    Severity.WARNING,
    Stage.DRAFT,
)
def title(content: Content) -> Iterator[Fault]:
    """Require that a plan's title is the same over it and in the decision's Article 1, and both
    papers do one thing: issue it (ban hành) or approve it (phê duyệt); and that the titles of the
    dossier's own papers are that title, or leave out some of it. Spaces, dashes and capitals are
    no difference.
    """
    header = content.header
    if title_is_wrong(content):  # what it has to be is V43's to say
        yield from _verbs(content)
        return
    if header.title and header.decided_title:
        printed, decided = _bare(header.title), _bare(header.decided_title)
        if printed != decided:
            yield _two_titles(content, sorted(printed.split()) == sorted(decided.split()))
    yield from _titles_of_papers(content)
    yield from _verbs(content)


@lru_cache(maxsize=256)
def _bare(title: str) -> str:
    """Return a title's own words, without what a decision says before it."""
    return _BEFORE_TITLE.sub("", search_key(lowered(title)))


_NAMING = re.compile(
    r"^(?:(?:về việc|v/v)\s+)?(?:(?:ban hành|phê duyệt)\s+)?(?:kế hoạch\s+)?", re.IGNORECASE
)
_OF_THE_DOSSIER = (
    PaperRole.DECISION,
    PaperRole.PLAN,
    PaperRole.PROPOSAL,
    PaperRole.DIRECTIVE,
)


def _titles_of_papers(content: Content) -> Iterator[Fault]:
    """Find papers of the dossier whose title says what neither the plan's nor Article 1's does."""
    header = content.header
    if not header.title:
        return
    known = [_bare(title) for title in (header.title, header.decided_title) if title]
    for paper in content.papers_of(*_OF_THE_DOSSIER):
        own = _bare(paper.title)
        if own and not any(set(own.split()) <= set(one.split()) for one in known):
            yield Fault.of(
                N_("Tên kế hoạch trong %(paper)s là %(given)s, tên chung là %(title)s."),
                N_("Ghi một tên trong mọi văn bản của hồ sơ."),
                paper.key,
                paper=Message(PAPER_ROLE[paper.role]),
                given=quoted(from_parting(_NAMING.sub("", paper.title), header.title)),
                title=quoted(from_parting(header.title, _NAMING.sub("", paper.title))),
            )


def _two_titles(content: Content, same_words: bool) -> Fault:
    text = (
        N_("Tên kế hoạch ở Điều 1 (%(decided)s) và ở bản kèm theo (%(title)s) khác thứ tự từ.")
        if same_words
        else N_("Tên kế hoạch ở Điều 1 là %(decided)s, ở bản kèm theo là %(title)s.")
    )
    header = content.header
    decided = from_parting(header.decided_title, header.title)
    printed = from_parting(header.title, header.decided_title)
    return Fault.of(
        text,
        N_("Chép nguyên tên ở bản kèm theo vào Điều 1."),
        header.key,
        decided=quoted(decided),
        title=quoted(printed),
    )


def _verbs(content: Content) -> Iterator[Fault]:
    decision = next((paper for paper in content.papers_of(PaperRole.DECISION) if paper.verb), None)
    plan = next((paper for paper in content.papers_of(PaperRole.PLAN) if paper.verb), None)
    wanted = _VERB_OF.get(content.header.issuance)
    if decision and plan and lowered(decision.verb) != lowered(plan.verb):
        yield Fault.of(
            N_("Quyết định ghi %(decision)s, bản kế hoạch kèm theo ghi %(plan)s."),
            N_("Dùng một từ: phê duyệt kế hoạch của cơ quan khác, ban hành kế hoạch của mình."),
            plan.key,
            decision=quoted(decision.verb),
            plan=quoted(plan.verb),
        )
    elif decision and wanted and lowered(decision.verb) != wanted:
        yield Fault.of(
            N_("Quyết định ghi %(verb)s, trong khi với cách ban hành này phải là %(wanted)s."),
            N_("Sửa từ trong quyết định, hoặc chọn lại cách ban hành."),
            decision.key,
            verb=quoted(decision.verb),
            wanted=quoted(wanted),
        )


# --- V30 ----------------------------------------------------------------------------------

_FOR_ALL = frozenset({SignForm.TM, SignForm.TM_KT})
_FOR_HEAD = frozenset({SignForm.KT, SignForm.TM_KT})
_BY_ORDER = frozenset({SignForm.TL, SignForm.TUQ})


@check("V30", "SIGN_FORM", N_("Thể thức ký đúng thẩm quyền"), Severity.ERROR, Stage.DRAFT)
def sign_form(content: Content) -> Iterator[Fault]:
    """Require that how a paper is signed follows from whose authority it has (Nghị định
    30/2020/NĐ-CP, Điều 13): TM. for a collective and for nobody else, KT. where the deputy signs
    and only then. An acting head (Q.) may sign for either.
    """
    for paper in content.papers:
        if paper.role is not PaperRole.CITED and paper.sign_form is not None:
            yield from _signed_for(paper)
            yield from _signed_by(paper)


def _signed_for(paper: Paper) -> Iterator[Fault]:
    collective = paper.issuer_form is IssuerForm.COLLECTIVE
    if collective and paper.sign_form not in _FOR_ALL | {SignForm.Q}:
        yield Fault.of(
            N_("%(issuer)s ban hành tập thể mà ký không có “TM.”."),
            N_("Ký “TM. ỦY BAN NHÂN DÂN”; cấp phó ký thêm “KT. CHỦ TỊCH”."),
            paper.key,
            issuer=_issuer(paper),
        )
    if not collective and paper.sign_form in _FOR_ALL:
        yield Fault.of(
            N_("Văn bản của %(issuer)s do người đứng đầu ban hành mà ký “TM.”."),
            N_("Bỏ “TM.”; cấp phó ký “KT.” thay người đứng đầu."),
            paper.key,
            issuer=_issuer(paper),
        )


def _signed_by(paper: Paper) -> Iterator[Fault]:
    if not paper.position or paper.sign_form in _BY_ORDER:
        return
    deputy = search_key(paper.position).startswith("pho ")
    if deputy and paper.sign_form not in _FOR_HEAD:
        yield Fault.of(
            N_("%(position)s ký mà không có “KT.”."),
            N_("Ghi “KT.” và chức vụ của người đứng đầu phía trên."),
            paper.key,
            position=paper.position,
        )
    if not deputy and paper.sign_form in _FOR_HEAD:
        yield Fault.of(
            N_("%(position)s không phải cấp phó mà ký “KT.”."),
            N_("Bỏ “KT.”, hoặc sửa chức vụ người ký."),
            paper.key,
            position=paper.position,
        )


def _issuer(paper: Paper) -> str | Message:
    return paper.issuer or Message(N_("Cơ quan ban hành"))


# --- V36 ----------------------------------------------------------------------------------

_BY_NAME = ("luat", "bo luat", "hien phap")
"""What is cited by its name alone."""


@check(
    "V36",
    "BASIS_FORM",
    N_("Căn cứ ghi đủ và đúng dấu câu"),
    Severity.INFO,
    Stage.SUBMIT,
)
def basis_form(content: Content) -> Iterator[Fault]:
    """Require that each legal basis gives its type, number, day, issuer and title, a law only
    its name; each ends in ";" and the last in "." (Nghị định 30/2020/NĐ-CP, Phụ lục I). Where no
    punctuation is kept the product writes it. A letter (công văn) needs no bases.
    """
    if BASES in content.unreadable:
        return
    if not content.bases and not content.is_directive:
        yield Fault.of(
            N_("Văn bản chưa có căn cứ ban hành."),
            N_("Ghi căn cứ: luật, quyết định của Thủ tướng, kế hoạch của cấp trên."),
            BASES,
        )
    for number, basis in enumerate(content.bases, 1):
        yield from _ending(basis, last=number == len(content.bases))
        if lacking := _lacking(basis):
            yield _incomplete(basis, lacking)


def _ending(basis: LegalBasis, *, last: bool) -> Iterator[Fault]:
    wanted = "." if last else ";"
    if basis.ending and basis.ending != wanted:
        text = (
            N_("Căn cứ cuối kết thúc bằng “%(ending)s”, phải là “%(wanted)s”: %(basis)s")
            if last
            else N_("Căn cứ này kết thúc bằng “%(ending)s”, phải là “%(wanted)s”: %(basis)s")
        )
        yield Fault.of(
            text,
            N_("Sửa dấu câu thành “%(wanted)s”."),
            basis.key,
            ending=basis.ending,
            wanted=wanted,
            basis=quoted(_cited(basis)),
        )


def _lacking(basis: LegalBasis) -> list[Message]:
    if search_key(basis.type) in _BY_NAME:
        return [] if basis.title else [Message(N_("tên luật"))]
    given = {
        N_("loại văn bản"): basis.type,
        N_("số, ký hiệu"): basis.number,
        N_("ngày ban hành"): basis.dated_on,
        N_("cơ quan ban hành"): basis.issuer,
        N_("trích yếu"): basis.title,
    }
    return [Message(name) for name, value in given.items() if not value]


def _incomplete(basis: LegalBasis, lacking: list[Message]) -> Fault:
    return Fault.of(
        N_("Căn cứ %(basis)s còn thiếu: %(lacking)s."),
        N_("Ghi đủ loại, số, ngày, cơ quan ban hành và trích yếu; luật chỉ cần tên."),
        basis.key,
        basis=quoted(_cited(basis)),
        lacking=listed(lacking),
    )


def _cited(basis: LegalBasis) -> str:
    return " ".join(part for part in (basis.type, basis.number, basis.title) if part)
