"""Find the plan that a letter speaks of and sets tasks for: the unit's own, cited by its number."""

from lth.content.line_types import Paper
from lth.content.model import PlanUnit
from lth.core.readers.document_numbers import tidied
from lth.exchange.plan_reading.bases import DAY, NUMBER, day_of
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.parts import IssuerForm, PaperRole, Part
from lth.models.unit import Level

_PLAN = (
    rf"kế hoạch\s+số\s*:?\s*(?P<number>{NUMBER})(?:,?\s*{DAY})?"
    r"(?:\s*của\s+(?P<issuer>[^,;.]+?)(?=\s+về\b|[,;.)]|$))?"
    r"(?:\s*(?:về việc|về|v/v)\s+(?P<title>[^,;.]+))?"
)
_DAY_AHEAD = rf"{DAY},?[^;.]{{0,60}}ban hành\s*$"
_ABOVE = {
    Level.PROVINCE: r"chính phủ|trung ương|bộ ",
    Level.DISTRICT: r"chính phủ|trung ương|bộ |tỉnh|thành phố",
    Level.COMMUNE: r"chính phủ|trung ương|bộ |tỉnh|thành phố|huyện|thị xã|quận",
}


def cited_plans(root: Node, unit: PlanUnit | None) -> list[FoundItem]:
    """List the unit's own plans that a letter cites with a day, each once; those of a unit above
    are its bases.
    """
    if unit is None:
        return []
    found: dict[str, FoundItem] = {}
    for node in root.walk():
        for match in words(_PLAN).finditer(toneless(node.text[:6000])):
            said = {
                name: node.text[match.start(name) : match.end(name)] if match[name] else ""
                for name in ("number", "issuer", "title")
            }
            number = tidied("".join(said["number"].split()))
            ahead = words(_DAY_AHEAD).search(toneless(node.text[: match.start()]))
            day = day_of(match["day"] or (ahead["day"] if ahead else None))
            above = has(_ABOVE[unit.level], said["issuer"])
            if number in found or day is None or above or not has(r"kh\b", number):
                continue
            line = Paper(
                "",
                role=PaperRole.CITED,
                number=number,
                dated_on=day,
                issuer=f"Ủy ban nhân dân {unit.name}"[:200],
                issuer_form=IssuerForm.COLLECTIVE,
                title=said["title"].strip()[:500],
            )
            words_said = node.text[match.start() : match.end()][:300]
            quote = Quote(node.line_at(match.start()), match.start(), words_said)
            found[number] = FoundItem(Part.PAPER, line, quote, Sureness.LIKELY)
    return list(found.values())
