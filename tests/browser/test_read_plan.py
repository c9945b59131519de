"""A commune's plan as a Word file becomes a draft whose targets are those of the file."""

from collections.abc import Callable

from support import readplans
from support.visitor import Visitor

ROLE, COMMUNE = "Cán bộ VH-XH", "xã Xuân Lương"
PLAN = "Kế hoạch giai đoạn 2026–2035"
FILE = "Kế hoạch xã Xuân Lương.docx"
TARGETS = (
    ("clubs_new@2026-2030", "gte", "3", ""),
    ("clubs_new@2031-2035", "gte", "2", ""),
    ("club_size@2026-2030", "between", "50", "70"),
    ("older_share_pct@2026-2030", "eq", "70", ""),
)


def words() -> str:
    """The commune's plan in two phases."""
    text = readplans.text(
        COMMUNE, "giai đoạn 2026 - 2035", "Xuân Lương", day="05 tháng 11 năm 2026"
    )
    return (
        text.replace("1336/QĐ-TTg ngày 31/8/2020", "1648/QĐ-TTg ngày 27/7/2025")
        .replace("- Thành lập mới", "1. Giai đoạn 2026 - 2030\n- Thành lập mới")
        .replace(
            "- Khoảng",
            "2. Giai đoạn 2031 - 2035\n- Thành lập mới ít nhất 2 câu lạc bộ.\n- Khoảng",
        )
    )


def test_a_word_file_becomes_a_draft(visitor: Callable[..., Visitor]):
    clerk = visitor().sign_in(ROLE, COMMUNE)
    page = clerk.page
    clerk.follow(f"Lập: {PLAN}").follow("Đọc từ kế hoạch có sẵn")
    word = {"name": FILE, "mimeType": "application/octet-stream"}
    page.set_input_files("input[type=file]", {**word, "buffer": readplans.word(words())})
    clerk.press("Đọc văn bản")
    clerk.sees("Lấy từ kế hoạch có sẵn", "“Thành lập mới ít nhất 3 câu lạc bộ”")
    clerk.press("Xem lại các mục đã chọn")
    clerk.sees("Cả 11 mục do phần mềm đánh dấu sẵn vì đọc chắc.")
    clerk.press("Lấy 11 mục")
    clerk.sees("Đã lấy 11 mục vào bản thảo.")
    for key, comparator, value, second in TARGETS:
        assert page.locator(f"[name='{key}:comparator']").input_value() == comparator
        assert page.locator(f"[name='{key}:value']").input_value() == value
        if second:
            assert page.locator(f"[name='{key}:second']").input_value() == second
    clerk.follow(FILE)
    clerk.sees("“Khoảng 40 người được chăm sóc tại nhà”")
