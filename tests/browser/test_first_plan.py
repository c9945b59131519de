"""A new clerk's first plan, started from the level above's, is on the leader's desk in a few steps.

What is counted are page views (documents that the browser opens, and pages that a script shows in
place) and clicks, from the sign-in page to the answer that the plan has gone to the leader. Typing,
Tab, Enter within a field and what saves itself are free.
"""

from collections.abc import Callable

from playwright.sync_api import expect
from support.visitor import Visitor

from lth.demo import PASSWORD

EMAIL, COMMUNE = "can-bo.xuan-luong@lth.example", "xã Xuân Lương"
PLAN = "Kế hoạch giai đoạn 2026–2035"
MOST_VIEWS, MOST_CLICKS = 8, 6

FIGURES = {
    "Số thành viên câu lạc bộ 2026–2030": "180",
    "Số thành viên câu lạc bộ 2031–2035": "120",
    "Thành viên là người cao tuổi 2026–2030": "126",
    "Thành viên là người cao tuổi 2031–2035": "84",
    "Thành viên trẻ tuổi 2026–2030": "54",
    "Thành viên trẻ tuổi 2031–2035": "36",
    "Thành viên nữ 2026–2030": "108",
    "Thành viên nữ 2031–2035": "72",
    "Quỹ tăng thu nhập 2026–2030": "150.000.000",
    "Quỹ tăng thu nhập 2031–2035": "100.000.000",
    "Thành viên được vay vốn 2026–2030": "90",
    "Thành viên được vay vốn 2031–2035": "60",
}
TEXTS = {
    "I. Mục đích, yêu cầu": "Mỗi thôn có câu lạc bộ để người cao tuổi giúp nhau sống khỏe, có ích.",
    "III. Nhiệm vụ, giải pháp": "Thành lập năm câu lạc bộ; tập huấn ban chủ nhiệm; vận động quỹ.",
    "V. Tổ chức thực hiện": (
        "Công chức văn hóa - xã hội chủ trì, Hội Người cao tuổi xã phối hợp; báo cáo Ủy ban nhân "
        "dân tỉnh trước ngày 15/12 hằng năm."
    ),
}

COUNT = """(() => {
  if (!location.origin.startsWith("http")) return;
  const add = (name) => sessionStorage.setItem(name, Number(sessionStorage.getItem(name)) + 1);
  add("counted-views");
  addEventListener("DOMContentLoaded", () => {
    let title = document.querySelector("main");
    new MutationObserver(() => {
      const now = document.querySelector("main");
      if (now && title && now !== title) add("counted-views");
      title = now;
    }).observe(document.body, {childList: true, subtree: true});
  });
  const byEnterInField = (event) => event.detail === 0 && document.activeElement !== event.target;
  addEventListener("click", (event) => {
    if (event.isTrusted && !byEnterInField(event)) add("counted-clicks");
  }, true);
})()"""
"""Count in each window what it shows and what is clicked; Enter on a link or button is a click."""


def test_a_first_plan_goes_to_the_leader_in_a_few_steps(visitor: Callable[..., Visitor]) -> None:
    clerk = visitor()
    clerk.page.context.add_init_script(COUNT)
    sign_in_by_typing(clerk)
    clerk.follow(f"Lập: {PLAN}")
    above = clerk.page.get_by_role("radio", name="Kế hoạch của cấp trên (kèm chỉ tiêu giao)")
    expect(above).to_be_checked()
    clerk.press("Bắt đầu soạn")
    write(clerk)
    explain(clerk)
    clerk.follow("Trình lãnh đạo").press("Trình lãnh đạo")
    clerk.sees("Đã trình lãnh đạo. Những người liên quan sẽ nhận được thư.")
    views, clicks = (counted(clerk, name) for name in ("views", "clicks"))
    said = f"{views} page views of at most {MOST_VIEWS}, {clicks} clicks of at most {MOST_CLICKS}"
    assert 0 < views <= MOST_VIEWS and 0 < clicks <= MOST_CLICKS, said

    leader = visitor().sign_in("Lãnh đạo UBND", COMMUNE).follow(PLAN)
    leader.sees("Đã trình lãnh đạo", "Lãnh đạo đơn vị xem xét")


def counted(clerk: Visitor, name: str) -> int:
    return int(clerk.page.evaluate(f"sessionStorage.getItem('counted-{name}') || 0"))


def sign_in_by_typing(clerk: Visitor) -> None:
    """As one does who is not trying the demo: address, password, Enter."""
    clerk.page.goto(clerk.home)
    clerk.arrived()
    clerk.page.get_by_label("Địa chỉ thư điện tử").fill(EMAIL)
    password = clerk.page.get_by_label("Mật khẩu")
    password.fill(PASSWORD)
    with clerk.sending():
        password.press("Enter")


def write(clerk: Visitor) -> None:
    """Type what the page says is missing; it saves itself."""
    for name, figure in FIGURES.items():
        clerk.fill(name, figure)
    for name, text in TEXTS.items():
        clerk.fill(name, text)
    expect(clerk.page.locator("#gaps-title")).not_to_have_text("Còn thiếu")
    clerk.arrived()


def explain(clerk: Visitor) -> None:
    """Answer every warning that stands, in one go."""
    clerk.follow("Kiểm tra kế hoạch")
    expect(clerk.page.get_by_role("heading", name="Lỗi phải sửa")).to_have_count(0)
    for field in clerk.page.locator("details[open] textarea").all():
        field.fill("Sẽ bổ sung khi tỉnh phân bổ kinh phí.")
    clerk.press("Lưu giải trình")
    expect(clerk.page.locator("details[open] textarea")).to_have_count(0)
