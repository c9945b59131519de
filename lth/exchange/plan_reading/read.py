"""Read the text of an existing plan: everything that is found in it, and what is not placed."""

import re
from collections.abc import Mapping

from lth.content.line_types import Header, LegalBasis, Paper
from lth.content.model import PlanUnit, SectionText, Span, TargetLine
from lth.core.i18n import N_, Message
from lth.exchange.plan_file.reader import indicators as indicators_of
from lth.exchange.plan_reading import papers as paper_grammar
from lth.exchange.plan_reading import periods
from lth.exchange.plan_reading.baseline import BaselineReader
from lth.exchange.plan_reading.bases import bases, is_basis
from lth.exchange.plan_reading.budget import BudgetReader
from lth.exchange.plan_reading.budget_tables import read_budget
from lth.exchange.plan_reading.cited import cited_plans
from lth.exchange.plan_reading.definitions import definitions
from lth.exchange.plan_reading.duties import duties, tasks, tasks_of_table
from lth.exchange.plan_reading.found import FoundItem, Reading
from lth.exchange.plan_reading.lines import Node, joined, raw_lines
from lth.exchange.plan_reading.offices import level_of, place_in
from lth.exchange.plan_reading.outline import CAPITALS, tree
from lth.exchange.plan_reading.recipients import recipients
from lth.exchange.plan_reading.reporting import reporting
from lth.exchange.plan_reading.sections import Topic, is_under
from lth.exchange.plan_reading.sheets import PaperRead, place_of_title, sheets
from lth.exchange.plan_reading.tables import tables
from lth.exchange.plan_reading.target_tables import read_targets
from lth.exchange.plan_reading.targets import TargetReader
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models import Indicator
from lth.models.parts import Issuance, PaperRole
from lth.models.unit import Level
from lth.programmes import catalogue_file

_PROGRAMMES = r"(?<!\d)(1533|1336|1648)\s*/\s*QĐ-TTg"
NO_UNIT = Message(N_("Chưa rõ kế hoạch của đơn vị nào."))
NO_PERIOD = Message(N_("Chưa rõ kế hoạch của những năm nào."))
NO_PROGRAMME = Message(N_("Văn bản không nêu đề án nào: lấy theo những năm của kế hoạch."))


def read_text(text: str) -> Reading:
    """Read a plan's text. Finds nothing rather than guess: what is unclear is not placed."""
    root = tree(joined(raw_lines(text)))
    nodes = root.walk()
    found = sheets(nodes)
    main = _main(found)
    papers = paper_grammar.papers(found)
    based = bases(_bases_of(nodes))
    title = _plan_title(found, main)
    made = next((one.dated_on.year for one in found if one.dated_on), None) or next(
        (one.year for one in found if one.year), None
    )
    period = _period(found, title, root, made)
    programme, notes = _programme(text, period, made)
    indicators = _known(programme)
    unit = _unit(papers, found, based, title)
    own = _own(root, found)
    phases = [one for one in periods.declared_phases(own) if one != period]
    of_wards = unit is not None and unit.name.lower().startswith("quận ")
    targets = TargetReader(indicators, period, phases, made, of_wards)
    targets.read(own)
    budget = BudgetReader(unit.level if unit else None)
    budget.read(own)
    baseline = BaselineReader(indicators)
    baseline.read(own)
    for table in tables(own):
        read_targets(table, targets, baseline)
        read_budget(table, budget)
    given = duties(own)
    reports = reporting(own, given)
    letter = main is not None and main.role is PaperRole.DIRECTIVE
    items = (
        *papers,
        *(cited_plans(root, unit) if letter else ()),
        *based,
        *targets.items,
        *budget.items,
        *definitions(own),
        *baseline.items,
        *tasks(own),
        *(one for table in tables(own) for one in tasks_of_table(table)),
        *given,
        *reports,
        *recipients(main.nodes if main else nodes),
    )
    spans = _spans(targets.items, phases)
    issuance = _issuance(found)
    header = Header(
        "header",
        issuance=issuance,
        title=title[:500],
        decided_title=_decided_title(root, issuance),
        budget_total=budget.total,
    )
    notes += tuple(
        note for note, gone in ((NO_UNIT, unit is None), (NO_PERIOD, period is None)) if gone
    )
    return Reading(
        programme=programme,
        unit=unit,
        period=period,
        phases=tuple(spans),
        header=header,
        items=items,
        sections=tuple(_sections(own, {item.quote.line for item in given})),
        unplaced=(*targets.unplaced, *budget.unplaced),
        notes=notes,
    )


