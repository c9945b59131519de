"""Set the text of a plan: its sections in order, each with the lines that belong in it.

The rule about what is said twice. A line (a target, a sum, a duty, …) stands as a sentence in the
section whose title is about it, under that section's own text; where no title is, in a section of
its own at the end. A line whose words some section's own text has already is not said again there.
The annexes hold every target, every sum and every task all the same, since people look them up.
Tasks stand in their annex alone, and so do budget lines where they have amounts: a sentence only
says where, and what each source gives.
"""

import re
from collections.abc import Mapping, Sequence

from lth.content.model import Content
from lth.core.vietnamese import search_key
from lth.exchange.papers import plan_lines
from lth.exchange.papers.body import blocks
from lth.exchange.papers.plan_lines import (
    BASELINE,
    BUDGET,
    DUTIES,
    REPORTING,
    TARGETS,
    TASKS,
    TERMS,
    roman,
)
from lth.exchange.papers.text import Block, Paragraph, ParagraphStyle, Run, plain

HOMES = {
    BASELINE: ("thuc trang", "su can thiet", "tinh hinh", "chi tieu", "muc tieu", "muc dich"),
    TARGETS: ("chi tieu", "muc tieu", "muc dich"),
    TERMS: ("giai thich", "doi tuong", "chi tieu", "muc tieu", "muc dich"),
    BUDGET: ("kinh phi", "ngan sach", "nguon luc", "noi dung"),
    TASKS: ("nhiem vu", "giai phap", "noi dung", "to chuc thuc hien"),
    DUTIES: ("to chuc thuc hien", "phan cong", "trach nhiem"),
    REPORTING: ("che do bao cao", "to chuc thuc hien", "phan cong", "trach nhiem"),
}
"""Words of a section's title that make it the home of some lines, the surest first."""
OWN_TITLES = {
    BASELINE: "Thực trạng",
    TARGETS: "Chỉ tiêu",
    TERMS: "Giải thích từ ngữ",
    BUDGET: "Kinh phí thực hiện",
    TASKS: "Nhiệm vụ",
    DUTIES: "Tổ chức thực hiện",
    REPORTING: "Chế độ báo cáo",
}

_LAST = frozenset({DUTIES, REPORTING})
"""Topics that a plan ends with: of several sections that may be their home the last is."""
_ROMAN = re.compile(r"[IVXLC]+\.\s")


def plan_body(content: Content, annexed: Mapping[str, str]) -> tuple[Block, ...]:
    """Return the whole text of a plan; `annexed` says in which annex a topic's table is."""
    text = search_key("\n".join(section.body for section in content.sections))
    listed = {
        BASELINE: plan_lines.baseline(content, text),
        TARGETS: plan_lines.targets(content, text, annexed),
        TERMS: plan_lines.terms(content, text),
        BUDGET: plan_lines.budget(content, text, annexed),
        TASKS: plan_lines.tasks(annexed),
    }
    homes = {topic: _home(content, topic) for topic in HOMES}
    numbered = any(_ROMAN.match(section.title) for section in content.sections)
    made: list[Block] = []
    for at, section in enumerate(content.sections):
        own = [*blocks(section.body)]
        made += [_title(section.title, 0 if numbered else at + 1), *own]
        first = _next_number(own)
        for topic, lines in listed.items():
            made += lines if homes[topic] == at else ()
        made += _organised(content, text, homes, at, first)
    number = len(content.sections)
    for topic in HOMES:
        if homes[topic] is None:
            lines = listed.get(topic) or _organised_alone(content, text, topic)
            number += bool(lines)
            made += [_title(OWN_TITLES[topic], number), *lines] if lines else ()
    return tuple(made)


def _home(content: Content, topic: str) -> int | None:
    """Find the section that a topic's lines stand in."""
    titles = [*enumerate(search_key(section.title) for section in content.sections)]
    if topic in _LAST:
        titles.reverse()
    for words in HOMES[topic]:
        for at, title in titles:
            if words in title and not (topic == BUDGET and _is_whole(content, at)):
                return at
    return None


def _is_whole(content: Content, at: int) -> bool:
    """Tell whether a section's text goes on to who does what: no money stands behind that."""
    return OWN_TITLES[DUTIES].upper() in content.sections[at].body.upper()


def _title(title: str, number: int) -> Paragraph:
    """Return a section's title as a part; it gets a numeral where the plan's titles have none."""
    text = title.strip().rstrip(".")
    numeral = f"{roman(number)}. " if number and not _ROMAN.match(text) else ""
    return Paragraph((Run(f"{numeral}{text}".upper(), bold=True),), ParagraphStyle.PART)


def _next_number(own: Sequence[Block]) -> int:
    """Return the number after the last that a section's own text begins a line with."""
    found = [
        re.match(r"(\d{1,2})[.)]?\s", block.text) for block in own if isinstance(block, Paragraph)
    ]
    return max((int(match[1]) for match in found if match), default=0) + 1


def _organised(
    content: Content, text: str, homes: Mapping[str, int | None], at: int, number: int
) -> list[Block]:
    """Return duties and reporting lines of a section, numbered on from its own text."""
    made: list[Block] = []
    if homes[DUTIES] == at:
        made += plan_lines.duties(content, text, number)
        number += len(plan_lines.unsaid_duties(content, text))
    if homes[REPORTING] == at and (listed := plan_lines.reports(content, text)):
        made += [plain(f"{number}. Chế độ báo cáo", ParagraphStyle.CLAUSE, bold=True), *listed]
    return made


def _organised_alone(content: Content, text: str, topic: str) -> list[Block]:
    if topic == DUTIES:
        return plan_lines.duties(content, text, 1)
    return [*plan_lines.reports(content, text)] if topic == REPORTING else []
