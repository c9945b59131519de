"""A clerk takes the plan away as Word and PDF, as a draft and once it is issued."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from docx import Document as WordDocument
from support.visitor import Visitor, named

from lth.core import clock

PLAN = "Kế hoạch giai đoạn 2026–2035"
PAGE = "Bản Word và PDF"

SECTION = "III. Nhiệm vụ, giải pháp"

PASTE = """(el) => {
  const data = new DataTransfer();
  data.setData("text/plain", "what the browser itself makes of it");
  data.setData("text/html", `<p class=MsoNormal>Phân công như sau:</p>
    <table><tr><td><p>Thôn</p></td><td><p>Câu lạc bộ</p><p>dự kiến</p></td></tr>
    <tr><td>Thôn Đồng Vương</td><td>02</td></tr><tr><td>Thôn Trại Nhất</td><td>01</td></tr></table>
    <p>Hội Người cao tuổi theo dõi.</p>`);
  el.focus();
  el.select();
  const told = {clipboardData: data, bubbles: true, cancelable: true};
  el.dispatchEvent(new ClipboardEvent("paste", told));
}"""


def take(visitor: Visitor, name: str) -> tuple[str, str]:
    """Take a file by its link: what it is called, and what it says."""
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name=named(name)).click()
    data = Path(waiting.value.path()).read_bytes()
    called = waiting.value.suggested_filename
    return called, in_word(data) if called.endswith(".docx") else in_pdf(data)


def in_pdf(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def in_word(data: bytes) -> str:
    body = WordDocument(io.BytesIO(data)).element.body
    return " ".join(" ".join(node.text for node in body.iter() if node.text).split())


def test_a_plan_is_taken_as_a_draft_and_as_issued(enter: Callable[[str, str], Visitor]) -> None:
    clerk = enter("Cán bộ VH-XH", "xã Yên Thế").follow(PLAN).follow(PAGE)
    clerk.sees("Dự thảo", "Bản dự thảo có chữ DỰ THẢO và chưa có số.")
    for form in ("Word", "PDF"):
        called, text = take(clerk, f"{form}: {PLAN}")
        assert called.startswith("Kế hoạch giai đoạn 2026–2035 xã Yên Thế (dự thảo).")
        assert "DỰ THẢO" in text
        assert "XÃ YÊN THẾ" in text
        assert "91/KH-UBND" not in text

    leader = enter("Lãnh đạo UBND", "xã Yên Thế").follow(PLAN).follow("Ban hành")
    leader.fill("Số, ký hiệu văn bản", "91/KH-UBND")
    leader.fill("Ngày ký", clock.today().isoformat())
    leader.page.get_by_label("Hình thức ký").select_option(label="Người đứng đầu ký")
    leader.press("Ban hành").sees("Ban hành theo văn bản số 91/KH-UBND ngày")

    clerk.reload().sees("Số 91/KH-UBND ngày").misses("Dự thảo")
    for form in ("Word", "PDF"):
        called, text = take(clerk, f"{form}: {PLAN}")
        assert called.startswith("Kế hoạch giai đoạn 2026–2035 xã Yên Thế.")
        assert "DỰ THẢO" not in text
        assert "91/KH-UBND" in text
        assert f"năm {clock.today().year}" in text
        assert "Lãnh đạo UBND xã Yên Thế" in text


def test_a_table_pasted_from_word_is_a_table_on_paper(
    enter: Callable[[str, str], Visitor],
) -> None:
    clerk = enter("Cán bộ VH-XH", "xã Bố Hạ").follow(PLAN).follow("Soạn thảo")
    clerk.fill(SECTION, "Cũ.")
    text = clerk.page.get_by_role("textbox", name=SECTION)
    text.evaluate(PASTE)
    assert text.input_value().split("\n") == [
        "Phân công như sau:",
        "Thôn\tCâu lạc bộ dự kiến",
        "Thôn Đồng Vương\t02",
        "Thôn Trại Nhất\t01",
        "Hội Người cao tuổi theo dõi.",
    ]
    clerk.save_all()
    called, paper = take(clerk, "Xem bản dự thảo PDF")
    assert called.endswith("(dự thảo).pdf")
    assert "Thôn Đồng Vương 02 Thôn Trại Nhất 01" in paper
    clerk.follow(PLAN)
    table = clerk.page.get_by_role("table").filter(has_text="Thôn Đồng Vương")
    assert table.get_by_role("columnheader").all_inner_texts() == ["Thôn", "Câu lạc bộ dự kiến"]
