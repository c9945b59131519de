"""Read years: the plan's period, its phases, and which of them a sentence speaks of."""

import re
from dataclasses import dataclass
from functools import lru_cache

from lth.content.model import Span
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.wording import toneless, words

YEAR = r"(?:20[0-4]\d)"
_DASH = r"\s*(?:[-–—]|đến(?:\s+hết)?(?:\s+năm)?|tới(?:\s+năm)?)\s*(?:năm\s*)?"
_RANGE = (
    rf"(?P<named>giai\s*đoạn(?:\s+(?:thứ\s+\w+|[IVX\d]{{1,3}}))?(?=\W)[\s:(,]*|thời\s+kỳ\s+)?"
    rf"(?P<from>(?:từ\s+)?(?:năm\s+)?)(?P<y1>{YEAR}){_DASH}(?P<y2>{YEAR})"
)
_UNTIL = (
    rf"(?:giai\s*đoạn\s+)?(?:đến|tới|vào|trước|hết|cuối)(?:\s+(?:hết|cuối))*"
    rf"(?:\s+tháng\s+\d+)?\s+năm\s+(?P<until>{YEAR})"
)
_ONE = (
    rf"(?:trong\s+)?(?:quý\s+[IVX\d]+\s*[/,-]?\s*(?:năm\s+)?|tháng\s+\d+\s*/\s*|"
    rf"năm\s+)(?P<one>{YEAR})(?!\s*[-–—/]\s*\d)"
)
_MENTION = f"(?:{_RANGE})|(?:{_UNTIL})|(?:{_ONE})"


@dataclass(frozen=True, slots=True)
class YearsNamed:
    """Years that are named in a text; `until`: only the last of them is ("đến năm 2025")."""

    span: Span
    start: int
    end: int
    until: bool = False
    named: bool = False


def mentions(text: str) -> list[YearsNamed]:
    """List the years that a text names, in order."""
    found = []
    for match in words(_MENTION).finditer(toneless(text)):
        if match["y1"]:
            first, last = int(match["y1"]), int(match["y2"])
            if first <= last:
                named = bool(match["named"])
                found.append(YearsNamed(Span(first, last), match.start(), match.end(), named=named))
        elif match["until"]:
            span = Span(None, int(match["until"]))
            found.append(YearsNamed(span, match.start(), match.end(), until=True))
        else:
            year = int(match["one"])
            found.append(YearsNamed(Span(year, year), match.start(), match.end()))
    return found


@lru_cache(maxsize=1024)
def lead(text: str) -> YearsNamed | None:
    """Return the years that a paragraph begins with ("Giai đoạn 2021 - 2023: …", "Đến năm 2025")
    where all of it speaks of them: they end at a colon, a bracket, or the paragraph does.
    """
    for one in mentions(text[:120]):
        before, after = text[: one.start], text[one.end : one.end + 14]
        opens = re.fullmatch(r"(?i)[\W_]*(?:(?:chỉ tiêu|mục tiêu)[^:;.]{0,40})?", before.strip())
        if opens and re.match(r"\s*[)\]]?\s*(?::|$|\.$)", after):
            return one
    return None


def key_of(span: Span | None) -> str:
    """Return a phase's key: "2021-2023", "2023", "-2025"; empty for the whole period."""
    if span is None:
        return ""
    if span.start is None:
        return f"-{span.end}"
    return str(span.end) if span.start == span.end else f"{span.start}-{span.end}"


def period_of(title: str, root: Node, made: int | None) -> Span | None:
    """Return the plan's period: as its title says it, else as "Thời gian thực hiện" does, else as
    its phases do, else the year that it was made for.
    """
    named = [one.span for one in mentions(title)]
    ranged = [one for one in named if one.start is not None]
    end = max((one.end for one in named), default=None)
    if ranged and ranged[-1].end == end:
        return ranged[-1]
    declared = declared_phases(root)
    started = [one.start for one in declared if one.start is not None]
    if end is not None:
        inside = [year for year in started if year < end and (made is None or year >= made - 1)]
        return Span(min(inside), end) if inside else Span(None, end)
    for node in root.walk():
        if words(r"^(?:thời gian|lộ trình)").search(toneless(node.text)):
            spans = [one.span for below in (node, *node.walk()) for one in mentions(below.text)]
            if spans:
                starts = [one.start for one in spans if one.start is not None]
                return Span(min(starts, default=None), max(one.end for one in spans))
    if declared:
        return Span(min(started, default=None), max(one.end for one in declared))
    return None


def declared_phases(root: Node) -> list[Span]:
    """List the phases that the plan is parted into: those that paragraphs begin with, or that
    stand over the columns of a table.
    """
    found: list[Span] = []
    for node in root.walk():
        if node.cells:
            heads = [mentions(cell) for cell in node.cells if len(cell) < 40]
            spans = [one[0].span for one in heads if one and one[0].named]
        else:
            at = lead(node.text)
            spans = [at.span] if at and not at.until and at.span.start != at.span.end else []
        found += [one for one in spans if one not in found]
    return found


def resolved(at: YearsNamed, around: Span | None, whole: Span | None, known: list[Span]) -> Span:
    """Return what years a mention means, which may name only the last of them.

    Within a phase that ends then it is the phase; the last year of the plan is the whole of it.
    """
    if not at.until:
        return at.span
    end = at.span.end
    if around is not None and around.end == end:
        return around
    if whole is not None and whole.end == end:
        return whole
    ending = [one for one in known if one.end == end]
    if ending:
        return ending[0]
    return Span(whole.start, end) if whole else at.span


def headings_until(siblings: list[Node]) -> dict[int, Span]:
    """Map the numbers of sibling headings "Đến năm 2030", "Đến năm 2035" to spans that follow on
    each other; nothing where there is only one.
    """
    ends = [(node, at.span.end) for node in siblings if (at := lead(node.text)) and at.until]
    ends = [(node, end) for node, end in ends if node.children]
    if len(ends) < 2:
        return {}
    found, before = {}, None
    for node, end in sorted(ends, key=lambda one: one[1]):
        found[node.number] = Span(None if before is None else before + 1, end)
        before = end
    return found
