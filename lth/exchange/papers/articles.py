"""Write the articles of a decision that issues a plan or approves an office's (mẫu 1.3)."""

from collections import Counter
from dataclasses import replace

from lth.content.model import Content
from lth.core.vietnamese import lower_first
from lth.exchange.papers import letterhead
from lth.exchange.papers.text import Block, Paragraph, ParagraphStyle, Run, plain
from lth.models.parts import Issuance, PaperRole


def proposed(content: Content) -> list[str]:
    """Return "Theo đề nghị của …" of a tờ trình in the dossier that no basis names."""
    cited = {line.number for line in content.bases}
    return [
        letterhead.basis("Tờ trình", line)
        for line in content.papers_of(PaperRole.PROPOSAL)
        if line.issuer and line.number not in cited
    ]


def of_decision(content: Content, title: str) -> tuple[Block, ...]:
    """Return the articles: what is issued or approved, who carries it out, from when."""
    leader, named = _leader(content), agencies(content)
    carried_out = (
        f"{leader} chủ trì, phối hợp với các cơ quan, đơn vị có liên quan tổ chức triển khai, theo "
        "dõi, đôn đốc và tổng hợp, báo cáo kết quả thực hiện Kế hoạch."
        if leader
        else "Các cơ quan, đơn vị được phân công tại Kế hoạch tổ chức triển khai thực hiện."
    )
    listed = f": {'; '.join(named)}" if named else ""
    return (
        plain("QUYẾT ĐỊNH:", ParagraphStyle.CENTRED, bold=True),
        _article(1, f"{_decided(content)} {lower_first(title)}."),
        _article(2, carried_out),
        _article(
            3,
            "Quyết định này có hiệu lực kể từ ngày ký. Thủ trưởng các cơ quan, đơn vị, địa phương"
            f"{listed} và các tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định "
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


def agencies(content: Content) -> tuple[str, ...]:
    """List the agencies that have a duty, each once."""
    return tuple(dict.fromkeys(line.agency for line in content.duties))
