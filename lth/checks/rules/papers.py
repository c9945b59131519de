"""V15 to V17: the dates, blanks and symbols of a dossier's papers."""

import re
from collections.abc import Iterator
from datetime import date

from lth.checks.registry import Fault, check, filled
from lth.checks.tiers import MERGED_OFFICES, has_two_tiers
from lth.checks.wording import day, quoted
from lth.content.model import HEADER, Content, LegalBasis, Paper
from lth.core.i18n import N_, Message, listed
from lth.models.finding import Severity, Stage
from lth.models.parts import Issuance, IssuerForm, PaperRole
from lth.models.unit import Level

ROLE_NAME = {
    PaperRole.DECISION: N_("Quyết định"),
    PaperRole.PLAN: N_("Kế hoạch"),
    PaperRole.PROPOSAL: N_("Tờ trình"),
    PaperRole.DIRECTIVE: N_("Công văn"),
    PaperRole.CITED: N_("Kế hoạch được dẫn"),
}
ISSUING = {
    Issuance.DECISION_WITH_PLAN: PaperRole.DECISION,
    Issuance.DECISION_APPROVING: PaperRole.DECISION,
    Issuance.PLAN: PaperRole.PLAN,
    Issuance.DIRECTIVE: PaperRole.DIRECTIVE,
}
"""Which paper puts a plan in force, by how it is issued."""


def plan_day(content: Content) -> date | None:
    """Return the day of the paper that puts the plan in force; that of the plan without one."""
    for paper in content.papers_of(ISSUING[content.header.issuance]):
        if paper.dated_on is not None:
            return paper.dated_on
    return content.made_on


_SATURDAY = 5


# --- V15 ----------------------------------------------------------------------------------


@check("V15", "DATE_ORDER", N_("Thứ tự ngày của các văn bản"), Severity.ERROR, Stage.DRAFT)
def date_order(content: Content) -> Iterator[Fault]:
    """Require that what a paper stands on is no later than it: bases before the proposal, the
    proposal before the decision; a plan that is proposed for approval before its proposal, one
    that comes with its decision no later than that. The same day is in order. Without own dates
    (a plan that is still being drafted) a basis may at least not lie ahead. A date on a weekend
    is only shown.
    """
    dated = _dated(content)
    for earlier, later in _orders(content):
        for paper in dated.get(earlier, ()):
            for other in dated.get(later, ()):
                if paper.dated_on > other.dated_on:
                    yield _disordered(paper, other)
    yield from _bases_ahead(content)
    for line in (*content.papers, *content.bases):
        if line.dated_on is not None and line.dated_on.weekday() >= _SATURDAY:
            yield _weekend(line, line.dated_on)


def _dated(content: Content) -> dict[PaperRole, list[Paper]]:
    found: dict[PaperRole, list[Paper]] = {}
    for paper in content.papers:
        if paper.dated_on is not None:
            found.setdefault(paper.role, []).append(paper)
    return found


def _orders(content: Content) -> Iterator[tuple[PaperRole, PaperRole]]:
    """Yield which kind of paper comes before which, by how the plan is issued."""
    issuing = ISSUING[content.header.issuance]
    for role in (PaperRole.PROPOSAL, PaperRole.PLAN, PaperRole.CITED):
        if role is not issuing:
            yield role, issuing
    if content.header.issuance is Issuance.DECISION_APPROVING:
        yield PaperRole.PLAN, PaperRole.PROPOSAL


def _bases_ahead(content: Content) -> Iterator[Fault]:
    """Find bases that are younger than the oldest paper that stands on them."""
    own = [ISSUING[content.header.issuance], PaperRole.PROPOSAL]
    papers = [paper for paper in content.papers_of(*own) if paper.dated_on is not None]
    first = min(papers, key=lambda one: one.dated_on or date.max, default=None)
    in_dossier = {paper.number for paper in papers if paper.number}
    for basis in content.bases:
        if basis.dated_on is None or basis.number in in_dossier:
            continue  # of the dossier's own papers it is said already
        if first is not None and first.dated_on is not None:
            if basis.dated_on > first.dated_on:
                yield _disordered(basis, first)
        elif content.made_on is not None and basis.dated_on > content.made_on:
            yield _ahead(basis, basis.dated_on, content.made_on)


def _disordered(earlier: Paper | LegalBasis, later: Paper) -> Fault:
    names = {"later": _name(later), "earlier": _name(earlier)}
    return Fault.of(
        N_("%(later)s ghi ngày %(other)s, trước %(earlier)s ngày %(day)s."),
        N_("%(later)s phải cùng ngày hoặc sau %(earlier)s: kiểm tra và sửa ngày."),
        earlier.key if isinstance(earlier, LegalBasis) else later.key,
        other=day(later.dated_on or date.min),
        day=day(earlier.dated_on or date.max),
        **names,
    )


