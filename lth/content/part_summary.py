"""A part's line in one row: what it is about, and two facts beside it."""

from dataclasses import dataclass

from lth.content.model import (
    Baseline,
    BudgetLine,
    Definition,
    Duty,
    Header,
    LegalBasis,
    Line,
    Paper,
    Recipient,
    ReportingDuty,
    Task,
)
from lth.content.part_fields import field
from lth.content.part_values import Shown, Words, said
from lth.core.i18n import N_, Message
from lth.core.vietnamese import format_money
from lth.models.parts import Part

HEADS: dict[Part, tuple[str, str, str]] = {
    Part.HEADER: (N_("Tên kế hoạch"), N_("Hình thức ban hành"), N_("Tổng kinh phí ghi")),
    Part.PAPER: (N_("Văn bản"), N_("Cơ quan ban hành"), N_("Ngày")),
    Part.BASIS: (N_("Văn bản"), N_("Cơ quan ban hành"), N_("Ngày")),
    Part.RECIPIENT: (N_("Nơi nhận"), N_("Ghi trong ngoặc"), ""),
    Part.DEFINITION: (N_("Từ ngữ"), "", N_("Mốc tuổi")),
    Part.BASELINE: (N_("Chỉ tiêu"), N_("Thời điểm"), N_("Số liệu")),
    Part.BUDGET: (N_("Nội dung chi"), N_("Nguồn, cấp, năm"), N_("Số tiền")),
    Part.TASK: (N_("Nhiệm vụ"), N_("Chủ trì"), N_("Thời gian")),
    Part.DUTY: (N_("Cơ quan"), "", ""),
    Part.REPORTING: (N_("Ai báo cáo"), N_("Báo cáo ai"), N_("Kỳ hạn")),
}
"""What stands in the three columns of a part's list."""

NUMERIC = frozenset({Part.HEADER, Part.BASELINE, Part.BUDGET})
"""The parts whose last column is a figure."""

Texts = tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The columns of a line's row, each of texts that stand side by side; `sub` is under `main`."""

    main: Texts
    sub: Texts = ()
    beside: Texts = ()
    last: Texts = ()


def summary(line: Line, words: Words) -> Summary:
    """A line as its row shows it."""
    return _SUMMARY[type(line)](line, words)


def _said(part: Part, line: Line, words: Words, *names: str) -> Texts:
    texts = (said(line, field(part, name), words) for name in names)
    return tuple(text for text in texts if text)


def _header(line: Header, words: Words) -> Summary:
    def said_of(*names: str) -> Texts:
        return _said(Part.HEADER, line, words, *names)

    decided = ()
    if line.decided_title and line.decided_title != line.title:
        decided = (Message(N_("Điều 1: %(title)s"), {"title": line.decided_title}),)
    return Summary(said_of("title"), decided, said_of("issuance"), said_of("budget_total"))


def _paper(line: Paper, words: Words) -> Summary:
    def said_of(*names: str) -> Texts:
        return _said(Part.PAPER, line, words, *names)

    signed = said_of("sign_form", "position")
    return Summary(
        said_of("role", "number"), said_of("title") + signed, said_of("issuer"), said_of("dated_on")
    )


def _basis(line: LegalBasis, words: Words) -> Summary:
    def said_of(*names: str) -> Texts:
        return _said(Part.BASIS, line, words, *names)

    head = " ".join(text for text in (line.type, line.number) if text)
    if not line.number and line.title:
        return Summary(said_of("title"), (), said_of("issuer"), said_of("dated_on"))
    return Summary(
        (head,) if head else (), said_of("title"), said_of("issuer"), said_of("dated_on")
    )


def _recipient(line: Recipient, words: Words) -> Summary:
    return Summary((line.name,), (), _said(Part.RECIPIENT, line, words, "purpose"))


def _definition(line: Definition, words: Words) -> Summary:
    said_of = _said(Part.DEFINITION, line, words, "text")
    return Summary(
        _said(Part.DEFINITION, line, words, "term"),
        said_of,
        (),
        (Message(N_("%(age)s tuổi"), {"age": line.age}),) if line.age else (),
    )


def _baseline(line: Baseline, words: Words) -> Summary:
    def said_of(*names: str) -> Texts:
        return _said(Part.BASELINE, line, words, *names)

    return Summary(said_of("indicator"), said_of("wording"), said_of("as_of"), said_of("value"))


def _budget(line: BudgetLine, words: Words) -> Summary:
    def said_of(*names: str) -> Texts:
        return _said(Part.BUDGET, line, words, *names)

    amount = said_of("amount") or (Message(N_("chưa có số tiền")),)
    return Summary(
        said_of("activity"), _rate(line, words), said_of("source", "level", "year"), amount
    )


def _rate(line: BudgetLine, words: Words) -> Texts:
    if line.annual_rate is None:
        return ()
    rate = format_money(line.annual_rate, words.language)
    if line.years is None:
        return (Message(N_("%(rate)s mỗi năm"), {"rate": rate}),)
    return (Message(N_("%(rate)s mỗi năm × %(years)s năm"), {"rate": rate, "years": line.years}),)


def _task(line: Task, words: Words) -> Summary:
    with_others = _said(Part.TASK, line, words, "coordinating")
    sub = (Message(N_("Phối hợp: %(who)s"), {"who": with_others[0]}),) if with_others else ()
    days = _said(Part.TASK, line, words, "starts_on", "ends_on")
    when = (" – ".join(map(str, days)),) if days else ()
    return Summary((line.title,), sub, _said(Part.TASK, line, words, "leads"), when)


def _duty(line: Duty, words: Words) -> Summary:
    return Summary((line.agency,), _said(Part.DUTY, line, words, "text"))


def _reporting(line: ReportingDuty, words: Words) -> Summary:
    def said_of(*names: str) -> Texts:
        return _said(Part.REPORTING, line, words, *names)

    through = (Message(N_("qua %(who)s"), {"who": line.through}),) if line.through else ()
    return Summary(
        said_of("reporter"),
        said_of("content"),
        said_of("addressees") + through,
        said_of("frequency", "due"),
    )


_SUMMARY = {
    Header: _header,
    Paper: _paper,
    LegalBasis: _basis,
    Recipient: _recipient,
    Definition: _definition,
    Baseline: _baseline,
    BudgetLine: _budget,
    Task: _task,
    Duty: _duty,
    ReportingDuty: _reporting,
}
