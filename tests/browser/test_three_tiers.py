"""The story of three tiers, xã → huyện → tỉnh, as its people click it.

The demo's database tells most of the story up to today; each test takes it further from there.
"""

from collections.abc import Callable

from flask import Flask
from support.backstage import backstage
from support.visitor import Visitor

from lth.core import clock

CLERK, LEADER = "Cán bộ LĐTBXH", "Lãnh đạo UBND"
SPECIALIST, FINANCE = "Chuyên viên Phòng LĐTBXH", "Chuyên viên Phòng TC-KH"
FORMAT = "Chuyên viên Văn phòng HĐND-UBND"
LATE, DISTRICT, PROVINCE = "xã Long Hiệp", "huyện Trà Cú", "tỉnh Trà Vinh"
PLAN, SYNTHESIS = "Kế hoạch năm 2021", "Tổng hợp kế hoạch năm 2021"
WHY_INCOMPLETE = "Tám xã chưa được duyệt; sẽ bổ sung khi duyệt xong."

Enter = Callable[[str, str], Visitor]


def test_a_late_commune_finishes_its_draft_and_sends_it_up(enter: Enter) -> None:
    clerk = enter(CLERK, LATE).sees("quá").follow(PLAN).follow("Soạn thảo")
    fill_the_missing_figures(clerk)
    fill_the_missing_section(clerk)
    clerk.sees("Còn điểm phải xử lý", "chưa giải trình").explain_all("Huyện chưa phân bổ kinh phí.")
    clerk.sees("Đã đủ để trình", "cảnh báo đã giải trình").follow("Trình lãnh đạo").press(
        "Trình lãnh đạo"
    )
    clerk.sees("Đã trình lãnh đạo. Những người liên quan sẽ nhận được thư.")

    leader = enter(LEADER, LATE).follow(PLAN)
    decline(leader, "Ghi rõ nguồn của quỹ tăng thu nhập.")

    clerk.to_desk().follow(PLAN).sees("Ghi rõ nguồn của quỹ tăng thu nhập.")
    send_for_clearance(clerk)
    submit(leader)
    leader.sees("Đã trình", "huyện Trà Cú")

    clerk.to_desk().sees("Tôi đang chờ").follow(PLAN).press("Rút lại")
    clerk.sees("Dự thảo", "Cán bộ lập kế hoạch đang soạn")
    send_for_clearance(clerk)
    submit(leader)

    specialist = enter(SPECIALIST, DISTRICT).follow("Cấp dưới trình")
    assert "Đã trình" in specialist.row("Xã Long Hiệp").inner_text()
    specialist.follow("Xã Long Hiệp").press("Tiếp nhận, mở thẩm định")
    specialist.sees("Đang thẩm định")
    assert leader.reload().page.get_by_role("button", name="Rút lại").count() == 0


def fill_the_missing_figures(clerk: Visitor) -> None:
    """A wrong one is refused and kept beside its field, while the right one is saved."""
    clerk.page.get_by_role("link", name="Chưa nhập “Quỹ tăng thu nhập”.").click()
    clerk.fill("Quỹ tăng thu nhập", "chín mươi triệu").fill("Thành viên được vay vốn", "104")
    clerk.save_all(refused=422)
    assert clerk.value("Quỹ tăng thu nhập") == "chín mươi triệu"
    wrong = clerk.page.get_by_role("textbox", name="Quỹ tăng thu nhập", exact=True)
    error = clerk.page.locator(f"#{wrong.get_attribute('id')}-error")
    assert wrong.get_attribute("aria-invalid") == "true"
    assert "số" in error.inner_text()
    clerk.fill("Quỹ tăng thu nhập", "90.000.000").save_all()
    assert clerk.value("Quỹ tăng thu nhập") == "90.000.000"
    assert clerk.value("Thành viên được vay vốn") == "104"


