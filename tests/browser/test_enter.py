"""Enter, pressed in every field of the forms that act, does nothing by accident."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import text
from support.visitor import Visitor

from lth.blueprints.web.extensions import db

ACTED_ON = (
    "event",
    "quota",
    "quota_move",
    "opinion",
    "delegation",
    "role_assignment",
    "deadline",
    "outbox",
)
"""Tables in which something stands that others act on."""

FIELDS = (
    'main form[method="post"]:not([data-save]):not([data-keeps]) '
    ":is(input:not([type=hidden]), select, textarea)"
)

PAGES = [
    ("Cán bộ LĐTBXH", "xã Ngọc Biên", ["Chỉ tiêu được giao"]),
    ("Chuyên viên Phòng LĐTBXH", "huyện Trà Cú", ["Việc chờ xử lý"]),
    ("Chuyên viên Phòng LĐTBXH", "huyện Trà Cú", ["1 đề nghị điều chỉnh chỉ tiêu chờ giải quyết"]),
    ("Lãnh đạo UBND", "huyện Trà Cú", ["Cấp dưới trình"]),
    ("Lãnh đạo UBND", "huyện Trà Cú", ["Cấp dưới trình", "Xã Đại An", "Phê duyệt"]),
    ("Lãnh đạo UBND", "huyện Trà Cú", ["Ký thay, ủy quyền", "Ghi quyết định"]),
]


def acted_on(demo: Flask) -> dict[str, list]:
    """What stands in those tables now."""
    with demo.app_context(), db.engine.connect() as connection:
        return {
            name: connection.execute(text(f"SELECT * FROM {name} ORDER BY 1")).all()  # noqa: S608
            for name in ACTED_ON
        }


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_enter_in_every_field_does_nothing(
    demo: Flask, visitor: Callable[..., Visitor], scripts: bool
) -> None:
    before = acted_on(demo)
    for who, unit, way in PAGES:
        window = visitor(java_script_enabled=scripts).sign_in(who, unit)
        for link in way:
            window.follow(link)
        assert press_everywhere(window.page) > 0, way
        assert acted_on(demo) == before, way


def press_everywhere(page: Page) -> int:
    """Press Enter in each field of the page as it was opened; returns in how many."""
    address, pressed = page.url, 0
    for number in range(page.locator(FIELDS).count()):
        page.evaluate("document.querySelectorAll('main details').forEach((one) => one.open = true)")
        one = page.locator(FIELDS).nth(number)
        if not one.is_visible():
            continue
        if one.get_attribute("type") in {"radio", "checkbox"}:
            one.check()
        elif one.evaluate("(field) => !field.matches('select')"):
            one.fill("2")
        one.press("Enter")
        page.wait_for_timeout(150)
        page.wait_for_load_state()
        if page.url != address:
            page.goto(address)
        pressed += 1
    return pressed
