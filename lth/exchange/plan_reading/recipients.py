"""Find whom a paper is sent to: the list below "Nơi nhận"."""

import re

from lth.content.line_types import Recipient
from lth.exchange.plan_reading.found import FoundItem, Quote
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.parts import Part

_PURPOSES = (
    (r"^(?:để )?(?:b/?\s*c(?:áo)?|báo cáo)$", "để báo cáo"),
    (r"^(?:để )?(?:t/?\s*h(?:iện)?|thực hiện)$", "để thực hiện"),
    (r"^(?:để )?(?:p/?\s*h(?:ợp)?|phối hợp)$", "để phối hợp"),
    (r"^(?:để )?(?:chỉ đạo|c/?đ)$", "để chỉ đạo"),
)
_LONGEST_LIST = 40


def recipients(nodes: list[Node]) -> list[FoundItem]:
    """List the recipients of the first list there is in a paper's paragraphs."""
    start = next((at for at, node in enumerate(nodes) if _is_head(node.text)), None)
    if start is None:
        return []
    found: list[FoundItem] = []
    head = nodes[start].text.partition(":")[2].strip(" -")
    if head and not words(r"^(?:tm|kt|tl|chủ tịch)").match(toneless(head)):
        found.append(_one(nodes[start], head))
    for node in nodes[start + 1 : start + 1 + _LONGEST_LIST]:
        if node.kind == "bullet" or has(r"^lưu\s*:?\s", node.text):
            found.append(_one(node, node.text))
        elif node.kind or len(node.text) > 60:
            break
    return found


def _is_head(text: str) -> bool:
    return words(r"^nơi nhận\s*:?").match(toneless(text)) is not None


def _one(node: Node, text: str) -> FoundItem:
    bare = re.sub(r"\s+", " ", text).strip(" ;.,/")
    if has(r"^lưu", bare):
        bare = bare.split(". ")[0]
    match = re.search(r"\s*\((?P<purpose>[^()]{1,40})\)$", bare)
    name, purpose = bare, ""
    if match is not None:
        name, inside = bare[: match.start()], match["purpose"].strip()
        plain = toneless(inside).lower()
        said = (proper for pattern, proper in _PURPOSES if words(pattern).search(plain))
        purpose = next(said, inside)
    line = Recipient("", name=name.strip()[:200], purpose=purpose[:100])
    return FoundItem(Part.RECIPIENT, line, Quote(node.number, 0, text))
