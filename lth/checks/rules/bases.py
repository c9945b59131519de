"""V41 and V42: the papers that a plan stands on are in force, complete and rightly cited."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lth.checks import papers_in_force
from lth.checks.agencies import agency, is_committee, names_in, other_place_in
from lth.checks.papers_in_force import BY_NAME, KnownPaper, PaperTable, law_name, number_key
from lth.checks.prose import lowered
from lth.checks.registry import Fault, check
from lth.checks.rules.papers import plan_day
from lth.checks.tiers import is_of_ended_tier
from lth.checks.wording import day, from_parting, quoted
from lth.content.model import BASES, Content, LegalBasis, Paper
from lth.core.i18n import N_, Message, listed
from lth.core.readers.days import UnreadableDayError, read_day
from lth.core.readers.document_numbers import KINDS
from lth.core.vietnamese import search_key
from lth.models.finding import Severity, Stage
from lth.models.parts import PaperRole

# --- What a basis is ----------------------------------------------------------------------

_NUMBER_IN_NAME = re.compile(r"\b(\d+/\d{4}/QH\d+)")
_AFTER_NAME = re.compile(r"(?: (?:nam|ngay|so|sua|duoc|da|hop)\b|[ ,;(]*[(,;]| va luat )")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")


def known(table: PaperTable, basis: LegalBasis) -> tuple[KnownPaper, ...]:
    """List what a basis may mean: one paper by its number, a law and those before it by name."""
    written = basis.number or (m[1] if (m := _NUMBER_IN_NAME.search(basis.title)) else "")
    if written and (found := table.by_number.get(number_key(written))):
        return (found,)
    return () if basis.number else _of_name(table, basis)


def _of_name(table: PaperTable, basis: LegalBasis) -> tuple[KnownPaper, ...]:
    """Find the laws of a name; its day or its year says which of them it is."""
    name = law_name(basis.title)
    found = [
        papers
        for bare, papers in table.by_name.items()
        if name == bare or (name.startswith(bare) and _AFTER_NAME.match(name[len(bare) :]))
    ]
    if not found:
        return ()
    longest = max(found, key=lambda one: len(law_name(one[0].title)))
    papers = tuple(one for one in longest if basis.type in {"", one.type})
    if not papers:
        return ()
    of_day = tuple(one for one in papers if one.dated_on == basis.dated_on)
    year = _YEAR.search(name[len(law_name(papers[0].title)) :])
    of_year = tuple(one for one in papers if year and one.dated_on.year == int(year[1]))
    return of_day or of_year or papers


def _cited(paper: KnownPaper) -> str:
    """Return a paper as a message names it."""
    if paper.type in BY_NAME:
        return f"{paper.title} ({paper.number})"
    return f"{paper.type} số {paper.number}"


def _named(basis: LegalBasis) -> str:
    return " ".join(filter(None, (basis.type, basis.number))) if basis.number else basis.title


# --- V41 ----------------------------------------------------------------------------------


@check(
    "V41",
    "PAPERS_IN_FORCE",
    N_("Căn cứ còn hiệu lực vào ngày lập kế hoạch"),
    Severity.WARNING,
    Stage.SUBMIT,
)
def papers_are_in_force(content: Content) -> Iterator[Fault]:
    """Require that what a plan stands on was there on its day and had not lapsed, by the table of
    papers in force; of a paper that the table lacks only what its own title says of its time. What
    takes effect by the first day of the plan's period may be cited. A day that lies ahead is
    V15's, and a plan of a tier that has ended V43's.
    """
    table, on = papers_in_force.in_use(), plan_day(content)
    if on is None or is_of_ended_tier(content):
        return
    begins = date(content.period.start, 1, 1) if content.period.start else on
    for basis in content.bases:
        if basis.dated_on is not None and basis.dated_on > on:
            continue
        papers = known(table, basis)
        if not papers and (until := _told_until(basis)) and until < min(on.year, begins.year):
            yield _of_time_gone(basis, until, on)
        if not papers or any(one.in_force(on) for one in papers):
            continue
        yield from _out_of_force(table, basis, papers, on, max(on, begins))


def _out_of_force(
    table: PaperTable, basis: LegalBasis, papers: Sequence[KnownPaper], on: date, begins: date
) -> Iterator[Fault]:
    ended = [one for one in papers if one.has_ended(on)]
    if not ended and any(one.in_force(begins) and one.dated_on <= on for one in papers):
        return
    if not ended:
        first = min(papers, key=lambda one: one.since or one.dated_on)
        yield _not_yet(basis, first, on)
        return
    last = max(ended, key=lambda one: one.ended or date.min)
    yield _lapsed(table, basis, last, on)


_FOR_A_TIME = frozenset({"Kế hoạch", "Quyết định", "Chương trình", "Đề án", "Nghị quyết"})
"""Papers that are for the years in their title; a report is of them, which is another thing."""
_UNTIL = re.compile(r"\b(?:giai đoạn (?:19|20)\d\d ?- ?|đến (?:hết )?năm |năm )((?:19|20)\d\d)\b")


def _told_until(basis: LegalBasis) -> int | None:
    """Return the last year that a paper is for by its title, where it says one."""
    if basis.type not in _FOR_A_TIME:
        return None
    years = [int(year) for year in _UNTIL.findall(lowered(basis.title))]
    return max(years, default=None)


def _of_time_gone(basis: LegalBasis, until: int, on: date) -> Fault:
    return Fault.of(
        N_("%(paper)s chỉ cho thời gian đến hết năm %(until)s, kế hoạch làm ngày %(on)s."),
        N_("Bỏ căn cứ này, hoặc thay bằng văn bản của thời gian hiện nay."),
        basis.key,
        paper=_named(basis),
        until=str(until),
        on=day(on),
    )


def _not_yet(basis: LegalBasis, paper: KnownPaper, on: date) -> Fault:
    return Fault.of(
        N_("%(paper)s có hiệu lực từ ngày %(since)s, sau ngày làm kế hoạch %(on)s."),
        N_("Thay bằng văn bản có hiệu lực vào ngày đó, hoặc sửa ngày của kế hoạch."),
        basis.key,
        paper=_cited(paper),
        since=day(paper.since or paper.dated_on),
        on=day(on),
    )


def _lapsed(table: PaperTable, basis: LegalBasis, paper: KnownPaper, on: date) -> Fault:
    values = {
        "paper": _cited(paper),
        "ended": day(paper.ended or on),
        "until": str(paper.until),
        "on": day(on),
        "reviewed": day(table.reviewed_on),
    }
    text = (
        N_("%(paper)s chỉ áp dụng đến hết năm %(until)s, kế hoạch làm ngày %(on)s.")
        if paper.until
        else N_("%(paper)s hết hiệu lực từ ngày %(ended)s, kế hoạch làm ngày %(on)s.")
    )
    now = table.instead_of(paper, on)
    if now is None:
        remedy = N_(
            "Bỏ căn cứ này, hoặc thay bằng văn bản đang có hiệu lực; bảng văn bản rà soát ngày"
            " %(reviewed)s."
        )
        return Fault.of(text, remedy, basis.key, **values)
    remedy = N_("Thay bằng %(now)s; bảng văn bản rà soát ngày %(reviewed)s.")
    return Fault.of(text, remedy, basis.key, now=_cited(now), **values)


# --- V42 ----------------------------------------------------------------------------------


@check(
    "V42",
    "BASES_COMPLETE",
    N_("Căn cứ đủ, đúng số và ngày, không lặp"),
    Severity.WARNING,
    Stage.SUBMIT,
)
def bases_are_complete(content: Content) -> Iterator[Fault]:
    """Require that a plan cites the decision that its programme is of and the plan above, each
    with its own number, day and issuer; no paper twice; symbols that fit type and issuer
    (Nghị định 30/2020/NĐ-CP, Phụ lục I và III); and the proposal that is in the dossier. Where
    the plan above is cited the programme's decision is only pointed at, since that one carries
    it out. Where nothing is cited V36 says so, and a letter needs neither.
    """
    if BASES in content.unreadable or not content.bases:
        return
    table = papers_in_force.in_use()
    wrong: set[str] = set()
    for fault in (*_faults_of_each(content, table), *_faults_of_proposal(content)):
        if fault.place not in wrong:
            wrong.add(fault.place)
            yield fault
    yield from _repeated(table, content)
    if not content.is_directive:
        yield from _missing(content, table)


def _faults_of_each(content: Content, table: PaperTable) -> Iterator[Fault]:
    on = plan_day(content)
    for basis in content.bases:
        ahead = basis.dated_on is not None and on is not None and basis.dated_on > on
        fault = _misfit(basis)
        if fault is None and not ahead:
            fault = _against_table(table, basis) or _against_above(content, basis)
        if fault is not None:
            yield fault


def _against_table(table: PaperTable, basis: LegalBasis) -> Fault | None:
    """Find what a basis says otherwise than the known paper that it is."""
    papers = known(table, basis)
    if not papers:
        meant = _meant(table, basis)
        return None if meant is None else _other_number(basis, _cited(meant), meant.number)
    on = basis.dated_on
    if on is not None and on not in {one.dated_on for one in papers}:
        nearest = min(papers, key=lambda one: abs(one.dated_on - on))
        return _other_day(basis, _cited(nearest), nearest.dated_on)
    return _other_name(basis, papers[0]) if _is_anothers(table, basis, papers[0]) else None


def _is_anothers(table: PaperTable, basis: LegalBasis, paper: KnownPaper) -> bool:
    """Tell whether a number and a title are of two papers."""
    if not basis.number or not basis.title:
        return False
    if paper.type in BY_NAME:
        titled = {law_name(one.title) for one in _of_name(table, basis)}
        return law_name(paper.title) not in titled
    return paper.until is not None and _other_years(basis.title, paper.title)


def _other_years(one: str, other: str) -> bool:
    first, second = set(_YEAR.findall(one)), set(_YEAR.findall(other))
    return bool(first and second and not first & second)


_ALIKE = 0.6
"""From what share of common words on two titles are of one paper."""


def _meant(table: PaperTable, basis: LegalBasis) -> KnownPaper | None:
    """Find the known paper that a basis is by its title and symbol, though not by its number."""
    if not basis.number or not basis.title:
        return None
    symbol = number_key(basis.number).partition("/")[2]
    alike = [
        paper
        for paper in table.papers
        if number_key(paper.number).partition("/")[2] == symbol
        and _likeness(basis.title, paper.title) >= _ALIKE
        and not _other_years(basis.title, paper.title)
    ]
    same_day = [paper for paper in alike if paper.dated_on == basis.dated_on]
    return max(same_day or alike, key=lambda one: _likeness(basis.title, one.title), default=None)


@lru_cache(maxsize=1024)
def _likeness(one: str, other: str) -> float:
    first, second = set(search_key(lowered(one)).split()), set(search_key(lowered(other)).split())
    return len(first & second) / max(len(first | second), 1)


@dataclass(frozen=True, slots=True)
class PlanAbove:
    """What the plan above is cited as: "45/KH-UBND", its day, who issued it."""

    number: str
    dated_on: date | None
    issuer: str


def plan_above(content: Content) -> PlanAbove | None:
    number, _, when = content.parent_paper.partition(" ngày ")
    number = number.strip()
    if not number[:1].isdigit():
        return None
    try:
        return PlanAbove(number, read_day(when) if when else None, content.parent_issuer)
    except UnreadableDayError:
        return PlanAbove(number, None, content.parent_issuer)


def _against_above(content: Content, basis: LegalBasis) -> Fault | None:
    """Find what a basis says otherwise than the plan above, which it is by number, or by day and
    issuer.
    """
    above = plan_above(content)
    if above is None:
        return None
    if number_key(basis.number) == number_key(above.number):
        return _against_its_own(content, basis, above)
    of_that_day = basis.number and above.dated_on and basis.dated_on == above.dated_on
    if not of_that_day or _is_cited(content, above.number):
        return None
    by_it = _by_the_same(content, basis, above)
    return _other_number(basis, content.parent_paper, above.number) if by_it else None


def _against_its_own(content: Content, basis: LegalBasis, above: PlanAbove) -> Fault | None:
    if other := other_place_in(basis.issuer, content):
        return _other_issuer(basis, other, above)
    if basis.dated_on and above.dated_on and basis.dated_on != above.dated_on:
        return _other_day(basis, content.parent_paper, above.dated_on)
    return None


def _by_the_same(content: Content, basis: LegalBasis, above: PlanAbove) -> bool:
    places = names_in(content)
    given, right = agency(basis.issuer, places), agency(above.issuer, places)
    return bool(above.issuer) and given.body == right.body and given.agrees(right)


def _is_cited(content: Content, number: str) -> bool:
    return any(number_key(one.number) == number_key(number) for one in content.bases)


def _other_number(basis: LegalBasis, right: str, number: str) -> Fault:
    return Fault.of(
        N_("Căn cứ ghi %(basis)s, văn bản đó là %(right)s."),
        N_("Sửa số, ký hiệu thành %(number)s."),
        basis.key,
        number=number,
        basis=_named(basis),
        right=right,
    )


def _other_day(basis: LegalBasis, right: str, on: date) -> Fault:
    return Fault.of(
        N_("%(right)s ban hành ngày %(on)s, căn cứ ghi ngày %(given)s."),
        N_("Sửa ngày thành %(on)s."),
        basis.key,
        right=right.partition(" ngày ")[0],
        on=day(on),
        given=day(basis.dated_on or on),
    )


def _other_name(basis: LegalBasis, paper: KnownPaper) -> Fault:
    return Fault.of(
        N_("Số %(number)s là của %(right)s, căn cứ ghi %(given)s."),
        N_("Sửa số hoặc tên văn bản cho khớp nhau."),
        basis.key,
        number=paper.number,
        right=quoted(from_parting(paper.title, basis.title)),
        given=quoted(from_parting(basis.title, paper.title)),
    )


def _other_issuer(basis: LegalBasis, other: str, above: PlanAbove) -> Fault:
    return Fault.of(
        N_(
            "Căn cứ %(basis)s ghi cơ quan ban hành của %(other)s; văn bản này do %(issuer)s ban"
            " hành."
        ),
        N_("Sửa cơ quan ban hành thành %(issuer)s."),
        basis.key,
        basis=_named(basis),
        other=other,
        issuer=above.issuer,
    )


# --- Symbols ------------------------------------------------------------------------------

_ISSUED_BY = (
    (re.compile(r"^(?:chu tich )?(?:uy ban nhan dan|ubnd)\b"), re.compile(r"UBND")),
    (re.compile(r"^(?:thuong truc )?(?:hoi dong nhan dan|hdnd)\b"), re.compile(r"HĐND|TTHĐND")),
    (re.compile(r"^thu tuong\b"), re.compile(r"TTg")),
    (re.compile(r"^chinh phu$"), re.compile(r"CP")),
    (re.compile(r"^bo (?!luat)"), re.compile(r"B[A-ZĐ]+|.*-B[A-ZĐ]+")),
    (re.compile(r"^(?:giam doc )?so\b"), re.compile(r"(?!P[A-ZĐ]).+")),
    (re.compile(r"^(?:truong )?phong\b"), re.compile(r"(?!S[A-ZĐ]).+")),
)
"""Issuers, and what the agency's part of a symbol is like."""