def fill_the_missing_section(clerk: Visitor) -> None:
    text = "Hội Người cao tuổi chủ trì; báo cáo huyện trước ngày 16/6 và 16/12."
    write(clerk, "V. Tổ chức thực hiện", text)


def decline(leader: Visitor, reason: str) -> None:
    leader.follow("Chưa duyệt, chuyển lại").press("Chưa duyệt, chuyển lại", refused=422)
    leader.sees("Cần ghi rõ lý do để người nhận biết phải làm gì.")
    leader.fill("Lý do", reason).press("Chưa duyệt, chuyển lại")
    leader.sees("Lãnh đạo chưa duyệt, đã chuyển lại.", "Dự thảo")


def send_for_clearance(drafter: Visitor) -> None:
    drafter.follow("Trình lãnh đạo").press("Trình lãnh đạo")


def send_incomplete(drafter: Visitor, reason: str) -> None:
    """A synthesis from which units are missing goes to the leader with the reason, not without."""
    drafter.follow("Trình lãnh đạo").press("Trình lãnh đạo", refused=422)
    drafter.fill("Lý do còn thiếu đơn vị", reason).press("Trình lãnh đạo")


def submit(leader: Visitor, document: str = PLAN, lacking: str = "") -> None:
    """The unit's leader clears and submits what waits on the desk; reads why units are missing."""
    leader.to_desk().follow(document).follow("Duyệt và trình lên cấp trên")
    if lacking:
        assert leader.value("Lý do còn thiếu đơn vị") == lacking
    leader.press("Duyệt và trình lên cấp trên")


def test_a_plan_is_returned_mended_and_approved(enter: Enter) -> None:
    specialist = enter(SPECIALIST, DISTRICT).follow("Cấp dưới trình").follow("Xã Tập Sơn")
    specialist.press("Tiếp nhận, mở thẩm định")
    remark = "Số thành viên nữ chưa khớp danh sách của Hội Phụ nữ xã."
    pin(specialist, "Thành viên nữ", remark)
    give_back(specialist, "Xem lại cơ cấu thành viên.")
    specialist.sees("Cán bộ lập kế hoạch sửa theo nhận xét")

    clerk = enter(CLERK, "xã Tập Sơn").sees("Trả lại").follow(PLAN)
    clerk.sees("Huyện Trà Cú trả lại", "Xem lại cơ cấu thành viên.", remark)
    clerk.follow("Trình lãnh đạo").press("Trình lãnh đạo", refused=422)
    clerk.sees("Còn 1 nhận xét của cấp trên chưa được trả lời.")
    clerk.follow("Quay lại văn bản").follow("Soạn thảo")
    clerk.fill("Thành viên nữ", "140").save_all()
    clerk.press("Đã sửa: Thành viên nữ").sees("Đã trả lời nhận xét.", "Đã trả lời 1 trên 1")
    send_for_clearance(clerk)
    submit(enter(LEADER, "xã Tập Sơn"))

    specialist.to_desk().follow(f"Xã Tập Sơn – {PLAN}").press("Tiếp nhận, mở thẩm định")
    specialist.sees("1 chỗ thay đổi so với lần trình 1.", "Tiếp thu, giải trình theo lần trả lại")
    agree(specialist, "Số liệu đã khớp.")
    for who in (FINANCE, FORMAT):
        agree(enter(who, DISTRICT).follow(f"Xã Tập Sơn – {PLAN}"))
    leader = enter(LEADER, DISTRICT).follow(f"Xã Tập Sơn – {PLAN}").sees("Số liệu đã khớp.")
    leader.follow("Phê duyệt").press("Phê duyệt").sees("Đã phê duyệt.", "Đã duyệt")
    clerk.to_desk().follow("Văn bản của đơn vị").sees("Đã duyệt")


def pin(specialist: Visitor, name: str, text: str) -> None:
    """Note a remark beside one figure."""
    row = specialist.row(name)
    specialist.unfold("Trả lại mục này", within=row)
    specialist.fill(f"Nhận xét: {name}", text)
    specialist.press("Đưa vào danh sách trả lại", within=row).sees(text)


