"""A district sends its communes' workbooks out as one zip and takes them in again, two cells of
which were edited meanwhile.
"""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Flask
from playwright.sync_api import expect
from support import planbooks
from support.visitor import Visitor, named

from lth.blueprints.web.extensions import sessions_of
from lth.exchange.grids.books import open_book
from lth.exchange.workbook.layout import TARGET_SHEET
from lth.notifications import long_jobs

Enter = Callable[[str, str], Visitor]

SPECIALIST, CLERK = "Chuyên viên Phòng LĐTBXH", "Cán bộ LĐTBXH"
DISTRICT, COMMUNE = "huyện Trà Cú", "xã Tập Sơn"
PLAN, PACKS = "Kế hoạch năm 2021", "Bảng Excel của các đơn vị"
WOMEN, YOUNG = "Thành viên nữ", "Thành viên trẻ tuổi"
CODES = {WOMEN: "members_women@2021", YOUNG: "members_young@2021"}
ELSEWHERE, TYPED = {WOMEN: "140", YOUNG: "64"}, {WOMEN: "141", YOUNG: "65"}


def work(app: Flask) -> int:
    """Do what waits, as the background does: in a thread beside the one with the browser."""

    def run() -> int:
        with app.app_context():
            return long_jobs.run_due(app.config["SETTINGS"], sessions_of(app))

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_a_pack_comes_back_with_two_conflicts(demo: Flask, enter: Enter, tmp_path: Path) -> None:
    specialist = enter(SPECIALIST, DISTRICT).follow("Cấp dưới trình")
    return_for_two_figures(specialist)
    specialist.follow("Cấp dưới trình").follow(PACKS)
    books = taken_out(specialist, demo)

    clerk = enter(CLERK, COMMUNE).follow(PLAN).follow("Soạn thảo")
    for name, value in ELSEWHERE.items():
        clerk.fill(name, value)
    clerk.save_all()

    pack = tmp_path / "bang-excel-da-dien.zip"
    pack.write_bytes(filled(books))
    take_in(specialist, pack, demo)
    specialist.sees("Bảng đọc được đã chuyển cho đơn vị", "Giống bản đã trình nên không chuyển.")
    expect(specialist.row("Xã Tập Sơn").get_by_role("cell").nth(1)).to_have_text("2")

    choose(clerk)
    assert clerk.value(WOMEN) == TYPED[WOMEN]
    assert clerk.value(YOUNG) == ELSEWHERE[YOUNG]


def return_for_two_figures(specialist: Visitor) -> None:
    """Have the commune look at two figures again, so that its draft opens for them."""
    specialist.follow("Xã Tập Sơn").press("Tiếp nhận, mở thẩm định")
    for name in CODES:
        row = specialist.row(name)
        specialist.unfold("Trả lại mục này", within=row)
        specialist.fill(f"Nhận xét: {name}", "Chưa khớp danh sách của Hội.")
        specialist.press("Đưa vào danh sách trả lại", within=row)
    specialist.follow("Trả lại").fill("Lý do", "Xem lại hai số.").press("Trả lại")


def taken_out(specialist: Visitor, app: Flask) -> dict[str, bytes]:
    """Ask for the pack, look at the page of its progress twice, and take the zip."""
    specialist.press("Lập gói").sees("Đang chờ", "Trang tự cập nhật.")
    specialist.reload().sees("Đang chờ")
    assert work(app) == 1
    specialist.reload().sees("Gói đã lập")
    with specialist.page.expect_download() as waiting:
        specialist.page.get_by_role("button", name=named("Tải gói .zip")).click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def filled(books: dict[str, bytes]) -> bytes:
    """The zip with two cells of one commune's workbook typed over."""
    (name,) = [one for one in books if "tap-son" in one]
    book = open_book(books[name], name)
    for label, code in CODES.items():
        book = planbooks.typed_at(book, TARGET_SHEET, code, value=TYPED[label])
    changed = books | {name: planbooks.as_file(book)}
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in changed.items():
            archive.writestr(one, data)
    return kept.getvalue()


def take_in(specialist: Visitor, pack: Path, app: Flask) -> None:
    specialist.follow(PACKS)
    specialist.page.locator("#in input[type=file]").set_input_files(pack)
    specialist.press("Nhận và so").sees("Đang chờ")
    address = specialist.page.url
    specialist.to_desk().page.goto(address)
    specialist.arrived()
    specialist.sees("Đang chờ")
    assert work(app) == 1
    specialist.reload().misses("Đang chờ")


def choose(clerk: Visitor) -> None:
    """Take one cell as the file has it, leave the other as it stands."""
    clerk.to_desk().follow(PLAN).follow("Soạn thảo").follow("Excel")
    clerk.sees("Huyện Trà Cú gửi")
    clerk.page.locator("#uploads a").first.click()
    clerk.arrived()
    clerk.sees("Từ lúc tải tệp xuống, ô này đã có người sửa.")
    conflicts = clerk.page.locator("#conflict fieldset")
    expect(conflicts).to_have_count(2)
    for label, side in ((WOMEN, "Trong tệp: "), (YOUNG, "Trong kế hoạch: ")):
        asked = conflicts.filter(has_text=label)
        for value in (TYPED[label], ELSEWHERE[label]):
            expect(asked).to_contain_text(value)
        asked.get_by_label(side).check()
    clerk.press("Ghi các ô đã chọn vào kế hoạch").sees("Đã ghi 1 ô.")
