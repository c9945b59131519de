"""What stands in the placeholders of a Word template: their names, and what a paper puts there.

The names are Vietnamese without marks, so that they survive any keyboard: `{{ so_ky_hieu }}`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lth.core.i18n import N_
from lth.exchange.papers.text import KIND_NAME, PaperText
from lth.exchange.papers.word.blocks import (
    DRAFT,
    Mark,
    Stamp,
    WordLine,
    checked_blocks,
    runs,
    stamp_blocks,
)
from lth.exchange.papers.word.styles import WordStyle

Content = str | tuple[WordLine | Mark | Stamp, ...] | None
"""A text within a line, or lines of their own; None for what is put there by another hand."""


@dataclass(frozen=True, slots=True)
class PaperSlot:
    """A placeholder: its name, what it is for people, what a paper puts there.

    A `whole` one stands alone on its line and becomes as many as there are. What is `needed` must
    be in a template: without it a paper would lose what makes it valid.
    """

    name: str
    says: str
    content: Callable[[PaperText], Content]
    whole: bool = False
    needed: bool = True


def _addressed(paper: PaperText) -> Content:
    lines = paper.addressee_lines
    if len(lines) < _LISTED:
        return tuple(WordLine(WordStyle.ADDRESSED, runs(f"Kính gửi: {one}")) for one in lines)
    head = WordLine(WordStyle.ADDRESSEES, runs("Kính gửi:"))
    return (head, *(WordLine(WordStyle.ADDRESSEE, runs(one)) for one in lines))


def _agency(name: str) -> str:
    """Break "ỦY BAN NHÂN DÂN HUYỆN …" before the unit's name, as it is printed."""
    before, committee, unit = name.partition(_COMMITTEE)
    return f"{before}{committee.strip()}\n{unit}" if committee and unit else name


def _lines(texts: tuple[str, ...], style: WordStyle) -> Content:
    return tuple(WordLine(style, runs(one)) for one in texts)


def _body(paper: PaperText) -> Content:
    return None


_LISTED = 2
_COMMITTEE = "ỦY BAN NHÂN DÂN "

SLOTS: dict[str, PaperSlot] = {
    slot.name: slot
    for slot in (
        PaperSlot(
            "co_quan_cap_tren",
            N_("cơ quan cấp trên (ô số 2)"),
            lambda p: _agency(p.parent),
            needed=False,
        ),
        PaperSlot(
            "co_quan", N_("cơ quan ban hành (ô số 2)"), lambda p: _agency(p.agency), needed=False
        ),
        PaperSlot("so_ky_hieu", N_("số và ký hiệu (ô số 3)"), lambda p: p.numbered),
        PaperSlot(
            "dia_danh_ngay_thang", N_("địa danh, ngày tháng năm (ô số 4)"), lambda p: p.dated
        ),
        PaperSlot(
            "ten_loai", N_("tên loại văn bản (ô số 5a)"), lambda p: KIND_NAME[p.kind].upper()
        ),
        PaperSlot("trich_yeu", N_("trích yếu nội dung (ô số 5a, 5b)"), lambda p: p.heading),
        PaperSlot("du_thao", N_("chữ DỰ THẢO khi chưa ban hành"), lambda p: DRAFT * p.draft),
        PaperSlot(
            "do_khan",
            N_("dấu độ khẩn, khi có (ô số 10b)"),
            stamp_blocks,
            whole=True,
            needed=False,
        ),
        PaperSlot("tham_quyen", N_("thẩm quyền ban hành của quyết định"), lambda p: p.authority),
        PaperSlot(
            "kinh_gui", N_("nơi được gửi, có chữ Kính gửi (ô số 9a)"), _addressed, whole=True
        ),
        PaperSlot(
            "can_cu",
            N_("các căn cứ ban hành"),
            lambda p: _lines(p.bases, WordStyle.BASIS),
            whole=True,
        ),
        PaperSlot("noi_dung", N_("nội dung văn bản (ô số 6)"), _body, whole=True),
        PaperSlot(
            "chuc_vu_ky",
            N_("quyền hạn, chức vụ của người ký (ô số 7a)"),
            lambda p: _lines(p.signature.lines, WordStyle.POSITION),
            whole=True,
        ),
        PaperSlot("nguoi_ky", N_("họ tên người ký (ô số 7b)"), lambda p: p.signature.name),
        PaperSlot(
            "noi_nhan",
            N_("danh sách nơi nhận (ô số 9b)"),
            lambda p: _lines(p.recipient_lines, WordStyle.RECIPIENT),
            whole=True,
        ),
        PaperSlot(
            "ma_kiem_tra",
            N_("mã QR và mã kiểm tra văn bản"),
            lambda p: checked_blocks(p.checked),
            whole=True,
            needed=False,
        ),
    )
}
"""Every placeholder, by its name, in the order in which it stands on a paper."""

ONLY_NAMED = frozenset({"ten_loai", "tham_quyen"})
"""Placeholders that a công văn has no use for."""


def of_layout(slot: PaperSlot, layout: str) -> bool:
    """Return whether the papers of a layout have what a placeholder stands for."""
    return layout == "named" or slot.name not in ONLY_NAMED