def agree(appraiser: Visitor, text: str = "") -> None:
    appraiser.follow("Cho ý kiến thẩm định").choose("Đồng ý").fill(
        "Nội dung ý kiến (bắt buộc khi chưa đồng ý)", text
    )
    appraiser.press("Cho ý kiến thẩm định").sees("Đã cho ý kiến thẩm định.")


def test_many_plans_are_approved_at_once_with_a_result_for_each(demo: Flask, enter: Enter) -> None:
    with backstage(demo) as meanwhile:
        meanwhile.give_opinions("29491")
        meanwhile.give_opinions("29494")
    leader = enter(LEADER, DISTRICT).sees(f"Xã Đại An – {PLAN}").follow("Cấp dưới trình")
    leader.tick("Chọn xã Đại An").tick("Chọn xã Định An")
    with backstage(demo) as meanwhile:
        meanwhile.give_back("29494", "Thiếu biên bản họp ấp.")
    leader.press("Phê duyệt").sees(f"Xã Đại An – {PLAN}", f"Xã Định An – {PLAN}")
    leader.press("Phê duyệt").sees("1 trên 2 văn bản: đã phê duyệt")
    results = leader.page.get_by_role("alert")
    leader.sees(f"Xã Đại An – {PLAN}: đã phê duyệt", within=results)
    leader.sees("Chuyên viên Phòng LĐTBXH huyện Trà Cú", within=results)
    assert "Đã duyệt" in leader.row("Xã Đại An").inner_text()
    assert "Đã trả lại" in leader.row("Xã Định An").inner_text()


def test_a_synthesis_goes_up_comes_back_and_goes_up_again(demo: Flask, enter: Enter) -> None:
    specialist = enter(SPECIALIST, DISTRICT).follow(SYNTHESIS).follow("Tiếp nhận số liệu")
    specialist.sees("7 trên 17 xã", "lệch 2 xã, +414 người").press("Tiếp nhận số liệu")
    specialist.sees("Đã tiếp nhận số liệu của 9 trên 17 đơn vị.", "Mới có 9 trên 17 xã")
    specialist.sees(
        "Còn thiếu: xã Đại An, xã Định An, xã Hàm Giang, xã Hàm Tân, xã Long Hiệp, xã Ngọc Biên, "
        "xã Tân Hiệp, xã Tập Sơn."
    )
    specialist.follow("Viết thuyết minh")
    write(specialist, "I. Tình hình chung", "Đã có 9 trên 17 xã; 8 xã còn lại gửi sau.")
    send_incomplete(specialist, WHY_INCOMPLETE)
    leader = enter(LEADER, DISTRICT)
    submit(leader, SYNTHESIS, lacking=WHY_INCOMPLETE)

    province = enter("Chuyên viên Sở LĐTBXH", PROVINCE).follow(f"Huyện Trà Cú – {SYNTHESIS}")
    province.sees("Mới có 9 trên 17 xã", WHY_INCOMPLETE)
    province.press("Tiếp nhận, mở thẩm định").follow("Bảng tổng hợp chi tiết")
    province.sees("9 trên 17 xã", "1.789").follow("Số thành viên câu lạc bộ").sees("Xã Kim Sơn")

    leader.follow("Cấp dưới trình").follow("Xã Kim Sơn").sees("Đã tổng hợp")
    leader.follow("Mở lại để thẩm định").fill("Lý do", "Xem lại số thành viên.")
    leader.press("Mở lại để thẩm định", refused=422).sees("Rút lại hoặc trả lại bản tổng hợp")

    province.follow("Cấp dưới trình").follow("Huyện Trà Cú")
    give_back(province, "Xem lại xã Kim Sơn.")
    leader.press("Mở lại để thẩm định").sees("Đã mở lại để thẩm định.")
    with backstage(demo) as meanwhile:
        meanwhile.return_and_mend("29482", {"members_total": 209})

    specialist.to_desk().follow(SYNTHESIS).sees("Xem lại xã Kim Sơn.").follow("Tiếp nhận số liệu")
    specialist.sees("lệch 1 xã").press("Tiếp nhận số liệu").sees("9 trên 17 xã", "1.791")
    specialist.follow("Xem và trình").follow("Trình lãnh đạo")
    assert specialist.value("Lý do còn thiếu đơn vị") == WHY_INCOMPLETE
    specialist.press("Trình lãnh đạo")
    submit(leader, SYNTHESIS, lacking=WHY_INCOMPLETE)
    province.to_desk().follow(f"Huyện Trà Cú – {SYNTHESIS}").press("Tiếp nhận, mở thẩm định")
    agree(province)
    above = enter("Lãnh đạo UBND", PROVINCE).follow(f"Huyện Trà Cú – {SYNTHESIS}")
    above.follow("Phê duyệt").sees(WHY_INCOMPLETE, "cần ghi lý do còn thiếu đơn vị")
    above.press("Phê duyệt", refused=422).fill("Ý kiến của lãnh đạo", "Tám xã bổ sung sau.")
    above.press("Phê duyệt").sees("Đã duyệt")
    leader.to_desk().follow("Văn bản của đơn vị").follow(SYNTHESIS).sees("Đã phê duyệt")
    leader.follow("Thông báo").sees("Tổng hợp kế hoạch năm 2021")


