"""Báo cáo thẩm định: what those who appraised a document say of it, for the leader who decides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lth.core.vietnamese import capitalize_first, format_date
from lth.exchange.papers import around, letterhead
from lth.exchange.papers.text import (
    Align,
    Block,
    PaperKind,
    PaperText,
    ParagraphStyle,
    Signature,
    Table,
    TableColumn,
    TableRow,
    closed,
    plain,
)
from lth.models import Document, Opinion, Remark
from lth.models.opinion import AnswerKind, Verdict
from lth.workflow.guards import ASPECT_LABEL

VERDICT = {Verdict.AGREE: "Đồng ý", Verdict.DISAGREE: "Chưa đồng ý"}


@dataclass(frozen=True, slots=True)
class FindingSaid:
    """A finding of the checks as it stood when the document was sent, and what its unit says."""

    text: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Appraised:
    """A document under appraisal and all that was said of the revision that was sent.

    `opinions` and `remarks` are those that the reader may see. `offices` are the offices of who
    gave an opinion, by person. `office` is the one that leads, empty where the unit has said
    none; `places` names the items that remarks are pinned to, by key.
    """

    document: Document
    named: str
    opinions: Sequence[Opinion]
    remarks: Sequence[Remark]
    findings: Sequence[FindingSaid]
    offices: Mapping[int, str]
    places: Mapping[str, str]
    office: str = ""
    draft: bool = True


def of_appraised(what: Appraised) -> PaperText:
    """Return the report on a document, made by the appraising unit for its own leader.

    Raises ValueError for a document that nobody appraises.
    """
    unit = what.document.next_unit
    if unit is None:
        raise ValueError(f"document {what.document.id} goes to nobody")
    office = what.office
    above = unit.parent.full_name if unit.parent and not office else ""
    parent, agency = letterhead.agency_block(unit.full_name, above, office)
    letters = around.initials(office) if office else letterhead.SHORT_COMMITTEE
    return PaperText(
        kind=PaperKind.APPRAISAL,
        parent=parent,
        agency=agency,
        symbol=letterhead.symbol_of(PaperKind.APPRAISAL, letters),
        place=letterhead.place_of(unit.full_name),
        subject=f"{what.named} của {around.committee_of(what.document.unit)}",
        body=closed(tuple(_body(what))),
        signature=Signature((around.head_of_office(office),)),
        year=max(one.given_at for one in what.opinions).year if what.opinions else None,
        addressees=(f"Lãnh đạo {around.committee_of(unit)}",),
        recipients=("Như trên",),
        draft=what.draft,
    )


def _body(what: Appraised) -> Iterator[Block]:
    own = around.committee_of(what.document.unit)
    yield plain(f"Sau khi thẩm định {what.named} của {own}, kết quả như sau:")
    parts = (
        ("I. Ý KIẾN THẨM ĐỊNH", _opinions(what)),
        ("II. NHẬN XÉT VÀ TIẾP THU, GIẢI TRÌNH", _remarks(what)),
        ("III. NHỮNG ĐIỂM CÒN LẠI KHI KIỂM TRA", _findings(what)),
        ("IV. ĐỀ XUẤT", _proposed(what)),
    )
    for title, body in parts:
        yield plain(title, ParagraphStyle.PART, bold=True)
        yield from body


def _opinions(what: Appraised) -> Iterator[Block]:
    if not what.opinions:
        yield plain("Chưa có ý kiến nào.")
        return
    yield Table(
        columns=(
            TableColumn("TT", 5, Align.CENTRE),
            TableColumn("Thẩm định về", 14),
            TableColumn("Người cho ý kiến", 26),
            TableColumn("Ý kiến", 14),
            TableColumn("Nội dung", 41),
        ),
        rows=tuple(
            TableRow(
                (
                    str(number),
                    capitalize_first(ASPECT_LABEL[one.aspect]),
                    _who(one, what.offices),
                    VERDICT[one.verdict],
                    one.text or "–",
                )
            )
            for number, one in enumerate(what.opinions, 1)
        ),
    )


def _who(opinion: Opinion, offices: Mapping[int, str]) -> str:
    """Name who gave an opinion, with the office where the name does not say it."""
    office = offices.get(opinion.person_id, "")
    return f"{opinion.person_name}, {office}" if office else opinion.person_name


def _remarks(what: Appraised) -> Iterator[Block]:
    if not what.remarks:
        yield plain("Không có nhận xét nào.")
        return
    for number, one in enumerate(what.remarks, 1):
        place = what.places.get(one.line_key, "")
        yield plain(f"{number}. {f'{place}: ' if place else ''}{one.text}")
        yield plain(f"- {_answer(one)}", ParagraphStyle.ITEM)


def _answer(remark: Remark) -> str:
    if remark.answered_at is None:
        return "Đơn vị chưa trả lời."
    day = format_date(remark.answered_at.date())
    if remark.answered_as is AnswerKind.CHANGED:
        return f"Đơn vị đã sửa ngày {day}{f': {remark.note}' if remark.note else '.'}"
    return f"Đơn vị giải trình ngày {day}: {remark.answer}"


def _findings(what: Appraised) -> Iterator[Block]:
    if not what.findings:
        yield plain("Không còn điểm nào.")
        return
    for one in what.findings:
        yield plain(f"- {one.text}", ParagraphStyle.ITEM)
        if one.explanation:
            yield plain(f"Đơn vị giải trình: {one.explanation}")


def _proposed(what: Appraised) -> Iterator[Block]:
    """Propose what the opinions come to: to approve, or to return it where somebody is against."""
    leader = around.committee_of(what.document.next_unit) if what.document.next_unit else ""
    own = around.committee_of(what.document.unit)
    against = [one for one in what.opinions if one.verdict is Verdict.DISAGREE]
    if against:
        aspects = ", ".join(dict.fromkeys(ASPECT_LABEL[one.aspect] for one in against))
        yield plain(
            f"Còn ý kiến chưa đồng ý về {aspects}. Kính trình Lãnh đạo {leader} xem xét, trả lại để"
            f" {own} hoàn chỉnh, hoặc quyết định phê duyệt và nêu rõ lý do."
        )
        return
    yield plain(
        f"{capitalize_first(what.named)} của {own} đủ điều kiện phê duyệt. Kính trình Lãnh đạo"
        f" {leader} xem xét, phê duyệt."
    )