def _ahead(basis: LegalBasis, on: date, today: date) -> Fault:
    return Fault.of(
        N_("%(paper)s ghi ngày %(day)s, sau ngày %(today)s."),
        N_("Kiểm tra và sửa ngày của văn bản."),
        basis.key,
        paper=_name(basis),
        day=day(on),
        today=day(today),
    )


_WEEKEND = {5: N_("thứ Bảy"), 6: N_("Chủ nhật")}


def _weekend(line: Paper | LegalBasis, on: date) -> Fault:
    return Fault.of(
        N_("%(paper)s ghi ngày %(day)s, là %(weekday)s."),
        N_("Kiểm tra lại ngày của văn bản."),
        line.key,
        severity=Severity.INFO,
        paper=_name(line),
        day=day(on),
        weekday=Message(_WEEKEND[on.weekday()]),
    )


def _name(line: Paper | LegalBasis) -> Message | str:
    """Return a paper as people name it: "Tờ trình 60/TTr-PLĐTBXH"."""
    if isinstance(line, LegalBasis):
        return " ".join(filter(None, (line.type, line.number))) or quoted(line.title)
    name = Message(ROLE_NAME[line.role])
    if not line.number or line.number.startswith("/"):
        return name
    return filled("%(paper)s %(number)s", paper=name, number=line.number)


# --- V16 ----------------------------------------------------------------------------------


@check(
    "V16",
    "HEADER_BLANK",
    N_("Đủ số, ngày và người ký khi ban hành"),
    Severity.ERROR,
    Stage.ISSUE,
)
def header_blank(content: Content) -> Iterator[Fault]:
    """Require that what is sent on paper has its number, date and signature. An annex that is
    issued with its decision has none of its own, and a proposal is held to its signature only
    where the paper itself is in the dossier. While drafting nothing of this is asked, nor ever
    of a plan that gets all three by the act of issuing.
    """
    if not content.final or "papers" in content.unreadable:
        return
    issuing = ISSUING[content.header.issuance]
    if not content.papers_of(issuing):
        yield _blank(HEADER, Message(ROLE_NAME[issuing]), list(_BLANK))
    for paper in content.papers:
        missing = [what for what in _needed(content, paper) if _is_blank(paper, what)]
        if missing:
            yield _blank(paper.key, Message(ROLE_NAME[paper.role]), missing)


_BLANK = {"number": N_("số"), "date": N_("ngày ban hành"), "signature": N_("họ tên người ký")}


def _needed(content: Content, paper: Paper) -> list[str]:
    """List what a paper must not leave blank."""
    issuance = content.header.issuance
    if paper.role is ISSUING[issuance]:
        return list(_BLANK)
    if paper.role is PaperRole.PROPOSAL:
        present = paper.sign_form is not None or bool(paper.position)
        return ["number", "date", "signature"] if present else ["number", "date"]
    own_annex = paper.role is PaperRole.PLAN and issuance is Issuance.DECISION_APPROVING
    return ["number", "date"] if own_annex or paper.role is PaperRole.CITED else []


def _is_blank(paper: Paper, what: str) -> bool:
    if what == "date":
        return paper.dated_on is None
    if what == "signature":
        return not paper.signed
    return not re.match(r"\s*\d", paper.number)


def _blank(place: str, paper: Message, missing: list[str]) -> Fault:
    words = [Message(_BLANK[what]) for what in missing]
    return Fault.of(
        N_("%(paper)s còn để trống: %(missing)s."),
        N_("Điền %(missing)s."),
        place,
        paper=paper,
        missing=listed(words),
    )


# --- V17 ----------------------------------------------------------------------------------

_NAMED = re.compile(r"(?P<number>\d*)/(?P<type>[^\W\d_]+)-(?P<agency>[^\W\d_]+(?:&[^\W\d_]+)?)")
_LETTER = re.compile(r"(?P<number>\d*)/(?P<agency>[^\W\d_]+)-(?P<field>[^\W\d_]+(?:&[^\W\d_]+)?)")
_NUMBER = re.compile(r"0[1-9]|[1-9]\d+")

TYPES = {
    PaperRole.DECISION: frozenset({"QĐ"}),
    PaperRole.PLAN: frozenset({"KH", "ĐA", "CTr", "PA"}),
    PaperRole.PROPOSAL: frozenset({"TTr"}),
    PaperRole.CITED: frozenset({"KH", "QĐ", "CTr", "ĐA", "PA", "NQ"}),
}
"""The abbreviations that each paper may have: a plan may call itself a scheme (đề án) as well."""