def give_back(specialist: Visitor, reason: str) -> None:
    specialist.follow("Trả lại").fill("Lý do", reason).press("Trả lại").sees("Đã trả lại.")


def write(drafter: Visitor, title: str, text: str) -> None:
    """Fill in one section of the narrative and save it."""
    drafter.fill(title, text).save_all()
    drafter.misses(f"Phần “{title}” chưa có nội dung.")


def test_the_province_adds_up_its_districts_and_issues(demo: Flask, enter: Enter) -> None:
    with backstage(demo) as meanwhile:
        tra_cu, cang_long = meanwhile.district("849"), meanwhile.district("844")
        meanwhile.approve_all(tra_cu)
        meanwhile.appraise(meanwhile.province, meanwhile.forward_synthesis(tra_cu, clubs=50))
        meanwhile.appraise(meanwhile.province, meanwhile.synthesis_of(cang_long))

    specialist = enter("Chuyên viên Sở LĐTBXH", PROVINCE).follow(f"Lập: {SYNTHESIS}")
    specialist.press("Bắt đầu soạn").press("Tiếp nhận số liệu").sees("2 trên 3 huyện")
    specialist.sees("Mới có 2 trên 3 huyện, 31 trên 42 xã", "Còn thiếu: huyện Cầu Kè.")
    for total in ("90", "5.882", "3.849"):
        specialist.sees(total, within=specialist.part("Chỉ tiêu"))
    specialist.follow("Viết thuyết minh")
    write(specialist, "I. Tình hình chung", "Hai trên ba huyện đã gửi; Cầu Kè gửi sau.")
    send_incomplete(specialist, "Huyện Cầu Kè chưa trình; tỉnh đã đôn đốc.")

    leader = enter("Lãnh đạo UBND", PROVINCE).follow(SYNTHESIS).follow("Ban hành")
    leader.fill("Số, ký hiệu văn bản", "số 1120").press("Ban hành", refused=422)
    leader.sees("Thiếu dấu “/” giữa số và ký hiệu: viết như 793/QĐ-UBND hoặc 92/KH-UBND.")
    assert leader.value("Số, ký hiệu văn bản") == "số 1120"
    leader.fill("Số, ký hiệu văn bản", "1120/QĐ-UBND").fill("Ngày ký", today())
    leader.press("Ban hành").sees("Đã ban hành.", "Ban hành theo văn bản số 1120/QĐ-UBND ngày")
    specialist.to_desk().follow("Văn bản của đơn vị").sees("Đã ban hành")


def today() -> str:
    return clock.today().isoformat()