_TYPES = {search_key(name): abbreviation for abbreviation, name in KINDS.items()}
_NAMED_SYMBOL = re.compile(r"\d*(?:/\d{4})?/(?P<type>[^\W\d_]+)-(?P<agency>[^\W\d_]+)")
_LETTER = "cong van"


def _misfit(basis: LegalBasis) -> Fault | None:
    """Find a symbol that is another type's or another issuer's."""
    match = _NAMED_SYMBOL.fullmatch(re.sub(r"\s+", "", basis.number))
    if match is None:
        return None
    kind, is_letter = _TYPES.get(search_key(basis.type)), search_key(basis.type) == _LETTER
    if (kind or is_letter) and match["type"] in KINDS and match["type"] != kind:
        return _symbol_of(basis, basis.type)
    part = match["type" if is_letter and match["type"] != "CV" else "agency"]
    issuer = search_key(basis.issuer)
    form = next((form for issued_by, form in _ISSUED_BY if issued_by.match(issuer)), None)
    return None if form is None or form.fullmatch(part) else _symbol_of(basis, basis.issuer)


def _symbol_of(basis: LegalBasis, whose: str) -> Fault:
    return Fault.of(
        N_("Căn cứ ghi số, ký hiệu %(number)s, không phải ký hiệu của %(whose)s."),
        N_("Đối chiếu bản gốc, sửa ký hiệu hoặc sửa loại, cơ quan ban hành."),
        basis.key,
        number=quoted(basis.number),
        whose=whose,
    )


