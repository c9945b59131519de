"""A commune's plan from an old Word file to the signed PDF that anybody may compare with it."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from docx import Document as WordDocument
from flask import Flask
from support import readplans, signing
from support.databases import Databases, dispose
from support.visitor import Visitor, named

from lth.core import clock

Enter = Callable[[str, str], Visitor]

CLERK, LEADER = "Cán bộ LĐTBXH", "Lãnh đạo UBND"
SPECIALIST, FINANCE = "Chuyên viên Phòng LĐTBXH", "Chuyên viên Phòng TC-KH"
FORMAT = "Chuyên viên Văn phòng HĐND-UBND"
COMMUNE, DISTRICT = "xã Hòa Ân", "huyện Cầu Kè"
PLAN, NUMBER = "Kế hoạch năm 2021", "15/KH-UBND"
PAGE = "Bàn giao và bản đã ký"
FIGURES = {
    "Số thành viên câu lạc bộ": "180",
    "Thành viên nữ": "108",
    "Thành viên được vay vốn": "90",
}

TYPED = """ỦY BAN NHÂN DÂN
XÃ HÒA ÂN
Số: 15/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hòa Ân, ngày 20 tháng 5 năm 2021
KẾ HOẠCH
Nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau năm 2021 trên địa bàn xã Hòa Ân
Căn cứ Quyết định số 1336/QĐ-TTg ngày 31/8/2020 của Thủ tướng Chính phủ phê duyệt Đề án Nhân \
rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau giai đoạn đến năm 2025;
Ủy ban nhân dân xã Hòa Ân ban hành kế hoạch như sau:
I. MỤC ĐÍCH, YÊU CẦU
Mỗi ấp có câu lạc bộ để người cao tuổi giúp nhau sống khỏe, có ích.
II. MỤC TIÊU, CHỈ TIÊU
- Thành lập mới 03 câu lạc bộ, với 180 thành viên.
- Có 120 thành viên là người cao tuổi, 60 thành viên trẻ tuổi, 108 thành viên nữ, 40 thành viên \
nghèo, cận nghèo.
- 90 thành viên được vay vốn từ quỹ tăng thu nhập.
III. NHIỆM VỤ, GIẢI PHÁP
Thành lập ba câu lạc bộ; tập huấn ban chủ nhiệm; vận động quỹ.
IV. KINH PHÍ
Ngân sách xã: 30.000.000 đồng để tập huấn ban chủ nhiệm câu lạc bộ.
Xã hội hóa: 60.000.000 đồng để tạo quỹ tăng thu nhập.
V. TỔ CHỨC THỰC HIỆN
1. Công chức Văn hóa - Xã hội: Tham mưu tổ chức thực hiện Kế hoạch, báo cáo Ủy ban nhân dân \
huyện trước ngày 15/12 hằng năm.
2. Hội Người cao tuổi xã: Vận động thành lập và hướng dẫn hoạt động của câu lạc bộ.
Nơi nhận:
- UBND huyện Cầu Kè;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""
"""The commune's plan as its clerk once typed it."""


@pytest.fixture
def demo(_open_databases: Callable[[str], Databases], tmp_path: Path) -> Iterator[Flask]:
    """The demo, whose administrator has put the root of the test's signers into a folder."""
    roots = signing.folder_of(tmp_path / "roots", signing.authority().root)
    databases = _open_databases("sqlite")
    databases.copy("demo", "browser")
    app = databases.make_app(
        "browser",
        LTH_DEMO="1",
        LTH_SIGNATURE_ROOTS=str(roots),
        TESTING=False,
        WTF_CSRF_ENABLED=True,
    )
    yield app
    dispose(app)


