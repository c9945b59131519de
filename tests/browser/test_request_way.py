"""A request goes up from the commune by the district to the province, and its answer comes down."""

from collections.abc import Callable

from flask import Flask
from support.demorequests import FUNDS, TRAINING, send_report
from support.visitor import Visitor

COMMUNE, DISTRICT, PROVINCE = "xã Tập Sơn", "huyện Trà Cú", "tỉnh Trà Vinh"
REMARK = "Huyện đã hết kinh phí tập huấn năm nay, đề nghị tỉnh xem xét."
ANSWER = "Tháng 8 tỉnh mở hai lớp tại Trà Cú, kinh phí do tỉnh chi."


def test_a_request_goes_up_and_its_answer_comes_down(
    demo: Flask, enter: Callable[[str, str], Visitor]
) -> None:
    send_report(demo)

    district = enter("Chuyên viên Phòng LĐTBXH", DISTRICT)
    district.follow("2 kiến nghị của cấp dưới chờ trả lời").sees(TRAINING, FUNDS, "Xã Tập Sơn")
    district.follow(TRAINING).sees("Chờ trả lời", "Đến lượt đơn vị anh/chị")
    district.choose("Chuyển lên cấp trên, kèm ý kiến").press("Tiếp tục", refused=422)
    district.sees("Ghi ý kiến của đơn vị khi chuyển lên")
    district.fill("Nội dung", REMARK).press("Tiếp tục")
    district.sees("Tỉnh Trà Vinh sẽ nhận kiến nghị kèm ý kiến của đơn vị")
    district.press("Chuyển lên cấp trên, kèm ý kiến")
    district.sees("Chuyển lên cấp trên → chờ tỉnh Trà Vinh", REMARK)
    district.to_desk().sees("1 kiến nghị của cấp dưới chờ trả lời")

    clerk = enter("Cán bộ LĐTBXH", COMMUNE)
    clerk.follow("Văn bản của đơn vị").follow("Kiến nghị của đơn vị")
    clerk.sees("Tỉnh Trà Vinh", "từ hôm nay").follow(TRAINING).sees(REMARK)

    province = enter("Chuyên viên Sở LĐTBXH", PROVINCE)
    province.follow("1 kiến nghị của cấp dưới chờ trả lời").follow(TRAINING).sees(REMARK)
    province.choose("Trả lời").fill("Nội dung", ANSWER).press("Tiếp tục")
    province.sees("Xã Tập Sơn nhận thẳng trả lời này").press("Trả lời")
    province.sees("Đã trả lời, chờ xác nhận", ANSWER)

    clerk.to_desk().follow("1 kiến nghị của đơn vị chờ làm rõ hoặc xác nhận")
    clerk.follow(TRAINING).sees(ANSWER).choose("Đã rõ, kết thúc kiến nghị").press("Tiếp tục")
    clerk.press("Đã rõ, kết thúc kiến nghị").sees("Đã xong", "Kết thúc kiến nghị")

    district.page.reload()
    district.follow("1 kiến nghị của cấp dưới chờ trả lời").follow(TRAINING).sees(ANSWER, "Đã xong")
