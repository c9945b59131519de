"""Write the text of a công văn that sets tasks under a plan issued before (mẫu 1.5)."""

from collections.abc import Mapping
from dataclasses import replace

from lth.content.model import Content
from lth.exchange.papers import letterhead
from lth.exchange.papers.plan_body import plan_body
from lth.exchange.papers.plan_lines import duties, items, reports
from lth.exchange.papers.text import Block, Paragraph, ParagraphStyle, plain
from lth.models.parts import PaperRole


def body(
    content: Content, named: Mapping[str, str], who: str, *, by_head: bool
) -> tuple[Block, ...]:
    """Return the opening sentence, the sections, each agency's duty, the work and the reports.

    `named` are the annexes by topic; `who` issues it, a head "có ý kiến như sau".
    """
    sections = plan_body(replace(content, duties=(), reporting=(), tasks=()), named)
    return _renumbered(
        (
            plain(_opening(content, who, by_head=by_head)),
            *sections,
            *duties(content, "", 1),
            *_section("Nhiệm vụ trọng tâm", items(_work(content))),
            *_section("Chế độ báo cáo", reports(content, "")),
        )
    )


def task_holders(content: Content) -> tuple[str, ...]:
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


def _opening(content: Content, who: str, *, by_head: bool) -> str:
    """Return the sentence that a công văn begins with: what it carries out, and who says so."""
    cited = [letterhead.reference(line.type or "Văn bản", line) for line in content.bases]
    cited += [
        letterhead.reference(_kind_of(line.number), line)
        for line in content.papers_of(PaperRole.CITED)
    ]
    ground = f"Thực hiện {'; '.join(text.rstrip(' ;.,') for text in cited)}, " if cited else ""
    if by_head:
        return f"{ground}{who} có ý kiến như sau:"
    return f"{ground}{who} yêu cầu các cơ quan, đơn vị thực hiện các nội dung sau:"


def _kind_of(number: str) -> str:
    """Return the kind of document that a number says: Kế hoạch of 92/KH-UBND."""
    return "Quyết định" if "/QĐ" in number else "Kế hoạch" if "/KH" in number else "Văn bản"