def test_a_plan_goes_to_paper_and_comes_back_signed(
    enter: Enter, visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    clerk, leader = enter(CLERK, COMMUNE), enter(LEADER, COMMUNE)
    draft(clerk, typed_in_word(tmp_path))
    submit(clerk, leader)
    approve(enter)

    clerk.to_desk().follow("Văn bản của đơn vị").follow(PLAN)
    clerk.sees("Chưa bàn giao").follow(PAGE)
    unnumbered = hand_over(clerk)
    assert NUMBER not in unnumbered.text
    assert "DỰ THẢO" not in unnumbered.text

    issue(leader)
    clerk.to_desk().follow("Văn bản của đơn vị").follow(PLAN)
    clerk.sees("Đã có số, chưa có bản đã ký").follow(PAGE)
    clerk.sees("Hãy tạo lại gói.")
    package = hand_over(clerk)
    assert NUMBER in package.text

    signed = sign(package.pdf, tmp_path)
    put_back(clerk, signed)
    clerk.sees("Đã phát hành", "Đưa bản PDF đã ký vào")

    stranger = visitor()
    look_up(stranger, signed.read_bytes())
    compare(stranger, signed, "Đúng tệp đã ký")
    changed = tmp_path / "sua-mot-byte.pdf"
    changed.write_bytes(with_one_bit_changed(signed.read_bytes()))
    compare(stranger, changed, "Không giống bản đã ký")


def typed_in_word(place: Path) -> Path:
    file = place / "Kế hoạch 2021 của xã.docx"
    file.write_bytes(readplans.word(TYPED))
    return file


# --- From the draft to the approval -------------------------------------------------------


def draft(clerk: Visitor, file: Path) -> None:
    """Have the plan that the commune has as a Word file read, take what was found, and finish."""
    clerk.follow(f"Lập: {PLAN}").follow("Đọc từ kế hoạch có sẵn")
    clerk.page.locator("#upload input[type=file]").set_input_files(file)
    clerk.press("Đọc văn bản").sees("“90 thành viên được vay vốn từ quỹ tăng thu nhập”")
    for part in ("Tên và hình thức ban hành", "Thuyết minh"):
        clerk.press(f"Chọn cả phần này: {part}")
    clerk.page.locator("#part-reporting input[type=checkbox]").check()
    clerk.press("Xem lại các mục đã chọn").sees("Lập bản thảo mới: Kế hoạch năm 2021")
    assert clerk.page.get_by_role("main").get_by_text("30.000.000 đồng").count()
    clerk.press("Lấy 21 mục").sees("Đã lấy 21 mục vào bản thảo.")
    for name, figure in FIGURES.items():
        assert clerk.value(name) == figure
    clerk.sees("Chưa nhập “Quỹ tăng thu nhập”.")
    clerk.fill("Quỹ tăng thu nhập", "60.000.000").save_all()
    clerk.explain_all("Năm đầu chưa có câu lạc bộ cũ.").sees("Đã đủ để trình")


def submit(clerk: Visitor, leader: Visitor) -> None:
    clerk.follow("Trình lãnh đạo").press("Trình lãnh đạo")
    leader.to_desk().follow(PLAN).follow("Duyệt và trình lên cấp trên")
    leader.press("Duyệt và trình lên cấp trên").sees("Đã trình")


def approve(enter: Enter) -> None:
    """The district appraises and approves."""
    specialist = enter(SPECIALIST, DISTRICT).follow("Cấp dưới trình").follow("Xã Hòa Ân")
    specialist.press("Tiếp nhận, mở thẩm định")
    agree(specialist)
    for who in (FINANCE, FORMAT):
        agree(enter(who, DISTRICT).follow(f"Xã Hòa Ân – {PLAN}"))
    leader = enter(LEADER, DISTRICT).follow(f"Xã Hòa Ân – {PLAN}")
    leader.follow("Phê duyệt").press("Phê duyệt").sees("Đã phê duyệt.")


def agree(appraiser: Visitor) -> None:
    appraiser.follow("Cho ý kiến thẩm định").choose("Đồng ý").press("Cho ý kiến thẩm định")
    appraiser.sees("Đã cho ý kiến thẩm định.")


# --- Out ----------------------------------------------------------------------------------


class Package:
    """What an office finds in a package that was handed over."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.pdf = self._only(".pdf")
        self.word = self._only(".docx")
        self.sheet = self.files["thong-tin-van-ban.txt"].decode("utf-8-sig")
        self.text = text_of(self.pdf)

    def _only(self, ending: str) -> bytes:
        name = next(one for one in self.files if one.endswith(ending))  # the paper is the first
        return self.files[name]


def hand_over(clerk: Visitor) -> Package:
    """Make the package, take it, and look into it."""
    again = clerk.page.get_by_role("button", name=named("Tạo lại gói bàn giao")).count()
    clerk.press("Tạo lại gói bàn giao" if again else "Tạo gói bàn giao")
    clerk.sees("Đã tạo gói bàn giao.")
    with clerk.page.expect_download() as waiting:
        clerk.page.get_by_role("link", name=re.compile("^Tải gói")).first.click()
    assert waiting.value.suggested_filename.endswith(".zip")
    package = Package(Path(waiting.value.path()).read_bytes())
    sums = package.files["SHA256SUMS"].decode().splitlines()
    assert {tuple(line.split("  ")) for line in sums} == {
        (hashlib.sha256(data).hexdigest(), name)
        for name, data in package.files.items()
        if name != "SHA256SUMS"
    }
    for words in ("XÃ HÒA ÂN", "Thành lập mới 03 câu lạc bộ", "30.000.000"):
        assert words in package.text
    body = WordDocument(io.BytesIO(package.word)).element.body
    assert "XÃ HÒA ÂN" in " ".join(node.text for node in body.iter() if node.text)
    for label in ("Loại văn bản:", "Trích yếu:", "Người ký:", "Độ khẩn:", "Nơi nhận:", "Số trang:"):
        assert label in package.sheet
    return package


def issue(leader: Visitor) -> None:
    """Note number and day, as they were given after signing."""
    leader.to_desk().follow("Văn bản của đơn vị").follow(PLAN).follow("Ban hành")
    leader.fill("Số, ký hiệu văn bản", NUMBER).fill("Ngày ký", clock.today().isoformat())
    leader.page.get_by_label("Hình thức ký").select_option(label="Người đứng đầu ký")
    leader.press("Ban hành").sees(f"Ban hành theo văn bản số {NUMBER} ngày")


# --- Back ---------------------------------------------------------------------------------


def sign(pdf: bytes, place: Path) -> Path:
    """Sign as an office's signing software does, with a certificate below the trusted root.

    In a thread of its own, as the one that drives the browser has an event loop already.
    """
    authority = signing.authority()
    with ThreadPoolExecutor(1) as pool:
        chain, at = (authority.between,), clock.now()
        signed_by = {"chain": chain, "stamper": authority.stamper, "at": at}
        data = pool.submit(signing.sign, pdf, authority.leader, **signed_by).result()
    signed = place / "15-KH-UBND da ky.pdf"
    signed.write_bytes(data)
    return signed


def put_back(clerk: Visitor, signed: Path) -> None:
    clerk.page.locator("#signed input[type=file]").set_input_files(signed)
    clerk.press("Đưa bản đã ký vào").sees("Đã nhận bản PDF đã ký.")
    clerk.sees("15-KH-UBND da ky.pdf", "Chữ ký số 1", signing.LEADER)
    lines = clerk.page.locator("h4:has-text('Chữ ký số 1') + ul li").all_inner_texts()
    assert len(lines) == 3, lines
    assert "Nguyên vẹn: từ khi ký không byte nào" in lines[0]
    assert signing.LEADER in lines[1] and signing.ROOT in lines[1]


# --- Anybody ------------------------------------------------------------------------------


def look_up(stranger: Visitor, pdf: bytes) -> None:
    """Open the address that the paper's QR leads to, as a telephone reads it."""
    pages = pypdfium2.PdfDocument(pdf)
    last = pages[len(pages) - 1].render(scale=3).to_pil()
    (found,) = zxingcpp.read_barcodes(last)
    code = re.search(r"/papers/[0-9A-Z]{5}-[0-9A-Z]{5}$", found.text)
    assert code, found.text
    assert found.text in text_of(pdf), "who has no telephone types it"
    stranger.page.goto(f"{stranger.home}{code[0]}")
    stranger.arrived()
    stranger.sees("Khớp với văn bản đã ban hành", NUMBER, "Ủy ban nhân dân xã Hòa Ân")
    assert stranger.page.context.cookies() == []


def compare(stranger: Visitor, file: Path, said: str) -> None:
    stranger.page.locator("#compare input[type=file]").set_input_files(file)
    with stranger.page.expect_navigation():
        stranger.page.get_by_role("button", name="So tệp").click()
    stranger.arrived()
    stranger.sees(said)


def with_one_bit_changed(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[len(data) // 2] ^= 1
    return bytes(changed)


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)