_LONGEST_SECTION = 20_000


def _sections(own: Node, duties_at: set[int]) -> list[SectionText]:
    """List the highest headings with their texts, but for what is read into lines: the duties,
    which begin at `duties_at` where a letter has nothing else.
    """
    kinds = ("part", "upper", "roman", "decimal", CAPITALS)
    tops = [one for one in own.children if one.kind in kinds and one.children]
    found = []
    for one in tops:
        title = f"{one.marker} {one.text}".strip()
        if len(title) > 200 or is_under(one, Topic.DUTIES) or one.number in duties_at:
            continue
        body = "\n".join(f"{below.marker} {below.text}".strip() for below in one.walk())
        found.append(SectionText("", title, body[:_LONGEST_SECTION]))
    return found


def _main(found: list[PaperRead]) -> PaperRead | None:
    order = (PaperRole.DECISION, PaperRole.PLAN, PaperRole.DIRECTIVE)
    for role in order:
        for one in found:
            if one.role is role:
                return one
    return found[0] if found else None


def _own(root: Node, found: list[PaperRead]) -> Node:
    """Return the tree without what belongs to a proposal, or to lists of addressees."""
    foreign = {id(node) for one in found if one.role is PaperRole.PROPOSAL for node in one.nodes}
    own = Node("", 0)
    addressed = signed = False
    for child in root.children:
        signed |= has(r"^nơi nhận\b", child.text)
        if signed and has(r"^(?:mẫu|biểu)(?: mẫu)?(?: số)?\s*\d", child.text):
            break
        if has(r"^(?:kính gửi|nơi nhận)\b", child.text):
            addressed = True
            continue
        if addressed and child.kind == "bullet":
            continue
        addressed = False
        if id(child) not in foreign and not is_basis(child.text):
            own.children.append(child)
    return own


def _bases_of(nodes: list[Node]) -> list[Node]:
    """List the paragraphs that cite bases: none below a heading about duties or targets."""
    return [node for node in nodes if (node.kind in {"", "bullet"}) and is_basis(node.text)]


def _plan_title(found: list[PaperRead], main: PaperRead | None) -> str:
    plan = next((one for one in found if one.role is PaperRole.PLAN and one.title), None)
    title = plan.title if plan else (main.title if main else "")
    return re.sub(r"(?i)^(?:về việc |v/v )?(?:ban hành |phê duyệt )?kế hoạch\s+", "", title)


_DECIDED = (
    r"kế hoạch\s+(?:của\s+.{3,120}?về việc\s+)?(?P<title>(?:về việc\s+)?.{12,400}?)"
    r"(?:\s+với các nội dung.*|\s*\(kèm.*)?[.:;]?$"
)


def _decided_title(root: Node, issuance: Issuance) -> str:
    """Return the plan's title as Article 1 of the decision gives it."""
    if issuance not in {Issuance.DECISION_WITH_PLAN, Issuance.DECISION_APPROVING}:
        return ""
    first = (one for one in root.walk() if one.kind == "article" and one.marker.endswith("1."))
    article = next(first, None)
    match = words(_DECIDED).search(toneless(article.text)) if article else None
    if article is None or match is None:
        return ""
    title = article.text[match.start("title") : match.end("title")]
    return re.sub(r"(?i)^về việc\s+", "", title)[:500]


