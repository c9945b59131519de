"""What a văn thư copies into the office's document system, field by field, in Vietnamese.

The same list is on the page, in the text file and in the page of the package.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from lth.core.readers.document_numbers import KINDS
from lth.core.urgency import URGENCY_NAME
from lth.core.vietnamese import capitalize_first, format_date
from lth.exchange.papers.text import KIND_NAME, PaperText


@dataclass(frozen=True)
class CopyField:
    """A field: what the systems call it, and what to paste there; `lines` has several."""

    label: str
    value: str

    @property
    def lines(self) -> int:
        return self.value.count("\n") + 1


def kind_of(paper: PaperText) -> str:
    """Name the kind that the symbol says; where it says none that is known, the paper's own."""
    letters = paper.symbol.partition("-")[0]
    named = capitalize_first(KINDS[letters]) if letters in KINDS else KIND_NAME[paper.kind]
    return named if paper.number else KIND_NAME[paper.kind]


EMPTY = "(chưa có)"


def fields(paper: PaperText, *, agency: str, pages: int, address: str) -> list[CopyField]:
    """List the fields of a paper in the order in which such systems ask for them."""
    *powers, position = paper.signature.lines or ("",)
    return [
        CopyField("Loại văn bản", kind_of(paper)),
        CopyField("Số", paper.number or EMPTY),
        CopyField("Ký hiệu", paper.symbol),
        CopyField("Ngày ban hành", format_date(paper.day, "vi") if paper.day else EMPTY),
        CopyField("Cơ quan ban hành", agency),
        CopyField("Trích yếu", paper.heading),
        CopyField("Thẩm quyền ký", " ".join(powers) or "(ký trực tiếp)"),
        CopyField("Chức vụ người ký", position),
        CopyField("Người ký", paper.signature.name or EMPTY),
        CopyField("Độ khẩn", URGENCY_NAME[paper.urgency]),
        CopyField("Nơi nhận", "\n".join(paper.recipients) or EMPTY),
        CopyField("Lưu", paper.archive),
        CopyField("Số trang", str(pages)),
        CopyField("Phụ lục", "\n".join(one.title for one in paper.annexes) or "Không có"),
        CopyField("Địa chỉ tra cứu", address),
    ]


def as_text(found: Sequence[CopyField]) -> str:
    """Write the fields for a text editor: label, then what to copy, on lines of their own."""
    return "\r\n".join(
        f"{one.label}:\r\n{one.value.replace(chr(10), chr(13) + chr(10))}\r\n" for one in found
    )


def as_page(found: Sequence[CopyField], title: str) -> str:
    """Write the fields as a page that any browser opens: one click marks a whole value."""
    rows = "\n".join(
        f"<dt>{html.escape(one.label)}</dt>"
        f"<dd>{html.escape(one.value).replace(chr(10), '<br>')}</dd>"
        for one in found
    )
    return _PAGE.format(title=html.escape(title), rows=rows)


_PAGE = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; margin: 2rem auto; max-width: 45rem; padding: 0 1rem; }}
dt {{ color: #555; margin-top: .8rem; }}
dd {{ border: 1px solid #999; margin: 0; padding: .3rem .6rem; user-select: all; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>Bấm vào một ô để chọn cả ô, rồi sao chép sang phần mềm quản lý văn bản.</p>
<dl>
{rows}
</dl>
</body>
</html>
"""