_COMMITTEE = re.compile(r"(?:Chủ tịch\s+)?(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND)\b", re.I)
_OFFICES = (
    (re.compile(r"Sở\b", re.I), "S", "P"),
    (re.compile(r"Phòng\b", re.I), "P", "S"),
)
"""An office's name, the letter that its abbreviation begins with, and the other level's."""


@check("V17", "SYMBOL", N_("Số, ký hiệu văn bản đúng thể thức"), Severity.WARNING, Stage.DRAFT)
def symbol(content: Content) -> Iterator[Fault]:
    """Require that number and symbol are as Nghị định 30/2020/NĐ-CP has them: "793/QĐ-UBND" for
    a paper with a name, "581/UBND-KGVX" for a letter, with the drafting unit; without spaces; a
    number below 10 with a nought before it. The abbreviation fits who issues: UBND, S… for a Sở
    of the province, P… for a Phòng below it. The number may stay blank (V16 asks for it at the
    end).
    """
    for paper in content.papers:
        if paper.number.strip():
            wrong = _wrong(paper)
            if wrong is not None:
                yield Fault(wrong, _pattern(content, paper), paper.key)


def _wrong(paper: Paper) -> Message | None:
    """Say what is wrong with a paper's number and symbol, the first thing that is."""
    text = paper.number.strip()
    given = {"given": quoted(paper.number)}
    if re.search(r"\s", text):
        return filled(N_("Số, ký hiệu %(given)s có dấu cách."), **given)
    form = _LETTER if paper.role is PaperRole.DIRECTIVE else _NAMED
    match = form.fullmatch(text)
    if match is None:
        return _malformed(paper, given)
    if match["number"] and not _NUMBER.fullmatch(match["number"]):
        return filled(N_("Số trong %(given)s phải có hai chữ số trở lên, ví dụ 05."), **given)
    types = TYPES.get(paper.role)
    if types and match["type"] not in types:
        return filled(
            N_("%(given)s không có ký hiệu %(type)s của loại văn bản này."),
            type="KH" if paper.role is PaperRole.PLAN else "/".join(sorted(types)),
            **given,
        )
    return _misfit(paper, match["agency"], given)


def _malformed(paper: Paper, given: dict[str, str]) -> Message:
    if paper.role is PaperRole.DIRECTIVE and "-" not in paper.number:
        return filled(
            N_("Ký hiệu công văn %(given)s thiếu dấu “-” và chữ viết tắt đơn vị soạn thảo."),
            **given,
        )
    return filled(N_("Số, ký hiệu %(given)s không đúng thể thức."), **given)


def _misfit(paper: Paper, agency: str, given: dict[str, str]) -> Message | None:
    """Say whether the abbreviation is of another agency, or of another level, than the issuer."""
    issuer = paper.issuer.strip()
    params = {"issuer": issuer, **given}
    own = paper.issuer_form is not IssuerForm.OFFICE and _COMMITTEE.match(issuer)
    if own and agency != "UBND":
        return filled(
            N_("%(issuer)s ban hành thì ký hiệu là UBND, không phải %(given)s."), **params
        )
    for name, _, other in _OFFICES:
        if name.match(issuer) and agency.startswith(other) and agency[1:2].isupper():
            return filled(
                N_("%(given)s là ký hiệu của cơ quan cấp khác, không phải của %(issuer)s."),
                **params,
            )
    return None


def _pattern(content: Content, paper: Paper) -> Message:
    examples = {
        PaperRole.DECISION: "12/QĐ-UBND",
        PaperRole.PLAN: "12/KH-UBND",
        PaperRole.PROPOSAL: f"12/TTr-{_office_of(content)}",
        PaperRole.DIRECTIVE: "12/UBND-VX",
        PaperRole.CITED: "12/KH-UBND",
    }
    return filled(
        N_("Viết theo mẫu %(example)s; khi chưa có số thì để trống trước dấu “/”."),
        example=examples[paper.role],
    )


def _office_of(content: Content) -> str:
    """Return the abbreviation of an office that proposes plans of a unit's tier on its day."""
    if content.place.level is Level.PROVINCE:
        return "SYT"
    if content.place.level is Level.COMMUNE:
        return "PVHXH" if has_two_tiers(content) else "UBND"
    return "PLĐTBXH" if (content.made_on or date.min) < MERGED_OFFICES else "PYT"