def _period(found: list[PaperRead], title: str, root: Node, made: int | None) -> Span | None:
    period = periods.period_of(title, root, made)
    if period is None or period.start is None:
        for one in found:
            ranged = [at.span for at in periods.mentions(one.title) if at.span.start is not None]
            if ranged and (period is None or ranged[-1].end == period.end):
                return ranged[-1]
    if period is None and found and found[0].role is PaperRole.DIRECTIVE:
        cited = [at for node in root.walk() for at in periods.mentions(node.text)]
        ends = [at.span for at in cited if at.until and (made is None or at.span.end >= made)]
        period = Span(None, ends[0].end) if ends else None
    return period


def _programme(text: str, period: Span | None, made: int | None) -> tuple[str, tuple[Message, ...]]:
    """Return the programme that a text cites by number, else that of its years."""
    cited = re.findall(_PROGRAMMES, text)
    end = period.end if period else made
    by_years = "1648" if end is None or end > 2025 else ("1336" if end > 2020 else "1533")
    if cited:
        return (by_years if by_years in cited and end else max(set(cited), key=cited.count)), ()
    return by_years, (NO_PROGRAMME,)


def _known(programme: str) -> Mapping[str, Indicator]:
    return indicators_of(
        programme if programme in catalogue_file.CODES else catalogue_file.CODES[-1]
    )


def _unit(
    papers: list[FoundItem], found: list[PaperRead], based: list[FoundItem], title: str
) -> PlanUnit | None:
    """Return the unit whose plan it is, by who issues it, with the one above by what it cites."""
    place = None
    for item in papers:
        if isinstance(item.line, Paper) and item.line.role is not PaperRole.PROPOSAL:
            place = place or place_in(item.line.issuer)
    heads = (one.place for one in found if one.place)
    place = place or next(heads, None) or place_of_title(title)
    if place is None:
        return None
    level = level_of(place[0])
    parent = _parent(based, level)
    if place[0] == "thành phố" and (parent is None or parent[0] not in {"tỉnh"}):
        level = Level.PROVINCE
        parent = None
    return PlanUnit(
        name=f"{place[0]} {place[1]}",
        level=level,
        parent_name=f"{parent[0]} {parent[1]}" if parent else "",
        parent_level=level_of(parent[0], in_province=False) if parent else None,
        communes=1 if level is Level.COMMUNE else None,
    )


def _parent(based: list[FoundItem], level: Level) -> tuple[str, str] | None:
    ranks = {Level.PROVINCE: 1, Level.DISTRICT: 2, Level.COMMUNE: 3}
    found = []
    for item in based:
        if isinstance(item.line, LegalBasis) and (place := place_in(item.line.issuer)):
            rank = ranks[level_of(place[0], in_province=False)]
            if rank < ranks.get(level, 0):
                found.append((rank, place))
    return max(found)[1] if found else None


def _spans(items: list[FoundItem], declared: list[Span]) -> list[Span]:
    """List the phases that targets name, and those that are declared, in the order of time."""
    keys = {item.line.phase for item in items if isinstance(item.line, TargetLine)}
    spans = {key: span_of(key) for key in keys if key}
    spans |= {periods.key_of(one): one for one in declared if one.start is not None}
    return sorted(spans.values(), key=lambda one: (one.start or 0, one.end))


def span_of(key: str) -> Span:
    """Read a phase's key back: "2021-2023", "2023", "-2025"."""
    first, _, last = key.rpartition("-")
    return Span(int(first) if first else (None if "-" in key else int(last)), int(last))


def _issuance(found: list[PaperRead]) -> Issuance:
    decision = next((one for one in found if one.role is PaperRole.DECISION), None)
    if decision is not None:
        approving = has(r"phê duyệt", decision.title[:60])
        return Issuance.DECISION_APPROVING if approving else Issuance.DECISION_WITH_PLAN
    if found and found[0].role is PaperRole.DIRECTIVE:
        return Issuance.DIRECTIVE
    return Issuance.PLAN