# --- The dossier's proposal ---------------------------------------------------------------


def _faults_of_proposal(content: Content) -> Iterator[Fault]:
    """Hold the cited proposal to the dossier's: there is one."""
    own = [one for one in content.papers_of(PaperRole.PROPOSAL) if one.number[:1].isdigit()]
    cited = [one for one in content.bases if search_key(one.type) == "to trinh" and one.number]
    if not own:
        return
    for basis in cited:
        same = [one for one in own if number_key(one.number) == number_key(basis.number)]
        if not same:
            yield _other_proposal(basis, own[0])
        elif basis.dated_on and same[0].dated_on and basis.dated_on != same[0].dated_on:
            yield _other_day(basis, f"Tờ trình số {same[0].number}", same[0].dated_on)


def _other_proposal(basis: LegalBasis, paper: Paper) -> Fault:
    return Fault.of(
        N_("Căn cứ dẫn Tờ trình số %(cited)s, trong hồ sơ là Tờ trình số %(own)s."),
        N_("Dẫn đúng tờ trình trong hồ sơ."),
        basis.key,
        cited=basis.number,
        own=paper.number,
    )


# --- Twice, and not at all ----------------------------------------------------------------


def _repeated(table: PaperTable, content: Content) -> Iterator[Fault]:
    seen: set[str] = set()
    for basis in content.bases:
        identity = _identity(table, basis)
        if identity and identity in seen:
            yield Fault.of(
                N_("Căn cứ %(basis)s được dẫn hai lần."),
                N_("Bỏ một dòng."),
                basis.key,
                basis=_named(basis),
            )
        seen.add(identity)


