"""The story of two tiers, xã → tỉnh: a commune issues its own plan, the province receives it."""

import re
from collections.abc import Callable

from support.visitor import Visitor

from lth.core import clock

COMMUNE, PROVINCE = "xã Bố Hạ", "tỉnh Bắc Ninh"
PERIOD = "giai đoạn 2026–2035"
PLAN, SYNTHESIS = f"Kế hoạch {PERIOD}", f"Tổng hợp kế hoạch {PERIOD}"

SECOND_PHASE = {
    "Câu lạc bộ thành lập mới 2031–2035": "2",
    "Số thành viên câu lạc bộ 2031–2035": "120",
    "Thành viên là người cao tuổi 2031–2035": "80",
    "Thành viên trẻ tuổi 2031–2035": "40",
    "Thành viên nữ 2031–2035": "78",
    "Quỹ tăng thu nhập 2031–2035": "100.000.000",
    "Thành viên được vay vốn 2031–2035": "60",
}


def test_a_commune_issues_its_plan_and_the_province_counts_it(
    enter: Callable[[str, str], Visitor],
) -> None:
    clerk = enter("Cán bộ VH-XH", COMMUNE).follow(PLAN)
    clerk.unfold("Lịch nhắc").sees("hôm nay là ngày cuối").follow("Soạn thảo")
    for name, figure in SECOND_PHASE.items():
        clerk.fill(name, figure)
    clerk.save_all()
    for title in ("III. Nhiệm vụ, giải pháp", "V. Tổ chức thực hiện"):
        text = "Ủy ban nhân dân xã chủ trì, Hội Người cao tuổi xã phối hợp."
        clerk.fill(title, text).save_all()
    clerk.explain_all("Giữ như giai đoạn đầu.")
    clerk.sees("Đã đủ để trình").follow("Trình lãnh đạo").press("Trình lãnh đạo")

    leader = enter("Lãnh đạo UBND", COMMUNE).follow(PLAN).follow("Ban hành")
    leader.fill("Số, ký hiệu văn bản", "91/KH-UBND").press("Ban hành", refused=422)
    leader.sees("Cần ghi ngày ký văn bản.")
    leader.fill("Ngày ký", clock.today().isoformat())
    leader.page.get_by_label("Hình thức ký").select_option(label="Người đứng đầu ký")
    leader.press("Ban hành").sees("Ban hành theo văn bản số 91/KH-UBND ngày", "Tỉnh")

    specialist = enter("Chuyên viên Sở Y tế", PROVINCE).follow(f"Xã Bố Hạ – {PLAN}")
    specialist.follow("Ghi nhận đã tiếp nhận").press("Ghi nhận đã tiếp nhận")
    specialist.sees("Đã tiếp nhận.").follow("Cấp dưới trình")
    specialist.tick("Chọn xã Đồng Kỳ").press("Ghi nhận đã tiếp nhận")
    specialist.sees(f"Xã Đồng Kỳ – {PLAN}").press("Ghi nhận đã tiếp nhận")
    specialist.sees("1 trên 1 văn bản: đã tiếp nhận")

    specialist.to_desk().follow(f"Lập: {SYNTHESIS}").press("Bắt đầu soạn")
    specialist.press("Tiếp nhận số liệu").sees("3 trên 5 xã", "xã Yên Thế", "xã Xuân Lương")
    clubs = specialist.part("Chỉ tiêu").get_by_role("row", name="Câu lạc bộ thành lập mới")
    assert [re.search(r"20\d\d–20\d\d", row)[0] for row in clubs.all_inner_texts()] == [
        "2026–2030",
        "2031–2035",
    ]
    specialist.follow("Câu lạc bộ thành lập mới", within=clubs.last)
    assert "2" in specialist.row("Xã Bố Hạ").inner_text()