def _identity(table: PaperTable, basis: LegalBasis) -> str:
    papers = known(table, basis)
    if papers:
        law = papers[0].type in BY_NAME
        return f"{papers[0].type} {law_name(papers[0].title)}" if law else papers[0].number
    if basis.number:
        place = agency(basis.issuer)
        return f"{number_key(basis.number)} {basis.dated_on or ''} {place.body}"
    return f"{basis.type} {law_name(basis.title)}" if basis.type in BY_NAME else ""


def _missing(content: Content, table: PaperTable) -> Iterator[Fault]:
    above, on = plan_above(content), plan_day(content)
    has_above = _of_the_level_above(content) if above is None else _cites(content, above)
    decision = table.of_programme(content.programme)
    lacking: list[Message] = []
    if above is not None and not has_above:
        text = N_("%(paper)s của %(issuer)s, kế hoạch của cấp trên")
        issuer = above.issuer or content.place.parent_name
        lacking.append(Message(text, {"paper": content.parent_paper, "issuer": issuer}))
    known_by_then = decision is not None and (on is None or decision.dated_on <= on)
    if decision is not None and known_by_then and not _is_named(content, table, decision):
        text = N_("%(paper)s ngày %(on)s của Thủ tướng Chính phủ")
        lacking.append(Message(text, {"paper": _cited(decision), "on": day(decision.dated_on)}))
    if lacking:
        yield Fault.of(
            N_("Căn cứ chưa có: %(lacking)s."),
            N_("Thêm vào phần căn cứ: %(lacking)s."),
            BASES,
            severity=Severity.INFO if has_above else None,
            lacking=listed(lacking),
        )


def _of_the_level_above(content: Content) -> bool:
    """Tell whether a basis is of the committee above, where its plan itself is not known."""
    return any(
        is_committee(basis.issuer)
        and agency(basis.issuer, names_in(content)).level is content.place.parent_level
        for basis in content.bases
    )


def _cites(content: Content, above: PlanAbove) -> bool:
    return _is_cited(content, above.number) or any(
        basis.dated_on == above.dated_on is not None and _by_the_same(content, basis, above)
        for basis in content.bases
    )


def _is_named(content: Content, table: PaperTable, decision: KnownPaper) -> bool:
    """Tell whether a plan names its programme's decision, among the bases or in its text."""
    for basis in content.bases:
        if decision in known(table, basis) or _meant(table, basis) is decision:
            return True
    number = lowered(decision.number)
    texts = [content.header.title, content.header.decided_title]
    return any(
        number in lowered(text) for text in (*texts, *(text for _, text in content.worded()))
    )
